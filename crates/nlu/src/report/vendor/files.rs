//! The files of a set: found by their names, read whole, and hashed as they lie on the disk.
//!
//! What a file means is not its matter but that of `sets.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::data_error::{DataError, DataErrors};
use crate::format::{Format, ImportOptions, SOURCE_BYTES_MAX, import_files};
use crate::language::Tongue;
use crate::slot::{TaggedUtterance, parse_jsonl};
use crate::training_set::{Example, parse_tsv};

/// The most files in a folder that are looked at.
const FILES_MAX: usize = 20_000;
const EXTENSIONS: [&str; 3] = ["tsv", "csv", "jsonl"];

/// Names a file, so that whoever has one of that name can tell whether it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// Its path below the folder of all sets.
    pub file: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The data files of one folder, by their names without the ending.
pub(super) struct Files(BTreeMap<String, PathBuf>);

impl Files {
    pub(super) fn of(folder: &Path) -> Result<Self, DataErrors> {
        let failed = |error: std::io::Error| {
            DataError::of(folder, format!("cannot be listed ({error}): give a folder with sets"))
        };
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(failed)?.take(FILES_MAX) {
            let path = entry.map_err(failed)?.path();
            let extension = path.extension().and_then(|one| one.to_str()).unwrap_or_default();
            let Some(preferred) = EXTENSIONS.iter().position(|one| *one == extension) else {
                continue;
            };
            let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
            let kept = files.get(stem).and_then(|kept: &PathBuf| kept.extension());
            let kept = kept.and_then(|kept| EXTENSIONS.iter().position(|one| *one == kept));
            if path.is_file() && kept.is_none_or(|kept| preferred < kept) {
                files.insert(stem.to_owned(), path);
            }
        }
        Ok(Self(files))
    }

    /// Whether there is any data at all.
    pub(super) fn is_data(&self) -> bool {
        !self.0.is_empty()
    }

    pub(super) fn named(&self, name: &str) -> Option<PathBuf> {
        self.0.get(name).cloned()
    }

    /// The training parts: what stands behind `train_`, nothing for the whole.
    pub(super) fn trainings(&self) -> Vec<(String, PathBuf)> {
        let which = |name: &str| match name {
            "train" => Some(String::new()),
            other => other.strip_prefix("train_").map(str::to_owned),
        };
        self.0.iter().filter_map(|(name, path)| Some((which(name)?, path.clone()))).collect()
    }

    /// The part to test on, with its name.
    pub(super) fn tests(&self) -> Option<(&'static str, PathBuf)> {
        ["test", "dev"].into_iter().find_map(|name| Some((name, self.named(name)?)))
    }

    pub(super) fn negatives(&self) -> Option<PathBuf> {
        ["oos_test", "oos", "oos_dev"].into_iter().find_map(|name| self.named(name))
    }

    /// Texts in at least two languages, by their codes.
    pub(super) fn languages(&self) -> Option<(&'static str, Vec<(&'static str, PathBuf)>)> {
        ["test", "dev"].into_iter().find_map(|part| {
            let file = |tongue: Tongue| {
                Some((tongue.code(), self.named(&format!("{}.{part}", tongue.code()))?))
            };
            let found: Vec<_> = Tongue::ALL.into_iter().filter_map(file).collect();
            (found.len() > 1).then_some((part, found))
        })
    }
}

/// Reads files and remembers which.
pub(super) struct Reader<'a> {
    root: &'a Path,
    files: Vec<DataFile>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root, files: Vec::new() }
    }

    pub(super) fn into_files(self) -> Vec<DataFile> {
        self.files
    }

    /// Whether the first line of a file has tags.
    pub(super) fn is_tagged(&self, path: &Path) -> Result<bool, DataErrors> {
        if path.extension().is_none_or(|one| one != "jsonl") {
            return Ok(false);
        }
        let bytes = bytes(path)?;
        let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
        let first: Option<serde_json::Value> = serde_json::from_slice(first).ok();
        Ok(first.is_some_and(|line| line["tags"].is_array()))
    }

    pub(super) fn utterances(&mut self, path: &Path) -> Result<Vec<TaggedUtterance>, DataErrors> {
        filled(path, parse_jsonl(path, &self.read(path)?)?)
    }

    pub(super) fn examples(&mut self, path: &Path) -> Result<Vec<Example>, DataErrors> {
        let bytes = self.read(path)?;
        let extension = path.extension().and_then(|one| one.to_str()).unwrap_or_default();
        let format = Format::from_name(extension);
        if format == Some(Format::Tsv) {
            return filled(path, parse_tsv(path, &bytes)?);
        }
        let options = ImportOptions { format, language: None };
        Ok(import_files(vec![(path.to_owned(), bytes)], &options)?.corpus.examples(None))
    }

    /// The texts of a file, whatever else it says of them.
    pub(super) fn texts(&mut self, path: &Path) -> Result<Vec<String>, DataErrors> {
        if path.extension().is_none_or(|one| one != "jsonl") {
            return Ok(self.examples(path)?.into_iter().map(|one| one.text).collect());
        }
        #[derive(Deserialize)]
        struct Line {
            text: String,
        }
        let (mut texts, mut errors) = (Vec::new(), DataErrors::default());
        for (number, line) in (1..).zip(self.read(path)?.split(|byte| *byte == b'\n')) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice::<Line>(line) {
                Ok(line) => texts.push(line.text),
                Err(error) => errors.push(DataError::at(
                    path,
                    number,
                    format!("the line is no object with `text` ({error}): write one object a line"),
                )),
            }
        }
        filled(path, errors.or(texts)?)
    }

    fn read(&mut self, path: &Path) -> Result<Vec<u8>, DataErrors> {
        let bytes = bytes(path)?;
        let below = path.strip_prefix(self.root).unwrap_or(path);
        self.files.push(DataFile {
            file: below.to_string_lossy().replace('\\', "/"),
            bytes: bytes.len() as u64,
            sha256: hex::encode(Sha256::digest(&bytes)),
        });
        Ok(bytes)
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, DataErrors> {
    let failed = |error: std::io::Error| DataError::of(path, format!("cannot be read: {error}"));
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > SOURCE_BYTES_MAX {
        let problem = format!("has {size} bytes: the most is {SOURCE_BYTES_MAX}, divide it");
        return Err(DataError::of(path, problem).into());
    }
    Ok(fs::read(path).map_err(failed)?)
}

fn filled<T>(path: &Path, read: Vec<T>) -> Result<Vec<T>, DataErrors> {
    match read.is_empty() {
        true => Err(DataError::of(path, "holds nothing: fill it or remove it".to_owned()).into()),
        false => Ok(read),
    }
}
