//! Limits on how often something may be asked for.
//!
//! Where several processes share a database they share their limits: each takes
//! a small part of a key's quota from the database and spends it without asking
//! again ([10](../../../docs/adr/0010-limits-that-processes-share.md)). Where
//! there is one process it counts in memory. Both take bounded memory.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use dashmap::DashMap;
use domain::{Error, Quota, Result};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::Desk;
use crate::secret::sign;

/// How many keys one limit remembers.
const KEYS_MAX: usize = 100_000;
/// After how many questions what is over is forgotten.
const SWEEP_EVERY: u64 = 4_096;
/// When to ask again while more strangers come than can be remembered.
const CROWDED_WAIT_MS: u64 = 1_000;
/// Which part of a quota a process takes at once: two processes that hold one
/// each let 5 % more through at most, or keep 5 % back.
const LEASE_PART: u32 = 40;
/// How long a process may spend what it took.
const LEASE_TIME_MAX: SignedDuration = SignedDuration::from_mins(1);

impl Desk {
    /// Makes a limit that holds for all processes on the same database: each of
    /// the quotas, for each key. Put the one that is over the soonest first. A
    /// name is one limit, whoever makes it.
    pub fn limit<K, const QUOTAS: usize>(
        &self,
        name: &'static str,
        quotas: [Quota; QUOTAS],
    ) -> Limit<K, QUOTAS>
    where
        K: Hash + Eq + Clone + ToString,
    {
        let counted = Counted::new(quotas);
        Limit { desk: self.clone(), name, counted, leases: DashMap::new() }
    }

    /// What stands in the database for somebody whom a limit counts.
    pub(crate) fn subject(&self, limit: &str, key: &str) -> [u8; 32] {
        sign(&self.parts.keys.limit, &[limit.as_bytes(), key.as_bytes()])
    }
}

/// A limit that holds for all processes together.
pub struct Limit<K, const QUOTAS: usize = 1>
where
    K: Hash + Eq,
{
    desk: Desk,
    name: &'static str,
    /// What is counted in memory, where there is one process.
    counted: Counted<K, QUOTAS>,
    /// What was taken from the database, where there are several.
    leases: DashMap<K, Arc<Mutex<Lease>>>,
}

/// What a process may still spend on one key.
#[derive(Debug, Default)]
struct Lease {
    left: u32,
    until: Timestamp,
    /// When there is something to take again, if there was nothing.
    closed_until: Timestamp,
}

impl<K, const QUOTAS: usize> Limit<K, QUOTAS>
where
    K: Hash + Eq + Clone + ToString,
{
    /// Counts one question of `key`.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if there were too many; [`Error::Unavailable`] if the
    /// database does not answer.
    pub async fn take(&self, key: &K) -> Result<()> {
        if !self.desk.parts.store.is_shared() {
            return self.counted.take(key, self.desk.now());
        }
        let now = self.desk.now();
        let crowded = self.counted.asks.sweep(|| {
            self.leases.retain(|_, lease| lease.try_lock().is_ok_and(|lease| lease.is_of_use(now)));
            self.leases.len()
        });
        if crowded && !self.leases.contains_key(key) {
            return Err(Error::Busy { retry_after_ms: CROWDED_WAIT_MS });
        }
        let lease = self.leases.entry(key.clone()).or_default().clone();
        // Whoever asks for the same key meanwhile waits for what is taken now.
        let mut lease = lease.lock().await;
        let now = self.desk.now();
        if lease.spend(now)? {
            return Ok(());
        }
        let count = self.lease_size();
        match self.draw(key, count, now).await {
            Ok(()) => {
                lease.left = count - 1;
                lease.until = now + LEASE_TIME_MAX;
                Ok(())
            }
            Err(Error::Busy { retry_after_ms }) => {
                lease.closed_until = now + SignedDuration::from_millis(retry_after_ms as i64);
                Err(Error::Busy { retry_after_ms })
            }
            Err(other) => Err(other),
        }
    }

    fn lease_size(&self) -> u32 {
        let smallest = self.counted.quotas.iter().map(|quota| quota.times()).min();
        (smallest.unwrap_or(1) / LEASE_PART).max(1)
    }

    /// Takes from the buckets that all processes share.
    async fn draw(&self, key: &K, count: u32, now: Timestamp) -> Result<()> {
        let alone = self.desk.parts.store.alone();
        for (number, quota) in self.counted.quotas.iter().enumerate() {
            let subject = self.desk.subject(&format!("{} {number}", self.name), &key.to_string());
            store::quota::take(&alone, &subject, *quota, count, now).await?;
        }
        Ok(())
    }
}

