//! `Idempotency-Key`: a request of an agent's that changes something is carried
//! out once, however often it is sent.
//!
//! After the IETF's draft of that name. A repetition gets the answer of the
//! first, or is told that there was a first; the same key for another request is
//! refused. A request that was refused changed nothing, and its key is free.

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{FromRequest as _, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use desk::Actor;
use domain::{Claim, KeptAnswer, Rule};

use crate::app::App;
use crate::auth::Caller;
use crate::extract::{is_of_type, unreadable};
use crate::problem::{self, Problem};

/// Names a request.
pub(crate) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer is that of an earlier request with the same key.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// How long a key may be, in bytes.
pub(crate) const KEY_BYTES_MAX: usize = 255;
/// How long an answer may be that is kept, in bytes.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// An answer that holds a secret, which is kept nowhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShownOnce<T>(pub T);

/// Marks a response as one that is not kept.
#[derive(Clone, Copy, Debug)]
struct NotKept;

impl<T: IntoResponse> IntoResponse for ShownOnce<T> {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response.extensions_mut().insert(NotKept);
        response
    }
}

/// Carries a request out that the permission table let pass.
pub(crate) async fn carry_out(app: &App, request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<Caller>().map(|Caller(actor)| actor.clone());
    match actor {
        Some(actor) if !request.method().is_safe() && request.headers().contains_key(KEY) => {
            once(app, &actor, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(request).await,
    }
}

async fn once(app: &App, actor: &Actor, request: Request, next: Next) -> Result<Response, Problem> {
    let (claim, request) = claim(app, actor, request).await?;
    if let Some(before) = app.desk.carried_out(&claim).await? {
        if before.request != claim.request {
            return Err(Problem::key_reused());
        }
        let answer = before.answer.ok_or(domain::Error::from(Rule::AlreadyCarriedOut))?;
        return replay(answer);
    }
    // On a task of its own, for it must come to its end even if the client,
    // which will ask again, does not wait for it.
    let app = app.clone();
    let work = tokio::spawn(async move {
        let (response, was_carried_out) = app.desk.claiming(claim.clone(), next.run(request)).await;
        if was_carried_out { keep(&app, claim, response).await } else { response }
    });
    match work.await {
        Ok(response) => Ok(response),
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(stopped) => Err(domain::Error::Unavailable(stopped.into()).into()),
        },
    }
}

/// Reads what a request is called and what it asks for. A body that is not JSON,
/// such as a file, is taken for the same if its address is.
async fn claim(app: &App, actor: &Actor, request: Request) -> Result<(Claim, Request), Problem> {
    let keys: Vec<HeaderValue> = request.headers().get_all(KEY).iter().cloned().collect();
    let [key] = keys.as_slice() else { return Err(Problem::bad_key()) };
    if !(1..=KEY_BYTES_MAX).contains(&key.len()) {
        return Err(Problem::bad_key());
    }
    let (parts, body) = request.into_parts();
    let (seen, body) = if is_of_type(&parts.headers, "application/json") {
        let whole = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(whole, app).await.map_err(unreadable)?;
        (bytes.clone(), Body::from(bytes))
    } else {
        (Bytes::new(), body)
    };
    let (method, address) = (parts.method.as_str(), parts.uri.to_string());
    let asked = [method.as_bytes(), address.as_bytes(), &seen];
    let claim = app.desk.claim(actor, key.as_bytes(), &asked);
    Ok((claim, Request::from_parts(parts, body)))
}

/// Keeps an answer, if it may be kept.
async fn keep(app: &App, claim: Claim, response: Response) -> Response {
    let length = response.body().size_hint().exact();
    let is_short = length.is_some_and(|length| length <= ANSWER_BYTES_MAX);
    if !is_short || response.extensions().get::<NotKept>().is_some() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, ANSWER_BYTES_MAX as usize).await else {
        return Problem::from(domain::Error::internal("an answer ended early")).into_response();
    };
    let answer = KeptAnswer { status: parts.status.as_u16(), body: body.to_vec() };
    if let Err(error) = app.desk.keep_answer(claim, answer).await {
        tracing::warn!(%error, "the answer to a request with an Idempotency-Key was not kept");
    }
    Response::from_parts(parts, Body::from(body))
}

/// Gives an answer again.
fn replay(answer: KeptAnswer) -> Result<Response, Problem> {
    let status = StatusCode::from_u16(answer.status).map_err(domain::Error::internal)?;
    let media_type = match status {
        _ if answer.body.is_empty() => None,
        status if status.is_success() => Some("application/json"),
        _ => Some(problem::MEDIA_TYPE),
    };
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if let Some(media_type) = media_type {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
