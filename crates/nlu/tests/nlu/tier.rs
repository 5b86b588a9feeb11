//! Models that read with an encoder: alone and together, on disk, and while they learn.

use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use nlu::encoder::Progress;
use nlu::{
    Encoder, Learning, Material, Model, Tier, TrainError, TrainOptions, TrainingSet, Tuned,
    Understanding, tune,
};

use crate::encoder::checkpoint;
use crate::small;

const QUESTIONS: [&str; 6] =
    ["我要退款", "where is my parcel", "hello!", "", "😀", "基金今天涨了多少 how much did i earn"];

fn encoder() -> Arc<Encoder> {
    static ENCODER: OnceLock<Arc<Encoder>> = OnceLock::new();
    let load = || Arc::new(Encoder::load(checkpoint().path()).unwrap());
    Arc::clone(ENCODER.get_or_init(load))
}

fn material(examples: &TrainingSet, n_grams: bool) -> Material<'_> {
    Material { encoder: Some(encoder()), n_grams, ..Material::new(examples) }
}

fn hybrid() -> Model {
    let set = small::training_set();
    Model::train_on(&material(&set, true), &TrainOptions::default()).unwrap()
}

fn assert_alike(one: &Understanding, other: &Understanding) {
    assert_eq!(one.language, other.language);
    for (a, b) in one.intents.iter().zip(&other.intents) {
        assert_eq!(a.intent, b.intent);
        assert!((a.probability - b.probability).abs() < 1e-4, "{a:?} {b:?}");
    }
}

#[test]
fn what_is_understood_together_is_what_is_understood_alone() {
    for model in [hybrid(), small::model()] {
        let together = model.understand_many(&QUESTIONS);

        assert_eq!(together.len(), QUESTIONS.len());
        for (text, one) in QUESTIONS.iter().zip(&together) {
            assert_alike(one, &model.understand(text));
        }
        assert_eq!(model.understand_many(&[]), []);
    }
}

#[test]
fn each_tier_reads_what_it_says_and_is_the_same_after_reading() {
    let set = small::training_set();
    for (n_grams, tier) in [(false, Tier::Encoder), (true, Tier::Hybrid)] {
        let model = Model::train_on(&material(&set, n_grams), &TrainOptions::default()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        model.save(folder.path(), 0).unwrap();

        assert_eq!(model.tier(), tier);
        assert_eq!(Model::load(folder.path()).unwrap(), model);
    }
}

#[test]
fn an_encoder_learns_from_the_examples_and_the_model_stays_calibrated() {
    let set = small::training_set();
    let state = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    let mut tell = |progress: &Progress| {
        told.push((progress.step, progress.steps));
        ControlFlow::Continue(())
    };

    let tuned = tune(&encoder(), &set, 7, state.path(), &mut tell).unwrap();
    let Tuned { encoder: learned, rehearsal } = tuned;
    let material = |rehearsal| Material {
        encoder: Some(Arc::clone(&learned)),
        rehearsal,
        n_grams: false,
        ..Material::new(&set)
    };
    let train =
        |rehearsal| Model::train_on(&material(rehearsal), &TrainOptions::default()).unwrap();

    assert_ne!(learned.fingerprint(), encoder().fingerprint());
    assert!(told.is_sorted() && told.last().is_some_and(|(step, steps)| step == steps), "{told:?}");
    let (flattered, honest) = (train(None), train(Some(rehearsal)));
    assert_ne!(honest, flattered, "what tells how sure it may be is another text");
    assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn a_training_tells_how_far_it_is() {
    let set = small::training_set();
    let mut told = Vec::new();

    let watched =
        Model::train_watched(&material(&set, true), &TrainOptions::default(), &mut |at| {
            told.push(at);
            ControlFlow::Continue(())
        });

    assert_eq!(watched.unwrap(), hybrid(), "who looks on changes nothing");
    let (read, fitted): (Vec<Learning>, Vec<Learning>) =
        told.iter().partition(|at| matches!(at, Learning::Encoding(_)));
    assert_eq!(read.last(), Some(&Learning::Encoding(1.0)));
    assert!(told.starts_with(&read), "reading comes first");
    let shares: Vec<f32> = fitted
        .iter()
        .map(|at| match at {
            Learning::Encoding(share) | Learning::Fitting(share) => *share,
        })
        .collect();
    assert!(shares.len() > 2 && shares.is_sorted(), "{shares:?}");
    assert!(shares.iter().all(|share| (0.0..1.0).contains(share)), "the whole comes after");
}

#[test]
fn a_training_can_be_stopped_wherever_it_is() {
    let set = small::training_set();
    for calls in [1, 4] {
        let mut left = calls;

        let stopped =
            Model::train_watched(&material(&set, true), &TrainOptions::default(), &mut |_| {
                left -= 1;
                if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });

        assert_eq!((stopped, left), (Err(TrainError::Stopped), 0));
    }
}

#[test]
fn an_answer_of_an_encoder_is_explained_too() {
    let model = hybrid();
    let text = "where is my parcel";

    let weights = model.explain(text, 3);

    assert!(!weights.is_empty() && weights.len() <= 3);
    assert!(weights.iter().all(|one| text[one.start..one.end] == one.text && one.weight > 0.0));
}
