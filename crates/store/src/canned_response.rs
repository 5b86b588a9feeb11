//! Canned responses on disk.

use domain::{CannedResponse, Id, Result};

use crate::sql::{Row, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str =
    "SELECT id, short_code, language, text FROM canned_response WHERE account_id = ?";

/// Adds a canned response, or saves a changed one.
pub async fn save(tx: &Tx, response: &CannedResponse) -> Result<()> {
    let row = [
        response.id.number().into(),
        tx.account().number().into(),
        response.short_code.clone().into(),
        word(response.language).into(),
        response.text.clone().into(),
    ];
    let head = "INSERT INTO canned_response (id, account_id, short_code, language, text)";
    let tail = "ON CONFLICT (id) DO UPDATE SET short_code = excluded.short_code,
        language = excluded.language, text = excluded.text";
    tx.insert_many(head, vec![row], tail).await
}

/// Removes a canned response; `false` if there was none.
pub async fn delete(tx: &Tx, id: Id<CannedResponse>) -> Result<bool> {
    let sql = Sql::new("DELETE FROM canned_response WHERE account_id = ? AND id = ?")
        .bind(tx.account().number())
        .bind(id.number());
    Ok(tx.run(sql).await? > 0)
}

/// Finds a canned response.
pub async fn find(reader: &Reader, id: Id<CannedResponse>) -> Result<Option<CannedResponse>> {
    let sql =
        Sql::new(SELECT).bind(reader.account().number()).push(" AND id = ?").bind(id.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists the canned responses of the account by short code.
pub async fn list(reader: &Reader) -> Result<Vec<CannedResponse>> {
    let sql =
        Sql::new(SELECT).bind(reader.account().number()).push(" ORDER BY short_code, language");
    reader.all(sql).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<CannedResponse> {
    Ok(CannedResponse {
        id: row.id("id")?,
        short_code: row.get("short_code")?,
        language: row.word("language")?,
        text: row.get("text")?,
    })
}
