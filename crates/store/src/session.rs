//! Sign-in sessions, one-time links and tokens of programs on disk. Secrets are
//! kept as hashes only.

use domain::{Account, Agent, ApiToken, Id, Result, Session};
use jiff::Timestamp;

use crate::sql::{Row, ms};
use crate::{Reader, Sql, Tx};

const SESSION: &str = "SELECT id, account_id, agent_id, user_agent, ip, created_at, last_seen_at, expires_at FROM session";
const TOKEN: &str =
    "SELECT id, account_id, agent_id, name, created_at, expires_at, last_used_at FROM api_token";

/// Adds a session.
pub async fn insert(tx: &Tx, session: &Session, secret_hash: &[u8]) -> Result<()> {
    let row = [
        session.id.number().into(),
        tx.account().number().into(),
        session.agent.number().into(),
        secret_hash.to_vec().into(),
        session.user_agent.clone().into(),
        session.ip.clone().into(),
        ms(session.created_at).into(),
        ms(session.last_seen_at).into(),
        ms(session.expires_at).into(),
    ];
    let head = "INSERT INTO session
        (id, account_id, agent_id, secret_hash, user_agent, ip, created_at, last_seen_at, expires_at)";
    tx.insert_many(head, vec![row], "").await
}

/// Finds a session of any account by its secret. The reader is
/// [`Account::NOBODY`]'s.
pub async fn find_by_secret(
    reader: &Reader,
    secret_hash: &[u8],
) -> Result<Option<(Id<Account>, Session)>> {
    let sql = Sql::new(SESSION).push(" WHERE secret_hash = ?").bind(secret_hash.to_vec());
    let row = reader.one(sql).await?;
    row.map(|row| Ok((row.id("account_id")?, read_session(&row)?))).transpose()
}

/// Lists an agent's sessions, newest first.
pub async fn list(reader: &Reader, agent: Id<Agent>) -> Result<Vec<Session>> {
    let sql = Sql::new(SESSION)
        .push(" WHERE account_id = ? AND agent_id = ? ORDER BY id DESC LIMIT 100")
        .bind(reader.account().number())
        .bind(agent.number());
    reader.all(sql).await?.iter().map(read_session).collect()
}

/// Notes that a session is in use.
pub async fn touch(tx: &Tx, id: Id<Session>, now: Timestamp) -> Result<()> {
    let sql = Sql::new("UPDATE session SET last_seen_at = ? WHERE account_id = ? AND id = ?")
        .bind(ms(now))
        .bind(tx.account().number())
        .bind(id.number());
    tx.run(sql).await.map(drop)
}

/// Ends a session of an agent; `false` if there was none.
pub async fn delete(tx: &Tx, agent: Id<Agent>, id: Id<Session>) -> Result<bool> {
    let sql = Sql::new("DELETE FROM session WHERE account_id = ? AND agent_id = ? AND id = ?")
        .bind(tx.account().number())
        .bind(agent.number())
        .bind(id.number());
    Ok(tx.run(sql).await? > 0)
}

/// Ends everything with which an agent, or a program of the agent's, is signed in.
pub async fn delete_all(tx: &Tx, agent: Id<Agent>) -> Result<()> {
    for table in ["session", "api_token", "login_link"] {
        let sql = Sql::new(&format!("DELETE FROM {table} WHERE account_id = ? AND agent_id = ?"))
            .bind(tx.account().number())
            .bind(agent.number());
        tx.run(sql).await?;
    }
    Ok(())
}

/// Adds a link that signs an agent in once.
pub async fn insert_link(
    tx: &Tx,
    agent: Id<Agent>,
    secret_hash: &[u8],
    expires_at: Timestamp,
) -> Result<()> {
    let row = [
        secret_hash.to_vec().into(),
        tx.account().number().into(),
        agent.number().into(),
        ms(expires_at).into(),
    ];
    let head = "INSERT INTO login_link (secret_hash, account_id, agent_id, expires_at)";
    tx.insert_many(head, vec![row], "").await
}

