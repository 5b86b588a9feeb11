//! `[uploads]`: who looks at files before anybody gets them.

use desk::{Scanner, ScannerAddress};
use serde::Deserialize;

use crate::failure::{Failure, Result};

/// The section `[uploads]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Uploads {
    scanner: String,
}

impl Uploads {
    /// The scanner, if one is named.
    pub(crate) fn scanner(&self) -> Result<Option<Scanner>> {
        Ok(self.address()?.map(Scanner::new))
    }

    /// Where the scanner is, if one is named.
    pub(crate) fn address(&self) -> Result<Option<ScannerAddress>> {
        if self.scanner.is_empty() {
            return Ok(None);
        }
        let address = self.scanner.parse();
        address.map(Some).map_err(|error| Failure::start(format!("uploads.scanner: {error}")))
    }
}
