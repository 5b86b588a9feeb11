//! What a recogniser is built from: plain data that a trainer writes, and what can be wrong with it.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::role::RoleCue;

/// The most synonyms, values included, that all gazetteers have together.
pub const SYNONYMS_MAX: usize = 500_000;
/// The most characters of a value or synonym.
pub const SYNONYM_CHARS_MAX: usize = 100;
/// The most patterns.
pub const PATTERNS_MAX: usize = 1_000;
/// The most bytes of a pattern as it is written.
pub const PATTERN_BYTES_MAX: usize = 2_000;
/// The most cues of roles.
const CUES_MAX: usize = 10_000;
/// The most bytes of the name of a kind or a role.
const NAME_BYTES_MAX: usize = 100;

/// Holds what a recogniser looks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The built-in kinds that are looked for.
    pub kinds: Vec<Kind>,
    /// Lists of names.
    pub gazetteers: Vec<Gazetteer>,
    /// Regular expressions.
    pub patterns: Vec<Pattern>,
    /// The regular expression of order numbers, if the usual forms will not do; its first group is the number.
    pub order_number: Option<String>,
    /// How 3/4 is read.
    pub date_order: DateOrder,
    /// The words that give a finding its role; `None` for the built-in ones.
    pub roles: Option<Vec<RoleCue>>,
}

/// Holds a list of names with a kind of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gazetteer {
    /// The kind of its findings.
    pub name: String,
    /// What it lists.
    pub entries: Vec<Entry>,
    /// Whether misspelt names are found as well.
    #[serde(default = "yes")]
    pub fuzzy: bool,
}

/// Holds a value of a gazetteer with everything that it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The value that a finding gets; also a name of it.
    pub value: String,
    /// Other names, in any language.
    #[serde(default)]
    pub synonyms: Vec<String>,
}

/// Holds a regular expression with a kind of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// The kind of its findings.
    pub name: String,
    /// The expression; case and width do not matter.
    pub pattern: String,
    /// Whether a finding may not be a part of a longer word or number in Latin letters and digits.
    #[serde(default = "yes")]
    pub whole_words: bool,
}

/// Tells which of two numbers with a slash between is the month, where both may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// The first, as in China and in America.
    #[default]
    MonthFirst,
    /// The second, as in Europe.
    DayFirst,
}

/// Says what is wrong with a configuration, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A regular expression that cannot be read.
    #[error("pattern `{name}`, line {line}, column {column}: {problem}; mend it there: {pattern}")]
    Syntax {
        /// The pattern.
        name: String,
        /// The line of the pattern, from 1.
        line: usize,
        /// The character in the line, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
        /// The line of the pattern.
        pattern: String,
    },
    /// A regular expression that would need too much memory.
    #[error("pattern `{name}` is too large ({problem}): use smaller repetitions")]
    Large {
        /// The pattern.
        name: String,
        /// Why.
        problem: String,
    },
    /// A regular expression that matches where nothing is.
    #[error("pattern `{name}` matches an empty text: let at least one character be required")]
    Empty {
        /// The pattern.
        name: String,
    },
    /// A name that cannot be used.
    #[error("{place}: the name {name:?} cannot be used: {problem}")]
    Name {
        /// Where it stands.
        place: String,
        /// The name.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A value or synonym of a gazetteer that cannot be found in any text.
    #[error("gazetteer `{gazetteer}`, entry {entry}: {problem}")]
    Entry {
        /// The gazetteer.
        gazetteer: String,
        /// The number of the entry, from 1.
        entry: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// More of something than there may be.
    #[error("{what}: {count} are too many: the most is {most}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
}

impl Default for Config {
    fn default() -> Self {
        Self {
            kinds: Kind::BUILT_IN.to_vec(),
            gazetteers: Vec::new(),
            patterns: Vec::new(),
            order_number: None,
            date_order: DateOrder::default(),
            roles: None,
        }
    }
}

impl Config {
    /// Checks the names and sizes of everything.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let synonyms = self.gazetteers.iter().flat_map(|list| &list.entries);
        let synonyms = synonyms.map(|entry| 1 + entry.synonyms.len()).sum();
        at_most("synonyms of gazetteers", synonyms, SYNONYMS_MAX)?;
        at_most("patterns", self.patterns.len(), PATTERNS_MAX)?;
        let cues = self.roles.as_deref().unwrap_or_default();
        let words = cues.iter().map(|cue| cue.before.len() + cue.after.len() + 1).sum();
        at_most("cues of roles", words, CUES_MAX)?;
        let foreign = self.kinds.iter().position(|kind| !kind.is_built_in());
        if let Some(i) = foreign {
            return Err(ConfigError::Name {
                place: format!("kinds, entry {}", i + 1),
                name: self.kinds[i].name().to_owned(),
                problem: "it is no built-in kind; gazetteers and patterns need no mention there",
            });
        }
        self.gazetteers.iter().try_for_each(|list| check_name("gazetteers", &list.name))?;
        self.patterns.iter().try_for_each(|pattern| check_name("patterns", &pattern.name))
    }
}

fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), ConfigError> {
    if count > most { Err(ConfigError::TooMany { what, count, most }) } else { Ok(()) }
}

fn check_name(place: &str, name: &str) -> Result<(), ConfigError> {
    let problem = if name.trim().is_empty() {
        "give one with at least one character"
    } else if name.len() > NAME_BYTES_MAX {
        "give one of at most 100 bytes"
    } else if Kind::from(name).is_built_in() {
        "a built-in kind has it; give another"
    } else {
        return Ok(());
    };
    Err(ConfigError::Name {
        place: place.to_owned(),
        name: name.chars().take(80).collect(),
        problem,
    })
}

fn yes() -> bool {
    true
}
