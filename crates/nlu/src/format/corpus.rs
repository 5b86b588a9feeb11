//! What all forms of training sets have in common, whoever's they are.
//!
//! It knows no file: an importer fills it through a [`Builder`], which refuses what no form may carry; an exporter reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::markup::Utterance;
use crate::data::{BotData, EXAMPLE_CHARS_MAX};
use crate::data_error::{DataError, DataErrors};
use crate::text::Language;
use crate::training_set::{EXAMPLES_MAX, Example, INTENTS_MAX, TrainingSet};

/// The most words, values and patterns together.
const WORDS_MAX: usize = 1_000_000;
/// The most warnings that are listed.
const WARNINGS_MAX: usize = 100;
/// How many lines ahead a part of a file is looked for.
const LINES_AHEAD_MAX: usize = 1_000;
/// The longest name of an intent, in characters.
const NAME_CHARS_MAX: usize = 200;

/// Holds a training set: what people say, by intent and language, and the words that help to find slots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corpus {
    /// The examples of each intent, by language code; the code is empty where a form tells no language.
    pub intents: BTreeMap<String, BTreeMap<String, Vec<Utterance>>>,
    /// For a value, the other words for it.
    pub synonyms: BTreeMap<String, BTreeSet<String>>,
    /// For an entity, the values that it may take.
    pub lookups: BTreeMap<String, BTreeSet<String>>,
    /// For an entity, the regular expressions that it may match.
    pub patterns: BTreeMap<String, BTreeSet<String>>,
    /// For a slot, the entities that may fill it, if they are named otherwise than it.
    pub fillers: BTreeMap<String, BTreeSet<String>>,
}

impl Corpus {
    /// Collects a bot's examples; its titles are left out, because they are buttons first.
    #[must_use]
    pub fn from_bot(data: &BotData) -> Self {
        let mut corpus = Self::default();
        for one in &data.intents {
            let languages = corpus.intents.entry(one.intent.clone()).or_default();
            let utterances = languages.entry(one.language.code().to_owned()).or_default();
            utterances.extend(one.utterances.iter().cloned());
        }
        corpus
    }

    /// Returns how many examples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.utterances().count()
    }

    /// Returns whether there is no example.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Goes through all examples: intent, language code, utterance.
    pub fn utterances(&self) -> impl Iterator<Item = (&str, &str, &Utterance)> {
        self.intents.iter().flat_map(|(intent, languages)| {
            languages.iter().flat_map(move |(language, utterances)| {
                utterances.iter().map(move |one| (intent.as_str(), language.as_str(), one))
            })
        })
    }

    /// Returns the examples without slots, in all languages or in one.
    #[must_use]
    pub fn examples(&self, language: Option<&str>) -> Vec<Example> {
        self.utterances()
            .filter(|(_, code, _)| language.is_none_or(|language| language == *code))
            .map(|(intent, _, utterance)| Example::new(intent, &utterance.text))
            .collect()
    }

    /// Returns what a model is trained on.
    #[must_use]
    pub fn training_set(&self) -> TrainingSet {
        TrainingSet::new(self.examples(None))
    }

    /// Returns the examples in each language that Attune speaks. Where no language is told it is found by script, and
    /// what is in neither script counts as `otherwise`; examples told to be in another language are left out.
    #[must_use]
    pub fn by_language(&self, otherwise: Language) -> BTreeMap<(String, Language), Vec<Utterance>> {
        let mut sorted: BTreeMap<(String, Language), Vec<Utterance>> = BTreeMap::new();
        for (intent, code, utterance) in self.utterances() {
            let language = match code.split(['-', '_']).next().unwrap_or_default() {
                "" => Some(crate::text::language(&utterance.text).unwrap_or(otherwise)),
                code => Language::from_code(&code.to_ascii_lowercase()),
            };
            if let Some(language) = language {
                sorted.entry((intent.to_owned(), language)).or_default().push(utterance.clone());
            }
        }
        sorted
    }
}

