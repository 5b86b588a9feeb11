//! JSONL: one object a line.
//!
//! `{"intent": "refund", "text": "退那双鞋", "language": "zh", "slots": [{"start": 1, "end": 4, "slot": "product"}]}`.
//! Places are counted in characters, as other tools count them; a slot may have `role` and `value`. `label` is read for
//! `intent`, and instead of `slots` a line may have `tokens` (or `chars`) and BIO `tags`, `E-` and `S-` included. Synonyms,
//! lookups and patterns are not carried.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Exported;
use super::corpus::{At, Builder, Corpus};
use super::markup::{SlotSpan, Utterance};

/// The longest line that is read, in bytes.
const LINE_BYTES_MAX: usize = 256 * 1024;

#[derive(Deserialize)]
struct Line {
    #[serde(alias = "label")]
    intent: String,
    text: String,
    #[serde(default, alias = "lang")]
    language: Option<String>,
    #[serde(default)]
    slots: Vec<Slot>,
    #[serde(default, alias = "chars")]
    tokens: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Serialize)]
struct OutLine<'a> {
    intent: &'a str,
    text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    slots: Vec<Slot>,
}

#[derive(Serialize, Deserialize)]
struct Slot {
    start: usize,
    end: usize,
    #[serde(alias = "entity")]
    slot: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

pub(super) fn read(builder: &mut Builder, path: &Path, bytes: &[u8], language: &str) {
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let at = At::line(path, number);
        let line = line.trim_ascii();
        let line =
            if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        if line.is_empty() {
            continue;
        }
        match read_line(line) {
            Ok((intent, told, utterance)) => {
                builder.add(at, &intent, told.as_deref().unwrap_or(language), utterance);
            }
            Err(problem) => builder.error(at, problem),
        }
    }
}

fn read_line(line: &[u8]) -> Result<(String, Option<String>, Utterance), String> {
    if line.len() > LINE_BYTES_MAX {
        return Err(format!("the line has {} bytes: keep it under {LINE_BYTES_MAX}", line.len()));
    }
    let line: Line = serde_json::from_slice(line).map_err(|error| {
        format!("the line is no object with `intent` and `text` ({error}): write one object a line")
    })?;
    let slots = if line.slots.is_empty() && !line.tags.is_empty() {
        from_tags(&line.text, &line.tokens, &line.tags)?
    } else {
        in_bytes(&line.text, line.slots)?
    };
    Ok((line.intent, line.language, rebuilt(&line.text, slots)))
}

/// Adds text and slots one after the other, which brings white space into its one form.
fn rebuilt(text: &str, slots: Vec<SlotSpan>) -> Utterance {
    let (mut utterance, mut at) = (Utterance::default(), 0);
    for span in slots {
        utterance.push(&text[at..span.start]);
        utterance.push_slot(&text[span.start..span.end], span.slot, span.role, span.value);
        at = span.end;
    }
    utterance.push(&text[at..]);
    utterance.finished()
}

/// Turns places in characters into places in bytes; they must be in the text and not overlap.
fn in_bytes(text: &str, mut slots: Vec<Slot>) -> Result<Vec<SlotSpan>, String> {
    let mut places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
    places.push(text.len());
    slots.sort_by_key(|slot| slot.start);
    let (mut spans, mut after) = (Vec::with_capacity(slots.len()), 0);
    for slot in slots {
        let range = places.get(slot.start).zip(places.get(slot.end));
        let Some((&start, &end)) = range.filter(|(start, end)| start < end && **start >= after)
        else {
            return Err(format!(
                "the slot {} from {} to {} is empty, outside the text or overlaps another: count characters from 0",
                slot.slot, slot.start, slot.end
            ));
        };
        spans.push(SlotSpan { start, end, slot: slot.slot, role: slot.role, value: slot.value });
        after = end;
    }
    Ok(spans)
}

