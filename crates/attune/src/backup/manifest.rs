//! What an archive contains, with a checksum of each file.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The name of the manifest, the last file of an archive.
pub(super) const MANIFEST: &str = "manifest.json";

/// What an archive contains.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Manifest {
    /// The release that wrote it.
    pub(super) release: String,
    /// When.
    pub(super) created_at: String,
    /// Its files, in their order.
    pub(super) files: Vec<Entry>,
}

/// One file of an archive.
#[derive(Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Entry {
    path: String,
    bytes: u64,
    sha256: String,
}

/// Reads something and measures it on the way.
pub(super) struct Measured<R> {
    inner: R,
    bytes: u64,
    digest: Sha256,
}

impl<R> Measured<R> {
    /// Begins to measure.
    pub(super) fn new(inner: R) -> Self {
        Measured { inner, bytes: 0, digest: Sha256::new() }
    }

    /// What was read, under a name.
    pub(super) fn entry(self, path: &str) -> Entry {
        let digest = self.digest.finalize();
        let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Entry { path: path.to_owned(), bytes: self.bytes, sha256 }
    }
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.digest.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}
