//! Dialogflow ES, as its console exports an agent: `intents/<name>.json` beside `intents/<name>_usersays_<language>.json`,
//! `entities/<name>.json` beside `entities/<name>_entries_<language>.json`; as a folder or as an archive.
//!
//! A part of a phrase with an alias is a slot of that name; what entity fills it stands in `meta`. What an intent answers,
//! its contexts and events are passed over. Dialogflow carries no roles, and no values other than the words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Exported;
use super::corpus::{At, Builder, Corpus, OutFile};
use super::markup::Utterance;
use super::source::InFile;

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: usize = 32 << 20;
/// The longest part of a file's name that comes from a name.
const STEM_BYTES_MAX: usize = 120;
/// The language in which words are written that have none.
const LANGUAGE_OTHERWISE: &str = "en";

#[derive(Deserialize)]
struct Phrase {
    data: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    text: String,
    #[serde(default)]
    alias: Option<String>,
    #[serde(default)]
    meta: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default, rename = "isRegexp")]
    is_regexp: bool,
}

#[derive(Deserialize)]
struct Entry {
    value: String,
    #[serde(default)]
    synonyms: Vec<String>,
}

/// Whether a path is that of a file of phrases.
pub(super) fn is_one(path: &Path) -> bool {
    parts(path, "_usersays_").is_some()
}

/// The name and the language of `<name><between><language>.json`.
fn parts<'a>(path: &'a Path, between: &str) -> Option<(&'a str, &'a str)> {
    let stem = path.file_name()?.to_str()?.strip_suffix(".json")?;
    let place = stem.rfind(between)?;
    Some((&stem[..place], &stem[place + between.len()..]))
}

pub(super) fn read(builder: &mut Builder, files: &[InFile]) {
    let mut names: BTreeMap<PathBuf, Named> = BTreeMap::new();
    for (path, bytes) in files {
        let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        let describes = parts(path, "_usersays_").or_else(|| parts(path, "_entries_")).is_none();
        if describes
            && matches!(folder, Some("intents" | "entities"))
            && let Some(named) = parse::<Named>(builder, path, bytes)
        {
            names.insert(path.clone(), named);
        }
    }
    for (path, bytes) in files {
        if let Some((stem, language)) = parts(path, "_usersays_") {
            let name = names.get(&path.with_file_name(format!("{stem}.json")));
            read_phrases(builder, path, bytes, name.map_or(stem, |one| &one.name), language);
        } else if let Some((stem, _)) = parts(path, "_entries_") {
            let named = names.get(&path.with_file_name(format!("{stem}.json")));
            read_entries(
                builder,
                path,
                bytes,
                named.map_or(stem, |one| &one.name),
                named.is_some_and(|one| one.is_regexp),
            );
        }
    }
}

fn parse<T: for<'a> Deserialize<'a>>(
    builder: &mut Builder,
    path: &Path,
    bytes: &[u8],
) -> Option<T> {
    let at = At::file(path);
    if bytes.len() > FILE_BYTES_MAX {
        builder.error(at, format!("has {} bytes: keep it under {FILE_BYTES_MAX}", bytes.len()));
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes)
        .map_err(|error| {
            builder.error(
                At::line(path, error.line().max(1)),
                format!("is not as Dialogflow exports it ({error}): export the agent again"),
            )
        })
        .ok()
}

fn read_phrases(builder: &mut Builder, path: &Path, bytes: &[u8], intent: &str, language: &str) {
    for phrase in parse::<Vec<Phrase>>(builder, path, bytes).unwrap_or_default() {
        let mut utterance = Utterance::default();
        for part in phrase.data {
            let entity = part.meta.as_deref().map(|meta| meta.trim_start_matches('@'));
            match part.alias.as_deref().or(entity).filter(|slot| !slot.is_empty()) {
                Some(slot) => {
                    utterance.push_slot(&part.text, slot.to_owned(), None, None);
                    if let (Some(entity), Some(span)) = (entity, utterance.slots.last()) {
                        builder.add_filler(At::file(path), &span.slot, entity);
                    }
                }
                None => utterance.push(&part.text),
            }
        }
        let utterance = utterance.finished();
        if utterance.text.is_empty() {
            builder
                .warn(At::file(path), format!("a phrase of {intent} is empty: it was passed over"));
        } else {
            builder.add(At::file(path), intent, language, utterance);
        }
    }
}

