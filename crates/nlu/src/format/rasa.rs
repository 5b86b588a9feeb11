//! Rasa's `nlu.yml` (version 3.1): intents, synonyms, lookup tables, regular expressions.
//!
//! Entities are marked `[words](entity)`, `[words](entity:value)` or `[words]{"entity": …, "role": …, "value": …}`. What else
//! stands in Rasa's files (stories, rules, responses, metadata, groups) is passed over with a warning. Rasa carries no
//! languages, and no way to write what looks like a mark but is none.

use std::path::Path;

use serde::Deserialize;
use serde_norway::Value;

use super::Exported;
use super::corpus::{At, Builder, Corpus, Lines};
use super::markup::{SlotSpan, Utterance};

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: usize = 32 << 20;

/// Whether a YAML file looks like Rasa's.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"nlu:"))
}

pub(super) fn read(builder: &mut Builder, path: &Path, bytes: &[u8], language: &str) {
    let at = At::file(path);
    if bytes.len() > FILE_BYTES_MAX {
        return builder.error(
            at,
            format!("has {} bytes: keep it under {FILE_BYTES_MAX}, or split it", bytes.len()),
        );
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return builder.error(at, "is not UTF-8: save it as UTF-8");
    };
    let value: Value = match serde_norway::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let at = At { file: path, line: error.location().map(|location| location.line()) };
            return builder.error(at, format!("{error}: correct the YAML there"));
        }
    };
    let Value::Mapping(parts) = value else {
        return builder
            .error(at, "has no key `nlu` at its top: give a file of Rasa's training data");
    };
    let mut lines = Lines::of(text);
    for (key, part) in parts {
        match (key.as_str().unwrap_or_default(), part) {
            ("version", _) => {}
            ("nlu", Value::Sequence(items)) => {
                Items { builder, path, language, lines: &mut lines, line: 1 }.read(items)
            }
            ("nlu", Value::Null) => {}
            ("nlu", _) => builder.error(
                At { file: path, line: lines.first("nlu:") },
                "`nlu` is no list: begin each item below it with `- intent:`",
            ),
            (other, _) => builder.warn(
                At { file: path, line: lines.first(other) },
                format!("`{other}` is no training data of intents: it was passed over"),
            ),
        }
    }
}

/// Reads the items below `nlu`.
struct Items<'a, 'b> {
    builder: &'a mut Builder,
    path: &'a Path,
    language: &'a str,
    lines: &'a mut Lines<'b>,
    /// The line on which the item was found.
    line: usize,
}

impl Items<'_, '_> {
    fn read(mut self, items: Vec<Value>) {
        for item in items {
            let kinds = ["intent", "synonym", "lookup", "regex"];
            let found = kinds.iter().find_map(|kind| Some((*kind, item.get(kind)?)));
            let Some((kind, name)) = found else {
                self.warn("an item of `nlu` is none of intent, synonym, lookup and regex: it was passed over");
                continue;
            };
            let Some(name) = scalar(name) else {
                self.error(&format!("the name of the {kind} is no text: write one"));
                continue;
            };
            self.lines.seek(&format!("{kind}:"));
            self.line = self.lines.seek(&name);
            for key in item.as_mapping().into_iter().flat_map(|mapping| mapping.keys()) {
                let key = key.as_str().unwrap_or_default();
                if key != kind && key != "examples" {
                    self.warn(&format!("`{key}` of {kind} {name} was passed over"));
                }
            }
            for example in self.examples(kind, &name, item.get("examples")) {
                self.add(kind, &name, &example);
            }
        }
    }

    fn warn(&mut self, problem: &str) {
        let at = At::line(self.path, self.line);
        self.builder.warn(at, problem);
    }

    fn error(&mut self, problem: &str) {
        let at = At::line(self.path, self.line);
        self.builder.error(at, problem);
    }

