//! What is in threads: messages, and notes among agents.

use axum::extract::State;
use axum::http::StatusCode;
use desk::{Entry, SendMessage as Said, wire};
use domain::{Error, Id};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{Answer, answer, ok};
use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{self, Page};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_messages, send_message))
        .routes(routes!(retract_message))
        .routes(routes!(write_note))
}

/// Which part of a thread.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ThreadQuery {
    /// The entries before this `seq`: the `next` of the page that follows them.
    #[param(minimum = 1)]
    before: Option<i64>,
    /// How many messages at most; notes between them come with them.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
}

/// Something to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SendMessage {
    /// The sender's own name for it: the same name twice is one message.
    client_id: Uuid,
    /// Markdown; may be empty if there are files.
    #[schema(max_length = 4000)]
    text: String,
    /// The ids of files that were uploaded before.
    #[serde(default)]
    attachments: Vec<i64>,
}

/// Something to tell colleagues.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WriteNote {
    /// The writer's own name for it: the same name twice is one note.
    client_id: Uuid,
    /// Markdown.
    #[schema(max_length = 4000)]
    text: String,
}

/// Reads a part of a thread: the last entries, or those before `before`. They are
/// in order, oldest first; `next` leads to the part before.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/messages", tag = "conversations", params(ThreadQuery),
    responses((status = 200, description = "The entries.", body = Page<schema::Message>)))]
async fn list_messages(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Query(query): Query<ThreadQuery>,
) -> Answer {
    let limit = page::limit(query.limit)?;
    let thread = app.desk.thread(&actor, Id::new(id), query.before, limit).await?;
    let items = thread.entries.iter().map(form).collect();
    Ok(ok(&Page { items, next: thread.before.map(|seq| seq.to_string()) }))
}

/// Answers a contact. A conversation that nobody has becomes one's own.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", tag = "conversations",
    responses((status = 201, description = "Sent, and durable.", body = schema::Message),
        (status = 200, description = "It had been sent before.", body = schema::Message)))]
async fn send_message(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(said): Json<SendMessage>,
) -> Answer {
    let said = Said {
        client_id: said.client_id,
        text: said.text,
        quick_reply: None,
        attachments: said.attachments.into_iter().map(Id::new).collect(),
    };
    let sent = app.desk.send_message(&actor, Id::new(id), said).await?;
    let status = if sent.added.is_empty() { StatusCode::OK } else { StatusCode::CREATED };
    let thread = app.desk.thread(&actor, Id::new(id), Some(sent.seq + 1), 1).await?;
    let entry = thread
        .entries
        .iter()
        .find(|entry| matches!(entry, Entry::Message(view) if view.message.id == sent.id));
    let entry =
        entry.ok_or_else(|| Error::internal("a message that was sent is not in its thread"))?;
    Ok(answer(status, &form(entry)))
}

/// Takes back a message that one sent: its words and files are gone.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/messages/{message_id}", tag = "conversations",
    responses((status = 204, description = "Taken back.")))]
async fn retract_message(
    State(app): State<App>,
    Caller(actor): Caller,
    Path((id, message_id)): Path<(i64, i64)>,
) -> Result<StatusCode, Problem> {
    app.desk.retract_message(&actor, Id::new(id), Id::new(message_id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes a note, which only agents see.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/notes", tag = "conversations",
    responses((status = 201, description = "Written, and durable.", body = schema::Message)))]
async fn write_note(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(note): Json<WriteNote>,
) -> Answer {
    let written = app.desk.write_note(&actor, Id::new(id), note.client_id, &note.text).await?;
    Ok(answer(StatusCode::CREATED, &wire::Message::note(&written, &actor.name)))
}

fn form(entry: &Entry) -> impl Serialize {
    match entry {
        Entry::Message(view) => wire::Message::from(view),
        Entry::Note(note, author) => wire::Message::note(note, author),
    }
}
