//! Sentences and what is found in them, in one table: `text | kind surface = value | …`; nothing after the text means
//! that nothing is found. Now is Sunday, 22 November 2026, 10:30 in Shanghai.

use jiff::Zoned;

use crate::entity::{Config, Recogniser, Value};

const CASES: &str = include_str!("cases.txt");

pub(super) fn now() -> Zoned {
    "2026-11-22T10:30:00+08:00[Asia/Shanghai]".parse().expect("a moment")
}

/// Writes a value as the table does.
pub(super) fn brief(value: &Value) -> String {
    let json = serde_json::to_value(value).expect("a value is JSON");
    match value {
        Value::Money { amount, currency } => format!("{amount} {currency}"),
        Value::NumberRange { least, most } => format!("{least}..{most}"),
        Value::Date(date) => date.iso.clone(),
        Value::Time(time) => {
            let short = |time: jiff::civil::Time| time.to_string();
            let or = time.or.map(|or| format!(" or {}", short(or))).unwrap_or_default();
            let until =
                time.until.map(|until| format!(" until {}", short(until))).unwrap_or_default();
            format!("{}{or}{until}", short(time.time))
        }
        Value::DateTime(moment) => {
            let or = moment.or.as_ref().map(|or| format!(" or {or}")).unwrap_or_default();
            let until = moment.until.as_ref().map(|until| format!(" until {until}"));
            format!("{}{or}{}", moment.at, until.unwrap_or_default())
        }
        Value::IdCard { number, problem, .. } => match problem {
            Some(problem) => format!(
                "{number} {}",
                serde_json::to_string(problem).expect("JSON").trim_matches('"')
            ),
            None => number.clone(),
        },
        Value::Phone { number, .. }
        | Value::OrderNumber { number }
        | Value::BankCard { number, .. } => number.clone(),
        Value::Email { address } => address.clone(),
        Value::Url { url } => url.clone(),
        _ => {
            let value = &json["value"];
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        }
    }
}

#[test]
fn every_sentence_of_the_table_gives_its_findings() {
    let recogniser = Recogniser::new(&Config::default()).expect("the default is right");
    let mut wrong = Vec::new();
    let mut count = 0;
    for (line, case) in
        CASES.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    {
        let mut parts = case.split(" | ").map(str::trim);
        let text = parts.next().unwrap_or_default();
        let expected: Vec<&str> = parts.collect();
        let found: Vec<String> = recogniser
            .find(text, &now())
            .iter()
            .map(|found| format!("{} {} = {}", found.kind, found.surface, brief(&found.value)))
            .collect();
        count += 1;
        if found != expected {
            wrong.push(format!(
                "line {}: {text}\n  expected {expected:?}\n  found    {found:?}",
                line + 1
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 250, "the table has only {count} cases");
}
