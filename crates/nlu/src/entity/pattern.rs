//! Regular expressions that a trainer gives, checked when they are read, and found in linear time.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use super::config::{ConfigError, PATTERN_BYTES_MAX, Pattern};
use super::fold::is_wordy;
use super::found::Found;
use super::kind::Kind;
use super::value::Value;

/// The most memory that one compiled pattern may take, in bytes.
const SIZE_BYTES_MAX: usize = 1 << 20;
/// The most findings of one pattern in one text.
const FINDINGS_MAX: usize = 256;

/// Finds what the patterns of a configuration describe.
#[derive(Debug)]
pub(super) struct Patterns {
    patterns: Vec<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    kind: Kind,
    regex: Regex,
    whole_words: bool,
}

impl Patterns {
    pub(super) fn new(patterns: &[Pattern]) -> Result<Self, ConfigError> {
        let compiled = patterns.iter().map(|pattern| {
            Ok(Compiled {
                kind: Kind::from(pattern.name.as_str()),
                regex: compile(&pattern.name, &pattern.pattern)?,
                whole_words: pattern.whole_words,
            })
        });
        Ok(Self { patterns: compiled.collect::<Result<_, _>>()? })
    }

    pub(super) fn find(&self, text: &str, found: &mut Vec<Found>) {
        for pattern in &self.patterns {
            for captures in pattern.regex.captures_iter(text).take(FINDINGS_MAX) {
                let Some(whole) = captures.get(0) else { continue };
                let range = whole.range();
                if pattern.whole_words && !stands_alone(text, range.start, range.end) {
                    continue;
                }
                let names = pattern.regex.capture_names().flatten();
                let groups: BTreeMap<String, String> = names
                    .filter_map(|name| {
                        let group = captures.name(name)?;
                        Some((name.to_owned(), group.as_str().to_owned()))
                    })
                    .collect();
                let value = Value::Pattern { text: whole.as_str().to_owned(), groups };
                found.push(Found { kind: pattern.kind.clone(), range, value, is_told: false });
            }
        }
    }
}

/// Compiles a pattern so that case does not matter; folding has taken care of width.
pub(super) fn compile(name: &str, pattern: &str) -> Result<Regex, ConfigError> {
    let large = |problem: String| ConfigError::Large { name: name.to_owned(), problem };
    if pattern.len() > PATTERN_BYTES_MAX {
        return Err(large(format!("{} bytes, the most is {PATTERN_BYTES_MAX}", pattern.len())));
    }
    if let Err(error) = regex_syntax::Parser::new().parse(pattern) {
        return Err(syntax_error(name, pattern, &error));
    }
    let mut builder = RegexBuilder::new(pattern);
    builder.case_insensitive(true).size_limit(SIZE_BYTES_MAX).dfa_size_limit(SIZE_BYTES_MAX);
    let regex = builder.build().map_err(|error| large(error.to_string()))?;
    if regex.is_match("") {
        return Err(ConfigError::Empty { name: name.to_owned() });
    }
    Ok(regex)
}

fn syntax_error(name: &str, pattern: &str, error: &regex_syntax::Error) -> ConfigError {
    let (problem, start) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), Some(error.span().start)),
        regex_syntax::Error::Translate(error) => {
            (error.kind().to_string(), Some(error.span().start))
        }
        other => (other.to_string(), None),
    };
    let (line, column) = start.map_or((1, 1), |start| (start.line, start.column));
    ConfigError::Syntax {
        name: name.to_owned(),
        line,
        column,
        problem,
        pattern: pattern.lines().nth(line.saturating_sub(1)).unwrap_or_default().to_owned(),
    }
}

/// Tells whether a range is not a part of a longer word or number in Latin letters and digits.
pub(super) fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let inside = &text[start..end];
    let joins =
        |a: Option<char>, b: Option<char>| a.is_some_and(is_wordy) && b.is_some_and(is_wordy);
    !joins(text[..start].chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), text[end..].chars().next())
}
