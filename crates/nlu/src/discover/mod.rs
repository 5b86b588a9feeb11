//! Finds what customers ask about in utterances that nobody has labelled: proposed intents with names, samples and shares.
//!
//! [`discover`] clusters utterances; [`conversations`] takes them from a table of past conversations and estimates what to
//! automate first. Everything here is a proposal to a person: nothing enters a training set by itself.
//!
//! The way: different texts, at most [`SAMPLE_MAX`] of them → n-grams by rarity → latent directions ([`space`]) → many
//! groupings of different number and depth ([`kmeans`]) → those that foretell the words best ([`choice`]) → one grouping of
//! these ([`consensus`]) → names ([`names`]). All other texts join the group that lies nearest.

mod choice;
mod consensus;
mod kmeans;
mod names;
mod score;
mod space;
mod words;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use self::score::{Agreement, score};
use self::space::{Matrix, Space, dot, to_unit};
use crate::solver::Random;
use crate::text;

/// The most different texts among which groups are sought; others join the nearest group.
pub const SAMPLE_MAX: usize = 4_000;
/// The most groups that are found.
pub const CLUSTERS_MAX: usize = 150;
/// The depths of the spaces in which groupings are proposed.
const DEPTHS: [usize; 3] = [24, 48, space::DIRECTIONS_MAX];
/// The fewest groups that are tried, and by how much the next number is larger.
const GROUPS_FIRST: f64 = 3.0;
const GROUPS_STEP: f64 = 1.18;
/// A grouping is tried only if its groups have so many different texts on average.
const TEXTS_PER_GROUP_MIN: usize = 5;
/// How many of the best groupings make the answer.
const VOTERS: usize = 8;
/// An utterance that points away from every group's centre by more than this cosine fits nothing.
const COSINE_MIN: f32 = 0.2;

/// Turns texts into vectors of equal length that lie close when they mean the same: a sentence encoder.
pub type Encoder<'a> = &'a dyn Fn(&[&str]) -> Vec<Vec<f32>>;

/// Says how utterances are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DiscoverOptions {
    /// Draws the sample and the first centres; the same seed and texts give the same groups.
    pub seed: u64,
    /// How many groups are wanted; `None` finds the number.
    pub clusters: Option<usize>,
    /// The fewest different texts of a group.
    pub texts_min: usize,
    /// Whether every utterance joins the nearest group, also what fits nothing.
    pub assign_all: bool,
    /// How many samples each group shows.
    pub samples: usize,
}

impl Default for DiscoverOptions {
    fn default() -> Self {
        Self { seed: 42, clusters: None, texts_min: 3, assign_all: false, samples: 5 }
    }
}

/// Holds the groups that were found, and which utterance is in which.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Discovery {
    /// The groups, the largest first.
    pub clusters: Vec<Cluster>,
    /// The group of each utterance, by its place in `clusters`; `None` for those that fit nothing.
    pub assignment: Vec<Option<usize>>,
}

/// Describes a group of utterances: a proposed intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// A name that an intent can have: lower-case letters, digits and `_`.
    pub name: String,
    /// The name for people, in the language of the utterances.
    pub title: String,
    /// The most characteristic phrases, the best first.
    pub keywords: Vec<String>,
    /// How many utterances it has.
    pub size: usize,
    /// The share of all utterances that it has, from 0 to 1.
    pub share: f64,
    /// Different utterances of it as they were written, the most typical first.
    pub samples: Vec<String>,
    /// How close its different texts lie to its centre: the mean cosine, from 0 to 1.
    pub cohesion: f64,
}

/// Groups utterances by what they ask about.
#[must_use]
pub fn discover(texts: &[&str], options: &DiscoverOptions) -> Discovery {
    discover_with(texts, options, None)
}

/// Groups utterances by what they ask about, with the help of a sentence encoder if there is one.
///
/// The encoder's answer is ignored if it is not one vector of finite numbers for each text, all of the same length.
#[must_use]
pub fn discover_with(
    texts: &[&str],
    options: &DiscoverOptions,
    encoder: Option<Encoder<'_>>,
) -> Discovery {
    let different = Different::of(texts);
    if different.texts.is_empty() {
        return Discovery { clusters: Vec::new(), assignment: vec![None; texts.len()] };
    }
    let sample = sample(different.texts.len(), options.seed);
    let sampled: Vec<&str> = sample.iter().map(|at| different.texts[*at].as_str()).collect();
    let (space, places) = Space::of(&sampled, options.seed);
    let (labels, groups) = group(&sampled, &places, options, encoder);
    let placed = place_all(&different.texts, &sample, &labels, groups, &places, &space, options);
    describe(texts, &different, &placed, groups, options)
}

