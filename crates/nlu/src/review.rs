//! What a trainer should look at first: queued utterances, near-duplicates together, the most useful groups before others.
//!
//! Pure functions: where the queue is kept and what a trainer decides are matters of others.
//!
//! The usefulness of a group is a product: **reason × uncertainty × novelty × density × frequency**. A wrong answer that was
//! noticed counts more than a doubt; what the model hardly knows, what is unlike every example and what is like many other
//! queued utterances teaches most; and what is asked often pays most. No factor is ever zero, so each group has its place.

use serde::{Deserialize, Serialize};

use crate::features::{Vector, Vocabulary};
use crate::text;

/// The most queued utterances that are ranked at once; later ones are left for the next time.
pub const QUEUE_MAX: usize = 10_000;
/// The most training examples that novelty is measured against.
pub const EXAMPLES_MAX: usize = 200_000;
/// Utterances at least as alike as this are near-duplicates (cosine of their n-grams).
const DUPLICATE_MIN: f32 = 0.75;
/// Groups at least as alike as this make each other dense.
const NEIGHBOUR_MIN: f32 = 0.3;
/// N-grams in more texts than this tell little and are skipped when likeness is sought, so that time is bounded.
const POSTINGS_MAX: usize = 2_000;
/// What uncertainty, novelty and density count at least.
const FACTOR_MIN: f32 = 0.3;

/// Names why an utterance was queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The model was not sure.
    Uncertain,
    /// The conversation was handed to a person.
    HandedOff,
    /// The customer rated the answer badly.
    BadlyRated,
    /// Somebody said which intent was right.
    Corrected,
}

impl Reason {
    const fn weight(self) -> f32 {
        match self {
            Self::Uncertain => 0.6,
            Self::HandedOff => 0.75,
            Self::BadlyRated => 0.9,
            Self::Corrected => 1.0,
        }
    }
}

/// Holds an utterance that waits for a trainer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Queued {
    /// What was said.
    pub text: String,
    /// The likeliest intents with their probabilities, the likeliest first.
    pub ranked: Vec<(String, f32)>,
    /// Why it was queued.
    pub reason: Reason,
}

/// Holds near-duplicates that a trainer can decide about together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewGroup {
    /// The places of its utterances in the queue, ascending; the first one stands for the group.
    pub members: Vec<usize>,
    /// The intent that its utterances speak for together; `None` if no intent was ranked.
    pub suggestion: Option<String>,
    /// The product of the five factors.
    pub usefulness: f32,
    /// How unsure the model is, from 0 to 1: the mean of entropy and of one less the margin.
    pub uncertainty: f32,
    /// How unlike every training example it is, from 0 to 1.
    pub novelty: f32,
    /// How many other groups are like it, as a number from 0 towards 1.
    pub density: f32,
}

/// Groups queued utterances and orders the groups, the most useful first.
#[must_use]
pub fn rank(queue: &[Queued], examples: &[&str]) -> Vec<ReviewGroup> {
    let queue = &queue[..queue.len().min(QUEUE_MAX)];
    let examples = &examples[..examples.len().min(EXAMPLES_MAX)];
    let queued: Vec<String> = queue.iter().map(|one| normalise(&one.text)).collect();
    let trained: Vec<String> = examples.iter().map(|text| normalise(text)).collect();
    let vocabulary = Vocabulary::of(queued.iter().chain(&trained).map(String::as_str));
    let mut known = Index::new(vocabulary.len());
    trained.iter().for_each(|text| known.add(vocabulary.vector(text)));
    let mut leaders = Index::new(vocabulary.len());
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, text) in queued.iter().enumerate() {
        let vector = vocabulary.vector(text);
        // A text without anything in it is its own group, or that of others like it.
        let same_empty =
            || groups.iter().position(|group| vector.is_empty() && queued[group[0]] == *text);
        match leaders.nearest(&vector).filter(|(_, cosine)| *cosine >= DUPLICATE_MIN) {
            Some((group, _)) => groups[group].push(at),
            None => match same_empty() {
                Some(group) => groups[group].push(at),
                None => {
                    leaders.add(vector);
                    groups.push(vec![at]);
                }
            },
        }
    }
    let mut ranked: Vec<ReviewGroup> = groups
        .into_iter()
        .enumerate()
        .map(|(group, members)| judge(queue, members, &leaders, group, &known))
        .collect();
    ranked.sort_by(|a, b| {
        b.usefulness.total_cmp(&a.usefulness).then_with(|| a.members.cmp(&b.members))
    });
    ranked
}

