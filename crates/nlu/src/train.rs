//! Training: from examples, negatives and an encoder to a [`Model`] whose probabilities mean what they say.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::calibrate::{self, Calibration, HeldOut};
use crate::encoder::Encoder;
use crate::features::{Vector, Vocabulary};
use crate::model::Model;
use crate::quantised::Quantised;
use crate::relearn::Origin;
use crate::scope;
use crate::sentiment::Lexicon;
use crate::solver::{self, Settings, Weights};
use crate::text;
use crate::train_options::TrainOptions;
use crate::training_set::{EXAMPLES_MAX, INTENTS_MAX, TrainingSet, data_hash};
use crate::tuning::Rehearsal;
use crate::view::{Dense, View};

/// Into how many parts the examples are divided for calibration.
const FOLDS: usize = 10;
/// The same for a small set, where a tenth less would make a worse model than the one that is calibrated.
const FOLDS_OF_FEW: usize = 20;
/// A set with fewer examples is small.
const FEW_EXAMPLES: usize = 2_500;
/// So many held-out examples are enough to calibrate on; no further part is trained once they are reached.
const HELD_OUT_ENOUGH: usize = 800;

/// Holds what a model is trained on.
#[derive(Debug, Clone)]
pub struct Material<'a> {
    /// What was said, with its intents.
    pub examples: &'a TrainingSet,
    /// What was said that has none of them: what a model must not know. May be empty.
    pub negatives: &'a [String],
    /// What reads besides the n-grams, or instead of them.
    pub encoder: Option<Arc<Encoder>>,
    /// What to calibrate on if the encoder learned from the examples, of [`crate::tune`].
    pub rehearsal: Option<Rehearsal>,
    /// Whether n-grams are read; true without an encoder.
    pub n_grams: bool,
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
    /// The caller stopped the training.
    #[error("the training was stopped: start it again")]
    Stopped,
}

/// Tells how far a training is, an encoder's own training apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Learning {
    /// The encoder reads the examples; the share that it has read, from 0 to 1.
    Encoding(f32),
    /// The classifier learns, again and again without a part of the examples; the share that is done, from 0 to 1.
    Fitting(f32),
}

/// What a training calls now and then; it may stop the training.
pub type OnLearning<'a> = &'a mut dyn FnMut(Learning) -> ControlFlow<()>;

impl<'a> Material<'a> {
    /// Creates what the linear tier is trained on.
    #[must_use]
    pub fn new(examples: &'a TrainingSet) -> Self {
        Self { examples, negatives: &[], encoder: None, rehearsal: None, n_grams: true }
    }
}

impl Model {
    /// Trains a model that reads n-grams. The same examples and options give the same bytes.
    ///
    /// # Errors
    /// If the training set cannot be trained on, or an option is out of range.
    pub fn train(set: &TrainingSet, options: &TrainOptions) -> Result<Self, TrainError> {
        Self::train_on(&Material::new(set), options)
    }

    /// Trains a model on all that is given. The same material and options give the same bytes.
    ///
    /// # Errors
    /// If the training set cannot be trained on, or an option is out of range.
    pub fn train_on(material: &Material<'_>, options: &TrainOptions) -> Result<Self, TrainError> {
        Self::train_watched(material, options, &mut |_| ControlFlow::Continue(()))
    }

    /// Trains a model as [`Model::train_on`] does, and tells how far it is.
    ///
    /// # Errors
    /// Those of [`Model::train_on`], and [`TrainError::Stopped`].
    pub fn train_watched(
        material: &Material<'_>,
        options: &TrainOptions,
        on_learning: OnLearning<'_>,
    ) -> Result<Self, TrainError> {
        let intents = material.examples.intents();
        check(material, intents.len(), options)?;
        let trainer = Trainer::new(material, intents.len(), *options, on_learning)
            .ok_or(TrainError::Stopped)?;
        let held_out = match &material.rehearsal {
            Some(rehearsal) => trainer.rehearse(rehearsal, material, on_learning),
            None => trainer.hold_out(on_learning),
        };
        let HeldOuts { known, unknown } = held_out.ok_or(TrainError::Stopped)?;
        let calibration = Calibration::of(&known);
        let all: Vec<usize> = (0..trainer.texts.len()).collect();
        let (view, weights) = trainer.fit(&all);
        let metrics = calibrate::measure(&known, calibration);
        Ok(Self {
            weights: Quantised::of(&weights, intents.len()),
            thresholds: calibrate::thresholds(&known, calibration, metrics.answer_threshold),
            scope_threshold: scope::threshold(&known, &unknown),
            intents: intents.into_iter().map(Arc::from).collect(),
            view,
            calibration,
            metrics,
            data_hash: data_hash(material.examples),
            origin: Origin::of(material.examples, material.negatives),
            options: *options,
            lexicon: Lexicon::default(),
        })
    }
}

