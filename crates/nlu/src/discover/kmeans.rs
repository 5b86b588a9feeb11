//! Spherical k-means: groups rows of length one by the direction in which they point.
//!
//! One run is only a proposal; [`super::consensus`] makes an answer of many.

use super::space::{Matrix, dot, to_unit};
use crate::solver::Random;

const ROUNDS_MAX: usize = 30;

/// Groups the rows around `groups` centres; returns the group of each row.
pub(super) fn cluster(rows: &Matrix, groups: usize, random: &mut Random) -> Vec<usize> {
    let groups = groups.clamp(1, rows.rows().max(1));
    let mut centres = first_centres(rows, groups, random);
    let mut labels = vec![usize::MAX; rows.rows()];
    for _ in 0..ROUNDS_MAX {
        let mut changed = false;
        for (at, label) in labels.iter_mut().enumerate() {
            let (best, _) = nearest(rows.row(at), &centres);
            changed |= *label != best;
            *label = best;
        }
        if !changed {
            break;
        }
        centres = centres_of(rows, &labels, groups);
    }
    labels
}

/// Finds the centre that points most in a row's direction, and the cosine between them.
pub(super) fn nearest(row: &[f32], centres: &Matrix) -> (usize, f32) {
    let mut best = (0, f32::NEG_INFINITY);
    for centre in 0..centres.rows() {
        let cosine = dot(row, centres.row(centre));
        if cosine > best.1 {
            best = (centre, cosine);
        }
    }
    best
}

/// The mean direction of each group; that of an empty group is zero and draws nothing.
pub(super) fn centres_of(rows: &Matrix, labels: &[usize], groups: usize) -> Matrix {
    let mut centres = Matrix::zero(groups, rows.columns);
    for (at, label) in labels.iter().enumerate().filter(|(_, label)| **label < groups) {
        crate::solver::add_scaled(centres.row_mut(*label), rows.row(at), 1.0);
    }
    for group in 0..groups {
        to_unit(centres.row_mut(group));
    }
    centres
}

/// Draws rows as first centres, far ones more likely (k-means++).
fn first_centres(rows: &Matrix, groups: usize, random: &mut Random) -> Matrix {
    let mut centres = Matrix::zero(groups, rows.columns);
    if rows.rows() == 0 {
        return centres;
    }
    let mut distances = vec![1f32; rows.rows()];
    for group in 0..groups {
        let chosen = draw(&distances, random);
        centres.row_mut(group).copy_from_slice(rows.row(chosen));
        for (at, distance) in distances.iter_mut().enumerate() {
            *distance = distance.min((1.0 - dot(rows.row(at), rows.row(chosen))).max(0.0));
        }
    }
    centres
}

/// Draws a place with a chance in proportion to its weight; any place if all weigh nothing.
fn draw(weights: &[f32], random: &mut Random) -> usize {
    let sum: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
    // The upper 53 bits make an even number from 0 to 1.
    let mut rest = (random.next() >> 11) as f64 / (1u64 << 53) as f64 * sum;
    for (at, weight) in weights.iter().enumerate() {
        rest -= f64::from(*weight);
        if rest < 0.0 {
            return at;
        }
    }
    weights.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_point_the_same_way_are_one_group() {
        let vectors = [[1.0, 0.0], [0.99, 0.14], [0.0, 1.0], [0.14, 0.99], [-1.0, 0.0]];
        let rows = Matrix::of(&vectors.map(Vec::from));

        let labels = cluster(&rows, 3, &mut Random::new(3));

        assert_eq!(labels[0], labels[1]);
        assert_eq!(labels[2], labels[3]);
        assert!(labels[0] != labels[2] && labels[4] != labels[0] && labels[4] != labels[2]);
    }

    #[test]
    fn more_groups_than_rows_are_no_trouble() {
        let rows = Matrix::of(&[vec![1.0], vec![1.0]]);

        assert_eq!(cluster(&rows, 10, &mut Random::new(3)).len(), 2);
        assert!(cluster(&Matrix::zero(0, 4), 3, &mut Random::new(3)).is_empty());
    }
}