/// Finds the tokens in the text, one after the other, and joins those that BIO tags hold together.
fn from_tags(text: &str, tokens: &[String], tags: &[String]) -> Result<Vec<SlotSpan>, String> {
    if tokens.len() != tags.len() {
        return Err(format!(
            "there are {} tokens and {} tags: give each token one tag",
            tokens.len(),
            tags.len()
        ));
    }
    let (mut spans, mut after): (Vec<SlotSpan>, usize) = (Vec::new(), 0);
    for (token, tag) in tokens.iter().zip(tags) {
        let found = text[after..].find(token.as_str());
        let start = after + found.ok_or_else(|| format!("the token `{token}` does not stand in the text where it should: tokens are parts of the text, in order"))?;
        after = start + token.len();
        match (tag.split_once('-'), spans.last_mut()) {
            (None, _) if tag == "O" => {}
            (Some(("I" | "E", slot)), Some(last))
                if last.slot == slot && text[last.end..start].trim().is_empty() =>
            {
                last.end = after
            }
            (Some(("B" | "S", slot)), _) => spans.push(SlotSpan {
                start,
                end: after,
                slot: slot.to_owned(),
                role: None,
                value: None,
            }),
            _ => {
                return Err(format!(
                    "the tag `{tag}` is none of BIO here: write O, B-slot, or I-slot after a tag of the same slot"
                ));
            }
        }
    }
    spans.retain(|span| span.start < span.end);
    Ok(spans)
}

pub(super) fn write(corpus: &Corpus) -> Exported {
    let mut out = String::new();
    for (intent, language, utterance) in corpus.utterances() {
        let line =
            OutLine { intent, text: &utterance.text, language, slots: in_characters(utterance) };
        out += &serde_json::to_string(&line).expect("strings and numbers are always JSON");
        out.push('\n');
    }
    let words = corpus.synonyms.len() + corpus.lookups.len() + corpus.patterns.len();
    let lost = (words > 0)
        .then(|| format!("JSONL carries no synonyms, lookups and patterns: {words} are left out"));
    Exported {
        files: vec![("examples.jsonl".into(), out.into_bytes())],
        warnings: lost.into_iter().collect(),
    }
}

fn in_characters(utterance: &Utterance) -> Vec<Slot> {
    let place = |byte: usize| utterance.text.get(..byte).map_or(0, |before| before.chars().count());
    utterance
        .slots
        .iter()
        .map(|span| Slot {
            start: place(span.start),
            end: place(span.end),
            slot: span.slot.clone(),
            role: span.role.clone(),
            value: span.value.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Corpus, String> {
        let mut builder = Builder::new();
        read(&mut builder, Path::new("t.jsonl"), text.as_bytes(), "");
        builder
            .finish(Path::new("t.jsonl"))
            .map(|(corpus, _)| corpus)
            .map_err(|errors| errors.to_string())
    }

    fn marked(text: &str) -> Vec<String> {
        read_text(text).unwrap().utterances().map(|(_, _, one)| one.marked()).collect()
    }

    #[test]
    fn slots_are_counted_in_characters() {
        let line = r#"{"intent":"refund","text":"退那双鞋吧","slots":[{"start":1,"end":4,"slot":"product"}],"more":1}"#;

        assert_eq!(marked(line), ["退[那双鞋](product)吧"]);
    }

    #[test]
    fn tokens_and_tags_are_read_too() {
        let line = r#"{"label":"go","text":"fly to New York now","tokens":["fly","to","New","York","now"],"tags":["O","O","B-city","I-city","O"]}"#;

        assert_eq!(marked(line), ["fly to [New York](city) now"]);
        let line = r#"{"intent":"play","text":"放晴天吧","chars":["放","晴","天","吧"],"tags":["S-act","B-song","E-song","O"]}"#;
        assert_eq!(marked(line), ["[放](act)[晴天](song)吧"]);
    }

    #[test]
    fn bad_lines_are_named() {
        let lines = [
            r#"{"intent":"a","text":"ok"}"#,
            r#"{"intent":"a"}"#,
            r#"{"intent":"a","text":"short","slots":[{"start":2,"end":9,"slot":"x"}]}"#,
            r#"{"intent":"a","text":"b c","tokens":["b","c"],"tags":["O"]}"#,
            r#"{"intent":"a","text":"b c","tokens":["b","c"],"tags":["O","I-x"]}"#,
            r#"{"intent":"a","text":"b c","tokens":["c","b"],"tags":["O","O"]}"#,
            "[]",
        ];

        let error = read_text(&lines.join("\n")).unwrap_err();

        for (line, part) in [
            (2, "`text`"),
            (3, "outside the text"),
            (4, "2 tokens and 1 tags"),
            (5, "none of BIO"),
            (6, "does not stand"),
            (7, "no object"),
        ] {
            assert!(
                error
                    .lines()
                    .any(|said| said.starts_with(&format!("t.jsonl:{line}: "))
                        && said.contains(part)),
                "{line}: {error}"
            );
        }
        assert!(!error.contains("t.jsonl:1:"), "{error}");
    }
}
