//! Names that a trainer lists, with what they are called in any language, found also when they are misspelt.
//!
//! Exact names are found by one pass over the text, whatever their number. `homophone` finds Chinese names written
//! with characters that sound alike, `typo` names with a few wrong letters; neither guesses at short names.

mod homophone;
mod typo;

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::config::{ConfigError, Gazetteer, SYNONYM_CHARS_MAX};
use super::fold::Folded;
use super::found::Found;
use super::kind::Kind;
use super::pattern::stands_alone;
use super::value::{Spelling, Value};
use homophone::Homophones;
use typo::Typos;

/// The most places of one text at which names are considered.
const MATCHES_MAX: usize = 8_192;

/// Finds the names of all gazetteers.
#[derive(Debug)]
pub(super) struct Gazetteers {
    names: Vec<Name>,
    exact: Option<AhoCorasick>,
    homophones: Homophones,
    typos: Typos,
}

/// One name of an entry, folded.
#[derive(Debug)]
struct Name {
    folded: String,
    kind: Kind,
    value: String,
    fuzzy: bool,
}

impl Gazetteers {
    pub(super) fn new(lists: &[Gazetteer]) -> Result<Self, ConfigError> {
        let mut names = Vec::new();
        for list in lists {
            let kind = Kind::from(list.name.as_str());
            for (i, entry) in list.entries.iter().enumerate() {
                for synonym in std::iter::once(&entry.value).chain(&entry.synonyms) {
                    let problem = |problem| ConfigError::Entry {
                        gazetteer: list.name.clone(),
                        entry: i + 1,
                        problem,
                    };
                    let folded = fold_name(synonym).map_err(problem)?;
                    let (kind, value) = (kind.clone(), entry.value.clone());
                    names.push(Name { folded, kind, value, fuzzy: list.fuzzy });
                }
            }
        }
        Self::of_names(names)
    }

    fn of_names(names: Vec<Name>) -> Result<Self, ConfigError> {
        let too_large = |error: aho_corasick::BuildError| ConfigError::Entry {
            gazetteer: names.first().map(|name| name.kind.name().to_owned()).unwrap_or_default(),
            entry: 1,
            problem: format!("all entries together are too large ({error}): give fewer"),
        };
        let build = || AhoCorasick::new(names.iter().map(|name| &name.folded));
        let exact = (!names.is_empty()).then(build).transpose().map_err(too_large)?;
        let homophones = Homophones::new(&names).map_err(too_large)?;
        let typos = Typos::new(&names);
        Ok(Self { exact, homophones, typos, names })
    }

    /// Finds names in a folded text.
    pub(super) fn find(&self, text: &str, found: &mut Vec<Found>) {
        let Some(exact) = &self.exact else { return };
        let mut push = |id: usize, range: Range<usize>, spelling: Spelling| {
            if stands_alone(text, range.start, range.end) {
                let Name { kind, value, .. } = &self.names[id];
                let value = Value::Entry { value: value.clone(), spelling };
                found.push(Found { kind: kind.clone(), range, value, is_told: false });
            }
        };
        for matched in exact.find_overlapping_iter(text).take(MATCHES_MAX) {
            push(matched.pattern().as_usize(), matched.range(), Spelling::Exact);
        }
        self.homophones.find(text, &self.names, &mut push);
        self.typos.find(text, &self.names, &mut push);
    }
}

/// Folds a name as texts are folded.
fn fold_name(name: &str) -> Result<String, String> {
    if name.chars().count() > SYNONYM_CHARS_MAX {
        let start: String = name.chars().take(20).collect();
        return Err(format!("{start:?}… is too long: give at most {SYNONYM_CHARS_MAX} characters"));
    }
    let folded = Folded::new(name).text().trim().to_owned();
    if folded.is_empty() {
        return Err("a value or synonym is empty: remove it".to_owned());
    }
    Ok(folded)
}