fn read_entries(builder: &mut Builder, path: &Path, bytes: &[u8], entity: &str, regexp: bool) {
    let at = At::file(path);
    for entry in parse::<Vec<Entry>>(builder, path, bytes).unwrap_or_default() {
        if regexp {
            builder.add_pattern(at, entity, &entry.value);
            continue;
        }
        builder.add_lookup(at, entity, &entry.value);
        for synonym in entry.synonyms.iter().filter(|one| **one != entry.value) {
            builder.add_synonym(at, &entry.value, synonym);
        }
    }
}

pub(super) fn write(corpus: &Corpus) -> Exported {
    let mut files = vec![
        pretty("agent.json", &json!({"language": LANGUAGE_OTHERWISE})),
        pretty("package.json", &json!({"version": "1.0.0"})),
    ];
    for (intent, languages) in &corpus.intents {
        let stem = file_stem(intent);
        files.push(pretty(&format!("intents/{stem}.json"), &json!({"name": intent, "auto": true, "contexts": [], "responses": [], "fallbackIntent": false, "events": []})));
        for (language, utterances) in languages {
            let phrases: Vec<Value> = utterances.iter().map(|one| phrase(corpus, one)).collect();
            let language = if language.is_empty() { LANGUAGE_OTHERWISE } else { language };
            files
                .push(pretty(&format!("intents/{stem}_usersays_{language}.json"), &phrases.into()));
        }
    }
    let language = corpus
        .utterances()
        .map(|(_, language, _)| language)
        .find(|one| !one.is_empty())
        .unwrap_or(LANGUAGE_OTHERWISE);
    for (entity, values) in &corpus.lookups {
        let entries = values.iter().map(|value| {
            let words = corpus.synonyms.get(value).into_iter().flatten();
            json!({"value": value, "synonyms": std::iter::once(value).chain(words).collect::<Vec<_>>()})
        });
        files.extend(entity_files(entity, language, false, entries.collect()));
    }
    for (entity, patterns) in
        corpus.patterns.iter().filter(|(entity, _)| !corpus.lookups.contains_key(*entity))
    {
        let entries =
            patterns.iter().map(|pattern| json!({"value": pattern, "synonyms": [pattern]}));
        files.extend(entity_files(entity, language, true, entries.collect()));
    }
    Exported { files, warnings: lost(corpus) }
}

fn entity_files(entity: &str, language: &str, regexp: bool, entries: Vec<Value>) -> [OutFile; 2] {
    let stem = file_stem(entity);
    [
        pretty(
            &format!("entities/{stem}.json"),
            &json!({"name": entity, "isOverridable": true, "isEnum": false, "isRegexp": regexp, "automatedExpansion": false}),
        ),
        pretty(&format!("entities/{stem}_entries_{language}.json"), &entries.into()),
    ]
}

fn phrase(corpus: &Corpus, utterance: &Utterance) -> Value {
    let (mut data, mut at) = (Vec::new(), 0);
    let plain = |text: Option<&str>| {
        text.filter(|text| !text.is_empty()).map(|text| json!({"text": text, "userDefined": false}))
    };
    for span in &utterance.slots {
        data.extend(plain(utterance.text.get(at..span.start)));
        let filler = corpus
            .fillers
            .get(&span.slot)
            .and_then(|entities| entities.first())
            .unwrap_or(&span.slot);
        data.push(json!({
            "text": utterance.text.get(span.start..span.end).unwrap_or_default(),
            "alias": span.slot,
            "meta": format!("@{filler}"),
            "userDefined": true,
        }));
        at = span.end;
    }
    data.extend(plain(utterance.text.get(at..)));
    json!({"data": data, "isTemplate": false, "count": 0, "updated": 0})
}

