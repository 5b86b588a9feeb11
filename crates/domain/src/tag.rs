//! Tags: labels on conversations.

use crate::Id;

/// A label.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tag {
    /// Identifies the tag.
    pub id: Id<Tag>,
    /// What it says; unique in the account.
    pub name: String,
    /// Its colour as `#rrggbb`.
    pub color: String,
}
