//! Who may ask for what: one table, and the gate that holds every request to it.
//!
//! A route without a row is closed, and a test fails for it.

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Permission;

use crate::app::App;
use crate::auth::{self, Caller, Visiting};
use crate::idempotency;
use crate::problem::Problem;
use crate::scrape;

/// Who may ask for something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever runs the server, as far as the configuration says who that is.
    Operator,
    /// Whoever has a visitor's token; only what is the visitor's own is shown.
    Visitor,
    /// Whoever signs with the secret of the inbox that the path names. The signature
    /// is over the body, so the handler checks it.
    Signed,
    /// An agent with this permission.
    Agent(Permission),
}

/// One row: a method, the template of a path, and who may ask.
pub type Row = (&'static str, &'static str, Access);

use Access::{Agent, Operator, Public, Signed, Visitor};
use Permission::{
    Administer, Integrate, OwnProfile, ReadConversations, ReadDirectory, Supervise, Train,
    WriteContacts, WriteConversations, WriteLibrary,
};

/// Who may ask for what. What a use case adds to this, it checks itself.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    ("GET",    "/healthz", Public),
    ("GET",    "/readyz", Public),
    ("GET",    "/metrics", Operator),
    ("GET",    "/openapi.json", Public),
    ("GET",    "/api/v1/openapi.json", Public),
    ("GET",    "/api/v1/docs", Public),
    ("GET",    "/api/v1/docs/style.css", Public),
    ("GET",    "/files/{account}/{id}", Public), // The signature in the address is the right.

    ("POST",   "/api/v1/auth/login", Public),
    ("POST",   "/api/v1/auth/login-link", Public),
    ("POST",   "/api/v1/auth/logout", Agent(OwnProfile)),
    ("GET",    "/api/v1/auth/me", Agent(OwnProfile)),
    ("POST",   "/api/v1/auth/password", Agent(OwnProfile)),
    ("GET",    "/api/v1/auth/sessions", Agent(OwnProfile)),
    ("DELETE", "/api/v1/auth/sessions/{id}", Agent(OwnProfile)),
    ("GET",    "/api/v1/tokens", Agent(OwnProfile)),
    ("POST",   "/api/v1/tokens", Agent(OwnProfile)),
    ("DELETE", "/api/v1/tokens/{id}", Agent(OwnProfile)),

    ("GET",    "/api/v1/account", Agent(ReadDirectory)),
    ("PATCH",  "/api/v1/account", Agent(Administer)),
    ("GET",    "/api/v1/agents", Agent(ReadDirectory)),
    ("POST",   "/api/v1/agents", Agent(Administer)),
    ("GET",    "/api/v1/agents/{id}", Agent(ReadDirectory)),
    ("PATCH",  "/api/v1/agents/{id}", Agent(OwnProfile)), // Others than oneself: Administer.
    ("GET",    "/api/v1/teams", Agent(ReadDirectory)),
    ("POST",   "/api/v1/teams", Agent(Supervise)),
    ("PATCH",  "/api/v1/teams/{id}", Agent(Supervise)),
    ("DELETE", "/api/v1/teams/{id}", Agent(Supervise)),
    ("PUT",    "/api/v1/teams/{id}/agents", Agent(Supervise)),
    ("GET",    "/api/v1/inboxes", Agent(ReadDirectory)),
    ("POST",   "/api/v1/inboxes", Agent(Administer)),
    ("GET",    "/api/v1/inboxes/{id}", Agent(ReadDirectory)),
    ("PATCH",  "/api/v1/inboxes/{id}", Agent(Administer)),
    ("POST",   "/api/v1/inboxes/{id}/rotate-secret", Agent(Administer)),
    ("POST",   "/api/v1/inboxes/{id}/incoming-secret", Agent(Administer)),
    ("DELETE", "/api/v1/inboxes/{id}/incoming-secret", Agent(Administer)),

    ("GET",    "/api/v1/contacts", Agent(ReadConversations)),
    ("GET",    "/api/v1/contacts/{id}", Agent(ReadConversations)),
    ("PATCH",  "/api/v1/contacts/{id}", Agent(WriteContacts)),
    ("GET",    "/api/v1/contacts/{id}/conversations", Agent(ReadConversations)),
    ("GET",    "/api/v1/conversations", Agent(ReadConversations)),
    ("GET",    "/api/v1/conversations/counts", Agent(ReadConversations)),
    ("GET",    "/api/v1/conversations/{id}", Agent(ReadConversations)),
    ("GET",    "/api/v1/conversations/{id}/messages", Agent(ReadConversations)),
    ("POST",   "/api/v1/conversations/{id}/messages", Agent(WriteConversations)),
    ("DELETE", "/api/v1/conversations/{id}/messages/{message_id}", Agent(WriteConversations)),
    ("POST",   "/api/v1/conversations/{id}/notes", Agent(WriteConversations)),
    ("POST",   "/api/v1/conversations/{id}/assign", Agent(WriteConversations)),
    ("POST",   "/api/v1/conversations/{id}/transfer", Agent(WriteConversations)),
    ("POST",   "/api/v1/conversations/{id}/snooze", Agent(WriteConversations)),
    ("POST",   "/api/v1/conversations/{id}/resolve", Agent(WriteConversations)),
    ("POST",   "/api/v1/conversations/{id}/reopen", Agent(WriteConversations)),
    ("PUT",    "/api/v1/conversations/{id}/priority", Agent(WriteConversations)),
    ("PUT",    "/api/v1/conversations/{id}/tags", Agent(WriteConversations)),
    ("POST",   "/api/v1/attachments", Agent(WriteConversations)),
    ("GET",    "/api/v1/attachments/{id}", Agent(ReadConversations)),
    ("GET",    "/api/v1/search", Agent(ReadConversations)),
    ("GET",    "/api/v1/ratings", Agent(Supervise)),

    ("GET",    "/api/v1/tags", Agent(ReadDirectory)),
    ("POST",   "/api/v1/tags", Agent(WriteLibrary)),
    ("PATCH",  "/api/v1/tags/{id}", Agent(WriteLibrary)),
    ("DELETE", "/api/v1/tags/{id}", Agent(WriteLibrary)),
    ("GET",    "/api/v1/canned-responses", Agent(ReadDirectory)),
    ("POST",   "/api/v1/canned-responses", Agent(WriteLibrary)),
    ("PATCH",  "/api/v1/canned-responses/{id}", Agent(WriteLibrary)),
    ("DELETE", "/api/v1/canned-responses/{id}", Agent(WriteLibrary)),
    ("POST",   "/api/v1/canned-responses/{id}/render", Agent(ReadConversations)),

    ("GET",    "/api/v1/nlu/releases", Agent(Train)),
    ("POST",   "/api/v1/nlu/releases", Agent(Train)),
    ("POST",   "/api/v1/nlu/releases/roll-back", Agent(Train)),
    ("GET",    "/api/v1/nlu/releases/{id}", Agent(Train)),
    ("DELETE", "/api/v1/nlu/releases/{id}", Agent(Train)),
    ("POST",   "/api/v1/nlu/releases/{id}/publish", Agent(Train)),
    ("GET",    "/api/v1/nlu/releases/{id}/evaluation", Agent(Train)),
    ("GET",    "/api/v1/nlu/releases/{id}/misses", Agent(Train)),
    ("GET",    "/api/v1/nlu/intents", Agent(Train)),
    ("POST",   "/api/v1/nlu/intents", Agent(Train)),
    ("GET",    "/api/v1/nlu/examples", Agent(Train)),
    ("POST",   "/api/v1/nlu/examples", Agent(Train)),
    ("PATCH",  "/api/v1/nlu/examples/{id}", Agent(Train)),
    ("DELETE", "/api/v1/nlu/examples/{id}", Agent(Train)),
    ("POST",   "/api/v1/nlu/parse", Agent(Train)),
    ("POST",   "/api/v1/nlu/compare", Agent(Train)),
    ("GET",    "/api/v1/nlu/reviews", Agent(Train)),
    ("POST",   "/api/v1/nlu/reviews", Agent(ReadConversations)), // Whoever reads it may say what it meant.
    ("GET",    "/api/v1/nlu/reviews/counts", Agent(Train)),
    ("POST",   "/api/v1/nlu/reviews/{id}/decide", Agent(Train)),
    ("GET",    "/api/v1/nlu/trial", Agent(Train)),
    ("PUT",    "/api/v1/nlu/trial", Agent(Train)),
    ("DELETE", "/api/v1/nlu/trial", Agent(Train)),
    ("GET",    "/api/v1/nlu/trial/differences", Agent(Train)),
    ("GET",    "/api/v1/nlu/discover", Agent(Train)),
    ("POST",   "/api/v1/nlu/discover", Agent(Train)),

    ("GET",    "/api/v1/webhooks", Agent(Integrate)),
    ("POST",   "/api/v1/webhooks", Agent(Integrate)),
    ("GET",    "/api/v1/webhooks/{id}", Agent(Integrate)),
    ("PATCH",  "/api/v1/webhooks/{id}", Agent(Integrate)),
    ("DELETE", "/api/v1/webhooks/{id}", Agent(Integrate)),
    ("POST",   "/api/v1/webhooks/{id}/rotate-secret", Agent(Integrate)),
    ("GET",    "/api/v1/webhooks/{id}/deliveries", Agent(Integrate)),
    ("POST",   "/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay", Agent(Integrate)),
    ("GET",    "/api/v1/events", Agent(Integrate)),
    ("GET",    "/api/v1/jobs", Agent(Integrate)),
    ("POST",   "/api/v1/jobs/{id}/retry", Agent(Integrate)),

    ("POST",   "/api/v1/visitor/welcome", Public),
    ("GET",    "/api/v1/visitor/messages", Visitor),
    ("POST",   "/api/v1/visitor/messages", Visitor),
    ("POST",   "/api/v1/visitor/attachments", Visitor),
    ("GET",    "/api/v1/visitor/attachments/{id}", Visitor),
    ("POST",   "/api/v1/visitor/rating", Visitor),
    ("POST",   "/api/v1/visitor/logout", Visitor),
    ("POST",   "/api/v1/incoming/{key}", Signed),
];

