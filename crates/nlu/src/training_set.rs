//! The examples that a model is trained on, in one order, with a hash that tells whether they changed.
//!
//! Where the examples come from (a bot's folder, a table) is no matter of this module.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::data_error::{DataError, DataErrors};
use crate::encoding;

/// The most examples in a training set.
pub const EXAMPLES_MAX: usize = 2_000_000;
/// The most intents in a training set.
pub const INTENTS_MAX: usize = 4_096;
/// The longest line of a table that is read, in bytes.
const LINE_BYTES_MAX: usize = 64 * 1024;

/// Holds something that was said, and the intent that it expresses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Example {
    /// The name of the intent.
    pub intent: String,
    /// What was said.
    pub text: String,
}

impl Example {
    /// Creates an example.
    pub fn new(intent: impl Into<String>, text: impl Into<String>) -> Self {
        Self { intent: intent.into(), text: text.into() }
    }
}

/// Holds examples, sorted and without repetitions, so that the order in which files are read changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrainingSet {
    examples: Vec<Example>,
}

impl TrainingSet {
    /// Creates a training set from examples in any order.
    #[must_use]
    pub fn new(mut examples: Vec<Example>) -> Self {
        examples.sort_unstable();
        examples.dedup();
        Self { examples }
    }

    /// Returns the examples, sorted by intent, then by text.
    #[must_use]
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// Returns the names of the intents, sorted.
    #[must_use]
    pub fn intents(&self) -> Vec<&str> {
        self.examples
            .chunk_by(|a, b| a.intent == b.intent)
            .map(|same| same[0].intent.as_str())
            .collect()
    }
}

/// Computes the SHA-256 of a training set in hexadecimal: equal for equal examples, whatever their order.
#[must_use]
pub fn data_hash(set: &TrainingSet) -> String {
    hash_of(set.examples.iter().flat_map(|example| [&*example.intent, &*example.text]))
}

/// Computes a hash of the examples of each intent, in the order of the intents.
pub(crate) fn intent_hashes(set: &TrainingSet) -> Vec<String> {
    let intents = set.examples.chunk_by(|a, b| a.intent == b.intent);
    intents.map(|own| hash_of(own.iter().map(|example| &*example.text))).collect()
}

/// Computes the SHA-256 of texts in hexadecimal.
pub(crate) fn hash_of<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        // The length goes first, so that no two different lists give the same bytes.
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// Reads a table of examples: `intent<TAB>text`, one on a line, without a header; empty lines are skipped.
///
/// `path` only names the table in errors.
///
/// # Errors
/// Every line that is not of this form, by its number.
pub fn parse_tsv(path: &Path, bytes: &[u8]) -> Result<Vec<Example>, DataErrors> {
    let mut examples = Vec::new();
    let mut errors = DataErrors::default();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        match parse_line(line) {
            Ok(Some(_)) if examples.len() == EXAMPLES_MAX => {
                let problem = format!(
                    "is one example too many: the most is {EXAMPLES_MAX}, train on a part of them"
                );
                errors.push(DataError::at(path, number, problem));
                break;
            }
            Ok(Some(example)) => examples.push(example),
            Ok(None) => {}
            Err(problem) => errors.push(DataError::at(path, number, problem)),
        }
        // Every other line of UTF-16 would look wrong in a way of its own.
        if errors.is_full() || number == 1 && encoding::is_utf16(bytes) {
            break;
        }
    }
    errors.or(examples)
}

fn parse_line(line: &[u8]) -> Result<Option<Example>, String> {
    if line.len() > LINE_BYTES_MAX {
        return Err(format!("the line has {} bytes: keep it under {LINE_BYTES_MAX}", line.len()));
    }
    let line = std::str::from_utf8(line).map_err(|_| encoding::not_utf8(line))?;
    let line = line.trim_start_matches('\u{feff}').trim_end_matches('\r');
    if line.trim().is_empty() {
        return Ok(None);
    }
    let (intent, text) = line
        .split_once('\t')
        .ok_or("there is no tab: write the intent, one tab, then what was said")?;
    let (intent, text) = (intent.trim(), text.trim());
    if intent.is_empty() || text.is_empty() {
        return Err(
            "the intent or the text is empty: both sides of the tab need content".to_owned()
        );
    }
    Ok(Some(Example::new(intent, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Vec<Example>, String> {
        parse_tsv(Path::new("t.tsv"), text).map_err(|errors| errors.to_string())
    }

    #[test]
    fn a_table_is_read() {
        let examples = read("\u{feff}a\t 你好 \r\n\nb\thi there\n".as_bytes()).unwrap();

        assert_eq!(examples, [Example::new("a", "你好"), Example::new("b", "hi there")]);
    }

    #[test]
    fn every_bad_line_is_named() {
        let error = read(b"a\tok\nno tab\n\tempty\n\xff\xfe\tx\n").unwrap_err();

        for part in [
            "t.tsv:2: there is no tab",
            "t.tsv:3: the intent or the text is empty",
            "t.tsv:4: the line is not UTF-8",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_very_long_line_is_refused() {
        let error = read(format!("a\t{}", "x".repeat(1_000_000)).as_bytes()).unwrap_err();

        assert!(error.contains("t.tsv:1: the line has 1000002 bytes"), "{error}");
    }

    #[test]
    fn the_hash_ignores_order_and_sees_every_change() {
        let set = |pairs: &[(&str, &str)]| {
            data_hash(&TrainingSet::new(pairs.iter().map(|(i, t)| Example::new(*i, *t)).collect()))
        };

        let hash = set(&[("a", "x"), ("b", "y")]);

        assert_eq!(hash, set(&[("b", "y"), ("a", "x"), ("a", "x")]));
        assert_ne!(hash, set(&[("a", "x"), ("b", "z")]));
        assert_ne!(hash, set(&[("a", "y"), ("b", "x")]));
        assert_ne!(set(&[("ab", "c")]), set(&[("a", "bc")]));
    }
}
