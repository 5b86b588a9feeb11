//! Reading requests strictly: what is not understood is answered by a problem
//! document that says so, never ignored.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Error, FieldError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::problem::Problem;

/// How large the body of a request may be, in bytes; files have a bound of their own.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// A body in JSON.
///
/// As an argument it refuses another media type, too large a body, invalid
/// UTF-8, nesting deeper than 128 and unknown fields.
#[derive(Clone, Debug)]
pub(crate) struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_of_type(request.headers(), "application/json") {
            return Err(Problem::wrong_media_type(&["application/json"]));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unreadable)?;
        parse(&bytes).map(Json)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let json = HeaderValue::from_static("application/json");
                ([(header::CONTENT_TYPE, json)], body).into_response()
            }
            Err(error) => Problem::from(Error::internal(error)).into_response(),
        }
    }
}

/// What a path names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(named)) => Ok(Path(named)),
            // Whatever is no id names nothing.
            Err(_) => Err(Problem::no_such_address()),
        }
    }
}

/// What stands after the `?`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Query(query)),
            Err(rejection) => {
                let detail = std::error::Error::source(&rejection)
                    .map_or_else(|| rejection.to_string(), ToString::to_string);
                Err(wrong_field(String::new(), quotable(&detail)))
            }
        }
    }
}

/// Whether a body is of a media type, whatever its parameters.
pub(crate) fn is_of_type(headers: &HeaderMap, wanted: &str) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|media_type| media_type.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted))
}

/// Says why the bytes of a body could not be read.
pub(crate) fn unreadable(rejection: BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::malformed("the body ended before its time"),
    }
}

/// Reads JSON, naming the place of what is wrong.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        let error = error.into_inner();
        match error.classify() {
            Category::Data => wrong_field(pointer, quotable(&error.to_string())),
            _ => not_json(&error),
        }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(parsed)
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::malformed(format!("the body is not JSON: {}", quotable(&error.to_string())))
}

fn wrong_field(pointer: String, detail: String) -> Problem {
    Error::Invalid(vec![FieldError { pointer, detail }]).into()
}

/// Writes a path into a document as a JSON pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let name = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&name);
    }
    pointer
}

/// Makes a parser's complaint safe to send back: it may quote a stranger.
fn quotable(detail: &str) -> String {
    detail.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Named {
        #[expect(dead_code, reason = "only its parsing is of interest")]
        names: Vec<String>,
    }

    #[test]
    fn a_wrong_field_is_named_by_its_pointer() {
        let problem = parse::<Named>(br#"{"names": ["a", 1]}"#).unwrap_err().document();

        assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (422, "/names/1"));
    }

    #[test]
    fn an_unknown_field_is_refused() {
        assert_eq!(parse::<Named>(br#"{"names": [], "x": 1}"#).unwrap_err().code(), "invalid");
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let deep = "[".repeat(10_000);
        for bytes in [&b"{"[..], b"", b"{} {}", b"{\"names\": [\"\xff\"]}", deep.as_bytes()] {
            let problem = parse::<serde_json::Value>(bytes).unwrap_err();
            assert_eq!(problem.code(), "malformed");
        }
    }
}
