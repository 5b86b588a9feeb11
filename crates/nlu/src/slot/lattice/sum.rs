//! The sum over all ways through a sentence, forward and backward, and what each score is expected to count.

use super::super::exponential::{exp, exp_all, ln};
use super::{NOTHING, Potentials, Segment, Shape, Transitions, states};
use crate::solver::add_scaled;

/// A share of a sum that is too small to change it.
const TOO_SMALL: f32 = 1e-9;

/// Room for the sums over one sentence, kept from one to the next.
#[derive(Debug, Default)]
pub(in crate::slot) struct Lattice {
    /// Sums over all ways from the beginning to a state, and from a state to the end: (tokens + 1) × states.
    before: Vec<f32>,
    after: Vec<f32>,
    /// The same for the place where a slot begins: tokens × slots.
    into: Vec<f32>,
    out_of: Vec<f32>,
    scratch: Vec<f32>,
    sums: Vec<f32>,
    total: f32,
}

/// The exponentials of [`Transitions::enter`], in which sums are taken; in both orders, so that both directions run over
/// neighbouring numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::slot) struct Entering {
    by_state: Vec<f32>,
    by_slot: Vec<f32>,
}

impl Entering {
    pub(in crate::slot) fn of(transitions: &Transitions) -> Self {
        let mut entering = Self::default();
        entering.refill(transitions);
        entering
    }

    pub(in crate::slot) fn refill(&mut self, transitions: &Transitions) {
        let (slots, states) = (transitions.slots, states(transitions.slots));
        self.by_state.clear();
        self.by_state.extend_from_slice(&transitions.enter);
        exp_all(&mut self.by_state);
        self.by_slot.resize(slots * states, 0.0);
        for (state, row) in self.by_state.chunks_exact(slots.max(1)).enumerate() {
            for (slot, value) in row.iter().enumerate() {
                self.by_slot[slot * states + state] = *value;
            }
        }
    }
}

impl Lattice {
    /// Sums over all ways through the sentence; returns the logarithm of the sum. `entering` belongs to the
    /// transitions.
    pub(in crate::slot) fn sum(
        &mut self,
        scores: &Potentials,
        transitions: &Transitions,
        entering: &Entering,
    ) -> f32 {
        self.forward(scores, transitions, entering);
        self.backward(scores, transitions, entering);
        self.total = self.after[scores.shape.states() - 1];
        self.total
    }

    fn forward(&mut self, scores: &Potentials, transitions: &Transitions, entering: &Entering) {
        let Shape { slots, tokens, length_max } = scores.shape;
        let states = scores.shape.states();
        refill(&mut self.before, (tokens + 1) * states);
        refill(&mut self.into, tokens * slots);
        self.before[states - 1] = 0.0;
        for at in 0..=tokens {
            if at > 0 {
                let sums = &mut self.before[at * states..][..slots];
                let starts = at.saturating_sub(length_max)..at;
                log_sum(sums, &mut self.scratch, starts, |start| {
                    [&self.into[start * slots..][..slots], scores.span(start, at)]
                });
                self.pass_outside(at, scores, transitions);
            }
            if at < tokens {
                self.enter_slots(at, slots, entering);
            }
        }
    }

    /// Sums over the ways that come to `at` over a token in no slot.
    fn pass_outside(&mut self, at: usize, scores: &Potentials, transitions: &Transitions) {
        let (slots, states) = (scores.shape.slots, scores.shape.states());
        let (earlier, later) = self.before.split_at_mut(at * states);
        let from = &earlier[(at - 1) * states..];
        later[slots..states].copy_from_slice(&from[slots..states]);
        for ((later, ended), leave) in later[slots..].iter_mut().zip(from).zip(&transitions.leave) {
            *later = add_logs(*later, ended + leave);
        }
        for later in &mut later[slots..states] {
            *later += scores.outside[at - 1];
        }
    }

