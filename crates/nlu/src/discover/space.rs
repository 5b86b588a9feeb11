//! The space in which utterances are compared: rare n-grams weigh much, and latent directions join words that are used alike.
//!
//! The directions are those of a truncated singular value decomposition, found by subspace iteration from a random start
//! (Halko et al., 2011). It knows nothing of clusters.

use crate::features::{Vector, Vocabulary};
use crate::solver::Random;

/// So many directions are found at most.
pub(super) const DIRECTIONS_MAX: usize = 96;
/// So many directions more are carried along, so that the last ones that count are exact.
const SPARE: usize = 8;
/// How many times the subspace is turned towards the greatest directions.
const TURNS: usize = 4;
/// How often a Jacobi sweep passes over the small matrix at most.
const SWEEPS_MAX: usize = 30;
/// A direction shorter than this share of the longest is noise.
const SINGULAR_MIN: f64 = 1e-4;

/// A dense matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Matrix {
    rows: usize,
    pub(super) columns: usize,
    pub(super) values: Vec<f32>,
}

impl Matrix {
    pub(super) fn zero(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// Puts vectors of equal length together, one a row.
    pub(super) fn of(vectors: &[Vec<f32>]) -> Self {
        let columns = vectors.first().map_or(0, Vec::len);
        Self { rows: vectors.len(), columns, values: vectors.concat() }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns..][..self.columns]
    }

    pub(super) fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.columns..][..self.columns]
    }

    /// The first columns, each row brought to length one (or left at zero).
    pub(super) fn unit_prefix(&self, columns: usize) -> Self {
        let columns = columns.min(self.columns);
        let mut prefix = Self::zero(self.rows(), columns);
        for row in 0..self.rows() {
            prefix.row_mut(row).copy_from_slice(&self.row(row)[..columns]);
            to_unit(prefix.row_mut(row));
        }
        prefix
    }
}

/// Computes the product of two rows of the same length.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let mut sums = [0f32; LANES];
    let (a_parts, a_rest) = a.as_chunks::<LANES>();
    let (b_parts, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_parts.iter().zip(b_parts) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

pub(super) fn to_unit(row: &mut [f32]) {
    let length = dot(row, row).sqrt();
    if length > 0.0 {
        row.iter_mut().for_each(|value| *value /= length);
    }
}

/// The space of a sample of utterances; other utterances can be placed in it.
pub(super) struct Space {
    vocabulary: Vocabulary,
    /// Whether a feature stands in at least two utterances; what stands in one joins nothing.
    shared: Vec<bool>,
    /// The directions, a row for each feature.
    basis: Matrix,
}

impl Space {
    /// Finds the space of normalised texts, and where they lie in it.
    pub(super) fn of(texts: &[&str], seed: u64) -> (Self, Matrix) {
        let vocabulary = Vocabulary::of(texts.iter().copied());
        let mut uses = vec![0u32; vocabulary.len()];
        let plain: Vec<Vector> = texts.iter().map(|text| vocabulary.vector(text)).collect();
        for (feature, _) in plain.iter().flatten() {
            uses[*feature as usize] += 1;
        }
        let shared: Vec<bool> = uses.iter().map(|uses| *uses > 1).collect();
        let weigh = |vector| weighed(vector, &vocabulary, &shared);
        let rows: Vec<Vector> = plain.into_iter().map(weigh).collect();
        let basis = directions(&rows, vocabulary.len(), seed);
        let mut places = Matrix::zero(rows.len(), basis.columns);
        for (at, row) in rows.iter().enumerate() {
            project(row, &basis, places.row_mut(at));
        }
        (Self { vocabulary, shared, basis }, places)
    }

    pub(super) fn directions(&self) -> usize {
        self.basis.columns
    }

    /// Writes where a normalised text lies.
    pub(super) fn place(&self, text: &str, place: &mut [f32]) {
        let vector = weighed(self.vocabulary.vector(text), &self.vocabulary, &self.shared);
        project(&vector, &self.basis, place);
    }
}

/// Gives rarity its full weight, which the classifier halves, and brings the vector to length one again.
fn weighed(mut vector: Vector, vocabulary: &Vocabulary, shared: &[bool]) -> Vector {
    vector.retain(|(feature, _)| shared[*feature as usize]);
    for (feature, value) in &mut vector {
        *value *= vocabulary.rarity()[*feature as usize];
    }
    let length = vector.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|(_, value)| *value /= length);
    }
    vector
}