    /// The examples of an item: lines that begin with `-`, or a list of texts.
    fn examples(&mut self, kind: &str, name: &str, value: Option<&Value>) -> Vec<String> {
        match value {
            Some(Value::String(block)) => {
                let mut examples = Vec::new();
                for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
                    match line.strip_prefix('-') {
                        Some(example) => examples.push(example.trim().to_owned()),
                        None => self.warn(&format!(
                            "`{}` of {kind} {name} does not begin with `-`: it was passed over",
                            shortened(line)
                        )),
                    }
                }
                examples
            }
            Some(Value::Sequence(items)) => items
                .iter()
                .filter_map(|item| scalar(item).or_else(|| scalar(item.get("text")?)))
                .map(|text| text.trim().trim_start_matches("- ").to_owned())
                .collect(),
            _ => {
                self.warn(&format!("{kind} {name} has no examples: it was passed over"));
                Vec::new()
            }
        }
    }

    fn add(&mut self, kind: &str, name: &str, example: &str) {
        let at = At::line(self.path, self.lines.seek(example));
        match kind {
            "intent" => match parse(example) {
                Ok((utterance, grouped)) => {
                    if grouped {
                        self.builder.warn(
                            at,
                            "groups of entities are not carried: the group was passed over",
                        );
                    }
                    self.builder.add(at, name, self.language, utterance);
                }
                Err(problem) => self.builder.error(at, problem),
            },
            "synonym" => self.builder.add_synonym(at, name, example),
            "lookup" => self.builder.add_lookup(at, name, example),
            _ => self.builder.add_pattern(at, name, example),
        }
    }
}

fn shortened(line: &str) -> String {
    line.chars().take(40).collect()
}

/// A YAML value that was meant as text: `yes` and `42` are names too.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Entity {
    entity: String,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    group: Option<serde_json::Value>,
}

/// Reads an example as Rasa does, and tells whether a group was passed over.
fn parse(example: &str) -> Result<(Utterance, bool), String> {
    let (mut utterance, mut rest, mut grouped) = (Utterance::default(), example, false);
    while let Some(open) = rest.find('[') {
        utterance.push(&rest[..open]);
        match mark(&rest[open..])? {
            Some((words, entity, after)) => {
                grouped |= entity.group.is_some();
                utterance.push_slot(words, entity.entity, entity.role, entity.value);
                rest = after;
            }
            None => {
                utterance.push("[");
                rest = &rest[open + 1..];
            }
        }
    }
    utterance.push(rest);
    Ok((utterance.finished(), grouped))
}

/// Reads a mark at the beginning: its words, its entity, and what follows.
fn mark(rest: &str) -> Result<Option<(&str, Entity, &str)>, String> {
    let Some((words, after)) = rest[1..].split_once(']').filter(|(words, _)| !words.is_empty())
    else {
        return Ok(None);
    };
    if let Some((inner, after)) = after.strip_prefix('(').and_then(|after| after.split_once(')')) {
        let (entity, value) =
            inner.split_once(':').map_or((inner, None), |(entity, value)| (entity, Some(value)));
        if entity.is_empty() || value == Some("") {
            return Ok(None);
        }
        let (entity, value) = (entity.to_owned(), value.map(str::to_owned));
        return Ok(Some((words, Entity { entity, role: None, value, group: None }, after)));
    }
    let Some((inner, after)) = after.strip_prefix('{').and_then(|after| after.split_once('}'))
    else {
        return Ok(None);
    };
    let entity = serde_json::from_str(&format!("{{{inner}}}")).map_err(|error| {
        format!(
            "`{{{}}}` after `[{}]` is no entity ({error}): write {{\"entity\": \"name\"}}",
            shortened(inner),
            shortened(words)
        )
    })?;
    Ok(Some((words, entity, after)))
}

pub(super) fn write(corpus: &Corpus) -> Exported {
    let mut out = "version: \"3.1\"\nnlu:\n".to_owned();
    let (mut left_out, mut told) = (0, false);
    for (intent, languages) in &corpus.intents {
        let mut lines = Vec::new();
        for (language, utterances) in languages {
            told |= !language.is_empty();
            let marked = utterances.iter().map(|one| marked(one).ok_or(()));
            for line in marked {
                line.map_or_else(|()| left_out += 1, |line| lines.push(line));
            }
        }
        block(&mut out, "intent", intent, &lines);
    }
    for (kind, words) in
        [("synonym", &corpus.synonyms), ("regex", &corpus.patterns), ("lookup", &corpus.lookups)]
    {
        for (name, words) in words {
            block(&mut out, kind, name, &words.iter().cloned().collect::<Vec<_>>());
        }
    }
    let mut warnings = Vec::new();
    if left_out > 0 {
        warnings.push(format!(
            "Rasa cannot write brackets that look like a mark: {left_out} examples are left out"
        ));
    }
    if told {
        warnings.push("Rasa carries no languages: those of an intent are joined".to_owned());
    }
    if !corpus.fillers.is_empty() {
        warnings.push(
            "Rasa names slots by their entities: which other entities fill a slot is left out"
                .to_owned(),
        );
    }
    Exported { files: vec![("nlu.yml".into(), out.into_bytes())], warnings }
}

