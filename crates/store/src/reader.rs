//! Reading, on behalf of one account.
//!
//! Every statement that is run for an account must name it. Builds with debug
//! assertions, and so all tests up to those in a browser, stop at one that does
//! not.

use std::sync::Arc;

use domain::{Account, Id, Result};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend};

use crate::Sql;
use crate::sql::Row;

/// A place to read one account's rows from: the latest commit, or a transaction
/// under way.
#[derive(Clone, Debug)]
pub struct Reader {
    account: Id<Account>,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Latest(DatabaseConnection),
    Transaction(Arc<DatabaseTransaction>),
}

impl Reader {
    pub(crate) fn latest(account: Id<Account>, connection: DatabaseConnection) -> Self {
        Reader { account, source: Source::Latest(connection) }
    }

    pub(crate) fn within(account: Id<Account>, transaction: Arc<DatabaseTransaction>) -> Self {
        Reader { account, source: Source::Transaction(transaction) }
    }

    /// The account whose rows are read.
    pub fn account(&self) -> Id<Account> {
        self.account
    }

    /// Whether other processes may write to the same database.
    pub fn is_shared(&self) -> bool {
        self.postgres()
    }

    pub(crate) fn postgres(&self) -> bool {
        let backend = match &self.source {
            Source::Latest(connection) => connection.get_database_backend(),
            Source::Transaction(transaction) => transaction.get_database_backend(),
        };
        backend == DbBackend::Postgres
    }

    pub(crate) async fn one(&self, sql: Sql) -> Result<Option<Row>> {
        self.check(&sql);
        match &self.source {
            Source::Latest(connection) => sql.one(connection).await,
            Source::Transaction(transaction) => sql.one(&**transaction).await,
        }
    }

    /// Makes sure that a statement is about the account.
    pub(crate) fn check(&self, sql: &Sql) {
        debug_assert!(sql.is_of(self.account), "it forgets its account: {sql:?}");
    }

    pub(crate) async fn all(&self, sql: Sql) -> Result<Vec<Row>> {
        self.check(&sql);
        match &self.source {
            Source::Latest(connection) => sql.all(connection).await,
            Source::Transaction(transaction) => sql.all(&**transaction).await,
        }
    }
}
