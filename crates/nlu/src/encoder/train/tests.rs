//! The whole way: slopes against differences, trainings that learn, are interrupted, and go on.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use super::super::config::{Config, Family};
use super::super::dropout::Dropout;
use super::super::kernel::Activation;
use super::super::layout::Layout;
use super::super::pooling::{Pooling, PoolingKind};
use super::engine::Engine;
use super::pretrain::fresh;
use super::*;
use crate::encoder::{Encoder, EncoderError};

const TEXTS: [&[u32]; 3] = [&[2, 5, 6, 3], &[2, 7, 3], &[2, 8, 5, 5, 9, 3]];

fn config(family: Family, activation: Activation) -> Config {
    Config {
        family,
        width: 8,
        layers: 2,
        heads: 2,
        inner: 12,
        words: 11,
        positions: 12,
        first_position: if family == Family::Roberta { 2 } else { 0 },
        kinds: 2,
        epsilon: 1e-5,
        activation,
    }
}

/// Numbers large enough that differences stand out from rounding, and none of them special.
fn numbers(config: &Config) -> Vec<f32> {
    let tensors = Layout::new(config).tensors;
    let (mut numbers, noise) = (fresh(&tensors, 3), fresh(&tensors, 4));
    for tensor in tensors {
        for at in tensor.range.clone() {
            let factor = if tensor.decays() { 15.0 } else { 1.0 };
            numbers[at] =
                numbers[at] * factor + noise[(at * 7 + 1) % (config.words * config.width)] * 5.0;
        }
    }
    numbers
}

/// A loss that every parameter has a part in: a weighted sum of the texts' vectors.
fn loss(engine: &mut Engine, pooling: Pooling, dropout: Dropout) -> (f64, Vec<f32>) {
    engine.forward(&TEXTS, dropout);
    let pooled = engine.pool(pooling, &engine.wholes());
    let weight = |at: usize| ((at * 37 % 19) as f32 - 9.0) / 9.0;
    let flat = pooled.iter().flat_map(|(vector, _)| vector);
    let value = flat.enumerate().map(|(at, value)| f64::from(weight(at) * value)).sum();
    (value, (0..pooled.len() * engine.config.width).map(weight).collect())
}

fn check_slopes(config: Config, pooling: Pooling, dropout: Dropout) {
    let mut engine = Engine::of(config.clone(), numbers(&config), 2);
    let (_, slopes) = loss(&mut engine, pooling, dropout);
    let pooled = engine.pool(pooling, &engine.wholes());
    engine.pool_back(pooling, &engine.wholes(), &pooled, &slopes);
    let slopes = engine.backward().numbers.clone();

    for tensor in Layout::new(&config).tensors {
        let mut checked = 0;
        for at in tensor.range.clone() {
            let moved = |by: f32| {
                let mut engine = Engine::of(config.clone(), numbers(&config), 1);
                engine.numbers[at] += by;
                loss(&mut engine, pooling, dropout).0
            };
            let expected = ((moved(4e-3) - moved(-4e-3)) / 8e-3) as f32;
            let slack = 0.02 + 0.03 * expected.abs();
            assert!(
                (slopes[at] - expected).abs() < slack,
                "{} at {at}: {} and {expected}",
                tensor.name,
                slopes[at]
            );
            checked += usize::from(slopes[at].abs() > 1e-4);
        }
        // Moving all scores of a token alike changes nothing, so a bias of keys has no slope.
        assert!(checked > 0 || tensor.name.ends_with("key.bias"), "{} has no slope", tensor.name);
    }
}

#[test]
fn every_parameter_has_the_slope_that_moving_it_shows() {
    check_slopes(config(Family::Bert, Activation::Gelu), Pooling::PLAIN, Dropout::NONE);
}

#[test]
fn slopes_hold_for_other_families_poolings_and_with_dropout() {
    let first = Pooling { kind: PoolingKind::First, unit: false };
    check_slopes(config(Family::Roberta, Activation::GeluTanh), first, Dropout::new(0.2, 5));
}

#[test]
fn one_thread_gives_the_numbers_of_two() {
    let config = config(Family::Bert, Activation::Gelu);
    let slopes = |threads| {
        let mut engine = Engine::of(config.clone(), numbers(&config), threads);
        let (_, slopes) = loss(&mut engine, Pooling::PLAIN, Dropout::new(0.1, 1));
        let pooled = engine.pool(Pooling::PLAIN, &engine.wholes());
        engine.pool_back(Pooling::PLAIN, &engine.wholes(), &pooled, &slopes);
        engine.backward().numbers.clone()
    };

    assert_eq!(slopes(1), slopes(2));
}

