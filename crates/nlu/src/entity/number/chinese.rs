//! Chinese numerals: 一百二十三, 两千, 三万五, 1.5万, 十几, 两三百, 二〇二六, 三点一四.

use rust_decimal::Decimal;

use super::super::token::Tokens;
use super::super::words::Sense;
use super::{Form, Numeral, TOKENS_MAX, literal, power};

/// The power of 万.
const WAN: u8 = 4;
/// The power of 亿.
const YI: u8 = 8;

/// Reads a whole number.
pub(super) fn whole(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    positional(tokens, i).or_else(|| summed(tokens, i, 0).filter(|sum| !sum.several)?.finish())
}

/// Reads the longest number, with a fraction or a rough end.
pub(super) fn full(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let begins = |sense| matches!(sense, Sense::Digit(_) | Sense::Scale(_) | Sense::Several);
    if tokens.digits(i).is_none() && !tokens.senses(i).iter().any(|sense| begins(*sense)) {
        return None;
    }
    let exact = positional(tokens, i).or_else(|| summed(tokens, i, 0)?.finish());
    let longer = [between(tokens, i), several(tokens, i)].into_iter().flatten();
    let grown = exact
        .into_iter()
        .flat_map(|exact| [Some(exact), with_fraction(tokens, exact), with_more(tokens, exact)]);
    grown.flatten().chain(longer).max_by_key(|numeral| numeral.end)
}

fn digit(tokens: &Tokens<'_>, i: usize) -> Option<u8> {
    tokens.find(i, |sense| if let Sense::Digit(digit) = sense { Some(digit) } else { None })
}

fn scale(tokens: &Tokens<'_>, i: usize) -> Option<u8> {
    tokens.find(i, |sense| if let Sense::Scale(power) = sense { Some(power) } else { None })
}

/// Reads digits in a row that are not followed by a size: 二〇二六.
fn positional(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let mut text = String::new();
    while let Some(digit) = digit(tokens, i + text.len()).filter(|_| text.len() < 20) {
        text.push(char::from(b'0' + digit));
    }
    let count = text.len();
    if count < 2 || scale(tokens, i + count).is_some() {
        return None;
    }
    let value = Decimal::from_str_exact(&text).ok()?;
    Some(Numeral { value, most: None, end: i + count, form: Form::Positional(count) })
}

/// The parts of a number while it is read.
struct Sum {
    /// Above 亿, above 万, and below, each already multiplied.
    high: Decimal,
    middle: Decimal,
    low: Decimal,
    /// A digit that waits for its size.
    digit: Option<Decimal>,
    /// The size that was read last.
    size: Option<u8>,
    /// Whether 零 stands before the waiting digit.
    zero: bool,
    /// What is read: in how many tokens, whether 几 is among them, and whether digits are.
    end: usize,
    several: bool,
    literal: bool,
}

/// Adds up digits and sizes from a token on; 几 counts as `several` before a size.
fn summed(tokens: &Tokens<'_>, i: usize, several: u8) -> Option<Sum> {
    let mut sum = Sum {
        high: Decimal::ZERO,
        middle: Decimal::ZERO,
        low: Decimal::ZERO,
        digit: None,
        size: None,
        zero: false,
        end: i,
        several: false,
        literal: false,
    };
    while sum.end < i + TOKENS_MAX && sum.take(tokens, several).is_some() {}
    (sum.end > i).then_some(sum)
}

impl Sum {
    /// Takes the next token in, if it goes on with the number.
    fn take(&mut self, tokens: &Tokens<'_>, several: u8) -> Option<()> {
        if self.size.is_some() && tokens.is_spaced(self.end) {
            return None;
        }
        if let Some(power) = scale(tokens, self.end) {
            self.take_size(power)?;
            self.end += 1;
            return Some(());
        }
        if self.digit.is_some() {
            return None;
        }
        if let Some(numeral) = literal::decimal(tokens, self.end) {
            // Digits inside of a number in words are read only where a size stands on both sides: 3万5千, 2万5.
            self.digit = Some(numeral.value);
            self.literal = true;
            self.end = numeral.end;
            return Some(());
        }
        match digit(tokens, self.end) {
            Some(0) if self.size.is_some() && !self.zero => self.zero = true,
            Some(0) if self.size.is_some() => return None,
            Some(digit) => self.digit = Some(Decimal::from(digit)),
            None if tokens.is(self.end, Sense::Several) && several > 0 => {
                self.several = true;
                self.digit = Some(Decimal::from(several));
            }
            None => return None,
        }
        self.end += 1;
        Some(())
    }

    /// Gives the waiting digit its size.
    fn take_size(&mut self, size: u8) -> Option<()> {
        if size < WAN {
            let fits = self.size.is_none_or(|last| last >= WAN || size < last);
            let digit = match self.digit {
                Some(digit) => digit,
                // 十二 begins without a digit.
                None if size == 1 && (self.size.is_none() || self.zero) => Decimal::ONE,
                None => return None,
            };
            if !fits {
                return None;
            }
            self.low = self.low.checked_add(digit.checked_mul(power(size))?)?;
        } else {
            let low = self.low + self.digit.unwrap_or_default();
            if size == WAN {
                if low.is_zero() || !self.middle.is_zero() {
                    return None;
                }
                self.middle = low.checked_mul(power(WAN))?;
            } else {
                let below = self.middle.checked_add(low)?;
                if below.is_zero() || !self.high.is_zero() {
                    return None;
                }
                self.high = below.checked_mul(power(YI))?;
                self.middle = Decimal::ZERO;
            }
            self.low = Decimal::ZERO;
        }
        self.digit = None;
        self.size = Some(size);
        self.zero = false;
        Some(())
    }

