//! How well a tagger finds slots in utterances that it has not seen, counted as `conlleval` counts.
//!
//! A slot is right if its name, its first and its last token are right; F1 is the harmonic mean of precision and
//! recall over all slots together. Which utterances are asked is the caller's matter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::tagger::Tagger;
use super::utterance::{TaggedUtterance, TokenSlot};

/// Counts found slots, and what follows from the counts.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct SlotScore {
    /// How many slots the utterances have.
    pub expected: usize,
    /// How many were found.
    pub found: usize,
    /// How many of those are right.
    pub right: usize,
    /// The share of the found that are right; 0 if nothing was found.
    pub precision: f64,
    /// The share of the expected that were found; 0 if there are none.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

/// Says how well a tagger finds slots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotReport {
    /// How many utterances were asked.
    pub n: usize,
    /// All slots together.
    pub overall: SlotScore,
    /// The share of utterances in which everything is right.
    pub exact: f64,
    /// Each slot that was expected or found, by name.
    pub slots: BTreeMap<String, SlotScore>,
}

/// Tags utterances by their own tokens and compares.
#[must_use]
pub fn evaluate(tagger: &Tagger, utterances: &[TaggedUtterance]) -> SlotReport {
    let answers = utterances.iter().map(|one| {
        let found = tagger.tag_tokens(&one.tokens);
        (one.slots.as_slice(), found.into_iter().map(|slot| slot.into_token_slot()).collect())
    });
    compare(answers)
}

/// Compares expected slots with found ones, utterance by utterance.
pub(super) fn compare<'a>(
    answers: impl Iterator<Item = (&'a [TokenSlot], Vec<TokenSlot>)>,
) -> SlotReport {
    let mut slots: BTreeMap<String, SlotScore> = BTreeMap::new();
    let (mut n, mut exact) = (0, 0usize);
    for (expected, found) in answers {
        n += 1;
        let expected: BTreeSet<&TokenSlot> = expected.iter().collect();
        let found: BTreeSet<&TokenSlot> = found.iter().collect();
        exact += usize::from(expected == found);
        for slot in &expected {
            slots.entry(slot.slot.clone()).or_default().expected += 1;
        }
        for slot in &found {
            let score = slots.entry(slot.slot.clone()).or_default();
            score.found += 1;
            score.right += usize::from(expected.contains(slot));
        }
    }
    let mut overall = SlotScore::default();
    for score in slots.values_mut() {
        overall.expected += score.expected;
        overall.found += score.found;
        overall.right += score.right;
        score.conclude();
    }
    overall.conclude();
    SlotReport { n, overall, exact: share(exact, n), slots }
}

impl SlotScore {
    fn conclude(&mut self) {
        self.precision = share(self.right, self.found);
        self.recall = share(self.right, self.expected);
        self.f1 = share(2 * self.right, self.found + self.expected);
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl fmt::Display for SlotReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.slots.keys().map(|name| name.chars().count()).max().unwrap_or(0).max(8);
        let head = ["F1 %", "precision %", "recall %", "expected", "found"];
        write!(f, "{:width$}", "slot")?;
        for title in head {
            write!(f, "  {title:>11}")?;
        }
        let all = std::iter::once(("all", &self.overall));
        for (name, score) in
            self.slots.iter().map(|(name, score)| (name.as_str(), score)).chain(all)
        {
            write!(f, "\n{name:width$}")?;
            for value in [score.f1, score.precision, score.recall] {
                write!(f, "  {:>11.2}", value * 100.0)?;
            }
            write!(f, "  {:>11}  {:>11}", score.expected, score.found)?;
        }
        write!(f, "\nutterances {}, all slots right in {:.2} %", self.n, self.exact * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(all: &[(usize, usize, &str)]) -> Vec<TokenSlot> {
        let one = |(start, end, slot): &(usize, usize, &str)| TokenSlot {
            start: *start,
            end: *end,
            slot: (*slot).to_owned(),
        };
        all.iter().map(one).collect()
    }

    #[test]
    fn slots_are_counted_as_conlleval_counts() {
        // Right; wrong end; wrong name; missed; invented; an utterance without slots.
        let expected = [
            slots(&[(0, 2, "a"), (3, 4, "b")]),
            slots(&[(0, 2, "a"), (2, 3, "a")]),
            slots(&[(1, 2, "b")]),
            slots(&[]),
        ];
        let found = [
            slots(&[(0, 2, "a"), (3, 4, "b")]),
            slots(&[(0, 1, "a"), (2, 3, "b")]),
            slots(&[]),
            slots(&[(0, 1, "c")]),
        ];

        let report = compare(expected.iter().map(Vec::as_slice).zip(found));

        // By hand: 5 expected, 5 found, 2 right.
        assert_eq!(
            (report.overall.expected, report.overall.found, report.overall.right),
            (5, 5, 2)
        );
        assert!((report.overall.f1 - 0.4).abs() < 1e-9);
        assert!((report.exact - 0.25).abs() < 1e-9);
        assert_eq!((report.slots["a"].right, report.slots["a"].found), (1, 2));
        assert_eq!((report.slots["b"].expected, report.slots["c"].expected), (2, 0));
        assert!((report.slots["c"].precision).abs() < 1e-9);
    }

    #[test]
    fn the_table_names_every_slot_and_the_whole() {
        let expected = [slots(&[(0, 2, "city")])];

        let table = compare(expected.iter().map(|one| (one.as_slice(), one.clone()))).to_string();

        assert!(table.contains("city") && table.contains("all"), "{table}");
        assert!(
            table.contains("100.00")
                && table.ends_with("utterances 1, all slots right in 100.00 %")
        );
    }
}
