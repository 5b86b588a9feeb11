//! Numbers, however they are written: digits, Chinese numerals, English words, and mixtures of them.
//!
//! Here a number is only read. Whether it is a finding of its own, or a part of a date or an amount, is decided by
//! those who ask.

mod chinese;
mod english;
mod literal;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::token::Tokens;
use super::words::Sense;

/// The most tokens that are read as one number.
const TOKENS_MAX: usize = 40;

/// A number that begins at some token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral {
    pub(super) value: Decimal,
    /// The most that it can be, where it is given only roughly; `value` is the least then.
    pub(super) most: Option<Decimal>,
    /// The token after it.
    pub(super) end: usize,
    pub(super) form: Form,
}

/// Tells how a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A run of so many ASCII digits.
    Digits(usize),
    /// Digits with separators or with a word of size.
    Literal,
    /// One word that often means something else: a Chinese digit, "one".
    Single,
    /// So many Chinese digits in a row: 二〇二六.
    Positional(usize),
    /// Any other number in words.
    Words,
}

/// Holds the numbers that begin at each token of a text.
#[derive(Debug)]
pub(super) struct Numerals {
    full: Vec<Option<Numeral>>,
    whole: Vec<Option<Numeral>>,
    /// Whether a number that begins before a token goes on behind it.
    inside: Vec<bool>,
}

impl Numerals {
    /// Reads the numbers of a text.
    pub(super) fn read(tokens: &Tokens<'_>) -> Self {
        let each = |read: &dyn Fn(usize) -> Option<Numeral>| (0..tokens.len()).map(read).collect();
        let full: Vec<Option<Numeral>> = each(&|i| read_full(tokens, i));
        let mut reach = 0;
        let inside = full.iter().enumerate().map(|(i, numeral)| {
            let is_inside = reach > i;
            reach = numeral.map_or(reach, |numeral| reach.max(numeral.end));
            is_inside
        });
        Self { inside: inside.collect(), whole: each(&|i| read_whole(tokens, i)), full }
    }

    /// Returns the longest number that begins at a token.
    pub(super) fn full(&self, i: usize) -> Option<Numeral> {
        self.full.get(i).copied().flatten()
    }

    /// Tells whether a token lies inside of a longer number: 三 in 两三个.
    pub(super) fn is_inside(&self, i: usize) -> bool {
        self.inside.get(i).copied().unwrap_or(false)
    }

    /// Returns the number at a token as one of precise amount.
    pub(super) fn exact(&self, i: usize) -> Option<Numeral> {
        self.full(i).filter(|numeral| numeral.most.is_none())
    }

    /// Returns the longest whole number at a token, with no sign, comma or fraction: what dates and times consist of.
    pub(super) fn whole(&self, i: usize) -> Option<Numeral> {
        self.whole.get(i).copied().flatten()
    }

    /// Returns a whole number at a token that lies in a range, and the token after it.
    pub(super) fn within(&self, i: usize, least: u32, most: u32) -> Option<(u32, usize)> {
        let numeral = self.whole(i)?;
        let value = numeral.integer().filter(|value| (least..=most).contains(value))?;
        Some((value, numeral.end))
    }
}

impl Numeral {
    /// Returns the value if it is a whole number that is not negative.
    pub(super) fn integer(&self) -> Option<u32> {
        if self.most.is_some() || !self.value.fract().is_zero() {
            None
        } else {
            self.value.to_u32()
        }
    }
}

fn read_whole(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    if let Some(digits) = tokens.digits(i) {
        return literal::digits(digits, i);
    }
    chinese::whole(tokens, i)
        .or_else(|| english::whole(tokens, i))
        .filter(|numeral| numeral.most.is_none())
}

fn read_full(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    if let Some(numeral) = read_negative(tokens, i) {
        return Some(numeral);
    }
    read_positive(tokens, i)
}

fn read_positive(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let readings = [
        chinese::full(tokens, i),
        literal::read(tokens, i),
        literal::decimal(tokens, i).and_then(|exact| chinese::more(tokens, exact)),
        english::full(tokens, i),
    ];
    // Of equally long readings the first is taken.
    readings.into_iter().flatten().rev().max_by_key(|numeral| numeral.end)
}

fn read_negative(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let by_word = tokens.is(i, Sense::Negative);
    let by_sign = tokens.is_mark(i, '-') && tokens.joined_digits(i + 1).is_some() && {
        tokens.char_before(i).is_none_or(|c| " (（,，:=是为到至".contains(c))
    };
    if !by_word && !by_sign {
        return None;
    }
    let numeral = read_positive(tokens, i + 1).filter(|numeral| numeral.most.is_none())?;
    let form = if numeral.form == Form::Single { Form::Words } else { numeral.form };
    Some(Numeral { value: -numeral.value, form, ..numeral })
}

/// Returns a power of ten.
fn power(exponent: u8) -> Decimal {
    Decimal::from(10u64.pow(u32::from(exponent.min(18))))
}
