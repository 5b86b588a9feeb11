use std::fs;

use desk::{ChangeExample, ListExamples};
use domain::{Error, Example, Id, Language, Role, Rule};

use crate::{World, desk_tests};

desk_tests! {
    an_example_is_added_changed_moved_and_removed_in_its_file
    contradictions_and_tests_are_refused
    no_example_is_doubled_and_no_intent_emptied
    what_is_added_at_once_is_all_there
    examples_are_found_page_by_page
    a_release_explains_what_it_makes_of_a_text
    two_releases_are_compared_on_the_same_tests
    a_file_with_a_mistake_is_left_alone
    examples_of_a_bot_are_for_those_who_train_it
}

impl World {
    fn file(&self, intent: &str) -> String {
        fs::read_to_string(self.bot_files().join(format!("intents/{intent}.zh.yml"))).unwrap()
    }

    async fn add(&self, intent: &str, text: &str) -> domain::Result<Example> {
        self.desk.add_example(&self.owner, intent, Language::Zh, text).await
    }

    async fn examples(&self, which: ListExamples) -> Vec<String> {
        let found = self.desk.list_examples(&self.owner, which, None, 100).await.unwrap();
        found.into_iter().map(|(example, _)| example.text).collect()
    }
}

async fn an_example_is_added_changed_moved_and_removed_in_its_file(world: World) {
    world.write_bot();
    let (refund, parcel) = (world.file("refund"), world.file("parcel"));

    let added = world.add("refund", " 我不想要了: 退 ").await.unwrap();
    let line = "  - '我不想要了: 退'\nanswer:";
    assert_eq!(world.file("refund"), refund.replace("answer:", line));
    assert_eq!(world.add("refund", "我不想要了: 退").await.unwrap(), added, "it is there");

    let change = ChangeExample { text: Some("我不要了".into()), intent: None };
    let changed = world.desk.change_example(&world.owner, added.id, change).await.unwrap();
    assert_ne!(changed.id, added.id);
    assert_eq!(world.file("refund"), refund.replace("answer:", "  - '我不要了'\nanswer:"));

    let change = ChangeExample { text: None, intent: Some("parcel".into()) };
    let moved = world.desk.change_example(&world.owner, changed.id, change).await.unwrap();
    assert_eq!(world.file("refund"), refund);
    assert_eq!(world.file("parcel"), parcel.replace("answer:", "  - 我不要了\nanswer:"));

    world.desk.delete_example(&world.owner, moved.id).await.unwrap();
    assert_eq!(world.file("parcel"), parcel);
    let gone = world.desk.delete_example(&world.owner, moved.id).await;
    assert!(matches!(gone, Err(Error::NotFound("example"))), "{gone:?}");
    let events = world.desk.events_after(world.account, 0, 100).await.unwrap();
    let told: Vec<i64> = events
        .iter()
        .filter(|view| view.event.kind.name() == "example.updated")
        .map(|view| view.event.subject)
        .collect();
    let ids = [added.id, added.id, changed.id, changed.id, moved.id, moved.id];
    assert_eq!(told, ids.map(Id::number));
}

async fn contradictions_and_tests_are_refused(world: World) {
    world.write_bot();
    let before = world.file("refund");

    let elsewhere = world.add("refund", "快递到哪了").await;
    assert!(matches!(elsewhere, Err(Error::Refused(Rule::ExampleElsewhere))), "{elsewhere:?}");
    let test = world.add("refund", "想退款").await;
    assert!(matches!(test, Err(Error::Refused(Rule::ExampleIsTest))), "{test:?}");
    for (intent, text) in [("nothing", "你好"), ("refund", " "), ("../bot", "x")] {
        let wrong = world.add(intent, text).await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{intent} {text}: {wrong:?}");
    }
    let long = world.add("refund", &"长".repeat(1_001)).await;
    assert!(matches!(long, Err(Error::Invalid(_))), "{long:?}");

    assert_eq!(world.file("refund"), before);
}

async fn no_example_is_doubled_and_no_intent_emptied(world: World) {
    world.write_bot();
    world.write_intent("refund", "退款", &["我要退款", "退钱给我"]);
    let parcel = world.file("parcel");
    let which = ListExamples { intent: Some("refund".into()), ..ListExamples::default() };
    let found = world.desk.list_examples(&world.owner, which, None, 9).await.unwrap();
    let [(one, _), (other, _)] = found.as_slice() else { panic!("{found:?}") };

    let same = ChangeExample { text: Some(other.text.clone()), intent: None };
    let merged = world.desk.change_example(&world.owner, one.id, same).await.unwrap();
    assert_eq!(merged, *other);
    assert_eq!(world.file("refund").matches("  - ").count(), 1);

    let move_on = ChangeExample { text: None, intent: Some("parcel".into()) };
    let moved = world.desk.change_example(&world.owner, other.id, move_on).await;
    assert!(matches!(moved, Err(Error::Refused(Rule::LastExample))), "{moved:?}");
    let removed = world.desk.delete_example(&world.owner, other.id).await;
    assert!(matches!(removed, Err(Error::Refused(Rule::LastExample))), "{removed:?}");
    assert_eq!(world.file("parcel"), parcel, "nothing was moved half-way");
}

