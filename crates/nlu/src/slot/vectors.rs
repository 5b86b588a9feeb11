//! What an encoder says of tokens: their vectors, or, once it has learned from utterances, which slot each is likely in.
//!
//! How much that counts beside the words is learned by the tagger.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::options::TaggerOptions;
use super::utterance::{TaggedUtterance, joined};
use crate::encoder::{
    Encoder, EncoderError, FineTuneOptions, Head, LabelledWords, OnProgress, TokenVector,
    finetune_words,
};

/// What a token is taken for that is in no slot: no slot has this name.
const NONE: &str = "";
/// A slot is as good as excluded if the logarithm of its probability is not above this.
const LOG_MIN: f32 = -8.0;
/// Utterances that are read at once.
const READ_AT_ONCE: usize = 64;
/// The share of the time that the two halves take, before the whole is learned from.
const HALVES: f32 = 0.5;

/// Reads tokens where they stand.
#[derive(Debug, Clone)]
pub(super) struct TokenReader {
    pub(super) encoder: Arc<Encoder>,
    /// What the encoder learned of slots, if it did.
    pub(super) head: Option<Head>,
}

/// The numbers of an utterance's tokens, one token behind the other.
pub(super) type Numbers = Vec<f32>;

/// Returns how tokens are to be read, and what is read of the utterances that a tagger learns from.
///
/// An encoder that learns from them would know them by heart. So each half is read by one that learned from the other,
/// and tells as much of it as the last one, which learned from all, tells of what is to come.
///
/// # Errors
/// If the encoder cannot learn from them, or the caller breaks.
pub(super) fn learn(
    encoder: &Arc<Encoder>,
    utterances: &[TaggedUtterance],
    slots: &[&str],
    options: &TaggerOptions,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Result<(TokenReader, Vec<Numbers>), EncoderError> {
    let all: Vec<&TaggedUtterance> = utterances.iter().collect();
    if !options.fine_tune {
        let reader = TokenReader { encoder: Arc::clone(encoder), head: None };
        let numbers = reader.read_all(&all, progress)?;
        return Ok((reader, numbers));
    }
    let labels: Vec<&str> = [NONE].into_iter().chain(slots.iter().copied()).collect();
    let mut tune = |from: &[&TaggedUtterance], start: f32, share: f32| {
        TokenReader::tune(encoder, from, &labels, options.seed, &mut |made| {
            progress(start + share * made.step as f32 / made.steps as f32)
        })
    };
    let halves = [0, 1].map(|half| all.iter().skip(half).step_by(2).copied().collect::<Vec<_>>());
    let first = tune(&halves[1], 0.0, HALVES / 2.0)?.read_all(&halves[0], &mut go_on)?;
    let second = tune(&halves[0], HALVES / 2.0, HALVES / 2.0)?.read_all(&halves[1], &mut go_on)?;
    let reader = tune(&all, HALVES, 1.0 - HALVES)?;
    let mut halves = [first.into_iter(), second.into_iter()];
    let numbers = (0..all.len()).filter_map(|at| halves[at % 2].next()).collect();
    Ok((reader, numbers))
}

fn go_on(_: f32) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

impl TokenReader {
    /// Lets an encoder learn from utterances in which slots their tokens are.
    fn tune(
        encoder: &Encoder,
        utterances: &[&TaggedUtterance],
        labels: &[&str],
        seed: u64,
        on_progress: OnProgress<'_>,
    ) -> Result<Self, EncoderError> {
        let texts: Vec<String> = utterances.iter().map(|one| joined(&one.tokens)).collect();
        let labelled: Vec<LabelledWords<'_>> = utterances
            .iter()
            .zip(&texts)
            .map(|(utterance, text)| labelled(utterance, text))
            .collect();
        let options = FineTuneOptions { seed, ..FineTuneOptions::words() };
        let tuned = finetune_words(encoder, &labelled, &options, None, on_progress)?;
        Ok(Self { encoder: Arc::new(tuned.encoder), head: Some(tuned.head.with_labels(labels)) })
    }

    /// Returns how many numbers a token has.
    pub(super) fn width(&self) -> usize {
        self.head.as_ref().map_or(self.encoder.width(), |head| head.labels().len())
    }

    /// Returns the numbers of the tokens of each utterance. A token beyond what the encoder reads has zeros.
    pub(super) fn read(&self, utterances: &[&[impl AsRef<str>]]) -> Vec<Numbers> {
        let texts: Vec<String> = utterances.iter().map(|tokens| joined(tokens)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let read = self.encoder.embed_tokens(&texts);
        let mut all = Vec::with_capacity(utterances.len());
        for ((tokens, text), pieces) in utterances.iter().zip(texts).zip(&read) {
            let vectors = per_token(tokens, text, pieces, self.encoder.width());
            all.push(match &self.head {
                Some(head) => likelihoods(head, &vectors, self.encoder.width()),
                None => vectors,
            });
        }
        all
    }

    fn read_all(
        &self,
        utterances: &[&TaggedUtterance],
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<Vec<Numbers>, EncoderError> {
        let mut all = Vec::with_capacity(utterances.len());
        for part in utterances.chunks(READ_AT_ONCE) {
            let tokens: Vec<&[String]> = part.iter().map(|one| one.tokens()).collect();
            all.extend(self.read(&tokens));
            if progress(all.len() as f32 / utterances.len() as f32).is_break() {
                return Err(EncoderError::Stopped);
            }
        }
        Ok(all)
    }
}

/// Labels each token of an utterance with its slot.
fn labelled<'a>(utterance: &'a TaggedUtterance, text: &'a str) -> LabelledWords<'a> {
    let mut words: Vec<(Range<usize>, &str)> =
        places(&utterance.tokens, text).map(|place| (place, NONE)).collect();
    for slot in &utterance.slots {
        for (_, label) in &mut words[slot.start..slot.end] {
            *label = &slot.slot;
        }
    }
    LabelledWords { text, words }
}

/// Says where each token stands in the text that they were joined to.
fn places(tokens: &[impl AsRef<str>], text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    tokens.iter().map(move |token| {
        let token = token.as_ref();
        let start = end + text[end..].find(token).unwrap_or(0);
        end = start + token.len();
        start..end
    })
}

/// Adds up the vectors of the pieces that each token of a text fell into, and brings the sum to length one: encoders
/// differ in scale.
fn per_token(
    tokens: &[impl AsRef<str>],
    text: &str,
    pieces: &[TokenVector],
    width: usize,
) -> Numbers {
    let mut all = vec![0.0; width * tokens.len()];
    let mut pieces = pieces.iter().peekable();
    for (place, vector) in places(tokens, text).zip(all.chunks_exact_mut(width)) {
        while let Some(piece) = pieces.next_if(|piece| piece.span.start < place.end) {
            vector.iter_mut().zip(&piece.vector).for_each(|(to, value)| *to += value);
        }
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            vector.iter_mut().for_each(|value| *value /= length);
        }
    }
    all
}

/// How likely each label is for each token: 1 if it is sure, 0 if it is as good as excluded, by the logarithm.
fn likelihoods(head: &Head, vectors: &[f32], width: usize) -> Numbers {
    let mut all = Vec::with_capacity(vectors.len() / width * head.labels().len());
    for vector in vectors.chunks_exact(width) {
        let was_read = vector.iter().any(|value| *value != 0.0);
        let scale = |probability: &f32| match was_read {
            true => (1.0 - probability.ln() / LOG_MIN).max(0.0),
            false => 0.0,
        };
        all.extend(head.probabilities(vector).iter().map(scale));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_the_vectors_of_its_pieces() {
        let piece = |span, vector: [f32; 2]| TokenVector { span, vector: vector.to_vec() };
        let tokens = ["to", "Chengdu", "去", "成都", "!"];
        let pieces = [
            piece(0..2, [0.0, 2.0]),
            piece(3..8, [3.0, 0.0]),
            piece(8..10, [0.0, 4.0]),
            piece(10..13, [1.0, 0.0]),
            piece(13..16, [0.0, 1.0]),
            piece(16..19, [0.0, 1.0]),
        ];

        let all = per_token(&tokens, &joined(&tokens), &pieces, 2);

        assert_eq!(all, [0.0, 1.0, 0.6, 0.8, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn a_token_is_labelled_with_the_slot_that_it_is_in() {
        let tokens = ["fly", "to", "New", "Delhi"].map(str::to_owned).to_vec();
        let tags = ["O", "O", "B-city", "I-city"];
        let utterance = TaggedUtterance::from_tags(None, None, tokens, &tags).unwrap();

        let LabelledWords { text, words } = labelled(&utterance, "fly to New Delhi");

        let said: Vec<(&str, &str)> =
            words.into_iter().map(|(place, label)| (&text[place], label)).collect();
        assert_eq!(said, [("fly", NONE), ("to", NONE), ("New", "city"), ("Delhi", "city")]);
    }
}
