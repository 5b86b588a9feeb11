//! What a model understands, and what it promises for every text.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use nlu::{
    CANDIDATES_MAX, Example, Language, Lexicon, Model, TrainError, TrainOptions, TrainingSet,
    evaluate,
};
use proptest::prelude::*;

use crate::small;

fn shared() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| small::model().with_lexicon(Lexicon::new(["黑店", "scam"])))
}

#[test]
fn new_sentences_are_understood_in_both_languages() {
    let cases = [
        ("请问退款多久能到账呀", "refund", Language::Zh),
        ("can i get my money back please", "refund", Language::En),
        ("我的包裹到哪里了", "delivery", Language::Zh),
        ("when does my parcel arrive", "delivery", Language::En),
        ("我想查询基金的收益情况", "yield", Language::Zh),
        ("how much did my fund earn", "yield", Language::En),
        ("帮我查一下refund", "refund", Language::Zh),
        ("ＨＥＬＬＯ！！！", "greeting", Language::En),
    ];

    for (text, intent, language) in cases {
        let understanding = shared().understand(text);

        assert_eq!(&*understanding.intents[0].intent, intent, "{text}");
        assert_eq!(understanding.language, Some(language), "{text}");
    }
}

#[test]
fn typos_do_not_hide_an_intent() {
    for text in ["refnd plese", "wher is my refundd", "delivry tme"] {
        let best = &shared().understand(text).intents[0];

        assert!(best.probability > 0.4, "{text}: {best:?}");
    }
}

#[test]
fn the_name_of_an_intent_tells_what_it_is_about() {
    let examples = [("LostCard", "it is gone"), ("LostCard", "i left it on the bus")];
    let others = [("card_limit", "how much can i spend"), ("card_limit", "what is the most a day")];
    let set = examples.into_iter().chain(others).map(|(intent, text)| Example::new(intent, text));
    let model = Model::train(&TrainingSet::new(set.collect()), &TrainOptions::default()).unwrap();

    let best = &model.understand("lost my card").intents[0];

    assert_eq!(&*best.intent, "LostCard");
    assert!(best.probability > 0.5, "{best:?}");
}

#[test]
fn what_is_unknown_gets_no_confidence() {
    for text in ["", "!!!", "😀😀", "ქართული", "мой заказ", "\u{200b}\u{feff}"]
    {
        let best = &shared().understand(text).intents[0];

        assert!(best.probability < 0.5, "{text:?}: {best:?}");
    }
}

#[test]
fn emotions_come_from_the_lexicon_and_from_the_words_that_were_added() {
    let anger = |model: &Model, text| model.understand(text).emotions.anger;

    assert!(anger(shared(), "退款！！！骗子") > 0.8);
    assert!(anger(shared(), "你们是黑店") > 0.5);
    assert_eq!(anger(shared(), "我要退款"), 0.0);
    assert!(anger(&small::model(), "你们是骗子") > 0.5);
    assert_eq!(anger(&small::model(), "你们是黑店"), 0.0);
}

#[test]
fn training_twice_gives_the_same_model_whatever_the_order() {
    let mut reversed = small::training_set().examples().to_vec();
    reversed.reverse();

    let again = Model::train(&TrainingSet::new(reversed), &TrainOptions::default()).unwrap();

    assert_eq!(again, small::model());
}

#[test]
fn a_training_set_that_teaches_nothing_is_refused() {
    let train = |examples: Vec<Example>, options: &TrainOptions| {
        Model::train(&TrainingSet::new(examples), options).map(|_| ()).unwrap_err()
    };
    let options = TrainOptions::default();

    assert_eq!(train(vec![], &options), TrainError::TooFewIntents(0));
    assert_eq!(train(vec![Example::new("a", "x")], &options), TrainError::TooFewIntents(1));
    let two = vec![Example::new("a", "x"), Example::new("b", "y")];
    assert_eq!(
        train(two, &TrainOptions { cost: f32::NAN, ..options }),
        TrainError::BadOption("cost", "greater than 0")
    );
}

#[test]
fn the_least_training_sets_work() {
    for texts in [["x", "y"], ["", "!"], ["same", "same"]] {
        let set = TrainingSet::new(vec![Example::new("a", texts[0]), Example::new("b", texts[1])]);

        let model = Model::train(&set, &TrainOptions::default()).unwrap();

        let sum: f32 = model.understand("x").intents.iter().map(|one| one.probability).sum();
        assert!((sum - 1.0).abs() < 1e-5);
    }
}

#[test]
fn a_text_of_two_megabytes_is_answered_at_once() {
    let text = "我要退款 ".repeat(160_000);

    let started = Instant::now();
    let understanding = shared().understand(&text);

    assert!(started.elapsed() < Duration::from_millis(500), "{:?}", started.elapsed());
    assert_eq!(&*understanding.intents[0].intent, "refund");
}

#[test]
fn evaluation_counts_what_is_right() {
    let tests = [
        Example::new("refund", "我要退款"),
        Example::new("refund", "refund please"),
        Example::new("greeting", "你好"),
        Example::new("weather", "物流信息"),
    ];

    let report = evaluate(shared(), &tests);

    assert_eq!(report.examples, 4);
    assert!((report.accuracy - 0.75).abs() < 1e-6);
    assert!((report.macro_f1 - 0.5).abs() < 1e-6, "refund 1, greeting 1, weather 0, delivery 0");
    assert_eq!(
        (report.confusions[0].expected.as_str(), report.confusions[0].found.as_str()),
        ("weather", "delivery")
    );
    let table = report.to_string();
    assert!(
        table.contains("75.0 %") && table.contains("    1  weather   delivery  物流信息"),
        "{table}"
    );
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<nlu::Report>(&json).unwrap(), report);
}

#[test]
fn evaluating_nothing_is_no_failure() {
    let report = evaluate(shared(), &[]);

    assert_eq!((report.examples, report.accuracy, report.coverage_at_95_precision), (0, 0.0, 0.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_text_gets_sorted_probabilities_that_sum_to_at_most_one(text in "(退款|refund|[!?！ ]|.|\\PC){0,60}") {
        let understanding = shared().understand(&text);

        let probabilities: Vec<f32> = understanding.intents.iter().map(|one| one.probability).collect();
        prop_assert!(!probabilities.is_empty() && probabilities.len() <= CANDIDATES_MAX);
        prop_assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert!(probabilities.is_sorted_by(|a, b| a >= b));
        prop_assert!(probabilities.iter().sum::<f32>() <= 1.0 + 1e-5);
        for (_, strength) in understanding.emotions.all() {
            prop_assert!((0.0..=1.0).contains(&strength));
        }
    }

    #[test]
    fn width_and_case_change_nothing(text in "[a-z ]{0,30}") {
        let wide: String = text.to_uppercase().chars().map(|c| match c {
            'A'..='Z' => char::from_u32(c as u32 + 0xfee0).unwrap(),
            c => c,
        }).collect();

        prop_assert_eq!(shared().understand(&wide).intents, shared().understand(&text).intents);
    }
}
