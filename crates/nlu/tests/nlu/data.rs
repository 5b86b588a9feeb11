//! A bot's folder: read from disk and from memory, with errors that say where, and conflicts.

use std::fs;
use std::path::Path;

use nlu::{Action, BotData, Conflict, Language};

const GREETING_ZH: &str =
    "intent: greeting\ntitle: 问候\nexamples: [你好, 您好, 在吗, 早上好, 哈喽]\nanswer: 您好！\n";
const GREETING_EN: &str = "intent: greeting\ntitle: Greeting\nexamples:\n  - hello\n  - hi\n  - hey\n  - good morning\n  - hi there\nanswer: |\n  Hello!\nquick_replies: [human]\n";
const HUMAN_EN: &str = "intent: human\ntitle: A person\nexamples: [a person, an agent, human, operator, someone real]\nanswer: One moment.\naction: handoff\n";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("bot.yml", "anything: [at, all"),
        ("intents/human.en.yml", HUMAN_EN),
        ("intents/greeting.en.yml", GREETING_EN),
        ("intents/greeting.zh.yml", GREETING_ZH),
        ("test.en.tsv", "greeting\tgood evening\n"),
    ]
}

fn read(files: &[(&str, &str)]) -> Result<BotData, String> {
    BotData::read_files(files.iter().copied()).map_err(|errors| errors.to_string())
}

fn error_of(path: &str, text: &str) -> String {
    read(&[(path, text)]).unwrap_err()
}

#[test]
fn a_bot_is_read_from_memory() {
    let data = read(&files()).unwrap();

    let names: Vec<_> =
        data.intents.iter().map(|one| (one.intent.as_str(), one.language)).collect();
    assert_eq!(
        names,
        [("greeting", Language::Zh), ("greeting", Language::En), ("human", Language::En)]
    );
    assert_eq!(data.intents[1].quick_replies, ["human"]);
    assert_eq!(data.intents[1].answer, "Hello!\n");
    assert_eq!(data.intents[2].action, Some(Action::Handoff));
    assert_eq!(data.tests(Language::En).len(), 1);
    assert!(data.tests(Language::Zh).is_empty());
    assert_eq!(data.training_set().intents(), ["greeting", "human"]);
    assert_eq!(data.training_set().examples().len(), 5 + 5 + 5 + 3, "the titles are examples too");
}

#[test]
fn a_folder_gives_what_memory_gives() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("intents")).unwrap();
    for (path, text) in files() {
        fs::write(folder.path().join(path), text).unwrap();
    }

    assert_eq!(BotData::read_folder(folder.path()).unwrap(), read(&files()).unwrap());
}

#[test]
fn errors_name_file_line_and_remedy() {
    let cases = [
        (
            "intents/a.fr.yml",
            GREETING_EN,
            "intents/a.fr.yml has no name of the form <intent>.zh.yml",
        ),
        (
            "intents/a.en.yml",
            GREETING_EN,
            "intents/a.en.yml:1: intent is `greeting`, the file is named after `a`: make them equal",
        ),
        (
            "intents/greeting.en.yml",
            "intent: greeting\ntitle: x\nexamples: [hi]\nanswer: y\nanwser: z\n",
            "unknown field `anwser`",
        ),
        (
            "intents/greeting.en.yml",
            "intent: greeting\ntitle: x\nexamples: [hi]\n",
            "missing field `answer`",
        ),
        (
            "intents/greeting.en.yml",
            "intent: greeting\ntitle: x\nexamples:\n  - hi\n  - note: this\nanswer: y\n",
            "put the value into quotes",
        ),
        (
            "intents/greeting.en.yml",
            "intent: greeting\ntitle: ' '\nexamples: []\nanswer: y\n",
            "intents/greeting.en.yml:2: the title is empty",
        ),
        (
            "intents/greeting.en.yml",
            "intent: greeting\ntitle: x\nexamples: [hi, ' ']\nanswer: y\n",
            "intents/greeting.en.yml:3: an example is empty",
        ),
        (
            "intents/Big Name.en.yml",
            "intent: Big Name\ntitle: x\nexamples: [hi]\nanswer: y\n",
            "`Big Name` is no name",
        ),
        ("intents/a.en.yml", "intent: [unclosed", "intents/a.en.yml:"),
        ("test.en.tsv", "greeting hello\n", "test.en.tsv:1: there is no tab"),
        ("bot.yml", "", "intents holds no intent"),
    ];

    for (path, text, expected) in cases {
        let error = error_of(path, text);

        assert!(error.contains(expected), "{path}: {error}");
    }
}

