//! Full-text search of messages.
//!
//! Texts are segmented by the caller, for Chinese and English alike, so both
//! databases see plain words. The bot's own fixed sentences are not indexed:
//! they would drown what people said.

use domain::{Conversation, Id, Message, Result};
use sea_orm::Value;

use crate::sql::account_word;
use crate::{Reader, Sql, Tx};

/// How many words a query looks for at most.
const WORDS_MAX: usize = 16;

/// A message that a search found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Hit {
    /// The message.
    pub message: Id<Message>,
    /// Its thread.
    pub conversation: Id<Conversation>,
    /// Its place in the thread.
    pub seq: i64,
}

/// Makes messages findable by their words.
pub async fn index(
    tx: &Tx,
    messages: impl Iterator<Item = (Id<Message>, Vec<String>)>,
) -> Result<()> {
    let account = tx.account();
    if tx.postgres() {
        let rows = messages.map(|(id, words)| {
            [account.number().into(), id.number().into(), vector(&words).into()]
        });
        return insert_vectors(tx, rows.collect()).await;
    }
    let rows = messages.map(|(id, words)| {
        let tokens = format!("{} {}", account_word(account), words.join(" "));
        [id.number().into(), tokens.into()]
    });
    tx.insert_many("INSERT INTO message_search (rowid, tokens)", rows.collect(), "").await
}

async fn insert_vectors(tx: &Tx, rows: Vec<[Value; 3]>) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let nothing = first.each_ref().map(Value::as_null);
    let sql = Sql::new(
        "INSERT INTO message_search (account_id, message_id, tokens)
         SELECT given.column1, given.column2, array_to_tsvector(string_to_array(given.column3, ' ')) FROM (",
    );
    tx.run(sql.rows(rows.into_iter(), nothing).push(") AS given WHERE given.column1 IS NOT NULL"))
        .await
        .map(drop)
}

/// Finds messages that contain all of the words, newest first.
pub async fn find(
    reader: &Reader,
    words: &[String],
    before: Option<Id<Message>>,
    limit: u64,
) -> Result<Vec<Hit>> {
    let words: Vec<&str> = words.iter().flat_map(|word| plain(word)).take(WORDS_MAX).collect();
    let mut hits = Vec::new();
    let mut before = before.map(Id::number);
    let mut more = !words.is_empty();
    // What was taken back is in the index still, so a page may take several looks.
    while more && hits.len() < limit as usize {
        let wanted = limit as usize - hits.len();
        let indexed = look_up(reader, &words, before, wanted).await?;
        more = indexed.len() == wanted;
        before = indexed.last().copied();
        hits.extend(keep_said(reader, indexed).await?);
    }
    Ok(hits)
}

/// Looks words up in the index: the messages that have all of them, newest first.
async fn look_up(
    reader: &Reader,
    words: &[&str],
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<i64>> {
    let account = reader.account();
    let (sql, id) = if reader.postgres() {
        let query: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let select = "SELECT message_id AS id FROM message_search
            WHERE account_id = ? AND tokens @@ ?::tsquery";
        (Sql::new(select).bind(account.number()).bind(query.join(" & ")), "message_id")
    } else {
        let account = account_word(account);
        let words = words.iter().copied().chain([account.as_str()]);
        let query: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
        let select = "SELECT rowid AS id FROM message_search WHERE message_search MATCH ?";
        (Sql::new(select).bind(query.join(" AND ")), "rowid")
    };
    let sql = sql
        .push_if(&format!(" AND {id} < ?"), before)
        .push(&format!(" ORDER BY {id} DESC LIMIT ?"))
        .bind(limit as i64);
    reader.all(sql).await?.iter().map(|row| row.get("id")).collect()
}

/// Keeps those messages that were not taken back.
async fn keep_said(reader: &Reader, ids: Vec<i64>) -> Result<Vec<Hit>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = "SELECT id, conversation_id, seq FROM message";
    let sql = Sql::by_ids(select, reader.account(), ids)
        .push(" AND retracted = ? ORDER BY id DESC")
        .bind(false);
    let rows = reader.all(sql).await?;
    let hit = |row: &crate::sql::Row| {
        Ok(Hit {
            message: row.id("id")?,
            conversation: row.id("conversation_id")?,
            seq: row.get("seq")?,
        })
    };
    rows.iter().map(hit).collect()
}

/// The letters and digits of a word: whatever else it has separates words in
/// both databases, and could be an operator.
fn plain(word: &str) -> impl Iterator<Item = &str> {
    word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// The distinct words as PostgreSQL takes them.
fn vector(words: &[String]) -> String {
    let mut words: Vec<&str> = words.iter().flat_map(|word| plain(word)).collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}