impl Lease {
    /// Spends one, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] while it is known that nothing can be taken.
    fn spend(&mut self, now: Timestamp) -> Result<bool> {
        if now < self.closed_until {
            let wait = self.closed_until.duration_since(now);
            return Err(Error::Busy { retry_after_ms: wait.as_millis().max(1) as u64 });
        }
        if self.left == 0 || self.until <= now {
            return Ok(false);
        }
        self.left -= 1;
        Ok(true)
    }

    fn is_of_use(&self, now: Timestamp) -> bool {
        now < self.closed_until || (self.left > 0 && now < self.until)
    }
}

/// A limit that a process keeps for itself, in memory.
#[derive(Debug)]
pub struct Counted<K: Hash + Eq, const QUOTAS: usize = 1> {
    quotas: [Quota; QUOTAS],
    full_at: DashMap<K, [Timestamp; QUOTAS]>,
    asks: Asks,
}

impl<K: Hash + Eq + Clone, const QUOTAS: usize> Counted<K, QUOTAS> {
    /// Makes a limit with nothing counted yet.
    pub fn new(quotas: [Quota; QUOTAS]) -> Self {
        Counted { quotas, full_at: DashMap::new(), asks: Asks::default() }
    }

    /// Counts one question of `key`.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if there were too many.
    pub fn take(&self, key: &K, now: Timestamp) -> Result<()> {
        let crowded = self.asks.sweep(|| {
            self.full_at.retain(|_, buckets| buckets.iter().any(|&full_at| full_at > now));
            self.full_at.len()
        });
        if crowded && !self.full_at.contains_key(key) {
            return Err(Error::Busy { retry_after_ms: CROWDED_WAIT_MS });
        }
        let mut buckets = self.full_at.entry(key.clone()).or_insert([now; QUOTAS]);
        let mut taken = *buckets;
        for (full_at, quota) in taken.iter_mut().zip(&self.quotas) {
            *full_at = quota.take(*full_at, 1, now)?;
        }
        *buckets = taken;
        Ok(())
    }
}

/// Counts questions, so that now and then what is over is forgotten.
#[derive(Debug, Default)]
struct Asks {
    count: AtomicU64,
    crowded: AtomicBool,
}

impl Asks {
    /// Counts a question, and tells whether there are more keys than can be
    /// remembered. `forget` removes what is over and counts what is left.
    fn sweep(&self, forget: impl FnOnce() -> usize) -> bool {
        if self.count.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.crowded.store(forget() > KEYS_MAX, Ordering::Relaxed);
        }
        self.crowded.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    #[test]
    fn every_quota_of_a_limit_holds() {
        let hour = SignedDuration::from_hours(1);
        let limit = Counted::new([Quota::new(2, MINUTE), Quota::new(3, hour)]);
        let minute = |minute| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);

        limit.take(&"a", minute(0)).unwrap();
        limit.take(&"a", minute(0)).unwrap();
        assert!(limit.take(&"a", minute(0)).is_err(), "two a minute");
        limit.take(&"a", minute(1)).unwrap();
        let refused = limit.take(&"a", minute(1)).unwrap_err();

        assert!(matches!(refused, Error::Busy { retry_after_ms: 1_140_000 }), "{refused:?}");
        limit.take(&"b", minute(1)).unwrap();
    }

    #[test]
    fn a_flood_of_keys_takes_bounded_memory_and_passes() {
        let limit = Counted::new([Quota::new(1, MINUTE)]);
        let now = Timestamp::UNIX_EPOCH;
        limit.take(&0, now).unwrap();

        let refused = (1..300_000).filter(|key| limit.take(key, now).is_err()).count();

        assert!(limit.full_at.len() <= KEYS_MAX + SWEEP_EVERY as usize);
        assert!(refused > 150_000, "{refused}");
        let later = now + MINUTE;
        let let_in = (0..SWEEP_EVERY as i32 * 2).filter(|key| limit.take(key, later).is_ok());
        assert!(let_in.count() > SWEEP_EVERY as usize, "those that are over make room");
    }
}
