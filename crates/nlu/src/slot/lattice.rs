//! All the ways to cut a sentence into slots and the words between them: their sum, their best, and what each part
//! is expected to do. Numbers only; it knows nothing of words, features or training.
//!
//! The model is a semi-Markov conditional random field (Sarawagi and Cohen, 2004): a step passes over one token that
//! belongs to no slot, or over all tokens of one slot at once. A state remembers which slot came last, also across the
//! tokens between, so that "to", which is in no slot, does not make the sentence forget where "from" was. A slot that
//! begins where none ended, an inside without a beginning: neither can be written down in this form at all.

use super::exponential::{exp_all, ln};

/// Stands for the logarithm of nothing; far below every score, and finite so that no difference of two is undefined.
pub(super) const NOTHING: f32 = -1e30;
/// Says that no slot is meant.
const OUTSIDE: u32 = u32::MAX;

/// A slot and the tokens that it covers, `end` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Segment {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) slot: usize,
}

/// The numbers of slots, states and tokens, from which every place in the vectors below follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) slots: usize,
    pub(super) tokens: usize,
    /// The most tokens of a slot.
    pub(super) length_max: usize,
}

impl Shape {
    /// A state per slot that ended just here, one per slot that ended before, and one for no slot so far.
    pub(super) fn states(self) -> usize {
        states(self.slots)
    }

    pub(super) fn place(self, segment: Segment) -> usize {
        self.row(segment.start, segment.end) + segment.slot
    }

    fn row(self, start: usize, end: usize) -> usize {
        ((end - 1) * self.length_max + (end - start - 1)) * self.slots
    }

    fn spans(self) -> usize {
        self.tokens * self.length_max * self.slots
    }
}

/// Returns how many states sentences over so many slots have.
pub(super) fn states(slots: usize) -> usize {
    2 * slots + 1
}

/// The scores that do not depend on the sentence; also their gradient.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Transitions {
    pub(super) slots: usize,
    /// From each state to the slot that begins next: states × slots.
    pub(super) enter: Vec<f32>,
    /// From each slot to a token in no slot right after it.
    pub(super) leave: Vec<f32>,
    /// From each state to the end of the sentence.
    pub(super) stop: Vec<f32>,
}

impl Transitions {
    pub(super) fn zero(slots: usize) -> Self {
        let states = states(slots);
        Self {
            slots,
            enter: vec![0.0; states * slots],
            leave: vec![0.0; slots],
            stop: vec![0.0; states],
        }
    }

    pub(super) fn clear(&mut self) {
        for part in self.parts_mut() {
            part.fill(0.0);
        }
    }

    pub(super) fn parts(&self) -> [&[f32]; 3] {
        [&self.enter, &self.leave, &self.stop]
    }

    pub(super) fn parts_mut(&mut self) -> [&mut [f32]; 3] {
        [&mut self.enter, &mut self.leave, &mut self.stop]
    }
}

/// The scores of one sentence; also their gradient.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Potentials {
    pub(super) shape: Shape,
    /// Of each slot over each span, see [`Shape::place`].
    pub(super) spans: Vec<f32>,
    /// Of each token, if it is in no slot.
    pub(super) outside: Vec<f32>,
}

impl Potentials {
    pub(super) fn zero(shape: Shape) -> Self {
        let mut zero = Self { shape, spans: Vec::new(), outside: Vec::new() };
        zero.reset(shape);
        zero
    }

    /// Makes all scores zero, for another sentence, in the same memory.
    pub(super) fn reset(&mut self, shape: Shape) {
        self.shape = shape;
        self.spans.clear();
        self.spans.resize(shape.spans(), 0.0);
        self.outside.clear();
        self.outside.resize(shape.tokens, 0.0);
    }

    pub(super) fn span(&self, start: usize, end: usize) -> &[f32] {
        &self.spans[self.shape.row(start, end)..][..self.shape.slots]
    }

    pub(super) fn span_mut(&mut self, start: usize, end: usize) -> &mut [f32] {
        &mut self.spans[self.shape.row(start, end)..][..self.shape.slots]
    }
}

/// Room for the sums over one sentence, kept from one to the next.
#[derive(Debug, Default)]
pub(super) struct Lattice {
    /// Sums over all ways from the beginning to a state, and from a state to the end: (tokens + 1) × states.
    before: Vec<f32>,
    after: Vec<f32>,
    /// The same for the place where a slot begins: tokens × slots.
    into: Vec<f32>,
    out_of: Vec<f32>,
    /// The exponentials of `Transitions::enter`.
    enter: Vec<f32>,
    scratch: Vec<f32>,
    total: f32,
}

impl Lattice {
    /// Sums over all ways through the sentence; returns the logarithm of the sum.
    pub(super) fn sum(&mut self, scores: &Potentials, transitions: &Transitions) -> f32 {
        self.enter.clear();
        self.enter.extend_from_slice(&transitions.enter);
        exp_all(&mut self.enter);
        self.forward(scores, transitions);
        self.backward(scores, transitions);
        let states = scores.shape.states();
        self.total = self.after[states - 1];
        self.total
    }

