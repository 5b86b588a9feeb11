//! A transaction under way, on behalf of one account.

use std::ops::Deref;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Account, Conversation, Error, Event, Id, Message, News, Result};
use jiff::Timestamp;
use sea_orm::{DatabaseTransaction, Value};

use crate::event::Committed;
use crate::sql::{insert_many, name_account};
use crate::{Reader, Sql};

/// A transaction that shares its commit with others.
///
/// What is written through it becomes durable, together with the news of it,
/// when the use case that holds it returns `Ok`; an `Err` leaves no trace. A
/// `Tx` is a [`Reader`] as well and sees what it wrote.
#[derive(Clone, Debug)]
pub struct Tx {
    reader: Reader,
    transaction: Arc<DatabaseTransaction>,
    ids: Arc<Ids>,
    log: Arc<Mutex<Log>>,
}

/// What a transaction has to tell, once it is committed.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// The cursor of the account's last event.
    pub(crate) cursor: i64,
    /// The events of this transaction.
    pub(crate) events: Vec<Committed>,
}

/// Numbers that no other process hands out: a block leased from the database.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    next: AtomicI64,
    end: AtomicI64,
}

impl Ids {
    /// Replaces what is left by a new block. Only the writer does so, while no
    /// transaction is under way.
    pub(crate) fn refill(&self, first: i64, end: i64) {
        self.next.store(first, Ordering::Relaxed);
        self.end.store(end, Ordering::Relaxed);
    }

    /// How many numbers are left.
    pub(crate) fn left(&self) -> i64 {
        self.end.load(Ordering::Relaxed) - self.next.load(Ordering::Relaxed)
    }

    fn take(&self) -> Option<i64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.end.load(Ordering::Relaxed)).then_some(number)
    }
}

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Tx {
    pub(crate) fn new(
        account: Id<Account>,
        transaction: Arc<DatabaseTransaction>,
        ids: Arc<Ids>,
        cursor: i64,
    ) -> Self {
        let reader = Reader::within(account, transaction.clone());
        let log = Arc::new(Mutex::new(Log { cursor, events: Vec::new() }));
        Tx { reader, transaction, ids, log }
    }

    /// Hands out an identity for a new row.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if one transaction makes more rows than a block has.
    pub fn id<T>(&self) -> Result<Id<T>> {
        self.ids.take().map(Id::new).ok_or(Error::Busy { retry_after_ms: 100 })
    }

    /// Writes an event into the account's log, at the next cursor.
    pub fn record(&self, news: News, now: Timestamp) {
        self.tell(news, None, None, now);
    }

    /// Writes an event into the account's log and passes on the nouns that it is
    /// about, so that whoever listens in this process need not read them.
    pub fn tell(
        &self,
        news: News,
        conversation: Option<Arc<Conversation>>,
        message: Option<Arc<Message>>,
        now: Timestamp,
    ) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.cursor += 1;
        let event = Event {
            account: self.account(),
            cursor: log.cursor,
            kind: news.kind,
            conversation: news.conversation,
            subject: news.subject,
            data: news.data,
            created_at: now,
        };
        log.events.push(Committed { event, conversation, message });
    }

    /// Takes what is to be told, leaving nothing.
    pub(crate) fn take_log(&self) -> Log {
        std::mem::take(&mut *self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) async fn run(&self, sql: Sql) -> Result<u64> {
        self.check(&sql);
        sql.run(&*self.transaction).await
    }

    pub(crate) async fn insert_many<const COLUMNS: usize>(
        &self,
        head: &str,
        rows: Vec<[Value; COLUMNS]>,
        tail: &str,
    ) -> Result<()> {
        let account = self.account();
        let ours =
            |row: &[Value; COLUMNS]| account == Account::NOBODY || name_account(row, account);
        debug_assert!(rows.iter().all(ours), "it forgets its account: {head}");
        insert_many(&*self.transaction, head, rows, tail).await
    }
}
