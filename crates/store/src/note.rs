//! Notes on disk.

use domain::{Conversation, Id, Note, Result};
use uuid::Uuid;

use crate::sql::{Row, ms};
use crate::{Reader, Sql, Tx};

const SELECT: &str = "SELECT id, conversation_id, after_seq, agent_id, text, created_at
    FROM note WHERE account_id = ? AND conversation_id = ?";

/// Adds a note.
pub async fn insert(tx: &Tx, note: &Note, client_id: Uuid) -> Result<()> {
    let row = [
        note.id.number().into(),
        tx.account().number().into(),
        note.conversation.number().into(),
        note.after_seq.into(),
        note.agent.number().into(),
        client_id.as_bytes().to_vec().into(),
        note.text.clone().into(),
        ms(note.created_at).into(),
    ];
    let head = "INSERT INTO note
        (id, account_id, conversation_id, after_seq, agent_id, client_id, text, created_at)";
    tx.insert_many(head, vec![row], "").await
}

/// Finds the note that was written under a name.
pub async fn find_sent(
    reader: &Reader,
    conversation: Id<Conversation>,
    client_id: Uuid,
) -> Result<Option<Note>> {
    let sql =
        select(reader, conversation).push(" AND client_id = ?").bind(client_id.as_bytes().to_vec());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Finds a note by its identity.
pub async fn find(
    reader: &Reader,
    conversation: Id<Conversation>,
    id: Id<Note>,
) -> Result<Option<Note>> {
    let sql = select(reader, conversation).push(" AND id = ?").bind(id.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists the notes that stand between two messages of a thread, both included.
pub async fn list_between(
    reader: &Reader,
    conversation: Id<Conversation>,
    first_seq: i64,
    last_seq: i64,
    limit: u64,
) -> Result<Vec<Note>> {
    let sql = select(reader, conversation)
        .push(" AND after_seq >= ? AND after_seq <= ? ORDER BY after_seq, id LIMIT ?")
        .bind(first_seq)
        .bind(last_seq)
        .bind(limit as i64);
    reader.all(sql).await?.iter().map(read).collect()
}

fn select(reader: &Reader, conversation: Id<Conversation>) -> Sql {
    Sql::new(SELECT).bind(reader.account().number()).bind(conversation.number())
}

fn read(row: &Row) -> Result<Note> {
    Ok(Note {
        id: row.id("id")?,
        conversation: row.id("conversation_id")?,
        after_seq: row.get("after_seq")?,
        agent: row.id("agent_id")?,
        text: row.get("text")?,
        created_at: row.time("created_at")?,
    })
}
