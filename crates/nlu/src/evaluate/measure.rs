//! From answers to a report: shares, bins, curves.
//!
//! Answers to negatives count for nothing but what [`super::scope`] makes of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::{Report, confusion, scope};
use crate::calibrate::{self, ECE_BINS, PRECISION_TARGET};

/// The most points of a curve.
const CURVE_POINTS_MAX: usize = 100;

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

/// Holds what became of the answers of about one confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The least confidence of the bin.
    pub from: f32,
    /// The confidence at which the next bin begins.
    pub to: f32,
    /// How many answers lie in it.
    pub answers: usize,
    /// Their mean confidence.
    pub confidence: f32,
    /// The share of them that is right.
    pub accuracy: f32,
}

/// Says how many answers are wrong if only the surest are given.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RiskPoint {
    /// The share of the tests that is answered.
    pub coverage: f32,
    /// The share of wrong ones among those.
    pub risk: f32,
    /// The least confidence among those.
    pub threshold: f32,
}

/// Makes a report of answers.
///
/// `scope_threshold` is the in-scope score from which the model takes a text for one of its intents; without one, only
/// what needs none is said of the negatives.
#[must_use]
pub fn measure(answers: &[Answer], scope_threshold: Option<f32>) -> Report {
    let known: Vec<&Answer> = answers.iter().filter(|one| one.expected.is_some()).collect();
    let mut judged: Vec<(f32, bool)> =
        known.iter().map(|one| (one.confidence(), one.is_right())).collect();
    let calibration_error = calibrate::calibration_error(&judged);
    let bins = bins(&judged);
    let (coverage, answer_threshold) = calibrate::coverage(&mut judged, PRECISION_TARGET);
    let intents = intents(&known);
    let share = |count: usize| count as f32 / known.len().max(1) as f32;
    Report {
        examples: known.len(),
        accuracy: share(known.iter().filter(|one| one.is_right()).count()),
        top3: share(known.iter().filter(|one| one.is_among(3)).count()),
        macro_f1: intents.iter().map(|one| one.f1).sum::<f32>() / intents.len().max(1) as f32,
        coverage_at_95_precision: coverage,
        answer_threshold,
        calibration_error,
        bins,
        risk_coverage: risk_coverage(&judged),
        out_of_scope: scope::out_of_scope(answers, scope_threshold),
        intents,
        confusions: confusion::confusions(&known),
    }
}

#[derive(Default)]
struct Counts {
    expected: usize,
    found: usize,
    right: usize,
}

fn intents(known: &[&Answer]) -> Vec<IntentReport> {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for answer in known {
        let expected = counts.entry(answer.expected.as_deref().unwrap_or_default()).or_default();
        expected.expected += 1;
        expected.right += usize::from(answer.is_right());
        if !answer.ranked.is_empty() {
            counts.entry(answer.found()).or_default().found += 1;
        }
    }
    counts.iter().map(|(intent, counts)| counts.report(intent)).collect()
}

impl Counts {
    fn report(&self, intent: &str) -> IntentReport {
        let share = |of: usize| if of == 0 { 0.0 } else { self.right as f32 / of as f32 };
        let (precision, recall) = (share(self.found), share(self.expected));
        let sum = precision + recall;
        let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        IntentReport { intent: intent.to_owned(), examples: self.expected, precision, recall, f1 }
    }
}

/// The bins in which the calibration error is computed; those without answers are left out.
fn bins(judged: &[(f32, bool)]) -> Vec<Bin> {
    let mut sums = [(0usize, 0f64, 0usize); ECE_BINS];
    for (confidence, right) in judged {
        let bin = ((confidence * ECE_BINS as f32) as usize).min(ECE_BINS - 1);
        sums[bin].0 += 1;
        sums[bin].1 += f64::from(*confidence);
        sums[bin].2 += usize::from(*right);
    }
    let edge = |bin: usize| bin as f32 / ECE_BINS as f32;
    let filled = sums.iter().enumerate().filter(|(_, (answers, _, _))| *answers > 0);
    filled
        .map(|(bin, (answers, confidence, right))| Bin {
            from: edge(bin),
            to: edge(bin + 1),
            answers: *answers,
            confidence: (confidence / *answers as f64) as f32,
            accuracy: *right as f32 / *answers as f32,
        })
        .collect()
}

