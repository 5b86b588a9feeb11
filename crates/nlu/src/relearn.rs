//! Learning anew only what a change of the examples touches.
//!
//! Each intent is told from all the rest by weights of its own. A change of one intent's examples leaves the weights of
//! most others where they were, so only these are learned again: the intents that changed, and the rivals that the model
//! before nearly took their examples for. Probabilities and thresholds stay those of the last whole training.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::features::Vocabulary;
use crate::model::Model;
use crate::quantised::Quantised;
use crate::solver::{self, Settings, Weights};
use crate::train::{Material, Trainer};
use crate::train_options::TrainOptions;
use crate::training_set::{TrainingSet, hash_of, intent_hashes};
use crate::view::View;

/// An intent that scores an example of another higher is a rival; -1 is what training asks for.
const RIVAL_SCORE: f32 = -0.25;
/// When more than one in so many intents must learn, the whole does.
const LEARN_ONE_IN: usize = 2;

/// What a model was trained on, as far as the next training has to know it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// A hash of each intent's examples, in the order of the intents.
    pub intent_hashes: Vec<String>,
    /// A hash of what the model must not know.
    pub negatives_hash: String,
    /// How many partial trainings there were since the last whole one, of which metrics and calibration are.
    pub partial_trainings: u32,
}

/// What a partial training did. Names are sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Relearned {
    /// The intents that are new, or have other examples than before.
    pub changed: Vec<String>,
    /// The intents that learned again because the examples of those are near to theirs.
    pub rivals: Vec<String>,
    /// The intents that there are no longer.
    pub removed: Vec<String>,
}

impl Origin {
    pub(crate) fn of(examples: &TrainingSet, negatives: &[String]) -> Self {
        Self {
            intent_hashes: intent_hashes(examples),
            negatives_hash: hash_of(negatives.iter().map(String::as_str)),
            partial_trainings: 0,
        }
    }
}

impl Model {
    /// Trains on examples that differ a little from those of this model: intents that changed, and their rivals.
    ///
    /// Nothing if the whole must be trained: if the options or the negatives differ, too many intents learn, the model
    /// reads with an encoder or does not know what it was trained on, or the examples cannot be trained on at all.
    #[must_use]
    pub fn relearn(
        &self,
        examples: &TrainingSet,
        negatives: &[String],
        options: &TrainOptions,
    ) -> Option<(Self, Relearned)> {
        let origin = Origin::of(examples, negatives);
        let is_alike = self.options == *options
            && self.view.dense.is_none()
            && self.origin.intent_hashes.len() == self.intents.len()
            && self.origin.negatives_hash == origin.negatives_hash;
        let intents = examples.intents();
        let material = Material { negatives, ..Material::new(examples) };
        if !is_alike || crate::train::check(&material, intents.len(), options).is_err() {
            return None;
        }
        let before: Vec<Option<usize>> = intents
            .iter()
            .map(|name| self.intents.binary_search_by(|own| (**own).cmp(name)).ok())
            .collect();
        let is_same = |(intent, place): (usize, &Option<usize>)| {
            place.filter(|place| self.origin.intent_hashes[*place] == origin.intent_hashes[intent])
        };
        // Where the weights of an intent stand that did not change.
        let mut kept: Vec<Option<usize>> = before.iter().enumerate().map(is_same).collect();
        let name = |intent: usize| intents[intent].to_owned();
        let missing = |kept: &[Option<usize>]| -> Vec<usize> {
            (0..intents.len()).filter(|intent| kept[*intent].is_none()).collect()
        };
        let changed = missing(&kept);
        let trainer =
            Trainer::new(&material, intents.len(), *options, &mut |_| ControlFlow::Continue(()))?;
        self.let_go_of_rivals(&trainer, &changed, &mut kept);
        let learning = missing(&kept);
        if learning.len() * LEARN_ONE_IN > intents.len() {
            return None;
        }
        let (view, weights) = self.learn(&trainer, &kept, &learning);
        let thresholds = before.iter().map(|place| {
            place.map_or(self.metrics.answer_threshold, |place| self.thresholds[place])
        });
        let model = Self {
            intents: intents.iter().copied().map(Arc::from).collect(),
            weights: Quantised::of(&weights, intents.len()),
            view,
            thresholds: thresholds.collect(),
            data_hash: crate::data_hash(examples),
            origin: Origin { partial_trainings: self.origin.partial_trainings + 1, ..origin },
            ..self.clone()
        };
        let is_gone = |own: &&Arc<str>| intents.binary_search(&&***own).is_err();
        let relearned = Relearned {
            rivals: learning
                .iter()
                .filter(|one| !changed.contains(one))
                .map(|one| name(*one))
                .collect(),
            changed: changed.into_iter().map(name).collect(),
            removed: self.intents.iter().filter(is_gone).map(|own| own.to_string()).collect(),
        };
        Some((model, relearned))
    }

    /// Forgets where the weights of those intents stand that this model nearly takes an example of a changed one for.
    fn let_go_of_rivals(&self, trainer: &Trainer, changed: &[usize], kept: &mut [Option<usize>]) {
        for (text, label) in trainer.texts.iter().zip(&trainer.labels) {
            if !label.is_some_and(|label| changed.binary_search(&label).is_ok()) {
                continue;
            }
            let scores = self.weights.scores(&self.view.vocabulary.vector(text));
            for place in kept.iter_mut() {
                if place.is_some_and(|place| scores[place] > RIVAL_SCORE) {
                    *place = None;
                }
            }
        }
    }

    /// Learns the weights of some intents and carries those of the others over.
    fn learn(
        &self,
        trainer: &Trainer,
        kept: &[Option<usize>],
        learning: &[usize],
    ) -> (View, Weights) {
        let texts = trainer.texts.iter().map(String::as_str);
        // An n-gram that was known weighs what it did, or the weights that are kept would mean something else.
        let vocabulary = Vocabulary::of(texts).weighted_as(&self.view.vocabulary);
        let vectors: Vec<_> = trainer.texts.iter().map(|text| vocabulary.vector(text)).collect();
        let column = |intent: usize| learning.binary_search(&intent).ok();
        let labels: Vec<Option<usize>> =
            trainer.labels.iter().map(|label| label.and_then(column)).collect();
        let settings = Settings::of(&self.options);
        let rows: Vec<_> = vectors.iter().collect();
        let anew = solver::train(&rows, &labels, vocabulary.len(), learning.len(), &settings);

        let mut weights = Weights::zero(vocabulary.len(), kept.len());
        let join = |row: &mut [f32], anew: &[f32], before: &dyn Fn(usize) -> f32| {
            for (weight, place) in row.iter_mut().zip(kept) {
                *weight = place.map_or(0.0, before);
            }
            for (intent, weight) in learning.iter().zip(anew) {
                row[*intent] = *weight;
            }
        };
        let stride = weights.stride;
        for (feature, (key, row)) in
            vocabulary.keys().iter().zip(weights.rows.chunks_exact_mut(stride)).enumerate()
        {
            let before = self.view.vocabulary.place(*key);
            join(row, anew.row(feature as u32), &|intent| {
                before.map_or(0.0, |feature| self.weights.weight(feature, intent))
            });
        }
        join(&mut weights.bias, &anew.bias, &|intent| self.weights.bias[intent]);
        (View { vocabulary, dense: None }, weights)
    }
}
