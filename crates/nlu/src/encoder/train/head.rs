//! The last step of a fine-tuned encoder: from a text's vector to the probability of each label.
//!
//! It is trained together with the encoder and knows nothing of texts. Texts of no label are the matter of others.

use serde::{Deserialize, Serialize};

use super::super::kernel::square_sum;
use super::loss::to_probabilities;

/// What vectors of length one are multiplied by, so that probabilities can come near to one.
pub(crate) const SHARPNESS: f32 = 20.0;

/// The bias of a label that is never likely.
const NEVER: f32 = -1e4;

/// Turns a text's vector into the probability of each label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    labels: Vec<String>,
    /// A row for each label, then the biases.
    numbers: Vec<f32>,
}

impl Head {
    pub(crate) fn new(labels: Vec<String>, numbers: Vec<f32>) -> Self {
        Self { labels, numbers }
    }

    /// Returns the labels, in the order of the probabilities.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Returns the head for other labels: one that it does not know is never likely.
    pub(crate) fn with_labels(&self, labels: &[&str]) -> Self {
        let width = (self.numbers.len() / self.labels.len().max(1)).saturating_sub(1);
        let (rows, biases) = self.numbers.split_at(self.labels.len() * width);
        let own = |label: &&str| self.labels.iter().position(|known| known == label);
        let row =
            |label| own(label).map_or(vec![0.0; width], |at| rows[at * width..][..width].to_vec());
        let bias = |label| own(label).map_or(NEVER, |at| biases[at]);
        let numbers = labels.iter().flat_map(row).chain(labels.iter().map(bias)).collect();
        Self { labels: labels.iter().map(|label| (*label).to_owned()).collect(), numbers }
    }

    /// Tells whether the head can be asked about vectors of a width.
    pub(crate) fn is_for(&self, width: usize) -> bool {
        self.numbers.len() == self.labels.len() * (width + 1)
            && self.numbers.iter().all(|number| number.is_finite())
    }

    /// Returns the probability of each label, given the vector of a text; nothing if it has another width.
    #[must_use]
    pub fn probabilities(&self, vector: &[f32]) -> Vec<f32> {
        if vector.is_empty() || self.numbers.len() != self.labels.len() * (vector.len() + 1) {
            return Vec::new();
        }
        let mut scores = scores(&self.numbers, vector, self.labels.len());
        to_probabilities(&mut scores);
        scores
    }
}

/// The score of each label.
pub(crate) fn scores(numbers: &[f32], vector: &[f32], labels: usize) -> Vec<f32> {
    let (rows, biases) = numbers.split_at(labels * vector.len());
    let rows = rows.chunks_exact(vector.len()).zip(biases);
    rows.map(|(row, bias)| SHARPNESS * dot(row, vector) + bias).collect()
}

/// Adds to the slopes of the head those of a text's scores, and returns the slope of its vector.
pub(crate) fn scores_back(
    numbers: &[f32],
    vector: &[f32],
    scores: &[f32],
    slopes: &mut [f32],
) -> Vec<f32> {
    let width = vector.len();
    let mut back = vec![0.0; width];
    let (rows, biases) = slopes.split_at_mut(scores.len() * width);
    for (label, slope) in scores.iter().enumerate() {
        biases[label] += slope;
        let slope = slope * SHARPNESS;
        let own = &numbers[label * width..][..width];
        let numbers =
            own.iter().zip(vector).zip(rows[label * width..][..width].iter_mut().zip(&mut back));
        for ((own, value), (row, back)) in numbers {
            *row += slope * value;
            *back += slope * own;
        }
    }
    back
}

/// The head that a training begins with: each label's row points to the middle of its texts.
pub(crate) fn from_middles(
    vectors: &[Vec<f32>],
    labels: &[usize],
    classes: usize,
    width: usize,
) -> Vec<f32> {
    let mut numbers = vec![0.0; classes * (width + 1)];
    for (vector, label) in vectors.iter().zip(labels) {
        super::super::kernel::add(&mut numbers[label * width..][..width], vector);
    }
    for row in numbers[..classes * width].chunks_exact_mut(width) {
        let length = square_sum(row).sqrt().max(1e-6);
        row.iter_mut().for_each(|number| *number /= length);
    }
    numbers
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
