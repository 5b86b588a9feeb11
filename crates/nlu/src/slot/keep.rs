//! A tagger on disk: a directory with `manifest.json`, which people read, `slots.bin`, which they do not, and, where the
//! intent is a hint, a release of the model of intents in a directory of its own.
//!
//! Every byte is under a checksum, as in [`crate::release`]. Where taggers lie is the caller's matter.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::bytes::{self, Sizes};
use super::options::TaggerOptions;
use super::tagger::Tagger;
use super::tokenizer::Tokenizer;
use super::train::SLOTS_MAX;
use super::utterance::SLOT_TOKENS_MAX;
use super::vectors::TokenReader;
use crate::encoder::Head;
use crate::model::Model;
use crate::release::{
    ENCODER_FOLDER, EncoderRecord, FORMAT, Manifest, NO_CHECKSUM, ReleaseError, failed, read_file,
    sha256, write_file,
};

/// The name of the file that describes a tagger.
pub const MANIFEST_FILE: &str = "manifest.json";
/// The name of the file that holds the numbers of a tagger.
pub const WEIGHTS_FILE: &str = "slots.bin";
/// The name of the directory that holds the model of intents, where a tagger has one.
pub const FOLDER_OF_INTENTS: &str = "intents";

/// The name of the file that holds what an encoder learned of slots.
const HEAD_FILE: &str = "head.json";

const HEAD_BYTES_MAX: u64 = 64 << 20;
const MANIFEST_BYTES_MAX: u64 = 4 << 20;
const WEIGHTS_BYTES_MAX: u64 = 2 << 30;

/// Describes a tagger on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotManifest {
    /// The version of the form (see [`FORMAT`]).
    pub format: u32,
    /// When the tagger was made, in milliseconds since 1970, as the caller gave it.
    pub created_at_ms: i64,
    /// The hash of the utterances.
    pub data_hash: String,
    /// How the tagger was trained.
    pub options: TaggerOptions,
    /// How it cuts a text.
    pub tokenizer: Tokenizer,
    /// The names of the slots.
    pub slots: Vec<Arc<str>>,
    /// The most tokens of a slot that it finds.
    pub slot_tokens_max: usize,
    /// The encoder that reads besides the words, if there is one.
    pub encoder: Option<EncoderRecord>,
    /// The SHA-256 of what the encoder learned of slots, in hexadecimal, if it did.
    pub head_sha256: Option<String>,
    /// The checksum in the manifest of its model of intents, if it has one.
    pub intents_checksum: Option<String>,
    /// The SHA-256 of the file of numbers, in hexadecimal.
    pub weights_sha256: String,
    /// The SHA-256 of this file with zeros in the place of this value, in hexadecimal.
    pub checksum: String,
}

