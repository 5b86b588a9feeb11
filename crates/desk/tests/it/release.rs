use std::fs;
use std::path::PathBuf;

use desk::{Desk, SendMessage, WhoAsks, Workshop};
use domain::{Account, Error, Id, Release, ReleaseState, Role, Rule, TrainingStep};
use jiff::SignedDuration;
use store::job::Kinds;
use store::{Tx, job};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Worker, World, desk_tests, eventually};

desk_tests! {
    a_release_is_trained_with_visible_progress
    a_published_release_works_in_every_process_and_no_message_is_lost
    going_back_puts_the_release_before_to_work
    files_with_a_mistake_make_no_release_and_say_so
    a_training_whose_process_died_starts_again
    a_training_that_brings_the_server_down_is_given_up
    a_training_outlives_a_restart_in_order
    a_damaged_release_is_not_published
    one_training_at_a_time_and_few_releases
    a_release_that_is_removed_leaves_no_files
    the_model_from_before_there_were_releases_becomes_the_first
    a_start_follows_the_files_until_somebody_trains
    a_start_replaces_a_release_that_is_damaged
    agents_train_nothing
}

/// A bot that tells two things apart, and a third if it is asked to.
pub(crate) const BOT: &str = include_str!("bot.yml");
const REFUND: &[&str] =
    &["我要退款", "退钱给我", "申请退款", "钱怎么退", "把钱退回来", "退款多久到"];
const PARCEL: &[&str] =
    &["快递到哪了", "包裹什么时候到", "查一下物流", "我的货呢", "怎么还没送到", "发货了吗"];
const INVOICE: &[&str] =
    &["开发票", "我要发票", "发票怎么开", "电子发票发我", "能开专票吗", "发票抬头写错了"];

pub(crate) fn intent_file(intent: &str, title: &str, examples: &[&str]) -> String {
    let examples: String = examples.iter().map(|one| format!("  - {one}\n")).collect();
    format!("intent: {intent}\ntitle: {title}\nexamples:\n{examples}answer: 好的，{title}。\n")
}

impl World {
    pub(crate) fn workshop(&self) -> Workshop {
        Workshop::in_folder(self.folder.path())
    }

    pub(crate) fn bot_files(&self) -> PathBuf {
        self.workshop().files(self.account)
    }

    pub(crate) fn write_intent(&self, intent: &str, title: &str, examples: &[&str]) {
        let path = self.bot_files().join(format!("intents/{intent}.zh.yml"));
        fs::write(path, intent_file(intent, title, examples)).unwrap();
    }

    /// Gives the account a bot with two intents.
    pub(crate) fn write_bot(&self) {
        fs::create_dir_all(self.bot_files().join("intents")).unwrap();
        fs::write(self.bot_files().join("bot.yml"), BOT).unwrap();
        fs::write(self.bot_files().join("test.zh.tsv"), "refund\t想退款\nparcel\t物流信息\n")
            .unwrap();
        self.write_intent("refund", "退款", REFUND);
        self.write_intent("parcel", "物流", PARCEL);
    }

    pub(crate) async fn release(&self, id: Id<Release>) -> Release {
        self.desk.get_release(&self.owner, id).await.unwrap()
    }

    /// Waits until a training has ended, well or badly.
    pub(crate) async fn trained(&self, id: Id<Release>) -> Release {
        let look = async || {
            let found = self.release(id).await;
            (found.state != ReleaseState::Training).then_some(found)
        };
        eventually("the training ends", look).await
    }

    /// Has a release trained and waits for it.
    pub(crate) async fn train(&self) -> Release {
        let begun = self.desk.train_release(&self.owner).await.unwrap();
        let _worker = self.work();
        self.trained(begun.id).await
    }

    /// The release that this account's bot works with in a process.
    async fn works_with(&self, desk: &Desk, release: Id<Release>) {
        let look = async || (desk.bots().release(self.account) == Some(release)).then_some(());
        eventually("the release is put to work", look).await;
    }
}

/// A process that puts to work what is published; it ends when this is dropped.
pub(crate) struct Assistant(CancellationToken);

impl Assistant {
    pub(crate) fn start(desk: &Desk) -> Self {
        let shutdown = CancellationToken::new();
        let (desk, token) = (desk.clone(), shutdown.clone());
        tokio::spawn(async move { desk.run_assistant(token).await });
        Assistant(shutdown)
    }
}

