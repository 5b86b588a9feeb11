//! The slot tagger through its public face: what it learns, what it refuses, what a damaged file does.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use nlu::slot::{
    FOLDER_OF_INTENTS, MANIFEST_FILE, SlotManifest, TaggedUtterance, Tagger, TaggerError,
    TaggerOptions, WEIGHTS_FILE, evaluate,
};
use nlu::{Encoder, ReleaseError};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::encoder::{checkpoint, checkpoint_of};

const MADE_AT_MS: i64 = 1_795_000_000_000;
const CITIES: [&str; 8] =
    ["Lyon", "New Delhi", "Porto", "San Marino", "Oslo", "Quito", "Cape Town", "Riga"];
const DAYS: [&str; 4] = ["today", "tomorrow", "next monday", "on friday"];
const CITIES_ZH: [&str; 6] = ["北京", "上海", "哈尔滨", "石家庄", "广州", "西安"];
const DAYS_ZH: [&str; 4] = ["今天", "明天", "下周一", "周五"];

/// Fills the places of a sentence and marks them as slots.
fn fill(pattern: &str, intent: &str, values: &[(&str, &str)]) -> TaggedUtterance {
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        let value = values.iter().find(|(key, _)| *key == name).unwrap().1;
        text.push_str(before);
        spans.push((text.len()..text.len() + value.len(), name));
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    TaggedUtterance::from_spans(&text, Some(intent.to_owned()), &spans).unwrap()
}

fn utterances() -> Vec<TaggedUtterance> {
    let mut all = Vec::new();
    for (at, from) in CITIES.iter().enumerate() {
        let to = CITIES[(at + 3) % CITIES.len()];
        let day = DAYS[at % DAYS.len()];
        let values = [("from", *from), ("to", to), ("day", day), ("city", from)];
        all.push(fill("fly from {from} to {to} {day}", "book", &values));
        all.push(fill("i need a flight to {to} from {from}", "book", &values));
        all.push(fill("will it rain in {city} {day}", "weather", &values));
        all.push(fill("how warm is it in {city}", "weather", &values));
    }
    for (at, from) in CITIES_ZH.iter().enumerate() {
        let to = CITIES_ZH[(at + 2) % CITIES_ZH.len()];
        let day = DAYS_ZH[at % DAYS_ZH.len()];
        let values = [("from", *from), ("to", to), ("day", day), ("city", from)];
        all.push(fill("我想{day}从{from}飞到{to}", "book", &values));
        all.push(fill("订一张{from}去{to}的机票", "book", &values));
        all.push(fill("{city}{day}会下雨吗", "weather", &values));
        all.push(fill("查一下{city}的气温", "weather", &values));
    }
    all
}

fn train(utterances: &[TaggedUtterance], options: &TaggerOptions) -> Result<Tagger, TaggerError> {
    Tagger::train(utterances, options, &mut |_| ControlFlow::Continue(()))
}

fn tagger() -> &'static Tagger {
    static TAGGER: OnceLock<Tagger> = OnceLock::new();
    TAGGER.get_or_init(|| train(&utterances(), &TaggerOptions::default()).unwrap())
}

fn found(text: &str) -> Vec<(String, String)> {
    tagger().tag(text).into_iter().map(|slot| (slot.slot.to_string(), slot.value)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(slot, value)| ((*slot).to_owned(), (*value).to_owned())).collect()
}

fn saved() -> TempDir {
    let dir = TempDir::new().unwrap();
    tagger().save(dir.path(), MADE_AT_MS).unwrap();
    dir
}

fn files() -> [PathBuf; 4] {
    let intents = Path::new(FOLDER_OF_INTENTS);
    [
        MANIFEST_FILE.into(),
        WEIGHTS_FILE.into(),
        intents.join(nlu::release::MANIFEST_FILE),
        intents.join(nlu::release::WEIGHTS_FILE),
    ]
}