    fn enter_slots(&mut self, at: usize, slots: usize, entering: &Entering) {
        let states = states(slots);
        let (base, weights) =
            exponentials(&self.before[at * states..][..states], &mut self.scratch);
        let into = &mut self.into[at * slots..][..slots];
        into.fill(0.0);
        for (weight, row) in weights.iter().zip(entering.by_state.chunks_exact(slots)) {
            if *weight > TOO_SMALL {
                add_scaled(into, row, *weight);
            }
        }
        for sum in into {
            *sum = base + ln(*sum);
        }
    }

    fn backward(&mut self, scores: &Potentials, transitions: &Transitions, entering: &Entering) {
        let Shape { slots, tokens, length_max } = scores.shape;
        let states = scores.shape.states();
        refill(&mut self.after, (tokens + 1) * states);
        refill(&mut self.out_of, tokens * slots);
        self.after[tokens * states..].copy_from_slice(&transitions.stop);
        for at in (0..tokens).rev() {
            let sums = &mut self.out_of[at * slots..][..slots];
            let ends = at + 1..tokens.min(at + length_max) + 1;
            log_sum(sums, &mut self.scratch, ends, |end| {
                [&self.after[end * states..][..slots], scores.span(at, end)]
            });
            let (base, weights) =
                exponentials(&self.out_of[at * slots..][..slots], &mut self.scratch);
            self.sums.clear();
            self.sums.resize(states, 0.0);
            for (weight, column) in weights.iter().zip(entering.by_slot.chunks_exact(states)) {
                if *weight > TOO_SMALL {
                    add_scaled(&mut self.sums, column, *weight);
                }
            }
            let (now, later) = self.after.split_at_mut((at + 1) * states);
            let now = &mut now[at * states..];
            // What a slot that ended just here passes on, it passes on as one that ended before.
            for (slot, leave) in transitions.leave.iter().enumerate() {
                now[slot] = later[slots + slot] + leave;
            }
            now[slots..].copy_from_slice(&later[slots..states]);
            for sum in &mut self.sums {
                *sum = base + ln(*sum);
            }
            let outside = scores.outside[at];
            for (now, sum) in now.iter_mut().zip(&self.sums) {
                *now = add_logs(*sum, *now + outside);
            }
        }
    }

    /// Returns how probable a slot is over a span; [`Lattice::sum`] must have seen the sentence.
    pub(in crate::slot) fn probability(&self, scores: &Potentials, segment: Segment) -> f32 {
        let Shape { slots, .. } = scores.shape;
        let log = self.into[segment.start * slots + segment.slot]
            + scores.spans[scores.shape.place(segment)]
            + self.after[segment.end * scores.shape.states() + segment.slot];
        exp(log - self.total).clamp(0.0, 1.0)
    }

    /// Writes what each score of the sentence is expected to count, and adds that of the transitions to theirs.
    pub(in crate::slot) fn expect(
        &mut self,
        scores: &Potentials,
        transitions: &Transitions,
        entering: &Entering,
        expected: &mut Potentials,
        moves: &mut Transitions,
    ) {
        let Shape { slots, tokens, length_max } = scores.shape;
        let states = scores.shape.states();
        expected.reset(scores.shape);
        for end in 1..=tokens {
            let after = &self.after[end * states..][..slots];
            for start in end.saturating_sub(length_max)..end {
                let row = scores.shape.row(start, end);
                let into = &self.into[start * slots..][..slots];
                let score = &scores.spans[row..][..slots];
                let out = &mut expected.spans[row..][..slots];
                for (((out, into), score), after) in out.iter_mut().zip(into).zip(score).zip(after)
                {
                    *out = into + score + after - self.total;
                }
                exp_all(out);
            }
        }
        self.expect_outside(scores, transitions, expected, moves);
        self.expect_moves(scores.shape, entering, moves);
        let stop = self.before[tokens * states..].iter().zip(&transitions.stop);
        for (count, (before, score)) in moves.stop.iter_mut().zip(stop) {
            *count += exp(before + score - self.total);
        }
    }

