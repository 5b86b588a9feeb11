//! The REST interface, version 1: a file for each noun.

mod account;
mod agents;
mod attachments;
mod auth;
mod canned_responses;
mod contacts;
mod conversations;
mod events;
mod inboxes;
mod incoming_webhooks;
mod jobs;
mod messages;
mod nlu;
mod ratings;
mod search;
mod tags;
mod teams;
mod tokens;
mod visitor;
mod webhooks;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::extract::Json;
use crate::problem::Problem;

/// What a handler returns whose form is borrowed from what it read.
type Answer = Result<Response, Problem>;

/// Every route of version 1.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(auth::routes())
        .merge(tokens::routes())
        .merge(account::routes())
        .merge(agents::routes())
        .merge(teams::routes())
        .merge(inboxes::routes())
        .merge(contacts::routes())
        .merge(conversations::routes())
        .merge(messages::routes())
        .merge(attachments::routes())
        .merge(tags::routes())
        .merge(canned_responses::routes())
        .merge(nlu::routes())
        .merge(search::routes())
        .merge(ratings::routes())
        .merge(webhooks::routes())
        .merge(events::routes())
        .merge(jobs::routes())
        .merge(visitor::routes())
        .merge(incoming_webhooks::routes())
}

/// Answers with a form.
fn answer(status: StatusCode, form: &impl Serialize) -> Response {
    (status, Json(form)).into_response()
}

/// Answers with a form, and 200.
fn ok(form: &impl Serialize) -> Response {
    answer(StatusCode::OK, form)
}