#[test]
fn slots_are_found_in_sentences_never_seen_and_told_apart_by_their_role() {
    assert_eq!(
        found("I need a flight from Cape Town to Riga"),
        pairs(&[("from", "Cape Town"), ("to", "Riga")])
    );
    assert_eq!(
        found("will it rain in Cape Town next monday?"),
        pairs(&[("city", "Cape Town"), ("day", "next monday")])
    );
    assert_eq!(
        found("我想下周一从石家庄飞到广州"),
        pairs(&[("day", "下周一"), ("from", "石家庄"), ("to", "广州")])
    );
}

#[test]
fn a_name_never_seen_is_found_by_what_stands_around_it() {
    assert_eq!(
        found("fly from Lyon to Krakow tomorrow"),
        pairs(&[("from", "Lyon"), ("to", "Krakow"), ("day", "tomorrow")])
    );
}

#[test]
fn what_has_no_slot_gets_none() {
    assert!(found("").is_empty());
    assert!(found("  \n").is_empty());
    assert!(tagger().tag_tokens(&[""; 0]).is_empty());
}

#[test]
fn spans_lie_where_the_value_stands_in_the_original_text() {
    let text = "  Will it rain in  Ｎew  Delhi？";

    let slots = tagger().tag(text);

    let city = slots.iter().find(|slot| &*slot.slot == "city").unwrap();
    assert_eq!(city.value, "Ｎew  Delhi");
    assert_eq!(&text[city.start..city.end], city.value);
}

#[test]
fn the_report_counts_and_can_be_written_as_json() {
    let all = utterances();

    let report = evaluate(tagger(), &all);

    let expected: usize = all.iter().map(|one| one.slots().len()).sum();
    assert_eq!((report.n, report.overall.expected), (all.len(), expected));
    assert!(report.overall.f1 > 0.95 && report.exact > 0.9, "{report}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["overall"]["expected"], expected);
    assert!(json["slots"]["city"]["f1"].is_number());
}

#[test]
fn the_same_utterances_in_any_order_give_the_same_bytes() {
    let (one, other) = (saved(), TempDir::new().unwrap());
    let mut turned = utterances();
    turned.reverse();

    train(&turned, &TaggerOptions::default()).unwrap().save(other.path(), MADE_AT_MS).unwrap();

    for file in files() {
        let read = |dir: &TempDir| fs::read(dir.path().join(&file)).unwrap();
        assert_eq!(read(&one), read(&other), "{}", file.display());
    }
}

#[test]
fn a_tagger_read_again_answers_the_same() {
    let dir = saved();

    let loaded = Tagger::load(dir.path()).unwrap();

    for one in utterances() {
        assert_eq!(loaded.tag(one.text()), tagger().tag(one.text()));
    }
    let manifest = SlotManifest::read(dir.path()).unwrap();
    assert_eq!(
        manifest.slots.iter().map(|slot| &**slot).collect::<Vec<_>>(),
        ["city", "day", "from", "to"]
    );
    assert_eq!(
        (manifest.created_at_ms, manifest.data_hash.as_str()),
        (MADE_AT_MS, tagger().data_hash())
    );
}

#[test]
fn a_manifest_damaged_at_any_byte_is_refused() {
    let dir = saved();
    let path = dir.path().join(MANIFEST_FILE);
    let whole = fs::read(&path).unwrap();

    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(&path, &damaged).unwrap();
        assert!(SlotManifest::read(dir.path()).is_err(), "byte {at}");
        fs::write(&path, &whole[..at]).unwrap();
        assert!(SlotManifest::read(dir.path()).is_err(), "cut at {at}");
    }
}

#[test]
fn every_file_damaged_in_many_places_is_refused() {
    let dir = saved();
    for file in files() {
        let path = dir.path().join(&file);
        let whole = fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(whole.len().div_ceil(60)).chain([whole.len() - 1]) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x10;
            fs::write(&path, &damaged).unwrap();
            assert!(Tagger::load(dir.path()).is_err(), "{} at {at}", file.display());
            fs::write(&path, &whole[..at]).unwrap();
            assert!(Tagger::load(dir.path()).is_err(), "{} cut at {at}", file.display());
        }
        fs::remove_file(&path).unwrap();
        assert!(Tagger::load(dir.path()).is_err(), "{} is missing", file.display());
        fs::write(&path, &whole).unwrap();
    }
    assert!(Tagger::load(dir.path()).is_ok());
}