    fn forward(&mut self, scores: &Potentials, transitions: &Transitions) {
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
                self.enter_slots(at, slots);
            }
        }
    }

    /// Sums over the ways that come to `at` over a token in no slot.
    fn pass_outside(&mut self, at: usize, scores: &Potentials, transitions: &Transitions) {
        let (slots, states) = (scores.shape.slots, scores.shape.states());
        let (earlier, later) = self.before.split_at_mut(at * states);
        let from = &earlier[(at - 1) * states..];
        for state in slots..states {
            let mut sum = from[state];
            if let Some(leave) = transitions.leave.get(state - slots) {
                sum = add_logs(sum, from[state - slots] + leave);
            }
            later[state] = sum + scores.outside[at - 1];
        }
    }

    fn enter_slots(&mut self, at: usize, slots: usize) {
        let states = states(slots);
        let (base, weights) =
            exponentials(&self.before[at * states..][..states], &mut self.scratch);
        let into = &mut self.into[at * slots..][..slots];
        into.fill(0.0);
        for (weight, row) in weights.iter().zip(self.enter.chunks_exact(slots)) {
            if *weight > 0.0 {
                crate::solver::add_scaled(into, row, *weight);
            }
        }
        for sum in into {
            *sum = base + ln(*sum);
        }
    }

    fn backward(&mut self, scores: &Potentials, transitions: &Transitions) {
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
            for state in 0..states {
                let row = &self.enter[state * slots..][..slots];
                let sum: f32 = row.iter().zip(weights.iter()).map(|(a, b)| a * b).sum();
                let stay = if state < slots { state + slots } else { state };
                let leave = transitions.leave.get(state).copied().unwrap_or(0.0);
                let pass = leave + scores.outside[at] + self.after[(at + 1) * states + stay];
                self.after[at * states + state] = add_logs(base + ln(sum), pass);
            }
        }
    }

    /// Returns how probable a slot is over a span; [`Lattice::sum`] must have seen the sentence.
    pub(super) fn probability(&self, scores: &Potentials, segment: Segment) -> f32 {
        let Shape { slots, .. } = scores.shape;
        let log = self.into[segment.start * slots + segment.slot]
            + scores.spans[scores.shape.place(segment)]
            + self.after[segment.end * scores.shape.states() + segment.slot];
        (log - self.total).exp().clamp(0.0, 1.0)
    }

    /// Writes what each score of the sentence is expected to count, and adds that of the transitions to theirs.
    pub(super) fn expect(
        &mut self,
        scores: &Potentials,
        transitions: &Transitions,
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
                for (((out, into), score), after) in out.iter_mut().zip(into).zip(score).zip(after) {
                    *out = into + score + after - self.total;
                }
                exp_all(out);
            }
        }
        self.expect_outside(scores, transitions, expected, moves);
        self.expect_moves(scores.shape, moves);
        let stop = self.before[tokens * states..].iter().zip(&transitions.stop);
        for (count, (before, score)) in moves.stop.iter_mut().zip(stop) {
            *count += (before + score - self.total).exp();
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
                let left = (from[slot] + transitions.leave[slot] + base + to[slots + slot]).exp();
                moves.leave[slot] += left;
                sum += left;
            }
            sum += (slots..states).map(|state| (from[state] + base + to[state]).exp()).sum::<f32>();
            expected.outside[at] = sum;
        }
    }

    fn expect_moves(&mut self, shape: Shape, moves: &mut Transitions) {
        let (slots, states) = (shape.slots, shape.states());
        let mut weights = Vec::with_capacity(slots);
        for at in 0..shape.tokens {
            let (after, found) = exponentials(&self.out_of[at * slots..][..slots], &mut self.scratch);
            weights.clear();
            weights.extend_from_slice(found);
            let (before, found) =
                exponentials(&self.before[at * states..][..states], &mut self.scratch);
            let scale = (before + after - self.total).exp();
            for (state, weight) in found.iter().enumerate() {
                let factor = weight * scale;
                if factor > 1e-9 {
                    let row = &mut moves.enter[state * slots..][..slots];
                    let enter = &self.enter[state * slots..][..slots];
                    for ((count, enter), weight) in row.iter_mut().zip(enter).zip(&weights) {
                        *count += factor * enter * weight;
                    }
                }
            }
        }
    }
}

/// Returns the score of one way through a sentence.
pub(super) fn score(scores: &Potentials, transitions: &Transitions, way: &[Segment]) -> f32 {
    let mut sum = 0.0;
    follow(scores.shape, way, |step| {
        sum += match step {
            Step::Enter(state, segment) => {
                transitions.enter[state * scores.shape.slots + segment.slot]
                    + scores.spans[scores.shape.place(segment)]
            }
            Step::Leave(slot) => transitions.leave[slot],
            Step::Outside(at) => scores.outside[at],
            Step::Stop(state) => transitions.stop[state],
        };
    });
    sum
}

