use std::fs;

use async_trait::async_trait;
use desk::{Bot, Desk, Guest, ListReviews, SendMessage, Sent, Understand, Understood, WhoAsks};
use domain::{
    Decision, Error, Id, Language, ReviewItem, ReviewReason, ReviewState, Role, Rule, Sender,
};
use uuid::Uuid;

use crate::{Worker, World, desk_tests, eventually};

desk_tests! {
    what_the_bot_was_unsure_of_is_queued_once_however_often_it_is_said
    what_led_to_a_person_is_queued
    what_was_said_before_a_person_was_asked_for_is_queued
    a_bad_rating_queues_what_the_bot_answered
    what_is_accepted_becomes_an_example_and_nothing_else_does
    a_message_counts_once_for_however_many_reasons_it_is_noted
    a_reported_message_comes_first_and_is_learned_as_suggested
    two_who_decide_at_once_add_one_example
    two_processes_count_once_and_a_dead_one_loses_nothing
    the_queue_is_for_those_who_train_the_bot
}

/// Knows parcels, and is unsure of everything else.
struct Mind;

#[async_trait]
impl Understand for Mind {
    async fn understand(&self, text: &str) -> Understood {
        let (intent, probability) = match text.contains("快递") {
            true => ("parcel", 0.95),
            false if text.contains("天书") => ("refund", 0.05),
            false => ("refund", 0.5),
        };
        Understood {
            language: Some(Language::Zh),
            intents: vec![(intent.to_owned(), probability)],
            ..Understood::default()
        }
    }
}

impl World {
    /// Puts a bot to work that is unsure of most things.
    async fn with_unsure_bot(&self) {
        self.write_bot();
        self.make_unsure(&self.desk).await;
    }

    /// Gives a process the bot that is sure of nothing.
    async fn make_unsure(&self, desk: &Desk) {
        desk.load_bots().await.unwrap();
        let loaded = desk.bots().get(self.account).unwrap();
        let (script, entities) = (loaded.script.clone(), loaded.entities.clone());
        let bot = Bot {
            script,
            model: Box::new(Mind),
            entities,
            sentiment: None,
            release: loaded.release,
        };
        desk.bots().set(self.account, bot);
    }

    pub(crate) async fn guest(&self) -> Guest {
        let who = WhoAsks { inbox: self.inbox.key.clone(), ..WhoAsks::default() };
        self.desk.welcome(who).await.unwrap().0
    }

    pub(crate) async fn ask(&self, guest: &mut Guest, text: &str) -> Sent {
        let said =
            SendMessage { client_id: Uuid::new_v4(), text: text.into(), ..SendMessage::default() };
        self.desk.send_as_guest(guest, said).await.unwrap()
    }

    async fn reviews(&self, state: ReviewState) -> Vec<ReviewItem> {
        let which = ListReviews { state, reason: None, language: None, predicted: None };
        self.desk.list_reviews(&self.owner, which, None, 100).await.unwrap()
    }

    /// Waits until the follower of the log has dealt with all that was committed.
    pub(crate) async fn learned(&self) {
        let behind = async || {
            let nobody = self.store.read(domain::Account::NOBODY);
            let behind = store::follower::list_behind(&nobody, "learning").await.unwrap();
            (!behind.contains(&self.account)).then_some(())
        };
        eventually("the log is followed", behind).await;
    }

    async fn decide(&self, id: Id<ReviewItem>, decision: Decision) -> domain::Result<ReviewItem> {
        self.desk.decide_review(&self.owner, id, decision, None).await
    }

    fn intents(&self) -> [String; 2] {
        ["refund", "parcel"].map(|intent| {
            fs::read_to_string(self.bot_files().join(format!("intents/{intent}.zh.yml"))).unwrap()
        })
    }
}

fn texts(items: &[ReviewItem]) -> Vec<(&str, ReviewReason, i64)> {
    items.iter().map(|item| (item.text.as_str(), item.reason, item.seen)).collect()
}

async fn what_the_bot_was_unsure_of_is_queued_once_however_often_it_is_said(world: World) {
    world.with_unsure_bot().await;
    let (mut one, mut other) = (world.guest().await, world.guest().await);
    world.ask(&mut one, "钱呢").await;
    world.ask(&mut one, "快递到哪了").await;
    world.ask(&mut other, "钱 呢？？").await;
    world.ask(&mut other, "会员怎么办").await;
    world.ask(&mut other, "12345").await;

    let _worker = world.work();
    world.learned().await;

    let queued = world.reviews(ReviewState::Open).await;
    let uncertain = ReviewReason::Uncertain;
    assert_eq!(texts(&queued), [("钱呢", uncertain, 2), ("会员怎么办", uncertain, 1)]);
    assert_eq!((queued[0].predicted.as_str(), queued[0].probability), ("refund", 0.5));
    assert_eq!(queued[0].release, world.desk.bots().release(world.account));
    assert_eq!(world.desk.count_open_reviews(&world.owner).await.unwrap(), 2);
}

