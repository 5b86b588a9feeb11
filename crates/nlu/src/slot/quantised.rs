//! The weights once they are learned: one byte each, with a scale per row. A quarter of the size, and no slot changes
//! in practice.

use super::lattice::{Entering, Transitions};
use super::scorer::{Rows, Weights, token_width};

/// The greatest number that a weight becomes.
const GREATEST: f32 = 127.0;
/// The bytes of a row's scale, which stands before its weights: one place in memory to wait for, not two.
const SCALE_BYTES: usize = 2;
/// How many rows are waited for together.
const AT_ONCE: usize = 16;

/// Rows of small numbers, all of one width, each with its scale.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Table {
    width: usize,
    bytes: Vec<u8>,
}

/// The weights of a tagger.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quantised {
    pub(super) tokens: Table,
    pub(super) ends: Table,
    pub(super) spans: Table,
    pub(super) dense: Vec<f32>,
    pub(super) transitions: Transitions,
    pub(super) entering: Entering,
}

impl Table {
    pub(super) fn of(weights: &[f32], width: usize) -> Self {
        let mut bytes = Vec::with_capacity(weights.len() / width.max(1) * (width + SCALE_BYTES));
        for row in weights.chunks_exact(width.max(1)) {
            let greatest = row.iter().fold(0f32, |greatest, value| greatest.max(value.abs()));
            let [.., low, high] = rounded_up(greatest / GREATEST).to_le_bytes();
            let scale = scale_of([low, high]);
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            bytes.extend([low, high]);
            bytes
                .extend(row.iter().map(|value| ((value * inverse).round() as i8).to_le_bytes()[0]));
        }
        Self { width, bytes }
    }

    /// Restores a table from its bytes, if each row is whole and its scale a number.
    pub(super) fn from_bytes(width: usize, bytes: &[u8]) -> Option<Self> {
        let rows = bytes.chunks(width + SCALE_BYTES);
        let good =
            |row: &[u8]| row.len() == width + SCALE_BYTES && scale_of([row[0], row[1]]).is_finite();
        rows.into_iter().all(good).then(|| Self { width, bytes: bytes.to_owned() })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns how many bytes a row of so many weights takes.
    pub(super) const fn row_bytes(width: usize) -> usize {
        width + SCALE_BYTES
    }

    /// Adds rows, a few at a time: their scales are read first, so that memory brings several rows at once.
    fn add(&self, numbers: &[u32], to: &mut [f32]) {
        let stride = Self::row_bytes(self.width);
        let row = |number: &u32| &self.bytes[*number as usize * stride..][..stride];
        for few in numbers.chunks(AT_ONCE) {
            let mut scales = [0.0; AT_ONCE];
            for (scale, number) in scales.iter_mut().zip(few) {
                let row = row(number);
                *scale = scale_of([row[0], row[1]]);
            }
            for (scale, number) in scales.iter().zip(few) {
                for (sum, weight) in to.iter_mut().zip(&row(number)[SCALE_BYTES..]) {
                    *sum += scale * f32::from(i8::from_le_bytes([*weight]));
                }
            }
        }
    }
}

/// Rounds a number up to one whose lower half is zeros.
fn rounded_up(number: f32) -> f32 {
    f32::from_bits((number.to_bits() + 0xffff) & 0xffff_0000)
}

/// The scale of a row: the upper half of a number.
fn scale_of(bytes: [u8; SCALE_BYTES]) -> f32 {
    f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16)
}

impl Quantised {
    pub(super) fn of(weights: &Weights) -> Self {
        let slots = weights.slots;
        Self {
            entering: Entering::of(&weights.transitions),
            tokens: Table::of(&weights.tokens, token_width(slots)),
            ends: Table::of(&weights.ends, slots),
            spans: Table::of(&weights.spans, slots),
            dense: weights.dense.clone(),
            transitions: weights.transitions.clone(),
        }
    }
}

impl Rows for Quantised {
    fn add_token(&self, features: &[u32], to: &mut [f32]) {
        self.tokens.add(features, to);
    }

    fn add_end(&self, features: &[u32], to: &mut [f32]) {
        self.ends.add(features, to);
    }

    fn add_span(&self, features: &[u32], to: &mut [f32]) {
        self.spans.add(features, to);
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
        table.add(&[0], &mut sums);
        for (sum, weight) in sums.iter().zip(&weights) {
            assert!((sum - weight).abs() <= 0.0051, "{sum} for {weight}");
        }
        table.add(&[1], &mut sums);
        assert!((sums[0] - 0.5).abs() < 0.01, "a row of zeros adds nothing");
    }
}
