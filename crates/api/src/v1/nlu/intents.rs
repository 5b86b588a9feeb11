//! Intents: what the bot knows, and adding to it.

use axum::extract::State;
use axum::http::StatusCode;
use domain::Language;
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
    OpenApiRouter::new().routes(routes!(list_intents, add_intent))
}

/// The intents of the bot.
#[derive(Serialize, ToSchema)]
struct Intents {
    /// By name.
    items: Vec<Intent>,
}

/// Something that people may want, as the bot knows it.
#[derive(Serialize, ToSchema)]
struct Intent {
    #[schema(example = "refund")]
    name: String,
    languages: Vec<IntentLanguage>,
}

/// An intent in a language.
#[derive(Serialize, ToSchema)]
struct IntentLanguage {
    #[schema(value_type = schema::Language)]
    language: Language,
    /// What a quick reply shows.
    title: String,
    /// How many examples there are.
    examples: usize,
    /// How many tests there are.
    tests: usize,
}

/// An intent to add in a language.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddIntent {
    /// Lower-case letters, digits and `_`; alike in all languages.
    #[schema(example = "cancel_order", pattern = "^[a-z0-9_]+$", max_length = 48)]
    name: String,
    #[schema(value_type = schema::Language)]
    language: Language,
    /// What a quick reply shows.
    #[schema(example = "Cancel an order", max_length = 40)]
    title: String,
    /// What the bot answers, in Markdown; if it is absent or empty, the bot passes on to a person.
    #[schema(max_length = 4000)]
    answer: Option<String>,
    /// What people say who have it.
    #[schema(min_items = 1, max_items = 100, example = json!(["cancel my order"]))]
    examples: Vec<String>,
    /// What it is called and answers in other languages of the bot, each once.
    #[serde(default)]
    #[schema(max_items = 8)]
    translations: Vec<Translation>,
}

/// What an intent is called and answers in another language.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Translation {
    #[schema(value_type = schema::Language)]
    language: Language,
    /// What a quick reply shows; it is the first example in this language as well.
    #[schema(example = "取消订单", max_length = 40)]
    title: String,
    /// What the bot answers, in Markdown; if it is absent or empty, what it answers in the intent's own language.
    #[schema(max_length = 4000)]
    answer: Option<String>,
}

impl From<Translation> for desk::Translation {
    fn from(one: Translation) -> Self {
        let answer = one.answer.unwrap_or_default();
        desk::Translation { language: one.language, title: one.title, answer }
    }
}

impl From<domain::Intent> for Intent {
    fn from(intent: domain::Intent) -> Self {
        let languages = intent.languages.into_iter().map(|one| IntentLanguage {
            language: one.language,
            title: one.title,
            examples: one.examples,
            tests: one.tests,
        });
        Intent { name: intent.name, languages: languages.collect() }
    }
}

/// Lists the bot's intents by name, with how much is known of each.
#[utoipa::path(get, path = "/api/v1/nlu/intents", tag = "nlu",
    responses((status = 200, description = "All of them.", body = Intents)))]
async fn list_intents(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<Intents>, Problem> {
    let intents = app.desk.list_intents(&actor).await?;
    Ok(Json(Intents { items: intents.into_iter().map(Intent::from).collect() }))
}

/// Adds an intent in a language to the bot's files, with its first examples.
///
/// In every other language that the bot speaks it has the title and the answer of `translations`, or begins with the same ones
/// until somebody writes them in the bot's files; the title is its example there. The bot learns of it with the next training.
/// Examples that another intent has, or that are tests, are refused by their place in the list.
#[utoipa::path(post, path = "/api/v1/nlu/intents", tag = "nlu",
    responses((status = 201, description = "The intent, in all its languages.", body = Intent)))]
async fn add_intent(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<AddIntent>,
) -> Result<(StatusCode, Json<Intent>), Problem> {
    let AddIntent { name, language, title, answer, examples, translations } = new;
    let answer = answer.unwrap_or_default();
    let translations = translations.into_iter().map(desk::Translation::from).collect();
    let new = desk::AddIntent { name, language, title, answer, examples, translations };
    Ok((StatusCode::CREATED, Json(app.desk.add_intent(&actor, new).await?.into())))
}
