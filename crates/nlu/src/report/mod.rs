//! What was measured, shown: tables for a terminal, pages for a browser, the vendor's report over many sets.
//!
//! Figures are computed by [`crate::evaluate`](mod@crate::evaluate) and its like, not here; JSON is what their types
//! serialise to.

mod html;
mod table;
mod text;
mod vendor;

pub use html::{Page, html};
pub use table::Table;
pub use vendor::{
    About, BenchError, BenchSet, DataFile, FoundSets, Labelled, SETS_MAX, SetResult, Task,
    VendorReport, Work, find_sets, measure_set,
};