/// Uses a link up and returns whom it signs in. The transaction is
/// [`Account::NOBODY`]'s.
pub async fn take_link(
    tx: &Tx,
    secret_hash: &[u8],
    now: Timestamp,
) -> Result<Option<(Id<Account>, Id<Agent>)>> {
    let sql = Sql::new(
        "DELETE FROM login_link WHERE secret_hash = ? RETURNING account_id, agent_id, expires_at",
    )
    .bind(secret_hash.to_vec());
    let Some(row) = tx.one(sql).await? else { return Ok(None) };
    let valid = row.time("expires_at")? > now;
    let taken = (row.id("account_id")?, row.id("agent_id")?);
    Ok(valid.then_some(taken))
}

/// Adds a token of a program.
pub async fn insert_token(tx: &Tx, token: &ApiToken, secret_hash: &[u8]) -> Result<()> {
    let row = [
        token.id.number().into(),
        tx.account().number().into(),
        token.agent.number().into(),
        token.name.clone().into(),
        secret_hash.to_vec().into(),
        ms(token.created_at).into(),
        token.expires_at.map(ms).into(),
    ];
    let head = "INSERT INTO api_token
        (id, account_id, agent_id, name, secret_hash, created_at, expires_at)";
    tx.insert_many(head, vec![row], "").await
}

/// Finds a token of any account by its secret. The reader is
/// [`Account::NOBODY`]'s.
pub async fn find_token_by_secret(
    reader: &Reader,
    secret_hash: &[u8],
) -> Result<Option<(Id<Account>, ApiToken)>> {
    let sql = Sql::new(TOKEN).push(" WHERE secret_hash = ?").bind(secret_hash.to_vec());
    let row = reader.one(sql).await?;
    row.map(|row| Ok((row.id("account_id")?, read_token(&row)?))).transpose()
}

/// Lists the tokens of an agent's programs, newest first.
pub async fn list_tokens(reader: &Reader, agent: Id<Agent>) -> Result<Vec<ApiToken>> {
    let sql = Sql::new(TOKEN)
        .push(" WHERE account_id = ? AND agent_id = ? ORDER BY id DESC LIMIT 100")
        .bind(reader.account().number())
        .bind(agent.number());
    reader.all(sql).await?.iter().map(read_token).collect()
}

/// Notes that a token is in use.
pub async fn touch_token(tx: &Tx, id: Id<ApiToken>, now: Timestamp) -> Result<()> {
    let sql = Sql::new("UPDATE api_token SET last_used_at = ? WHERE account_id = ? AND id = ?")
        .bind(ms(now))
        .bind(tx.account().number())
        .bind(id.number());
    tx.run(sql).await.map(drop)
}

/// Ends a token of an agent; `false` if there was none.
pub async fn delete_token(tx: &Tx, agent: Id<Agent>, id: Id<ApiToken>) -> Result<bool> {
    let sql = Sql::new("DELETE FROM api_token WHERE account_id = ? AND agent_id = ? AND id = ?")
        .bind(tx.account().number())
        .bind(agent.number())
        .bind(id.number());
    Ok(tx.run(sql).await? > 0)
}

fn read_session(row: &Row) -> Result<Session> {
    Ok(Session {
        id: row.id("id")?,
        agent: row.id("agent_id")?,
        user_agent: row.get("user_agent")?,
        ip: row.get("ip")?,
        created_at: row.time("created_at")?,
        last_seen_at: row.time("last_seen_at")?,
        expires_at: row.time("expires_at")?,
    })
}

fn read_token(row: &Row) -> Result<ApiToken> {
    Ok(ApiToken {
        id: row.id("id")?,
        agent: row.id("agent_id")?,
        name: row.get("name")?,
        created_at: row.time("created_at")?,
        expires_at: row.maybe_time("expires_at")?,
        last_used_at: row.maybe_time("last_used_at")?,
    })
}
