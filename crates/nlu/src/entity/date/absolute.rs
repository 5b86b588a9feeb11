//! Dates of the calendar in words: 2026年11月22日, 十一月底, 5号, "Nov 22nd, 2026", "the 5th of November".

use super::super::calendar::{self, YEARS};
use super::super::number::Form;
use super::super::reader::Reader;
use super::super::value::DateValue;
use super::super::words::{Edge, Sense, Unit};
use super::Found;

/// What stands between two days of a month.
const RANGE_JOINTS: &[&str] = &["到", "至", "-", "~", "to", "through", "thru", "until", "till"];
/// The most tokens of a date that is looked for before another.
const DATE_TOKENS_MAX: usize = 9;

impl Reader<'_> {
    /// Reads a date in words that begins at a token.
    pub(super) fn absolute_date(&self, i: usize) -> Option<Found> {
        if self.tokens.digits(i).is_some() && self.continues_before(i) {
            return None;
        }
        let readings = [
            self.chinese_year(i),
            self.chinese_month(i, None),
            self.chinese_day(i),
            self.month_first(i),
            self.day_first(i),
            self.holiday(i, None),
            self.bare_year(i),
            self.quarter(i, self.today().year().into()),
        ];
        let found = readings.into_iter().flatten().rev().max_by_key(|(_, end)| *end)?;
        Some(self.with_weekday(found))
    }

    /// Reads 2026年, and the month and day that follow.
    fn chinese_year(&self, i: usize) -> Option<Found> {
        let numeral = self.numerals.whole(i)?;
        if !self.tokens.is(numeral.end, Sense::YearMark) {
            return None;
        }
        let year = numeral.integer()?;
        let (year, is_short) = match numeral.form {
            Form::Digits(2) | Form::Positional(2) => (year + 2000, true),
            _ => (year, false),
        };
        let year = i32::try_from(year).ok().filter(|_| YEARS.contains(&year))?;
        self.in_year(numeral.end + 1, year)
            .or_else(|| Some((calendar::year(year)?, numeral.end + 1)).filter(|_| !is_short))
    }

    /// Reads what follows a year: a month and day, its start or end, a holiday.
    pub(super) fn in_year(&self, i: usize, year: i32) -> Option<Found> {
        let edge = self.edge_of(i, Unit::Year);
        let edge =
            edge.and_then(|edge| Some((calendar::edge(&calendar::year(year)?, edge)?, i + 1)));
        edge.or_else(|| self.chinese_month(i, Some(year)))
            .or_else(|| self.holiday(i, Some(year)))
            .or_else(|| self.quarter(i, year))
    }

    /// Reads 第三季度 and 三季度.
    fn quarter(&self, i: usize, year: i32) -> Option<Found> {
        let (quarter, at) = self.numerals.within(self.skip(i, Sense::OrdinalMark), 1, 4)?;
        let is_quarter = self.word(at) == "季度";
        Some((calendar::quarter(year, quarter).filter(|_| is_quarter)?, at + 1))
    }

    /// Reads 11月, and the day or the end that follows.
    fn chinese_month(&self, i: usize, year: Option<i32>) -> Option<Found> {
        let (month, at) = self.numerals.within(i, 1, 12)?;
        let today = self.today();
        let whole = || match year {
            Some(year) => calendar::month(calendar::date(year, month, 1)?),
            None => calendar::nearest_month(today, month),
        };
        if let Some(edge) = self.edge_of(at, Unit::Month) {
            return Some((calendar::edge(&whole()?, edge)?, at + 1));
        }
        if !self.tokens.is(at, Sense::MonthMark) {
            return None;
        }
        let Some((day, end)) = self.day_of_month(at + 1) else { return Some((whole()?, at + 1)) };
        let date = match year {
            Some(year) => calendar::date(year, month, day),
            None => calendar::nearest(today, month, day),
        };
        Some((calendar::day(date?), end))
    }

    /// Reads 5号, 二十二日; after a month also digits alone: 11月22.
    pub(super) fn day_of_month(&self, i: usize) -> Option<(u32, usize)> {
        let (day, end) = self.numerals.within(i, 1, 31)?;
        if self.tokens.is(end, Sense::DayMark) {
            return Some((day, end + 1));
        }
        let bare = self.tokens.joined_digits(i).is_some()
            && !self.continues_after(end)
            && self.tokens.senses(end).is_empty();
        bare.then_some((day, end))
    }

    /// Reads a day without its month: 5号, "on the 22nd".
    fn chinese_day(&self, i: usize) -> Option<Found> {
        if let Some((day, end)) = self.numerals.within(i, 1, 31)
            && self.tokens.is(end, Sense::DayMark)
        {
            let is_day = self.word(end) == "号" || self.stands_before_nothing(end + 1);
            let date = self.same_month(i, day).or_else(|| calendar::nearest_day(self.today(), day));
            return Some((calendar::day(date.filter(|_| is_day)?), end + 1));
        }
        if let Some((day, end)) = self.ordinal(self.skip(i, Sense::The))
            && let Some(date) = self.same_month(i, u32::try_from(day).ok()?)
        {
            return Some((calendar::day(date), end));
        }
        let the = i > 0 && self.word(i - 1) == "on" && self.tokens.is(i, Sense::The);
        let (day, end) =
            self.ordinal(i + 1).filter(|_| the && self.tokens.digits(i + 1).is_some())?;
        let date = calendar::nearest_day(self.today(), u32::try_from(day).ok()?)?;
        Some((calendar::day(date), end))
    }

    /// Puts a day into the month of the date that stands before it: 11月1日到5日, "May 2nd through the 5th".
    fn same_month(&self, i: usize, day: u32) -> Option<jiff::civil::Date> {
        let joint = i.checked_sub(1).filter(|at| RANGE_JOINTS.contains(&self.word(*at)))?;
        let dates = (joint.saturating_sub(DATE_TOKENS_MAX)..joint).filter_map(|at| {
            // Not every date: those that look back themselves would look back without end.
            self.chinese_year(at)
                .or_else(|| self.chinese_month(at, None))
                .or_else(|| self.month_first(at))
                .or_else(|| self.day_first(at))
        });
        let (before, _) =
            dates.into_iter().find(|(date, end)| *end == joint && date.from == date.to)?;
        let same = calendar::date(
            before.from.year().into(),
            before.from.month().unsigned_abs().into(),
            day,
        )?;
        (same > before.from).then_some(same)
    }

    /// Tells whether no Chinese character follows that could make 三日 a part of a word.
    fn stands_before_nothing(&self, end: usize) -> bool {
        !self.tokens.char_after(end).is_some_and(char::is_alphanumeric)
            || !self.tokens.senses(end).is_empty()
    }

    /// Reads "Nov 22nd, 2026", "November 2026", "November".
    fn month_first(&self, i: usize) -> Option<Found> {
        let (month, is_weak) = self.month_name(i)?;
        let at = i + 1 + usize::from(self.tokens.is_joined_mark(i + 1, '.'));
        if let Some((day, end)) = self.english_day(at) {
            let comma = end + usize::from(self.is_any_mark(end, ","));
            if let Some((year, end)) = self.english_year(comma) {
                return Some((calendar::day(calendar::date(year, month, day)?), end));
            }
            return Some((calendar::day(calendar::nearest(self.today(), month, day)?), end));
        }
        let of = self.skip(at, Sense::Of);
        if let Some((year, end)) = self.english_year(of) {
            return Some((calendar::month(calendar::date(year, month, 1)?)?, end));
        }
        let told = i > 0 && matches!(self.word(i - 1), "in" | "since" | "until" | "by" | "of");
        if is_weak && !told {
            return None;
        }
        Some((calendar::nearest_month(self.today(), month)?, i + 1))
    }

    /// Reads "22 November 2026", "the 5th of November", "twenty-second of May".
    fn day_first(&self, i: usize) -> Option<Found> {
        let i = self.skip(i, Sense::The);
        let (day, end) = self.english_day(i)?;
        let at = self.skip(end, Sense::Of);
        if let Some((month, end)) = self.shifted_month(at) {
            let date =
                calendar::date(month.year().into(), month.month().unsigned_abs().into(), day)?;
            return Some((calendar::day(date), end));
        }
        let (month, _) = self.month_name(at)?;
        let end = at + 1 + usize::from(self.tokens.is_joined_mark(at + 1, '.'));
        let comma = end + usize::from(self.is_any_mark(end, ","));
        if let Some((year, end)) = self.english_year(comma) {
            return Some((calendar::day(calendar::date(year, month, day)?), end));
        }
        Some((calendar::day(calendar::nearest(self.today(), month, day)?), at + 1))
    }

    /// Reads "next month" and "this month", of which it returns the first day.
    fn shifted_month(&self, i: usize) -> Option<(jiff::civil::Date, usize)> {
        let (shift, at) = self.shift(i)?;
        let is_month = self.tokens.is(at, Sense::Stretch(Unit::Month));
        Some((self.shifted(Unit::Month, shift).filter(|_| is_month)?.from, at + 1))
    }

    /// Reads the day of a month in digits or as an ordinal.
    fn english_day(&self, i: usize) -> Option<(u32, usize)> {
        let ordinal = self.ordinal(self.skip(i, Sense::The));
        let (day, end) = match ordinal {
            Some((day, end)) => (u32::try_from(day).ok()?, end),
            None => {
                let digits = self.tokens.digits(i).filter(|digits| digits.len() <= 2)?;
                let time = self.tokens.is_joined_mark(i + 1, ':')
                    || self.tokens.senses(i + 1).iter().any(|s| matches!(s, Sense::PartAfter(_)));
                (digits.parse().ok().filter(|_| !time && !self.continues_after(i + 1))?, i + 1)
            }
        };
        (1..=31).contains(&day).then_some((day, end))
    }

    /// Reads a year in four digits or in words.
    fn english_year(&self, i: usize) -> Option<(i32, usize)> {
        let numeral = self.numerals.whole(i)?;
        let year = numeral.integer().filter(|year| YEARS.contains(year))?;
        let is_year = matches!(numeral.form, Form::Digits(4) | Form::Words)
            && !self.tokens.is_joined_mark(numeral.end, ':')
            && !self.continues_after(numeral.end);
        Some((i32::try_from(year).ok().filter(|_| is_year)?, numeral.end))
    }

    /// Reads a year by itself after a word that a year follows: "in 2018".
    fn bare_year(&self, i: usize) -> Option<Found> {
        let told = i > 0 && matches!(self.word(i - 1), "in" | "since" | "during" | "year");
        let (year, end) =
            self.english_year(i).filter(|_| told && self.tokens.digits(i).is_some())?;
        let ends = !self.tokens.char_after(end).is_some_and(char::is_alphanumeric)
            && !self.word(end).starts_with(char::is_alphabetic);
        Some((calendar::year(year).filter(|_| ends)?, end))
    }

    pub(super) fn holiday(&self, i: usize, year: Option<i32>) -> Option<Found> {
        let feast = |s| if let Sense::Holiday(feast) = s { Some(feast) } else { None };
        let feast = self.tokens.find(i, feast)?;
        let (year, end) = match year {
            Some(year) => (Some(year), i + 1),
            None => self.english_year(i + 1).map_or((None, i + 1), |(year, end)| (Some(year), end)),
        };
        let date = match year {
            Some(year) => feast.in_year(year),
            None => calendar::nearest_feast(self.today(), feast),
        };
        Some((calendar::day(date?), end))
    }

    /// Returns the start, middle or end of a stretch that a token names: 月底.
    pub(super) fn edge_of(&self, i: usize, unit: Unit) -> Option<Edge> {
        self.tokens.find(i, |sense| match sense {
            Sense::Edge(of, edge) if of == unit => Some(edge),
            _ => None,
        })
    }

    /// Returns the value of a stretch moved by a shift.
    pub(super) fn shifted(&self, unit: Unit, shift: i8) -> Option<DateValue> {
        calendar::stretch(self.today(), unit, shift)
    }
}
