//! Signing in and out, sessions, and one's own password.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::wire::Time;
use desk::{SignIn, SignedIn, Whence};
use domain::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::Account;
use super::agents::Agent;
use crate::app::App;
use crate::auth::{Caller, Origin, no_cookie, session_cookie};
use crate::extract::{Json, Path};
use crate::page::Page;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(log_in))
        .routes(routes!(log_in_by_link))
        .routes(routes!(log_out))
        .routes(routes!(get_me))
        .routes(routes!(change_password))
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
}

/// An address and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: String,
    #[schema(format = Password)]
    password: String,
}

/// A one-time link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoginLink {
    /// What stands in the link.
    token: String,
}

/// Who signed in.
#[derive(Serialize, ToSchema)]
struct LoggedIn {
    agent: Agent,
}

/// Who is signed in, and what they may do.
#[derive(Serialize, ToSchema)]
struct Me {
    agent: Agent,
    account: Account,
    /// What the agent's role may do.
    #[schema(example = json!(["own_profile", "read_conversations"]))]
    permissions: Vec<&'static str>,
}

/// A browser in which an agent is signed in.
#[derive(Serialize, ToSchema)]
struct Session {
    id: i64,
    /// What the browser says that it is.
    user_agent: String,
    ip: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    /// To the minute.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Time,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Time,
    /// Whether it is the one that asks.
    current: bool,
}

/// A new password for oneself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    #[schema(format = Password)]
    current_password: String,
    /// At least 12 characters, and none of those that everybody tries.
    #[schema(format = Password, min_length = 12)]
    new_password: String,
}

/// Signs an agent in.
///
/// Five wrong passwords for one address lock it for fifteen minutes.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth",
    responses((status = 200, description = "Signed in; the cookie is set.", body = LoggedIn)))]
async fn log_in(
    State(app): State<App>,
    Origin(from): Origin,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> Result<Response, Problem> {
    app.limits.login(from).await?;
    let Credentials { email, password } = credentials;
    let signed_in = app.desk.sign_in(&email, password, whence(from, &headers)).await?;
    Ok(welcome(&app, signed_in.ok_or_else(Problem::wrong_credentials)?))
}

/// Signs an agent in with a one-time link.
#[utoipa::path(post, path = "/api/v1/auth/login-link", tag = "auth",
    responses((status = 200, description = "Signed in; the cookie is set.", body = LoggedIn)))]
async fn log_in_by_link(
    State(app): State<App>,
    Origin(from): Origin,
    headers: HeaderMap,
    Json(link): Json<LoginLink>,
) -> Result<Response, Problem> {
    app.limits.login(from).await?;
    let signed_in = app.desk.sign_in_by_link(&link.token, whence(from, &headers)).await?;
    Ok(welcome(&app, signed_in.ok_or_else(Problem::dead_link)?))
}

/// Signs out, and closes what the session holds open.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth",
    responses((status = 204, description = "Signed out; the cookie is removed.")))]
async fn log_out(State(app): State<App>, Caller(actor): Caller) -> Result<Response, Problem> {
    app.desk.sign_out(&actor).await?;
    let cookie = no_cookie(app.options.https);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Tells who is signed in.
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth",
    responses((status = 200, description = "Who, in which account, with which permissions.", body = Me)))]
async fn get_me(State(app): State<App>, Caller(actor): Caller) -> Result<Json<Me>, Problem> {
    let agent = app.desk.get_agent(&actor, actor.agent).await?;
    let account = app.desk.get_account(&actor).await?;
    let permissions = actor.role.permissions().map(domain::Permission::code).collect();
    Ok(Json(Me { agent: agent.into(), account: account.into(), permissions }))
}

/// Changes one's own password, and signs out everywhere else.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "auth",
    responses((status = 204, description = "Changed.")))]
async fn change_password(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(change): Json<ChangePassword>,
) -> Result<StatusCode, Problem> {
    app.desk.change_password(&actor, change.current_password, change.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists one's own sessions, newest first.
#[utoipa::path(get, path = "/api/v1/auth/sessions", tag = "auth",
    responses((status = 200, description = "All of them: `next` is null.", body = Page<Session>)))]
async fn list_sessions(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<Page<Session>>, Problem> {
    let form = |session: domain::Session| Session {
        id: session.id.number(),
        current: actor.sign_in == SignIn::Session(session.id),
        user_agent: session.user_agent,
        ip: session.ip,
        created_at: session.created_at.into(),
        last_seen_at: session.last_seen_at.into(),
        expires_at: session.expires_at.into(),
    };
    let items = app.desk.list_sessions(&actor).await?.into_iter().map(form).collect();
    Ok(Json(Page { items, next: None }))
}

/// Ends one of one's own sessions, and closes what it holds open.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{id}", tag = "auth",
    responses((status = 204, description = "Ended.")))]
async fn revoke_session(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    app.desk.revoke_session(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn whence(from: std::net::IpAddr, headers: &HeaderMap) -> Whence {
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Whence { user_agent: user_agent.unwrap_or_default().to_owned(), ip: from.to_string() }
}

fn welcome(app: &App, signed_in: SignedIn) -> Response {
    let cookie = session_cookie(signed_in.token.reveal(), app.options.https);
    let body = Json(LoggedIn { agent: signed_in.agent.into() });
    ([(header::SET_COOKIE, cookie)], body).into_response()
}
