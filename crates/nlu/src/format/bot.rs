//! Attune's own files made of a training set from elsewhere: `intents/<intent>.<language>.yml`.
//!
//! What a bot answers is in no training set. Until somebody writes it, each intent says so and hands over to a person, which
//! is never wrong. Synonyms, lookups and patterns have no place in a bot's folder and are left out, with a warning.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::corpus::{Corpus, intent_name};
use super::{Exported, Utterance};
use crate::data::FILES_MAX;
use crate::data_error::{DataError, DataErrors};
use crate::edit::{NewIntent, new_intent_file};
use crate::text::Language;

/// A button shows so many characters at most; a title is taken from an example that is as short.
const TITLE_CHARS_MAX: usize = 40;
/// The most names that a warning lists.
const NAMES_MAX: usize = 10;

/// Writes the files of a bot's intents. Examples that tell no language are in the one of their script, or in `otherwise`.
///
/// # Errors
/// If there is no example in a language that Attune speaks, there would be too many files, or a file cannot be written.
pub fn bot_files(corpus: &Corpus, otherwise: Language) -> Result<Exported, DataErrors> {
    let mut intents: BTreeMap<(String, Language), Vec<Utterance>> = BTreeMap::new();
    let mut renamed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ((foreign, language), utterances) in corpus.by_language(otherwise) {
        let name = intent_name(&foreign);
        renamed.entry(name.clone()).or_default().insert(foreign);
        intents.entry((name, language)).or_default().extend(utterances);
    }
    let place = Path::new("intents");
    if intents.is_empty() {
        let problem = "would be empty: there is no example in Chinese or English".to_owned();
        return Err(DataError::of(place, problem).into());
    }
    if intents.len() > FILES_MAX {
        let problem = format!("would hold {} files: the most is {FILES_MAX}", intents.len());
        return Err(DataError::of(place, problem).into());
    }
    let kept: usize = intents.values().map(Vec::len).sum();
    let (mut files, mut errors) = (Vec::new(), DataErrors::default());
    for ((name, language), mut utterances) in intents {
        let mut seen = BTreeSet::new();
        utterances.retain(|one| seen.insert(one.clone()));
        let path = PathBuf::from(format!("intents/{name}.{language}.yml"));
        match new_intent_file(&draft(name, language, &utterances)) {
            Ok(text) => files.push((path, text.into_bytes())),
            Err(error) => errors.push(DataError::of(&path, format!("cannot be written: {error}"))),
        }
    }
    errors.or(Exported { files, warnings: warnings(corpus, kept, &renamed) })
}

/// An intent that is understood, and answered by a person.
fn draft(intent: String, language: Language, utterances: &[Utterance]) -> NewIntent {
    let title = utterances.iter().map(|one| &one.text).min_by_key(|text| text.chars().count());
    let title: String =
        title.map_or(intent.as_str(), String::as_str).chars().take(TITLE_CHARS_MAX).collect();
    let examples = utterances.iter().map(Utterance::marked).collect();
    NewIntent::passed_on(intent, language, title.trim().to_owned(), examples)
}

/// What the files do not hold, or hold under another name.
fn warnings(
    corpus: &Corpus,
    kept: usize,
    renamed: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let mut warnings = Vec::new();
    let foreign = corpus.len() - kept;
    if foreign > 0 {
        warnings
            .push(format!("{foreign} examples are in languages other than Chinese and English"));
    }
    for (words, kind) in [
        (&corpus.synonyms, "synonyms"),
        (&corpus.lookups, "lists of values"),
        (&corpus.patterns, "patterns"),
    ] {
        let count: usize = words.values().map(BTreeSet::len).sum();
        if count > 0 {
            warnings
                .push(format!("{count} {kind} have no place in a bot's folder and are left out"));
        }
    }
    let others: Vec<String> = renamed
        .iter()
        .flat_map(|(own, foreign)| foreign.iter().map(move |one| (one, own)))
        .filter(|(foreign, own)| foreign != own)
        .map(|(foreign, own)| format!("{foreign} → {own}"))
        .collect();
    if !others.is_empty() {
        let more = others.len().saturating_sub(NAMES_MAX);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let shown = others[..others.len().min(NAMES_MAX)].join(", ");
        warnings.push(format!("intents have other names here: {shown}{more}"));
    }
    for (own, foreign) in renamed.iter().filter(|(_, foreign)| foreign.len() > 1) {
        let foreign: Vec<&str> = foreign.iter().map(String::as_str).collect();
        warnings.push(format!("{} became one intent, {own}", foreign.join(" and ")));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Action, BotData};

    fn corpus(examples: &[(&str, &str, &str)]) -> Corpus {
        let mut corpus = Corpus::default();
        for (intent, language, text) in examples {
            let languages = corpus.intents.entry((*intent).to_owned()).or_default();
            languages.entry((*language).to_owned()).or_default().push(Utterance::parse(text));
        }
        corpus
    }

    #[test]
    fn a_bot_reads_what_was_written_and_hands_over() {
        let corpus = corpus(&[
            ("Ask Refund", "", "退[那双鞋](product)：\"急\""),
            ("Ask Refund", "", "退款"),
            ("Ask Refund", "", "退款"),
            ("Ask Refund", "en", "- refund: #1 please"),
        ]);

        let written = bot_files(&corpus, Language::En).unwrap();
        let data = BotData::read_files(written.files).unwrap();

        let [zh, en] = &data.intents[..] else { panic!("{data:?}") };
        assert_eq!((&*zh.intent, &*zh.title), ("ask_refund", "退款"));
        assert_eq!(zh.examples, ["退那双鞋：\"急\"", "退款"], "the same once");
        assert_eq!(zh.utterances[0].slots[0].slot, "product");
        assert_eq!(en.examples, ["- refund: #1 please"]);
        assert!(data.intents.iter().all(|one| one.action == Some(Action::Handoff)));
    }

    #[test]
    fn what_is_left_out_or_renamed_is_told() {
        let mut corpus = corpus(&[
            ("a b", "", "refund"),
            ("a-b", "", "give back"),
            ("a-b", "ja", "返金"),
            ("same", "", "hello"),
        ]);
        corpus.synonyms.insert("x".into(), ["y".to_owned(), "z".to_owned()].into());

        let warnings = bot_files(&corpus, Language::En).unwrap().warnings.join("\n");

        for part in [
            "1 examples are in languages other than",
            "2 synonyms have no place",
            "a b → a_b, a-b → a_b",
            "a b and a-b became one intent, a_b",
        ] {
            assert!(warnings.contains(part), "{part}: {warnings}");
        }
        assert!(!warnings.contains("same"), "{warnings}");
    }

    #[test]
    fn nothing_in_our_languages_is_refused() {
        let error = bot_files(&corpus(&[("a", "ja", "返金")]), Language::En).unwrap_err();

        assert!(error.to_string().contains("no example in Chinese or English"), "{error}");
    }
}
