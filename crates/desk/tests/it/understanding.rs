//! Bots that understand with an encoder, from the bot's file to the visitor's answer.

use std::fs;
use std::ops::ControlFlow;

use desk::{Desk, SendMessage, Understood, WhoAsks};
use domain::{ReleaseState, Status};
use futures::future::join_all;
use nlu::encoder::{PretrainOptions, pretrain};
use uuid::Uuid;

use crate::release::{Assistant, BOT};
use crate::{World, desk_tests, eventually};

desk_tests! {
    a_release_carries_its_encoder_to_every_process
    who_asks_together_is_answered_as_who_asks_alone
    a_missing_encoder_fails_the_training_and_the_bot_goes_on
    a_start_does_not_wait_for_an_encoder
}

const TEXTS: &[&str] = &["我要退款", "退钱给我", "快递到哪了", "查一下物流", "包裹什么时候到"];

impl World {
    fn write_understanding(&self, section: &str) {
        let script = format!("{BOT}understanding: {section}\n");
        fs::write(self.bot_files().join("bot.yml"), script).unwrap();
    }

    /// Gives the account a bot that understands with a tiny encoder of its own.
    fn write_encoding_bot(&self) {
        self.write_bot();
        let options = PretrainOptions {
            vocabulary: 60,
            count_min: 1,
            layers: 1,
            width: 8,
            heads: 2,
            epochs: 1,
            threads: 1,
            ..PretrainOptions::default()
        };
        let folder = self.bot_files().join("encoder");
        pretrain(TEXTS, &options, &folder, &mut |_| ControlFlow::Continue(())).unwrap();
        self.write_understanding("{ tier: hybrid, encoder: encoder }");
    }

    async fn asked(&self, desk: &Desk, text: &str) -> Understood {
        desk.parse_text(&self.owner, text, None).await.unwrap().understood
    }
}

async fn a_release_carries_its_encoder_to_every_process(world: World) {
    world.write_encoding_bot();
    let other = world.another_process().await;
    let _assistants = [Assistant::start(&world.desk), Assistant::start(&other)];
    let made = world.train().await;
    assert_eq!((made.state, made.error), (ReleaseState::Candidate, None));
    // What was trained needs the files that it was trained with no more.
    fs::remove_dir_all(world.bot_files().join("encoder")).unwrap();

    world.desk.publish_release(&world.owner, made.id).await.unwrap();

    assert!(world.workshop().release(world.account, made.id).join("encoder").is_dir());
    for desk in [&world.desk, &other] {
        let at_work = async || (desk.bots().release(world.account) == Some(made.id)).then_some(());
        eventually("the release is put to work", at_work).await;
        assert_eq!(world.asked(desk, "我想退款").await.intents[0].0, "refund");
    }
    let who = WhoAsks { inbox: world.inbox.key.clone(), ..WhoAsks::default() };
    let mut guest = world.desk.welcome(who).await.unwrap().0;
    let text = "快递到哪了".to_owned();
    let said = SendMessage { client_id: Uuid::new_v4(), text, ..SendMessage::default() };
    let sent = world.desk.send_as_guest(&mut guest, said).await.unwrap();
    assert_eq!(sent.conversation.intent.as_deref(), Some("parcel"));
    assert_eq!(sent.conversation.status, Status::Bot);
    let parsed = world.desk.parse_text(&world.owner, "快递到哪了", None).await.unwrap();
    assert!(!parsed.reasons.is_empty(), "an encoder's answer is explained too");
}

async fn who_asks_together_is_answered_as_who_asks_alone(world: World) {
    world.write_encoding_bot();
    let made = world.train().await;
    world.desk.publish_release(&world.owner, made.id).await.unwrap();
    world.desk.load_bots().await.unwrap();
    let questions: Vec<String> = (0..100).map(|n| format!("{}{n}", TEXTS[n % 5])).collect();
    let mut alone = Vec::new();
    for question in &questions {
        alone.push(world.asked(&world.desk, question).await);
    }

    let together = join_all(questions.iter().map(|one| world.asked(&world.desk, one))).await;

    for (one, other) in alone.iter().zip(&together) {
        assert!(!other.failed);
        assert_eq!((one.language, one.emotions), (other.language, other.emotions));
        for (a, b) in one.intents.iter().zip(&other.intents) {
            assert_eq!(a.0, b.0);
            assert!((a.1 - b.1).abs() < 1e-4, "{a:?} {b:?}");
        }
    }
}

async fn a_missing_encoder_fails_the_training_and_the_bot_goes_on(world: World) {
    world.write_bot();
    world.desk.load_bots().await.unwrap();
    world.write_understanding("{ tier: hybrid, encoder: nowhere }");

    let failed = world.train().await;

    assert_eq!(failed.state, ReleaseState::Failed);
    let error = failed.error.unwrap();
    assert!(error.contains("`understanding.encoder` names nowhere"), "{error}");
    assert_eq!((failed.epoch, failed.time_left_s), (None, None));
    assert_eq!(world.asked(&world.desk, "我想退款").await.intents[0].0, "refund");
}

async fn a_start_does_not_wait_for_an_encoder(world: World) {
    world.write_encoding_bot();

    world.desk.load_bots().await.unwrap();

    let release = world.desk.bots().release(world.account).unwrap();
    assert!(!world.workshop().release(world.account, release).join("encoder").exists());
    assert_eq!(world.asked(&world.desk, "我想退款").await.intents[0].0, "refund");
}
