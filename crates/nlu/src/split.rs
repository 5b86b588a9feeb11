//! Examples divided into parts: train, development and test, or the folds of a cross-validation.
//!
//! Each part gets its share of every intent, and near-duplicates stay together: a test that is an example of the training
//! in other dress measures memory. Parts are lists of places, so that whoever divides keeps what else an example carries.

use std::collections::HashMap;

use crate::near::{SIMILARITY_DEFAULT, find_near};
use crate::solver::Random;
use crate::training_set::{EXAMPLES_MAX, Example};

/// The most folds of a cross-validation.
pub const FOLDS_MAX: usize = 100;

/// Says how examples are divided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitOptions {
    /// Orders the examples; the same seed and examples give the same parts.
    pub seed: u64,
    /// The share of the examples that goes to the development part.
    pub dev_share: f32,
    /// The share of the examples that goes to the test part.
    pub test_share: f32,
    /// From which similarity two texts stay together (see [`find_near`]).
    pub similarity: f32,
}

impl Default for SplitOptions {
    fn default() -> Self {
        Self { seed: 42, dev_share: 0.1, test_share: 0.2, similarity: SIMILARITY_DEFAULT }
    }
}

/// Holds the places of the examples of each part, ascending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Split {
    /// What a model is trained on.
    pub train: Vec<usize>,
    /// What its settings are chosen by.
    pub dev: Vec<usize>,
    /// What it is judged by.
    pub test: Vec<usize>,
}

/// Says why examples cannot be divided.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SplitError {
    /// There are too many examples.
    #[error("there are {0} examples: the most is {EXAMPLES_MAX}")]
    TooManyExamples(usize),
    /// The shares leave nothing to train on.
    #[error(
        "the shares for development ({0}) and test ({1}) must not be negative and must leave something to train on"
    )]
    BadShares(f32, f32),
    /// The number of folds is out of range.
    #[error("{0} folds cannot be made: ask for 2 to {FOLDS_MAX}")]
    BadFolds(usize),
    /// There are fewer groups of near-duplicates than folds.
    #[error(
        "there are {groups} examples that differ enough, too few for {folds} folds: add examples or ask for fewer folds"
    )]
    TooFewExamples {
        /// How many groups of near-duplicates there are.
        groups: usize,
        /// How many folds were asked for.
        folds: usize,
    },
}

/// Divides examples into train, development and test.
///
/// An intent with so few examples that its share of a part is less than half of one may be missing from that part;
/// the largest part is served first.
///
/// # Errors
/// If the shares leave nothing to train on, or there are too many examples.
pub fn split(examples: &[Example], options: &SplitOptions) -> Result<Split, SplitError> {
    let (dev, test) = (options.dev_share, options.test_share);
    if !(dev >= 0.0 && test >= 0.0 && dev + test < 1.0) {
        return Err(SplitError::BadShares(dev, test));
    }
    let groups = groups(examples, options.similarity)?;
    let shares = [1.0 - f64::from(dev) - f64::from(test), f64::from(dev), f64::from(test)];
    let mut parts = divide(examples, groups, &shares, options.seed).into_iter();
    let mut next = || parts.next().unwrap_or_default();
    Ok(Split { train: next(), dev: next(), test: next() })
}

/// Divides examples into `folds` parts of about equal size; each is the test of one round of a cross-validation.
///
/// # Errors
/// If there are too few examples that differ, too many examples, or the number of folds is out of range.
pub fn folds(
    examples: &[Example],
    folds: usize,
    seed: u64,
    similarity: f32,
) -> Result<Vec<Vec<usize>>, SplitError> {
    if !(2..=FOLDS_MAX).contains(&folds) {
        return Err(SplitError::BadFolds(folds));
    }
    let groups = groups(examples, similarity)?;
    if groups.len() < folds {
        return Err(SplitError::TooFewExamples { groups: groups.len(), folds });
    }
    Ok(divide(examples, groups, &vec![1.0 / folds as f64; folds], seed))
}

/// Returns the examples at some places.
#[must_use]
pub fn pick(examples: &[Example], places: &[usize]) -> Vec<Example> {
    places.iter().filter_map(|place| examples.get(*place)).cloned().collect()
}

/// The places of each group of near-duplicates.
fn groups(examples: &[Example], similarity: f32) -> Result<Vec<Vec<usize>>, SplitError> {
    if examples.len() > EXAMPLES_MAX {
        return Err(SplitError::TooManyExamples(examples.len()));
    }
    let texts: Vec<&str> = examples.iter().map(|one| one.text.as_str()).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, group) in find_near(&texts, similarity).groups.into_iter().enumerate() {
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(place);
    }
    Ok(groups)
}

