//! Visitors: a browser or app that holds a token for a contact in one inbox.

use jiff::Timestamp;

use crate::{Contact, Id, Inbox};

/// What a visitor's token stands for.
///
/// The token itself is never stored, only its SHA-256.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Visitor {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Where the token is valid.
    pub inbox: Id<Inbox>,
    /// Who holds it.
    pub contact: Id<Contact>,
    /// When it ends unless it is used again.
    pub expires_at: Timestamp,
}

impl Visitor {
    /// How long an unused token lives, in days.
    pub const IDLE_DAYS_MAX: i64 = 30;
}
