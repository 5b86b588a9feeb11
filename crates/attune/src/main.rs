//! The binary: commands, configuration, telemetry, roles and the pages inside it.
//!
//! Each command begins in a module of this crate; `cli` has what can be said to
//! it. This is the only place that reads the clock, draws randomness, or ends
//! the process.

mod backup;
mod boot;
mod cli;
mod config;
mod demo;
mod doctor;
mod failure;
mod folder;
mod logs;
mod migrate;
mod nlu;
mod openapi;
mod output;
mod pages;
mod serve;
mod simulate;
mod surroundings;
mod user;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};
use crate::failure::Result;

/// Allocates for all threads; the system's own is slower under many of them. It asks for no huge pages, which
/// would fill half of the memory of an idle server with nothing.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure.sentence());
            failure.code()
        }
    }
}

fn run(command: Command) -> Result {
    match command {
        Command::Serve(serve) => serve::run(&serve),
        Command::Demo(settings) => serve::run_demo(&settings),
        Command::Migrate(migrate) => migrate::run(&migrate),
        Command::User(user) => user::run(&user),
        Command::Doctor(settings) => doctor::run(&settings),
        Command::Config(show) => show_config(&show),
        Command::Openapi => openapi::run(),
        Command::Backup(backup) => backup::run(&backup),
        Command::Restore(restore) => backup::restore(&restore),
        Command::Simulate(simulate) => simulate::run(&simulate),
        Command::Nlu(nlu) => nlu::run(&nlu.command),
        Command::Bench(bench) => nlu::bench(&bench.command),
    }
}

fn show_config(show: &cli::ShowConfig) -> Result {
    let text = match show.default {
        true => config::DEFAULT.to_owned(),
        false => config::shown(&show.settings.sources())?,
    };
    output::say(text.trim_end())
}
