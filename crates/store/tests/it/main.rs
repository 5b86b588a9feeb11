//! What every database must do.
//!
//! `store_tests!` runs each test on SQLite and on PostgreSQL. The server that
//! `TEST_POSTGRES_URL` names is a real one; without it the tests fail, they do
//! not pass by looking away. All tests share one binary: linking is slow.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod conversation;
mod desk;
mod idempotency;
mod learning;
mod limit;
mod messages;
mod people;
mod queue;
mod release;
mod search;
mod whole;
mod writer;

use domain::{Account, BusinessHours, Contact, Conversation, Id, Inbox, Language};
use jiff::Timestamp;
use store::{Store, Tx};

/// Declares tests that take a fresh, empty store.
macro_rules! store_tests {
    ($($name:ident)+) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                super::$name(crate::sqlite(folder.path()).await).await;
            }
        )+}
        mod postgres {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::postgres(concat!(module_path!(), stringify!($name))).await).await;
            }
        )+}
    };
}
pub(crate) use store_tests;

/// A store in a folder of its own.
async fn sqlite(folder: &std::path::Path) -> Store {
    let url = format!("sqlite://{}", folder.join("attune.db").display());
    Store::open(&url).await.unwrap().0
}

/// A store in a schema of its own, so that tests run side by side.
async fn postgres(test: &str) -> Store {
    Store::open(&postgres_url(test).await).await.unwrap().0
}

async fn postgres_url(test: &str) -> String {
    use sea_orm::ConnectionTrait as _;
    let server = std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL names no server; `make test` starts one");
    let name = test.replace("::", "_");
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
    admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    format!("{server}/{name}")
}

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

async fn account(store: &Store) -> Id<Account> {
    let made = store.write(Account::NOBODY, async |tx: Tx| {
        let account = Account {
            id: tx.id()?,
            name: "Example".into(),
            language: Language::Zh,
            time_zone: "Asia/Shanghai".into(),
            created_at: NOW,
        };
        store::account::insert(&tx, &account).await?;
        Ok(account.id)
    });
    made.await.unwrap()
}

fn new_inbox(id: Id<Inbox>) -> Inbox {
    Inbox {
        id,
        name: format!("Web {id}"),
        key: format!("key-{id}"),
        identity_secret: "secret".into(),
        identity_public_key: String::new(),
        enforce_identity: false,
        incoming: None,
        allowed_origins: vec!["https://www.example.com".into()],
        greeting: "你好".into(),
        language: Language::Zh,
        bot: true,
        hours: BusinessHours::default(),
        created_at: NOW,
    }
}

/// A conversation that is not saved yet, of a contact and inbox that need not exist.
fn new_conversation(tx: &Tx, at: Timestamp) -> Conversation {
    let contact: Id<Contact> = tx.id().unwrap();
    Conversation::open(tx.id().unwrap(), &new_inbox(Id::new(1)), contact, Language::Zh, at)
}
