//! `attune nlu`: understanding, trained and measured from the command line, without a server or a database.
//!
//! What is trained here is what the bot uses; the crate `nlu` does all of it. Here is only what files are read and written,
//! and how results are shown.

mod bench;
mod discover;
mod intents;
mod machine;
mod measure;
mod page;
mod parse;
mod pretrain;
mod pull;
mod recipe;
mod scores;
mod sentiment;
mod sets;
mod slots;

use std::fmt::Display;
use std::fs;
use std::io::IsTerminal as _;
use std::path::Path;
use std::time::Instant;

use nlu::Example;
use nlu::encoder::{Encoder, Progress};
use nlu::encoding::utf8;
use serde::Serialize;

use crate::cli::{BenchCommand, NluCommand};
use crate::failure::{Failure, Result};
use crate::output::say;
use crate::surroundings;

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 4 << 30;
/// The most lines of texts that are read.
const LINES_MAX: usize = 5_000_000;

/// Runs the command.
pub(crate) fn run(command: &NluCommand) -> Result {
    match command {
        NluCommand::Train(train) => intents::train(train),
        NluCommand::Eval(eval) => measure::eval(eval),
        NluCommand::CrossValidate(command) => measure::cross_validate(command),
        NluCommand::LearningCurve(command) => measure::learning_curve(command),
        NluCommand::Parse(parse) => parse::run(parse),
        NluCommand::Slots(slots) => slots::run(&slots.command),
        NluCommand::Sentiment(sentiment) => sentiment::run(&sentiment.command),
        NluCommand::Discover(discover) => discover::run(discover),
        NluCommand::Import(import) => sets::import(import),
        NluCommand::Export(export) => sets::export(export),
        NluCommand::Audit(audit) => sets::audit(audit),
        NluCommand::Pretrain(pretrain) => pretrain::run(pretrain),
        NluCommand::Pull(pull) => pull::run(pull),
    }
}

/// Runs `attune bench`.
pub(crate) fn bench(command: &BenchCommand) -> Result {
    match command {
        BenchCommand::Nlu(bench) => bench::run(bench),
    }
}

/// Prints a result: as JSON on one line, or as it is written for people.
fn show<T: Serialize + Display>(result: &T, json: bool) -> Result {
    match json {
        true => say(&serde_json::to_string(result)?),
        false => say(result.to_string().trim_end()),
    }
}

/// Something about what was given, which whoever typed the command can put right.
fn refuse(problem: &dyn Display) -> Failure {
    Failure::start(problem.to_string())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let explain = |error: std::io::Error| {
        Failure::start(format!("cannot read {}: {error}: name a file", path.display()))
    };
    let size = fs::metadata(path).map_err(explain)?.len();
    if size > FILE_BYTES_MAX {
        let problem =
            format!("{} has {size} bytes: the most is {FILE_BYTES_MAX}: divide it", path.display());
        return Err(Failure::start(problem));
    }
    fs::read(path).map_err(explain)
}

/// Reads a table of intent, tab, text; at least one line.
fn read_examples(path: &Path) -> Result<Vec<Example>> {
    let examples = nlu::parse_tsv(path, &read(path)?).map_err(|errors| refuse(&errors))?;
    if examples.is_empty() {
        let problem = "holds no example: write an intent, one tab and what was said on each line";
        return Err(Failure::start(format!("{} {problem}", path.display())));
    }
    Ok(examples)
}

/// Reads texts, one on a line; empty lines are skipped. What stands before a tab is a label and left out.
fn read_lines(path: &Path) -> Result<Vec<String>> {
    let bytes = read(path)?;
    let text = utf8(path, &bytes).map_err(|error| refuse(&error))?;
    let said = |line: &str| line.split_once('\t').map_or(line, |(_, text)| text).trim().to_owned();
    if text.lines().nth(LINES_MAX).is_some() {
        let problem = format!("{} has more than {LINES_MAX} lines: give a part", path.display());
        return Err(Failure::start(problem));
    }
    let lines = text.lines().map(said);
    Ok(lines.filter(|line| !line.is_empty()).collect())
}

fn load_encoder(folder: &Path) -> Result<Encoder> {
    Encoder::load(folder).map_err(|error| refuse(&error))
}

/// Now, in milliseconds since 1970.
fn now_ms() -> i64 {
    surroundings::now().as_millisecond()
}

/// Shows on standard error which share of a training is done, if a person reads along.
fn watch_share() -> impl FnMut(f32) -> std::ops::ControlFlow<()> {
    let began = Instant::now();
    let shown = std::io::stderr().is_terminal();
    move |share| {
        if shown && share > 0.0 {
            let left = began.elapsed().as_secs_f32() * (1.0 - share) / share;
            eprint!("\r{:.0} % done, {left:.0} s left   ", share * 100.0);
        }
        std::ops::ControlFlow::Continue(())
    }
}

/// Shows how far a training is on standard error, if a person reads along.
fn watch() -> impl FnMut(&Progress) -> std::ops::ControlFlow<()> {
    let began = Instant::now();
    let shown = std::io::stderr().is_terminal();
    move |progress| {
        if shown {
            let left = progress.time_left(began.elapsed()).as_secs();
            let (step, steps, loss) = (progress.step, progress.steps, progress.loss);
            eprint!("\rstep {step} of {steps}, loss {loss:.3}, {left} s left   ");
        }
        std::ops::ControlFlow::Continue(())
    }
}
