//! What the desk must do, on every database.
//!
//! `desk_tests!` runs each test on SQLite and on PostgreSQL, in a [`World`] of
//! its own. The server that `TEST_POSTGRES_URL` names is a real one; without it
//! the tests fail, they do not pass by looking away. The clock stands still
//! until a test moves it, and randomness is seeded. All tests share one binary:
//! linking is slow.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attachment;
mod clamav;
mod clamd;
mod discovery;
mod entities;
mod example;
mod guest;
mod identity;
mod incoming_webhook;
mod intent;
mod job;
mod limit;
mod mood;
mod quarantine;
mod release;
mod review;
mod scanner;
mod search;
mod snooze;
mod talk;
mod trial;
mod understanding;
mod webhook;

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use desk::{Actor, Bots, Clock, Desk, Keys, Limits, Randomness, Scanner, Setup, SignIn, Workshop};
use domain::{
    Account, Agent, AgentStatus, Availability, BusinessHours, Contact, Conversation, Id, Inbox,
    Language, Message, MessageKind, News, Role, Sender,
};
use jiff::{SignedDuration, Timestamp};
use outbound::{Client, Policy, SystemResolver};
use rand::rngs::StdRng;
use rand::{RngCore as _, SeedableRng as _};
use store::blob::Blobs;
use store::{Store, Tx};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Declares tests that take a [`World`] with nothing in it but an account, its
/// owner and an inbox.
macro_rules! desk_tests {
    ($($name:ident)+) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::World::on_sqlite().await).await;
            }
        )+}
        mod postgres {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::World::on_postgres().await).await;
            }
        )+}
    };
}
pub(crate) use desk_tests;

/// When every test begins, in milliseconds since 1970.
pub(crate) const BEGINNING_MS: i64 = 1_790_000_000_000;
/// How long a test waits for something that must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A desk with an account, and the ground that it stands on.
pub(crate) struct World {
    pub(crate) desk: Desk,
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    /// Where the database is; another desk may be opened there.
    pub(crate) url: String,
    pub(crate) clock: TestClock,
    pub(crate) account: Id<Account>,
    /// The owner of the account, signed in.
    pub(crate) owner: Actor,
    /// An inbox with the bot switched on; no bot is loaded for the account.
    pub(crate) inbox: Inbox,
    /// Holds the database and the blobs.
    pub(crate) folder: tempfile::TempDir,
}

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }

    /// Moves on.
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
    }

    /// The form that a desk takes.
    pub(crate) fn clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

