//! The weights once they are learned: one byte each, with a scale per row. A quarter of the size, and no slot changes
//! in practice.

use super::lattice::Transitions;
use super::scorer::{Rows, Weights, token_width};

/// The greatest number that a weight becomes.
const GREATEST: f32 = 127.0;

/// Rows of small numbers, all of one width.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Table {
    pub(super) width: usize,
    pub(super) scales: Vec<f32>,
    pub(super) rows: Vec<i8>,
}

/// The weights of a tagger.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quantised {
    pub(super) tokens: Table,
    pub(super) ends: Table,
    pub(super) spans: Table,
    pub(super) dense: Vec<f32>,
    pub(super) transitions: Transitions,
}

impl Table {
    pub(super) fn of(weights: &[f32], width: usize) -> Self {
        let mut table = Self { width, ..Self::default() };
        for row in weights.chunks_exact(width.max(1)) {
            let greatest = row.iter().fold(0f32, |greatest, value| greatest.max(value.abs()));
            let scale = greatest / GREATEST;
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            table.scales.push(scale);
            table.rows.extend(row.iter().map(|value| (value * inverse).round() as i8));
        }
        table
    }

    fn add(&self, number: u32, to: &mut [f32]) {
        let row = &self.rows[number as usize * self.width..][..self.width];
        let scale = self.scales[number as usize];
        for (sum, weight) in to.iter_mut().zip(row) {
            *sum += scale * f32::from(*weight);
        }
    }
}

impl Quantised {
    pub(super) fn of(weights: Weights) -> Self {
        let slots = weights.slots;
        Self {
            tokens: Table::of(&weights.tokens, token_width(slots)),
            ends: Table::of(&weights.ends, slots),
            spans: Table::of(&weights.spans, slots),
            dense: weights.dense,
            transitions: weights.transitions,
        }
    }
}

impl Rows for Quantised {
    fn add_token(&self, feature: u32, to: &mut [f32]) {
        self.tokens.add(feature, to);
    }

    fn add_end(&self, feature: u32, to: &mut [f32]) {
        self.ends.add(feature, to);
    }

    fn add_span(&self, feature: u32, to: &mut [f32]) {
        self.spans.add(feature, to);
    }

    fn dense(&self) -> &[f32] {
        &self.dense
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_loses_less_than_half_a_step() {
        let weights = [0.5, -1.27, 0.013, 0.0, 0.0, 0.0];

        let table = Table::of(&weights, 3);

        let mut sums = [0.0; 3];
        table.add(0, &mut sums);
        for (sum, weight) in sums.iter().zip(&weights) {
            assert!((sum - weight).abs() <= 0.005 + 1e-6, "{sum} for {weight}");
        }
        table.add(1, &mut sums);
        assert_eq!(table.scales[1], 0.0);
    }
}
