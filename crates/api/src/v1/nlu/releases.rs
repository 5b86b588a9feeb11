//! Releases of the bot's model.

use axum::extract::State;
use axum::http::StatusCode;
use desk::wire::Time;
use domain::{Id, Language, ReleaseState, TrainingStep};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, Paging};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_releases, train_release))
        .routes(routes!(roll_back_release))
        .routes(routes!(get_release, delete_release))
        .routes(routes!(publish_release))
        .routes(routes!(get_evaluation))
        .routes(routes!(list_misses))
}

/// A trained model of the bot, or one in the making.
#[derive(Serialize, ToSchema)]
struct Release {
    id: i64,
    /// Counts the releases of the account: 1, 2, 3 …
    #[schema(example = 7)]
    number: i64,
    #[schema(value_type = schema::ReleaseState)]
    state: ReleaseState,
    /// How much of the training is done, in percent.
    #[schema(minimum = 0, maximum = 100, example = 80)]
    progress: i16,
    #[schema(value_type = schema::TrainingStep)]
    step: TrainingStep,
    /// The pass over the examples that is under way, from 1, while an encoder learns.
    #[schema(example = 3)]
    epoch: Option<i16>,
    /// How many passes there are at most.
    #[schema(example = 8)]
    epochs: Option<i16>,
    /// About how long the step still takes, in seconds, if that can be told.
    #[schema(example = 240)]
    time_left_s: Option<i64>,
    /// The SHA-256 of the examples; empty until they were read.
    data_hash: String,
    metrics: Option<ReleaseMetrics>,
    /// Why the training failed, and what to do.
    #[schema(example = "intents/refund.en.yml:4: an example is empty: remove it or fill it")]
    error: Option<String>,
    /// The agent who had it trained; null if the server did so by itself.
    created_by: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// When it was last put to work.
    #[schema(value_type = Option<String>, format = DateTime)]
    released_at: Option<Time>,
}

/// What a release is worth. Shares are from 0 to 1.
#[derive(Serialize, ToSchema)]
struct ReleaseMetrics {
    intents: usize,
    examples: usize,
    /// The share of examples, held out while it learned, that it got right.
    #[schema(example = 0.93)]
    held_out_accuracy: f32,
    /// The share of them that it could answer alone, being right 95 times of 100.
    #[schema(example = 0.9)]
    held_out_coverage: f32,
    /// How far its probabilities lie from the truth, on average.
    #[schema(example = 0.02)]
    calibration_error: f32,
    tests: Vec<TestMetrics>,
}

/// How a release did on the tests of a language.
#[derive(Serialize, ToSchema)]
struct TestMetrics {
    #[schema(value_type = schema::Language)]
    language: Language,
    tests: usize,
    accuracy: f32,
    macro_f1: f32,
    /// The share that it could answer alone, being right 95 times of 100.
    coverage: f32,
}

/// How a release did on the tests of the bot's files.
#[derive(Serialize, ToSchema)]
struct Evaluation {
    languages: Vec<LanguageEvaluation>,
}

/// How a release did on the tests of a language. Shares are from 0 to 1.
#[derive(Serialize, ToSchema)]
struct LanguageEvaluation {
    #[schema(value_type = schema::Language)]
    language: Language,
    tests: usize,
    accuracy: f32,
    /// The share whose right intent was among the three likeliest.
    top3: f32,
    macro_f1: f32,
    coverage: f32,
    /// The probability from which on 95 of 100 answers are right; above 1 if none is.
    answer_threshold: f32,
    calibration_error: f32,
    intents: Vec<IntentEvaluation>,
    /// Which intent was taken for which, the most frequent first.
    confusions: Vec<Confusion>,
}

/// How an intent was recognised.
#[derive(Serialize, ToSchema)]
struct IntentEvaluation {
    intent: String,
    tests: usize,
    precision: f32,
    recall: f32,
    f1: f32,
}

/// How often an intent was taken for another; its sentences are among the misses.
#[derive(Serialize, ToSchema)]
struct Confusion {
    #[schema(example = "refund")]
    expected: String,
    #[schema(example = "return_goods")]
    found: String,
    count: usize,
}

/// A sentence of the tests that was taken for something else.
#[derive(Serialize, ToSchema)]
struct Miss {
    #[schema(value_type = schema::Language)]
    language: Language,
    text: String,
    expected: String,
    found: String,
    /// How sure the release was of it.
    probability: f32,
}

/// Which misses.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MissQuery {
    /// Only those that meant this intent.
    expected: Option<String>,
    /// Only those that were taken for this intent.
    found: Option<String>,
    /// Only those in this language.
    #[param(value_type = Option<schema::Language>)]
    language: Option<Language>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<domain::Release> for Release {
    fn from(release: domain::Release) -> Self {
        Release {
            id: release.id.number(),
            number: release.number,
            state: release.state,
            progress: release.progress,
            step: release.step,
            epoch: release.epoch.map(|epoch| epoch.number),
            epochs: release.epoch.map(|epoch| epoch.of),
            time_left_s: release.time_left_s,
            data_hash: release.data_hash,
            metrics: release.metrics.map(ReleaseMetrics::from),
            error: release.error,
            created_by: release.created_by.map(Id::number),
            created_at: release.created_at.into(),
            released_at: release.released_at.map(Time),
        }
    }
}

