//! Visitors' tokens on disk, as hashes.

use domain::{Result, Visitor};
use jiff::Timestamp;

use crate::sql::{Row, ms};
use crate::{Reader, Sql, Tx};

const SELECT: &str = "SELECT token_hash, inbox_id, contact_id, expires_at
    FROM visitor WHERE account_id = ?";

/// Finds whom a token stands for, unless it has ended.
pub async fn find(reader: &Reader, token_hash: &[u8], now: Timestamp) -> Result<Option<Visitor>> {
    let found = find_many(reader, [token_hash.to_vec()]).await?.pop();
    Ok(found.filter(|visitor| visitor.expires_at > now))
}

/// Finds those of the named tokens that stand for somebody, in any order.
pub async fn find_many(
    reader: &Reader,
    token_hashes: impl IntoIterator<Item = Vec<u8>>,
) -> Result<Vec<Visitor>> {
    let mut token_hashes = token_hashes.into_iter().peekable();
    if token_hashes.peek().is_none() {
        return Ok(Vec::new());
    }
    let sql = Sql::new(SELECT)
        .bind(reader.account().number())
        .push(" AND token_hash IN ")
        .one_of(token_hashes);
    reader.all(sql).await?.iter().map(read).collect()
}

/// Adds visitors.
pub async fn insert_many(tx: &Tx, visitors: &[Visitor]) -> Result<()> {
    let account = tx.account().number();
    let rows = visitors.iter().map(|visitor| {
        [
            account.into(),
            visitor.token_hash.clone().into(),
            visitor.inbox.number().into(),
            visitor.contact.number().into(),
            ms(visitor.expires_at).into(),
        ]
    });
    let head = "INSERT INTO visitor
        (account_id, token_hash, inbox_id, contact_id, expires_at)";
    tx.insert_many(head, rows.collect(), "").await
}

/// Lets a token that is in use live on.
pub async fn extend(tx: &Tx, token_hash: &[u8], expires_at: Timestamp) -> Result<()> {
    let sql = Sql::new("UPDATE visitor SET expires_at = ? WHERE account_id = ? AND token_hash = ?")
        .bind(ms(expires_at))
        .bind(tx.account().number())
        .bind(token_hash.to_vec());
    tx.run(sql).await.map(drop)
}

/// Ends a token.
pub async fn delete(tx: &Tx, token_hash: &[u8]) -> Result<()> {
    let sql = Sql::new("DELETE FROM visitor WHERE account_id = ? AND token_hash = ?")
        .bind(tx.account().number())
        .bind(token_hash.to_vec());
    tx.run(sql).await.map(drop)
}

fn read(row: &Row) -> Result<Visitor> {
    Ok(Visitor {
        token_hash: row.get("token_hash")?,
        inbox: row.id("inbox_id")?,
        contact: row.id("contact_id")?,
        expires_at: row.time("expires_at")?,
    })
}
