//! Notes: what agents tell each other.

use std::sync::Arc;

use domain::{
    Conversation, Error, EventKind, Id, MESSAGE_CHARS_MAX, News, Note, Permission, Result,
    clean_text,
};
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
        let text = clean_text(text, "/text", MESSAGE_CHARS_MAX)?;
        if text.is_empty() {
            return Err(Error::invalid("/text", "must not be empty"));
        }
        let agent = actor.agent;
        let now = self.now();
        let write = move |tx: Tx| async move {
            let found = get(&tx, id).await?;
            if let Some(before) = note::find_sent(&tx, id, client_id).await? {
                return Ok(before);
            }
            let note = Note {
                id: tx.id()?,
                conversation: id,
                after_seq: found.last_seq,
                agent,
                text,
                created_at: now,
            };
            note::insert(&tx, &note, client_id).await?;
            let news = News { subject: note.id.number(), ..News::of(EventKind::NoteCreated, id) };
            tx.tell(news, Some(Arc::new(found)), None, now);
            Ok(note)
        };
        self.parts.store.write(actor.account, write).await
    }
}
