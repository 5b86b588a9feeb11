//! From placed texts to what a person reads: groups with sizes, names and samples.

use super::names;
use super::place::Placed;
use super::{Cluster, Different, DiscoverOptions, Discovery};
use crate::text;

/// By so many of its most typical texts a group is named.
const NAMED_BY_MAX: usize = 400;

/// Counts, names and samples the groups, the largest first.
pub(super) fn describe(
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
