//! Deliveries: events on their way to webhooks, each at least once.
//!
//! [`follow`] makes a delivery of each event that a webhook wants, exactly when
//! the event is in the log. Here what is due is claimed, sent and settled. A
//! claim lapses: if the process dies between the sending and the settling, the
//! event is sent again, under the same id. [`schedule`] says when a delivery
//! that failed is tried again; one that was given up stays in the list of the
//! webhook's deliveries and can be replayed.

mod follow;
mod schedule;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{
    Account, Delivery, DeliveryState, Error, EventKind, Id, News, Result, Webhook, clean_text,
};
use futures::StreamExt as _;
use futures::future::{BoxFuture, FutureExt as _};
use futures::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use outbound::signature::{self, Secret};
use outbound::{HeaderMap, HeaderValue, Response, SendError, USER_TEXT_EN};
use store::{Tx, webhook};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::clock::every;
use crate::{Desk, wire};

/// How long a claim holds: longer than a delivery may wait and take.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
/// How often to look for what is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many deliveries are under way at once.
const DELIVERIES_MAX: usize = 32;
/// How many of them go to one webhook.
const OF_ONE_WEBHOOK_MAX: usize = 8;
/// How long what is under way may take to end when the worker is asked to stop.
const FAREWELL: Duration = Duration::from_secs(5);
/// How much of a refusal's text is kept for the log of deliveries.
const ANSWER_CHARS_MAX: usize = 200;
/// The status with which a receiver says that it is gone for good.
const GONE: u16 = 410;
const CONTENT_TYPE: &str = "application/cloudevents+json";

/// Runs until `shutdown`.
pub(crate) async fn run(desk: &Desk, shutdown: CancellationToken) {
    let due = Notify::new();
    let mut post = Post::new(desk);
    tokio::join!(follow::run(desk, &due, shutdown.clone()), post.run(&due, shutdown));
}

/// What is under way.
struct Post<'a> {
    desk: &'a Desk,
    under_way: FuturesUnordered<BoxFuture<'static, Id<Webhook>>>,
    /// Of each webhook, how many are under way, and the places for those that go
    /// out at the same time.
    webhooks: HashMap<Id<Webhook>, (usize, Arc<Semaphore>)>,
}

/// How an attempt ended.
struct Outcome {
    status_code: Option<u16>,
    duration_ms: Option<i64>,
    verdict: Verdict,
}

enum Verdict {
    Delivered,
    /// It may go better later; not before the time that the receiver asked for.
    Failed(String, Option<SignedDuration>),
    /// It will not go better.
    Hopeless(String),
    /// The receiver wants to hear no more of anything.
    Gone(String),
}

impl<'a> Post<'a> {
    fn new(desk: &'a Desk) -> Self {
        Post { desk, under_way: FuturesUnordered::new(), webhooks: HashMap::new() }
    }

    async fn run(&mut self, due: &Notify, shutdown: CancellationToken) {
        let mut look = every(LOOK_EVERY);
        let mut more = true;
        loop {
            if more && self.under_way.len() < DELIVERIES_MAX {
                more = self.claim().await.unwrap_or_else(|error| {
                    tracing::warn!(%error, "deliveries to webhooks could not be claimed");
                    false
                });
            }
            let wait_for_room = more && self.under_way.len() >= DELIVERIES_MAX;
            tokio::select! {
                () = shutdown.cancelled() => break,
                Some(webhook) = self.under_way.next() => more |= self.release(webhook),
                () = due.notified(), if !wait_for_room => more = true,
                _ = look.tick(), if !wait_for_room => more = true,
                () = std::future::ready(()), if more && !wait_for_room => {}
            }
        }
        let farewell = async { while self.under_way.next().await.is_some() {} };
        // What does not end in time is sent again, by whoever claims it.
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
    }

    /// Claims a few deliveries and begins them, in the order of their events;
    /// tells whether more may be due.
    async fn claim(&mut self) -> Result<bool> {
        let busy: Vec<Id<Webhook>> = self
            .webhooks
            .iter()
            .filter(|(_, (count, _))| *count >= OF_ONE_WEBHOOK_MAX)
            .map(|(&id, _)| id)
            .collect();
        let limit = OF_ONE_WEBHOOK_MAX.min(DELIVERIES_MAX - self.under_way.len());
        let now = self.desk.now();
        let claim = move |tx: Tx| async move {
            webhook::claim_deliveries(&tx, now, now + CLAIM, &busy, limit as u64).await
        };
        let claimed = self.desk.parts.store.write(Account::NOBODY, claim).await?;
        let full = claimed.len() == limit;
        for (account, delivery) in claimed {
            let id = delivery.webhook;
            let new = || (0, Arc::new(Semaphore::new(OF_ONE_WEBHOOK_MAX)));
            let (count, places) = self.webhooks.entry(id).or_insert_with(new);
            *count += 1;
            self.under_way
                .push(carry(self.desk.clone(), account, delivery, places.clone()).boxed());
        }
        Ok(full)
    }

