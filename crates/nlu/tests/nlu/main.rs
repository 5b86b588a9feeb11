//! Tests of the crate through its public face, on small data written here and on the demo company.

#![expect(clippy::unwrap_used, reason = "a test that meets an unexpected error must fail there")]

mod data;
mod demo;
mod encoder;
mod model;
mod relearn;
mod release;
mod slot;
mod small;
mod tier;
