//! Whether a model knows what it does not know: its in-scope score on texts that have none of its intents.

use serde::{Deserialize, Serialize};

use super::answer::Answer;

/// Says how well texts of no known intent are told from the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutOfScope {
    /// How many negatives were asked.
    pub negatives: usize,
    /// The probability that a text in scope scores higher than a negative; one half is guessing.
    pub auroc: f32,
    /// What the model does at its threshold; `None` if none was given.
    pub at_threshold: Option<AtThreshold>,
}

/// Says what a threshold on the in-scope score does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AtThreshold {
    /// The threshold.
    pub threshold: f32,
    /// The share of the negatives that stay below it.
    pub recall: f32,
    /// The share of negatives among all that stays below it.
    pub precision: f32,
    /// The share of the tests in scope that reach it and whose intent is right.
    pub in_scope_accuracy: f32,
}

/// Measures negatives against tests in scope; `None` if either is missing.
pub(crate) fn out_of_scope(answers: &[Answer], threshold: Option<f32>) -> Option<OutOfScope> {
    let (known, unknown): (Vec<&Answer>, Vec<&Answer>) =
        answers.iter().partition(|one| one.expected.is_some());
    if known.is_empty() || unknown.is_empty() {
        return None;
    }
    let at_threshold = threshold.map(|threshold| at_threshold(&known, &unknown, threshold));
    Some(OutOfScope { negatives: unknown.len(), auroc: auroc(&known, &unknown), at_threshold })
}

fn score(answer: &Answer) -> f32 {
    if answer.in_scope_score.is_nan() { f32::NEG_INFINITY } else { answer.in_scope_score }
}

/// The area under the curve, by ranks; ties count half.
fn auroc(known: &[&Answer], unknown: &[&Answer]) -> f32 {
    let mut scores: Vec<(f32, bool)> = known.iter().map(|one| (score(one), true)).collect();
    scores.extend(unknown.iter().map(|one| (score(one), false)));
    scores.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut won) = (0f64, 0f64);
    // -0 and 0 are one score, so equality decides and not the order of bits.
    for tied in scores.chunk_by(|a, b| a.0 == b.0) {
        let positives = tied.iter().filter(|(_, known)| *known).count() as f64;
        let negatives = tied.len() as f64 - positives;
        won += positives * (below + negatives / 2.0);
        below += negatives;
    }
    (won / (known.len() as f64 * unknown.len() as f64)) as f32
}

fn at_threshold(known: &[&Answer], unknown: &[&Answer], threshold: f32) -> AtThreshold {
    let passes = |answer: &Answer| score(answer) >= threshold;
    let refused = unknown.iter().filter(|one| !passes(one)).count();
    let refused_in_all = refused + known.iter().filter(|one| !passes(one)).count();
    let right = known.iter().filter(|one| passes(one) && one.is_right()).count();
    AtThreshold {
        threshold,
        recall: refused as f32 / unknown.len() as f32,
        precision: refused as f32 / refused_in_all.max(1) as f32,
        in_scope_accuracy: right as f32 / known.len() as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::super::answer::made::{answer, negative};
    use super::*;

    #[test]
    fn the_area_is_the_share_of_pairs_in_order() {
        let answers = [
            answer("1", "a", "a", 0.9),
            answer("2", "a", "a", 0.5),
            negative("3", "a", 0.5),
            negative("4", "a", 0.7),
        ];

        // Of four pairs two are in order and one is tied.
        assert_eq!(out_of_scope(&answers, None).unwrap().auroc, 2.5 / 4.0);
    }

    #[test]
    fn a_threshold_trades_negatives_for_right_answers() {
        let answers = [
            answer("1", "a", "a", 0.9),
            answer("2", "a", "a", 0.4),
            negative("3", "a", 0.3),
            negative("4", "a", 0.7),
        ];

        let at = out_of_scope(&answers, Some(0.5)).unwrap().at_threshold.unwrap();

        assert_eq!((at.recall, at.precision, at.in_scope_accuracy), (0.5, 0.5, 0.5));
    }

    #[test]
    fn without_negatives_or_without_tests_there_is_nothing_to_say() {
        assert_eq!(out_of_scope(&[answer("1", "a", "a", 0.9)], None), None);
        assert_eq!(out_of_scope(&[negative("1", "a", 0.9)], None), None);
    }
}
