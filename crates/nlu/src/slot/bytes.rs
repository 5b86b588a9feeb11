//! The file of a tagger's numbers: how they stand in it, little-endian, and what is refused on the way back.
//!
//! A checksum has vouched for the file before it comes here; what is checked again is that no number of it leads out of
//! bounds.

use std::collections::HashMap;

use super::index::Index;
use super::lattice::{Entering, Transitions};
use super::lexicon::{Counts, Lexicon};
use super::quantised::{Quantised, Table};
use super::scorer::{Vocabulary, token_width};

const MAGIC: [u8; 8] = *b"ATTUNE-S";

/// How many of each there are; the manifest says so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) slots: usize,
    pub(super) length_max: usize,
    pub(super) token_width: usize,
}

/// Writes the numbers of a tagger.
pub(super) fn write(vocabulary: &Vocabulary, weights: &Quantised) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for (index, table) in [
        (&vocabulary.tokens, &weights.tokens),
        (&vocabulary.ends, &weights.ends),
        (&vocabulary.spans, &weights.spans),
    ] {
        bytes.extend((index.len() as u32).to_le_bytes());
        bytes.extend(index.keys().iter().flat_map(|key| key.to_le_bytes()));
        bytes.extend_from_slice(table.bytes());
    }
    put_floats(&mut bytes, &weights.dense);
    for part in weights.transitions.parts() {
        put_floats(&mut bytes, part);
    }
    put_counts(&mut bytes, &vocabulary.lexicon.words);
    put_counts(&mut bytes, &vocabulary.lexicon.values);
    bytes
}

/// Reads what [`write()`] wrote.
pub(super) fn read(bytes: &[u8], sizes: Sizes) -> Result<(Vocabulary, Quantised), &'static str> {
    let Sizes { slots, length_max, token_width: numbers } = sizes;
    let mut reader = Reader(bytes);
    if reader.take(MAGIC.len())? != MAGIC {
        return Err("it does not begin as the file of a tagger");
    }
    let (tokens, token_rows) = reader.table(token_width(slots))?;
    let (ends, end_rows) = reader.table(slots)?;
    let (spans, span_rows) = reader.table(slots)?;
    let dense = reader.floats(numbers.saturating_mul(token_width(slots) + slots))?;
    let mut transitions = Transitions::zero(slots);
    for part in transitions.parts_mut() {
        let read = reader.floats(part.len())?;
        part.copy_from_slice(&read);
    }
    let words = reader.counts()?;
    let values = reader.counts()?;
    if !reader.0.is_empty() {
        return Err("it is longer than its content");
    }
    let lexicon = Lexicon { words, values };
    let vocabulary = Vocabulary { slots, length_max, tokens, ends, spans, lexicon };
    let entering = Entering::of(&transitions);
    let weights = Quantised {
        tokens: token_rows,
        ends: end_rows,
        spans: span_rows,
        dense,
        transitions,
        entering,
    };
    Ok((vocabulary, weights))
}

fn put_floats(bytes: &mut Vec<u8>, values: &[f32]) {
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

/// Writes counts by their key, so that the same tagger gives the same bytes.
fn put_counts(bytes: &mut Vec<u8>, all: &HashMap<u64, Counts>) {
    let mut sorted: Vec<(&u64, &Counts)> = all.iter().collect();
    sorted.sort_unstable();
    bytes.extend((sorted.len() as u32).to_le_bytes());
    for (key, counts) in sorted {
        bytes.extend(key.to_le_bytes());
        bytes.extend((counts.len() as u32).to_le_bytes());
        for (label, count) in counts {
            bytes.extend(label.to_le_bytes());
            bytes.extend(count.to_le_bytes());
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], &'static str> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or("it ends too early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], &'static str> {
        self.take(N)?.try_into().map_err(|_| "it ends too early")
    }

    fn number(&mut self) -> Result<usize, &'static str> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    fn floats(&mut self, count: usize) -> Result<Vec<f32>, &'static str> {
        let bytes = self.take(count.saturating_mul(4))?;
        let values: Vec<f32> =
            bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
        let all_finite = values.iter().all(|value| value.is_finite());
        all_finite.then_some(values).ok_or("a number in it is not finite")
    }

    fn table(&mut self, width: usize) -> Result<(Index, Table), &'static str> {
        let count = self.number()?;
        let keys = self.take(count.saturating_mul(4))?;
        let keys: Vec<u32> =
            keys.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
        if !keys.is_sorted_by(|a, b| a < b) {
            return Err("its keys are out of order");
        }
        let rows = self.take(count.saturating_mul(Table::row_bytes(width)))?;
        let table = Table::from_bytes(width, rows).ok_or("a number in it is not finite")?;
        Ok((Index::new(keys), table))
    }

    fn counts(&mut self) -> Result<HashMap<u64, Counts>, &'static str> {
        let entries = self.number()?;
        let mut all = HashMap::new();
        for _ in 0..entries {
            let key = u64::from_le_bytes(self.array()?);
            let mut counts = Counts::new();
            for _ in 0..self.number()? {
                let label = u16::from_le_bytes(self.array()?);
                counts.push((label, u32::from_le_bytes(self.array()?)));
            }
            all.insert(key, counts);
        }
        Ok(all)
    }
}
