//! `attune nlu`: from files to a model, and from a model to figures.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

use crate::{attune, run, said};

const TOPICS: [(&str, [&str; 4]); 3] = [
    ("refund", ["退款什么时候到账", "我要退款", "where is my refund", "申请退钱"]),
    ("address", ["修改收货地址", "我想换个地址", "change my address", "地址填错了"]),
    ("hours", ["你们几点上班", "营业时间是什么", "what are your opening hours", "周末开门吗"]),
];
const ENDINGS: [&str; 5] = ["", "，谢谢", "？", " please", "，急"];

/// A folder of its own for a test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self.path(name)
    }

    /// Sixty examples of three intents.
    pub(crate) fn examples(&self) -> String {
        let lines = TOPICS.iter().flat_map(|(intent, texts)| {
            texts.iter().flat_map(move |text| {
                ENDINGS.iter().map(move |ending| format!("{intent}\t{text}{ending}\n"))
            })
        });
        self.write("train.tsv", lines.collect::<String>())
    }

    pub(crate) fn tests(&self) -> String {
        self.write("test.tsv", "refund\t我的退款呢\naddress\t地址要改一下\nhours\t几点开门营业\n")
    }
}

pub(crate) fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&said(arguments)).unwrap()
}

/// What a command that is refused says on standard error.
pub(crate) fn refusal(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

pub(crate) fn trained(folder: &Folder) -> String {
    let model = folder.path("model");
    said(&["nlu", "train", "--data", &folder.examples(), "--out", &model]);
    model
}

#[test]
fn a_model_is_trained_measured_and_asked() {
    let folder = Folder::new();
    let unknown = folder.write(
        "unknown.tsv",
        "oos\t湖边还看得见月亮吗\noos\twhistle the old harbour tune\n替我数数云\n",
    );

    let model = folder.path("model");
    let made = json(&[
        "nlu",
        "train",
        "--data",
        &folder.examples(),
        "--dev",
        &folder.tests(),
        "--oos",
        &unknown,
        "--out",
        &model,
        "--json",
    ]);
    let figures = json(&[
        "nlu",
        "eval",
        "--model",
        &model,
        "--data",
        &folder.tests(),
        "--oos",
        &unknown,
        "--json",
    ]);
    let answer = json(&["nlu", "parse", "--model", &model, "想改地址", "--json"]);

    assert_eq!(made["intents"], 3);
    assert_eq!(made["dev"]["accuracy"], 1.0);
    for name in [
        "accuracy",
        "macro_f1",
        "top3",
        "coverage_at_95",
        "ece",
        "oos_auroc",
        "oos_recall",
        "in_scope_accuracy_at_threshold",
        "us_per_query",
    ] {
        assert!(figures[name].is_number(), "{name} in {figures}");
    }
    assert_eq!(figures["n"], 3);
    assert_eq!(answer["intents"][0]["intent"], "address");
}

#[test]
fn each_line_of_standard_input_is_answered_by_a_line() {
    let folder = Folder::new();
    let model = trained(&folder);

    let mut parse = attune(&["nlu", "parse", "--model", &model, "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    parse.stdin.take().unwrap().write_all("我要退款\r\n\nopening hours\n".as_bytes()).unwrap();
    let output = parse.wait_with_output().unwrap();
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();

    assert_eq!(lines.len(), 3, "an empty line is answered too");
    assert_eq!(lines[0]["text"], "我要退款");
    assert_eq!(lines[0]["intents"][0]["intent"], "refund");
    assert_eq!(lines[2]["intents"][0]["intent"], "hours");
}

#[test]
fn what_cannot_be_trained_on_is_refused_with_place_and_remedy() {
    let folder = Folder::new();
    let refused = |name: &str, content: &[u8]| {
        let data = folder.write(name, content);
        refusal(&["nlu", "train", "--data", &data, "--out", &folder.path("none")])
    };

    let cases = [
        (
            refused("tabless.tsv", b"refund\tmy money\nno tab here\n"),
            "tabless.tsv:2: there is no tab",
        ),
        (refused("latin.tsv", b"refund\tcaf\xe9\n"), "latin.tsv:1: the line is not UTF-8"),
        (refused("empty.tsv", b"\n\n"), "holds no example"),
        (refused("single.tsv", b"refund\tmy money\n"), "give examples of at least two"),
        (refused("textless.tsv", b"refund\t\n"), "textless.tsv:1: the intent or the text is empty"),
        (
            refused("long.tsv", &[b"refund\t".as_slice(), &[b'x'; 1 << 20]].concat()),
            "long.tsv:1: the line has",
        ),
    ];

    for (sentence, expected) in cases {
        assert!(sentence.contains(expected), "{sentence}");
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
    }
    assert!(!Path::new(&folder.path("none")).exists());
}

#[test]
fn only_what_changed_learns_from_a_base() {
    let folder = Folder::new();
    let topics = ["退款", "地址", "营业", "发票", "密码", "积分", "红包", "会员"];
    let asked = |topic| {
        let ways = [format!("{topic}怎么弄"), format!("我的{topic}呢"), format!("想问{topic}")];
        ways.map(|way| format!("{topic}\t{way}\n")).concat()
    };
    let before: String = topics.into_iter().map(asked).collect();
    let after = format!("{before}weather\t明天下雨吗\nweather\t天气预报\n");
    let (before, data) = (folder.write("before.tsv", before), folder.write("after.tsv", after));
    let (base, out) = (folder.path("before"), folder.path("after"));
    said(&["nlu", "train", "--data", &before, "--out", &base]);

    let made = json(&["nlu", "train", "--data", &data, "--base", &base, "--out", &out, "--json"]);
    let whole = json(&["nlu", "train", "--data", &data, "--out", &out, "--json"]);
    let none = ["nlu", "train", "--data", &data, "--base", &folder.path("none"), "--out", &out];

    assert_eq!(made["relearned"]["changed"], serde_json::json!(["weather"]));
    assert_eq!([&made["intents"], &made["data_hash"]], [&whole["intents"], &whole["data_hash"]]);
    assert!(whole["relearned"].is_null());
    let answer = json(&["nlu", "parse", "--model", &out, "后天下雨吗", "--json"]);
    assert_eq!(answer["intents"][0]["intent"], "weather");
    assert!(refusal(&none).contains("holds no release"));
}

#[test]
fn a_tier_and_its_encoder_must_fit() {
    let folder = Folder::new();
    let (data, out) = (folder.examples(), folder.path("none"));
    let train = |more: &[&str]| {
        refusal(&[&["nlu", "train", "--data", &data, "--out", &out], more].concat())
    };

    assert!(train(&["--tier", "hybrid"]).contains("needs --encoder"));
    assert!(train(&["--fine-tune"]).contains("needs --tier"));
    assert!(train(&["--encoder", &out]).contains("add --tier hybrid"));
    assert!(train(&["--tier", "encoder", "--encoder", &out]).contains("config.json"));
}

#[test]
fn an_encoder_of_ones_own_reads_beside_the_n_grams() {
    let folder = Folder::new();
    let data = folder.examples();
    let (encoder, model) = (folder.path("encoder"), folder.path("model"));

    let made = json(&[
        "nlu", "pretrain", "--data", &data, "--out", &encoder, "--layers", "1", "--width", "32",
        "--epochs", "1", "--json",
    ]);
    let train_arguments =
        ["nlu", "train", "--data", &data, "--tier", "hybrid", "--encoder", &encoder];
    let train =
        |more: &[&str]| json(&[&train_arguments, more, &["--out", &model, "--json"]].concat());
    let as_it_was = train(&["--fine-tune=never"]);
    let hybrid = train(&[]);
    let from_base = [&train_arguments[..], &["--base", &model, "--out", &model]].concat();
    assert!(refusal(&from_base).contains("--base is for the linear tier"));
    // The model is whole without the folder that it came from.
    fs::remove_dir_all(&encoder).unwrap();
    let figures = json(&["nlu", "eval", "--model", &model, "--data", &folder.tests(), "--json"]);

    assert_eq!(made["width"], 32);
    assert_eq!(hybrid["tier"], "hybrid");
    assert_eq!([&as_it_was["fine_tuned"], &hybrid["fine_tuned"]], [false, true]);
    assert_eq!(as_it_was["fine_tuning_steps"], 0);
    assert!(hybrid["fine_tuning_steps"].as_u64() > Some(0), "{hybrid}");
    assert_eq!(figures["accuracy"], 1.0);
}

#[test]
fn slots_are_learned_from_marked_tokens() {
    let folder = Folder::new();
    let cities = ["Boston", "Paris", "Shanghai", "Beijing", "Lisbon", "Vienna", "Oslo", "Rome"];
    let line = |city: &str, day: &str| {
        format!(
            "{{\"tokens\":[\"book\",\"a\",\"room\",\"in\",\"{city}\",\"for\",\"{day}\"],\"tags\":[\"O\",\"O\",\"O\",\"O\",\"B-city\",\"O\",\"B-day\"],\"intent\":\"book\"}}\n"
        )
    };
    let train: String =
        cities.iter().flat_map(|city| ["monday", "friday"].map(|day| line(city, day))).collect();
    let (train, test) =
        (folder.write("train.jsonl", train), folder.write("test.jsonl", line("Madrid", "friday")));
    let model: PathBuf = folder.path("slots").into();
    let model = model.display().to_string();

    let made = json(&["nlu", "slots", "train", "--data", &train, "--out", &model, "--json"]);
    let figures = json(&["nlu", "slots", "eval", "--model", &model, "--data", &test, "--json"]);
    let broken = folder.write("broken.jsonl", "{\"tokens\":[\"a\"],\"tags\":[]}\n");

    assert_eq!(made["slots"], serde_json::json!(["city", "day"]));
    assert_eq!(figures["overall"]["f1"], 1.0, "{figures}");
    assert!(
        refusal(&["nlu", "slots", "train", "--data", &broken, "--out", &model])
            .contains("broken.jsonl:1:")
    );
}

#[test]
fn sentiment_is_learned_from_labelled_texts() {
    let folder = Folder::new();
    let good = ["很好吃", "非常满意", "太棒了", "送得很快", "味道不错", "great food", "love it"];
    let bad =
        ["糊成一团了", "非常失望", "送得太慢", "味道很差", "再也不来", "awful food", "hate it"];
    let lines = |label: &'static str, texts: [&'static str; 7]| {
        texts.into_iter().flat_map(move |text| ENDINGS.map(|end| format!("{label}\t{text}{end}\n")))
    };
    let data: String = lines("positive", good).chain(lines("negative", bad)).collect();
    let (data, model) = (folder.write("feelings.tsv", data), folder.path("sentiment"));
    let test = folder.write("test.tsv", "正面\t味道很好，很满意\n负面\t太慢了，很失望\n");

    said(&["nlu", "sentiment", "train", "--data", &data, "--out", &model]);
    let figures = json(&["nlu", "sentiment", "eval", "--model", &model, "--data", &test, "--json"]);

    assert_eq!(figures["accuracy"], 1.0, "{figures}");
}

#[test]
fn intents_are_discovered_in_labelled_and_unlabelled_lines() {
    let folder = Folder::new();

    let found = json(&["nlu", "discover", "--input", &folder.examples(), "--json"]);
    let past = "conversation,sender,text\n1,customer,我要退款\n1,agent,好的\n2,customer,我要退款，谢谢\n3,customer,申请退款\n";
    let past = folder.write("past.csv", past);
    let estimate = json(&["nlu", "discover", "--input", &past, "--json"]);

    assert_eq!(found["assignment"].as_array().unwrap().len(), 60);
    assert!(found["agreement"]["accuracy"].as_f64().unwrap() > 0.3, "{found}");
    assert_eq!(estimate["conversations"], 3);
}
