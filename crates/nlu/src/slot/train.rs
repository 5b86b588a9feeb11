//! From utterances to a tagger: what is checked, what is collected, in which order.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::feature::Sentence;
use super::fit::{self, Case, Counts, Settings};
use super::index::Index;
use super::lattice::Segment;
use super::lexicon::Lexicon;
use super::options::TaggerOptions;
use super::quantised::Quantised;
use super::reader;
use super::scorer::{self, Vocabulary, Weights};
use super::tagger::Tagger;
use super::tokenizer::Tokenizer;
use super::utterance::{TaggedUtterance, UTTERANCES_MAX};
use super::vectors;
use crate::encoder::{Encoder, EncoderError};
use crate::solver::Random;

/// The most slots that a tagger tells apart.
pub const SLOTS_MAX: usize = 256;
/// The most passes over the utterances.
const PASSES_MAX: usize = 1_000;
/// A feature that fewer sentences have is not learned: it would only say which sentence this is.
const TIMES_MIN: usize = 2;
/// A feature none of whose weights is as large as this is forgotten: it costs time and room, and decides nothing.
const WORTH_MIN: f32 = 0.02;
/// The share of the whole that collecting takes, before weights are learned.
const COLLECTED: f32 = 0.1;
/// The share that it takes if an encoder learns, too.
const TUNED: f32 = 0.8;
/// So many steps are needed at least; small sets are read as often as that takes.
const STEPS_MIN: usize = 12_000;

/// Says why utterances cannot be trained on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaggerError {
    /// There is nothing to find.
    #[error("no utterance has a slot: mark what is to be found, with B-<slot> and I-<slot>")]
    NoSlots,
    /// There are more slots than a tagger tells apart.
    #[error("the utterances have {0} slots: the most is {SLOTS_MAX}")]
    TooManySlots(usize),
    /// There are more utterances than a training takes.
    #[error("there are {0} utterances: the most is {UTTERANCES_MAX}")]
    TooManyUtterances(usize),
    /// An option is outside what it may be.
    #[error("the training option {0} must be {1}")]
    BadOption(&'static str, &'static str),
    /// The encoder cannot learn from the utterances.
    #[error("{0}")]
    Encoder(String),
    /// The caller broke the training off.
    #[error("the training was stopped: start it again for a tagger")]
    Stopped,
}

impl From<EncoderError> for TaggerError {
    fn from(error: EncoderError) -> Self {
        match error {
            EncoderError::Stopped => Self::Stopped,
            other => Self::Encoder(other.to_string()),
        }
    }
}

