//! What the desk is given of the world: time and randomness.

use std::sync::Arc;

use desk::{Clock, Randomness};
use jiff::Timestamp;
use rand::TryRngCore as _;

/// The time of the machine.
#[expect(clippy::disallowed_methods, reason = "this is the clock that everybody is given")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// The clock of the machine.
pub(crate) fn clock() -> Clock {
    Arc::new(now)
}

/// The randomness of the machine. It goes on or the process ends: a token that
/// can be guessed is worse than none.
pub(crate) fn randomness() -> Randomness {
    Arc::new(|bytes| rand::rngs::OsRng.try_fill_bytes(bytes).expect("the system gives randomness"))
}