/// Sentences of a made-up shop, by what they are about.
const EXAMPLES: [(&str, &str); 24] = [
    ("where is my parcel", "parcel"),
    ("my parcel has not arrived", "parcel"),
    ("when does the parcel come", "parcel"),
    ("the parcel is late again", "parcel"),
    ("has my parcel been sent", "parcel"),
    ("track the parcel for me", "parcel"),
    ("我的包裹在哪里", "parcel"),
    ("包裹还没有到", "parcel"),
    ("i want my money back", "refund"),
    ("please refund the money", "refund"),
    ("when do i get the refund", "refund"),
    ("how long does a refund take", "refund"),
    ("the refund has not come", "refund"),
    ("give me back my money", "refund"),
    ("我要退款", "refund"),
    ("退款什么时候到账", "refund"),
    ("my card is lost", "card"),
    ("block my card at once", "card"),
    ("somebody has stolen the card", "card"),
    ("the card does not work", "card"),
    ("order a new card for me", "card"),
    ("my card was swallowed", "card"),
    ("我的卡丢了", "card"),
    ("银行卡被吞了", "card"),
];

fn small() -> PretrainOptions {
    PretrainOptions {
        vocabulary: 150,
        count_min: 1,
        layers: 2,
        width: 16,
        heads: 2,
        epochs: 2,
        batch: 8,
        threads: 1,
        ..PretrainOptions::default()
    }
}

fn texts() -> Vec<&'static str> {
    EXAMPLES.iter().map(|(text, _)| *text).collect()
}

fn go(_: &Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn small_encoder() -> Encoder {
    let dir = tempfile::tempdir().unwrap();
    pretrain(&texts(), &small(), dir.path(), &mut go).unwrap()
}

fn tuning() -> FineTuneOptions {
    FineTuneOptions {
        epochs: 12,
        batch: 8,
        rate: 3e-3,
        head_rate: 1e-2,
        held_out: 0.0,
        threads: 1,
        ..FineTuneOptions::default()
    }
}

#[test]
fn pretraining_makes_its_loss_small_and_a_checkpoint_that_loads() {
    let dir = tempfile::tempdir().unwrap();
    let mut losses = Vec::new();
    let options = PretrainOptions { epochs: 40, rate: 3e-3, ..small() };

    let encoder = pretrain(&texts(), &options, dir.path(), &mut |progress| {
        losses.push(progress.loss);
        ControlFlow::Continue(())
    })
    .unwrap();

    let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
    assert!(mean(&losses[losses.len() - 9..]) < 0.8 * mean(&losses[..3]), "{losses:?}");
    let loaded = Encoder::load(dir.path()).unwrap();
    assert_eq!(loaded.fingerprint(), encoder.fingerprint());
    assert_eq!(loaded.embed(&texts()), encoder.embed(&texts()));
}

#[test]
fn a_checkpoint_goes_on_learning_from_texts() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let before = pretrain(&texts(), &small(), from.path(), &mut go).unwrap();

    let after = continue_pretraining(from.path(), &texts(), &small(), to.path(), &mut go).unwrap();

    assert_ne!(before.fingerprint(), after.fingerprint());
    assert_eq!(Encoder::load(to.path()).unwrap().fingerprint(), after.fingerprint());
}

#[test]
fn fine_tuning_learns_the_labels() {
    let encoder = small_encoder();
    let mut losses = Vec::new();

    let tuned = finetune(&encoder, &EXAMPLES, &EXAMPLES, &tuning(), None, &mut |progress| {
        losses.push(progress.loss);
        ControlFlow::Continue(())
    })
    .unwrap();

    assert!(tuned.dev_accuracy > Some(0.95), "{:?}", tuned.dev_accuracy);
    let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
    assert!(mean(&losses[losses.len() - 3..]) < 0.6 * mean(&losses[..3]), "{losses:?}");
    let right = EXAMPLES.iter().filter(|(text, label)| {
        let probabilities = tuned.head.probabilities(&tuned.encoder.embed(&[text])[0]);
        assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        let best = probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
        tuned.head.labels()[best.0] == *label
    });
    assert!(right.count() >= 23);
}

#[test]
fn the_same_seed_gives_the_same_encoder_and_another_another() {
    let encoder = small_encoder();
    let tuned = |seed, threads| {
        let options = FineTuneOptions { seed, threads, epochs: 2, ..tuning() };
        finetune(&encoder, &EXAMPLES, &[], &options, None, &mut go).unwrap()
    };

    let first = tuned(1, 1);

    assert_eq!(first.encoder.fingerprint(), tuned(1, 2).encoder.fingerprint());
    assert_eq!(first.head, tuned(1, 1).head);
    assert_ne!(first.encoder.fingerprint(), tuned(2, 1).encoder.fingerprint());
}

