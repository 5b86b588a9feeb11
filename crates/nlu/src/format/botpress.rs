//! Botpress: intents as JSON with `utterances` by language and `slots`, one a file, as a list, or below `intents` beside
//! `entities`; as its folder or as one file.
//!
//! Slots are marked `[words](slot)`. Contexts are passed over. Botpress carries no roles, no values other than the words, and
//! no way to write what looks like a mark but is none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Exported;
use super::corpus::{At, Builder, Corpus, OutFile};
use super::dialogflow::file_stem;
use super::markup::Utterance;
use super::source::InFile;

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: usize = 32 << 20;

#[derive(Deserialize)]
struct Intent {
    name: String,
    utterances: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    slots: Vec<SlotOfIntent>,
}

#[derive(Deserialize)]
struct SlotOfIntent {
    name: String,
    #[serde(default)]
    entities: Vec<String>,
}

#[derive(Deserialize)]
struct Entity {
    name: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    occurrences: Vec<Occurrence>,
    #[serde(default)]
    pattern: Option<String>,
}

#[derive(Deserialize)]
struct Occurrence {
    name: String,
    #[serde(default)]
    synonyms: Vec<String>,
}

/// Whether a file has an intent as Botpress writes them.
pub(super) fn is_one(path: &Path, bytes: &[u8]) -> bool {
    let json = path.extension().is_some_and(|one| one.eq_ignore_ascii_case("json"));
    json && bytes.windows(12).any(|window| window == b"\"utterances\"")
}

pub(super) fn read(builder: &mut Builder, files: &[InFile]) {
    for (path, bytes) in files {
        let is_json = path.extension().is_some_and(|one| one.eq_ignore_ascii_case("json"));
        let of_entities =
            path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "entities");
        if !is_json || !(of_entities || is_one(path, bytes)) {
            continue;
        }
        if bytes.len() > FILE_BYTES_MAX {
            builder.error(
                At::file(path),
                format!("has {} bytes: keep it under {FILE_BYTES_MAX}", bytes.len()),
            );
            continue;
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match serde_json::from_slice(bytes) {
            Ok(value) => read_value(builder, path, value),
            Err(error) => builder.error(
                At::line(path, error.line().max(1)),
                format!("is not JSON ({error}): export it again"),
            ),
        }
    }
}

fn read_value(builder: &mut Builder, path: &Path, value: Value) {
    let items = |value: &mut Value, key: &str| match value.get_mut(key).map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    match value {
        Value::Array(all) => all.into_iter().for_each(|item| read_item(builder, path, item)),
        Value::Object(_) if value.get("name").is_some() => read_item(builder, path, value),
        mut value => {
            for key in ["intents", "entities"] {
                items(&mut value, key).into_iter().for_each(|item| read_item(builder, path, item));
            }
        }
    }
}

fn read_item(builder: &mut Builder, path: &Path, item: Value) {
    let name =
        item.get("name").and_then(Value::as_str).unwrap_or("an item without name").to_owned();
    let known = if item.get("utterances").is_some() {
        Intent::deserialize(item).map(|intent| read_intent(builder, path, intent))
    } else {
        Entity::deserialize(item).map(|entity| read_entity(builder, path, entity))
    };
    if let Err(error) = known {
        builder.error(
            At::file(path),
            format!("{name} is not as Botpress exports it ({error}): export it again"),
        );
    }
}

fn read_intent(builder: &mut Builder, path: &Path, intent: Intent) {
    let at = At::file(path);
    for slot in &intent.slots {
        // Slots are named as marks name them, so that the two stay one.
        let name = super::markup::name(&slot.name);
        slot.entities.iter().for_each(|entity| builder.add_filler(at, &name, entity));
    }
    for (language, texts) in &intent.utterances {
        for text in texts {
            let utterance = parse(text);
            if utterance.text.is_empty() {
                builder.warn(
                    at,
                    format!("an utterance of {} is empty: it was passed over", intent.name),
                );
            } else {
                builder.add(at, &intent.name, language, utterance);
            }
        }
    }
}

