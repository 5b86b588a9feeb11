use desk::Guest;
use domain::{Error, Release, Role, Rule, TrialKind, is_in_share};

use crate::release::Assistant;
use crate::{World, desk_tests, eventually};

desk_tests! {
    a_shadow_answers_nobody_and_its_differences_are_listed
    a_gray_release_answers_the_same_share_of_conversations_always
    publishing_ends_the_trial
    a_trial_is_refused_that_makes_no_sense
}

const INVOICE: &[&str] = &["开发票", "我要发票", "发票怎么开", "电子发票发我", "发票抬头写错了"];

impl World {
    /// A release in use, and one that knows invoices as well.
    async fn two_releases(&self) -> (Release, Release) {
        self.write_bot();
        let first = self.train().await;
        self.desk.publish_release(&self.owner, first.id).await.unwrap();
        self.write_intent("invoice", "发票", INVOICE);
        let second = self.train().await;
        self.desk.load_bots().await.unwrap();
        (first, second)
    }

    async fn understood(&self, guest: &mut Guest, text: &str) -> (bool, String) {
        let sent = self.ask(guest, text).await;
        let in_share = is_in_share(sent.conversation.id, 50);
        (in_share, sent.conversation.intent.clone().unwrap_or_default())
    }
}

async fn a_shadow_answers_nobody_and_its_differences_are_listed(world: World) {
    let (_, second) = world.two_releases().await;
    let _assistant = Assistant::start(&world.desk);
    let mut guest = world.guest().await;
    world.ask(&mut guest, "开发票").await;
    world.clock.advance(jiff::SignedDuration::from_secs(1));

    let begun = world.desk.start_trial(&world.owner, second.id, TrialKind::Shadow, None).await;
    assert_eq!(begun.unwrap().share, 0);
    let sent = world.ask(&mut guest, "我要发票").await;
    world.ask(&mut guest, "快递到哪了").await;
    let _worker = world.work();
    world.learned().await;

    assert_ne!(sent.conversation.intent.as_deref(), Some("invoice"), "a shadow answers nobody");
    let trial = world.desk.get_trial(&world.owner).await.unwrap().unwrap();
    assert_eq!((trial.turns, trial.differed, trial.answered), (2, 1, 0), "since it began");
    let found = world.desk.list_trial_differences(&world.owner, None, 9).await.unwrap();
    let [difference] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((difference.text.as_str(), difference.seq), ("我要发票", sent.seq));
    assert_eq!(difference.tried_intent, "invoice");
    assert_ne!(difference.released_intent, "invoice");
    world.desk.end_trial(&world.owner).await.unwrap();
    assert_eq!(world.desk.get_trial(&world.owner).await.unwrap(), None);
    let again = world.desk.end_trial(&world.owner).await;
    assert!(matches!(again, Err(Error::NotFound("trial"))), "{again:?}");
}

async fn a_gray_release_answers_the_same_share_of_conversations_always(world: World) {
    let (_, second) = world.two_releases().await;
    let _assistant = Assistant::start(&world.desk);
    world.desk.start_trial(&world.owner, second.id, TrialKind::Gray, Some(50)).await.unwrap();
    let at_work = async || world.desk.bots().tried(world.account);
    eventually("the tried release is at work", at_work).await;

    let mut answered = Vec::new();
    let mut guests = Vec::new();
    for _ in 0..24 {
        let mut guest = world.guest().await;
        let (in_share, first) = world.understood(&mut guest, "开发票").await;
        let (_, second) = world.understood(&mut guest, "我要发票").await;
        assert_eq!((first == "invoice", second == "invoice"), (in_share, in_share));
        answered.push(in_share);
        guests.push((guest, in_share));
    }
    assert!(answered.contains(&true) && answered.contains(&false), "{answered:?}");
    let _worker = world.work();
    world.learned().await;
    let trial = world.desk.get_trial(&world.owner).await.unwrap().unwrap();
    let theirs = answered.iter().filter(|in_share| **in_share).count() as i64;
    assert_eq!((trial.turns, trial.answered), (48, 2 * theirs));

    world.desk.end_trial(&world.owner).await.unwrap();
    let gone = async || world.desk.bots().tried(world.account).is_none().then_some(());
    eventually("the tried release rests", gone).await;
    let (mut guest, _) = guests.into_iter().find(|(_, in_share)| *in_share).unwrap();
    let (_, intent) = world.understood(&mut guest, "快递到哪了").await;
    assert_eq!(intent, "parcel");
    let (_, intent) = world.understood(&mut guest, "发票怎么开").await;
    assert_ne!(intent, "invoice", "the released one answers everybody again");
}

async fn publishing_ends_the_trial(world: World) {
    let (first, second) = world.two_releases().await;
    world.desk.start_trial(&world.owner, second.id, TrialKind::Gray, Some(10)).await.unwrap();
    let tried = world.desk.delete_release(&world.owner, second.id).await;
    assert!(matches!(tried, Err(Error::Refused(Rule::ReleaseInUse))), "{tried:?}");

    world.desk.publish_release(&world.owner, second.id).await.unwrap();

    assert_eq!(world.desk.get_trial(&world.owner).await.unwrap(), None);
    world.desk.delete_release(&world.owner, first.id).await.unwrap();
}

async fn a_trial_is_refused_that_makes_no_sense(world: World) {
    let (first, second) = world.two_releases().await;
    let start = async |release, kind, share| {
        world.desk.start_trial(&world.owner, release, kind, share).await
    };

    let in_use = start(first.id, TrialKind::Shadow, None).await;
    assert!(matches!(in_use, Err(Error::Refused(Rule::ReleaseInUse))), "{in_use:?}");
    for share in [None, Some(0), Some(100), Some(-1)] {
        let wrong = start(second.id, TrialKind::Gray, share).await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{share:?}: {wrong:?}");
    }
    let wrong = start(second.id, TrialKind::Shadow, Some(10)).await;
    assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
    std::fs::remove_dir_all(world.workshop().release(world.account, second.id)).unwrap();
    let damaged = start(second.id, TrialKind::Shadow, None).await;
    assert!(matches!(damaged, Err(Error::Refused(Rule::ReleaseDamaged))), "{damaged:?}");
    let agent = world.agent(Role::Agent, "Lin").await;
    let denied = world.desk.start_trial(&agent, second.id, TrialKind::Shadow, None).await;
    assert!(matches!(denied, Err(Error::Denied("train"))), "{denied:?}");
    let stranger = world.another_account().await;
    let foreign = world.desk.start_trial(&stranger, second.id, TrialKind::Shadow, None).await;
    assert!(matches!(foreign, Err(Error::NotFound(_))), "{foreign:?}");
}