impl Drop for Assistant {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

async fn a_release_is_trained_with_visible_progress(world: World) {
    world.write_bot();
    let begun = world.desk.train_release(&world.owner).await.unwrap();
    assert_eq!((begun.number, begun.state), (1, ReleaseState::Training));
    assert_eq!((begun.step, begun.progress), (TrainingStep::Waiting, 0));

    let _worker = world.work();
    let made = world.trained(begun.id).await;

    assert_eq!((made.state, made.progress, made.error), (ReleaseState::Candidate, 100, None));
    assert_eq!(made.created_by, Some(world.owner.agent));
    let metrics = made.metrics.unwrap();
    assert_eq!((metrics.intents, metrics.examples), (2, 14), "a title is an example too");
    assert_eq!((metrics.tests[0].tests, metrics.tests[0].accuracy), (2, 1.0));
    let evaluation = world.desk.evaluation_of_release(&world.owner, made.id).await.unwrap();
    assert_eq!(evaluation.languages[0].intents.len(), 2);
    assert!(world.workshop().release(world.account, made.id).join("manifest.json").exists());
    let events = world.desk.events_after(world.account, 0, 100).await.unwrap();
    let progress: Vec<i64> = events
        .iter()
        .filter(|view| view.event.kind.name() == "release.updated")
        .map(|view| view.event.data.as_ref().unwrap()["progress"].as_i64().unwrap())
        .collect();
    assert_eq!(progress.first(), Some(&0));
    assert_eq!(progress.last(), Some(&100));
    assert!(progress.len() > 2 && progress.is_sorted(), "{progress:?}");
    let waiting = world.desk.list_jobs(&world.owner, domain::JobState::Waiting, None, 9);
    assert_eq!(waiting.await.unwrap(), [], "nothing is left to do");
}

async fn a_published_release_works_in_every_process_and_no_message_is_lost(world: World) {
    world.write_bot();
    world.desk.load_bots().await.unwrap();
    let other = world.another_process().await;
    other.load_bots().await.unwrap();
    let _assistants = [Assistant::start(&world.desk), Assistant::start(&other)];
    world.write_intent("invoice", "发票", INVOICE);
    let candidate = world.train().await;
    let who = WhoAsks { inbox: world.inbox.key.clone(), ..WhoAsks::default() };
    let mut guest = world.desk.welcome(who).await.unwrap().0;
    let ask = |text: &str| SendMessage {
        client_id: Uuid::new_v4(),
        text: text.into(),
        ..SendMessage::default()
    };
    let before = world.desk.send_as_guest(&mut guest, ask("开发票")).await.unwrap();
    assert_ne!(before.conversation.intent.as_deref(), Some("invoice"));

    let published = world.desk.publish_release(&world.owner, candidate.id).await.unwrap();
    let mut answered = Vec::new();
    while world.desk.bots().release(world.account) != Some(candidate.id) {
        answered.push(world.desk.send_as_guest(&mut guest, ask("快递到哪了")).await.unwrap());
        world.clock.advance(SignedDuration::from_secs(1));
    }
    world.works_with(&other, candidate.id).await;

    assert_eq!(
        (published.state, published.released_at),
        (ReleaseState::Released, Some(candidate.created_at))
    );
    assert!(answered.iter().all(|sent| sent.added.len() == 2), "each was answered");
    let after = world.desk.send_as_guest(&mut guest, ask("开发票")).await.unwrap();
    assert_eq!(after.conversation.intent.as_deref(), Some("invoice"));
    let again = world.desk.publish_release(&world.owner, candidate.id).await.unwrap();
    assert_eq!(again, published, "it is at work already");
    let events = world.desk.events_after(world.account, 0, 1_000).await.unwrap();
    let published: Vec<i64> = events
        .iter()
        .filter(|view| view.event.kind.name() == "release.published")
        .map(|view| view.event.subject)
        .collect();
    assert_eq!(published.len(), 2, "the server's own, and this one");
    assert_eq!(published[1], candidate.id.number());
}

async fn going_back_puts_the_release_before_to_work(world: World) {
    world.write_bot();
    let first = world.train().await;
    let second = world.train().await;
    let back = world.desk.roll_back_release(&world.owner).await;
    assert!(matches!(back, Err(Error::Refused(Rule::NoPreviousRelease))), "{back:?}");
    let _assistant = Assistant::start(&world.desk);
    world.desk.publish_release(&world.owner, first.id).await.unwrap();
    world.desk.publish_release(&world.owner, second.id).await.unwrap();
    world.works_with(&world.desk, second.id).await;

    let back = world.desk.roll_back_release(&world.owner).await.unwrap();

    assert_eq!((back.id, back.state), (first.id, ReleaseState::Released));
    assert_eq!(world.release(second.id).await.state, ReleaseState::Retired);
    world.works_with(&world.desk, first.id).await;
}

async fn files_with_a_mistake_make_no_release_and_say_so(world: World) {
    let nothing = world.desk.train_release(&world.owner).await;
    assert!(matches!(nothing, Err(Error::Refused(Rule::NoBotFiles))), "{nothing:?}");
    world.write_bot();
    fs::write(world.bot_files().join("intents/parcel.zh.yml"), "intent: [").unwrap();

    let failed = world.train().await;

    assert_eq!(failed.state, ReleaseState::Failed);
    let error = failed.error.unwrap();
    assert!(error.starts_with("intents/parcel.zh.yml:"), "{error}");
    let refused = world.desk.publish_release(&world.owner, failed.id).await;
    assert!(matches!(refused, Err(Error::Refused(Rule::ReleaseNotTrained))), "{refused:?}");
}

async fn claim(world: &World) -> Vec<(Id<Account>, domain::Job)> {
    let now = world.now();
    let until = now + SignedDuration::from_secs(60);
    let claim = move |tx: Tx| async move {
        job::claim(&tx, Kinds::Only("train-release"), now, until, 9).await
    };
    world.store.write(Account::NOBODY, claim).await.unwrap()
}

async fn a_training_whose_process_died_starts_again(world: World) {
    world.write_bot();
    let begun = world.desk.train_release(&world.owner).await.unwrap();
    assert_eq!(claim(&world).await.len(), 1, "somebody claimed it, and died");
    let left = world.workshop().release(world.account, begun.id);
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("weights.bin"), "half").unwrap();
    let _worker = world.work();

