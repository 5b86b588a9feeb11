use domain::{Error, Quota, Result};
use jiff::SignedDuration;
use store::{Store, attempt, quota};

use crate::{second, store_tests};

store_tests! {
    the_sixth_attempt_is_refused_until_the_first_of_five_is_old
    forgotten_attempts_do_not_count
    a_bucket_gives_what_is_in_it_and_fills_with_time
    of_many_at_once_as_many_are_let_through_as_are_allowed
    what_is_over_is_pruned
}

const QUARTER: i64 = 15 * 60;

/// Five attempts may be made within a quarter of an hour.
async fn begin(store: &Store, subject: &str, at: i64) -> bool {
    attempt::begin(&store.alone(), subject.as_bytes(), second(at - QUARTER), second(at))
        .await
        .unwrap()
}

async fn the_sixth_attempt_is_refused_until_the_first_of_five_is_old(store: Store) {
    for minute in 0..5 {
        assert!(begin(&store, "ada", minute * 60).await, "{minute}");
    }

    assert!(!begin(&store, "ada", 300).await);
    assert!(!begin(&store, "ada", QUARTER - 1).await, "what was refused is not counted");
    assert_eq!(attempt::oldest(&store.alone(), b"ada").await.unwrap(), Some(second(0)));
    assert!(begin(&store, "bob", 300).await, "somebody else");
    assert!(begin(&store, "ada", QUARTER).await);
    assert!(!begin(&store, "ada", QUARTER + 59).await);
    assert!(begin(&store, "ada", QUARTER + 60).await, "the second is old now");
}

async fn forgotten_attempts_do_not_count(store: Store) {
    for _ in 0..5 {
        begin(&store, "ada", 0).await;
    }

    attempt::forget(&store.alone(), b"ada").await.unwrap();

    assert!(begin(&store, "ada", 0).await);
    assert_eq!(attempt::oldest(&store.alone(), b"ada").await.unwrap(), None);
}

const TEN_A_MINUTE: Quota = Quota::new(10, SignedDuration::from_mins(1));

async fn take(store: &Store, subject: &str, count: u32, at: i64) -> Result<()> {
    quota::take(&store.alone(), subject.as_bytes(), TEN_A_MINUTE, count, second(at)).await
}

async fn a_bucket_gives_what_is_in_it_and_fills_with_time(store: Store) {
    take(&store, "a", 7, 0).await.unwrap();
    take(&store, "a", 3, 0).await.unwrap();

    let refused = take(&store, "a", 2, 0).await;

    assert!(matches!(refused, Err(Error::Busy { retry_after_ms: 12_000 })), "{refused:?}");
    take(&store, "b", 10, 0).await.unwrap();
    take(&store, "a", 2, 12).await.unwrap();
    assert!(take(&store, "a", 1, 12).await.is_err());
    take(&store, "a", 10, 600).await.unwrap();
    assert!(take(&store, "a", 1, 600).await.is_err(), "what was not used did not add up");
}

async fn of_many_at_once_as_many_are_let_through_as_are_allowed(store: Store) {
    let attempts = (0..40).map(|_| begin(&store, "ada", 0));
    let takes = (0..40).map(|_| take(&store, "a", 1, 0));

    let (begun, taken) =
        futures::join!(futures::future::join_all(attempts), futures::future::join_all(takes));

    assert_eq!(begun.into_iter().filter(|begun| *begun).count(), 5);
    assert_eq!(taken.into_iter().filter(Result::is_ok).count(), 10);
}

async fn what_is_over_is_pruned(store: Store) {
    begin(&store, "old", 0).await;
    begin(&store, "new", 60).await;
    take(&store, "full", 1, 0).await.unwrap();
    take(&store, "empty", 10, 0).await.unwrap();

    assert_eq!(attempt::prune(&store.alone(), second(0)).await.unwrap(), 1);
    assert_eq!(attempt::prune(&store.alone(), second(59)).await.unwrap(), 0);
    assert_eq!(quota::prune(&store.alone(), second(6)).await.unwrap(), 1);

    assert!(take(&store, "empty", 1, 0).await.is_err(), "it is still empty");
}