/// Gives each group, the largest first, to the part that lacks most of its intents.
fn divide(
    examples: &[Example],
    mut groups: Vec<Vec<usize>>,
    shares: &[f64],
    seed: u64,
) -> Vec<Vec<usize>> {
    Random::new(seed).shuffle(&mut groups);
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let (labels, counts) = number_intents(examples);
    let mut lacking: Vec<Vec<f64>> = shares
        .iter()
        .map(|share| counts.iter().map(|count| *count as f64 * share).collect())
        .collect();
    let mut lacking_in_all: Vec<f64> =
        shares.iter().map(|share| examples.len() as f64 * share).collect();
    let mut parts = vec![Vec::new(); shares.len()];
    for group in groups {
        let want =
            |part: usize| group.iter().map(|place| lacking[part][labels[*place]]).sum::<f64>();
        let best = (0..parts.len())
            .filter(|part| shares[*part] > 0.0)
            .map(|part| (part, want(part)))
            .reduce(|a, b| {
                let order = a.1.total_cmp(&b.1);
                let order = order.then(lacking_in_all[a.0].total_cmp(&lacking_in_all[b.0]));
                if order.is_lt() { b } else { a }
            });
        let Some((part, _)) = best else { continue };
        for place in &group {
            lacking[part][labels[*place]] -= 1.0;
        }
        lacking_in_all[part] -= group.len() as f64;
        parts[part].extend(group);
    }
    for part in &mut parts {
        part.sort_unstable();
    }
    parts
}

/// The number of the intent of each example, and how many examples each intent has.
fn number_intents(examples: &[Example]) -> (Vec<usize>, Vec<usize>) {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut counts = Vec::new();
    let mut labels = Vec::with_capacity(examples.len());
    for example in examples {
        let label = *numbers.entry(&example.intent).or_insert_with(|| {
            counts.push(0);
            counts.len() - 1
        });
        counts[label] += 1;
        labels.push(label);
    }
    (labels, counts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::near::bare;

    /// Twenty sentences for each of three intents that have no sequence in common.
    fn examples() -> Vec<Example> {
        let words = [
            "amber", "birch", "cedar", "dogwood", "elder", "fir", "gum", "hazel", "ivy", "juniper",
        ];
        let mut examples = Vec::new();
        for (intent, verb) in [("plant", "put in"), ("cut", "shorten"), ("sell", "offer")] {
            for word in words {
                for place in ["yard", "street"] {
                    examples.push(Example::new(intent, format!("{verb} {word} {word} {place}")));
                }
            }
        }
        examples
    }

    fn count(examples: &[Example], places: &[usize], intent: &str) -> usize {
        places.iter().filter(|place| examples[**place].intent == intent).count()
    }

    #[test]
    fn each_part_gets_its_share_of_every_intent() {
        let examples = examples();

        let parts = split(&examples, &SplitOptions::default()).unwrap();

        for intent in ["plant", "cut", "sell"] {
            assert_eq!(count(&examples, &parts.train, intent), 14);
            assert_eq!(count(&examples, &parts.dev, intent), 2);
            assert_eq!(count(&examples, &parts.test, intent), 4);
        }
    }

    #[test]
    fn near_duplicates_stay_together() {
        let mut examples = examples();
        let dressed: Vec<Example> = examples
            .iter()
            .map(|one| Example::new(&one.intent, format!("{}!?", one.text)))
            .collect();
        examples.extend(dressed);

        let parts = split(&examples, &SplitOptions::default()).unwrap();

        for place in &parts.test {
            let other = (place + 60) % 120;
            assert_eq!(bare(&examples[*place].text), bare(&examples[other].text));
            assert!(parts.test.contains(&other));
        }
        assert_eq!(parts.test.len(), 24);
    }

    #[test]
    fn another_seed_divides_otherwise_and_the_same_seed_alike() {
        let examples = examples();
        let of =
            |seed| split(&examples, &SplitOptions { seed, ..SplitOptions::default() }).unwrap();

        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn folds_are_balanced_for_every_intent() {
        let examples = examples();

        let folds = folds(&examples, 5, 7, SIMILARITY_DEFAULT).unwrap();

        assert_eq!(folds.len(), 5);
        for fold in &folds {
            for intent in ["plant", "cut", "sell"] {
                assert_eq!(count(&examples, fold, intent), 4);
            }
        }
    }

    #[test]
    fn an_intent_with_one_example_is_trained_on() {
        let mut examples = examples();
        examples.push(Example::new("water", "sprinkle lavender"));

        let parts = split(&examples, &SplitOptions::default()).unwrap();

        assert_eq!(count(&examples, &parts.train, "water"), 1);
    }

    #[test]
    fn what_cannot_be_divided_is_refused() {
        let shares = |dev_share, test_share| {
            split(&[], &SplitOptions { dev_share, test_share, ..SplitOptions::default() })
        };

        assert!(matches!(shares(0.5, 0.5), Err(SplitError::BadShares(..))));
        assert!(matches!(shares(-0.1, 0.5), Err(SplitError::BadShares(..))));
        assert!(matches!(shares(f32::NAN, 0.5), Err(SplitError::BadShares(..))));
        assert_eq!(folds(&[], 1, 0, 0.8), Err(SplitError::BadFolds(1)));
        let error =
            folds(&[Example::new("a", "x"), Example::new("b", "X")], 2, 0, 0.8).unwrap_err();
        assert_eq!(error, SplitError::TooFewExamples { groups: 1, folds: 2 });
    }

    proptest! {
        #[test]
        fn every_example_is_in_exactly_one_part(
            pairs in prop::collection::vec(("[a-c]", ".{0,8}"), 0..60),
            seed in any::<u64>(),
        ) {
            let examples: Vec<Example> = pairs.into_iter().map(|(i, t)| Example::new(i, t)).collect();

            let parts = split(&examples, &SplitOptions { seed, ..SplitOptions::default() }).unwrap();

            let mut all = [parts.train, parts.dev, parts.test].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..examples.len()).collect::<Vec<_>>());
        }
    }
}
