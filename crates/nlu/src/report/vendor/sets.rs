//! The sets of a folder: each subfolder with a training and a test file, or the folder itself.
//!
//! A set has `train` and `test` (or `dev`, where there is no test), and `oos_test`, `oos` or `oos_dev` if there are texts that
//! have none of its intents; each as `.tsv` (`intent<TAB>text`), `.csv` (with a header) or `.jsonl`. The intents of negatives
//! are not looked at.

use std::fs;
use std::path::{Path, PathBuf};

use crate::data_error::{DataError, DataErrors};
use crate::format::{Format, ImportOptions, import_path};
use crate::training_set::Example;

/// The most sets in a folder.
pub const SETS_MAX: usize = 200;
const EXTENSIONS: [(&str, Format); 3] =
    [("tsv", Format::Tsv), ("csv", Format::Csv), ("jsonl", Format::Jsonl)];

/// Holds one set: what is trained on and what is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenchSet {
    /// The name of its folder.
    pub name: String,
    /// What a model is trained on.
    pub train: Vec<Example>,
    /// The name of the part that it is tested on: `test`, or `dev`.
    pub part: &'static str,
    /// What it is tested on.
    pub tests: Vec<Example>,
    /// What has none of its intents.
    pub negatives: Vec<String>,
}

/// Reads the sets of a folder, by name.
///
/// # Errors
/// If there is none, or a file cannot be read; everything that is wrong, by file and line.
pub fn find_sets(folder: &Path) -> Result<Vec<BenchSet>, DataErrors> {
    let mut folders = vec![folder.to_owned()];
    let listed = fs::read_dir(folder).map_err(|error| {
        DataError::of(folder, format!("cannot be listed ({error}): give a folder with sets in it"))
    })?;
    for entry in listed {
        let path = entry
            .map_err(|error| DataError::of(folder, format!("cannot be listed: {error}")))?
            .path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    folders.retain(|folder| part(folder, "train").is_some());
    if folders.len() > SETS_MAX {
        return Err(DataError::of(
            folder,
            format!("has {} sets: the most is {SETS_MAX}", folders.len()),
        )
        .into());
    }
    let (mut sets, mut errors) = (Vec::new(), DataErrors::default());
    for folder in &folders {
        match read_set(folder) {
            Ok(set) => sets.push(set),
            Err(error) => errors.extend(Some(error)),
        }
    }
    if folders.is_empty() {
        errors.push(DataError::of(
            folder,
            "has no set: a set is a folder with train.tsv and test.tsv (or .csv, .jsonl)"
                .to_owned(),
        ));
    }
    errors.or(sets)
}

fn read_set(folder: &Path) -> Result<BenchSet, DataErrors> {
    let missing =
        || DataError::of(folder, "has train but neither test nor dev: add test.tsv".to_owned());
    let test = part(folder, "test").map(|found| ("test", found));
    let (name, tests) = test.or_else(|| Some(("dev", part(folder, "dev")?))).ok_or_else(missing)?;
    let train = part(folder, "train").ok_or_else(missing)?;
    let negatives = ["oos_test", "oos", "oos_dev"].iter().find_map(|name| part(folder, name));
    let negatives = negatives.map_or(Ok(Vec::new()), read)?;
    let own_name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(BenchSet {
        name: own_name.unwrap_or_else(|| folder.display().to_string()),
        train: read(train)?,
        part: name,
        tests: read(tests)?,
        negatives: negatives.into_iter().map(|one| one.text).collect(),
    })
}

/// The file of a part, whichever form it has.
fn part(folder: &Path, name: &str) -> Option<(PathBuf, Format)> {
    let named =
        EXTENSIONS.map(|(extension, format)| (folder.join(format!("{name}.{extension}")), format));
    named.into_iter().find(|(path, _)| path.is_file())
}

fn read((path, format): (PathBuf, Format)) -> Result<Vec<Example>, DataErrors> {
    let options = ImportOptions { format: Some(format), language: None };
    Ok(import_path(&path, &options)?.corpus.examples(None))
}