#[test]
fn numbers_that_lead_out_of_bounds_are_refused_even_under_a_right_checksum() {
    use sha2::{Digest, Sha256};
    let dir = saved();
    let (path, manifest_path) = (dir.path().join(WEIGHTS_FILE), dir.path().join(MANIFEST_FILE));
    let (whole, manifest) = (fs::read(&path).unwrap(), fs::read_to_string(&manifest_path).unwrap());
    let written = SlotManifest::read(dir.path()).unwrap();
    let hash = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));

    for at in (0..whole.len()).step_by(whole.len().div_ceil(200)) {
        let mut other = whole.clone();
        other[at] ^= 0xff;
        let unsealed = manifest
            .replace(&written.weights_sha256, &hash(&other))
            .replace(&written.checksum, &"0".repeat(64));
        let sealed = unsealed.replace(&"0".repeat(64), &hash(unsealed.as_bytes()));
        fs::write(&path, &other).unwrap();
        fs::write(&manifest_path, sealed).unwrap();

        // Read or refused, and if read, asked: in no case a panic.
        if let Ok(tagger) = Tagger::load(dir.path()) {
            let _ = tagger.tag("fly from Lyon to 北京 tomorrow");
        }
    }
}

#[test]
fn an_empty_directory_holds_no_tagger() {
    let dir = TempDir::new().unwrap();

    assert!(matches!(Tagger::load(dir.path()), Err(ReleaseError::Missing(_))));
}

#[test]
fn a_model_of_intents_of_another_tagger_is_refused() {
    let (dir, other) = (saved(), TempDir::new().unwrap());
    train(&utterances()[4..], &TaggerOptions::default())
        .unwrap()
        .save(other.path(), MADE_AT_MS)
        .unwrap();
    for file in &files()[2..] {
        fs::copy(other.path().join(file), dir.path().join(file)).unwrap();
    }

    let error = Tagger::load(dir.path()).unwrap_err().to_string();

    assert!(error.contains("it belongs to another tagger"), "{error}");
}

#[test]
fn what_cannot_be_trained_on_is_said() {
    let options = TaggerOptions::default();
    let without = [TaggedUtterance::from_spans("hello there", None, &[]).unwrap()];

    assert_eq!(train(&[], &options).unwrap_err(), TaggerError::NoSlots);
    assert_eq!(train(&without, &options).unwrap_err(), TaggerError::NoSlots);
    let zero = TaggerOptions { passes: 0, ..options };
    assert!(matches!(train(&utterances(), &zero), Err(TaggerError::BadOption("passes", _))));
    let wild = TaggerOptions { rate: f32::NAN, ..options };
    assert!(matches!(train(&utterances(), &wild), Err(TaggerError::BadOption("rate", _))));
    let many: Vec<TaggedUtterance> = (0..300)
        .map(|at| TaggedUtterance::from_spans("x", None, &[(0..1, &format!("s{at}"))]).unwrap())
        .collect();
    assert_eq!(train(&many, &options).unwrap_err(), TaggerError::TooManySlots(300));
}

#[test]
fn one_utterance_is_enough_to_train_on() {
    let one = &utterances()[..1];

    let tagger = train(one, &TaggerOptions::default()).unwrap();

    assert_eq!(tagger.slots().collect::<Vec<_>>(), ["day", "from", "to"]);
    assert!(tagger.tag(one[0].text()).iter().all(|slot| slot.confidence <= 1.0));
}

