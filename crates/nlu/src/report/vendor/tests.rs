//! The whole way, from a folder of files to the page.

use std::fs;

use super::*;
use crate::text::Language;

const TAGGED: &str = r#"{"text":"fly to Rome","tokens":["fly","to","Rome"],"tags":["O","O","B-city"],"intent":"fly"}
{"text":"a bed in Oslo","tokens":["a","bed","in","Oslo"],"tags":["O","O","O","S-city"],"intent":"stay"}
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("shop/train.tsv", "退款\t钱还给我\n发票\t开张发票\n");
    write("shop/train_few.tsv", "退款\t钱还给我\n");
    write("shop/test.csv", "intent,text\n退款,把钱退了\n发票,\"开张发票！\"\n");
    write("shop/oos.jsonl", "{\"intent\":\"oos\",\"text\":\"今天天气\"}\n");
    write("more/bank/train.jsonl", "{\"intent\":\"a\",\"text\":\"pay\"}\n");
    write("more/bank/dev.tsv", "a\tpay it now\n");
    write("feelings/train.tsv", "positive\t很好吃\nnegative\t太难吃了呀\n好评\t真好\n差评\t真差\n");
    write("feelings/dev.tsv", "正面\t好吃\n负面\t难吃\n");
    write("trips/train.jsonl", TAGGED);
    write("trips/test.jsonl", TAGGED);
    write("tongues/en.dev.jsonl", "{\"text\":\"do you deliver on weekends too\"}\n");
    write("tongues/zh.dev.jsonl", "{\"text\":\"你们周末也送货吗\"}\n");
    write("calls/all.tsv", "pay\tpay my bill\nmove\tI have moved\n");
    write("notes/readme.txt", "nothing");
    write("other/questions.jsonl", "{\"question\":\"?\"}\n");
    folder
}

fn report() -> VendorReport {
    let folder = folder();
    let found = find_sets(folder.path()).unwrap();
    let about =
        About { version: "1.0".into(), cpu: "Some <CPU>".into(), cores: 2, ..About::default() };
    let mut seconds = 0;
    let mut stopwatch = || {
        seconds += 2;
        Duration::from_secs(seconds)
    };
    let train = |set: &TrainingSet| {
        let intent = set.intents()[0].to_owned();
        let reply =
            move |_: &str| Reply { ranked: vec![(intent.clone(), 0.9)], in_scope_score: 0.9 };
        Ok::<_, String>((reply, Some(0.5)))
    };
    let measured = found.sets.iter().map(|set| measure_set(set, 1, &mut stopwatch, train));
    VendorReport {
        about,
        sets: measured.collect::<Result<_, _>>().unwrap(),
        passed_over: found.passed_over,
    }
}

fn of<'a>(report: &'a VendorReport, name: &str, task: Task) -> &'a SetResult {
    report.sets.iter().find(|set| set.name == name && set.task == task).unwrap()
}

#[test]
fn every_kind_of_set_is_found_and_nothing_else() {
    let found = find_sets(folder().path()).unwrap();

    let sets: Vec<(&str, &str, Task)> =
        found.sets.iter().map(|set| (&*set.name, &*set.part, set.work.task())).collect();
    assert_eq!(
        sets,
        [
            ("calls", "all", Task::Discovery),
            ("feelings", "dev", Task::Sentiment),
            ("more/bank", "dev", Task::Intents),
            ("shop", "test", Task::Intents),
            ("shop few", "test", Task::Intents),
            ("tongues", "dev", Task::Language),
            ("trips", "test", Task::Intents),
            ("trips", "test", Task::Slots),
        ]
    );
    assert_eq!(found.passed_over, ["other"]);
}

#[test]
fn a_folder_without_sets_says_what_a_set_is() {
    let folder = folder();

    let error = find_sets(&folder.path().join("notes")).unwrap_err().to_string();
    assert!(error.contains("a set is a folder with train.tsv and test.tsv"), "{error}");

    fs::remove_file(folder.path().join("more/bank/dev.tsv")).unwrap();
    let error = find_sets(folder.path()).unwrap_err().to_string();
    assert!(error.contains("bank has train but neither test nor dev"), "{error}");
}