async fn what_led_to_a_person_is_queued(world: World) {
    world.with_unsure_bot().await;
    let mut guest = world.guest().await;
    world.ask(&mut guest, "天书一").await;
    let sent = world.ask(&mut guest, "天书二").await;
    assert!(sent.conversation.handoff.is_some(), "lost twice");
    world.ask(&mut guest, "有人吗").await;

    let _worker = world.work();
    world.learned().await;

    let queued = world.reviews(ReviewState::Open).await;
    let expected = [("天书二", ReviewReason::HandedOff, 1), ("天书一", ReviewReason::Uncertain, 1)];
    assert_eq!(texts(&queued), expected, "what people answer is not the bot's to learn");
}

async fn what_was_said_before_a_person_was_asked_for_is_queued(world: World) {
    world.with_unsure_bot().await;
    let mut guest = world.guest().await;
    world.ask(&mut guest, "快递丢了").await;
    world.ask(&mut guest, "转人工").await;

    let _worker = world.work();
    world.learned().await;

    let queued = world.reviews(ReviewState::Open).await;
    assert_eq!(texts(&queued), [("快递丢了", ReviewReason::HandedOff, 1)]);
}

async fn a_bad_rating_queues_what_the_bot_answered(world: World) {
    world.with_unsure_bot().await;
    let (mut angry, mut content) = (world.guest().await, world.guest().await);
    for (guest, score, text) in [(&mut angry, 1, "快递太慢"), (&mut content, 5, "快递真快")]
    {
        let thread = world.ask(guest, text).await.conversation.id;
        world.desk.resolve_conversation(&world.owner, thread).await.unwrap();
        world.desk.rate_as_guest(guest, Uuid::new_v4(), score, "").await.unwrap();
    }

    let _worker = world.work();
    world.learned().await;

    let queued = world.reviews(ReviewState::Open).await;
    assert_eq!(texts(&queued), [("快递太慢", ReviewReason::BadlyRated, 1)]);
}

async fn a_message_counts_once_for_however_many_reasons_it_is_noted(world: World) {
    world.with_unsure_bot().await;
    let agent = world.agent(Role::Agent, "Lin").await;
    let (mut angry, mut other) = (world.guest().await, world.guest().await);
    let first = world.ask(&mut angry, "钱呢").await;
    let _worker = world.work();
    world.learned().await;
    let seen = async || {
        let queued = world.reviews(ReviewState::Open).await;
        assert_eq!(queued.len(), 1, "{queued:?}");
        (queued[0].reason, queued[0].seen)
    };
    assert_eq!(seen().await, (ReviewReason::Uncertain, 1));
    world.ask(&mut other, "钱 呢？").await;
    world.learned().await;
    assert_eq!(seen().await, (ReviewReason::Uncertain, 2));

    let thread = first.conversation.id;
    world.desk.resolve_conversation(&world.owner, thread).await.unwrap();
    world.desk.rate_as_guest(&angry, Uuid::new_v4(), 1, "").await.unwrap();
    world.learned().await;
    assert_eq!(seen().await, (ReviewReason::BadlyRated, 2), "rated is not said again");
    for _ in 0..2 {
        world.desk.report_message(&agent, thread, first.seq, None).await.unwrap();
    }
    assert_eq!(seen().await, (ReviewReason::Corrected, 2), "nor is reported");

    world.ask(&mut other, "钱呢").await;
    world.learned().await;
    assert_eq!(seen().await.1, 3);
}

async fn what_is_accepted_becomes_an_example_and_nothing_else_does(world: World) {
    world.with_unsure_bot().await;
    let mut guest = world.guest().await;
    for text in ["钱呢", "会员怎么办", "东西没来"] {
        world.ask(&mut guest, text).await;
    }
    let before = world.intents();
    let _worker = world.work();
    world.learned().await;
    let queued = world.reviews(ReviewState::Open).await;
    let id = |text: &str| queued.iter().find(|item| item.text == text).unwrap().id;
    assert_eq!(world.intents(), before, "nothing is learned undecided");

    let accepted = world.decide(id("钱呢"), Decision::Accept).await.unwrap();
    let parcel = Decision::Correct("parcel".into());
    world.decide(id("东西没来"), parcel.clone()).await.unwrap();
    world.decide(id("会员怎么办"), Decision::Reject).await.unwrap();

    let [refund, parcels] = world.intents();
    assert_eq!(refund, before[0].replace("answer:", "  - 钱呢\nanswer:"));
    assert_eq!(parcels, before[1].replace("answer:", "  - 东西没来\nanswer:"));
    assert_eq!(world.reviews(ReviewState::Open).await, []);
    assert_eq!(
        (accepted.state, accepted.decided_by),
        (ReviewState::Accepted, Some(world.owner.agent))
    );
    let again = world.decide(id("东西没来"), parcel).await.unwrap();
    assert_eq!(again.state, ReviewState::Corrected);
    let otherwise = world.decide(id("东西没来"), Decision::Reject).await;
    assert!(matches!(otherwise, Err(Error::Stale(_))), "{otherwise:?}");
    world.ask(&mut guest, "钱呢").await;
    world.learned().await;
    assert_eq!(world.reviews(ReviewState::Open).await, [], "what was decided does not come back");
    assert_eq!(world.reviews(ReviewState::Accepted).await[0].seen, 2);
}

