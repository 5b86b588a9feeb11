//! How well an assignment to groups agrees with labels that people gave: for benchmarks, never for discovery itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Says how well an assignment agrees with labels; each figure is 1 when they agree wholly.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Agreement {
    /// How many utterances were compared.
    pub utterances: usize,
    /// How many groups the assignment has.
    pub groups: usize,
    /// How many labels there are.
    pub labels: usize,
    /// The share that is right when every group is given one label and every label one group, as well as can be (found
    /// by the Hungarian method). What is unassigned, and groups that are left over, count as wrong.
    pub accuracy: f64,
    /// The mutual information, divided by the mean of both entropies. What is unassigned counts as one group.
    pub nmi: f64,
    /// The share of pairs treated alike, corrected for chance (adjusted Rand index). What is unassigned counts as one group.
    pub ari: f64,
}

/// Compares an assignment with labels. If one is longer than the other, its surplus is ignored.
#[must_use]
pub fn score(assignment: &[Option<usize>], labels: &[&str]) -> Agreement {
    let count = assignment.len().min(labels.len());
    let (assignment, labels) = (&assignment[..count], &labels[..count]);
    let groups = number(assignment.iter().copied());
    let names = number(labels.iter().copied());
    let mut table = vec![vec![0usize; names.len()]; groups.len()];
    for (group, label) in assignment.iter().zip(labels) {
        table[groups[group]][names[label]] += 1;
    }
    let assigned: Vec<&Vec<usize>> =
        groups.iter().filter(|(group, _)| group.is_some()).map(|(_, row)| &table[*row]).collect();
    let share = |part: usize| part as f64 / count.max(1) as f64;
    Agreement {
        utterances: count,
        groups: assigned.len(),
        labels: names.len(),
        accuracy: share(best_match(&assigned, names.len())),
        nmi: mutual_information(&table, count),
        ari: adjusted_rand(&table, count),
    }
}

/// Numbers different values from 0.
fn number<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let different: std::collections::BTreeSet<T> = values.collect();
    different.into_iter().enumerate().map(|(number, value)| (value, number)).collect()
}

/// The greatest sum of cells of which no two share a row or a column.
fn best_match(table: &[&Vec<usize>], columns: usize) -> usize {
    // The method wants at least as many columns as rows; a missing column holds nothing.
    let columns = columns.max(table.len());
    let cost = |row: usize, column: usize| -(table[row].get(column).copied().unwrap_or(0) as i64);
    let (mut row_price, mut column_price) = (vec![0i64; table.len() + 1], vec![0i64; columns + 1]);
    // Column 0 is where the row that is being placed starts; 0 means that a column is free.
    let mut row_of = vec![0usize; columns + 1];
    for row in 1..=table.len() {
        row_of[0] = row;
        let (mut slack, mut from) = (vec![i64::MAX; columns + 1], vec![0usize; columns + 1]);
        let mut seen = vec![false; columns + 1];
        let mut column = 0;
        while row_of[column] != 0 {
            seen[column] = true;
            let here = row_of[column];
            let (mut least, mut next) = (i64::MAX, 0);
            for other in (1..=columns).filter(|other| !seen[*other]) {
                let gap = cost(here - 1, other - 1) - row_price[here] - column_price[other];
                if gap < slack[other] {
                    (slack[other], from[other]) = (gap, column);
                }
                if slack[other] < least {
                    (least, next) = (slack[other], other);
                }
            }
            for other in 0..=columns {
                if seen[other] {
                    row_price[row_of[other]] += least;
                    column_price[other] -= least;
                } else if slack[other] != i64::MAX {
                    slack[other] -= least;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[from[column]];
            column = from[column];
        }
    }
    let cells = (1..=columns).filter(|column| row_of[*column] != 0);
    cells.map(|column| (-cost(row_of[column] - 1, column - 1)) as usize).sum()
}

fn mutual_information(table: &[Vec<usize>], count: usize) -> f64 {
    let count = count as f64;
    let (rows, columns) = sums(table);
    let entropy = |parts: &[usize]| -> f64 {
        let shares = parts.iter().filter(|part| **part > 0).map(|part| *part as f64 / count);
        -shares.map(|share| share * share.ln()).sum::<f64>()
    };
    let mean = (entropy(&rows) + entropy(&columns)) / 2.0;
    if mean <= f64::EPSILON {
        return 1.0;
    }
    let mut shared = 0.0;
    for (row, cells) in table.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| **cell > 0) {
            let expected = rows[row] as f64 * columns[column] as f64 / count;
            shared += *cell as f64 / count * (*cell as f64 / expected).ln();
        }
    }
    (shared / mean).clamp(0.0, 1.0)
}

