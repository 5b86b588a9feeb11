//! Messages that a company's own server passes on: who may, whose they are, and
//! that each is there once.

use std::time::Duration;

use desk::{Claims, Desk, Guest, PassedOn, Sent, WhoAsks};
use domain::{Error, SenderKind};
use jiff::SignedDuration;
use outbound::HeaderMap;
use outbound::signature;

use crate::guest::signed;
use crate::talk::{QUESTION, thread, with_demo_bot};
use crate::{World, desk_tests};

desk_tests! {
    what_is_passed_on_is_answered_in_the_contacts_own_thread
    the_same_name_is_one_message_however_late_and_wherever
    a_sender_that_gives_up_and_sends_again_is_heard_once
    a_secret_that_was_replaced_counts_for_a_day
    an_inbox_takes_nothing_unless_it_has_a_secret
    what_says_nothing_leaves_no_trace
    what_a_company_says_of_its_user_is_learned
}

/// How many messages are sent by somebody who gives up.
const GIVEN_UP: usize = 100;

/// A body that no test reads: who signs it is what counts.
const BODY: &[u8] = b"{}";

fn says(sub: &str, text: &str) -> PassedOn {
    let contact = Claims { sub: sub.into(), ..Claims::default() };
    PassedOn { contact, text: text.into(), quick_reply: None, language: None }
}

fn headers(world: &World, secret: &str, name: &str) -> HeaderMap {
    let secret = secret.parse().unwrap();
    signature::sign(&[secret], name, world.now().as_second(), BODY).unwrap()
}

async fn secret(world: &World) -> String {
    world.desk.rotate_incoming_secret(&world.owner, world.inbox.id).await.unwrap()
}

/// Passes a message on to a process.
async fn pass(
    desk: &Desk,
    world: &World,
    secret: &str,
    name: &str,
    passed: PassedOn,
) -> Result<(Guest, Sent), Error> {
    let headers = headers(world, secret, name);
    let signed = desk.check_incoming(&world.inbox.key, &headers, BODY).await?;
    desk.take_incoming(signed, passed).await
}

async fn what_is_passed_on_is_answered_in_the_contacts_own_thread(world: World) {
    with_demo_bot(&world);
    let secret = secret(&world).await;

    let (app, sent) =
        pass(&world.desk, &world, &secret, "m-1", says("u-1", QUESTION)).await.unwrap();
    let who = WhoAsks {
        inbox: world.inbox.key.clone(),
        identity: Some(signed(&world, "u-1")),
        ..WhoAsks::default()
    };
    let (page, _) = world.desk.welcome(who).await.unwrap();

    assert_eq!(sent.added.len(), 2, "the bot answers");
    assert_eq!((page.contact, page.conversation), (app.contact, app.conversation));
    assert_eq!(thread(&world, &page).await, sent.added);
    let view = world.desk.get_contact(&world.owner, sent.contact).await.unwrap();
    assert!(view.verified);
}

async fn the_same_name_is_one_message_however_late_and_wherever(world: World) {
    with_demo_bot(&world);
    let secret = secret(&world).await;
    let (guest, first) =
        pass(&world.desk, &world, &secret, "m-1", says("u-1", QUESTION)).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(24 * 40));
    let elsewhere = world.another_process().await;

    for desk in [&world.desk, &elsewhere] {
        let (_, again) = pass(desk, &world, &secret, "m-1", says("u-1", QUESTION)).await.unwrap();

        assert_eq!((again.id, again.seq), (first.id, first.seq));
        assert!(again.added.is_empty());
    }
    assert_eq!(thread(&world, &guest).await.len(), 2);
    let (_, other) = pass(&elsewhere, &world, &secret, "m-2", says("u-1", QUESTION)).await.unwrap();
    assert_eq!(other.seq, 3, "another name is another message");
}