    /// Adds the waiting digit: 三万五 is 35,000, 三万零五 is 30,005.
    fn finish(mut self) -> Option<Numeral> {
        if self.zero && self.digit.is_none() {
            // A 零 at the end belongs to what follows.
            self.end -= 1;
        }
        let short = self.size.filter(|size| *size > 1 && !self.zero);
        let rest = match (self.digit, short) {
            (Some(digit), Some(size)) if digit < Decimal::TEN && digit.fract().is_zero() => {
                digit.checked_mul(power(size - 1))?
            }
            // Digits after a size are another number, unless they shorten it: 三万 500.
            (Some(_), Some(_)) => return None,
            (digit, _) => digit.unwrap_or_default(),
        };
        let value = self.high.checked_add(self.middle)?.checked_add(self.low)?.checked_add(rest)?;
        let form = match self.size {
            None if self.literal => return None,
            None => Form::Single,
            Some(_) if self.literal => Form::Literal,
            Some(_) => Form::Words,
        };
        Some(Numeral { value: value.normalize(), most: None, end: self.end, form })
    }
}

/// Adds a fraction: 三点一四, 三点五万.
fn with_fraction(tokens: &Tokens<'_>, whole: Numeral) -> Option<Numeral> {
    if !tokens.is(whole.end, Sense::Point) || matches!(whole.form, Form::Literal | Form::Digits(_))
    {
        return None;
    }
    let mut text = format!("{}.", whole.value);
    let mut end = whole.end + 1;
    while let Some(digit) = digit(tokens, end).filter(|_| text.len() < 24) {
        text.push(char::from(b'0' + digit));
        end += 1;
    }
    let mut value = Decimal::from_str_exact(&text).ok().filter(|_| !text.ends_with('.'))?;
    match scale(tokens, end) {
        // 三点二十 is a time.
        Some(1..WAN) => return None,
        Some(size) => {
            value = value.checked_mul(power(size))?.normalize();
            end += 1;
        }
        None => {}
    }
    Some(Numeral { value, most: None, end, form: Form::Words })
}

/// Makes a range of a number with 多: 三十多, 100多万.
fn with_more(tokens: &Tokens<'_>, exact: Numeral) -> Option<Numeral> {
    let exact = match exact.form {
        Form::Words | Form::Literal => exact,
        _ => return None,
    };
    more(tokens, exact)
}

/// Reads 多 and a size after a number.
pub(super) fn more(tokens: &Tokens<'_>, exact: Numeral) -> Option<Numeral> {
    if !tokens.is(exact.end, Sense::Over) || !exact.value.fract().is_zero() {
        return None;
    }
    let mut place = Decimal::ONE;
    while place < exact.value {
        let higher = place.checked_mul(Decimal::TEN)?;
        if !exact.value.checked_rem(higher)?.is_zero() {
            break;
        }
        place = higher;
    }
    if place < Decimal::TEN {
        return None;
    }
    let size = scale(tokens, exact.end + 1).filter(|size| *size >= WAN);
    let factor = power(size.unwrap_or(0));
    let least = exact.value.checked_mul(factor)?.checked_add(Decimal::ONE)?;
    let most = exact.value.checked_add(place)?.checked_mul(factor)?.checked_sub(Decimal::ONE)?;
    let end = exact.end + 1 + usize::from(size.is_some());
    Some(Numeral { value: least, most: Some(most), end, form: Form::Words })
}

/// Reads a number with 几 in it: 十几, 几百, 几十万.
fn several(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let most = summed(tokens, i, 9).filter(|sum| sum.several && sum.size.is_some())?;
    let end = most.end;
    // After the last 几 come only sizes; the least of them is how much more it can be.
    let after = (i..end).rev().take_while(|at| !tokens.is(*at, Sense::Several));
    let sizes: u8 = after.filter_map(|at| scale(tokens, at)).sum();
    let begins = tokens.is(i, Sense::Several);
    let least = summed(tokens, i, if begins { 2 } else { 1 })?;
    let (least, most) = (least.unshortened()?, most.unshortened()?);
    let most = most.checked_add(power(sizes))?.checked_sub(Decimal::ONE)?;
    Some(Numeral { value: least, most: Some(most), end, form: Form::Words })
}

impl Sum {
    /// Adds everything, the waiting digit as it is.
    fn unshortened(&self) -> Option<Decimal> {
        let sum = self.high.checked_add(self.middle)?.checked_add(self.low)?;
        sum.checked_add(self.digit.unwrap_or_default())
    }
}

/// Reads two neighbouring digits as from the one to the other: 两三, 七八百.
fn between(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let (least, most) = (digit(tokens, i)?, digit(tokens, i + 1)?);
    // 三五天 is said of three to five; other distant digits are read one by one.
    let is_range = most == least + 1 || (least, most) == (3, 5);
    if least == 0 || !is_range || digit(tokens, i + 2).is_some() {
        return None;
    }
    if digit(tokens, i.wrapping_sub(1)).is_some() || scale(tokens, i.wrapping_sub(1)).is_some() {
        return None;
    }
    let (mut end, mut factor) = (i + 2, Decimal::ONE);
    while let Some(size) = scale(tokens, end).filter(|_| end < i + 4) {
        factor = factor.checked_mul(power(size))?;
        end += 1;
    }
    let counts = |sense: &Sense| {
        matches!(sense, Sense::Measure | Sense::Unit(_) | Sense::Clock | Sense::Coin(..))
    };
    let counted = tokens.senses(end).iter().any(counts) || tokens.is(end, Sense::Kuai);
    if end == i + 2 && !counted {
        return None;
    }
    let value = Decimal::from(least).checked_mul(factor)?;
    let most = Decimal::from(most).checked_mul(factor)?;
    Some(Numeral { value, most: Some(most), end, form: Form::Words })
}
