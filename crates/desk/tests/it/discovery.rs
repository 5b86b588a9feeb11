use std::sync::Arc;

use async_trait::async_trait;
use desk::{Actor, Bot, Understand, Understood};
use domain::{
    Account, Discovery, DiscoveryState, Error, Id, JobState, Role, Rule, Sample, Sender, SenderKind,
};
use jiff::SignedDuration;
use store::job::Kinds;
use store::{Tx, job};

use crate::{World, desk_tests, eventually};

desk_tests! {
    what_contacts_ask_about_is_proposed_with_their_words
    what_was_found_stays_until_more_is_found
    a_message_that_is_taken_back_is_no_sample
    one_discovery_at_a_time
    a_discovery_whose_process_died_starts_again_and_is_given_up
    past_conversations_from_elsewhere_are_looked_at_and_only_samples_stay
    a_table_that_cannot_be_read_begins_nothing
    what_the_bot_knows_already_is_said
    accounts_are_apart_and_agents_discover_nothing
}

/// What is asked for, in words of two parts: forms, and what stands in them.
const CANCEL: ([&str; 4], [&str; 5]) = (
    ["cancel {}", "please cancel {}", "i want to cancel {}", "cancel {} today"],
    ["my order", "the order of monday", "this order", "my second order", "the order again"],
);
const INVOICE: ([&str; 4], [&str; 5]) = (
    ["我要开{}发票", "怎么开{}发票", "{}发票在哪里下载", "帮我开一张{}发票"],
    ["公司", "个人", "电子", "纸质", "增值税"],
);
/// How many conversations there are about both together.
const THREADS: usize = 40;

fn questions() -> impl Iterator<Item = String> {
    [CANCEL, INVOICE].into_iter().flat_map(|(forms, parts)| {
        forms.into_iter().flat_map(move |form| parts.map(|part| form.replace("{}", part)))
    })
}

impl World {
    /// Lets contacts ask for two things, each after a greeting.
    async fn past(&self) {
        for question in questions() {
            let thread = self.conversation().await.id;
            let contact = Sender { kind: SenderKind::Contact, id: Some(1) };
            self.say(thread, contact, "hello").await;
            self.say(thread, Sender { kind: SenderKind::Bot, id: None }, "您好").await;
            self.say(thread, contact, &question).await;
        }
    }

    /// Waits until a discovery has ended, well or badly.
    async fn ended(&self) -> Discovery {
        let look = async || {
            let found = self.desk.get_discovery(&self.owner).await.unwrap().unwrap().discovery;
            (found.state != DiscoveryState::Running).then_some(found)
        };
        eventually("the discovery ends", look).await
    }

    /// Has a discovery made and waits for it.
    async fn discover(&self, days: i16) -> Discovery {
        self.desk.discover(&self.owner, days).await.unwrap();
        let _worker = self.work();
        self.ended().await
    }
}

async fn what_contacts_ask_about_is_proposed_with_their_words(world: World) {
    world.past().await;
    let nothing = world.desk.get_discovery(&world.owner).await;
    assert_eq!(nothing.unwrap(), None);

    let done = world.discover(30).await;

    assert_eq!((done.state, done.error), (DiscoveryState::Done, None));
    let found = world.desk.get_discovery(&world.owner).await.unwrap().unwrap();
    let findings = found.discovery.findings.as_ref().unwrap();
    assert_eq!((findings.conversations, findings.without_question), (THREADS, 0));
    let shares: Vec<f64> = findings.intents.iter().map(|one| one.share).collect();
    assert!((findings.first_share - shares[..2].iter().sum::<f64>()).abs() < 1e-9, "{shares:?}");
    assert!(findings.first_expected > 0.0 && findings.first_expected < findings.first_share);
    let texts: Vec<&str> = findings
        .intents
        .iter()
        .flat_map(|one| &one.samples)
        .filter_map(|at| found.text(at))
        .collect();
    assert!(texts.iter().any(|text| text.contains("cancel")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("发票")), "{texts:?}");
    assert!(texts.iter().all(|text| *text != "hello" && *text != "您好"), "{texts:?}");
    let events = world.desk.events_after(world.account, 0, 1_000).await.unwrap();
    let told = events.iter().filter(|view| view.event.kind.name() == "discovery.updated");
    let told: Vec<_> = told.map(|view| view.event.data.clone().unwrap()["state"].clone()).collect();
    assert_eq!(told, ["running", "done"]);
    let waiting = world.desk.list_jobs(&world.owner, JobState::Waiting, None, 9);
    assert_eq!(waiting.await.unwrap(), [], "nothing is left to do");
}

