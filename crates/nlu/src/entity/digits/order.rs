//! Order numbers: by a word before them, by letters before many digits, or by a pattern of the configuration.

use std::sync::LazyLock;

use regex::Regex;

use super::super::config::ConfigError;
use super::super::found::Found;
use super::super::kind::Kind;
use super::super::pattern::{compile, stands_alone};
use super::super::value::Value;
use super::has_digits;

/// A number that is told by the word before it.
static TOLD: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?:(?:订单|定单|订單|工单|运单|快递单?|物流单?|退款单)(?:号码?|编号|单号)?|单号",
        r"|\border(?:\s?(?:number|no|id|num)\b\.?)?)",
        r"\s?(?:是|为|is)?\s?[:：#]?\s?#?\s?([a-z]{0,6}[-_]?[0-9]{5,32}(?:[-_][0-9]{1,16}){0,3})"
    ))
});
/// A number that shows it by its letters.
static LETTERED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[a-z]{1,6}[-_]?[0-9]{6,32}(?:[-_][0-9]{1,16}){0,3}"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern that the tests compile")
}

/// Finds order numbers.
#[derive(Debug)]
pub(in super::super) struct Orders(Option<Regex>);

impl Orders {
    /// Prepares the usual forms, or the one of a configuration.
    pub(in super::super) fn new(pattern: Option<&str>) -> Result<Self, ConfigError> {
        LazyLock::force(&TOLD);
        LazyLock::force(&LETTERED);
        Ok(Self(pattern.map(|pattern| compile("order_number", pattern)).transpose()?))
    }

    /// Finds order numbers in a folded text.
    pub(in super::super) fn find(&self, text: &str, found: &mut Vec<Found>) {
        match &self.0 {
            Some(own) => push_all(own, text, true, found),
            None if has_digits(text) => {
                push_all(&TOLD, text, true, found);
                push_all(&LETTERED, text, false, found);
            }
            None => {}
        }
    }
}

fn push_all(regex: &Regex, text: &str, is_told: bool, found: &mut Vec<Found>) {
    for captures in regex.captures_iter(text).take(256) {
        let Some(whole) = captures.get(0) else { continue };
        let number = captures.get(1).unwrap_or(whole);
        let range = number.range();
        if stands_alone(text, whole.start(), whole.end()) {
            let value = Value::OrderNumber { number: number.as_str().to_uppercase() };
            found.push(Found { kind: Kind::OrderNumber, range, value, is_told });
        }
    }
}
