//! `attune openapi`: the document of the interface.

use crate::failure::Result;
use crate::output::say;

/// Runs the command.
pub(crate) fn run() -> Result {
    say(&api::document().to_pretty_json()?)
}
