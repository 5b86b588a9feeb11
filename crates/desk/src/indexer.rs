//! Makes what was said findable: follows the event logs and fills the search
//! index.
//!
//! What contacts and agents said is indexed; the bot's own sentences are not,
//! they would drown it. Nobody waits for the index, so it is polite: it looks
//! once a second, and does little while the desk has much to do.

use std::time::Duration;

use domain::{Account, Error, Event, EventKind, Id, Message, MessageKind, Result, SenderKind};
use store::{Tx, event, follower, message, search};
use tokio_util::sync::CancellationToken;

use crate::Desk;
use crate::clock::every;
use crate::load::Load;

/// The name of this follower of the logs.
const NAME: &str = "search";
/// How often to look for what is new.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many events are dealt with in one transaction.
const EVENTS_MAX: u64 = 500;
/// How many events are dealt with in one transaction, one a second, while the desk
/// has much to do.
const BUSY_EVENTS_MAX: u64 = 100;
/// How many transactions follow each other before looking again whether the desk
/// is busy.
const BATCHES_MAX: usize = 16;

/// A message and its words.
type Words = (Id<Message>, Vec<String>);

/// Runs until `shutdown`.
pub(crate) async fn run(desk: &Desk, shutdown: CancellationToken) {
    let mut look = every(LOOK_EVERY);
    let mut load = Load::default();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = look.tick() => {}
        }
        if let Err(error) = catch_up(desk, &mut load, &shutdown).await {
            tracing::warn!(%error, "the search index could not be filled; it lags behind");
        }
    }
}

async fn catch_up(desk: &Desk, load: &mut Load, shutdown: &CancellationToken) -> Result<()> {
    let nobody = desk.read(Account::NOBODY);
    let behind = follower::list_behind(&nobody, NAME).await?;
    if behind.is_empty() {
        load.forget();
        return Ok(());
    }
    let (batches, size) = match load.look(&nobody).await? {
        true => (1, BUSY_EVENTS_MAX),
        false => (BATCHES_MAX, EVENTS_MAX),
    };
    for account in behind {
        for _ in 0..batches {
            if shutdown.is_cancelled() || !batch(desk, account, size).await? {
                break;
            }
        }
    }
    Ok(())
}

/// Indexes the next few events of an account, and tells whether there are more.
async fn batch(desk: &Desk, account: Id<Account>, size: u64) -> Result<bool> {
    let reader = desk.read(account);
    let cursor = follower::cursor(&reader, NAME).await?;
    let events = event::list_after(&reader, cursor, size).await?;
    let Some(last) = events.last().map(|event| event.cursor) else { return Ok(false) };
    let messages = message::find_many(&reader, events.iter().filter_map(said)).await?;
    let words = split(messages).await?;
    let index = move |tx: Tx| async move {
        // Another process may have been here: the index takes no message twice.
        if follower::cursor(&tx, NAME).await? == cursor {
            search::index(&tx, words.into_iter()).await?;
            follower::advance(&tx, NAME, last).await?;
        }
        Ok(())
    };
    desk.parts.store.write(account, index).await?;
    Ok(events.len() as u64 == size)
}

/// The place of what was said, if an event tells of it.
fn said(event: &Event) -> Option<(Id<domain::Conversation>, i64)> {
    let message = event.kind == EventKind::MessageCreated;
    event.conversation.filter(|_| message).map(|conversation| (conversation, event.subject))
}

/// Splits messages into words, on a thread that may take its time.
async fn split(messages: Vec<Message>) -> Result<Vec<Words>> {
    let messages: Vec<Message> = messages.into_iter().filter(is_indexed).collect();
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let work = tokio::task::spawn_blocking(move || {
        let words =
            messages.iter().map(|message| (message.id, nlu::text::search_tokens(&message.text)));
        words.filter(|(_, words)| !words.is_empty()).collect()
    });
    work.await.map_err(Error::internal)
}

fn is_indexed(message: &Message) -> bool {
    let by_a_person = matches!(message.sender.kind, SenderKind::Contact | SenderKind::Agent);
    message.kind == MessageKind::Text && by_a_person && !message.retracted
}
