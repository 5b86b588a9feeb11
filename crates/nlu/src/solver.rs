//! The linear classifier: one against the rest, squared hinge loss, dual coordinate descent.
//!
//! This is the method of Hsieh et al. (2008), run for all intents at once: an example is read one time and its dual
//! variables of all intents move together, so that the inner loops run over neighbouring numbers. It has no learning
//! rate, needs about ten passes, and gives the same numbers for the same seed. It knows nothing of text.

use crate::features::Vector;
use crate::train_options::TrainOptions;

/// Numbers of a row are padded to a multiple of this, so that loops over a row need no remainder.
pub(crate) const LANES: usize = 8;
/// An example none of whose dual variables moved by this much rests for a few passes.
const MOVE_MIN: f32 = 3e-2;
/// One in so many intents are few: below that, touching them one by one is faster than touching all.
const FEW: usize = 4;
/// How many passes such an example rests.
const REST: u8 = 2;

/// How the classifier is trained.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) seed: u64,
    pub(crate) passes: usize,
    /// The price of an error: larger follows the examples more closely.
    pub(crate) cost: f32,
    /// How many times dearer an error is on an intent's own examples than on the others.
    pub(crate) own_cost: f32,
}

impl Settings {
    pub(crate) fn of(options: &TrainOptions) -> Self {
        let TrainOptions { seed, passes, cost, own_cost } = *options;
        Self { seed, passes, cost, own_cost }
    }
}

/// The weights of a classifier: a row per feature with a number per intent, and a row of biases.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights {
    /// Numbers in a row: intents, padded.
    pub(crate) stride: usize,
    pub(crate) rows: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl Weights {
    /// Weights with which every score is zero.
    pub(crate) fn zero(features: usize, intents: usize) -> Self {
        let stride = intents.next_multiple_of(LANES);
        Self { stride, rows: vec![0.0; features * stride], bias: vec![0.0; stride] }
    }

    #[inline(always)]
    pub(crate) fn row(&self, feature: u32) -> &[f32] {
        &self.rows[feature as usize * self.stride..][..self.stride]
    }

    /// Writes the score of each intent, padding included.
    #[inline(always)]
    pub(crate) fn scores(&self, vector: &Vector, scores: &mut [f32]) {
        scores.copy_from_slice(&self.bias);
        for (feature, value) in vector {
            add_scaled(scores, self.row(*feature), *value);
        }
    }

    /// Adds an example times the move of each intent. After the first passes few intents move, and only they are
    /// touched; `moving` is room for their numbers.
    #[inline(always)]
    fn add(&mut self, vector: &Vector, moves: &[f32], moving: &mut Vec<usize>) {
        moving.clear();
        moving.extend((0..moves.len()).filter(|intent| moves[*intent] != 0.0));
        let few = moving.len() * FEW <= moves.len();
        for (feature, value) in vector {
            let row = &mut self.rows[*feature as usize * self.stride..][..self.stride];
            if few {
                for intent in moving.iter() {
                    row[*intent] += value * moves[*intent];
                }
            } else {
                add_scaled(row, moves, *value);
            }
        }
        add_scaled(&mut self.bias, moves, 1.0);
    }
}

/// Trains a classifier on vectors and the intents that they belong to; one that belongs to none is a negative for all.
pub(crate) fn train(
    vectors: &[&Vector],
    labels: &[Option<usize>],
    features: usize,
    intents: usize,
    settings: &Settings,
) -> Weights {
    // Wide registers change the time only: every number is computed by itself and in the same order.
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || descend(vectors, labels, features, intents, settings),
    )
}

#[inline(always)]
fn descend(
    vectors: &[&Vector],
    labels: &[Option<usize>],
    features: usize,
    intents: usize,
    settings: &Settings,
) -> Weights {
    let mut weights = Weights::zero(features, intents);
    let mut duals = vec![0f32; vectors.len() * weights.stride];
    let mut resting = vec![0u8; vectors.len()];
    let mut order: Vec<usize> = (0..vectors.len()).collect();
    let mut random = Random::new(settings.seed);
    let mut scores = vec![0f32; weights.stride];
    let mut moving = Vec::with_capacity(weights.stride);
    for _ in 0..settings.passes {
        random.shuffle(&mut order);
        for &i in &order {
            if resting[i] > 0 {
                resting[i] -= 1;
                continue;
            }
            weights.scores(vectors[i], &mut scores);
            let duals = &mut duals[i * weights.stride..][..weights.stride];
            let square = 1.0 + vectors[i].iter().map(|(_, value)| value * value).sum::<f32>();
            let moved = step(&mut scores, &mut duals[..intents], labels[i], square, settings);
            if moved < MOVE_MIN {
                resting[i] = REST;
            }
            if moved > 0.0 {
                weights.add(vectors[i], &scores, &mut moving);
            }
        }
    }
    weights
}

