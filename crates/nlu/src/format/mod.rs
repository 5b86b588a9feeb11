//! Training sets in the forms of others: TSV, CSV, JSONL, Rasa, Dialogflow ES, Botpress; and in Attune's own.
//!
//! All of them become a [`Corpus`] and are made of one. What a form cannot carry is told by [`Exported::warnings`], what was
//! passed over by [`Imported::warnings`]; nothing is lost silently. An importer reads what it is given and no other file.

mod bot;
mod botpress;
mod corpus;
mod dialogflow;
mod jsonl;
pub(crate) mod markup;
mod rasa;
mod source;
mod table;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use bot::bot_files;
pub use corpus::{Corpus, intent_name};
pub use markup::{SlotSpan, Utterance};
pub use source::{SOURCE_BYTES_MAX, SOURCE_FILES_MAX, pack};

use crate::data::BotData;
use crate::data_error::{DataError, DataErrors};
use corpus::Builder;
use source::InFile;

/// Names a form in which training sets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `intent<TAB>text`, without a header.
    Tsv,
    /// A table with a header: `intent,text[,language]`.
    Csv,
    /// One object a line.
    Jsonl,
    /// Rasa's `nlu.yml`.
    Rasa,
    /// The export of a Dialogflow ES agent.
    Dialogflow,
    /// The intents of a Botpress bot.
    Botpress,
    /// A bot's folder of Attune, with `intents` in it.
    Attune,
}

/// Says how a training set is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportOptions {
    /// The form; found out if it is not given.
    pub format: Option<Format>,
    /// The language code of examples that tell none.
    pub language: Option<String>,
}

/// Holds a training set that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What was read.
    pub corpus: Corpus,
    /// The form it had.
    pub format: Format,
    /// What was passed over.
    pub warnings: Vec<DataError>,
}

/// Holds a training set as files, relative to where they are put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The files with their content.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// What the form does not carry.
    pub warnings: Vec<String>,
}

impl Format {
    /// Every form.
    pub const ALL: [Format; 7] = [
        Format::Tsv,
        Format::Csv,
        Format::Jsonl,
        Format::Rasa,
        Format::Dialogflow,
        Format::Botpress,
        Format::Attune,
    ];

    /// Returns the name that stands in commands and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tsv => "tsv",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Rasa => "rasa",
            Self::Dialogflow => "dialogflow",
            Self::Botpress => "botpress",
            Self::Attune => "attune",
        }
    }

    /// Finds the form of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Finds out the form of files by their names and contents.
    fn detect(files: &[InFile]) -> Option<Self> {
        let any =
            |test: fn(&Path, &[u8]) -> bool| files.iter().any(|(path, bytes)| test(path, bytes));
        let has_extension = |path: &Path, known: &[&str]| {
            path.extension()
                .and_then(|one| one.to_str())
                .is_some_and(|one| known.iter().any(|known| one.eq_ignore_ascii_case(known)))
        };
        if any(|path, _| dialogflow::is_one(path)) {
            return Some(Self::Dialogflow);
        }
        if any(botpress::is_one) {
            return Some(Self::Botpress);
        }
        let yaml: Vec<&InFile> =
            files.iter().filter(|(path, _)| has_extension(path, &["yml", "yaml"])).collect();
        if yaml.iter().any(|(_, bytes)| rasa::is_one(bytes)) {
            return Some(Self::Rasa);
        }
        if yaml
            .iter()
            .any(|(path, _)| path.parent().is_some_and(|folder| folder.ends_with("intents")))
        {
            return Some(Self::Attune);
        }
        let table = files
            .iter()
            .find(|(path, _)| has_extension(path, &["csv", "tsv", "jsonl", "txt", ""]))
            .or(files.first())?;
        Self::of_table(&table.0, &table.1)
    }

    fn of_table(path: &Path, bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let first =
            bytes.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty())?;
        let extension =
            path.extension().and_then(|one| one.to_str()).unwrap_or_default().to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::Jsonl),
            _ if first.trim_ascii_start().starts_with(b"{") => Some(Self::Jsonl),
            _ if table::has_header(bytes) => Some(Self::Csv),
            _ if extension == "tsv" || first.contains(&b'\t') => Some(Self::Tsv),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads a training set from a file, a folder, or a zip or tar.gz archive.
///
/// # Errors
/// Everything that is wrong with it, by file and line.
pub fn import_path(path: &Path, options: &ImportOptions) -> Result<Imported, DataErrors> {
    import(source::read(path)?, path, options)
}

/// Reads a training set from memory; the paths are relative to the folder that was, or is, theirs. A single file may be an
/// archive.
///
/// # Errors
/// Everything that is wrong with it, by file and line.
pub fn import_files(
    files: Vec<(PathBuf, Vec<u8>)>,
    options: &ImportOptions,
) -> Result<Imported, DataErrors> {
    import(files, Path::new("the training set"), options)
}

fn import(
    files: Vec<InFile>,
    place: &Path,
    options: &ImportOptions,
) -> Result<Imported, DataErrors> {
    let files = source::unpacked(files)?;
    let format = options.format.or_else(|| Format::detect(&files)).ok_or_else(|| {
        let names = Format::ALL.map(Format::name).join(", ");
        DataError::of(place, format!("has a form that was not recognised: name it, one of {names}"))
    })?;
    let language = options.language.as_deref().unwrap_or_default();
    if format == Format::Attune {
        let corpus = Corpus::from_bot(&BotData::read_files(files)?);
        return Ok(Imported { corpus, format, warnings: Vec::new() });
    }
    let mut builder = Builder::new();
    match format {
        Format::Dialogflow => dialogflow::read(&mut builder, &files),
        Format::Botpress => botpress::read(&mut builder, &files),
        _ => {
            for (path, bytes) in
                files.iter().filter(|(path, bytes)| is_of(format, path, bytes, files.len()))
            {
                match format {
                    Format::Tsv => table::read_tsv(&mut builder, path, bytes, language),
                    Format::Csv => table::read_csv(&mut builder, path, bytes, language),
                    Format::Jsonl => jsonl::read(&mut builder, path, bytes, language),
                    _ => rasa::read(&mut builder, path, bytes, language),
                }
            }
        }
    }
    let (corpus, warnings) = builder.finish(place)?;
    Ok(Imported { corpus, format, warnings })
}

/// Whether a file among many is of a form; a single one was meant, whatever it is called.
fn is_of(format: Format, path: &Path, bytes: &[u8], files: usize) -> bool {
    let extension =
        path.extension().and_then(|one| one.to_str()).unwrap_or_default().to_ascii_lowercase();
    files == 1
        || match format {
            Format::Rasa => matches!(extension.as_str(), "yml" | "yaml") && rasa::is_one(bytes),
            other => extension == other.name(),
        }
}

/// Writes a training set in a form of others.
///
/// Attune's own files also hold what a bot answers, so [`bot_files`] makes them; with [`Format::Attune`] the examples are
/// written as JSONL.
#[must_use]
pub fn export(corpus: &Corpus, format: Format) -> Exported {
    match format {
        Format::Tsv => table::write_tsv(corpus),
        Format::Csv => table::write_csv(corpus),
        Format::Rasa => rasa::write(corpus),
        Format::Dialogflow => dialogflow::write(corpus),
        Format::Botpress => botpress::write(corpus),
        Format::Jsonl | Format::Attune => jsonl::write(corpus),
    }
}

#[cfg(test)]
mod tests;