/// The different texts, normalised, and which of them each utterance is.
struct Different {
    texts: Vec<String>,
    of: Vec<usize>,
}

impl Different {
    fn of(texts: &[&str]) -> Self {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let (mut different, mut of) = (Vec::new(), Vec::with_capacity(texts.len()));
        for text in texts {
            let normalised = text::normalise(text::capped(text));
            let number = *numbers.entry(normalised).or_insert_with_key(|text| {
                different.push(text.clone());
                different.len() - 1
            });
            of.push(number);
        }
        Self { texts: different, of }
    }
}

/// Draws the places of the texts among which groups are sought, ascending.
fn sample(count: usize, seed: u64) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    if count > SAMPLE_MAX {
        Random::new(seed).shuffle(&mut places);
        places.truncate(SAMPLE_MAX);
        places.sort_unstable();
    }
    places
}

/// Groups the sample; labels below the number that is returned are groups, the rest are single texts.
fn group(
    sampled: &[&str],
    places: &Matrix,
    options: &DiscoverOptions,
    encoder: Option<Encoder<'_>>,
) -> (Vec<usize>, usize) {
    let encoded = encoder.and_then(|encoder| encoded(sampled, encoder));
    let views = views(places, encoded.as_ref());
    let words = choice::Words::of(sampled);
    let mut random = Random::new(options.seed);
    let mut proposals: Vec<(f64, usize, Vec<usize>)> = Vec::new();
    for groups in numbers_of_groups(sampled.len(), options.clusters) {
        for view in &views {
            let labels = kmeans::cluster(view, groups, &mut random);
            proposals.push((words.worth(&labels, groups), groups, labels));
        }
    }
    proposals.sort_by(|a, b| b.0.total_cmp(&a.0));
    proposals.truncate(VOTERS);
    let mut numbers: Vec<usize> = proposals.iter().map(|(_, groups, _)| *groups).collect();
    numbers.sort_unstable();
    let wanted = options.clusters.unwrap_or(numbers[numbers.len() / 2]).clamp(1, CLUSTERS_MAX);
    let votes: Vec<&[usize]> = proposals.iter().map(|(_, _, labels)| labels.as_slice()).collect();
    let (labels, numbers) = consensus::join(&votes, wanted, options.texts_min.max(1));
    let mut sizes = vec![0usize; numbers];
    labels.iter().for_each(|label| sizes[*label] += 1);
    // Labels go from the largest group to the smallest.
    let groups = sizes.iter().take_while(|size| **size >= options.texts_min.max(1)).count();
    (labels, groups.clamp(1, CLUSTERS_MAX))
}

/// The spaces in which groupings are proposed.
fn views(places: &Matrix, encoded: Option<&Matrix>) -> Vec<Matrix> {
    let mut views: Vec<Matrix> = match encoded {
        // An encoder knows what words mean; the words themselves keep a say.
        Some(encoded) => vec![encoded.clone(), beside(encoded, &places.unit_prefix(DEPTHS[1]))],
        None => DEPTHS.iter().map(|depth| places.unit_prefix(*depth)).collect(),
    };
    views.dedup();
    views
}

fn beside(left: &Matrix, right: &Matrix) -> Matrix {
    let mut both = Matrix::zero(left.rows(), left.columns + right.columns);
    for row in 0..left.rows() {
        both.row_mut(row)[..left.columns].copy_from_slice(left.row(row));
        both.row_mut(row)[left.columns..].copy_from_slice(right.row(row));
        to_unit(both.row_mut(row));
    }
    both
}

fn encoded(texts: &[&str], encoder: Encoder<'_>) -> Option<Matrix> {
    let vectors = encoder(texts);
    let columns = vectors.first()?.len();
    let sound = |vector: &Vec<f32>| vector.len() == columns && vector.iter().all(|v| v.is_finite());
    if columns == 0 || vectors.len() != texts.len() || !vectors.iter().all(sound) {
        return None;
    }
    let mut matrix = Matrix { columns, values: vectors.concat() };
    (0..matrix.rows()).for_each(|row| to_unit(matrix.row_mut(row)));
    Some(matrix)
}

fn numbers_of_groups(texts: usize, wanted: Option<usize>) -> Vec<usize> {
    if let Some(wanted) = wanted {
        let wanted = wanted.clamp(1, CLUSTERS_MAX).min(texts);
        // Neighbouring numbers too: groupings that differ make a better consensus.
        let mut numbers = vec![wanted, wanted + wanted.div_ceil(8), (wanted - wanted / 8).max(1)];
        numbers.dedup();
        return numbers;
    }
    let most = (texts / TEXTS_PER_GROUP_MIN).min(CLUSTERS_MAX);
    let numbers = (0..).map(|step| GROUPS_FIRST * GROUPS_STEP.powi(step)).map(|n| n.round() as usize);
    let mut numbers: Vec<usize> = numbers.take_while(|number| *number <= most).collect();
    numbers.dedup();
    if numbers.is_empty() { vec![1] } else { numbers }
}

