//! Follows the event logs and makes a delivery of each event that a webhook
//! wants, once.
//!
//! The deliveries and the place in the log are written in one transaction, so
//! neither a crash nor a second process makes one too few or too many. An
//! account without webhooks costs one small transaction a second at most.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::{Account, Delivery, DeliveryState, Event, EventKind, Id, Result, Webhook};
use jiff::Timestamp;
use store::{Committed, Tx, event, follower, webhook};
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::Desk;
use crate::clock::every;

/// The name of this follower of the logs.
const NAME: &str = "webhooks";
/// How often to look for what other processes committed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many deliveries are made in one transaction, and how many events are
/// looked at for them at least.
const DELIVERIES_MAX: usize = 500;
const EVENTS_MIN: usize = 25;

/// Runs until `shutdown`; `due` is told of new deliveries.
pub(super) async fn run(desk: &Desk, due: &Notify, shutdown: CancellationToken) {
    let mut news = desk.parts.store.news();
    let mut look = every(LOOK_EVERY);
    let mut follower = Follower { desk, due, dealt_with: HashMap::new(), idle: HashSet::new() };
    loop {
        let result = tokio::select! {
            () = shutdown.cancelled() => return,
            round = news.recv() => match round {
                Ok(round) => follower.hear(&round).await,
                Err(RecvError::Lagged(_)) => follower.look().await,
                Err(RecvError::Closed) => return,
            },
            _ = look.tick() => {
                follower.idle.clear();
                follower.look().await
            }
        };
        if let Err(error) = result {
            // The log is not going away: the next look goes on from there.
            tracing::warn!(%error, "deliveries to webhooks could not be made");
        }
    }
}

struct Follower<'a> {
    desk: &'a Desk,
    due: &'a Notify,
    /// How far each log was dealt with, as far as this process knows.
    dealt_with: HashMap<Id<Account>, i64>,
    /// Accounts without a webhook, which are left alone until the next look.
    idle: HashSet<Id<Account>>,
}

/// What one step in a log came to.
enum Step {
    /// There may be more.
    More,
    /// Everything up to this cursor is dealt with.
    Done(i64),
    /// So it is, and no webhook listens.
    Idle(i64),
}

impl Follower<'_> {
    /// Takes note of what this process committed.
    async fn hear(&mut self, round: &[Committed]) -> Result<()> {
        let mut accounts = Vec::new();
        for Committed { event, .. } in round {
            if event.kind == EventKind::WebhookUpdated {
                self.idle.remove(&event.account);
            }
            let known =
                self.dealt_with.get(&event.account).is_some_and(|&cursor| event.cursor <= cursor);
            if !known && !self.idle.contains(&event.account) && !accounts.contains(&event.account) {
                accounts.push(event.account);
            }
        }
        self.follow(accounts).await
    }

    /// Looks for what anybody committed.
    async fn look(&mut self) -> Result<()> {
        let behind = follower::list_behind(&self.desk.read(Account::NOBODY), NAME).await?;
        let idle = &self.idle;
        let behind = behind.into_iter().filter(|account| !idle.contains(account)).collect();
        self.follow(behind).await
    }

    async fn follow(&mut self, accounts: Vec<Id<Account>>) -> Result<()> {
        for account in accounts {
            let cursor = loop {
                match self.step(account).await? {
                    Step::More => {}
                    Step::Done(cursor) => break cursor,
                    Step::Idle(cursor) => {
                        self.idle.insert(account);
                        break cursor;
                    }
                }
            };
            self.dealt_with.insert(account, cursor);
        }
        Ok(())
    }

    /// Deals with the next events of a log.
    async fn step(&self, account: Id<Account>) -> Result<Step> {
        let reader = self.desk.read(account);
        let before = follower::cursor(&reader, NAME).await?;
        let listening = listening(webhook::list(&reader).await?);
        if listening.is_empty() {
            return self.skip(account, before).await;
        }
        let size = (DELIVERIES_MAX / listening.len()).max(EVENTS_MIN);
        let events = event::list_after(&reader, before, size as u64).await?;
        let Some(last) = events.last().map(|event| event.cursor) else {
            return Ok(Step::Done(before));
        };
        let more = events.len() == size;
        let now = self.desk.now();
        let make = move |tx: Tx| async move {
            // Another process may have been here.
            if follower::cursor(&tx, NAME).await? != before {
                return Ok(None);
            }
            let deliveries = deliveries(&tx, &webhook::list(&tx).await?, &events, now)?;
            webhook::insert_deliveries(&tx, &deliveries).await?;
            follower::advance(&tx, NAME, last).await?;
            Ok(Some(deliveries.len()))
        };
        let made = self.desk.parts.store.write(account, make).await?;
        if made.is_some_and(|made| made > 0) {
            self.due.notify_one();
        }
        Ok(if made.is_none() || more { Step::More } else { Step::Done(last) })
    }

    /// Passes over everything, as nobody listens.
    async fn skip(&self, account: Id<Account>, before: i64) -> Result<Step> {
        let pass = move |tx: Tx| async move {
            // What is committed after this was read is dealt with the next time;
            // a webhook that came meanwhile hears of it.
            let end = store::account::cursor(&tx).await?;
            let nobody = listening(webhook::list(&tx).await?).is_empty();
            if nobody && follower::cursor(&tx, NAME).await? < end {
                follower::advance(&tx, NAME, end).await?;
            }
            Ok(nobody.then_some(end))
        };
        let passed = self.desk.parts.store.write(account, pass).await?;
        Ok(passed.map_or(Step::More, |end| Step::Idle(end.max(before))))
    }
}

fn listening(mut webhooks: Vec<Webhook>) -> Vec<Webhook> {
    webhooks.retain(|webhook| webhook.enabled);
    webhooks
}

fn deliveries(
    tx: &Tx,
    webhooks: &[Webhook],
    events: &[Event],
    now: Timestamp,
) -> Result<Vec<Delivery>> {
    let pairs =
        events.iter().flat_map(|event| webhooks.iter().map(move |webhook| (event, webhook)));
    let wanted = pairs.filter(|(event, webhook)| webhook.wants(event.kind));
    let deliveries = wanted.map(|(event, webhook)| {
        Ok(Delivery {
            id: tx.id()?,
            webhook: webhook.id,
            cursor: event.cursor,
            kind: event.kind,
            state: DeliveryState::Waiting,
            attempts: 0,
            status_code: None,
            error: None,
            duration_ms: None,
            next_at: now,
            created_at: now,
        })
    });
    deliveries.collect()
}
