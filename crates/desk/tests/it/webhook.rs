//! Webhooks, against a receiver that really listens.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use desk::{ChangeWebhook, Limits, WebhookSecret};
use domain::{Delivery, DeliveryState, Error, EventKind, Id, Role, Rule, Sender, Webhook};
use jiff::SignedDuration;
use outbound::signature::{self, Secret, TOLERANCE_SECONDS};
use tokio::sync::mpsc;

use crate::{PATIENCE, Worker, World, desk_tests, eventually, test_policy};

desk_tests! {
    an_event_arrives_signed_and_in_its_wire_form
    a_webhook_hears_of_what_it_wants_and_of_nothing_else
    a_refused_delivery_is_tried_again_under_the_same_id_when_its_time_comes
    a_receiver_that_does_not_answer_is_tried_again
    a_receiver_may_ask_for_more_time
    a_receiver_that_is_gone_is_left_alone
    what_fails_too_often_is_dead_and_can_be_replayed
    a_worker_that_dies_between_sending_and_settling_sends_again_under_the_same_id
    both_secrets_sign_for_a_day
    a_slow_receiver_holds_up_no_other
    two_processes_deliver_each_event_once
    what_happened_while_no_worker_ran_is_delivered
    a_webhook_that_is_switched_off_hears_nothing
    an_account_has_twenty_webhooks_at_most
    an_address_of_our_own_network_is_refused_in_one_sentence
    only_who_may_integrate_sees_webhooks_and_only_of_the_own_account
}

/// What a receiver does with a delivery.
#[derive(Clone, Copy)]
enum Answer {
    Status(u16),
    Later(u16, &'static str),
    Never,
}

/// A delivery as it arrived.
struct Arrived {
    headers: HeaderMap,
    body: Bytes,
}

impl Arrived {
    fn id(&self) -> &str {
        self.headers["webhook-id"].to_str().unwrap()
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn is_signed_with(&self, secret: &str, now: i64) -> bool {
        let secret: Secret = secret.parse().unwrap();
        signature::verify(&[secret], &self.headers, &self.body, now, TOLERANCE_SECONDS).is_ok()
    }
}

/// A company's server on a port of its own. It answers 204 unless it was told
/// otherwise.
struct Receiver {
    url: String,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    arrived: mpsc::UnboundedReceiver<Arrived>,
}

type Inside = (Arc<Mutex<VecDeque<Answer>>>, mpsc::UnboundedSender<Arrived>);

impl Receiver {
    async fn start(answers: &[Answer]) -> Self {
        let answers = Arc::new(Mutex::new(answers.iter().copied().collect::<VecDeque<_>>()));
        let (sender, arrived) = mpsc::unbounded_channel();
        let app = Router::new().fallback(receive).with_state((answers.clone(), sender));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/hook", listener.local_addr().unwrap().port());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Receiver { url, answers, arrived }
    }

    async fn next(&mut self) -> Arrived {
        let arrived = tokio::time::timeout(PATIENCE, self.arrived.recv()).await;
        arrived.expect("a delivery arrives").expect("the receiver runs")
    }

    /// Whether something arrived that nobody asked for yet.
    fn has_more(&mut self) -> bool {
        self.arrived.try_recv().is_ok()
    }

    fn will_answer(&self, answer: Answer) {
        self.answers.lock().unwrap().push_back(answer);
    }
}

async fn receive(
    State((answers, sender)): State<Inside>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = answers.lock().unwrap().pop_front().unwrap_or(Answer::Status(204));
    sender.send(Arrived { headers, body }).ok();
    match answer {
        Answer::Status(status) => {
            (StatusCode::from_u16(status).unwrap(), "so it is").into_response()
        }
        Answer::Later(status, after) => {
            (StatusCode::from_u16(status).unwrap(), [("retry-after", after)]).into_response()
        }
        Answer::Never => std::future::pending().await,
    }
}

impl World {
    async fn webhook(&self, receiver: &Receiver, kinds: &[EventKind]) -> WebhookSecret {
        let (url, kinds) = (Some(receiver.url.clone()), Some(kinds.to_vec()));
        let new = ChangeWebhook { url, kinds, enabled: None };
        self.desk.create_webhook(&self.owner, new).await.unwrap()
    }

