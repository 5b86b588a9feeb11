//! Dates seen from today: 大后天, 下下周一, 这周末, 下个月5号, 去年, 三天后, "end of the month", "two weeks ago".

use super::super::calendar;
use super::super::reader::Reader;
use super::super::value::{DateValue, Grain, Span};
use super::super::words::{Sense, Unit};
use super::Found;

impl Reader<'_> {
    /// Reads a date seen from today that begins at a token.
    pub(super) fn relative_date(&self, i: usize) -> Option<Found> {
        let readings = [
            self.day_offset(i),
            self.shifted_weekday(i),
            self.bare_weekday(i),
            self.weekend(i),
            self.shifted_stretch(i),
            self.shifted_month_name(i),
            self.relative_year(i),
            self.edge(i),
            self.after_length(i),
            self.around_today(i),
        ];
        readings.into_iter().flatten().rev().max_by_key(|(_, end)| *end)
    }

    fn day_offset(&self, i: usize) -> Option<Found> {
        let offset = |s| if let Sense::DayOffset(offset) = s { Some(offset) } else { None };
        let offset = self.tokens.find(i, offset)?;
        Some((calendar::day(calendar::days_from(self.today(), offset.into())?), i + 1))
    }

    /// Reads 下周三, "next Wednesday", "last Friday", "Wednesday next week".
    fn shifted_weekday(&self, i: usize) -> Option<Found> {
        let today = self.today();
        if let Some(weekday) = self.weekday(i) {
            let (shift, at) = self.shift(self.skip(self.skip(i + 1, Sense::Joint), Sense::Of))?;
            let is_week = self.tokens.is(at, Sense::Stretch(Unit::Week));
            let date = calendar::weekday(today, shift, weekday).filter(|_| is_week)?;
            return Some((calendar::day(date), at + 1));
        }
        let (shift, at) = self.shift(i)?;
        let weekday = self.weekday(at)?;
        let date = if self.tokens.is(at - 1, Sense::Last) {
            calendar::past_weekday(today, weekday)
        } else {
            calendar::weekday(today, shift, weekday)
        };
        Some((calendar::day(date?), at + 1))
    }

    /// Reads a day of the week by itself; a short form only after "on" and the like.
    fn bare_weekday(&self, i: usize) -> Option<Found> {
        let weekday = self.weekday(i)?;
        let is_strong = self.tokens.senses(i).contains(&Sense::Weekday(weekday));
        let told =
            i > 0 && matches!(self.word(i - 1), "on" | "by" | "until" | "from" | "to" | "till");
        if !is_strong && !told && self.time(i + 1).is_none() {
            return None;
        }
        let is_past = i > 0 && self.word(i - 1) == "since";
        let date = if is_past {
            calendar::past_weekday(self.today(), weekday)
        } else {
            calendar::coming_weekday(self.today(), weekday)
        };
        Some((calendar::day(date?), i + 1))
    }

    fn weekend(&self, i: usize) -> Option<Found> {
        if self.tokens.is(i, Sense::Weekend) {
            return Some((calendar::weekend(self.today(), 0)?, i + 1));
        }
        let (shift, at) = self.shift(i)?;
        let is_weekend = self.tokens.is(at, Sense::Weekend);
        Some((calendar::weekend(self.today(), shift).filter(|_| is_weekend)?, at + 1))
    }

    /// Reads 下个月, "last week", and the day that may follow a month: 下个月5号.
    fn shifted_stretch(&self, i: usize) -> Option<Found> {
        let (shift, at) = self.shift(i)?;
        let edge = [Unit::Month, Unit::Year].into_iter().find_map(|unit| {
            let edge = self.edge_of(at, unit)?;
            calendar::edge(&self.shifted(unit, shift)?, edge)
        });
        if let Some(date) = edge {
            return Some((date, at + 1));
        }
        let unit = self.stretch_unit(at)?;
        let stretch = self.shifted(unit, shift)?;
        let following = self.skip(at + 1, Sense::Joint);
        if unit == Unit::Month
            && let Some((day, end)) =
                self.day_of_month(following).or_else(|| self.ordinal_day(following))
        {
            let first = stretch.from;
            let date =
                calendar::date(first.year().into(), first.month().unsigned_abs().into(), day)?;
            return Some((calendar::day(date), end));
        }
        Some((stretch, at + 1))
    }

    /// Reads "the 5th" after a month.
    fn ordinal_day(&self, i: usize) -> Option<(u32, usize)> {
        let i = self.skip(i, Sense::The);
        let (day, end) = self.ordinal(i).filter(|_| self.tokens.digits(i).is_some())?;
        Some((u32::try_from(day).ok()?, end))
    }

    fn stretch_unit(&self, i: usize) -> Option<Unit> {
        self.tokens
            .find(i, |sense| if let Sense::Stretch(unit) = sense { Some(unit) } else { None })
    }

    /// Reads "next May": the first one to come, "last May": the latest before this month.
    fn shifted_month_name(&self, i: usize) -> Option<Found> {
        let (shift, at) = self.shift(i)?;
        let (month, _) = self.month_name(at)?;
        let today = self.today();
        let this_month = u32::from(today.month().unsigned_abs());
        let years = match shift {
            1 if month <= this_month => 1,
            -1 if month >= this_month => -1,
            -1..=1 => 0,
            _ => return None,
        };
        let first = calendar::date(i32::from(today.year()) + years, month, 1)?;
        Some((calendar::month(first)?, at + 1))
    }

    /// Reads 去年, and the month and day that may follow.
    fn relative_year(&self, i: usize) -> Option<Found> {
        let (year, at) = match self.year_offset(i) {
            Some(offset) => (i32::from(self.today().year()) + i32::from(offset), i + 1),
            None => {
                let (shift, at) = self.shift(i)?;
                let is_year = self.tokens.is(at, Sense::Stretch(Unit::Year));
                let year = i32::from(self.today().year()) + i32::from(shift);
                is_year.then_some((year, at + 1))?
            }
        };
        let joint = self.skip(at, Sense::Joint);
        self.in_year(joint, year).or_else(|| Some((calendar::year(year)?, at)))
    }

    /// Reads 月底, "the end of next month", "the beginning of May".
    fn edge(&self, i: usize) -> Option<Found> {
        let bare = [Unit::Month, Unit::Year].into_iter().find_map(|unit| {
            let edge = self.edge_of(i, unit)?;
            calendar::edge(&self.shifted(unit, 0)?, edge)
        });
        if let Some(date) = bare {
            return Some((date, i + 1));
        }
        let edge = |sense| if let Sense::EdgeOf(edge) = sense { Some(edge) } else { None };
        let edge = self.tokens.find(i, edge)?;
        let (stretch, end) = self.stretch_after(i + 1)?;
        Some((calendar::edge(&stretch, edge)?, end))
    }

    fn stretch_after(&self, i: usize) -> Option<Found> {
        if let Some(found) = self.shifted_stretch(i) {
            return (found.0.grain != Grain::Day).then_some(found);
        }
        let at = self.skip(i, Sense::The);
        if let Some(unit) = self.stretch_unit(at) {
            return Some((self.shifted(unit, 0)?, at + 1));
        }
        let (month, _) = self.month_name(at)?;
        Some((calendar::nearest_month(self.today(), month)?, at + 1))
    }

    /// Reads 三天后, "in three days", "two weeks ago", where days are what is counted.
    fn after_length(&self, i: usize) -> Option<Found> {
        let (span, is_past, end) = self.distance(i)?;
        let span = span.is_of_days().then(|| span.to_jiff()).flatten()?;
        let today = self.today();
        let date = if is_past { today.checked_sub(span) } else { today.checked_add(span) };
        let date: DateValue = calendar::day(date.ok()?);
        Some((date, end))
    }

    /// Reads 最近三天, "the last two weeks", "the next 10 days": a stretch that ends or begins today.
    fn around_today(&self, i: usize) -> Option<Found> {
        let side = |sense| if let Sense::Around(side) = sense { Some(side) } else { None };
        let side = self.tokens.find(i, side)?;
        let (span, end) = self.duration(i + 1)?;
        let span = span.is_of_days().then(|| span.to_jiff()).flatten()?;
        let today = self.today();
        let (from, to) = match side {
            ..0 => (today.checked_sub(span).ok()?, today),
            _ => (today, today.checked_add(span).ok()?),
        };
        let value = DateValue { iso: format!("{from}/{to}"), from, to, grain: Grain::Range };
        Some((value, end))
    }

    /// Reads a length of time with the word that makes it a distance from now; true if it lies back.
    pub(in super::super) fn distance(&self, i: usize) -> Option<(Span, bool, usize)> {
        if self.tokens.is(i, Sense::In)
            && let Some((span, end)) = self.duration(i + 1)
        {
            let after = end + usize::from(self.tokens.is(end, Sense::Later));
            // 过 alone is also a part of a time: 八点过五分.
            let is_clear = self.word(i) != "过" || after > end;
            return is_clear.then_some((span, false, after));
        }
        let (span, end) = self.duration(i)?;
        if self.tokens.is(end, Sense::Ago) {
            return Some((span, true, end + 1));
        }
        self.tokens.is(end, Sense::Later).then_some((span, false, end + 1))
    }
}