/// The curve at no more than [`CURVE_POINTS_MAX`] shares; `judged` is sorted, the surest first.
fn risk_coverage(judged: &[(f32, bool)]) -> Vec<RiskPoint> {
    let (mut points, mut wrong, mut drawn) = (Vec::new(), 0usize, 0usize);
    for (given, (confidence, right)) in (1..).zip(judged) {
        wrong += usize::from(!right);
        let step = given * CURVE_POINTS_MAX / judged.len();
        // Answers of equal confidence are given together or not at all.
        let cuts_here = judged.get(given).is_none_or(|next| next.0 < *confidence);
        if cuts_here && step > drawn {
            drawn = step;
            points.push(RiskPoint {
                coverage: given as f32 / judged.len() as f32,
                risk: wrong as f32 / given as f32,
                threshold: *confidence,
            });
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::answer::made::{answer, negative};
    use super::super::{Answer, Reply};
    use super::*;

    #[test]
    fn precision_and_recall_are_told_apart() {
        let answers = [
            answer("1", "a", "a", 0.9),
            answer("2", "a", "b", 0.6),
            answer("3", "b", "b", 0.8),
            answer("4", "c", "b", 0.7),
        ];

        let report = measure(&answers, None);

        let of = |name: &str| report.intents.iter().find(|one| one.intent == name).unwrap();
        assert_eq!((of("a").precision, of("a").recall), (1.0, 0.5));
        assert_eq!((of("b").precision, of("b").recall), (1.0 / 3.0, 1.0));
        assert_eq!((of("c").precision, of("c").recall, of("c").f1), (0.0, 0.0, 0.0));
        assert_eq!(report.accuracy, 0.5);
        assert!((report.macro_f1 - (2.0 / 3.0 + 0.5) / 3.0).abs() < 1e-6);
    }

    #[test]
    fn the_bins_make_up_the_calibration_error() {
        let answers: Vec<Answer> = (0..90)
            .map(|i| answer("t", "a", if i % 3 == 0 { "b" } else { "a" }, 0.3 + i as f32 / 150.0))
            .collect();

        let report = measure(&answers, None);

        let weighted = report.bins.iter().map(|bin| {
            (bin.confidence - bin.accuracy).abs() * bin.answers as f32 / answers.len() as f32
        });
        assert!((weighted.sum::<f32>() - report.calibration_error).abs() < 1e-5);
        assert_eq!(report.bins.iter().map(|bin| bin.answers).sum::<usize>(), 90);
    }

    #[test]
    fn risk_is_what_is_wrong_among_what_is_given() {
        let answers =
            [answer("1", "a", "a", 0.9), answer("2", "a", "b", 0.5), answer("3", "a", "a", 0.5)];

        let curve = measure(&answers, None).risk_coverage;

        let points: Vec<(f32, f32)> = curve.iter().map(|one| (one.coverage, one.risk)).collect();
        assert_eq!(points, [(1.0 / 3.0, 0.0), (1.0, 1.0 / 3.0)], "equal confidence is one point");
    }

    #[test]
    fn a_model_that_answers_nothing_is_wrong_and_no_intent_is_made_up() {
        let silent = Answer::new("x", Some("a"), Reply::default());

        let report = measure(&[silent], None);

        assert_eq!(report.accuracy, 0.0);
        assert_eq!(report.intents.len(), 1);
        assert_eq!(report.confusions[0].found, "");
    }

    #[test]
    fn negatives_change_no_figure_in_scope() {
        let known = vec![answer("1", "a", "a", 0.9), answer("2", "b", "a", 0.5)];
        let with = [known.clone(), vec![negative("n", "a", 0.95)]].concat();

        let (alone, together) = (measure(&known, None), measure(&with, None));

        assert_eq!(Report { out_of_scope: None, ..together.clone() }, alone);
        assert!(together.out_of_scope.is_some());
    }

    proptest! {
        #[test]
        fn every_share_lies_between_0_and_1(
            rows in prop::collection::vec(("[a-d]", "[a-d]", any::<f32>(), any::<bool>()), 0..60),
            threshold in prop::option::of(any::<f32>()),
        ) {
            let answers: Vec<Answer> = rows
                .iter()
                .map(|(expected, found, score, known)| {
                    if *known { answer("t", expected, found, *score) } else { negative("t", found, *score) }
                })
                .collect();

            let report = measure(&answers, threshold);

            let mut shares = vec![report.accuracy, report.top3, report.macro_f1, report.coverage_at_95_precision, report.calibration_error];
            shares.extend(report.risk_coverage.iter().flat_map(|one| [one.risk, one.coverage]));
            shares.extend(report.out_of_scope.iter().map(|one| one.auroc));
            prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{:?}", shares);
            prop_assert!(report.risk_coverage.len() <= CURVE_POINTS_MAX);
        }
    }
}
