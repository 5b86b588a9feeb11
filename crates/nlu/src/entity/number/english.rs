//! English numbers in words: twenty-three hundred, a dozen, two and a half million, one point five.

use rust_decimal::Decimal;

use super::super::token::Tokens;
use super::super::words::Sense;
use super::{Form, Numeral, TOKENS_MAX, power};

/// Reads a whole number.
pub(super) fn whole(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    read(tokens, i, false)
}

/// Reads the longest number, with a half or a fraction.
pub(super) fn full(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    read(tokens, i, true)
}

fn read(tokens: &Tokens<'_>, i: usize, fractions: bool) -> Option<Numeral> {
    let begins = |sense: &Sense| {
        matches!(sense, Sense::Small(_) | Sense::Tens(_) | Sense::Article | Sense::HalfWord)
    };
    if !tokens.senses(i).iter().any(begins) {
        return None;
    }
    spelled(tokens, i).or_else(|| half_dozen(tokens, i)).or_else(|| {
        let mut sum = Sum::new(i);
        while sum.end < i + TOKENS_MAX && sum.take(tokens, fractions).is_some() {}
        sum.finish(i)
    })
}

fn small(tokens: &Tokens<'_>, i: usize) -> Option<u8> {
    tokens.find(i, |sense| if let Sense::Small(number) = sense { Some(number) } else { None })
}

/// Reads three or more digits one by one: one two three.
fn spelled(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let mut text = String::new();
    while let Some(digit) = small(tokens, i + text.len()).filter(|d| *d < 10 && text.len() < 20) {
        text.push(char::from(b'0' + digit));
    }
    let count = text.len();
    let value = Decimal::from_str_exact(&text).ok().filter(|_| count >= 3)?;
    Some(Numeral { value, most: None, end: i + count, form: Form::Positional(count) })
}

/// Reads "half a dozen" and "a couple of".
fn half_dozen(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let is_half = tokens.is(i, Sense::HalfWord) && tokens.is(i + 1, Sense::Article);
    if is_half && tokens.is(i + 2, Sense::Dozen) {
        return Some(words(Decimal::from(6), i + 3));
    }
    let is_couple = tokens.is(i, Sense::Article) && tokens.is(i + 1, Sense::Couple);
    is_couple.then(|| words(Decimal::TWO, i + 2))
}

fn words(value: Decimal, end: usize) -> Numeral {
    Numeral { value, most: None, end, form: Form::Words }
}

/// The parts of a number while it is read.
#[derive(Clone, Copy)]
struct Sum {
    /// What is multiplied by thousands and above already.
    high: Decimal,
    /// What is below the next such word.
    low: Decimal,
    /// What the next word must be less than: after "twenty" only "one" to "nine".
    room: u32,
    /// What the next size must be less than, as a power of ten.
    size_below: u8,
    /// Whether a size was the last word, after which "and" may stand.
    after_size: bool,
    /// Whether a fraction ended it, after which only a size may stand.
    fraction: bool,
    words: usize,
    end: usize,
}

impl Sum {
    fn new(i: usize) -> Self {
        Self {
            high: Decimal::ZERO,
            low: Decimal::ZERO,
            room: 1000,
            size_below: u8::MAX,
            after_size: false,
            fraction: false,
            words: 0,
            end: i,
        }
    }

    /// Takes the next words in, if they go on with the number.
    fn take(&mut self, tokens: &Tokens<'_>, fractions: bool) -> Option<()> {
        let at = self.skip_joint(tokens);
        let goes_on = tokens.find(at, |sense| match sense {
            Sense::Small(number) => self.with_word(u32::from(number)),
            Sense::Tens(number) => self.with_word(u32::from(number)),
            Sense::Article => self.with_article(tokens, at),
            Sense::Hundred => self.with_hundred(),
            Sense::Big(size) => self.with_size(size),
            Sense::Dozen => self.with_dozen(),
            _ => None,
        });
        if let Some(next) = goes_on {
            *self = Self { end: at + 1, words: self.words + 1, ..next };
            return Some(());
        }
        if fractions && self.words > 0 && !self.fraction {
            return self.take_half(tokens).or_else(|| self.take_fraction(tokens));
        }
        None
    }

