//! `attune bench nlu`: the accuracy report that a buyer asks for, on whatever sets lie in a folder.

use std::io::IsTerminal as _;
use std::time::Instant;

use nlu::evaluate::Reply;
use nlu::report::{About, VendorReport, find_sets, measure_set};
use nlu::{Model, TrainError, TrainingSet};

use super::recipe::Recipe;
use super::{machine, page, refuse, show};
use crate::cli::BenchNlu;
use crate::failure::Result;

pub(super) fn run(command: &BenchNlu) -> Result {
    let recipe = Recipe::read(&command.tier)?;
    let found = find_sets(&command.data).map_err(|errors| refuse(&errors))?;
    let began = Instant::now();
    let train = |set: &TrainingSet| -> Result<_, TrainError> {
        let model = recipe.train(set, &[])?;
        let threshold = model.scope_threshold();
        Ok((replies(model), Some(threshold)))
    };
    let mut sets = Vec::with_capacity(found.sets.len());
    for set in &found.sets {
        if std::io::stderr().is_terminal() {
            eprintln!("{} ({}) …", set.name, set.work.task().name());
        }
        let result = measure_set(set, command.tier.seed, || began.elapsed(), train);
        sets.push(result.map_err(|error| refuse(&error))?);
    }
    let report =
        VendorReport { about: about(&recipe, command), sets, passed_over: found.passed_over };
    if let Some(file) = &command.out {
        page::write_file(file, &report.html(page::language(command.language)))?;
    }
    show(&report, command.json)
}

fn replies(model: Model) -> impl FnMut(&str) -> Reply {
    move |text| model.understand(text).into()
}

fn about(recipe: &Recipe, command: &BenchNlu) -> About {
    About {
        version: format!("attune {}", env!("CARGO_PKG_VERSION")),
        method: recipe.describe(),
        seed: command.tier.seed,
        cpu: machine::cpu(),
        cores: machine::cores(),
        memory_bytes: machine::memory_bytes(),
        system: machine::system(),
        date: page::today(),
    }
}
