//! Ratings on disk: every verdict that was given, also of earlier resolutions.

use domain::{Conversation, Id, Rating, Result};
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, ms};
use crate::{Reader, Sql, Tx};

const SELECT: &str =
    "SELECT conversation_id, score, comment, created_at FROM rating WHERE account_id = ?";

/// Adds a rating; `false` if the same one was given already.
pub async fn insert(tx: &Tx, rating: &Rating, client_id: Uuid) -> Result<bool> {
    let sql = Sql::new(
        "INSERT INTO rating (account_id, conversation_id, client_id, score, comment, created_at)
         VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, conversation_id, client_id) DO NOTHING",
    )
    .bind(tx.account().number())
    .bind(rating.conversation.number())
    .bind(client_id.as_bytes().to_vec())
    .bind(rating.score)
    .bind(rating.comment.clone())
    .bind(ms(rating.created_at));
    Ok(tx.run(sql).await? > 0)
}

/// Finds the last rating of a conversation.
pub async fn find_last(reader: &Reader, conversation: Id<Conversation>) -> Result<Option<Rating>> {
    let sql = Sql::new(SELECT)
        .bind(reader.account().number())
        .push(" AND conversation_id = ? ORDER BY created_at DESC LIMIT 1")
        .bind(conversation.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists ratings, newest first, from before a time on.
pub async fn list(reader: &Reader, before: Option<Timestamp>, limit: u64) -> Result<Vec<Rating>> {
    let sql = Sql::new(SELECT)
        .bind(reader.account().number())
        .push_if(" AND created_at < ?", before.map(ms))
        .push(" ORDER BY created_at DESC LIMIT ?")
        .bind(limit as i64);
    reader.all(sql).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Rating> {
    Ok(Rating {
        conversation: row.id("conversation_id")?,
        score: row.get("score")?,
        comment: row.get("comment")?,
        created_at: row.time("created_at")?,
    })
}