    /// Waits for a delivery that is as it should be.
    async fn delivery(
        &self,
        webhook: Id<Webhook>,
        what: &str,
        fits: impl Fn(&Delivery) -> bool,
    ) -> Delivery {
        let look = async || {
            let all =
                self.desk.list_deliveries(&self.owner, webhook, None, None, 100).await.unwrap();
            all.into_iter().find(&fits)
        };
        eventually(what, look).await
    }

    async fn chat(&self, messages: usize) {
        let thread = self.conversation().await;
        for n in 0..messages {
            self.say(thread.id, Sender::contact(thread.contact), &format!("message {n}")).await;
        }
    }
}

const MESSAGES: &[EventKind] = &[EventKind::MessageCreated];

async fn an_event_arrives_signed_and_in_its_wire_form(world: World) {
    let mut receiver = Receiver::start(&[]).await;
    let hook = world.webhook(&receiver, MESSAGES).await;
    let _worker = world.work();

    let thread = world.conversation().await;
    let message =
        world.say(thread.id, Sender::contact(thread.contact), "我想查询基金的收益情况").await;

    let arrived = receiver.next().await;
    let json = arrived.json();
    let cursor = json["data"]["cursor"].as_i64().unwrap();
    assert_eq!(arrived.id(), format!("evt_{}_{cursor}", world.account));
    assert!(arrived.is_signed_with(&hook.secret, world.now().as_second()));
    assert!(
        !arrived
            .is_signed_with(&format!("whsec_{}", "A".repeat(43) + "="), world.now().as_second())
    );
    assert_eq!(arrived.headers["content-type"], "application/cloudevents+json");
    assert_eq!(json["specversion"], "1.0");
    assert_eq!(json["id"], format!("{}/{cursor}", world.account));
    assert_eq!(json["type"], "message.created");
    assert_eq!(json["subject"], format!("/conversations/{}", thread.id));
    assert_eq!(json["data"]["message"]["id"], message.id.number());
    assert_eq!(json["data"]["message"]["text"], "我想查询基金的收益情况");
    assert_eq!(json["data"]["conversation"]["id"], thread.id.number());
    let delivered = |delivery: &Delivery| delivery.state == DeliveryState::Delivered;
    let delivery = world.delivery(hook.webhook.id, "it is delivered", delivered).await;
    assert_eq!((delivery.attempts, delivery.status_code, delivery.error), (1, Some(204), None));
    assert!(delivery.duration_ms.is_some());
}

/// The guide shows one delivery in full, for those who write a receiver.
#[test]
fn the_vector_of_the_guide_holds() {
    let guide = include_str!("../../../../docs/guide/webhooks.md");
    let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let (id, body) = ("evt_7_1234", "{\"text\":\"你好\"}");

    let headers =
        signature::sign(&[secret.parse().unwrap()], id, 1_795_338_000, body.as_bytes()).unwrap();

    let signature = headers["webhook-signature"].to_str().unwrap();
    for part in [secret, id, "1795338000", body, signature] {
        assert!(guide.contains(&format!("`{part}`")), "{part}");
    }
}

async fn a_webhook_hears_of_what_it_wants_and_of_nothing_else(world: World) {
    let (mut all, mut some) = (Receiver::start(&[]).await, Receiver::start(&[]).await);
    world.webhook(&all, &[]).await;
    world.webhook(&some, &[EventKind::TagUpdated, EventKind::MessageCreated]).await;
    let _worker = world.work();

    world.chat(1).await;

    let types = [all.next().await, all.next().await, all.next().await]
        .map(|arrived| arrived.json()["type"].clone());
    let mut types = types.map(|kind| kind.as_str().unwrap().to_owned());
    types.sort();
    assert_eq!(types, ["message.created", "webhook.updated", "webhook.updated"]);
    assert_eq!(some.next().await.json()["type"], "message.created");
    assert!(!all.has_more() && !some.has_more());
}

async fn a_refused_delivery_is_tried_again_under_the_same_id_when_its_time_comes(world: World) {
    let mut receiver = Receiver::start(&[Answer::Status(500), Answer::Status(302)]).await;
    let hook = world.webhook(&receiver, MESSAGES).await.webhook.id;
    let _worker = world.work();

    world.chat(1).await;

    let first = receiver.next().await;
    let failed =
        world.delivery(hook, "it failed", |delivery| delivery.status_code == Some(500)).await;
    assert_eq!(failed.state, DeliveryState::Waiting);
    assert_eq!(failed.error.as_deref(), Some("the receiver answered 500: so it is"));
    let wait = failed.next_at.duration_since(world.now()).as_secs();
    assert!((5..=6).contains(&wait), "{wait} s");
    assert!(!receiver.has_more(), "it is not tried before its time");

    world.clock.advance(SignedDuration::from_secs(6));
    let second = receiver.next().await;
    let redirected =
        world.delivery(hook, "it failed again", |delivery| delivery.status_code == Some(302)).await;
    assert_eq!(redirected.attempts, 2, "a redirect is not followed");

    world.clock.advance(SignedDuration::from_secs(36));
    let third = receiver.next().await;
    let delivered = |delivery: &Delivery| delivery.state == DeliveryState::Delivered;
    assert_eq!(world.delivery(hook, "it is delivered", delivered).await.attempts, 3);
    assert_eq!([second.id(), third.id()], [first.id(), first.id()]);
    let stamp = |arrived: &Arrived| {
        arrived.headers["webhook-timestamp"].to_str().unwrap().parse::<i64>().unwrap()
    };
    assert_eq!(stamp(&third) - stamp(&first), 42, "each attempt is signed anew");
}

async fn a_receiver_that_does_not_answer_is_tried_again(world: World) {
    let mut receiver = Receiver::start(&[Answer::Never]).await;
    let hook = world.webhook(&receiver, MESSAGES).await.webhook.id;
    let hasty = outbound::Policy { total_timeout: Duration::from_millis(500), ..test_policy() };
    let desk = world.another_desk(hasty, Limits::default()).await;
    let _worker = Worker::start(&desk);

    world.chat(1).await;

    let first = receiver.next().await;
    let failed = world.delivery(hook, "it timed out", |delivery| delivery.error.is_some()).await;
    assert_eq!((failed.state, failed.status_code), (DeliveryState::Waiting, None));
    assert!(failed.duration_ms.unwrap() >= 500);
    world.clock.advance(SignedDuration::from_secs(6));
    assert_eq!(receiver.next().await.id(), first.id());
}

async fn a_receiver_may_ask_for_more_time(world: World) {
    let mut receiver =
        Receiver::start(&[Answer::Later(429, "600"), Answer::Later(503, "99999999")]).await;
    let hook = world.webhook(&receiver, MESSAGES).await.webhook.id;
    let _worker = world.work();

    world.chat(1).await;

    receiver.next().await;
    let asked = world
        .delivery(hook, "it was asked to wait", |delivery| delivery.status_code == Some(429))
        .await;
    assert_eq!(asked.next_at.duration_since(world.now()).as_secs(), 600);
    world.clock.advance(SignedDuration::from_secs(600));
    receiver.next().await;
    let asked = world
        .delivery(hook, "it was asked again", |delivery| delivery.status_code == Some(503))
        .await;
    assert_eq!(asked.next_at.duration_since(world.now()).as_secs(), 1_800, "within bounds");
}

async fn a_receiver_that_is_gone_is_left_alone(world: World) {
    let mut receiver = Receiver::start(&[Answer::Status(410)]).await;
    let hook = world.webhook(&receiver, MESSAGES).await.webhook.id;
    let _worker = world.work();

    world.chat(1).await;

    receiver.next().await;
    world.delivery(hook, "it is dead", |delivery| delivery.state == DeliveryState::Dead).await;
    assert!(!world.desk.get_webhook(&world.owner, hook).await.unwrap().enabled);
    world.clock.advance(SignedDuration::from_hours(48));
    world.chat(3).await;
    let other = Receiver::start(&[]).await;
    world.webhook(&other, MESSAGES).await;
    world.chat(1).await;
    let mut other = other;
    other.next().await;
    assert!(!receiver.has_more());
    assert_eq!(
        world.desk.list_deliveries(&world.owner, hook, None, None, 9).await.unwrap().len(),
        1
    );
}

async fn what_fails_too_often_is_dead_and_can_be_replayed(world: World) {
    let mut receiver = Receiver::start(&[Answer::Status(500); 3]).await;
    let hook = world.webhook(&receiver, MESSAGES).await.webhook.id;
    let limits = Limits { delivery_attempts_max: 3, ..Limits::default() };
    let desk = world.another_desk(test_policy(), limits).await;
    let _worker = Worker::start(&desk);

    world.chat(1).await;

    let first = receiver.next().await;
    for attempts in 1..=2 {
        let settled = |delivery: &Delivery| {
            delivery.attempts == attempts
                && delivery.next_at > world.now()
                && delivery.error.is_some()
                && delivery.next_at.duration_since(world.now()).as_secs() < 40
        };
        world.delivery(hook, "it failed", settled).await;
        world.clock.advance(SignedDuration::from_secs(40));
        assert_eq!(receiver.next().await.id(), first.id());
    }
    let dead =
        world.delivery(hook, "it is dead", |delivery| delivery.state == DeliveryState::Dead).await;
    assert_eq!((dead.attempts, dead.status_code), (3, Some(500)));
    let listed = world
        .desk
        .list_deliveries(&world.owner, hook, Some(DeliveryState::Dead), None, 9)
        .await
        .unwrap();
    assert_eq!(listed, std::slice::from_ref(&dead));
    world.clock.advance(SignedDuration::from_hours(72));
    assert!(!receiver.has_more());

    let replayed = world.desk.replay_delivery(&world.owner, hook, dead.id).await.unwrap();
    assert_eq!((replayed.state, replayed.attempts), (DeliveryState::Waiting, 0));
    assert_eq!(receiver.next().await.id(), first.id());
    let delivered = |delivery: &Delivery| delivery.state == DeliveryState::Delivered;
    world.delivery(hook, "it is delivered", delivered).await;

    world.desk.replay_delivery(&world.owner, hook, dead.id).await.unwrap();
    assert_eq!(
        receiver.next().await.id(),
        first.id(),
        "what was delivered can be replayed as well"
    );
}

async fn a_worker_that_dies_between_sending_and_settling_sends_again_under_the_same_id(
    world: World,
) {
    let mut receiver = Receiver::start(&[Answer::Never]).await;
    let hook = world.webhook(&receiver, MESSAGES).await.webhook.id;
    let worker = world.work();
    world.chat(1).await;
    let first = receiver.next().await;

    worker.kill();
    let _worker = world.work();
    let left = world.delivery(hook, "it is claimed", |delivery| delivery.attempts == 1).await;
    assert_eq!((left.state, left.error), (DeliveryState::Waiting, None));
    assert!(!receiver.has_more(), "the claim holds");
    world.clock.advance(SignedDuration::from_secs(60));

    let second = receiver.next().await;
    assert_eq!(second.id(), first.id());
    assert_eq!(second.json()["id"], first.json()["id"]);
    let delivered = |delivery: &Delivery| delivery.state == DeliveryState::Delivered;
    assert_eq!(world.delivery(hook, "it is delivered", delivered).await.attempts, 2);
}

async fn both_secrets_sign_for_a_day(world: World) {
    let mut receiver = Receiver::start(&[]).await;
    let before = world.webhook(&receiver, MESSAGES).await;
    let after = world.desk.rotate_webhook_secret(&world.owner, before.webhook.id).await.unwrap();
    assert_ne!(after.secret, before.secret);
    assert!(after.secret.starts_with("whsec_"));
    let _worker = world.work();

    world.chat(1).await;
    let arrived = receiver.next().await;
    let now = world.now().as_second();
    assert!(
        arrived.is_signed_with(&before.secret, now) && arrived.is_signed_with(&after.secret, now)
    );

    world.clock.advance(SignedDuration::from_hours(24));
    world.chat(1).await;
    let arrived = receiver.next().await;
    let now = world.now().as_second();
    assert!(
        !arrived.is_signed_with(&before.secret, now) && arrived.is_signed_with(&after.secret, now)
    );
}

async fn a_slow_receiver_holds_up_no_other(world: World) {
    const EVENTS: usize = 40;
    let mut slow = Receiver::start(&[Answer::Never; EVENTS]).await;
    let mut quick = Receiver::start(&[]).await;
    world.webhook(&slow, MESSAGES).await;
    world.webhook(&quick, MESSAGES).await;
    world.chat(EVENTS).await;
    let _worker = world.work();

    let mut seen = HashSet::new();
    for _ in 0..EVENTS {
        seen.insert(quick.next().await.id().to_owned());
    }

    assert_eq!(seen.len(), EVENTS);
    let mut at_once = 0;
    while slow.has_more() {
        at_once += 1;
    }
    assert!((1..=8).contains(&at_once), "{at_once} deliveries to one webhook at once");
}

async fn two_processes_deliver_each_event_once(world: World) {
    const EVENTS: usize = 60;
    let mut receiver = Receiver::start(&[]).await;
    let hook = world.webhook(&receiver, MESSAGES).await.webhook.id;
    let other = world.another_process().await;
    let _workers = [world.work(), Worker::start(&other)];

    world.chat(EVENTS).await;

    let mut seen = HashSet::new();
    for _ in 0..EVENTS {
        assert!(seen.insert(receiver.next().await.id().to_owned()), "twice");
    }
    let all_settled = async || {
        let waiting = Some(DeliveryState::Waiting);
        let waiting =
            world.desk.list_deliveries(&world.owner, hook, waiting, None, 100).await.unwrap();
        waiting.is_empty().then_some(())
    };
    eventually("all are settled", all_settled).await;
    assert!(!receiver.has_more());
}

async fn what_happened_while_no_worker_ran_is_delivered(world: World) {
    let mut receiver = Receiver::start(&[]).await;
    world.webhook(&receiver, MESSAGES).await;
    let worker = world.work();
    world.chat(1).await;
    let first = receiver.next().await.json()["data"]["cursor"].as_i64().unwrap();
    worker.stop().await;

    world.chat(5).await;
    let _worker = world.work();

    let mut cursors = Vec::new();
    for _ in 0..5 {
        cursors.push(receiver.next().await.json()["data"]["cursor"].as_i64().unwrap());
    }
    cursors.sort_unstable();
    assert_eq!(cursors, (first + 1..first + 6).collect::<Vec<_>>());
    assert!(!receiver.has_more());
}

async fn a_webhook_that_is_switched_off_hears_nothing(world: World) {
    let mut receiver = Receiver::start(&[Answer::Status(500)]).await;
    let hook = world.webhook(&receiver, MESSAGES).await.webhook.id;
    let _worker = world.work();
    world.chat(1).await;
    receiver.next().await;
    world.delivery(hook, "it failed", |delivery| delivery.status_code == Some(500)).await;

    let off = ChangeWebhook { enabled: Some(false), ..ChangeWebhook::default() };
    world.desk.change_webhook(&world.owner, hook, off).await.unwrap();
    world.chat(1).await;
    world.clock.advance(SignedDuration::from_secs(6));

    let dead = world
        .delivery(hook, "it is given up", |delivery| delivery.state == DeliveryState::Dead)
        .await;
    assert!(dead.error.unwrap().contains("switched off"));
    assert!(!receiver.has_more());

    let on = ChangeWebhook { enabled: Some(true), ..ChangeWebhook::default() };
    world.desk.change_webhook(&world.owner, hook, on).await.unwrap();
    receiver.will_answer(Answer::Status(200));
    world.desk.replay_delivery(&world.owner, hook, dead.id).await.unwrap();
    receiver.next().await;
}

async fn an_account_has_twenty_webhooks_at_most(world: World) {
    let receiver = Receiver::start(&[]).await;
    for _ in 0..20 {
        world.webhook(&receiver, MESSAGES).await;
    }
    let new = ChangeWebhook { url: Some(receiver.url.clone()), ..ChangeWebhook::default() };

    let error = world.desk.create_webhook(&world.owner, new.clone()).await.unwrap_err();

    assert!(matches!(error, Error::Refused(Rule::LimitReached)), "{error:?}");
    let hooks = world.desk.list_webhooks(&world.owner).await.unwrap();
    world.desk.delete_webhook(&world.owner, hooks[0].id).await.unwrap();
    world.desk.create_webhook(&world.owner, new).await.unwrap();
}

async fn an_address_of_our_own_network_is_refused_in_one_sentence(world: World) {
    let refuse = async |url: &str| {
        let new = ChangeWebhook { url: Some(url.to_owned()), ..ChangeWebhook::default() };
        match world.desk.create_webhook(&world.owner, new).await {
            Err(Error::Invalid(fields)) => fields.into_iter().next().unwrap(),
            other => panic!("{url}: {other:?}"),
        }
    };

    for url in [
        "http://10.0.0.1/hook",
        "https://169.254.169.254/latest",
        "http://[::1]/",
        "http://nobody.invalid/",
    ] {
        let field = refuse(url).await;
        assert_eq!(
            (field.pointer.as_str(), field.detail.as_str()),
            ("/url", outbound::USER_TEXT_EN),
            "{url}"
        );
    }
    assert!(refuse("ftp://example.com/").await.detail.contains("https"));
    assert!(refuse("https://user:pass@example.com/").await.detail.contains("user name"));
    assert_eq!(world.desk.list_webhooks(&world.owner).await.unwrap(), []);
}

async fn only_who_may_integrate_sees_webhooks_and_only_of_the_own_account(world: World) {
    let receiver = Receiver::start(&[]).await;
    let hook = world.webhook(&receiver, MESSAGES).await.webhook.id;
    let supervisor = world.agent(Role::Supervisor, "Sun").await;
    let stranger = world.another_account().await;

    assert!(matches!(world.desk.list_webhooks(&supervisor).await, Err(Error::Denied("integrate"))));
    assert!(matches!(
        world.desk.rotate_webhook_secret(&supervisor, hook).await,
        Err(Error::Denied(_))
    ));
    assert_eq!(world.desk.list_webhooks(&stranger).await.unwrap(), []);
    assert!(matches!(world.desk.get_webhook(&stranger, hook).await, Err(Error::NotFound(_))));
    assert!(matches!(world.desk.delete_webhook(&stranger, hook).await, Err(Error::NotFound(_))));
    let off = ChangeWebhook { enabled: Some(false), ..ChangeWebhook::default() };
    assert!(matches!(
        world.desk.change_webhook(&stranger, hook, off).await,
        Err(Error::NotFound(_))
    ));
    assert!(matches!(
        world.desk.list_deliveries(&stranger, hook, None, None, 9).await,
        Err(Error::NotFound(_))
    ));
}
