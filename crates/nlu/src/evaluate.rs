//! How good a model is on utterances that it was not trained on, for people (a table) and for programs (JSON).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::calibrate::{PRECISION_TARGET, calibration_error, coverage};
use crate::model::Model;
use crate::training_set::Example;

/// The most pairs of confused intents in a report.
const CONFUSIONS_MAX: usize = 50;
/// How many rows of each kind the printed table shows.
const ROWS_SHOWN_MAX: usize = 10;

/// Says how good a model is on a set of tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How many utterances were tested.
    pub examples: usize,
    /// The share whose likeliest intent is right.
    pub accuracy: f32,
    /// The share whose right intent is among the three likeliest.
    pub top3: f32,
    /// The mean F1 of the intents, each counting alike.
    pub macro_f1: f32,
    /// The share that can be answered alone while 95 of 100 answers are right.
    pub coverage_at_95_precision: f32,
    /// The probability above which that holds; above 1 if it never does.
    pub answer_threshold: f32,
    /// The expected calibration error over 15 bins.
    pub calibration_error: f32,
    /// Every intent that was expected or found, by name.
    pub intents: Vec<IntentReport>,
    /// The pairs of intents that were confused, the most frequent first.
    pub confusions: Vec<Confusion>,
}

/// Says how good a model is on one intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntentReport {
    /// The name of the intent.
    pub intent: String,
    /// How many tests have it.
    pub examples: usize,
    /// The share of right ones among those that were taken for it.
    pub precision: f32,
    /// The share of its tests that were recognised.
    pub recall: f32,
    /// The harmonic mean of the two.
    pub f1: f32,
}

/// Names an intent that was taken for another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// The intent of the test.
    pub expected: String,
    /// The intent that the model found likeliest.
    pub found: String,
    /// How often.
    pub count: usize,
    /// One of the utterances.
    pub sample: String,
}

/// Tests a model on utterances whose intents are known.
#[must_use]
pub fn evaluate(model: &Model, tests: &[Example]) -> Report {
    let mut answers = Vec::with_capacity(tests.len());
    let mut in_top3 = 0usize;
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut confused: BTreeMap<(&str, String), (usize, &str)> = BTreeMap::new();
    for test in tests {
        let intents = model.understand(&test.text).intents;
        let (found, confidence) =
            intents.first().map_or(("", 0.0), |best| (&*best.intent, best.probability));
        let right = found == test.intent;
        answers.push((confidence, right));
        in_top3 += usize::from(intents.iter().take(3).any(|one| *one.intent == *test.intent));
        let expected = counts.entry(&test.intent).or_default();
        expected.expected += 1;
        expected.right += usize::from(right);
        if !right {
            confused.entry((&test.intent, found.to_owned())).or_insert((0, &test.text)).0 += 1;
        }
    }
    let mut found_wrongly: BTreeMap<&str, usize> = BTreeMap::new();
    for ((_, found), (count, _)) in &confused {
        *found_wrongly.entry(found).or_default() += count;
    }
    for (found, count) in &found_wrongly {
        counts.entry(found).or_default().found_wrongly = *count;
    }
    let intents: Vec<IntentReport> =
        counts.iter().map(|(intent, counts)| counts.report(intent)).collect();
    let share = |count: usize| count as f32 / tests.len().max(1) as f32;
    let calibration_error = calibration_error(&answers);
    let accuracy = share(answers.iter().filter(|(_, right)| *right).count());
    let (coverage, answer_threshold) = coverage(&mut answers, PRECISION_TARGET);
    Report {
        examples: tests.len(),
        accuracy,
        top3: share(in_top3),
        macro_f1: intents.iter().map(|one| one.f1).sum::<f32>() / intents.len().max(1) as f32,
        coverage_at_95_precision: coverage,
        answer_threshold,
        calibration_error,
        confusions: sorted(&confused),
        intents,
    }
}

#[derive(Default)]
struct Counts {
    expected: usize,
    right: usize,
    found_wrongly: usize,
}

impl Counts {
    fn report(&self, intent: &str) -> IntentReport {
        let share = |of: usize| if of == 0 { 0.0 } else { self.right as f32 / of as f32 };
        let (precision, recall) = (share(self.right + self.found_wrongly), share(self.expected));
        let sum = precision + recall;
        let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        IntentReport { intent: intent.to_owned(), examples: self.expected, precision, recall, f1 }
    }
}

fn sorted(confused: &BTreeMap<(&str, String), (usize, &str)>) -> Vec<Confusion> {
    let mut confusions: Vec<Confusion> = confused
        .iter()
        .map(|((expected, found), (count, sample))| Confusion {
            expected: (*expected).to_owned(),
            found: found.clone(),
            count: *count,
            sample: (*sample).to_owned(),
        })
        .collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
    confusions.truncate(CONFUSIONS_MAX);
    confusions
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f32| share * 100.0;
        writeln!(f, "utterances                {:>7}", self.examples)?;
        writeln!(f, "accuracy                  {:>6.1} %", percent(self.accuracy))?;
        writeln!(f, "among the three likeliest {:>6.1} %", percent(self.top3))?;
        writeln!(f, "macro-F1                  {:>6.1} %", percent(self.macro_f1))?;
        writeln!(f, "coverage at 95 % right    {:>6.1} %", percent(self.coverage_at_95_precision))?;
        writeln!(f, "calibration error         {:>6.1} %", percent(self.calibration_error))?;
        let mut weakest: Vec<&IntentReport> =
            self.intents.iter().filter(|one| one.f1 < 1.0).collect();
        weakest.sort_by(|a, b| a.f1.total_cmp(&b.f1));
        if !weakest.is_empty() {
            writeln!(
                f,
                "\n{:<28} {:>5} {:>9} {:>7} {:>6}",
                "weakest intents", "tests", "precision", "recall", "F1"
            )?;
        }
        for one in weakest.iter().take(ROWS_SHOWN_MAX) {
            let (precision, recall, f1) =
                (percent(one.precision), percent(one.recall), percent(one.f1));
            writeln!(
                f,
                "{:<28} {:>5} {precision:>9.1} {recall:>7.1} {f1:>6.1}",
                one.intent, one.examples
            )?;
        }
        if !self.confusions.is_empty() {
            writeln!(f, "\nconfused")?;
        }
        for one in self.confusions.iter().take(ROWS_SHOWN_MAX) {
            writeln!(
                f,
                "{:>4} × {} taken for {}: {}",
                one.count, one.expected, one.found, one.sample
            )?;
        }
        Ok(())
    }
}
