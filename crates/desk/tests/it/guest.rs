//! Who a visitor is: a stranger, one who comes back, or one whom the company vouches for.

use desk::{SendMessage, WhoAsks};
use domain::{Error, Id, Rule};

use crate::talk::{QUESTION, ask, enter, said, thread, with_demo_bot};
use crate::{World, desk_tests};

desk_tests! {
    a_visitor_leaves_no_trace_before_speaking
    a_first_message_that_is_refused_leaves_no_trace
    a_token_leads_back_to_the_thread_and_a_foreign_one_does_not
    a_signed_identity_is_the_same_contact_on_every_device
    an_unsigned_visitor_never_reaches_a_vouched_for_contact
}

async fn a_visitor_leaves_no_trace_before_speaking(world: World) {
    let guest = enter(&world).await;

    assert_eq!((guest.contact, guest.conversation), (None, None));
    assert_eq!(thread(&world, &guest).await, []);
    assert_eq!(world.desk.last_cursor(world.account).await.unwrap(), 0);
}

async fn a_first_message_that_is_refused_leaves_no_trace(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    let with_file = SendMessage { attachments: vec![Id::new(7)], ..said(QUESTION) };

    let refused = world.desk.send_as_guest(&mut guest, with_file).await;

    assert!(matches!(refused, Err(Error::Refused(Rule::AttachmentUnusable))), "{refused:?}");
    assert_eq!((guest.contact, guest.conversation), (None, None));
    assert_eq!(world.desk.last_cursor(world.account).await.unwrap(), 0);
    let sent = ask(&world, &mut guest, QUESTION).await;
    assert_eq!(sent.seq, 1);
}

async fn a_token_leads_back_to_the_thread_and_a_foreign_one_does_not(world: World) {
    with_demo_bot(&world);
    let who = |token: Option<String>| WhoAsks {
        inbox: world.inbox.key.clone(),
        token,
        ..WhoAsks::default()
    };
    let (mut guest, greeting) = world.desk.welcome(who(None)).await.unwrap();
    ask(&world, &mut guest, QUESTION).await;

    let (back, again) = world.desk.welcome(who(Some(greeting.token.clone()))).await.unwrap();
    assert_eq!(back.conversation, guest.conversation);
    assert_eq!(again.token, greeting.token);

    let mut changed = greeting.token.clone();
    changed.replace_range(10..11, if &changed[10..11] == "0" { "1" } else { "0" });
    for token in [changed, "vt_".into(), String::new(), format!("vt_{}", "é".repeat(60))] {
        let (stranger, fresh) = world.desk.welcome(who(Some(token.clone()))).await.unwrap();
        assert_eq!(stranger.contact, None, "{token}");
        assert_ne!(fresh.token, token);
    }

    world.desk.forget_guest(&guest).await.unwrap();
    let (after, _) = world.desk.welcome(who(Some(greeting.token))).await.unwrap();
    assert_eq!(after.conversation, None, "a token that was logged out leads nowhere");
}

pub(crate) fn signed(world: &World, sub: &str) -> String {
    let now = world.now().as_second();
    let claims = serde_json::json!({
        "sub": sub, "aud": world.inbox.key, "iat": now, "exp": now + 600, "name": "王小明",
    });
    let key = jsonwebtoken::EncodingKey::from_secret(world.inbox.identity_secret.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

async fn a_signed_identity_is_the_same_contact_on_every_device(world: World) {
    with_demo_bot(&world);
    let who = |token: Option<String>| WhoAsks {
        inbox: world.inbox.key.clone(),
        identity: Some(signed(&world, "u-1")),
        token,
        ..WhoAsks::default()
    };
    let (mut phone, greeting) = world.desk.welcome(who(None)).await.unwrap();
    assert_eq!(greeting.contact.unwrap().name.as_deref(), Some("王小明"));
    ask(&world, &mut phone, QUESTION).await;

    let (laptop, _) = world.desk.welcome(who(None)).await.unwrap();
    let (same_phone, again) = world.desk.welcome(who(Some(greeting.token.clone()))).await.unwrap();

    assert_eq!(laptop.contact, phone.contact);
    assert_eq!(laptop.conversation, phone.conversation);
    assert_eq!(same_phone.contact, phone.contact);
    assert_eq!(again.token, greeting.token, "the token of the same person is kept");
}

async fn an_unsigned_visitor_never_reaches_a_vouched_for_contact(world: World) {
    with_demo_bot(&world);
    let vouched = WhoAsks {
        inbox: world.inbox.key.clone(),
        identity: Some(signed(&world, "u-1")),
        ..WhoAsks::default()
    };
    let (mut known, _) = world.desk.welcome(vouched).await.unwrap();
    ask(&world, &mut known, "我的秘密").await;
    let (mut anonymous, greeting) = world
        .desk
        .welcome(WhoAsks { inbox: world.inbox.key.clone(), ..WhoAsks::default() })
        .await
        .unwrap();
    ask(&world, &mut anonymous, QUESTION).await;

    let other_secret = jsonwebtoken::EncodingKey::from_secret(b"some other secret");
    let now = world.now().as_second();
    let claims =
        serde_json::json!({"sub": "u-1", "aud": world.inbox.key, "iat": now, "exp": now + 600});
    let forged =
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &other_secret).unwrap();
    for identity in [forged, signed(&world, "u-1") + "x", "u-1".into()] {
        let who = WhoAsks {
            inbox: world.inbox.key.clone(),
            token: Some(greeting.token.clone()),
            identity: Some(identity),
            ..WhoAsks::default()
        };
        assert!(matches!(world.desk.welcome(who).await, Err(Error::Unauthenticated)));
    }
    let texts: Vec<String> =
        thread(&world, &anonymous).await.iter().map(|message| message.text.clone()).collect();
    assert!(!texts.iter().any(|text| text.contains("秘密")));
    assert_ne!(anonymous.contact, known.contact);
}
