//! The slope against finite differences, and what learning promises.

use super::super::index::{Index, Lists};
use super::super::lexicon::Lexicon;
use super::*;

const TOKENS: usize = 4;
const WIDTH: usize = 3;
const SETTINGS: Settings = Settings { seed: 3, passes: 30, rate: 0.1, penalty: 0.1, dropout: 0.0 };

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
    let mut learner = Learner::new(&vocabulary, std::slice::from_ref(&case), &counts, &SETTINGS);
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
        fit(&vocabulary, &cases, &counts, &settings, &mut |_| ControlFlow::Continue(())).unwrap()
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