fn project(vector: &Vector, basis: &Matrix, place: &mut [f32]) {
    place.fill(0.0);
    for (feature, value) in vector {
        crate::solver::add_scaled(place, basis.row(*feature as usize), *value);
    }
}

/// Finds the directions in which the rows spread most: a row for each feature, a column for each direction.
fn directions(rows: &[Vector], features: usize, seed: u64) -> Matrix {
    let carried = (DIRECTIONS_MAX + SPARE).min(rows.len()).min(features);
    let mut random = Random::new(seed);
    let mut spread = Matrix::zero(features, carried);
    for value in &mut spread.values {
        *value = if random.next() & 1 == 0 { 1.0 } else { -1.0 };
    }
    for _ in 0..TURNS {
        let mut seen = times(rows, &spread);
        orthonormalise(&mut seen);
        spread = transposed_times(rows, &seen, features);
    }
    let (values, vectors) = eigen(gram(&spread));
    let longest = values.first().copied().unwrap_or(0.0).max(0.0).sqrt();
    let kept = values.iter().take(DIRECTIONS_MAX);
    let kept = kept.take_while(|value| value.max(0.0).sqrt() > longest * SINGULAR_MIN).count();
    let mut basis = Matrix::zero(features, kept);
    for feature in 0..features {
        for (direction, vector) in vectors.iter().take(kept).enumerate() {
            let along: f64 =
                spread.row(feature).iter().zip(vector).map(|(a, b)| f64::from(*a) * b).sum();
            basis.row_mut(feature)[direction] = (along / values[direction].sqrt()) as f32;
        }
    }
    basis
}

fn times(rows: &[Vector], matrix: &Matrix) -> Matrix {
    let mut product = Matrix::zero(rows.len(), matrix.columns);
    for (at, row) in rows.iter().enumerate() {
        project(row, matrix, product.row_mut(at));
    }
    product
}

fn transposed_times(rows: &[Vector], matrix: &Matrix, features: usize) -> Matrix {
    let mut product = Matrix::zero(features, matrix.columns);
    for (at, row) in rows.iter().enumerate() {
        for (feature, value) in row {
            crate::solver::add_scaled(product.row_mut(*feature as usize), matrix.row(at), *value);
        }
    }
    product
}

/// Makes the columns orthogonal and of length one (Gram–Schmidt, twice, for the sake of rounding).
fn orthonormalise(matrix: &mut Matrix) {
    let (rows, columns) = (matrix.rows(), matrix.columns);
    let mut turned = Matrix::zero(columns, rows);
    for row in 0..rows {
        for column in 0..columns {
            turned.values[column * rows + row] = matrix.values[row * columns + column];
        }
    }
    for _ in 0..2 {
        for column in 0..columns {
            let (before, rest) = turned.values.split_at_mut(column * rows);
            let this = &mut rest[..rows];
            for other in before.chunks_exact(rows.max(1)) {
                let along = dot(this, other);
                crate::solver::add_scaled(this, other, -along);
            }
            to_unit(this);
        }
    }
    for row in 0..rows {
        for column in 0..columns {
            matrix.values[row * columns + column] = turned.values[column * rows + row];
        }
    }
}

/// The products of all pairs of columns.
fn gram(matrix: &Matrix) -> Vec<Vec<f64>> {
    let mut gram = vec![vec![0f64; matrix.columns]; matrix.columns];
    for row in 0..matrix.rows() {
        let row = matrix.row(row);
        for (i, a) in row.iter().enumerate().filter(|(_, a)| **a != 0.0) {
            for (j, b) in row.iter().enumerate().skip(i) {
                gram[i][j] += f64::from(*a) * f64::from(*b);
            }
        }
    }
    for i in 0..matrix.columns {
        let (above, below) = gram.split_at_mut(i);
        for (j, row) in above.iter().enumerate() {
            below[0][j] = row[i];
        }
    }
    gram
}

