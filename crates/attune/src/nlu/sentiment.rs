//! `attune nlu sentiment`.

use std::fmt;
use std::path::{Path, PathBuf};

use nlu::sentiment::{SentimentModel, SentimentOptions, parse_label};
use nlu::{Example, Metrics};
use serde::Serialize;

use super::scores::Scores;
use super::{now_ms, read_examples, refuse, show};
use crate::cli::SentimentCommand;
use crate::failure::{Failure, Result};

/// What `attune nlu sentiment train` says.
#[derive(Serialize)]
struct Trained {
    model: PathBuf,
    examples: usize,
    held_out: Metrics,
}

pub(super) fn run(command: &SentimentCommand) -> Result {
    match command {
        SentimentCommand::Train(train) => {
            let examples = read_examples(&train.data)?;
            let options = SentimentOptions { seed: train.seed, ..SentimentOptions::default() };
            let model =
                SentimentModel::train(&examples, &options).map_err(|error| refuse(&error))?;
            model.save(&train.out, now_ms()).map_err(|error| refuse(&error))?;
            let (examples, held_out) = (examples.len(), *model.metrics());
            show(&Trained { model: train.out.clone(), examples, held_out }, train.json)
        }
        SentimentCommand::Eval(eval) => {
            let model = SentimentModel::load(&eval.model).map_err(|error| refuse(&error))?;
            let tests = read_tests(&eval.data)?;
            show(&Scores::of(&tests, &[], None, |text| model.read(text).into()), eval.json)
        }
    }
}

/// Reads tests under the names that the model answers with.
fn read_tests(path: &Path) -> Result<Vec<Example>> {
    let named = |test: Example| match parse_label(&test.intent) {
        Some(sentiment) => Ok(Example::new(sentiment.name(), test.text)),
        None => Err(Failure::start(format!(
            "{} has the label \"{}\": write negative, neutral or positive",
            path.display(),
            test.intent
        ))),
    };
    read_examples(path)?.into_iter().map(named).collect()
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "model              {}", self.model.display())?;
        writeln!(f, "examples           {:>8}", self.examples)?;
        writeln!(f, "held-out accuracy  {:>8.1} %", self.held_out.accuracy * 100.0)
    }
}
