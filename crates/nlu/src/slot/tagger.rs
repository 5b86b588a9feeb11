//! The tagger: trained from utterances whose slots are marked, asked about a text or about tokens.
//!
//! How it is kept on disk is the matter of `keep.rs`, how good it is that of `report.rs`.

use std::sync::Arc;

use serde::Serialize;

use super::lattice::{self, Lattice, Potentials};
use super::options::TaggerOptions;
use super::quantised::Quantised;
use super::reader;
use super::scorer::{self, PerToken, Vocabulary};
use super::tokenizer::Tokenizer;
use super::utterance::{TOKENS_MAX, TokenSlot};
use super::vectors::TokenReader;
use crate::model::Model;
use crate::text;

/// Names a slot in a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slot {
    /// The name of the slot.
    pub slot: Arc<str>,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends in the text, in bytes.
    pub end: usize,
    /// What stands there.
    pub value: String,
    /// The probability that the slot is right, name and ends, as the tagger sees it.
    pub confidence: f32,
}

/// Names a slot among tokens that were given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundSlot {
    /// The name of the slot.
    pub slot: Arc<str>,
    /// The place of its first token.
    pub start: usize,
    /// The place after its last token.
    pub end: usize,
    /// The probability that the slot is right, name and ends, as the tagger sees it.
    pub confidence: f32,
}

/// Finds slots. Cheap to share between threads; asking changes nothing.
#[derive(Clone)]
pub struct Tagger {
    pub(super) slots: Vec<Arc<str>>,
    pub(super) vocabulary: Vocabulary,
    pub(super) weights: Quantised,
    pub(super) intents: Option<Model>,
    pub(super) tokenizer: Tokenizer,
    pub(super) options: TaggerOptions,
    pub(super) data_hash: String,
    pub(super) reader: Option<TokenReader>,
}

impl FoundSlot {
    pub(super) fn into_token_slot(self) -> TokenSlot {
        TokenSlot { start: self.start, end: self.end, slot: self.slot.to_string() }
    }
}

impl Tagger {
    /// Finds the slots of a text, in order; they lie inside it and do not overlap.
    ///
    /// Only the first [`TOKENS_MAX`] tokens of the first [`text::CHARS_MAX`] characters are read.
    #[must_use]
    pub fn tag(&self, text: &str) -> Vec<Slot> {
        let text = text::capped(text);
        let mut ranges = self.tokenizer.cut(text);
        ranges.truncate(TOKENS_MAX);
        let tokens: Vec<&str> = ranges.iter().map(|range| &text[range.clone()]).collect();
        let found = self.tag_tokens(&tokens).into_iter().map(|found| {
            let (start, end) = (ranges[found.start].start, ranges[found.end - 1].end);
            let value = text[start..end].to_owned();
            Slot { slot: found.slot, start, end, value, confidence: found.confidence }
        });
        found.collect()
    }

    /// Finds the slots among tokens, in order; only the first [`TOKENS_MAX`] are read.
    #[must_use]
    pub fn tag_tokens(&self, tokens: &[impl AsRef<str>]) -> Vec<FoundSlot> {
        let tokens = &tokens[..tokens.len().min(TOKENS_MAX)];
        if tokens.is_empty() {
            return Vec::new();
        }
        let potentials = self.potentials(tokens);
        let way = lattice::best(&potentials, &self.weights.transitions);
        if way.is_empty() {
            return Vec::new();
        }
        let mut lattice = Lattice::default();
        lattice.sum(&potentials, &self.weights.transitions, &self.weights.entering);
        let found = |segment: lattice::Segment| FoundSlot {
            slot: Arc::clone(&self.slots[segment.slot]),
            start: segment.start,
            end: segment.end,
            confidence: lattice.probability(&potentials, segment),
        };
        way.into_iter().map(found).collect()
    }

    /// Returns the names of the slots, sorted.
    pub fn slots(&self) -> impl ExactSizeIterator<Item = &str> {
        self.slots.iter().map(|slot| &**slot)
    }

    /// Returns how the tagger cuts a text into tokens.
    #[must_use]
    pub fn tokenizer(&self) -> Tokenizer {
        self.tokenizer
    }

    /// Returns the hash of the utterances that the tagger was trained on.
    #[must_use]
    pub fn data_hash(&self) -> &str {
        &self.data_hash
    }

    fn potentials(&self, tokens: &[impl AsRef<str>]) -> Potentials {
        let mut sentence = reader::read(tokens);
        sentence.intent = self.intents.as_ref().and_then(|model| reader::intent(model, tokens));
        scorer::classify(&mut sentence, &self.vocabulary.lexicon, None);
        let mut features = self.vocabulary.features(&sentence, None);
        if let Some(reader) = &self.reader {
            features.dense = reader.read(&[tokens]).remove(0);
        }
        let shape = self.vocabulary.shape(tokens.len());
        let mut potentials = Potentials::zero(shape);
        scorer::score(&self.weights, &features, shape, &mut PerToken::default(), &mut potentials);
        potentials
    }
}

impl std::fmt::Debug for Tagger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tagger")
            .field("slots", &self.slots)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
