//! Attachments: files that belong to a message.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Agent, Conversation, Id, Result, Rule, Visitor};

/// How large an attachment may be, in bytes.
pub const ATTACHMENT_BYTES_MAX: usize = 10 * 1024 * 1024;

/// A file, and what is known of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Attachment {
    /// Identifies the attachment.
    pub id: Id<Attachment>,
    /// The thread that it belongs to, once it was sent.
    pub conversation: Option<Id<Conversation>>,
    /// The name that its owner gave it, cleaned; never a path.
    pub name: String,
    /// What its bytes are, by their content.
    pub content_type: String,
    /// Its length in bytes.
    pub size: i64,
    /// Width in pixels, of an image.
    pub width: Option<i32>,
    /// Height in pixels, of an image.
    pub height: Option<i32>,
    /// Where its bytes are: a key made by the server.
    pub blob_key: String,
    /// Whether its bytes may be handed out.
    pub state: AttachmentState,
    /// When it was uploaded.
    pub created_at: Timestamp,
}

/// Whether the bytes of a file may be handed out.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentState {
    /// Not before a scanner has looked at them.
    Scanning,
    /// Yes.
    Clean,
    /// Never: a scanner objected, and they are gone.
    Refused,
}

impl Attachment {
    /// Checks that the bytes may be handed out.
    ///
    /// # Errors
    ///
    /// [`Rule::FileScanning`], [`Rule::FileRefused`]
    pub fn check_clean(&self) -> Result<()> {
        match self.state {
            AttachmentState::Clean => Ok(()),
            AttachmentState::Scanning => Err(Rule::FileScanning.into()),
            AttachmentState::Refused => Err(Rule::FileRefused.into()),
        }
    }
}

/// Who uploaded a file and may therefore send it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Owner {
    /// An agent.
    Agent(Id<Agent>),
    /// A visitor, by the hash of the token.
    Visitor(Vec<u8>),
}

impl Owner {
    /// A visitor's ownership.
    pub fn of(visitor: &Visitor) -> Self {
        Owner::Visitor(visitor.token_hash.clone())
    }
}
