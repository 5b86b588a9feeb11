//! Group commit: concurrent writes share a transaction.
//!
//! One task writes, on a thread of its own. It takes whatever waits, runs it in
//! one transaction, each use case behind a savepoint of its own, commits once,
//! and only then tells the callers and the listeners. While it waits for the
//! disk, more work gathers for the next round.
//!
//! Every account's log has one order because a round locks the account's row
//! before it hands out cursors and holds the lock until its commit, also among
//! several processes on one PostgreSQL.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::{Account, Error, Id, Result};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::event::Committed;
use crate::sql::{broken, insert_many, json, ms};
use crate::tx::Ids;
use crate::{Sql, Tx};

/// How many use cases share a commit at most.
const ROUND_MAX: usize = 128;
/// How many use cases may wait.
const QUEUE_MAX: usize = 1_024;
/// How many rounds of news a listener may be behind before it must read the log.
const NEWS_MAX: usize = 256;
/// How many identities are leased at once, and how few are left before the next
/// lease.
const IDS_LEASE: i64 = 100_000;
const IDS_LEFT_MIN: i64 = 20_000;
/// How long one use case may hold up the others.
const WORK_TIME_MAX: Duration = Duration::from_secs(10);

/// Where use cases wait for the next round.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Work>,
    news: broadcast::Sender<Arc<[Committed]>>,
}

struct Work {
    account: Id<Account>,
    run: Box<dyn FnOnce(Tx) -> BoxFuture<'static, Outcome> + Send>,
}

/// How a use case ended, before the commit.
struct Outcome {
    keep: bool,
    /// Tells the caller, who hears of a failed commit instead of a success.
    reply: Box<dyn FnOnce(Option<Error>) + Send>,
}

impl Writer {
    /// Starts the writing task; it ends when the last `Writer` is dropped.
    ///
    /// Everybody waits for this task, and it waits for the database a dozen times
    /// a round. On a thread of its own it goes on at once each time, and not when
    /// the work that is due on a shared thread has been done.
    pub(crate) fn start(connection: DatabaseConnection) -> Result<Self> {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let (news, _) = broadcast::channel(NEWS_MAX);
        let rounds = Rounds { connection, ids: Arc::default(), news: news.clone() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Error::internal)?;
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || runtime.block_on(rounds.run(waiting)))
            .map_err(Error::internal)?;
        Ok(Writer { queue, news })
    }

    /// Listens to what is committed from now on.
    pub(crate) fn news(&self) -> broadcast::Receiver<Arc<[Committed]>> {
        self.news.subscribe()
    }

    /// Runs a use case and returns when it is durable.
    pub(crate) async fn write<T, F, Fut>(&self, account: Id<Account>, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let run = move |tx: Tx| {
            async move {
                let work = AssertUnwindSafe(body(tx)).catch_unwind();
                let result = match tokio::time::timeout(WORK_TIME_MAX, work).await {
                    Ok(Ok(result)) => result,
                    Ok(Err(_)) => {
                        Err(Error::internal("a use case panicked inside its transaction"))
                    }
                    Err(_) => Err(Error::internal("a use case held its transaction for too long")),
                };
                let keep = result.is_ok();
                let reply = Box::new(move |failure: Option<Error>| {
                    let result = match failure {
                        Some(failure) => Err(failure),
                        None => result,
                    };
                    // A caller that went away need not be told; its work stands.
                    let _ = sender.send(result);
                });
                Outcome { keep, reply }
            }
            .boxed()
        };
        let work = Work { account, run: Box::new(run) };
        self.queue.send(work).await.map_err(|_| stopped())?;
        receiver.await.map_err(|_| stopped())?
    }
}

fn stopped() -> Error {
    Error::Unavailable("the writer has stopped".into())
}

/// The writing task.
struct Rounds {
    connection: DatabaseConnection,
    ids: Arc<Ids>,
    news: broadcast::Sender<Arc<[Committed]>>,
}

impl Rounds {
    async fn run(self, mut waiting: mpsc::Receiver<Work>) {
        let mut round = Vec::with_capacity(ROUND_MAX);
        while waiting.recv_many(&mut round, ROUND_MAX).await > 0 {
            // In one order everywhere, so that two processes never wait for each
            // other's accounts.
            round.sort_by_key(|work| work.account);
            self.round(std::mem::take(&mut round)).await;
        }
    }

    /// Runs one round and tells everybody how it ended.
    async fn round(&self, works: Vec<Work>) {
        let (outcomes, result) = match self.begin().await {
            Ok(transaction) => {
                let mut outcomes = Vec::with_capacity(works.len());
                let result = self.transact(transaction, works, &mut outcomes).await;
                (outcomes, result)
            }
            Err(error) => return fail_all(works, &error),
        };
        match result {
            Ok(events) => {
                if !events.is_empty() {
                    // Nobody may be listening.
                    let _ = self.news.send(events.into());
                }
                outcomes.into_iter().for_each(|outcome| (outcome.reply)(None));
            }
            Err(error) => {
                tracing::error!(error = %with_causes(&error), "a round of writes failed");
                for outcome in outcomes {
                    (outcome.reply)(Some(again(&error)));
                }
            }
        }
    }

