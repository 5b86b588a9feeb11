//! Contacts and their identities on disk.

use domain::{Contact, Id, Identity, Inbox, Result};

use crate::sql::{Row, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str = "SELECT id, name, email, phone, language, verified, created_at
    FROM contact";

/// Adds contacts.
pub async fn insert_many(tx: &Tx, contacts: &[Contact]) -> Result<()> {
    let account = tx.account().number();
    let rows = contacts.iter().map(|contact| {
        [
            contact.id.number().into(),
            account.into(),
            contact.name.clone().into(),
            contact.email.clone().into(),
            contact.phone.clone().into(),
            word(contact.language).into(),
            contact.verified.into(),
            ms(contact.created_at).into(),
        ]
    });
    let head = "INSERT INTO contact
        (id, account_id, name, email, phone, language, verified, created_at)";
    tx.insert_many(head, rows.collect(), "").await
}

/// Saves what can be learned of a contact.
pub async fn update(tx: &Tx, contact: &Contact) -> Result<()> {
    let sql = Sql::new(
        "UPDATE contact SET name = ?, email = ?, phone = ?, language = ?, verified = ?
         WHERE account_id = ? AND id = ?",
    )
    .bind(contact.name.clone())
    .bind(contact.email.clone())
    .bind(contact.phone.clone())
    .bind(word(contact.language))
    .bind(contact.verified)
    .bind(tx.account().number())
    .bind(contact.id.number());
    tx.run(sql).await.map(drop)
}

/// Finds a contact.
pub async fn find(reader: &Reader, id: Id<Contact>) -> Result<Option<Contact>> {
    Ok(find_many(reader, [id]).await?.pop())
}

/// Finds those of the named contacts that exist, in any order.
pub async fn find_many(
    reader: &Reader,
    ids: impl IntoIterator<Item = Id<Contact>>,
) -> Result<Vec<Contact>> {
    let mut ids = ids.into_iter().map(Id::number).peekable();
    if ids.peek().is_none() {
        return Ok(Vec::new());
    }
    let sql = Sql::by_ids(SELECT, reader.account(), ids);
    reader.all(sql).await?.iter().map(read).collect()
}

/// Lists contacts, newest first, whose name, e-mail or phone contains `search`.
pub async fn list(
    reader: &Reader,
    search: Option<&str>,
    before: Option<Id<Contact>>,
    limit: u64,
) -> Result<Vec<Contact>> {
    let mut sql = Sql::new(SELECT)
        .push(" WHERE account_id = ?")
        .bind(reader.account().number())
        .push_if(" AND id < ?", before.map(Id::number));
    if let Some(search) = search {
        let pattern = like(search);
        sql = sql
            .push(" AND (lower(name) LIKE ? ESCAPE '!' OR lower(email) LIKE ? ESCAPE '!' OR phone LIKE ? ESCAPE '!')")
            .bind(pattern.clone())
            .bind(pattern.clone())
            .bind(pattern);
    }
    let sql = sql.push(" ORDER BY id DESC LIMIT ?").bind(limit as i64);
    reader.all(sql).await?.iter().map(read).collect()
}

/// Finds the contact that a company calls `address` in an inbox.
pub async fn find_by_identity(
    reader: &Reader,
    inbox: Id<Inbox>,
    address: &str,
) -> Result<Option<Id<Contact>>> {
    let sql = Sql::new(
        "SELECT contact_id FROM identity WHERE account_id = ? AND inbox_id = ? AND address = ?",
    )
    .bind(reader.account().number())
    .bind(inbox.number())
    .bind(address);
    reader.one(sql).await?.map(|row| row.id("contact_id")).transpose()
}

/// Adds an identity.
pub async fn insert_identity(tx: &Tx, identity: &Identity) -> Result<()> {
    let row = [
        tx.account().number().into(),
        identity.inbox.number().into(),
        identity.address.clone().into(),
        identity.contact.number().into(),
    ];
    let head = "INSERT INTO identity (account_id, inbox_id, address, contact_id)";
    tx.insert_many(head, vec![row], "").await
}

/// A pattern that matches text which contains `part`, taken literally.
fn like(part: &str) -> String {
    let escaped = part.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

fn read(row: &Row) -> Result<Contact> {
    Ok(Contact {
        id: row.id("id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        phone: row.get("phone")?,
        language: row.word("language")?,
        verified: row.get("verified")?,
        created_at: row.time("created_at")?,
    })
}
