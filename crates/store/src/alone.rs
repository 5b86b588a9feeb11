//! Single statements that share no commit with others.
//!
//! What is counted for all processes together is locked by whoever counts. In a
//! round of the writer such a lock would be held until everybody's work is
//! done, and two processes that count two things in different orders would wait
//! for each other. So each of these statements is a transaction of its own, and
//! concerns no account.

use domain::{Account, Result};

use crate::sql::Row;
use crate::{Sql, Store, Tx};

/// Where single statements run; see [`Store::alone`].
#[derive(Clone, Debug)]
pub struct Alone<'a>(pub(crate) &'a Store);

impl Alone<'_> {
    /// Runs a statement and counts the rows that it changed.
    pub(crate) async fn run(&self, sql: Sql) -> Result<u64> {
        if self.0.is_shared() {
            return sql.run(self.0.connection()).await;
        }
        // SQLite has one process, which has one connection that writes.
        self.0.write(Account::NOBODY, async move |tx: Tx| tx.run(sql).await).await
    }

    /// Runs a statement that changes nothing and returns its first row.
    pub(crate) async fn one(&self, sql: Sql) -> Result<Option<Row>> {
        sql.one(self.0.connection()).await
    }
}
