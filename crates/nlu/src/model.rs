//! The model: asked about a text. How it comes to be is the matter of `train.rs`, how it is kept on disk that of
//! [`crate::release`].
//!
//! One model serves all languages together, so that a message which mixes them is understood too.

use std::sync::Arc;

use serde::Serialize;

use crate::calibrate::{Calibration, Metrics};
use crate::features::Vector;
use crate::quantised::Quantised;
use crate::relearn::Origin;
use crate::scope;
use crate::sentiment::{Emotions, Lexicon};
use crate::text::{self, Language};
use crate::train_options::{Tier, TrainOptions};
use crate::view::View;

/// How many intents an [`Understanding`] lists at most.
pub const CANDIDATES_MAX: usize = 5;
/// Says what was understood of a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Understanding {
    /// The language, told by script; `None` if it is neither Chinese nor English.
    pub language: Option<Language>,
    /// The likeliest intents, at most [`CANDIDATES_MAX`], the likeliest first.
    pub intents: Vec<Candidate>,
    /// How likely the text has one of the model's intents at all: larger is likelier, the scale is the model's own.
    pub in_scope: f32,
    /// Whether the likeliest intent may be acted on alone: the text is in scope, and the intent's own threshold is kept.
    pub sure: bool,
    /// How strongly each emotion shows, by the lexicon.
    pub emotions: Emotions,
}

/// Names an intent that a text may express.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The name of the intent.
    pub intent: Arc<str>,
    /// The calibrated probability: of all answers given with 0.8, eight of ten are right.
    pub probability: f32,
}

/// Recognises intents. Cheap to share between threads; asking changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub(crate) intents: Vec<Arc<str>>,
    pub(crate) view: View,
    pub(crate) weights: Quantised,
    pub(crate) calibration: Calibration,
    /// The least probability at which each intent is acted on alone.
    pub(crate) thresholds: Vec<f32>,
    /// The least in-scope score of a text that is answered.
    pub(crate) scope_threshold: f32,
    pub(crate) metrics: Metrics,
    pub(crate) data_hash: String,
    pub(crate) origin: Origin,
    pub(crate) options: TrainOptions,
    pub(crate) lexicon: Lexicon,
}

impl Model {
    /// Gives the model the words that it takes for emotions. They belong to the bot's settings, not to a release.
    #[must_use]
    pub fn with_lexicon(mut self, lexicon: Lexicon) -> Self {
        self.lexicon = lexicon;
        self
    }

    /// Understands a text: language, likeliest intents, emotions. Only the first [`text::CHARS_MAX`] characters are read.
    #[must_use]
    pub fn understand(&self, text: &str) -> Understanding {
        let text = text::capped(text);
        let normalised = text::normalise(text);
        let vector = self.view.vector(text, &normalised);
        self.judge(text, &normalised, &vector)
    }

    /// Understands several texts, each as [`Model::understand`] does. An encoder reads them together, which is quicker.
    #[must_use]
    pub fn understand_many(&self, texts: &[&str]) -> Vec<Understanding> {
        let texts: Vec<&str> = texts.iter().map(|text| text::capped(text)).collect();
        let normalised: Vec<String> = texts.iter().map(|text| text::normalise(text)).collect();
        let vectors = self.view.vectors(&texts, &normalised);
        let all = texts.iter().zip(&normalised).zip(&vectors);
        all.map(|((text, normalised), vector)| self.judge(text, normalised, vector)).collect()
    }

    fn judge(&self, text: &str, normalised: &str, vector: &Vector) -> Understanding {
        let mut scores = self.weights.scores(vector);
        let in_scope = scope::score(&scores);
        self.calibration.apply(&mut scores);
        let best = best_of(&scores);
        let sure = |(intent, probability): &(usize, f32)| *probability >= self.thresholds[*intent];
        Understanding {
            language: text::language(text),
            in_scope,
            sure: in_scope >= self.scope_threshold && best.first().is_some_and(sure),
            intents: best.into_iter().map(|one| self.candidate(one)).collect(),
            emotions: self.lexicon.emotions_normalised(text, normalised),
        }
    }

    /// Returns what the model reads of a text.
    #[must_use]
    pub fn tier(&self) -> Tier {
        match (&self.view.dense, self.view.vocabulary.len()) {
            (None, _) => Tier::Linear,
            (Some(_), 0) => Tier::Encoder,
            (Some(_), _) => Tier::Hybrid,
        }
    }

    /// Returns the in-scope score below which a text has none of the model's intents.
    #[must_use]
    pub fn scope_threshold(&self) -> f32 {
        self.scope_threshold
    }

    /// Returns the names of all intents, sorted.
    pub fn intents(&self) -> impl ExactSizeIterator<Item = &str> {
        self.intents.iter().map(|intent| &**intent)
    }

    /// Returns how good the model was on the examples that were held out while it was trained.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Returns the hash of the examples that the model was trained on (see [`crate::data_hash`]).
    #[must_use]
    pub fn data_hash(&self) -> &str {
        &self.data_hash
    }

    /// Returns about how many bytes of memory the model holds, an encoder apart.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.view.vocabulary.bytes() + self.weights.rows.len() + self.weights.scales.len() * 4
    }

    fn candidate(&self, (intent, probability): (usize, f32)) -> Candidate {
        Candidate { intent: Arc::clone(&self.intents[intent]), probability }
    }
}

/// The likeliest intents by number, the likeliest first.
fn best_of(probabilities: &[f32]) -> Vec<(usize, f32)> {
    let mut best: Vec<(usize, f32)> = Vec::with_capacity(CANDIDATES_MAX + 1);
    for (intent, &probability) in probabilities.iter().enumerate() {
        if best.len() == CANDIDATES_MAX && best.last().is_some_and(|last| last.1 >= probability) {
            continue;
        }
        let place = best.partition_point(|other| other.1 >= probability);
        best.insert(place, (intent, probability));
        best.truncate(CANDIDATES_MAX);
    }
    best
}
