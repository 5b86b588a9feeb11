use domain::{
    Account, Epoch, Error, Id, Release, ReleaseMetrics, ReleaseState, Rule, TrainingProgress,
    TrainingStep,
};
use store::{Store, Tx, release};

use crate::{NOW, account, second, store_tests};

store_tests! {
    a_release_is_kept_and_read_back
    a_training_is_kept_with_how_far_it_is
    numbers_of_an_account_are_never_given_twice
    one_release_of_an_account_is_in_use
}

async fn begin(store: &Store, account: Id<Account>) -> Release {
    let write = store.write(account, |tx: Tx| async move {
        let number = release::next_number(&tx).await?;
        let begun = Release::begin(tx.id()?, number, Some(Id::new(7)), NOW);
        release::save(&tx, &begun).await?;
        Ok(begun)
    });
    write.await.unwrap()
}

async fn save(store: &Store, account: Id<Account>, kept: &Release) -> domain::Result<()> {
    let kept = kept.clone();
    store.write(account, move |tx: Tx| async move { release::save(&tx, &kept).await }).await
}

fn metrics() -> ReleaseMetrics {
    ReleaseMetrics {
        intents: 2,
        examples: 10,
        held_out_accuracy: 0.5,
        held_out_coverage: 0.25,
        calibration_error: 0.125,
        tests: Vec::new(),
    }
}

async fn a_release_is_kept_and_read_back(store: Store) {
    let account = account(&store).await;
    let mut kept = begin(&store, account).await;
    kept.advance(TrainingProgress::begins(TrainingStep::Testing));
    kept.finish("ab".into(), metrics());
    kept.publish(second(9)).unwrap();

    save(&store, account, &kept).await.unwrap();
    let keep = move |tx: Tx| async move { release::keep_evaluation(&tx, kept.id, "{}").await };
    store.write(account, keep).await.unwrap();

    let reader = store.read(account);
    let found = release::find(&reader, kept.id).await.unwrap().unwrap();
    assert_eq!((found.state, found.data_hash.as_str()), (ReleaseState::Released, "ab"));
    assert_eq!(found.metrics, Some(metrics()));
    assert_eq!(found.released_at, Some(second(9)));
    assert_eq!(release::find_in_use(&reader).await.unwrap(), Some(found.clone()));
    assert_eq!(release::find_evaluation(&reader, found.id).await.unwrap().as_deref(), Some("{}"));
    let in_use = release::list_in_use(&store.read(Account::NOBODY)).await.unwrap();
    assert_eq!(in_use, [(account, found.id)]);
}

async fn a_training_is_kept_with_how_far_it_is(store: Store) {
    let account = account(&store).await;
    let mut kept = begin(&store, account).await;
    let epoch = Some(Epoch { number: 3, of: 8 });
    let step = TrainingStep::Learning;
    kept.advance(TrainingProgress { step, share: 0.5, epoch, time_left_s: Some(90) });

    save(&store, account, &kept).await.unwrap();

    let found = release::find(&store.read(account), kept.id).await.unwrap();
    assert_eq!(found, Some(kept));
}

async fn numbers_of_an_account_are_never_given_twice(store: Store) {
    let (ours, theirs) = (account(&store).await, account(&store).await);
    begin(&store, ours).await;
    let second = begin(&store, ours).await;
    let delete = move |tx: Tx| async move { release::delete(&tx, second.id).await };
    assert!(store.write(ours, delete).await.unwrap());

    let third = begin(&store, ours).await;

    assert_eq!((second.number, third.number), (2, 3));
    assert_eq!(begin(&store, theirs).await.number, 1);
    let numbers = release::list(&store.read(ours)).await.unwrap();
    assert_eq!(numbers.iter().map(|kept| kept.number).collect::<Vec<_>>(), [3, 1]);
}

async fn one_release_of_an_account_is_in_use(store: Store) {
    let account = account(&store).await;
    let (mut first, mut second) = (begin(&store, account).await, begin(&store, account).await);
    first.state = ReleaseState::Released;
    second.state = ReleaseState::Released;
    save(&store, account, &first).await.unwrap();

    let refused = save(&store, account, &second).await;

    assert!(matches!(refused, Err(Error::Refused(Rule::NameTaken))), "{refused:?}");
}
