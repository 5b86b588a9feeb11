//! Slots by lists, as a careful person would keep them who may read the training part only: what a tagger is held against.
//!
//! Whatever was marked there is marked wherever the same words stand again, longer before shorter, as the slot that it was
//! most often; words that stood there more often without a mark are in no list. Nothing but measuring uses it.

use std::collections::{BTreeMap, HashMap};

use super::report::{SlotReport, compare};
use super::utterance::{TaggedUtterance, TokenSlot};
use crate::text;

/// The most tokens of a value in a list.
const VALUE_TOKENS_MAX: usize = 10;

/// Finds slots by the values that they had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueLists {
    /// For the tokens of a value, the slot.
    values: HashMap<Vec<String>, String>,
}

impl ValueLists {
    /// Collects the values of slots.
    #[must_use]
    pub fn learn(utterances: &[TaggedUtterance]) -> Self {
        let mut marked: HashMap<Vec<String>, BTreeMap<&str, usize>> = HashMap::new();
        for one in utterances {
            let tokens = normalised(one);
            for slot in one.slots().iter().filter(|slot| slot.end - slot.start <= VALUE_TOKENS_MAX)
            {
                let value = tokens[slot.start..slot.end].to_vec();
                *marked.entry(value).or_default().entry(&slot.slot).or_default() += 1;
            }
        }
        let mut stood: HashMap<&[String], usize> = HashMap::new();
        let all: Vec<Vec<String>> = utterances.iter().map(normalised).collect();
        for tokens in &all {
            for start in 0..tokens.len() {
                for end in start + 1..=tokens.len().min(start + VALUE_TOKENS_MAX) {
                    if marked.contains_key(&tokens[start..end]) {
                        *stood.entry(&tokens[start..end]).or_default() += 1;
                    }
                }
            }
        }
        let values = marked.iter().filter_map(|(value, slots)| {
            let (slot, _) = slots.iter().max_by_key(|(_, count)| **count)?;
            let times: usize = slots.values().sum();
            let is_worth_it = 2 * times >= stood.get(value.as_slice()).copied().unwrap_or(0);
            is_worth_it.then(|| (value.clone(), (*slot).to_owned()))
        });
        Self { values: values.collect() }
    }

    /// Finds the values of an utterance, the longest first from left to right.
    #[must_use]
    pub fn find(&self, utterance: &TaggedUtterance) -> Vec<TokenSlot> {
        let tokens = normalised(utterance);
        let (mut found, mut start) = (Vec::new(), 0);
        while start < tokens.len() {
            let longest = tokens.len().min(start + VALUE_TOKENS_MAX);
            let value = (start + 1..=longest)
                .rev()
                .find_map(|end| Some((end, self.values.get(&tokens[start..end])?)));
            start = match value {
                Some((end, slot)) => {
                    found.push(TokenSlot { start, end, slot: slot.clone() });
                    end
                }
                None => start + 1,
            };
        }
        found
    }

    /// Compares what the lists find with what is marked.
    #[must_use]
    pub fn evaluate(&self, utterances: &[TaggedUtterance]) -> SlotReport {
        compare(utterances.iter().map(|one| (one.slots(), self.find(one))))
    }
}

/// The tokens, whose case and width do not matter.
fn normalised(utterance: &TaggedUtterance) -> Vec<String> {
    utterance.tokens().iter().map(|token| text::normalise(token)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utterance(text: &str, tags: &str) -> TaggedUtterance {
        let tokens = text.split(' ').map(str::to_owned).collect();
        let tags: Vec<&str> = tags.split(' ').collect();
        TaggedUtterance::from_tags(None, None, tokens, &tags).unwrap()
    }

    fn lists() -> ValueLists {
        ValueLists::learn(&[
            utterance("fly to New York", "O O B-city I-city"),
            utterance("fly to York", "O O B-city"),
            utterance("a bed in May", "O O O B-month"),
            utterance("May I sing", "B-month O O"),
            utterance("may I ask", "O O O"),
            utterance("to the point", "B-city O O"),
        ])
    }

    #[test]
    fn the_longest_value_is_found_whatever_its_case() {
        let found = lists().find(&utterance("from new york in May", "O O O O O"));

        let found: Vec<(usize, usize, &str)> =
            found.iter().map(|one| (one.start, one.end, one.slot.as_str())).collect();
        assert_eq!(found, [(1, 3, "city"), (4, 5, "month")]);
    }

    #[test]
    fn what_mostly_stands_without_a_mark_is_in_no_list() {
        // `to` is marked once of three times.
        assert!(lists().find(&utterance("to", "O")).is_empty());
    }

    #[test]
    fn lists_are_counted_as_taggers_are() {
        let tests = [utterance("to York", "O B-city"), utterance("to Rome", "O B-city")];

        let report = lists().evaluate(&tests);

        assert_eq!((report.overall.expected, report.overall.right), (2, 1));
    }
}