async fn a_sender_that_gives_up_and_sends_again_is_heard_once(world: World) {
    let secret = secret(&world).await;
    let elsewhere = world.another_process().await;
    let mut last = None;
    for number in 0..GIVEN_UP {
        // A contact may say twenty things in ten seconds.
        world.clock.advance(SignedDuration::from_secs(2));
        let (name, passed) = (format!("m-{number}"), says("u-1", &number.to_string()));
        let patience = Duration::from_micros(number as u64 * 40);
        let hurried = pass(&world.desk, &world, &secret, &name, passed.clone());
        let _ = tokio::time::timeout(patience, hurried).await;

        let desk = if number % 2 == 0 { &elsewhere } else { &world.desk };
        last = Some(pass(desk, &world, &secret, &name, passed).await.unwrap());
    }

    let (guest, _) = last.unwrap();
    let thread = thread(&world, &guest).await;
    let said = thread.iter().filter(|message| message.sender.kind == SenderKind::Contact);
    let said: Vec<String> = said.map(|message| message.text.clone()).collect();
    let expected: Vec<String> = (0..GIVEN_UP).map(|number| number.to_string()).collect();
    assert_eq!(said, expected, "each once, in order");
}

async fn a_secret_that_was_replaced_counts_for_a_day(world: World) {
    let old = secret(&world).await;
    let new = secret(&world).await;
    assert_ne!(old, new);

    for (name, secret) in [("m-1", &old), ("m-2", &new)] {
        pass(&world.desk, &world, secret, name, says("u-1", "hello")).await.unwrap();
    }
    world.clock.advance(SignedDuration::from_hours(24));

    let late = pass(&world.desk, &world, &old, "m-3", says("u-1", "hello")).await;
    assert!(matches!(late, Err(Error::Unauthenticated)), "{late:?}");
    pass(&world.desk, &world, &new, "m-3", says("u-1", "hello")).await.unwrap();
}

async fn an_inbox_takes_nothing_unless_it_has_a_secret(world: World) {
    let made_up = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let stranger = pass(&world.desk, &world, made_up, "m-1", says("u-1", "hello")).await;
    assert!(matches!(stranger, Err(Error::Unauthenticated)), "{stranger:?}");

    let secret = secret(&world).await;
    pass(&world.desk, &world, &secret, "m-1", says("u-1", "hello")).await.unwrap();
    world.desk.forget_incoming_secret(&world.owner, world.inbox.id).await.unwrap();

    let after = pass(&world.desk, &world, &secret, "m-2", says("u-1", "hello")).await;
    assert!(matches!(after, Err(Error::Unauthenticated)), "{after:?}");
}

async fn what_says_nothing_leaves_no_trace(world: World) {
    let secret = secret(&world).await;
    let before = world.desk.last_cursor(world.account).await.unwrap();

    for (sub, text) in [("u-1", " \u{200b} "), ("", "hello"), ("u-1", &"x".repeat(5_000))] {
        let refused = pass(&world.desk, &world, &secret, "m-1", says(sub, text)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{sub} {refused:?}");
    }

    assert_eq!(world.desk.last_cursor(world.account).await.unwrap(), before);
}

async fn what_a_company_says_of_its_user_is_learned(world: World) {
    let secret = secret(&world).await;
    let named = |name: Option<&str>| {
        let contact = Claims { sub: "u-1".into(), name: name.map(Into::into), ..Claims::default() };
        PassedOn { contact, ..says("u-1", "hello") }
    };
    pass(&world.desk, &world, &secret, "m-1", named(Some("王小明"))).await.unwrap();
    pass(&world.desk, &world, &secret, "m-2", named(None)).await.unwrap();

    let (_, sent) = pass(&world.desk, &world, &secret, "m-3", named(Some("王大明"))).await.unwrap();

    let contact = world.desk.get_contact(&world.owner, sent.contact).await.unwrap();
    assert_eq!(contact.name.as_deref(), Some("王大明"));
}

/// The guide shows one request in full, for those who write a sender.
#[test]
fn the_vector_of_the_guide_holds() {
    let guide = include_str!("../../../../docs/guide/incoming.md");
    let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let body = r#"{"contact":{"sub":"u-1001","name":"王小明"},"text":"我的快递到哪了"}"#;

    let headers =
        signature::sign(&[secret.parse().unwrap()], "msg_81", 1_795_338_000, body.as_bytes());

    let headers = headers.unwrap();
    let signature = headers["webhook-signature"].to_str().unwrap();
    for part in [secret, "msg_81", "1795338000", body, signature] {
        assert!(guide.contains(&format!("`{part}`")), "{part}");
    }
    assert!(guide.contains(&format!("webhook-signature: {signature}\n\n{body}")));
}
