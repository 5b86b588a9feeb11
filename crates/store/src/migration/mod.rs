//! Migrations: forward only, one set for both databases.
//!
//! A migration is SQL in the dialect that SQLite and PostgreSQL share. The few
//! words that differ are written as `{word}` and replaced, see [`dialect`].

mod m0001_spine;
mod m0002_identity_keys;
mod m0003_shared_limits;
mod m0004_attachment_state;
mod m0005_releases;
mod m0006_learning;
mod m0007_training_progress;
mod m0008_discovery;
mod m0009_past_and_sightings;
mod m0010_mood;
mod m0011_incoming;
mod m0012_messages_full_at;
mod m0013_idempotency;

use sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::prelude::*;

/// Every migration, oldest first: the name under which a database remembers it,
/// and what it does.
const MIGRATIONS: [(&str, &str); 13] = [
    ("m0001_spine", m0001_spine::UP),
    ("m0002_identity_keys", m0002_identity_keys::UP),
    ("m0003_shared_limits", m0003_shared_limits::UP),
    ("m0004_attachment_state", m0004_attachment_state::UP),
    ("m0005_releases", m0005_releases::UP),
    ("m0006_learning", m0006_learning::UP),
    ("m0007_training_progress", m0007_training_progress::UP),
    ("m0008_discovery", m0008_discovery::UP),
    ("m0009_past_and_sightings", m0009_past_and_sightings::UP),
    ("m0010_mood", m0010_mood::UP),
    ("m0011_incoming", m0011_incoming::UP),
    ("m0012_messages_full_at", m0012_messages_full_at::UP),
    ("m0013_idempotency", m0013_idempotency::UP),
];

/// Runs the migrations.
pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let migration = |&(name, up)| -> Box<dyn MigrationTrait> { Box::new(Script { name, up }) };
        MIGRATIONS.iter().map(migration).collect()
    }
}

/// A migration that is a script.
struct Script {
    name: &'static str,
    up: &'static str,
}

impl MigrationName for Script {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Script {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, self.up).await
    }
}

/// Runs each statement of a script, separated by `;` at a line's end.
async fn run(manager: &SchemaManager<'_>, script: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let script = dialect(script, connection.get_database_backend());
    for statement in script.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Replaces the words in which the two dialects differ.
///
/// `{id}` is a primary key that SQLite keeps as the row's own number; lines
/// that begin with `{sqlite}` or `{postgres}` are for that database alone.
fn dialect(script: &str, backend: DbBackend) -> String {
    let postgres = backend == DbBackend::Postgres;
    let (id, blob, small, clustered) = if postgres {
        ("BIGINT PRIMARY KEY", "BYTEA", "SMALLINT", "")
    } else {
        ("INTEGER PRIMARY KEY", "BLOB", "INTEGER", "WITHOUT ROWID")
    };
    let (ours, others) =
        if postgres { ("{postgres}", "{sqlite}") } else { ("{sqlite}", "{postgres}") };
    script
        .lines()
        .filter(|line| !line.trim_start().starts_with(others))
        .map(|line| line.replace(ours, ""))
        .collect::<Vec<_>>()
        .join("\n")
        .replace("{id}", id)
        .replace("{blob}", blob)
        .replace("{small}", small)
        .replace("{clustered}", clustered)
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};

    use super::*;

    async fn sqlite() -> DatabaseConnection {
        Database::connect("sqlite::memory:").await.unwrap()
    }

    async fn postgres() -> DatabaseConnection {
        let server = std::env::var("TEST_POSTGRES_URL")
            .expect("TEST_POSTGRES_URL names no server; `make test` starts one");
        let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
        for statement in ["DROP DATABASE IF EXISTS", "CREATE DATABASE"] {
            admin.execute_unprepared(&format!("{statement} store_migration")).await.unwrap();
        }
        Database::connect(format!("{server}/store_migration")).await.unwrap()
    }

    #[tokio::test]
    async fn a_file_of_the_first_release_is_clean_after_an_upgrade() {
        for database in [sqlite().await, postgres().await] {
            Migrator::up(&database, Some(1)).await.unwrap();
            let old = "INSERT INTO attachment
                (id, account_id, name, content_type, size, blob_key, created_at)
                VALUES (1, 1, 'a.txt', 'text/plain', 5, '1/ab', 0)";
            database.execute_unprepared(old).await.unwrap();

            Migrator::up(&database, None).await.unwrap();

            let found = Statement::from_string(
                database.get_database_backend(),
                "SELECT state FROM attachment WHERE id = 1",
            );
            let row = database.query_one_raw(found).await.unwrap().unwrap();
            assert_eq!(row.try_get::<String>("", "state").unwrap(), "clean");
        }
    }
}
