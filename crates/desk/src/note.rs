//! Notes: what agents tell each other.

use std::sync::Arc;

use domain::{
    Agent, Conversation, Error, EventKind, Id, MESSAGE_CHARS_MAX, News, Note, Permission, Result,
    clean_text,
};
use jiff::Timestamp;
use store::{Tx, note};
use uuid::Uuid;

use crate::message::get;
use crate::{Actor, Desk};

impl Desk {
    /// Writes a note into a thread.
    ///
    /// # Errors
    ///
    /// - [`Error::NotFound`] if there is no such conversation.
    /// - [`Error::Invalid`] if it says nothing or too much.
    pub async fn write_note(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        client_id: Uuid,
        text: &str,
    ) -> Result<Note> {
        actor.needs(Permission::WriteConversations)?;
        let text = said(text, "/text")?;
        let agent = actor.agent;
        let now = self.now();
        let write = move |tx: Tx| async move {
            let found = get(&tx, id).await?;
            if let Some(before) = note::find_sent(&tx, id, client_id).await? {
                return Ok(before);
            }
            add(&tx, Arc::new(found), agent, client_id, text, now).await
        };
        self.parts.store.write(actor.account, write).await
    }
}

/// What a note says, if it says something; `field` is where it was written.
pub(crate) fn said(text: &str, field: &str) -> Result<String> {
    let text = clean_text(text, field, MESSAGE_CHARS_MAX)?;
    if text.is_empty() {
        return Err(Error::invalid(field, "must not be empty"));
    }
    Ok(text)
}

/// Puts a note after the last message of a thread, and tells of it.
pub(crate) async fn add(
    tx: &Tx,
    conversation: Arc<Conversation>,
    agent: Id<Agent>,
    client_id: Uuid,
    text: String,
    now: Timestamp,
) -> Result<Note> {
    let note = Note {
        id: tx.id()?,
        conversation: conversation.id,
        after_seq: conversation.last_seq,
        agent,
        text,
        created_at: now,
    };
    note::insert(tx, &note, client_id).await?;
    let news =
        News { subject: note.id.number(), ..News::of(EventKind::NoteCreated, conversation.id) };
    tx.tell(news, Some(conversation), None, now);
    Ok(note)
}
