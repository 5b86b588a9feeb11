//! The lattice against counting every way through small sentences, one by one.

use proptest::prelude::*;

use super::*;
use crate::solver::Random;

/// Every way through a sentence.
fn ways(shape: Shape) -> Vec<Vec<Segment>> {
    fn go_on(shape: Shape, at: usize, so_far: &mut Vec<Segment>, all: &mut Vec<Vec<Segment>>) {
        if at == shape.tokens {
            all.push(so_far.clone());
            return;
        }
        go_on(shape, at + 1, so_far, all);
        for end in at + 1..=shape.tokens.min(at + shape.length_max) {
            for slot in 0..shape.slots {
                so_far.push(Segment { start: at, end, slot });
                go_on(shape, end, so_far, all);
                so_far.pop();
            }
        }
    }
    let mut all = Vec::new();
    go_on(shape, 0, &mut Vec::new(), &mut all);
    all
}

/// The score of a way, read off the definition: token by token.
fn score(scores: &Potentials, transitions: &Transitions, way: &[Segment]) -> f64 {
    let Shape { slots, tokens, .. } = scores.shape;
    let (mut sum, mut last, mut at) = (0.0, None, 0);
    while at < tokens {
        // The state before: the slot that ended here, the one that ended earlier, or none.
        let state = match last {
            Some((slot, end)) if end == at => slot,
            Some((slot, _)) => slots + slot,
            None => 2 * slots,
        };
        if let Some(segment) = way.iter().find(|segment| segment.start == at) {
            sum += f64::from(transitions.enter[state * slots + segment.slot]);
            sum += f64::from(scores.span(at, segment.end)[segment.slot]);
            last = Some((segment.slot, segment.end));
            at = segment.end;
        } else {
            if state < slots {
                sum += f64::from(transitions.leave[state]);
            }
            sum += f64::from(scores.outside[at]);
            at += 1;
        }
    }
    let state = match last {
        Some((slot, end)) if end == tokens => slot,
        Some((slot, _)) => slots + slot,
        None => 2 * slots,
    };
    sum + f64::from(transitions.stop[state])
}

fn fill(random: &mut Random, numbers: &mut [f32]) {
    // A shuffle is all the generator offers: the numbers are the places of a shuffled row, brought to −2 … 2.
    let mut places: Vec<u32> = (0..numbers.len() as u32).collect();
    random.shuffle(&mut places);
    for (number, place) in numbers.iter_mut().zip(places) {
        *number = (place as f32 + 0.5) / 4.0 % 4.0 - 2.0;
    }
}

fn random(shape: Shape, seed: u64) -> (Potentials, Transitions) {
    let mut random = Random::new(seed);
    let mut scores = Potentials::zero(shape);
    let mut transitions = Transitions::zero(shape.slots);
    fill(&mut random, &mut scores.spans);
    fill(&mut random, &mut scores.outside);
    for part in transitions.parts_mut() {
        fill(&mut random, part);
    }
    (scores, transitions)
}

fn shapes() -> impl Strategy<Value = (Shape, u64)> {
    (1usize..4, 0usize..5, 1usize..4, any::<u64>())
        .prop_map(|(slots, tokens, length_max, seed)| (Shape { slots, tokens, length_max }, seed))
}

fn log_of_sum(logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::MIN, f64::max);
    most + logs.iter().map(|log| (log - most).exp()).sum::<f64>().ln()
}

