//! Moments and lengths of time as ISO 8601 writes them.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned, civil};
use serde::{Deserialize, Serialize};

/// Holds a moment together with its offset from UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(Zoned);

/// Holds a length of time by the units in which it was said; none of them is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    /// Years.
    pub years: u32,
    /// Months of the calendar.
    pub months: u32,
    /// Weeks.
    pub weeks: u32,
    /// Days.
    pub days: u32,
    /// Hours.
    pub hours: u32,
    /// Minutes.
    pub minutes: u32,
    /// Seconds.
    pub seconds: u32,
}

/// The counts of units with their letters.
type Parts<'a, const N: usize> = [(&'a mut u32, char); N];

/// Says that a text is not what ISO 8601 makes of the type that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {what} of ISO 8601: write it like {example}")]
pub struct IsoError {
    text: String,
    what: &'static str,
    example: &'static str,
}

impl Moment {
    /// Creates a moment from a time in a zone.
    #[must_use]
    pub fn new(at: Zoned) -> Self {
        Self(at)
    }

    /// Returns the moment without a place.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        self.0.timestamp()
    }

    /// Returns what calendar and clock show at the place for which it was meant.
    #[must_use]
    pub fn local(&self) -> civil::DateTime {
        self.0.datetime()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.timestamp().display_with_offset(self.0.offset()))
    }
}

impl FromStr for Moment {
    type Err = IsoError;

    fn from_str(text: &str) -> Result<Self, IsoError> {
        let parse = || {
            let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
            let offset = pieces.to_numeric_offset()?;
            let timestamp: Timestamp = text.parse().ok()?;
            Some(Self(timestamp.to_zoned(TimeZone::fixed(offset))))
        };
        let error = || IsoError {
            text: text.chars().take(80).collect(),
            what: "moment",
            example: "2026-11-25T15:00:00+08:00",
        };
        parse().ok_or_else(error)
    }
}

impl TryFrom<String> for Moment {
    type Error = IsoError;

    fn try_from(text: String) -> Result<Self, IsoError> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

impl Span {
    /// Tells whether it is no time at all.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// Returns a span of another count of the same unit, if it has only one unit and a greater count.
    pub(super) fn with_count(mut self, count: u32) -> Option<Self> {
        let (calendar, clock) = self.parts();
        let counts = calendar.into_iter().chain(clock).map(|(count, _)| count);
        let mut counts: Vec<&mut u32> = counts.filter(|count| **count > 0).collect();
        match counts.as_mut_slice() {
            [only] if (1..**only).contains(&count) => **only = count,
            _ => return None,
        }
        drop(counts);
        Some(self)
    }

    /// Tells whether days of the calendar suffice to count it.
    pub(super) fn is_of_days(&self) -> bool {
        self.hours == 0 && self.minutes == 0 && self.seconds == 0
    }

    /// Returns the span as the library of times counts with it, or nothing if it is longer than that can count.
    pub(super) fn to_jiff(self) -> Option<jiff::Span> {
        jiff::Span::new()
            .try_years(self.years)
            .and_then(|span| span.try_months(self.months))
            .and_then(|span| span.try_weeks(self.weeks))
            .and_then(|span| span.try_days(self.days))
            .and_then(|span| span.try_hours(self.hours))
            .and_then(|span| span.try_minutes(self.minutes))
            .and_then(|span| span.try_seconds(self.seconds))
            .ok()
    }

    /// Returns the units with their letters, first those of the calendar and then those of the clock.
    fn parts(&mut self) -> (Parts<'_, 4>, Parts<'_, 3>) {
        (
            [
                (&mut self.years, 'Y'),
                (&mut self.months, 'M'),
                (&mut self.weeks, 'W'),
                (&mut self.days, 'D'),
            ],
            [(&mut self.hours, 'H'), (&mut self.minutes, 'M'), (&mut self.seconds, 'S')],
        )
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("PT0S");
        }
        let mut span = *self;
        let (calendar, clock) = span.parts();
        f.write_str("P")?;
        for (count, letter) in calendar.into_iter().filter(|(count, _)| **count > 0) {
            write!(f, "{count}{letter}")?;
        }
        for (i, (count, letter)) in clock.into_iter().filter(|(count, _)| **count > 0).enumerate() {
            write!(f, "{}{count}{letter}", if i == 0 { "T" } else { "" })?;
        }
        Ok(())
    }
}

impl FromStr for Span {
    type Err = IsoError;

    fn from_str(text: &str) -> Result<Self, IsoError> {
        let error = || IsoError {
            text: text.chars().take(80).collect(),
            what: "length of time",
            example: "P1DT2H30M",
        };
        let body = text.strip_prefix('P').filter(|body| !body.is_empty()).ok_or_else(error)?;
        let (calendar, clock) = body.split_once('T').unwrap_or((body, ""));
        if body.ends_with('T') {
            return Err(error());
        }
        let mut span = Self::default();
        let (calendar_parts, clock_parts) = span.parts();
        let read = read_counts(calendar, calendar_parts).and(read_counts(clock, clock_parts));
        read.map(|()| span).ok_or_else(error)
    }
}

/// Reads counts with their letters in the order of the letters.
fn read_counts<const N: usize>(mut text: &str, parts: Parts<'_, N>) -> Option<()> {
    for (count, letter) in parts {
        if let Some((digits, rest)) = text.split_once(letter)
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            *count = digits.parse().ok()?;
            text = rest;
        }
    }
    text.is_empty().then_some(())
}

impl TryFrom<String> for Span {
    type Error = IsoError;

    fn try_from(text: String) -> Result<Self, IsoError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_as_it_is_written() {
        for text in ["P1Y6M", "P2DT12H", "PT1H30M", "P2W", "PT0S", "PT45S", "P3M", "PT3M"] {
            let span: Span = text.parse().unwrap();

            assert_eq!(span.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_span_is_refused_with_an_example() {
        for text in
            ["", "P", "PT", "1D", "P1", "P1H", "PT1D", "P1DT", "P-1D", "P1D1Y", "P9999999999D"]
        {
            let error = text.parse::<Span>().unwrap_err();

            assert!(error.to_string().contains("P1DT2H30M"), "{text}");
        }
    }

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        for text in ["2026-11-25T15:00:00+08:00", "2026-07-01T00:00:00-04:00"] {
            let moment: Moment = text.parse().unwrap();

            assert_eq!(moment.to_string(), text);
        }
        assert!("2026-11-25T15:00:00".parse::<Moment>().is_err());
    }
}
