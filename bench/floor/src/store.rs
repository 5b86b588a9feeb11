//! The one table, and the one connection that writes to it.

use std::fmt::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteLockingMode, SqliteSynchronous,
};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, Row as _};

use crate::Said;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, room TEXT NOT NULL, client_id TEXT NOT NULL,
    text TEXT NOT NULL, created_at INTEGER NOT NULL, UNIQUE (room, client_id))";

/// Multi-row inserts exist in sizes of powers of two, so that every one of them stays prepared.
const SIZES: [usize; 9] = [256, 128, 64, 32, 16, 8, 4, 2, 1];

/// A database that only this writes to.
pub(crate) struct Store {
    connection: SqliteConnection,
    inserts: Vec<String>,
    next_id: i64,
}

/// What a transaction did, in the order of its messages.
pub(crate) struct Committed {
    pub(crate) rows: Vec<Row>,
    pub(crate) created_at: i64,
}

/// Where a message is kept, and whether it was kept already.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) is_new: bool,
}

impl Store {
    pub(crate) async fn open(path: &str) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .locking_mode(SqliteLockingMode::Exclusive)
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
            .pragma("wal_autocheckpoint", "10000")
            .statement_cache_capacity(32);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query(SCHEMA).execute(&mut connection).await?;
        let newest: i64 = sqlx::query("SELECT coalesce(max(id), 0) FROM message")
            .fetch_one(&mut connection)
            .await?
            .get(0);
        let inserts = SIZES.iter().map(|size| insert(*size)).collect();
        Ok(Store { connection, inserts, next_id: newest + 1 })
    }

    /// Writes `batch` in one transaction. A message that is there already keeps its first row.
    pub(crate) async fn commit(&mut self, batch: &[Said]) -> anyhow::Result<Committed> {
        let (first_id, created_at) = (self.next_id, now());
        let mut transaction = self.connection.begin().await?;
        let (mut done, mut added) = (0, 0);
        while done < batch.len() {
            let size = SIZES
                .iter()
                .position(|size| *size <= batch.len() - done)
                .unwrap_or(SIZES.len() - 1);
            let mut query = sqlx::query(AssertSqlSafe(self.inserts[size].as_str()));
            for (said, id) in batch[done..done + SIZES[size]].iter().zip(first_id + done as i64..) {
                query = query
                    .bind(id)
                    .bind(&*said.room_name)
                    .bind(said.client_id.as_str())
                    .bind(said.text.as_str())
                    .bind(created_at);
            }
            added += query.execute(&mut *transaction).await?.rows_affected();
            done += SIZES[size];
        }
        let mut rows: Vec<Row> =
            (first_id..).take(batch.len()).map(|id| Row { id, is_new: true }).collect();
        if added < batch.len() as u64 {
            for (said, row) in batch.iter().zip(&mut rows) {
                let kept = sqlx::query("SELECT id FROM message WHERE room = ? AND client_id = ?")
                    .bind(&*said.room_name)
                    .bind(said.client_id.as_str())
                    .fetch_one(&mut *transaction)
                    .await?
                    .get(0);
                *row = Row { id: kept, is_new: kept == row.id };
            }
        }
        transaction.commit().await?;
        self.next_id += batch.len() as i64;
        Ok(Committed { rows, created_at })
    }
}

fn insert(rows: usize) -> String {
    let mut sql = "INSERT INTO message (id, room, client_id, text, created_at) VALUES ".to_owned();
    for row in 0..rows {
        let comma = if row == 0 { "" } else { "," };
        write!(sql, "{comma}(?,?,?,?,?)").expect("writing to a string does not fail");
    }
    sql + " ON CONFLICT (room, client_id) DO NOTHING"
}

#[expect(clippy::disallowed_methods, reason = "the floor has no other clock")]
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}
