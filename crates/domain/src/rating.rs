//! Ratings: what a contact thought of a conversation (CSAT).

use jiff::Timestamp;

use crate::{Conversation, Error, Id, Result, clean_text};

/// A contact's verdict on a resolved conversation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rating {
    /// What was rated.
    pub conversation: Id<Conversation>,
    /// From 1, bad, to 5, good.
    pub score: i16,
    /// What the contact added; may be empty.
    pub comment: String,
    /// When it was given.
    pub created_at: Timestamp,
}

impl Rating {
    /// How long a comment may be, in characters.
    pub const COMMENT_CHARS_MAX: usize = 1_000;

    /// Reads a rating as a stranger gives it.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the score is not 1 to 5 or the comment is too long.
    pub fn parse(
        conversation: Id<Conversation>,
        score: i64,
        comment: &str,
        now: Timestamp,
    ) -> Result<Self> {
        let score = i16::try_from(score)
            .ok()
            .filter(|score| (1..=5).contains(score))
            .ok_or_else(|| Error::invalid("/score", "must be a whole number from 1 to 5"))?;
        let comment = clean_text(comment, "/comment", Self::COMMENT_CHARS_MAX)?;
        Ok(Rating { conversation, score, comment, created_at: now })
    }
}
