//! Products of matrices.
//!
//! The right factor is packed once into panels that are as wide as two registers, the left one into tiles of a few
//! rows. A tile times a panel then stays in registers from the first to the last term, and both are read in order.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

/// Registers side by side in a panel.
const REGISTERS: usize = 2;
/// The most bytes of packed rows, so that they stay in the second cache while the panels pass by.
const ROWS_BYTES_MAX: usize = 512 << 10;
/// Terms that are summed before the next panel's turn, so that a part of a panel and of a tile stay in the first cache.
const TERMS_MAX: usize = 192;
/// Numbers in a line of the cache.
const LINE: usize = 16;
/// The widest panel of any processor, in numbers.
const PANEL_MAX: usize = 64;

/// Multiplies, with the widest instructions of the processor that it runs on.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    arch: Arch,
    panel: usize,
    tile: usize,
    rows: Vec<f32>,
    small: Packed,
}

/// A matrix somewhere in a slice: an element stands at `row * row_step + column * column_step`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) data: &'a [f32],
    pub(crate) row_step: usize,
    pub(crate) column_step: usize,
}

/// A right factor, packed: for each panel its rows one after the other, the last panel padded with zeros.
#[derive(Debug, Clone, Default)]
pub(crate) struct Packed {
    depth: usize,
    width: usize,
    panel: usize,
    /// Begins with unused numbers, so that the others lie at the beginning of a cache's line.
    data: Vec<f32>,
    unused: usize,
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
}

impl Packed {
    /// Packs anew, keeping the memory.
    fn fill(&mut self, panel: usize, from: View, depth: usize, width: usize) {
        (self.depth, self.width, self.panel) = (depth, width, panel);
        let size = width.div_ceil(panel) * panel * depth;
        self.data.resize(size + LINE, 0.0);
        self.unused = self.data.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
        if depth == 0 {
            return;
        }
        let panels = &mut self.data[self.unused..][..size];
        for (number, to) in panels.chunks_exact_mut(depth * panel).enumerate() {
            let columns = panel.min(width - number * panel);
            if columns < panel {
                to.fill(0.0);
            }
            let data = &from.data[number * panel * from.column_step..];
            if from.column_step == 1 {
                for (row, to) in to.chunks_exact_mut(panel).enumerate() {
                    to[..columns].copy_from_slice(&data[row * from.row_step..][..columns]);
                }
            } else {
                pack_transposed(to, panel, &View { data, ..from }, depth, columns);
            }
        }
    }

    /// Returns how many rows the factor has.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The panels, one after the other.
    fn panels(&self) -> impl Iterator<Item = &[f32]> {
        self.data[self.unused..]
            .chunks_exact(self.depth * self.panel)
            .take(self.width.div_ceil(self.panel))
    }
}

/// Packs columns that lie apart: eight terms of each at a time, so that whole lines of the cache are used.
fn pack_transposed(to: &mut [f32], panel: usize, from: &View, depth: usize, columns: usize) {
    const TERMS: usize = 16;
    for start in (0..depth).step_by(TERMS) {
        let terms = TERMS.min(depth - start);
        for column in 0..columns {
            let data = &from.data[column * from.column_step + start * from.row_step..];
            for (term, to) in
                to[start * panel..][..terms * panel].chunks_exact_mut(panel).enumerate()
            {
                to[column] = data[term * from.row_step];
            }
        }
    }
}

impl Machine {
    /// Looks at the processor.
    pub(crate) fn new() -> Self {
        let arch = Arch::new();
        let lanes = arch.dispatch(Lanes);
        // Registers there are 32 where they are widest, and at least 16 elsewhere.
        let tile = if lanes >= 16 { 12 } else { 6 };
        Self { arch, panel: lanes * REGISTERS, tile, rows: Vec::new(), small: Packed::default() }
    }

    /// Runs a function of rows with the widest instructions. It must be marked `#[inline(always)]`, as all it calls.
    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        self.arch.dispatch(Work(work))
    }

    /// Packs a right factor into memory that was packed before.
    pub(crate) fn repack(&self, packed: &mut Packed, from: View, depth: usize, width: usize) {
        packed.fill(self.panel, from, depth, width);
    }

    /// Multiplies `count` rows by a packed factor; `to` has rows of `step` numbers and is written, or added to.
    pub(crate) fn multiply(
        &mut self,
        count: usize,
        left: View,
        right: &Packed,
        (to, step): (&mut [f32], usize),
        add: bool,
    ) {
        debug_assert_eq!(right.panel, self.panel, "packed for another processor");
        if right.depth == 0 || right.width == 0 {
            return;
        }
        let group = (ROWS_BYTES_MAX / 4 / right.depth / self.tile).max(1) * self.tile;
        let tiles: &[usize] = if self.tile == 12 { &[12, 8, 4] } else { &[6, 4, 2] };
        for start in (0..count).step_by(group) {
            let rows = group.min(count - start);
            let left = View { data: &left.data[start * left.row_step..], ..left };
            pack_rows(&mut self.rows, tiles, left, rows, right.depth);
            let to = &mut to[start * step..];
            self.arch.dispatch(Product {
                tiles,
                rows: &self.rows,
                count: rows,
                right,
                to,
                step,
                add,
            });
        }
    }

    /// Multiplies `count` rows by a factor that is packed on the way, for factors that are used once.
    pub(crate) fn multiply_once(
        &mut self,
        count: usize,
        left: View,
        (right, depth, width): (View, usize, usize),
        to: (&mut [f32], usize),
        add: bool,
    ) {
        let mut small = std::mem::take(&mut self.small);
        self.repack(&mut small, right, depth, width);
        self.multiply(count, left, &small, to, add);
        self.small = small;
    }
}

