//! From scores to probabilities that mean what they say; and what probabilities are worth.
//!
//! A [`Calibration`] is chosen on held-out examples only: on its own examples every classifier is too sure.

use serde::{Deserialize, Serialize};

/// The precision that a bot which answers alone must keep.
pub const PRECISION_TARGET: f32 = 0.95;
const SHARPNESS_RANGE: (f32, f32) = (0.05, 60.0);
/// How far the sharpness is moved from the likeliest one, at most and in steps.
const SHARPNESS_STEPS: i32 = 10;
const SHARPNESS_STEP: f32 = 1.1;
/// More doubt than this is not the noise of labels but a bad model.
const DOUBT_MAX: f32 = 0.2;
pub(crate) const ECE_BINS: usize = 15;

/// The scores that one held-out example got, and the intent that it has.
pub(crate) struct HeldOut {
    pub(crate) scores: Vec<f32>,
    pub(crate) label: usize,
}

/// Says how good a model was on examples that it had not seen.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Metrics {
    /// How many held-out examples were measured.
    pub examples: usize,
    /// The share of them whose likeliest intent was right.
    pub accuracy: f32,
    /// How far confidence and accuracy lie apart, on average, in 15 equally wide bins (expected calibration error).
    pub calibration_error: f32,
    /// The share of them that can be answered alone at [`PRECISION_TARGET`].
    pub coverage_at_95_precision: f32,
    /// The least probability at which that precision is kept; above 1 if it cannot be kept at all.
    pub answer_threshold: f32,
}

/// How scores become probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The number by which scores are multiplied first: one over the temperature.
    pub sharpness: f32,
    /// The share of probability that all labels get alike, 0 to 0.2: where people label a few percent of texts otherwise,
    /// no answer is surer than that, however far its score lies above all others.
    #[serde(default)]
    pub doubt: f32,
}

impl Calibration {
    /// Chooses how confidence comes closest to how often answers are right: the least mean squared difference, near the
    /// sharpness that makes the held-out labels likeliest.
    pub(crate) fn of(held_out: &[HeldOut]) -> Self {
        let likeliest = sharpness(held_out);
        let near = (-SHARPNESS_STEPS..=SHARPNESS_STEPS)
            .map(|step| Self::doubting(held_out, likeliest * SHARPNESS_STEP.powi(step)));
        let (_, best) =
            near.fold((f32::INFINITY, Self { sharpness: likeliest, doubt: 0.0 }), |best, next| {
                if next.0 < best.0 { next } else { best }
            });
        best
    }

    /// The best doubt for a sharpness, and the squared differences that remain; both follow from one line through the
    /// answers.
    fn doubting(held_out: &[HeldOut], sharpness: f32) -> (f32, Self) {
        let sharp = Self { sharpness, doubt: 0.0 };
        let answers: Vec<(f32, f32)> = held_out
            .iter()
            .map(|one| {
                let (best, confidence) = sharp.answer(one);
                let over = confidence - f32::from(u8::from(best == one.label));
                (over, confidence - 1.0 / one.scores.len() as f32)
            })
            .collect();
        let excess: f32 = answers.iter().map(|(over, above_even)| over * above_even).sum();
        let lengths: f32 = answers.iter().map(|(_, above_even)| above_even * above_even).sum();
        let doubt = if lengths > 0.0 { (excess / lengths).clamp(0.0, DOUBT_MAX) } else { 0.0 };
        let left = answers.iter().map(|(over, above_even)| (over - doubt * above_even).powi(2));
        (left.sum(), Self { sharpness, doubt })
    }

    /// Turns scores into probabilities, in place; they sum to one.
    pub(crate) fn apply(&self, scores: &mut [f32]) {
        soften(scores, self.sharpness);
        let each = self.doubt / scores.len() as f32;
        for score in scores {
            *score = (1.0 - self.doubt) * *score + each;
        }
    }

    /// Whether both numbers are such as [`Calibration::of`] chooses.
    pub(crate) fn is_usable(&self) -> bool {
        self.sharpness.is_finite()
            && self.sharpness > 0.0
            && (0.0..=DOUBT_MAX).contains(&self.doubt)
    }

    /// The likeliest label of a held-out example, and its probability.
    fn answer(&self, one: &HeldOut) -> (usize, f32) {
        let mut probabilities = one.scores.clone();
        self.apply(&mut probabilities);
        let best = (0..probabilities.len())
            .fold(0, |a, b| if probabilities[b] > probabilities[a] { b } else { a });
        (best, probabilities[best])
    }
}

/// Turns scores into probabilities, in place; they sum to one.
pub(crate) fn soften(scores: &mut [f32], sharpness: f32) {
    let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = ((*score - greatest) * sharpness).exp();
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

/// Finds the sharpness (one over the temperature) that makes the held-out intents likeliest.
///
/// The loss is convex in the sharpness, so its slope is halved down to zero.
fn sharpness(held_out: &[HeldOut]) -> f32 {
    let (mut low, mut high) = SHARPNESS_RANGE;
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        let slope: f64 = held_out.iter().map(|one| slope_of(one, middle)).sum();
        if slope > 0.0 { high = middle } else { low = middle }
    }
    (low + high) / 2.0
}

fn slope_of(held_out: &HeldOut, sharpness: f32) -> f64 {
    let mut probabilities = held_out.scores.clone();
    soften(&mut probabilities, sharpness);
    let mean: f32 = probabilities.iter().zip(&held_out.scores).map(|(p, s)| p * s).sum();
    f64::from(mean - held_out.scores[held_out.label])
}

