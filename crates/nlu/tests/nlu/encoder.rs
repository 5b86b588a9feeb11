//! Checkpoints as folders: what loads, what is refused and with which words, and that nothing ends in a panic.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use nlu::Encoder;
use nlu::encoder::{PretrainOptions, pretrain};
use proptest::prelude::*;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::Value;
use tempfile::TempDir;

const TEXTS: [&str; 6] = [
    "where is my parcel",
    "the parcel has not arrived",
    "please give me my money back",
    "我的包裹在哪里",
    "我要退款",
    "my card is lost, 卡丢了",
];

/// A checkpoint as the project makes it, tiny.
pub(crate) fn checkpoint() -> TempDir {
    checkpoint_of(PretrainOptions::default().seed)
}

/// A tiny checkpoint that begins with other numbers for each seed.
pub(crate) fn checkpoint_of(seed: u64) -> TempDir {
    // One of them is shared and never dropped, so it lies where `cargo clean` finds it.
    let dir = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let options = PretrainOptions {
        seed,
        vocabulary: 90,
        count_min: 1,
        layers: 2,
        width: 8,
        heads: 2,
        epochs: 1,
        threads: 1,
        ..PretrainOptions::default()
    };
    pretrain(&TEXTS, &options, dir.path(), &mut |_| ControlFlow::Continue(())).unwrap();
    dir
}

fn refusal(dir: &Path) -> String {
    Encoder::load(dir).expect_err("it must be refused").to_string()
}

fn change_config(dir: &Path, change: impl FnOnce(&mut Value)) {
    let path = dir.join("config.json");
    let mut json: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut json);
    fs::write(path, json.to_string()).unwrap();
}

/// Writes the weights anew, each tensor with another name, type or bytes.
fn rewrite(
    dir: &Path,
    dtype: Dtype,
    name: impl Fn(&str) -> String,
    bytes: impl Fn(f32) -> Vec<u8>,
) {
    let path = dir.join("model.safetensors");
    let old = fs::read(&path).unwrap();
    let file = SafeTensors::deserialize(&old).unwrap();
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = file
        .iter()
        .map(|(own, view)| {
            let numbers = view
                .data()
                .chunks_exact(4)
                .map(|four| f32::from_le_bytes(four.try_into().unwrap()));
            (name(own), view.shape().to_vec(), numbers.flat_map(&bytes).collect())
        })
        .collect();
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| (name, TensorView::new(dtype, shape.clone(), bytes).unwrap()));
    fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

fn greatest_difference(a: &[Vec<f32>], b: &[Vec<f32>]) -> f32 {
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn vectors_have_length_one_and_do_not_depend_on_company() {
    let dir = checkpoint();
    let encoder = Encoder::load(dir.path()).unwrap();

    let together = encoder.embed(&TEXTS);
    let alone: Vec<Vec<f32>> = TEXTS.iter().flat_map(|text| encoder.embed(&[text])).collect();

    assert!(greatest_difference(&together, &alone) < 1e-5);
    for vector in &together {
        assert_eq!(vector.len(), encoder.width());
        assert!((vector.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-4);
    }
    assert_eq!(encoder.embed(&[]), Vec::<Vec<f32>>::new());
}

#[test]
fn quick_vectors_are_near_the_exact_ones_and_do_not_depend_on_company() {
    let dir = checkpoint();
    let encoder = Encoder::load(dir.path()).unwrap();

    let quick = encoder.embed_quickly(&TEXTS);
    let alone: Vec<Vec<f32>> =
        TEXTS.iter().flat_map(|text| encoder.embed_quickly(&[text])).collect();

    for (quick, exact) in quick.iter().zip(encoder.embed(&TEXTS)) {
        let cosine: f32 = quick.iter().zip(&exact).map(|(quick, exact)| quick * exact).sum();
        assert!(cosine > 0.995, "{cosine}");
    }
    assert!(greatest_difference(&quick, &alone) < 1e-5);
}

#[test]
fn an_encoder_that_reads_less_than_it_could_still_does_when_it_is_written_again() {
    let limits = [
        ("sentence_bert_config.json", r#"{"max_seq_length": 5, "do_lower_case": false}"#),
        ("tokenizer_config.json", r#"{"model_max_length": 5, "do_lower_case": true}"#),
    ];
    for (file, limit) in limits {
        let (dir, other) = (checkpoint(), tempfile::tempdir().unwrap());
        fs::remove_file(dir.path().join("sentence_bert_config.json")).unwrap();
        fs::write(dir.path().join(file), limit).unwrap();
        let encoder = Encoder::load(dir.path()).unwrap();

        encoder.save(other.path()).unwrap();

        let again = Encoder::load(other.path()).unwrap();
        assert_eq!(encoder.embed_tokens(&TEXTS)[0].len(), 3, "{file}: two of the five are marks");
        assert_eq!(again.fingerprint(), encoder.fingerprint(), "{file}");
        assert_eq!(again.embed(&TEXTS), encoder.embed(&TEXTS), "{file}");
    }
}

#[test]
fn the_spans_of_tokens_lie_in_the_text() {
    let dir = checkpoint();
    let encoder = Encoder::load(dir.path()).unwrap();

    let tokens = encoder.embed_tokens(&["my 卡 is lost", ""]);

    let words: Vec<&str> =
        tokens[0].iter().map(|token| &"my 卡 is lost"[token.span.clone()]).collect();
    assert_eq!(words.concat(), "my卡islost");
    assert!(tokens[0].iter().all(|token| token.vector.len() == encoder.width()));
    assert!(tokens[1].is_empty());
}

#[test]
fn many_threads_may_ask_at_once() {
    let dir = checkpoint();
    let encoder = Encoder::load(dir.path()).unwrap();
    let expected = encoder.embed(&TEXTS);

    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(encoder.embed(&TEXTS), expected));
        }
    });
}

