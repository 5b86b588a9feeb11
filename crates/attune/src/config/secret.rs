//! `[secret]`: what signs tokens, and how secrets are read from files.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rand::TryRngCore as _;
use serde::Deserialize;

use crate::failure::{Failure, Result};

/// How short a secret may be.
const BYTES_MIN: usize = 32;
/// How many different bytes a secret must have at least: `aaaa…` is long, too.
const DIFFERENT_BYTES_MIN: usize = 8;
/// The file in the data folder that a drawn secret is kept in.
const FILE: &str = "secret";
/// Parts of secrets that stand in documents and examples everywhere.
const PUBLISHED: [&str; 8] =
    ["changeme", "change-me", "change_me", "example", "password", "secret", "attune", "0123456789"];

/// The section `[secret]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secret {
    value: String,
    value_file: String,
}

impl Secret {
    /// Checks what is there already, without drawing a secret.
    pub(crate) fn check(&self, data_dir: &Path) -> Result<()> {
        self.find(data_dir).map(drop)
    }

    /// Finds the secret, or draws one and keeps it in the data folder.
    pub(crate) fn find_or_draw(&self, data_dir: &Path) -> Result<Vec<u8>> {
        match self.find(data_dir)? {
            Some(secret) => Ok(secret),
            None => draw(&data_dir.join(FILE)),
        }
    }

    fn find(&self, data_dir: &Path) -> Result<Option<Vec<u8>>> {
        let given = read_either("secret.value", &self.value, &self.value_file)?;
        if !given.is_empty() {
            return strong("secret.value", given).map(Some);
        }
        let path = data_dir.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        strong(&path.display().to_string(), read_file("the secret", &path)?).map(Some)
    }
}

/// Reads a setting that may stand in a file of its own.
pub(crate) fn read_either(key: &str, value: &str, file: &str) -> Result<String> {
    match (value.is_empty(), file.is_empty()) {
        (false, false) => {
            Err(Failure::start(format!("{key} and {key}_file are both set; keep one of them")))
        }
        (true, false) => read_file(&format!("{key}_file"), Path::new(file)),
        _ => Ok(value.to_owned()),
    }
}

fn read_file(what: &str, path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::start(format!(
            "cannot read {what} at {}: {error}; check the path and its rights",
            path.display()
        ))
    })?;
    Ok(text.trim().to_owned())
}

/// Refuses a secret that can be guessed.
fn strong(from: &str, secret: String) -> Result<Vec<u8>> {
    let advice = "draw one with `openssl rand -hex 32`";
    let bytes = secret.len();
    if bytes < BYTES_MIN {
        return Err(Failure::start(format!(
            "the secret of {from} has {bytes} bytes and needs {BYTES_MIN}; {advice}"
        )));
    }
    let mut different: Vec<u8> = secret.bytes().collect();
    different.sort_unstable();
    different.dedup();
    let lower = secret.to_ascii_lowercase();
    if different.len() < DIFFERENT_BYTES_MIN || PUBLISHED.iter().any(|word| lower.contains(word)) {
        return Err(Failure::start(format!("the secret of {from} can be guessed; {advice}")));
    }
    Ok(secret.into_bytes())
}

fn draw(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = [0; BYTES_MIN];
    rand::rngs::OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| Failure::start(format!("the system gives no randomness: {error}")))?;
    let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(secret.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|error| {
        Failure::start(format!(
            "cannot write {}: {error}; give this user the right to",
            path.display()
        ))
    })?;
    Ok(secret.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(value: &str) -> Secret {
        Secret { value: value.to_owned(), value_file: String::new() }
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_refused() {
        let folder = tempfile::tempdir().unwrap();

        for weak in ["short", &"ab".repeat(32), &"changeme".repeat(8), &"Example-".repeat(9)] {
            assert!(section(weak).check(folder.path()).is_err(), "{weak}");
        }
        assert!(section("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b").check(folder.path()).is_ok());
    }

    #[test]
    fn a_drawn_secret_is_kept_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();

        let drawn = section("").find_or_draw(folder.path()).unwrap();
        let found = section("").find_or_draw(folder.path()).unwrap();

        assert_eq!(drawn, found);
        let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
