//! All the ways to cut a sentence into slots and the words between them: their sum, their best, and what each part
//! is expected to do. Numbers only; it knows nothing of words, features or training.
//!
//! The model is a semi-Markov conditional random field (Sarawagi and Cohen, 2004): a step passes over one token that
//! belongs to no slot, or over all tokens of one slot at once. A state remembers which slot came last, also across the
//! tokens between, so that "to", which is in no slot, does not make the sentence forget where "from" was. A slot that
//! begins where none ended, an inside without a beginning: neither can be written down in this form at all.

mod best;
mod sum;
#[cfg(test)]
mod tests;

pub(super) use best::best;
pub(super) use sum::{Entering, Lattice};

/// Stands for the logarithm of nothing; far below every score, and finite so that no difference of two is undefined.
pub(super) const NOTHING: f32 = -1e30;

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
    let pass_to = |until: usize, at: &mut usize, state: &mut usize, visit: &mut dyn FnMut(Step)| {
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
