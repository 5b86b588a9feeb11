//! Holds the direction of dependencies: arrows between our crates go down only.
//!
//! The table is the one of `ARCHITECTURE.md`. It names what a crate may use; to
//! use less is fine, and what only its tests use is not asked for.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// What each crate may use, from the bottom row to the top, and then what
/// measures and tests the whole from outside.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("nlu", &[]),
    ("dialogue", &[]),
    ("outbound", &[]),
    ("store", &["domain"]),
    ("desk", &["domain", "nlu", "dialogue", "outbound", "store"]),
    ("api", &["desk", "domain"]),
    ("attune", &["api", "desk", "domain", "nlu", "outbound", "store"]),
    ("floor", &[]),
    ("model", &[]),
    ("faults", &["domain"]),
];

/// An arrow: who uses whom.
type Arrow = (String, String);

/// What cargo knows of our crates.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn name(of: &Value) -> String {
    of["name"].as_str().unwrap().to_owned()
}

/// The crates of ours that a package is built from.
fn arrows(package: &Value) -> impl Iterator<Item = Arrow> {
    let dependencies = package["dependencies"].as_array().unwrap().iter();
    // The kind of an ordinary dependency is null; what is left is "build".
    let ours = dependencies.filter(|used| used["path"].is_string() && used["kind"] != "dev");
    ours.map(|used| (name(package), name(used)))
}

/// The arrows that the table does not have.
fn forbidden(arrows: impl Iterator<Item = Arrow>) -> Vec<Arrow> {
    let is_allowed = |(from, to): &Arrow| {
        MAY_USE.iter().any(|(user, used)| user == from && used.contains(&to.as_str()))
    };
    arrows.filter(|arrow| !is_allowed(arrow)).collect()
}

#[test]
fn arrows_go_down_only() {
    let packages = packages();

    assert_eq!(forbidden(packages.iter().flat_map(arrows)), []);
}

#[test]
fn every_crate_stands_in_the_table_and_nothing_else() {
    let known: BTreeSet<String> = MAY_USE.iter().map(|(user, _)| (*user).to_owned()).collect();
    let there: BTreeSet<String> = packages().iter().map(name).collect();

    assert_eq!(there, known);
}

#[test]
fn no_row_of_the_table_points_up() {
    for (row, (user, used)) in MAY_USE.iter().enumerate() {
        for below in *used {
            assert!(
                MAY_USE[..row].iter().any(|(name, _)| name == below),
                "{user} uses {below}, which stands in no row above it"
            );
        }
    }
}

#[test]
fn an_arrow_up_and_a_crate_that_nobody_named_are_found() {
    let up = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let drawn =
        [up("domain", "store"), up("api", "store"), up("desk", "store"), up("new", "domain")];

    let found = forbidden(drawn.into_iter());

    assert_eq!(found, [up("domain", "store"), up("api", "store"), up("new", "domain")]);
}

#[test]
fn arrows_are_found_in_what_cargo_says() {
    let desk = packages().into_iter().find(|package| name(package) == "desk").unwrap();

    let used: BTreeSet<String> = arrows(&desk).map(|(_, used)| used).collect();

    assert!(used.contains("store"), "{used:?}");
}