/// Brings the name of an intent from elsewhere into one that Attune's files may have: lower-case letters, digits and `_`.
///
/// A name without any Latin letter or digit becomes a hash of it, so that different names stay different.
#[must_use]
pub fn intent_name(foreign: &str) -> String {
    let mut name = String::new();
    for c in crate::text::normalise(foreign).chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    if foreign.chars().any(|c| c.is_alphanumeric() && !c.is_ascii()) || name.is_empty() {
        let hash = foreign.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let separator = if name.is_empty() { "intent_" } else { "_" };
        return format!("{name}{separator}{:08x}", hash as u32);
    }
    name.to_owned()
}

/// Fills a corpus, and collects what is wrong (so that nothing comes of it) and what was passed over.
pub(super) struct Builder {
    pub(super) corpus: Corpus,
    pub(super) errors: DataErrors,
    pub(super) warnings: Vec<DataError>,
    examples: usize,
    words: usize,
}

/// A place in a file.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) file: &'a Path,
    pub(super) line: Option<usize>,
}

impl<'a> At<'a> {
    pub(super) fn file(file: &'a Path) -> Self {
        Self { file, line: None }
    }

    pub(super) fn line(file: &'a Path, line: usize) -> Self {
        Self { file, line: Some(line) }
    }

    fn error(self, problem: impl Into<String>) -> DataError {
        DataError { file: self.file.to_owned(), line: self.line, problem: problem.into() }
    }
}

impl Builder {
    pub(super) fn new() -> Self {
        let (corpus, errors, warnings) = (Corpus::default(), DataErrors::default(), Vec::new());
        Self { corpus, errors, warnings, examples: 0, words: 0 }
    }

    pub(super) fn error(&mut self, at: At<'_>, problem: impl Into<String>) {
        self.errors.push(at.error(problem));
    }

    pub(super) fn warn(&mut self, at: At<'_>, problem: impl Into<String>) {
        if self.warnings.len() < WARNINGS_MAX {
            self.warnings.push(at.error(problem));
        }
    }

    /// Adds an example, unless it is one that no form may carry.
    pub(super) fn add(&mut self, at: At<'_>, intent: &str, language: &str, utterance: Utterance) {
        let (intent, characters) = (intent.trim(), utterance.text.chars().count());
        if intent.is_empty()
            || intent.chars().count() > NAME_CHARS_MAX
            || intent.contains(char::is_control)
        {
            return self.error(at, format!("the intent's name is empty, longer than {NAME_CHARS_MAX} characters, or has control characters: correct it"));
        }
        if utterance.text.is_empty() {
            return self
                .error(at, format!("an example of {intent} is empty: remove it or fill it"));
        }
        if characters > EXAMPLE_CHARS_MAX {
            return self.error(at, format!("an example of {intent} has {characters} characters: the most is {EXAMPLE_CHARS_MAX}, shorten or remove it"));
        }
        self.examples += 1;
        if self.examples > EXAMPLES_MAX {
            if self.examples == EXAMPLES_MAX + 1 {
                self.error(
                    at,
                    format!("there are more than {EXAMPLES_MAX} examples: import a part of them"),
                );
            }
            return;
        }
        if !self.corpus.intents.contains_key(intent) && self.corpus.intents.len() == INTENTS_MAX {
            return self
                .error(at, format!("{intent} is one intent too many: the most is {INTENTS_MAX}"));
        }
        let languages = self.corpus.intents.entry(intent.to_owned()).or_default();
        languages.entry(language.to_owned()).or_default().push(utterance);
    }

    pub(super) fn add_synonym(&mut self, at: At<'_>, value: &str, word: &str) {
        self.add_word(at, value, word, |corpus| &mut corpus.synonyms);
    }

    pub(super) fn add_lookup(&mut self, at: At<'_>, entity: &str, value: &str) {
        self.add_word(at, entity, value, |corpus| &mut corpus.lookups);
    }