async fn what_was_found_stays_until_more_is_found(world: World) {
    world.past().await;
    let first = world.discover(30).await;
    world.clock.advance(SignedDuration::from_hours(24 * 40));

    let begun = world.desk.discover(&world.owner, 30).await.unwrap().discovery;

    assert_eq!((begun.state, &begun.findings), (DiscoveryState::Running, &first.findings));
    let _worker = world.work();
    let second = world.ended().await;
    assert_eq!(second.findings.unwrap().conversations, 0, "it was too long ago");
}

async fn a_message_that_is_taken_back_is_no_sample(world: World) {
    world.past().await;
    let findings = world.discover(30).await.findings.unwrap();
    let sample = findings.intents[0].samples[0].clone();
    let Sample::Said { conversation, seq } = sample else { panic!("{sample:?}") };
    let before = world.desk.get_discovery(&world.owner).await.unwrap().unwrap();
    assert!(before.text(&sample).is_some());
    let retract =
        move |tx: Tx| async move { store::message::retract(&tx, conversation, seq).await };
    world.store.write(world.account, retract).await.unwrap();

    let after = world.desk.get_discovery(&world.owner).await.unwrap().unwrap();

    assert_eq!(after.text(&sample), None);
    let again = world.discover(30).await.findings.unwrap();
    assert_eq!(again.conversations, THREADS);
    assert_eq!(again.without_question, 1, "only the greeting is left of it");
}

async fn one_discovery_at_a_time(world: World) {
    world.desk.discover(&world.owner, 30).await.unwrap();

    let again = world.desk.discover(&world.owner, 30).await;

    assert!(matches!(again, Err(Error::Refused(Rule::DiscoveryUnderWay))), "{again:?}");
    for days in [0, -3, 731] {
        let refused = world.desk.discover(&world.owner, days).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{days}: {refused:?}");
    }
    let _worker = world.work();
    let found = world.ended().await.findings.unwrap();
    assert_eq!((found.conversations, found.intents.len()), (0, 0), "nobody said anything");
}

/// A table of past conversations about two things, each with an answer.
fn table() -> String {
    let rows = questions().enumerate().map(|(n, question)| {
        format!("{n},customer,hello\n{n},agent,how can I help?\n{n},customer,{question}\n")
    });
    "conversation,role,text\n".to_owned() + &rows.collect::<String>()
}

async fn past_conversations_from_elsewhere_are_looked_at_and_only_samples_stay(world: World) {
    let begun = world.desk.discover_past(&world.owner, table().into()).await.unwrap().discovery;
    assert_eq!((begun.state, begun.days), (DiscoveryState::Running, None));

    let _worker = world.work();
    let done = world.ended().await;

    assert_eq!((done.state, done.error), (DiscoveryState::Done, None));
    let found = world.desk.get_discovery(&world.owner).await.unwrap().unwrap();
    let findings = found.discovery.findings.as_ref().unwrap();
    assert_eq!((findings.days, findings.conversations), (None, THREADS));
    let asked: Vec<String> = questions().collect();
    let samples = findings.intents.iter().flat_map(|one| &one.samples);
    let texts: Vec<&str> = samples.map(|sample| found.text(sample).unwrap()).collect();
    assert!(!texts.is_empty() && texts.iter().all(|text| asked.iter().any(|one| one == text)));
    assert!(findings.intents.iter().all(|one| one.contact_messages == 2.0));
    let left = store::discovery::find_past(&world.store.read(world.account)).await.unwrap();
    assert_eq!(left, None, "the table is forgotten");
}

