//! From a bot's examples to its model, with an encoder where the bot's file asks for one.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use dialogue::{Tier, Understanding};
use domain::TrainingProgress;
use nlu::encoder::{FineTuneOptions, finetune};
use nlu::{Encoder, Material, Model, TrainOptions, TrainingSet};
use sha2::{Digest as _, Sha256};

use super::pace::Pace;
use crate::bot::BotError;

/// How many characters of a hash tell the state of one training from that of another.
const HASH_CHARS: usize = 16;

/// What a model is made of.
pub(super) struct Lesson<'a> {
    /// The bot's folder, to which the encoder's may be relative.
    pub(super) files: &'a Path,
    /// What to learn from.
    pub(super) examples: &'a TrainingSet,
    /// What to understand with.
    pub(super) wanted: &'a Understanding,
    /// Names the folder in which an interrupted training finds what was done, from a word of its own.
    pub(super) state: &'a dyn Fn(&str) -> PathBuf,
    /// Is told how far learning is, and may stop it.
    pub(super) tell: &'a dyn Fn(TrainingProgress) -> ControlFlow<()>,
}

impl Lesson<'_> {
    /// Makes the model.
    pub(super) fn learn(&self) -> Result<Model, BotError> {
        let mut pace = Pace::new(self.wanted, Instant::now());
        let material = Material {
            encoder: self.encoder(&mut pace)?.map(Arc::new),
            n_grams: self.wanted.tier != Tier::Encoder,
            ..Material::new(self.examples)
        };
        let mut on_learning = |at| (self.tell)(pace.learned(at, Instant::now()));
        Ok(Model::train_watched(&material, &TrainOptions::default(), &mut on_learning)?)
    }

    fn encoder(&self, pace: &mut Pace) -> Result<Option<Encoder>, BotError> {
        let Some(folder) = &self.wanted.encoder else { return Ok(None) };
        let folder = self.files.join(folder);
        if !folder.is_dir() {
            return Err(BotError::Files(format!(
                "bot.yml: `understanding.encoder` names {}, which is no folder: put a checkpoint \
                 there, or correct the name",
                folder.strip_prefix(self.files).unwrap_or(&folder).display()
            )));
        }
        let encoder = Encoder::load(&folder)?;
        match self.wanted.fine_tune {
            true => self.tuned(&encoder, pace).map(Some),
            false => Ok(Some(encoder)),
        }
    }

    /// Lets the encoder learn from the examples; it goes on where it was interrupted.
    fn tuned(&self, encoder: &Encoder, pace: &mut Pace) -> Result<Encoder, BotError> {
        let examples = self.examples.examples().iter();
        let examples: Vec<(&str, &str)> =
            examples.map(|one| (one.text.as_str(), one.intent.as_str())).collect();
        let options = FineTuneOptions::fitting(examples.len(), self.examples.intents().len());
        let state = (self.state)(&self.name_of(encoder));
        let mut on_progress = |progress: &_| (self.tell)(pace.tuned(progress, Instant::now()));
        let tuned = finetune(encoder, &examples, &[], &options, Some(&state), &mut on_progress)?;
        // What was kept in it is gone already.
        let _ = std::fs::remove_dir(&state);
        Ok(tuned.encoder)
    }

    /// A word that another encoder, or other examples, do not have.
    fn name_of(&self, encoder: &Encoder) -> String {
        let mut hash = Sha256::new();
        hash.update(encoder.fingerprint());
        hash.update(nlu::data_hash(self.examples));
        let mut name = hex::encode(hash.finalize());
        name.truncate(HASH_CHARS);
        name
    }
}