fn adjusted_rand(table: &[Vec<usize>], count: usize) -> f64 {
    let pairs = |part: &usize| *part as f64 * (*part as f64 - 1.0) / 2.0;
    let (rows, columns) = sums(table);
    let together: f64 = table.iter().flatten().map(pairs).sum();
    let (in_rows, in_columns): (f64, f64) =
        (rows.iter().map(pairs).sum(), columns.iter().map(pairs).sum());
    let all = pairs(&count);
    let expected = if all > 0.0 { in_rows * in_columns / all } else { 0.0 };
    let most = (in_rows + in_columns) / 2.0;
    if (most - expected).abs() <= f64::EPSILON {
        1.0
    } else {
        (together - expected) / (most - expected)
    }
}

fn sums(table: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    let rows = table.iter().map(|cells| cells.iter().sum()).collect();
    let width = table.first().map_or(0, Vec::len);
    let columns = (0..width).map(|column| table.iter().map(|cells| cells[column]).sum()).collect();
    (rows, columns)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_groups_under_other_numbers_agree_wholly() {
        let agreement = score(&[Some(7), Some(7), Some(1), Some(3)], &["a", "a", "b", "c"]);

        assert_eq!((agreement.groups, agreement.labels), (3, 3));
        assert!((agreement.accuracy - 1.0).abs() < 1e-12);
        assert!((agreement.nmi - 1.0).abs() < 1e-12);
        assert!((agreement.ari - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_group_can_have_one_label_only_and_the_unassigned_are_wrong() {
        let all_one = score(&[Some(0); 4], &["a", "a", "b", "b"]);
        let some = score(&[Some(0), None, Some(1), Some(1)], &["a", "a", "b", "b"]);
        let split = score(&[Some(0), Some(1), Some(2), Some(3)], &["a", "a", "a", "b"]);

        assert!((all_one.accuracy - 0.5).abs() < 1e-12 && all_one.ari.abs() < 1e-12);
        assert!((some.accuracy - 0.75).abs() < 1e-12);
        assert!((split.accuracy - 0.5).abs() < 1e-12);
    }

    #[test]
    fn the_greedy_match_is_not_always_the_best() {
        let (a, b) = (vec![10, 9], vec![9, 1]);

        assert_eq!(best_match(&[&a, &b], 2), 18);
    }

    #[test]
    fn nothing_agrees_with_nothing() {
        assert_eq!(score(&[], &[]).utterances, 0);
        assert_eq!(score(&[None], &["a"]).accuracy, 0.0);
    }

    /// Tries every way to give rows columns.
    fn by_trial(table: &[&Vec<usize>], used: &mut Vec<bool>) -> usize {
        let Some((row, rest)) = table.split_first() else { return 0 };
        let mut best = by_trial(rest, used);
        for column in 0..used.len() {
            if !used[column] {
                used[column] = true;
                best = best.max(row[column] + by_trial(rest, used));
                used[column] = false;
            }
        }
        best
    }

    proptest! {
        #[test]
        fn the_match_is_the_best_of_all(cells in proptest::collection::vec(0usize..20, 12), wide: bool) {
            let columns = if wide { 4 } else { 3 };
            let table: Vec<Vec<usize>> = cells.chunks(columns).map(<[usize]>::to_vec).collect();
            let rows: Vec<&Vec<usize>> = table.iter().collect();

            prop_assert_eq!(best_match(&rows, columns), by_trial(&rows, &mut vec![false; columns]));
        }

        #[test]
        fn figures_stay_in_range(pairs in proptest::collection::vec((0usize..5, 0usize..4), 0..40)) {
            let groups: Vec<Option<usize>> = pairs.iter().map(|(group, _)| group.checked_sub(1)).collect();
            let labels: Vec<&str> = pairs.iter().map(|(_, label)| ["a", "b", "c", "d"][*label]).collect();

            let agreement = score(&groups, &labels);

            prop_assert!((0.0..=1.0).contains(&agreement.accuracy));
            prop_assert!((0.0..=1.0).contains(&agreement.nmi));
            prop_assert!((-1.0..=1.0).contains(&agreement.ari));
        }
    }
}
