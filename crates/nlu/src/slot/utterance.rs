//! Utterances whose slots are marked: how they are read from lines of JSON, and what is refused.
//!
//! One object stands on a line: `text`, `intent` (both optional), `tokens` (or `chars`) and `tags`, one tag a token: `O`,
//! `B-<slot>`, `I-<slot>`; `E-<slot>` and `S-<slot>`, which some sets write at the end of a slot and for a slot of one
//! token, are read too. Other forms of training sets are the matter of others; they call
//! [`TaggedUtterance::from_spans`].

use std::ops::Range;
use std::path::Path;

use serde::Deserialize;

use super::tokenizer::Tokenizer;
use crate::data_error::{DataError, DataErrors};
use crate::encoding;

/// The most utterances that are read or trained on.
pub const UTTERANCES_MAX: usize = 200_000;
/// The most tokens of an utterance.
pub const TOKENS_MAX: usize = 512;
/// The most tokens of a slot.
pub const SLOT_TOKENS_MAX: usize = 48;
/// The longest line that is read, in bytes.
const LINE_BYTES_MAX: usize = 64 * 1024;
/// The longest name of a slot or an intent, in bytes.
const NAME_BYTES_MAX: usize = 128;

/// Names a slot and the tokens that it covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenSlot {
    /// The place of its first token.
    pub start: usize,
    /// The place after its last token.
    pub end: usize,
    /// The name of the slot.
    pub slot: String,
}

/// Holds something that was said, cut into tokens, and the slots in it: in order, inside, not overlapping.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaggedUtterance {
    pub(super) text: String,
    pub(super) intent: Option<String>,
    pub(super) tokens: Vec<String>,
    pub(super) slots: Vec<TokenSlot>,
}

impl TaggedUtterance {
    /// Creates an utterance from a tag for each token.
    ///
    /// # Errors
    /// What is wrong with it, and what to do.
    pub fn from_tags(
        text: Option<String>,
        intent: Option<String>,
        tokens: Vec<String>,
        tags: &[impl AsRef<str>],
    ) -> Result<Self, String> {
        if tokens.len() != tags.len() {
            let (tokens, tags) = (tokens.len(), tags.len());
            return Err(format!(
                "there are {tokens} tokens and {tags} tags: give each token one tag"
            ));
        }
        check_tokens(&tokens)?;
        if let Some(intent) = &intent {
            check_name("intent", intent)?;
        }
        let slots = slots_of(tags)?;
        let text = text.unwrap_or_else(|| joined(&tokens));
        Ok(Self { text, intent, tokens, slots })
    }

    /// Creates an utterance from a text and the ranges of bytes in it that are slots; the text is cut into words.
    ///
    /// # Errors
    /// What is wrong with it, and what to do.
    pub fn from_spans(
        text: &str,
        intent: Option<String>,
        spans: &[(Range<usize>, &str)],
    ) -> Result<Self, String> {
        let ranges = Tokenizer::Words.cut(text);
        let mut tags = vec!["O".to_owned(); ranges.len()];
        for (span, slot) in spans {
            let start = ranges.iter().position(|range| range.start == span.start);
            let end = ranges.iter().position(|range| range.end == span.end);
            let (Some(start), Some(end)) = (start, end) else {
                return Err(format!(
                    "the slot {slot} at bytes {}..{} does not begin and end with a word: mark whole words",
                    span.start, span.end
                ));
            };
            if end < start || tags[start..=end].iter().any(|tag| tag != "O") {
                return Err(format!(
                    "the slot {slot} is turned round or overlaps another: mark a word once"
                ));
            }
            tags[start..=end].fill(format!("I-{slot}"));
            tags[start] = format!("B-{slot}");
        }
        let tokens = ranges.into_iter().map(|range| text[range].to_owned()).collect();
        Self::from_tags(Some(text.to_owned()), intent, tokens, &tags)
    }

    /// Returns what was said.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what the speaker wanted, if it is known.
    #[must_use]
    pub fn intent(&self) -> Option<&str> {
        self.intent.as_deref()
    }

    /// Returns the tokens.
    #[must_use]
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// Returns the slots.
    #[must_use]
    pub fn slots(&self) -> &[TokenSlot] {
        &self.slots
    }
}

/// A line as it is written.
#[derive(Deserialize)]
struct Line {
    text: Option<String>,
    intent: Option<String>,
    #[serde(alias = "chars")]
    tokens: Vec<String>,
    tags: Vec<String>,
}

