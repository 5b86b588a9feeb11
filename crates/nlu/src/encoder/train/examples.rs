//! The examples of a fine-tuning: cut into tokens, labels numbered, some held out.
//!
//! Whether they are good examples is not judged here.

use std::collections::BTreeMap;

use super::super::{Encoder, EncoderError};
use super::finetune_options::FineTuneOptions;
use crate::solver::Random;

/// The most labels.
const LABELS_MAX: usize = 10_000;

/// Texts in tokens with the numbers of their labels.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(crate) tokens: Vec<Vec<u32>>,
    pub(crate) labels: Vec<usize>,
}

/// What a fine-tuning learns from and what it is rated by.
#[derive(Debug)]
pub(crate) struct Data {
    pub(crate) labels: Vec<String>,
    pub(crate) train: Texts,
    pub(crate) dev: Texts,
}

impl Texts {
    fn push(&mut self, tokens: Vec<u32>, label: usize) {
        self.tokens.push(tokens);
        self.labels.push(label);
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
        let numbers: BTreeMap<&str, usize> =
            examples.iter().map(|(_, label)| (*label, 0)).collect();
        let numbers: BTreeMap<&str, usize> =
            numbers.keys().enumerate().map(|(at, label)| (*label, at)).collect();
        if !(2..=LABELS_MAX).contains(&numbers.len()) {
            let problem = format!(
                "there are examples of {} labels, expected 2 to {LABELS_MAX}",
                numbers.len()
            );
            return Err(EncoderError::Training(problem));
        }
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
        let labels = numbers.keys().map(|label| (*label).to_owned()).collect();
        Ok(Self { labels, train, dev: held })
    }
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