#[test]
fn a_line_that_cannot_be_read_is_named_with_its_file() {
    let folder = folder();
    fs::write(folder.path().join("tongues/zh.dev.jsonl"), "{\"text\":\"好\"}\n{}\n").unwrap();
    fs::write(folder.path().join("calls/all.tsv"), "no tab\n").unwrap();

    let error = find_sets(folder.path()).unwrap_err().to_string();

    assert!(error.contains("tongues/zh.dev.jsonl:2: the line is no object with `text`"), "{error}");
    assert!(error.contains("calls/all.tsv:1: there is no tab"), "{error}");
}

#[test]
fn every_set_is_trained_tested_and_timed() {
    let report = report();

    let (bank, shop) =
        (of(&report, "more/bank", Task::Intents), of(&report, "shop", Task::Intents));
    let (of_bank, of_shop) = (bank.report.as_ref().unwrap(), shop.report.as_ref().unwrap());
    assert_eq!((of_bank.accuracy, of_shop.accuracy), (1.0, 0.5));
    assert_eq!((bank.train_s, bank.us_per_query), (2.0, 2e6));
    assert_eq!(shop.leaked, 1, "one test is an example with another mark behind it");
    assert_eq!(of_shop.out_of_scope.as_ref().unwrap().negatives, 1);
    assert_eq!(shop.rules.unwrap().errors_ratio, Some(0.0), "rules know both words");
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<VendorReport>(&json).unwrap(), report);
}

#[test]
fn feelings_languages_slots_and_groups_are_measured_by_their_own() {
    let report = report();

    let accuracy = |name, task| of(&report, name, task).report.as_ref().unwrap().accuracy;
    assert_eq!(accuracy("feelings", Task::Sentiment), 1.0);
    assert_eq!(accuracy("tongues", Task::Language), 1.0);
    assert_eq!(of(&report, "tongues", Task::Language).classes, 2);
    assert!(of(&report, "tongues", Task::Language).rules.is_none(), "nothing was trained");
    let trips = of(&report, "trips", Task::Slots);
    assert_eq!((trips.slots.as_ref().unwrap().overall.expected, trips.leaked), (2, 2));
    assert_eq!(trips.lists.as_ref().unwrap().overall.f1, 1.0, "the tests are the examples");
    assert_eq!(of(&report, "calls", Task::Discovery).discovery.unwrap().labels, 2);
}

#[test]
fn the_hashes_are_those_of_the_files() {
    let report = report();

    let files = report.files();

    let bank = files.iter().find(|file| file.file == "more/bank/dev.tsv").unwrap();
    assert_eq!(bank.bytes, 13);
    assert_eq!(bank.sha256, hex::encode(<sha2::Sha256 as sha2::Digest>::digest("a\tpay it now\n")));
    let tests = files.iter().filter(|file| file.file == "shop/test.csv").count();
    assert_eq!(tests, 1, "though two sets read it");
}

#[test]
fn a_training_that_fails_names_its_set() {
    let found = find_sets(folder().path()).unwrap();
    let shop = found.sets.iter().find(|set| set.name == "shop").unwrap();
    let fail = |_: &TrainingSet| Err::<(fn(&str) -> Reply, _), _>("no memory");

    let error = measure_set(shop, 1, Duration::default, fail).unwrap_err();

    assert_eq!(error.to_string(), "the set shop cannot be measured: no memory");
}

#[test]
fn it_is_shown_as_text_and_as_a_page() {
    let report = report();

    let text = report.to_string();
    assert!(text.contains("processor  Some <CPU> × 2"), "{text}");
    assert!(text.contains("no set, passed over: other"), "{text}");
    for file in report.files() {
        assert!(text.contains(&format!("{}  {}", file.sha256, file.file)), "{text}");
    }
    for (language, words) in
        [(Language::Zh, "关键词规则准确率"), (Language::En, "Mistakes: rules ÷ ours")]
    {
        let page = report.html(language);
        assert!(page.contains("Some &lt;CPU&gt; × 2") && page.contains(words), "{page}");
        assert_eq!(page.matches("<svg").count(), 13, "one of all, and two a labelled set");
    }
}
