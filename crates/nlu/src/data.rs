//! A bot's folder of plain files: its intents and its tests, read with errors that say where and what to do.
//!
//! The other files of the folder (`bot.yml` and the like) belong to other crates and are passed over. The files may
//! also come from memory, because the binary carries the demo company inside itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::data_error::{DataError, DataErrors};
use crate::format::markup::Utterance;
use crate::text::Language;
use crate::training_set::{Example, TrainingSet, parse_tsv};

/// The most files that a bot's folder may have.
pub const FILES_MAX: usize = 10_000;
/// The largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 8 << 20;
/// The most characters of an example.
pub const EXAMPLE_CHARS_MAX: usize = 1_000;

/// Holds what a bot knows of one intent in one language: the content of `intents/<intent>.<language>.yml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Intent {
    /// The file that it was read from, relative to the bot's folder.
    pub file: PathBuf,
    /// The language of the file.
    pub language: Language,
    /// The name of the intent, alike in all languages.
    pub intent: String,
    /// What a quick reply for this intent shows.
    pub title: String,
    /// What people say who have this intent, as plain text.
    pub examples: Vec<String>,
    /// The same with the slots that are marked in it (see [`crate::format`]).
    pub utterances: Vec<Utterance>,
    /// What the bot answers, in Markdown.
    pub answer: String,
    /// The intents that are offered below the answer.
    pub quick_replies: Vec<String>,
    /// What the bot does besides answering.
    pub action: Option<Action>,
}

/// Names something that a bot does besides answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Hands the conversation to a person.
    Handoff,
}

/// Holds the intents and the tests of a bot's folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BotData {
    /// The intents, sorted by name, then by language.
    pub intents: Vec<Intent>,
    /// The held-out utterances of `test.<language>.tsv`.
    pub tests: BTreeMap<Language, Vec<Example>>,
}

impl BotData {
    /// Reads a bot's folder.
    ///
    /// # Errors
    /// Everything that is wrong with it, by file and line.
    pub fn read_folder(folder: &Path) -> Result<Self, DataErrors> {
        let mut files = Vec::new();
        let mut errors = DataErrors::default();
        for part in ["intents", "."] {
            let listed = list(&folder.join(part)).unwrap_or_else(|error| {
                let problem = format!(
                    "cannot be listed ({error}): give the folder of a bot, with `intents` in it"
                );
                errors.push(DataError::of(&folder.join(part), problem));
                Vec::new()
            });
            for path in listed {
                let relative = path.strip_prefix(folder).unwrap_or(&path).to_owned();
                if kind_of(&relative) == Kind::Foreign {
                    continue;
                }
                match read_file(&path) {
                    Ok(bytes) => files.push((relative, bytes)),
                    Err(problem) => errors.push(DataError::of(&path, problem)),
                }
            }
        }
        errors.or(())?;
        Self::read_files(files)
    }

    /// Reads the files of a bot's folder from memory; their paths are relative to that folder.
    ///
    /// # Errors
    /// Everything that is wrong with them, by file and line.
    pub fn read_files<P: AsRef<Path>, B: AsRef<[u8]>>(
        files: impl IntoIterator<Item = (P, B)>,
    ) -> Result<Self, DataErrors> {
        let mut data = Self::default();
        let mut errors = DataErrors::default();
        for (count, (path, bytes)) in files.into_iter().enumerate() {
            let (path, bytes) = (path.as_ref(), bytes.as_ref());
            if count >= FILES_MAX {
                errors.push(DataError::of(
                    path,
                    format!("is one file too many: the most is {FILES_MAX}"),
                ));
                break;
            }
            let read = match kind_of(path) {
                Kind::Foreign => Ok(()),
                Kind::Misnamed => Err(DataError::of(
                    path,
                    "has no name of the form <intent>.zh.yml or <intent>.en.yml: rename it"
                        .to_owned(),
                )
                .into()),
                Kind::Tests(language) => parse_tsv(path, bytes).map(|tests| {
                    data.tests.insert(language, tests);
                }),
                Kind::Intent(name, language) => parse_intent(path, bytes, &name, language)
                    .map(|intent| data.intents.push(intent)),
            };
            errors.extend(read.err());
        }
        if data.intents.is_empty() && errors.all().is_empty() {
            errors.push(DataError::of(
                Path::new("intents"),
                "holds no intent: add files such as intents/greeting.en.yml".to_owned(),
            ));
        }
        data.intents.sort_by(|a, b| (&a.intent, a.language).cmp(&(&b.intent, b.language)));
        errors.or(data)
    }

    /// Collects the examples of all intents in all languages; a title is an example too.
    #[must_use]
    pub fn training_set(&self) -> TrainingSet {
        let examples = self.intents.iter().flat_map(|one| {
            let texts = one.examples.iter().chain(std::iter::once(&one.title));
            texts.map(|text| Example::new(&one.intent, text))
        });
        TrainingSet::new(examples.collect())
    }

