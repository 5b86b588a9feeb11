//! `[data]`: the folder that everything is kept in.

use std::path::PathBuf;

use serde::Deserialize;

/// The section `[data]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Data {
    /// The folder.
    pub(crate) dir: PathBuf,
}