/// Where a different text belongs, and how near it lies to the centre of its group.
type Placed = Vec<Option<(usize, f32)>>;

fn place_all(
    texts: &[String],
    sample: &[usize],
    labels: &[usize],
    groups: usize,
    places: &Matrix,
    space: &Space,
    options: &DiscoverOptions,
) -> Placed {
    let depth = DEPTHS[1].min(space.directions());
    let rows = places.unit_prefix(depth);
    let centres = kmeans::centres_of(&rows, labels, groups);
    let fits = |cosine: f32| options.assign_all || cosine >= COSINE_MIN;
    let mut placed: Placed = vec![None; texts.len()];
    let mut in_sample = vec![false; texts.len()];
    for (row, at) in sample.iter().enumerate() {
        in_sample[*at] = true;
        let (nearest, cosine) = kmeans::nearest(rows.row(row), &centres);
        let (group, cosine) = match labels[row] {
            own if own < groups => (own, dot(rows.row(row), centres.row(own))),
            _ => (nearest, cosine),
        };
        placed[*at] = fits(cosine).then_some((group, cosine));
    }
    let mut place = vec![0f32; space.directions()];
    for (at, text) in texts.iter().enumerate().filter(|(at, _)| !in_sample[*at]) {
        space.place(text, &mut place);
        to_unit(&mut place[..depth]);
        let (group, cosine) = kmeans::nearest(&place[..depth], &centres);
        placed[at] = fits(cosine).then_some((group, cosine));
    }
    placed
}

/// Counts, names and samples the groups, the largest first.
fn describe(
    utterances: &[&str],
    different: &Different,
    placed: &Placed,
    groups: usize,
    options: &DiscoverOptions,
) -> Discovery {
    let mut sizes = vec![0usize; groups];
    let mut first: Vec<Option<usize>> = vec![None; different.texts.len()];
    for (at, number) in different.of.iter().enumerate() {
        first[*number].get_or_insert(at);
        if let Some((group, _)) = placed[*number] {
            sizes[group] += 1;
        }
    }
    let mut order: Vec<usize> = (0..groups).filter(|group| sizes[*group] > 0).collect();
    order.sort_by_key(|group| std::cmp::Reverse(sizes[*group]));
    let mut place_of = vec![None; groups];
    order.iter().enumerate().for_each(|(place, group)| place_of[*group] = Some(place));

    let mut members: Vec<Vec<(usize, f32)>> = vec![Vec::new(); order.len()];
    for (number, placed) in placed.iter().enumerate() {
        if let Some((place, cosine)) = placed.and_then(|(group, c)| Some((place_of[group]?, c))) {
            members[place].push((number, cosine));
        }
    }
    members.iter_mut().for_each(|members| members.sort_by(|a, b| b.1.total_cmp(&a.1)));
    let named: Vec<Vec<&str>> = members.iter().map(|members| typical(members, different)).collect();
    let clusters = order.iter().zip(names::name_all(&named)).zip(&members);
    let clusters = clusters.map(|((group, name), members)| Cluster {
        name: name.slug,
        title: name.title,
        keywords: name.keywords,
        size: sizes[*group],
        share: sizes[*group] as f64 / utterances.len().max(1) as f64,
        samples: samples(members, &first, utterances, options.samples),
        cohesion: cohesion(members),
    });
    let clusters = clusters.collect();
    let place = |number: &usize| placed[*number].and_then(|(group, _)| place_of[group]);
    Discovery { clusters, assignment: different.of.iter().map(place).collect() }
}

/// The texts by which a group is named: all of a small one, the most typical of a large one.
fn typical<'a>(members: &[(usize, f32)], different: &'a Different) -> Vec<&'a str> {
    const NAMED_BY_MAX: usize = 400;
    members.iter().take(NAMED_BY_MAX).map(|(number, _)| different.texts[*number].as_str()).collect()
}

fn samples(
    members: &[(usize, f32)],
    first: &[Option<usize>],
    utterances: &[&str],
    count: usize,
) -> Vec<String> {
    let written = members.iter().take(count).filter_map(|(number, _)| first[*number]);
    written.map(|at| text::capped(utterances[at].trim()).to_owned()).collect()
}

fn cohesion(members: &[(usize, f32)]) -> f64 {
    let sum: f64 = members.iter().map(|(_, cosine)| f64::from(cosine.max(0.0))).sum();
    (sum / members.len().max(1) as f64).min(1.0)
}