/// Takes what one way counts from what was expected.
pub(super) fn subtract(expected: &mut Potentials, moves: &mut Transitions, way: &[Segment]) {
    let shape = expected.shape;
    follow(shape, way, |step| match step {
        Step::Enter(state, segment) => {
            moves.enter[state * shape.slots + segment.slot] -= 1.0;
            expected.spans[shape.place(segment)] -= 1.0;
        }
        Step::Leave(slot) => moves.leave[slot] -= 1.0,
        Step::Outside(at) => expected.outside[at] -= 1.0,
        Step::Stop(state) => moves.stop[state] -= 1.0,
    });
}

enum Step {
    Enter(usize, Segment),
    Leave(usize),
    Outside(usize),
    Stop(usize),
}

/// Goes one way through a sentence; its segments are in order and do not overlap.
fn follow(shape: Shape, way: &[Segment], mut visit: impl FnMut(Step)) {
    let (mut at, mut state) = (0, shape.states() - 1);
    let mut pass_to = |until: usize, at: &mut usize, state: &mut usize, visit: &mut dyn FnMut(Step)| {
        while *at < until {
            if *state < shape.slots {
                visit(Step::Leave(*state));
                *state += shape.slots;
            }
            visit(Step::Outside(*at));
            *at += 1;
        }
    };
    for segment in way {
        pass_to(segment.start, &mut at, &mut state, &mut visit);
        visit(Step::Enter(state, *segment));
        (at, state) = (segment.end, segment.slot);
    }
    pass_to(shape.tokens, &mut at, &mut state, &mut visit);
    visit(Step::Stop(state));
}

/// Finds the best way through a sentence.
pub(super) fn best(scores: &Potentials, transitions: &Transitions) -> Vec<Segment> {
    let Shape { slots, tokens, length_max } = scores.shape;
    let states = scores.shape.states();
    let mut best = vec![NOTHING; (tokens + 1) * states];
    // How the best way came: to a slot's end, from which place; to the beginning of a slot, from which state.
    let mut starts = vec![OUTSIDE; (tokens + 1) * slots];
    let mut froms = vec![OUTSIDE; tokens * slots];
    let mut into = vec![NOTHING; tokens * slots];
    let mut left = vec![false; (tokens + 1) * states];
    best[states - 1] = 0.0;
    for at in 0..=tokens {
        for start in at.saturating_sub(length_max)..at {
            let (to, from) = (&mut best[at * states..][..slots], &into[start * slots..][..slots]);
            let came = &mut starts[at * slots..][..slots];
            for (slot, score) in scores.span(start, at).iter().enumerate() {
                if from[slot] + score > to[slot] {
                    to[slot] = from[slot] + score;
                    came[slot] = start as u32;
                }
            }
        }
        if at > 0 {
            for state in slots..states {
                let stayed = best[(at - 1) * states + state];
                let leave = transitions.leave.get(state - slots);
                let going = leave.map_or(NOTHING, |leave| best[(at - 1) * states + state - slots] + leave);
                best[at * states + state] = stayed.max(going) + scores.outside[at - 1];
                left[at * states + state] = going > stayed;
            }
        }
        if at < tokens {
            let (into, froms) = (&mut into[at * slots..][..slots], &mut froms[at * slots..][..slots]);
            for (state, row) in transitions.enter.chunks_exact(slots).enumerate() {
                let from = best[at * states + state];
                for (slot, enter) in row.iter().enumerate() {
                    if from + enter > into[slot] {
                        into[slot] = from + enter;
                        froms[slot] = state as u32;
                    }
                }
            }
        }
    }
    let last = (0..states).map(|state| best[tokens * states + state] + transitions.stop[state]);
    let state = last.enumerate().fold((states - 1, NOTHING), |a, b| if b.1 > a.1 { b } else { a }).0;
    trace(scores.shape, state, &starts, &froms, &left)
}

/// Goes the best way back from its last state.
fn trace(shape: Shape, last: usize, starts: &[u32], froms: &[u32], left: &[bool]) -> Vec<Segment> {
    let (mut at, mut state) = (shape.tokens, last);
    let mut way = Vec::new();
    while at > 0 {
        if state < shape.slots {
            let start = starts[at * shape.slots + state] as usize;
            way.push(Segment { start, end: at, slot: state });
            state = froms[start * shape.slots + state] as usize;
            at = start;
        } else {
            if left[at * shape.states() + state] {
                state -= shape.slots;
            }
            at -= 1;
        }
    }
    way.reverse();
    way
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
        crate::solver::add_scaled(first, row, 1.0);
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

fn add_logs(a: f32, b: f32) -> f32 {
    let (more, less) = if a > b { (a, b) } else { (b, a) };
    more + (less - more).exp().ln_1p()
}