    async fn begin(&self) -> Result<DatabaseTransaction> {
        if self.ids.left() < IDS_LEFT_MIN {
            let next = lease_ids(&self.connection).await?;
            self.ids.refill(next - IDS_LEASE, next);
        }
        // SQLite is told at once that this will write, so that it waits its turn
        // behind another process instead of failing half-way.
        let options = TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        self.connection.begin_with_options(options).await.map_err(broken)
    }

    async fn transact(
        &self,
        transaction: DatabaseTransaction,
        works: Vec<Work>,
        outcomes: &mut Vec<Outcome>,
    ) -> Result<Vec<Committed>> {
        let alone = works.len() == 1;
        let transaction = Arc::new(transaction);
        let mut cursors: HashMap<Id<Account>, i64> = HashMap::new();
        let mut events = Vec::new();
        for work in works {
            let cursor = match cursors.get(&work.account) {
                Some(&cursor) => cursor,
                None => lock(&transaction, work.account).await?,
            };
            cursors.insert(work.account, cursor);
            if !alone {
                transaction.execute_unprepared("SAVEPOINT work").await.map_err(broken)?;
            }
            let tx = Tx::new(work.account, transaction.clone(), self.ids.clone(), cursor);
            let outcome = (work.run)(tx.clone()).await;
            let keep = outcome.keep;
            outcomes.push(outcome);
            if keep {
                let log = tx.take_log();
                cursors.insert(work.account, log.cursor);
                events.extend(log.events);
            }
            drop(tx);
            let end = match (alone, keep) {
                (true, true) => continue,
                (true, false) => return roll_back(transaction).await.map(|()| Vec::new()),
                (false, true) => "RELEASE SAVEPOINT work",
                (false, false) => "ROLLBACK TO SAVEPOINT work",
            };
            transaction.execute_unprepared(end).await.map_err(broken)?;
        }
        #[cfg(feature = "ack-before-commit")]
        outcomes.drain(..).for_each(|outcome| (outcome.reply)(None));
        append(&transaction, &events, &cursors).await?;
        commit(transaction).await?;
        Ok(events)
    }
}

/// Locks an account's log and reads its last cursor.
async fn lock(transaction: &DatabaseTransaction, account: Id<Account>) -> Result<i64> {
    if account == Account::NOBODY {
        return Ok(0);
    }
    let postgres = transaction.get_database_backend() == sea_orm::DbBackend::Postgres;
    Sql::new("SELECT cursor FROM account WHERE id = ?")
        .bind(account.number())
        .push(if postgres { " FOR UPDATE" } else { "" })
        .one(transaction)
        .await?
        .ok_or_else(|| Error::internal(format!("account {account} does not exist")))?
        .get("cursor")
}

/// Writes the events of a round and the cursors that the logs have reached.
async fn append(
    transaction: &DatabaseTransaction,
    events: &[Committed],
    cursors: &HashMap<Id<Account>, i64>,
) -> Result<()> {
    let rows = events.iter().map(|Committed { event, .. }| {
        Ok([
            event.account.number().into(),
            event.cursor.into(),
            event.conversation.map(Id::number).into(),
            event.subject.into(),
            ms(event.created_at).into(),
            event.kind.number().into(),
            event.data.as_ref().map(json).transpose()?.into(),
        ])
    });
    insert_many(
        transaction,
        "INSERT INTO event (account_id, cursor, conversation_id, subject, created_at, kind, data)",
        rows.collect::<Result<Vec<_>>>()?,
        "",
    )
    .await?;
    for (account, cursor) in cursors {
        if events.iter().any(|committed| committed.event.account == *account) {
            Sql::new("UPDATE account SET cursor = ? WHERE id = ?")
                .bind(*cursor)
                .bind(account.number())
                .run(transaction)
                .await?;
        }
    }
    Ok(())
}

async fn commit(transaction: Arc<DatabaseTransaction>) -> Result<()> {
    own(transaction)?.commit().await.map_err(|error| Error::Unavailable(error.into()))
}

async fn roll_back(transaction: Arc<DatabaseTransaction>) -> Result<()> {
    own(transaction)?.rollback().await.map_err(broken)
}

/// Takes a transaction back from the use cases, none of which may keep it.
fn own(transaction: Arc<DatabaseTransaction>) -> Result<DatabaseTransaction> {
    Arc::try_unwrap(transaction)
        .map_err(|_| Error::internal("a use case kept its transaction after it had ended"))
}

async fn lease_ids(connection: &DatabaseConnection) -> Result<i64> {
    Sql::new("UPDATE id_block SET next = next + ? WHERE name = 'id' RETURNING next")
        .bind(IDS_LEASE)
        .one(connection)
        .await?
        .ok_or_else(|| Error::internal("the table id_block is empty"))?
        .get("next")
}

/// Says to a whole round that nothing of it was done.
fn fail_all(works: Vec<Work>, error: &Error) {
    tracing::error!(error = %with_causes(error), works = works.len(), "no transaction could begin");
    // Dropping a work drops its channel, which its caller hears as `Unavailable`.
    drop(works);
}

/// The same complaint for one more caller.
fn again(error: &Error) -> Error {
    Error::Unavailable(with_causes(error).into())
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
