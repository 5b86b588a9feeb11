//! How an encoder is fine-tuned: what may be chosen, and what is good for most.
//!
//! The bounds are wide; they keep out what cannot be meant.

use super::super::error::EncoderError;

/// With fewer examples of each label, labels are learned by contrast.
const FEW_EXAMPLES_EACH: usize = 20;

/// How an encoder is fine-tuned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FineTuneOptions {
    /// What all that is random follows from.
    pub seed: u64,
    /// The most passes over the texts.
    pub epochs: usize,
    /// Texts in a step.
    pub batch: usize,
    /// The greatest rate at which the encoder moves.
    pub rate: f32,
    /// The greatest rate at which the head moves.
    pub head_rate: f32,
    /// How strongly weights are pulled towards zero.
    pub decay: f32,
    /// The share of the steps in which the rates rise.
    pub warm_up: f32,
    /// How much slower than the layer above each layer moves.
    pub level_decay: f32,
    /// The greatest length of a step's slopes.
    pub clip: f32,
    /// The share of numbers that are left out while training.
    pub dropout: f32,
    /// The weight of the contrastive loss beside cross-entropy; 0 turns it off.
    pub contrast: f32,
    /// How near the texts of a label shall be: smaller is nearer.
    pub temperature: f32,
    /// The share of the texts that is held out for early stopping, if no development texts are given.
    pub held_out: f32,
    /// Passes without gain after which the training ends; 0 lets it run to its end.
    pub patience: usize,
    /// Tokens of a text that are looked at while training.
    pub tokens_max: usize,
    /// Threads, 1 or 2; the result does not depend on it.
    pub threads: usize,
}

impl Default for FineTuneOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            epochs: 8,
            batch: 32,
            rate: 1e-4,
            head_rate: 2e-3,
            decay: 0.01,
            warm_up: 0.1,
            level_decay: 0.9,
            clip: 1.0,
            dropout: 0.1,
            contrast: 0.3,
            temperature: 0.1,
            held_out: 0.05,
            patience: 3,
            tokens_max: 64,
            threads: 2,
        }
    }
}

impl FineTuneOptions {
    /// Returns the options for about ten examples of each label: nothing is held out, and contrast weighs more.
    #[must_use]
    pub fn few_examples() -> Self {
        Self { contrast: 1.0, held_out: 0.0, patience: 0, ..Self::default() }
    }

    /// Returns the options for the words of utterances: each utterance teaches many at once.
    #[must_use]
    pub fn words() -> Self {
        Self { epochs: 4, contrast: 0.0, held_out: 0.0, patience: 0, ..Self::default() }
    }

    /// Chooses the options for so many examples of so many labels.
    #[must_use]
    pub fn fitting(examples: usize, labels: usize) -> Self {
        if examples < labels * FEW_EXAMPLES_EACH { Self::few_examples() } else { Self::default() }
    }

    /// Refuses what cannot be meant.
    pub(crate) fn check(&self) -> Result<(), EncoderError> {
        let checks = [
            ((1..=1000).contains(&self.epochs), "epochs must be from 1 to 1000"),
            ((2..=1024).contains(&self.batch), "batch must be from 2 to 1024"),
            (in_range(self.rate, 0.0, 0.1), "rate must be from 0 to 0.1"),
            (in_range(self.head_rate, 0.0, 1.0), "head_rate must be from 0 to 1"),
            (in_range(self.decay, 0.0, 1.0), "decay must be from 0 to 1"),
            (in_range(self.warm_up, 0.0, 1.0), "warm_up must be from 0 to 1"),
            (in_range(self.level_decay, 0.01, 1.0), "level_decay must be from 0.01 to 1"),
            (in_range(self.clip, 1e-6, 1e6), "clip must be from 0.000001 to 1000000"),
            (in_range(self.dropout, 0.0, 0.9), "dropout must be from 0 to 0.9"),
            (in_range(self.contrast, 0.0, 100.0), "contrast must be from 0 to 100"),
            (in_range(self.temperature, 0.01, 10.0), "temperature must be from 0.01 to 10"),
            (in_range(self.held_out, 0.0, 0.5), "held_out must be from 0 to 0.5"),
            ((3..=512).contains(&self.tokens_max), "tokens_max must be from 3 to 512"),
            ((1..=2).contains(&self.threads), "threads must be 1 or 2"),
        ];
        checks
            .iter()
            .find(|(good, _)| !good)
            .map_or(Ok(()), |(_, problem)| Err(EncoderError::Training((*problem).to_owned())))
    }
}

/// Tells whether a number lies between two others.
pub(crate) fn in_range(value: f32, least: f32, most: f32) -> bool {
    value.is_finite() && (least..=most).contains(&value)
}
