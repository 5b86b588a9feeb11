//! The log: to standard error, for people or for programs.

use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use crate::config::{Config, LogFormat};
use crate::failure::Result;

/// Begins to log as the configuration says.
pub(crate) fn start(config: &Config) -> Result {
    let filter = config.log.filter()?;
    let registry = tracing_subscriber::registry().with(filter);
    let started = match config.log.format {
        LogFormat::Text => registry
            .with(fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false))
            .try_init(),
        LogFormat::Json => registry
            .with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .try_init(),
    };
    Ok(started?)
}