/// Stops a training in the middle of its third pass.
fn stop_at(step: u64) -> impl FnMut(&Progress) -> ControlFlow<()> {
    move |progress| {
        if progress.step == step { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn an_interrupted_fine_tuning_goes_on_to_the_same_result() {
    let dir = tempfile::tempdir().unwrap();
    let encoder = small_encoder();
    let options = FineTuneOptions { epochs: 4, ..tuning() };
    let run = |folder: Option<&Path>, on_progress: OnProgress| {
        finetune(&encoder, &EXAMPLES, &EXAMPLES[..9], &options, folder, on_progress)
    };
    let whole = run(None, &mut go).unwrap();

    let stopped = run(Some(dir.path()), &mut stop_at(8));
    assert!(matches!(stopped, Err(EncoderError::Stopped)));
    let mut first = None;
    let resumed = run(Some(dir.path()), &mut |progress| {
        first.get_or_insert(*progress);
        ControlFlow::Continue(())
    })
    .unwrap();

    assert_eq!(first.map(|progress| (progress.first_step, progress.step)), Some((6, 7)));
    assert_eq!(resumed.encoder.fingerprint(), whole.encoder.fingerprint());
    assert_eq!((resumed.head, resumed.epoch), (whole.head, whole.epoch));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn an_interrupted_pretraining_goes_on_to_the_same_result() {
    let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = PretrainOptions { epochs: 4, ..small() };
    let expected = pretrain(&texts(), &options, whole.path(), &mut go).unwrap();

    let stopped = pretrain(&texts(), &options, parts.path(), &mut stop_at(8));
    assert!(matches!(stopped, Err(EncoderError::Stopped)));
    let resumed = pretrain(&texts(), &options, parts.path(), &mut go).unwrap();

    assert_eq!(resumed.fingerprint(), expected.fingerprint());
}

#[test]
fn the_state_of_another_training_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let encoder = small_encoder();
    let run = |examples: &[(&str, &str)], on_progress: OnProgress| {
        finetune(&encoder, examples, &[], &tuning(), Some(dir.path()), on_progress)
    };
    let _ = run(&EXAMPLES, &mut stop_at(5));

    let problem = run(&EXAMPLES[1..], &mut go).unwrap_err().to_string();

    assert!(problem.contains("another training"), "{problem}");
}

#[test]
fn training_ends_when_nothing_is_gained() {
    let options =
        FineTuneOptions { rate: 0.0, head_rate: 0.0, patience: 2, epochs: 50, ..tuning() };
    let mut last = 0;

    let tuned = finetune(&small_encoder(), &EXAMPLES, &EXAMPLES, &options, None, &mut |progress| {
        last = progress.epoch;
        ControlFlow::Continue(())
    })
    .unwrap();

    assert_eq!((last, tuned.epoch), (3, 1));
}

#[test]
fn what_cannot_be_trained_is_refused() {
    let encoder = small_encoder();
    let refusal = |examples: &[(&str, &str)], options: FineTuneOptions| {
        finetune(&encoder, examples, &[], &options, None, &mut go).unwrap_err().to_string()
    };

    assert!(refusal(&[], tuning()).contains("0 labels"));
    assert!(refusal(&[("a", "x"), ("b", "x")], tuning()).contains("1 labels"));
    assert!(refusal(&EXAMPLES, FineTuneOptions { rate: f32::NAN, ..tuning() }).contains("rate"));
    assert!(refusal(&EXAMPLES, FineTuneOptions { batch: 0, ..tuning() }).contains("batch"));
    let dir = tempfile::tempdir().unwrap();
    assert!(pretrain(&["", ""], &small(), dir.path(), &mut go).is_err());
    assert!(
        pretrain(&texts(), &PretrainOptions { heads: 3, ..small() }, dir.path(), &mut go).is_err()
    );
}

#[test]
fn a_label_with_one_text_and_an_empty_text_are_no_trouble() {
    let examples = [("", "a"), ("the parcel", "b"), ("我的卡", "b"), ("", "c")];
    let options = FineTuneOptions { epochs: 1, held_out: 0.5, ..tuning() };

    let tuned =
        finetune(&small_encoder(), &examples, &[("x", "never seen")], &options, None, &mut go)
            .unwrap();

    assert_eq!(tuned.dev_accuracy, Some(0.0));
    assert_eq!(tuned.head.labels(), ["a", "b", "c"]);
}

#[test]
fn the_time_left_follows_from_the_steps_of_this_run() {
    let progress = Progress {
        step: 30,
        steps: 70,
        first_step: 10,
        epoch: 1,
        epochs: 2,
        loss: 0.0,
        dev_accuracy: None,
    };

    assert_eq!(progress.time_left(Duration::from_secs(10)), Duration::from_secs(20));
}
