//! The sets of a folder: what is to be trained and tested, told by the names and contents of files.
//!
//! A set has `train` (and perhaps `train_10shot` and the like) beside `test`, or `dev` where there is no test, as `.tsv`
//! (`intent<TAB>text`), `.csv` (with a header) or `.jsonl`. JSON lines with tags are slots, labels that are all sentiments are
//! sentiment. `oos_test`, `oos` or `oos_dev` hold texts that have none of the intents. Files such as `de.test.tsv` ask which
//! language a text is in, and `all` alone asks to find its labels again. What is none of these is passed over, by name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::{DataFile, Files, Reader};
use crate::data_error::{DataError, DataErrors};
use crate::sentiment::parse_label;
use crate::slot::TaggedUtterance;
use crate::training_set::Example;

/// The most sets in a folder.
pub const SETS_MAX: usize = 200;
/// The most folders that are looked into.
const FOLDERS_MAX: usize = 10_000;
/// How deep folders may lie in each other.
const DEPTH_MAX: usize = 4;

/// Holds one set: what is trained on and what is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenchSet {
    /// The name of its folder, and of its training part if that is not the whole.
    pub name: String,
    /// The name of the part that it is tested on: `test`, `dev` or `all`.
    pub part: String,
    /// What is asked.
    pub work: Work,
    /// The files that it was read from.
    pub files: Vec<DataFile>,
}

/// Says what a set asks, and holds its examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// To recognise intents.
    Intents(Labelled),
    /// To tell how content somebody is.
    Sentiment(Labelled),
    /// To find slots.
    Slots {
        /// What is trained on.
        train: Vec<TaggedUtterance>,
        /// What is tested.
        tests: Vec<TaggedUtterance>,
    },
    /// To tell languages by their codes; nothing is trained.
    Language(Vec<Example>),
    /// To find the labels of utterances again without having seen them.
    Discovery(Vec<Example>),
}

/// Holds labelled examples, divided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labelled {
    /// What a model is trained on.
    pub train: Vec<Example>,
    /// What it is tested on.
    pub tests: Vec<Example>,
    /// What has none of its labels.
    pub negatives: Vec<String>,
}

/// Names what a set asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// To recognise intents.
    Intents,
    /// To tell how content somebody is.
    Sentiment,
    /// To find slots.
    Slots,
    /// To tell languages.
    Language,
    /// To find labels again.
    Discovery,
}

/// Holds what lies below a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundSets {
    /// The sets, by name.
    pub sets: Vec<BenchSet>,
    /// The folders with data in them that are no set.
    pub passed_over: Vec<String>,
}

impl Work {
    /// Returns what is asked.
    #[must_use]
    pub const fn task(&self) -> Task {
        match self {
            Self::Intents(_) => Task::Intents,
            Self::Sentiment(_) => Task::Sentiment,
            Self::Slots { .. } => Task::Slots,
            Self::Language(_) => Task::Language,
            Self::Discovery(_) => Task::Discovery,
        }
    }
}

/// Reads the sets of a folder and of those below it, by name.
///
/// # Errors
/// If there is none, or a file cannot be read; everything that is wrong, by file and line.
pub fn find_sets(folder: &Path) -> Result<FoundSets, DataErrors> {
    let mut folders = Vec::new();
    collect(folder, 0, &mut folders)?;
    folders.sort();
    let (mut found, mut errors) = (FoundSets::default(), DataErrors::default());
    for below in &folders {
        let name = name_of(folder, below);
        match read_folder(folder, below, &name) {
            Ok(sets) if sets.is_empty() && Files::of(below)?.is_data() => {
                found.passed_over.push(name);
            }
            Ok(sets) => found.sets.extend(sets),
            Err(error) => errors.extend(Some(error)),
        }
        if found.sets.len() > SETS_MAX {
            let problem = format!("has more than {SETS_MAX} sets: give a part of it");
            return Err(DataError::of(folder, problem).into());
        }
    }
    if found.sets.is_empty() && errors.all().is_empty() {
        let problem = "has no set: a set is a folder with train.tsv and test.tsv (or .csv, .jsonl)"
            .to_owned();
        errors.push(DataError::of(folder, problem));
    }
    errors.or(found)
}

fn name_of(root: &Path, folder: &Path) -> String {
    let below = folder.strip_prefix(root).ok().filter(|below| !below.as_os_str().is_empty());
    let name = below.or_else(|| folder.file_name().map(Path::new)).unwrap_or(folder);
    name.to_string_lossy().replace('\\', "/")
}

