//! The demo company: its data is sound, and a model trained on it reaches what the product promises.

use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use nlu::{BotData, Conflict, Language, Model, TrainOptions, evaluate};

/// The least accuracy on the held-out utterances, in each language.
const ACCURACY_MIN: f32 = 0.95;
/// The most memory that the model may hold.
const BYTES_MAX: usize = 12 << 20;

pub(crate) fn demo() -> &'static (BotData, Model) {
    static DEMO: OnceLock<(BotData, Model)> = OnceLock::new();
    DEMO.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/demo");
        let data = BotData::read_folder(&folder).unwrap_or_else(|errors| panic!("{errors}"));
        let model = Model::train(&data.training_set(), &TrainOptions::default()).unwrap();
        (data, model)
    })
}

#[test]
fn the_demo_is_understood_in_both_languages() {
    let (data, model) = demo();

    for language in Language::ALL {
        let report = evaluate(model, data.tests(language));

        assert!(report.examples >= 300, "{language}: {} tests", report.examples);
        assert!(report.accuracy >= ACCURACY_MIN, "{language}\n{report}");
        assert!(report.top3 >= 0.98, "{language}\n{report}");
        assert!(report.coverage_at_95_precision >= 0.95, "{language}\n{report}");
    }
}

#[test]
fn the_founding_example_is_a_question_about_yield() {
    let (_, model) = demo();

    let best = &model.understand("我想查询基金的收益情况").intents[0];

    assert_eq!(&*best.intent, "query_yield");
    assert!(best.probability > 0.5, "{best:?}");
}

#[test]
fn who_writes_traditional_characters_is_understood_as_well() {
    let (_, model) = demo();

    for (traditional, simplified) in [("謝謝你", "谢谢你"), ("餘額怎麼查", "余额怎么查")]
    {
        assert_eq!(model.understand(traditional).intents, model.understand(simplified).intents);
    }
}

#[test]
fn the_demo_has_forty_intents_with_25_examples_in_both_languages() {
    let (data, model) = demo();

    assert!(model.intents().len() >= 40);
    assert_eq!(data.intents.len(), model.intents().len() * 2);
    for intent in &data.intents {
        assert!(intent.examples.len() >= 25, "{}", intent.file.display());
    }
}

#[test]
fn the_demo_contradicts_itself_nowhere() {
    let conflicts: Vec<String> = demo().0.conflicts().iter().map(Conflict::to_string).collect();

    assert!(conflicts.is_empty(), "{}", conflicts.join("\n"));
}

#[test]
fn the_model_is_small_and_loads_fast() {
    let (_, model) = demo();
    let dir = tempfile::tempdir().unwrap();
    model.save(dir.path(), 0).unwrap();

    // The least of several, because other programs run beside the test.
    let load = || {
        let started = Instant::now();
        let loaded = Model::load(dir.path()).unwrap();
        (started.elapsed(), loaded)
    };
    let (fastest, loaded) = (0..5).map(|_| load()).min_by_key(|(took, _)| *took).unwrap();

    assert_eq!(loaded, *model);
    assert!(fastest < Duration::from_millis(30), "{fastest:?}");
    assert!(model.bytes() <= BYTES_MAX, "{} bytes", model.bytes());
}
