//! The values that a message holds: what a bot's `entities.yml` asks for, and how
//! they are told to trainers and agents.
//!
//! How they are found is the matter of `nlu::entity`. None of them is ever logged,
//! and what identifies a person's card is told to agents by its last digits alone.

use std::panic::AssertUnwindSafe;
use std::path::Path;

use dialogue::Detail;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use nlu::entity::{Config, Finding, Kind, Recogniser, Value};

use crate::bot_error::BotError;
use crate::bot_file;
use crate::script::with_nearest_key;

/// What a bot looks for, in its folder.
const FILE: &str = "entities.yml";
/// The most bytes of that file; half a million names fit.
const FILE_BYTES_MAX: u64 = 32 << 20;
/// How many of the last digits of a card are told.
const DIGITS_TOLD: usize = 4;

/// A value in a text, as a trainer sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// What it is: a built-in kind, or the name of a list or pattern of the bot.
    pub kind: String,
    /// How it is written.
    pub text: String,
    /// Where it begins, in characters.
    pub start: usize,
    /// Where it ends, in characters.
    pub end: usize,
    /// What it means, in one form however it was written.
    pub value: serde_json::Value,
    /// Its role in the sentence, such as `from`.
    pub role: Option<String>,
}

/// What an agent may be told of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// The values that are worth knowing before answering.
    pub(crate) details: Vec<Detail>,
    /// The message without what must not be passed on; `None` if all of it may be.
    pub(crate) quoted: Option<String>,
}

/// Reads what the bot in a folder looks for: the built-in kinds if it does not say. Cards
/// are always looked for, because what is not found cannot be kept back.
pub(crate) fn read(folder: &Path) -> Result<Recogniser, BotError> {
    let mut config: Config = match bot_file::read(folder, FILE, FILE_BYTES_MAX)? {
        Some(text) => serde_norway::from_str(&text)
            .map_err(|error| bot_file::wrong(folder, FILE, &with_nearest_key(error.to_string())))?,
        None => Config::default(),
    };
    for card in [Kind::IdCard, Kind::BankCard] {
        if !config.kinds.contains(&card) {
            config.kinds.push(card);
        }
    }
    Recogniser::new(&config).map_err(|error| bot_file::wrong(folder, FILE, &error))
}

/// Lists what a text holds, for a trainer.
pub(crate) fn list(recogniser: &Recogniser, text: &str, now: &Zoned) -> Vec<Entity> {
    let characters = |bytes: usize| text[..bytes].chars().count();
    let entities = recogniser.find(text, now).into_iter().map(|finding| Entity {
        kind: finding.kind.name().to_owned(),
        start: characters(finding.span.start),
        end: characters(finding.span.end),
        text: finding.surface,
        // A value is plain data, so it can be written.
        value: serde_json::to_value(finding.value).unwrap_or_default(),
        role: finding.role,
    });
    entities.collect()
}

/// Says what an agent may be told of a text: values as they are written, so the time
/// zone does not matter. Where finding them fails, nothing is.
pub(crate) fn told(recogniser: &Recogniser, text: &str, now: Timestamp) -> Told {
    let find = || recogniser.find(text, &now.to_zoned(TimeZone::UTC));
    let Ok(findings) = std::panic::catch_unwind(AssertUnwindSafe(find)) else {
        tracing::error!("finding what a message names panicked; its summary will not quote it");
        return Told { details: Vec::new(), quoted: Some(String::new()) };
    };
    let is_secret = findings.iter().any(|finding| secret(&finding.value).is_some());
    Told {
        details: findings.iter().filter(|finding| is_told(&finding.kind)).map(detail).collect(),
        quoted: is_secret.then(|| masked(text, &findings)),
    }
}

/// Whether a value is worth knowing before answering: bare numbers are not.
fn is_told(kind: &Kind) -> bool {
    !matches!(kind, Kind::Number | Kind::Ordinal | Kind::Percent | Kind::Duration | Kind::Url)
}