#[test]
fn every_error_of_all_files_is_listed() {
    let error =
        read(&[("intents/a.en.yml", "x"), ("intents/b.xx.yml", ""), ("test.zh.tsv", "a\n")])
            .unwrap_err();

    assert_eq!(error.lines().count(), 3, "{error}");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let error =
        BotData::read_files([("intents/a.en.yml", [0xff, 0xfe, 0x00])]).unwrap_err().to_string();

    assert!(error.contains("is not UTF-8"), "{error}");
}

#[test]
fn a_missing_folder_is_named() {
    let error = BotData::read_folder(Path::new("/nowhere/at/all")).unwrap_err().to_string();

    assert!(error.contains("/nowhere/at/all/intents cannot be listed"), "{error}");
}

#[test]
fn conflicts_are_found() {
    let thin_en = "intent: thin\ntitle: Thin\nexamples: [Hello!, something]\nanswer: y\nquick_replies: [nobody]\n";
    let mut files = files();
    files.push(("intents/thin.en.yml", thin_en));
    files.push(("test.zh.tsv", "greeting\t你好！\nvanished\t再会\n"));

    let conflicts = read(&files).unwrap().conflicts();

    let (en, zh) = (Language::En, Language::Zh);
    let expected = [
        Conflict::SharedExample {
            text: "hello".into(),
            intents: vec!["greeting".into(), "thin".into()],
        },
        Conflict::FewExamples { intent: "thin".into(), language: en, count: 2 },
        Conflict::UnknownQuickReply { intent: "thin".into(), language: en, reply: "nobody".into() },
        Conflict::MissingLanguage { intent: "human".into(), language: zh },
        Conflict::MissingLanguage { intent: "thin".into(), language: zh },
        Conflict::UnknownTestIntent { language: zh, intent: "vanished".into() },
        Conflict::TestIsExample { language: zh, text: "你好！".into() },
    ];
    assert_eq!(conflicts, expected);
    assert_eq!(
        conflicts[0].to_string(),
        "\"hello\" is an example of greeting and thin: keep it in one of them"
    );
}

#[test]
fn slots_are_marked_inside_examples() {
    let file = "intent: refund\ntitle: 退款\nexamples: ['我要退[那双鞋](product)', 退款, 钱呢, 退货退款, 不要了]\nanswer: 好的。\n";

    let data = read(&[("intents/refund.zh.yml", file)]).unwrap();

    let refund = &data.intents[0];
    assert_eq!(refund.examples[0], "我要退那双鞋", "the plain text trains the intent");
    let span = &refund.utterances[0].slots[0];
    assert_eq!(&refund.examples[0][span.start..span.end], "那双鞋");
    assert_eq!(span.slot, "product");
}

#[test]
fn a_mark_at_the_beginning_wants_quotes() {
    let error = error_of(
        "intents/a.en.yml",
        "intent: a\ntitle: A\nexamples:\n  - [these shoes](product) broke\nanswer: B\n",
    );

    assert!(
        error.contains("intents/a.en.yml:4") && error.contains("put the value into quotes"),
        "{error}"
    );
}

#[test]
fn nearly_equal_examples_of_two_intents_are_a_conflict() {
    let file = |name: &str, example: &str| {
        format!(
            "intent: {name}\ntitle: {name}\nexamples:\n  - {example}\n  - 一\n  - 二{name}\n  - 三{name}\n  - 四{name}\nanswer: A\n"
        )
    };
    let (refund, delivery) =
        (file("refund", "我的退款什么时候能到账"), file("delivery", "我的退款什么时候能到账呢"));

    let data = read(&[("intents/refund.zh.yml", &refund), ("intents/delivery.zh.yml", &delivery)])
        .unwrap();

    let said: Vec<String> = data.conflicts().iter().map(Conflict::to_string).collect();
    assert!(
        said.iter().any(|one| one.contains("\"我的退款什么时候能到账呢\" of delivery is almost \"我的退款什么时候能到账\" of refund")),
        "{said:?}"
    );
    assert!(
        said.iter().any(|one| one.contains("\"一\" is an example of delivery and refund")),
        "{said:?}"
    );
    assert_eq!(said.len(), 2, "each is told once: {said:?}");
}
