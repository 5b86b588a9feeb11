//! What all visitors of a run met, counted.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::client::Trouble;
use super::histogram::Histogram;

/// What visitors met.
#[derive(Default)]
pub(super) struct Tally {
    /// Visitors that came.
    pub(super) sessions: u64,
    /// Visitors that asked everything, got everything, and left.
    pub(super) complete: u64,
    /// Questions acknowledged as durable.
    pub(super) acked: u64,
    /// Answers of the bot.
    pub(super) answers: u64,
    /// Times that a visitor was told to wait.
    pub(super) refused: u64,
    /// What was acknowledged and not seen: gaps, and answers that never came.
    pub(super) lost: u64,
    /// What was seen twice.
    pub(super) doubled: u64,
    /// Answers without a text, and acknowledgements of something else.
    pub(super) wrong: u64,
    troubles: BTreeMap<Trouble, u64>,
    opened: Histogram,
    acked_after: Histogram,
    answered_after: Histogram,
    accepted_answered_after: Histogram,
}

impl Tally {
    /// Counts a greeting.
    pub(super) fn opened(&mut self, after: Duration) {
        self.opened.add(after);
    }

    /// Counts an acknowledgement.
    pub(super) fn acked(&mut self, after: Duration) {
        self.acked += 1;
        self.acked_after.add(after);
    }

    /// Counts an answer: since the question should have been sent, and since it was
    /// sent the last time, when the server took it.
    pub(super) fn answered(&mut self, after: Duration, after_accepted_send: Duration) {
        self.answers += 1;
        self.answered_after.add(after);
        self.accepted_answered_after.add(after_accepted_send);
    }

    /// Counts a visitor that got no further.
    pub(super) fn trouble(&mut self, trouble: Trouble) {
        *self.troubles.entry(trouble).or_default() += 1;
    }

    /// Failures, without those who were politely turned away.
    pub(super) fn errors(&self) -> u64 {
        let failed = self.troubles.iter().filter(|(trouble, _)| **trouble != Trouble::TurnedAway);
        failed.map(|(_, count)| count).sum::<u64>() + self.wrong
    }

    /// What reports say of it.
    pub(super) fn report(&self) -> Value {
        let troubles: BTreeMap<&str, u64> =
            self.troubles.iter().map(|(trouble, count)| (trouble.name(), *count)).collect();
        let turned_away = self.troubles.get(&Trouble::TurnedAway).copied().unwrap_or(0);
        json!({
            "sessions": self.sessions, "complete": self.complete, "turned_away": turned_away,
            "messages_acked": self.acked, "answers": self.answers, "refused": self.refused,
            "errors": self.errors(), "lost": self.lost, "doubled": self.doubled, "troubles": troubles,
            "open_ms": self.opened.summary(), "ack_ms": self.acked_after.summary(),
            "answer_ms": self.answered_after.summary(), "accepted_answer_ms": self.accepted_answered_after.summary(),
        })
    }

    /// Whether everything that was promised was kept.
    pub(super) fn is_clean(&self) -> bool {
        self.errors() == 0 && self.lost == 0 && self.doubled == 0 && self.answered_after.total() > 0
    }
}
