//! `attune nlu pretrain`.

use std::fmt;
use std::path::PathBuf;

use nlu::encoder::{PretrainOptions, continue_pretraining, pretrain};
use serde::Serialize;

use super::{read_lines, refuse, show, watch};
use crate::cli::PretrainNlu;
use crate::failure::Result;

/// What `attune nlu pretrain` says.
#[derive(Serialize)]
struct Trained {
    encoder: PathBuf,
    texts: usize,
    parameters: usize,
    width: usize,
    fingerprint: String,
}

pub(super) fn run(command: &PretrainNlu) -> Result {
    let texts = read_lines(&command.data)?;
    let lines: Vec<&str> = texts.iter().map(String::as_str).collect();
    let options = PretrainOptions {
        seed: command.seed,
        layers: command.layers,
        width: command.width,
        epochs: command.epochs,
        ..PretrainOptions::default()
    };
    let mut watch = watch();
    let encoder = match &command.from {
        Some(from) => continue_pretraining(from, &lines, &options, &command.out, &mut watch),
        None => pretrain(&lines, &options, &command.out, &mut watch),
    }
    .map_err(|error| refuse(&error))?;
    let trained = Trained {
        encoder: command.out.clone(),
        texts: texts.len(),
        parameters: encoder.parameters(),
        width: encoder.width(),
        fingerprint: encoder.fingerprint(),
    };
    show(&trained, command.json)
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "encoder      {}", self.encoder.display())?;
        writeln!(f, "texts        {:>10}", self.texts)?;
        writeln!(f, "parameters   {:>10}", self.parameters)
    }
}
