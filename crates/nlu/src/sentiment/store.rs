//! A sentiment model on disk: `sentiment.json`, which people read, and `sentiment.bin`, which they do not.
//!
//! As with the releases of [`crate::release`], every byte of both files is under a checksum.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::grams::Grams;
use super::{Sentiment, SentimentModel, SentimentOptions};
use crate::calibrate::{Calibration, Metrics};
use crate::keys::Keys;
use crate::release::{NO_CHECKSUM, ReleaseError, failed, floats, read_file, sha256, write_file};

/// The version of the form that this code writes and reads; it also changes when texts are read in another way.
const FORMAT: u32 = 1;
const MANIFEST_FILE: &str = "sentiment.json";
const WEIGHTS_FILE: &str = "sentiment.bin";
const MAGIC: [u8; 8] = *b"ATTUNE-S";
const MANIFEST_BYTES_MAX: u64 = 1 << 20;
const WEIGHTS_BYTES_MAX: u64 = 1 << 30;

/// Describes a sentiment model on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentimentManifest {
    /// The version of the form of both files.
    pub format: u32,
    /// When the model was made, in milliseconds since 1970, as the caller gave it.
    pub created_at_ms: i64,
    /// The hash of the examples (see [`crate::data_hash`]).
    pub data_hash: String,
    /// How the model was trained.
    pub options: SentimentOptions,
    /// How good the model was on examples that were held out.
    pub metrics: Metrics,
    /// The sentiments that it tells apart.
    pub classes: Vec<Sentiment>,
    /// How scores become probabilities.
    #[serde(flatten)]
    pub calibration: Calibration,
    /// How many n-grams the model knows.
    pub grams: usize,
    /// The SHA-256 of the file of weights, in hexadecimal.
    pub weights_sha256: String,
    /// The SHA-256 of this file with zeros in the place of this value, in hexadecimal.
    pub checksum: String,
}

impl SentimentModel {
    /// Writes the model into a directory, which is made if need be; the manifest is written last.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn save(&self, dir: &Path, created_at_ms: i64) -> Result<SentimentManifest, ReleaseError> {
        fs::create_dir_all(dir).map_err(|source| failed("make", dir, source))?;
        let weights = self.to_bytes();
        let mut manifest = SentimentManifest {
            format: FORMAT,
            created_at_ms,
            data_hash: self.data_hash.clone(),
            options: self.options,
            metrics: self.metrics,
            classes: self.classes.clone(),
            calibration: self.calibration,
            grams: self.grams.keys.len(),
            weights_sha256: sha256(&weights),
            checksum: NO_CHECKSUM.to_owned(),
        };
        let path = dir.join(MANIFEST_FILE);
        let json = |manifest: &SentimentManifest| {
            let json = serde_json::to_string_pretty(manifest);
            json.map(|json| json + "\n").map_err(|error| failed("write", &path, error.into()))
        };
        manifest.checksum = sha256(json(&manifest)?.as_bytes());
        write_file(&dir.join(WEIGHTS_FILE), &weights)?;
        write_file(&path, json(&manifest)?.as_bytes())?;
        Ok(manifest)
    }

    /// Reads the model in a directory.
    ///
    /// # Errors
    /// If there is none, or it is damaged, or another version of Attune wrote it.
    pub fn load(dir: &Path) -> Result<Self, ReleaseError> {
        let manifest = read_manifest(dir)?;
        let path = dir.join(WEIGHTS_FILE);
        let bytes = read_file(&path, WEIGHTS_BYTES_MAX)?;
        let damaged = |problem| ReleaseError::Damaged { path: path.clone(), problem };
        if sha256(&bytes) != manifest.weights_sha256 {
            return Err(damaged("its checksum differs from the one in the manifest"));
        }
        let (grams, rows, bias) =
            parts(&bytes, manifest.grams, manifest.classes.len()).map_err(damaged)?;
        Ok(Self {
            classes: manifest.classes,
            grams,
            rows,
            bias,
            calibration: manifest.calibration,
            metrics: manifest.metrics,
            data_hash: manifest.data_hash,
            options: manifest.options,
        })
    }

    /// The magic, then keys, rarities and ratios of the n-grams, biases and rows, little-endian.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.grams.keys.all().iter().flat_map(|key| key.to_le_bytes()));
        let numbers =
            self.grams.rarity.iter().chain(&self.grams.ratio).chain(&self.bias).chain(&self.rows);
        bytes.extend(numbers.flat_map(|number| number.to_le_bytes()));
        bytes
    }
}

