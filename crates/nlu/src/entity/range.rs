//! Two findings that are the ends of one range: 下午三点到五点, 周一至周五, "May 2nd through the 5th".
//!
//! They stay two findings. The first becomes the beginning, and an hour at the end that may be in either half of the
//! day is the first one after the beginning.

use jiff::civil::Time;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::found::Found;
use super::kind::Kind;
use super::value::{TimeValue, Value};

/// The role of a beginning.
const FROM: &str = "from";
/// The role of an end.
const TO: &str = "to";
/// What stands between the ends of a range.
const JOINTS: &[&str] = &["到", "至", "-", "~", "to", "until", "till", "through", "thru"];

/// Decides the open hours at the ends of ranges, and gives a bare number at the beginning the unit of the end.
pub(super) fn close_ends(found: &mut [Found], text: &str) {
    for i in 1..found.len() {
        let (before, after) = found.split_at_mut(i);
        let (Some(first), Some(last)) = (before.last_mut(), after.first_mut()) else { continue };
        let is_range = joins(&text[first.range.end..last.range.start]);
        if let Some(value) = share_unit(first, last).filter(|_| is_range) {
            first.kind = last.kind.clone();
            first.value = value;
            continue;
        }
        let begins = beginning(&first.value).filter(|_| is_range);
        if let (Some(begins), Value::Time(end)) = (begins, &mut last.value) {
            close(end, begins);
        }
    }
}

/// Returns the value of a number that shares the unit of the end of its range: 3-5天, 100到200元.
fn share_unit(first: &Found, last: &Found) -> Option<Value> {
    let Value::Number { value: number } = first.value else { return None };
    match &last.value {
        Value::Percent { value } if number < *value => Some(Value::Percent { value: number }),
        // 1到2万元 are not 1 and 20,000 yuan.
        Value::Money { amount, currency } if number < *amount && is_near(number, *amount) => {
            Some(Value::Money { amount: number, currency: currency.clone() })
        }
        Value::Duration { value } => {
            let value = value.with_count(number.to_u32().filter(|_| number.fract().is_zero())?)?;
            Some(Value::Duration { value })
        }
        _ => None,
    }
}

/// Tells whether a number is not less than a thousandth of a greater one.
fn is_near(less: Decimal, greater: Decimal) -> bool {
    less.checked_mul(Decimal::ONE_THOUSAND).is_none_or(|most| greater < most)
}

/// Gives the ends of a range their roles, unless they have others.
pub(super) fn give_roles(
    first: (&Kind, &mut Option<String>),
    last: (&Kind, &mut Option<String>),
    between: &str,
) {
    let begins = first.1.as_deref() == Some(FROM);
    let is_range = joins(between) || (begins && matches!(between.trim(), "and" | "和"));
    if is_range && family(first.0) == family(last.0) {
        first.1.get_or_insert_with(|| FROM.to_owned());
        last.1.get_or_insert_with(|| TO.to_owned());
    }
}

fn joins(between: &str) -> bool {
    JOINTS.contains(&between.trim())
}

/// Counts dates and times as one sort.
fn family(kind: &Kind) -> Kind {
    match kind {
        Kind::Time | Kind::DateTime => Kind::Date,
        other => other.clone(),
    }
}

/// Returns the hour of a beginning that is sure.
fn beginning(value: &Value) -> Option<Time> {
    match value {
        Value::Time(time) if time.or.is_none() && time.until.is_none() => Some(time.time),
        Value::DateTime(moment) if moment.or.is_none() && moment.until.is_none() => {
            Some(moment.at.local().time())
        }
        _ => None,
    }
}

/// Takes the first reading of an open hour that lies after the beginning.
fn close(end: &mut TimeValue, begins: Time) {
    let Some(other) = end.or else { return };
    let later = [end.time.min(other), end.time.max(other)].into_iter().find(|time| *time > begins);
    if let Some(time) = later {
        *end = TimeValue { time, or: None, until: None };
    }
}
