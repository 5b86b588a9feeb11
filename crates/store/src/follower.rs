//! Followers: consumers of the event log that remember how far they are.

use domain::{Account, Id, Result};

use crate::{Reader, Sql, Tx};

/// How far a follower has read the account's log; 0 at first.
pub async fn cursor(reader: &Reader, name: &str) -> Result<i64> {
    let sql = Sql::new("SELECT cursor FROM follower WHERE account_id = ? AND name = ?")
        .bind(reader.account().number())
        .bind(name);
    reader.one(sql).await?.map_or(Ok(0), |row| row.get("cursor"))
}

/// Notes that a follower has dealt with everything up to `cursor`.
pub async fn advance(tx: &Tx, name: &str, cursor: i64) -> Result<()> {
    let row = [tx.account().number().into(), name.into(), cursor.into()];
    let tail = "ON CONFLICT (account_id, name) DO UPDATE SET cursor = excluded.cursor";
    tx.insert_many("INSERT INTO follower (account_id, name, cursor)", vec![row], tail).await
}

/// Lists the accounts whose log goes on after what a follower has read. The
/// reader is [`Account::NOBODY`]'s.
pub async fn list_behind(reader: &Reader, name: &str) -> Result<Vec<Id<Account>>> {
    let sql = Sql::new(
        "SELECT a.id FROM account a LEFT JOIN follower f ON f.account_id = a.id AND f.name = ?
         WHERE a.cursor > COALESCE(f.cursor, 0) ORDER BY a.id",
    );
    reader.all(sql.bind(name)).await?.iter().map(|row| row.id("id")).collect()
}
