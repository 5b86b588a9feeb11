//! A model on disk: a directory with `manifest.json`, which people read, and `weights.bin`, which they do not; beside
//! them the folder of the encoder, if the model has one.
//!
//! Every byte of it is under a checksum, so a damaged release is refused with a sentence that says what to do.
//! Which release is in use, and where releases lie, is the caller's matter.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::calibrate::{Calibration, Metrics};
use crate::encoder::{Encoder, EncoderError};
use crate::features::Vocabulary;
use crate::model::Model;
use crate::quantised::Quantised;
use crate::relearn::Origin;
use crate::sentiment::Lexicon;
use crate::train_options::{Tier, TrainOptions};
use crate::training_set::INTENTS_MAX;
use crate::view::{Dense, View};

/// The version of the form that this code writes and reads; it also changes when texts are read in another way.
pub const FORMAT: u32 = 2;
/// The name of the file that describes a release.
pub const MANIFEST_FILE: &str = "manifest.json";
/// The name of the file that holds the numbers of a release.
pub const WEIGHTS_FILE: &str = "weights.bin";
/// The name of the folder that holds the encoder of a release that has one.
pub const ENCODER_FOLDER: &str = "encoder";

const MAGIC: [u8; 8] = *b"ATTUNE-M";
const MANIFEST_BYTES_MAX: u64 = 4 << 20;
const WEIGHTS_BYTES_MAX: u64 = 2 << 30;
/// What stands in the place of the manifest's checksum while that is computed.
pub(crate) const NO_CHECKSUM: &str =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// Describes a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the form of both files (see [`FORMAT`]).
    pub format: u32,
    /// When the release was made, in milliseconds since 1970, as the caller gave it.
    pub created_at_ms: i64,
    /// The hash of the examples (see [`crate::data_hash`]).
    pub data_hash: String,
    /// What the next training has to know of them.
    #[serde(flatten)]
    pub origin: Origin,
    /// How the model was trained.
    pub options: TrainOptions,
    /// How good the model was on the examples that were held out while it was trained.
    pub metrics: Metrics,
    /// How scores become probabilities.
    #[serde(flatten)]
    pub calibration: Calibration,
    /// The least probability at which each intent is acted on alone, in the order of the intents.
    pub thresholds: Vec<f32>,
    /// The in-scope score below which a text has none of the intents.
    pub scope_threshold: f32,
    /// What the model reads of a text.
    pub tier: Tier,
    /// The encoder that reads besides the n-grams, or instead of them.
    pub encoder: Option<EncoderRecord>,
    /// How many n-grams the model knows.
    pub features: usize,
    /// The names of the intents.
    pub intents: Vec<Arc<str>>,
    /// The SHA-256 of the file of weights, in hexadecimal.
    pub weights_sha256: String,
    /// The SHA-256 of this file with zeros in the place of this value, in hexadecimal.
    pub checksum: String,
}

/// Names the encoder of a release, which lies in a folder of its own beside the other files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncoderRecord {
    /// How many numbers its vectors have.
    pub width: usize,
    /// The fingerprint of its weights and all else that decides about its vectors.
    pub fingerprint: String,
}

