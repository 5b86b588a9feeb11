//! What a finding means, in one form however it was written.
//!
//! Decimal numbers are exact and are strings in JSON; times, dates and durations follow ISO 8601. Nothing here reads
//! a text of a customer.

use std::collections::BTreeMap;

use jiff::civil;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use super::iso::{Moment, Span};

/// Holds the normalised value of a finding. In JSON `type` tells which one it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Value {
    /// One number.
    Number {
        /// The number, exactly.
        #[serde(with = "rust_decimal::serde::str")]
        value: Decimal,
    },
    /// A number that was given only roughly: 十几, 两三, 一百多.
    NumberRange {
        /// The least that it can be.
        #[serde(with = "rust_decimal::serde::str")]
        least: Decimal,
        /// The most that it can be.
        #[serde(with = "rust_decimal::serde::str")]
        most: Decimal,
    },
    /// A place in an order, from 1 (第零 gives 0).
    Ordinal {
        /// The place.
        value: u64,
    },
    /// A share of a hundred: 3.5 means 3.5 %.
    Percent {
        /// The number before the sign.
        #[serde(with = "rust_decimal::serde::str")]
        value: Decimal,
    },
    /// An amount of money.
    Money {
        /// The amount in the main unit of the currency, exactly.
        #[serde(with = "rust_decimal::serde::str")]
        amount: Decimal,
        /// The currency as ISO 4217 names it.
        currency: String,
    },
    /// A day or a longer stretch of the calendar.
    Date(DateValue),
    /// A time of the day.
    Time(TimeValue),
    /// A moment, or a stretch within a day.
    DateTime(DateTimeValue),
    /// A length of time.
    Duration {
        /// The length; a string as ISO 8601 writes it.
        value: Span,
    },
    /// A telephone number.
    Phone {
        /// Digits only, with `+` and the country's code where one was written.
        number: String,
        /// What sort of number it is.
        line: Line,
    },
    /// An e-mail address.
    Email {
        /// The address; its domain in lower case.
        address: String,
    },
    /// An address on the web.
    Url {
        /// The address as it was written, in half width.
        url: String,
    },
    /// The number of an order.
    OrderNumber {
        /// The number, in half width and capitals.
        number: String,
    },
    /// What looks like the number of a Chinese identity card.
    IdCard {
        /// The number; a check letter is a capital X.
        number: String,
        /// Whether the check digit, the day of birth and the province are right.
        valid: bool,
        /// What is wrong with it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        problem: Option<IdProblem>,
        /// The day of birth that it tells, if that is a day.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        birth: Option<civil::Date>,
    },
    /// The number of a bank card.
    BankCard {
        /// Digits only.
        number: String,
        /// Who issues it, as far as its first digits tell.
        network: Network,
    },
    /// An entry of a gazetteer.
    Entry {
        /// The value of the entry, as the trainer wrote it.
        value: String,
        /// How the surface differs from the synonym that it was taken for.
        spelling: Spelling,
    },
    /// What a pattern of the trainer found.
    Pattern {
        /// The folded text: half width, lower case.
        text: String,
        /// What the named groups of the pattern found, in the same form.
        #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
        groups: BTreeMap<String, String>,
    },
}

/// Holds a day or a longer stretch of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateValue {
    /// The stretch as ISO 8601 writes it: `2026-11-22`, `2026-W48`, `2026-11`, `2026`, or two days with `/` between.
    pub iso: String,
    /// The first day.
    pub from: civil::Date,
    /// The last day, which is still in it.
    pub to: civil::Date,
    /// How exact it is.
    pub grain: Grain,
}

/// Holds a time of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeValue {
    /// The time as it was said.
    pub time: civil::Time,
    /// The other time that it may mean, twelve hours apart, where nothing tells the half of the day: "三点".
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub or: Option<civil::Time>,
    /// The end of a stretch that was named instead of a time: 上午, "in the evening".
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<civil::Time>,
}

/// Holds a moment, or a stretch within a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateTimeValue {
    /// The moment; a string as ISO 8601 writes it, with the offset from UTC.
    pub at: Moment,
    /// The other moment that it may mean, where nothing tells the half of the day.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub or: Option<Moment>,
    /// The end of a stretch that was named instead of a time: 明天上午.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Moment>,
}

/// Tells how exact a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One day.
    Day,
    /// A Saturday and the Sunday after it.
    Weekend,
    /// From a Monday to a Sunday.
    Week,
    /// A month of the calendar.
    Month,
    /// A quarter of a year.
    Quarter,
    /// A year of the calendar.
    Year,
    /// From one day to another: 最近三天.
    Range,
}

/// Tells what sort of telephone number one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// A mobile telephone of mainland China.
    Mobile,
    /// A fixed line of mainland China, with its area code.
    Landline,
    /// A number of a company in China that begins with 400 or 800.
    Service,
    /// A number outside of China, or one of North America in its usual grouping.
    International,
}

/// Tells what is wrong with the number of an identity card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdProblem {
    /// The last digit does not follow from the others.
    CheckDigit,
    /// The digits of the birthday name no day, or one that is yet to come.
    Birthday,
    /// The first two digits name no province.
    Region,
}

/// Names who issues a bank card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// China UnionPay.
    UnionPay,
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// American Express.
    Amex,
    /// JCB.
    Jcb,
    /// Any other.
    Other,
}

/// Tells how a surface differs from the synonym that it was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    /// Not at all, but for case and width.
    Exact,
    /// Other Chinese characters that sound alike.
    Homophone,
    /// A few characters are wrong, missing, too many or swapped.
    Typo,
}
