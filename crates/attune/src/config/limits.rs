//! `[limits]`: bounds that an administrator may set.

use serde::Deserialize;

use crate::failure::{Failure, Result};

/// The section `[limits]`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    /// How long a bot may think about one message, in milliseconds.
    pub(crate) bot_time_max_ms: u64,
    /// How long an accepted message may wait for its commit, in milliseconds.
    pub(crate) intake_wait_max_ms: u64,
    /// How often a webhook is tried.
    pub(crate) delivery_attempts_max: u32,
    /// How many new visitors one IP address may bring in a minute.
    pub(crate) visitor_starts_per_minute: u32,
    /// The same, in an hour.
    pub(crate) visitor_starts_per_hour: u32,
    /// How many connections visitors may open from one IP address in a minute.
    pub(crate) visitor_connections_per_minute: u32,
    /// How many live connections may be open at once.
    pub(crate) connections_max: usize,
}

impl Limits {
    /// Refuses bounds under which nothing would work.
    pub(crate) fn check(&self) -> Result<()> {
        let none = [
            ("bot_time_max_ms", self.bot_time_max_ms == 0),
            ("intake_wait_max_ms", self.intake_wait_max_ms == 0),
            ("delivery_attempts_max", self.delivery_attempts_max == 0),
            ("visitor_starts_per_minute", self.visitor_starts_per_minute == 0),
            ("visitor_starts_per_hour", self.visitor_starts_per_hour == 0),
            ("visitor_connections_per_minute", self.visitor_connections_per_minute == 0),
            ("connections_max", self.connections_max == 0),
        ];
        match none.iter().find(|(_, is_none)| *is_none) {
            Some((key, _)) => Err(Failure::start(format!("limits.{key} is 0; give it at least 1"))),
            None => Ok(()),
        }
    }
}