/// Finds the eigenvalues of a symmetric matrix, the greatest first, and their vectors, by Jacobi's rotations.
fn eigen(mut matrix: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = matrix.len();
    // Rows are the vectors, so that a rotation runs over neighbouring numbers.
    let mut vectors: Vec<Vec<f64>> =
        (0..size).map(|i| (0..size).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..SWEEPS_MAX {
        let off: f64 = (0..size).map(|i| (0..i).map(|j| matrix[i][j].powi(2)).sum::<f64>()).sum();
        let on: f64 = (0..size).map(|i| matrix[i][i].powi(2)).sum();
        if off <= on * 1e-20 {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut matrix, &mut vectors, p, q);
            }
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|a, b| matrix[*b][*b].total_cmp(&matrix[*a][*a]));
    let values = order.iter().map(|i| matrix[*i][*i]).collect();
    (values, order.into_iter().map(|i| std::mem::take(&mut vectors[i])).collect())
}

/// Turns two axes so that the matrix holds nothing between them any more.
fn rotate(matrix: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if matrix[p][q] == 0.0 {
        return;
    }
    let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let tangent = if theta == 0.0 { 1.0 } else { tangent };
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for row in matrix.iter_mut() {
        let (a, b) = (row[p], row[q]);
        row[p] = cosine * a - sine * b;
        row[q] = sine * a + cosine * b;
    }
    rotate_rows(matrix, p, q, cosine, sine);
    rotate_rows(vectors, p, q, cosine, sine);
}

fn rotate_rows(rows: &mut [Vec<f64>], p: usize, q: usize, cosine: f64, sine: f64) {
    let (before, after) = rows.split_at_mut(q);
    for (a, b) in before[p].iter_mut().zip(after[0].iter_mut()) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvalues_and_vectors_restore_the_matrix() {
        let matrix = vec![vec![4.0, 1.0, 0.5], vec![1.0, 3.0, -1.0], vec![0.5, -1.0, 2.0]];

        let (values, vectors) = eigen(matrix.clone());

        assert!(values.is_sorted_by(|a, b| a >= b));
        for i in 0..3 {
            for j in 0..3 {
                let sum: f64 = (0..3).map(|v| values[v] * vectors[v][i] * vectors[v][j]).sum();
                assert!((sum - matrix[i][j]).abs() < 1e-9, "{i} {j}: {sum}");
            }
        }
    }

    #[test]
    fn the_first_direction_is_that_of_the_greatest_spread() {
        let rows: Vec<Vector> =
            vec![vec![(0, 3.0)], vec![(0, 3.0)], vec![(1, 1.0)], vec![(2, 0.5)]];

        let basis = directions(&rows, 3, 1);

        assert!((basis.row(0)[0].abs() - 1.0).abs() < 1e-4, "{:?}", basis.row(0));
        assert!((basis.row(1)[1].abs() - 1.0).abs() < 1e-4, "{:?}", basis.row(1));
    }

    #[test]
    fn utterances_that_share_words_lie_close() {
        let texts = [
            "refund my order",
            "i want a refund",
            "refund please",
            "open an account",
            "new account please",
            "account opening",
        ];

        let (space, places) = Space::of(&texts, 7);
        let unit = places.unit_prefix(2);
        let mut place = vec![0.0; space.directions()];
        space.place("refund", &mut place);

        assert!(dot(unit.row(0), unit.row(1)) > dot(unit.row(0), unit.row(3)));
        to_unit(&mut place[..2]);
        assert!(dot(&place[..2], unit.row(1)) > dot(&place[..2], unit.row(4)));
    }

    #[test]
    fn texts_without_anything_in_common_have_no_place() {
        let (space, places) = Space::of(&["", "!?"], 7);

        assert!(places.values.iter().all(|value| value.is_finite()));
        assert!(space.directions() <= 2);
    }
}
