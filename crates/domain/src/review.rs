//! The review queue: what contacts said that the bot should learn from, for a
//! trainer to decide. Nothing of it enters training undecided.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Agent, Conversation, Error, Id, Language, Release, Result};

/// Something that contacts said, for a trainer to decide what it meant.
///
/// The same text, but for case, width and punctuation, is one item however often
/// it is said.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewItem {
    /// Identifies the item.
    pub id: Id<ReviewItem>,
    /// A hash of what makes texts the same.
    pub text_hash: Vec<u8>,
    /// Where it was said last.
    pub conversation: Id<Conversation>,
    /// Its place in that thread.
    pub seq: i64,
    /// What was said.
    pub text: String,
    /// In which language.
    pub language: Language,
    /// Why it is here.
    pub reason: ReviewReason,
    /// What the bot took it for; empty if for nothing.
    pub predicted: String,
    /// How sure the bot was, from 0 to 1.
    pub probability: f32,
    /// Which release took it for that.
    pub release: Option<Id<Release>>,
    /// What somebody says that it meant.
    pub suggested: Option<String>,
    /// How often it was said.
    pub seen: i64,
    /// How useful it is to decide it; more is better.
    pub usefulness: i64,
    /// Whether it was decided, and how.
    pub state: ReviewState,
    /// What it meant, as a trainer decided.
    pub decided_intent: Option<String>,
    /// Who decided.
    pub decided_by: Option<Id<Agent>>,
    /// When that was.
    pub decided_at: Option<Timestamp>,
    /// When it was first said.
    pub first_seen_at: Timestamp,
    /// When it was last said.
    pub last_seen_at: Timestamp,
}

/// Why something is in the queue, the weakest reason first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    /// The bot was not sure of it.
    Uncertain,
    /// It led to a person.
    HandedOff,
    /// The contact was not content with the conversation.
    BadlyRated,
    /// Somebody says that it meant something else.
    Corrected,
}

/// Whether an item was decided, and how.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Nobody decided yet.
    Open,
    /// The bot, or whoever corrected it, was right.
    Accepted,
    /// It meant something else.
    Corrected,
    /// Nothing is to be learned from it.
    Rejected,
}

/// What a trainer decides.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Decision {
    /// It means what was suggested, or else what the bot took it for.
    Accept,
    /// It means this intent.
    Correct(String),
    /// Nothing is to be learned from it.
    Reject,
}

impl ReviewReason {
    /// What an item for this reason is worth before anything else is known of it.
    fn weight(self) -> i64 {
        match self {
            ReviewReason::Uncertain => 0,
            ReviewReason::HandedOff => 150,
            ReviewReason::BadlyRated => 200,
            ReviewReason::Corrected => 300,
        }
    }
}

/// Measures how useful it is to decide an item: how strong the reason is, how
/// unsure the bot was (up to 100), and how often it was said (50 for each doubling).
pub fn usefulness(reason: ReviewReason, probability: f32, seen: i64) -> i64 {
    let doubt = (100.0 * (1.0 - probability.clamp(0.0, 1.0))) as i64;
    let doublings = (seen.max(1) as f64).log2();
    reason.weight() + doubt + (50.0 * doublings) as i64
}

impl ReviewItem {
    /// Takes note of it again, as `newer` has it; `newer` was said no time if the message
    /// is one that was counted before. What was decided stays so, unless somebody objects.
    pub fn see_again(&mut self, newer: ReviewItem) {
        self.seen = self.seen.saturating_add(newer.seen);
        self.last_seen_at = self.last_seen_at.max(newer.last_seen_at);
        let objects = newer.reason == ReviewReason::Corrected;
        if self.state != ReviewState::Open && !objects {
            return;
        }
        if self.state != ReviewState::Open {
            self.reason = newer.reason;
            self.state = ReviewState::Open;
            self.decided_intent = None;
            self.decided_by = None;
            self.decided_at = None;
        }
        self.reason = self.reason.max(newer.reason);
        self.suggested = newer.suggested.or(self.suggested.take());
        (self.conversation, self.seq) = (newer.conversation, newer.seq);
        (self.predicted, self.probability) = (newer.predicted, newer.probability);
        self.release = newer.release;
        self.usefulness = usefulness(self.reason, self.probability, self.seen);
    }

