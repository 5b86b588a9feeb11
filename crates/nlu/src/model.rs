//! The model: trained from examples, asked about a text. How it is kept on disk is the matter of [`crate::release`].
//!
//! One model serves all languages together, so that a message which mixes them is understood too.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::anger::Lexicon;
use crate::calibrate::{self, HeldOut, Metrics};
use crate::features::{Vector, Vocabulary};
use crate::solver::{self, Settings, Weights};
use crate::text::{self, Language};
use crate::training_set::{EXAMPLES_MAX, INTENTS_MAX, TrainingSet, data_hash};

/// How many intents an [`Understanding`] lists at most.
pub const CANDIDATES_MAX: usize = 5;
/// Into how many parts the examples are divided for calibration.
const FOLDS: usize = 10;
/// So many held-out examples are enough to calibrate on; no further part is trained once they are reached.
const HELD_OUT_ENOUGH: usize = 800;

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

/// Says why a training set cannot be trained on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// There is nothing to tell apart.
    #[error("the training set has {0} intents: give examples of at least two")]
    TooFewIntents(usize),
    /// There are more intents than a model holds.
    #[error("the training set has {0} intents: the most is {INTENTS_MAX}")]
    TooManyIntents(usize),
    /// There are more examples than a training takes.
    #[error("the training set has {0} examples: the most is {EXAMPLES_MAX}")]
    TooManyExamples(usize),
    /// An option is outside what it may be.
    #[error("the training option {0} must be {1}")]
    BadOption(&'static str, &'static str),
}

/// Says what was understood of a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Understanding {
    /// The language, told by script; `None` if it is neither Chinese nor English.
    pub language: Option<Language>,
    /// The likeliest intents, at most [`CANDIDATES_MAX`], the likeliest first.
    pub intents: Vec<Candidate>,
    /// How angry the text sounds, from 0 to 1.
    pub anger: f32,
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
    pub(crate) vocabulary: Vocabulary,
    pub(crate) weights: Quantised,
    pub(crate) sharpness: f32,
    pub(crate) metrics: Metrics,
    pub(crate) data_hash: String,
    pub(crate) options: TrainOptions,
    pub(crate) lexicon: Lexicon,
}

impl Model {
    /// Trains a model. The same examples and options give the same bytes.
    ///
    /// # Errors
    /// If the training set cannot be trained on, or an option is out of range.
    pub fn train(set: &TrainingSet, options: &TrainOptions) -> Result<Self, TrainError> {
        let intents = set.intents();
        check(set, intents.len(), options)?;
        let texts: Vec<String> =
            set.examples().iter().map(|one| text::normalise(text::capped(&one.text))).collect();
        let labels = labels(set);
        let held_out = hold_out(&texts, &labels, intents.len(), options);
        let sharpness = calibrate::sharpness(&held_out);
        let all: Vec<usize> = (0..texts.len()).collect();
        let (vocabulary, weights) = fit(&texts, &labels, &all, intents.len(), options);
        Ok(Self {
            weights: Quantised::of(&weights, intents.len()),
            intents: intents.into_iter().map(Arc::from).collect(),
            vocabulary,
            sharpness,
            metrics: calibrate::measure(&held_out, sharpness),
            data_hash: data_hash(set),
            options: *options,
            lexicon: Lexicon::default(),
        })
    }

    /// Gives the model the words that it takes for anger. They belong to the bot's settings, not to a release.
    #[must_use]
    pub fn with_lexicon(mut self, lexicon: Lexicon) -> Self {
        self.lexicon = lexicon;
        self
    }

    /// Understands a text: language, likeliest intents, anger. Only the first [`text::CHARS_MAX`] characters are read.
    #[must_use]
    pub fn understand(&self, text: &str) -> Understanding {
        let text = text::capped(text);
        let normalised = text::normalise(text);
        Understanding {
            language: text::language(text),
            intents: self.candidates(&normalised),
            anger: self.lexicon.score_normalised(text, &normalised),
        }
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

    /// Returns the hash of the examples that the model was trained on (see [`data_hash`]).
    #[must_use]
    pub fn data_hash(&self) -> &str {
        &self.data_hash
    }

    /// Returns about how many bytes of memory the model holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.vocabulary.bytes() + self.weights.rows.len() + self.weights.scales.len() * 4
    }

