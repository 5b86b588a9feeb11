//! Learning anew only what a change of the examples touches.
//!
//! Each intent is told from all the rest by weights of its own. A change of one intent's examples leaves the weights of
//! most others where they were, so only these are learned again: the intents that changed, and the rivals that the model
//! before took their examples for. Probabilities and thresholds stay those of the last whole training.

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

/// An intent that scores an example of another higher is a rival: training asks for -1, and above 0 it takes it for its own.
const RIVAL_SCORE: f32 = 0.0;
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
        let intents = examples.intents();
        let material = Material { negatives, ..Material::new(examples) };
        if !self.was_trained_alike(&origin, options)
            || crate::train::check(&material, intents.len(), options).is_err()
        {
            return None;
        }
        let go_on = &mut |_| ControlFlow::Continue(());
        let trainer = Trainer::new(&material, intents.len(), *options, go_on)?;
        let plan = Plan::of(self, &intents, &origin.intent_hashes, &trainer);
        if plan.learning.len() * LEARN_ONE_IN > intents.len() {
            return None;
        }
        let (view, weights) = self.learn(&trainer, &plan);
        let threshold = |place: &Option<usize>| {
            place.map_or(self.metrics.answer_threshold, |place| self.thresholds[place])
        };
        let model = Self {
            intents: intents.iter().copied().map(Arc::from).collect(),
            view,
            weights: Quantised::of(&weights, intents.len()),
            thresholds: plan.named.iter().map(threshold).collect(),
            data_hash: crate::data_hash(examples),
            origin: Origin { partial_trainings: self.origin.partial_trainings + 1, ..origin },
            ..self.clone()
        };
        Some((model, plan.tell(&self.intents, &intents)))
    }

    /// Whether only examples can be what differs from the training of this model.
    fn was_trained_alike(&self, origin: &Origin, options: &TrainOptions) -> bool {
        self.options == *options
            && self.view.dense.is_none()
            && self.origin.intent_hashes.len() == self.intents.len()
            && self.origin.negatives_hash == origin.negatives_hash
    }

    /// Learns the weights of some intents and carries those of the others over.
    fn learn(&self, trainer: &Trainer, plan: &Plan) -> (View, Weights) {
        let texts = trainer.texts.iter().map(String::as_str);
        // An n-gram that was known weighs what it did, or the weights that are kept would mean something else.
        let vocabulary = Vocabulary::of(texts).weighted_as(&self.view.vocabulary);
        let vectors: Vec<_> = trainer.texts.iter().map(|text| vocabulary.vector(text)).collect();
        let column = |intent: usize| plan.learning.binary_search(&intent).ok();
        let labels: Vec<Option<usize>> =
            trainer.labels.iter().map(|label| label.and_then(column)).collect();
        let (rows, settings) = (vectors.iter().collect::<Vec<_>>(), Settings::of(&self.options));
        let anew = solver::train(&rows, &labels, vocabulary.len(), plan.learning.len(), &settings);

        let mut weights = Weights::zero(vocabulary.len(), plan.kept.len());
        let stride = weights.stride;
        let rows = vocabulary.keys().iter().zip(weights.rows.chunks_exact_mut(stride));
        for (feature, (key, row)) in (0..).zip(rows) {
            let before = self.view.vocabulary.place(*key);
            plan.join(row, anew.row(feature), |intent| {
                before.map_or(0.0, |feature| self.weights.weight(feature, intent))
            });
        }
        plan.join(&mut weights.bias, &anew.bias, |intent| self.weights.bias[intent]);
        (View { vocabulary, dense: None }, weights)
    }
}

/// Which intents learn, and where the others stand in the model before.
struct Plan {
    /// The place of each intent in the model before, if it was there.
    named: Vec<Option<usize>>,
    /// The same for those alone that keep their weights.
    kept: Vec<Option<usize>>,
    /// The intents whose examples are not those of before, ascending.
    changed: Vec<usize>,
    /// Those, and their rivals, ascending.
    learning: Vec<usize>,
}

impl Plan {
    fn of(before: &Model, intents: &[&str], hashes: &[String], trainer: &Trainer) -> Self {
        let place = |name: &&str| before.intents.binary_search_by(|own| (**own).cmp(name)).ok();
        let named: Vec<Option<usize>> = intents.iter().map(place).collect();
        let same = |(place, hash): (&Option<usize>, &String)| {
            place.filter(|place| before.origin.intent_hashes[*place] == *hash)
        };
        let mut kept: Vec<Option<usize>> = named.iter().zip(hashes).map(same).collect();
        let changed = without_place(&kept);
        for (text, label) in trainer.texts.iter().zip(&trainer.labels) {
            if label.is_some_and(|label| changed.binary_search(&label).is_ok()) {
                let scores = before.weights.scores(&before.view.vocabulary.vector(text));
                for place in &mut kept {
                    *place = place.filter(|place| scores[*place] <= RIVAL_SCORE);
                }
            }
        }
        Self { named, learning: without_place(&kept), kept, changed }
    }

    /// Writes a row of weights: what was learned anew, and what is kept of before.
    fn join(&self, row: &mut [f32], anew: &[f32], before: impl Fn(usize) -> f32) {
        for (weight, place) in row.iter_mut().zip(&self.kept) {
            *weight = place.map_or(0.0, &before);
        }
        for (intent, weight) in self.learning.iter().zip(anew) {
            row[*intent] = *weight;
        }
    }

    fn tell(&self, before: &[Arc<str>], intents: &[&str]) -> Relearned {
        let names = |numbers: &[usize]| -> Vec<String> {
            numbers.iter().map(|intent| intents[*intent].to_owned()).collect()
        };
        let mut rivals = self.learning.clone();
        rivals.retain(|intent| self.changed.binary_search(intent).is_err());
        let removed = before.iter().filter(|own| intents.binary_search(&&***own).is_err());
        Relearned {
            changed: names(&self.changed),
            rivals: names(&rivals),
            removed: removed.map(|own| own.to_string()).collect(),
        }
    }
}

/// The numbers of those that have no place, ascending.
fn without_place(places: &[Option<usize>]) -> Vec<usize> {
    (0..places.len()).filter(|number| places[*number].is_none()).collect()
}