/// The folder and those below it, hidden ones and links left out.
fn collect(folder: &Path, depth: usize, into: &mut Vec<PathBuf>) -> Result<(), DataErrors> {
    let failed = |error: std::io::Error| {
        DataError::of(folder, format!("cannot be listed ({error}): give a folder with sets in it"))
    };
    if into.len() == FOLDERS_MAX {
        let problem = format!("has more than {FOLDERS_MAX} folders below it: give a part of it");
        return Err(DataError::of(folder, problem).into());
    }
    into.push(folder.to_owned());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type().map_err(failed)?.is_dir() && !is_hidden && depth < DEPTH_MAX {
            collect(&entry.path(), depth + 1, into)?;
        }
    }
    Ok(())
}

/// Everything that one folder asks.
fn read_folder(root: &Path, folder: &Path, name: &str) -> Result<Vec<BenchSet>, DataErrors> {
    let files = Files::of(folder)?;
    let mut sets = Vec::new();
    let trainings = files.trainings();
    if !trainings.is_empty() {
        let (part, tests) = files.tests().ok_or_else(|| {
            DataError::of(folder, "has train but neither test nor dev: add test.tsv".to_owned())
        })?;
        for (which, train) in trainings {
            let name = if which.is_empty() { name.to_owned() } else { format!("{name} {which}") };
            let mut reader = Reader::new(root);
            let works = if reader.is_tagged(&train)? {
                tagged(&mut reader, &train, &tests)?
            } else {
                let negatives = files.negatives();
                vec![labelled(&mut reader, &train, &tests, negatives.as_deref())?]
            };
            let files = reader.into_files();
            let set = |work| {
                let (name, part, files) = (name.clone(), part.to_owned(), files.clone());
                BenchSet { name, part, work, files }
            };
            sets.extend(works.into_iter().map(set));
        }
        return Ok(sets);
    }
    let mut reader = Reader::new(root);
    let found = if let Some((part, of_languages)) = files.languages() {
        let mut tests = Vec::new();
        for (code, path) in of_languages {
            tests.extend(reader.texts(&path)?.into_iter().map(|text| Example::new(code, text)));
        }
        Some((part, Work::Language(tests)))
    } else if let Some(all) = files.named("all") {
        Some(("all", Work::Discovery(reader.examples(&all)?)))
    } else {
        None
    };
    let files = reader.into_files();
    let set = |(part, work): (&str, Work)| {
        let (name, part) = (name.to_owned(), part.to_owned());
        BenchSet { name, part, work, files }
    };
    Ok(found.map(set).into_iter().collect())
}

/// Slots, and the intents that stand beside them.
fn tagged(reader: &mut Reader<'_>, train: &Path, tests: &Path) -> Result<Vec<Work>, DataErrors> {
    let (train, tests) = (reader.utterances(train)?, reader.utterances(tests)?);
    let examples = |utterances: &[TaggedUtterance]| -> Option<Vec<Example>> {
        let example = |one: &TaggedUtterance| Some(Example::new(one.intent()?, one.text()));
        utterances.iter().map(example).collect()
    };
    let intents = examples(&train).zip(examples(&tests)).filter(|(train, _)| differ(train));
    let intents = intents.map(|(train, tests)| Labelled { train, tests, negatives: Vec::new() });
    let mut works: Vec<Work> = intents.map(Work::Intents).into_iter().collect();
    works.push(Work::Slots { train, tests });
    Ok(works)
}

fn differ(examples: &[Example]) -> bool {
    examples.iter().map(|one| one.intent.as_str()).collect::<BTreeSet<_>>().len() > 1
}

fn labelled(
    reader: &mut Reader<'_>,
    train: &Path,
    tests: &Path,
    negatives: Option<&Path>,
) -> Result<Work, DataErrors> {
    let (train, tests) = (reader.examples(train)?, reader.examples(tests)?);
    let negatives = negatives.map_or(Ok(Vec::new()), |path| reader.texts(path))?;
    let feeling = |one: &Example| parse_label(&one.intent);
    if train.iter().chain(&tests).all(|one| feeling(one).is_some()) {
        // Whatever they are called in the files, they are compared under one name.
        let named = |one: Example| {
            let name = feeling(&one).map_or("", |sentiment| sentiment.name());
            Example::new(name, one.text)
        };
        let named = |examples: Vec<Example>| examples.into_iter().map(named).collect();
        let (train, tests) = (named(train), named(tests));
        return Ok(Work::Sentiment(Labelled { train, tests, negatives }));
    }
    Ok(Work::Intents(Labelled { train, tests, negatives }))
}
