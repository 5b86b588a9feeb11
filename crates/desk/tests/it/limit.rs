//! Limits that hold for all processes together, on a clock that only tests move.

use desk::{Desk, Limit, NewAgent, SendMessage, Whence, WhoAsks};
use domain::{Error, Quota, Role};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{World, desk_tests, eventually};

desk_tests! {
    five_wrong_passwords_lock_an_address_in_every_process_and_after_a_restart
    many_guesses_at_once_in_two_processes_are_five
    a_right_password_forgets_the_wrong_ones_everywhere
    a_worker_forgets_what_is_over
    the_messages_of_a_visitor_count_whichever_connection_they_come_by
}

const EMAIL: &str = "ada@example.com";
const RIGHT: &str = "a lantern above the river";
const QUARTER: SignedDuration = SignedDuration::from_mins(15);

async fn with_password(world: &World) {
    let new = NewAgent {
        email: EMAIL.into(),
        name: "Ada".into(),
        role: Role::Agent,
        password: RIGHT.into(),
    };
    world.desk.add_agent(world.account, new).await.unwrap();
}

/// Tries a password; whether it was right, or in how many seconds to try again.
async fn attempt(desk: &Desk, password: &str) -> Result<bool, u64> {
    match desk.sign_in(EMAIL, password.into(), Whence::default()).await {
        Ok(signed_in) => Ok(signed_in.is_some()),
        Err(Error::Busy { retry_after_ms }) => Err(retry_after_ms / 1_000),
        Err(other) => panic!("{other:?}"),
    }
}

async fn five_wrong_passwords_lock_an_address_in_every_process_and_after_a_restart(world: World) {
    with_password(&world).await;
    let other = world.another_process().await;
    for desk in [&world.desk, &other, &world.desk, &other, &other] {
        assert_eq!(attempt(desk, "a wrong one").await, Ok(false));
        world.clock.advance(SignedDuration::from_mins(1));
    }

    for desk in [&world.desk, &other, &world.another_process().await] {
        assert_eq!(attempt(desk, RIGHT).await, Err(600), "the first was five minutes ago");
    }

    world.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(attempt(&other, "a wrong one").await, Ok(false));
    assert_eq!(attempt(&world.desk, RIGHT).await, Err(60), "the second is not old yet");
    world.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(attempt(&world.desk, RIGHT).await, Ok(true));
}

async fn many_guesses_at_once_in_two_processes_are_five(world: World) {
    with_password(&world).await;
    let other = world.another_process().await;

    let guesses =
        (0..24).map(|n| attempt(if n % 2 == 0 { &world.desk } else { &other }, "a guess"));
    let outcomes = futures::future::join_all(guesses).await;

    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Ok(false)).count(), 5);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err(900)).count(), 19);
}

async fn a_right_password_forgets_the_wrong_ones_everywhere(world: World) {
    with_password(&world).await;
    let other = world.another_process().await;
    for _ in 0..4 {
        attempt(&world.desk, "a wrong one").await.unwrap();
    }

    assert_eq!(attempt(&other, RIGHT).await, Ok(true));

    for _ in 0..5 {
        assert_eq!(attempt(&world.desk, "a wrong one").await, Ok(false));
    }
    assert!(attempt(&other, RIGHT).await.is_err());
}

async fn a_worker_forgets_what_is_over(world: World) {
    let subject = b"somebody";
    let begin = async |at| {
        let alone = world.store.alone();
        store::attempt::begin(&alone, subject, at - QUARTER, at).await.unwrap();
    };
    for _ in 0..5 {
        begin(world.now()).await;
    }
    world.clock.advance(QUARTER);

    let _worker = world.work();

    eventually("the attempts are forgotten", async || {
        let oldest = store::attempt::oldest(&world.store.alone(), subject).await.unwrap();
        oldest.is_none().then_some(())
    })
    .await;
}

