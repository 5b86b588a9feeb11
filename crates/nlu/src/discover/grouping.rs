//! The groups of the sample: many proposals, the best of them, and what these agree on.
//!
//! It knows nothing of utterances beyond the sample, nor of names.

use super::space::{DIRECTIONS_MAX, Matrix, to_unit};
use super::{CLUSTERS_MAX, DEPTH, DiscoverOptions, Encoder, choice, consensus, kmeans};
use crate::solver::Random;

/// The depths of the spaces in which groupings are proposed.
const DEPTHS: [usize; 3] = [24, DEPTH, DIRECTIONS_MAX];
/// The fewest groups that are tried, and by how much the next number is larger.
const GROUPS_FIRST: f64 = 3.0;
const GROUPS_STEP: f64 = 1.18;
/// A grouping is tried only if its groups have so many different texts on average.
const TEXTS_PER_GROUP_MIN: usize = 5;
/// How many of the best groupings make the answer.
const VOTERS: usize = 8;
/// How many more are made in each space with the number of groups that the best speak for, so that no single lucky
/// start decides; as many again with one group in `ECHO_STEP` more.
const ECHOES: usize = 2;
const ECHO_STEP: usize = 6;

/// Groups the sample; labels below the number that is returned are groups, the rest are single texts.
pub(super) fn group(
    sampled: &[&str],
    places: &Matrix,
    options: &DiscoverOptions,
    encoder: Option<Encoder<'_>>,
) -> (Vec<usize>, usize) {
    let encoded = encoder.and_then(|encoder| encoded(sampled, encoder));
    let views = views(places, encoded.as_ref());
    let mut random = Random::new(options.seed);
    let (mut votes, wanted) = proposals(sampled, &views, options, &mut random);
    for number in [wanted, wanted + wanted.div_ceil(ECHO_STEP)] {
        for view in views.iter().cycle().take(views.len() * ECHOES) {
            votes.push(kmeans::cluster(view, number, &mut random));
        }
    }
    let votes: Vec<&[usize]> = votes.iter().map(Vec::as_slice).collect();
    let size_min = options.texts_min.max(1);
    let (labels, numbers) = consensus::join(&votes, wanted, size_min);
    let mut sizes = vec![0usize; numbers];
    labels.iter().for_each(|label| sizes[*label] += 1);
    // Labels go from the largest group to the smallest.
    let groups = sizes.iter().take_while(|size| **size >= size_min).count();
    (labels, groups.clamp(1, CLUSTERS_MAX))
}

/// Proposes groupings of many numbers; returns the best, and the number of groups that they speak for.
fn proposals(
    sampled: &[&str],
    views: &[Matrix],
    options: &DiscoverOptions,
    random: &mut Random,
) -> (Vec<Vec<usize>>, usize) {
    let words = choice::Words::of(sampled);
    let mut proposals: Vec<(f64, usize, Vec<usize>)> = Vec::new();
    for groups in numbers_of_groups(sampled.len(), options.clusters) {
        for view in views {
            let labels = kmeans::cluster(view, groups, random);
            proposals.push((words.worth(&labels, groups), groups, labels));
        }
    }
    proposals.sort_by(|a, b| b.0.total_cmp(&a.0));
    proposals.truncate(VOTERS);
    let mut numbers: Vec<usize> = proposals.iter().map(|(_, groups, _)| *groups).collect();
    numbers.sort_unstable();
    let middle = numbers.get(numbers.len() / 2).copied().unwrap_or(1);
    let wanted = options.clusters.unwrap_or(middle).clamp(1, CLUSTERS_MAX);
    (proposals.into_iter().map(|(_, _, labels)| labels).collect(), wanted)
}

/// The spaces in which groupings are proposed.
fn views(places: &Matrix, encoded: Option<&Matrix>) -> Vec<Matrix> {
    let mut views: Vec<Matrix> = match encoded {
        // An encoder knows what words mean; the words themselves keep a say.
        Some(encoded) => vec![encoded.clone(), beside(encoded, &places.unit_prefix(DEPTH))],
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
    let mut matrix = Matrix::of(&vectors);
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
    let numbers =
        (0..).map(|step| GROUPS_FIRST * GROUPS_STEP.powi(step)).map(|n| n.round() as usize);
    let mut numbers: Vec<usize> = numbers.take_while(|number| *number <= most).collect();
    numbers.dedup();
    if numbers.is_empty() { vec![1] } else { numbers }
}
