//! The learning curve: how good a model gets with how many examples, and so whether more would help.
//!
//! Of each intent the first so many examples of a seeded order are taken, so that every step holds the one before it.

use serde::{Deserialize, Serialize};

use super::answer::{Reply, ask};
use super::measure::measure;
use crate::solver::Random;
use crate::training_set::{Example, TrainingSet};

/// The most trainings of a curve.
pub const STEPS_MAX: usize = 100;

/// Says at which shares of the examples a model is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveOptions {
    /// The shares of each intent's examples, from 0 to 1; at least one example is taken.
    pub shares: Vec<f32>,
    /// How many orders are tried and averaged.
    pub repeats: usize,
    /// Orders the examples.
    pub seed: u64,
}

impl Default for CurveOptions {
    fn default() -> Self {
        Self { shares: vec![0.1, 0.2, 0.4, 0.6, 0.8, 1.0], repeats: 1, seed: 42 }
    }
}

/// Says how good the models were that were trained on one share of the examples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// The share of each intent's examples.
    pub share: f32,
    /// How many examples that were.
    pub examples: usize,
    /// The mean accuracy over the repeats.
    pub accuracy: f32,
    /// The mean macro-F1 over the repeats.
    pub macro_f1: f32,
}

/// Trains on growing shares of the examples and tests each model on the same tests.
///
/// Shares outside 0 to 1 are brought into it; no more than [`STEPS_MAX`] trainings are made in all.
///
/// # Errors
/// What `train` says, which may also be that the caller has given up.
pub fn learning_curve<M, E>(
    examples: &[Example],
    tests: &[Example],
    options: &CurveOptions,
    mut train: impl FnMut(&TrainingSet) -> Result<M, E>,
) -> Result<Vec<CurvePoint>, E>
where
    M: FnMut(&str) -> Reply,
{
    let shares: Vec<f32> =
        options.shares.iter().take(STEPS_MAX).map(|share| share.clamp(0.0, 1.0)).collect();
    let repeats = options.repeats.clamp(1, STEPS_MAX / shares.len().max(1));
    let mut random = Random::new(options.seed);
    let orders: Vec<Vec<Vec<&Example>>> =
        (0..repeats).map(|_| ordered(examples, &mut random)).collect();
    let mut points = Vec::with_capacity(shares.len());
    for share in shares {
        let mut point = CurvePoint { share, examples: 0, accuracy: 0.0, macro_f1: 0.0 };
        for order in &orders {
            let set = first_of_each(order, share);
            let report = measure(&ask(tests, &[], train(&set)?), None);
            point.examples = set.examples().len();
            point.accuracy += report.accuracy / repeats as f32;
            point.macro_f1 += report.macro_f1 / repeats as f32;
        }
        points.push(point);
    }
    Ok(points)
}

/// The examples of each intent in an order of chance.
fn ordered<'a>(examples: &'a [Example], random: &mut Random) -> Vec<Vec<&'a Example>> {
    let mut sorted: Vec<&Example> = examples.iter().collect();
    sorted.sort_unstable();
    let mut intents: Vec<Vec<&Example>> =
        sorted.chunk_by(|a, b| a.intent == b.intent).map(<[_]>::to_vec).collect();
    for intent in &mut intents {
        random.shuffle(intent);
    }
    intents
}

fn first_of_each(intents: &[Vec<&Example>], share: f32) -> TrainingSet {
    let taken = |intent: &Vec<&Example>| {
        let count = (intent.len() as f32 * share).round() as usize;
        intent[..count.clamp(1, intent.len())].iter().map(|one| (*one).clone()).collect::<Vec<_>>()
    };
    TrainingSet::new(intents.iter().flat_map(taken).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> Vec<Example> {
        let of = |intent: &'static str| {
            (0..10).map(move |i| Example::new(intent, format!("{intent} {i}")))
        };
        of("a").chain(of("b")).collect()
    }

    type Replies = Box<dyn FnMut(&str) -> Reply>;

    /// A model that knows the words it was trained on, and records what that was.
    fn trained_on<'a>(
        seen: &'a mut Vec<TrainingSet>,
    ) -> impl FnMut(&TrainingSet) -> Result<Replies, String> + 'a {
        move |set| {
            seen.push(set.clone());
            let set = set.clone();
            Ok(Box::new(move |text: &str| {
                let known = set.examples().iter().find(|one| one.text == text);
                let ranked = known.map(|one| (one.intent.clone(), 1.0)).into_iter().collect();
                Reply { ranked, in_scope_score: 1.0 }
            }))
        }
    }

    #[test]
    fn each_step_holds_the_one_before_it() {
        let mut seen = Vec::new();

        let curve = learning_curve(
            &examples(),
            &examples(),
            &CurveOptions::default(),
            trained_on(&mut seen),
        )
        .unwrap();

        for (smaller, larger) in seen.iter().zip(&seen[1..]) {
            assert!(smaller.examples().iter().all(|one| larger.examples().contains(one)));
        }
        let accuracies: Vec<f32> = curve.iter().map(|one| one.accuracy).collect();
        assert_eq!(accuracies, [0.1, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(curve[0].examples, 2);
    }

    #[test]
    fn repeats_take_other_examples_and_are_bounded() {
        let mut seen = Vec::new();
        let options = CurveOptions { shares: vec![0.3, f32::INFINITY], repeats: 1_000, seed: 1 };

        let curve =
            learning_curve(&examples(), &examples(), &options, trained_on(&mut seen)).unwrap();

        assert_eq!(seen.len(), STEPS_MAX);
        assert_ne!(seen[0], seen[1]);
        assert!((curve[0].accuracy - 0.3).abs() < 1e-5 && (curve[1].accuracy - 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_training_that_fails_ends_it() {
        let fail = |_: &TrainingSet| Err::<fn(&str) -> Reply, _>("no memory");

        assert_eq!(
            learning_curve(&examples(), &[], &CurveOptions::default(), fail),
            Err("no memory")
        );
    }
}
