//! Notes: what agents tell each other about a conversation.
//!
//! They are a noun of their own, in a table of their own, so that no query
//! that serves a contact can ever return one.

use jiff::Timestamp;

use crate::{Agent, Conversation, Id};

/// An internal remark in a thread.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    /// Identifies the note.
    pub id: Id<Note>,
    /// The thread that it belongs to.
    pub conversation: Id<Conversation>,
    /// The `seq` of the last message before it, which gives its place.
    pub after_seq: i64,
    /// Who wrote it.
    pub agent: Id<Agent>,
    /// What it says, as Markdown.
    pub text: String,
    /// When it was written.
    pub created_at: Timestamp,
}