/// One item, its examples in a block.
fn block(out: &mut String, kind: &str, name: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let name = serde_json::to_string(name).expect("a string is always JSON");
    *out += &format!("- {kind}: {name}\n  examples: |\n");
    for line in lines {
        *out += &format!("    - {line}\n");
    }
}

/// An example as Rasa marks it; `None` if Rasa would read something else.
fn marked(utterance: &Utterance) -> Option<String> {
    let (mut out, mut at) = (String::new(), 0);
    for span in &utterance.slots {
        out += utterance.text.get(at..span.start)?;
        out += &format!("[{}]{}", utterance.text.get(span.start..span.end)?, entity(span));
        at = span.end;
    }
    out += utterance.text.get(at..)?;
    (parse(&out).ok()?.0 == *utterance).then_some(out)
}

fn entity(span: &SlotSpan) -> String {
    if span.role.is_none() && span.value.is_none() {
        return format!("({})", span.slot);
    }
    let mut fields = serde_json::Map::new();
    fields.insert("entity".to_owned(), span.slot.clone().into());
    for (name, value) in [("role", &span.role), ("value", &span.value)] {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value.clone().into());
        }
    }
    serde_json::Value::Object(fields).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "version: \"3.1\"\nnlu:\n- intent: book\n  examples: |\n    - 从[上海](city)飞[京]{\"entity\": \"city\", \"role\": \"to\", \"value\": \"北京\"}\n    - see [this] first\n    - to [SH](city:上海)\n- synonym: 上海\n  examples: |\n    - 沪\n    - 魔都\n- lookup: city\n  examples: |\n    - 上海\n- regex: zip\n  examples: |\n    - \\d{6}\n- story: none\nrules: []\n";

    fn read_text(text: &str) -> Result<(Corpus, Vec<String>), String> {
        let mut builder = Builder::new();
        read(&mut builder, Path::new("nlu.yml"), text.as_bytes(), "zh");
        let (corpus, warnings) =
            builder.finish(Path::new("nlu.yml")).map_err(|errors| errors.to_string())?;
        Ok((corpus, warnings.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn everything_that_is_training_data_is_read() {
        let (corpus, warnings) = read_text(FILE).unwrap();

        let marked: Vec<String> = corpus.utterances().map(|(_, _, one)| one.marked()).collect();
        assert_eq!(
            marked,
            ["从[上海](city)飞[京](city/to=北京)", "see [this] first", "to [SH](city=上海)"]
        );
        assert_eq!(corpus.synonyms["上海"].len(), 2);
        assert!(
            corpus.lookups["city"].contains("上海") && corpus.patterns["zip"].contains("\\d{6}")
        );
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(warnings.iter().any(|one| one.starts_with("nlu.yml:19: `rules`")), "{warnings:?}");
    }

    #[test]
    fn writing_and_reading_gives_the_same() {
        let (corpus, _) = read_text(FILE).unwrap();

        let written = write(&corpus);

        let text = String::from_utf8(written.files[0].1.clone()).unwrap();
        assert_eq!(read_text(&text).unwrap().0, corpus, "{text}");
        assert_eq!(written.warnings.len(), 1, "the language: {:?}", written.warnings);
    }

    #[test]
    fn mistakes_are_named_with_their_lines() {
        let error =
            read_text("nlu:\n- intent: a\n  examples: |\n    - ok\n    - [x]{\"entity\": 1}\n")
                .unwrap_err();
        assert!(error.contains("nlu.yml:5: `{\"entity\": 1}` after `[x]` is no entity"), "{error}");

        let error = read_text("nlu:\n- intent: a\n  examples: [\n").unwrap_err();
        assert!(error.starts_with("nlu.yml:") && error.contains("correct the YAML"), "{error}");

        let error = read_text("nlu: 5\n").unwrap_err();
        assert!(error.contains("nlu.yml:1: `nlu` is no list"), "{error}");
    }
}
