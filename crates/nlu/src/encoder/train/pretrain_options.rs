//! How an encoder is pre-trained: its sizes, and how it learns.
//!
//! The bounds are wide; they keep out what cannot be meant.

use super::super::error::EncoderError;
use super::finetune_options::in_range;

/// How an encoder is pre-trained. The sizes matter only for one that begins from nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PretrainOptions {
    /// What all that is random follows from.
    pub seed: u64,
    /// The most tokens in the vocabulary.
    pub vocabulary: usize,
    /// How often a token must occur to be known.
    pub count_min: u64,
    /// Layers, 1 to 12.
    pub layers: usize,
    /// Numbers in a vector.
    pub width: usize,
    /// Heads, a divisor of the width.
    pub heads: usize,
    /// Passes over the texts.
    pub epochs: usize,
    /// Texts in a step.
    pub batch: usize,
    /// The greatest rate at which parameters move.
    pub rate: f32,
    /// How strongly weights are pulled towards zero.
    pub decay: f32,
    /// The share of the steps in which the rate rises.
    pub warm_up: f32,
    /// The share of numbers that are left out while training.
    pub dropout: f32,
    /// The share of tokens that are masked.
    pub masked: f32,
    /// The weight of telling texts apart; 0 turns it off and halves the time.
    pub contrast: f32,
    /// Tokens of a text that are looked at.
    pub tokens_max: usize,
    /// Threads, 1 or 2; the result does not depend on it.
    pub threads: usize,
}

impl Default for PretrainOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            vocabulary: 8000,
            count_min: 2,
            layers: 4,
            width: 256,
            heads: 4,
            epochs: 10,
            batch: 32,
            rate: 5e-4,
            decay: 0.01,
            warm_up: 0.06,
            dropout: 0.1,
            masked: 0.2,
            contrast: 0.1,
            tokens_max: 64,
            threads: 2,
        }
    }
}

impl PretrainOptions {
    /// Refuses what cannot be meant.
    pub(crate) fn check(&self) -> Result<(), EncoderError> {
        let checks = [
            ((16..=200_000).contains(&self.vocabulary), "vocabulary must be from 16 to 200000"),
            ((1..=12).contains(&self.layers), "layers must be from 1 to 12"),
            ((8..=1024).contains(&self.width), "width must be from 8 to 1024"),
            (
                self.heads > 0 && self.width.is_multiple_of(self.heads),
                "heads must divide the width",
            ),
            ((1..=1000).contains(&self.epochs), "epochs must be from 1 to 1000"),
            ((2..=1024).contains(&self.batch), "batch must be from 2 to 1024"),
            (in_range(self.rate, 0.0, 0.1), "rate must be from 0 to 0.1"),
            (in_range(self.decay, 0.0, 1.0), "decay must be from 0 to 1"),
            (in_range(self.warm_up, 0.0, 1.0), "warm_up must be from 0 to 1"),
            (in_range(self.dropout, 0.0, 0.9), "dropout must be from 0 to 0.9"),
            (in_range(self.masked, 0.01, 0.9), "masked must be from 0.01 to 0.9"),
            (in_range(self.contrast, 0.0, 100.0), "contrast must be from 0 to 100"),
            ((3..=512).contains(&self.tokens_max), "tokens_max must be from 3 to 512"),
            ((1..=2).contains(&self.threads), "threads must be 1 or 2"),
        ];
        checks
            .iter()
            .find(|(good, _)| !good)
            .map_or(Ok(()), |(_, problem)| Err(EncoderError::Training((*problem).to_owned())))
    }
}
