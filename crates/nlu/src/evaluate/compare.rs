//! Two sets of answers to the same tests: which is better, by how much, and whether that can be chance.
//!
//! Accuracy is judged by McNemar's test, macro-F1 by a paired bootstrap: tests are drawn again with replacement, and both
//! sets are measured on the same draw. Neither says that a difference matters, only that it is one.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::statistics::{macro_f1, mcnemar, quantile};
use crate::solver::Random;

/// The most draws of the bootstrap.
const DRAWS_MAX: usize = 2_000;
/// The fewest draws, however many tests there are.
const DRAWS_MIN: usize = 200;
/// About so many answers are drawn in all.
const DRAWN_ANSWERS_MAX: usize = 100_000_000;
/// The most changed answers that are listed.
const CHANGES_MAX: usize = 5_000;
/// From this probability on a difference counts as chance.
const CHANCE: f64 = 0.05;

/// Holds what distinguishes two sets of answers to the same tests with known intents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// How many tests were compared.
    pub examples: usize,
    /// The accuracy of the first and of the second.
    pub accuracy: [f32; 2],
    /// The macro-F1 of the first and of the second.
    pub macro_f1: [f32; 2],
    /// How many tests only the first and only the second got right.
    pub only_right: [usize; 2],
    /// McNemar's exact two-sided probability that such a difference in accuracy is chance.
    pub accuracy_p: f64,
    /// The same with half of the observed case left out on either side (mid-p).
    pub accuracy_mid_p: f64,
    /// The two-sided probability, by bootstrap, that such a difference in macro-F1 is chance.
    pub macro_f1_p: f64,
    /// Between which values the difference in macro-F1 (second less first) lies in 95 of 100 draws.
    pub macro_f1_difference: [f32; 2],
    /// How many draws the bootstrap made.
    pub draws: usize,
    /// The tests that only one got right, those lost by the second first; cut if there are very many.
    pub changes: Vec<Change>,
}

/// Names a test that one set of answers got right and the other did not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What was said.
    pub text: String,
    /// The intent that it has.
    pub expected: String,
    /// What each of the two found.
    pub found: [String; 2],
}

/// Says why two sets of answers cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// One has more answers than the other.
    #[error("{0} answers cannot be compared with {1}: ask both models the same tests")]
    Lengths(usize, usize),
    /// The answers at a place are not to the same test.
    #[error(
        "answer {place} is to \"{first}\" in the one and to \"{second}\" in the other: ask both models the same tests in the same order"
    )]
    Tests {
        /// The place, counted from 1.
        place: usize,
        /// The text in the first set.
        first: String,
        /// The text in the second set.
        second: String,
    },
    /// There is nothing to compare.
    #[error("there is no test with a known intent: give some")]
    Nothing,
}

impl Comparison {
    /// Tells whether the difference in accuracy is unlikely to be chance (mid-p below 5 %).
    #[must_use]
    pub fn differs_in_accuracy(&self) -> bool {
        self.accuracy_mid_p < CHANCE
    }

    /// Tells whether the difference in macro-F1 is unlikely to be chance (below 5 %).
    #[must_use]
    pub fn differs_in_macro_f1(&self) -> bool {
        self.macro_f1_p < CHANCE
    }
}

/// Compares two sets of answers to the same tests in the same order; negatives are left out.
///
/// # Errors
/// If the tests are not the same, or none has a known intent.
pub fn compare(first: &[Answer], second: &[Answer], seed: u64) -> Result<Comparison, CompareError> {
    let pairs = pairs(first, second)?;
    let right: Vec<[bool; 2]> = pairs.iter().map(|(a, b)| [a.is_right(), b.is_right()]).collect();
    let count = |wanted: fn(&[bool; 2]) -> bool| right.iter().filter(|one| wanted(one)).count();
    let only_right = [count(|one| one[0] && !one[1]), count(|one| one[1] && !one[0])];
    let share = |count: usize| count as f32 / pairs.len() as f32;
    let (accuracy_p, accuracy_mid_p) = mcnemar(only_right[0], only_right[1]);
    let numbered = Numbered::of(&pairs);
    let [first_f1, second_f1] = numbered.both(0..pairs.len());
    let differences = numbered.draw(seed);
    Ok(Comparison {
        examples: pairs.len(),
        accuracy: [share(count(|one| one[0])), share(count(|one| one[1]))],
        macro_f1: [first_f1 as f32, second_f1 as f32],
        only_right,
        accuracy_p,
        accuracy_mid_p,
        macro_f1_p: two_sided(&differences),
        macro_f1_difference: [0.025, 0.975].map(|share| quantile(&differences, share) as f32),
        draws: differences.len(),
        changes: changes(&pairs),
    })
}

type Paired<'a> = (&'a Answer, &'a Answer);

fn pairs<'a>(first: &'a [Answer], second: &'a [Answer]) -> Result<Vec<Paired<'a>>, CompareError> {
    if first.len() != second.len() {
        return Err(CompareError::Lengths(first.len(), second.len()));
    }
    let mut pairs = Vec::with_capacity(first.len());
    for (place, (a, b)) in (1..).zip(first.iter().zip(second)) {
        if a.text != b.text || a.expected != b.expected {
            let (first, second) = (a.text.clone(), b.text.clone());
            return Err(CompareError::Tests { place, first, second });
        }
        if a.expected.is_some() {
            pairs.push((a, b));
        }
    }
    if pairs.is_empty() { Err(CompareError::Nothing) } else { Ok(pairs) }
}

