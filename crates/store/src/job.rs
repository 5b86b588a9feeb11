//! The job queue.
//!
//! A job exists exactly when the change that caused it does: it is queued in
//! the same transaction. Workers of any process claim what is due; a claim
//! lapses, so a job of a process that died is claimed again.

use domain::{Account, Id, Job, JobState, Result};
use jiff::Timestamp;

use crate::sql::{Row, json, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str = "SELECT id, account_id, kind, payload, attempts, state, last_error, run_at, created_at FROM job";

/// Which kinds of jobs somebody asks for.
#[derive(Clone, Copy, Debug)]
pub enum Kinds {
    /// Every kind.
    All,
    /// One kind.
    Only(&'static str),
    /// Every kind but these.
    Except(&'static [&'static str]),
}

/// Queues a job.
pub async fn insert(tx: &Tx, job: &Job) -> Result<()> {
    let row = [
        job.id.number().into(),
        tx.account().number().into(),
        job.kind.clone().into(),
        json(&job.payload)?.into(),
        job.attempts.into(),
        word(job.state).into(),
        ms(job.run_at).into(),
        ms(job.created_at).into(),
    ];
    let head =
        "INSERT INTO job (id, account_id, kind, payload, attempts, state, run_at, created_at)";
    tx.insert_many(head, vec![row], "").await
}

/// Claims jobs of these kinds, of all accounts, that are due: until `until` nobody else gets
/// them. The transaction is [`Account::NOBODY`]'s.
pub async fn claim(
    tx: &Tx,
    kinds: Kinds,
    now: Timestamp,
    until: Timestamp,
    limit: u64,
) -> Result<Vec<(Id<Account>, Job)>> {
    let (only, except): (Option<&str>, &[&str]) = match kinds {
        Kinds::All => (None, &[]),
        Kinds::Only(kind) => (Some(kind), &[]),
        Kinds::Except(kinds) => (None, kinds),
    };
    let locked = if tx.postgres() { " FOR UPDATE SKIP LOCKED" } else { "" };
    let due = Sql::new("UPDATE job SET run_at = ?, attempts = attempts + 1 WHERE id IN (")
        .bind(ms(until))
        .push("SELECT id FROM job WHERE state = 'waiting' AND run_at <= ?")
        .bind(ms(now))
        .push_if(" AND kind = ?", only);
    let sql = except
        .iter()
        .fold(due, |sql, kind| sql.push(" AND kind <> ?").bind(*kind))
        .push(" ORDER BY run_at, id LIMIT ?")
        .bind(limit as i64)
        .push(locked)
        .push(") RETURNING id, account_id, kind, payload, attempts, state, last_error, run_at, created_at");
    let rows = tx.all(sql).await?;
    rows.iter().map(|row| Ok((row.id("account_id")?, read(row)?))).collect()
}

/// Makes a claim hold until `until`; `false` if the job is gone.
pub async fn renew(tx: &Tx, id: Id<Job>, until: Timestamp) -> Result<bool> {
    let sql = Sql::new("UPDATE job SET run_at = ? WHERE account_id = ? AND id = ?")
        .bind(ms(until))
        .bind(tx.account().number())
        .bind(id.number());
    Ok(tx.run(sql).await? > 0)
}

/// Gives up a claim, so that the job is due at once; the attempt does not count.
pub async fn hand_back(tx: &Tx, id: Id<Job>, now: Timestamp) -> Result<()> {
    let sql = Sql::new(
        "UPDATE job SET run_at = ?, attempts = attempts - 1 WHERE account_id = ? AND id = ?",
    )
    .bind(ms(now))
    .bind(tx.account().number())
    .bind(id.number());
    tx.run(sql).await.map(drop)
}

/// Forgets a job that is done.
pub async fn delete(tx: &Tx, id: Id<Job>) -> Result<()> {
    let sql = Sql::new("DELETE FROM job WHERE account_id = ? AND id = ?")
        .bind(tx.account().number())
        .bind(id.number());
    tx.run(sql).await.map(drop)
}

/// Notes that an attempt failed: it is tried again at `run_at`, or never.
pub async fn fail(tx: &Tx, id: Id<Job>, error: &str, run_at: Option<Timestamp>) -> Result<()> {
    let state = if run_at.is_some() { JobState::Waiting } else { JobState::Dead };
    let sql = Sql::new(
        "UPDATE job SET state = ?, last_error = ?, run_at = COALESCE(?, run_at)
         WHERE account_id = ? AND id = ?",
    )
    .bind(word(state))
    .bind(error)
    .bind(run_at.map(ms))
    .bind(tx.account().number())
    .bind(id.number());
    tx.run(sql).await.map(drop)
}

/// Gives a dead job a new life; `false` if there is none.
pub async fn retry(tx: &Tx, id: Id<Job>, now: Timestamp) -> Result<bool> {
    let sql = Sql::new(
        "UPDATE job SET state = 'waiting', attempts = 0, run_at = ?
         WHERE account_id = ? AND id = ? AND state = 'dead'",
    )
    .bind(ms(now))
    .bind(tx.account().number())
    .bind(id.number());
    Ok(tx.run(sql).await? > 0)
}

/// Lists the account's jobs in a state, newest first.
pub async fn list(
    reader: &Reader,
    state: JobState,
    before: Option<Id<Job>>,
    limit: u64,
) -> Result<Vec<Job>> {
    let sql = Sql::new(SELECT)
        .push(" WHERE account_id = ? AND state = ?")
        .bind(reader.account().number())
        .bind(word(state))
        .push_if(" AND id < ?", before.map(Id::number))
        .push(" ORDER BY id DESC LIMIT ?")
        .bind(limit as i64);
    reader.all(sql).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Job> {
    Ok(Job {
        id: row.id("id")?,
        kind: row.get("kind")?,
        payload: row.json("payload")?,
        attempts: row.get("attempts")?,
        state: row.word("state")?,
        last_error: row.get("last_error")?,
        run_at: row.time("run_at")?,
        created_at: row.time("created_at")?,
    })
}
