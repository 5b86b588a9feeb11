//! The weights of a trained classifier in one byte each, with a scale per row: a quarter of the size, and no answer that
//! changes in practice.

use crate::features::Vector;
use crate::solver::Weights;

/// Intents are added up so many at a time; rows are filled up with zeros to a multiple of it.
const LANES: usize = 16;

/// A row per feature with a byte per intent, a scale per row, a bias per intent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantised {
    intents: usize,
    /// Bytes from one row to the next.
    stride: usize,
    rows: Vec<i8>,
    pub(crate) scales: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl Quantised {
    /// Takes weights of a byte each, a row of intents behind the other.
    pub(crate) fn new(weights: &[i8], scales: Vec<f32>, bias: Vec<f32>) -> Self {
        let intents = bias.len();
        let stride = intents.next_multiple_of(LANES);
        let mut rows = Vec::with_capacity(scales.len() * stride);
        for row in weights.chunks_exact(intents) {
            rows.extend_from_slice(row);
            rows.resize(rows.len() + stride - intents, 0);
        }
        Self { intents, stride, rows, scales, bias }
    }

    /// Rounds the weights of so many intents; what pads them is left out.
    pub(crate) fn of(weights: &Weights, intents: usize) -> Self {
        let mut rows = Vec::with_capacity(weights.rows.len() / weights.stride * intents);
        let mut scales = Vec::with_capacity(weights.rows.len() / weights.stride);
        for row in weights.rows.chunks_exact(weights.stride) {
            let greatest = row.iter().fold(0f32, |greatest, value| greatest.max(value.abs()));
            let scale = greatest / 127.0;
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            scales.push(scale);
            rows.extend(row[..intents].iter().map(|value| (value * inverse).round() as i8));
        }
        Self::new(&rows, scales, weights.bias[..intents].to_vec())
    }

    /// The weights as [`Quantised::new`] takes them.
    pub(crate) fn weights(&self) -> impl Iterator<Item = i8> {
        self.rows.chunks_exact(self.stride).flat_map(|row| &row[..self.intents]).copied()
    }

    /// Returns how many bytes of memory they take.
    pub(crate) fn bytes(&self) -> usize {
        self.rows.len() + (self.scales.len() + self.bias.len()) * 4
    }

    /// Computes the score of each intent.
    pub(crate) fn scores(&self, vector: &Vector) -> Vec<f32> {
        let mut scores = self.bias.clone();
        scores.resize(self.stride, 0.0);
        // Wide registers change the time only: every number is computed by itself and in the same order.
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || self.add_rows(vector, &mut scores),
        );
        scores.truncate(self.intents);
        scores
    }

    #[inline(always)]
    fn add_rows(&self, vector: &Vector, scores: &mut [f32]) {
        let rows: Vec<(usize, f32)> = vector
            .iter()
            .map(|&(feature, value)| {
                let feature = feature as usize;
                (feature * self.stride, value * self.scales[feature])
            })
            .collect();
        // So few sums stay in registers while all rows pass by.
        for (column, scores) in scores.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let mut sums = *scores;
            for (row, factor) in &rows {
                let weights = &self.rows[row + column * LANES..].as_chunks::<LANES>().0[0];
                for lane in 0..LANES {
                    sums[lane] += factor * f32::from(weights[lane]);
                }
            }
            *scores = sums;
        }
    }
}
