//! The tests of the step: transcripts as data, properties, and scripts with mistakes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where it stopped")]

mod check;
mod demo;
mod properties;
mod transcripts;

use std::sync::LazyLock;

use dialogue::Script;

/// The small bot that the tests talk to.
static SCRIPT: LazyLock<Script> =
    LazyLock::new(|| serde_norway::from_str(include_str!("bot.yml")).expect("bot.yml is a script"));

/// Copies the small bot, for a test to spoil.
fn script() -> Script {
    SCRIPT.clone()
}
