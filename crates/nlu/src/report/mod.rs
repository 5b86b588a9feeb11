//! What was measured, shown: tables for a terminal, pages for a browser, the vendor's report over many sets.
//!
//! Nothing is computed here that [`crate::evaluate`](mod@crate::evaluate) has not computed; JSON is what the types of
//! that module serialise to.

mod html;
mod table;
mod text;
mod vendor;

pub use html::{Page, html};
pub use table::Table;
pub use vendor::{About, BenchSet, SETS_MAX, SetResult, VendorReport, find_sets, vendor};
