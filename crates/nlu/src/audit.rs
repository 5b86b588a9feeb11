//! What is wrong with tables of examples before anything is trained: labels that contradict each other, tests that were
//! learned, intents too small to learn or to judge.
//!
//! It knows a table's intents and texts only; what is wrong with a bot's folder as a whole is [`crate::conflict`]'s matter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::conflict::EXAMPLES_MIN;
use crate::near::{Near, Pair, find_near};
use crate::training_set::Example;

/// The most findings of one kind that are listed.
pub const FINDINGS_MAX: usize = 1_000;

/// Names something that a person should look at before a table is trained on or judged by.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Finding {
    /// Two examples are alike, but their intents are not.
    Contradiction {
        /// The one example's text.
        text: String,
        /// Its intent.
        intent: String,
        /// The other example's text.
        other_text: String,
        /// Its intent.
        other_intent: String,
        /// How alike they are; 1 is equal but for case, width and punctuation.
        similarity: f32,
    },
    /// A test is like an example of the training, so that it measures memory.
    Leak {
        /// The test.
        test: String,
        /// The intent that it expects.
        intent: String,
        /// The example of the training.
        example: String,
        /// How alike they are.
        similarity: f32,
    },
    /// An intent has so few examples that it will hardly be recognised.
    FewExamples {
        /// The intent.
        intent: String,
        /// How many different examples it has.
        count: usize,
    },
    /// An intent is tested but not trained.
    Untrained {
        /// The intent.
        intent: String,
        /// How many tests expect it.
        tests: usize,
    },
    /// An intent is trained but not tested, although there are tests.
    Untested {
        /// The intent.
        intent: String,
    },
}

/// Looks through examples, and through tests if there are any.
///
/// `similarity` says from where on two texts are near-duplicates (see [`find_near`]). Of each kind at most
/// [`FINDINGS_MAX`] are listed, the most alike first.
#[must_use]
pub fn audit(train: &[Example], tests: &[Example], similarity: f32) -> Vec<Finding> {
    let near = near(train, tests, similarity);
    let pairs = near.pairs.iter().filter_map(|pair| {
        let (one, other) = (at(train, tests, pair.first)?, at(train, tests, pair.second)?);
        (one.intent != other.intent).then_some((pair.similarity, one, other))
    });
    let mut findings = contradictions_of(pairs.collect());
    findings.extend(leaks_of(leaks(train, tests, &near).into_values().collect()));
    findings.extend(sizes(train, &near.groups));
    findings.extend(one_sided(train, tests));
    findings
}

/// Counts the tests that are like an example of the training, all of them.
#[must_use]
pub fn count_leaks(train: &[Example], tests: &[Example], similarity: f32) -> usize {
    leaks(train, tests, &near(train, tests, similarity)).len()
}

type Alike<'a> = (f32, &'a Example, &'a Example);

fn near(train: &[Example], tests: &[Example], similarity: f32) -> Near {
    let texts: Vec<&str> = train.iter().chain(tests).map(|one| one.text.as_str()).collect();
    find_near(&texts, similarity)
}

/// The example at a place where the tests stand behind the training.
fn at<'a>(train: &'a [Example], tests: &'a [Example], place: usize) -> Option<&'a Example> {
    train.get(place).or_else(|| tests.get(place - train.len()))
}

/// For each test that is like an example, by its place, the most alike one.
fn leaks<'a>(
    train: &'a [Example],
    tests: &'a [Example],
    near: &Near,
) -> BTreeMap<usize, Alike<'a>> {
    let mut leaks: BTreeMap<usize, Alike<'a>> = BTreeMap::new();
    let across = |pair: &&Pair| pair.first < train.len() && pair.second >= train.len();
    for pair in near.pairs.iter().filter(across) {
        let both = (at(train, tests, pair.first), at(train, tests, pair.second));
        let (Some(one), Some(other)) = both else { continue };
        let best = leaks.entry(pair.second).or_insert((pair.similarity, one, other));
        if pair.similarity > best.0 {
            *best = (pair.similarity, one, other);
        }
    }
    // Tests that are equal are held together by the first of them alone.
    for pair in near.pairs.iter().filter(|pair| pair.similarity == 1.0) {
        let copy = at(train, tests, pair.second);
        if let (Some(leak), Some(copy)) = (leaks.get(&pair.first).copied(), copy) {
            leaks.entry(pair.second).or_insert((leak.0, leak.1, copy));
        }
    }
    leaks
}

fn most_alike(mut pairs: Vec<Alike<'_>>) -> impl Iterator<Item = Alike<'_>> {
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    pairs.into_iter().take(FINDINGS_MAX)
}

fn contradictions_of(pairs: Vec<Alike<'_>>) -> Vec<Finding> {
    let finding = |(similarity, one, other): Alike<'_>| Finding::Contradiction {
        text: one.text.clone(),
        intent: one.intent.clone(),
        other_text: other.text.clone(),
        other_intent: other.intent.clone(),
        similarity,
    };
    most_alike(pairs).map(finding).collect()
}