pub(crate) fn check(
    material: &Material<'_>,
    intents: usize,
    options: &TrainOptions,
) -> Result<(), TrainError> {
    let positive = |value: f32| value.is_finite() && value > 0.0;
    if intents < 2 {
        return Err(TrainError::TooFewIntents(intents));
    }
    if intents > INTENTS_MAX {
        return Err(TrainError::TooManyIntents(intents));
    }
    let examples = material.examples.examples().len() + material.negatives.len();
    if examples > EXAMPLES_MAX {
        return Err(TrainError::TooManyExamples(examples));
    }
    if !(1..=1_000).contains(&options.passes) {
        return Err(TrainError::BadOption("passes", "between 1 and 1000"));
    }
    if !positive(options.cost) || !positive(options.own_cost) {
        return Err(TrainError::BadOption("cost", "greater than 0"));
    }
    if material.encoder.is_none() && !material.n_grams {
        return Err(TrainError::BadOption("encoder", "given where no n-grams are read"));
    }
    Ok(())
}

/// What held-out examples scored: those that have an intent, and the negatives.
#[derive(Default)]
struct HeldOuts {
    known: Vec<HeldOut>,
    unknown: Vec<Vec<f32>>,
}

/// Examples, negatives and names, read as far as that does not depend on which of them are trained on.
pub(crate) struct Trainer {
    /// The normalised texts: the examples, sorted by intent, then the negatives, then the name of each intent.
    pub(crate) texts: Vec<String>,
    /// The number of the intent of each text; none for a negative.
    pub(crate) labels: Vec<Option<usize>>,
    /// How many of the texts were said by somebody: all but the names.
    said: usize,
    /// The encoder and the sentence vector of each text.
    dense: Option<(Dense, Vec<Vec<f32>>)>,
    n_grams: bool,
    intents: usize,
    options: TrainOptions,
}

impl Trainer {
    /// Reads what there is to learn from; `None` if that was stopped.
    pub(crate) fn new(
        material: &Material<'_>,
        intents: usize,
        options: TrainOptions,
        on_learning: OnLearning<'_>,
    ) -> Option<Self> {
        let examples = material.examples.examples();
        let groups = examples.chunk_by(|a, b| a.intent == b.intent);
        let numbered =
            groups.enumerate().flat_map(|(label, same)| std::iter::repeat_n(label, same.len()));
        let negatives = material.negatives.iter();
        let labels =
            numbered.map(Some).chain(negatives.clone().map(|_| None)).chain((0..intents).map(Some));
        // Whoever named an intent said in few words what it is about.
        let names: Vec<String> =
            material.examples.intents().into_iter().map(text::words_of_name).collect();
        let texts: Vec<&str> = examples
            .iter()
            .map(|one| &one.text)
            .chain(negatives)
            .chain(&names)
            .map(|text| text::capped(text))
            .collect();
        let said = texts.len() - intents;
        let dense = match material.encoder.clone() {
            Some(encoder) => Some(Dense::of(encoder, &texts, &mut |share| {
                on_learning(Learning::Encoding(share))
            })?),
            None => None,
        };
        let texts = texts.into_iter().map(text::normalise).collect();
        let labels = labels.collect();
        Some(Self { texts, labels, said, dense, n_grams: material.n_grams, intents, options })
    }

