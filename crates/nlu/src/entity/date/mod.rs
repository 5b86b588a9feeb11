//! Dates: of the calendar (`absolute`) and seen from today (`relative`).
//!
//! "Next Wednesday" and 下周三 alike are the Wednesday of the next week, which begins on Monday; "this Wednesday" and
//! 这周三 that of this week. "Last Friday" is the latest Friday before today, 上周五 that of the last week.

mod absolute;
mod numeric;
mod relative;

use super::reader::Reader;
use super::value::DateValue;
use super::words::Sense;

/// A date and the token after it.
pub(super) type Found = (DateValue, usize);

impl Reader<'_> {
    /// Reads the longest date that begins at a token.
    pub(super) fn date(&self, i: usize) -> Option<Found> {
        let readings =
            [self.numeric_date(i), self.absolute_date(i), self.relative_date(i), self.named_day(i)];
        readings.into_iter().flatten().rev().max_by_key(|(_, end)| *end)
    }

    /// Reads a day of the week with a date before or after it: 11月25日（周三）, "Wednesday, November 25".
    fn named_day(&self, i: usize) -> Option<Found> {
        let weekday = self.weekday(i)?;
        let at = (i + 1) + usize::from(self.is_any_mark(i + 1, ",，"));
        let (date, end) = self.numeric_date(at).or_else(|| self.absolute_date(at))?;
        let agrees = date.from.weekday().to_monday_one_offset().unsigned_abs() == weekday;
        agrees.then_some((date, end))
    }

    /// Takes in a day of the week that follows a date and agrees with it.
    fn with_weekday(&self, (date, end): Found) -> Found {
        let open = self.is_any_mark(end, "(（");
        let at = end + usize::from(open || self.is_any_mark(end, ",，"));
        let agrees = self.weekday(at).is_some_and(|weekday| {
            date.from == date.to
                && date.from.weekday().to_monday_one_offset().unsigned_abs() == weekday
        });
        match (agrees, open) {
            (true, true) if self.is_any_mark(at + 1, ")）") => (date, at + 2),
            (true, false) => (date, at + 1),
            _ => (date, end),
        }
    }

    /// Returns the day of the week at a token, from 1 for Monday.
    fn weekday(&self, i: usize) -> Option<u8> {
        self.tokens.find(i, |sense| match sense {
            Sense::Weekday(day) | Sense::WeakWeekday(day) => Some(day),
            _ => None,
        })
    }

    /// Returns how many stretches onwards a token points, and the token after it.
    fn shift(&self, i: usize) -> Option<(i8, usize)> {
        let i = self.skip(i, Sense::The);
        let shift = |sense| if let Sense::Shift(shift) = sense { Some(shift) } else { None };
        self.tokens.find(i, shift).map(|shift| (shift, i + 1))
    }

    fn year_offset(&self, i: usize) -> Option<i8> {
        self.tokens.find(i, |s| if let Sense::YearOffset(offset) = s { Some(offset) } else { None })
    }

    /// Returns the month that a token names, and whether it is also another word.
    fn month_name(&self, i: usize) -> Option<(u32, bool)> {
        self.tokens.find(i, |sense| match sense {
            Sense::Month(month) => Some((u32::from(month), false)),
            Sense::WeakMonth(month) => Some((u32::from(month), true)),
            _ => None,
        })
    }
}
