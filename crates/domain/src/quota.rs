//! How often something may happen: a bucket that fills with time.
//!
//! A bucket is one moment, the one at which it is full again. So it can be kept
//! in memory or in a row, and an empty place is a full bucket.

use jiff::{SignedDuration, Timestamp};

use crate::{Error, Result};

/// So many times within so long: at once, or spread over it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Quota {
    times: u32,
    within: SignedDuration,
}

impl Quota {
    /// Allows something so many `times`, at least once, `within` a time.
    pub const fn new(times: u32, within: SignedDuration) -> Self {
        Quota { times: if times == 0 { 1 } else { times }, within }
    }

    /// How many times are allowed at once.
    pub fn times(self) -> u32 {
        self.times
    }

    /// Takes from a bucket that is full again at `full_at`, and returns when it
    /// will be full then.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if there is less in the bucket than `count`; it says when
    /// there will be enough.
    pub fn take(self, full_at: Timestamp, count: u32, now: Timestamp) -> Result<Timestamp> {
        let then = full_at.max(now) + self.time_for(count);
        let early = then.duration_since(now + self.within);
        if early.is_positive() {
            let retry_after_ms = early.as_micros().unsigned_abs().div_ceil(1_000) as u64;
            return Err(Error::Busy { retry_after_ms });
        }
        Ok(then)
    }

    /// The latest moment at which a bucket may be full again if `count` are to be
    /// taken from it now.
    pub fn latest(self, count: u32, now: Timestamp) -> Timestamp {
        now + self.within - self.time_for(count)
    }

    /// In which time `count` come back.
    pub fn time_for(self, count: u32) -> SignedDuration {
        let each_us = self.within.as_micros() as i64 / i64::from(self.times);
        SignedDuration::from_micros(each_us.max(1) * i64::from(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota::new(20, SignedDuration::from_secs(10));

    #[test]
    fn a_burst_is_allowed_and_then_as_fast_as_the_bucket_fills() {
        let now = Timestamp::UNIX_EPOCH;
        let mut full_at = now;
        for _ in 0..20 {
            full_at = QUOTA.take(full_at, 1, now).unwrap();
        }

        let refused = QUOTA.take(full_at, 1, now).unwrap_err();

        assert!(matches!(refused, Error::Busy { retry_after_ms: 500 }), "{refused:?}");
        let later = now + SignedDuration::from_millis(500);
        full_at = QUOTA.take(full_at, 1, later).unwrap();
        assert!(QUOTA.take(full_at, 1, later).is_err());
    }

    #[test]
    fn what_is_not_used_does_not_add_up() {
        let full_at = Timestamp::UNIX_EPOCH;
        let now = full_at + SignedDuration::from_hours(1);

        assert!(QUOTA.take(full_at, 20, now).is_ok());
        assert!(QUOTA.take(full_at, 21, now).is_err());
        let emptied = QUOTA.take(full_at, 20, now).unwrap();
        assert!(QUOTA.take(emptied, 1, now).is_err());
    }

    #[test]
    fn a_bucket_may_be_taken_from_exactly_until_its_latest_moment() {
        let now = Timestamp::UNIX_EPOCH;

        for count in [1, 5, 20] {
            let latest = QUOTA.latest(count, now);
            assert!(QUOTA.take(latest, count, now).is_ok(), "{count}");
            let too_late = latest + SignedDuration::from_micros(1);
            assert!(QUOTA.take(too_late, count, now).is_err(), "{count}");
        }
    }

    #[test]
    fn a_quota_of_nothing_is_one_of_one() {
        let quota = Quota::new(0, SignedDuration::from_secs(1));

        assert!(quota.take(Timestamp::UNIX_EPOCH, 1, Timestamp::UNIX_EPOCH).is_ok());
    }
}
