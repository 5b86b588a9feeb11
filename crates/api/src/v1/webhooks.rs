//! Deliveries of events to a company's URL.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use desk::ChangeWebhook as Change;
use desk::wire::Time;
use domain::{DeliveryState, Error, EventKind, FieldError, Id};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Answer;
use super::inboxes::Secret;
use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::idempotency::ShownOnce;
use crate::page::{self, Page, Paging};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_webhooks, create_webhook))
        .routes(routes!(get_webhook, change_webhook, delete_webhook))
        .routes(routes!(rotate_webhook_secret))
        .routes(routes!(list_deliveries))
        .routes(routes!(replay_delivery))
}

/// A URL that wants to hear of events.
#[derive(Serialize, ToSchema)]
struct Webhook {
    id: i64,
    url: String,
    /// Which events; empty means all.
    #[schema(example = json!(["message.created", "conversation.resolved"]))]
    events: Vec<&'static str>,
    /// Whether it is delivered to.
    enabled: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// A webhook that was just made.
#[derive(Serialize, ToSchema)]
struct NewWebhook {
    #[serde(flatten)]
    kept: Webhook,
    /// What signs the deliveries. It is shown this once.
    #[schema(example = "whsec_…")]
    secret: String,
}

/// A webhook to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateWebhook {
    /// Where to deliver, by https.
    url: String,
    /// Which events; empty means all.
    #[serde(default)]
    events: Vec<String>,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeWebhook {
    #[schema(nullable = false)]
    url: Option<String>,
    #[schema(nullable = false)]
    events: Option<Vec<String>>,
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// One event on its way to one webhook, and how it went.
#[derive(Serialize, ToSchema)]
struct Delivery {
    id: i64,
    /// The cursor of the event.
    cursor: i64,
    /// The kind of the event.
    #[schema(example = "message.created")]
    event: &'static str,
    #[schema(value_type = schema::DeliveryState)]
    state: DeliveryState,
    /// How often it was tried.
    attempts: i32,
    /// The last answer's HTTP status, if there was an answer.
    status_code: Option<i32>,
    /// What went wrong last.
    error: Option<String>,
    /// How long the last attempt took.
    duration_ms: Option<i64>,
    /// When the next attempt is due, if there will be one.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Time>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// Which deliveries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DeliveryQuery {
    /// Only those in this state.
    #[param(value_type = Option<schema::DeliveryState>)]
    state: Option<DeliveryState>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<domain::Webhook> for Webhook {
    fn from(webhook: domain::Webhook) -> Self {
        Webhook {
            id: webhook.id.number(),
            url: webhook.url,
            events: webhook.kinds.into_iter().map(EventKind::name).collect(),
            enabled: webhook.enabled,
            created_at: webhook.created_at.into(),
        }
    }
}

impl From<domain::Delivery> for Delivery {
    fn from(delivery: domain::Delivery) -> Self {
        let waits = delivery.state == DeliveryState::Waiting;
        Delivery {
            id: delivery.id.number(),
            cursor: delivery.cursor,
            event: delivery.kind.name(),
            state: delivery.state,
            attempts: delivery.attempts,
            status_code: delivery.status_code,
            error: delivery.error,
            duration_ms: delivery.duration_ms,
            next_at: waits.then_some(Time(delivery.next_at)),
            created_at: delivery.created_at.into(),
        }
    }
}

/// Lists the webhooks, oldest first.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Webhook>)))]
async fn list_webhooks(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Webhook>>, Problem> {
    let webhooks = app.desk.list_webhooks(&actor).await?;
    Ok(Json(Page::cut(webhooks, &paging, |webhook| webhook.id.number(), Webhook::from)?))
}

/// Adds a webhook.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks",
    responses((status = 201, description = "Added; the secret is shown this once.", body = NewWebhook)))]
async fn create_webhook(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<CreateWebhook>,
) -> Answer {
    let change = Change { url: Some(new.url), kinds: Some(kinds(&new.events)?), enabled: None };
    let made = app.desk.create_webhook(&actor, change).await?;
    let form = NewWebhook { kept: made.webhook.into(), secret: made.secret };
    Ok(ShownOnce((StatusCode::CREATED, Json(form))).into_response())
}

/// Reads one webhook.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    responses((status = 200, description = "The webhook.", body = Webhook)))]
async fn get_webhook(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<Json<Webhook>, Problem> {
    Ok(Json(app.desk.get_webhook(&actor, Id::new(id)).await?.into()))
}

/// Changes a webhook.
#[utoipa::path(patch, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    responses((status = 200, description = "The webhook as it is now.", body = Webhook)))]
async fn change_webhook(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(change): Json<ChangeWebhook>,
) -> Result<Json<Webhook>, Problem> {
    let kinds = change.events.as_deref().map(kinds).transpose()?;
    let change = Change { url: change.url, kinds, enabled: change.enabled };
    Ok(Json(app.desk.change_webhook(&actor, Id::new(id), change).await?.into()))
}

/// Removes a webhook and its log of deliveries.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    responses((status = 204, description = "Removed.")))]
async fn delete_webhook(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    app.desk.delete_webhook(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Draws a new secret. The old one signs as well for a day.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/rotate-secret", tag = "webhooks",
    responses((status = 200, description = "The secret, shown this once.", body = Secret)))]
async fn rotate_webhook_secret(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<ShownOnce<Json<Secret>>, Problem> {
    let rotated = app.desk.rotate_webhook_secret(&actor, Id::new(id)).await?;
    Ok(ShownOnce(Json(Secret { secret: rotated.secret })))
}

/// Lists the deliveries of a webhook, newest first.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks", params(DeliveryQuery),
    responses((status = 200, description = "A page of them.", body = Page<Delivery>)))]
async fn list_deliveries(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Query(query): Query<DeliveryQuery>,
) -> Result<Json<Page<Delivery>>, Problem> {
    let limit = page::limit(query.limit)?;
    let before = page::decode::<1>(query.after.as_deref())?.map(|[id]| Id::new(id));
    let found = app.desk.list_deliveries(&actor, Id::new(id), query.state, before, limit).await?;
    Ok(Json(Page::full(found, limit, |last| page::encode(&[last.id.number()]), Delivery::from)))
}

/// Delivers an event once more, now.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay", tag = "webhooks",
    responses((status = 200, description = "The delivery as it is now.", body = Delivery)))]
async fn replay_delivery(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, delivery_id)): Path<(i64, i64)>,
) -> Result<Json<Delivery>, Problem> {
    let replayed = app.desk.replay_delivery(&actor, Id::new(id), Id::new(delivery_id)).await?;
    Ok(Json(replayed.into()))
}

/// Reads the names of events, and reports every one that there is not.
fn kinds(names: &[String]) -> Result<Vec<EventKind>, Error> {
    let mut kinds = Vec::with_capacity(names.len());
    let mut wrong = Vec::new();
    for (i, name) in names.iter().enumerate() {
        match EventKind::from_name(name) {
            Some(kind) => kinds.push(kind),
            None => wrong.push(FieldError {
                pointer: format!("/events/{i}"),
                detail: "is no kind of event such as message.created".to_owned(),
            }),
        }
    }
    if wrong.is_empty() { Ok(kinds) } else { Err(Error::Invalid(wrong)) }
}
