//! A contact's message between its arrival and the commit: what the intake
//! gathers and the bot's turn answers.
//!
//! It is cleaned and understood already, and nothing of it is stored yet.

use std::sync::Arc;

use domain::{Account, Attachment, Contact, Conversation, Id, Inbox, Language};
use uuid::Uuid;

use crate::bot::Understood;

/// A message on its way in.
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
}
