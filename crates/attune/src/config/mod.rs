//! The configuration: what is compiled in, a file, the environment, options.
//!
//! `default.toml` is the list of all keys; a key that is not in it is refused.
//! A section is a struct in a file of its own. Nothing here touches the disk
//! but to read.

mod address;
mod data;
mod database;
mod limits;
mod log;
mod metrics;
mod origins;
mod secret;
mod server;
mod shown;
mod sources;
mod uploads;
mod webhooks;

use serde::Deserialize;

use crate::failure::{Failure, Result};

pub(crate) use address::Address;
pub(crate) use database::{Location, masked};
pub(crate) use log::LogFormat;
pub(crate) use shown::shown;
pub(crate) use sources::Sources;

/// The commented file that is compiled in.
pub(crate) const DEFAULT: &str = include_str!("default.toml");

/// What was configured, section by section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where Attune listens.
    pub(crate) server: server::Server,
    /// Where everything is kept.
    pub(crate) data: data::Data,
    /// Where the rows are.
    pub(crate) database: database::Database,
    /// What signs tokens.
    pub(crate) secret: secret::Secret,
    /// The parts that have an origin of their own.
    pub(crate) origins: origins::Origins,
    /// Bounds.
    pub(crate) limits: limits::Limits,
    /// Who looks at files.
    pub(crate) uploads: uploads::Uploads,
    /// Where webhooks may go.
    pub(crate) webhooks: webhooks::Webhooks,
    /// Who may see the figures.
    pub(crate) metrics: metrics::Metrics,
    /// What is logged.
    pub(crate) log: log::Log,
}

impl Config {
    /// Reads the configuration and checks what can be checked without looking
    /// at the machine.
    pub(crate) fn load(sources: &Sources) -> Result<Self> {
        let config: Config = sources
            .merged()?
            .try_deserialize()
            .map_err(|error| Failure::start(format!("the configuration is wrong: {error}")))?;
        config.limits.check()?;
        config.webhooks.policy()?;
        config.metrics.token()?;
        config.uploads.address()?;
        config.log.filter()?;
        config.location()?;
        Ok(config)
    }

    /// Where the database is.
    pub(crate) fn location(&self) -> Result<Location> {
        self.database.location(&self.data.dir)
    }
}
