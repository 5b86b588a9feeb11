//! Arithmetic of the calendar: which days a word of the calendar means, seen from some day.
//!
//! Weeks begin on Monday. A day or month without a year is taken in the year that brings it nearest to today; a day of
//! the week by itself is the coming one, today included.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate};

use super::feast::Feast;
use super::value::{DateValue, Grain};
use super::words::{Edge, Unit};

/// The years that are understood as years.
pub(super) const YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;

/// Makes a value of one day.
pub(super) fn day(date: Date) -> DateValue {
    DateValue { iso: date.to_string(), from: date, to: date, grain: Grain::Day }
}

/// Creates a date, if there is such a day.
pub(super) fn date(year: i32, month: u32, day: u32) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// Returns a day some days away.
pub(super) fn days_from(today: Date, days: i32) -> Option<Date> {
    today.checked_add(days.days()).ok()
}

/// Returns the day of a week that lies some weeks away; 1 is Monday.
pub(super) fn weekday(today: Date, weeks: i8, weekday: u8) -> Option<Date> {
    let since_monday = i32::from(today.weekday().to_monday_zero_offset());
    days_from(today, i32::from(weeks) * 7 + i32::from(weekday) - 1 - since_monday)
}

/// Returns the next such day of the week, today included.
pub(super) fn coming_weekday(today: Date, weekday: u8) -> Option<Date> {
    let now = i32::from(today.weekday().to_monday_one_offset());
    days_from(today, (i32::from(weekday) - now).rem_euclid(7))
}

/// Returns the last such day of the week before today.
pub(super) fn past_weekday(today: Date, weekday: u8) -> Option<Date> {
    let now = i32::from(today.weekday().to_monday_one_offset());
    days_from(today, -((now - i32::from(weekday) - 1).rem_euclid(7) + 1))
}

/// Returns the Saturday and Sunday of a week that lies some weeks away.
pub(super) fn weekend(today: Date, weeks: i8) -> Option<DateValue> {
    let (from, to) = (weekday(today, weeks, 6)?, weekday(today, weeks, 7)?);
    Some(DateValue { iso: format!("{from}/{to}"), from, to, grain: Grain::Weekend })
}

/// Returns a stretch of the calendar that lies some stretches away from that in which today lies.
pub(super) fn stretch(today: Date, unit: Unit, shift: i8) -> Option<DateValue> {
    let shift = i32::from(shift);
    match unit {
        Unit::Week => week(days_from(today, shift * 7)?),
        Unit::Month => {
            let month = today.first_of_month().checked_add(shift.months()).ok()?;
            self::month(month)
        }
        Unit::Quarter => {
            let back = i32::from((today.month() - 1) % 3);
            let first = today.first_of_month().checked_add((shift * 3 - back).months()).ok()?;
            let to = first.checked_add(2.months()).ok()?.last_of_month();
            Some(DateValue { iso: format!("{first}/{to}"), from: first, to, grain: Grain::Quarter })
        }
        Unit::Year => year(i32::from(today.year()) + shift),
        _ => None,
    }
}

fn week(inside: Date) -> Option<DateValue> {
    let from = weekday(inside, 0, 1)?;
    let to = weekday(inside, 0, 7)?;
    let week = ISOWeekDate::from(from);
    let iso = format!("{:04}-W{:02}", week.year(), week.week());
    Some(DateValue { iso, from, to, grain: Grain::Week })
}

/// Returns the month in which a day lies.
pub(super) fn month(inside: Date) -> Option<DateValue> {
    let (from, to) = (inside.first_of_month(), inside.last_of_month());
    let iso = format!("{:04}-{:02}", from.year(), from.month());
    Some(DateValue { iso, from, to, grain: Grain::Month })
}

/// Returns a year.
pub(super) fn year(year: i32) -> Option<DateValue> {
    let (from, to) = (date(year, 1, 1)?, date(year, 12, 31)?);
    Some(DateValue { iso: format!("{year:04}"), from, to, grain: Grain::Year })
}

/// Returns the first, middle or last day of a stretch.
pub(super) fn edge(of: &DateValue, edge: Edge) -> Option<DateValue> {
    let date = match edge {
        Edge::Start => of.from,
        Edge::End => of.to,
        Edge::Tenth(which) => return ten_days(of, which),
        Edge::Middle => {
            let days = of.from.until(of.to).ok()?.get_days();
            days_from(of.from, days / 2)?
        }
    };
    Some(day(date))
}

/// Returns ten days of a month, from 0 for the first.
fn ten_days(of: &DateValue, which: u8) -> Option<DateValue> {
    let from = days_from(of.from, i32::from(which) * 10)?;
    let to = if which < 2 { days_from(from, 9)? } else { of.to };
    Some(DateValue { iso: format!("{from}/{to}"), from, to, grain: Grain::Range })
}

/// Returns a quarter of a year, from 1.
pub(super) fn quarter(year: i32, quarter: u32) -> Option<DateValue> {
    stretch(date(year, quarter * 3, 1)?, Unit::Quarter, 0)
}

/// Returns the day that brings a month and day nearest to today.
pub(super) fn nearest(today: Date, month: u32, day: u32) -> Option<Date> {
    let year = i32::from(today.year());
    let years = (-8..=8).filter_map(|shift| date(year + shift, month, day));
    years.min_by_key(|date| distance(today, *date))
}

/// Returns the day of a feast that lies nearest to today.
pub(super) fn nearest_feast(today: Date, feast: Feast) -> Option<Date> {
    let year = i32::from(today.year());
    let years = (-1..=1).filter_map(|shift| feast.in_year(year + shift));
    years.min_by_key(|date| distance(today, *date))
}

/// Returns the month that lies nearest to today.
pub(super) fn nearest_month(today: Date, month: u32) -> Option<DateValue> {
    let middle = nearest(today, month, today.day().min(28).unsigned_abs().into())?;
    self::month(middle)
}

/// Returns the day of this, the last or the next month that lies nearest to today.
pub(super) fn nearest_day(today: Date, day: u32) -> Option<Date> {
    let months = (-2..=2).filter_map(|shift: i32| {
        let first = today.first_of_month().checked_add(shift.months()).ok()?;
        date(first.year().into(), first.month().unsigned_abs().into(), day)
    });
    months.min_by_key(|date| distance(today, *date))
}

/// Counts the days between two; of two that are equally far, the one to come is nearer.
fn distance(today: Date, other: Date) -> (i32, bool) {
    let days = today.until(other).map_or(i32::MAX, |span| span.get_days());
    (days.saturating_abs(), days < 0)
}