#[test]
fn a_vocabulary_alone_serves_as_well_as_a_tokenizer() {
    let dir = checkpoint();
    let expected = Encoder::load(dir.path()).unwrap().embed(&TEXTS);

    fs::remove_file(dir.path().join("tokenizer.json")).unwrap();

    assert_eq!(Encoder::load(dir.path()).unwrap().embed(&TEXTS), expected);
}

#[test]
fn names_may_carry_a_prefix_or_be_old() {
    for prefix in ["bert.", "0.auto_model."] {
        let dir = checkpoint();
        let expected = Encoder::load(dir.path()).unwrap().embed(&TEXTS);

        let old = |name: &str| {
            name.replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta")
        };
        rewrite(
            dir.path(),
            Dtype::F32,
            |name| format!("{prefix}{}", old(name)),
            |number| number.to_le_bytes().to_vec(),
        );

        assert_eq!(Encoder::load(dir.path()).unwrap().embed(&TEXTS), expected);
    }
}

#[test]
fn weights_may_have_sixteen_bits() {
    let f16 = |number: f32| half::f16::from_f32(number).to_le_bytes().to_vec();
    let bf16 = |number: f32| half::bf16::from_f32(number).to_le_bytes().to_vec();
    for (dtype, bytes, slack) in
        [(Dtype::F16, &f16 as &dyn Fn(f32) -> Vec<u8>, 0.01), (Dtype::BF16, &bf16, 0.08)]
    {
        let dir = checkpoint();
        let expected = Encoder::load(dir.path()).unwrap().embed(&TEXTS);

        rewrite(dir.path(), dtype, str::to_owned, bytes);

        let difference =
            greatest_difference(&Encoder::load(dir.path()).unwrap().embed(&TEXTS), &expected);
        assert!(difference > 0.0 && difference < slack, "{dtype:?}: {difference}");
    }
}

#[test]
fn a_fingerprint_follows_whatever_changes_the_vectors() {
    let dir = checkpoint();
    let before = Encoder::load(dir.path()).unwrap().fingerprint();
    assert_eq!(before, Encoder::load(dir.path()).unwrap().fingerprint());

    rewrite(dir.path(), Dtype::F32, str::to_owned, |number| {
        (number * 1.001).to_le_bytes().to_vec()
    });
    let weights = Encoder::load(dir.path()).unwrap().fingerprint();
    fs::remove_file(dir.path().join("modules.json")).unwrap();
    change_config(dir.path(), |json| json["hidden_act"] = "relu".into());
    let shape = Encoder::load(dir.path()).unwrap().fingerprint();

    assert!(before != weights && weights != shape);
}

