//! The arithmetic below the encoder: products of matrices and functions of rows, on one thread, as wide as the processor.
//!
//! A program is compiled once and runs on many processors, so the widest instructions are chosen when it starts. The
//! choice is made by `pulp`, which keeps the workspace free of `unsafe`. Nothing here knows what is computed with it.
//! The results of two processors may differ in the last digit; those of one never do.

mod gemm;
mod rows;

pub(crate) use gemm::{Machine, Packed, View, Whole};
pub(crate) use rows::{
    Activation, Normed, activate, activate_back, add, add_bias, column_sums, normalise,
    normalise_back, softmax, softmax_back, square_sum,
};
