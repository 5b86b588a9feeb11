//! Dates in digits alone: 2026-11-22, 2026/11/22, 2026.11.22, 11/22, 22/11/2026, 2026/11.

use super::super::calendar::{self, YEARS};
use super::super::config::DateOrder;
use super::super::reader::Reader;
use super::Found;

impl Reader<'_> {
    /// Reads a date in digits that begins at a token.
    pub(super) fn numeric_date(&self, i: usize) -> Option<Found> {
        let first = self.tokens.digits(i).filter(|_| !self.continues_before(i))?;
        let separator =
            ['-', '/', '.'].into_iter().find(|c| self.tokens.is_joined_mark(i + 1, *c))?;
        let second = self.tokens.joined_digits(i + 2)?;
        let third = self
            .tokens
            .joined_digits(i + 4)
            .filter(|_| self.tokens.is_joined_mark(i + 3, separator));
        let found = match third {
            Some(third) => {
                (calendar::day(self.of_three([first, second, third], separator)?), i + 5)
            }
            None if separator == '/' => self.of_two(i, first, second)?,
            None => return None,
        };
        // An hour in the form of ISO 8601 may follow directly.
        let goes_on = self.continues_after(found.1) && self.word(found.1) != "t"
            || (self.tokens.is_joined_mark(found.1, separator)
                && self.tokens.joined_digits(found.1 + 1).is_some());
        (!goes_on).then(|| self.with_weekday(found))
    }

    fn of_three(
        &self,
        [first, second, third]: [&str; 3],
        separator: char,
    ) -> Option<jiff::civil::Date> {
        let short = |text: &str| text.len() <= 2;
        if first.len() == 4 && short(second) && short(third) {
            return calendar::date(year(first)?, number(second)?, number(third)?);
        }
        if third.len() == 4 && short(first) && short(second) {
            let (month, day) = self.month_and_day(number(first)?, number(second)?)?;
            return calendar::date(year(third)?, month, day);
        }
        // Two digits for the year only where the slashes show a date.
        if third.len() == 2 && separator == '/' && short(first) && short(second) {
            let (month, day) = self.month_and_day(number(first)?, number(second)?)?;
            return calendar::date(2000 + i32::try_from(number(third)?).ok()?, month, day);
        }
        None
    }

    fn of_two(&self, i: usize, first: &str, second: &str) -> Option<Found> {
        if first.len() == 4 && second.len() <= 2 {
            let month = calendar::date(year(first)?, number(second)?, 1)?;
            return Some((calendar::month(month)?, i + 3));
        }
        if first.len() > 2 || second.len() > 2 {
            return None;
        }
        let (month, day) = self.month_and_day(number(first)?, number(second)?)?;
        Some((calendar::day(calendar::nearest(self.today(), month, day)?), i + 3))
    }

    /// Tells month and day apart: by the configured order, or by the one that cannot be a month.
    fn month_and_day(&self, first: u32, second: u32) -> Option<(u32, u32)> {
        let is_month = |number| (1..=12).contains(&number);
        match (is_month(first), is_month(second)) {
            (true, true) if self.date_order == DateOrder::DayFirst => Some((second, first)),
            (true, _) => Some((first, second)),
            (false, true) => Some((second, first)),
            (false, false) => None,
        }
    }
}

fn year(text: &str) -> Option<i32> {
    let year = number(text).filter(|year| YEARS.contains(year))?;
    i32::try_from(year).ok()
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}
