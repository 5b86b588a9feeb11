//! Numbers in digits: grouped by commas, with a fraction, with an English word of size after them.

use rust_decimal::Decimal;

use super::super::token::Tokens;
use super::super::words::Sense;
use super::{Form, Numeral, power};

/// The most digits of a number; a longer run is no quantity.
const DIGITS_MAX: usize = 24;

/// Reads a run of digits as the whole number that it is.
pub(super) fn digits(digits: &str, i: usize) -> Option<Numeral> {
    let fits = digits.len() <= DIGITS_MAX;
    let value = fits.then(|| Decimal::from_str_exact(digits).ok()).flatten()?;
    Some(Numeral { value, most: None, end: i + 1, form: Form::Digits(digits.len()) })
}

/// Reads a number that begins with digits.
pub(super) fn read(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let plain = decimal(tokens, i)?;
    Some(sized(tokens, plain))
}

/// Reads digits with commas and a fraction; nothing where the dots are those of a version or an address.
pub(super) fn decimal(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let first = tokens.digits(i)?;
    let (mut text, mut end) = (first.to_owned(), i + 1);
    while let Some(group) = grouped(tokens, end).filter(|_| first.len() <= 3) {
        text.push_str(group);
        end += 2;
        if text.len() > DIGITS_MAX {
            return None;
        }
    }
    let fraction = after_dot(tokens, end);
    if fraction.is_some() && after_dot(tokens, end + 2).is_some() {
        return None;
    }
    let form =
        if end == i + 1 && fraction.is_none() { Form::Digits(first.len()) } else { Form::Literal };
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
        end += 2;
    }
    if text.len() > DIGITS_MAX {
        return None;
    }
    Some(Numeral { value: Decimal::from_str_exact(&text).ok()?, most: None, end, form })
}

/// Returns the three digits that follow a comma at a token.
fn grouped<'a>(tokens: &Tokens<'a>, i: usize) -> Option<&'a str> {
    let group = tokens.joined_digits(i + 1).filter(|_| tokens.is_joined_mark(i, ','))?;
    (group.len() == 3).then_some(group)
}

/// Returns the digits that follow a dot at a token.
fn after_dot<'a>(tokens: &Tokens<'a>, i: usize) -> Option<&'a str> {
    tokens.joined_digits(i + 1).filter(|_| tokens.is_joined_mark(i, '.'))
}

/// Multiplies by the words of size that follow: "1.5 million", "10k".
fn sized(tokens: &Tokens<'_>, mut numeral: Numeral) -> Numeral {
    for _ in 0..2 {
        let joined = !tokens.is_spaced(numeral.end);
        let factor = tokens.find(numeral.end, |sense| match sense {
            Sense::Hundred => Some(power(2)),
            Sense::Big(exponent) => Some(power(exponent)),
            Sense::Kilo if joined => Some(power(3)),
            Sense::Dozen => Some(Decimal::from(12)),
            _ => None,
        });
        let Some(value) = factor.and_then(|factor| numeral.value.checked_mul(factor)) else {
            break;
        };
        numeral = Numeral { value, most: None, end: numeral.end + 1, form: Form::Literal };
    }
    numeral.value = numeral.value.normalize();
    numeral
}
