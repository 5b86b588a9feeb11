//! Business hours: when people are there to answer.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A week of opening times in one time zone, with days off.
///
/// No span at all means always open.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct BusinessHours {
    /// An IANA name, such as `Asia/Shanghai`.
    pub time_zone: String,
    /// Opening spans, on any number of days.
    pub week: Vec<Span>,
    /// Days on which nobody is there.
    pub holidays: Vec<Date>,
}

/// One opening span: from `opens` until before `closes`, on each of `days`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Days of the week, as `mon` … `sun`.
    pub days: Vec<Day>,
    /// The first minute, such as `09:00`.
    pub opens: Time,
    /// The minute after the last, such as `18:00`.
    pub closes: Time,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the days of the week explain themselves")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Whether people are there now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Opening {
    /// They are.
    Open,
    /// They are not, and come back at this time, in the time zone of the hours;
    /// `None` if not within the next month.
    Closed(Option<Zoned>),
}

/// How far ahead the next opening is looked for, in days.
const DAYS_AHEAD_MAX: i64 = 31;

impl BusinessHours {
    /// Checks the time zone and that every span ends after it begins.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] below `pointer`.
    pub fn check(&self, pointer: &str) -> Result<()> {
        if !self.week.is_empty() && TimeZone::get(&self.time_zone).is_err() {
            let detail =
                format!("`{}` is not an IANA time zone such as Asia/Shanghai", self.time_zone);
            return Err(Error::invalid(format!("{pointer}/time_zone"), detail));
        }
        match self.week.iter().position(|span| span.opens >= span.closes) {
            Some(i) => {
                Err(Error::invalid(format!("{pointer}/week/{i}"), "must close after it opens"))
            }
            None => Ok(()),
        }
    }

    /// Tells whether people are there at `now`, and if not, when they come.
    pub fn opening(&self, now: Timestamp) -> Opening {
        if self.week.is_empty() {
            return Opening::Open;
        }
        let zone = TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC);
        let local = now.to_zoned(zone.clone());
        let (date, time) = (local.date(), local.time());
        if self.spans(date).any(|span| span.opens <= time && time < span.closes) {
            return Opening::Open;
        }
        let next = (0..=DAYS_AHEAD_MAX).find_map(|days| {
            let day = date.checked_add(days.days()).ok()?;
            let opens =
                self.spans(day).map(|span| span.opens).filter(|&at| days > 0 || at > time).min()?;
            day.to_datetime(opens).to_zoned(zone.clone()).ok()
        });
        Opening::Closed(next)
    }

    fn spans(&self, date: Date) -> impl Iterator<Item = &Span> {
        let day = Day::of(date.weekday());
        let off = self.holidays.contains(&date);
        self.week.iter().filter(move |span| !off && span.days.contains(&day))
    }
}

impl Day {
    fn of(weekday: Weekday) -> Self {
        match weekday {
            Weekday::Monday => Day::Mon,
            Weekday::Tuesday => Day::Tue,
            Weekday::Wednesday => Day::Wed,
            Weekday::Thursday => Day::Thu,
            Weekday::Friday => Day::Fri,
            Weekday::Saturday => Day::Sat,
            Weekday::Sunday => Day::Sun,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours() -> BusinessHours {
        BusinessHours {
            time_zone: "Asia/Shanghai".into(),
            week: vec![Span {
                days: vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri],
                opens: "09:00".parse().unwrap(),
                closes: "18:00".parse().unwrap(),
            }],
            holidays: vec!["2026-11-23".parse().unwrap()],
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn open_from_the_first_minute_until_before_the_last() {
        assert_eq!(hours().opening(at("2026-11-20T01:00:00Z")), Opening::Open);
        assert_ne!(hours().opening(at("2026-11-20T10:00:00Z")), Opening::Open);
    }

    #[test]
    fn a_closed_desk_names_the_next_working_day_past_weekend_and_holiday() {
        let Opening::Closed(Some(next)) = hours().opening(at("2026-11-20T12:00:00Z")) else {
            panic!("open on a Friday evening");
        };

        assert_eq!(next.date().to_string(), "2026-11-24");
        assert_eq!(next.time().to_string(), "09:00:00");
    }

    #[test]
    fn before_opening_it_is_today() {
        let Opening::Closed(Some(next)) = hours().opening(at("2026-11-24T00:30:00Z")) else {
            panic!("open before nine");
        };

        assert_eq!(next.date().to_string(), "2026-11-24");
    }

    #[test]
    fn without_spans_it_is_always_open() {
        assert_eq!(BusinessHours::default().opening(at("2026-11-22T03:00:00Z")), Opening::Open);
    }

    #[test]
    fn an_unknown_time_zone_is_refused_with_an_example() {
        let error = BusinessHours { time_zone: "Beijing".into(), ..hours() }.check("/hours");

        assert!(error.unwrap_err().to_string().contains("Asia/Shanghai"));
    }
}
