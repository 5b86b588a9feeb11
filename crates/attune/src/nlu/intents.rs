//! `attune nlu train`.

use std::fmt;
use std::path::Path;
use std::time::Instant;

use nlu::audit::{Finding, audit};
use nlu::near::SIMILARITY_DEFAULT;
use nlu::{Example, Metrics, Model, Relearned, Tier, TrainingSet, tune};
use serde::Serialize;

use super::recipe::Recipe;
use super::scores::Scores;
use super::{now_ms, read_examples, read_lines, refuse, show, watch};
use crate::cli::TrainNlu;
use crate::failure::Result;

/// From more examples an encoder learns only if it is told to: they would take one of MiniLM's size over half an hour.
const QUICKLY_TUNED_MAX: usize = 12_000;

/// What `attune nlu train` says.
#[derive(Serialize)]
struct Trained {
    model: String,
    tier: Tier,
    /// Whether the encoder itself learned from the examples.
    fine_tuned: bool,
    /// In how many steps, those before an interruption apart.
    fine_tuning_steps: u64,
    examples: usize,
    intents: usize,
    data_hash: String,
    model_bytes: usize,
    train_s: f64,
    /// What learned of a model that differs little from `--base`; nothing if all of it did.
    relearned: Option<Relearned>,
    /// Of the last training of all of it.
    held_out: Metrics,
    conflicts: Conflicts,
    dev: Option<Scores>,
}

/// How much of the examples a person should look at.
#[derive(Serialize)]
struct Conflicts {
    /// Pairs of almost the same text with two intents.
    contradictions: usize,
    /// Intents that will hardly be recognised.
    few_examples: usize,
    /// Tests of `--dev` that are almost an example.
    leaked: usize,
}

/// `attune nlu train`
pub(super) fn train(train: &TrainNlu) -> Result {
    let set = TrainingSet::new(read_examples(&train.data)?);
    let dev = train.dev.as_deref().map(read_examples).transpose()?;
    let negatives = train.oos.as_deref().map(read_lines).transpose()?.unwrap_or_default();
    let conflicts = Conflicts::of(&set, dev.as_deref().unwrap_or_default());
    let began = Instant::now();
    let (recipe, fine_tuning_steps) = fine_tuned(Recipe::read(&train.tier)?, train, &set)?;
    let base = train.base.as_deref().map(load).transpose()?;
    let part = base.map(|base| recipe.relearn(&base, &set, &negatives)).transpose()?.flatten();
    let (model, relearned) = match part {
        Some((model, relearned)) => (model, Some(relearned)),
        None => (recipe.train(&set, &negatives).map_err(|error| refuse(&error))?, None),
    };
    let train_s = began.elapsed().as_secs_f64();
    model.save(&train.out, now_ms()).map_err(|error| refuse(&error))?;
    let dev = dev.map(|dev| Scores::of_model(&model, &dev, &[]));
    let trained = Trained {
        model: train.out.display().to_string(),
        tier: model.tier(),
        fine_tuned: recipe.is_tuned(),
        fine_tuning_steps,
        examples: set.examples().len(),
        intents: model.intents().len(),
        data_hash: model.data_hash().to_owned(),
        model_bytes: model.bytes(),
        train_s,
        relearned,
        held_out: *model.metrics(),
        conflicts,
        dev,
    };
    show(&trained, train.json)
}

impl Conflicts {
    fn of(set: &TrainingSet, dev: &[Example]) -> Self {
        let mut counts = Self { contradictions: 0, few_examples: 0, leaked: 0 };
        for finding in audit(set.examples(), dev, SIMILARITY_DEFAULT) {
            match finding {
                Finding::Contradiction { .. } => counts.contradictions += 1,
                Finding::FewExamples { .. } => counts.few_examples += 1,
                Finding::Leak { .. } => counts.leaked += 1,
                Finding::Untrained { .. } | Finding::Untested { .. } => {}
            }
        }
        counts
    }
}

/// Lets the encoder learn from the examples, if that is wanted; the recipe, and how many steps that took.
fn fine_tuned(recipe: Recipe, train: &TrainNlu, set: &TrainingSet) -> Result<(Recipe, u64)> {
    let Some(encoder) = recipe.encoder() else {
        return match train.fine_tune.is_demanded() {
            true => Err(refuse(&"--fine-tune needs --tier encoder or hybrid and --encoder")),
            false => Ok((recipe, 0)),
        };
    };
    if !train.fine_tune.is_wanted(set.examples().len(), QUICKLY_TUNED_MAX) {
        return Ok((recipe, 0));
    }
    let folder = train.out.with_extension("training");
    let (mut steps, mut watch) = (0, watch());
    let tuned = tune(encoder, set, train.tier.seed, &folder, &mut |progress| {
        steps += 1;
        watch(progress)
    })
    .map_err(|error| refuse(&error))?;
    // What was kept in it for an interruption is gone; only an empty folder is left.
    let _ = std::fs::remove_dir(&folder);
    Ok((recipe.tuned(tuned), steps))
}

/// Loads a model.
pub(super) fn load(folder: &Path) -> Result<Model> {
    Model::load(folder).map_err(|error| refuse(&error))
}

impl fmt::Display for Conflicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.contradictions, "pairs of examples contradict each other"),
            (self.few_examples, "intents have few examples"),
            (self.leaked, "tests are almost an example"),
        ];
        for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
            writeln!(f, "{count:>27}  {what}; `attune nlu audit` lists them")?;
        }
        Ok(())
    }
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f32| share * 100.0;
        writeln!(f, "model              {}", self.model)?;
        writeln!(f, "examples           {:>8}", self.examples)?;
        writeln!(f, "intents            {:>8}", self.intents)?;
        writeln!(f, "trained in         {:>8.1} s", self.train_s)?;
        if let Some(Relearned { changed, rivals, removed }) = &self.relearned {
            writeln!(f, "changed intents    {:>8}", changed.len())?;
            writeln!(f, "learned beside     {:>8}", rivals.len())?;
            writeln!(f, "removed intents    {:>8}", removed.len())?;
        }
        writeln!(f, "held-out accuracy  {:>8.1} %", percent(self.held_out.accuracy))?;
        writeln!(
            f,
            "held-out coverage  {:>8.1} %  at 95 % precision",
            percent(self.held_out.coverage_at_95_precision)
        )?;
        write!(f, "{}", self.conflicts)?;
        match &self.dev {
            Some(dev) => write!(f, "\n{dev}"),
            None => Ok(()),
        }
    }
}
