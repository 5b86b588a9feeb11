//! Trials: a release that is tried on live traffic before it is published.

use axum::extract::State;
use axum::http::StatusCode;
use desk::wire::Time;
use domain::{Id, Language, TrialKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Query};
use crate::page::{self, Page, Paging};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_trial, start_trial, end_trial))
        .routes(routes!(list_trial_differences))
}

/// The trial that runs, if one does.
#[derive(Serialize, ToSchema)]
struct RunningTrial {
    trial: Option<Trial>,
}

/// A release that is tried on live traffic.
#[derive(Serialize, ToSchema)]
struct Trial {
    id: i64,
    /// What is tried.
    release_id: i64,
    #[schema(value_type = schema::TrialKind)]
    kind: TrialKind,
    /// How many of a hundred conversations it answers; 0 for a shadow.
    #[schema(minimum = 0, maximum = 99, example = 10)]
    share: i16,
    /// The agent who began it.
    started_by: i64,
    #[schema(value_type = String, format = DateTime)]
    started_at: Time,
    /// How many messages both releases were asked since.
    turns: i64,
    /// How many of them they took for different intents.
    differed: i64,
    /// How many of the turns the tried release answered.
    answered: i64,
    /// How many of those led to a person.
    answered_handoffs: i64,
    /// How many of the other turns led to a person.
    other_handoffs: i64,
}

/// What to try.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartTrial {
    release_id: i64,
    #[schema(value_type = schema::TrialKind)]
    kind: TrialKind,
    /// How many of a hundred conversations it answers; for `gray` only.
    #[schema(minimum = 1, maximum = 99, example = 10)]
    share: Option<i16>,
}

/// A message that the tried release takes for something else than the released one.
#[derive(Serialize, ToSchema)]
struct TrialDifference {
    id: i64,
    conversation_id: i64,
    /// Its place in that thread.
    seq: i64,
    text: String,
    #[schema(value_type = schema::Language)]
    language: Language,
    released_intent: String,
    released_probability: f32,
    tried_intent: String,
    tried_probability: f32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

impl From<domain::Trial> for Trial {
    fn from(trial: domain::Trial) -> Self {
        Trial {
            id: trial.id.number(),
            release_id: trial.release.number(),
            kind: trial.kind,
            share: trial.share,
            started_by: trial.started_by.number(),
            started_at: trial.started_at.into(),
            turns: trial.turns,
            differed: trial.differed,
            answered: trial.answered,
            answered_handoffs: trial.answered_handoffs,
            other_handoffs: trial.other_handoffs,
        }
    }
}

impl From<domain::TrialDifference> for TrialDifference {
    fn from(one: domain::TrialDifference) -> Self {
        TrialDifference {
            id: one.id.number(),
            conversation_id: one.conversation.number(),
            seq: one.seq,
            text: one.text,
            language: one.language,
            released_intent: one.released_intent,
            released_probability: one.released_probability,
            tried_intent: one.tried_intent,
            tried_probability: one.tried_probability,
            created_at: one.created_at.into(),
        }
    }
}

/// Reads the trial that runs.
#[utoipa::path(get, path = "/api/v1/nlu/trial", tag = "nlu",
    responses((status = 200, description = "The trial, or null.", body = RunningTrial)))]
async fn get_trial(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<RunningTrial>, Problem> {
    let trial = app.desk.get_trial(&actor).await?.map(Trial::from);
    Ok(Json(RunningTrial { trial }))
}

/// Tries a release on live traffic, in place of the trial before: as a `shadow` it answers nobody, and what it takes for
/// something else is listed; as a `gray` release it answers a share of the conversations, the same ones always.
///
/// Publish the release to let it answer everybody.
#[utoipa::path(put, path = "/api/v1/nlu/trial", tag = "nlu",
    responses((status = 200, description = "The trial.", body = Trial)))]
async fn start_trial(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<StartTrial>,
) -> Result<Json<Trial>, Problem> {
    let release = Id::new(new.release_id);
    Ok(Json(app.desk.start_trial(&actor, release, new.kind, new.share).await?.into()))
}

/// Ends the trial; the released release answers everybody again.
#[utoipa::path(delete, path = "/api/v1/nlu/trial", tag = "nlu",
    responses((status = 204, description = "Ended.")))]
async fn end_trial(State(app): State<App>, Caller(actor): Caller) -> Result<StatusCode, Problem> {
    app.desk.end_trial(&actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists what the tried release takes for something else, newest first: the last 1,000.
#[utoipa::path(get, path = "/api/v1/nlu/trial/differences", tag = "nlu", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<TrialDifference>)))]
async fn list_trial_differences(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<TrialDifference>>, Problem> {
    let limit = page::limit(paging.limit)?;
    let after = page::decode::<2>(paging.after.as_deref())?;
    let wrong = || domain::Error::invalid("/after", "is not the `next` of a page of this list");
    let after = match after {
        Some([at, id]) => {
            Some((Timestamp::from_millisecond(at).map_err(|_| wrong())?, Id::new(id)))
        }
        None => None,
    };
    let found = app.desk.list_trial_differences(&actor, after, limit + 1).await?;
    let key = |last: &domain::TrialDifference| {
        page::encode(&[last.created_at.as_millisecond(), last.id.number()])
    };
    Ok(Json(Page::of(found, limit, key, TrialDifference::from)))
}