fn detail(finding: &Finding) -> Detail {
    let text = match &finding.value {
        Value::Entry { value, .. } => value.clone(),
        Value::OrderNumber { number } => number.clone(),
        value => secret(value).unwrap_or_else(|| finding.surface.clone()),
    };
    Detail { kind: finding.kind.name().to_owned(), text }
}

/// What is told of a value that identifies a person's card; `None` if it is no such.
fn secret(value: &Value) -> Option<String> {
    let (Value::IdCard { number, .. } | Value::BankCard { number, .. }) = value else {
        return None;
    };
    let hidden = number.chars().count().saturating_sub(DIGITS_TOLD);
    Some(format!("••••{}", number.chars().skip(hidden).collect::<String>()))
}

fn masked(text: &str, findings: &[Finding]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for finding in findings {
        if let Some(told) = secret(&finding.value) {
            masked += &text[end..finding.span.start];
            masked += &told;
            end = finding.span.end;
        }
    }
    masked + &text[end..]
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn recogniser(file: Option<&str>) -> Result<Recogniser, BotError> {
        let folder = tempfile::tempdir().unwrap();
        if let Some(text) = file {
            fs::write(folder.path().join(FILE), text).unwrap();
        }
        read(folder.path())
    }

    fn complaint(file: &str) -> String {
        recogniser(Some(file)).unwrap_err().to_string()
    }

    #[test]
    fn cards_are_told_by_their_last_digits_wherever_they_stand() {
        let recogniser = recogniser(None).unwrap();
        let text = "😭卡号 4111 1111 1111 1111，身份证11010519491231002x，订单号 zm20261122001";

        let told = told(&recogniser, text, NOW);

        assert_eq!(told.quoted.unwrap(), "😭卡号 ••••1111，身份证••••002X，订单号 zm20261122001");
        let details: Vec<(&str, &str)> =
            told.details.iter().map(|one| (one.kind.as_str(), one.text.as_str())).collect();
        let expected =
            [("bank_card", "••••1111"), ("id_card", "••••002X"), ("order_number", "ZM20261122001")];
        assert_eq!(details, expected);
    }

    #[test]
    fn a_bot_that_asks_for_little_keeps_cards_back_all_the_same() {
        let recogniser = recogniser(Some("kinds: [money]")).unwrap();

        let told = told(&recogniser, "卡号 4111 1111 1111 1111，电话 13800138000", NOW);

        assert_eq!(told.quoted.unwrap(), "卡号 ••••1111，电话 13800138000");
        assert_eq!(told.details.len(), 1);
    }

    #[test]
    fn what_has_no_secret_is_quoted_as_it_is() {
        let recogniser = recogniser(None).unwrap();

        let told = told(&recogniser, "第三次了，3 天没到，花了 500 元", NOW);

        assert_eq!(told.quoted, None);
        assert_eq!(told.details, [Detail { kind: "money".into(), text: "500 元".into() }]);
    }

    #[test]
    fn places_are_counted_in_characters() {
        let file = "gazetteers: [{ name: product, entries: [{ value: 稳盈90天, synonyms: [steady 90] }] }]";
        let recogniser = recogniser(Some(file)).unwrap();

        let entities = list(&recogniser, "😭买 Steady 90", &NOW.to_zoned(TimeZone::UTC));

        let [product] = &entities[..] else { panic!("{entities:?}") };
        assert_eq!((product.kind.as_str(), product.start, product.end), ("product", 3, 12));
        assert_eq!(product.text, "Steady 90");
        assert_eq!(product.value["value"], "稳盈90天");
    }

    #[test]
    fn a_mistake_names_the_file_and_what_to_do() {
        for (file, problem) in [
            ("gazeteers: []", "did you mean `gazetteers`?"),
            ("kinds: [order_nummer]", "it is no built-in kind"),
            ("patterns: [{ name: lot, pattern: '(' }]", "pattern `lot`, line 1"),
            ("patterns: [{ name: phone, pattern: x }]", "a built-in kind has it"),
        ] {
            let complaint = complaint(file);
            assert!(complaint.contains(FILE) && complaint.contains(problem), "{complaint}");
        }
    }
}
