//! One grouping from many: utterances that most groupings keep together are together.
//!
//! Average linkage over how often two utterances are apart. Utterances that all groupings treat alike are one from the
//! start, which makes the rest small.

use std::collections::BTreeMap;

/// Joins groupings into one with `groups` groups that have at least `size_min` members each; members of smaller groups
/// keep numbers of their own, from `groups` on. Returns the labels and how many numbers there are.
pub(super) fn join(groupings: &[&[usize]], groups: usize, size_min: usize) -> (Vec<usize>, usize) {
    let Some(first) = groupings.first() else { return (Vec::new(), 0) };
    let mut kinds: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for at in 0..first.len() {
        let kind = groupings.iter().map(|grouping| grouping[at]).collect();
        kinds.entry(kind).or_default().push(at);
    }
    let signatures: Vec<&Vec<usize>> = kinds.keys().collect();
    let members: Vec<&Vec<usize>> = kinds.values().collect();
    let sizes: Vec<usize> = members.iter().map(|members| members.len()).collect();
    let mut tree = Tree::new(&signatures, &sizes);
    tree.grow();
    let labels = tree.cut(groups, size_min);
    let mut of_utterance = vec![0; first.len()];
    for (kind, label) in labels.iter().enumerate() {
        for at in members[kind] {
            of_utterance[*at] = *label;
        }
    }
    let numbers = labels.iter().max().map_or(0, |most| most + 1);
    (of_utterance, numbers)
}

struct Tree {
    count: usize,
    sizes: Vec<usize>,
    /// How far two kinds are apart, a row for each kind.
    distances: Vec<f32>,
    /// Pairs that were joined: two kinds that stand for their groups, and how far the groups were apart.
    joins: Vec<(usize, usize, f32)>,
}

impl Tree {
    fn new(signatures: &[&Vec<usize>], sizes: &[usize]) -> Self {
        let count = signatures.len();
        let mut distances = vec![0f32; count * count];
        for i in 0..count {
            for j in 0..i {
                let apart = signatures[i].iter().zip(signatures[j]).filter(|(a, b)| a != b).count();
                let distance = apart as f32 / signatures[i].len().max(1) as f32;
                distances[i * count + j] = distance;
                distances[j * count + i] = distance;
            }
        }
        Self { count, sizes: sizes.to_vec(), distances, joins: Vec::new() }
    }

    /// Joins nearest pairs until one group is left, by following chains of nearest neighbours.
    fn grow(&mut self) {
        let mut alive: Vec<usize> = (0..self.count).collect();
        let mut weights: Vec<f32> = self.sizes.iter().map(|size| *size as f32).collect();
        let mut chain: Vec<usize> = Vec::new();
        while alive.len() > 1 {
            let last = *chain.last().unwrap_or(&alive[0]);
            if chain.is_empty() {
                chain.push(last);
            }
            let before = chain.len().checked_sub(2).map(|at| chain[at]);
            let next = self.nearest(last, before, &alive);
            if before != Some(next) {
                chain.push(next);
                continue;
            }
            chain.truncate(chain.len() - 2);
            let (kept, gone) = (last.min(next), last.max(next));
            self.joins.push((kept, gone, self.distances[kept * self.count + gone]));
            self.merge(kept, gone, &alive, &weights);
            weights[kept] += weights[gone];
            alive.retain(|one| *one != gone);
        }
        self.joins.sort_by(|a, b| a.2.total_cmp(&b.2));
    }

    /// The nearest group; the one before in the chain wins a tie, so that a chain ends.
    fn nearest(&self, from: usize, before: Option<usize>, alive: &[usize]) -> usize {
        let row = &self.distances[from * self.count..][..self.count];
        let mut best = before.map(|one| (one, row[one]));
        for one in alive.iter().filter(|one| **one != from) {
            if best.is_none_or(|(_, distance)| row[*one] < distance) {
                best = Some((*one, row[*one]));
            }
        }
        best.map_or(from, |(one, _)| one)
    }

