//! The event log: what listeners hear of it, and reading it back.
//!
//! Events are written by the transaction that they belong to; see
//! [`crate::Tx::record`].

use std::sync::Arc;

use domain::{Conversation, Event, EventKind, Message, Result};

use crate::sql::Row;
use crate::{Reader, Sql};

/// An event that is durable, with the nouns that it is about if the process
/// that wrote it is this one.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The event.
    pub event: Event,
    /// The conversation as it was after the event.
    pub conversation: Option<Arc<Conversation>>,
    /// The message that the event is about.
    pub message: Option<Arc<Message>>,
}

/// Lists the account's events after `cursor`, in order.
pub async fn list_after(reader: &Reader, cursor: i64, limit: u64) -> Result<Vec<Event>> {
    let sql = Sql::new(
        "SELECT account_id, cursor, conversation_id, subject, created_at, kind, data
         FROM event WHERE account_id = ? AND cursor > ? ORDER BY cursor LIMIT ?",
    )
    .bind(reader.account().number())
    .bind(cursor)
    .bind(limit as i64);
    reader.all(sql).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Event> {
    Ok(Event {
        account: row.id("account_id")?,
        cursor: row.get("cursor")?,
        kind: row.coded("kind", EventKind::from_number)?,
        conversation: row.maybe_id("conversation_id")?,
        subject: row.get("subject")?,
        data: row.maybe_json("data")?,
        created_at: row.time("created_at")?,
    })
}
