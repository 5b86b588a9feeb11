//! What measures models from the command line: evaluation with pictures, comparison, cross-validation, the learning curve,
//! and the report that a buyer asks for.

use std::fs;

use crate::nlu::{Folder, json, refusal, trained};
use crate::said;

/// Has a model that knows only two of the three intents.
fn weaker(folder: &Folder) -> String {
    let model = folder.path("weaker");
    let examples = "refund\t退款\nrefund\t退钱\nrefund\trefund\naddress\t地址\naddress\t换地址\naddress\taddress\n";
    let data = folder.write("weaker.tsv", examples);
    said(&["nlu", "train", "--data", &data, "--out", &model]);
    model
}

#[test]
fn an_evaluation_compares_draws_and_lists_what_was_confused() {
    let folder = Folder::new();
    let (model, other, page) = (trained(&folder), weaker(&folder), folder.path("report.html"));
    let tests = folder.examples();
    let eval = ["nlu", "eval", "--model", &model, "--data", &tests, "--compare", &other];

    let figures = json(
        &[&eval[..], &["--confusions", "5", "--html", &page, "--language", "zh", "--json"]]
            .concat(),
    );
    let text = said(&eval);

    let comparison = &figures["comparison"];
    assert_eq!(comparison["examples"], 60);
    assert!(comparison["only_right"][0].as_u64().unwrap() > 10, "{comparison}");
    assert!(comparison["accuracy_mid_p"].as_f64().unwrap() < 0.01, "{comparison}");
    assert!(figures["confusions"].as_array().unwrap().len() <= 5);
    assert!(text.contains("the difference is unlikely to be chance"), "{text}");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<svg") && page.contains("不太可能是偶然"), "{page}");
    assert!(page.contains("SHA-256") && !page.contains("<script"), "{page}");
}

#[test]
fn confused_pairs_are_listed_down_to_their_sentences() {
    let folder = Folder::new();
    let model = weaker(&folder);
    let tests = folder.write("test.tsv", "hours\t我的退款地址\nhours\t退款地址呢\nrefund\t退款\n");

    let text = said(&["nlu", "eval", "--model", &model, "--data", &tests, "--confusions", "9"]);

    assert!(text.contains("hours taken for") && text.contains("我的退款地址"), "{text}");
}

#[test]
fn examples_alone_say_how_good_a_model_would_be() {
    let folder = Folder::new();
    let (data, page) = (folder.examples(), folder.path("folds.html"));

    let found = json(&[
        "nlu",
        "cross-validate",
        "--data",
        &data,
        "--folds",
        "3",
        "--html",
        &page,
        "--json",
    ]);
    let too_many = refusal(&["nlu", "cross-validate", "--data", &data, "--folds", "101"]);

    assert_eq!(found["n"], 60);
    assert_eq!(found["folds"].as_array().unwrap().len(), 3);
    assert!(found["accuracy"].as_f64().unwrap() > 0.1, "{found}");
    assert!(found["accuracy_deviation"].is_number());
    assert!(fs::read_to_string(page).unwrap().contains("Cross-validation of intents"));
    assert!(too_many.contains("ask for 2 to 100"), "{too_many}");
}

#[test]
fn a_learning_curve_rises_with_the_examples() {
    let folder = Folder::new();
    let (data, test, page) = (folder.examples(), folder.tests(), folder.path("curve.html"));

    let found = json(&[
        "nlu",
        "learning-curve",
        "--data",
        &data,
        "--test",
        &test,
        "--html",
        &page,
        "--json",
    ]);

    let points = found["points"].as_array().unwrap();
    assert_eq!(points.len(), 6);
    assert_eq!((&points[0]["examples"], &points[5]["examples"]), (&6.into(), &60.into()));
    assert_eq!(points[5]["accuracy"], 1.0, "{found}");
    assert!(fs::read_to_string(page).unwrap().contains("Would more examples help?"));
}

#[test]
fn every_set_of_a_folder_is_measured_beside_rules() {
    let folder = Folder::new();
    let examples = fs::read_to_string(folder.examples()).unwrap();
    folder.write("sets/shop/train.tsv", &examples);
    folder.write(
        "sets/shop/test.tsv",
        "refund\t我的退款呢\naddress\t地址要改一下\nhours\t我要问几点开门\n",
    );
    folder.write("sets/shop/oos.tsv", "oos\t明早爬山要带伞吗\n");
    folder.write("sets/tongues/zh.test.jsonl", "{\"text\":\"你们周末也送货吗\"}\n");
    folder.write("sets/tongues/de.test.jsonl", "{\"text\":\"wann kommt mein Paket an\"}\n");
    let (sets, page) = (folder.path("sets"), folder.path("bench.html"));

    let report =
        json(&["bench", "nlu", "--data", &sets, "--out", &page, "--language", "zh", "--json"]);
    let text = said(&["bench", "nlu", "--data", &sets]);

    let shop = &report["sets"][0];
    assert_eq!((&shop["name"], &shop["task"]), (&"shop".into(), &"intents".into()));
    assert_eq!(shop["report"]["accuracy"], 1.0, "{shop}");
    assert!(shop["rules"]["accuracy"].is_number());
    assert_eq!(report["sets"][1]["report"]["accuracy"], 1.0, "{report}");
    assert!(report["about"]["cpu"].as_str().unwrap().len() > 2);
    assert!(text.contains("shop/train.tsv") && text.contains("tongues"), "{text}");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("语言理解准确率报告") && page.contains("shop/oos.tsv"), "{page}");
}

#[test]
fn a_folder_without_sets_or_with_a_broken_line_is_refused() {
    let folder = Folder::new();
    folder.write("none/readme.txt", "nothing");
    folder.write("broken/train.tsv", "a\tb\nno tab\n");
    folder.write("broken/test.tsv", "a\tb\n");
    let bench = |name: &str| refusal(&["bench", "nlu", "--data", &folder.path(name)]);

    assert!(bench("none").contains("a set is a folder with train.tsv and test.tsv"));
    assert!(bench("broken").contains("train.tsv:2: there is no tab"));
    assert!(bench("missing").contains("cannot be listed"));
}