    /// Takes note that a delivery ended; tells whether its webhook was busy, so
    /// that more may be due.
    fn release(&mut self, id: Id<Webhook>) -> bool {
        let Some((count, _)) = self.webhooks.get_mut(&id) else { return false };
        let was_busy = *count >= OF_ONE_WEBHOOK_MAX;
        *count -= 1;
        if *count == 0 {
            self.webhooks.remove(&id);
        }
        was_busy
    }
}

/// Waits for a place, and carries a delivery out.
async fn carry(
    desk: Desk,
    account: Id<Account>,
    delivery: Delivery,
    places: Arc<Semaphore>,
) -> Id<Webhook> {
    let _place = places.acquire_owned().await;
    if let Err(error) = attempt(&desk, account, &delivery).await {
        tracing::warn!(%error, delivery.id = %delivery.id, "a delivery to a webhook is left to be claimed again");
    }
    delivery.webhook
}

/// Sends a delivery and notes how it went.
async fn attempt(desk: &Desk, account: Id<Account>, delivery: &Delivery) -> Result<()> {
    let Some(webhook) = webhook::find(&desk.read(account), delivery.webhook).await? else {
        return Ok(());
    };
    if desk.now() >= delivery.next_at {
        // It waited for its turn until the claim lapsed; somebody else may have it.
        return Ok(());
    }
    let outcome = match webhook.enabled {
        true => send(desk, account, &webhook, delivery).await?,
        false => hopeless("the webhook is switched off; switch it on and replay the delivery"),
    };
    settle(desk, account, delivery, outcome).await
}

async fn send(
    desk: &Desk,
    account: Id<Account>,
    webhook: &Webhook,
    delivery: &Delivery,
) -> Result<Outcome> {
    let Some(body) = render(desk, account, delivery.cursor).await? else {
        return Ok(hopeless("the event is not in the log"));
    };
    let now = desk.now();
    let headers = headers(account, webhook, delivery.cursor, now, &body)?;
    let target = match desk.parts.outbound.parse(&webhook.url) {
        Ok(target) => target,
        Err(refusal) => return Ok(unanswered(webhook, &SendError::Refused(refusal), None)),
    };
    let started = Instant::now();
    let answer = desk.parts.outbound.post(&target, headers, body.into()).await;
    Ok(match answer {
        Ok(answer) => answered(&answer, now),
        Err(error) => unanswered(webhook, &error, Some(started.elapsed())),
    })
}

/// The event as it goes over the wire, or `None` if there is none.
async fn render(desk: &Desk, account: Id<Account>, cursor: i64) -> Result<Option<Vec<u8>>> {
    let found = desk.events_after(account, cursor - 1, 1).await?.pop();
    let Some(view) = found.filter(|view| view.event.cursor == cursor) else { return Ok(None) };
    let body = serde_json::to_vec(&wire::Event::for_agents(&view)).map_err(Error::internal)?;
    Ok(Some(body))
}

/// The headers that name and sign a delivery: the same name in every attempt.
fn headers(
    account: Id<Account>,
    webhook: &Webhook,
    cursor: i64,
    now: Timestamp,
    body: &[u8],
) -> Result<HeaderMap> {
    let secrets = webhook.secrets.live(now).into_iter().map(str::parse);
    let secrets: Vec<Secret> = secrets.collect::<Result<_, _>>().map_err(Error::internal)?;
    let id = format!("evt_{account}_{cursor}");
    let mut headers =
        signature::sign(&secrets, &id, now.as_second(), body).map_err(Error::internal)?;
    headers.insert("content-type", HeaderValue::from_static(CONTENT_TYPE));
    Ok(headers)
}

