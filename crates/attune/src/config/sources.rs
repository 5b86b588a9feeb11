//! Where settings come from, and the refusal of keys that nobody reads.

use std::collections::BTreeMap;
use std::path::PathBuf;

use config::builder::DefaultState;
use config::{ConfigBuilder, File, FileFormat, Value, ValueKind};

use super::DEFAULT;
use crate::failure::{Failure, Result};

/// What an environment variable of the configuration begins with.
const PREFIX: &str = "ATTUNE__";

/// Where settings come from, beside the defaults.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// The configuration file.
    pub(crate) file: Option<PathBuf>,
    /// The environment.
    pub(crate) environment: Vec<(String, String)>,
    /// Options of the command: the option, the key and the value.
    pub(crate) options: Vec<(&'static str, &'static str, String)>,
}

impl Sources {
    /// Merges the sources; every value knows where it comes from.
    pub(crate) fn merged(&self) -> Result<config::Config> {
        let known = flat(&defaults());
        let mut builder =
            config::Config::builder().add_source(File::from_str(DEFAULT, FileFormat::Toml));
        if let Some(path) = &self.file {
            let file = read(path)?;
            let from = path.display().to_string();
            for key in flat(&file).keys() {
                refuse_unknown(key, key, &known, &from, str::to_owned)?;
            }
            builder = builder.add_source(File::from(path.as_path()).format(FileFormat::Toml));
        }
        for (variable, text) in &self.environment {
            let Some(rest) = variable.strip_prefix(PREFIX) else { continue };
            let key = rest.to_lowercase().replace("__", ".");
            refuse_unknown(&key, variable, &known, "the environment", variable_of)?;
            builder = set(builder, &known, &key, variable, text)?;
        }
        for (option, key, text) in &self.options {
            builder = set(builder, &known, key, option, text)?;
        }
        builder
            .build()
            .map_err(|error| Failure::start(format!("the configuration is wrong: {error}")))
    }
}

/// Every key below a table with its value, by the whole name.
pub(super) fn flat(value: &Value) -> BTreeMap<String, Value> {
    let mut keys = BTreeMap::new();
    flatten("", value, &mut keys);
    keys
}

/// The environment variable of a key.
pub(super) fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// The values that are compiled in.
pub(super) fn defaults() -> Value {
    parse(DEFAULT).expect("the configuration that is compiled in is well formed").cache
}

fn flatten(prefix: &str, value: &Value, keys: &mut BTreeMap<String, Value>) {
    match &value.kind {
        ValueKind::Table(table) => {
            for (name, value) in table {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&key, value, keys);
            }
            if table.is_empty() && !prefix.is_empty() {
                keys.insert(format!("{prefix}."), value.clone());
            }
        }
        _ => drop(keys.insert(prefix.to_owned(), value.clone())),
    }
}

fn read(path: &std::path::Path) -> Result<Value> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::start(format!(
            "cannot read the configuration file {shown}: {error}; check --config and ATTUNE_CONFIG"
        ))
    })?;
    if let Err(error) = text.parse::<toml::Table>() {
        let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        let message = error.message().replace('\n', " ");
        return Err(Failure::start(format!("{shown} is not TOML: line {line}: {message}")));
    }
    let parsed =
        parse(&text).map_err(|error| Failure::start(format!("cannot read {shown}: {error}")))?;
    Ok(parsed.cache)
}

fn parse(text: &str) -> Result<config::Config, config::ConfigError> {
    config::Config::builder().add_source(File::from_str(text, FileFormat::Toml)).build()
}

/// Refuses a key that is not known, naming the nearest one that is.
fn refuse_unknown(
    key: &str,
    written: &str,
    known: &BTreeMap<String, Value>,
    from: &str,
    write: impl Fn(&str) -> String,
) -> Result<()> {
    let is_empty_section = key.ends_with('.') && known.keys().any(|name| name.starts_with(key));
    if known.contains_key(key) || is_empty_section {
        return Ok(());
    }
    // A section in the place of a setting is named by the setting.
    if let Some(setting) = known.keys().find(|name| key.starts_with(&format!("{name}."))) {
        return Err(Failure::start(format!(
            "`{}` in {from} is not a section; give it a value",
            write(setting)
        )));
    }
    let nearest = known
        .keys()
        .max_by(|a, b| likeness(key, a).total_cmp(&likeness(key, b)))
        .map_or_else(String::new, |name| write(name));
    Err(Failure::start(format!(
        "there is no setting `{}` (found in {from}); did you mean `{nearest}`?",
        written.trim_end_matches('.')
    )))
}

/// How much a key looks like one that is known, with its section or without.
fn likeness(key: &str, known: &str) -> f64 {
    let name = known.split_once('.').map_or(known, |(_, name)| name);
    strsim::jaro_winkler(key, known).max(strsim::jaro_winkler(key, name))
}

/// Overrides a key by a text; a list is separated by commas.
fn set(
    builder: ConfigBuilder<DefaultState>,
    known: &BTreeMap<String, Value>,
    key: &str,
    from: &str,
    text: &str,
) -> Result<ConfigBuilder<DefaultState>> {
    let from = Some(from.to_owned());
    let is_list = known.get(key).is_some_and(|value| matches!(value.kind, ValueKind::Array(_)));
    let kind = if is_list {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        ValueKind::Array(parts.map(|part| Value::new(from.as_ref(), part)).collect())
    } else {
        ValueKind::String(text.to_owned())
    };
    builder
        .set_override(key, Value::new(from.as_ref(), kind))
        .map_err(|error| Failure::start(format!("the configuration is wrong: {error}")))
}