fn normalise(text: &str) -> String {
    text::normalise(text::capped(text))
}

fn judge(
    queue: &[Queued],
    members: Vec<usize>,
    leaders: &Index,
    group: usize,
    known: &Index,
) -> ReviewGroup {
    let ones = || members.iter().map(|at| &queue[*at]);
    let count = members.len() as f32;
    let uncertainty = ones().map(|one| uncertainty(&one.ranked)).sum::<f32>() / count;
    let reason = ones().map(|one| one.reason.weight()).fold(0.0, f32::max);
    let vector = &leaders.vectors[group];
    let novelty = 1.0 - known.nearest(vector).map_or(0.0, |(_, cosine)| cosine.clamp(0.0, 1.0));
    let neighbours =
        leaders.like(vector).filter(|(other, cosine)| *other != group && *cosine >= NEIGHBOUR_MIN);
    let neighbours = neighbours.count() as f32;
    let density = neighbours / (neighbours + 3.0);
    let at_least = |factor: f32| FACTOR_MIN + (1.0 - FACTOR_MIN) * factor;
    let usefulness = reason
        * at_least(uncertainty)
        * at_least(novelty)
        * at_least(density)
        * (1.0 + count).log2();
    let suggestion = suggestion(ones());
    ReviewGroup { members, suggestion, usefulness, uncertainty, novelty, density }
}

/// How unsure a ranking is, from 0 to 1; what is missing of the probabilities counts as one more intent.
fn uncertainty(ranked: &[(String, f32)]) -> f32 {
    let sound = |p: f32| if p.is_finite() { p.clamp(0.0, 1.0) } else { 0.0 };
    let mut probabilities: Vec<f32> = ranked.iter().map(|(_, p)| sound(*p)).collect();
    probabilities.sort_by(|a, b| b.total_cmp(a));
    let Some(first) = probabilities.first().copied() else { return 1.0 };
    let margin = first - probabilities.get(1).copied().unwrap_or(0.0);
    probabilities.push((1.0 - probabilities.iter().sum::<f32>()).max(0.0));
    let terms = probabilities.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln());
    let entropy = terms.sum::<f32>() / (probabilities.len() as f32).ln();
    f32::midpoint(entropy.clamp(0.0, 1.0), 1.0 - margin)
}

/// The intent with the greatest sum of probabilities; of equal ones the first by name.
fn suggestion<'a>(ones: impl Iterator<Item = &'a Queued>) -> Option<String> {
    let mut sums: std::collections::BTreeMap<&str, f32> = std::collections::BTreeMap::new();
    for (intent, probability) in ones.flat_map(|one| &one.ranked) {
        *sums.entry(intent).or_default() += probability;
    }
    let best = sums.into_iter().fold(None, |best: Option<(&str, f32)>, one| match best {
        Some(best) if best.1 >= one.1 => Some(best),
        _ => Some(one),
    });
    best.map(|(intent, _)| intent.to_owned())
}

/// Finds vectors that share features with another.
struct Index {
    vectors: Vec<Vector>,
    postings: Vec<Vec<(u32, f32)>>,
}

impl Index {
    fn new(features: usize) -> Self {
        Self { vectors: Vec::new(), postings: vec![Vec::new(); features] }
    }

    fn add(&mut self, vector: Vector) {
        for (feature, value) in &vector {
            let postings = &mut self.postings[*feature as usize];
            if postings.len() < POSTINGS_MAX {
                postings.push((self.vectors.len() as u32, *value));
            }
        }
        self.vectors.push(vector);
    }

