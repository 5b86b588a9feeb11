//! Telephone numbers of mainland China, of North America in their usual grouping, and any with `+` before them.

use std::ops::Range;

use super::super::value::{Line, Value};
use super::Candidate;

/// How the digits of a mobile number of China are grouped.
const MOBILE: &[&[usize]] =
    &[&[11], &[3, 4, 4], &[3, 3, 5], &[4, 3, 4], &[4, 4, 3], &[3, 8], &[7, 4]];
/// How the digits of a number that begins with 400 or 800 are grouped.
const SERVICE: &[&[usize]] = &[&[10], &[3, 3, 4], &[3, 4, 3], &[3, 7], &[4, 6], &[4, 3, 3]];
/// The fewest and the most digits of a number with its country.
const INTERNATIONAL: Range<usize> = 8..16;

impl Candidate<'_> {
    /// Reads the candidate as a telephone number.
    pub(super) fn phone(&self) -> Option<(Value, Range<usize>)> {
        let (sign, range) = self.with_sign();
        if !self.stands_alone(&range) {
            return None;
        }
        let (line, number) = if sign { self.abroad()? } else { self.at_home()? };
        let range = if !sign && self.opens_area() { range.start - 1..range.end } else { range };
        Some((Value::Phone { number, line }, range))
    }

    /// Tells whether `+` stands before the number, and returns the range with it.
    fn with_sign(&self) -> (bool, Range<usize>) {
        let bare = self.before().strip_suffix('(').unwrap_or(self.before());
        match bare.strip_suffix('+') {
            Some(before) => (true, before.len()..self.range.end),
            None => (false, self.range.clone()),
        }
    }

    /// Tells whether the first group stands in brackets that are a part of the number.
    fn opens_area(&self) -> bool {
        self.joints.contains(')') && self.before().ends_with('(')
    }

    /// Reads a number after `+`.
    fn abroad(&self) -> Option<(Line, String)> {
        if let Some(home) = self.digits.strip_prefix("86") {
            let line = if is_mobile(home) {
                Line::Mobile
            } else if is_landline(&format!("0{}", without_trunk(home))) {
                Line::Landline
            } else {
                return None;
            };
            return Some((line, format!("+86{}", without_trunk(home))));
        }
        let is_number = INTERNATIONAL.contains(&self.digits.len())
            && !self.digits.starts_with('0')
            && self.lengths.len() <= 6;
        is_number.then(|| (Line::International, format!("+{}", self.digits)))
    }

    /// Reads a number without `+`.
    fn at_home(&self) -> Option<(Line, String)> {
        if let Some(number) = self.with_country() {
            return Some(number);
        }
        let (digits, lengths) = (self.digits.as_str(), self.lengths.as_slice());
        let plain = !self.joints.contains(['.', '(', ')']);
        if plain && MOBILE.contains(&lengths) && is_mobile(digits) {
            return Some((Line::Mobile, digits.to_owned()));
        }
        if plain && SERVICE.contains(&lengths) && is_service(digits) {
            return Some((Line::Service, digits.to_owned()));
        }
        if !self.joints.contains('.') && self.groups_area() && is_landline(digits) {
            return Some((Line::Landline, digits.to_owned()));
        }
        self.is_american().then(|| (Line::International, digits.to_owned()))
    }

    /// Reads a number after 86 or 0086.
    fn with_country(&self) -> Option<(Line, String)> {
        let home = ["0086", "86"].into_iter().find_map(|code| self.digits.strip_prefix(code))?;
        let lengths = self.lengths.as_slice();
        let number = || format!("+86{}", without_trunk(home));
        if matches!(lengths, [13 | 15] | [2 | 4, 11] | [2 | 4, 3, 4, 4]) && is_mobile(home) {
            return Some((Line::Mobile, number()));
        }
        let groups_fit = matches!(lengths, [2 | 4, 2..=4, 7 | 8] | [2 | 4, 2..=4, 3 | 4, 4]);
        let is_landline = groups_fit && is_landline(&format!("0{}", without_trunk(home)));
        is_landline.then(|| (Line::Landline, number()))
    }

    /// Tells whether the groups are an area code and a number.
    fn groups_area(&self) -> bool {
        let area = if is_short_area(&self.digits) { 3 } else { 4 };
        match self.lengths.as_slice() {
            [_] => true,
            [first, 7 | 8] | [first, 4, 4] | [first, 3, 4] | [first, 4, 3] => *first == area,
            _ => false,
        }
    }

    /// Tells whether the number is grouped as in North America.
    fn is_american(&self) -> bool {
        let number = match self.lengths.as_slice() {
            [3, 3, 4] => self.digits.as_str(),
            [1, 3, 3, 4] if self.digits.starts_with('1') => &self.digits[1..],
            _ => return false,
        };
        let begins = |at: usize| number.as_bytes().get(at).is_some_and(|digit| *digit >= b'2');
        let spaced = self.joints == " ";
        !spaced && begins(0)
    }
}

/// Reads digits that were spelled in words as a telephone number.
pub(in super::super) fn spoken(digits: String) -> Option<Value> {
    let line = if is_mobile(&digits) {
        Line::Mobile
    } else if is_service(&digits) {
        Line::Service
    } else if is_landline(&digits) {
        Line::Landline
    } else {
        return None;
    };
    Some(Value::Phone { number: digits, line })
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9')
}

fn is_service(digits: &str) -> bool {
    digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"))
}

/// Removes the 0 before an area code, which is not dialled from abroad.
fn without_trunk(home: &str) -> &str {
    home.strip_prefix('0').unwrap_or(home)
}

/// Tells whether an area code has three digits.
fn is_short_area(digits: &str) -> bool {
    digits.starts_with("010") || digits.starts_with("02")
}

fn is_landline(digits: &str) -> bool {
    let area = if is_short_area(digits) { 3 } else { 4 };
    let bytes = digits.as_bytes();
    // An area code begins with 01 only for Beijing, and a number in it neither with 0 nor with 1.
    let has_area = digits.starts_with("010") || matches!(bytes, [b'0', b'2'..=b'9', ..]);
    let length = digits.len().checked_sub(area);
    let is_number = matches!((area, length), (3, Some(8)) | (4, Some(7 | 8)));
    has_area && is_number && matches!(bytes.get(area), Some(b'2'..=b'9'))
}
