//! A burst of requests that nobody may make: each gets its problem document,
//! nothing is stored, and the server goes on as before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::database::{self, Stored};
use crate::findings::{Fault, Findings};
use crate::http::{self, Caller};
use crate::load::Load;
use crate::world::World;

/// How many requests come, over how many connections at once.
const REQUESTS: usize = 100_000;
const CONNECTIONS: usize = 100;
/// How much memory they may cost the server.
const BYTES_MAX: u64 = 96 << 20;
/// How deep a body may be that is too deep for anybody.
const DEPTH: usize = 10_000;
/// How long a visitor may wait for an answer right after the burst.
const RECOVERY_TIME_MAX: Duration = Duration::from_secs(2);

/// A request that must be refused.
struct Attempt {
    method: &'static str,
    path: &'static str,
    authorization: &'static str,
    body: Bytes,
    /// What it may be answered with; 429 always may.
    statuses: &'static [u16],
}

/// Lets the burst come. `time_matters` holds for a build whose speed is the one
/// that users get.
pub(crate) async fn withstand(world: &World, time_matters: bool) -> Result<Value> {
    let findings = world.load.findings.clone();
    let server = &world.servers[0];
    let before = database::read(&world.database_url).await?;
    let resident_before = server.resident_bytes()?;
    let attempts = Arc::new(attempts(&world.load.inbox));

    let began = Instant::now();
    let mut connections = JoinSet::new();
    for connection in 0..CONNECTIONS {
        let (address, attempts, findings) = (server.address(), attempts.clone(), findings.clone());
        connections.spawn(async move { insist(&address, &attempts, connection, &findings).await });
    }
    let mut limited = 0;
    while let Some(ended) = connections.join_next().await {
        limited += ended??;
    }
    let took = began.elapsed();
    let grown = server.resident_bytes()?.saturating_sub(resident_before);
    let after = database::read(&world.database_url).await?;
    let recovered = ask_as_usual(&world.load).await?;

    findings.check(rows(&before) == rows(&after), Fault::Foreign, || {
        format!("refused requests left something behind: {:?}, {:?}", rows(&before), rows(&after))
    });
    findings.check(grown <= BYTES_MAX, Fault::Slow, || {
        format!("the burst cost {} KiB of memory", grown / 1_024)
    });
    findings.check(!time_matters || recovered <= RECOVERY_TIME_MAX, Fault::Slow, || {
        format!("a visitor after the burst waited {recovered:?}")
    });
    Ok(json!({
        "test": "burst", "requests": REQUESTS, "told_to_wait": limited, "seconds": took.as_secs_f64(),
        "resident_growth_kib": grown / 1_024, "visitor_after_ms": recovered.as_millis() as u64,
    }))
}

fn attempts(inbox: &str) -> Vec<Attempt> {
    let refused = |method, path, authorization, body: Vec<u8>, statuses| {
        let body = Bytes::from(body);
        Attempt { method, path, authorization, body, statuses }
    };
    let deep = format!("{{\"inbox\":{}{}}}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    let login = json!({"email": "owner@example.com", "password": "guessed, and wrong"});
    let unknown = json!({"inbox": format!("{inbox}0")});
    let send = json!({"client_id": "6f3c1d1e-4a0b-4f5e-9d77-2f1f6a4b8c01", "text": "hello"});
    let bytes = |value: Value| value.to_string().into_bytes();
    vec![
        refused("GET", "/api/v1/conversations", "", Vec::new(), &[401]),
        refused("GET", "/api/v1/conversations", "Bearer at_guessed", Vec::new(), &[401]),
        refused("POST", "/api/v1/auth/login", "", bytes(login), &[401]),
        refused("POST", "/api/v1/visitor/messages", "Bearer vt_guessed", bytes(send), &[401]),
        refused("POST", "/api/v1/visitor/welcome", "", deep.into_bytes(), &[400, 422]),
        refused("POST", "/api/v1/visitor/welcome", "", b"{\"inbox\":\"\xff\xfe\"}".into(), &[400]),
        refused("POST", "/api/v1/visitor/welcome", "", bytes(unknown), &[404]),
        refused("GET", "/api/v1/../../../../etc/passwd", "", Vec::new(), &[400, 404]),
        refused("DELETE", "/api/v1/auth/login", "", Vec::new(), &[405]),
    ]
}

/// Makes one connection's part of the requests; how many were told to wait.
async fn insist(
    address: &str,
    attempts: &[Attempt],
    connection: usize,
    findings: &Findings,
) -> Result<usize> {
    let mut sender = connect(address).await?;
    let mut limited = 0;
    for number in 0..REQUESTS / CONNECTIONS {
        let attempt = &attempts[(connection + number) % attempts.len()];
        if sender.ready().await.is_err() {
            sender = connect(address).await?;
        }
        let request = Request::builder()
            .method(attempt.method)
            .uri(attempt.path)
            .header("host", address)
            .header("content-type", "application/json")
            .header("authorization", attempt.authorization)
            .body(Full::new(attempt.body.clone()))?;
        let response = sender
            .send_request(request)
            .await
            .with_context(|| format!("{} {} was not answered", attempt.method, attempt.path))?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        limited += usize::from(status == 429);
        let wanted = status == 429 || attempt.statuses.contains(&status);
        findings.check(wanted && is_problem(&body, status), Fault::Refused, || {
            let body = String::from_utf8_lossy(&body);
            format!("{} {} was answered with {status}: {body}", attempt.method, attempt.path)
        });
    }
    Ok(limited)
}

async fn connect(address: &str) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// Whether a body says what is wrong, as RFC 9457 wants it.
fn is_problem(body: &[u8], status: u16) -> bool {
    let Ok(problem) = serde_json::from_slice::<Value>(body) else { return false };
    problem["status"] == status && problem["code"].is_string() && problem["detail"].is_string()
}

/// How many rows there are of what a stranger could leave behind.
fn rows(stored: &Stored) -> [usize; 4] {
    [stored.messages.len(), stored.conversations.len(), stored.contacts, stored.visitors]
}

/// How long a visitor waits who comes, asks and reads the answer.
async fn ask_as_usual(load: &Load) -> Result<Duration> {
    let address = &load.addresses[0];
    let began = Instant::now();
    let hello = json!({"inbox": load.inbox, "locale": "en"});
    let path = "/api/v1/visitor/welcome";
    let welcome = http::insist(address, &Caller::Nobody, "POST", path, Some(&hello)).await?;
    let token = welcome.body["token"].as_str().context("a welcome has a token")?;
    let visitor = Caller::Token(token.to_owned());
    let question = json!({"client_id": Uuid::new_v4(), "text": "Where is my parcel?"});
    http::insist(address, &visitor, "POST", "/api/v1/visitor/messages", Some(&question)).await?;
    let path = "/api/v1/visitor/messages?after=0";
    let thread = http::insist(address, &visitor, "GET", path, None).await?;
    let messages = thread.body["items"].as_array().context("a thread has items")?;
    ensure!(messages.len() > 1, "a visitor after the burst got no answer: {}", thread.body);
    Ok(began.elapsed())
}