async fn what_is_added_at_once_is_all_there(world: World) {
    world.write_bot();
    let other = world.another_process().await;
    let before = world.examples(ListExamples::default()).await.len();

    let adding = (0..20).map(|n| {
        let desk = if n % 2 == 0 { &world.desk } else { &other };
        let text = format!("第{n}次申请退款");
        let owner = &world.owner;
        async move { desk.add_example(owner, "refund", Language::Zh, &text).await.unwrap() }
    });
    futures::future::join_all(adding).await;

    assert_eq!(world.examples(ListExamples::default()).await.len(), before + 20);
    let folder = fs::read_dir(world.bot_files().join("intents")).unwrap();
    assert_eq!(folder.count(), 2, "nothing else is left in the folder");
}

async fn examples_are_found_page_by_page(world: World) {
    world.write_bot();
    let page = async |after: Option<(Id<Example>, i64)>| {
        let which = ListExamples { query: Some("退款".into()), ..ListExamples::default() };
        world.desk.list_examples(&world.owner, which, after, 2).await.unwrap()
    };

    let first = page(None).await;
    let texts = |found: &[(Example, i64)]| -> Vec<String> {
        found.iter().map(|(example, _)| example.text.clone()).collect()
    };
    assert_eq!(texts(&first), ["我要退款", "申请退款"]);
    let (last, place) = first[1].clone();
    world.desk.delete_example(&world.owner, first[0].0.id).await.unwrap();
    let second = page(Some((last.id, place))).await;

    assert_eq!(texts(&second), ["退款多久到"], "nothing is left out after a removal");
    let none = ListExamples { language: Some(Language::En), ..ListExamples::default() };
    assert_eq!(world.examples(none).await, [""; 0]);
    let intents = world.desk.list_intents(&world.owner).await.unwrap();
    let counts: Vec<(&str, usize, usize)> = intents
        .iter()
        .map(|one| (one.name.as_str(), one.languages[0].examples, one.languages[0].tests))
        .collect();
    assert_eq!(counts, [("parcel", 6, 1), ("refund", 5, 1)]);
}

async fn a_release_explains_what_it_makes_of_a_text(world: World) {
    world.write_bot();
    let nothing = world.desk.parse_text(&world.owner, "退款", None).await;
    assert!(matches!(nothing, Err(Error::Refused(Rule::NoBotFiles))), "{nothing:?}");
    let first = world.train().await;
    world.desk.publish_release(&world.owner, first.id).await.unwrap();
    world.add("parcel", "怎么还不退").await.unwrap();
    let second = world.train().await;
    let parse = async |release| {
        world.desk.parse_text(&world.owner, "请问怎么还不退", release).await.unwrap()
    };

    let (in_use, candidate) = (parse(None).await, parse(Some(second.id)).await);

    assert_eq!((in_use.release, candidate.release), (Some(first.id), Some(second.id)));
    assert_eq!(candidate.understood.intents[0].0, "parcel");
    assert!(
        candidate.understood.intents[0].1 > in_use.understood.intents[0].1
            || in_use.understood.intents[0].0 == "refund"
    );
    let reason = &candidate.reasons[0];
    let text: String =
        "请问怎么还不退".chars().skip(reason.start).take(reason.end - reason.start).collect();
    assert_eq!(reason.text, text);
    assert!(reason.weight > 0.0 && reason.start >= 2, "{reason:?}");
}

async fn two_releases_are_compared_on_the_same_tests(world: World) {
    world.write_bot();
    let first = world.train().await;
    world.desk.publish_release(&world.owner, first.id).await.unwrap();
    world.write_intent("invoice", "发票", &["开发票", "我要发票", "发票抬头", "电子发票"]);
    let tests = "refund\t想退款\nparcel\t物流信息\ninvoice\t帮我开发票吧\ninvoice\t发票\n";
    fs::write(world.bot_files().join("test.zh.tsv"), tests).unwrap();
    let second = world.train().await;

    let compared = world.desk.compare_releases(&world.owner, second.id, None).await.unwrap();

    assert_eq!((compared.tests, compared.both_right), (4, 2));
    assert_eq!((compared.only_first, compared.only_second), (2, 0));
    assert_eq!(compared.p_value, 0.5);
    let sentences: Vec<&str> =
        compared.differences.iter().map(|difference| difference.text.as_str()).collect();
    assert_eq!(sentences, ["帮我开发票吧", "发票"]);
    assert!(
        compared.differences.iter().all(|one| one.first == "invoice" && one.second != "invoice")
    );
}

async fn a_file_with_a_mistake_is_left_alone(world: World) {
    world.write_bot();
    let path = world.bot_files().join("intents/refund.zh.yml");
    let turned = "{intent: refund, title: 退款, examples: [退款吧, 退了], answer: 好}\n";
    fs::write(&path, turned).unwrap();
    let refused = world.add("refund", "退钱").await;
    assert!(matches!(refused, Err(Error::Refused(Rule::BotFilesWrong))), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), turned);

    fs::write(&path, "intent: [").unwrap();
    let listed = world.desk.list_intents(&world.owner).await;

    assert!(matches!(listed, Err(Error::Refused(Rule::BotFilesWrong))), "{listed:?}");
}

async fn examples_of_a_bot_are_for_those_who_train_it(world: World) {
    world.write_bot();
    let agent = world.agent(Role::Agent, "Lin").await;
    let stranger = world.another_account().await;

    let denied = world.desk.add_example(&agent, "refund", Language::Zh, "退").await;
    assert!(matches!(denied, Err(Error::Denied("train"))), "{denied:?}");
    let which = ListExamples::default();
    let listed = world.desk.list_examples(&stranger, which, None, 9).await.unwrap();
    assert_eq!(listed, []);
    let wrong = world.desk.add_example(&stranger, "refund", Language::Zh, "退").await;
    assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
}
