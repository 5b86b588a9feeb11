//! Tags on disk, and what they are attached to.

use domain::{Conversation, Id, Result, Tag};

use crate::sql::Row;
use crate::{Reader, Sql, Tx};

/// Adds a tag, or saves a changed one.
pub async fn save(tx: &Tx, tag: &Tag) -> Result<()> {
    let row = [
        tag.id.number().into(),
        tx.account().number().into(),
        tag.name.clone().into(),
        tag.color.clone().into(),
    ];
    let head = "INSERT INTO tag (id, account_id, name, color)";
    let tail = "ON CONFLICT (id) DO UPDATE SET name = excluded.name, color = excluded.color";
    tx.insert_many(head, vec![row], tail).await
}

/// Removes a tag everywhere; `false` if there was none.
pub async fn delete(tx: &Tx, id: Id<Tag>) -> Result<bool> {
    let sql = Sql::new("DELETE FROM tag WHERE account_id = ? AND id = ?")
        .bind(tx.account().number())
        .bind(id.number());
    Ok(tx.run(sql).await? > 0)
}

/// Finds a tag.
pub async fn find(reader: &Reader, id: Id<Tag>) -> Result<Option<Tag>> {
    let sql = Sql::new("SELECT id, name, color FROM tag WHERE account_id = ? AND id = ?")
        .bind(reader.account().number())
        .bind(id.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists the tags of the account by name.
pub async fn list(reader: &Reader) -> Result<Vec<Tag>> {
    let sql = Sql::new("SELECT id, name, color FROM tag WHERE account_id = ? ORDER BY name");
    reader.all(sql.bind(reader.account().number())).await?.iter().map(read).collect()
}

/// Lists which tags the named conversations carry.
pub async fn list_of_conversations(
    reader: &Reader,
    conversations: impl IntoIterator<Item = Id<Conversation>>,
) -> Result<Vec<(Id<Conversation>, Tag)>> {
    let mut ids = conversations.into_iter().map(Id::number).peekable();
    if ids.peek().is_none() {
        return Ok(Vec::new());
    }
    let sql = Sql::new(
        "SELECT c.conversation_id, t.id, t.name, t.color FROM conversation_tag c
         JOIN tag t ON t.id = c.tag_id WHERE c.account_id = ? AND c.conversation_id IN ",
    )
    .bind(reader.account().number())
    .one_of(ids)
    .push(" ORDER BY t.name");
    let rows = reader.all(sql).await?;
    rows.iter().map(|row| Ok((row.id("conversation_id")?, read(row)?))).collect()
}

/// Replaces the tags of a conversation.
pub async fn set(tx: &Tx, conversation: Id<Conversation>, tags: &[Id<Tag>]) -> Result<()> {
    let account = tx.account().number();
    let sql = Sql::new("DELETE FROM conversation_tag WHERE account_id = ? AND conversation_id = ?");
    tx.run(sql.bind(account).bind(conversation.number())).await?;
    let rows =
        tags.iter().map(|tag| [account.into(), conversation.number().into(), tag.number().into()]);
    let head = "INSERT INTO conversation_tag (account_id, conversation_id, tag_id)";
    tx.insert_many(head, rows.collect(), "ON CONFLICT DO NOTHING").await
}

fn read(row: &Row) -> Result<Tag> {
    Ok(Tag { id: row.id("id")?, name: row.get("name")?, color: row.get("color")? })
}
