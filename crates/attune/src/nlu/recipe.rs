//! What models of intents are made of, read once from the options and used for as many trainings as a command needs.

use std::sync::Arc;

use nlu::{
    Encoder, Material, Model, Rehearsal, Relearned, TrainError, TrainOptions, TrainingSet, Tuned,
};

use super::load_encoder;
use crate::cli::{TierName, TierNlu};
use crate::failure::{Failure, Result};

/// How models are trained.
pub(super) struct Recipe {
    tier: TierName,
    encoder: Option<Arc<Encoder>>,
    rehearsal: Option<Rehearsal>,
    seed: u64,
}

impl Recipe {
    /// Reads the encoder that a tier needs; one that would not be read is refused.
    pub(super) fn read(tier: &TierNlu) -> Result<Self> {
        let encoder = match (tier.tier, &tier.encoder) {
            (TierName::Linear, None) => None,
            (TierName::Linear, Some(_)) => {
                return Err(Failure::start(
                    "the linear tier reads no encoder: add --tier hybrid, or leave --encoder out",
                ));
            }
            (_, None) => {
                return Err(Failure::start(
                    "this tier needs --encoder with the folder of a checkpoint; `attune nlu pretrain` makes one",
                ));
            }
            (_, Some(folder)) => Some(Arc::new(load_encoder(folder)?)),
        };
        Ok(Self { tier: tier.tier, encoder, rehearsal: None, seed: tier.seed })
    }

    /// The encoder, if the tier has one.
    pub(super) fn encoder(&self) -> Option<&Encoder> {
        self.encoder.as_deref()
    }

    /// The same with an encoder that learned from the examples.
    pub(super) fn tuned(self, tuned: Tuned) -> Self {
        let Tuned { encoder, rehearsal } = tuned;
        Self { encoder: Some(encoder), rehearsal: Some(rehearsal), ..self }
    }

    /// Whether its encoder learned from the examples.
    pub(super) fn is_tuned(&self) -> bool {
        self.rehearsal.is_some()
    }

    /// Trains what differs from a model; nothing if that is too much.
    ///
    /// # Errors
    /// If the tier is another than the linear one.
    pub(super) fn relearn(
        &self,
        base: &Model,
        examples: &TrainingSet,
        negatives: &[String],
    ) -> Result<Option<(Model, Relearned)>> {
        match self.tier {
            TierName::Linear => Ok(base.relearn(examples, negatives, &self.options())),
            _ => Err(Failure::start("--base is for the linear tier: leave it out")),
        }
    }

    fn options(&self) -> TrainOptions {
        TrainOptions { seed: self.seed, ..TrainOptions::default() }
    }

    /// Trains a model.
    pub(super) fn train(
        &self,
        examples: &TrainingSet,
        negatives: &[String],
    ) -> Result<Model, TrainError> {
        let n_grams = self.tier != TierName::Encoder;
        let (encoder, rehearsal) = (self.encoder.clone(), self.rehearsal.clone());
        let material = Material { examples, negatives, encoder, rehearsal, n_grams };
        Model::train_on(&material, &self.options())
    }

    /// Says it in words, for those who want to repeat it.
    pub(super) fn describe(&self) -> String {
        let tier = match self.tier {
            TierName::Linear => "linear",
            TierName::Encoder => "encoder",
            TierName::Hybrid => "hybrid",
        };
        match &self.encoder {
            Some(encoder) => format!("{tier}, encoder {}", encoder.fingerprint()),
            None => tier.to_owned(),
        }
    }
}
