//! Findings, before and after it is decided which of them stay.
//!
//! Of findings that overlap the longest stays; of equally long ones first what words before it name ("order number"),
//! then what the trainer wrote, then the more specific kind in the order of [`Kind::BUILT_IN`].

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::value::Value;

/// Holds something that was found in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, in bytes of the original text.
    pub span: Range<usize>,
    /// How it is written there.
    pub surface: String,
    /// What it means.
    pub value: Value,
    /// Its role in the sentence, such as `from`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub role: Option<String>,
}

/// A finding that may yet give way, at its place in the folded text.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    pub(super) value: Value,
    /// Whether words beside it tell its kind.
    pub(super) is_told: bool,
}

/// Keeps the findings that stay, in the order of the text.
pub(super) fn resolve(mut found: Vec<Found>) -> Vec<Found> {
    found.retain(|found| !found.range.is_empty());
    found.sort_by_key(|found| {
        let rank = if found.is_told { 0 } else { found.kind.rank() + 1 };
        (usize::MAX - found.range.len(), rank, spelling_of(found), found.range.start)
    });
    // What was taken is kept by where it ends, so that one look-up tells whether a place is free.
    let mut taken: std::collections::BTreeMap<usize, Found> = std::collections::BTreeMap::new();
    for candidate in found {
        let next = taken.range(candidate.range.start + 1..).next();
        let is_free = next.is_none_or(|(_, next)| next.range.start >= candidate.range.end);
        if is_free {
            taken.insert(candidate.range.end, candidate);
        }
    }
    taken.into_values().collect()
}

/// An exact name goes before a misspelt one.
fn spelling_of(found: &Found) -> Option<super::value::Spelling> {
    if let Value::Entry { spelling, .. } = &found.value { Some(*spelling) } else { None }
}