fn answered(answer: &Response, now: Timestamp) -> Outcome {
    let verdict = if answer.is_success() {
        Verdict::Delivered
    } else {
        let text = String::from_utf8_lossy(&answer.body);
        let text: String = text.chars().take(ANSWER_CHARS_MAX).collect();
        let text = clean_text(&text, "", ANSWER_CHARS_MAX).unwrap_or_default();
        let said = if text.is_empty() { String::new() } else { format!(": {text}") };
        let said = format!("the receiver answered {}{said}", answer.status);
        let asked = answer.headers.get("retry-after").and_then(|value| value.to_str().ok());
        match answer.status {
            GONE => Verdict::Gone(said),
            _ => Verdict::Failed(said, asked.and_then(|value| schedule::retry_after(value, now))),
        }
    };
    let duration_ms = i64::try_from(answer.duration.as_millis()).ok();
    Outcome { status_code: Some(answer.status), duration_ms, verdict }
}

/// What the log of deliveries says when there was no answer. Why an address
/// could not be reached, and how soon that was known, is for the server's own
/// log: it would draw a map of the network behind it.
fn unanswered(webhook: &Webhook, error: &SendError, took: Option<Duration>) -> Outcome {
    tracing::info!(webhook.id = %webhook.id, reason = error.code(), "a webhook did not answer");
    let (text, took) = match error {
        SendError::Refused(_) | SendError::Unreachable(_) => (USER_TEXT_EN.to_owned(), None),
        _ => (error.to_string(), took),
    };
    let duration_ms = took.and_then(|took| i64::try_from(took.as_millis()).ok());
    Outcome { status_code: None, duration_ms, verdict: Verdict::Failed(text, None) }
}

fn hopeless(why: &str) -> Outcome {
    Outcome { status_code: None, duration_ms: None, verdict: Verdict::Hopeless(why.to_owned()) }
}

/// Notes how an attempt went, unless somebody else has the delivery by now.
async fn settle(
    desk: &Desk,
    account: Id<Account>,
    claimed: &Delivery,
    outcome: Outcome,
) -> Result<()> {
    let now = desk.now();
    let settled = next(desk, claimed, &outcome, now);
    metrics::counter!("attune_webhook_deliveries_total", "state" => state_name(settled.state))
        .increment(1);
    if settled.state == DeliveryState::Dead {
        let (delivery, webhook) = (claimed.id, claimed.webhook);
        tracing::warn!(delivery.id = %delivery, webhook.id = %webhook, "a delivery was given up; it can be replayed");
    }
    let gone = matches!(outcome.verdict, Verdict::Gone(_));
    let claimed = claimed.clone();
    let settle = move |tx: Tx| async move {
        let found = webhook::find_delivery(&tx, claimed.webhook, claimed.id).await?;
        let state = |delivery: &Delivery| (delivery.state, delivery.attempts, delivery.next_at);
        if found.is_none_or(|found| state(&found) != state(&claimed)) {
            return Ok(());
        }
        webhook::update_delivery(&tx, &settled).await?;
        match gone {
            true => switch_off(&tx, claimed.webhook, now).await,
            false => Ok(()),
        }
    };
    desk.parts.store.write(account, settle).await
}

/// What becomes of a delivery after an attempt.
fn next(desk: &Desk, claimed: &Delivery, outcome: &Outcome, now: Timestamp) -> Delivery {
    let mut delivery = claimed.clone();
    delivery.status_code = outcome.status_code.map(i32::from);
    delivery.duration_ms = outcome.duration_ms;
    let (state, error, next_at) = match &outcome.verdict {
        Verdict::Delivered => (DeliveryState::Delivered, None, now),
        Verdict::Hopeless(why) | Verdict::Gone(why) => (DeliveryState::Dead, Some(why), now),
        Verdict::Failed(why, asked) => {
            let attempts_max = desk.parts.limits.delivery_attempts_max;
            let draw = u32::from_le_bytes(desk.draw());
            match schedule::wait(delivery.attempts, attempts_max, draw, *asked) {
                Some(wait) => (DeliveryState::Waiting, Some(why), now + wait),
                None => (DeliveryState::Dead, Some(why), now),
            }
        }
    };
    delivery.state = state;
    delivery.error = error.cloned();
    delivery.next_at = next_at;
    delivery
}

/// Switches a webhook off, as its receiver wants to hear no more.
async fn switch_off(tx: &Tx, id: Id<Webhook>, now: Timestamp) -> Result<()> {
    let Some(mut webhook) = webhook::find(tx, id).await?.filter(|webhook| webhook.enabled) else {
        return Ok(());
    };
    webhook.enabled = false;
    webhook::save(tx, &webhook).await?;
    tx.record(News::about(EventKind::WebhookUpdated, id), now);
    Ok(())
}

fn state_name(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "failed",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Dead => "dead",
    }
}
