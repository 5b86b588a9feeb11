//! Requests to the server's REST interface: one connection for each.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// How long an answer may take.
const TIME_MAX: Duration = Duration::from_secs(15);

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The first cookie that was set, as it is sent back.
    pub(crate) cookie: Option<String>,
    /// How long to wait before asking again, in seconds.
    pub(crate) retry_after_s: u64,
    /// The body.
    pub(crate) body: Value,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// Nobody in particular.
    Nobody,
    /// A browser with this cookie.
    Cookie(String),
    /// A program with this token.
    Token(String),
    /// A company's server that signs what it sends.
    Company {
        /// Its own name for what it sends.
        id: String,
        /// When, in seconds since 1970.
        sent_at: u64,
        /// The signature of both and the body.
        signature: String,
    },
}

/// Asks the server at `address`.
///
/// Fails if there is no answer; any answer is one.
pub(crate) async fn ask(
    address: &str,
    caller: &Caller,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Answer> {
    tokio::time::timeout(TIME_MAX, exchange(address, caller, method, path, body))
        .await
        .with_context(|| format!("{method} {path} was not answered"))?
}

/// Asks the server at `address` and insists on success.
pub(crate) async fn insist(
    address: &str,
    caller: &Caller,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Answer> {
    let answer = ask(address, caller, method, path, body).await?;
    ensure!(
        (200..300).contains(&answer.status),
        "{method} {path} was answered with {}: {}",
        answer.status,
        answer.body
    );
    Ok(answer)
}

async fn exchange(
    address: &str,
    caller: &Caller,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Answer> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", address)
        .header("content-type", "application/json")
        .header("x-attune", "1");
    request = match caller {
        Caller::Nobody => request,
        Caller::Cookie(cookie) => request.header("cookie", cookie),
        Caller::Token(token) => request.header("authorization", format!("Bearer {token}")),
        Caller::Company { id, sent_at, signature } => request
            .header("webhook-id", id)
            .header("webhook-timestamp", *sent_at)
            .header("webhook-signature", signature),
    };
    let bytes = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    let response = sender.send_request(request.body(Full::new(bytes))?).await?;
    let header = |name: &str| response.headers().get(name)?.to_str().ok().map(str::to_owned);
    let cookie = header("set-cookie").and_then(|cookie| Some(cookie.split(';').next()?.to_owned()));
    let retry_after_s = header("retry-after").and_then(|text| text.parse().ok()).unwrap_or(1);
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await?.to_bytes();
    let body = serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
    Ok(Answer { status, cookie, retry_after_s, body })
}
