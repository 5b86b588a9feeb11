//! A contact, the bot and a person talk: the whole loop, without the wire.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use desk::{Bot, Guest, Hint, SendMessage, Sent, Understand, Understood, WhoAsks};
use domain::{
    Activity, Error, HandoffReason, Id, Message, MessageKind, Role, Rule, SenderKind, Status,
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{World, desk_tests};

desk_tests! {
    the_bot_answers_in_the_same_commit
    a_person_is_there_when_asked_for
    the_same_send_again_is_the_same_message
    the_same_send_forty_days_later_elsewhere_is_the_same_message
    what_was_acknowledged_can_be_read_everywhere_at_once
    above_capacity_some_are_told_to_wait_and_agents_are_not
    many_visitors_at_once_each_have_their_own_thread
    a_failing_bot_hands_over_and_loses_nothing
    a_slow_bot_hands_over_in_time
    without_a_bot_people_answer
    a_resolved_conversation_is_rated_and_goes_back_to_the_bot
    an_agents_message_is_sent_once_and_taken_back
    a_note_stays_inside
    a_transfer_and_its_note_happen_together_or_not_at_all
    what_happens_is_told_in_order_to_those_it_concerns
    two_processes_keep_one_order
    out_of_hours_is_said_and_the_message_kept
}

pub(crate) const QUESTION: &str = "我想查询基金的收益情况";

/// Puts the demo company's bot to work. It is trained once for all tests.
pub(crate) fn with_demo_bot(world: &World) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/demo");
    let releases = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo-release");
    static TRAINING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one_at_a_time = TRAINING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let opened = Bot::open(&folder, &releases);
    let (bot, _) = opened.unwrap_or_else(|_| {
        let data = nlu::BotData::read_folder(&folder).unwrap();
        let model = nlu::Model::train(&data.training_set(), &nlu::TrainOptions::default());
        model.unwrap().save(&releases, 0).unwrap();
        Bot::open(&folder, &releases).unwrap()
    });
    world.desk.bots().set(world.account, bot);
}

/// The demo bot with another mind.
fn with_mind(world: &World, mind: impl Understand + 'static) {
    with_demo_bot(world);
    let bot = world.desk.bots().get(world.account).unwrap();
    let (script, entities) = (bot.script.clone(), bot.entities.clone());
    let bot = Bot { script, model: Box::new(mind), entities, sentiment: None, release: None };
    world.desk.bots().set(world.account, bot);
}

pub(crate) async fn enter(world: &World) -> Guest {
    let who = WhoAsks { inbox: world.inbox.key.clone(), ..WhoAsks::default() };
    world.desk.welcome(who).await.unwrap().0
}

pub(crate) fn said(text: &str) -> SendMessage {
    SendMessage { client_id: Uuid::new_v4(), text: text.into(), ..SendMessage::default() }
}

pub(crate) async fn ask(world: &World, guest: &mut Guest, text: &str) -> Sent {
    world.desk.send_as_guest(guest, said(text)).await.unwrap()
}

pub(crate) async fn thread(world: &World, guest: &Guest) -> Vec<Arc<Message>> {
    let views = world.desk.thread_of_guest(guest, 0, 1_000).await.unwrap();
    views.into_iter().map(|view| view.message).collect()
}

fn kinds(messages: &[Arc<Message>]) -> Vec<SenderKind> {
    messages.iter().map(|message| message.sender.kind).collect()
}

async fn the_bot_answers_in_the_same_commit(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;

    let sent = ask(&world, &mut guest, QUESTION).await;

    assert_eq!((sent.seq, sent.added.len()), (1, 2));
    assert_eq!(kinds(&sent.added), [SenderKind::Contact, SenderKind::Bot]);
    assert_eq!(sent.conversation.intent.as_deref(), Some("query_yield"));
    assert!(!sent.added[1].quick_replies.is_empty());
    let stored = thread(&world, &guest).await;
    assert_eq!(stored, sent.added, "what was told is what was stored");
    let events = world.desk.events_after(world.account, 0, 100).await.unwrap();
    let names: Vec<&str> = events.iter().map(|view| view.event.kind.name()).collect();
    assert_eq!(names, ["conversation.opened", "message.created", "message.created"]);
}