    fn merge(&mut self, kept: usize, gone: usize, alive: &[usize], weights: &[f32]) {
        let share = weights[kept] / (weights[kept] + weights[gone]);
        for one in alive.iter().filter(|one| **one != kept && **one != gone) {
            let (a, b) = (kept * self.count + one, gone * self.count + one);
            let distance = share * self.distances[a] + (1.0 - share) * self.distances[b];
            self.distances[a] = distance;
            self.distances[one * self.count + kept] = distance;
        }
    }

    /// Replays the joins and keeps the state in which the number of groups that are large enough is nearest to `groups`;
    /// of equal ones the last, which leaves the fewest utterances alone.
    fn cut(&self, groups: usize, size_min: usize) -> Vec<usize> {
        let mut sets = Sets::new(&self.sizes, size_min);
        let mut best = (sets.large.abs_diff(groups), 0);
        for (done, (a, b, _)) in (1..).zip(&self.joins) {
            sets.join(*a, *b);
            let off = sets.large.abs_diff(groups);
            if off <= best.0 {
                best = (off, done);
            }
        }
        let mut sets = Sets::new(&self.sizes, size_min);
        self.joins[..best.1].iter().for_each(|(a, b, _)| sets.join(*a, *b));
        sets.labels()
    }
}

struct Sets {
    parents: Vec<usize>,
    sizes: Vec<usize>,
    size_min: usize,
    /// How many sets are large enough.
    large: usize,
}

impl Sets {
    fn new(sizes: &[usize], size_min: usize) -> Self {
        let large = sizes.iter().filter(|size| **size >= size_min).count();
        Self { parents: (0..sizes.len()).collect(), sizes: sizes.to_vec(), size_min, large }
    }

    fn root(&self, mut one: usize) -> usize {
        while self.parents[one] != one {
            one = self.parents[one];
        }
        one
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let is_large = |size| usize::from(size >= self.size_min);
        let before = is_large(self.sizes[a]) + is_large(self.sizes[b]);
        let size = self.sizes[a] + self.sizes[b];
        self.large = self.large + is_large(size) - before;
        self.parents[b] = a;
        self.sizes[a] = size;
    }

    /// Numbers the sets, the largest first.
    fn labels(&self) -> Vec<usize> {
        let roots: Vec<usize> = (0..self.parents.len()).map(|one| self.root(one)).collect();
        let mut order = roots.clone();
        order.sort_unstable();
        order.dedup();
        order.sort_by_key(|root| (std::cmp::Reverse(self.sizes[*root]), *root));
        let numbers: BTreeMap<usize, usize> =
            order.into_iter().enumerate().map(|(number, root)| (root, number)).collect();
        roots.iter().map(|root| numbers[root]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_most_groupings_keep_together_is_together() {
        let a = [0, 0, 0, 1, 1, 1];
        let b = [1, 1, 1, 0, 0, 0];
        let c = [0, 0, 1, 1, 1, 1];

        let (labels, numbers) = join(&[&a, &b, &c], 2, 1);

        assert_eq!(labels, [0, 0, 0, 1, 1, 1]);
        assert_eq!(numbers, 2);
    }

    #[test]
    fn a_lonely_utterance_does_not_count_as_a_group() {
        let a = [0, 0, 0, 1, 1, 1, 2];
        let b = [0, 0, 0, 1, 1, 1, 3];

        let (labels, numbers) = join(&[&a, &b], 2, 2);

        assert_eq!(numbers, 3);
        assert_eq!(labels[6], 2);
        assert_eq!((labels[0], labels[3]), (0, 1));
    }

    #[test]
    fn nothing_is_joined_from_nothing() {
        assert_eq!(join(&[], 3, 1), (Vec::new(), 0));
        assert_eq!(join(&[&[]], 3, 1), (Vec::new(), 0));
    }
}
