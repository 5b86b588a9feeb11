//! Attempts to sign in: five for an address within a quarter of an hour.
//!
//! They are counted in the database, for all processes together. An attempt
//! counts when it begins, so that many at once are no way around the limit, and
//! all are forgotten when one succeeds.

use domain::{Error, Result};
use jiff::{SignedDuration, Timestamp};

use crate::Desk;

/// Within which time as many attempts are allowed as the store remembers.
const WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// The name under which addresses are hashed.
const NAME: &str = "sign-in";

impl Desk {
    /// Counts an attempt.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if there were too many.
    pub(crate) async fn begin_attempt(&self, email: &str) -> Result<()> {
        let (subject, now) = (self.subject(NAME, email), self.now());
        let alone = self.parts.store.alone();
        if store::attempt::begin(&alone, &subject, since(now), now).await? {
            return Ok(());
        }
        let oldest = store::attempt::oldest(&alone, &subject).await?.unwrap_or(since(now));
        let wait = (oldest + WITHIN).duration_since(now);
        Err(Error::Busy { retry_after_ms: wait.as_millis().max(1) as u64 })
    }

    /// Forgets the attempts of an address: the last one was right.
    pub(crate) async fn forget_attempts(&self, email: &str) -> Result<()> {
        store::attempt::forget(&self.parts.store.alone(), &self.subject(NAME, email)).await
    }
}

/// After which moment attempts count.
pub(crate) fn since(now: Timestamp) -> Timestamp {
    now - WITHIN
}