async fn a_person_is_there_when_asked_for(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    ask(&world, &mut guest, QUESTION).await;

    let sent = ask(&world, &mut guest, "转人工").await;

    assert_eq!(sent.conversation.status, Status::Open);
    let handoff = sent.conversation.handoff.clone().unwrap();
    assert_eq!(handoff.reason, HandoffReason::Asked);
    assert!(handoff.summary.contains("查询收益"), "{}", handoff.summary);
    let last = sent.added.last().unwrap();
    assert_eq!(last.kind, MessageKind::Activity(Activity::HandedOff));

    let quiet = ask(&world, &mut guest, "在吗").await;
    assert_eq!(quiet.added.len(), 1, "the bot is silent while people have it");

    let ada = world.agent(Role::Agent, "王小雨").await;
    let answer = world.desk.send_message(&ada, sent.conversation.id, said("您好")).await.unwrap();
    assert_eq!(answer.conversation.assignee, Some(ada.agent));
    assert_eq!(answer.conversation.waiting_since, None);
    let views = world.desk.thread_of_guest(&guest, answer.seq - 1, 10).await.unwrap();
    assert_eq!(views[0].sender_name.as_deref(), Some("王小雨"));
}

async fn the_same_send_again_is_the_same_message(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    let first = said(QUESTION);

    let sends = (0..5).map(|_| {
        let (desk, mut guest, first) = (world.desk.clone(), guest.clone(), first.clone());
        async move { desk.send_as_guest(&mut guest, first).await.unwrap() }
    });
    let sent = futures::future::join_all(sends).await;
    let later = world.desk.send_as_guest(&mut guest, first).await.unwrap();

    assert!(sent.iter().all(|sent| (sent.id, sent.seq) == (later.id, later.seq)));
    assert_eq!(later.added.len(), 0);
    assert_eq!(thread(&world, &guest).await.len(), 2);
}

async fn the_same_send_forty_days_later_elsewhere_is_the_same_message(world: World) {
    with_demo_bot(&world);
    let elsewhere = world.another_process().await;
    let mut guest = enter(&world).await;
    let question = said(QUESTION);
    let first = world.desk.send_as_guest(&mut guest, question.clone()).await.unwrap();
    let reply = said("您好");
    let thread_of = first.conversation.id;
    let answer = world.desk.send_message(&world.owner, thread_of, reply.clone()).await.unwrap();

    world.clock.advance(SignedDuration::from_hours(40 * 24));
    let again = elsewhere.send_as_guest(&mut guest.clone(), question).await.unwrap();
    let answered = elsewhere.send_message(&world.owner, thread_of, reply).await.unwrap();

    assert_eq!((again.id, again.seq), (first.id, first.seq));
    assert_eq!((answered.id, answered.seq), (answer.id, answer.seq));
    assert_eq!(thread(&world, &guest).await.last().unwrap().seq, answer.seq);
}

async fn what_was_acknowledged_can_be_read_everywhere_at_once(world: World) {
    with_demo_bot(&world);
    let elsewhere = world.another_process().await;
    let mut guest = enter(&world).await;

    for n in 1..=20 {
        let sent = ask(&world, &mut guest, &format!("{QUESTION} {n}")).await;

        let seen = elsewhere.thread_of_guest(&guest, 0, 1_000).await.unwrap();
        assert_eq!(seen.last().unwrap().message.seq, sent.conversation.last_seq);
        let listed = elsewhere.get_conversation(&world.owner, sent.conversation.id).await.unwrap();
        assert_eq!(listed.conversation.last_seq, sent.conversation.last_seq);
    }
}