    /// The intent that a decision gives the item; `None` if it is rejected.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if there is nothing to accept.
    pub fn intent_by(&self, decision: &Decision) -> Result<Option<String>> {
        match decision {
            Decision::Reject => Ok(None),
            Decision::Correct(intent) => Ok(Some(intent.clone())),
            Decision::Accept => {
                let taken_for = Some(&self.predicted).filter(|intent| !intent.is_empty());
                let intent = self.suggested.as_ref().or(taken_for).cloned();
                let detail = "the bot took it for nothing; correct it with an intent";
                intent.map(Some).ok_or_else(|| Error::invalid("/decision", detail))
            }
        }
    }

    /// Decides; `None` if it was decided so before.
    ///
    /// # Errors
    ///
    /// [`Error::Stale`] if it was decided otherwise; [`Error::Invalid`] as
    /// [`ReviewItem::intent_by`].
    pub fn decide(
        &mut self,
        decision: &Decision,
        by: Id<Agent>,
        now: Timestamp,
    ) -> Result<Option<()>> {
        let intent = self.intent_by(decision)?;
        let state = match decision {
            Decision::Accept => ReviewState::Accepted,
            Decision::Correct(_) => ReviewState::Corrected,
            Decision::Reject => ReviewState::Rejected,
        };
        if self.state != ReviewState::Open {
            let is_same = self.state == state && self.decided_intent == intent;
            return if is_same { Ok(None) } else { Err(Error::Stale("the review item")) };
        }
        self.state = state;
        self.decided_intent = intent;
        self.decided_by = Some(by);
        self.decided_at = Some(now);
        Ok(Some(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(reason: ReviewReason, probability: f32) -> ReviewItem {
        ReviewItem {
            id: Id::new(1),
            text_hash: vec![1],
            conversation: Id::new(2),
            seq: 3,
            text: "退".into(),
            language: Language::Zh,
            reason,
            predicted: "refund".into(),
            probability,
            release: None,
            suggested: None,
            seen: 1,
            usefulness: usefulness(reason, probability, 1),
            state: ReviewState::Open,
            decided_intent: None,
            decided_by: None,
            decided_at: None,
            first_seen_at: Timestamp::UNIX_EPOCH,
            last_seen_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_was_corrected_comes_first_and_what_is_said_often_before_what_is_said_once() {
        use ReviewReason::*;

        assert!(usefulness(Corrected, 0.99, 1) > usefulness(BadlyRated, 0.5, 1));
        assert!(usefulness(Uncertain, 0.2, 1) > usefulness(Uncertain, 0.6, 1));
        assert!(usefulness(Uncertain, 0.6, 4) > usefulness(Uncertain, 0.2, 1));
        assert_eq!(usefulness(Uncertain, f32::NAN, 0), 0, "nothing breaks it");
    }

    #[test]
    fn said_again_it_counts_and_keeps_the_strongest_reason() {
        let mut kept = item(ReviewReason::BadlyRated, 0.5);

        kept.see_again(item(ReviewReason::Uncertain, 0.25));

        assert_eq!((kept.seen, kept.reason), (2, ReviewReason::BadlyRated));
        assert_eq!(kept.usefulness, 200 + 75 + 50);
    }

    #[test]
    fn what_was_decided_stays_so_unless_somebody_objects() {
        let mut kept = item(ReviewReason::Uncertain, 0.5);
        let (by, now) = (Id::new(9), Timestamp::UNIX_EPOCH);
        assert_eq!(kept.decide(&Decision::Reject, by, now).unwrap(), Some(()));
        assert_eq!(kept.decide(&Decision::Reject, by, now).unwrap(), None);
        let otherwise = kept.decide(&Decision::Accept, by, now);
        assert!(matches!(otherwise, Err(Error::Stale(_))), "{otherwise:?}");

        kept.see_again(item(ReviewReason::HandedOff, 0.5));
        assert_eq!((kept.state, kept.seen), (ReviewState::Rejected, 2));
        let objection =
            ReviewItem { suggested: Some("parcel".into()), ..item(ReviewReason::Corrected, 0.5) };
        kept.see_again(objection);

        assert_eq!((kept.state, kept.decided_by), (ReviewState::Open, None));
        kept.decide(&Decision::Accept, by, now).unwrap();
        assert_eq!(kept.decided_intent.as_deref(), Some("parcel"));
    }

    #[test]
    fn nothing_cannot_be_accepted() {
        let mut kept =
            ReviewItem { predicted: String::new(), ..item(ReviewReason::Uncertain, 0.0) };

        let refused = kept.decide(&Decision::Accept, Id::new(9), Timestamp::UNIX_EPOCH);

        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        assert_eq!(kept.state, ReviewState::Open);
    }
}
