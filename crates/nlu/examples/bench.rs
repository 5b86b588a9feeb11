//! Measures training and inference on a folder of public or private data and prints one JSON line.
//!
//! `cargo run --release -p nlu --example bench -- <folder>`, where the folder holds `train.tsv` and `dev.tsv`, each line
//! `intent<TAB>text`. With `--table` the full report goes to stderr; `--train FILE` names another training file.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use nlu::{Example, Model, TrainOptions, TrainingSet, evaluate, parse_tsv};

/// So many inferences are timed at least.
const TIMED_MIN: usize = 20_000;

fn main() -> Result<(), Box<dyn Error>> {
    let (folder, train_file, table) = arguments()?;
    let set = TrainingSet::new(read(&folder.join(train_file))?);
    let tests = read(&folder.join("dev.tsv"))?;

    let (started, cpu_before) = (Instant::now(), cpu_s());
    let model = Model::train(&set, &TrainOptions::default())?;
    let train_s = started.elapsed().as_secs_f64();
    let train_cpu_s = cpu_s().zip(cpu_before).map(|(after, before)| after - before);
    let report = evaluate(&model, &tests);
    let micros = time_inference(&model, &tests);
    let at = |share: f64| micros[((micros.len() - 1) as f64 * share) as usize];
    let line = serde_json::json!({
        "folder": folder.file_name().map(|name| name.to_string_lossy()),
        "examples": set.examples().len(),
        "intents": model.intents().len(),
        "accuracy": report.accuracy,
        "macro_f1": report.macro_f1,
        "top3": report.top3,
        "coverage_at_95_precision": report.coverage_at_95_precision,
        "calibration_error": report.calibration_error,
        "held_out_accuracy": model.metrics().accuracy,
        "train_s": train_s,
        "train_cpu_s": train_cpu_s,
        "inference_us_p50": at(0.5),
        "inference_us_p99": at(0.99),
        "model_bytes": model.bytes(),
    });
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    if table {
        write!(std::io::stderr(), "{report}")?;
    }
    Ok(())
}

fn arguments() -> Result<(PathBuf, String, bool), String> {
    let usage = "usage: bench [--table] [--train FILE] FOLDER";
    let (mut folder, mut train, mut table) = (None, "train.tsv".to_owned(), false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--table" => table = true,
            "--train" => train = arguments.next().ok_or(usage)?,
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    Ok((folder.ok_or(usage)?, train, table))
}

fn read(path: &Path) -> Result<Vec<Example>, Box<dyn Error>> {
    let bytes =
        std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(parse_tsv(path, &bytes)?)
}

/// The processor time of this thread in seconds, where the system tells it: the clock also counts what others took.
fn cpu_s() -> Option<f64> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    line.split(' ').next()?.parse::<f64>().ok().map(|nanos| nanos / 1e9)
}

/// Times each inference; returns microseconds, ascending.
fn time_inference(model: &Model, tests: &[Example]) -> Vec<f64> {
    let mut micros = Vec::new();
    while micros.len() < TIMED_MIN && !tests.is_empty() {
        for test in tests {
            let started = Instant::now();
            std::hint::black_box(model.understand(std::hint::black_box(&test.text)));
            micros.push(started.elapsed().as_secs_f64() * 1e6);
        }
    }
    micros.sort_by(f64::total_cmp);
    micros
}
