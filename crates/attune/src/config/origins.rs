//! `[origins]`: the parts that have an origin of their own.

use serde::Deserialize;

use super::Address;

/// The section `[origins]`; what is not named has the public address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Origins {
    /// The agents' pages.
    pub(crate) console: Address,
    /// The visitor's chat and the loader.
    pub(crate) widget: Address,
    /// Uploaded files.
    pub(crate) files: Address,
}
