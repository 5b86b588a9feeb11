//! One visit: questions asked one after the other, every answer checked.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::timeout_at;
use uuid::Uuid;

use super::client::{Client, Target, Trouble, parse};
use super::frame::Frame;
use super::questions::Questions;
use super::random::Random;
use super::tally::Tally;

/// How a visitor behaves.
#[derive(Clone, Copy)]
pub(super) struct Manners {
    /// How many questions are asked.
    pub(super) questions: usize,
    /// How long a visitor thinks before the next one.
    pub(super) think: Duration,
    /// How long an answer may take.
    pub(super) patience: Duration,
}

/// A visitor at the chat.
pub(super) struct Visitor<'a> {
    client: Client,
    random: Random,
    questions: &'static Questions,
    tally: &'a Mutex<Tally>,
    /// The `seq` of the last message seen.
    seq: i64,
}

/// A question on its way.
struct Asked {
    client_id: Uuid,
    name: String,
    text: &'static str,
    /// When it should have been sent.
    intended_at: Instant,
    /// When it was sent last.
    sent_at: Instant,
    acked: bool,
    seen: bool,
    answered: bool,
}

/// Plays one visit that should begin at `intended_at`.
pub(super) async fn visit(
    target: &Target,
    manners: Manners,
    random: Random,
    intended_at: Instant,
    tally: &Mutex<Tally>,
) {
    count(tally, |tally| tally.sessions += 1);
    let result = play(target, manners, random, intended_at, tally).await;
    count(tally, |tally| match result {
        Ok(()) => tally.complete += 1,
        Err(trouble) => tally.trouble(trouble),
    });
}

async fn play(
    target: &Target,
    manners: Manners,
    random: Random,
    intended_at: Instant,
    tally: &Mutex<Tally>,
) -> Result<(), Trouble> {
    let began_at = Instant::now();
    let late = began_at.duration_since(intended_at);
    let mut visitor = Visitor::enter(target, random, intended_at, manners.patience, tally).await?;
    // What delayed the beginning delays the first question, too.
    let mut intended_at = Instant::now() - late;
    for number in 0..manners.questions {
        if number > 0 {
            intended_at = Instant::now() + manners.think;
            // Even a sleep of no time takes a millisecond, which nobody thought.
            if !manners.think.is_zero() {
                tokio::time::sleep_until(intended_at.into()).await;
            }
        }
        visitor.ask(intended_at, manners.patience).await?;
    }
    visitor.leave().await;
    Ok(())
}

impl<'a> Visitor<'a> {
    /// Opens the chat.
    pub(super) async fn enter(
        target: &Target,
        mut random: Random,
        intended_at: Instant,
        patience: Duration,
        tally: &'a Mutex<Tally>,
    ) -> Result<Self, Trouble> {
        let questions = Questions::choose(&mut random);
        let opening = tokio::time::timeout(patience, Client::open(target, questions.locale));
        let client = opening.await.map_err(|_| Trouble::Connect)??;
        count(tally, |tally| tally.opened(intended_at.elapsed()));
        Ok(Visitor { client, random, questions, tally, seq: 0 })
    }

    /// Asks a question and waits for its acknowledgement and its answer.
    pub(super) async fn ask(
        &mut self,
        intended_at: Instant,
        patience: Duration,
    ) -> Result<(), Trouble> {
        let client_id = self.random.client_id();
        let mut asked = Asked {
            client_id,
            name: client_id.to_string(),
            text: self.questions.draw(&mut self.random),
            intended_at,
            sent_at: Instant::now(),
            acked: false,
            seen: false,
            answered: false,
        };
        self.client.send(asked.client_id, asked.text).await?;
        let until = (Instant::now() + patience).into();
        while !(asked.acked && asked.seen && asked.answered) {
            let Ok(text) = timeout_at(until, self.client.next()).await else {
                return Err(self.give_up(&asked));
            };
            let wait = self.hear(&parse(&text?)?, &mut asked)?;
            if let Some(wait) = wait {
                tokio::time::sleep(wait).await;
                asked.sent_at = Instant::now();
                self.client.send(asked.client_id, asked.text).await?;
            }
        }
        Ok(())
    }

    /// Closes the chat.
    pub(super) async fn leave(self) {
        self.client.close().await;
    }

    /// Takes a frame in; tells how long to wait if the question must be sent again.
    fn hear(&mut self, frame: &Frame<'_>, asked: &mut Asked) -> Result<Option<Duration>, Trouble> {
        match &*frame.kind {
            "ack" => self.hear_ack(frame, asked),
            "message.created" => self.hear_message(frame, asked),
            "slow_down" => {
                count(self.tally, |tally| tally.refused += 1);
                return Ok(Some(Duration::from_millis(frame.retry_after_ms.unwrap_or(100))));
            }
            "problem" => return Err(Trouble::Refused),
            "typing" | "pong" => {}
            _ => return Err(Trouble::Frame),
        }
        Ok(None)
    }

    fn hear_ack(&mut self, frame: &Frame<'_>, asked: &mut Asked) {
        let is_ours = frame.client_id.as_deref() == Some(&asked.name) && frame.seq.is_some();
        if !is_ours || asked.acked {
            return count(self.tally, |tally| tally.wrong += 1);
        }
        asked.acked = true;
        count(self.tally, |tally| tally.acked(asked.intended_at.elapsed()));
    }

    fn hear_message(&mut self, frame: &Frame<'_>, asked: &mut Asked) {
        let Some(message) = frame.data.as_ref().and_then(|data| data.message.as_ref()) else {
            return count(self.tally, |tally| tally.wrong += 1);
        };
        let missed = message.seq - self.seq - 1;
        if missed < 0 {
            return count(self.tally, |tally| tally.doubled += 1);
        }
        if missed > 0 {
            count(self.tally, |tally| tally.lost += missed.unsigned_abs());
        }
        self.seq = message.seq;
        match (&*message.kind, &*message.sender.kind) {
            ("text", "contact") if message.client_id.as_deref() == Some(&asked.name) => {
                asked.seen = true
            }
            ("text", "bot") if asked.answered => count(self.tally, |tally| tally.doubled += 1),
            ("text", "bot") if message.text.is_empty() => {
                count(self.tally, |tally| tally.wrong += 1)
            }
            ("text", "bot") => {
                asked.answered = true;
                let (after, accepted) = (asked.intended_at.elapsed(), asked.sent_at.elapsed());
                count(self.tally, |tally| tally.answered(after, accepted));
            }
            // Nobody else takes part in this conversation, and nothing is done to it.
            _ => count(self.tally, |tally| tally.wrong += 1),
        }
    }

    /// Counts a question that got no further in time.
    fn give_up(&self, asked: &Asked) -> Trouble {
        if !asked.acked {
            return Trouble::NoAck;
        }
        count(self.tally, |tally| {
            tally.lost += u64::from(!asked.seen) + u64::from(!asked.answered)
        });
        Trouble::NoAnswer
    }
}

/// Counts something. Held for nanoseconds, by few threads.
pub(super) fn count(tally: &Mutex<Tally>, change: impl FnOnce(&mut Tally)) {
    change(&mut tally.lock().unwrap_or_else(PoisonError::into_inner));
}
