//! Training sets as files: from other products and to them, looked through, and whatever else somebody may hand us.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use crate::nlu::{Folder, json, refusal, trained};
use crate::{attune, run, said};

const RASA: &str = r#"version: "3.1"
nlu:
- intent: Ask Refund
  examples: |
    - 退[那双鞋](product)
    - 我的退款什么时候到
    - where is my refund
- intent: greet
  examples: |
    - 你好
    - hello to all of you
- synonym: 鞋
  examples: |
    - 靴子
- story: none
"#;

#[test]
fn a_set_of_rasa_becomes_a_bot_and_goes_on_to_others() {
    let folder = Folder::new();
    folder.write("rasa/data/nlu.yml", RASA);
    let (rasa, bot) = (folder.path("rasa"), folder.path("bot"));

    let made = json(&["nlu", "import", "--from", "rasa", &rasa, "--out", &bot, "--json"]);
    let text = said(&["nlu", "export", &bot, "--to", "jsonl", "--out", &folder.path("lines")]);
    let back = folder.path("back.zip");
    said(&["nlu", "export", &bot, "--to", "dialogflow", "--out", &back]);
    let again =
        json(&["nlu", "export", &back, "--to", "csv", "--out", &folder.path("table"), "--json"]);

    assert_eq!((&made["examples"], &made["files"]), (&5.into(), &4.into()));
    let left_out = made["left_out"].to_string();
    for part in ["Ask Refund → ask_refund", "1 synonyms have no place", "nlu.yml"] {
        assert!(left_out.contains(part), "{part}: {left_out}");
    }
    let intent = fs::read_to_string(folder.path("bot/intents/ask_refund.zh.yml")).unwrap();
    assert!(intent.contains("[那双鞋](product)") && intent.contains("action: handoff"), "{intent}");
    assert!(text.contains("5 examples of 2 intents read (attune)"), "{text}");
    let lines = fs::read_to_string(folder.path("lines/examples.jsonl")).unwrap();
    assert!(lines.contains(r#""slot":"product""#), "{lines}");
    assert_eq!((&again["from"], &again["examples"]), (&"dialogflow".into(), &5.into()));
}

#[test]
fn nothing_is_written_over() {
    let folder = Folder::new();
    let data = folder.examples();
    let bot = folder.path("bot");
    let hours = folder.write("bot/intents/hours.zh.yml", "mine");

    let import = refusal(&["nlu", "import", &data, "--out", &bot]);
    let export = refusal(&["nlu", "export", &data, "--to", "attune", "--out", &bot]);

    assert!(import.contains("hours.zh.yml is there already"), "{import}");
    assert_eq!(fs::read_to_string(hours).unwrap(), "mine");
    assert!(!fs::exists(folder.path("bot/intents/refund.zh.yml")).unwrap(), "all or nothing");
    assert!(export.contains("use `attune nlu import`"), "{export}");
}

#[test]
fn an_audit_tells_what_a_person_should_look_at() {
    let folder = Folder::new();
    let data = folder.write(
        "train.csv",
        "intent,text\nrefund,我的退款什么时候能到账\ndelivery,我的退款什么时候能到账呢\ndelivery,送到哪了\n",
    );
    let test =
        folder.write("test.tsv", "refund\t我的退款什么时候能到账！\nweather\t明早爬山要带伞吗\n");

    let found = json(&["nlu", "audit", &data, "--test", &test, "--json"]);
    let text = said(&["nlu", "audit", &data, "--test", &test]);
    let tsv = folder
        .write("train.tsv", "refund\t我的退款什么时候能到账\ndelivery\t我的退款什么时候能到账呢\n");
    let model = folder.path("model");
    let made = json(&["nlu", "train", "--data", &tsv, "--dev", &test, "--out", &model, "--json"]);
    let strict = run(&["nlu", "audit", &data, "--strict"]);
    let clean = run(&["nlu", "audit", "--strict", "--similarity", "1", &folder.examples()]);

    let kinds: Vec<&str> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    for kind in ["contradiction", "leak", "few_examples", "untrained", "untested"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    assert!(text.contains("examples that contradict each other: 1"), "{text}");
    assert!(text.contains("1 tests expect weather, which has no examples"), "{text}");
    let conflicts = &made["conflicts"];
    assert_eq!((&conflicts["contradictions"], &conflicts["few_examples"]), (&1.into(), &2.into()));
    assert_eq!(conflicts["leaked"], 1, "training tells of it, too");
    assert_eq!(strict.status.code(), Some(1));
    assert_eq!(clean.status.code(), Some(0), "{clean:?}");
}

#[test]
fn a_bots_folder_is_audited_with_its_tests() {
    let folder = Folder::new();
    let bot = folder.path("bot");
    said(&["nlu", "import", &folder.examples(), "--out", &bot]);
    folder.write("bot/test.zh.tsv", "refund\t我要退款！\n");

    let found = json(&["nlu", "audit", &bot, "--json"]);

    assert_eq!(found["tests"], 1);
    assert!(found["findings"].to_string().contains("\"kind\":\"leak\""), "{found}");
}

#[test]
fn ten_million_lines_are_answered_with_a_bound() {
    let folder = Folder::new();
    let large = folder.path("large.tsv");
    let mut file = fs::File::create(&large).unwrap();
    let lines = "a\tb\n".repeat(100_000);
    for _ in 0..100 {
        file.write_all(lines.as_bytes()).unwrap();
    }
    drop(file);
    let out = folder.path("none");

    let train = refusal(&["nlu", "train", "--data", &large, "--out", &out]);
    let discover = refusal(&["nlu", "discover", "--input", &large]);
    let slots = refusal(&["nlu", "slots", "train", "--data", &large, "--out", &out]);
    let import = refusal(&["nlu", "import", &large, "--out", &out]);

    assert!(
        train.contains("large.tsv:2000001: is one example too many: the most is 2000000"),
        "{train}"
    );
    assert!(discover.contains("has more than 5000000 lines"), "{discover}");
    assert!(slots.contains("large.tsv:1: ") && slots.len() < 100_000, "{}", slots.len());
    assert!(import.contains("2000001"), "{import}");
    assert!(!fs::exists(out).unwrap());
}

#[test]
fn a_line_of_a_megabyte_is_named_and_refused() {
    let folder = Folder::new();
    let long = "退".repeat((1 << 20) / 3 + 1);
    let out = folder.path("none");
    let tsv = folder.write("long.tsv", format!("a\tb\nb\t{long}\n"));
    let csv = folder.write("long.csv", format!("intent,text\na,b\nb,{long}\n"));
    let jsonl = folder.write("long.jsonl", format!("{{\"intent\":\"b\",\"text\":\"{long}\"}}\n"));

    for (sentence, place) in [
        (refusal(&["nlu", "train", "--data", &tsv, "--out", &out]), "long.tsv:2: the line has"),
        (refusal(&["nlu", "import", &csv, "--out", &out]), "long.csv:3: a field has more"),
        (refusal(&["nlu", "import", &jsonl, "--out", &out]), "long.jsonl:1: the line has"),
        (refusal(&["nlu", "slots", "train", "--data", &jsonl, "--out", &out]), "long.jsonl:1: "),
    ] {
        assert!(sentence.contains(place) && sentence.len() < 1_000, "{place}: {sentence:.500}");
    }

    let model = trained(&folder);
    let mut parse = attune(&["nlu", "parse", "--model", &model, "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let text = format!("退款\n{}\n", "x".repeat(1 << 20));
    // It stops reading at the line that is too long, so what follows may not be taken.
    let _ = parse.stdin.take().unwrap().write_all(text.as_bytes());
    let output = parse.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
    assert!(
        String::from_utf8(output.stderr).unwrap().contains("line 2 has more than 1048576 bytes")
    );
}

#[test]
fn other_encodings_are_named_with_line_and_remedy() {
    let folder = Folder::new();
    let out = folder.path("none");
    // 退款, 文本 and 意图 as GB18030 writes them.
    let chinese = folder.write("gb.tsv", b"refund\trefund\nrefund\t\xcd\xcb\xbf\xee\n");
    let table =
        folder.write("gb.csv", b"\xd2\xe2\xcd\xbc,\xce\xc4\xb1\xbe\nrefund,\xcd\xcb\xbf\xee\n");
    let french = folder.write("latin.tsv", b"refund\tcaf\xe9 ferm\xe9\n");
    let mixed = folder.write(
        "mixed.tsv",
        [b"a\t\xe9!\n", "b\t退款\n".as_bytes(), b"c\t\xcd\xcb\xbf\xee\n"].concat(),
    );
    let spreadsheet: Vec<u8> =
        "\u{feff}refund\t退款\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let spreadsheet = folder.write("unicode.tsv", spreadsheet);
    let train = |data: &str| refusal(&["nlu", "train", "--data", data, "--out", &out]);

    assert!(train(&chinese).contains("gb.tsv:2: the line is not UTF-8 but seems to be GB18030"));
    assert!(train(&french).contains("latin.tsv:1: the line is not UTF-8 (perhaps Latin-1"));
    let both = train(&mixed);
    assert!(both.contains("mixed.tsv:1: ") && both.contains("mixed.tsv:3: "), "{both}");
    assert!(!both.contains("mixed.tsv:2"), "{both}");
    assert!(train(&spreadsheet).contains("unicode.tsv:1: the line is not UTF-8 but UTF-16"));
    let discover = |input: &str| refusal(&["nlu", "discover", "--input", input]);
    assert!(discover(&table).contains("gb.csv:1: the line is not UTF-8 but seems to be GB18030"));
    assert!(discover(&chinese).contains("gb.tsv:2: "));
    assert!(refusal(&["nlu", "import", &table, "--out", &out]).contains("gb.csv:1: "));
    for sentence in [train(&chinese), train(&french), both, discover(&table)] {
        assert!(sentence.contains("save the file as UTF-8"), "{sentence}");
    }
}

#[test]
fn an_empty_class_or_one_alone_is_answered_sensibly() {
    let folder = Folder::new();
    let model = trained(&folder);
    let train = |name: &str, content: &str| {
        let data = folder.write(name, content);
        refusal(&["nlu", "train", "--data", &data, "--out", &folder.path("none")])
    };

    assert!(train("one.tsv", "a\tx\na\ty\n").contains("give examples of at least two"));
    assert!(
        train("empty.tsv", "a\tx\nb\t\n").contains("empty.tsv:2: the intent or the text is empty")
    );
    let tests = folder.write("unknown.tsv", "weather\t明早爬山要带伞吗\n");
    let figures = json(&["nlu", "eval", "--model", &model, "--data", &tests, "--json"]);
    assert_eq!(figures["accuracy"], 0.0, "an intent that was never trained is simply wrong");
}
