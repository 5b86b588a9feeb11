//! The examples of a fine-tuning: cut into tokens, labels numbered, some held out.
//!
//! Whether they are good examples is not judged here.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::ops::Range;

use super::super::tokenizer::Tokens;
use super::super::{Encoder, EncoderError};
use super::finetune_options::FineTuneOptions;
use crate::solver::Random;

/// The most labels.
const LABELS_MAX: usize = 10_000;

/// Texts in tokens with the places in each that have a label, and the numbers of these labels.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(crate) tokens: Vec<Vec<u32>>,
    pub(crate) places: Vec<Vec<Range<usize>>>,
    pub(crate) labels: Vec<Vec<usize>>,
}

/// An utterance whose words have labels.
#[derive(Debug, Clone)]
pub struct LabelledWords<'a> {
    /// What was said.
    pub text: &'a str,
    /// Where each word stands in the text, in bytes and in order, and its label.
    pub words: Vec<(Range<usize>, &'a str)>,
}

/// What a fine-tuning learns from and what it is rated by.
#[derive(Debug)]
pub(crate) struct Data {
    pub(crate) labels: Vec<String>,
    pub(crate) train: Texts,
    pub(crate) dev: Texts,
}

impl Texts {
    /// Adds a text that has a label as a whole.
    fn push(&mut self, tokens: Vec<u32>, label: usize) {
        self.places.push(iter::once(0..tokens.len()).collect());
        self.labels.push(vec![label]);
        self.tokens.push(tokens);
    }
}

impl Data {
    /// Cuts the examples into tokens and, if need be, holds some out.
    pub(crate) fn new(
        encoder: &Encoder,
        examples: &[(&str, &str)],
        dev: &[(&str, &str)],
        options: &FineTuneOptions,
    ) -> Result<Self, EncoderError> {
        let numbers = numbered(examples.iter().map(|(_, label)| *label))?;
        let (mut train, mut held) = (Texts::default(), Texts::default());
        let hold = if dev.is_empty() { held_out(examples, &numbers, options) } else { Vec::new() };
        for (at, (text, label)) in examples.iter().enumerate() {
            let to = if hold.binary_search(&at).is_ok() { &mut held } else { &mut train };
            to.push(encoder.tokens(text, options.tokens_max), numbers[label]);
        }
        for (text, label) in dev {
            // A label that was never seen cannot be found; as one past the last it counts as an error.
            let number = numbers.get(label).copied().unwrap_or(numbers.len());
            held.push(encoder.tokens(text, options.tokens_max), number);
        }
        Ok(Self { labels: names(&numbers), train, dev: held })
    }

    /// Cuts utterances whose words have labels into tokens.
    pub(crate) fn of_words(
        encoder: &Encoder,
        utterances: &[LabelledWords<'_>],
        options: &FineTuneOptions,
    ) -> Result<Self, EncoderError> {
        let words = utterances.iter().flat_map(|one| &one.words);
        let numbers = numbered(words.map(|(_, label)| *label))?;
        let mut train = Texts::default();
        for utterance in utterances {
            let Tokens { mut ids, mut spans } = encoder.tokenizer.encode(utterance.text);
            ids.truncate(options.tokens_max);
            spans.truncate(options.tokens_max);
            let found = utterance.words.iter().filter_map(|(word, label)| {
                let is_of = |span: &Option<Range<usize>>| {
                    span.as_ref().is_some_and(|span| word.contains(&span.start))
                };
                let start = spans.iter().position(is_of)?;
                let end = start + spans[start..].iter().take_while(|span| is_of(span)).count();
                Some((start..end, numbers[label]))
            });
            let (places, labels): (Vec<_>, Vec<_>) = found.unzip();
            if !places.is_empty() {
                train.tokens.push(ids);
                train.places.push(places);
                train.labels.push(labels);
            }
        }
        Ok(Self { labels: names(&numbers), train, dev: Texts::default() })
    }
}

/// Gives each label a number, in the order of their names.
fn numbered<'a>(
    labels: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<&'a str, usize>, EncoderError> {
    let labels: BTreeSet<&str> = labels.collect();
    if !(2..=LABELS_MAX).contains(&labels.len()) {
        let problem =
            format!("there are examples of {} labels, expected 2 to {LABELS_MAX}", labels.len());
        return Err(EncoderError::Training(problem));
    }
    Ok(labels.into_iter().enumerate().map(|(number, label)| (label, number)).collect())
}

fn names(numbers: &BTreeMap<&str, usize>) -> Vec<String> {
    numbers.keys().map(|label| (*label).to_owned()).collect()
}

/// Chooses the same share of each label's examples; a label keeps at least two of its own.
fn held_out(
    examples: &[(&str, &str)],
    numbers: &BTreeMap<&str, usize>,
    options: &FineTuneOptions,
) -> Vec<usize> {
    let mut order: Vec<usize> = (0..examples.len()).collect();
    Random::new(options.seed).shuffle(&mut order);
    let mut of_label = vec![Vec::new(); numbers.len()];
    for at in order {
        of_label[numbers[examples[at].1]].push(at);
    }
    let mut held: Vec<usize> = Vec::new();
    for own in of_label {
        let count = (own.len() as f32 * options.held_out).round() as usize;
        held.extend(&own[..count.min(own.len().saturating_sub(2))]);
    }
    held.sort_unstable();
    held
}
