//! Learns the weights: AdaGrad (Duchi et al., 2011) over sentences in a shuffled order, with a quadratic penalty and
//! features left out at random, averaged over the last passes.
//!
//! What a sentence's features are is no matter of this module.

use std::ops::ControlFlow;

use super::feature::mix;
use super::lattice::{self, Entering, Lattice, Potentials, Segment, Shape, Transitions};
use super::lexicon;
use super::scorer::{self, Features, PerToken, Vocabulary, Weights};
use crate::solver::{Random, add_scaled};

/// A gradient smaller than this moves nothing: most tokens are soon understood.
const STILL: f32 = 1e-3;
/// What the sum of squared slopes begins with: for single features, and for what many sentences share.
const SQUARES: f32 = 1e-3;
const SHARED_SQUARES: f32 = 1.0;
/// How often progress is told: once in so many sentences.
const TOLD_EACH: usize = 128;

/// A sentence to learn from.
pub(super) struct Case {
    pub(super) features: Features,
    pub(super) tokens: usize,
    pub(super) way: Vec<Segment>,
}

/// In how many sentences each feature stands.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) tokens: Vec<u32>,
    pub(super) ends: Vec<u32>,
    pub(super) spans: Vec<u32>,
}

/// How weights are learned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) seed: u64,
    pub(super) passes: usize,
    pub(super) rate: f32,
    pub(super) penalty: f32,
    pub(super) dropout: f32,
}

/// Learns weights; `progress` is told the share done, and may break off, which gives `None`.
pub(super) fn fit(
    vocabulary: &Vocabulary,
    cases: &[Case],
    counts: &Counts,
    settings: &Settings,
    progress: &mut dyn FnMut(f32) -> ControlFlow<()>,
) -> Option<Weights> {
    let mut learner = Learner::new(vocabulary, cases, counts, settings);
    let mut order: Vec<usize> = (0..cases.len()).collect();
    let mut random = Random::new(settings.seed);
    let averaged = settings.passes.div_ceil(3);
    let mut sum = Weights::filled(vocabulary, learner.encoder_width, 0.0);
    for pass in 0..settings.passes {
        random.shuffle(&mut order);
        for (done, &at) in order.iter().enumerate() {
            if done % TOLD_EACH == 0 {
                let part = done as f32 / cases.len() as f32;
                progress((pass as f32 + part) / settings.passes as f32)
                    .is_continue()
                    .then_some(())?;
            }
            learner.learn(&cases[at], (pass * cases.len() + at) as u64);
        }
        if pass + averaged >= settings.passes {
            for (sum, part) in sum.parts_mut().into_iter().zip(learner.weights.parts()) {
                add_scaled(sum, part, 1.0 / averaged as f32);
            }
        }
    }
    // A sentence that is asked about shows all its features: together they say as much as those that were left before.
    for part in [&mut sum.tokens, &mut sum.ends, &mut sum.spans] {
        part.iter_mut().for_each(|weight| *weight *= 1.0 - settings.dropout);
    }
    Some(sum)
}

struct Learner<'a> {
    vocabulary: &'a Vocabulary,
    counts: &'a Counts,
    settings: &'a Settings,
    cases: f32,
    encoder_width: usize,
    weights: Weights,
    squares: Weights,
    lattice: Lattice,
    per_token: PerToken,
    potentials: Potentials,
    expected: Potentials,
    moves: Transitions,
    entering: Entering,
}

impl<'a> Learner<'a> {
    fn new(
        vocabulary: &'a Vocabulary,
        cases: &[Case],
        counts: &'a Counts,
        settings: &'a Settings,
    ) -> Self {
        let first = cases.iter().find(|case| case.tokens > 0);
        let encoder_width = first.map_or(0, |case| case.features.dense.len() / case.tokens);
        let empty = Potentials::zero(vocabulary.shape(0));
        let mut squares = Weights::filled(vocabulary, encoder_width, SQUARES);
        for shared in squares.parts_mut().into_iter().skip(3) {
            shared.fill(SHARED_SQUARES);
        }
        Self {
            vocabulary,
            counts,
            settings,
            cases: cases.len() as f32,
            encoder_width,
            weights: Weights::filled(vocabulary, encoder_width, 0.0),
            squares,
            lattice: Lattice::default(),
            per_token: PerToken::default(),
            potentials: empty.clone(),
            expected: empty,
            moves: Transitions::zero(vocabulary.slots),
            entering: Entering::default(),
        }
    }

    /// Moves the weights down the slope of one sentence; `draw` decides which features it is seen without.
    fn learn(&mut self, case: &Case, draw: u64) {
        let shape = self.vocabulary.shape(case.tokens);
        let thinned = self.thin(&case.features, draw);
        let features = thinned.as_ref().unwrap_or(&case.features);
        self.find_slope(features, shape, &case.way);
        self.learn_tokens(features, shape);
        self.learn_spans(features, shape);
        self.learn_transitions();
    }

