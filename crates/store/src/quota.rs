//! Buckets of quotas, on disk, so that all processes take from the same ones.
//!
//! They belong to no account. A subject without a row has a full bucket.

use domain::{Error, Quota, Result};
use jiff::Timestamp;

use crate::{Alone, Sql};

/// Takes from a subject's bucket.
///
/// # Errors
///
/// [`Error::Busy`] if there is less in it than `count`; it says when there will
/// be enough.
pub async fn take(
    alone: &Alone<'_>,
    subject: &[u8],
    quota: Quota,
    count: u32,
    now: Timestamp,
) -> Result<()> {
    let cost_us = quota.time_for(count).as_micros() as i64;
    let sql = Sql::new(
        "INSERT INTO quota (subject, full_at) VALUES (?, ?)
        ON CONFLICT (subject) DO UPDATE SET full_at = ? +
            CASE WHEN quota.full_at > ? THEN quota.full_at ELSE ? END
        WHERE quota.full_at <= ?",
    )
    .bind(subject.to_vec())
    .bind(now.as_microsecond() + cost_us)
    .bind(cost_us)
    .bind(now.as_microsecond())
    .bind(now.as_microsecond())
    .bind(quota.latest(count, now).as_microsecond());
    if alone.run(sql).await? > 0 {
        return Ok(());
    }
    let row =
        alone.one(Sql::new("SELECT full_at FROM quota WHERE subject = ?").bind(subject.to_vec()));
    let full_at: i64 = match row.await? {
        Some(row) => row.get("full_at")?,
        // It was pruned in between, and is full.
        None => return Err(Error::Busy { retry_after_ms: 1 }),
    };
    let full_at = Timestamp::from_microsecond(full_at).map_err(Error::internal)?;
    quota.take(full_at, count, now).map(drop)
}

/// Forgets the buckets that are full, and counts them.
pub async fn prune(alone: &Alone<'_>, now: Timestamp) -> Result<u64> {
    alone.run(Sql::new("DELETE FROM quota WHERE full_at <= ?").bind(now.as_microsecond())).await
}