/// Both sets of answers with numbers in the place of names, so that drawing thousands of times is cheap.
struct Numbered {
    /// What was expected, what the first found, what the second found.
    rows: Vec<[usize; 3]>,
    intents: usize,
}

impl Numbered {
    fn of(pairs: &[Paired<'_>]) -> Self {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut rows = Vec::with_capacity(pairs.len());
        for (a, b) in pairs {
            let names = [a.expected.as_deref().unwrap_or_default(), a.found(), b.found()];
            rows.push(names.map(|name| {
                let next = numbers.len();
                if name.is_empty() { usize::MAX } else { *numbers.entry(name).or_insert(next) }
            }));
        }
        Self { rows, intents: numbers.len() }
    }

    /// The macro-F1 of both on some of the tests.
    fn both(&self, places: impl Iterator<Item = usize> + Clone) -> [f64; 2] {
        [1, 2].map(|side| {
            let pairs = places.clone().map(|place| (self.rows[place][0], self.rows[place][side]));
            macro_f1(pairs, self.intents)
        })
    }

    /// The differences (second less first) in as many draws as time allows, sorted.
    fn draw(&self, seed: u64) -> Vec<f64> {
        let draws = (DRAWN_ANSWERS_MAX / self.rows.len()).clamp(DRAWS_MIN, DRAWS_MAX);
        let mut random = Random::new(seed);
        let mut places = vec![0; self.rows.len()];
        let mut differences: Vec<f64> = (0..draws)
            .map(|_| {
                places.fill_with(|| random.below(self.rows.len()));
                let [first, second] = self.both(places.iter().copied());
                second - first
            })
            .collect();
        differences.sort_unstable_by(f64::total_cmp);
        differences
    }
}

/// Twice the share of draws on the rarer side of nought. The observed draw counts as one more, so that it is never 0.
fn two_sided(differences: &[f64]) -> f64 {
    let not_above = differences.iter().filter(|one| **one <= 0.0).count();
    let not_below = differences.iter().filter(|one| **one >= 0.0).count();
    let rarer = not_above.min(not_below) + 1;
    (2.0 * rarer as f64 / (differences.len() + 1) as f64).min(1.0)
}

fn changes(pairs: &[Paired<'_>]) -> Vec<Change> {
    let lost = pairs.iter().filter(|(a, b)| a.is_right() && !b.is_right());
    let won = pairs.iter().filter(|(a, b)| b.is_right() && !a.is_right());
    lost.chain(won)
        .take(CHANGES_MAX)
        .map(|(a, b)| Change {
            text: a.text.clone(),
            expected: a.expected.clone().unwrap_or_default(),
            found: [a.found().to_owned(), b.found().to_owned()],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::answer::made::{answer, negative};
    use super::super::measure;
    use super::*;

    /// So many tests of two intents, of which the model gets those right that `right` says.
    fn answers(count: usize, right: impl Fn(usize) -> bool) -> Vec<Answer> {
        (0..count)
            .map(|i| {
                let expected = ["a", "b"][i % 2];
                let found = if right(i) { expected } else { ["b", "a"][i % 2] };
                answer(&format!("test {i}"), expected, found, 0.9)
            })
            .collect()
    }

    #[test]
    fn a_model_equals_itself() {
        let same = answers(100, |i| i % 4 != 0);

        let comparison = compare(&same, &same, 1).unwrap();

        assert_eq!(comparison.only_right, [0, 0]);
        assert_eq!((comparison.accuracy_p, comparison.macro_f1_p), (1.0, 1.0));
        assert_eq!(comparison.macro_f1_difference, [0.0, 0.0]);
        assert!(!comparison.differs_in_accuracy() && comparison.changes.is_empty());
    }

    #[test]
    fn a_clear_gain_is_no_chance_and_a_single_answer_is() {
        let before = answers(400, |i| i % 5 != 0);
        let clear = compare(&before, &answers(400, |i| i % 20 != 0), 1).unwrap();
        let single = compare(&before, &answers(400, |i| i % 5 != 0 || i == 0), 1).unwrap();

        assert!(clear.differs_in_accuracy() && clear.differs_in_macro_f1());
        assert!(clear.macro_f1_difference[0] > 0.05);
        assert_eq!(clear.only_right, [0, 60]);
        assert!(!single.differs_in_accuracy() && !single.differs_in_macro_f1());
        assert_eq!(single.changes.len(), 1);
        assert_eq!(single.changes[0].found, ["b", "a"]);
    }

    #[test]
    fn its_figures_are_those_of_the_reports() {
        let (first, second) = (answers(90, |i| i % 7 != 0), answers(90, |i| i % 4 != 0));

        let comparison = compare(&first, &second, 3).unwrap();

        for (side, answers) in [first, second].iter().enumerate() {
            let report = measure(answers, None);
            assert!((comparison.macro_f1[side] - report.macro_f1).abs() < 1e-6);
            assert!((comparison.accuracy[side] - report.accuracy).abs() < 1e-6);
        }
        assert_eq!(
            comparison,
            compare(&answers(90, |i| i % 7 != 0), &answers(90, |i| i % 4 != 0), 3).unwrap()
        );
    }

    #[test]
    fn other_tests_are_refused() {
        let (two, three) = (answers(2, |_| true), answers(3, |_| true));

        assert_eq!(compare(&two, &three, 1), Err(CompareError::Lengths(2, 3)));
        let turned: Vec<Answer> = two.iter().rev().cloned().collect();
        assert!(matches!(compare(&two, &turned, 1), Err(CompareError::Tests { place: 1, .. })));
        let none = [negative("x", "a", 0.1)];
        assert_eq!(compare(&none, &none, 1), Err(CompareError::Nothing));
    }
}
