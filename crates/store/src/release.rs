//! Releases on disk: their rows. Their files lie in a folder of the account.

use domain::{Account, Epoch, Id, Release, ReleaseState, Result};

use crate::sql::{Row, json, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str = "SELECT id, number, state, progress, step, epoch, epochs, time_left_s,
    data_hash, metrics, error, created_by, created_at, released_at FROM release WHERE account_id = ?";

/// Gives out the next number of the account's releases.
pub async fn next_number(tx: &Tx) -> Result<i64> {
    let sql = Sql::new("INSERT INTO release_number (account_id, last) VALUES (?, 1) ")
        .bind(tx.account().number())
        .push(
            "ON CONFLICT (account_id) DO UPDATE SET last = release_number.last + 1 RETURNING last",
        );
    let row = tx.one(sql).await?;
    row.ok_or_else(|| domain::Error::internal("a release got no number"))?.get("last")
}

/// Adds a release, or saves a changed one. What is in use must be retired before
/// another one is saved as released.
pub async fn save(tx: &Tx, release: &Release) -> Result<()> {
    let metrics = release.metrics.as_ref().map(json).transpose()?;
    let row = [
        release.id.number().into(),
        tx.account().number().into(),
        release.number.into(),
        word(release.state).into(),
        release.progress.into(),
        word(release.step).into(),
        release.epoch.map(|epoch| epoch.number).into(),
        release.epoch.map(|epoch| epoch.of).into(),
        release.time_left_s.into(),
        release.data_hash.clone().into(),
        metrics.into(),
        release.error.clone().into(),
        release.created_by.map(Id::number).into(),
        ms(release.created_at).into(),
        release.released_at.map(ms).into(),
    ];
    let head = "INSERT INTO release (id, account_id, number, state, progress, step,
        epoch, epochs, time_left_s, data_hash, metrics, error, created_by, created_at, released_at)";
    let tail = "ON CONFLICT (id) DO UPDATE SET state = excluded.state,
        progress = excluded.progress, step = excluded.step, epoch = excluded.epoch,
        epochs = excluded.epochs, time_left_s = excluded.time_left_s, data_hash = excluded.data_hash,
        metrics = excluded.metrics, error = excluded.error, released_at = excluded.released_at";
    tx.insert_many(head, vec![row], tail).await
}

/// Keeps how a release did on the tests, as JSON.
pub async fn keep_evaluation(tx: &Tx, id: Id<Release>, evaluation: &str) -> Result<()> {
    let sql = Sql::new("UPDATE release SET evaluation = ? WHERE account_id = ? AND id = ?")
        .bind(evaluation)
        .bind(tx.account().number())
        .bind(id.number());
    tx.run(sql).await.map(drop)
}

/// Reads how a release did on the tests, as JSON, if it was tested.
pub async fn find_evaluation(reader: &Reader, id: Id<Release>) -> Result<Option<String>> {
    let sql = Sql::new("SELECT evaluation FROM release WHERE account_id = ? AND id = ?")
        .bind(reader.account().number())
        .bind(id.number());
    reader.one(sql).await?.map_or(Ok(None), |row| row.get("evaluation"))
}

/// Removes a release; `false` if there was none.
pub async fn delete(tx: &Tx, id: Id<Release>) -> Result<bool> {
    let sql = Sql::new("DELETE FROM release WHERE account_id = ? AND id = ?")
        .bind(tx.account().number())
        .bind(id.number());
    Ok(tx.run(sql).await? > 0)
}

/// Finds a release.
pub async fn find(reader: &Reader, id: Id<Release>) -> Result<Option<Release>> {
    let sql =
        Sql::new(SELECT).bind(reader.account().number()).push(" AND id = ?").bind(id.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Finds the release that is in use.
pub async fn find_in_use(reader: &Reader) -> Result<Option<Release>> {
    let sql = Sql::new(SELECT)
        .bind(reader.account().number())
        .push(" AND state = ?")
        .bind(word(ReleaseState::Released));
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists the releases of the account, newest first. There are few.
pub async fn list(reader: &Reader) -> Result<Vec<Release>> {
    let sql = Sql::new(SELECT).bind(reader.account().number()).push(" ORDER BY number DESC");
    reader.all(sql).await?.iter().map(read).collect()
}

/// Lists what is in use, by account. The reader is [`Account::NOBODY`]'s.
pub async fn list_in_use(reader: &Reader) -> Result<Vec<(Id<Account>, Id<Release>)>> {
    let sql = Sql::new("SELECT account_id, id FROM release WHERE state = 'released'");
    let rows = reader.all(sql).await?;
    rows.iter().map(|row| Ok((row.id("account_id")?, row.id("id")?))).collect()
}

fn read(row: &Row) -> Result<Release> {
    let epoch = row.get::<Option<i16>>("epoch")?.zip(row.get("epochs")?);
    Ok(Release {
        id: row.id("id")?,
        number: row.get("number")?,
        state: row.word("state")?,
        progress: row.get("progress")?,
        step: row.word("step")?,
        epoch: epoch.map(|(number, of)| Epoch { number, of }),
        time_left_s: row.get("time_left_s")?,
        data_hash: row.get("data_hash")?,
        metrics: row.maybe_json("metrics")?,
        error: row.get("error")?,
        created_by: row.maybe_id("created_by")?,
        created_at: row.time("created_at")?,
        released_at: row.maybe_time("released_at")?,
    })
}