/// Measures held-out examples under a calibration.
pub(crate) fn measure(held_out: &[HeldOut], calibration: Calibration) -> Metrics {
    let mut answers = Vec::with_capacity(held_out.len());
    for one in held_out {
        let (best, confidence) = calibration.answer(one);
        answers.push((confidence, best == one.label));
    }
    let correct = answers.iter().filter(|(_, correct)| *correct).count();
    let calibration_error = calibration_error(&answers);
    let (coverage, threshold) = coverage(&mut answers, PRECISION_TARGET);
    Metrics {
        examples: held_out.len(),
        accuracy: correct as f32 / held_out.len().max(1) as f32,
        calibration_error,
        coverage_at_95_precision: coverage,
        answer_threshold: threshold,
    }
}

/// The least held-out answers with an intent by which its own threshold is chosen.
const OWN_ANSWERS_MIN: usize = 5;

/// Chooses for each intent the probability from which it is acted on alone: `common`, or more where the intent does not
/// keep [`PRECISION_TARGET`] with that.
pub(crate) fn thresholds(held_out: &[HeldOut], calibration: Calibration, common: f32) -> Vec<f32> {
    let intents = held_out.first().map_or(0, |one| one.scores.len());
    let mut answers: Vec<Vec<(f32, bool)>> = vec![Vec::new(); intents];
    for one in held_out {
        let (best, confidence) = calibration.answer(one);
        if confidence >= common {
            answers[best].push((confidence, best == one.label));
        }
    }
    let own = |answers: &mut Vec<(f32, bool)>| {
        if answers.len() < OWN_ANSWERS_MIN {
            return common;
        }
        coverage(answers, PRECISION_TARGET).1.max(common)
    };
    answers.iter_mut().map(own).collect()
}

/// Finds the largest share of answers that keeps a precision when the least confident are withheld, and the least
/// confidence in that share. Each answer is its confidence and whether it was right.
pub(crate) fn coverage(answers: &mut [(f32, bool)], precision: f32) -> (f32, f32) {
    answers.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let (mut best, mut correct) = ((0.0, 1.01), 0usize);
    for given in 1..=answers.len() {
        let (confidence, right) = answers[given - 1];
        correct += usize::from(right);
        // Equal confidence cannot be told apart by a threshold.
        let cuts_here = answers.get(given).is_none_or(|next| next.0 < confidence);
        if cuts_here && correct as f32 >= precision * given as f32 {
            best = (given as f32 / answers.len() as f32, confidence);
        }
    }
    best
}

/// Computes the expected calibration error of answers.
pub(crate) fn calibration_error(answers: &[(f32, bool)]) -> f32 {
    let mut bins = [(0f32, 0f32); ECE_BINS];
    for (confidence, right) in answers {
        let bin = ((confidence * ECE_BINS as f32) as usize).min(ECE_BINS - 1);
        bins[bin].0 += confidence;
        bins[bin].1 += f32::from(u8::from(*right));
    }
    bins.iter().map(|(confidence, right)| (confidence - right).abs()).sum::<f32>()
        / answers.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_and_keep_the_order() {
        let mut scores = vec![0.5, -1.0, 0.2];

        Calibration { sharpness: 3.0, doubt: 0.1 }.apply(&mut scores);

        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(scores[0] > scores[2] && scores[2] > scores[1]);
    }

    #[test]
    fn confidence_becomes_accuracy() {
        // Two intents, the same scores always, right three times of four: the confidence must become 0.75.
        let held_out: Vec<HeldOut> = (0..400)
            .map(|i| HeldOut { scores: vec![1.0, 0.0], label: usize::from(i % 4 == 0) })
            .collect();

        let metrics = measure(&held_out, Calibration::of(&held_out));

        assert!((sharpness(&held_out) - 3f32.ln()).abs() < 1e-3);
        assert!(metrics.calibration_error < 1e-3);
        assert!((metrics.accuracy - 0.75).abs() < 1e-6);
        assert_eq!(metrics.coverage_at_95_precision, 0.0);
        assert!(metrics.answer_threshold > 1.0);
    }

    #[test]
    fn mistakes_that_no_score_foretells_become_doubt() {
        // Four intents. Close calls are right as often as their scores say; clear ones are wrong in 6 of 100 cases.
        let close = (0..400).map(|i| (vec![0.5, 0.0, -9.0, -9.0], usize::from(i % 4 == 0)));
        let clear = (0..400).map(|i| (vec![3.0, 0.0, 0.0, 0.0], usize::from(i % 50 < 3)));
        let held_out: Vec<HeldOut> =
            close.chain(clear).map(|(scores, label)| HeldOut { scores, label }).collect();
        let likeliest = Calibration { sharpness: sharpness(&held_out), doubt: 0.0 };

        let calibration = Calibration::of(&held_out);

        let errors = [likeliest, calibration].map(|one| measure(&held_out, one).calibration_error);
        assert!(calibration.doubt > 0.02, "{calibration:?}");
        assert!(errors[1] < errors[0], "{errors:?}");
        let (_, clear) = calibration.answer(&held_out[799]);
        assert!((clear - 0.94).abs() < 0.02, "{clear}");
    }

    #[test]
    fn coverage_withholds_the_least_confident() {
        let mut answers: Vec<(f32, bool)> =
            (0..100).map(|i| (1.0 - i as f32 / 100.0, i < 80)).collect();

        let (share, threshold) = coverage(&mut answers, 0.95);

        assert!((share - 0.84).abs() < 1e-6, "80 of 84 are right: {share}");
        assert!((threshold - 0.17).abs() < 1e-6, "{threshold}");
    }
}
