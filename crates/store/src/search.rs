//! Full-text search of messages.
//!
//! Texts are segmented by the caller, for Chinese and English alike, so both
//! databases see plain words. The bot's own fixed sentences are not indexed:
//! they would drown what people said.

use domain::{Account, Conversation, Id, Message, Result};
use sea_orm::Value;

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
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let sql =
        Sql::new("SELECT m.id, m.conversation_id, m.seq FROM message_search s JOIN message m ON ");
    let sql = if reader.postgres() {
        let query: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        sql.push("m.id = s.message_id WHERE s.account_id = ? AND s.tokens @@ ?::tsquery")
            .bind(reader.account().number())
            .bind(query.join(" & "))
    } else {
        let account = account_word(reader.account());
        let query: Vec<String> =
            words.iter().chain([&account.as_str()]).map(|word| format!("\"{word}\"")).collect();
        sql.push("m.id = s.rowid WHERE message_search MATCH ?").bind(query.join(" AND "))
    };
    let sql = sql
        .push(" AND m.account_id = ?")
        .bind(reader.account().number())
        .push(" AND m.retracted = ?")
        .bind(false)
        .push_if(" AND m.id < ?", before.map(Id::number))
        .push(" ORDER BY m.id DESC LIMIT ?")
        .bind(limit as i64);
    let rows = reader.all(sql).await?;
    rows.iter()
        .map(|row| {
            Ok(Hit {
                message: row.id("id")?,
                conversation: row.id("conversation_id")?,
                seq: row.get("seq")?,
            })
        })
        .collect()
}

/// The word that marks the messages of one account in the shared index.
fn account_word(account: Id<Account>) -> String {
    format!("account{account}")
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