impl SlotManifest {
    /// Reads and checks the manifest of a tagger, without its numbers.
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
        let text = String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8"))?;
        let json: serde_json::Value =
            serde_json::from_str(&text).map_err(|_| damaged("it is not JSON"))?;
        match json.get("format").and_then(serde_json::Value::as_u64) {
            Some(found) if found == u64::from(FORMAT) => {}
            Some(found) => return Err(ReleaseError::Format { path, found }),
            None => return Err(damaged("it names no format")),
        }
        let manifest: Self =
            serde_json::from_value(json).map_err(|_| damaged("a field is missing or wrong"))?;
        if manifest.seal(&text) != manifest.checksum {
            return Err(damaged("its checksum differs"));
        }
        let usable = (1..=SLOTS_MAX).contains(&manifest.slots.len())
            && (1..=SLOT_TOKENS_MAX).contains(&manifest.slot_tokens_max);
        if usable { Ok(manifest) } else { Err(damaged("a value is out of range")) }
    }

    /// Computes the checksum of the file in which the manifest stands.
    fn seal(&self, text: &str) -> String {
        sha256(text.replacen(&self.checksum, NO_CHECKSUM, 1).as_bytes())
    }

    /// Puts the checksum into the manifest; returns the file with it.
    fn complete(&mut self) -> Result<String, serde_json::Error> {
        NO_CHECKSUM.clone_into(&mut self.checksum);
        let text = serde_json::to_string_pretty(self)? + "\n";
        self.checksum = sha256(text.as_bytes());
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

impl Tagger {
    /// Writes the tagger into a directory, which is made if need be.
    ///
    /// The manifest is written last and appears at once, so that a tagger that has one is whole.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn save(&self, dir: &Path, created_at_ms: i64) -> Result<SlotManifest, ReleaseError> {
        fs::create_dir_all(dir).map_err(|source| failed("make", dir, source))?;
        let weights = bytes::write(&self.vocabulary, &self.weights);
        let intents = self.intents.as_ref();
        let intents = intents
            .map(|model| model.save(&dir.join(FOLDER_OF_INTENTS), created_at_ms))
            .transpose()?;
        let path = dir.join(HEAD_FILE);
        let head = self.reader.as_ref().and_then(|reader| reader.head.as_ref());
        let head = head.map(serde_json::to_vec).transpose();
        let head = head.map_err(|error| failed("write", &path, error.into()))?;
        let mut manifest = SlotManifest {
            format: FORMAT,
            created_at_ms,
            data_hash: self.data_hash.clone(),
            options: self.options,
            tokenizer: self.tokenizer,
            slots: self.slots.clone(),
            slot_tokens_max: self.vocabulary.length_max,
            encoder: self.reader.as_ref().map(|reader| EncoderRecord::of(&reader.encoder)),
            head_sha256: head.as_deref().map(sha256),
            intents_checksum: intents.map(|manifest| manifest.checksum),
            weights_sha256: sha256(&weights),
            checksum: String::new(),
        };
        let path = dir.join(MANIFEST_FILE);
        let json = manifest.complete().map_err(|error| failed("write", &path, error.into()))?;
        if let Some(reader) = &self.reader {
            reader.encoder.save(&dir.join(ENCODER_FOLDER))?;
        }
        if let Some(head) = &head {
            write_file(&dir.join(HEAD_FILE), head)?;
        }
        write_file(&dir.join(WEIGHTS_FILE), &weights)?;
        write_file(&path, json.as_bytes())?;
        Ok(manifest)
    }

    /// Reads the tagger in a directory.
    ///
    /// # Errors
    /// If there is none, it is damaged, or another version of Attune wrote it.
    pub fn load(dir: &Path) -> Result<Self, ReleaseError> {
        let manifest = SlotManifest::read(dir)?;
        let path = dir.join(WEIGHTS_FILE);
        let bytes = read_file(&path, WEIGHTS_BYTES_MAX)?;
        let damaged = |problem| ReleaseError::Damaged { path: path.clone(), problem };
        if sha256(&bytes) != manifest.weights_sha256 {
            return Err(damaged("its checksum differs from the one in the manifest"));
        }
        let reader = manifest.load_reader(dir)?;
        let sizes = Sizes {
            slots: manifest.slots.len(),
            length_max: manifest.slot_tokens_max,
            token_width: reader.as_ref().map_or(0, TokenReader::width),
        };
        let (vocabulary, weights) = bytes::read(&bytes, sizes).map_err(damaged)?;
        let intents = manifest.intents_checksum.as_deref();
        Ok(Self {
            intents: intents.map(|checksum| load_intents(dir, checksum)).transpose()?,
            slots: manifest.slots,
            vocabulary,
            weights,
            tokenizer: manifest.tokenizer,
            options: manifest.options,
            data_hash: manifest.data_hash,
            reader,
        })
    }
}

impl SlotManifest {
    /// Reads the encoder, if there is one, and what it learned of slots.
    fn load_reader(&self, dir: &Path) -> Result<Option<TokenReader>, ReleaseError> {
        let Some(record) = &self.encoder else { return Ok(None) };
        let encoder = record.load(dir)?;
        let head = self.head_sha256.as_ref().map(|sum| load_head(dir, sum, record.width));
        Ok(Some(TokenReader { encoder, head: head.transpose()? }))
    }
}

fn load_head(dir: &Path, checksum: &str, width: usize) -> Result<Head, ReleaseError> {
    let path = dir.join(HEAD_FILE);
    let bytes = read_file(&path, HEAD_BYTES_MAX)?;
    let damaged = |problem| ReleaseError::Damaged { path: path.clone(), problem };
    if sha256(&bytes) != checksum {
        return Err(damaged("its checksum differs from the one in the manifest"));
    }
    let head: Head = serde_json::from_slice(&bytes).map_err(|_| damaged("it is not a head"))?;
    if head.is_for(width) { Ok(head) } else { Err(damaged("its size is wrong")) }
}

/// Reads the model of intents, if it is the one that the tagger was saved with.
fn load_intents(dir: &Path, checksum: &str) -> Result<Model, ReleaseError> {
    let folder = dir.join(FOLDER_OF_INTENTS);
    if Manifest::read(&folder)?.checksum != checksum {
        let path = folder.join(crate::release::MANIFEST_FILE);
        return Err(ReleaseError::Damaged { path, problem: "it belongs to another tagger" });
    }
    Model::load(&folder)
}
