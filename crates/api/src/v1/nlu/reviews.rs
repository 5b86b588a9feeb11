//! The review queue: what contacts said that the bot should learn from.

use axum::extract::State;
use axum::http::StatusCode;
use desk::wire::Time;
use domain::{Decision, Error, Id, Language, ReviewReason, ReviewState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{self, Page};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_reviews, report_message))
        .routes(routes!(count_reviews))
        .routes(routes!(decide_review))
}

/// Something that contacts said, for a trainer to decide what it meant. The same text, but for case, width, spaces and
/// punctuation, is one item.
#[derive(Serialize, ToSchema)]
struct ReviewItem {
    id: i64,
    /// Where it was said last.
    conversation_id: i64,
    /// Its place in that thread.
    seq: i64,
    text: String,
    #[schema(value_type = schema::Language)]
    language: Language,
    #[schema(value_type = schema::ReviewReason)]
    reason: ReviewReason,
    /// What the bot took it for; empty if for nothing.
    #[schema(example = "refund")]
    predicted: String,
    /// How sure the bot was, from 0 to 1.
    #[schema(example = 0.42)]
    probability: f32,
    /// The release that took it for that.
    release_id: Option<i64>,
    /// What somebody says that it meant.
    suggested: Option<String>,
    /// How often it was said.
    seen: i64,
    /// How useful it is to decide it; the list is in this order.
    usefulness: i64,
    #[schema(value_type = schema::ReviewState)]
    state: ReviewState,
    decided_intent: Option<String>,
    /// The agent who decided.
    decided_by: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Time>,
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Time,
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Time,
}

/// How much waits for a decision.
#[derive(Serialize, ToSchema)]
struct ReviewCounts {
    open: i64,
}

/// A message that the bot misunderstood.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportMessage {
    conversation_id: i64,
    /// The place of the contact's message in the thread.
    seq: i64,
    /// What it meant, if you know.
    #[schema(example = "refund")]
    intent: Option<String>,
}

/// What an item means.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecideReview {
    decision: DecisionKind,
    /// What it means, if it is corrected.
    #[schema(example = "refund")]
    intent: Option<String>,
    /// To the examples of which language it is added; its own if absent.
    #[schema(value_type = Option<schema::Language>)]
    language: Option<Language>,
}

/// It means what was suggested or else predicted; it means something else; nothing is to be learned from it.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DecisionKind {
    Accept,
    Correct,
    Reject,
}

/// Which items.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ReviewQuery {
    /// In which state; `open` if absent.
    #[param(value_type = Option<schema::ReviewState>)]
    state: Option<ReviewState>,
    /// Only those for this reason.
    #[param(value_type = Option<schema::ReviewReason>)]
    reason: Option<ReviewReason>,
    /// Only those in this language.
    #[param(value_type = Option<schema::Language>)]
    language: Option<Language>,
    /// Only those that the bot took for this intent.
    predicted: Option<String>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<domain::ReviewItem> for ReviewItem {
    fn from(item: domain::ReviewItem) -> Self {
        ReviewItem {
            id: item.id.number(),
            conversation_id: item.conversation.number(),
            seq: item.seq,
            text: item.text,
            language: item.language,
            reason: item.reason,
            predicted: item.predicted,
            probability: item.probability,
            release_id: item.release.map(Id::number),
            suggested: item.suggested,
            seen: item.seen,
            usefulness: item.usefulness,
            state: item.state,
            decided_intent: item.decided_intent,
            decided_by: item.decided_by.map(Id::number),
            decided_at: item.decided_at.map(Time),
            first_seen_at: item.first_seen_at.into(),
            last_seen_at: item.last_seen_at.into(),
        }
    }
}

impl DecideReview {
    fn decision(&self) -> Result<Decision, Error> {
        match (self.decision, &self.intent) {
            (DecisionKind::Accept, None) => Ok(Decision::Accept),
            (DecisionKind::Reject, None) => Ok(Decision::Reject),
            (DecisionKind::Correct, Some(intent)) => Ok(Decision::Correct(intent.clone())),
            (DecisionKind::Correct, None) => {
                Err(Error::invalid("/intent", "say what it means, or reject it"))
            }
            (_, Some(_)) => Err(Error::invalid("/intent", "goes with `correct` only")),
        }
    }
}

/// Lists the review queue, the most useful first.
#[utoipa::path(get, path = "/api/v1/nlu/reviews", tag = "nlu", params(ReviewQuery),
    responses((status = 200, description = "A page of them.", body = Page<ReviewItem>)))]
async fn list_reviews(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(query): Query<ReviewQuery>,
) -> Result<Json<Page<ReviewItem>>, Problem> {
    let limit = page::limit(query.limit)?;
    let after = page::decode::<2>(query.after.as_deref())?;
    let after = after.map(|[usefulness, id]| (usefulness, Id::new(id)));
    let which = desk::ListReviews {
        state: query.state.unwrap_or(ReviewState::Open),
        reason: query.reason,
        language: query.language,
        predicted: query.predicted,
    };
    let items = app.desk.list_reviews(&actor, which, after, limit + 1).await?;
    let key = |last: &domain::ReviewItem| page::encode(&[last.usefulness, last.id.number()]);
    Ok(Json(Page::of(items, limit, key, ReviewItem::from)))
}

/// Counts what waits for a decision.
#[utoipa::path(get, path = "/api/v1/nlu/reviews/counts", tag = "nlu",
    responses((status = 200, description = "How much it is.", body = ReviewCounts)))]
async fn count_reviews(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<ReviewCounts>, Problem> {
    Ok(Json(ReviewCounts { open: app.desk.count_open_reviews(&actor).await? }))
}

/// Reports that the bot misunderstood a contact's message.
#[utoipa::path(post, path = "/api/v1/nlu/reviews", tag = "nlu",
    responses((status = 201, description = "It is in the queue.", body = ReviewItem)))]
async fn report_message(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(report): Json<ReportMessage>,
) -> Result<(StatusCode, Json<ReviewItem>), Problem> {
    let conversation = Id::new(report.conversation_id);
    let reported =
        app.desk.report_message(&actor, conversation, report.seq, report.intent.as_deref());
    Ok((StatusCode::CREATED, Json(reported.await?.into())))
}

/// Decides what an item means; what is accepted or corrected becomes an example of its intent.
#[utoipa::path(post, path = "/api/v1/nlu/reviews/{id}/decide", tag = "nlu",
    responses((status = 200, description = "The item as it is now.", body = ReviewItem)))]
async fn decide_review(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(form): Json<DecideReview>,
) -> Result<Json<ReviewItem>, Problem> {
    let decision = form.decision()?;
    let decided = app.desk.decide_review(&actor, Id::new(id), decision, form.language).await?;
    Ok(Json(decided.into()))
}