/// Reads utterances, one JSON object on a line; empty lines are skipped. `path` only names the file in errors.
///
/// # Errors
/// Every line that is not of this form, by its number.
pub fn parse_jsonl(path: &Path, bytes: &[u8]) -> Result<Vec<TaggedUtterance>, DataErrors> {
    let mut utterances = Vec::new();
    let mut errors = DataErrors::default();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        match parse_line(line) {
            Ok(Some(_)) if utterances.len() == UTTERANCES_MAX => {
                let problem = format!("is one utterance too many: the most is {UTTERANCES_MAX}");
                errors.push(DataError::at(path, number, problem));
                break;
            }
            Ok(Some(utterance)) => utterances.push(utterance),
            Ok(None) => {}
            Err(problem) => errors.push(DataError::at(path, number, problem)),
        }
        if errors.is_full() {
            break;
        }
    }
    errors.or(utterances)
}

fn parse_line(line: &[u8]) -> Result<Option<TaggedUtterance>, String> {
    if line.len() > LINE_BYTES_MAX {
        return Err(format!("the line has {} bytes: keep it under {LINE_BYTES_MAX}", line.len()));
    }
    let line = std::str::from_utf8(line).map_err(|_| encoding::not_utf8(line))?;
    let line = line.trim_start_matches('\u{feff}').trim();
    if line.is_empty() {
        return Ok(None);
    }
    let Line { text, intent, tokens, tags } = serde_json::from_str(line).map_err(|error| {
        format!("{error}: write an object with `tokens` and `tags`, both lists of strings")
    })?;
    TaggedUtterance::from_tags(text, intent, tokens, &tags).map(Some)
}

fn check_tokens(tokens: &[String]) -> Result<(), String> {
    if tokens.is_empty() {
        return Err("there are no tokens: remove the line or fill it".to_owned());
    }
    if tokens.len() > TOKENS_MAX {
        return Err(format!("there are {} tokens: the most is {TOKENS_MAX}", tokens.len()));
    }
    Ok(())
}

fn check_name(what: &str, name: &str) -> Result<(), String> {
    if name.trim().is_empty() || name.len() > NAME_BYTES_MAX {
        return Err(format!(
            "the name of the {what} is empty or too long: use 1 to {NAME_BYTES_MAX} bytes"
        ));
    }
    Ok(())
}

/// Reads the tags of an utterance.
fn slots_of(tags: &[impl AsRef<str>]) -> Result<Vec<TokenSlot>, String> {
    let mut slots: Vec<TokenSlot> = Vec::new();
    // Whether the last slot may go on with the next tag.
    let mut open = false;
    for (place, tag) in tags.iter().enumerate() {
        let tag = tag.as_ref();
        let kind = tag.split_once('-').map_or((tag, ""), |parts| parts);
        match kind {
            ("O", "") if tag == "O" => open = false,
            ("B" | "S", name) => {
                check_name("slot", name)?;
                slots.push(TokenSlot { start: place, end: place + 1, slot: name.to_owned() });
                open = kind.0 == "B";
            }
            ("I" | "E", name) => {
                let last = slots.last_mut().filter(|last| open && last.slot == name);
                let last = last.ok_or_else(|| {
                    format!(
                        "tag {} is {tag} and follows no B-{name}: begin the slot with B-",
                        place + 1
                    )
                })?;
                last.end = place + 1;
                open = kind.0 == "I";
            }
            _ => {
                return Err(format!("tag {} is `{tag}`: write O, B-<slot> or I-<slot>", place + 1));
            }
        }
    }
    match slots.iter().find(|slot| slot.end - slot.start > SLOT_TOKENS_MAX) {
        Some(long) => Err(format!(
            "the slot {} has {} tokens: the most is {SLOT_TOKENS_MAX}",
            long.slot,
            long.end - long.start
        )),
        None => Ok(slots),
    }
}

