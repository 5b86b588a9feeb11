//! What a visitor's page or app may do without a socket.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use desk::wire::{self, Named};
use desk::{Greeting, Guest, SendMessage as Said, Sent, WhoAsks};
use domain::{Error, Id, Language, Owner, Status, Visitor};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::attachments::{FileLink, body_limit, read_upload};
use super::{Answer, answer, ok};
use crate::app::App;
use crate::auth::{Origin, Visiting, check_origin};
use crate::extract::{Json, Path, Query};
use crate::page::{self, Page};
use crate::problem::Problem;
use crate::schema;
use crate::welcome::{WelcomeContact, WelcomeInbox};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upload_visitor_attachment))
        .layer(body_limit())
        .routes(routes!(welcome_visitor))
        .routes(routes!(list_visitor_messages, send_visitor_message))
        .routes(routes!(get_visitor_attachment))
        .routes(routes!(rate_visitor_conversation))
        .routes(routes!(log_visitor_out))
}

/// Who asks, and where.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Hello {
    /// The public key of the inbox.
    inbox: String,
    /// The token from an earlier visit.
    #[serde(default)]
    token: Option<String>,
    /// A signed JSON Web Token with which the company vouches for its user.
    #[serde(default)]
    identity: Option<String>,
    /// The language of the page.
    #[serde(default)]
    #[schema(value_type = Option<schema::Language>)]
    locale: Option<Language>,
}

/// What a visitor is told on entering.
#[derive(Serialize, ToSchema)]
struct Welcome<'a> {
    /// The visitor's token: keep it, and send it from now on.
    token: &'a str,
    inbox: WelcomeInbox<'a>,
    contact: WelcomeContact<'a>,
    conversation: Option<WelcomeConversation<'a>>,
}

/// The visitor's thread.
#[derive(Serialize, ToSchema)]
struct WelcomeConversation<'a> {
    id: i64,
    #[schema(value_type = schema::Status)]
    status: Status,
    /// The `seq` of its last message.
    last_seq: i64,
    rated: bool,
    #[schema(value_type = Option<schema::Ref>)]
    assignee: Option<Named<'a>>,
}

/// Which part of the thread.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AfterQuery {
    /// The messages after this `seq`; from the first if absent.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
}

/// Something that a visitor says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitorMessage {
    /// The sender's own name for it: the same name twice is one message.
    client_id: Uuid,
    /// May be empty if there are files.
    #[schema(max_length = 4000)]
    text: String,
    /// The `value` of the quick reply that was chosen.
    #[serde(default)]
    #[schema(nullable = false)]
    quick_reply: Option<String>,
    /// The ids of files that were uploaded before.
    #[serde(default)]
    attachments: Vec<i64>,
}

/// What a visitor thinks of the resolved conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rate {
    /// The visitor's own name for it: the same name twice is one rating.
    client_id: Uuid,
    /// From 1, bad, to 5, good.
    #[schema(minimum = 1, maximum = 5)]
    score: i64,
    #[serde(default)]
    #[schema(max_length = 1000)]
    comment: String,
}

impl<'a> Welcome<'a> {
    fn new(guest: &'a Guest, greeting: &'a Greeting) -> Self {
        Welcome {
            token: &greeting.token,
            inbox: WelcomeInbox::new(guest, greeting),
            contact: WelcomeContact::new(greeting),
            conversation: greeting.conversation.as_ref().map(|(conversation, assignee)| {
                WelcomeConversation {
                    id: conversation.id.number(),
                    status: conversation.status,
                    last_seq: conversation.last_seq,
                    rated: conversation.rating.is_some(),
                    assignee: conversation.assignee.map(|id| Named {
                        id: id.number(),
                        name: assignee.as_deref().unwrap_or_default(),
                    }),
                }
            }),
        }
    }
}

/// Lets a visitor in, and gives the token that the other calls need. Nothing is
/// stored until the first message.
#[utoipa::path(post, path = "/api/v1/visitor/welcome", tag = "visitor",
    responses((status = 200, description = "Welcome.", body = Welcome)))]
async fn welcome_visitor(
    State(app): State<App>,
    Origin(from): Origin,
    headers: HeaderMap,
    Json(hello): Json<Hello>,
) -> Answer {
    app.limits.connection(from)?;
    let (_, inbox) = app.desk.find_inbox(&hello.inbox).await?;
    check_origin(&headers, &app, &inbox)?;
    let Hello { inbox, token, identity, locale } = hello;
    let who = WhoAsks { inbox, token, identity, language: locale, ..WhoAsks::default() };
    let (guest, greeting) = app.desk.welcome(who).await?;
    if greeting.is_stranger {
        app.limits.visit(from).await?;
    }
    Ok(ok(&Welcome::new(&guest, &greeting)))
}

