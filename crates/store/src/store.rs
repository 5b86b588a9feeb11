//! Opening a database, and what concerns it as a whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::{Account, Error, Id, Result};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend};
use sea_orm_migration::MigratorTrait as _;
use tokio::sync::broadcast;

use crate::migration::Migrator;
use crate::writer::Writer;
use crate::{Alone, Committed, Reader, Sql, Tx, idempotency};

/// How many connections read at once.
const READERS_MAX: u32 = 8;
/// How long a reader waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How many statements each connection keeps prepared: a dozen kinds, of ten sizes each.
const STATEMENTS_KEPT: usize = 256;
/// How many pages SQLite's log may have before they move to the main file.
const CHECKPOINT_PAGES: &str = "4000";

/// The advisory lock that a process holds while it migrates a PostgreSQL database.
const MIGRATION_LOCK: i64 = 0x6174_7475_6e65;

/// The desk's database.
#[derive(Clone, Debug)]
pub struct Store {
    url: String,
    readers: DatabaseConnection,
    writer: Writer,
}

/// What was found and done when a database was opened.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Opening {
    /// The migrations that were run, oldest first.
    pub migrated: Vec<String>,
    /// The copy that was made before, if there was anything to lose.
    pub backup: Option<PathBuf>,
}

/// Where a copy of the database went.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Backup {
    /// The file.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
}

impl Store {
    /// Opens the database at `url` (`sqlite://path` or `postgres://…`) and brings
    /// it to this release. An SQLite file with data in it is copied first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if it cannot be reached, is of a newer release, or
    /// cannot be migrated; nothing is changed then.
    pub async fn open(url: &str) -> Result<(Self, Opening)> {
        let writer = connect(url, 1, false).await?;
        let opening = migrate(&writer, url).await?;
        let readers = connect(url, READERS_MAX, true).await?;
        Ok((Store { url: url.to_owned(), readers, writer: Writer::start(writer)? }, opening))
    }

    /// Lists the migrations that [`Store::open`] would run, without running them.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub async fn pending(url: &str) -> Result<Vec<String>> {
        let connection = connect(url, 1, false).await?;
        let pending = pending(&connection).await;
        // So that SQLite takes its side files away: looking leaves no trace.
        connection.close().await.map_err(|error| Error::Unavailable(error.into()))?;
        pending
    }

    /// Reads what is committed, on behalf of `account`.
    pub fn read(&self, account: Id<Account>) -> Reader {
        Reader::latest(account, self.readers.clone())
    }

    /// Runs a use case in a transaction and returns when it is durable.
    ///
    /// `body` gets the transaction; what it writes and records becomes durable
    /// if it returns `Ok`, and leaves no trace otherwise. It must not wait for
    /// the network: others share the commit. If it is done for a request with a
    /// claim, the claim is taken with it; see [`idempotency::claiming`].
    ///
    /// # Errors
    ///
    /// Whatever `body` returns; [`Error::Unavailable`] if the commit failed.
    pub async fn write<T, F, Fut>(&self, account: Id<Account>, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
    {
        let Some(pending) = idempotency::pending(account) else {
            return self.writer.write(account, body).await;
        };
        let claim = pending.claim();
        let with_claim = move |tx: Tx| async move {
            idempotency::insert(&tx, &claim).await?;
            body(tx).await
        };
        let written = self.writer.write(account, with_claim).await?;
        pending.mark_written();
        Ok(written)
    }

    /// Runs single statements that concern no account, each a transaction of its
    /// own.
    pub fn alone(&self) -> Alone<'_> {
        Alone(self)
    }

    /// A connection for statements outside the writer's rounds; on SQLite it may
    /// only read.
    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// Listens to what this process commits from now on.
    ///
    /// A listener that falls behind hears of it as `Lagged` and reads the log.
    pub fn news(&self) -> broadcast::Receiver<Arc<[Committed]>> {
        self.writer.news()
    }

    /// Whether other processes may write to the same database.
    pub fn is_shared(&self) -> bool {
        self.readers.get_database_backend() == DbBackend::Postgres
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if it does not.
    pub async fn ready(&self) -> Result<()> {
        let answer = Sql::new("SELECT 1 AS one").one(&self.readers).await;
        answer.map(drop).map_err(|error| Error::Unavailable(error.into()))
    }

    /// Copies an SQLite database to a new file while it is in use. The copy is
    /// one moment of it: every commit before, none after.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the file exists or cannot be written, and on
    /// PostgreSQL, which has `pg_dump` for this.
    pub async fn backup(&self, to: &Path) -> Result<Backup> {
        if self.is_shared() {
            let advice = "a PostgreSQL database is backed up with pg_dump; see docs/operations";
            return Err(Error::Unavailable(advice.into()));
        }
        // A connection of its own: those that read may write nothing, not even a copy.
        copy(&connect(&self.url, 1, false).await?, to).await
    }
}