/// Says why a release cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// There is no release in the directory.
    #[error("{} holds no release: train the bot to make one", .0.display())]
    Missing(PathBuf),
    /// A file cannot be read or written.
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The release was made by another version of Attune.
    #[error("{} has format {found}, this version of Attune reads {FORMAT}: train the bot again", .path.display())]
    Format {
        /// The manifest.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// A file is not what was written.
    #[error("{} is damaged ({problem}): train the bot again, or restore the file", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The encoder of the release cannot be written or read.
    #[error(transparent)]
    Checkpoint(#[from] EncoderError),
}

impl Manifest {
    /// Reads and checks the manifest of a release, without its weights.
    ///
    /// # Errors
    /// If there is none, or it is damaged or of another format.
    pub fn read(dir: &Path) -> Result<Self, ReleaseError> {
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
        let manifest: Self =
            serde_json::from_value(json).map_err(|_| damaged("a field is missing or wrong"))?;
        let text = String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8"))?;
        if sha256(text.replacen(&manifest.checksum, NO_CHECKSUM, 1).as_bytes()) != manifest.checksum
        {
            return Err(damaged("its checksum differs"));
        }
        let usable =
            manifest.calibration.is_usable() && manifest.thresholds.len() == manifest.intents.len();
        if !usable || !(2..=INTENTS_MAX).contains(&manifest.intents.len()) {
            return Err(damaged("a value is out of range"));
        }
        Ok(manifest)
    }

    fn to_checked_json(&self) -> Result<String, serde_json::Error> {
        let text = serde_json::to_string_pretty(&Self {
            checksum: NO_CHECKSUM.to_owned(),
            ..self.clone()
        })? + "\n";
        // The checksum is the last value of the file.
        let start = text.rfind(NO_CHECKSUM).unwrap_or(text.len());
        let (before, after) = text.split_at(start);
        Ok(format!("{before}{}{}", sha256(text.as_bytes()), after.trim_start_matches('0')))
    }
}

impl Model {
    /// Writes the model as a release into a directory, which is made if need be.
    ///
    /// The manifest is written last and appears at once, so that a release that has one is whole.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn save(&self, dir: &Path, created_at_ms: i64) -> Result<Manifest, ReleaseError> {
        fs::create_dir_all(dir).map_err(|source| failed("make", dir, source))?;
        let weights = self.weights_to_bytes();
        let mut manifest = Manifest {
            format: FORMAT,
            created_at_ms,
            data_hash: self.data_hash.clone(),
            origin: self.origin.clone(),
            options: self.options,
            metrics: self.metrics,
            calibration: self.calibration,
            thresholds: self.thresholds.clone(),
            scope_threshold: self.scope_threshold,
            tier: self.tier(),
            encoder: self.view.dense.as_ref().map(|dense| EncoderRecord::of(&dense.encoder)),
            features: self.view.vocabulary.len(),
            intents: self.intents.clone(),
            weights_sha256: sha256(&weights),
            checksum: String::new(),
        };
        let path = dir.join(MANIFEST_FILE);
        let json =
            manifest.to_checked_json().map_err(|error| failed("write", &path, error.into()))?;
        if let Some(dense) = &self.view.dense {
            dense.encoder.save(&dir.join(ENCODER_FOLDER))?;
        }
        write_file(&dir.join(WEIGHTS_FILE), &weights)?;
        write_file(&path, json.as_bytes())?;
        manifest.checksum = sha256_of_manifest(&json);
        Ok(manifest)
    }

    /// Reads the release in a directory.
    ///
    /// # Errors
    /// If there is none, or it is damaged, or another version of Attune wrote it.
    pub fn load(dir: &Path) -> Result<Self, ReleaseError> {
        let manifest = Manifest::read(dir)?;
        let path = dir.join(WEIGHTS_FILE);
        let bytes = read_file(&path, WEIGHTS_BYTES_MAX)?;
        let damaged = |problem| ReleaseError::Damaged { path: path.clone(), problem };
        if sha256(&bytes) != manifest.weights_sha256 {
            return Err(damaged("its checksum differs from the one in the manifest"));
        }
        let width = manifest.encoder.as_ref().map_or(0, |encoder| encoder.width);
        let Weighed { vocabulary, mean, weights } =
            weights_from_bytes(&bytes, manifest.features, width, manifest.intents.len())
                .map_err(damaged)?;
        let dense = match &manifest.encoder {
            Some(record) => Some(Dense { encoder: record.load(dir)?, mean }),
            None => None,
        };
        Ok(Self {
            intents: manifest.intents,
            view: View { vocabulary, dense },
            weights,
            thresholds: manifest.thresholds,
            scope_threshold: manifest.scope_threshold,
            calibration: manifest.calibration,
            metrics: manifest.metrics,
            data_hash: manifest.data_hash,
            origin: manifest.origin,
            options: manifest.options,
            lexicon: Lexicon::default(),
        })
    }

    /// The weights as they stand in the file, little-endian: the magic; for each n-gram its key, then its rarity; the
    /// mean of the encoder's vectors; for each feature its scale; for each intent its bias; the rows.
    fn weights_to_bytes(&self) -> Vec<u8> {
        let View { vocabulary, dense } = &self.view;
        let mean = dense.as_ref().map_or(&[][..], |dense| &dense.mean);
        let mut bytes = MAGIC.to_vec();
        for key in vocabulary.keys() {
            bytes.extend_from_slice(&key.to_le_bytes());
        }
        for values in [vocabulary.rarity(), mean, &self.weights.scales, &self.weights.bias] {
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        bytes.extend(self.weights.rows.iter().map(|weight| weight.to_le_bytes()[0]));
        bytes
    }
}

/// What stands in the file of weights.
struct Weighed {
    vocabulary: Vocabulary,
    mean: Vec<f32>,
    weights: Quantised,
}

fn weights_from_bytes(
    bytes: &[u8],
    n_grams: usize,
    width: usize,
    intents: usize,
) -> Result<Weighed, &'static str> {
    let features = n_grams.checked_add(width).filter(|all| u32::try_from(*all).is_ok());
    let features = features.ok_or("its size is wrong")?;
    let size = features
        .checked_mul(4 + intents)
        .and_then(|size| size.checked_add(n_grams.checked_mul(8)?))
        .and_then(|size| size.checked_add(MAGIC.len() + (width + intents) * 4));
    if size != Some(bytes.len()) {
        return Err("its size is wrong");
    }
    let rest = bytes.strip_prefix(&MAGIC).ok_or("it does not begin as a file of weights")?;
    let (keys, rest) = rest.split_at(n_grams * 4);
    let (rarity, rest) = rest.split_at(n_grams * 4);
    let (mean, rest) = rest.split_at(width * 4);
    let (scales, rest) = rest.split_at(features * 4);
    let (bias, rows) = rest.split_at(intents * 4);
    let keys: Vec<u32> = keys.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
    if !keys.is_sorted_by(|a, b| a < b) {
        return Err("its keys are out of order");
    }
    let vocabulary = Vocabulary::new(keys, floats(rarity)?);
    let rows = rows.iter().map(|byte| i8::from_le_bytes([*byte])).collect();
    let weights = Quantised { intents, rows, scales: floats(scales)?, bias: floats(bias)? };
    Ok(Weighed { vocabulary, mean: floats(mean)?, weights })
}

