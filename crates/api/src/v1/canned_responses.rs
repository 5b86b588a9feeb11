//! Reusable texts (话术).

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Id, Language};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
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
        .routes(routes!(list_canned_responses, create_canned_response))
        .routes(routes!(change_canned_response, delete_canned_response))
        .routes(routes!(render_canned_response))
}

/// A reusable text.
#[derive(Serialize, ToSchema)]
struct CannedResponse {
    id: i64,
    /// What an agent types after `/`.
    short_code: String,
    #[schema(value_type = schema::Language)]
    language: Language,
    /// With `{{contact.name}}`, `{{agent.name}}` and `{{conversation.id}}`.
    text: String,
}

/// A canned response to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateCannedResponse {
    /// One word; unique in its language.
    short_code: String,
    #[schema(value_type = schema::Language)]
    language: Language,
    text: String,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeCannedResponse {
    #[schema(nullable = false)]
    short_code: Option<String>,
    #[schema(value_type = Option<schema::Language>, nullable = false)]
    language: Option<Language>,
    #[schema(nullable = false)]
    text: Option<String>,
}

/// For which conversation to fill the variables.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RenderFor {
    conversation_id: i64,
}

/// A text with its variables filled in.
#[derive(Serialize, ToSchema)]
struct Rendered {
    text: String,
}

impl From<domain::CannedResponse> for CannedResponse {
    fn from(response: domain::CannedResponse) -> Self {
        CannedResponse {
            id: response.id.number(),
            short_code: response.short_code,
            language: response.language,
            text: response.text,
        }
    }
}

/// Lists the canned responses by short code.
#[utoipa::path(get, path = "/api/v1/canned-responses", tag = "canned-responses", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<CannedResponse>)))]
async fn list_canned_responses(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<CannedResponse>>, Problem> {
    let responses = app.desk.list_canned_responses(&actor).await?;
    Ok(Json(Page::cut(responses, &paging, |response| response.id.number(), CannedResponse::from)?))
}

/// Adds a canned response.
#[utoipa::path(post, path = "/api/v1/canned-responses", tag = "canned-responses",
    responses((status = 201, description = "Added.", body = CannedResponse)))]
async fn create_canned_response(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<CreateCannedResponse>,
) -> Result<(StatusCode, Json<CannedResponse>), Problem> {
    let made =
        app.desk.create_canned_response(&actor, &new.short_code, new.language, &new.text).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Changes a canned response.
#[utoipa::path(patch, path = "/api/v1/canned-responses/{id}", tag = "canned-responses",
    responses((status = 200, description = "The canned response as it is now.", body = CannedResponse)))]
async fn change_canned_response(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(change): Json<ChangeCannedResponse>,
) -> Result<Json<CannedResponse>, Problem> {
    let ChangeCannedResponse { short_code, language, text } = change;
    let change = desk::ChangeCannedResponse { short_code, language, text };
    Ok(Json(app.desk.change_canned_response(&actor, Id::new(id), change).await?.into()))
}

/// Removes a canned response.
#[utoipa::path(delete, path = "/api/v1/canned-responses/{id}", tag = "canned-responses",
    responses((status = 204, description = "Removed.")))]
async fn delete_canned_response(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    app.desk.delete_canned_response(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Fills the variables of a canned response for a conversation.
#[utoipa::path(post, path = "/api/v1/canned-responses/{id}/render", tag = "canned-responses",
    responses((status = 200, description = "The text, ready to be sent.", body = Rendered)))]
async fn render_canned_response(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(for_whom): Json<RenderFor>,
) -> Result<Json<Rendered>, Problem> {
    let conversation = Id::new(for_whom.conversation_id);
    let text = app.desk.render_canned_response(&actor, Id::new(id), conversation).await?;
    Ok(Json(Rendered { text }))
}