async fn above_capacity_some_are_told_to_wait_and_agents_are_not(world: World) {
    const VISITORS: usize = 400;
    let limits = desk::Limits { intake_wait_max_ms: 1, ..desk::Limits::default() };
    let busy = world.another_desk(crate::test_policy(), limits).await;
    let answered = world.conversation().await.id;
    let mut guests = Vec::new();
    for _ in 0..VISITORS {
        guests.push(enter(&world).await);
    }
    let everybody_asks = async |guests: Vec<Guest>| {
        let sends = guests.into_iter().map(|mut guest| {
            let busy = &busy;
            async move {
                let sent = busy.send_as_guest(&mut guest, said("在吗")).await;
                (guest, sent)
            }
        });
        futures::future::join_all(sends).await
    };
    // What a message takes is learnt from those before.
    let mut earlier = Vec::new();
    for _ in 0..VISITORS {
        earlier.push(enter(&world).await);
    }
    everybody_asks(earlier).await;

    let replies = (0..20).map(|n| busy.send_message(&world.owner, answered, said(&format!("{n}"))));
    let (visits, replies) =
        tokio::join!(everybody_asks(guests), futures::future::join_all(replies));

    assert!(replies.iter().all(Result::is_ok), "{replies:?}");
    let mut waiting = 0;
    for (guest, sent) in &visits {
        let stored = thread(&world, guest).await;
        match sent {
            Ok(sent) => assert_eq!(stored[0].id, sent.id),
            Err(Error::Busy { retry_after_ms }) => {
                waiting += 1;
                assert!(*retry_after_ms > 0 && stored.is_empty(), "{stored:?}");
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(0 < waiting && waiting < VISITORS, "{waiting} of {VISITORS} were told to wait");
}

async fn many_visitors_at_once_each_have_their_own_thread(world: World) {
    with_demo_bot(&world);

    let visits = (0..200).map(|i| {
        let world = &world;
        async move {
            let mut guest = enter(world).await;
            for question in 0..3 {
                ask(world, &mut guest, &format!("{QUESTION} {i} {question}")).await;
            }
            guest
        }
    });
    let guests = futures::future::join_all(visits).await;

    for (i, guest) in guests.iter().enumerate() {
        let stored = thread(&world, guest).await;
        let seqs: Vec<i64> = stored.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, [1, 2, 3, 4, 5, 6]);
        for (question, message) in stored.iter().step_by(2).enumerate() {
            assert_eq!(message.text, format!("{QUESTION} {i} {question}"));
        }
    }
    let events = world.desk.events_after(world.account, 0, 10_000).await.unwrap();
    let cursors: Vec<i64> = events.iter().map(|view| view.event.cursor).collect();
    assert_eq!(cursors, (1..=200 * 7).collect::<Vec<i64>>());
}

/// A mind that panics.
struct Broken;

#[async_trait]
impl Understand for Broken {
    async fn understand(&self, _: &str) -> Understood {
        panic!("on purpose");
    }
}

/// A mind that never comes to an end.
struct Endless;

#[async_trait]
impl Understand for Endless {
    async fn understand(&self, _: &str) -> Understood {
        std::future::pending().await
    }
}

async fn expect_handoff_by_failure(world: &World) {
    let mut guest = enter(world).await;

    let sent = ask(world, &mut guest, QUESTION).await;

    assert_eq!(sent.added[0].text, QUESTION);
    assert_eq!(sent.conversation.status, Status::Open);
    assert_eq!(sent.conversation.handoff.as_ref().unwrap().reason, HandoffReason::BotFailed);
    assert_eq!(thread(world, &guest).await, sent.added);
}

async fn a_failing_bot_hands_over_and_loses_nothing(world: World) {
    with_mind(&world, Broken);
    expect_handoff_by_failure(&world).await;
}

async fn a_slow_bot_hands_over_in_time(world: World) {
    let limits = desk::Limits { bot_time_max_ms: 20, ..desk::Limits::default() };
    let hurried = world.another_desk(crate::test_policy(), limits).await;
    let world = World { desk: hurried, ..world };
    with_mind(&world, Endless);
    expect_handoff_by_failure(&world).await;
}

async fn without_a_bot_people_answer(world: World) {
    expect_handoff_by_failure(&world).await;
}

async fn a_resolved_conversation_is_rated_and_goes_back_to_the_bot(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    ask(&world, &mut guest, "转人工").await;
    let id = guest.conversation.unwrap();
    let early = world.desk.rate_as_guest(&guest, Uuid::from_u128(1), 5, "").await;
    assert!(matches!(early, Err(Error::Refused(Rule::RatingTooEarly))));

    world.desk.resolve_conversation(&world.owner, id).await.unwrap();
    let again = world.desk.resolve_conversation(&world.owner, id).await.unwrap();
    assert_eq!(again.conversation.status, Status::Resolved);
    for _ in 0..2 {
        world.desk.rate_as_guest(&guest, Uuid::from_u128(1), 5, "很满意").await.unwrap();
    }

    let rated = world.desk.get_conversation(&world.owner, id).await.unwrap();
    assert_eq!(rated.conversation.rating, Some(5));
    let ratings = world.desk.list_ratings(&world.owner, None, 10).await.unwrap();
    assert_eq!(ratings.len(), 1, "the same rating twice is one");
    assert!(world.desk.rate_as_guest(&guest, Uuid::from_u128(2), 6, "").await.is_err());

    let sent = ask(&world, &mut guest, QUESTION).await;
    assert_eq!(sent.conversation.status, Status::Bot);
    assert_eq!(sent.added.last().unwrap().sender.kind, SenderKind::Bot);
    let seqs: Vec<i64> = thread(&world, &guest).await.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<i64>>());
}

async fn an_agents_message_is_sent_once_and_taken_back(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    let id = ask(&world, &mut guest, "转人工").await.conversation.id;
    let answer = said("密码是 1234");
    let sent = world.desk.send_message(&world.owner, id, answer.clone()).await.unwrap();
    let again = world.desk.send_message(&world.owner, id, answer).await.unwrap();
    assert_eq!((sent.id, sent.seq), (again.id, again.seq));
    let other = world.agent(Role::Agent, "Bob").await;
    let theirs = world.desk.retract_message(&other, id, sent.id).await;
    assert!(matches!(theirs, Err(Error::Refused(Rule::NotYourMessage))));

    for _ in 0..2 {
        world.desk.retract_message(&world.owner, id, sent.id).await.unwrap();
    }

    let stored = thread(&world, &guest).await;
    let target = stored.iter().find(|message| message.seq == sent.seq).unwrap();
    assert!(target.retracted && target.text.is_empty());
    let lines: Vec<_> =
        stored.iter().filter(|message| message.target_seq == Some(sent.seq)).collect();
    assert_eq!(lines.len(), 1, "taking back twice is harmless");
}

async fn a_note_stays_inside(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    let id = ask(&world, &mut guest, "转人工").await.conversation.id;
    for _ in 0..2 {
        world.desk.write_note(&world.owner, id, Uuid::from_u128(3), "老客户，优先").await.unwrap();
    }

    let seen = world.desk.thread(&world.owner, id, None, 50).await.unwrap();
    let notes = seen.entries.iter().filter(|entry| matches!(entry, desk::Entry::Note(..))).count();
    assert_eq!(notes, 1);
    assert!(thread(&world, &guest).await.iter().all(|message| !message.text.contains("老客户")));
}

async fn a_transfer_and_its_note_happen_together_or_not_at_all(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    let id = ask(&world, &mut guest, "转人工").await.conversation.id;
    let colleague = world.agent(Role::Agent, "Wen").await.agent;
    let transfer = |agent, note| {
        let (desk, owner) = (world.desk.clone(), world.owner.clone());
        async move { desk.transfer_conversation(&owner, id, Some(agent), None, Some(note)).await }
    };

    let too_long = "长".repeat(domain::MESSAGE_CHARS_MAX + 1);
    let refused = transfer(colleague, too_long.as_str()).await;
    let untouched = world.desk.get_conversation(&world.owner, id).await.unwrap();
    let moved = transfer(colleague, "老客户，优先").await.unwrap();
    transfer(colleague, "  ").await.unwrap();

    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert_eq!(untouched.conversation.assignee, None);
    assert_eq!(moved.conversation.assignee, Some(colleague));
    let seen = world.desk.thread(&world.owner, id, None, 50).await.unwrap();
    let notes = seen.entries.iter().filter_map(|entry| match entry {
        desk::Entry::Note(note, ..) => Some(note.text.as_str()),
        _ => None,
    });
    assert_eq!(notes.collect::<Vec<_>>(), ["老客户，优先"]);
}

async fn what_happens_is_told_in_order_to_those_it_concerns(world: World) {
    with_demo_bot(&world);
    let shutdown = tokio_util::sync::CancellationToken::new();
    let feed = tokio::spawn(world.desk.gateway().await.unwrap().run(shutdown.clone()));
    let mut account = world.desk.watch_account(world.account);
    let mut guest = enter(&world).await;
    ask(&world, &mut guest, QUESTION).await;
    let mut contact = world.desk.watch_guest(&guest).unwrap();
    let mut stranger = enter(&world).await;
    ask(&world, &mut stranger, QUESTION).await;
    world.desk.send_message(&world.owner, guest.conversation.unwrap(), said("您好")).await.unwrap();

    let listen = async {
        let mut cursors = Vec::new();
        while cursors.len() < 9 {
            match account.next().await {
                Hint::Event(told) => cursors.push(told.event.cursor),
                other => panic!("{other:?}"),
            }
        }
        cursors
    };
    let cursors = crate::in_time(listen).await;
    assert_eq!(cursors, (1..=9).collect::<Vec<i64>>());
    loop {
        let Hint::Event(told) = crate::in_time(contact.next()).await else { panic!("missed") };
        assert_eq!(told.event.conversation, guest.conversation, "only what concerns the contact");
        if told.message.as_ref().is_some_and(|message| message.text == "您好") {
            break;
        }
    }
    shutdown.cancel();
    feed.await.unwrap();
}

async fn two_processes_keep_one_order(world: World) {
    if !world.store.is_shared() {
        // One process owns an SQLite file; the binary's lock sees to it.
        return;
    }
    with_demo_bot(&world);
    let other = world.another_process().await;
    let shutdown = tokio_util::sync::CancellationToken::new();
    let feed = tokio::spawn(world.desk.gateway().await.unwrap().run(shutdown.clone()));
    let mut watch = world.desk.watch_account(world.account);
    let thread = world.conversation().await.id;

    let write = |desk: desk::Desk, n: u128| {
        let owner = world.owner.clone();
        async move {
            for i in 0..40 {
                let note = desk.write_note(&owner, thread, Uuid::from_u128(n * 1_000 + i), "x");
                note.await.unwrap();
            }
        }
    };
    let listen = async {
        let mut cursors = Vec::new();
        while cursors.last() != Some(&80) {
            match watch.next().await {
                Hint::Event(told) => cursors.push(told.event.cursor),
                other => panic!("{other:?}"),
            }
        }
        cursors
    };
    let ((), (), cursors) =
        tokio::join!(write(world.desk.clone(), 1), write(other, 2), crate::in_time(listen));

    assert_eq!(cursors, (1..=80).collect::<Vec<i64>>());
    shutdown.cancel();
    feed.await.unwrap();
}

async fn out_of_hours_is_said_and_the_message_kept(world: World) {
    with_demo_bot(&world);
    let mut inbox = world.inbox.clone();
    inbox.hours = serde_json::from_value(serde_json::json!({
        "time_zone": "Asia/Shanghai",
        "week": [{"days": ["mon"], "opens": "09:00", "closes": "09:01"}],
    }))
    .unwrap();
    let saved = inbox.clone();
    let write = move |tx: store::Tx| async move { store::inbox::save(&tx, &saved).await };
    world.store.write(world.account, write).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(24));
    let mut guest = enter(&world).await;

    let sent = ask(&world, &mut guest, "我要找人工客服").await;

    assert_eq!(sent.conversation.status, Status::Open);
    assert!(sent.added.iter().any(|message| message.text.contains("09:00")), "{:?}", sent.added);
    assert_eq!(sent.added[0].id, sent.id);
    assert_ne!(sent.id, Id::new(0));
}