fn read_entity(builder: &mut Builder, path: &Path, entity: Entity) {
    let at = At::file(path);
    match (entity.kind.as_str(), entity.pattern.as_deref()) {
        ("pattern", Some(pattern)) => builder.add_pattern(at, &entity.name, pattern),
        ("system", _) => {}
        _ => {
            for one in &entity.occurrences {
                builder.add_lookup(at, &entity.name, &one.name);
                let words = one.synonyms.iter().filter(|word| **word != one.name);
                words.for_each(|word| builder.add_synonym(at, &one.name, word));
            }
        }
    }
}

/// Reads an utterance as Botpress does: `[words](slot)`, nothing can be escaped.
fn parse(text: &str) -> Utterance {
    let (mut utterance, mut rest) = (Utterance::default(), text);
    while let Some(open) = rest.find('[') {
        utterance.push(&rest[..open]);
        let mark = rest[open + 1..].split_once("](").and_then(|(words, after)| {
            let (slot, after) = after.split_once(')')?;
            let fits =
                !words.trim().is_empty() && !words.contains(['[', ']']) && !slot.trim().is_empty();
            fits.then_some((words, slot, after))
        });
        match mark {
            Some((words, slot, after)) => {
                utterance.push_slot(words, slot.to_owned(), None, None);
                rest = after;
            }
            None => {
                utterance.push("[");
                rest = &rest[open + 1..];
            }
        }
    }
    utterance.push(rest);
    utterance.finished()
}

pub(super) fn write(corpus: &Corpus) -> Exported {
    let (mut files, mut left_out) = (Vec::new(), 0);
    for (intent, languages) in &corpus.intents {
        let mut utterances = BTreeMap::new();
        let mut slots = BTreeSet::new();
        for (language, of_language) in languages {
            let marked: Vec<String> = of_language.iter().filter_map(marked).collect();
            left_out += of_language.len() - marked.len();
            slots.extend(
                of_language.iter().flat_map(|one| &one.slots).map(|span| span.slot.as_str()),
            );
            utterances.insert(if language.is_empty() { "en" } else { language }, marked);
        }
        let slots: Vec<Value> =
            slots.into_iter().map(|slot| slot_of_intent(corpus, slot)).collect();
        let value = json!({"name": intent, "utterances": utterances, "slots": slots, "contexts": ["global"]});
        files.push(pretty(&format!("intents/{}.json", file_stem(intent)), &value));
    }
    files.extend(corpus.lookups.iter().map(|(entity, values)| list(corpus, entity, values)));
    for (entity, patterns) in &corpus.patterns {
        // One pattern an entity; several become alternatives of one, which is not what they were but means the same.
        let pattern = patterns.iter().cloned().collect::<Vec<_>>().join("|");
        let value = json!({"id": entity, "name": entity, "type": "pattern", "pattern": pattern});
        files.push(pretty(&format!("entities/{}.pattern.json", file_stem(entity)), &value));
    }
    Exported { files, warnings: lost(corpus, left_out) }
}

fn slot_of_intent(corpus: &Corpus, slot: &str) -> Value {
    let named_alike = BTreeSet::from([slot.to_owned()]);
    let entities = corpus.fillers.get(slot).unwrap_or(&named_alike);
    json!({"id": slot, "name": slot, "entities": entities, "color": 1})
}

fn list(corpus: &Corpus, entity: &str, values: &BTreeSet<String>) -> OutFile {
    let occurrences: Vec<Value> = values
        .iter()
        .map(|value| json!({"name": value, "synonyms": corpus.synonyms.get(value).cloned().unwrap_or_default()}))
        .collect();
    let value = json!({"id": entity, "name": entity, "type": "list", "fuzzy": 0.8, "examples": [], "occurrences": occurrences});
    pretty(&format!("entities/{}.json", file_stem(entity)), &value)
}

/// An utterance as Botpress marks it; `None` if Botpress would read something else.
fn marked(utterance: &Utterance) -> Option<String> {
    let (mut out, mut at) = (String::new(), 0);
    let mut carried = utterance.clone();
    for (span, carried) in utterance.slots.iter().zip(&mut carried.slots) {
        out += utterance.text.get(at..span.start)?;
        out += &format!("[{}]({})", utterance.text.get(span.start..span.end)?, span.slot);
        at = span.end;
        (carried.role, carried.value) = (None, None);
    }
    out += utterance.text.get(at..)?;
    (parse(&out) == carried).then_some(out)
}