#[test]
fn training_can_be_stopped_at_any_time_it_tells_of() {
    let mut told = Vec::new();
    let mut progress = |share: f32| {
        told.push(share);
        if share > 0.5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };

    let stopped = Tagger::train(&utterances(), &TaggerOptions::default(), &mut progress);

    assert_eq!(stopped.unwrap_err(), TaggerError::Stopped);
    assert!(told.len() > 3 && told.is_sorted(), "{told:?}");
}

#[test]
fn a_tagger_reads_with_its_encoder_and_is_the_same_after_reading() {
    let folder = checkpoint();
    let encoder = Arc::new(Encoder::load(folder.path()).unwrap());
    let text = "i need a flight to Oslo from 北京 tomorrow";
    for fine_tune in [false, true] {
        let options = TaggerOptions { fine_tune, ..TaggerOptions::default() };
        let mut told = Vec::new();
        let mut progress = |share| {
            told.push(share);
            ControlFlow::Continue(())
        };

        let given = Some(Arc::clone(&encoder));
        let tagger = Tagger::train_with(&utterances(), &options, given, &mut progress).unwrap();

        assert!(told.is_sorted() && told.iter().all(|share| (0.0..=1.0).contains(share)));
        let found = tagger.tag(text);
        assert!(found.iter().any(|slot| slot.value == "Oslo"), "{found:?}");
        assert_ne!(found, self::tagger().tag(text), "what the encoder says counts");
        let dir = TempDir::new().unwrap();
        let manifest = tagger.save(dir.path(), MADE_AT_MS).unwrap();
        let is_own = manifest.encoder.unwrap().fingerprint == encoder.fingerprint();
        assert_eq!((is_own, manifest.head_sha256.is_some()), (!fine_tune, fine_tune));
        assert_eq!(Tagger::load(dir.path()).unwrap().tag(text), found);
    }
}

#[test]
fn another_encoder_or_another_head_is_refused() {
    let folder = checkpoint();
    let encoder = Arc::new(Encoder::load(folder.path()).unwrap());
    let options = TaggerOptions { fine_tune: true, ..TaggerOptions::default() };
    let tagger = Tagger::train_with(&utterances(), &options, Some(encoder), &mut |_| {
        ControlFlow::Continue(())
    });
    let tagger = tagger.unwrap();
    let another = checkpoint_of(7);
    for (file, bytes) in [
        ("head.json", b"{}".to_vec()),
        ("encoder/model.safetensors", fs::read(another.path().join("model.safetensors")).unwrap()),
    ] {
        let dir = TempDir::new().unwrap();
        tagger.save(dir.path(), MADE_AT_MS).unwrap();
        fs::write(dir.path().join(file), bytes).unwrap();

        assert!(matches!(Tagger::load(dir.path()), Err(ReleaseError::Damaged { .. })), "{file}");
    }
}

proptest! {
    #[test]
    fn slots_of_any_text_lie_in_it_in_order(text in "\\PC{0,40}|.{0,40}|(fly|from|to| |Riga|北京|明天|,|😀){0,30}") {
        let mut last = 0;
        for slot in tagger().tag(&text) {
            prop_assert!(last <= slot.start && slot.start < slot.end && slot.end <= text.len());
            prop_assert_eq!(text.get(slot.start..slot.end), Some(slot.value.as_str()));
            prop_assert!((0.0..=1.0).contains(&slot.confidence));
            last = slot.end;
        }
    }

    #[test]
    fn any_tokens_can_be_tagged(tokens in prop::collection::vec(".{0,8}", 0..12)) {
        for slot in tagger().tag_tokens(&tokens) {
            prop_assert!(slot.start < slot.end && slot.end <= tokens.len());
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = nlu::slot::parse_jsonl(Path::new("x.jsonl"), &bytes);
    }
}

#[test]
fn a_very_long_text_is_tagged_in_its_first_part() {
    let text = "fly from Lyon to Riga tomorrow ".repeat(10_000);

    let slots = tagger().tag(&text);

    assert!(!slots.is_empty() && slots.iter().all(|slot| slot.end <= 4_000));
}
