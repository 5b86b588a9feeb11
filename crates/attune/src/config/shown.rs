//! The configuration that holds, for people: values, where from, no secrets.

use std::fmt::Write as _;

use config::{Value, ValueKind};

use super::sources::{defaults, flat};
use super::{Config, Sources, masked};
use crate::failure::Result;

/// The keys whose values are never shown.
const SECRETS: [&str; 2] = ["secret.value", "metrics.token"];

/// Writes the effective configuration as TOML, each value with its source.
pub(crate) fn shown(sources: &Sources) -> Result<String> {
    Config::load(sources)?;
    let mut text = String::new();
    let mut section = String::new();
    let defaults = flat(&defaults());
    for (key, value) in flat(&sources.merged()?.cache) {
        let (head, name) = key.split_once('.').unwrap_or(("", &key));
        if head != section {
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}[{head}]");
            section = head.to_owned();
        }
        let from = value.origin().unwrap_or("default");
        let _ = writeln!(
            text,
            "{:<40} # {from}",
            format!("{name} = {}", effective(&key, &value, defaults.get(&key)))
        );
    }
    Ok(text)
}

/// A value as TOML writes it. The environment has texts only; they are shown as
/// what the default is.
fn effective(key: &str, value: &Value, default: Option<&Value>) -> String {
    let is_text = default.is_none_or(|default| matches!(default.kind, ValueKind::String(_)));
    match &value.kind {
        ValueKind::String(text) if !is_text => text.clone(),
        kind => literal(key, kind),
    }
}

/// A value as TOML writes it.
fn literal(key: &str, kind: &ValueKind) -> String {
    match kind {
        ValueKind::String(text) if SECRETS.contains(&key) && !text.is_empty() => {
            "\"***\"".to_owned()
        }
        ValueKind::String(text) if key == "database.url" && !text.is_empty() => {
            quoted(&masked(text))
        }
        ValueKind::String(text) => quoted(text),
        ValueKind::Array(values) => {
            let items: Vec<String> = values.iter().map(|value| literal(key, &value.kind)).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
