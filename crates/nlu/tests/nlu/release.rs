//! A model on disk: the same after reading, refused when damaged.

use std::fs;
use std::path::Path;

use nlu::release::{MANIFEST_FILE, Manifest, WEIGHTS_FILE};
use nlu::{Model, ReleaseError};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::small;

const MADE_AT_MS: i64 = 1_795_000_000_000;

fn saved() -> (TempDir, Model) {
    // One of them is shared and never dropped, so it lies where `cargo clean` finds it.
    let dir = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let model = small::model();
    model.save(dir.path(), MADE_AT_MS).unwrap();
    (dir, model)
}

#[test]
fn a_release_read_again_is_the_same_model() {
    let (dir, model) = saved();

    let loaded = Model::load(dir.path()).unwrap();

    assert_eq!(loaded, model);
}

#[test]
fn the_manifest_tells_what_the_release_is() {
    let dir = TempDir::new().unwrap();
    let written = small::model().save(&dir.path().join("a/b"), MADE_AT_MS).unwrap();

    let manifest = Manifest::read(&dir.path().join("a/b")).unwrap();

    assert_eq!(manifest, written);
    assert_eq!(manifest.created_at_ms, MADE_AT_MS);
    assert_eq!(manifest.data_hash, nlu::data_hash(&small::training_set()));
    assert_eq!(manifest.intents.len(), 4);
    assert_eq!(manifest.metrics.examples, small::training_set().examples().len());
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let (one, _) = saved();
    let (other, _) = saved();

    for file in [MANIFEST_FILE, WEIGHTS_FILE] {
        assert_eq!(
            fs::read(one.path().join(file)).unwrap(),
            fs::read(other.path().join(file)).unwrap(),
            "{file}"
        );
    }
}

#[test]
fn saving_again_replaces_the_release() {
    let (dir, model) = saved();

    model.save(dir.path(), MADE_AT_MS + 1).unwrap();

    assert_eq!(Manifest::read(dir.path()).unwrap().created_at_ms, MADE_AT_MS + 1);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "no partial file is left");
}

#[test]
fn an_empty_directory_holds_no_release() {
    let dir = TempDir::new().unwrap();

    let error = Model::load(dir.path()).unwrap_err();

    assert!(matches!(error, ReleaseError::Missing(_)));
    assert!(error.to_string().ends_with("holds no release: train the bot to make one"));
}

#[test]
fn a_release_of_another_format_says_so() {
    let (dir, _) = saved();
    edit(dir.path(), MANIFEST_FILE, |bytes| {
        *bytes = String::from_utf8(bytes.clone())
            .unwrap()
            .replace("\"format\": 2", "\"format\": 99")
            .into_bytes();
    });

    let error = Model::load(dir.path()).unwrap_err();

    assert!(error.to_string().contains("has format 99"), "{error}");
}

#[test]
fn a_missing_file_of_weights_is_named() {
    let (dir, _) = saved();
    fs::remove_file(dir.path().join(WEIGHTS_FILE)).unwrap();

    let error = Model::load(dir.path()).unwrap_err();

    assert!(error.to_string().contains(WEIGHTS_FILE), "{error}");
}

#[test]
fn a_truncated_file_is_refused() {
    for file in [MANIFEST_FILE, WEIGHTS_FILE] {
        let (dir, _) = saved();
        for length in [0, 1, 9, 100] {
            edit(dir.path(), file, |bytes| bytes.truncate(length));

            assert!(
                matches!(Model::load(dir.path()), Err(ReleaseError::Damaged { .. })),
                "{file} cut at {length}"
            );
        }
    }
}

#[test]
fn a_file_that_grew_is_refused() {
    for file in [MANIFEST_FILE, WEIGHTS_FILE] {
        let (dir, _) = saved();
        edit(dir.path(), file, |bytes| bytes.push(b' '));

        assert!(Model::load(dir.path()).is_err(), "{file}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damage_at_any_byte_is_refused(place in any::<prop::sample::Index>(), flip in 1u8..=255, manifest in any::<bool>()) {
        let (dir, _) = shared();
        let file = if manifest { MANIFEST_FILE } else { WEIGHTS_FILE };
        let copy = TempDir::new().unwrap();
        for name in [MANIFEST_FILE, WEIGHTS_FILE] {
            fs::copy(dir.path().join(name), copy.path().join(name)).unwrap();
        }

        edit(copy.path(), file, |bytes| {
            let place = place.index(bytes.len());
            bytes[place] ^= flip;
        });

        prop_assert!(Model::load(copy.path()).is_err());
    }
}

fn shared() -> &'static (TempDir, Model) {
    static SAVED: std::sync::OnceLock<(TempDir, Model)> = std::sync::OnceLock::new();
    SAVED.get_or_init(saved)
}

fn edit(dir: &Path, file: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let path = dir.join(file);
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}
