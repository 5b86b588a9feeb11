//! Training sets: the examples of a bot's intents.

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Id, Language};
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
        .routes(routes!(list_examples, add_example))
        .routes(routes!(change_example, delete_example))
}

/// Something that people say who have an intent.
#[derive(Serialize, ToSchema)]
struct Example {
    /// Made from what it is: a changed example has another one.
    id: i64,
    #[schema(example = "refund")]
    intent: String,
    #[schema(value_type = schema::Language)]
    language: Language,
    #[schema(example = "I want my money back")]
    text: String,
}

/// An example to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddExample {
    /// An intent that the bot has in this language.
    #[schema(example = "refund")]
    intent: String,
    #[schema(value_type = schema::Language)]
    language: Language,
    #[schema(example = "I want my money back", max_length = 1000)]
    text: String,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeExample {
    #[schema(nullable = false, max_length = 1000)]
    text: Option<String>,
    /// The intent that it belongs to.
    #[schema(nullable = false)]
    intent: Option<String>,
}

/// Which examples.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExampleQuery {
    /// Only those of this intent.
    intent: Option<String>,
    /// Only those in this language.
    #[param(value_type = Option<schema::Language>)]
    language: Option<Language>,
    /// Only those with this in them, whatever its case and width.
    q: Option<String>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<domain::Example> for Example {
    fn from(example: domain::Example) -> Self {
        let domain::Example { id, intent, language, text } = example;
        Example { id: id.number(), intent, language, text }
    }
}

/// Lists examples by intent, language and their order in the bot's files.
#[utoipa::path(get, path = "/api/v1/nlu/examples", tag = "nlu", params(ExampleQuery),
    responses((status = 200, description = "A page of them.", body = Page<Example>)))]
async fn list_examples(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(query): Query<ExampleQuery>,
) -> Result<Json<Page<Example>>, Problem> {
    let limit = page::limit(query.limit)?;
    let after = page::decode::<2>(query.after.as_deref())?;
    let after = after.map(|[id, place]| (Id::new(id), place));
    let which =
        desk::ListExamples { intent: query.intent, language: query.language, query: query.q };
    let found = app.desk.list_examples(&actor, which, after, limit + 1).await?;
    let key = |(last, place): &(domain::Example, i64)| page::encode(&[last.id.number(), *place]);
    Ok(Json(Page::of(found, limit, key, |(example, _)| Example::from(example))))
}

/// Adds an example to an intent's file; one that is there already changes nothing.
///
/// The bot learns of it with the next training.
#[utoipa::path(post, path = "/api/v1/nlu/examples", tag = "nlu",
    responses((status = 201, description = "It is there.", body = Example)))]
async fn add_example(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<AddExample>,
) -> Result<(StatusCode, Json<Example>), Problem> {
    let added = app.desk.add_example(&actor, &new.intent, new.language, &new.text).await?;
    Ok((StatusCode::CREATED, Json(added.into())))
}

/// Changes an example, or moves it to another intent.
#[utoipa::path(patch, path = "/api/v1/nlu/examples/{id}", tag = "nlu",
    responses((status = 200, description = "The example as it is now, under another id.", body = Example)))]
async fn change_example(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(change): Json<ChangeExample>,
) -> Result<Json<Example>, Problem> {
    let ChangeExample { text, intent } = change;
    let change = desk::ChangeExample { text, intent };
    Ok(Json(app.desk.change_example(&actor, Id::new(id), change).await?.into()))
}

/// Removes an example.
#[utoipa::path(delete, path = "/api/v1/nlu/examples/{id}", tag = "nlu",
    responses((status = 204, description = "Removed.")))]
async fn delete_example(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    app.desk.delete_example(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
