//! A visitor: asks numbered questions, sends again what was not acknowledged,
//! and checks everything that it hears.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use crate::findings::Fault;
use crate::load::{Load, RECONNECT_AFTER, digest};
use crate::socket::Socket;

/// How long the server may take to say welcome, or to acknowledge a message.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(20);
/// How many messages one connection sends.
const SENDS_MAX: usize = 16;
/// How many questions a visitor asks: no more than pass at once, by however many connections.
const QUESTIONS: std::ops::Range<usize> = 5..20;
/// How long a visitor thinks before each question, in milliseconds.
const THINK_MS: std::ops::Range<u64> = 0..60;
/// What is asked: words, and the reply that was tapped, if any.
pub(crate) const TOPICS: [(&str, Option<&str>); 6] = [
    ("我想查询基金的收益情况", None),
    ("我的快递到哪了", None),
    ("where can I see my returns", None),
    ("查询收益", Some("query_yield")),
    ("购买产品", Some("buy_product")),
    ("账户管理", Some("account_management")),
];
/// What is said to get a person, and one question out of how many it is.
const PERSON: &str = "转人工";
const PERSON_ONE_IN: u32 = 40;

/// A visitor and all that it knows.
#[derive(Debug)]
pub(crate) struct Visitor {
    /// Names the visitor in reports.
    pub(crate) name: String,
    /// Proves to the server who it is.
    pub(crate) token: Option<String>,
    /// What it asked, in order.
    pub(crate) asked: Vec<Asked>,
    /// What it heard, in order.
    pub(crate) heard: Vec<Entry>,
    /// Its thread.
    pub(crate) conversation: Option<i64>,
    /// Whether the server asked it to wait, so that the order is its own doing.
    pub(crate) was_slowed: bool,
    rng: StdRng,
    window: usize,
    questions: usize,
    think_ms: std::ops::Range<u64>,
}

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The visitor's own name for it.
    pub(crate) client_id: Uuid,
    /// The words.
    pub(crate) text: String,
    /// The reply that was tapped.
    pub(crate) quick_reply: Option<&'static str>,
    /// The identity and place that the server acknowledged.
    pub(crate) acked: Option<(i64, i64)>,
    /// When it was sent first.
    pub(crate) sent_at: Instant,
}

/// An entry of a thread, as it is compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Entry {
    /// The message's identity.
    pub(crate) id: i64,
    /// Its place in the thread.
    pub(crate) seq: i64,
    /// Who said it.
    pub(crate) sender: Sender,
    /// The sender's own name for it.
    pub(crate) client_id: Option<Uuid>,
    /// Stands for the words.
    pub(crate) text: u64,
}

/// Who said something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sender {
    Contact,
    Agent,
    Bot,
    /// A public fact; whether it is that a person is wanted.
    Activity {
        handed_off: bool,
    },
}

impl Entry {
    /// Reads a message as the server writes it.
    pub(crate) fn read(message: &Value) -> Result<Self> {
        let number =
            |key: &str| message[key].as_i64().with_context(|| format!("no {key} in {message}"));
        let sender = match (message["kind"].as_str(), message["sender"]["kind"].as_str()) {
            (Some("activity"), _) => {
                Sender::Activity { handed_off: message["activity"] == "handed_off" }
            }
            (_, Some("contact")) => Sender::Contact,
            (_, Some("agent")) => Sender::Agent,
            (_, Some("bot")) => Sender::Bot,
            other => bail!("nobody known said {message}: {other:?}"),
        };
        Ok(Entry {
            id: number("id")?,
            seq: number("seq")?,
            sender,
            client_id: message["client_id"].as_str().map(Uuid::parse_str).transpose()?,
            text: digest(message["text"].as_str().unwrap_or_default()),
        })
    }
}

/// Lets visitors come one after another until the load ends.
pub(crate) async fn come_and_go(load: Arc<Load>, client: usize) {
    let mut number = 0;
    while !load.is_ending() {
        let mut visitor = Visitor::new(&load, &format!("visitor {client}.{number}"));
        visitor.visit(&load).await;
        load.visitors.lock().expect("nobody panics while holding it").push(visitor);
        number += 1;
    }
}

/// Lets so many visitors come who ask as much as one connection lets them, without thinking.
pub(crate) async fn hurry(load: Arc<Load>, client: usize, visitors: usize) {
    for number in 0..visitors {
        let mut visitor = Visitor::new(&load, &format!("hurried visitor {client}.{number}"));
        (visitor.window, visitor.questions, visitor.think_ms) = (4, SENDS_MAX, 0..1);
        visitor.visit(&load).await;
    }
}