fn lost(corpus: &Corpus) -> Vec<String> {
    let slots = || corpus.utterances().flat_map(|(_, _, one)| &one.slots);
    let roles = slots().filter(|span| span.role.is_some() || span.value.is_some()).count();
    let values: std::collections::BTreeSet<&String> = corpus.lookups.values().flatten().collect();
    let words = corpus.synonyms.keys().filter(|value| !values.contains(value)).count();
    let both = corpus.patterns.keys().filter(|entity| corpus.lookups.contains_key(*entity)).count();
    let untold = corpus.utterances().filter(|(_, language, _)| language.is_empty()).count();
    [
        (roles, "slots have a role or a value, which Dialogflow does not carry"),
        (words, "values with synonyms belong to no lookup, without which Dialogflow does not carry them"),
        (both, "entities have patterns and values, of which Dialogflow carries the values only"),
        (untold, "examples tell no language and are written as English"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect()
}

fn pretty(path: &str, value: &Value) -> OutFile {
    (path.into(), serde_json::to_vec_pretty(value).expect("a value of JSON can always be written"))
}

/// A name as a file may have it; what is not plain becomes its number, so that different names stay different.
pub(super) fn file_stem(name: &str) -> String {
    let mut stem = String::new();
    for c in name.chars() {
        match c {
            c if c.is_alphanumeric() || matches!(c, '_' | '-' | ' ') => stem.push(c),
            c => stem += &format!("%{:x}", u32::from(c)),
        }
    }
    if stem.len() <= STEM_BYTES_MAX {
        return stem;
    }
    // File systems take about 250 bytes; a hash keeps what is cut off apart.
    let hash = hex::encode(&Sha256::digest(name)[..8]);
    let end = (0..=STEM_BYTES_MAX).rev().find(|end| stem.is_char_boundary(*end)).unwrap_or(0);
    format!("{}%{hash}", &stem[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent() -> Vec<InFile> {
        let files = [
            ("agent.json", r#"{"language":"en"}"#),
            ("intents/book.json", r#"{"name":"Book a flight","responses":[]}"#),
            (
                "intents/book_usersays_en.json",
                r#"[{"data":[{"text":"fly to "},{"text":"Paris ","alias":"to","meta":"@city"},{"text":"now"}],"isTemplate":false},{"data":[{"text":" "}]}]"#,
            ),
            (
                "intents/book_usersays_zh-cn.json",
                r#"[{"data":[{"text":"飞"},{"text":"巴黎","alias":"to","meta":"@city"}]}]"#,
            ),
            ("entities/city.json", r#"{"name":"city"}"#),
            (
                "entities/city_entries_en.json",
                r#"[{"value":"Paris","synonyms":["Paris","Lutetia"]}]"#,
            ),
        ];
        files.map(|(path, text)| (path.into(), text.as_bytes().to_vec())).to_vec()
    }

    fn read_files(files: &[InFile]) -> Result<(Corpus, usize), String> {
        let mut builder = Builder::new();
        read(&mut builder, files);
        let (corpus, warnings) =
            builder.finish(Path::new("agent")).map_err(|errors| errors.to_string())?;
        Ok((corpus, warnings.len()))
    }

    #[test]
    fn phrases_slots_and_entities_are_read() {
        let (corpus, warnings) = read_files(&agent()).unwrap();

        let marked: Vec<_> = corpus
            .utterances()
            .map(|(intent, language, one)| (intent, language, one.marked()))
            .collect();
        assert_eq!(
            marked,
            [
                ("Book a flight", "en", "fly to [Paris](to) now".into()),
                ("Book a flight", "zh-cn", "飞[巴黎](to)".into())
            ]
        );
        assert!(corpus.fillers["to"].contains("city") && corpus.lookups["city"].contains("Paris"));
        assert!(corpus.synonyms["Paris"].contains("Lutetia"));
        assert_eq!(warnings, 1, "the empty phrase");
    }

    #[test]
    fn writing_and_reading_gives_the_same() {
        let (corpus, _) = read_files(&agent()).unwrap();

        let written = write(&corpus);

        assert_eq!(read_files(&written.files).unwrap().0, corpus);
        assert!(written.warnings.is_empty(), "{:?}", written.warnings);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let mut files = agent();
        files[2].1 = b"[{\n\"data\": 5}]".to_vec();

        let error = read_files(&files).unwrap_err();

        assert!(
            error.starts_with("intents/book_usersays_en.json:2: is not as Dialogflow exports it"),
            "{error}"
        );
    }
}