impl World {
    /// A world on SQLite.
    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("attune.db").display());
        World::begin(folder, url).await
    }

    /// A world on a PostgreSQL database of its own.
    pub(crate) async fn on_postgres() -> Self {
        World::begin(tempfile::tempdir().unwrap(), postgres_url().await).await
    }

    async fn begin(folder: tempfile::TempDir, url: String) -> Self {
        let clock = TestClock(Arc::new(AtomicI64::new(BEGINNING_MS)));
        let store = Store::open(&url).await.unwrap().0;
        // A slow machine is no reason to turn somebody away here.
        let limits = Limits { intake_wait_max_ms: 60_000, ..Limits::default() };
        let desk = open_desk(store.clone(), folder.path(), &clock, test_policy(), limits, None);
        let account = new_account(&store, clock.now()).await;
        let owner = new_agent(&store, account, Role::Owner, "Ada", clock.now()).await;
        let inbox = new_inbox(&store, account, clock.now()).await;
        let blobs = blobs(folder.path());
        World { desk, store, blobs, url, clock, account, owner, inbox, folder }
    }

    /// What time it is here.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The same desk again: another process on PostgreSQL, with connections of
    /// its own. SQLite serves one process; there it shares the store.
    pub(crate) async fn another_process(&self) -> Desk {
        self.another_desk(test_policy(), Limits::default()).await
    }

    /// Another desk, with rules of its own; see [`World::another_process`].
    pub(crate) async fn another_desk(&self, policy: Policy, limits: Limits) -> Desk {
        let store = match self.store.is_shared() {
            true => Store::open(&self.url).await.unwrap().0,
            false => self.store.clone(),
        };
        open_desk(store, self.folder.path(), &self.clock, policy, limits, None)
    }

    /// Another desk on the same database, whose uploads are scanned.
    pub(crate) fn scanned_by(&self, scanner: Scanner) -> Desk {
        let (store, limits) = (self.store.clone(), Limits::default());
        open_desk(store, self.folder.path(), &self.clock, test_policy(), limits, Some(scanner))
    }

    /// Adds an agent of the account, signed in.
    pub(crate) async fn agent(&self, role: Role, name: &str) -> Actor {
        new_agent(&self.store, self.account, role, name, self.now()).await
    }

    /// Another account, with its owner signed in.
    pub(crate) async fn another_account(&self) -> Actor {
        let account = new_account(&self.store, self.now()).await;
        new_agent(&self.store, account, Role::Owner, "Eve", self.now()).await
    }

    /// Runs the background work of this world's desk until it is dropped.
    pub(crate) fn work(&self) -> Worker {
        Worker::start(&self.desk)
    }

    /// Adds a conversation of a new contact, with nothing said.
    pub(crate) async fn conversation(&self) -> Conversation {
        let (inbox, now) = (self.inbox.clone(), self.now());
        let write = self.store.write(self.account, move |tx: Tx| async move {
            let contact = Contact {
                id: tx.id()?,
                name: None,
                email: None,
                phone: None,
                language: Language::Zh,
                verified: false,
                created_at: now,
            };
            store::contact::insert_many(&tx, std::slice::from_ref(&contact)).await?;
            let mut conversation =
                Conversation::open(tx.id()?, &inbox, contact.id, Language::Zh, now);
            store::conversation::save(&tx, &mut conversation).await?;
            Ok(conversation)
        });
        write.await.unwrap()
    }

    /// Says something in a thread, by the plainest of means.
    pub(crate) async fn say(
        &self,
        conversation: Id<Conversation>,
        sender: Sender,
        text: &str,
    ) -> Message {
        let (text, now) = (text.to_owned(), self.now());
        let write = self.store.write(self.account, move |tx: Tx| async move {
            let mut thread =
                store::conversation::find(&tx, conversation).await?.expect("it exists");
            let message = Message {
                id: tx.id()?,
                conversation,
                seq: thread.next_seq(),
                kind: MessageKind::Text,
                sender,
                text,
                quick_replies: Vec::new(),
                phrase: None,
                target_seq: None,
                retracted: false,
                client_id: None,
                attachments: Vec::new(),
                created_at: now,
            };
            thread.said(&message.text, sender.kind, now);
            store::message::insert_many(&tx, std::slice::from_ref(&message)).await?;
            store::conversation::save(&tx, &mut thread).await?;
            tx.record(News::message(conversation, message.seq), now);
            Ok(message)
        });
        write.await.unwrap()
    }
}

