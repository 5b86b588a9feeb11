use std::fs;

use desk::{AddIntent, ListExamples, Translation};
use domain::{Error, Language, Role, Rule};

use crate::{World, desk_tests};

desk_tests! {
    an_intent_is_added_as_a_file_of_its_own
    an_intent_without_an_answer_passes_on_to_a_person
    an_intent_begins_in_every_language_that_the_bot_speaks
    what_contradicts_is_refused_by_its_place_and_nothing_is_written
    an_intent_that_is_there_stays_as_it_is
    intents_are_added_by_those_who_train_a_bot
}

fn english(title: &str, answer: &str) -> Translation {
    Translation { language: Language::En, title: title.into(), answer: answer.into() }
}

/// An intent that the bot of the tests does not have.
fn cancel() -> AddIntent {
    AddIntent {
        name: "cancel_order".into(),
        language: Language::Zh,
        title: "取消订单".into(),
        answer: "请在订单页面点「取消」。".into(),
        examples: vec!["帮我把订单取消了".into(), " 订单不要了，\n取消 ".into()],
        translations: Vec::new(),
    }
}

impl World {
    fn intent_file(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.bot_files().join("intents").join(name)).ok()
    }

    async fn wrong(&self, new: AddIntent) -> Vec<String> {
        let refused = self.desk.add_intent(&self.owner, new).await;
        let Err(Error::Invalid(fields)) = refused else { panic!("{refused:?}") };
        fields.into_iter().map(|field| field.pointer).collect()
    }
}

async fn an_intent_is_added_as_a_file_of_its_own(world: World) {
    world.write_bot();

    let added = world.desk.add_intent(&world.owner, cancel()).await.unwrap();

    assert_eq!((added.name.as_str(), added.languages[0].examples), ("cancel_order", 2));
    let expected = [
        "intent: cancel_order",
        "title: 取消订单",
        "examples:",
        "  - 帮我把订单取消了",
        "  - 订单不要了， 取消",
        "answer: 请在订单页面点「取消」。",
        "",
    ];
    let expected = expected.join("\n");
    assert_eq!(world.intent_file("cancel_order.zh.yml").unwrap(), expected);
    let which = ListExamples { intent: Some("cancel_order".into()), ..ListExamples::default() };
    let listed = world.desk.list_examples(&world.owner, which, None, 9).await.unwrap();
    let events = world.desk.events_after(world.account, 0, 100).await.unwrap();
    let told = events.iter().filter(|view| view.event.kind.name() == "example.updated");
    let told: Vec<i64> = told.map(|view| view.event.subject).collect();
    assert_eq!(told, listed.iter().map(|(one, _)| one.id.number()).collect::<Vec<_>>());
    let release = world.desk.train_release(&world.owner).await.unwrap();
    let _worker = world.work();
    assert_eq!(world.trained(release.id).await.error, None, "and the bot can learn it");
}

async fn an_intent_without_an_answer_passes_on_to_a_person(world: World) {
    world.write_bot();

    world
        .desk
        .add_intent(&world.owner, AddIntent { answer: " ".into(), ..cancel() })
        .await
        .unwrap();

    let file = world.intent_file("cancel_order.zh.yml").unwrap();
    assert!(file.ends_with("action: handoff\n") && file.contains("转接"), "{file}");
}

