//! What is found in whole sentences.

mod names;
mod properties;
mod rules;
mod table;

use super::{Config, Finding, Recogniser};

/// Finds with the default configuration at the moment of the table.
fn find(text: &str) -> Vec<Finding> {
    find_with(&Config::default(), text)
}

fn find_with(config: &Config, text: &str) -> Vec<Finding> {
    Recogniser::new(config).expect("the configuration is right").find(text, &table::now())
}

/// Writes findings as the table does, with roles.
fn lines(findings: &[Finding]) -> Vec<String> {
    let line = |found: &Finding| {
        let role = found.role.as_deref().map(|role| format!(" [{role}]")).unwrap_or_default();
        format!("{} {} = {}{role}", found.kind, found.surface, table::brief(&found.value))
    };
    findings.iter().map(line).collect()
}