    /// The vectors that share a feature, ascending, and their cosines.
    fn like(&self, vector: &Vector) -> impl Iterator<Item = (usize, f32)> {
        let mut sums: std::collections::BTreeMap<u32, f32> = std::collections::BTreeMap::new();
        for (feature, value) in vector {
            for (other, weight) in &self.postings[*feature as usize] {
                *sums.entry(*other).or_default() += value * weight;
            }
        }
        sums.into_iter().map(|(other, cosine)| (other as usize, cosine))
    }

    fn nearest(&self, vector: &Vector) -> Option<(usize, f32)> {
        self.like(vector).fold(None, |best: Option<(usize, f32)>, one| match best {
            Some(best) if best.1 >= one.1 => Some(best),
            _ => Some(one),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn queued(text: &str, probabilities: &[f32], reason: Reason) -> Queued {
        let names = ["refund", "track", "invoice"];
        let ranked = names.iter().zip(probabilities).map(|(name, p)| ((*name).to_owned(), *p));
        Queued { text: text.to_owned(), ranked: ranked.collect(), reason }
    }

    fn uncertain(text: &str) -> Queued {
        queued(text, &[0.4, 0.35, 0.1], Reason::Uncertain)
    }

    #[test]
    fn near_duplicates_are_one_group() {
        let queue = [
            uncertain("怎么申请退款"),
            uncertain("where is my parcel now"),
            uncertain("怎么申请退款？"),
            uncertain("Where is my parcel now?"),
        ];

        let groups = rank(&queue, &[]);

        let mut members: Vec<&[usize]> = groups.iter().map(|one| one.members.as_slice()).collect();
        members.sort_unstable();
        assert_eq!(members, [[0, 2], [1, 3]]);
        assert_eq!(groups[0].suggestion.as_deref(), Some("refund"));
    }

    /// Tells which of two queued utterances comes first.
    fn first(a: Queued, b: Queued, examples: &[&str]) -> usize {
        rank(&[a, b], examples)[0].members[0]
    }

    #[test]
    fn each_factor_counts() {
        let (a, b) = ("my voucher does not work", "gift wrapping for two lamps");
        let sure = queued(a, &[0.97, 0.01, 0.01], Reason::Uncertain);
        let corrected = queued(b, &[0.4, 0.35, 0.1], Reason::Corrected);

        assert_eq!(first(sure, uncertain(b), &[]), 1, "uncertainty");
        assert_eq!(first(uncertain(a), corrected, &[]), 1, "reason");
        assert_eq!(first(uncertain(a), uncertain(b), &["my voucher does not work"]), 1, "novelty");
        let often = [uncertain(a), uncertain(b), uncertain(b), uncertain(b)];
        assert_eq!(rank(&often, &[])[0].members, [1, 2, 3], "frequency");
        let dense = [
            uncertain(a),
            uncertain(b),
            uncertain("gift wrapping for a birthday"),
            uncertain("two lamps with gift wrapping paper"),
        ];
        assert_ne!(rank(&dense, &[])[0].members, [0], "density");
    }

    #[test]
    fn what_the_model_does_not_know_at_all_is_most_uncertain() {
        assert!((uncertainty(&[]) - 1.0).abs() < 1e-6);
        assert!(uncertainty(&[("a".into(), 1.0)]) < 1e-6);
        assert!(uncertainty(&[("a".into(), 0.5), ("b".into(), 0.5)]) > 0.7);
    }

    proptest! {
        #[test]
        fn each_utterance_is_in_exactly_one_group(
            texts in proptest::collection::vec("[ab退 ]{0,5}", 0..30),
            probability in proptest::num::f32::ANY,
        ) {
            let queue: Vec<Queued> = texts.iter().map(|text| queued(text, &[probability, 0.2], Reason::HandedOff)).collect();

            let groups = rank(&queue, &["ab"]);

            let mut all: Vec<usize> = groups.iter().flat_map(|one| one.members.clone()).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..texts.len()).collect::<Vec<_>>());
            prop_assert!(groups.iter().all(|one| one.usefulness.is_finite() && one.usefulness > 0.0));
        }
    }
}
