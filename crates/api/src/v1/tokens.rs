//! Tokens with which programs act for an agent.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use desk::wire::Time;
use domain::{ApiToken, Id};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Answer;
use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::idempotency::ShownOnce;
use crate::page::{Page, Paging};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(revoke_token))
}

/// A token of a program; the secret is another thing.
#[derive(Serialize, ToSchema)]
struct Token {
    id: i64,
    /// What it is for.
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Time>,
    /// To the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Time>,
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
struct NewToken {
    #[serde(flatten)]
    kept: Token,
    /// What the program sends. It is shown this once.
    token: String,
}

/// A token to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateToken {
    /// What it is for.
    name: String,
    /// When it ends; never if absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl From<ApiToken> for Token {
    fn from(token: ApiToken) -> Self {
        Token {
            id: token.id.number(),
            name: token.name,
            created_at: token.created_at.into(),
            expires_at: token.expires_at.map(Time),
            last_used_at: token.last_used_at.map(Time),
        }
    }
}

/// Lists one's own tokens, newest first.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Token>)))]
async fn list_tokens(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Token>>, Problem> {
    let tokens = app.desk.list_tokens(&actor).await?;
    Ok(Json(Page::cut(tokens, &paging, |token| token.id.number(), Token::from)?))
}

/// Makes a token that acts with one's own rights.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens",
    responses((status = 201, description = "Made; the secret is shown this once.", body = NewToken)))]
async fn create_token(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<CreateToken>,
) -> Answer {
    let made = app.desk.create_token(&actor, &new.name, new.expires_at).await?;
    let form = NewToken { kept: made.token.into(), token: made.secret.reveal().to_owned() };
    Ok(ShownOnce((StatusCode::CREATED, Json(form))).into_response())
}

/// Ends a token, and closes what it holds open.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "tokens",
    responses((status = 204, description = "Ended.")))]
async fn revoke_token(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    app.desk.revoke_token(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