async fn a_table_that_cannot_be_read_begins_nothing(world: World) {
    let refused = world.desk.discover_past(&world.owner, "session,text\n,lost\n".into()).await;

    let Err(Error::Invalid(fields)) = refused else { panic!("{refused:?}") };
    assert!(fields[0].detail.starts_with("line 2: "), "{fields:?}");
    assert_eq!(world.desk.get_discovery(&world.owner).await.unwrap(), None);
    let agent = world.agent(Role::Agent, "Ann").await;
    let denied = world.desk.discover_past(&agent, table().into()).await;
    assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
    world.desk.discover(&world.owner, 30).await.unwrap();
    let again = world.desk.discover_past(&world.owner, table().into()).await;
    assert!(matches!(again, Err(Error::Refused(Rule::DiscoveryUnderWay))), "{again:?}");
}

/// Knows what a cancellation is, and guesses at everything else.
struct Mind;

#[async_trait]
impl Understand for Mind {
    async fn understand(&self, text: &str) -> Understood {
        let probability = if text.contains("cancel") { 0.9 } else { 0.4 };
        let intents = vec![("cancel_order".to_owned(), probability)];
        Understood { intents, ..Understood::default() }
    }
}

async fn what_the_bot_knows_already_is_said(world: World) {
    world.write_bot();
    world.desk.load_bots().await.unwrap();
    let loaded = world.desk.bots().get(world.account).unwrap();
    let (script, entities) = (loaded.script.clone(), Arc::clone(&loaded.entities));
    let bot =
        Bot { script, model: Box::new(Mind), entities, sentiment: None, release: loaded.release };
    world.desk.bots().set(world.account, bot);

    world.desk.discover_past(&world.owner, table().into()).await.unwrap();
    let _worker = world.work();
    let findings = world.ended().await.findings.unwrap();

    let (mut known, mut unknown) = (0, 0);
    for intent in &findings.intents {
        let Sample::Past { text } = &intent.samples[0] else { panic!("{intent:?}") };
        match text.contains("cancel") {
            true => assert_eq!(intent.known_as.as_deref(), Some("cancel_order"), "{intent:?}"),
            false => assert_eq!(intent.known_as, None, "{intent:?}"),
        }
        *if text.contains("cancel") { &mut known } else { &mut unknown } += 1;
    }
    assert!(known > 0 && unknown > 0, "{findings:?}");
}

/// Claims the discovery that waits, as a process does that dies.
async fn claim(world: &World) -> Vec<(Id<Account>, domain::Job)> {
    let now = world.now();
    let until = now + SignedDuration::from_secs(60);
    let claim =
        move |tx: Tx| async move { job::claim(&tx, Kinds::Only("discover"), now, until, 9).await };
    world.store.write(Account::NOBODY, claim).await.unwrap()
}

async fn a_discovery_whose_process_died_starts_again_and_is_given_up(world: World) {
    world.past().await;
    world.desk.discover(&world.owner, 30).await.unwrap();
    assert_eq!(claim(&world).await.len(), 1);
    world.clock.advance(SignedDuration::from_secs(60));
    {
        let _worker = world.work();
        assert_eq!(world.ended().await.state, DiscoveryState::Done);
    }
    world.desk.discover(&world.owner, 30).await.unwrap();
    for _ in 0..3 {
        assert_eq!(claim(&world).await.len(), 1);
        world.clock.advance(SignedDuration::from_secs(60));
    }

    let _worker = world.work();
    let ended = world.ended().await;

    assert_eq!(ended.state, DiscoveryState::Failed);
    assert!(ended.error.unwrap().contains("stopped 3 times"));
    assert!(ended.findings.is_some(), "what was found before stays");
}

async fn accounts_are_apart_and_agents_discover_nothing(world: World) {
    world.past().await;
    let other: Actor = world.another_account().await;
    let agent = world.agent(Role::Agent, "Ann").await;
    world.discover(30).await;

    let theirs = world.desk.get_discovery(&other).await;
    let denied = [
        world.desk.discover(&agent, 30).await.map(drop),
        world.desk.get_discovery(&agent).await.map(drop),
    ];

    assert_eq!(theirs.unwrap(), None);
    assert!(denied.iter().all(|one| matches!(one, Err(Error::Denied(_)))), "{denied:?}");
    world.desk.discover(&other, 30).await.unwrap();
    let _worker = world.work();
    let look = async || {
        let found = world.desk.get_discovery(&other).await.unwrap().unwrap().discovery;
        found.findings.map(|findings| findings.conversations)
    };
    assert_eq!(eventually("the other discovery ends", look).await, 0);
}