/// The tile that takes the next rows, if `rest` are left.
fn next_tile(tiles: &[usize], rest: usize) -> usize {
    tiles.iter().rev().copied().find(|tile| *tile >= rest).unwrap_or(tiles[0])
}

/// Packs rows tile by tile: of each tile its first terms, its second terms and so on, with zeros for missing rows.
fn pack_rows(to: &mut Vec<f32>, tiles: &[usize], from: View, count: usize, depth: usize) {
    to.clear();
    let mut start = 0;
    while start < count {
        let tile = next_tile(tiles, count - start);
        let rows = tile.min(count - start);
        let base = to.len();
        to.resize(base + tile * depth, 0.0);
        let to = &mut to[base..];
        let data = &from.data[start * from.row_step..];
        if from.row_step == 1 {
            for (term, to) in to.chunks_exact_mut(tile).enumerate() {
                to[..rows].copy_from_slice(&data[term * from.column_step..][..rows]);
            }
        } else {
            for row in 0..rows {
                let data = &data[row * from.row_step..];
                let terms = data.iter().step_by(from.column_step);
                for (to, value) in to[row..].iter_mut().step_by(tile).zip(terms) {
                    *to = *value;
                }
            }
        }
        start += tile;
    }
}

struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) -> usize {
        S::F32_LANES
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

struct Product<'a> {
    tiles: &'a [usize],
    rows: &'a [f32],
    count: usize,
    right: &'a Packed,
    to: &'a mut [f32],
    step: usize,
    add: bool,
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        // A few rows read the panels only once or twice, and then do so in the order in which they lie.
        let few = self.count <= 2 * self.tiles[0];
        let terms_max = if few { self.right.depth } else { TERMS_MAX };
        for start in (0..self.right.depth).step_by(terms_max) {
            let terms = start..self.right.depth.min(start + terms_max);
            let add = self.add || start > 0;
            for (number, right) in self.right.panels().enumerate() {
                let panel = self.right.panel;
                let right = &right[terms.start * panel..terms.end * panel];
                self.multiply_panel(simd, number, right, terms.clone(), add);
            }
        }
    }
}

impl Product<'_> {
    /// Multiplies some terms of all rows by those of one panel.
    #[inline(always)]
    fn multiply_panel<S: Simd>(
        &mut self,
        simd: S,
        number: usize,
        right: &[f32],
        terms: Range<usize>,
        add: bool,
    ) {
        let Packed { depth, width, panel, .. } = *self.right;
        let columns = panel.min(width - number * panel);
        let (mut start, mut rows) = (0, self.rows);
        while start < self.count {
            let tile = next_tile(self.tiles, self.count - start);
            let (left, rest) = rows.split_at(tile * depth);
            rows = rest;
            let left = &left[terms.start * tile..terms.end * tile];
            let to = &mut self.to[start * self.step + number * panel..];
            let out = Out { to, step: self.step, rows: tile.min(self.count - start), columns, add };
            match tile {
                12 => multiply_tile::<S, 12>(simd, left, right, out),
                8 => multiply_tile::<S, 8>(simd, left, right, out),
                6 => multiply_tile::<S, 6>(simd, left, right, out),
                4 => multiply_tile::<S, 4>(simd, left, right, out),
                _ => multiply_tile::<S, 2>(simd, left, right, out),
            }
            start += tile;
        }
    }
}

/// Where a tile's product goes.
struct Out<'a> {
    to: &'a mut [f32],
    step: usize,
    rows: usize,
    columns: usize,
    add: bool,
}

/// The innermost loop: each term of `M` rows times the same term of a panel, summed in registers.
#[inline(always)]
fn multiply_tile<S: Simd, const M: usize>(simd: S, left: &[f32], right: &[f32], out: Out) {
    let mut sums = [[simd.splat_f32s(0.0); REGISTERS]; M];
    let (right, _) = S::as_simd_f32s(right);
    for (left, right) in left.as_chunks::<M>().0.iter().zip(right.as_chunks::<REGISTERS>().0) {
        for (sums, left) in sums.iter_mut().zip(left) {
            let left = simd.splat_f32s(*left);
            for (sum, right) in sums.iter_mut().zip(right) {
                *sum = simd.mul_add_e_f32s(left, *right, *sum);
            }
        }
    }
    store(simd, &sums[..out.rows], out);
}

#[inline(always)]
fn store<S: Simd>(simd: S, sums: &[[S::f32s; REGISTERS]], out: Out) {
    for (row, sums) in sums.iter().enumerate() {
        let to = &mut out.to[row * out.step..][..out.columns];
        if out.columns == REGISTERS * S::F32_LANES {
            let (to, _) = S::as_mut_simd_f32s(to);
            for (to, sum) in to.iter_mut().zip(sums) {
                *to = if out.add { simd.add_f32s(*to, *sum) } else { *sum };
            }
            continue;
        }
        let mut all = [0f32; PANEL_MAX];
        for (all, sum) in S::as_mut_simd_f32s(&mut all).0.iter_mut().zip(sums) {
            *all = *sum;
        }
        for (to, sum) in to.iter_mut().zip(&all) {
            *to = if out.add { *to + sum } else { *sum };
        }
    }
}

#[cfg(test)]
#[path = "gemm_tests.rs"]
mod tests;
