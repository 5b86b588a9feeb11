//! Agents on disk.

use domain::{Agent, Id, Result};

use crate::sql::{Row, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str = "SELECT id, account_id, email, name, role, status, availability, password_hash, created_at FROM agent";

/// Adds an agent, or saves a changed one; the password is another matter.
pub async fn save(tx: &Tx, agent: &Agent) -> Result<()> {
    let row = [
        agent.id.number().into(),
        tx.account().number().into(),
        agent.email.clone().into(),
        agent.name.clone().into(),
        word(agent.role).into(),
        word(agent.status).into(),
        word(agent.availability).into(),
        ms(agent.created_at).into(),
    ];
    let head =
        "INSERT INTO agent (id, account_id, email, name, role, status, availability, created_at)";
    let tail = "ON CONFLICT (id) DO UPDATE SET
        email = excluded.email, name = excluded.name, role = excluded.role,
        status = excluded.status, availability = excluded.availability";
    tx.insert_many(head, vec![row], tail).await
}

/// Saves the hash of an agent's password.
pub async fn set_password_hash(tx: &Tx, id: Id<Agent>, hash: &str) -> Result<()> {
    let sql = Sql::new("UPDATE agent SET password_hash = ? WHERE account_id = ? AND id = ?")
        .bind(hash)
        .bind(tx.account().number())
        .bind(id.number());
    tx.run(sql).await.map(drop)
}

/// Finds an agent.
pub async fn find(reader: &Reader, id: Id<Agent>) -> Result<Option<Agent>> {
    let sql = Sql::new(SELECT)
        .push(" WHERE account_id = ? AND id = ?")
        .bind(reader.account().number())
        .bind(id.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists the agents of the account, oldest first.
pub async fn list(reader: &Reader) -> Result<Vec<Agent>> {
    let sql =
        Sql::new(SELECT).push(" WHERE account_id = ? ORDER BY id").bind(reader.account().number());
    reader.all(sql).await?.iter().map(read).collect()
}

/// Finds an agent of any account by e-mail, with the hash of the password. The
/// reader is [`domain::Account::NOBODY`]'s.
pub async fn find_by_email(
    reader: &Reader,
    email: &str,
) -> Result<Option<(Agent, Option<String>)>> {
    let sql = Sql::new(SELECT).push(" WHERE email = ?").bind(email);
    let row = reader.one(sql).await?;
    row.map(|row| Ok((read(&row)?, row.get("password_hash")?))).transpose()
}

fn read(row: &Row) -> Result<Agent> {
    Ok(Agent {
        id: row.id("id")?,
        account: row.id("account_id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        role: row.word("role")?,
        status: row.word("status")?,
        availability: row.word("availability")?,
        created_at: row.time("created_at")?,
    })
}
