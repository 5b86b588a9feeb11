//! Trials of releases on disk.

use domain::{Account, Conversation, Id, Result, Trial, TrialDifference};
use jiff::Timestamp;

use crate::sql::{Row, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str =
    "SELECT account_id, id, release_id, kind, share, started_by, started_at, turns,
    differed, answered, answered_handoffs, other_handoffs FROM trial";

const SELECT_DIFFERENCES: &str = "SELECT id, conversation_id, seq, text, language, released_intent,
    released_probability, tried_intent, tried_probability, created_at
    FROM trial_difference WHERE account_id = ?";

/// How many differences one prune removes at most.
const PRUNED_MAX: i64 = 1_000;

/// Begins a trial in place of the account's other one, or saves its counts.
pub async fn save(tx: &Tx, trial: &Trial) -> Result<()> {
    let row = [
        tx.account().number().into(),
        trial.id.number().into(),
        trial.release.number().into(),
        word(trial.kind).into(),
        trial.share.into(),
        trial.started_by.number().into(),
        ms(trial.started_at).into(),
        trial.turns.into(),
        trial.differed.into(),
        trial.answered.into(),
        trial.answered_handoffs.into(),
        trial.other_handoffs.into(),
    ];
    let head = "INSERT INTO trial (account_id, id, release_id, kind, share, started_by, started_at,
        turns, differed, answered, answered_handoffs, other_handoffs)";
    let tail = "ON CONFLICT (account_id) DO UPDATE SET id = excluded.id,
        release_id = excluded.release_id, kind = excluded.kind, share = excluded.share,
        started_by = excluded.started_by, started_at = excluded.started_at,
        turns = excluded.turns, differed = excluded.differed, answered = excluded.answered,
        answered_handoffs = excluded.answered_handoffs, other_handoffs = excluded.other_handoffs";
    tx.insert_many(head, vec![row], tail).await
}

/// Finds the account's trial.
pub async fn find(reader: &Reader) -> Result<Option<Trial>> {
    let sql = Sql::new(SELECT).push(" WHERE account_id = ?").bind(reader.account().number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists all trials, by account. The reader is [`Account::NOBODY`]'s.
pub async fn list_all(reader: &Reader) -> Result<Vec<(Id<Account>, Trial)>> {
    let rows = reader.all(Sql::new(SELECT)).await?;
    rows.iter().map(|row| Ok((row.id("account_id")?, read(row)?))).collect()
}

/// Ends the account's trial and forgets its differences; `false` if there was none.
pub async fn delete(tx: &Tx) -> Result<bool> {
    let account = tx.account().number();
    tx.run(Sql::new("DELETE FROM trial_difference WHERE account_id = ?").bind(account)).await?;
    Ok(tx.run(Sql::new("DELETE FROM trial WHERE account_id = ?").bind(account)).await? > 0)
}

/// Adds differences; of those of the account the newest `kept` stay.
pub async fn add_differences(tx: &Tx, found: &[TrialDifference], kept: u64) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let account = tx.account().number();
    let rows = found.iter().map(|one| {
        [
            one.id.number().into(),
            account.into(),
            one.conversation.number().into(),
            one.seq.into(),
            one.text.clone().into(),
            word(one.language).into(),
            one.released_intent.clone().into(),
            f64::from(one.released_probability).into(),
            one.tried_intent.clone().into(),
            f64::from(one.tried_probability).into(),
            ms(one.created_at).into(),
        ]
    });
    let head = "INSERT INTO trial_difference (id, account_id, conversation_id, seq, text, language,
        released_intent, released_probability, tried_intent, tried_probability, created_at)";
    tx.insert_many(head, rows.collect(), "").await?;
    let sql = Sql::new("DELETE FROM trial_difference WHERE account_id = ? AND id IN (")
        .bind(account)
        .push("SELECT id FROM trial_difference WHERE account_id = ?")
        .bind(account)
        .push(" ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?)")
        .bind(PRUNED_MAX)
        .bind(kept as i64);
    tx.run(sql).await.map(drop)
}

/// Lists the account's differences, newest first, from behind one on.
pub async fn list_differences(
    reader: &Reader,
    after: Option<(Timestamp, Id<TrialDifference>)>,
    limit: u64,
) -> Result<Vec<TrialDifference>> {
    let mut sql = Sql::new(SELECT_DIFFERENCES).bind(reader.account().number());
    if let Some((at, id)) = after {
        sql = sql.push(" AND (created_at, id) < (?, ?)").bind(ms(at)).bind(id.number());
    }
    let sql = sql.push(" ORDER BY created_at DESC, id DESC LIMIT ?").bind(limit as i64);
    reader.all(sql).await?.iter().map(read_difference).collect()
}

/// Forgets what was said at a place that was taken back.
pub async fn forget_message(tx: &Tx, conversation: Id<Conversation>, seq: i64) -> Result<()> {
    let sql = Sql::new(
        "DELETE FROM trial_difference WHERE account_id = ? AND conversation_id = ? AND seq = ?",
    )
    .bind(tx.account().number())
    .bind(conversation.number())
    .bind(seq);
    tx.run(sql).await.map(drop)
}

fn read(row: &Row) -> Result<Trial> {
    Ok(Trial {
        id: row.id("id")?,
        release: row.id("release_id")?,
        kind: row.word("kind")?,
        share: row.get("share")?,
        started_by: row.id("started_by")?,
        started_at: row.time("started_at")?,
        turns: row.get("turns")?,
        differed: row.get("differed")?,
        answered: row.get("answered")?,
        answered_handoffs: row.get("answered_handoffs")?,
        other_handoffs: row.get("other_handoffs")?,
    })
}

fn read_difference(row: &Row) -> Result<TrialDifference> {
    Ok(TrialDifference {
        id: row.id("id")?,
        conversation: row.id("conversation_id")?,
        seq: row.get("seq")?,
        text: row.get("text")?,
        language: row.word("language")?,
        released_intent: row.get("released_intent")?,
        released_probability: row.get::<f64>("released_probability")? as f32,
        tried_intent: row.get("tried_intent")?,
        tried_probability: row.get::<f64>("tried_probability")? as f32,
        created_at: row.time("created_at")?,
    })
}
