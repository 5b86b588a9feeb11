//! Products of matrices, by `rten-gemm`: with floating-point numbers as they are, or in whole numbers of eight bits.
//!
//! Whole numbers take a quarter of the memory, and the processors that sum their products at once need a quarter of the
//! time. Each row of the left factor and each column of the right one has a scale of its own, by its greatest number, so
//! what becomes of a row does not depend on its company; sums are exact. Where they might not be, on processors
//! without such instructions, nothing is made whole.

use std::sync::Once;

use rten_gemm::{
    GemmExecutor, GemmInT, GemmInputA, GemmInputB, GemmOptions, GemmOutT, PackedBMatrix,
    QuantParams,
};
use rten_tensor::{Matrix, MatrixLayout as _};

use pulp::{Arch, Simd, WithSimd};

/// The greatest whole number.
const WHOLE_MAX: f32 = 127.0;
/// What stands for nothing in the left factor, whose whole numbers have no sign.
const ZERO: u8 = 128;

thread_local! {
    static PLAIN: GemmExecutor = GemmExecutor::default();
    static WHOLE: GemmExecutor<u8, i8, i32> = GemmExecutor::default();
}

/// Multiplies, on one thread, with the widest instructions of the processor that it runs on.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    arch: Arch,
    product: Vec<f32>,
    rows: Vec<u8>,
    scales: Vec<f32>,
    sums: Vec<i32>,
}

/// A matrix somewhere in a slice: an element stands at `row * row_step + column * column_step`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) data: &'a [f32],
    pub(crate) row_step: usize,
    pub(crate) column_step: usize,
}

/// A right factor, packed.
#[derive(Clone)]
pub(crate) struct Packed(PackedBMatrix<f32>);

/// A right factor in whole numbers, packed, with the scales of its columns.
#[derive(Clone)]
pub(crate) struct Whole {
    packed: PackedBMatrix<i8>,
    scales: Vec<f32>,
}

impl<'a> View<'a> {
    /// Sees rows of `width` numbers, one after the other.
    pub(crate) fn rows(data: &'a [f32], width: usize) -> Self {
        Self { data, row_step: width, column_step: 1 }
    }

    /// Sees the same with rows and columns exchanged.
    pub(crate) fn transposed(self) -> Self {
        Self { data: self.data, row_step: self.column_step, column_step: self.row_step }
    }

    fn matrix(self, rows: usize, columns: usize) -> Matrix<'a> {
        let strides = [self.row_step, self.column_step];
        Matrix::from_slice_with_strides([rows, columns], self.data, strides)
            .expect("a matrix lies within its slice")
    }
}

impl Packed {
    /// Packs a factor of `depth` rows.
    pub(crate) fn pack(from: View, depth: usize, width: usize) -> Self {
        Self(PLAIN.with(|gemm| gemm.prepack_b(from.matrix(depth, width))))
    }

    /// Returns how many rows the factor has.
    pub(crate) fn depth(&self) -> usize {
        self.0.rows()
    }
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packed").field("depth", &self.depth()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Whole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Whole").field("columns", &self.scales.len()).finish_non_exhaustive()
    }
}

impl Whole {
    /// Makes a factor of `depth` rows whole. `None` on a processor that would not sum exactly.
    pub(crate) fn pack(from: View, depth: usize, width: usize) -> Option<Self> {
        if WHOLE.with(GemmExecutor::may_saturate) {
            return None;
        }
        let cell = |row, column| from.data[row * from.row_step + column * from.column_step];
        let mut scales = Vec::with_capacity(width);
        let mut numbers = vec![0i8; depth * width];
        for column in 0..width {
            let most = (0..depth).map(|row| cell(row, column).abs()).fold(0.0, f32::max);
            let scale = most.max(f32::MIN_POSITIVE) / WHOLE_MAX;
            for row in 0..depth {
                numbers[row * width + column] = (cell(row, column) / scale).round() as i8;
            }
            scales.push(scale);
        }
        let numbers = Matrix::from_data([depth, width], numbers.as_slice());
        let packed = WHOLE.with(|gemm| gemm.prepack_b(numbers));
        Some(Self { packed, scales })
    }
}

impl Machine {
    /// Looks at the processor.
    pub(crate) fn new() -> Self {
        // Whoever wants several threads starts several machines.
        static ONE_THREAD: Once = Once::new();
        ONE_THREAD.call_once(|| {
            // If others have made the pool already, it has their size.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
        });
        let (product, rows, scales, sums) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { arch: Arch::new(), product, rows, scales, sums }
    }

