//! Every key can be overridden, and `attune config` shows what holds.

use std::collections::BTreeMap;
use std::fs;

use tempfile::tempdir;

use crate::{attune, said};

/// Every key of the compiled-in file, with its default.
fn defaults() -> BTreeMap<String, toml::Value> {
    let file: toml::Table = said(&["config", "--default"]).parse().unwrap();
    let mut keys = BTreeMap::new();
    for (section, values) in file {
        for (name, value) in values.as_table().unwrap() {
            keys.insert(format!("{section}.{name}"), value.clone());
        }
    }
    keys
}

/// Another valid value for a key, as the environment writes it and as TOML does.
fn another(key: &str, default: &toml::Value, file: &str) -> (String, String) {
    let text = match key {
        "server.listen" => "127.0.0.1:9",
        "data.dir" => "elsewhere",
        "database.url" => "sqlite:///somewhere/attune.db",
        "secret.value" | "metrics.token" => "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "uploads.scanner" => "unix:///run/clamav/clamd.ctl",
        "log.level" => "debug",
        "log.format" => "json",
        key if key.ends_with("_file") => file,
        key if default.as_str() == Some("") && !key.starts_with("secret") => "https://x.example",
        _ => match default {
            toml::Value::Integer(_) => return ("7".into(), "7".into()),
            toml::Value::Boolean(_) => return ("true".into(), "true".into()),
            toml::Value::Array(_) => {
                return (
                    "10.1.0.0/16, 10.2.3.4:80".into(),
                    "[\"10.1.0.0/16\", \"10.2.3.4:80\"]".into(),
                );
            }
            _ => panic!("say here which value {key} may have"),
        },
    };
    let shown = if matches!(key, "secret.value" | "metrics.token") { "***" } else { text };
    (text.to_owned(), format!("\"{shown}\""))
}

#[test]
fn every_key_can_be_set_by_the_environment() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("setting");
    fs::write(&file, "").unwrap();
    let keys = defaults();
    assert!(keys.len() > 15, "{keys:?}");

    for (key, default) in keys {
        let (section, name) = key.split_once('.').unwrap();
        let variable = format!("ATTUNE__{}__{}", section.to_uppercase(), name.to_uppercase());
        let (text, shown) = another(&key, &default, file.to_str().unwrap());

        let output = attune(&["config"]).env(&variable, &text).output().unwrap();

        let all = String::from_utf8(output.stdout).unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        let line = all
            .lines()
            .find(|line| line.starts_with(&format!("{name} = ")) && line.ends_with(&variable));
        let line = line.unwrap_or_else(|| panic!("{variable} changed nothing: {all}{complaint}"));
        assert!(line.starts_with(&format!("{name} = {shown} ")), "{line}");
    }
}

#[test]
fn a_file_overrides_defaults_and_the_environment_a_file() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("attune.toml");
    fs::write(&file, "[limits]\nconnections_max = 11\nbot_time_max_ms = 12\n").unwrap();

    let output = attune(&["config", "--config", file.to_str().unwrap(), "--listen", "127.0.0.1:1"])
        .env("ATTUNE__LIMITS__BOT_TIME_MAX_MS", "13")
        .env("ATTUNE__SERVER__LISTEN", "127.0.0.1:2")
        .output()
        .unwrap();

    let shown = String::from_utf8(output.stdout).unwrap();
    let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("connections_max = 11").ends_with("attune.toml"));
    assert!(line("bot_time_max_ms = 13").ends_with("ATTUNE__LIMITS__BOT_TIME_MAX_MS"));
    assert!(line("listen = \"127.0.0.1:1\"").ends_with("--listen"));
    assert!(line("delivery_attempts_max").ends_with("default"));
}

#[test]
fn secrets_are_masked() {
    let output = attune(&["config"])
        .env("ATTUNE__SECRET__VALUE", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b")
        .env("ATTUNE__DATABASE__URL", "postgres://someone:hunter2@db.example/attune")
        .output()
        .unwrap();

    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("someone:***@db.example"), "{shown}");
    assert!(!shown.contains("hunter2") && !shown.contains("9f86d081"), "{shown}");
}

#[test]
fn what_is_shown_is_a_configuration_file() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("attune.toml");
    fs::write(&file, said(&["config"])).unwrap();

    let again = said(&["config", "--config", file.to_str().unwrap()]);

    assert!(
        again.lines().filter(|line| line.contains(" = ")).all(|line| line.ends_with("attune.toml")),
        "{again}"
    );
}
