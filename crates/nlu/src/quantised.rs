//! The weights of a trained classifier in one byte each, with a scale per row: a quarter of the size, and no answer that
//! changes in practice.

use crate::features::Vector;
use crate::solver::Weights;

/// A row per feature with a byte per intent, a scale per row, a bias per intent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantised {
    pub(crate) intents: usize,
    pub(crate) rows: Vec<i8>,
    pub(crate) scales: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl Quantised {
    /// Rounds the weights of so many intents; what pads them is left out.
    pub(crate) fn of(weights: &Weights, intents: usize) -> Self {
        let mut quantised = Self {
            intents,
            rows: Vec::with_capacity(weights.rows.len() / weights.stride * intents),
            scales: Vec::with_capacity(weights.rows.len() / weights.stride),
            bias: weights.bias[..intents].to_vec(),
        };
        for row in weights.rows.chunks_exact(weights.stride) {
            let greatest = row.iter().fold(0f32, |greatest, value| greatest.max(value.abs()));
            let scale = greatest / 127.0;
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            quantised.scales.push(scale);
            quantised
                .rows
                .extend(row[..intents].iter().map(|value| (value * inverse).round() as i8));
        }
        quantised
    }

    /// The weight of a feature for an intent.
    pub(crate) fn weight(&self, feature: u32, intent: usize) -> f32 {
        let row = feature as usize;
        f32::from(self.rows[row * self.intents + intent]) * self.scales[row]
    }

    /// Computes the score of each intent.
    pub(crate) fn scores(&self, vector: &Vector) -> Vec<f32> {
        let mut scores = self.bias.clone();
        // Wide registers change the time only: every number is computed by itself and in the same order.
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || self.add_rows(vector, &mut scores),
        );
        scores
    }

    #[inline(always)]
    fn add_rows(&self, vector: &Vector, scores: &mut [f32]) {
        for (feature, value) in vector {
            let row = &self.rows[*feature as usize * self.intents..][..self.intents];
            let factor = value * self.scales[*feature as usize];
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += factor * f32::from(*weight);
            }
        }
    }
}
