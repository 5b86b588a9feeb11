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
mod tests {
    use super::super::index::{Index, Lists};
    use super::super::lexicon::Lexicon;
    use super::*;

    const TOKENS: usize = 4;
    const WIDTH: usize = 3;
    const SETTINGS: Settings =
        Settings { seed: 3, passes: 30, rate: 0.1, penalty: 0.1, dropout: 0.0 };

    fn vocabulary() -> Vocabulary {
        let mut vocabulary = Vocabulary::empty(2, 3, Lexicon::default());
        for index in [&mut vocabulary.tokens, &mut vocabulary.ends, &mut vocabulary.spans] {
            *index = Index::new((0..5).collect());
        }
        vocabulary
    }

    fn counts() -> Counts {
        Counts { tokens: vec![2; 5], ends: vec![2; 5], spans: vec![2; 5] }
    }

    /// A sentence in which every list has some of five features; one kind follows from another by `turn`.
    fn case(turn: u32) -> Case {
        let lists = |count: usize, step: u32| {
            let mut lists = Lists::default();
            for at in 0..count as u32 {
                lists.push([(at * step + turn) % 5, (at + step + 2 * turn) % 5].into_iter());
            }
            lists
        };
        let dense = (0..TOKENS * WIDTH).map(|at| (at as f32 * 0.7 + turn as f32).sin()).collect();
        Case {
            features: Features {
                tokens: lists(TOKENS, 1),
                ends: lists(TOKENS, 2),
                spans: lists(9, 3),
                dense,
            },
            tokens: TOKENS,
            way: vec![
                Segment { start: 0, end: 1, slot: turn as usize % 2 },
                Segment { start: 2, end: 4, slot: 1 },
            ],
        }
    }

    /// The loss of a sentence under weights, and the slope of each weight as the learner would use it.
    fn loss_and_slope(learner: &mut Learner<'_>, case: &Case) -> (f64, Weights) {
        let shape = learner.vocabulary.shape(case.tokens);
        let total = learner.find_slope(&case.features, shape, &case.way);
        let (mut counts, mut moves) = (Potentials::zero(shape), Transitions::zero(2));
        lattice::subtract(&mut counts, &mut moves, &case.way);
        let dot =
            |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum() };
        let mut right = dot(&counts.spans, &learner.potentials.spans)
            + dot(&counts.outside, &learner.potentials.outside);
        for (counts, scores) in moves.parts().into_iter().zip(learner.weights.transitions.parts()) {
            right += dot(counts, scores);
        }
        // What a step of rate one moves, without memory of squares, is the slope itself.
        let mut slope = Weights::filled(learner.vocabulary, WIDTH, 0.0);
        for place in 0..case.tokens {
            let (row, end) = (learner.per_token.row(2, place), learner.per_token.end(2, place));
            for feature in case.features.tokens.get(place) {
                add_scaled(&mut slope.tokens[*feature as usize * 5..][..5], row, 1.0);
            }
            for feature in case.features.ends.get(place) {
                add_scaled(&mut slope.ends[*feature as usize * 2..][..2], end, 1.0);
            }
            for number in 0..WIDTH {
                let value = case.features.dense[place * WIDTH + number];
                add_scaled(&mut slope.dense[number * 7..][..5], row, value);
                add_scaled(&mut slope.dense[number * 7 + 5..][..2], end, value);
            }
        }
        let mut number = 0;
        lexicon::each_span(case.tokens, 3, |start, end| {
            for feature in case.features.spans.get(number) {
                let row = learner.expected.span(start, end);
                add_scaled(&mut slope.spans[*feature as usize * 2..][..2], row, 1.0);
            }
            number += 1;
        });
        slope.transitions = learner.moves.clone();
        (f64::from(total) + right, slope)
    }

    #[test]
    fn the_slope_of_every_weight_is_that_of_finite_differences() {
        const STEP: f32 = 0.02;
        let (vocabulary, counts, case) = (vocabulary(), counts(), case(1));
        let mut learner =
            Learner::new(&vocabulary, std::slice::from_ref(&case), &counts, &SETTINGS);
        for (kind, part) in learner.weights.parts_mut().into_iter().enumerate() {
            for (at, weight) in part.iter_mut().enumerate() {
                *weight = ((at * 7 + kind * 13) as f32).sin();
            }
        }
        let slope = loss_and_slope(&mut learner, &case).1;

        for kind in 0..slope.parts().len() {
            for at in 0..slope.parts()[kind].len() {
                let mut loss_at = |step: f32| {
                    let before = learner.weights.parts()[kind][at];
                    learner.weights.parts_mut()[kind][at] = before + step;
                    let loss = loss_and_slope(&mut learner, &case).0;
                    learner.weights.parts_mut()[kind][at] = before;
                    loss
                };
                let difference = (loss_at(STEP) - loss_at(-STEP)) / f64::from(2.0 * STEP);
                let slope = f64::from(slope.parts()[kind][at]);

                assert!(
                    (difference - slope).abs() < 2e-3,
                    "kind {kind}, weight {at}: {slope}, not {difference}"
                );
            }
        }
    }

    #[test]
    fn learning_lowers_the_loss() {
        let (vocabulary, counts) = (vocabulary(), counts());
        let cases = [case(0), case(1), case(3)];
        let loss = |learner: &mut Learner<'_>| -> f64 {
            cases.iter().map(|case| loss_and_slope(learner, case).0).sum()
        };
        let mut learner = Learner::new(&vocabulary, &cases, &counts, &SETTINGS);
        let before = loss(&mut learner);

        for draw in 0..90 {
            learner.learn(&cases[draw % 3], draw as u64);
        }

        let after = loss(&mut learner);
        assert!(after < before / 3.0, "{before} → {after}");
    }

    #[test]
    fn the_same_seed_gives_the_same_weights_and_another_one_others() {
        let (vocabulary, counts) = (vocabulary(), counts());
        let cases = [case(0), case(1), case(2)];
        let fit = |seed| {
            let settings = Settings { seed, dropout: 0.3, ..SETTINGS };
            fit(&vocabulary, &cases, &counts, &settings, &mut |_| ControlFlow::Continue(()))
                .unwrap()
        };

        assert_eq!(fit(1), fit(1));
        assert_ne!(fit(1), fit(2));
    }

    #[test]
    fn progress_grows_and_can_stop() {
        let (vocabulary, counts) = (vocabulary(), counts());
        let mut told = Vec::new();

        let stopped = fit(&vocabulary, &[case(0)], &counts, &SETTINGS, &mut |share| {
            told.push(share);
            if told.len() == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });

        assert!(stopped.is_none());
        assert_eq!(told.len(), 5);
        assert!(told.is_sorted() && told.iter().all(|share| (0.0..1.0).contains(share)));
    }
}
