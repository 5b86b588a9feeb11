//! Discoveries on disk: one of each account, and the past conversations that it looks at.

use domain::{Discovery, Result};

use crate::sql::{Row, json, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str = "SELECT id, state, days, error, started_by, started_at, ended_at, findings
    FROM discovery WHERE account_id = ?";

/// What stands for no number of days.
const NO_DAYS: i16 = 0;

/// Saves the account's discovery in place of the one before.
pub async fn save(tx: &Tx, discovery: &Discovery) -> Result<()> {
    let findings = discovery.findings.as_ref().map(json).transpose()?;
    let row = [
        tx.account().number().into(),
        discovery.id.number().into(),
        word(discovery.state).into(),
        discovery.days.unwrap_or(NO_DAYS).into(),
        discovery.error.clone().into(),
        discovery.started_by.number().into(),
        ms(discovery.started_at).into(),
        discovery.ended_at.map(ms).into(),
        findings.into(),
    ];
    let head = "INSERT INTO discovery (account_id, id, state, days, error, started_by, started_at,
        ended_at, findings)";
    let tail = "ON CONFLICT (account_id) DO UPDATE SET id = excluded.id, state = excluded.state,
        days = excluded.days, error = excluded.error, started_by = excluded.started_by,
        started_at = excluded.started_at, ended_at = excluded.ended_at,
        findings = excluded.findings";
    tx.insert_many(head, vec![row], tail).await
}

/// Finds the account's discovery.
pub async fn find(reader: &Reader) -> Result<Option<Discovery>> {
    let sql = Sql::new(SELECT).bind(reader.account().number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Keeps the past conversations that the account's discovery looks at, in JSON; `None` forgets
/// them.
pub async fn keep_past(tx: &Tx, past: Option<String>) -> Result<()> {
    let sql = Sql::new("UPDATE discovery SET past = ? WHERE account_id = ?")
        .bind(past)
        .bind(tx.account().number());
    tx.run(sql).await.map(drop)
}

/// Finds the past conversations that the account's discovery looks at.
pub async fn find_past(reader: &Reader) -> Result<Option<String>> {
    let sql = Sql::new("SELECT past FROM discovery WHERE account_id = ?");
    match reader.one(sql.bind(reader.account().number())).await? {
        Some(row) => row.get("past"),
        None => Ok(None),
    }
}

fn read(row: &Row) -> Result<Discovery> {
    Ok(Discovery {
        id: row.id("id")?,
        state: row.word("state")?,
        days: Some(row.get("days")?).filter(|&days| days != NO_DAYS),
        error: row.get("error")?,
        started_by: row.id("started_by")?,
        started_at: row.time("started_at")?,
        ended_at: row.maybe_time("ended_at")?,
        findings: row.maybe_json("findings")?,
    })
}