    world.clock.advance(SignedDuration::from_secs(60));

    let made = world.trained(begun.id).await;
    assert_eq!(made.state, ReleaseState::Candidate, "{made:?}");
    world.desk.publish_release(&world.owner, begun.id).await.unwrap();
}

async fn a_training_that_brings_the_server_down_is_given_up(world: World) {
    world.write_bot();
    let begun = world.desk.train_release(&world.owner).await.unwrap();
    for _ in 0..3 {
        assert_eq!(claim(&world).await.len(), 1);
        world.clock.advance(SignedDuration::from_secs(60));
    }

    let _worker = world.work();
    let ended = world.trained(begun.id).await;

    assert_eq!(ended.state, ReleaseState::Failed);
    assert!(ended.error.unwrap().contains("stopped 3 times"));
    let again = world.desk.train_release(&world.owner).await.unwrap();
    assert_eq!(world.trained(again.id).await.state, ReleaseState::Candidate);
}

async fn a_training_outlives_a_restart_in_order(world: World) {
    world.write_bot();
    let begun = world.desk.train_release(&world.owner).await.unwrap();
    for _ in 0..5 {
        Worker::start(&world.desk).stop().await;
    }

    let _worker = world.work();
    let ended = world.trained(begun.id).await;

    assert_eq!(ended.state, ReleaseState::Candidate, "stopping in order is no attempt");
}

async fn a_damaged_release_is_not_published(world: World) {
    world.write_bot();
    world.desk.load_bots().await.unwrap();
    let in_use = world.desk.bots().release(world.account).unwrap();
    let candidate = world.train().await;
    let weights = world.workshop().release(world.account, candidate.id).join("weights.bin");
    let mut bytes = fs::read(&weights).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&weights, bytes).unwrap();

    let refused = world.desk.publish_release(&world.owner, candidate.id).await;

    assert!(matches!(refused, Err(Error::Refused(Rule::ReleaseDamaged))), "{refused:?}");
    assert_eq!(world.release(candidate.id).await.state, ReleaseState::Candidate);
    assert_eq!(world.release(in_use).await.state, ReleaseState::Released);
    fs::remove_file(&weights).unwrap();
    let refused = world.desk.publish_release(&world.owner, candidate.id).await;
    assert!(matches!(refused, Err(Error::Refused(Rule::ReleaseDamaged))), "{refused:?}");
}

async fn one_training_at_a_time_and_few_releases(world: World) {
    world.write_bot();
    let first = world.train().await;
    world.desk.publish_release(&world.owner, first.id).await.unwrap();
    for _ in 0..20 {
        let begun = world.desk.train_release(&world.owner).await.unwrap();
        let busy = world.desk.train_release(&world.owner).await;
        assert!(matches!(busy, Err(Error::Refused(Rule::TrainingUnderWay))), "{busy:?}");
        let fail = world.store.write(world.account, move |tx: Tx| async move {
            let mut found = store::release::find(&tx, begun.id).await?.unwrap();
            found.fail("not today".into());
            store::release::save(&tx, &found).await
        });
        fail.await.unwrap();
    }

    let releases = world.desk.list_releases(&world.owner).await.unwrap();

    assert_eq!(releases.len(), 20);
    assert_eq!((releases[0].number, releases[19].id), (21, first.id), "what is in use stays");
}

