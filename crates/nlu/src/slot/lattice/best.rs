//! The best way through a sentence (Viterbi).

use super::{NOTHING, Potentials, Segment, Shape, Transitions};

/// Finds the best way through a sentence.
pub(in crate::slot) fn best(scores: &Potentials, transitions: &Transitions) -> Vec<Segment> {
    let mut search = Search::new(scores.shape, transitions);
    for at in 0..=scores.shape.tokens {
        if at > 0 {
            search.end_slots(at, scores);
            search.pass_outside(at, scores, transitions);
        }
        if at < scores.shape.tokens {
            search.enter_slots(at, transitions);
        }
    }
    search.trace(search.last(transitions))
}

/// The best score of every state at every place, and how it was come by.
struct Search {
    shape: Shape,
    /// Of each state after so many tokens.
    best: Vec<f32>,
    /// Of each slot that begins at a token.
    into: Vec<f32>,
    /// Where the slot began that ends here.
    starts: Vec<u32>,
    /// In which state the sentence was when the slot began.
    froms: Vec<u32>,
    /// Whether the token before is the first one after its slot.
    left: Vec<bool>,
    /// The most that entering a slot scores.
    entered_max: f32,
}

impl Search {
    fn new(shape: Shape, transitions: &Transitions) -> Self {
        let (slots, states, places) = (shape.slots, shape.states(), shape.tokens + 1);
        let mut best = vec![NOTHING; places * states];
        best[states - 1] = 0.0;
        Self {
            shape,
            best,
            into: vec![NOTHING; places * slots],
            starts: vec![0; places * slots],
            froms: vec![0; places * slots],
            left: vec![false; places * states],
            entered_max: transitions.enter.iter().fold(NOTHING, |most, score| most.max(*score)),
        }
    }

    fn end_slots(&mut self, at: usize, scores: &Potentials) {
        let Shape { slots, length_max, .. } = self.shape;
        let to = &mut self.best[at * self.shape.states()..][..slots];
        let came = &mut self.starts[at * slots..][..slots];
        for start in at.saturating_sub(length_max)..at {
            let from = self.into[start * slots..][..slots].iter().zip(scores.span(start, at));
            for ((to, came), (from, score)) in to.iter_mut().zip(came.iter_mut()).zip(from) {
                let better = from + score > *to;
                *to = if better { from + score } else { *to };
                *came = if better { start as u32 } else { *came };
            }
        }
    }

    fn pass_outside(&mut self, at: usize, scores: &Potentials, transitions: &Transitions) {
        let (slots, states) = (self.shape.slots, self.shape.states());
        let (earlier, later) = self.best.split_at_mut(at * states);
        let from = &earlier[(at - 1) * states..];
        for state in slots..states {
            let leave = transitions.leave.get(state - slots);
            let leaving = leave.map_or(NOTHING, |leave| from[state - slots] + leave);
            later[state] = from[state].max(leaving) + scores.outside[at - 1];
            self.left[at * states + state] = leaving > from[state];
        }
    }

    fn enter_slots(&mut self, at: usize, transitions: &Transitions) {
        let (slots, states) = (self.shape.slots, self.shape.states());
        let into = &mut self.into[at * slots..][..slots];
        let froms = &mut self.froms[at * slots..][..slots];
        let best = &self.best[at * states..][..states];
        let mut rows = best.iter().zip(transitions.enter.chunks_exact(slots)).enumerate();
        // From the best state first: then most others cannot be better, whatever they enter.
        let most = rows.clone().max_by(|a, b| a.1.0.total_cmp(b.1.0));
        let mut least = NOTHING;
        for (state, (best, row)) in most.into_iter().chain(&mut rows) {
            if best + self.entered_max <= least {
                continue;
            }
            for ((into, from), enter) in into.iter_mut().zip(froms.iter_mut()).zip(row) {
                let better = best + enter > *into;
                *into = if better { best + enter } else { *into };
                *from = if better { state as u32 } else { *from };
            }
            least = into.iter().fold(f32::MAX, |least, score| least.min(*score));
        }
    }

    fn last(&self, transitions: &Transitions) -> usize {
        let states = self.shape.states();
        let ends = self.best[self.shape.tokens * states..].iter().zip(&transitions.stop);
        let mut most = (states - 1, NOTHING);
        for (state, (score, stop)) in ends.enumerate() {
            if score + stop > most.1 {
                most = (state, score + stop);
            }
        }
        most.0
    }

    /// Goes the best way back from its last state.
    fn trace(&self, last: usize) -> Vec<Segment> {
        let (slots, states) = (self.shape.slots, self.shape.states());
        let (mut at, mut state) = (self.shape.tokens, last);
        let mut way = Vec::new();
        while at > 0 {
            if state < slots {
                let start = self.starts[at * slots + state] as usize;
                way.push(Segment { start, end: at, slot: state });
                state = self.froms[start * slots + state] as usize;
                at = start;
            } else {
                if self.left[at * states + state] {
                    state -= slots;
                }
                at -= 1;
            }
        }
        way.reverse();
        way
    }
}
