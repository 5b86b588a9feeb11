//! The review queue on disk, with the messages that it has counted.

use std::collections::HashSet;

use domain::{Conversation, Id, Language, Result, ReviewItem, ReviewReason, ReviewState};

use crate::sql::{Row, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str = "SELECT id, text_hash, conversation_id, seq, text, language, reason,
    predicted, probability, release_id, suggested, seen, usefulness, state, decided_intent,
    decided_by, decided_at, first_seen_at, last_seen_at FROM review_item WHERE account_id = ?";

/// How many items one prune removes at most.
const PRUNED_MAX: i64 = 1_000;

/// Which items to list.
#[derive(Clone, Debug)]
pub struct Filter {
    /// In this state.
    pub state: ReviewState,
    /// Only those for this reason.
    pub reason: Option<ReviewReason>,
    /// Only those in this language.
    pub language: Option<Language>,
    /// Only those that the bot took for this intent.
    pub predicted: Option<String>,
}

/// A message that was counted: the conversation, and its place in that thread.
pub type Sighting = (Id<Conversation>, i64);

/// A place in a list: after the item of this usefulness.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// How useful it is.
    pub usefulness: i64,
    /// Which it is.
    pub id: Id<ReviewItem>,
}

/// Adds items, or saves changed ones.
pub async fn save_many(tx: &Tx, items: &[ReviewItem]) -> Result<()> {
    let rows = items.iter().map(|item| {
        [
            item.id.number().into(),
            tx.account().number().into(),
            item.text_hash.clone().into(),
            item.conversation.number().into(),
            item.seq.into(),
            item.text.clone().into(),
            word(item.language).into(),
            word(item.reason).into(),
            item.predicted.clone().into(),
            f64::from(item.probability).into(),
            item.release.map(Id::number).into(),
            item.suggested.clone().into(),
            item.seen.into(),
            item.usefulness.into(),
            word(item.state).into(),
            item.decided_intent.clone().into(),
            item.decided_by.map(Id::number).into(),
            item.decided_at.map(ms).into(),
            ms(item.first_seen_at).into(),
            ms(item.last_seen_at).into(),
        ]
    });
    let head = "INSERT INTO review_item (id, account_id, text_hash, conversation_id, seq, text,
        language, reason, predicted, probability, release_id, suggested, seen, usefulness, state,
        decided_intent, decided_by, decided_at, first_seen_at, last_seen_at)";
    let tail = "ON CONFLICT (id) DO UPDATE SET conversation_id = excluded.conversation_id,
        seq = excluded.seq, reason = excluded.reason, predicted = excluded.predicted,
        probability = excluded.probability, release_id = excluded.release_id,
        suggested = excluded.suggested, seen = excluded.seen, usefulness = excluded.usefulness,
        state = excluded.state, decided_intent = excluded.decided_intent,
        decided_by = excluded.decided_by, decided_at = excluded.decided_at,
        last_seen_at = excluded.last_seen_at";
    tx.insert_many(head, rows.collect(), tail).await
}

