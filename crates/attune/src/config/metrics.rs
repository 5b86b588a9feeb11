//! `[metrics]`: who may see the figures.

use serde::Deserialize;

use super::secret::read_either;
use crate::failure::{Failure, Result};

/// How short a token may be, in bytes.
const BYTES_MIN: usize = 16;

/// The section `[metrics]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metrics {
    token: String,
    token_file: String,
}

impl Metrics {
    /// What a program that gathers the figures must show; `None` if only those on
    /// the machine itself may see them.
    pub(crate) fn token(&self) -> Result<Option<String>> {
        let token = read_either("metrics.token", &self.token, &self.token_file)?;
        if token.is_empty() {
            return Ok(None);
        }
        let is_printable = token.bytes().all(|byte| byte.is_ascii_graphic());
        if token.len() < BYTES_MIN || !is_printable {
            return Err(Failure::start(format!(
                "metrics.token needs at least {BYTES_MIN} letters, digits or signs and no spaces; draw one with `openssl rand -hex 32`"
            )));
        }
        Ok(Some(token))
    }
}