    /// Finds in which direction, and how fast, the loss of one sentence grows with its scores; returns the loss but for
    /// the score of the way that is right.
    fn find_slope(&mut self, features: &Features, shape: Shape, way: &[Segment]) -> f32 {
        scorer::score(&self.weights, features, shape, &mut self.per_token, &mut self.potentials);
        let transitions = &self.weights.transitions;
        self.entering.refill(transitions);
        let total = self.lattice.sum(&self.potentials, transitions, &self.entering);
        self.moves.clear();
        let (expected, moves) = (&mut self.expected, &mut self.moves);
        self.lattice.expect(&self.potentials, transitions, &self.entering, expected, moves);
        lattice::subtract(&mut self.expected, &mut self.moves, way);
        self.per_token.gather(&self.expected);
        total
    }

    fn thin(&self, features: &Features, draw: u64) -> Option<Features> {
        let Settings { dropout, seed, .. } = *self.settings;
        let mut number = 0u64;
        let mut keep = |feature: u32| {
            number += 1;
            chance(mix(mix(seed, draw), number), u64::from(feature)) >= dropout
        };
        (dropout > 0.0).then(|| Features {
            tokens: features.tokens.filtered(&mut keep),
            ends: features.ends.filtered(&mut keep),
            spans: features.spans.filtered(&mut keep),
            dense: features.dense.clone(),
        })
    }

    fn learn_tokens(&mut self, features: &Features, shape: Shape) {
        let (slots, rate) = (shape.slots, self.settings.rate);
        let penalty = self.settings.penalty;
        for place in 0..shape.tokens {
            let (row, end) = (self.per_token.row(slots, place), self.per_token.end(slots, place));
            let (token_moves, end_moves) = (!is_still(row), !is_still(end));
            if token_moves {
                for &feature in features.tokens.get(place) {
                    let shrink = penalty / self.counts.tokens[feature as usize] as f32;
                    let (weights, squares) = (&mut self.weights.tokens, &mut self.squares.tokens);
                    learn_row(weights, squares, feature as usize, row, shrink, rate);
                }
            }
            if end_moves {
                for &feature in features.ends.get(place) {
                    let shrink = penalty / self.counts.ends[feature as usize] as f32;
                    let (weights, squares) = (&mut self.weights.ends, &mut self.squares.ends);
                    learn_row(weights, squares, feature as usize, end, shrink, rate);
                }
            }
            if (token_moves || end_moves) && self.encoder_width > 0 {
                let vector = &features.dense[place * self.encoder_width..][..self.encoder_width];
                let slope: Vec<f32> = row.iter().chain(end).copied().collect();
                let shrink = penalty / self.cases;
                for (number, value) in vector.iter().enumerate() {
                    let slope: Vec<f32> = slope.iter().map(|one| one * value).collect();
                    let (weights, squares) = (&mut self.weights.dense, &mut self.squares.dense);
                    learn_row(weights, squares, number, &slope, shrink, rate);
                }
            }
        }
    }

    fn learn_spans(&mut self, features: &Features, shape: Shape) {
        let mut number = 0;
        lexicon::each_span(shape.tokens, shape.length_max, |start, end| {
            let list = features.spans.get(number);
            let row = self.expected.span(start, end);
            number += 1;
            if list.is_empty() || is_still(row) {
                return;
            }
            for &feature in list {
                let shrink = self.settings.penalty / self.counts.spans[feature as usize] as f32;
                let (weights, squares) = (&mut self.weights.spans, &mut self.squares.spans);
                learn_row(weights, squares, feature as usize, row, shrink, self.settings.rate);
            }
        });
    }

    fn learn_transitions(&mut self) {
        let shrink = self.settings.penalty / self.cases;
        let weights = self.weights.transitions.parts_mut();
        let squares = self.squares.transitions.parts_mut();
        for ((weights, squares), slope) in weights.into_iter().zip(squares).zip(self.moves.parts())
        {
            learn_row(weights, squares, 0, slope, shrink, self.settings.rate);
        }
    }
}

fn is_still(slope: &[f32]) -> bool {
    slope.iter().all(|value| value.abs() < STILL)
}

/// Moves one row of weights down its slope; a weight that often moved moves less.
///
/// `shrink` is the penalty divided by the number of sentences that move the row, so that all of them together make the
/// whole of it.
fn learn_row(
    weights: &mut [f32],
    squares: &mut [f32],
    number: usize,
    slope: &[f32],
    shrink: f32,
    rate: f32,
) {
    let start = number * slope.len();
    let weights = &mut weights[start..][..slope.len()];
    let squares = &mut squares[start..][..slope.len()];
    for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(slope) {
        let slope = slope + shrink * *weight;
        *square += slope * slope;
        *weight -= rate * slope / square.sqrt();
    }
}

/// Draws a number between 0 and 1, the same for the same arguments.
fn chance(seed: u64, item: u64) -> f32 {
    (mix(mix(seed, item), seed) >> 40) as f32 / (1u64 << 24) as f32
}

#[cfg(test)]
mod tests;