    fn candidates(&self, normalised: &str) -> Vec<Candidate> {
        let vector = self.vocabulary.vector(normalised);
        let mut probabilities = self.weights.scores(&vector);
        probabilities.truncate(self.intents.len());
        calibrate::soften(&mut probabilities, self.sharpness);
        let mut best: Vec<(usize, f32)> = Vec::with_capacity(CANDIDATES_MAX + 1);
        for (intent, probability) in probabilities.into_iter().enumerate() {
            if best.len() == CANDIDATES_MAX && best.last().is_some_and(|last| last.1 >= probability)
            {
                continue;
            }
            let place = best.partition_point(|other| other.1 >= probability);
            best.insert(place, (intent, probability));
            best.truncate(CANDIDATES_MAX);
        }
        let candidate = |(intent, probability): (usize, f32)| Candidate {
            intent: Arc::clone(&self.intents[intent]),
            probability,
        };
        best.into_iter().map(candidate).collect()
    }
}

fn check(set: &TrainingSet, intents: usize, options: &TrainOptions) -> Result<(), TrainError> {
    let positive = |value: f32| value.is_finite() && value > 0.0;
    if intents < 2 {
        return Err(TrainError::TooFewIntents(intents));
    }
    if intents > INTENTS_MAX {
        return Err(TrainError::TooManyIntents(intents));
    }
    if set.examples().len() > EXAMPLES_MAX {
        return Err(TrainError::TooManyExamples(set.examples().len()));
    }
    if !(1..=1_000).contains(&options.passes) {
        return Err(TrainError::BadOption("passes", "between 1 and 1000"));
    }
    if !positive(options.cost) || !positive(options.own_cost) {
        return Err(TrainError::BadOption("cost", "greater than 0"));
    }
    Ok(())
}

/// The number of the intent of each example; the examples are sorted by intent.
fn labels(set: &TrainingSet) -> Vec<usize> {
    let groups = set.examples().chunk_by(|a, b| a.intent == b.intent);
    groups.enumerate().flat_map(|(label, same)| std::iter::repeat_n(label, same.len())).collect()
}

fn fit(
    texts: &[String],
    labels: &[usize],
    chosen: &[usize],
    intents: usize,
    options: &TrainOptions,
) -> (Vocabulary, Weights) {
    let vocabulary = Vocabulary::of(chosen.iter().map(|i| texts[*i].as_str()));
    let vectors: Vec<Vector> = chosen.iter().map(|i| vocabulary.vector(&texts[*i])).collect();
    let rows: Vec<&Vector> = vectors.iter().collect();
    let labels: Vec<usize> = chosen.iter().map(|i| labels[*i]).collect();
    let TrainOptions { seed, passes, cost, own_cost } = *options;
    let settings = Settings { seed, passes, cost, own_cost };
    let weights = solver::train(&rows, &labels, vocabulary.len(), intents, &settings);
    (vocabulary, weights)
}

/// Trains without a part of the examples and scores that part, for one part after the other.
fn hold_out(
    texts: &[String],
    labels: &[usize],
    intents: usize,
    options: &TrainOptions,
) -> Vec<HeldOut> {
    // Every fifth of a shuffled order sorted by intent: each part has its share of each intent.
    let mut order: Vec<usize> = (0..texts.len()).collect();
    solver::Random::new(options.seed).shuffle(&mut order);
    order.sort_by_key(|i| labels[*i]);
    let mut held_out = Vec::new();
    for fold in 0..FOLDS {
        let is_out = |place: usize| place % FOLDS == fold;
        let kept: Vec<usize> = (0..order.len()).filter(|p| !is_out(*p)).map(|p| order[p]).collect();
        let (vocabulary, weights) = fit(texts, labels, &kept, intents, options);
        for place in (0..order.len()).filter(|place| is_out(*place)) {
            let i = order[place];
            let mut scores = vec![0.0; weights.stride];
            weights.scores(&vocabulary.vector(&texts[i]), &mut scores);
            scores.truncate(intents);
            held_out.push(HeldOut { scores, label: labels[i] });
        }
        if held_out.len() >= HELD_OUT_ENOUGH {
            break;
        }
    }
    held_out
}

/// Weights in one byte each, with a scale per row: a quarter of the size, and no answer that changes in practice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantised {
    pub(crate) intents: usize,
    pub(crate) rows: Vec<i8>,
    pub(crate) scales: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl Quantised {
    fn of(weights: &Weights, intents: usize) -> Self {
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

    pub(crate) fn scores(&self, vector: &Vector) -> Vec<f32> {
        let mut scores = self.bias.clone();
        for (feature, value) in vector {
            let row = &self.rows[*feature as usize * self.intents..][..self.intents];
            let factor = value * self.scales[*feature as usize];
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += factor * f32::from(*weight);
            }
        }
        scores
    }
}
