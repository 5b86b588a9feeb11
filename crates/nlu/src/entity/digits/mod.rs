//! Numbers that name something: telephones, identity cards, bank cards, orders.
//!
//! They are found by their length, grouping and check digits, not by words; only an order may be told by a word.

mod card;
mod order;
mod phone;

use std::ops::Range;

pub(super) use order::Orders;
pub(super) use phone::spoken;

use super::fold::is_wordy;
use super::found::Found;
use super::kind::Kind;
use super::value::Value;

/// The fewest digits of a text in which such a number is looked for.
const DIGITS_MIN: usize = 5;
/// The most groups that make one number.
const GROUPS_MAX: usize = 7;

/// Digits with nothing between them.
#[derive(Debug, Clone)]
struct Group {
    range: Range<usize>,
    /// What stands between it and the next group, if that is one mark.
    joint: Option<char>,
}

/// Groups that may be one number.
struct Candidate<'a> {
    text: &'a str,
    digits: String,
    /// The lengths of the groups.
    lengths: Vec<usize>,
    /// Between which marks they stand, without repetition.
    joints: String,
    range: Range<usize>,
}

/// Finds telephones and cards in a folded text.
pub(super) fn find(text: &str, today: jiff::civil::Date, found: &mut Vec<Found>) {
    if !has_digits(text) {
        return;
    }
    let groups = groups(text);
    for first in 0..groups.len() {
        for last in first..groups.len().min(first + GROUPS_MAX) {
            let candidate = Candidate::new(text, &groups[first..=last]);
            if candidate.digits.len() > 19 {
                break;
            }
            candidate.find(today, found);
            if groups[last].joint.is_none() {
                break;
            }
        }
    }
}

/// Tells whether a text has enough digits for a number that names something.
fn has_digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).nth(DIGITS_MIN - 1).is_some()
}

fn groups(text: &str) -> Vec<Group> {
    let bytes = text.as_bytes();
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            at += 1;
            continue;
        }
        let end = at + length;
        let next_is_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        let joint = bytes.get(end).map(|byte| char::from(*byte));
        let joint = joint.filter(|joint| matches!(joint, ' ' | '-' | '.') && next_is_digit);
        let close = text[end..].starts_with(") ") || text[end..].starts_with(")-");
        let closed = close && bytes.get(end + 2).is_some_and(u8::is_ascii_digit);
        let tight = text[end..].starts_with(')') && next_is_digit;
        let joint = if closed || tight { Some(')') } else { joint };
        // +1 (415) 555-2671
        let opens =
            text[end..].starts_with(" (") && bytes.get(end + 2).is_some_and(u8::is_ascii_digit);
        let joint = if opens { Some('(') } else { joint };
        groups.push(Group { range: at..end, joint });
        at = end;
    }
    groups
}

impl<'a> Candidate<'a> {
    fn new(text: &'a str, groups: &[Group]) -> Self {
        let mut joints = String::new();
        for joint in groups[..groups.len() - 1].iter().filter_map(|group| group.joint) {
            if !joints.contains(joint) {
                joints.push(joint);
            }
        }
        Self {
            text,
            digits: groups.iter().map(|group| &text[group.range.clone()]).collect(),
            lengths: groups.iter().map(|group| group.range.len()).collect(),
            joints,
            range: groups[0].range.start..groups[groups.len() - 1].range.end,
        }
    }

    fn find(&self, today: jiff::civil::Date, found: &mut Vec<Found>) {
        let mut push = |kind: Kind, value: Option<(Value, Range<usize>)>| {
            found.extend(value.map(|(value, range)| Found { kind, range, value, is_told: false }));
        };
        push(Kind::Phone, self.phone());
        push(Kind::IdCard, self.id_card(today));
        push(Kind::BankCard, self.bank_card());
    }

    /// Returns the text before the number.
    fn before(&self) -> &'a str {
        &self.text[..self.range.start]
    }

    /// Tells whether the range, or a wider one, is not a part of something longer.
    fn stands_alone(&self, range: &Range<usize>) -> bool {
        let mut before = self.text[..range.start].chars().rev();
        let mut after = self.text[range.end..].chars();
        let inside = |c: Option<char>, next: Option<char>| match c {
            Some(c) if is_wordy(c) => true,
            Some('.' | '-' | '/') => next.is_some_and(|next| next.is_ascii_digit()),
            Some('+') => true,
            _ => false,
        };
        !inside(before.next(), before.next()) && !inside(after.next(), after.next())
    }
}