impl Visitor {
    /// A visitor who will ask what the seed says.
    pub(crate) fn new(load: &Load, name: &str) -> Self {
        let mut rng = load.randomness(name);
        Visitor {
            name: name.to_owned(),
            token: None,
            asked: Vec::new(),
            heard: Vec::new(),
            conversation: None,
            was_slowed: false,
            // Half of them wait for each acknowledgement.
            window: if rng.random_bool(0.5) { 1 } else { rng.random_range(2..=4) },
            questions: rng.random_range(QUESTIONS),
            think_ms: THINK_MS,
            rng,
        }
    }

    /// Asks everything, through as many connections as it takes.
    async fn visit(&mut self, load: &Load) {
        while !self.is_done(load) {
            // Whatever ends a connection, the next one goes on.
            let _ = self.connect_and_talk(load).await;
            if !self.is_done(load) {
                sleep(RECONNECT_AFTER).await;
            }
        }
    }

    /// Hears what it missed until its thread is complete.
    pub(crate) async fn complete(&mut self, load: &Load) -> Result<()> {
        let mut socket = self.enter(load, self.last_seq()).await?;
        let welcome = socket.next_within(ANSWER_TIME_MAX).await?;
        let last_seq = welcome["conversation"]["last_seq"].as_i64().unwrap_or(0);
        while self.last_seq() < last_seq {
            let frame = socket.next_within(ANSWER_TIME_MAX).await?;
            self.hear(load, &frame)?;
        }
        Ok(())
    }

    /// Reads the whole thread anew, as a page that was just opened does.
    pub(crate) async fn reread(&self, load: &Load) -> Result<Vec<Entry>> {
        let mut socket = self.enter(load, 0).await?;
        let welcome = socket.next_within(ANSWER_TIME_MAX).await?;
        let last_seq = welcome["conversation"]["last_seq"].as_i64().unwrap_or(0);
        let mut entries: Vec<Entry> = Vec::new();
        while entries.last().map_or(0, |entry| entry.seq) < last_seq {
            let frame = socket.next_within(ANSWER_TIME_MAX).await?;
            if frame["type"] == "message.created" {
                entries.push(Entry::read(&frame["data"]["message"])?);
            }
        }
        Ok(entries)
    }

    fn is_done(&self, load: &Load) -> bool {
        let asked_all = self.asked.len() >= self.questions || load.is_ending();
        asked_all && self.unacked() == 0
    }

    fn unacked(&self) -> usize {
        self.asked.iter().rev().take(8).filter(|asked| asked.acked.is_none()).count()
    }

    fn last_seq(&self) -> i64 {
        self.heard.last().map_or(0, |entry| entry.seq)
    }

    async fn enter(&self, load: &Load, after: i64) -> Result<Socket> {
        let address = load.address(&mut self.rng.clone());
        let mut socket = Socket::open(address, "/api/v1/visitor/live").await?;
        let mut hello =
            json!({"type": "hello", "inbox": load.inbox, "after": after, "locale": "zh"});
        if let Some(token) = &self.token {
            hello["token"] = token.as_str().into();
        }
        socket.send(&hello).await?;
        Ok(socket)
    }

    async fn connect_and_talk(&mut self, load: &Load) -> Result<()> {
        // The next connection may go to another server.
        let _: u8 = self.rng.random();
        let mut socket = self.enter(load, self.last_seq()).await?;
        let welcome = socket.next_within(ANSWER_TIME_MAX).await?;
        let token =
            welcome["token"].as_str().with_context(|| format!("no welcome but {welcome}"))?;
        let is_other = self.token.as_deref().is_some_and(|before| before != token);
        load.findings
            .check(!is_other, Fault::Lost, || format!("{}: its token was forgotten", self.name));
        self.token = Some(token.to_owned());
        self.send_again(&mut socket).await?;
        self.talk(load, &mut socket).await
    }

    /// Sends what was not acknowledged, in order.
    async fn send_again(&mut self, socket: &mut Socket) -> Result<()> {
        for asked in self.asked.iter().filter(|asked| asked.acked.is_none()) {
            socket.send(&asked.frame()).await?;
        }
        Ok(())
    }

    async fn talk(&mut self, load: &Load, socket: &mut Socket) -> Result<()> {
        let mut sends_left = SENDS_MAX - self.unacked();
        let mut ask_at = Instant::now() + self.think();
        let mut silent_since = Instant::now();
        while !self.is_done(load) {
            let may_ask = sends_left > 0
                && self.unacked() < self.window
                && self.asked.len() < self.questions
                && !load.is_ending();
            tokio::select! {
                frame = socket.next() => {
                    silent_since = Instant::now();
                    let frame = frame?;
                    if frame["type"] == "slow_down" {
                        self.wait_and_send_again(load, socket, &frame).await?;
                    } else {
                        self.hear(load, &frame)?;
                    }
                }
                () = sleep_until(ask_at), if may_ask => {
                    let asked = self.question();
                    socket.send(&asked.frame()).await?;
                    self.asked.push(asked);
                    sends_left -= 1;
                    ask_at = Instant::now() + self.think();
                }
                () = sleep(Duration::from_millis(500)) => {}
            }
            if sends_left == 0 && self.unacked() == 0 {
                return Ok(()); // a new connection may send again
            }
            if self.unacked() > 0 && silent_since.elapsed() > ANSWER_TIME_MAX {
                load.findings.add(Fault::Slow, || {
                    format!("{}: no acknowledgement in {ANSWER_TIME_MAX:?}", self.name)
                });
                return Ok(());
            }
        }
        Ok(())
    }