async fn a_reported_message_comes_first_and_is_learned_as_suggested(world: World) {
    world.with_unsure_bot().await;
    let agent = world.agent(Role::Agent, "Lin").await;
    let mut guest = world.guest().await;
    world.ask(&mut guest, "钱呢").await;
    let sent = world.ask(&mut guest, "快递退款").await;
    let _worker = world.work();
    world.learned().await;
    let report = async |seq: i64, intent: Option<&str>| {
        world.desk.report_message(&agent, sent.conversation.id, seq, intent).await
    };

    let reported = report(sent.seq, Some("refund")).await.unwrap();

    assert_eq!(
        (reported.reason, reported.suggested.as_deref()),
        (ReviewReason::Corrected, Some("refund"))
    );
    assert_eq!(world.reviews(ReviewState::Open).await[0].id, reported.id);
    let bots = report(sent.seq + 1, None).await;
    assert!(matches!(bots, Err(Error::NotFound("message"))), "{bots:?}");
    let decided = world.decide(reported.id, Decision::Accept).await.unwrap();
    assert_eq!(decided.decided_intent.as_deref(), Some("refund"));
    assert!(world.intents()[0].contains("  - 快递退款\n"));
    let wrong = world
        .decide(world.reviews(ReviewState::Open).await[0].id, Decision::Correct("nothing".into()))
        .await;
    assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
    assert_eq!(world.reviews(ReviewState::Open).await.len(), 1, "it still waits");
    let said = world.say(sent.conversation.id, Sender::contact(sent.contact), "想退款").await;
    let test = report(said.seq, Some("refund")).await.unwrap();
    let leak = world.decide(test.id, Decision::Accept).await;
    assert!(matches!(leak, Err(Error::Refused(Rule::ExampleIsTest))), "{leak:?}");
}

async fn two_who_decide_at_once_add_one_example(world: World) {
    world.with_unsure_bot().await;
    let other = world.another_process().await;
    let trainer = world.agent(Role::Trainer, "Tao").await;
    let mut guest = world.guest().await;
    world.ask(&mut guest, "东西没来").await;
    let _worker = world.work();
    world.learned().await;
    let id = world.reviews(ReviewState::Open).await[0].id;

    let (one, two) = tokio::join!(
        world.decide(id, Decision::Accept),
        other.decide_review(&trainer, id, Decision::Correct("parcel".into()), None)
    );

    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let written = world.intents().map(|file| file.matches("东西没来").count());
    let expected = if one.is_ok() { [1, 0] } else { [0, 1] };
    assert_eq!(written, expected);
}

async fn two_processes_count_once_and_a_dead_one_loses_nothing(world: World) {
    world.with_unsure_bot().await;
    let other = world.another_process().await;
    world.make_unsure(&other).await;
    let mut guest = world.guest().await;
    let workers = [world.work(), Worker::start(&other)];
    for _ in 0..15 {
        world.ask(&mut guest, "钱呢").await;
    }
    for worker in workers {
        worker.kill();
    }
    world.ask(&mut guest, "钱呢").await;

    let _workers = [world.work(), Worker::start(&other)];
    world.learned().await;

    let queued = world.reviews(ReviewState::Open).await;
    assert_eq!(queued.len(), 1);
    assert_eq!(queued[0].seen, 16, "each once");
}

async fn the_queue_is_for_those_who_train_the_bot(world: World) {
    world.with_unsure_bot().await;
    let agent = world.agent(Role::Agent, "Lin").await;
    let stranger = world.another_account().await;
    let mut guest = world.guest().await;
    let sent = world.ask(&mut guest, "钱呢").await;
    let _worker = world.work();
    world.learned().await;
    let id = world.reviews(ReviewState::Open).await[0].id;

    let denied = world.desk.decide_review(&agent, id, Decision::Reject, None).await;
    assert!(matches!(denied, Err(Error::Denied("train"))), "{denied:?}");
    let foreign = world.desk.decide_review(&stranger, id, Decision::Reject, None).await;
    assert!(matches!(foreign, Err(Error::NotFound(_))), "{foreign:?}");
    let report = world.desk.report_message(&stranger, sent.conversation.id, sent.seq, None).await;
    assert!(matches!(report, Err(Error::NotFound(_))), "{report:?}");
}
