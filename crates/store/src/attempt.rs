//! Attempts to sign in, on disk, so that all processes count together and a
//! restart forgets none.
//!
//! They belong to no account yet. Of each subject the last five are kept.

use domain::Result;
use jiff::Timestamp;

use crate::sql::ms;
use crate::{Alone, Sql};

/// How many attempts of one subject are remembered.
pub const REMEMBERED: usize = 5;

/// Writes an attempt down, unless the last [`REMEMBERED`] are all later than
/// `since`; `false` if they are.
pub async fn begin(
    alone: &Alone<'_>,
    subject: &[u8],
    since: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let sql = Sql::new(
        "INSERT INTO sign_in_attempt (subject, at_1) VALUES (?, ?)
        ON CONFLICT (subject) DO UPDATE SET at_1 = excluded.at_1, at_2 = sign_in_attempt.at_1,
            at_3 = sign_in_attempt.at_2, at_4 = sign_in_attempt.at_3, at_5 = sign_in_attempt.at_4
        WHERE sign_in_attempt.at_5 IS NULL OR sign_in_attempt.at_5 <= ?",
    )
    .bind(subject.to_vec())
    .bind(ms(now))
    .bind(ms(since));
    Ok(alone.run(sql).await? > 0)
}

/// Finds the oldest of the last [`REMEMBERED`] attempts, if there were so many.
pub async fn oldest(alone: &Alone<'_>, subject: &[u8]) -> Result<Option<Timestamp>> {
    let sql = Sql::new("SELECT at_5 FROM sign_in_attempt WHERE subject = ?").bind(subject.to_vec());
    match alone.one(sql).await? {
        Some(row) => row.maybe_time("at_5"),
        None => Ok(None),
    }
}

/// Forgets the attempts of a subject.
pub async fn forget(alone: &Alone<'_>, subject: &[u8]) -> Result<()> {
    let sql = Sql::new("DELETE FROM sign_in_attempt WHERE subject = ?").bind(subject.to_vec());
    alone.run(sql).await.map(drop)
}

/// Forgets whoever made no attempt after `since`, and counts them.
pub async fn prune(alone: &Alone<'_>, since: Timestamp) -> Result<u64> {
    alone.run(Sql::new("DELETE FROM sign_in_attempt WHERE at_1 <= ?").bind(ms(since))).await
}