    fn think(&mut self) -> Duration {
        Duration::from_millis(self.rng.random_range(self.think_ms.clone()))
    }

    fn question(&mut self) -> Asked {
        let client_id = uuid::Builder::from_random_bytes(self.rng.random()).into_uuid();
        let number = self.asked.len() + 1;
        let (text, quick_reply) = match self.rng.random_ratio(1, PERSON_ONE_IN) {
            true => (PERSON.to_owned(), None),
            false => {
                let (words, quick_reply) = TOPICS[self.rng.random_range(0..TOPICS.len())];
                (format!("{words} {number}"), quick_reply)
            }
        };
        Asked { client_id, text, quick_reply, acked: None, sent_at: Instant::now() }
    }

    async fn wait_and_send_again(
        &mut self,
        load: &Load,
        socket: &mut Socket,
        frame: &Value,
    ) -> Result<()> {
        load.slow_downs.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.was_slowed = true;
        sleep(Duration::from_millis(frame["retry_after_ms"].as_u64().unwrap_or(1_000))).await;
        self.send_again(socket).await
    }

    fn hear(&mut self, load: &Load, frame: &Value) -> Result<()> {
        match frame["type"].as_str() {
            Some("ack") => self.hear_ack(load, frame),
            Some("message.created") => self.hear_message(load, frame),
            Some("typing" | "pong") => Ok(()),
            _ => {
                load.findings.add(Fault::Refused, || format!("{}: {frame}", self.name));
                bail!("an unexpected frame")
            }
        }
    }

    fn hear_ack(&mut self, load: &Load, frame: &Value) -> Result<()> {
        let (id, seq) =
            frame["id"].as_i64().zip(frame["seq"].as_i64()).context("an ack has id and seq")?;
        let client_id = Uuid::parse_str(frame["client_id"].as_str().unwrap_or_default())?;
        let before = self.asked.iter().filter_map(|asked| asked.acked).map(|(_, seq)| seq).max();
        let name = &self.name;
        let asked = self.asked.iter_mut().find(|asked| asked.client_id == client_id);
        let Some(asked) = asked else {
            load.findings.add(Fault::Foreign, || {
                format!("{name}: {client_id} is acknowledged and was never sent")
            });
            return Ok(());
        };
        match asked.acked {
            Some(acked) => load.findings.check(acked == (id, seq), Fault::Doubled, || {
                format!("{name}: {client_id} was {acked:?}, and {:?} when sent again", (id, seq))
            }),
            None => {
                let follows = self.was_slowed || before.is_none_or(|before| before < seq);
                load.findings.check(follows, Fault::Disordered, || {
                    format!("{name}: {client_id} got seq {seq} after {before:?}")
                });
                asked.acked = Some((id, seq));
                let took = asked.sent_at.elapsed();
                load.ack_times.lock().expect("nobody panics while holding it").push(took);
            }
        }
        Ok(())
    }

    fn hear_message(&mut self, load: &Load, frame: &Value) -> Result<()> {
        let entry = Entry::read(&frame["data"]["message"])?;
        let conversation = frame["data"]["conversation"]["id"].as_i64();
        let name = &self.name;
        if self.conversation.is_some() && self.conversation != conversation {
            let before = self.conversation;
            load.findings.add(Fault::Doubled, || {
                format!("{name}: has two threads, {before:?} and {conversation:?}")
            });
        }
        self.conversation = conversation;
        let last_seq = self.last_seq();
        match entry.seq - last_seq {
            1 => self.heard.push(entry),
            ..1 => load.findings.add(Fault::Doubled, || {
                format!("{name}: heard seq {} after {last_seq}", entry.seq)
            }),
            _ => {
                load.findings.add(Fault::Gap, || {
                    format!("{name}: heard seq {} after {last_seq}", entry.seq)
                });
                bail!("a gap: connect again")
            }
        }
        Ok(())
    }
}

impl Asked {
    fn frame(&self) -> Value {
        let mut frame = json!({"type": "send", "client_id": self.client_id, "text": self.text});
        if let Some(quick_reply) = self.quick_reply {
            frame["quick_reply"] = quick_reply.into();
        }
        frame
    }
}