fn leaks_of(pairs: Vec<Alike<'_>>) -> Vec<Finding> {
    let finding = |(similarity, one, other): Alike<'_>| Finding::Leak {
        test: other.text.clone(),
        intent: other.intent.clone(),
        example: one.text.clone(),
        similarity,
    };
    most_alike(pairs).map(finding).collect()
}

/// Near-duplicates count once: five copies of a sentence teach one.
fn sizes(train: &[Example], groups: &[usize]) -> Vec<Finding> {
    let mut sizes: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (example, group) in train.iter().zip(groups) {
        sizes.entry(&example.intent).or_default().insert(*group);
    }
    sizes
        .into_iter()
        .map(|(intent, groups)| (intent, groups.len()))
        .filter(|(_, count)| *count < EXAMPLES_MIN)
        .take(FINDINGS_MAX)
        .map(|(intent, count)| Finding::FewExamples { intent: intent.to_owned(), count })
        .collect()
}

fn one_sided(train: &[Example], tests: &[Example]) -> Vec<Finding> {
    if tests.is_empty() {
        return Vec::new();
    }
    let trained: BTreeSet<&str> = train.iter().map(|one| one.intent.as_str()).collect();
    let mut tested: BTreeMap<&str, usize> = BTreeMap::new();
    for test in tests {
        *tested.entry(&test.intent).or_default() += 1;
    }
    let untested = trained.iter().filter(|intent| !tested.contains_key(**intent));
    let untested = untested.map(|intent| Finding::Untested { intent: (*intent).to_owned() });
    let untrained = tested.iter().filter(|(intent, _)| !trained.contains(**intent));
    let untrained = untrained
        .map(|(intent, count)| Finding::Untrained { intent: (*intent).to_owned(), tests: *count });
    untrained.take(FINDINGS_MAX).chain(untested.take(FINDINGS_MAX)).collect()
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contradiction { text, intent, other_text, other_intent, similarity } => write!(
                f,
                "\"{text}\" ({intent}) and \"{other_text}\" ({other_intent}) are {:.0} % alike: give both one intent, or say how they differ",
                similarity * 100.0
            ),
            Self::Leak { test, intent, example, similarity } => write!(
                f,
                "the test \"{test}\" ({intent}) is {:.0} % like the example \"{example}\": a test must be new to the model, take it out of one of the two",
                similarity * 100.0
            ),
            Self::FewExamples { intent, count } => {
                write!(f, "{intent} has {count} different examples: write at least {EXAMPLES_MIN}")
            }
            Self::Untrained { intent, tests } => write!(
                f,
                "{tests} tests expect {intent}, which has no examples: add some or correct its name"
            ),
            Self::Untested { intent } => {
                write!(f, "{intent} has no tests: nobody will see how well it is recognised")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples(pairs: &[(&str, &str)]) -> Vec<Example> {
        pairs.iter().map(|(intent, text)| Example::new(*intent, *text)).collect()
    }

    fn said(train: &[(&str, &str)], tests: &[(&str, &str)]) -> String {
        let findings = audit(&examples(train), &examples(tests), 0.8);
        findings.iter().map(|one| format!("{one}\n")).collect()
    }

    #[test]
    fn contradictions_and_leaks_are_told_with_both_texts() {
        let said = said(
            &[("refund", "我的退款什么时候能到账"), ("delivery", "我的退款什么时候能到账呢")],
            &[("refund", "我的退款，什么时候能到账？")],
        );

        assert!(
            said.contains("(refund) and \"我的退款什么时候能到账呢\" (delivery) are"),
            "{said}"
        );
        assert!(said.contains("is 100 % like the example \"我的退款什么时候能到账\""), "{said}");
    }

    #[test]
    fn copies_of_a_sentence_count_once() {
        let copies = [
            ("a", "help me"),
            ("a", "help me!"),
            ("a", "Help me"),
            ("a", "help, me"),
            ("a", "help me."),
        ];

        assert!(said(&copies, &[]).contains("a has 1 different examples: write at least 5"));
    }

    #[test]
    fn intents_on_one_side_only_are_named() {
        let said = said(&[("trained", "one")], &[("tested", "two"), ("tested", "three")]);

        assert!(said.contains("2 tests expect tested, which has no examples"), "{said}");
        assert!(said.contains("trained has no tests"), "{said}");
    }

    #[test]
    fn leaks_are_counted_beyond_those_that_are_listed() {
        let tests: Vec<Example> = (0..FINDINGS_MAX + 5)
            .map(|i| Example::new("a", format!("help me{}", "!".repeat(i))))
            .collect();
        let train = examples(&[("a", "help me")]);

        let listed = audit(&train, &tests, 0.8);

        assert_eq!(count_leaks(&train, &tests, 0.8), FINDINGS_MAX + 5);
        let leaks = listed.iter().filter(|one| matches!(one, Finding::Leak { .. })).count();
        assert_eq!(leaks, FINDINGS_MAX);
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert!(audit(&[], &[], 0.8).is_empty());
    }
}
