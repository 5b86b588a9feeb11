//! Follows the event logs and tells the hub, each account's events in order.
//!
//! What this process commits arrives with its nouns and costs no reading. What
//! other processes commit is found by looking at the accounts' cursors, and is
//! read. Cursors have no gaps, so a jump shows that something is missing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{Account, Conversation, Event, EventKind, Id, Message, Result};
use store::{Committed, Store, conversation, event, message};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::sync::CancellationToken;

use crate::Desk;
use crate::clock::every;
use crate::hub::Hub;

/// How often the cursors are looked at, where other processes may write.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How many events are read at once.
const EVENTS_MAX: u64 = 500;

/// A process's view of the event logs, from a moment on.
pub struct Gateway {
    desk: Desk,
    news: broadcast::Receiver<Arc<[Committed]>>,
    told: HashMap<Id<Account>, i64>,
}

impl Desk {
    /// Begins to follow the event logs. Whoever listens from now on hears of
    /// everything that is committed from now on, once the gateway runs.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the logs cannot be read.
    pub async fn gateway(&self) -> Result<Gateway> {
        let news = self.parts.store.news();
        let cursors = store::account::cursors(&self.read(Account::NOBODY)).await?;
        Ok(Gateway { desk: self.clone(), news, told: cursors.into_iter().collect() })
    }
}

impl Gateway {
    /// Tells the live connections, until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let Gateway { desk, mut news, told } = self;
        let (store, hub) = (&desk.parts.store, &desk.parts.hub);
        let mut feed = Feed { store, hub, told };
        let mut look = every(LOOK_EVERY);
        loop {
            let result = tokio::select! {
                () = shutdown.cancelled() => return,
                round = news.recv() => match round {
                    Ok(round) => feed.hear(&round).await,
                    Err(RecvError::Lagged(_)) => feed.look().await,
                    Err(RecvError::Closed) => return,
                },
                _ = look.tick(), if store.is_shared() => feed.look().await,
            };
            if let Err(error) = result {
                // Listeners notice the gap with the next event and read for themselves.
                tracing::warn!(%error, "the event log could not be read");
            }
        }
    }
}

struct Feed<'a> {
    store: &'a Store,
    hub: &'a Hub,
    /// The cursor of the last event that the hub was told of, by account.
    told: HashMap<Id<Account>, i64>,
}

impl Feed<'_> {
    /// Passes on what this process committed.
    async fn hear(&mut self, round: &[Committed]) -> Result<()> {
        for committed in round {
            let (account, cursor) = (committed.event.account, committed.event.cursor);
            let told = self.told.entry(account).or_insert(0);
            if cursor == *told + 1 {
                *told = cursor;
                self.hub.tell(committed.clone());
            } else if cursor > *told {
                self.catch_up(account, cursor).await?;
            }
        }
        Ok(())
    }

    /// Looks for what other processes committed.
    async fn look(&mut self) -> Result<()> {
        for (account, cursor) in store::account::cursors(&self.store.read(Account::NOBODY)).await? {
            if cursor > self.told.get(&account).copied().unwrap_or(0) {
                self.catch_up(account, cursor).await?;
            }
        }
        Ok(())
    }

    /// Reads and passes on an account's events up to `cursor`.
    async fn catch_up(&mut self, account: Id<Account>, cursor: i64) -> Result<()> {
        let told = self.told.get(&account).copied().unwrap_or(0);
        if cursor - told > EVENTS_MAX as i64 {
            // Too much to tell one by one: everybody reads what concerns them.
            self.told.insert(account, cursor);
            self.hub.missed(account);
            self.hub.missed_by_all_contacts();
            return Ok(());
        }
        for committed in read_after(self.store, account, told, EVENTS_MAX).await? {
            self.told.insert(account, committed.event.cursor);
            self.hub.tell(committed);
        }
        Ok(())
    }
}

/// Reads an account's events after `cursor`, with the nouns that they are about.
pub(crate) async fn read_after(
    store: &Store,
    account: Id<Account>,
    cursor: i64,
    limit: u64,
) -> Result<Vec<Committed>> {
    let reader = store.read(account);
    let events = event::list_after(&reader, cursor, limit).await?;
    let named: Vec<Id<Conversation>> = unique(events.iter().filter_map(|event| event.conversation));
    let conversations: HashMap<Id<Conversation>, Arc<Conversation>> =
        conversation::find_many(&reader, named)
            .await?
            .into_iter()
            .map(|conversation| (conversation.id, Arc::new(conversation)))
            .collect();
    let places = unique(events.iter().filter_map(message_place));
    let messages: HashMap<(Id<Conversation>, i64), Arc<Message>> =
        message::find_many(&reader, places.into_iter())
            .await?
            .into_iter()
            .map(|message| ((message.conversation, message.seq), Arc::new(message)))
            .collect();
    let told = events.into_iter().map(|event| Committed {
        conversation: event.conversation.and_then(|id| conversations.get(&id).cloned()),
        message: message_place(&event).and_then(|place| messages.get(&place).cloned()),
        event,
    });
    Ok(told.collect())
}

/// The place of the message that an event is about.
fn message_place(event: &Event) -> Option<(Id<Conversation>, i64)> {
    let about_message = matches!(
        event.kind,
        EventKind::MessageCreated | EventKind::MessageRetracted | EventKind::MessageScanned
    );
    event.conversation.filter(|_| about_message).map(|conversation| (conversation, event.subject))
}

fn unique<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}