/// The background work of a desk; it ends when this is dropped.
pub(crate) struct Worker {
    shutdown: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the background work.
    pub(crate) fn start(desk: &Desk) -> Self {
        let shutdown = CancellationToken::new();
        let (desk, token) = (desk.clone(), shutdown.clone());
        let task = tokio::spawn(async move { desk.run_worker(token).await });
        Worker { shutdown, task: Some(task) }
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn stop(mut self) {
        self.shutdown.cancel();
        let task = self.task.take().expect("it is stopped once");
        tokio::time::timeout(PATIENCE, task).await.expect("the worker stops").unwrap();
    }

    /// Ends it at once, wherever it is: as a crash would.
    pub(crate) fn kill(mut self) {
        self.task.take().expect("it is stopped once").abort();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// Looks again and again until there is something to see, and fails the test if
/// there is nothing for too long.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut often = tokio::time::interval(Duration::from_millis(10));
    let looking = async {
        loop {
            often.tick().await;
            if let Some(seen) = look().await {
                return seen;
            }
        }
    };
    match tokio::time::timeout(PATIENCE, looking).await {
        Ok(seen) => seen,
        Err(_) => panic!("{what}: nothing of it within {PATIENCE:?}"),
    }
}

/// Waits for something that must happen, and fails the test if it does not.
pub(crate) async fn in_time<T>(happening: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, happening).await.expect("it happens in time")
}

/// Rules that let tests reach what listens on this machine, and nothing else
/// that is not public.
pub(crate) fn test_policy() -> Policy {
    Policy {
        allow_http: true,
        allowed_ports: (1..=u16::MAX).collect(),
        allow_private: vec!["127.0.0.1".parse().unwrap()],
        ..Policy::default()
    }
}

fn open_desk(
    store: Store,
    folder: &Path,
    clock: &TestClock,
    policy: Policy,
    limits: Limits,
    scanner: Option<Scanner>,
) -> Desk {
    Desk::open(Setup {
        store,
        blobs: blobs(folder),
        scanner,
        outbound: Client::new(policy, Arc::new(SystemResolver::default())).unwrap(),
        bots: Bots::default(),
        workshop: Workshop::in_folder(folder),
        keys: Keys::derive(&[7; 32]),
        clock: clock.clock(),
        randomness: randomness(),
        limits,
    })
}

/// Every desk draws other numbers, the same in every run.
fn randomness() -> Randomness {
    static SEED: AtomicU64 = AtomicU64::new(0);
    let generator = StdRng::seed_from_u64(SEED.fetch_add(1, Ordering::SeqCst));
    let generator = Mutex::new(generator);
    Arc::new(move |buffer: &mut [u8]| generator.lock().unwrap().fill_bytes(buffer))
}

fn blobs(folder: &Path) -> Blobs {
    Blobs::in_folder(&folder.join("blobs")).unwrap()
}

/// A PostgreSQL database that no other test uses.
async fn postgres_url() -> String {
    use sea_orm::ConnectionTrait as _;
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL names no server; `make test` starts one");
    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    let name = format!("desk_{}_{number}", std::process::id());
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
    admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    format!("{server}/{name}")
}

async fn new_account(store: &Store, now: Timestamp) -> Id<Account> {
    let write = store.write(Account::NOBODY, move |tx: Tx| async move {
        let account = Account {
            id: tx.id()?,
            name: "Example".into(),
            language: Language::Zh,
            time_zone: "Asia/Shanghai".into(),
            created_at: now,
        };
        store::account::insert(&tx, &account).await?;
        Ok(account.id)
    });
    write.await.unwrap()
}

async fn new_agent(
    store: &Store,
    account: Id<Account>,
    role: Role,
    name: &str,
    now: Timestamp,
) -> Actor {
    let name = name.to_owned();
    let write = store.write(account, move |tx: Tx| async move {
        let id: Id<Agent> = tx.id()?;
        let agent = Agent {
            id,
            account,
            email: format!("agent{id}@example.com"),
            name: name.clone(),
            role,
            status: AgentStatus::Active,
            availability: Availability::Online,
            created_at: now,
        };
        store::agent::save(&tx, &agent).await?;
        Ok(Actor { account, agent: id, name, role, sign_in: SignIn::Session(tx.id()?) })
    });
    write.await.unwrap()
}

async fn new_inbox(store: &Store, account: Id<Account>, now: Timestamp) -> Inbox {
    let write = store.write(account, move |tx: Tx| async move {
        let id = tx.id()?;
        let inbox = Inbox {
            id,
            name: "Web".into(),
            key: format!("key-{id}"),
            identity_secret: "an identity secret of a test inbox".into(),
            identity_public_key: String::new(),
            enforce_identity: false,
            incoming: None,
            allowed_origins: vec!["https://www.example.com".into()],
            greeting: "你好".into(),
            language: Language::Zh,
            bot: true,
            hours: BusinessHours::default(),
            created_at: now,
        };
        store::inbox::save(&tx, &inbox).await?;
        Ok(inbox)
    });
    write.await.unwrap()
}