async fn an_intent_begins_in_every_language_that_the_bot_speaks(world: World) {
    world.write_bot();
    let speaks_both = |line: &str| match line.split_once("{ zh: ").zip(line.strip_suffix(" }")) {
        Some(((key, text), _)) => {
            format!("{key}{{ en: {}, zh: {text}\n", text.trim_end_matches(" }"))
        }
        None => format!("{line}\n"),
    };
    let bot = fs::read_to_string(world.bot_files().join("bot.yml")).unwrap();
    let bot: String =
        bot.replace("languages: [zh]", "languages: [zh, en]").lines().map(speaks_both).collect();
    fs::write(world.bot_files().join("bot.yml"), bot + "  en: [human]\n").unwrap();
    for (name, example) in [("refund", "i want my money back"), ("parcel", "where is my parcel")] {
        let text =
            format!("intent: {name}\ntitle: {name}\nexamples:\n  - {example}\nanswer: Yes.\n");
        fs::write(world.bot_files().join(format!("intents/{name}.en.yml")), text).unwrap();
    }

    let added = world.desk.add_intent(&world.owner, cancel()).await.unwrap();
    let passed_on = AddIntent {
        name: "umbrella".into(),
        title: "修伞".into(),
        answer: String::new(),
        examples: vec!["我的伞坏了".into()],
        ..cancel()
    };
    world.desk.add_intent(&world.owner, passed_on).await.unwrap();

    let translated = AddIntent {
        name: "gift".into(),
        title: "送礼".into(),
        examples: vec!["想送人".into()],
        translations: vec![english("Gifts", "We wrap it.")],
        ..cancel()
    };
    world.desk.add_intent(&world.owner, translated.clone()).await.unwrap();
    let titled = AddIntent {
        name: "card".into(),
        title: "写贺卡".into(),
        examples: vec!["想写一张贺卡".into()],
        translations: vec![english("Cards", "")],
        ..translated
    };
    world.desk.add_intent(&world.owner, titled).await.unwrap();

    let counts: Vec<usize> = added.languages.iter().map(|one| one.examples).collect();
    assert_eq!(counts, [2, 1], "in the other language the title is the example");
    assert!(world.intent_file("umbrella.en.yml").unwrap().contains("A colleague will answer"));
    let gift = world.intent_file("gift.en.yml").unwrap();
    assert!(
        gift.contains("title: Gifts") && gift.contains("- Gifts") && gift.contains("We wrap it.")
    );
    assert!(
        world.intent_file("card.en.yml").unwrap().contains("请在订单页面点"),
        "the same answer"
    );
    assert!(world.intent_file("gift.zh.yml").unwrap().contains("title: 送礼"));
    let release = world.desk.train_release(&world.owner).await.unwrap();
    let _worker = world.work();
    assert_eq!(world.trained(release.id).await.error, None, "the bot answers in both");
}

async fn what_contradicts_is_refused_by_its_place_and_nothing_is_written(world: World) {
    world.write_bot();
    let examples = ["帮我取消", "快递到哪了", "想退款", " "].map(str::to_owned).to_vec();

    assert_eq!(
        world.wrong(AddIntent { examples: examples[..3].to_vec(), ..cancel() }).await,
        ["/examples/1", "/examples/2"],
        "another intent has the one, and the other is a test"
    );
    assert_eq!(world.wrong(AddIntent { examples, ..cancel() }).await, ["/examples/3"]);
    assert_eq!(world.wrong(AddIntent { examples: Vec::new(), ..cancel() }).await, ["/examples"]);
    for (translations, problem) in [
        (vec![english("Cancel", "")], "/translations/0/language"),
        (
            vec![Translation { language: Language::Zh, ..english("取消", "") }],
            "/translations/0/language",
        ),
        (vec![english(" ", "")], "/translations/0/title"),
    ] {
        assert_eq!(world.wrong(AddIntent { translations, ..cancel() }).await, [problem]);
    }
    let only_there = AddIntent {
        answer: String::new(),
        translations: vec![english("Cancel", "Press cancel.")],
        ..cancel()
    };
    assert_eq!(world.wrong(only_there).await, ["/answer"], "it passes on in all or in none");
    for name in ["Cancel order", "../bot", "取消", "a.b"] {
        let named = AddIntent { name: name.into(), ..cancel() };
        assert_eq!(world.wrong(named).await, ["/name"], "{name}");
    }
    let foreign = AddIntent { language: Language::En, ..cancel() };
    assert_eq!(world.wrong(foreign).await, ["/language"], "the bot speaks Chinese only");
    let nameless = AddIntent { name: String::new(), title: " ".into(), ..cancel() };
    assert_eq!(world.wrong(nameless).await, ["/name", "/title"]);

    let files = fs::read_dir(world.bot_files().join("intents")).unwrap();
    assert_eq!(files.count(), 2);
}

async fn an_intent_that_is_there_stays_as_it_is(world: World) {
    world.write_bot();
    let before = world.intent_file("refund.zh.yml");

    let taken = AddIntent { name: "refund".into(), ..cancel() };
    let refused = world.desk.add_intent(&world.owner, taken).await;

    assert!(matches!(refused, Err(Error::Refused(Rule::NameTaken))), "{refused:?}");
    assert_eq!(world.intent_file("refund.zh.yml"), before);
}

async fn intents_are_added_by_those_who_train_a_bot(world: World) {
    let none = world.desk.add_intent(&world.owner, cancel()).await;
    assert!(matches!(none, Err(Error::Refused(Rule::NoBotFiles))), "{none:?}");
    world.write_bot();
    let agent = world.agent(Role::Agent, "Lin").await;

    let denied = world.desk.add_intent(&agent, cancel()).await;

    assert!(matches!(denied, Err(Error::Denied("train"))), "{denied:?}");
}