/// Reads the visitor's thread, oldest first.
#[utoipa::path(get, path = "/api/v1/visitor/messages", tag = "visitor", params(AfterQuery),
    responses((status = 200, description = "A page of messages; `next` is the `seq` to ask after.", body = Page<schema::Message>)))]
async fn list_visitor_messages(
    State(app): State<App>,
    Visiting(guest): Visiting,
    Query(query): Query<AfterQuery>,
) -> Answer {
    let limit = page::limit(query.limit)?;
    let after = query.after.unwrap_or(0);
    if after < 0 {
        return Err(Error::invalid("/after", "must not be negative").into());
    }
    let thread = app.desk.thread_of_guest(&guest, after, limit + 1).await?;
    let page = Page::of(thread, limit, |last| last.message.seq.to_string(), |view| view);
    let items = page.items.iter().map(wire::Message::from).collect();
    Ok(ok(&Page { items, next: page.next }))
}

/// Says something. The bot's answer, if there is one, is in the thread when this
/// returns.
#[utoipa::path(post, path = "/api/v1/visitor/messages", tag = "visitor",
    responses((status = 201, description = "Accepted, and durable.", body = schema::Message),
        (status = 200, description = "It had been accepted before.", body = schema::Message)))]
async fn send_visitor_message(
    State(app): State<App>,
    Visiting(mut guest): Visiting,
    Json(said): Json<VisitorMessage>,
) -> Answer {
    let said = Said {
        client_id: said.client_id,
        text: said.text,
        quick_reply: said.quick_reply,
        attachments: said.attachments.into_iter().map(Id::new).collect(),
    };
    let sent = app.desk.send_as_guest(&mut guest, said).await?;
    answer_sent(&app, &guest, &sent).await
}

/// Answers with the message that was sent, just now or before.
pub(super) async fn answer_sent(app: &App, guest: &Guest, sent: &Sent) -> Answer {
    let status = if sent.added.is_empty() { StatusCode::OK } else { StatusCode::CREATED };
    let thread = app.desk.thread_of_guest(guest, sent.seq - 1, 1).await?;
    let message = thread.iter().find(|view| view.message.id == sent.id);
    let message =
        message.ok_or_else(|| Error::internal("a message that was sent is not in its thread"))?;
    Ok(answer(status, &wire::Message::from(message)))
}

/// Uploads a file, which may be sent with a message within a day.
#[utoipa::path(post, path = "/api/v1/visitor/attachments", tag = "visitor",
    request_body(content = schema::UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Uploaded.", body = schema::Attachment)))]
async fn upload_visitor_attachment(
    State(app): State<App>,
    Visiting(guest): Visiting,
    request: Request,
) -> Answer {
    let upload = read_upload(request, &app).await?;
    let owner = Owner::Visitor(guest.token_hash().to_vec());
    let attachment = app.desk.upload(owner, guest.account, upload).await?;
    Ok(answer(StatusCode::CREATED, &wire::Attachment::from(&attachment)))
}

/// Gives an address from which a file of the visitor's thread can be fetched for
/// ten minutes.
#[utoipa::path(get, path = "/api/v1/visitor/attachments/{id}", tag = "visitor",
    responses((status = 200, description = "The address.", body = FileLink)))]
async fn get_visitor_attachment(
    State(app): State<App>,
    Visiting(guest): Visiting,
    Path(id): Path<i64>,
) -> Result<Json<FileLink>, Problem> {
    let visitor = Visitor {
        token_hash: guest.token_hash().to_vec(),
        inbox: guest.inbox.id,
        // Somebody who has said nothing yet is no contact, and no contact has this number.
        contact: guest.contact.unwrap_or(Id::new(0)),
        expires_at: Timestamp::MAX,
    };
    let signed = app.desk.signed_file_for_visitor(guest.account, &visitor, Id::new(id)).await?;
    Ok(Json(FileLink::new(signed, &app)))
}

/// Rates the resolved conversation.
#[utoipa::path(post, path = "/api/v1/visitor/rating", tag = "visitor",
    responses((status = 204, description = "Thank you.")))]
async fn rate_visitor_conversation(
    State(app): State<App>,
    Visiting(guest): Visiting,
    Json(rate): Json<Rate>,
) -> Result<StatusCode, Problem> {
    app.desk.rate_as_guest(&guest, rate.client_id, rate.score, &rate.comment).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the visitor's token: the next visitor of this browser is somebody else.
#[utoipa::path(post, path = "/api/v1/visitor/logout", tag = "visitor",
    responses((status = 204, description = "Ended.")))]
async fn log_visitor_out(
    State(app): State<App>,
    Visiting(guest): Visiting,
) -> Result<StatusCode, Problem> {
    app.desk.forget_guest(&guest).await?;
    Ok(StatusCode::NO_CONTENT)
}