/// Finds an item.
pub async fn find(reader: &Reader, id: Id<ReviewItem>) -> Result<Option<ReviewItem>> {
    let sql =
        Sql::new(SELECT).bind(reader.account().number()).push(" AND id = ?").bind(id.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Finds the items with one of these texts.
pub async fn find_by_texts(
    reader: &Reader,
    hashes: impl IntoIterator<Item = Vec<u8>>,
) -> Result<Vec<ReviewItem>> {
    let mut hashes = hashes.into_iter().peekable();
    if hashes.peek().is_none() {
        return Ok(Vec::new());
    }
    let sql = Sql::new(SELECT).bind(reader.account().number());
    let sql = sql.push(" AND text_hash IN ").one_of(hashes);
    reader.all(sql).await?.iter().map(read).collect()
}

/// Finds those of some messages that were counted.
pub async fn find_sightings(
    reader: &Reader,
    places: impl Iterator<Item = Sighting>,
) -> Result<HashSet<Sighting>> {
    let mut places = places.peekable();
    if places.peek().is_none() {
        return Ok(HashSet::new());
    }
    let rows = places.map(|(conversation, seq)| [conversation.number().into(), seq.into()]);
    let sql = Sql::new("WITH named (conversation_id, seq) AS (")
        .rows(rows, [0_i64.into(), 0_i64.into()])
        .push(") SELECT s.conversation_id, s.seq FROM named n CROSS JOIN review_sighting s")
        .push(" WHERE s.account_id = ?")
        .bind(reader.account().number())
        .push(" AND s.conversation_id = n.conversation_id AND s.seq = n.seq");
    let found = reader.all(sql).await?;
    found.iter().map(|row| Ok((row.id("conversation_id")?, row.get("seq")?))).collect()
}

/// Remembers which messages were counted, and for which items. They are forgotten with these.
pub async fn add_sightings(tx: &Tx, counted: &[(Id<ReviewItem>, Sighting)]) -> Result<()> {
    let account = tx.account().number();
    let rows = counted.iter().map(|&(item, (conversation, seq))| {
        [account.into(), conversation.number().into(), seq.into(), item.number().into()]
    });
    let head = "INSERT INTO review_sighting (account_id, conversation_id, seq, item_id)";
    tx.insert_many(head, rows.collect(), "").await
}

/// Lists the items that pass `filter`, the most useful first, from `after` on.
pub async fn list(
    reader: &Reader,
    filter: &Filter,
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<ReviewItem>> {
    let mut sql = Sql::new(SELECT)
        .bind(reader.account().number())
        .push(" AND state = ?")
        .bind(word(filter.state))
        .push_if(" AND reason = ?", filter.reason.map(word))
        .push_if(" AND language = ?", filter.language.map(word))
        .push_if(" AND predicted = ?", filter.predicted.clone());
    if let Some(Place { usefulness, id }) = after {
        sql = sql.push(" AND (usefulness, id) < (?, ?)").bind(usefulness).bind(id.number());
    }
    let sql = sql.push(" ORDER BY usefulness DESC, id DESC LIMIT ?").bind(limit as i64);
    reader.all(sql).await?.iter().map(read).collect()
}

/// Counts the items that wait for a decision.
pub async fn count_open(reader: &Reader) -> Result<i64> {
    let sql =
        Sql::new("SELECT COUNT(*) AS open FROM review_item WHERE account_id = ? AND state = ?")
            .bind(reader.account().number())
            .bind(word(ReviewState::Open));
    reader.one(sql).await?.map_or(Ok(0), |row| row.get("open"))
}

/// Forgets what was said at a place that was taken back.
pub async fn forget_message(tx: &Tx, conversation: Id<Conversation>, seq: i64) -> Result<()> {
    let sql = Sql::new(
        "DELETE FROM review_item WHERE account_id = ? AND conversation_id = ? AND seq = ?",
    )
    .bind(tx.account().number())
    .bind(conversation.number())
    .bind(seq);
    tx.run(sql).await.map(drop)
}

/// Removes the least useful of the open items beyond `open_max`, and the oldest of
/// the decided ones beyond `decided_max`.
pub async fn prune(tx: &Tx, open_max: u64, decided_max: u64) -> Result<()> {
    let open = " AND state = 'open' ORDER BY usefulness DESC, id DESC LIMIT ? OFFSET ?";
    let decided = " AND state <> 'open' ORDER BY last_seen_at DESC, id DESC LIMIT ? OFFSET ?";
    for (which, max) in [(open, open_max), (decided, decided_max)] {
        let account = tx.account().number();
        let sql = Sql::new("DELETE FROM review_item WHERE account_id = ? AND id IN (")
            .bind(account)
            .push("SELECT id FROM review_item WHERE account_id = ?")
            .bind(account)
            .push(which)
            .bind(PRUNED_MAX)
            .bind(max as i64)
            .push(")");
        tx.run(sql).await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<ReviewItem> {
    Ok(ReviewItem {
        id: row.id("id")?,
        text_hash: row.get("text_hash")?,
        conversation: row.id("conversation_id")?,
        seq: row.get("seq")?,
        text: row.get("text")?,
        language: row.word("language")?,
        reason: row.word("reason")?,
        predicted: row.get("predicted")?,
        probability: row.get::<f64>("probability")? as f32,
        release: row.maybe_id("release_id")?,
        suggested: row.get("suggested")?,
        seen: row.get("seen")?,
        usefulness: row.get("usefulness")?,
        state: row.word("state")?,
        decided_intent: row.get("decided_intent")?,
        decided_by: row.maybe_id("decided_by")?,
        decided_at: row.maybe_time("decided_at")?,
        first_seen_at: row.time("first_seen_at")?,
        last_seen_at: row.time("last_seen_at")?,
    })
}
