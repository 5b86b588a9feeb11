//! Entities: finds numbers, money, dates, telephones, names of a gazetteer and the like in a text, and says what they
//! mean.
//!
//! All of it is by rule and table; nothing is learned here and no model is asked. The words stand in `words`, the
//! grammars that join them in the modules beside it, and [`Recogniser`] runs them all. The same text, configuration
//! and moment give the same findings.
//!
//! What is ambiguous is decided once:
//! - Weeks begin on Monday. "Next Wednesday" and 下周三 are the Wednesday of the next week, "this Wednesday" and 这周三
//!   that of this week, even if it is over. "Last Friday" is the latest Friday before today, 上周五 that of the last
//!   week. "Wednesday" and 周三 alone are the coming one, today included; "since Wednesday" is the latest.
//! - A month or day without its year is the one nearest to today, to come or past. A day without its month likewise.
//!   3/4 is March 4th, unless [`Config::date_order`] says otherwise.
//! - The end of a month (月底) is its last day, the beginning its first.
//! - An hour up to twelve without its half of the day stays as it was said, and the finding names the other reading;
//!   at the end of a range (下午三点到五点) it is the first one after the beginning. "In the evening" at twelve or
//!   later is the next day.
//! - Half a month is 15 days, half a day 12 hours; a quarter of a year is three months.
//! - A pound is money. 分 alone is nothing, because it may be minutes, money or points.
//! - Numbers that are given roughly (十几, 两三, 一百多) are ranges; lengths of time and amounts of money that are given
//!   so are told as such a range of numbers, without their unit.
//! - Of findings that overlap the longest stays; of equally long ones what the words before it name, then what the
//!   trainer listed, then the more specific kind. Only kinds that are asked for take part.

mod amount;
mod calendar;
mod config;
mod date;
mod digits;
mod duration;
mod feast;
mod fold;
mod found;
mod gazetteer;
mod iso;
mod kind;
mod link;
mod moment;
mod money;
mod number;
mod pattern;
mod range;
mod reader;
mod role;
mod time;
mod token;
pub mod value;
mod words;

#[cfg(test)]
mod tests;

use jiff::Zoned;

pub use config::{
    Config, ConfigError, DateOrder, Entry, Gazetteer, PATTERN_BYTES_MAX, PATTERNS_MAX, Pattern,
    SYNONYM_CHARS_MAX, SYNONYMS_MAX,
};
pub use found::Finding;
pub use iso::IsoError;
pub use kind::Kind;
pub use role::RoleCue;
pub use value::Value;

use crate::text;
use digits::Orders;
use fold::Folded;
use found::{Found, resolve};
use gazetteer::Gazetteers;
use pattern::Patterns;
use reader::{Draft, Reader};
use role::Roles;
use token::Tokens;

/// Finds entities in texts. It is built once, and may be asked by many at the same time.
#[derive(Debug)]
pub struct Recogniser {
    kinds: Vec<Kind>,
    date_order: DateOrder,
    gazetteers: Gazetteers,
    patterns: Patterns,
    orders: Orders,
    roles: Roles,
}

impl Recogniser {
    /// Prepares everything that a configuration asks for.
    ///
    /// # Errors
    /// The first thing that is wrong with the configuration, with its place and what to do.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        config.check()?;
        words::vocabulary();
        link::prepare();
        Ok(Self {
            kinds: config.kinds.clone(),
            date_order: config.date_order,
            gazetteers: Gazetteers::new(&config.gazetteers)?,
            patterns: Patterns::new(&config.patterns)?,
            orders: Orders::new(config.order_number.as_deref())?,
            roles: Roles::new(config.roles.as_deref()),
        })
    }

    /// Finds what a text contains, in its order and without overlaps; days and hours are counted from `now`.
    ///
    /// Only the first [`text::CHARS_MAX`] characters are read.
    #[must_use]
    pub fn find(&self, text: &str, now: &Zoned) -> Vec<Finding> {
        let text = text::capped(text);
        let folded = Folded::new(text);
        let mut found = Vec::new();
        self.find_words(folded.text(), now, &mut found);
        self.find_numbers(text, &folded, now, &mut found);
        found.retain(|found| self.wants(&found.kind));
        self.patterns.find(folded.text(), &mut found);
        self.gazetteers.find(folded.text(), &mut found);
        let mut found = resolve(found);
        range::close_ends(&mut found, folded.text());
        self.findings(text, &folded, found)
    }

    /// Finds what consists of words: amounts, dates, times.
    fn find_words(&self, text: &str, now: &Zoned, found: &mut Vec<Found>) {
        let tokens = Tokens::new(text);
        let reader = Reader::new(&tokens, now, self.date_order);
        let mut drafts: Vec<Draft> = Vec::new();
        for i in 0..tokens.len() {
            if tokens.begins_something(i) {
                reader.amounts(i, &mut drafts);
                reader.moments(i, &mut drafts);
            }
        }
        found.extend(drafts.into_iter().map(|draft| Found {
            range: tokens.start(draft.start)..tokens.end_before(draft.end),
            kind: draft.kind,
            value: draft.value,
            is_told: false,
        }));
    }

    /// Finds what consists of digits and marks: telephones, cards, orders, addresses.
    fn find_numbers(&self, text: &str, folded: &Folded, now: &Zoned, found: &mut Vec<Found>) {
        digits::find(folded.text(), now.date(), found);
        if self.wants(&Kind::OrderNumber) {
            self.orders.find(folded.text(), found);
        }
        link::find(text, folded, found);
    }

    fn wants(&self, kind: &Kind) -> bool {
        self.kinds.contains(kind)
    }

    /// Puts findings into their places in the original text.
    fn findings(&self, text: &str, folded: &Folded, found: Vec<Found>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::with_capacity(found.len());
        let mut end = 0;
        for found in found {
            let span = folded.original(found.range.clone());
            // Two findings may share one character that was folded into many.
            let is_free = findings.last().is_none_or(|last| last.span.end <= span.start);
            if span.is_empty() || !is_free {
                continue;
            }
            let mut role = self.roles.of(&found, folded.text());
            if let Some(last) = findings.last_mut() {
                let between = &folded.text()[end..found.range.start];
                range::give_roles((&last.kind, &mut last.role), (&found.kind, &mut role), between);
            }
            end = found.range.end;
            let surface = text[span.clone()].to_owned();
            findings.push(Finding { kind: found.kind, span, surface, value: found.value, role });
        }
        findings
    }
}