    pub(super) fn add_pattern(&mut self, at: At<'_>, entity: &str, pattern: &str) {
        self.add_word(at, entity, pattern, |corpus| &mut corpus.patterns);
    }

    /// Says that an entity fills a slot; one that is named alike goes without saying.
    pub(super) fn add_filler(&mut self, at: At<'_>, slot: &str, entity: &str) {
        if slot != entity {
            self.add_word(at, slot, entity, |corpus| &mut corpus.fillers);
        }
    }

    fn add_word(
        &mut self,
        at: At<'_>,
        key: &str,
        word: &str,
        of: impl Fn(&mut Corpus) -> &mut BTreeMap<String, BTreeSet<String>>,
    ) {
        let (key, word) = (Utterance::plain(key).text, Utterance::plain(word).text);
        if key.is_empty() || word.is_empty() {
            return self.warn(at, "a word or its name is empty: it was passed over");
        }
        self.words += 1;
        if self.words > WORDS_MAX {
            if self.words == WORDS_MAX + 1 {
                self.error(
                    at,
                    format!(
                        "there are more than {WORDS_MAX} synonyms and values: import a part of them"
                    ),
                );
            }
            return;
        }
        of(&mut self.corpus).entry(key).or_default().insert(word);
    }

    /// Gives the corpus if nothing was wrong and there is something in it.
    pub(super) fn finish(mut self, place: &Path) -> Result<(Corpus, Vec<DataError>), DataErrors> {
        if self.errors.all().is_empty() && self.corpus.intents.is_empty() {
            self.errors
                .push(At::file(place).error("holds no example: look whether it is the right file"));
        }
        self.errors.or((self.corpus, self.warnings))
    }
}

/// Follows a reader that tells no lines through a text, so that messages can name them.
pub(super) struct Lines<'a> {
    lines: Vec<&'a str>,
    /// The place of the line that was found last.
    at: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { lines: text.lines().collect(), at: 0 }
    }

    /// Goes on to the next line that has a part in it, if there is one not far away, and returns its number from 1.
    pub(super) fn seek(&mut self, part: &str) -> usize {
        let part = part.lines().next().unwrap_or_default().trim();
        let ahead = self.lines.iter().skip(self.at).take(LINES_AHEAD_MAX);
        if let Some(distance) = ahead.into_iter().position(|line| line.contains(part)) {
            self.at += distance;
        }
        self.at + 1
    }

    /// Returns the number of the first line that begins with a part.
    pub(super) fn first(&self, part: &str) -> Option<usize> {
        self.lines.iter().position(|line| line.starts_with(part)).map(|place| place + 1)
    }
}

/// A file that an exporter made, relative to where it is put.
pub(super) type OutFile = (PathBuf, Vec<u8>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_names_become_our_own() {
        assert_eq!(intent_name("Default Welcome Intent"), "default_welcome_intent");
        assert_eq!(intent_name("rover-pictures"), "rover_pictures");
        assert_eq!(intent_name("faq/ask_name"), "faq_ask_name");
        assert_ne!(intent_name("退款"), intent_name("退货"));
        assert!(intent_name("退款").starts_with("intent_"));
        assert!(
            intent_name("")
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        );
    }

    #[test]
    fn languages_are_told_or_found() {
        let mut corpus = Corpus::default();
        let languages = corpus.intents.entry("refund".into()).or_default();
        languages.insert("".into(), vec![Utterance::plain("退款"), Utterance::plain("refund")]);
        languages.insert("zh-CN".into(), vec![Utterance::plain("refund 一下")]);
        languages.insert("ja".into(), vec![Utterance::plain("返金")]);

        let sorted = corpus.by_language(Language::En);

        let of = |language| sorted[&("refund".to_owned(), language)].len();
        assert_eq!((of(Language::Zh), of(Language::En)), (2, 1));
    }
}