/// Joins tokens to a text: with spaces, except between characters of scripts that are written without.
pub(super) fn joined(tokens: &[impl AsRef<str>]) -> String {
    let mut text = String::new();
    for token in tokens {
        let token = token.as_ref();
        let unspaced = |c: Option<char>| c.is_some_and(crate::text::is_unspaced);
        let joins = unspaced(text.chars().next_back()) || unspaced(token.chars().next());
        if !text.is_empty() && !joins {
            text.push(' ');
        }
        text.push_str(token);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Vec<TaggedUtterance>, String> {
        parse_jsonl(Path::new("s.jsonl"), text).map_err(|errors| errors.to_string())
    }

    fn slot(start: usize, end: usize, slot: &str) -> TokenSlot {
        TokenSlot { start, end, slot: slot.to_owned() }
    }

    #[test]
    fn lines_are_read_with_either_way_of_tagging() {
        let lines = concat!(
            "\u{feff}{\"text\":\"fly to new york\",\"intent\":\"book\",\"tokens\":[\"fly\",\"to\",\"new\",\"york\"],",
            "\"tags\":[\"O\",\"O\",\"B-city\",\"I-city\"]}\r\n\n",
            "{\"chars\":[\"去\",\"北\",\"京\",\"吧\"],\"tags\":[\"S-verb\",\"B-city\",\"E-city\",\"O\"],\"more\":1}\n",
        );

        let read = read(lines.as_bytes()).unwrap();

        assert_eq!(read[0].slots(), [slot(2, 4, "city")]);
        assert_eq!((read[0].text(), read[0].intent()), ("fly to new york", Some("book")));
        assert_eq!(read[1].slots(), [slot(0, 1, "verb"), slot(1, 3, "city")]);
        assert_eq!(read[1].text(), "去北京吧");
    }

    #[test]
    fn every_bad_line_is_named_with_its_reason() {
        let line = |tokens: &str, tags: &str| format!("{{\"tokens\":{tokens},\"tags\":{tags}}}\n");
        let mut file = line(r#"["a"]"#, r#"["O"]"#).into_bytes();
        file.extend_from_slice(b"{\"tokens\":[\n");
        file.extend_from_slice(line(r#"["a","b"]"#, r#"["O"]"#).as_bytes());
        file.extend_from_slice(line(r#"["a","b"]"#, r#"["O","I-x"]"#).as_bytes());
        file.extend_from_slice(line(r#"["a","b"]"#, r#"["B-y","I-x"]"#).as_bytes());
        file.extend_from_slice(line(r#"["a"]"#, r#"["X-y"]"#).as_bytes());
        file.extend_from_slice(line("[]", "[]").as_bytes());
        file.extend_from_slice(b"\xff\xfe\n");
        file.extend_from_slice(line(r#"["a"]"#, r#"["B-"]"#).as_bytes());
        file.extend_from_slice(line(r#"["a","b"]"#, r#"["S-x","I-x"]"#).as_bytes());
        file.extend_from_slice(line(r#"["a"]"#, r#"[1]"#).as_bytes());

        let error = read(&file).unwrap_err();

        for part in [
            "s.jsonl:2: EOF while parsing",
            "s.jsonl:3: there are 2 tokens and 1 tags",
            "s.jsonl:4: tag 2 is I-x and follows no B-x",
            "s.jsonl:5: tag 2 is I-x and follows no B-x",
            "s.jsonl:6: tag 1 is `X-y`",
            "s.jsonl:7: there are no tokens",
            "s.jsonl:8: the line is not UTF-8",
            "s.jsonl:9: the name of the slot is empty",
            "s.jsonl:10: tag 2 is I-x and follows no B-x",
            "s.jsonl:11: invalid type: integer",
        ] {
            assert!(error.contains(part), "{part} is missing in\n{error}");
        }
    }

    #[test]
    fn a_line_of_a_megabyte_and_a_slot_without_end_are_refused() {
        let long = format!("{{\"tokens\":[\"{}\"],\"tags\":[\"O\"]}}", "x".repeat(1_000_000));
        let tags: Vec<String> =
            (0..60).map(|at| if at == 0 { "B-x".to_owned() } else { "I-x".to_owned() }).collect();
        let tokens = vec!["a".to_owned(); 60];

        assert!(
            read(long.as_bytes()).unwrap_err().contains("s.jsonl:1: the line has 1000028 bytes")
        );
        let error = TaggedUtterance::from_tags(None, None, tokens, &tags).unwrap_err();
        assert!(error.contains("the slot x has 60 tokens: the most is 48"), "{error}");
    }

    #[test]
    fn spans_of_a_text_become_slots_of_its_words() {
        let text = "fly to New York, 明天";
        let at = |part: &str| text.find(part).map(|start| start..start + part.len()).unwrap();

        let read = TaggedUtterance::from_spans(
            text,
            None,
            &[(at("New York"), "city"), (at("明天"), "day")],
        )
        .unwrap();

        assert_eq!(read.tokens(), ["fly", "to", "New", "York", ",", "明", "天"]);
        assert_eq!(read.slots(), [slot(2, 4, "city"), slot(5, 7, "day")]);
        assert!(TaggedUtterance::from_spans(text, None, &[(at("ew"), "x")]).is_err());
        assert!(
            TaggedUtterance::from_spans(text, None, &[(at("New"), "x"), (at("New York"), "y")])
                .is_err()
        );
    }
}
