//! What is known of attachments; their bytes are in the blob store.

use domain::{Attachment, AttachmentState, Conversation, Id, Owner, Result};

use crate::sql::{Row, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str =
    "SELECT id, conversation_id, name, content_type, size, width, height, blob_key, state,
        created_at FROM attachment WHERE account_id = ?";

/// Where a file is about which a scanner just found out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judged {
    /// The thread and the `seq` of its message, if it was sent.
    pub place: Option<(Id<Conversation>, i64)>,
    /// Where its bytes are.
    pub blob_key: String,
}

/// Adds an attachment that is part of no message yet.
pub async fn insert(tx: &Tx, attachment: &Attachment, owner: &Owner) -> Result<()> {
    let (agent, visitor) = split(owner);
    let row = [
        attachment.id.number().into(),
        tx.account().number().into(),
        agent.into(),
        visitor.into(),
        attachment.name.clone().into(),
        attachment.content_type.clone().into(),
        attachment.size.into(),
        attachment.width.into(),
        attachment.height.into(),
        attachment.blob_key.clone().into(),
        word(attachment.state).into(),
        ms(attachment.created_at).into(),
    ];
    let head = "INSERT INTO attachment
        (id, account_id, owner_agent_id, owner_visitor, name, content_type, size, width, height,
         blob_key, state, created_at)";
    tx.insert_many(head, vec![row], "").await
}

/// Makes unsent attachments of `owner` part of a message, and returns those
/// that could be: fewer than named if some are sent already or not the owner's.
pub async fn attach(
    tx: &Tx,
    ids: &[Id<Attachment>],
    owner: &Owner,
    conversation: Id<Conversation>,
    seq: i64,
) -> Result<Vec<Attachment>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (agent, visitor) = split(owner);
    let sql = Sql::new("UPDATE attachment SET conversation_id = ?, message_seq = ?")
        .bind(conversation.number())
        .bind(seq)
        .push(" WHERE account_id = ? AND conversation_id IS NULL AND id IN ")
        .bind(tx.account().number())
        .list(ids.iter().map(|id| id.number()))
        .push_if(" AND owner_agent_id = ?", agent)
        .push_if(" AND owner_visitor = ?", visitor);
    tx.run(sql).await?;
    list_of_message(tx, conversation, seq).await
}

/// Finds an attachment.
pub async fn find(reader: &Reader, id: Id<Attachment>) -> Result<Option<Attachment>> {
    let sql =
        Sql::new(SELECT).bind(reader.account().number()).push(" AND id = ?").bind(id.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Finds an attachment that `owner` uploaded, sent or not.
pub async fn find_owned(
    reader: &Reader,
    id: Id<Attachment>,
    owner: &Owner,
) -> Result<Option<Attachment>> {
    let (agent, visitor) = split(owner);
    let sql = Sql::new(SELECT)
        .bind(reader.account().number())
        .push(" AND id = ?")
        .bind(id.number())
        .push_if(" AND owner_agent_id = ?", agent)
        .push_if(" AND owner_visitor = ?", visitor);
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists the attachments of a message.
pub async fn list_of_message(
    reader: &Reader,
    conversation: Id<Conversation>,
    seq: i64,
) -> Result<Vec<Attachment>> {
    let sql = Sql::new(SELECT)
        .bind(reader.account().number())
        .push(" AND conversation_id = ? AND message_seq = ? ORDER BY id")
        .bind(conversation.number())
        .bind(seq);
    reader.all(sql).await?.iter().map(read).collect()
}

/// Keeps what a scanner found out about a file that waits for it. `None` if none
/// does: the file is gone, or was judged before.
pub async fn judge(tx: &Tx, id: Id<Attachment>, state: AttachmentState) -> Result<Option<Judged>> {
    let sql = Sql::new("UPDATE attachment SET state = ?")
        .bind(word(state))
        .push(" WHERE account_id = ? AND id = ? AND state = ?")
        .bind(tx.account().number())
        .bind(id.number())
        .bind(word(AttachmentState::Scanning))
        .push(" RETURNING conversation_id, message_seq, blob_key");
    let Some(row) = tx.one(sql).await? else { return Ok(None) };
    let conversation = row.maybe_id("conversation_id")?;
    let place = conversation.zip(row.get("message_seq")?);
    Ok(Some(Judged { place, blob_key: row.get("blob_key")? }))
}

/// Counts what `owner` uploaded and did not send.
pub async fn count_unsent(reader: &Reader, owner: &Owner) -> Result<u64> {
    let (agent, visitor) = split(owner);
    let sql = Sql::new("SELECT count(*) AS n FROM attachment WHERE account_id = ?")
        .bind(reader.account().number())
        .push(" AND conversation_id IS NULL")
        .push_if(" AND owner_agent_id = ?", agent)
        .push_if(" AND owner_visitor = ?", visitor);
    let n: i64 = reader.one(sql).await?.map_or(Ok(0), |row| row.get("n"))?;
    Ok(n as u64)
}

/// Forgets an attachment that was not sent; one that was stays.
pub async fn delete_unsent(tx: &Tx, id: Id<Attachment>) -> Result<()> {
    let sql = Sql::new(
        "DELETE FROM attachment WHERE account_id = ? AND id = ? AND conversation_id IS NULL",
    );
    tx.run(sql.bind(tx.account().number()).bind(id.number())).await.map(drop)
}

/// Forgets the attachments of a message.
pub async fn delete_of_message(tx: &Tx, conversation: Id<Conversation>, seq: i64) -> Result<()> {
    let sql = Sql::new(
        "DELETE FROM attachment WHERE account_id = ? AND conversation_id = ? AND message_seq = ?",
    );
    tx.run(sql.bind(tx.account().number()).bind(conversation.number()).bind(seq)).await.map(drop)
}

fn split(owner: &Owner) -> (Option<i64>, Option<Vec<u8>>) {
    match owner {
        Owner::Agent(agent) => (Some(agent.number()), None),
        Owner::Visitor(token_hash) => (None, Some(token_hash.clone())),
    }
}

fn read(row: &Row) -> Result<Attachment> {
    Ok(Attachment {
        id: row.id("id")?,
        conversation: row.maybe_id("conversation_id")?,
        name: row.get("name")?,
        content_type: row.get("content_type")?,
        size: row.get("size")?,
        width: row.get("width")?,
        height: row.get("height")?,
        blob_key: row.get("blob_key")?,
        state: row.word("state")?,
        created_at: row.time("created_at")?,
    })
}