async fn a_release_that_is_removed_leaves_no_files(world: World) {
    world.write_bot();
    let (first, second) = (world.train().await, world.train().await);
    world.desk.publish_release(&world.owner, first.id).await.unwrap();
    let _worker = world.work();

    let in_use = world.desk.delete_release(&world.owner, first.id).await;
    world.desk.delete_release(&world.owner, second.id).await.unwrap();

    assert!(matches!(in_use, Err(Error::Refused(Rule::ReleaseInUse))), "{in_use:?}");
    let folder = world.workshop().release(world.account, second.id);
    let gone = async || (!folder.exists()).then_some(());
    eventually("the files are gone", gone).await;
    let again = world.desk.delete_release(&world.owner, second.id).await;
    assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
}

async fn the_model_from_before_there_were_releases_becomes_the_first(world: World) {
    world.write_bot();
    let data = nlu::BotData::read_folder(&world.bot_files()).unwrap();
    let model = nlu::Model::train(&data.training_set(), &nlu::TrainOptions::default()).unwrap();
    let old = world.folder.path().join(format!("models/{}", world.account));
    model.save(&old, 0).unwrap();
    let weights = fs::read(old.join("weights.bin")).unwrap();

    world.desk.load_bots().await.unwrap();

    let releases = world.desk.list_releases(&world.owner).await.unwrap();
    let [first] = releases.as_slice() else { panic!("{releases:?}") };
    assert_eq!((first.number, first.state), (1, ReleaseState::Released));
    assert_eq!(world.desk.bots().release(world.account), Some(first.id));
    let kept = world.workshop().release(world.account, first.id).join("weights.bin");
    assert_eq!(fs::read(kept).unwrap(), weights, "it was not trained again");
    assert!(!old.join("manifest.json").exists() && !old.join("weights.bin").exists());
    world.desk.load_bots().await.unwrap();
    assert_eq!(world.desk.list_releases(&world.owner).await.unwrap().len(), 1);
}

async fn a_start_follows_the_files_until_somebody_trains(world: World) {
    world.write_bot();
    world.desk.load_bots().await.unwrap();
    world.write_intent("invoice", "发票", INVOICE);
    world.desk.load_bots().await.unwrap();
    let own = world.desk.list_releases(&world.owner).await.unwrap();
    assert_eq!(own.iter().map(|release| release.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(world.desk.bots().release(world.account), Some(own[0].id));
    let trained = world.train().await;
    world.desk.publish_release(&world.owner, trained.id).await.unwrap();

    world.write_intent("invoice", "开票", INVOICE);
    world.desk.load_bots().await.unwrap();

    assert_eq!(world.desk.bots().release(world.account), Some(trained.id));
    assert_eq!(world.desk.list_releases(&world.owner).await.unwrap().len(), 3);
}

async fn a_start_replaces_a_release_that_is_damaged(world: World) {
    world.write_bot();
    let trained = world.train().await;
    world.desk.publish_release(&world.owner, trained.id).await.unwrap();
    fs::remove_dir_all(world.workshop().release(world.account, trained.id)).unwrap();

    world.desk.load_bots().await.unwrap();

    let releases = world.desk.list_releases(&world.owner).await.unwrap();
    assert_eq!((releases[0].number, releases[0].state), (2, ReleaseState::Released));
    assert_eq!(world.desk.bots().release(world.account), Some(releases[0].id));
    assert_eq!(world.release(trained.id).await.state, ReleaseState::Retired);
}

async fn agents_train_nothing(world: World) {
    world.write_bot();
    let agent = world.agent(Role::Agent, "Lin").await;
    let stranger = world.another_account().await;
    let ours = world.train().await;

    let denied = world.desk.train_release(&agent).await;
    assert!(matches!(denied, Err(Error::Denied("train"))), "{denied:?}");
    let foreign = world.desk.publish_release(&stranger, ours.id).await;
    assert!(matches!(foreign, Err(Error::NotFound(_))), "{foreign:?}");
    assert_eq!(world.desk.list_releases(&stranger).await.unwrap(), []);
    let trainer = world.agent(Role::Trainer, "Tao").await;
    world.desk.publish_release(&trainer, ours.id).await.unwrap();
}
