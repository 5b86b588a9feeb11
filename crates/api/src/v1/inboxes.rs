//! Where conversations come in.

use axum::extract::State;
use axum::http::StatusCode;
use desk::ChangeInbox as Change;
use desk::wire::Time;
use domain::{BusinessHours, Id, Language};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::idempotency::ShownOnce;
use crate::page::{Page, Paging};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_inboxes, create_inbox))
        .routes(routes!(get_inbox, change_inbox))
        .routes(routes!(rotate_inbox_secret))
        .routes(routes!(rotate_incoming_secret, forget_incoming_secret))
}

/// A configured entry point.
#[derive(Serialize, ToSchema)]
struct Inbox {
    id: i64,
    /// What agents call it.
    name: String,
    /// What stands in the company's page; public.
    #[schema(example = "ib_0123456789abcdef01234567")]
    key: String,
    /// The language until the contact's is known.
    #[schema(value_type = schema::Language)]
    language: Language,
    /// Said before the contact says anything; the bot's own if empty.
    greeting: String,
    /// Origins of the pages that may embed the widget; none at all if empty.
    #[schema(example = json!(["https://www.example.com", "https://*.shop.example.com"]))]
    allowed_origins: Vec<String>,
    /// Whether visitors without a signed identity are turned away.
    enforce_identity: bool,
    /// The key that checks the identities which the company signs itself, in PEM;
    /// empty if only the secret does.
    identity_public_key: String,
    /// Whether it takes messages that the company's own server passes on.
    takes_incoming: bool,
    /// Whether the bot answers first.
    bot: bool,
    /// When people are there.
    #[schema(value_type = schema::BusinessHours)]
    hours: BusinessHours,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// An inbox to add. What is absent is the account's language, a bot, always open,
/// and no page that may embed it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateInbox {
    name: String,
    #[serde(default)]
    #[schema(value_type = Option<schema::Language>, nullable = false)]
    language: Option<Language>,
    #[serde(default)]
    #[schema(nullable = false)]
    greeting: Option<String>,
    #[serde(default)]
    #[schema(nullable = false)]
    allowed_origins: Option<Vec<String>>,
    #[serde(default)]
    #[schema(nullable = false)]
    enforce_identity: Option<bool>,
    /// A public key in PEM: RSA of 2,048 to 4,096 bits, P-256 or Ed25519.
    #[serde(default)]
    #[schema(nullable = false)]
    identity_public_key: Option<String>,
    #[serde(default)]
    #[schema(nullable = false)]
    bot: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Option<schema::BusinessHours>, nullable = false)]
    hours: Option<BusinessHours>,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeInbox {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(value_type = Option<schema::Language>, nullable = false)]
    language: Option<Language>,
    #[schema(nullable = false)]
    greeting: Option<String>,
    #[schema(nullable = false)]
    allowed_origins: Option<Vec<String>>,
    #[schema(nullable = false)]
    enforce_identity: Option<bool>,
    /// A public key in PEM: RSA of 2,048 to 4,096 bits, P-256 or Ed25519. Empty to
    /// remove the one that is there.
    #[schema(nullable = false)]
    identity_public_key: Option<String>,
    #[schema(nullable = false)]
    bot: Option<bool>,
    #[schema(value_type = Option<schema::BusinessHours>, nullable = false)]
    hours: Option<BusinessHours>,
}

/// A secret, for the one time that it is shown.
#[derive(Serialize, ToSchema)]
pub(super) struct Secret {
    pub(super) secret: String,
}

impl From<domain::Inbox> for Inbox {
    fn from(inbox: domain::Inbox) -> Self {
        Inbox {
            id: inbox.id.number(),
            name: inbox.name,
            key: inbox.key,
            language: inbox.language,
            greeting: inbox.greeting,
            allowed_origins: inbox.allowed_origins,
            enforce_identity: inbox.enforce_identity,
            identity_public_key: inbox.identity_public_key,
            takes_incoming: inbox.incoming.is_some(),
            bot: inbox.bot,
            hours: inbox.hours,
            created_at: inbox.created_at.into(),
        }
    }
}

/// Lists the inboxes, oldest first.
#[utoipa::path(get, path = "/api/v1/inboxes", tag = "inboxes", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Inbox>)))]
async fn list_inboxes(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Inbox>>, Problem> {
    let inboxes = app.desk.list_inboxes(&actor).await?;
    Ok(Json(Page::cut(inboxes, &paging, |inbox| inbox.id.number(), Inbox::from)?))
}

/// Adds an inbox. The secret for signed identities is drawn by `rotate-secret`.
#[utoipa::path(post, path = "/api/v1/inboxes", tag = "inboxes",
    responses((status = 201, description = "Added.", body = Inbox)))]
async fn create_inbox(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<CreateInbox>,
) -> Result<(StatusCode, Json<Inbox>), Problem> {
    let new = Change {
        name: Some(new.name),
        language: new.language,
        greeting: new.greeting,
        allowed_origins: new.allowed_origins,
        enforce_identity: new.enforce_identity,
        identity_public_key: new.identity_public_key,
        bot: new.bot,
        hours: new.hours,
    };
    Ok((StatusCode::CREATED, Json(app.desk.create_inbox(&actor, new).await?.into())))
}

/// Reads one inbox.
#[utoipa::path(get, path = "/api/v1/inboxes/{id}", tag = "inboxes",
    responses((status = 200, description = "The inbox.", body = Inbox)))]
async fn get_inbox(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<Json<Inbox>, Problem> {
    Ok(Json(app.desk.get_inbox(&actor, Id::new(id)).await?.into()))
}

/// Changes an inbox.
#[utoipa::path(patch, path = "/api/v1/inboxes/{id}", tag = "inboxes",
    responses((status = 200, description = "The inbox as it is now.", body = Inbox)))]
async fn change_inbox(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(change): Json<ChangeInbox>,
) -> Result<Json<Inbox>, Problem> {
    let change = Change {
        name: change.name,
        language: change.language,
        greeting: change.greeting,
        allowed_origins: change.allowed_origins,
        enforce_identity: change.enforce_identity,
        identity_public_key: change.identity_public_key,
        bot: change.bot,
        hours: change.hours,
    };
    Ok(Json(app.desk.change_inbox(&actor, Id::new(id), change).await?.into()))
}

/// Draws a new secret for signed identities. What the old one signed is worth
/// nothing from now on.
#[utoipa::path(post, path = "/api/v1/inboxes/{id}/rotate-secret", tag = "inboxes",
    responses((status = 200, description = "The secret, shown this once.", body = Secret)))]
async fn rotate_inbox_secret(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<ShownOnce<Json<Secret>>, Problem> {
    let secret = app.desk.rotate_inbox_secret(&actor, Id::new(id)).await?;
    Ok(ShownOnce(Json(Secret { secret })))
}

/// Draws a secret for the messages that the company's own server passes on. The
/// one before counts for a day.
#[utoipa::path(post, path = "/api/v1/inboxes/{id}/incoming-secret", tag = "inboxes",
    responses((status = 200, description = "The secret, shown this once.", body = Secret)))]
async fn rotate_incoming_secret(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<ShownOnce<Json<Secret>>, Problem> {
    let secret = app.desk.rotate_incoming_secret(&actor, Id::new(id)).await?;
    Ok(ShownOnce(Json(Secret { secret })))
}

/// Takes no more messages that the company's own server passes on.
#[utoipa::path(delete, path = "/api/v1/inboxes/{id}/incoming-secret", tag = "inboxes",
    responses((status = 204, description = "No secret counts any longer.")))]
async fn forget_incoming_secret(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    app.desk.forget_incoming_secret(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
