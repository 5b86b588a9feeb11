//! A contact's message between its arrival and the commit, and what came of it.

use std::sync::Arc;

use domain::{Account, Attachment, Contact, Conversation, Id, Inbox, Language, Message, Quota};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::bot::Tried;
use crate::entities::Told;
use crate::understand::Understood;

/// How many messages a visitor may send, by all connections. Each process counts
/// before it understands a message; where there are several, the round that writes
/// the message counts for all of them.
pub(crate) const MESSAGES: Quota = Quota::new(20, SignedDuration::from_secs(10));

/// A message on its way in. It is cleaned and understood already, and nothing of
/// it is stored yet.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) account: Id<Account>,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) token_hash: [u8; 32],
    /// The sender, if known already.
    pub(crate) contact: Option<Id<Contact>>,
    /// The thread, if known already.
    pub(crate) conversation: Option<Id<Conversation>>,
    /// The language that the visitor's page is in.
    pub(crate) language: Language,
    pub(crate) client_id: Uuid,
    pub(crate) text: String,
    pub(crate) quick_reply: Option<String>,
    pub(crate) attachments: Vec<Id<Attachment>>,
    pub(crate) understood: Understood,
    /// What of it an agent may be told.
    pub(crate) told: Told,
    /// What a bot on trial makes of it, which counts if the thread is among those
    /// that it answers. A new thread has no identity yet by which that is told.
    pub(crate) tried: Option<TriedTurn>,
}

/// What a bot on trial makes of a message.
#[derive(Clone)]
pub(crate) struct TriedTurn {
    pub(crate) by: Tried,
    pub(crate) understood: Understood,
}

impl std::fmt::Debug for TriedTurn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TriedTurn").field("trial", &self.by.trial).finish_non_exhaustive()
    }
}

/// What came of a message.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The message.
    pub id: Id<Message>,
    /// Its place in the thread.
    pub seq: i64,
    /// Who sent it.
    pub contact: Id<Contact>,
    /// The thread as it is now.
    pub conversation: Arc<Conversation>,
    /// What was added to the thread: the message and the answers to it. Empty if
    /// the message had been sent before.
    pub added: Vec<Arc<Message>>,
}
