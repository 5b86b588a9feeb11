//! `[webhooks]`: where they may go.

use outbound::{Policy, PrivateException};
use serde::Deserialize;

use crate::failure::{Failure, Result};

/// The section `[webhooks]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhooks {
    allow_http: bool,
    allow_private: Vec<String>,
}

impl Webhooks {
    /// The rules for addresses that strangers chose.
    pub(crate) fn policy(&self) -> Result<Policy> {
        let exceptions: Result<Vec<PrivateException>> = self
            .allow_private
            .iter()
            .map(|text| {
                text.trim()
                    .parse()
                    .map_err(|error| Failure::start(format!("webhooks.allow_private: {error}")))
            })
            .collect();
        Ok(Policy { allow_http: self.allow_http, allow_private: exceptions?, ..Policy::default() })
    }
}
