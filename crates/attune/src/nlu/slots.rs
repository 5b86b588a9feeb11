//! `attune nlu slots`.

use std::path::Path;
use std::sync::Arc;

use nlu::slot::{TaggedUtterance, Tagger, TaggerOptions, evaluate, parse_jsonl};
use serde_json::json;

use super::{load_encoder, now_ms, read, refuse, show, watch_share};
use crate::cli::{SlotsCommand, SlotsTrain};
use crate::failure::{Failure, Result};
use crate::output::say;

/// From more utterances an encoder learns only if it is told to: they would take one of MiniLM's size over half an hour.
const QUICKLY_TUNED_MAX: usize = 24_000;

pub(super) fn run(command: &SlotsCommand) -> Result {
    match command {
        SlotsCommand::Train(SlotsTrain { learn: train, encoder, fine_tune }) => {
            let utterances = read_utterances(&train.data)?;
            let encoder = encoder.as_deref().map(load_encoder).transpose()?.map(Arc::new);
            if encoder.is_none() && fine_tune.is_demanded() {
                return Err(Failure::start("--fine-tune needs --encoder"));
            }
            let fine_tune =
                encoder.is_some() && fine_tune.is_wanted(utterances.len(), QUICKLY_TUNED_MAX);
            let options = TaggerOptions { seed: train.seed, fine_tune, ..TaggerOptions::default() };
            let mut watch = watch_share();
            let tagger = Tagger::train_with(&utterances, &options, encoder, &mut watch)
                .map_err(|error| refuse(&error))?;
            tagger.save(&train.out, now_ms()).map_err(|error| refuse(&error))?;
            let slots: Vec<&str> = tagger.slots().collect();
            match train.json {
                true => say(&json!({
                    "model": train.out, "utterances": utterances.len(), "slots": slots,
                    "fine_tuned": fine_tune, "data_hash": tagger.data_hash(),
                })
                .to_string()),
                false => say(&format!(
                    "{} slots learned from {} utterances, written to {}",
                    slots.len(),
                    utterances.len(),
                    train.out.display()
                )),
            }
        }
        SlotsCommand::Eval(eval) => {
            let tagger = Tagger::load(&eval.model).map_err(|error| refuse(&error))?;
            show(&evaluate(&tagger, &read_utterances(&eval.data)?), eval.json)
        }
    }
}

fn read_utterances(path: &Path) -> Result<Vec<TaggedUtterance>> {
    let utterances = parse_jsonl(path, &read(path)?).map_err(|errors| refuse(&errors))?;
    match utterances.is_empty() {
        true => Err(Failure::start(format!(
            "{} holds no utterance: write objects with tokens and tags, one on each line",
            path.display()
        ))),
        false => Ok(utterances),
    }
}