impl From<domain::ReleaseMetrics> for ReleaseMetrics {
    fn from(metrics: domain::ReleaseMetrics) -> Self {
        let tests = metrics.tests.into_iter().map(|of| TestMetrics {
            language: of.language,
            tests: of.tests,
            accuracy: of.accuracy,
            macro_f1: of.macro_f1,
            coverage: of.coverage,
        });
        ReleaseMetrics {
            intents: metrics.intents,
            examples: metrics.examples,
            held_out_accuracy: metrics.held_out_accuracy,
            held_out_coverage: metrics.held_out_coverage,
            calibration_error: metrics.calibration_error,
            tests: tests.collect(),
        }
    }
}

impl From<desk::LanguageEvaluation> for LanguageEvaluation {
    fn from(of: desk::LanguageEvaluation) -> Self {
        let intents = of.intents.into_iter().map(|one| IntentEvaluation {
            intent: one.intent,
            tests: one.tests,
            precision: one.precision,
            recall: one.recall,
            f1: one.f1,
        });
        let confusions = of.confusions.into_iter().map(|one| Confusion {
            expected: one.expected,
            found: one.found,
            count: one.count,
        });
        LanguageEvaluation {
            language: of.language,
            tests: of.tests,
            accuracy: of.accuracy,
            top3: of.top3,
            macro_f1: of.macro_f1,
            coverage: of.coverage,
            answer_threshold: of.answer_threshold,
            calibration_error: of.calibration_error,
            intents: intents.collect(),
            confusions: confusions.collect(),
        }
    }
}

impl From<desk::Miss> for Miss {
    fn from(miss: desk::Miss) -> Self {
        let desk::Miss { language, text, expected, found, probability } = miss;
        Miss { language, text, expected, found, probability }
    }
}

/// Lists the releases, newest first.
#[utoipa::path(get, path = "/api/v1/nlu/releases", tag = "nlu", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Release>)))]
async fn list_releases(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Release>>, Problem> {
    let releases = app.desk.list_releases(&actor).await?;
    Ok(Json(Page::cut(releases, &paging, |release| release.id.number(), Release::from)?))
}

/// Has a release trained from the bot's files as they are now.
///
/// Its `progress` is told by events `release.updated`; when it is a `candidate`, it can be published.
#[utoipa::path(post, path = "/api/v1/nlu/releases", tag = "nlu",
    responses((status = 202, description = "The release, which waits to be trained.", body = Release)))]
async fn train_release(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<(StatusCode, Json<Release>), Problem> {
    Ok((StatusCode::ACCEPTED, Json(app.desk.train_release(&actor).await?.into())))
}

/// Reads one release.
#[utoipa::path(get, path = "/api/v1/nlu/releases/{id}", tag = "nlu",
    responses((status = 200, description = "The release.", body = Release)))]
async fn get_release(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<Json<Release>, Problem> {
    Ok(Json(app.desk.get_release(&actor, Id::new(id)).await?.into()))
}

/// Removes a release that is not in use; a training under way is given up.
#[utoipa::path(delete, path = "/api/v1/nlu/releases/{id}", tag = "nlu",
    responses((status = 204, description = "Removed.")))]
async fn delete_release(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    app.desk.delete_release(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a release to work in place of the one that is; no message is lost or waits.
#[utoipa::path(post, path = "/api/v1/nlu/releases/{id}/publish", tag = "nlu",
    responses((status = 200, description = "The release as it is now.", body = Release)))]
async fn publish_release(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<Json<Release>, Problem> {
    Ok(Json(app.desk.publish_release(&actor, Id::new(id)).await?.into()))
}

/// Puts the release to work again that was in use before.
#[utoipa::path(post, path = "/api/v1/nlu/releases/roll-back", tag = "nlu",
    responses((status = 200, description = "The release that is in use now.", body = Release)))]
async fn roll_back_release(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<Release>, Problem> {
    Ok(Json(app.desk.roll_back_release(&actor).await?.into()))
}

/// Reads how a release did on the tests of the bot's files.
#[utoipa::path(get, path = "/api/v1/nlu/releases/{id}/evaluation", tag = "nlu",
    responses((status = 200, description = "What was measured when it was trained.", body = Evaluation)))]
async fn get_evaluation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<Json<Evaluation>, Problem> {
    let evaluation = app.desk.evaluation_of_release(&actor, Id::new(id)).await?;
    let languages = evaluation.languages.into_iter().map(LanguageEvaluation::from);
    Ok(Json(Evaluation { languages: languages.collect() }))
}

/// Lists the sentences of the tests that a release took for something else: with `expected` and `found`, those of one
/// confusion.
#[utoipa::path(get, path = "/api/v1/nlu/releases/{id}/misses", tag = "nlu", params(MissQuery),
    responses((status = 200, description = "A page of them.", body = Page<Miss>)))]
async fn list_misses(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Query(query): Query<MissQuery>,
) -> Result<Json<Page<Miss>>, Problem> {
    let MissQuery { expected, found, language, limit, after } = query;
    let evaluation = app.desk.evaluation_of_release(&actor, Id::new(id)).await?;
    let is_wanted = |miss: &desk::Miss| {
        expected.as_ref().is_none_or(|expected| *expected == miss.expected)
            && found.as_ref().is_none_or(|found| *found == miss.found)
            && language.is_none_or(|language| language == miss.language)
    };
    // The list never changes, so a place in it is a key.
    let misses = evaluation.misses.into_iter().filter(is_wanted).zip(1..).collect();
    let paging = Paging { limit, after };
    Ok(Json(Page::cut(misses, &paging, |(_, place)| *place, |(miss, _)| Miss::from(miss))?))
}
