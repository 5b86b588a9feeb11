//! After a small change only what it touches learns again, and the model is about as good as one that learned anew.

use nlu::{Example, Language, Model, TrainOptions, TrainingSet, evaluate};

use crate::demo::demo;
use crate::small;

const OPTIONS: TrainOptions = TrainOptions { seed: 42, passes: 10, cost: 1.0, own_cost: 4.0 };
const CHANGED: &str = "query_yield";

/// The demo's examples, but for those that a filter leaves out.
fn part(keep: impl Fn(usize, &Example) -> bool) -> TrainingSet {
    let all = demo().0.training_set();
    let kept = all.examples().iter().enumerate().filter(|(place, one)| keep(*place, one));
    TrainingSet::new(kept.map(|(_, one)| one.clone()).collect())
}

fn train(set: &TrainingSet) -> Model {
    Model::train(set, &OPTIONS).unwrap()
}

fn accuracy(model: &Model) -> f32 {
    let rates = Language::ALL.map(|language| evaluate(model, demo().0.tests(language)).accuracy);
    rates.iter().sum::<f32>() / rates.len() as f32
}

#[test]
fn the_constants_are_the_defaults() {
    assert_eq!(OPTIONS, TrainOptions::default());
}

#[test]
fn an_intent_that_got_examples_learns_with_its_rivals_and_the_rest_stays() {
    let (data, whole) = demo();
    let before = train(&part(|place, one| one.intent != CHANGED || place % 3 == 0));

    let (after, relearned) = before.relearn(&data.training_set(), &[], &OPTIONS).unwrap();

    assert_eq!(relearned.changed, [CHANGED]);
    assert!(relearned.removed.is_empty());
    assert!((1..=20).contains(&relearned.rivals.len()), "{:?}", relearned.rivals);
    assert!(!relearned.rivals.contains(&CHANGED.to_owned()));
    let (old, new, all) = (accuracy(&before), accuracy(&after), accuracy(whole));
    assert!(new >= old && new >= all - 0.005, "{old}, {new}, {all}");
    assert_eq!(after.data_hash(), whole.data_hash());
}

#[test]
fn a_new_intent_is_recognised_and_one_that_went_is_not() {
    let whole = demo().0.training_set();
    let before = train(&part(|_, one| one.intent != CHANGED));
    assert!(!before.intents().any(|intent| intent == CHANGED));

    let (with, added) = before.relearn(&whole, &[], &OPTIONS).unwrap();
    let without = part(|_, one| one.intent != CHANGED);
    let (again, removed) = with.relearn(&without, &[], &OPTIONS).unwrap();

    let text = "我想查询基金的收益情况";
    assert_eq!((added.changed, added.removed), (vec![CHANGED.to_owned()], vec![]));
    assert_eq!(&*with.understand(text).intents[0].intent, CHANGED);
    assert_eq!((removed.changed, removed.removed), (vec![], vec![CHANGED.to_owned()]));
    assert!(again.intents().eq(before.intents()));
    assert!((accuracy(&again) - accuracy(&before)).abs() < 0.01);
    for model in [&with, &again] {
        let sum: f32 = model.understand(text).intents.iter().map(|one| one.probability).sum();
        assert!(sum <= 1.0 + 1e-4);
    }
}

#[test]
fn nothing_changed_and_nothing_learns() {
    let (data, whole) = demo();

    let (same, relearned) = whole.relearn(&data.training_set(), &[], &OPTIONS).unwrap();

    assert_eq!(relearned, nlu::Relearned::default());
    for test in data.tests(Language::Zh) {
        let (one, other) = (whole.understand(&test.text), same.understand(&test.text));
        assert_eq!(one.intents[0].intent, other.intents[0].intent, "{}", test.text);
        assert!((one.intents[0].probability - other.intents[0].probability).abs() < 0.01);
    }
}

#[test]
fn a_model_from_disk_relearns_to_the_same() {
    let whole = demo().0.training_set();
    let before = train(&part(|place, one| one.intent != CHANGED || place % 3 == 0));
    let folder = tempfile::tempdir().unwrap();
    let manifest = before.save(folder.path(), 0).unwrap();
    assert_eq!(manifest.origin.intent_hashes.len(), before.intents().len());

    let loaded = Model::load(folder.path()).unwrap();
    let (after, _) = loaded.relearn(&whole, &[], &OPTIONS).unwrap();

    assert_eq!(
        Some(&after),
        before.relearn(&whole, &[], &OPTIONS).as_ref().map(|(model, _)| model)
    );
    assert_eq!(after.save(folder.path(), 0).unwrap().origin.partial_trainings, 1);
}

#[test]
fn the_whole_learns_where_more_than_examples_differ_or_too_many_do() {
    let set = small::training_set();
    let model = small::model();
    let none: [String; 0] = [];
    let other = |text: &str| {
        let mut all = set.examples().to_vec();
        all.iter_mut().for_each(|one| one.text.push_str(text));
        TrainingSet::new(all)
    };

    assert!(model.relearn(&set, &none, &OPTIONS).is_some());
    assert!(model.relearn(&set, &none, &TrainOptions { seed: 1, ..OPTIONS }).is_none());
    assert!(model.relearn(&set, &["天气".to_owned()], &OPTIONS).is_none());
    assert!(model.relearn(&other("吗"), &none, &OPTIONS).is_none());
    assert!(model.relearn(&TrainingSet::default(), &none, &OPTIONS).is_none());
}