/// Finds who may ask for something; `None` if nobody.
pub fn access(method: &str, path: &str) -> Option<Access> {
    TABLE.iter().find(|(m, p, _)| *m == method && *p == path).map(|(_, _, access)| *access)
}

/// Lets a request pass if its row allows it, and tells the handler who asks.
pub(crate) async fn gate(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = path.unwrap_or_default();
    let method = if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() };
    let admitted = match access(method.as_str(), &path) {
        None => Err(refusal(&path)),
        Some(Public | Signed) => Ok(()),
        Some(Operator) => scrape::admit_operator(&parts, &app),
        Some(Visitor) => auth::admit_visitor(&parts, &app).await.map(|guest| {
            parts.extensions.insert(Visiting(guest));
        }),
        Some(Agent(permission)) => auth::admit(&parts, &app, permission).await.map(|actor| {
            parts.extensions.insert(Caller(actor));
        }),
    };
    match admitted {
        Ok(()) => idempotency::carry_out(&app, Request::from_parts(parts, body), next).await,
        Err(problem) => problem.into_response(),
    }
}

fn refusal(path: &str) -> Problem {
    let methods: Vec<&str> =
        TABLE.iter().filter(|(_, p, _)| *p == path).map(|(m, _, _)| *m).collect();
    if methods.is_empty() {
        Problem::no_such_address()
    } else {
        Problem::method_not_allowed(methods.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_stands_twice() {
        for (i, (method, path, _)) in TABLE.iter().enumerate() {
            assert!(TABLE[..i].iter().all(|(m, p, _)| (m, p) != (method, path)), "{method} {path}");
        }
    }

    #[test]
    fn what_has_no_row_is_closed() {
        assert_eq!(access("GET", "/api/v1/secrets"), None);
        assert_eq!(access("TRACE", "/healthz"), None);
    }
}
