//! Accounts on disk.

use domain::{Account, Id, Result};

use crate::sql::{Row, ms, word};
use crate::{Reader, Sql, Tx};

/// Adds an account. The transaction is [`Account::NOBODY`]'s.
pub async fn insert(tx: &Tx, account: &Account) -> Result<()> {
    let row = [
        account.id.number().into(),
        account.name.clone().into(),
        word(account.language).into(),
        account.time_zone.clone().into(),
        ms(account.created_at).into(),
    ];
    let head = "INSERT INTO account (id, name, language, time_zone, created_at)";
    tx.insert_many(head, vec![row], "").await
}

/// Saves the name, language and time zone.
pub async fn update(tx: &Tx, account: &Account) -> Result<()> {
    let sql = Sql::new("UPDATE account SET name = ?, language = ?, time_zone = ? WHERE id = ?")
        .bind(account.name.clone())
        .bind(word(account.language))
        .bind(account.time_zone.clone())
        .bind(tx.account().number());
    tx.run(sql).await.map(drop)
}

/// Finds the reader's own account.
pub async fn find(reader: &Reader) -> Result<Option<Account>> {
    let sql =
        Sql::new("SELECT id, name, language, time_zone, created_at FROM account WHERE id = ?");
    reader.one(sql.bind(reader.account().number())).await?.map(read).transpose()
}

/// Lists every account of the installation, oldest first.
pub async fn list_all(reader: &Reader) -> Result<Vec<Account>> {
    let sql = Sql::new("SELECT id, name, language, time_zone, created_at FROM account ORDER BY id");
    reader.all(sql).await?.into_iter().map(read).collect()
}

/// Reads how far the log of every account has come.
pub async fn cursors(reader: &Reader) -> Result<Vec<(Id<Account>, i64)>> {
    let rows = reader.all(Sql::new("SELECT id, cursor FROM account")).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.get("cursor")?))).collect()
}

/// Reads how far the log of the reader's account has come.
pub async fn cursor(reader: &Reader) -> Result<i64> {
    let sql = Sql::new("SELECT cursor FROM account WHERE id = ?").bind(reader.account().number());
    reader.one(sql).await?.map_or(Ok(0), |row| row.get("cursor"))
}

fn read(row: Row) -> Result<Account> {
    Ok(Account {
        id: row.id("id")?,
        name: row.get("name")?,
        language: row.word("language")?,
        time_zone: row.get("time_zone")?,
        created_at: row.time("created_at")?,
    })
}
