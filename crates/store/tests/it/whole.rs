//! What concerns a database as a whole.

use domain::{Account, Tag};
use store::{Store, Tx, tag};

use crate::{account, postgres_url, sqlite};

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
