//! What was measured, shown: tables for a terminal, pages for a browser, the vendor's report over many sets.
//!
//! Nothing is computed here that [`crate::evaluate`](mod@crate::evaluate) has not computed.

mod table;
mod text;

pub use table::Table;