impl EncoderRecord {
    /// Names an encoder.
    pub(crate) fn of(encoder: &Encoder) -> Self {
        Self { width: encoder.width(), fingerprint: encoder.fingerprint() }
    }

    /// Reads the encoder of a release, which must be the one that the release was trained with.
    pub(crate) fn load(&self, dir: &Path) -> Result<Arc<Encoder>, ReleaseError> {
        let path = dir.join(ENCODER_FOLDER);
        let encoder = Encoder::load(&path)?;
        if Self::of(&encoder) != *self {
            let problem = "it is not the encoder that the release was trained with";
            return Err(ReleaseError::Damaged { path, problem });
        }
        Ok(Arc::new(encoder))
    }
}

pub(crate) fn floats(bytes: &[u8]) -> Result<Vec<f32>, &'static str> {
    let values: Vec<f32> =
        bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
    if values.iter().all(|value| value.is_finite()) {
        Ok(values)
    } else {
        Err("a number in it is not finite")
    }
}

pub(crate) fn read_file(path: &Path, bytes_max: u64) -> Result<Vec<u8>, ReleaseError> {
    let read = || -> std::io::Result<Vec<u8>> {
        let file = fs::File::open(path)?;
        let mut bytes = Vec::with_capacity(file.metadata()?.len().min(bytes_max) as usize + 1);
        file.take(bytes_max + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|source| failed("read", path, source))?;
    if bytes.len() as u64 > bytes_max {
        return Err(ReleaseError::Damaged {
            path: path.to_owned(),
            problem: "it is far too large",
        });
    }
    Ok(bytes)
}

/// Writes a file so that it is seen either whole or not at all.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ReleaseError> {
    let partial = path.with_extension("partial");
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    write().map_err(|source| failed("write", path, source))
}

pub(crate) fn failed(doing: &'static str, path: &Path, source: std::io::Error) -> ReleaseError {
    ReleaseError::Io { doing, path: path.to_owned(), source }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The checksum that stands in a manifest just written.
fn sha256_of_manifest(json: &str) -> String {
    let value: Option<Manifest> = serde_json::from_str(json).ok();
    value.map_or_else(String::new, |manifest| manifest.checksum)
}
