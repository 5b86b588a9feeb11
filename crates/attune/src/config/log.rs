//! `[log]`: what is written to standard error.

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::failure::{Failure, Result};

/// The section `[log]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    level: String,
    /// For people or for programs.
    pub(crate) format: LogFormat,
}

/// For whom the log is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub(crate) enum LogFormat {
    /// People.
    Text,
    /// Programs.
    Json,
}

impl TryFrom<String> for LogFormat {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err(format!("{text:?} is neither text nor json")),
        }
    }
}

impl Log {
    /// What passes.
    pub(crate) fn filter(&self) -> Result<EnvFilter> {
        EnvFilter::builder().parse(&self.level).map_err(|_| {
            Failure::start(format!(
                "log.level is {:?}; write error, warn, info, debug or trace, or directives such as info,store=debug",
                self.level
            ))
        })
    }
}
