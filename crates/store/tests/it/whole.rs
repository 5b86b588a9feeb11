//! What concerns a database as a whole.

use domain::{Account, Tag};
use store::{Store, Tx, attempt, inbox, tag};

use crate::{NOW, account, new_inbox, postgres_url, sqlite};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_writes_is_one_moment_of_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(folder.path()).await;
    let account = account(&store).await;
    let add = async |i: i32| {
        let write = store.write(account, move |tx: Tx| async move {
            let tag = Tag { id: tx.id()?, name: format!("{i:03}"), color: "#000000".into() };
            tag::save(&tx, &tag).await
        });
        write.await.unwrap();
    };
    for i in 0..50 {
        add(i).await;
    }
    let copy = folder.path().join("copy.db");
    let writes = async {
        for i in 50..150 {
            add(i).await;
        }
    };

    let (backup, ()) = tokio::join!(store.backup(&copy), writes);

    assert!(backup.unwrap().bytes > 0);
    let (copied, _) = Store::open(&format!("sqlite://{}", copy.display())).await.unwrap();
    let names: Vec<String> =
        tag::list(&copied.read(account)).await.unwrap().into_iter().map(|tag| tag.name).collect();
    let expected: Vec<String> = (0..names.len()).map(|i| format!("{i:03}")).collect();
    assert!(names.len() >= 50 && names == expected, "{} tags, without gaps", names.len());
    assert!(store.backup(&copy).await.is_err(), "a file that exists is not overwritten");
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_migrate_once() {
    let url = postgres_url("it_whole_start_together").await;

    let opened = futures::future::join_all((0..4).map(|_| Store::open(&url))).await;

    let migrated = opened.iter().filter(|opened| !opened.as_ref().unwrap().1.migrated.is_empty());
    assert_eq!(migrated.count(), 1);
    let store = &opened[3].as_ref().unwrap().0;
    assert_ne!(account(store).await, Account::NOBODY);
}

/// Puts a database back to what the first release made of it.
async fn downgrade(url: &str) {
    use sea_orm::ConnectionTrait as _;
    let connection = sea_orm::Database::connect(url).await.unwrap();
    for statement in [
        "ALTER TABLE inbox DROP COLUMN identity_public_key",
        "DROP TABLE sign_in_attempt",
        "DROP TABLE quota",
        "ALTER TABLE attachment DROP COLUMN state",
        "DROP TABLE release",
        "DROP TABLE release_number",
        "DROP TABLE review_sighting",
        "DROP TABLE review_item",
        "DROP TABLE trial",
        "DROP TABLE trial_difference",
        "DROP TABLE discovery",
        "ALTER TABLE conversation DROP COLUMN mood",
        "ALTER TABLE inbox DROP COLUMN incoming_secrets",
        "ALTER TABLE conversation DROP COLUMN messages_full_at",
        "DROP TABLE idempotent_request",
        "DELETE FROM seaql_migrations WHERE version <> 'm0001_spine'",
    ] {
        connection.execute_unprepared(statement).await.unwrap();
    }
    connection.close().await.unwrap();
}

async fn a_database_of_the_first_release_is_brought_up_to_date(url: &str) {
    let store = Store::open(url).await.unwrap().0;
    let account = account(&store).await;
    let write = store.write(account, |tx: Tx| async move {
        let web = new_inbox(tx.id()?);
        inbox::save(&tx, &web).await?;
        Ok(web)
    });
    let web = write.await.unwrap();
    drop(store);
    downgrade(url).await;

    let (store, opening) = Store::open(url).await.unwrap();

    assert_eq!(
        opening.migrated,
        [
            "m0002_identity_keys",
            "m0003_shared_limits",
            "m0004_attachment_state",
            "m0005_releases",
            "m0006_learning",
            "m0007_training_progress",
            "m0008_discovery",
            "m0009_past_and_sightings",
            "m0010_mood",
            "m0011_incoming",
            "m0012_messages_full_at",
            "m0013_idempotency"
        ]
    );
    assert_eq!(opening.backup.is_some(), url.starts_with("sqlite"));
    assert_eq!(inbox::list(&store.read(account)).await.unwrap(), [web]);
    assert!(attempt::begin(&store.alone(), b"ada", NOW, NOW).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_the_first_release_is_brought_up_to_date_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("attune.db").display());
    a_database_of_the_first_release_is_brought_up_to_date(&url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_the_first_release_is_brought_up_to_date_on_postgres() {
    let url = postgres_url("it_whole_first_release").await;
    a_database_of_the_first_release_is_brought_up_to_date(&url).await;
}
