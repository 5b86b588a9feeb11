//! Accounts: tenants, which own everything else.

use jiff::Timestamp;

use crate::{Id, Language};

/// A tenant. Nothing in it is visible from another one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Account {
    /// Identifies the account.
    pub id: Id<Account>,
    /// What the company is called.
    pub name: String,
    /// The language of whatever is not addressed to one contact.
    pub language: Language,
    /// The IANA time zone of its business hours and reports.
    pub time_zone: String,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Account {
    /// No account: what the installation does on its own behalf, such as
    /// looking for work that is due in any account.
    pub const NOBODY: Id<Account> = Id::new(0);
}
