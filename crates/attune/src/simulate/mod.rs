//! `attune simulate`: visitors as they come on a busy day.
//!
//! They use the public interface and nothing else. In an open loop they come
//! whether or not the server keeps up, and a latency counts from the moment at
//! which something *should* have been sent, so that a slow server cannot hide
//! by slowing its visitors. It shares the machine with the server, so it does
//! little per message.

mod client;
mod closed_loop;
mod frame;
mod histogram;
mod idle;
mod open_loop;
mod process;
mod questions;
mod random;
mod tally;
mod visit;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::cli::Simulate;
use crate::failure::{Failure, Result};
use crate::output::say;

use client::Target;
use visit::Manners;

/// Open files beside the connections.
const OTHER_FILES: u64 = 64;
/// The most connections that may be wanted: more than one address has ports.
const CONNECTIONS_MAX: u64 = 60_000;

/// Runs the command. It fails if anything that was promised was not kept.
pub(crate) fn run(simulate: &Simulate) -> Result {
    check(simulate)?;
    // With fewer files than wanted, connecting fails and is counted.
    let _ = rlimit::increase_nofile_limit(CONNECTIONS_MAX + OTHER_FILES);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(simulate.threads.max(1))
        .enable_all()
        .build()?;
    let (report, is_clean) = runtime.block_on(async {
        let target = Arc::new(Target::find(simulate).await?);
        if let Some(connections) = simulate.idle {
            return idle::run(simulate, &target, connections).await;
        }
        match simulate.closed_loop {
            Some(connections) => closed_loop::run(simulate, target, connections).await,
            None => open_loop::run(simulate, target).await,
        }
    })?;
    say(&report.to_string())?;
    match is_clean {
        true => Ok(()),
        false => Err(anyhow::anyhow!(
            "not everything that visitors were promised was kept; see the line above"
        )
        .into()),
    }
}

/// What a way to simulate returns: its report, and whether all promises were kept.
type Outcome = Result<(Value, bool)>;

fn check(simulate: &Simulate) -> Result {
    let positive = |name: &str, value: f64| match value.is_finite() && value > 0.0 {
        true => Ok(()),
        false => Err(Failure::start(format!("--{name} is {value}; give it a number above 0"))),
    };
    positive("sessions-per-second", simulate.sessions_per_second)?;
    positive("duration", simulate.duration)?;
    positive("questions", simulate.questions as f64)?;
    match simulate.inbox.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
        true => Ok(()),
        false => Err(Failure::start(
            "--inbox is not the public key of an inbox; copy it from the console or the page",
        )),
    }
}

fn manners(simulate: &Simulate) -> Manners {
    Manners {
        questions: simulate.questions,
        think: Duration::from_millis(simulate.think_ms),
        patience: Duration::from_millis(simulate.timeout_ms),
    }
}

/// Adds what a report says beside its tally.
fn extend(mut report: Value, more: Value) -> Value {
    if let (Value::Object(report), Value::Object(more)) = (&mut report, more) {
        report.extend(more);
    }
    report
}

/// Rounds for people.
fn round(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}
