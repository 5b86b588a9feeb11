//! What may be chosen when a tagger is trained.

use serde::{Deserialize, Serialize};

/// Says how a tagger is trained; the defaults were chosen once, on development data in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TaggerOptions {
    /// Orders the utterances; the same seed and utterances give the same tagger.
    pub seed: u64,
    /// How many times all utterances are read; small sets are read more often.
    pub passes: usize,
    /// How far a weight moves at most, at first.
    pub rate: f32,
    /// The price of large weights.
    pub penalty: f32,
    /// The share of features that are left out at random, so that none is relied upon alone.
    pub dropout: f32,
    /// Whether the encoder, if there is one, learns from the utterances, too.
    #[serde(default)]
    pub fine_tune: bool,
}

impl Default for TaggerOptions {
    fn default() -> Self {
        Self { seed: 42, passes: 10, rate: 0.03, penalty: 0.5, dropout: 0.4, fine_tune: false }
    }
}