proptest! {
    #[test]
    fn the_sum_is_that_over_every_way((shape, seed) in shapes()) {
        let (scores, transitions) = random(shape, seed);
        let logs: Vec<f64> =
            ways(shape).iter().map(|way| score(&scores, &transitions, way)).collect();

        let sum = Lattice::default().sum(&scores, &transitions, &Entering::of(&transitions));

        prop_assert!((f64::from(sum) - log_of_sum(&logs)).abs() < 1e-3);
    }

    #[test]
    fn the_best_way_is_the_best_of_every_way((shape, seed) in shapes()) {
        let (scores, transitions) = random(shape, seed);
        let every = ways(shape);
        let most = every.iter().map(|way| score(&scores, &transitions, way)).fold(f64::MIN, f64::max);

        let found = best(&scores, &transitions);

        prop_assert!(every.contains(&found));
        prop_assert!((score(&scores, &transitions, &found) - most).abs() < 1e-4);
    }

    #[test]
    fn what_is_expected_is_what_every_way_counts((shape, seed) in shapes()) {
        let (scores, transitions) = random(shape, seed);
        let every = ways(shape);
        let logs: Vec<f64> = every.iter().map(|way| score(&scores, &transitions, way)).collect();
        let total = log_of_sum(&logs);
        let mut lattice = Lattice::default();
        let mut expected = Potentials::zero(shape);
        let mut moves = Transitions::zero(shape.slots);

        lattice.sum(&scores, &transitions, &Entering::of(&transitions));
        lattice.expect(&scores, &transitions, &Entering::of(&transitions), &mut expected, &mut moves);

        // Taking away what each way counts, as often as it is probable, leaves nothing.
        let mut spans = vec![0f64; expected.spans.len()];
        let mut outside = vec![0f64; shape.tokens];
        let mut moved = [vec![0f64; moves.enter.len()], vec![0f64; moves.leave.len()], vec![0f64; moves.stop.len()]];
        for (way, log) in every.iter().zip(&logs) {
            let probability = (log - total).exp();
            let (mut one, mut steps) = (Potentials::zero(shape), Transitions::zero(shape.slots));
            subtract(&mut one, &mut steps, way);
            for (sum, count) in spans.iter_mut().zip(&one.spans).chain(outside.iter_mut().zip(&one.outside)) {
                *sum -= probability * f64::from(*count);
            }
            for (sum, part) in moved.iter_mut().zip(steps.parts()) {
                sum.iter_mut().zip(part).for_each(|(sum, count)| *sum -= probability * f64::from(*count));
            }
        }
        let close = |wanted: &[f64], got: &[f32]| {
            wanted.iter().zip(got).all(|(wanted, got)| (wanted - f64::from(*got)).abs() < 1e-3)
        };
        prop_assert!(close(&spans, &expected.spans));
        prop_assert!(close(&outside, &expected.outside));
        for (wanted, got) in moved.iter().zip(moves.parts()) {
            prop_assert!(close(wanted, got));
        }
        // At every token the sentence is in one slot or in none.
        for at in 0..shape.tokens {
            let covering = (0..=at).flat_map(|start| (at + 1..=shape.tokens.min(start + shape.length_max)).map(move |end| (start, end)));
            let sum: f32 = covering.map(|(start, end)| expected.span(start, end).iter().sum::<f32>()).sum();
            prop_assert!((sum + expected.outside[at] - 1.0).abs() < 1e-3);
        }
        for way in every.iter().filter(|way| way.len() == 1) {
            let got = lattice.probability(&scores, way[0]);
            prop_assert!((got - expected.spans[shape.place(way[0])]).abs() < 1e-3);
        }
    }

    #[test]
    fn a_way_counts_what_its_score_sums((shape, seed) in shapes()) {
        let (scores, transitions) = random(shape, seed);
        for way in ways(shape) {
            let (mut one, mut steps) = (Potentials::zero(shape), Transitions::zero(shape.slots));

            subtract(&mut one, &mut steps, &way);

            let dot = |counts: &[f32], scores: &[f32]| -> f64 {
                counts.iter().zip(scores).map(|(count, score)| -f64::from(count * score)).sum()
            };
            let mut sum = dot(&one.spans, &scores.spans) + dot(&one.outside, &scores.outside);
            for (counts, scores) in steps.parts().into_iter().zip(transitions.parts()) {
                sum += dot(counts, scores);
            }
            prop_assert!((sum - score(&scores, &transitions, &way)).abs() < 1e-4);
        }
    }
}
