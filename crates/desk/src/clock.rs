//! Where time and randomness come from: arguments, so that tests choose them.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Interval, MissedTickBehavior};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Fills a buffer with random bytes that nobody can guess.
pub type Randomness = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Ticks at once and then every `period`; a tick that comes late delays the rest
/// instead of making up for it.
pub(crate) fn every(period: Duration) -> Interval {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