#[test]
fn each_missing_file_is_named_with_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    assert!(
        refusal(empty.path()).contains("config.json is missing: name the folder of a checkpoint")
    );

    let dir = checkpoint();
    fs::remove_file(dir.path().join("model.safetensors")).unwrap();
    assert!(refusal(dir.path()).contains("model.safetensors is missing"));

    let dir = checkpoint();
    fs::remove_file(dir.path().join("tokenizer.json")).unwrap();
    fs::remove_file(dir.path().join("vocab.txt")).unwrap();
    assert!(refusal(dir.path()).contains("vocab.txt is missing"));

    let dir = checkpoint();
    fs::remove_file(dir.path().join("1_Pooling/config.json")).unwrap();
    assert!(refusal(dir.path()).contains("1_Pooling/config.json is missing"));
}

#[test]
fn what_does_not_fit_together_is_told_with_both_sizes() {
    let dir = checkpoint();
    change_config(dir.path(), |json| json["intermediate_size"] = 40.into());
    let problem = refusal(dir.path());
    assert!(
        problem.contains(
            "encoder.layer.0.intermediate.dense.weight has shape [32, 8], expected [40, 8]"
        ),
        "{problem}"
    );

    let dir = checkpoint();
    change_config(dir.path(), |json| json["num_hidden_layers"] = 3.into());
    assert!(refusal(dir.path()).contains("encoder.layer.2.attention.self.query.weight is missing"));

    let dir = checkpoint();
    change_config(dir.path(), |json| json["vocab_size"] = 20.into());
    assert!(refusal(dir.path()).contains("belongs to another checkpoint"));

    let dir = checkpoint();
    change_config(dir.path(), |json| json["model_type"] = "llama".into());
    assert!(refusal(dir.path()).contains("use a checkpoint of the BERT"));
}

#[test]
fn weights_that_are_cut_off_or_not_finite_are_refused() {
    let dir = checkpoint();
    let path = dir.path().join("model.safetensors");
    let whole = fs::read(&path).unwrap();
    for length in [0, 4, 8, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();

        assert!(refusal(dir.path()).contains("damaged or cut off"), "{length}");
    }

    fs::write(&path, &whole).unwrap();
    rewrite(dir.path(), Dtype::F32, str::to_owned, |_| f32::NAN.to_le_bytes().to_vec());
    assert!(refusal(dir.path()).contains("not finite"));

    fs::write(&path, &whole).unwrap();
    rewrite(dir.path(), Dtype::F32, str::to_owned, |_| f32::MAX.to_le_bytes().to_vec());
    assert!(refusal(dir.path()).contains("not finite"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_flipped_bit_never_ends_in_a_panic(file in 0usize..6, at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let dir = shared_checkpoint();
        let copy = tempfile::tempdir().unwrap();
        let files = ["config.json", "model.safetensors", "tokenizer.json", "vocab.txt", "modules.json", "1_Pooling/config.json"];
        fs::create_dir(copy.path().join("1_Pooling")).unwrap();
        for name in files {
            fs::copy(dir.join(name), copy.path().join(name)).unwrap();
        }
        if files[file] == "vocab.txt" {
            fs::remove_file(copy.path().join("tokenizer.json")).unwrap();
        }
        let path = copy.path().join(files[file]);
        let mut bytes = fs::read(&path).unwrap();
        // Of the weights, the header is what can mislead.
        let end = if file == 1 { bytes.len().min(6000) } else { bytes.len() };
        let at = at.index(end);
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).unwrap();

        match Encoder::load(copy.path()) {
            Ok(encoder) => prop_assert!(encoder.embed(&TEXTS).iter().flatten().all(|number| number.is_finite())),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn any_text_has_a_finite_vector_and_spans_inside_it(text in "\\PC{0,60}") {
        let encoder = shared_encoder();

        let vector = &encoder.embed(&[&text])[0];
        let tokens = &encoder.embed_tokens(&[&text])[0];

        prop_assert!(vector.iter().all(|number| number.is_finite()));
        prop_assert!(tokens.iter().all(|token| text.get(token.span.clone()).is_some()));
    }
}

fn shared_checkpoint() -> &'static Path {
    static DIR: std::sync::OnceLock<TempDir> = std::sync::OnceLock::new();
    DIR.get_or_init(checkpoint).path()
}

fn shared_encoder() -> &'static Encoder {
    static ENCODER: std::sync::OnceLock<Encoder> = std::sync::OnceLock::new();
    ENCODER.get_or_init(|| Encoder::load(shared_checkpoint()).unwrap())
}