fn lost(corpus: &Corpus, left_out: usize) -> Vec<String> {
    let slots = || corpus.utterances().flat_map(|(_, _, one)| &one.slots);
    let roles = slots().filter(|span| span.role.is_some() || span.value.is_some()).count();
    let values: BTreeSet<&String> = corpus.lookups.values().flatten().collect();
    let words = corpus.synonyms.keys().filter(|value| !values.contains(value)).count();
    let patterns = corpus.patterns.values().filter(|patterns| patterns.len() > 1).count();
    let untold = corpus.utterances().filter(|(_, language, _)| language.is_empty()).count();
    [
        (left_out, "examples have brackets that look like a mark, which Botpress cannot write: they are left out"),
        (roles, "slots have a role or a value, which Botpress does not carry"),
        (words, "values with synonyms belong to no lookup, without which Botpress does not carry them"),
        (patterns, "entities have several patterns, which become one"),
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

#[cfg(test)]
mod tests {
    use super::*;

    const INTENT: &str = r#"{"name":"book","utterances":{"en":["fly to [ Paris ](to) now","see [this]",""],"zh":["飞[巴黎](to)"]},"slots":[{"id":"1","name":"to","entities":["city"],"color":1}],"contexts":["global"]}"#;
    const ENTITY: &str = r#"{"id":"city","name":"city","type":"list","fuzzy":0.8,"occurrences":[{"name":"Paris","synonyms":["Lutetia"]}],"pattern":""}"#;

    fn read_files(files: &[(&str, &str)]) -> Result<(Corpus, usize), String> {
        let files: Vec<InFile> =
            files.iter().map(|(path, text)| ((*path).into(), text.as_bytes().to_vec())).collect();
        let mut builder = Builder::new();
        read(&mut builder, &files);
        let (corpus, warnings) =
            builder.finish(Path::new("bot")).map_err(|errors| errors.to_string())?;
        Ok((corpus, warnings.len()))
    }

    #[test]
    fn every_arrangement_gives_the_same() {
        let (corpus, warnings) =
            read_files(&[("intents/book.json", INTENT), ("entities/city.json", ENTITY)]).unwrap();

        let together = format!(r#"{{"intents":[{INTENT}],"entities":[{ENTITY}]}}"#);
        assert_eq!(read_files(&[("nlu.json", &together)]).unwrap().0, corpus);
        let list = format!("[{INTENT}]");
        assert_eq!(
            read_files(&[("intents.json", &list), ("entities/city.json", ENTITY)]).unwrap().0,
            corpus
        );

        let marked: Vec<String> = corpus.utterances().map(|(_, _, one)| one.marked()).collect();
        assert_eq!(marked, ["fly to [Paris](to) now", "see [this]", "飞[巴黎](to)"]);
        assert!(
            corpus.fillers["to"].contains("city") && corpus.synonyms["Paris"].contains("Lutetia")
        );
        assert_eq!(warnings, 1, "the empty utterance");
    }

    #[test]
    fn writing_and_reading_gives_the_same() {
        let (corpus, _) =
            read_files(&[("intents/book.json", INTENT), ("entities/city.json", ENTITY)]).unwrap();

        let written = write(&corpus);

        let files: Vec<(&str, &str)> = written
            .files
            .iter()
            .map(|(path, bytes)| (path.to_str().unwrap(), std::str::from_utf8(bytes).unwrap()))
            .collect();
        assert_eq!(read_files(&files).unwrap().0, corpus);
        assert!(written.warnings.is_empty(), "{:?}", written.warnings);
    }

    #[test]
    fn what_is_not_botpress_is_named() {
        let error =
            read_files(&[("intents/a.json", r#"{"name":"a","utterances":["x"]}"#)]).unwrap_err();
        assert!(error.contains("intents/a.json a is not as Botpress exports it"), "{error}");

        let error = read_files(&[("intents/a.json", "{\n\"utterances\": ")]).unwrap_err();
        assert!(error.starts_with("intents/a.json:2: is not JSON"), "{error}");
    }
}
