use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::{Account, Error, EventKind, News};
use store::{Store, Tx, event, tag};

use crate::{NOW, account, store_tests};

store_tests! {
    cursors_have_no_gaps_whatever_fails
    an_error_leaves_no_trace_and_harms_no_neighbour
    a_panic_is_an_error_and_the_writer_lives_on
    news_reaches_a_listener_in_commit_order
    an_account_does_not_see_another
    what_is_read_back_is_what_was_told
}

fn news(tx: &Tx) -> News {
    News::about(EventKind::TagUpdated, tx.account())
}

/// Writes one event, and nothing else.
async fn record_one(store: &Store, account: domain::Id<Account>) {
    let write = |tx: Tx| async move {
        tx.record(news(&tx), NOW);
        Ok(())
    };
    store.write(account, write).await.unwrap();
}

async fn cursors_have_no_gaps_whatever_fails(store: Store) {
    let account = account(&store).await;
    let refused = Arc::new(AtomicI64::new(0));

    let writes = (0..300).map(|i| {
        let refused = refused.clone();
        store.write(account, move |tx: Tx| async move {
            tx.record(news(&tx), NOW);
            if i % 3 == 0 {
                refused.fetch_add(1, Ordering::Relaxed);
                return Err(Error::NotFound("test"));
            }
            tx.record(news(&tx), NOW);
            Ok(())
        })
    });
    let results = futures::future::join_all(writes).await;

    assert_eq!(results.iter().filter(|result| result.is_err()).count(), 100);
    let events = event::list_after(&store.read(account), 0, 1_000).await.unwrap();
    let cursors: Vec<i64> = events.iter().map(|event| event.cursor).collect();
    assert_eq!(cursors, (1..=400).collect::<Vec<i64>>());
    assert_eq!(store::account::cursor(&store.read(account)).await.unwrap(), 400);
}

async fn an_error_leaves_no_trace_and_harms_no_neighbour(store: Store) {
    let account = account(&store).await;
    let save = |name: &'static str, fail: bool| {
        store.write(account, move |tx: Tx| async move {
            let tag = domain::Tag { id: tx.id()?, name: name.into(), color: "#ffffff".into() };
            tag::save(&tx, &tag).await?;
            if fail { Err(Error::NotFound("test")) } else { Ok(()) }
        })
    };

    let (good, bad, also_good) = tokio::join!(save("a", false), save("b", true), save("c", false));

    assert!(good.is_ok() && bad.is_err() && also_good.is_ok());
    let names: Vec<String> =
        tag::list(&store.read(account)).await.unwrap().into_iter().map(|tag| tag.name).collect();
    assert_eq!(names, ["a", "c"]);
}

async fn a_panic_is_an_error_and_the_writer_lives_on(store: Store) {
    let account = account(&store).await;

    let panicked = store.write(account, move |tx: Tx| async move {
        tx.record(news(&tx), NOW);
        if tx.account() == account {
            panic!("on purpose");
        }
        Ok(())
    });

    assert!(matches!(panicked.await, Err(Error::Internal(_))));
    record_one(&store, account).await;
    assert_eq!(event::list_after(&store.read(account), 0, 10).await.unwrap().len(), 1);
}

async fn news_reaches_a_listener_in_commit_order(store: Store) {
    let account = account(&store).await;
    let mut listener = store.news();

    for _ in 0..3 {
        record_one(&store, account).await;
    }

    let mut cursors = Vec::new();
    while cursors.len() < 3 {
        cursors.extend(listener.recv().await.unwrap().iter().map(|told| told.event.cursor));
    }
    assert_eq!(cursors, [1, 2, 3]);
}

async fn an_account_does_not_see_another(store: Store) {
    let ours = account(&store).await;
    let theirs = account(&store).await;
    let tag = store.write(theirs, |tx: Tx| async move {
        let tag = domain::Tag { id: tx.id()?, name: "theirs".into(), color: "#000000".into() };
        tag::save(&tx, &tag).await?;
        tx.record(news(&tx), NOW);
        Ok(tag)
    });
    let tag = tag.await.unwrap();

    let reader = store.read(ours);

    assert_eq!(tag::find(&reader, tag.id).await.unwrap(), None);
    assert_eq!(tag::list(&reader).await.unwrap(), []);
    assert_eq!(event::list_after(&reader, 0, 10).await.unwrap(), []);
    assert_ne!(ours, Account::NOBODY);
}

async fn what_is_read_back_is_what_was_told(store: Store) {
    let account = account(&store).await;
    let mut listener = store.news();
    let write = store.write(account, |tx: Tx| async move {
        tx.record(news(&tx).with(serde_json::json!({"by": 7})), NOW);
        Ok(())
    });
    write.await.unwrap();

    let told = listener.recv().await.unwrap()[0].event.clone();

    assert_eq!(event::list_after(&store.read(account), 0, 10).await.unwrap(), [told]);
}
