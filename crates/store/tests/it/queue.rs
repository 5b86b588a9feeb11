use domain::{
    Account, Delivery, DeliveryState, EventKind, Id, Job, JobState, News, Secrets, Webhook,
};
use store::job::Kinds;
use store::{Store, Tx, follower, job, webhook};

use crate::{NOW, account, second, store_tests};

store_tests! {
    a_job_is_claimed_by_one_worker_until_the_claim_lapses
    a_failed_job_waits_and_a_dead_one_is_revived
    an_event_is_delivered_to_a_webhook_once
    a_follower_remembers_how_far_it_is
}

async fn a_job_is_claimed_by_one_worker_until_the_claim_lapses(store: Store) {
    let account = account(&store).await;
    let queued = queue(&store, account).await;

    assert_eq!(claim(&store, 9, 20).await, [], "not due yet");
    assert_eq!(claim(&store, 10, 20).await, [(account, queued, 1)]);
    assert_eq!(claim(&store, 19, 30).await, [], "claimed");
    assert_eq!(claim(&store, 20, 30).await, [(account, queued, 2)], "the claim lapsed");

    let done = store.write(account, move |tx: Tx| async move { job::delete(&tx, queued).await });
    done.await.unwrap();
    assert_eq!(claim(&store, 99, 100).await, []);
}

async fn a_failed_job_waits_and_a_dead_one_is_revived(store: Store) {
    let account = account(&store).await;
    let queued = queue(&store, account).await;
    let fail = |again: Option<i64>| {
        store.write(account, move |tx: Tx| async move {
            job::fail(&tx, queued, "no answer", again.map(second)).await
        })
    };

    fail(Some(50)).await.unwrap();
    assert_eq!(claim(&store, 49, 60).await, []);
    fail(None).await.unwrap();
    assert_eq!(claim(&store, 99, 100).await, [], "dead");

    let dead = job::list(&store.read(account), JobState::Dead, None, 9).await.unwrap();
    assert_eq!(dead[0].last_error.as_deref(), Some("no answer"));
    let retry = move |tx: Tx| async move { job::retry(&tx, queued, second(100)).await };
    assert!(store.write(account, retry).await.unwrap());
    assert_eq!(claim(&store, 100, 110).await, [(account, queued, 1)]);
}

async fn queue(store: &Store, account: Id<Account>) -> Id<Job> {
    let write = store.write(account, |tx: Tx| async move {
        let job = Job {
            id: tx.id()?,
            kind: "test".into(),
            payload: serde_json::json!({"n": 1}),
            attempts: 0,
            state: JobState::Waiting,
            last_error: None,
            run_at: second(10),
            created_at: NOW,
        };
        job::insert(&tx, &job).await?;
        Ok(job.id)
    });
    write.await.unwrap()
}

async fn claim(store: &Store, now: i64, until: i64) -> Vec<(Id<Account>, Id<Job>, i32)> {
    let write = store.write(Account::NOBODY, move |tx: Tx| async move {
        job::claim(&tx, Kinds::All, second(now), second(until), 10).await
    });
    let claimed = write.await.unwrap();
    claimed.into_iter().map(|(account, job)| (account, job.id, job.attempts)).collect()
}

async fn an_event_is_delivered_to_a_webhook_once(store: Store) {
    let account = account(&store).await;
    let write = store.write(account, |tx: Tx| async move {
        let hook = Webhook {
            id: tx.id()?,
            url: "https://example.com/hook".into(),
            kinds: vec![EventKind::MessageCreated],
            secrets: Secrets {
                current: "whsec_1".into(),
                previous: Some(("whsec_0".into(), second(60))),
            },
            enabled: true,
            created_at: NOW,
        };
        webhook::save(&tx, &hook).await?;
        Ok(hook)
    });
    let hook = write.await.unwrap();
    let id = hook.id;
    for _ in 0..2 {
        let write = store.write(account, move |tx: Tx| async move {
            let delivery = Delivery {
                id: tx.id()?,
                webhook: id,
                cursor: 1,
                kind: EventKind::MessageCreated,
                state: DeliveryState::Waiting,
                attempts: 0,
                status_code: None,
                error: None,
                duration_ms: None,
                next_at: second(1),
                created_at: NOW,
            };
            webhook::insert_deliveries(&tx, &[delivery]).await
        });
        write.await.unwrap();
    }
    let claim_except = |now: i64, except: Vec<_>| {
        store.write(Account::NOBODY, move |tx: Tx| async move {
            webhook::claim_deliveries(&tx, second(now), second(now + 60), &except, 9).await
        })
    };
    let claim = |now: i64| claim_except(now, vec![]);

    assert_eq!(claim_except(1, vec![id]).await.unwrap(), [], "its webhook is busy");

    let claimed = claim(1).await.unwrap();

    assert_eq!(claimed.len(), 1, "the same event twice is one delivery");
    assert_eq!(claim(2).await.unwrap(), []);
    let mut delivery = claimed[0].1.clone();
    delivery.state = DeliveryState::Delivered;
    delivery.status_code = Some(204);
    let done = delivery.clone();
    store
        .write(account, |tx: Tx| async move { webhook::update_delivery(&tx, &done).await })
        .await
        .unwrap();
    let reader = store.read(account);
    let log = webhook::list_deliveries(&reader, id, Some(DeliveryState::Delivered), None, 9).await;
    assert_eq!(log.unwrap(), [delivery.clone()]);
    assert_eq!(webhook::find_delivery(&reader, id, delivery.id).await.unwrap(), Some(delivery));
    assert_eq!(webhook::list(&reader).await.unwrap(), std::slice::from_ref(&hook));

    store
        .write(account, move |tx: Tx| async move { webhook::delete(&tx, id).await })
        .await
        .unwrap();
    assert_eq!(webhook::list_deliveries(&reader, id, None, None, 9).await.unwrap(), []);
}

async fn a_follower_remembers_how_far_it_is(store: Store) {
    let account = account(&store).await;
    let tell = store.write(account, |tx: Tx| async move {
        tx.record(News::about(EventKind::TagUpdated, tx.account()), NOW);
        Ok(())
    });
    tell.await.unwrap();
    let nobody = store.read(Account::NOBODY);
    assert_eq!(follower::list_behind(&nobody, "webhooks").await.unwrap(), [account]);

    let advance = |cursor: i64| {
        store.write(account, move |tx: Tx| async move {
            follower::advance(&tx, "webhooks", cursor).await
        })
    };
    advance(1).await.unwrap();

    assert_eq!(follower::list_behind(&nobody, "webhooks").await.unwrap(), []);
    assert_eq!(follower::list_behind(&nobody, "search").await.unwrap(), [account]);
    assert_eq!(follower::cursor(&store.read(account), "webhooks").await.unwrap(), 1);
}
