//! The database as it is on disk, read behind the server's back.

use anyhow::{Context as _, Result, ensure};
use domain::EventKind;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult,
    Statement,
};
use uuid::Uuid;

use crate::agent::Told;

/// What is stored, in order.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    /// The messages, by thread and place.
    pub(crate) messages: Vec<Row>,
    /// The threads: identity, last place, contact.
    pub(crate) conversations: Vec<(i64, i64, i64)>,
    /// The events by place, each with its account.
    pub(crate) events: Vec<Told>,
    /// The place that the account's log says it has reached.
    pub(crate) cursor: i64,
    /// How many contacts there are.
    pub(crate) contacts: usize,
    /// How many visitors' tokens there are.
    pub(crate) visitors: usize,
}

/// A message on disk.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) conversation: i64,
    pub(crate) seq: i64,
    /// 0 is something said; what else there is, `domain` says.
    pub(crate) kind: i16,
    pub(crate) sender: i16,
    pub(crate) client_id: Option<Uuid>,
    pub(crate) text: String,
    pub(crate) created_at: i64,
}

/// Reads everything that matters.
pub(crate) async fn read(url: &str) -> Result<Stored> {
    let database = connect(url).await?;
    if database.get_database_backend() == DbBackend::Sqlite {
        let verdict: String =
            one(&database, "PRAGMA integrity_check").await?.try_get_by_index(0)?;
        ensure!(verdict == "ok", "the file is damaged: {verdict}");
    }
    let messages = all(
        &database,
        "SELECT m.id, m.conversation_id, m.seq, m.kind, m.sender, m.client_id, m.created_at,
                COALESCE(m.text, p.text) AS text
         FROM message m LEFT JOIN phrase p ON p.account_id = m.account_id AND p.id = m.phrase_id
         ORDER BY m.conversation_id, m.seq",
    );
    let conversations =
        all(&database, "SELECT id, last_seq, contact_id FROM conversation ORDER BY id");
    let events = all(
        &database,
        "SELECT e.cursor, e.kind, e.conversation_id, e.subject, m.id AS message_id
         FROM event e LEFT JOIN message m ON m.account_id = e.account_id
              AND m.conversation_id = e.conversation_id AND m.seq = e.subject AND e.kind = 1
         ORDER BY e.cursor",
    );
    let cursor = one(&database, "SELECT MAX(cursor) AS cursor FROM account").await?;
    let count = async |table: &str| -> Result<usize> {
        let row = one(&database, &format!("SELECT COUNT(*) AS rows FROM {table}")).await?;
        Ok(usize::try_from(row.try_get::<i64>("", "rows")?)?)
    };
    Ok(Stored {
        messages: messages.await?.iter().map(message).collect::<Result<_>>()?,
        conversations: conversations.await?.iter().map(conversation).collect::<Result<_>>()?,
        events: events.await?.iter().map(event).collect::<Result<_>>()?,
        cursor: cursor.try_get("", "cursor")?,
        contacts: count("contact").await?,
        visitors: count("visitor").await?,
    })
}

/// Makes a database of its own on a PostgreSQL server, and returns its address.
pub(crate) async fn create(server: &str, name: &str) -> Result<String> {
    let admin = connect(&format!("{server}/postgres")).await?;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    Ok(format!("{server}/{name}"))
}

/// Removes a database that [`create`] made.
pub(crate) async fn remove(server: &str, name: &str) -> Result<()> {
    let admin = connect(&format!("{server}/postgres")).await?;
    admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    Ok(())
}

async fn connect(url: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.with_context(|| format!("cannot open {url}"))
}

async fn all(database: &DatabaseConnection, sql: &str) -> Result<Vec<QueryResult>> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    Ok(database.query_all_raw(statement).await?)
}

async fn one(database: &DatabaseConnection, sql: &str) -> Result<QueryResult> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    database.query_one_raw(statement).await?.context("a row was expected")
}

fn message(row: &QueryResult) -> Result<Row> {
    let client_id: Option<Vec<u8>> = row.try_get("", "client_id")?;
    Ok(Row {
        id: row.try_get("", "id")?,
        conversation: row.try_get("", "conversation_id")?,
        seq: row.try_get("", "seq")?,
        kind: row.try_get("", "kind")?,
        sender: row.try_get("", "sender")?,
        client_id: client_id.map(|bytes| Uuid::from_slice(&bytes)).transpose()?,
        text: row.try_get::<Option<String>>("", "text")?.unwrap_or_default(),
        created_at: row.try_get("", "created_at")?,
    })
}

fn conversation(row: &QueryResult) -> Result<(i64, i64, i64)> {
    Ok((row.try_get("", "id")?, row.try_get("", "last_seq")?, row.try_get("", "contact_id")?))
}

fn event(row: &QueryResult) -> Result<Told> {
    let number: i16 = row.try_get("", "kind")?;
    let kind =
        EventKind::from_number(number).with_context(|| format!("no kind of event is {number}"))?;
    let message: Option<i64> = row.try_get("", "message_id")?;
    let subject: i64 = row.try_get("", "subject")?;
    Ok(Told {
        cursor: row.try_get("", "cursor")?,
        kind: kind.name().to_owned(),
        conversation: row.try_get("", "conversation_id")?,
        message: message.map(|id| (id, subject)),
    })
}
