//! Where each text belongs once the groups are known, and what fits nowhere.

use super::kmeans;
use super::space::{Matrix, Space, dot, to_unit};
use super::{DEPTH, DiscoverOptions, names};

/// A text that points away from every group's centre by more than this cosine fits nothing.
const COSINE_MIN: f32 = 0.2;

/// Where a different text belongs, and how near it lies to the centre of its group.
pub(super) type Placed = Vec<Option<(usize, f32)>>;

pub(super) fn place_all(
    texts: &[String],
    sample: &[usize],
    labels: &[usize],
    groups: usize,
    places: &Matrix,
    space: &Space,
    options: &DiscoverOptions,
) -> Placed {
    let depth = DEPTH.min(space.directions());
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
        space.place(&names::without_numbers(text), &mut place);
        to_unit(&mut place[..depth]);
        let (group, cosine) = kmeans::nearest(&place[..depth], &centres);
        placed[at] = fits(cosine).then_some((group, cosine));
    }
    placed
}