    /// Returns the place after an "and" or a hyphen that may stand here.
    fn skip_joint(&self, tokens: &Tokens<'_>) -> usize {
        let hyphen = tokens.is_joined_mark(self.end, '-') && self.words > 0 && self.room == 10;
        let joins = hyphen && !tokens.is_spaced(self.end + 1);
        let and = tokens.is(self.end, Sense::And) && self.after_size;
        self.end + usize::from(joins || and)
    }

    fn with_word(&self, number: u32) -> Option<Self> {
        let alone = self.words == 0;
        if self.fraction || number >= self.room || (number == 0 && !alone) {
            return None;
        }
        let room = if number >= 20 { 10 } else { 0 };
        Some(Self { low: self.low + Decimal::from(number), room, after_size: false, ..*self })
    }

    /// "a" is one before a size.
    fn with_article(&self, tokens: &Tokens<'_>, at: usize) -> Option<Self> {
        let is_size =
            |sense: &Sense| matches!(sense, Sense::Hundred | Sense::Big(_) | Sense::Dozen);
        let before_size = tokens.senses(at + 1).iter().any(is_size);
        if self.words == 0 && before_size { self.with_word(1) } else { None }
    }

    fn with_hundred(&self) -> Option<Self> {
        if self.low.is_zero() || self.low >= Decimal::ONE_HUNDRED || self.room == 100 {
            return None;
        }
        let low = self.low.checked_mul(Decimal::ONE_HUNDRED)?;
        Some(Self { low, room: 100, after_size: true, fraction: false, ..*self })
    }

    fn with_size(&self, size: u8) -> Option<Self> {
        if self.low.is_zero() || size >= self.size_below {
            return None;
        }
        let high = self.high.checked_add(self.low.checked_mul(power(size))?)?;
        Some(Self {
            high,
            low: Decimal::ZERO,
            room: 1000,
            size_below: size,
            after_size: true,
            fraction: self.fraction,
            ..*self
        })
    }

    fn with_dozen(&self) -> Option<Self> {
        if self.low.is_zero() || !self.high.is_zero() {
            return None;
        }
        let low = self.low.checked_mul(Decimal::from(12))?;
        Some(Self { low, room: 0, size_below: 0, after_size: false, ..*self })
    }

    /// Takes "and a half".
    fn take_half(&mut self, tokens: &Tokens<'_>) -> Option<()> {
        let is_half = tokens.is(self.end, Sense::And)
            && tokens.is(self.end + 1, Sense::Article)
            && tokens.is(self.end + 2, Sense::HalfWord);
        if !is_half || !self.high.is_zero() {
            return None;
        }
        self.low += Decimal::new(5, 1);
        self.end += 3;
        self.close();
        Some(())
    }

    /// Takes "point" and the digits after it.
    fn take_fraction(&mut self, tokens: &Tokens<'_>) -> Option<()> {
        if !tokens.is(self.end, Sense::Point) || !self.high.is_zero() {
            return None;
        }
        let (mut place, mut at) = (Decimal::ONE, self.end + 1);
        while let Some(digit) = small(tokens, at).filter(|digit| *digit < 10 && at < self.end + 12)
        {
            place /= Decimal::TEN;
            self.low += place * Decimal::from(digit);
            at += 1;
        }
        if at == self.end + 1 {
            return None;
        }
        self.end = at;
        self.close();
        Some(())
    }

    fn close(&mut self) {
        self.fraction = true;
        self.room = 0;
        self.after_size = false;
        self.words += 1;
    }

    fn finish(self, i: usize) -> Option<Numeral> {
        let value = self.high.checked_add(self.low)?.normalize();
        let form =
            if self.words == 1 && value == Decimal::ONE { Form::Single } else { Form::Words };
        (self.end > i && self.words > 0).then_some(Numeral {
            value,
            most: None,
            end: self.end,
            form,
        })
    }
}