    fn expect_outside(
        &self,
        scores: &Potentials,
        transitions: &Transitions,
        expected: &mut Potentials,
        moves: &mut Transitions,
    ) {
        let (slots, states) = (scores.shape.slots, scores.shape.states());
        for at in 0..scores.shape.tokens {
            let (from, to) = (&self.before[at * states..], &self.after[(at + 1) * states..]);
            let base = scores.outside[at] - self.total;
            let mut sum = 0.0;
            for slot in 0..slots {
                let left = exp(from[slot] + transitions.leave[slot] + base + to[slots + slot]);
                moves.leave[slot] += left;
                sum += left;
            }
            sum += (slots..states).map(|state| exp(from[state] + base + to[state])).sum::<f32>();
            expected.outside[at] = sum;
        }
    }

    fn expect_moves(&mut self, shape: Shape, entering: &Entering, moves: &mut Transitions) {
        let (slots, states) = (shape.slots, shape.states());
        let mut weights = Vec::with_capacity(slots);
        for at in 0..shape.tokens {
            let (after, found) =
                exponentials(&self.out_of[at * slots..][..slots], &mut self.scratch);
            weights.clear();
            weights.extend_from_slice(found);
            let (before, found) =
                exponentials(&self.before[at * states..][..states], &mut self.scratch);
            let scale = exp(before + after - self.total);
            for (state, weight) in found.iter().enumerate() {
                let factor = weight * scale;
                if factor > 1e-9 {
                    let row = &mut moves.enter[state * slots..][..slots];
                    let enter = &entering.by_state[state * slots..][..slots];
                    for ((count, enter), weight) in row.iter_mut().zip(enter).zip(&weights) {
                        *count += factor * enter * weight;
                    }
                }
            }
        }
    }
}

fn refill(numbers: &mut Vec<f32>, count: usize) {
    numbers.clear();
    numbers.resize(count, NOTHING);
}

/// Writes, for each slot, the logarithm of the sum, over places, of the exponentials of the two rows there together.
fn log_sum<'a>(
    sums: &mut [f32],
    scratch: &mut Vec<f32>,
    places: std::ops::Range<usize>,
    rows: impl Fn(usize) -> [&'a [f32]; 2],
) {
    let slots = sums.len();
    scratch.clear();
    sums.fill(NOTHING);
    for place in places {
        let [one, other] = rows(place);
        scratch.extend(one.iter().zip(other).map(|(one, other)| one + other));
        let values = &scratch[scratch.len() - slots..];
        for (most, value) in sums.iter_mut().zip(values) {
            *most = most.max(*value);
        }
    }
    for row in scratch.chunks_exact_mut(slots) {
        for (value, most) in row.iter_mut().zip(sums.iter()) {
            *value -= most;
        }
    }
    exp_all(scratch);
    let first = slots.min(scratch.len());
    let (first, rest) = scratch.split_at_mut(first);
    for row in rest.chunks_exact(slots) {
        add_scaled(first, row, 1.0);
    }
    for (most, sum) in sums.iter_mut().zip(first.iter()) {
        *most += ln(*sum);
    }
}

/// Returns the greatest of some logarithms, and the exponential of each less the greatest.
fn exponentials<'a>(logs: &[f32], scratch: &'a mut Vec<f32>) -> (f32, &'a [f32]) {
    let most = logs.iter().fold(NOTHING, |most, log| most.max(*log));
    scratch.clear();
    scratch.extend(logs.iter().map(|log| log - most));
    exp_all(scratch);
    (most, scratch)
}

/// Returns the logarithm of the sum of two numbers whose logarithms are given.
fn add_logs(a: f32, b: f32) -> f32 {
    a.max(b) + ln(1.0 + exp(-(a - b).abs()))
}
