//! What every grammar is given: the tokens, the numbers among them, and the moment from which days are counted.

use jiff::{Zoned, civil};

use super::config::DateOrder;
use super::kind::Kind;
use super::number::Numerals;
use super::token::Tokens;
use super::value::Value;
use super::words::Sense;

/// Reads findings that begin at a token. Each grammar adds its own methods.
pub(super) struct Reader<'a> {
    pub(super) tokens: &'a Tokens<'a>,
    pub(super) numerals: Numerals,
    pub(super) now: &'a Zoned,
    pub(super) date_order: DateOrder,
}

/// A finding before it is known whether it stays: its tokens, up to but without the last.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Value,
}

impl<'a> Reader<'a> {
    pub(super) fn new(tokens: &'a Tokens<'a>, now: &'a Zoned, date_order: DateOrder) -> Self {
        Self { tokens, numerals: Numerals::read(tokens), now, date_order }
    }

    /// Returns the day that it is.
    pub(super) fn today(&self) -> civil::Date {
        self.now.date()
    }

    /// Returns the token after one that has a meaning; the same token if it has not.
    pub(super) fn skip(&self, i: usize, sense: Sense) -> usize {
        i + usize::from(self.tokens.is(i, sense))
    }

    /// Tells whether a token is one of these marks.
    pub(super) fn is_any_mark(&self, i: usize, marks: &str) -> bool {
        marks.chars().any(|mark| self.tokens.is_mark(i, mark))
    }

    /// Returns the text of a token.
    pub(super) fn word(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |token| &self.tokens.text()[token.start..token.end])
    }

    /// Returns what follows the token before a number, without white space.
    pub(super) fn rest(&self, i: usize) -> &'a str {
        &self.tokens.text()[self.tokens.start(i)..]
    }

    /// Tells whether digits that begin at a token belong to something longer: v1.2, 10.0.0.1, a_1, AB-12.
    pub(super) fn continues_before(&self, i: usize) -> bool {
        let text = &self.tokens.text()[..self.tokens.start(i)];
        let mut before = text.chars().rev();
        match before.next() {
            Some(c) if super::fold::is_wordy(c) => true,
            Some('.' | ',' | '/' | ':') => before.next().is_some_and(|c| c.is_ascii_digit()),
            // 8am-5pm is a range of two times.
            Some('-') if text.ends_with("am-") || text.ends_with("pm-") => false,
            Some('-') => before.next().is_some_and(super::fold::is_letter),
            _ => false,
        }
    }

    /// Tells whether a letter follows directly, so that the digits before are a part of a name: 4g, 15pro.
    pub(super) fn continues_after(&self, end: usize) -> bool {
        let mut after = self.tokens.text()[self.tokens.end_before(end)..].chars();
        match after.next() {
            Some(c) if super::fold::is_wordy(c) => true,
            Some('.' | ':') => after.next().is_some_and(|c| c.is_ascii_digit()),
            _ => false,
        }
    }
}
