//! Feasts: on which day of a year one falls.
//!
//! The Chinese calendar is computed by `icu_calendar`; what moves by the week or with Easter is arithmetic.

use icu_calendar::types::Month;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// A feast, by how its day is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feast {
    /// The same month and day in every year.
    Day(u8, u8),
    /// A month and day of the Chinese calendar.
    Lunar(u8, u8),
    /// The last day of the Chinese year that ends in a year.
    LunarEve,
    /// 清明, which follows the sun.
    Qingming,
    /// So many days after Easter Sunday.
    Easter(i8),
    /// The nth Sunday of a month.
    Sunday(u8, i8),
    /// So many days after the fourth Thursday of November.
    Thanksgiving(i8),
}

impl Feast {
    /// Returns the day of a year; nothing where it is not known.
    pub(super) fn in_year(self, year: i32) -> Option<Date> {
        let year = i16::try_from(year).ok()?;
        let after = |date: Date, days: i8| date.checked_add(days.days()).ok();
        match self {
            Self::Day(month, day) => {
                Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
            }
            Self::Lunar(month, day) => lunar(year, month, day),
            Self::LunarEve => after(lunar(year, 1, 1)?, -1),
            Self::Qingming => qingming(year),
            Self::Easter(days) => after(easter(year)?, days),
            Self::Sunday(month, nth) => weekday(year, month, nth, Weekday::Sunday),
            Self::Thanksgiving(days) => after(weekday(year, 11, 4, Weekday::Thursday)?, days),
        }
    }
}

/// Returns a day of the Chinese year that begins in a year.
fn lunar(year: i16, month: u8, day: u8) -> Option<Date> {
    type Chinese = icu_calendar::Date<icu_calendar::cal::ChineseTraditional>;
    let date = Chinese::try_new_chinese_traditional(year.into(), Month::new(month), day).ok()?;
    let date = date.to_calendar(icu_calendar::cal::Iso);
    let year = date.year().extended_year().try_into().ok()?;
    Date::new(year, date.month().ordinal.try_into().ok()?, date.day_of_month().0.try_into().ok()?)
        .ok()
}

fn weekday(year: i16, month: u8, nth: i8, weekday: Weekday) -> Option<Date> {
    Date::new(year, month.try_into().ok()?, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
}

/// The sun is where it was a year before after 365.2422 days. The formula is known to hold in this century.
fn qingming(year: i16) -> Option<Date> {
    let years = (2000..2100).contains(&year).then_some(year - 2000)?;
    let day = (f64::from(years) * 0.2422 + 4.81).floor() as i8 - i8::try_from(years / 4).ok()?;
    Date::new(year, 4, day).ok()
}

/// Easter Sunday of the Gregorian calendar: the first Sunday after the full moon on or after March 21st, both as the
/// church computes them (the method of Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<Date> {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + century - century / 4 - correction + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    let late = (golden + 11 * moon + 22 * to_sunday) / 451;
    let days = moon + to_sunday - 7 * late + 114;
    Date::new(year, (days / 31).try_into().ok()?, (days % 31 + 1).try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(feast: Feast, days: &[&str]) {
        for day in days {
            let date: Date = day.parse().expect("a day");
            assert_eq!(feast.in_year(date.year().into()), Some(date), "{feast:?}");
        }
    }

    #[test]
    fn the_chinese_calendar_is_that_of_the_almanacs() {
        on(Feast::Lunar(1, 1), &["2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06"]);
        on(Feast::Lunar(1, 1), &["1985-02-20", "2033-01-31", "2034-02-19"]);
        on(Feast::LunarEve, &["2025-01-28", "2026-02-16", "2027-02-05"]);
        on(Feast::Lunar(1, 15), &["2026-03-03"]);
        on(Feast::Lunar(5, 5), &["2025-05-31", "2026-06-19", "2027-06-09"]);
        on(Feast::Lunar(7, 7), &["2025-08-29", "2026-08-19"]);
        on(Feast::Lunar(8, 15), &["2023-09-29", "2025-10-06", "2026-09-25", "2027-09-15"]);
        on(Feast::Lunar(9, 9), &["2025-10-29", "2026-10-18"]);
    }

    #[test]
    fn the_sun_is_followed() {
        on(Feast::Qingming, &["2008-04-04", "2019-04-05", "2020-04-04", "2021-04-04"]);
        on(Feast::Qingming, &["2022-04-05", "2023-04-05", "2024-04-04", "2025-04-04"]);
        on(Feast::Qingming, &["2026-04-05", "2027-04-05"]);
        assert_eq!(Feast::Qingming.in_year(1999), None);
    }

    #[test]
    fn what_moves_with_easter_and_the_week_moves() {
        on(Feast::Easter(0), &["2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21"]);
        on(Feast::Easter(0), &["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28"]);
        on(Feast::Easter(-2), &["2026-04-03"]);
        on(Feast::Sunday(5, 2), &["2025-05-11", "2026-05-10"]);
        on(Feast::Sunday(6, 3), &["2026-06-21"]);
        on(Feast::Thanksgiving(0), &["2025-11-27", "2026-11-26"]);
        on(Feast::Thanksgiving(1), &["2026-11-27"]);
    }

    #[test]
    fn no_year_makes_it_panic() {
        let feasts = [
            Feast::Day(2, 29),
            Feast::Lunar(8, 15),
            Feast::LunarEve,
            Feast::Qingming,
            Feast::Easter(0),
            Feast::Sunday(5, 2),
            Feast::Thanksgiving(4),
        ];
        for feast in feasts {
            for year in [i32::MIN, -10_000, -1, 0, 1, 1899, 2101, 9_999, 10_000, i32::MAX] {
                let _ = feast.in_year(year);
            }
        }
    }
}
