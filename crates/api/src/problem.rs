//! Problem documents (RFC 9457): how every failure looks on the wire.
//!
//! This is the only place that knows status codes.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Error, FieldError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::idempotency;

/// The media type of a problem document.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// A request that was not carried out.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<WrongField>,
    retry_after_ms: Option<u64>,
    allow: Option<String>,
}

/// A request that was not carried out, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Where the problem is explained; ends with `code`.
    #[schema(example = "/problems/not-found")]
    pub r#type: String,
    /// The kind of problem, for people.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened this time, for people.
    #[schema(required = false)]
    pub detail: String,
    /// The kind of problem, for programs: stable.
    #[schema(required = false)]
    pub code: &'static str,
    /// Wrong fields of the request, all of them.
    #[schema(required = false)]
    pub errors: Vec<WrongField>,
}

/// A wrong field of a request.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FieldError)]
pub struct WrongField {
    /// Where it is: a JSON pointer into the request.
    pub pointer: String,
    /// What is wrong, for people.
    pub detail: String,
}

impl Problem {
    /// Makes a problem. `code` is stable and documented; `detail` says what to do.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Problem {
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_ms: None,
            allow: None,
        }
    }

    /// There is nothing at this address.
    pub(crate) fn no_such_address() -> Self {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this address")
    }

    /// The address exists, and not for this method.
    pub(crate) fn method_not_allowed(allow: String) -> Self {
        let detail = format!("this address takes {allow}");
        let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail);
        Problem { allow: Some(allow), ..problem }
    }

    /// A cookie came without the header that proves that our own page sent it.
    pub(crate) fn forged() -> Self {
        let detail = "a request that changes something and is signed in by cookie needs the header `X-Attune: 1`";
        Problem::new(StatusCode::FORBIDDEN, "csrf", detail)
    }

    /// The e-mail address or the password is wrong.
    pub(crate) fn wrong_credentials() -> Self {
        let detail = "the e-mail address or the password is wrong";
        Problem::new(StatusCode::UNAUTHORIZED, "wrong-credentials", detail)
    }

    /// The one-time link is unknown, used or too old.
    pub(crate) fn dead_link() -> Self {
        let detail = "the link was used already or is too old; ask for a new one";
        Problem::new(StatusCode::UNAUTHORIZED, "dead-link", detail)
    }

    /// A page of a foreign origin asks for an inbox that does not allow it.
    pub(crate) fn foreign_origin() -> Self {
        let detail =
            "the inbox does not allow pages of this origin; add it to the inbox's allowed origins";
        Problem::new(StatusCode::FORBIDDEN, "foreign-origin", detail)
    }

    /// The figures are asked for from elsewhere, and no token is set.
    pub(crate) fn only_from_here() -> Self {
        let detail = "the figures are shown to programs on the server's own machine, directly and not through a proxy; \
            to gather them from elsewhere set metrics.token and send it as `Authorization: Bearer <token>`";
        Problem::new(StatusCode::FORBIDDEN, "only-from-here", detail)
    }

    /// The name that a request was given is none.
    pub(crate) fn bad_key() -> Self {
        Problem::malformed(format!(
            "the header `Idempotency-Key` must stand once, with 1 to {} characters",
            idempotency::KEY_BYTES_MAX
        ))
    }

    /// Two different requests were given one name.
    pub(crate) fn key_reused() -> Self {
        let detail =
            "this Idempotency-Key belongs to another request; give each request a key of its own";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused", detail)
    }

    /// The body is larger than the address takes.
    pub(crate) fn too_large() -> Self {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "the request is too large")
    }

    /// The body is of another media type than those that the address takes.
    pub(crate) fn wrong_media_type(wanted: &[&str]) -> Self {
        let detail = format!("send the body as `{}`", wanted.join("` or `"));
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-media-type", detail)
    }

    /// The request is no HTTP request of the kind that the address takes.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    /// The status code.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable name of the kind of problem.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// When the same request is likely to be accepted, in milliseconds.
    pub fn retry_after_ms(&self) -> Option<u64> {
        self.retry_after_ms
    }

    /// The document, for sockets, which put it into a frame.
    pub fn document(&self) -> ProblemDocument {
        ProblemDocument {
            r#type: format!("/problems/{}", self.code),
            title: title(self.status),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: self.code,
            errors: self.errors.clone(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        let (status, code) = match &error {
            Error::NotFound(_) => (StatusCode::NOT_FOUND, "not-found"),
            Error::Refused(rule) => (StatusCode::CONFLICT, rule.code()),
            Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Error::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            Error::Denied(_) => (StatusCode::FORBIDDEN, "denied"),
            Error::Stale(_) => (StatusCode::CONFLICT, "stale"),
            Error::Busy { .. } => (StatusCode::TOO_MANY_REQUESTS, "busy"),
            Error::Unavailable(cause) => {
                tracing::warn!(%cause, "a request could not be carried out for now");
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
            }
            other => {
                let cause = std::error::Error::source(other).map(ToString::to_string);
                tracing::error!(
                    cause = cause.unwrap_or_default(),
                    "a request met a bug or corrupt data"
                );
                (StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        };
        let problem = Problem::new(status, code, detail);
        match error {
            Error::Invalid(fields) => {
                Problem { errors: fields.into_iter().map(WrongField::from).collect(), ..problem }
            }
            Error::Busy { retry_after_ms } => {
                Problem { retry_after_ms: Some(retry_after_ms), ..problem }
            }
            Error::Unavailable(_) => Problem { retry_after_ms: Some(1_000), ..problem },
            _ => problem,
        }
    }
}

impl From<FieldError> for WrongField {
    fn from(field: FieldError) -> Self {
        WrongField { pointer: field.pointer, detail: field.detail }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.document()).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(wait_ms) = self.retry_after_ms {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_ms.div_ceil(1_000).max(1)));
        }
        if let Some(allow) = self.allow.and_then(|allow| HeaderValue::from_str(&allow).ok()) {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}

/// The kind of problem, for people.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "Not understood",
        StatusCode::UNAUTHORIZED => "Not signed in",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::CONFLICT => "Not allowed now",
        StatusCode::PAYLOAD_TOO_LARGE => "Too large",
        StatusCode::UNPROCESSABLE_ENTITY => "Wrong fields",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        StatusCode::SERVICE_UNAVAILABLE => "Not available for now",
        other => other.canonical_reason().unwrap_or("Failed"),
    }
}
