//! Times of the day: 下午三点, 三点半, 15:30, 3pm, "half past two", noon; and parts of the day.
//!
//! An hour up to twelve that nothing assigns to a half of the day keeps both readings.

mod clock;
mod english;

use jiff::civil::Time;

use super::reader::Reader;
use super::value::TimeValue;
use super::words::{Part, Sense};

/// The last second of a day, at which evenings end.
const LAST_SECOND: Time = Time::constant(23, 59, 59, 0);

/// A time while it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    /// Whether it may also be twelve hours later or earlier.
    pub(super) is_open: bool,
    /// How many days after the one that was named it lies: 晚上十二点.
    pub(super) days: i32,
    /// Where the stretch ends that was named instead of a time.
    pub(super) until: Option<Time>,
    pub(super) end: usize,
}

impl Reader<'_> {
    /// Reads the longest time that begins at a token.
    pub(super) fn time(&self, i: usize) -> Option<Reading> {
        let part = self.part(i);
        let after_part = part.and_then(|part| {
            let at = self.skip(i + 1, Sense::Joint);
            let reading = self.clock_time(at).or_else(|| self.bare_hour(at, part))?;
            Some(reading.in_part(part))
        });
        let plain = || {
            let reading = self.clock_time(i)?;
            Some(match self.part(reading.end).filter(|_| self.is_part_phrase(reading.end)) {
                Some(part) => Reading { end: reading.end + 1, ..reading }.in_part(part),
                None => reading,
            })
        };
        after_part.or_else(plain).or_else(|| self.part_alone(i))
    }

    /// Returns the part of the day that a token names.
    pub(super) fn part(&self, i: usize) -> Option<Part> {
        self.tokens.find(i, |sense| if let Sense::Part(part) = sense { Some(part) } else { None })
    }

    /// Tells whether a part of the day is said in a way that needs nothing else: 上午, "in the morning".
    fn is_part_phrase(&self, i: usize) -> bool {
        let word = self.word(i);
        word.starts_with("in ") || word.starts_with("at ") || (word.len() > 3 && !word.is_ascii())
    }

    /// Reads a part of the day that stands for a stretch.
    fn part_alone(&self, i: usize) -> Option<Reading> {
        let part = self.part(i).filter(|_| self.is_part_phrase(i))?;
        let greets = self.rest(i + 1).starts_with('好') || self.rest(i + 1).starts_with('安');
        (!greets).then(|| part_stretch(part, i + 1))
    }
}

/// Returns the stretch of a part of the day.
pub(super) fn part_stretch(part: Part, end: usize) -> Reading {
    let (from, until) = match part {
        Part::Small => (0, 6),
        Part::Morning => (6, 12),
        Part::Noon => (11, 14),
        Part::Afternoon => (12, 18),
        Part::Evening => (18, 24),
        Part::Am => (0, 12),
        Part::Pm => (12, 24),
    };
    let until = Time::new(until, 0, 0, 0).unwrap_or(LAST_SECOND);
    Reading { until: Some(until), ..Reading::new(from, 0, end) }
}

impl Reading {
    /// Creates a reading that is not open.
    pub(super) fn new(hour: u32, minute: u32, end: usize) -> Self {
        Self { hour, minute, second: 0, is_open: false, days: 0, until: None, end }
    }

    /// Opens a reading that nothing has assigned to a half of the day.
    pub(super) fn opened(self) -> Self {
        Self { is_open: (1..=12).contains(&self.hour), ..self }
    }

    /// Assigns the reading to a part of the day.
    pub(super) fn in_part(self, part: Part) -> Self {
        let (hour, days) = match (part, self.hour) {
            (_, 24) => (0, 1),
            (Part::Small | Part::Am, 12) => (0, 0),
            (Part::Small, hour @ 7..=11) => (hour + 12, 0),
            (Part::Noon, hour @ 1..=3) | (Part::Afternoon | Part::Pm, hour @ 1..=11) => {
                (hour + 12, 0)
            }
            (Part::Evening, hour @ 5..=11) => (hour + 12, 0),
            (Part::Evening, 12) => (0, 1),
            (Part::Evening, hour @ 0..=4) => (hour, 1),
            (_, hour) => (hour, 0),
        };
        Self { hour, days, is_open: false, ..self }
    }

    /// Returns the time, of 24:00 the midnight that it is.
    pub(super) fn time(&self) -> Option<Time> {
        clock(self.hour % 24, self.minute, self.second)
    }

    /// Returns the other time that it may be.
    pub(super) fn other(&self) -> Option<Time> {
        let hour = (self.hour + 12) % 24;
        self.is_open.then(|| clock(hour, self.minute, self.second)).flatten()
    }

    /// Returns how many days later it lies.
    pub(super) fn days(&self) -> i32 {
        self.days + i32::from(self.hour == 24)
    }

    /// Returns the reading as a value by itself.
    pub(super) fn value(&self) -> Option<TimeValue> {
        Some(TimeValue { time: self.time()?, or: self.other(), until: self.until })
    }
}

/// Creates a time of the day.
fn clock(hour: u32, minute: u32, second: u32) -> Option<Time> {
    Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, 0).ok()
}