    /// Returns the held-out utterances of a language.
    #[must_use]
    pub fn tests(&self, language: Language) -> &[Example] {
        self.tests.get(&language).map_or(&[], Vec::as_slice)
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Intent(String, Language),
    Tests(Language),
    /// Lies among the intents but is not named like one.
    Misnamed,
    /// Not ours to read.
    Foreign,
}

fn kind_of(path: &Path) -> Kind {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let folder = path.parent().and_then(|parent| parent.file_name()).and_then(|name| name.to_str());
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    match folder {
        Some("intents") if is_yaml && !name.starts_with('.') => {
            let stem = name.trim_end_matches(".yaml").trim_end_matches(".yml");
            let parts = stem
                .rsplit_once('.')
                .and_then(|(name, code)| Some((name, Language::from_code(code)?)));
            parts.map_or(Kind::Misnamed, |(name, language)| Kind::Intent(name.to_owned(), language))
        }
        _ => {
            let code = name.strip_prefix("test.").and_then(|rest| rest.strip_suffix(".tsv"));
            code.and_then(Language::from_code).map_or(Kind::Foreign, Kind::Tests)
        }
    }
}

/// An intent's file as it is written.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntentFile {
    pub(crate) intent: String,
    pub(crate) title: String,
    pub(crate) examples: Vec<String>,
    pub(crate) answer: String,
    #[serde(default)]
    pub(crate) quick_replies: Vec<String>,
    #[serde(default)]
    pub(crate) action: Option<Action>,
}

impl IntentFile {
    /// Reads what is written, without judging it; an error comes with its line.
    pub(crate) fn read(text: &str) -> Result<Self, (Option<usize>, String)> {
        serde_norway::from_str(text).map_err(|error| {
            let line = error.location().map(|location| location.line());
            (line, remedy(&error.to_string()))
        })
    }
}

fn parse_intent(
    path: &Path,
    bytes: &[u8],
    name: &str,
    language: Language,
) -> Result<Intent, DataErrors> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| DataError::of(path, "is not UTF-8: save it as UTF-8".to_owned()))?;
    let file = IntentFile::read(text).map_err(|(line, problem)| DataError {
        file: path.to_owned(),
        line,
        problem,
    })?;
    let mut errors = DataErrors::default();
    let line_of =
        |part: &str| text.lines().position(|line| line.contains(part)).map(|line| line + 1);
    let mut check = |bad: bool, at: &str, problem: String| {
        if bad {
            errors.push(DataError { file: path.to_owned(), line: line_of(at), problem });
        }
    };
    let named =
        format!("intent is `{}`, the file is named after `{name}`: make them equal", file.intent);
    check(file.intent != name, "intent:", named);
    check(
        !is_intent_name(name),
        "intent:",
        format!("`{name}` is no name: use lower-case letters, digits and _"),
    );
    check(
        file.title.trim().is_empty(),
        "title:",
        "the title is empty: write what a button shows".to_owned(),
    );
    check(
        file.answer.trim().is_empty(),
        "answer:",
        "the answer is empty: write what the bot says".to_owned(),
    );
    check(
        file.examples.is_empty(),
        "examples:",
        "there are no examples: write at least 5".to_owned(),
    );
    for example in &file.examples {
        let characters = example.chars().count();
        check(
            example.trim().is_empty(),
            "examples:",
            "an example is empty: remove it or fill it".to_owned(),
        );
        let long =
            format!("an example has {characters} characters: the most is {EXAMPLE_CHARS_MAX}");
        check(characters > EXAMPLE_CHARS_MAX, example.lines().next().unwrap_or("examples:"), long);
    }
    let IntentFile { intent, title, examples, answer, quick_replies, action } = file;
    let file = path.to_owned();
    let utterances: Vec<Utterance> = examples.iter().map(|one| Utterance::parse(one)).collect();
    let examples = utterances.iter().map(|one| one.text.clone()).collect();
    errors.or(Intent {
        file,
        language,
        intent,
        title,
        examples,
        utterances,
        answer,
        quick_replies,
        action,
    })
}

/// Tells whether Attune's files may name an intent so.
pub(crate) fn is_intent_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty() && name.chars().all(plain)
}

/// Adds to what the YAML reader says what a writer of intents can do about it.
fn remedy(problem: &str) -> String {
    let known = [
        ("expected a string", "put the value into quotes"),
        ("unknown field", "remove it or correct its name"),
        ("missing field", "add it"),
        ("mapping values are not allowed", "put a text that contains `: ` into quotes"),
    ];
    let found = known.iter().find(|(sign, _)| problem.contains(sign));
    let advice = found.map_or("see the other files for the form", |(_, advice)| advice);
    format!("{problem}: {advice}")
}

fn list(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)?.take(FILES_MAX + 1) {
        let entry = entry?;
        if entry.path().is_file() {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let bytes = fs::metadata(path)
        .map(|metadata| metadata.len())
        .map_err(|error| format!("cannot be read: {error}"))?;
    if bytes > FILE_BYTES_MAX {
        return Err(format!("has {bytes} bytes: keep it under {FILE_BYTES_MAX}, or split it"));
    }
    fs::read(path).map_err(|error| format!("cannot be read: {error}"))
}
