//! `attune nlu train`, `eval` and `parse`.

use std::fmt;
use std::io::BufRead as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use nlu::{
    Encoder, Material, Metrics, Model, Rehearsal, Tier, TrainOptions, TrainingSet, Tuned,
    Understanding, tune,
};
use serde::Serialize;

use super::scores::Scores;
use super::{load_encoder, now_ms, read_examples, read_lines, refuse, show, watch};
use crate::cli::{EvalNlu, ParseNlu, TierName, TrainNlu};
use crate::failure::{Failure, Result};

/// What `attune nlu train` says.
#[derive(Serialize)]
struct Trained {
    model: String,
    tier: Tier,
    examples: usize,
    intents: usize,
    data_hash: String,
    model_bytes: usize,
    train_s: f64,
    held_out: Metrics,
    dev: Option<Scores>,
}

/// `attune nlu train`
pub(super) fn train(train: &TrainNlu) -> Result {
    let set = TrainingSet::new(read_examples(&train.data)?);
    let dev = train.dev.as_deref().map(read_examples).transpose()?;
    let negatives = train.oos.as_deref().map(read_lines).transpose()?.unwrap_or_default();
    let began = Instant::now();
    let (encoder, rehearsal) = read_encoder(train, &set)?;
    let n_grams = train.tier != TierName::Encoder;
    let material = Material { examples: &set, negatives: &negatives, encoder, rehearsal, n_grams };
    let options = TrainOptions { seed: train.seed, ..TrainOptions::default() };
    let model = Model::train_on(&material, &options).map_err(|error| refuse(&error))?;
    let train_s = began.elapsed().as_secs_f64();
    model.save(&train.out, now_ms()).map_err(|error| refuse(&error))?;
    let dev = dev.map(|dev| scores(&model, &dev, &[]));
    let trained = Trained {
        model: train.out.display().to_string(),
        tier: model.tier(),
        examples: set.examples().len(),
        intents: model.intents().len(),
        data_hash: model.data_hash().to_owned(),
        model_bytes: model.bytes(),
        train_s,
        held_out: *model.metrics(),
        dev,
    };
    show(&trained, train.json)
}

/// What reads besides the n-grams, and what to calibrate on if it learned from the examples.
type Reader = (Option<Arc<Encoder>>, Option<Rehearsal>);

/// The encoder that a tier needs, and that is refused where it would not be read.
fn read_encoder(train: &TrainNlu, set: &TrainingSet) -> Result<Reader> {
    let encoder = match (train.tier, &train.encoder) {
        (TierName::Linear, None) if train.fine_tune => {
            return Err(Failure::start("--fine-tune needs --tier encoder or hybrid and --encoder"));
        }
        (TierName::Linear, None) => return Ok((None, None)),
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
        (_, Some(folder)) => load_encoder(folder)?,
    };
    if !train.fine_tune {
        return Ok((Some(Arc::new(encoder)), None));
    }
    let Tuned { encoder, rehearsal } = tuned(&encoder, train, set)?;
    Ok((Some(encoder), Some(rehearsal)))
}

fn tuned(encoder: &Encoder, train: &TrainNlu, set: &TrainingSet) -> Result<Tuned> {
    let folder = train.out.with_extension("training");
    let tuned =
        tune(encoder, set, train.seed, &folder, &mut watch()).map_err(|error| refuse(&error))?;
    // What was kept in it for an interruption is gone; only an empty folder is left.
    let _ = std::fs::remove_dir(&folder);
    Ok(tuned)
}

/// `attune nlu eval`
pub(super) fn eval(eval: &EvalNlu) -> Result {
    let model = load(&eval.model)?;
    let tests = read_examples(&eval.data)?;
    let negatives = eval.oos.as_deref().map(read_lines).transpose()?.unwrap_or_default();
    show(&scores(&model, &tests, &negatives), eval.json)
}

fn scores(model: &Model, tests: &[nlu::Example], negatives: &[String]) -> Scores {
    let ask = |text: &str| model.understand(text).into();
    Scores::of(tests, negatives, Some(model.scope_threshold()), ask)
}

/// `attune nlu parse`
pub(super) fn parse(parse: &ParseNlu) -> Result {
    let model = load(&parse.model)?;
    if let Some(text) = &parse.text {
        let understood = Parsed { text, understanding: model.understand(text) };
        return show(&understood, parse.json);
    }
    let mut line = Vec::new();
    let mut input = std::io::stdin().lock();
    for number in 1u64.. {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = std::str::from_utf8(&line)
            .map_err(|_| refuse(&format!("line {number} is not UTF-8: give UTF-8")))?;
        let text = text.trim_end_matches(['\n', '\r']);
        show(&Parsed { text, understanding: model.understand(text) }, true)?;
    }
    Ok(())
}

fn load(folder: &Path) -> Result<Model> {
    Model::load(folder).map_err(|error| refuse(&error))
}

/// What `attune nlu parse` says.
#[derive(Serialize)]
struct Parsed<'a> {
    text: &'a str,
    #[serde(flatten)]
    understanding: Understanding,
}

impl fmt::Display for Parsed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.understanding.intents {
            writeln!(f, "{:>6.1} %  {}", one.probability * 100.0, one.intent)?;
        }
        let sure = if self.understanding.sure { "sure" } else { "not sure: ask back" };
        writeln!(f, "{sure}; in scope {:.2}", self.understanding.in_scope)
    }
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f32| share * 100.0;
        writeln!(f, "model              {}", self.model)?;
        writeln!(f, "examples           {:>8}", self.examples)?;
        writeln!(f, "intents            {:>8}", self.intents)?;
        writeln!(f, "trained in         {:>8.1} s", self.train_s)?;
        writeln!(f, "held-out accuracy  {:>8.1} %", percent(self.held_out.accuracy))?;
        writeln!(
            f,
            "held-out coverage  {:>8.1} %  at 95 % precision",
            percent(self.held_out.coverage_at_95_precision)
        )?;
        match &self.dev {
            Some(dev) => write!(f, "\n{dev}"),
            None => Ok(()),
        }
    }
}