async fn the_messages_of_a_visitor_count_whichever_connection_they_come_by(world: World) {
    let who = WhoAsks { inbox: world.inbox.key.clone(), ..WhoAsks::default() };
    let (mut guest, greeting) = world.desk.welcome(who.clone()).await.unwrap();
    let say =
        || SendMessage { client_id: Uuid::new_v4(), text: "喂".into(), ..Default::default() };
    world.desk.send_as_guest(&mut guest, say()).await.unwrap();
    let back = WhoAsks { token: Some(greeting.token), ..who.clone() };
    for _ in 0..19 {
        let (mut again, _) = world.desk.welcome(back.clone()).await.unwrap();
        world.desk.send_as_guest(&mut again, say()).await.unwrap();
    }

    let (mut again, _) = world.desk.welcome(back).await.unwrap();
    let refused = world.desk.send_as_guest(&mut again, say()).await;

    assert!(matches!(refused, Err(Error::Busy { retry_after_ms: 500 })), "{refused:?}");
    let (mut somebody_else, _) = world.desk.welcome(who).await.unwrap();
    world.desk.send_as_guest(&mut somebody_else, say()).await.unwrap();
    world.clock.advance(SignedDuration::from_millis(500));
    world.desk.send_as_guest(&mut again, say()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_messages_of_a_visitor_count_in_all_processes_together() {
    let world = World::on_postgres().await;
    let other = world.another_process().await;
    let who = WhoAsks { inbox: world.inbox.key.clone(), ..WhoAsks::default() };
    let (mut guest, _) = world.desk.welcome(who).await.unwrap();
    let say =
        || SendMessage { client_id: Uuid::new_v4(), text: "喂".into(), ..Default::default() };
    let mut rush = async |times: usize| {
        let mut let_through = 0;
        for n in 0..times {
            let desk = if n % 2 == 0 { &world.desk } else { &other };
            match desk.send_as_guest(&mut guest, say()).await {
                Ok(_) => let_through += 1,
                Err(Error::Busy { retry_after_ms }) => assert!(retry_after_ms > 0),
                Err(other) => panic!("{other:?}"),
            }
        }
        let_through
    };

    assert_eq!(rush(60).await, 20);
    world.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(rush(60).await, 10, "half of them came back");
    world.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(rush(60).await, 20);
}

/// Asks `times` times by each process in turn, and counts what was let through.
async fn ask<const N: usize>(limits: [&Limit<i64, N>; 2], key: i64, times: usize) -> usize {
    let mut let_through = 0;
    for n in 0..times {
        match limits[n % 2].take(&key).await {
            Ok(()) => let_through += 1,
            Err(Error::Busy { retry_after_ms }) => assert!(retry_after_ms > 0),
            Err(other) => panic!("{other:?}"),
        }
    }
    let_through
}

/// Whether two processes let through what one quota allows, give or take 5 %.
#[track_caller]
fn about(let_through: usize, allowed: usize) {
    let (least, most) = (allowed * 95 / 100, allowed * 105 / 100);
    assert!((least..=most).contains(&let_through), "{let_through} of {allowed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_let_through_together_what_is_allowed() {
    let world = World::on_postgres().await;
    let other = world.another_process().await;
    let quota = Quota::new(600, SignedDuration::from_mins(1));
    let (here, there): (Limit<i64>, Limit<i64>) =
        (world.desk.limit("test", [quota]), other.limit("test", [quota]));
    let both = [&here, &there];

    about(ask(both, 1, 2_000).await, 600);
    about(ask([&there, &there], 2, 2_000).await, 600);

    let mut in_a_minute = 0;
    for _ in 0..60 {
        world.clock.advance(SignedDuration::from_secs(1));
        in_a_minute += ask(both, 1, 50).await;
    }
    about(in_a_minute, 600);
    world.clock.advance(SignedDuration::from_hours(1));
    about(ask(both, 1, 2_000).await, 600);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_process_holds_back_is_no_more_than_its_part() {
    let world = World::on_postgres().await;
    let other = world.another_process().await;
    let quota = Quota::new(600, SignedDuration::from_mins(1));
    let (here, there): (Limit<i64>, Limit<i64>) =
        (world.desk.limit("test", [quota]), other.limit("test", [quota]));
    ask([&here, &here], 1, 1).await;
    ask([&there, &there], 1, 1).await;
    world.clock.advance(SignedDuration::from_secs(59));

    about(ask([&here, &there], 1, 2_000).await, 600);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_quota_is_exact_in_two_processes_also_for_many_at_once() {
    let world = World::on_postgres().await;
    let other = world.another_process().await;
    let quotas = [
        Quota::new(10, SignedDuration::from_mins(1)),
        Quota::new(25, SignedDuration::from_hours(1)),
    ];
    let (here, there): (Limit<i64, 2>, Limit<i64, 2>) =
        (world.desk.limit("test", quotas), other.limit("test", quotas));
    let rush = async || {
        let asked = (0..60).map(|n| if n % 2 == 0 { here.take(&1) } else { there.take(&1) });
        let outcomes = futures::future::join_all(asked).await;
        outcomes.iter().filter(|outcome| outcome.is_ok()).count()
    };

    assert_eq!(rush().await, 10);
    assert_eq!(rush().await, 0);
    world.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(rush().await, 10);
    world.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(rush().await, 5, "the hour's are used up");
    assert_eq!(ask([&here, &there], 2, 60).await, 10, "somebody else");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_remembered_without_asking_the_database() {
    let world = World::on_postgres().await;
    let limit: Limit<i64> = world.desk.limit("test", [Quota::new(1, SignedDuration::from_mins(1))]);
    limit.take(&1).await.unwrap();
    assert!(limit.take(&1).await.is_err());
    let later = world.now() + SignedDuration::from_hours(1);
    // Were the database asked, it would let the next one through.
    store::quota::prune(&world.store.alone(), later).await.unwrap();

    let refused = limit.take(&1).await;

    assert!(matches!(refused, Err(Error::Busy { retry_after_ms: 60_000 })), "{refused:?}");
    world.clock.advance(SignedDuration::from_mins(1));
    limit.take(&1).await.unwrap();
}
