//! Contacts: the persons who ask, and their addresses on channels.

use jiff::Timestamp;

use crate::{Id, Inbox, Language};

/// A person who asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contact {
    /// Identifies the contact.
    pub id: Id<Contact>,
    /// What the person is called, if that is known.
    pub name: Option<String>,
    /// An e-mail address, if one is known.
    pub email: Option<String>,
    /// A phone number, if one is known.
    pub phone: Option<String>,
    /// The language last used.
    pub language: Language,
    /// Whether the company vouched for who this is, with a signed identity.
    pub verified: bool,
    /// When the contact first appeared.
    pub created_at: Timestamp,
}

/// A contact's address in one inbox, for which the company vouches.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// Whose address it is.
    pub contact: Id<Contact>,
    /// Where it is valid.
    pub inbox: Id<Inbox>,
    /// The company's own name for the person, from the signed token's `sub`.
    pub address: String,
}
