//! What models of intents are made of, read once from the options and used for as many trainings as a command needs.

use std::sync::Arc;

use nlu::encoder::Encoder;
use nlu::{Material, Model, TrainError, TrainOptions, TrainingSet};

use super::load_encoder;
use crate::cli::{TierName, TierNlu};
use crate::failure::{Failure, Result};

/// How models are trained.
pub(super) struct Recipe {
    tier: TierName,
    encoder: Option<Arc<Encoder>>,
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
        Ok(Self { tier: tier.tier, encoder, seed: tier.seed })
    }

    /// The encoder, if the tier has one.
    pub(super) fn encoder(&self) -> Option<&Encoder> {
        self.encoder.as_deref()
    }

    /// The same with another encoder.
    pub(super) fn with_encoder(self, encoder: Encoder) -> Self {
        Self { encoder: Some(Arc::new(encoder)), ..self }
    }

    /// Trains a model.
    pub(super) fn train(
        &self,
        examples: &TrainingSet,
        negatives: &[String],
    ) -> Result<Model, TrainError> {
        let n_grams = self.tier != TierName::Encoder;
        let material = Material { examples, negatives, encoder: self.encoder.clone(), n_grams };
        let options = TrainOptions { seed: self.seed, ..TrainOptions::default() };
        Model::train_on(&material, &options)
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
