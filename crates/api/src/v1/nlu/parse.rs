//! The playground: what a release makes of a text, and how two releases differ.

use axum::extract::State;
use domain::{Emotion, Id, Language};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(parse_text)).routes(routes!(compare_releases))
}

/// A text to understand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ParseText {
    #[schema(example = "where is my parcel?")]
    text: String,
    /// Which release to ask; the one in use if absent.
    release_id: Option<i64>,
}

/// What a release makes of a text.
#[derive(Serialize, ToSchema)]
struct Parsed {
    /// The release that was asked.
    release_id: Option<i64>,
    /// Null if it cannot be told.
    #[schema(value_type = Option<schema::Language>)]
    language: Option<Language>,
    /// The likeliest first, at most five.
    intents: Vec<RankedIntent>,
    /// The emotions that show, by words, by how it is written and by what the bot learned, the strongest first.
    emotions: Vec<ShownEmotion>,
    /// Whether it is good or bad news; null if the bot has no `sentiment.tsv` to learn that from.
    sentiment: Option<LikelySentiment>,
    /// The values that it holds, in its order; they do not overlap.
    entities: Vec<Entity>,
    /// What weighed most for the likeliest intent, the weightiest first.
    explanation: Vec<Reason>,
}

/// An emotion that shows in a text.
#[derive(Serialize, ToSchema)]
struct ShownEmotion {
    #[schema(value_type = schema::Emotion)]
    emotion: Emotion,
    #[schema(minimum = 0, maximum = 1, example = 0.6)]
    strength: f32,
}

/// What a contact likely feels on the whole.
#[derive(Serialize, ToSchema)]
struct LikelySentiment {
    #[schema(value_type = schema::Sentiment)]
    sentiment: &'static str,
    #[schema(minimum = 0, maximum = 1, example = 0.93)]
    probability: f32,
}

/// An intent that may be meant.
#[derive(Serialize, ToSchema)]
struct RankedIntent {
    #[schema(example = "track_order")]
    intent: String,
    #[schema(minimum = 0, maximum = 1, example = 0.97)]
    probability: f32,
}

/// A value in the text. Days and hours are counted from now in the account's time zone.
#[derive(Serialize, ToSchema)]
struct Entity {
    /// A built-in kind, or the name of a list or pattern of the bot.
    #[schema(example = "money")]
    kind: String,
    #[schema(example = "500元")]
    text: String,
    /// Where it begins, in characters.
    start: usize,
    /// Where it ends, in characters.
    end: usize,
    /// What it means, in one form however it was written; `type` tells which.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    value: serde_json::Value,
    /// Its role in the sentence, such as `from`.
    role: Option<String>,
}

/// A piece of the text that spoke for its likeliest intent.
#[derive(Serialize, ToSchema)]
struct Reason {
    #[schema(example = "parcel")]
    text: String,
    /// Where it begins, in characters.
    start: usize,
    /// Where it ends, in characters.
    end: usize,
    /// By how much the logarithm of the intent's odds falls without it.
    #[schema(example = 4.2)]
    weight: f32,
}

/// Which releases to compare.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CompareReleases {
    first_id: i64,
    /// The one in use if absent.
    second_id: Option<i64>,
}

/// How two releases differ on the tests of the bot's files.
#[derive(Serialize, ToSchema)]
struct Comparison {
    /// How many sentences both were asked.
    tests: usize,
    both_right: usize,
    only_first: usize,
    only_second: usize,
    /// How likely so great a difference is if both are equally good (McNemar's exact test).
    #[schema(example = 0.03)]
    p_value: f64,
    /// The sentences that they take differently, the first 1,000.
    differences: Vec<Difference>,
}

/// A sentence that two releases take differently.
#[derive(Serialize, ToSchema)]
struct Difference {
    #[schema(value_type = schema::Language)]
    language: Language,
    text: String,
    expected: String,
    /// What the first release takes it for.
    first: String,
    /// What the second takes it for.
    second: String,
}

/// Lets a release understand a text, and explains what weighed most.
#[utoipa::path(post, path = "/api/v1/nlu/parse", tag = "nlu",
    responses((status = 200, description = "What it may mean.", body = Parsed)))]
async fn parse_text(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(asked): Json<ParseText>,
) -> Result<Json<Parsed>, Problem> {
    let release = asked.release_id.map(Id::new);
    let parsed = app.desk.parse_text(&actor, &asked.text, release).await?;
    let intents = parsed.understood.intents.into_iter();
    let emotions = parsed.emotions.into_iter();
    let entities = parsed.entities.into_iter().map(|entity| {
        let desk::Entity { kind, text, start, end, value, role } = entity;
        Entity { kind, text, start, end, value, role }
    });
    let reasons = parsed.reasons.into_iter().map(|reason| {
        let desk::Reason { text, start, end, weight } = reason;
        Reason { text, start, end, weight }
    });
    Ok(Json(Parsed {
        release_id: parsed.release.map(Id::number),
        language: parsed.understood.language,
        intents: intents
            .map(|(intent, probability)| RankedIntent { intent, probability })
            .collect(),
        emotions: emotions.map(|(emotion, strength)| ShownEmotion { emotion, strength }).collect(),
        sentiment: parsed
            .understood
            .sentiment
            .map(|(one, probability)| LikelySentiment { sentiment: one.name(), probability }),
        entities: entities.collect(),
        explanation: reasons.collect(),
    }))
}

/// Compares two releases, sentence by sentence, on the tests of the bot's files as they are now.
#[utoipa::path(post, path = "/api/v1/nlu/compare", tag = "nlu",
    responses((status = 200, description = "How they differ.", body = Comparison)))]
async fn compare_releases(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(which): Json<CompareReleases>,
) -> Result<Json<Comparison>, Problem> {
    let (first, second) = (Id::new(which.first_id), which.second_id.map(Id::new));
    let compared = app.desk.compare_releases(&actor, first, second).await?;
    let differences = compared.differences.into_iter().map(|one| {
        let desk::Difference { language, text, expected, first, second } = one;
        Difference { language, text, expected, first, second }
    });
    Ok(Json(Comparison {
        tests: compared.tests,
        both_right: compared.both_right,
        only_first: compared.only_first,
        only_second: compared.only_second,
        p_value: compared.p_value,
        differences: differences.collect(),
    }))
}
