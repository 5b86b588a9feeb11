//! Messages that a company's own server passes on.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderMap;
use desk::{Claims, PassedOn};
use domain::{Error, Language};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Answer;
use super::visitor::answer_sent;
use crate::app::App;
use crate::auth::Origin;
use crate::extract::{Path, parse, unreadable};
use crate::schema;

/// How large what is passed on may be, in bytes.
const INCOMING_BYTES_MAX: usize = 64 * 1024;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(take_incoming_message))
        .layer(DefaultBodyLimit::max(INCOMING_BYTES_MAX))
}

/// A message that a company's own server passes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IncomingMessage {
    contact: IncomingContact,
    #[schema(max_length = 4000)]
    text: String,
    /// The `value` of the quick reply that was chosen.
    #[serde(default)]
    #[schema(nullable = false)]
    quick_reply: Option<String>,
    /// The language of the app.
    #[serde(default)]
    #[schema(value_type = Option<schema::Language>, nullable = false)]
    locale: Option<Language>,
}

/// Who says it: the same person as in a signed identity with this `sub`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IncomingContact {
    /// The company's own name for the person.
    #[schema(max_length = 200)]
    sub: String,
    #[serde(default)]
    #[schema(max_length = 200, nullable = false)]
    name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200, nullable = false)]
    email: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200, nullable = false)]
    phone: Option<String>,
}

impl From<IncomingMessage> for PassedOn {
    fn from(message: IncomingMessage) -> Self {
        let IncomingContact { sub, name, email, phone } = message.contact;
        PassedOn {
            contact: Claims { sub, name, email, phone },
            text: message.text,
            quick_reply: message.quick_reply,
            language: message.locale,
        }
    }
}

/// Takes a message that a company's own server passes on for one of its users,
/// signed after Standard Webhooks with the inbox's incoming secret. Send it again,
/// with the same `webhook-id`, until it is accepted. The bot's answer, if there is
/// one, is in the thread when this returns; webhooks tell of it.
#[utoipa::path(post, path = "/api/v1/incoming/{key}", tag = "incoming",
    params(
        ("key" = String, Path, description = "The public key of the inbox."),
        ("webhook-id" = String, Header, description = "The sender's own name for the message: the same name twice is one message."),
        ("webhook-timestamp" = String, Header, description = "When this was sent, in seconds since 1970; at most five minutes ago."),
    ),
    request_body = IncomingMessage,
    responses((status = 201, description = "Accepted, and durable.", body = schema::Message),
        (status = 200, description = "It had been accepted before.", body = schema::Message)))]
async fn take_incoming_message(
    State(app): State<App>,
    Origin(from): Origin,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let body = body.map_err(unreadable)?;
    let signed = match app.desk.check_incoming(&key, &headers, &body).await {
        Err(Error::Unauthenticated) => {
            // A company's server may come as often as it likes, a stranger not.
            app.limits.connection(from)?;
            return Err(Error::Unauthenticated.into());
        }
        checked => checked?,
    };
    let message: IncomingMessage = parse(&body)?;
    let (guest, sent) = app.desk.take_incoming(signed, message.into()).await?;
    answer_sent(&app, &guest, &sent).await
}