/// A pool of connections, for reading or for the one writer.
async fn connect(url: &str, connections: u32, reading: bool) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_postgres_opts(|postgres| postgres.statement_cache_capacity(STATEMENTS_KEPT))
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .statement_cache_capacity(STATEMENTS_KEPT)
                .create_if_missing(!reading)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
                .pragma("journal_size_limit", "67108864")
                .pragma("temp_store", "memory")
                .pragma("cache_size", if reading { "-2000" } else { "-16000" })
                .pragma("query_only", if reading { "on" } else { "off" })
        });
    let connection = Database::connect(options).await;
    connection.map_err(|error| Error::Unavailable(error.into()))
}

async fn migrate(connection: &DatabaseConnection, url: &str) -> Result<Opening> {
    // One process at a time, where several may start at once.
    let locks = connection.get_database_backend() == DbBackend::Postgres;
    if locks {
        Sql::new("SELECT pg_advisory_lock(?)").bind(MIGRATION_LOCK).one(connection).await?;
    }
    let opening = migrate_alone(connection, url).await;
    if locks {
        Sql::new("SELECT pg_advisory_unlock(?)").bind(MIGRATION_LOCK).one(connection).await?;
    }
    opening
}

async fn migrate_alone(connection: &DatabaseConnection, url: &str) -> Result<Opening> {
    let migrated = pending(connection).await?;
    if migrated.is_empty() {
        return Ok(Opening::default());
    }
    let fresh = Migrator::migrations().len() == migrated.len();
    let backup = match sqlite_path(url) {
        Some(path) if !fresh => {
            let name = format!("{}.before-{}", path.display(), migrated[0]);
            Some(copy(connection, Path::new(&name)).await?.path)
        }
        _ => None,
    };
    Migrator::up(connection, None).await.map_err(|error| Error::Unavailable(error.into()))?;
    Ok(Opening { migrated, backup })
}

/// Compares the database with this release.
async fn pending(connection: &DatabaseConnection) -> Result<Vec<String>> {
    let known: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let applied = applied(connection).await?;
    if let Some(newer) = applied.iter().find(|name| !known.contains(name)) {
        let advice = format!(
            "the database is of a newer release (it has `{newer}`): start that release, or restore the backup made before the upgrade"
        );
        return Err(Error::Unavailable(advice.into()));
    }
    Ok(known.into_iter().filter(|name| !applied.contains(name)).collect())
}

/// The migrations that a database has seen; none if it is new.
async fn applied(connection: &DatabaseConnection) -> Result<Vec<String>> {
    let exists = match connection.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT 1 AS one FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'seaql_migrations'"
        }
        _ => {
            "SELECT 1 AS one FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'"
        }
    };
    if Sql::new(exists).one(connection).await?.is_none() {
        return Ok(Vec::new());
    }
    let rows =
        Sql::new("SELECT version FROM seaql_migrations ORDER BY version").all(connection).await?;
    rows.iter().map(|row| row.get("version")).collect()
}

async fn copy(connection: &DatabaseConnection, to: &Path) -> Result<Backup> {
    if to.exists() {
        let advice = format!("{} exists; name a new file", to.display());
        return Err(Error::Unavailable(advice.into()));
    }
    Sql::new("VACUUM INTO ?")
        .bind(to.display().to_string())
        .run(connection)
        .await
        .map_err(|error| Error::Unavailable(error.into()))?;
    let bytes = std::fs::metadata(to).map_err(Error::internal)?.len();
    Ok(Backup { path: to.to_owned(), bytes })
}

/// The file of an SQLite URL.
fn sqlite_path(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or(path);
    (path != ":memory:").then(|| PathBuf::from(path))
}