/// Moves the dual variables of one example to their best values; `scores` become the moves that the weights make.
/// Returns the greatest move.
#[inline(always)]
fn step(
    scores: &mut [f32],
    duals: &mut [f32],
    own: Option<usize>,
    square: f32,
    settings: &Settings,
) -> f32 {
    let softness = 0.5 / settings.cost;
    let own_softness = softness / settings.own_cost;
    let before = own.map(|own| (scores[own], duals[own]));
    let inverse = 1.0 / (square + softness);
    let mut moved = 0f32;
    for (score, dual) in scores.iter_mut().zip(duals.iter_mut()) {
        let slope = -*score - 1.0 + softness * *dual;
        let new = (*dual - slope * inverse).max(0.0);
        *score = *dual - new;
        moved = moved.max(score.abs());
        *dual = new;
    }
    if let (Some(own), Some((own_score, own_dual))) = (own, before) {
        let slope = own_score - 1.0 + own_softness * own_dual;
        let new = (own_dual - slope / (square + own_softness)).max(0.0);
        duals[own] = new;
        scores[own] = new - own_dual;
        moved = moved.max(scores[own].abs());
    }
    scores[duals.len()..].fill(0.0);
    moved
}

/// Adds `factor` times a row to a row of the same length.
#[inline(always)]
pub(crate) fn add_scaled(sum: &mut [f32], row: &[f32], factor: f32) {
    for (sum, value) in sum.iter_mut().zip(row) {
        *sum += factor * value;
    }
}

/// A small generator of random numbers (SplitMix64); the same seed gives the same numbers on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// Draws a number below `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Settings = Settings { seed: 1, passes: 400, cost: 1.0, own_cost: 4.0 };

    fn toy() -> (Vec<Vector>, Vec<Option<usize>>) {
        let vectors = vec![
            vec![(0, 1.0)],
            vec![(0, 0.8), (1, 0.6)],
            vec![(1, 1.0)],
            vec![(1, 0.8), (2, 0.6)],
            vec![(2, 1.0)],
            vec![(0, 0.6), (2, 0.8)],
        ];
        (vectors, vec![Some(0), Some(0), Some(1), Some(1), Some(2), None])
    }

    /// The sum that training makes small, for one intent against the rest.
    fn objective(
        weights: &Weights,
        vectors: &[Vector],
        labels: &[Option<usize>],
        intent: usize,
    ) -> f64 {
        let own: f32 = (0..3).map(|f| weights.row(f)[intent].powi(2)).sum();
        let mut sum = f64::from(own + weights.bias[intent].powi(2)) / 2.0;
        for (vector, label) in vectors.iter().zip(labels) {
            let mut scores = vec![0.0; weights.stride];
            weights.scores(vector, &mut scores);
            let (sign, cost) = if *label == Some(intent) {
                (1.0, SETTINGS.cost * SETTINGS.own_cost)
            } else {
                (-1.0, SETTINGS.cost)
            };
            sum += f64::from(cost * (1.0 - sign * scores[intent]).max(0.0).powi(2));
        }
        sum
    }

    #[test]
    fn training_reaches_the_least_of_its_objective() {
        let (vectors, labels) = toy();
        let rows: Vec<&Vector> = vectors.iter().collect();

        let weights = train(&rows, &labels, 3, 3, &SETTINGS);

        // At the least, moving any single weight either way makes the objective larger.
        for intent in 0..3 {
            let least = objective(&weights, &vectors, &labels, intent);
            for at in 0..4 {
                for change in [-0.01, 0.01] {
                    let mut moved = weights.clone();
                    match at {
                        3 => moved.bias[intent] += change,
                        _ => moved.rows[at * weights.stride + intent] += change,
                    }
                    assert!(
                        objective(&moved, &vectors, &labels, intent) > least,
                        "intent {intent}, weight {at}"
                    );
                }
            }
        }
    }

    #[test]
    fn padding_stays_zero() {
        let (vectors, labels) = toy();
        let rows: Vec<&Vector> = vectors.iter().collect();

        let weights = train(&rows, &labels, 3, 3, &SETTINGS);

        assert!(weights.bias[3..].iter().all(|value| *value == 0.0));
        assert!((0..3).all(|f| weights.row(f)[3..].iter().all(|value| *value == 0.0)));
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();

        Random::new(7).shuffle(&mut items);

        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
