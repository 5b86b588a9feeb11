//! From a bot's examples to its model, with an encoder where the bot's file asks for one.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use dialogue::{Tier, Understanding};
use domain::TrainingProgress;
use nlu::{Encoder, Material, Model, Rehearsal, TrainOptions, TrainingSet, Tuned, tune};
use sha2::{Digest as _, Sha256};

use super::pace::Pace;
use crate::bot_error::BotError;

/// How many characters of a hash tell the state of one training from that of another.
const HASH_CHARS: usize = 16;

/// What reads besides the n-grams, and what to calibrate on if it learned from the examples.
type Reader = (Option<Arc<Encoder>>, Option<Rehearsal>);

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
        let (encoder, rehearsal) = self.encoder(&mut pace)?;
        let n_grams = self.wanted.tier != Tier::Encoder;
        let material = Material { encoder, rehearsal, n_grams, ..Material::new(self.examples) };
        let mut on_learning = |at| (self.tell)(pace.learned(at, Instant::now()));
        Ok(Model::train_watched(&material, &TrainOptions::default(), &mut on_learning)?)
    }

    /// The encoder, and what to calibrate on if it learned from the examples.
    fn encoder(&self, pace: &mut Pace) -> Result<Reader, BotError> {
        let Some(folder) = &self.wanted.encoder else { return Ok((None, None)) };
        let folder = self.files.join(folder);
        if !folder.is_dir() {
            return Err(BotError::Files(format!(
                "bot.yml: `understanding.encoder` names {}, which is no folder: put a checkpoint \
                 there, or correct the name",
                folder.strip_prefix(self.files).unwrap_or(&folder).display()
            )));
        }
        let encoder = Encoder::load(&folder)?;
        if !self.wanted.fine_tune {
            return Ok((Some(Arc::new(encoder)), None));
        }
        let Tuned { encoder, rehearsal } = self.tuned(&encoder, pace)?;
        Ok((Some(encoder), Some(rehearsal)))
    }

    /// Lets the encoder learn from the examples; it goes on where it was interrupted.
    fn tuned(&self, encoder: &Encoder, pace: &mut Pace) -> Result<Tuned, BotError> {
        let state = (self.state)(&self.name_of(encoder));
        let seed = TrainOptions::default().seed;
        let mut on_progress = |progress: &_| (self.tell)(pace.tuned(progress, Instant::now()));
        let tuned = tune(encoder, self.examples, seed, &state, &mut on_progress)?;
        // What was kept in it is gone already.
        let _ = std::fs::remove_dir(&state);
        Ok(tuned)
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