fn read_manifest(dir: &Path) -> Result<SentimentManifest, ReleaseError> {
    let path = dir.join(MANIFEST_FILE);
    if !path.exists() {
        return Err(ReleaseError::Missing(dir.to_owned()));
    }
    let bytes = read_file(&path, MANIFEST_BYTES_MAX)?;
    let damaged = |problem| ReleaseError::Damaged { path: path.clone(), problem };
    let json: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|_| damaged("it is not JSON"))?;
    match json.get("format").and_then(serde_json::Value::as_u64) {
        Some(found) if found == u64::from(FORMAT) => {}
        Some(found) => return Err(ReleaseError::Format { path, found }),
        None => return Err(damaged("it names no format")),
    }
    let manifest: SentimentManifest =
        serde_json::from_value(json).map_err(|_| damaged("a field is missing or wrong"))?;
    let text = String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8"))?;
    if sha256(text.replacen(&manifest.checksum, NO_CHECKSUM, 1).as_bytes()) != manifest.checksum {
        return Err(damaged("its checksum differs"));
    }
    let known = manifest.classes.is_sorted_by(|a, b| a < b) && manifest.classes.len() >= 2;
    if !known || !manifest.calibration.is_usable() {
        return Err(damaged("a value is out of range"));
    }
    Ok(manifest)
}

type Parts = (Grams, Vec<f32>, Vec<f32>);

fn parts(bytes: &[u8], grams: usize, classes: usize) -> Result<Parts, &'static str> {
    let size = grams
        .checked_mul(12 + classes * 8)
        .and_then(|size| size.checked_add(MAGIC.len() + classes * 4));
    if size != Some(bytes.len()) {
        return Err("its size is wrong");
    }
    let rest = bytes.strip_prefix(&MAGIC).ok_or("it does not begin as a file of weights")?;
    let (keys, rest) = rest.split_at(grams * 4);
    let (rarity, rest) = rest.split_at(grams * 4);
    let (ratio, rest) = rest.split_at(grams * 4);
    let (bias, rows) = rest.split_at(classes * 4);
    let keys: Vec<u32> = keys.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
    if !keys.is_sorted_by(|a, b| a < b) {
        return Err("its keys are out of order");
    }
    let grams = Grams { keys: Keys::new(keys), rarity: floats(rarity)?, ratio: floats(ratio)? };
    Ok((grams, floats(rows)?, floats(bias)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> SentimentModel {
        let examples = super::super::model::tests::examples();
        SentimentModel::train(&examples, &SentimentOptions::default()).unwrap()
    }

    #[test]
    fn a_model_is_read_as_it_was_written() {
        let (dir, model) = (tempfile::tempdir().unwrap(), model());

        model.save(dir.path(), 7).unwrap();

        assert_eq!(SentimentModel::load(dir.path()).unwrap(), model);
    }

    #[test]
    fn damage_at_any_place_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        model().save(dir.path(), 7).unwrap();

        for file in [MANIFEST_FILE, WEIGHTS_FILE] {
            let path = dir.path().join(file);
            let whole = fs::read(&path).unwrap();
            let step = (whole.len() / 97).max(1);
            for at in (0..whole.len()).step_by(step) {
                let mut damaged = whole.clone();
                damaged[at] ^= 1;
                fs::write(&path, &damaged).unwrap();
                assert!(SentimentModel::load(dir.path()).is_err(), "{file} at {at}");
            }
            fs::write(&path, &whole[..whole.len() / 2]).unwrap();
            assert!(SentimentModel::load(dir.path()).is_err());
            fs::write(&path, &whole).unwrap();
        }
        assert!(SentimentModel::load(dir.path()).is_ok());
    }

    #[test]
    fn a_missing_model_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();

        let error = SentimentModel::load(dir.path()).unwrap_err();

        assert!(matches!(error, ReleaseError::Missing(_)));
    }
}