    /// Runs a function of rows with the widest instructions. It must be marked `#[inline(always)]`, as all it calls.
    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        self.arch.dispatch(Work(work))
    }

    /// Multiplies `count` rows by a packed factor; `to` has rows of `step` numbers and is written, or added to.
    pub(crate) fn multiply(
        &mut self,
        count: usize,
        left: View,
        right: &Packed,
        to: (&mut [f32], usize),
        add: bool,
    ) {
        let left = left.matrix(count, right.0.rows());
        self.plainly(left, GemmInputB::Packed(&right.0), right.0.cols(), to, add);
    }

    /// Multiplies `count` rows by a factor that is used once.
    pub(crate) fn multiply_once(
        &mut self,
        count: usize,
        left: View,
        (right, depth, width): (View, usize, usize),
        to: (&mut [f32], usize),
        add: bool,
    ) {
        let right = GemmInputB::Unpacked(right.matrix(depth, width));
        self.plainly(left.matrix(count, depth), right, width, to, add);
    }

    fn plainly(
        &mut self,
        left: Matrix,
        right: GemmInputB<f32>,
        width: usize,
        (to, step): (&mut [f32], usize),
        add: bool,
    ) {
        let count = left.rows();
        let is_dense = step == width;
        let options =
            GemmOptions { beta: if add && is_dense { 1.0 } else { 0.0 }, ..GemmOptions::default() };
        let left = GemmInputA::Unpacked(left);
        if is_dense {
            PLAIN.with(|gemm| product(gemm, &mut to[..count * width], left, right, options));
            return;
        }
        self.product.resize(count * width, 0.0);
        PLAIN.with(|gemm| product(gemm, &mut self.product, left, right, options));
        for (to, row) in to.chunks_mut(step).zip(self.product.chunks_exact(width)) {
            for (to, value) in to.iter_mut().zip(row) {
                *to = if add { *to + value } else { *value };
            }
        }
    }

    /// Multiplies rows by a factor in whole numbers, and adds `bias` to each.
    pub(crate) fn multiply_whole(
        &mut self,
        left: &[f32],
        right: &Whole,
        bias: &[f32],
        to: &mut [f32],
    ) {
        let (depth, width) = (right.packed.rows(), right.packed.cols());
        let count = left.len() / depth;
        self.rows.resize(left.len(), 0);
        self.scales.resize(count, 0.0);
        self.sums.resize(count * width, 0);
        let Self { arch, rows, scales, sums, .. } = self;
        arch.dispatch(Work(
            #[inline(always)]
            || make_whole(left, depth, rows, scales),
        ));
        let zeros = vec![ZERO; count];
        let options = GemmOptions {
            a_quant: Some(QuantParams { zero_point: &zeros }),
            ..GemmOptions::default()
        };
        let rows = Matrix::from_data([count, depth], rows.as_slice());
        let (left, packed) = (GemmInputA::Unpacked(rows), GemmInputB::Packed(&right.packed));
        WHOLE.with(|gemm| product(gemm, sums, left, packed, options));
        arch.dispatch(Work(
            #[inline(always)]
            || make_plain(sums, scales, &right.scales, bias, to),
        ));
    }
}

fn product<L: GemmInT, R: GemmInT, O: GemmOutT>(
    gemm: &GemmExecutor<L, R, O>,
    to: &mut [O],
    left: GemmInputA<L>,
    right: GemmInputB<R>,
    options: GemmOptions<L, R, O>,
) {
    gemm.gemm(to, left, right, options).expect("the factors and the product fit each other");
}

/// Makes rows of `width` whole, each by its own scale.
#[inline(always)]
fn make_whole(rows: &[f32], width: usize, to: &mut [u8], scales: &mut [f32]) {
    for ((row, to), scale) in
        rows.chunks_exact(width).zip(to.chunks_exact_mut(width)).zip(scales.iter_mut())
    {
        let most = row.iter().fold(0f32, |most, value| most.max(value.abs()));
        *scale = most.max(f32::MIN_POSITIVE) / WHOLE_MAX;
        let factor = 1.0 / *scale;
        for (to, value) in to.iter_mut().zip(row) {
            // Half a number more, so that cutting off rounds.
            *to = (value * factor + (f32::from(ZERO) + 0.5)) as i32 as u8;
        }
    }
}

/// Brings sums of whole numbers back to scale, and adds the bias.
#[inline(always)]
fn make_plain(sums: &[i32], rows: &[f32], columns: &[f32], bias: &[f32], to: &mut [f32]) {
    let width = columns.len();
    for ((sums, to), row) in sums.chunks_exact(width).zip(to.chunks_exact_mut(width)).zip(rows) {
        for (((to, sum), column), bias) in to.iter_mut().zip(sums).zip(columns).zip(bias) {
            *to = *sum as f32 * (row * column) + bias;
        }
    }
}

struct Work<F>(F);

impl<T, F: FnOnce() -> T> WithSimd for Work<F> {
    type Output = T;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) -> T {
        (self.0)()
    }
}

#[cfg(test)]
#[path = "gemm_tests.rs"]
mod tests;
