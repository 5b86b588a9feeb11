//! What may be chosen when a model is trained.

use serde::{Deserialize, Serialize};

/// Names what a model reads of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// N-grams: microseconds for an answer.
    #[default]
    Linear,
    /// The sentence vector of an encoder.
    Encoder,
    /// Both.
    Hybrid,
}

/// Says how a model is trained; the defaults were chosen once, on development data in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrainOptions {
    /// Orders the examples; the same seed and examples give the same model.
    pub seed: u64,
    /// How many times all examples are read.
    pub passes: usize,
    /// The price of an error: larger follows the examples more closely.
    pub cost: f32,
    /// How many times dearer an error is on an intent's own examples than on all others.
    pub own_cost: f32,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self { seed: 42, passes: 10, cost: 1.0, own_cost: 4.0 }
    }
}
