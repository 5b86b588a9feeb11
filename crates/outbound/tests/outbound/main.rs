//! The rules for addresses that somebody else chose, each held by a test.
//!
//! Names are answered by a resolver of our own, and listeners are real ones on the loopback. A
//! listener that may be reached is excepted by address and port; everything else on the loopback
//! stands for the inside of a company's network. Nothing here touches a network outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod listener;
mod literals;
mod names;

mod limits;
mod rebinding;
mod redirects;
mod requests;
mod tls;
mod uniform;
