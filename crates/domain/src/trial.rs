//! Trials: a release that is tried on what contacts really say before it is
//! published.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Agent, Conversation, Id, Language, Release};

/// A release that is tried on live traffic. An account has one at most.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trial {
    /// Identifies the trial.
    pub id: Id<Trial>,
    /// What is tried.
    pub release: Id<Release>,
    /// What it may do.
    pub kind: TrialKind,
    /// In a gray release, how many of a hundred conversations it answers; else 0.
    pub share: i16,
    /// Who began it.
    pub started_by: Id<Agent>,
    /// When it was begun.
    pub started_at: Timestamp,
    /// How many messages both releases were asked since.
    pub turns: i64,
    /// How many of them they took for different intents.
    pub differed: i64,
    /// How many of the turns the tried release answered.
    pub answered: i64,
    /// How many of those led to a person.
    pub answered_handoffs: i64,
    /// How many of the other turns led to a person.
    pub other_handoffs: i64,
}

/// What a tried release may do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialKind {
    /// It is asked beside the released one, and answers nobody.
    Shadow,
    /// It answers a share of the conversations.
    Gray,
}

/// A message that the tried release takes for something else than the released one.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialDifference {
    /// Identifies the difference; newer ones have greater places.
    pub id: Id<TrialDifference>,
    /// Where it was said.
    pub conversation: Id<Conversation>,
    /// Its place in that thread.
    pub seq: i64,
    /// What was said.
    pub text: String,
    /// In which language.
    pub language: Language,
    /// What the released one takes it for; empty if for nothing.
    pub released_intent: String,
    /// How sure it is, from 0 to 1.
    pub released_probability: f32,
    /// What the tried one takes it for; empty if for nothing.
    pub tried_intent: String,
    /// How sure it is, from 0 to 1.
    pub tried_probability: f32,
    /// When it was said.
    pub created_at: Timestamp,
}

impl Trial {
    /// Whether the tried release answers a conversation.
    pub fn answers(&self, conversation: Id<Conversation>) -> bool {
        is_in_share(conversation, self.share)
    }
}

/// Whether a conversation is among a share of all, in percent. The same share
/// takes the same conversations always, and a greater one takes them as well.
pub fn is_in_share(conversation: Id<Conversation>, share: i16) -> bool {
    // Ids come in blocks; multiplied so, neighbours lie far apart.
    let spread = (conversation.number() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    (spread % 100) < u64::try_from(share).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_about_as_large_as_it_says_and_grows_without_losing_any() {
        let taken = |share: i16| -> Vec<i64> {
            (1..=10_000).filter(|id| is_in_share(Id::new(*id), share)).collect()
        };

        let (none, tenth, half, all) = (taken(0), taken(10), taken(50), taken(100));

        assert_eq!((none.len(), all.len()), (0, 10_000));
        assert!((900..1_100).contains(&tenth.len()), "{}", tenth.len());
        assert!((4_800..5_200).contains(&half.len()), "{}", half.len());
        assert!(tenth.iter().all(|id| half.contains(id)));
        assert!(taken(-1).is_empty());
    }
}
