//! Chinese identity cards (GB 11643: province, birthday, check digit) and bank cards (Luhn's check digit).

use std::ops::Range;

use jiff::civil::Date;

use super::super::fold::is_wordy;
use super::super::value::{IdProblem, Network, Value};
use super::Candidate;

/// The weights of the first seventeen digits of an identity card.
const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check digits by the remainder of the weighted sum.
const ID_CHECKS: &[u8; 11] = b"10X98765432";
/// The codes of provinces, and of Hong Kong, Macao and Taiwan.
const PROVINCES: &[u32] = &[
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];
/// How the digits of an identity card are grouped.
const ID_GROUPS: &[&[usize]] = &[
    &[18],
    &[17],
    &[6, 8, 4],
    &[6, 8, 3],
    &[6, 4, 4, 4],
    &[6, 4, 4, 3],
    &[3, 3, 4, 4, 4],
    &[3, 3, 4, 4, 3],
];

impl Candidate<'_> {
    /// Reads the candidate as the number of an identity card.
    ///
    /// Eighteen digits of which neither the birthday nor the check digit is right are something else.
    pub(super) fn id_card(&self, today: Date) -> Option<(Value, Range<usize>)> {
        let (number, range) = self.with_check_letter()?;
        if !self.stands_alone(&range) || self.joints.contains(['.', '(', ')']) {
            return None;
        }
        let check_is_right = id_check(&number)? == number.as_bytes()[17];
        let birth = birthday(&number, today);
        let province_is_right =
            number[..2].parse().is_ok_and(|code: u32| PROVINCES.contains(&code));
        let problem = match (check_is_right, birth, province_is_right) {
            (true, Some(_), true) => None,
            (false, Some(_), true) => Some(IdProblem::CheckDigit),
            (true, None, true) => Some(IdProblem::Birthday),
            (true, Some(_), false) => Some(IdProblem::Region),
            _ => return None,
        };
        Some((Value::IdCard { number, valid: problem.is_none(), problem, birth }, range))
    }

    /// Returns the eighteen characters of the number, the last of which may be an X.
    fn with_check_letter(&self) -> Option<(String, Range<usize>)> {
        if !ID_GROUPS.contains(&self.lengths.as_slice()) {
            return None;
        }
        if self.digits.len() == 18 {
            return Some((self.digits.clone(), self.range.clone()));
        }
        let after = self.text[self.range.end..].strip_prefix('x')?;
        let ends = !after.starts_with(is_wordy);
        ends.then(|| (format!("{}X", self.digits), self.range.start..self.range.end + 1))
    }

    /// Reads the candidate as the number of a bank card.
    pub(super) fn bank_card(&self) -> Option<(Value, Range<usize>)> {
        let grouped = matches!(
            self.lengths.as_slice(),
            [_] | [4, 6, 5] | [6, 13] | [4, 4, 4, 1..=4] | [4, 4, 4, 4, 1..=3]
        );
        let is_card = grouped
            && (13..=19).contains(&self.digits.len())
            && matches!(self.digits.as_bytes()[0], b'2'..=b'6')
            && !self.joints.contains(['.', '(', ')'])
            && self.stands_alone(&self.range)
            && luhn(&self.digits);
        let value =
            || Value::BankCard { number: self.digits.clone(), network: network(&self.digits) };
        is_card.then(|| (value(), self.range.clone()))
    }
}

/// Returns the check digit that follows from the first seventeen.
fn id_check(number: &str) -> Option<u8> {
    let digits = number.bytes().take(17).map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let sum: u32 = digits.zip(ID_WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    ID_CHECKS.get(sum as usize % 11).copied()
}

/// Returns the birthday in an identity card.
fn birthday(number: &str, today: Date) -> Option<Date> {
    let part = |range: Range<usize>| number.get(range)?.parse::<i16>().ok();
    let (month, day) = (part(10..12)?, part(12..14)?);
    let date = Date::new(part(6..10)?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    (date.year() >= 1880 && date <= today).then_some(date)
}

/// Tells whether the last digit is the check digit that Luhn's method gives.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .map(|byte| u32::from(byte - b'0'))
        .enumerate()
        .map(|(i, digit)| match (i % 2, digit * 2) {
            (0, _) => digit,
            (_, double @ 10..) => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Tells who issues a card from its first digits.
fn network(digits: &str) -> Network {
    let first = |length: usize| digits[..length].parse::<u32>().unwrap_or_default();
    match (first(2), first(4)) {
        (62, _) => Network::UnionPay,
        (40..=49, _) => Network::Visa,
        (51..=55, _) | (_, 2221..=2720) => Network::Mastercard,
        (34 | 37, _) => Network::Amex,
        (_, 3528..=3589) => Network::Jcb,
        _ => Network::Other,
    }
}