impl Tagger {
    /// Trains a tagger. The same utterances, in any order, and options give the same tagger.
    ///
    /// `progress` is told the share done, from 0 to 1, and stops the training by breaking.
    ///
    /// # Errors
    /// If the utterances cannot be trained on, an option is out of range, or the training was stopped.
    pub fn train(
        utterances: &[TaggedUtterance],
        options: &TaggerOptions,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<Self, TaggerError> {
        Self::train_with(utterances, options, None, progress)
    }

    /// Trains a tagger that also reads the vectors which an encoder gives the tokens where they stand.
    ///
    /// The vectors of all tokens are kept in memory meanwhile.
    ///
    /// # Errors
    /// As [`Tagger::train`].
    pub fn train_with(
        utterances: &[TaggedUtterance],
        options: &TaggerOptions,
        encoder: Option<Arc<Encoder>>,
        progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<Self, TaggerError> {
        let slots = names(utterances);
        check(utterances.len(), slots.len(), options)?;
        let utterances = shuffled(utterances, options.seed);
        let mut told = |share: f32| match progress(share) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(TaggerError::Stopped),
        };
        told(0.0)?;
        let guesses = reader::foreign_intents(&utterances, options.seed);
        let intents = guesses
            .as_ref()
            .and_then(|_| reader::intents(&utterances.iter().collect::<Vec<_>>(), options.seed));
        told(COLLECTED / 2.0)?;
        let mut collected = Collected::of(&utterances, &slots, guesses);
        let read = if options.fine_tune { TUNED } else { COLLECTED };
        let mut reader = None;
        if let Some(encoder) = &encoder {
            let slots: Vec<&str> = slots.iter().copied().collect();
            let (learned, numbers) =
                vectors::learn(encoder, &utterances, &slots, options, &mut |share| {
                    progress(COLLECTED / 2.0 + (read - COLLECTED / 2.0) * share)
                })?;
            for (case, numbers) in collected.cases.iter_mut().zip(numbers) {
                case.features.dense = numbers;
            }
            reader = Some(learned);
        }
        let settings = settings(options, utterances.len());
        let Collected { mut vocabulary, cases, counts } = collected;
        let weights = fit::fit(&vocabulary, &cases, &counts, &settings, &mut |share| {
            progress(read + (1.0 - read) * share)
        });
        let mut weights = weights.ok_or(TaggerError::Stopped)?;
        prune(&mut vocabulary, &mut weights);
        let texts: Vec<(&str, &[String])> =
            utterances.iter().map(|one| (one.text.as_str(), one.tokens.as_slice())).collect();
        Ok(Self {
            slots: slots.into_iter().map(Arc::from).collect(),
            weights: Quantised::of(&weights),
            vocabulary,
            intents,
            tokenizer: Tokenizer::of(&texts),
            options: *options,
            data_hash: data_hash(&utterances),
            reader,
        })
    }
}

fn names(utterances: &[TaggedUtterance]) -> BTreeSet<&str> {
    utterances.iter().flat_map(|one| &one.slots).map(|slot| slot.slot.as_str()).collect()
}

fn check(utterances: usize, slots: usize, options: &TaggerOptions) -> Result<(), TaggerError> {
    let TaggerOptions { passes, rate, penalty, dropout, .. } = *options;
    if utterances > UTTERANCES_MAX {
        return Err(TaggerError::TooManyUtterances(utterances));
    }
    match slots {
        0 => return Err(TaggerError::NoSlots),
        1..=SLOTS_MAX => {}
        _ => return Err(TaggerError::TooManySlots(slots)),
    }
    let good = [
        ((1..=PASSES_MAX).contains(&passes), "passes", "between 1 and 1000"),
        (rate > 0.0 && rate <= 1.0, "rate", "greater than 0 and at most 1"),
        ((0.0..=1_000.0).contains(&penalty), "penalty", "between 0 and 1000"),
        ((0.0..=0.9).contains(&dropout), "dropout", "between 0 and 0.9"),
    ];
    match good.into_iter().find(|(is_good, ..)| !is_good) {
        Some((_, option, range)) => Err(TaggerError::BadOption(option, range)),
        None => Ok(()),
    }
}

fn settings(options: &TaggerOptions, cases: usize) -> Settings {
    let TaggerOptions { seed, passes, rate, penalty, dropout, .. } = *options;
    let passes = passes.max(STEPS_MIN.div_ceil(cases)).min(PASSES_MAX);
    Settings { seed, passes, rate, penalty, dropout }
}

/// Brings utterances into an order that does not depend on the one in which they were given.
fn shuffled(utterances: &[TaggedUtterance], seed: u64) -> Vec<TaggedUtterance> {
    let mut utterances = utterances.to_vec();
    utterances.sort_unstable();
    Random::new(seed).shuffle(&mut utterances);
    utterances
}

/// Computes the SHA-256 of utterances in hexadecimal, after they were brought into one order.
fn data_hash(utterances: &[TaggedUtterance]) -> String {
    let mut hash = Sha256::new();
    let mut take = |part: &str| {
        // The length goes first, so that no two different sets give the same bytes.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    };
    for one in utterances {
        take(&one.text);
        take(one.intent.as_deref().unwrap_or(""));
        take(&one.tokens.join("\t"));
        for slot in &one.slots {
            take(&format!("{}\t{}\t{}", slot.start, slot.end, slot.slot));
        }
        take("\n");
    }
    hex::encode(hash.finalize())
}

/// What was collected from utterances before anything is learned.
struct Collected {
    vocabulary: Vocabulary,
    cases: Vec<Case>,
    counts: Counts,
}

impl Collected {
    fn of(
        utterances: &[TaggedUtterance],
        slots: &BTreeSet<&str>,
        guesses: Option<Vec<Option<(u64, u64)>>>,
    ) -> Self {
        let slots: Vec<&str> = slots.iter().copied().collect();
        let ways: Vec<Vec<Segment>> = utterances.iter().map(|one| way(one, &slots)).collect();
        let lengths = ways.iter().flatten().map(|segment| segment.end - segment.start);
        let length_max = lengths.max().unwrap_or(1);
        let mut sentences: Vec<Sentence> =
            utterances.iter().map(|one| reader::read(&one.tokens)).collect();
        for (sentence, guess) in sentences.iter_mut().zip(guesses.into_iter().flatten()) {
            sentence.intent = guess;
        }
        let words: Vec<(Vec<u64>, &[Segment])> =
            sentences.iter().zip(&ways).map(|(one, way)| (one.words(), way.as_slice())).collect();
        let lexicon = Lexicon::of(&words, length_max);
        for (sentence, way) in sentences.iter_mut().zip(&ways) {
            scorer::classify(sentence, &lexicon, Some(way));
        }
        let mut vocabulary = Vocabulary::empty(slots.len(), length_max, lexicon);
        let counts = count(&mut vocabulary, &sentences, &ways);
        let cases = sentences.iter().zip(ways).map(|(sentence, way)| Case {
            features: vocabulary.features(sentence, Some(&way)),
            tokens: sentence.tokens.len(),
            way,
        });
        Self { cases: cases.collect(), counts, vocabulary }
    }
}

fn way(utterance: &TaggedUtterance, slots: &[&str]) -> Vec<Segment> {
    let number = |name: &str| slots.binary_search(&name).ok();
    let slots = utterance.slots.iter();
    slots
        .filter_map(|one| {
            Some(Segment { start: one.start, end: one.end, slot: number(&one.slot)? })
        })
        .collect()
}

/// Fills the vocabulary with the features that several sentences have; those of ends and spans count where a slot is.
fn count(vocabulary: &mut Vocabulary, sentences: &[Sentence], ways: &[Vec<Segment>]) -> Counts {
    let (mut tokens, mut ends, mut spans) = (Vec::new(), Vec::new(), Vec::new());
    let mut keys = Vec::new();
    for (sentence, way) in sentences.iter().zip(ways) {
        let words = sentence.words();
        let mut own = [Vec::new(), Vec::new(), Vec::new()];
        for place in 0..words.len() {
            sentence.token_keys(place, &mut keys);
            own[0].extend_from_slice(&keys);
        }
        for segment in way {
            sentence.end_keys(segment.end - 1, &mut keys);
            own[1].extend_from_slice(&keys);
            let value = vocabulary.value(&words, segment.start, segment.end, Some(way));
            sentence.span_keys(segment.start, segment.end, value, &mut keys);
            own[2].extend_from_slice(&keys);
        }
        for (own, all) in own.iter_mut().zip([&mut tokens, &mut ends, &mut spans]) {
            own.sort_unstable();
            own.dedup();
            all.extend_from_slice(own);
        }
    }
    let mut counts = Counts::default();
    (vocabulary.tokens, counts.tokens) = Index::of_frequent(tokens, TIMES_MIN);
    (vocabulary.ends, counts.ends) = Index::of_frequent(ends, TIMES_MIN);
    (vocabulary.spans, counts.spans) = Index::of_frequent(spans, TIMES_MIN);
    counts
}

/// Forgets the features none of whose weights is worth its place.
fn prune(vocabulary: &mut Vocabulary, weights: &mut Weights) {
    let slots = vocabulary.slots;
    for (index, rows, width) in [
        (&mut vocabulary.tokens, &mut weights.tokens, scorer::token_width(slots)),
        (&mut vocabulary.ends, &mut weights.ends, slots),
        (&mut vocabulary.spans, &mut weights.spans, slots),
    ] {
        let (mut keys, mut kept) = (Vec::new(), Vec::new());
        for (key, row) in index.keys().iter().zip(rows.chunks_exact(width)) {
            if row.iter().any(|weight| weight.abs() >= WORTH_MIN) {
                keys.push(*key);
                kept.extend_from_slice(row);
            }
        }
        *index = Index::new(keys);
        *rows = kept;
    }
}