    /// Trains on some of the texts.
    fn fit(&self, chosen: &[usize]) -> (View, Weights) {
        let known: &[usize] = if self.n_grams { chosen } else { &[] };
        let vocabulary = Vocabulary::of(known.iter().map(|i| self.texts[*i].as_str()));
        let dense = self.dense.as_ref().map(|(dense, _)| dense.clone());
        let view = View { vocabulary, dense };
        let vectors: Vec<Vector> = chosen.iter().map(|i| self.vector(&view, *i)).collect();
        let rows: Vec<&Vector> = vectors.iter().collect();
        let labels: Vec<Option<usize>> = chosen.iter().map(|i| self.labels[*i]).collect();
        let settings = Settings::of(&self.options);
        let weights = solver::train(&rows, &labels, view.len(), self.intents, &settings);
        (view, weights)
    }

    fn vector(&self, view: &View, text: usize) -> Vector {
        let mut vector = view.vocabulary.vector(&self.texts[text]);
        if let Some((_, sentences)) = &self.dense {
            view.append(&mut vector, &sentences[text]);
        }
        vector
    }

    /// Trains without a part of what was said and scores that part, for one part after the other; `None` if that was stopped.
    fn hold_out(&self, on_learning: OnLearning<'_>) -> Option<HeldOuts> {
        // Every so-manieth of a shuffled order sorted by intent: each part has its share of each intent.
        let mut order: Vec<usize> = (0..self.said).collect();
        solver::Random::new(self.options.seed).shuffle(&mut order);
        order.sort_by_key(|i| self.labels[*i]);
        let folds = if order.len() < FEW_EXAMPLES { FOLDS_OF_FEW } else { FOLDS };
        let known = self.labels[..self.said].iter().flatten().count();
        // Afterwards the whole is trained on, which takes about as long as one part did.
        let all = (known.min(HELD_OUT_ENOUGH) + known / folds).max(1);
        let mut held_out = HeldOuts::default();
        for fold in 0..folds {
            self.score_without(order.iter().skip(fold).step_by(folds).copied(), &mut held_out);
            let held = held_out.known.len().min(HELD_OUT_ENOUGH);
            if on_learning(Learning::Fitting(held as f32 / all as f32)).is_break() {
                return None;
            }
            if held == HELD_OUT_ENOUGH {
                break;
            }
        }
        Some(held_out)
    }

    /// Trains without what an encoder never learned from and scores that; `None` if that was stopped.
    fn rehearse(
        &self,
        rehearsal: &Rehearsal,
        material: &Material<'_>,
        on_learning: OnLearning<'_>,
    ) -> Option<HeldOuts> {
        let Rehearsal { encoder, kept } = rehearsal;
        let examples = material.examples.examples().len();
        let out = kept.iter().copied().filter(|place| *place < examples);
        let out = out.chain((examples..self.said).step_by(FOLDS));
        let mut held_out = HeldOuts::default();
        if material.encoder.as_ref().is_some_and(|own| Arc::ptr_eq(own, encoder)) {
            self.score_without(out, &mut held_out);
        } else {
            let material = Material { encoder: Some(Arc::clone(encoder)), ..material.clone() };
            let trainer = Self::new(&material, self.intents, self.options, on_learning)?;
            trainer.score_without(out, &mut held_out);
        }
        on_learning(Learning::Fitting(0.5)).is_continue().then_some(held_out)
    }

    /// Trains on all but some of what was said, and scores these.
    fn score_without(&self, out: impl Iterator<Item = usize>, held_out: &mut HeldOuts) {
        let out: Vec<usize> = out.collect();
        let mut kept = vec![true; self.texts.len()];
        out.iter().for_each(|place| kept[*place] = false);
        let kept: Vec<usize> = (0..self.texts.len()).filter(|place| kept[*place]).collect();
        let (view, weights) = self.fit(&kept);
        for i in out {
            let mut scores = vec![0.0; weights.stride];
            weights.scores(&self.vector(&view, i), &mut scores);
            scores.truncate(self.intents);
            match self.labels[i] {
                Some(label) => held_out.known.push(HeldOut { scores, label }),
                None => held_out.unknown.push(scores),
            }
        }
    }
}
