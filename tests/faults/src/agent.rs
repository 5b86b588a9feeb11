//! An agent's program: follows the account's log by cursor, and answers the
//! conversations that people get.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rand::Rng as _;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use uuid::Uuid;

use crate::findings::Fault;
use crate::http::{self, Caller};
use crate::load::{Load, RECONNECT_AFTER};
use crate::socket::Socket;

/// How long the server may be silent before the program asks whether it is there.
const SILENCE_MAX: Duration = Duration::from_secs(5);

/// What the program has heard and said.
#[derive(Debug, Default)]
pub(crate) struct Agent {
    /// The events, in order.
    pub(crate) heard: Mutex<Vec<Told>>,
    /// The answers that were acknowledged.
    pub(crate) said: Mutex<Vec<Said>>,
}

/// An event as it is compared.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Told {
    /// Its place in the log.
    pub(crate) cursor: i64,
    /// What happened.
    pub(crate) kind: String,
    /// To which conversation.
    pub(crate) conversation: Option<i64>,
    /// The identity and place of the message that it is about.
    pub(crate) message: Option<(i64, i64)>,
}

/// An answer that was acknowledged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    /// The agent's own name for it.
    pub(crate) client_id: Uuid,
    /// Where it was said.
    pub(crate) conversation: i64,
    /// Its identity and place.
    pub(crate) acked: (i64, i64),
}

impl Told {
    /// Reads an event as the server writes it.
    pub(crate) fn read(event: &Value) -> Result<Self> {
        let data = &event["data"];
        let message = &data["message"];
        let cursor = data["cursor"].as_i64().with_context(|| format!("no cursor in {event}"))?;
        let subject =
            event["subject"].as_str().and_then(|subject| subject.strip_prefix("/conversations/"));
        Ok(Told {
            cursor,
            kind: event["type"].as_str().unwrap_or_default().to_owned(),
            conversation: subject.and_then(|id| id.parse().ok()),
            message: message["id"].as_i64().zip(message["seq"].as_i64()),
        })
    }
}

impl Agent {
    /// The cursor of the last event heard.
    pub(crate) fn cursor(&self) -> i64 {
        self.heard
            .lock()
            .expect("nobody panics while holding it")
            .last()
            .map_or(0, |told| told.cursor)
    }

    /// How many messages were told since the webhook was registered.
    pub(crate) fn messages(&self) -> usize {
        let heard = self.heard.lock().expect("nobody panics while holding it");
        let registered = heard.iter().position(|told| told.kind == "webhook.updated").unwrap_or(0);
        heard[registered..].iter().filter(|told| told.kind == "message.created").count()
    }

    /// How many answers were acknowledged.
    pub(crate) fn answers(&self) -> usize {
        self.said.lock().expect("nobody panics while holding it").len()
    }
}

/// Follows the log until told to end.
pub(crate) async fn follow(load: Arc<Load>, agent: Arc<Agent>, mut end: watch::Receiver<bool>) {
    let (wanted, wishes) = mpsc::unbounded_channel();
    let answering = tokio::spawn(answer(load.clone(), agent.clone(), wishes));
    let mut rng = load.randomness("agent");
    while !*end.borrow() {
        let address = load.address(&mut rng).to_owned();
        tokio::select! {
            _ = listen(&load, &agent, &address, &wanted) => sleep(RECONNECT_AFTER).await,
            _ = end.changed() => {}
        }
    }
    drop(wanted);
    // What people asked for is answered, however long the server was away.
    let _ = answering.await;
}

/// Listens on one connection until it breaks.
async fn listen(
    load: &Load,
    agent: &Agent,
    address: &str,
    wanted: &mpsc::UnboundedSender<i64>,
) -> Result<()> {
    let mut socket = Socket::open(address, "/api/v1/live").await?;
    let hello = json!({"type": "hello", "after": agent.cursor(), "token": load.token});
    socket.send(&hello).await?;
    let welcome = socket.next_within(SILENCE_MAX).await?;
    if welcome["type"] != "welcome" {
        load.findings
            .add(Fault::Refused, || format!("the agent after {}: {welcome}", agent.cursor()));
        bail!("no welcome");
    }
    loop {
        let frame = match tokio::time::timeout(SILENCE_MAX, socket.next()).await {
            Ok(frame) => frame?,
            Err(_) => {
                socket.send(&json!({"type": "ping"})).await?;
                socket.next_within(SILENCE_MAX).await?
            }
        };
        if frame["specversion"].is_string() {
            hear(load, agent, &frame, wanted)?;
        } else if frame["type"] == "resync_required" || frame["type"] == "problem" {
            load.findings
                .add(Fault::Refused, || format!("the agent after {}: {frame}", agent.cursor()));
        }
    }
}

fn hear(
    load: &Load,
    agent: &Agent,
    event: &Value,
    wanted: &mpsc::UnboundedSender<i64>,
) -> Result<()> {
    let told = Told::read(event)?;
    let last = agent.cursor();
    match told.cursor - last {
        1 => {}
        ..1 => {
            load.findings.add(Fault::Doubled, || {
                format!("the agent heard cursor {} after {last}", told.cursor)
            });
            return Ok(());
        }
        _ => {
            load.findings
                .add(Fault::Gap, || format!("the agent heard cursor {} after {last}", told.cursor));
            bail!("a gap: connect again")
        }
    }
    if told.kind == "conversation.handed_off"
        && let Some(conversation) = told.conversation
    {
        // Whoever answers may be gone at the very end.
        let _ = wanted.send(conversation);
    }
    agent.heard.lock().expect("nobody panics while holding it").push(told);
    Ok(())
}

/// Answers conversations, each until the answer is acknowledged.
async fn answer(load: Arc<Load>, agent: Arc<Agent>, mut wishes: mpsc::UnboundedReceiver<i64>) {
    let mut rng = load.randomness("answers");
    let caller = Caller::Token(load.token.clone());
    while let Some(conversation) = wishes.recv().await {
        let client_id = uuid::Builder::from_random_bytes(rng.random()).into_uuid();
        let path = format!("/api/v1/conversations/{conversation}/messages");
        let body =
            json!({"client_id": client_id, "text": format!("您好，我来帮您 {conversation}")});
        let acked = loop {
            let address = load.address(&mut rng);
            match http::ask(address, &caller, "POST", &path, Some(&body)).await {
                Ok(answer) if answer.status / 100 == 2 => match read_ack(&answer.body) {
                    Some(acked) => break acked,
                    None => {
                        return load
                            .findings
                            .add(Fault::Refused, || format!("{path}: {}", answer.body));
                    }
                },
                Ok(answer) if answer.status == 429 || answer.status == 503 => {
                    sleep(Duration::from_secs(answer.retry_after_s)).await;
                }
                Ok(answer) => {
                    return load.findings.add(Fault::Refused, || {
                        format!("{path}: {} {}", answer.status, answer.body)
                    });
                }
                Err(_) => sleep(RECONNECT_AFTER).await,
            }
        };
        let said = Said { client_id, conversation, acked };
        agent.said.lock().expect("nobody panics while holding it").push(said);
    }
}

/// Reads identity and place of a message that was just said.
fn read_ack(body: &Value) -> Option<(i64, i64)> {
    body["id"].as_i64().zip(body["seq"].as_i64())
}
