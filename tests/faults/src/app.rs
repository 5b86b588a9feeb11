//! A company's own server, which passes on what the users of its app say: sends
//! again, under the same name, until it is told that the message is durable.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::findings::Fault;
use crate::http::{self, Answer, Caller};
use crate::load::{Load, RECONNECT_AFTER};
use crate::signature;
use crate::visitor::TOPICS;

/// How many messages one user sends: the server lets twenty pass at once.
const MESSAGES: std::ops::Range<usize> = 3..16;
/// One request out of how many is given up before its answer.
const GIVEN_UP_ONE_IN: u32 = 4;
/// After how long it is given up, in milliseconds.
const PATIENCE_MS: std::ops::Range<u64> = 0..12;

/// A user of the app, and what was passed on.
#[derive(Debug)]
pub(crate) struct User {
    /// The company's name for the user.
    pub(crate) name: String,
    /// What was passed on, in order.
    pub(crate) passed: Vec<Passed>,
}

/// A message that was acknowledged.
#[derive(Clone, Debug)]
pub(crate) struct Passed {
    /// The words.
    pub(crate) text: String,
    /// Where it is.
    pub(crate) conversation: i64,
    /// Its identity and place.
    pub(crate) acked: (i64, i64),
}

/// Lets users speak one after another until the load ends.
pub(crate) async fn pass_on(load: Arc<Load>, client: usize) {
    let mut number = 0;
    while !load.is_ending() {
        let user = speak(&load, &format!("app user {client}.{number}")).await;
        load.users.lock().expect("nobody panics while holding it").push(user);
        number += 1;
    }
}

async fn speak(load: &Load, name: &str) -> User {
    let mut rng = load.randomness(name);
    let mut user = User { name: name.to_owned(), passed: Vec::new() };
    for number in 1..=rng.random_range(MESSAGES) {
        let (words, quick_reply) = TOPICS[rng.random_range(0..TOPICS.len())];
        let text = format!("{words} {number}");
        let mut message = json!({"contact": {"sub": name}, "text": text});
        if let Some(value) = quick_reply {
            message["quick_reply"] = value.into();
        }
        // A name of a message has neither spaces nor dots.
        let id = format!("{}-{number}", name.replace([' ', '.'], "-"));
        let acked = until_acknowledged(load, &mut rng, &id, &message).await;
        match read(&text, &acked) {
            Ok(passed) => user.passed.push(passed),
            Err(error) => load.findings.add(Fault::Refused, || format!("{name}: {error:#}")),
        }
        if load.is_ending() {
            break;
        }
    }
    user
}

/// Sends until the server says that it has the message.
async fn until_acknowledged(load: &Load, rng: &mut StdRng, id: &str, message: &Value) -> Value {
    loop {
        let address = load.address(rng).to_owned();
        let sending = send(load, &address, id, message);
        let sent = match rng.random_ratio(1, GIVEN_UP_ONE_IN) {
            false => sending.await,
            true => {
                let patience = Duration::from_millis(rng.random_range(PATIENCE_MS));
                tokio::time::timeout(patience, sending)
                    .await
                    .unwrap_or_else(|late| Err(late.into()))
            }
        };
        match sent {
            Ok(answer) if matches!(answer.status, 200 | 201) => return answer.body,
            Ok(answer) if matches!(answer.status, 429 | 503) => {
                sleep(Duration::from_secs(answer.retry_after_s)).await;
            }
            Ok(answer) => {
                load.findings.add(Fault::Refused, || format!("{id}: {answer:?}"));
                sleep(Duration::from_secs(1)).await;
            }
            Err(_) => sleep(RECONNECT_AFTER).await,
        }
    }
}

async fn send(load: &Load, address: &str, id: &str, message: &Value) -> Result<Answer> {
    let sent_at = signature::now_s();
    let signature = signature::sign(&load.incoming, id, sent_at, message.to_string().as_bytes())?;
    let caller = Caller::Company { id: id.to_owned(), sent_at, signature };
    let path = format!("/api/v1/incoming/{}", load.inbox);
    http::ask(address, &caller, "POST", &path, Some(message)).await
}

fn read(text: &str, message: &Value) -> Result<Passed> {
    let number =
        |key: &str| message[key].as_i64().with_context(|| format!("no {key} in {message}"));
    Ok(Passed {
        text: text.to_owned(),
        conversation: number("conversation_id")?,
        acked: (number("id")?, number("seq")?),
    })
}
