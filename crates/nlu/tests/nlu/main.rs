//! Tests of the crate through its public face, on small data written here and on the demo company.

mod data;
mod demo;
mod model;
mod release;
mod small;
