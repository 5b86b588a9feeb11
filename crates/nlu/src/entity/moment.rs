//! Dates, times and lengths of time as findings, and a date with a time as one moment.

use jiff::civil::{Date, Time};

use super::calendar;
use super::kind::Kind;
use super::reader::{Draft, Reader};
use super::time::{Reading, part_stretch};
use super::value::{DateTimeValue, DateValue, Moment, Value};
use super::words::{Part, Sense};

impl Reader<'_> {
    /// Reads every date, time and length of time that begins at a token.
    pub(super) fn moments(&self, i: usize, drafts: &mut Vec<Draft>) {
        let mut push = |kind: Kind, value: Value, end: usize| {
            drafts.push(Draft { kind, start: i, end, value });
        };
        let date = self.date(i);
        let time = self.time(i).or_else(|| self.at_hour(i));
        if let Some((value, end)) = self.date_time(i, date.as_ref(), time) {
            push(Kind::DateTime, Value::DateTime(value), end);
        }
        if let Some((value, end)) = date {
            push(Kind::Date, Value::Date(value), end);
        }
        // "at" belongs to the sentence.
        let is_bare = self.tokens.is(i, Sense::At);
        if let Some(time) = time.filter(|_| !is_bare)
            && let Some(value) = time.value()
        {
            push(Kind::Time, Value::Time(value), time.end);
        } else if let Some(value) =
            i.checked_sub(1).and_then(|at| self.at_hour(at)).and_then(|t| t.value())
            && let Some((_, end)) = self.numerals.within(i, 1, 12)
        {
            push(Kind::Time, Value::Time(value), end);
        }
        if let Some((value, end)) = self.duration(i).filter(|(span, _)| !span.is_zero()) {
            push(Kind::Duration, Value::Duration { value }, end);
        }
    }

    fn date_time(
        &self,
        i: usize,
        date: Option<&(DateValue, usize)>,
        time: Option<Reading>,
    ) -> Option<(DateTimeValue, usize)> {
        let readings = [
            self.part_of_day(i),
            date.and_then(|(date, end)| self.time_after(date, *end)),
            time.and_then(|time| self.date_after(time)),
            self.hours_away(i),
            self.this_moment(i),
        ];
        readings.into_iter().flatten().rev().max_by_key(|(_, end)| *end)
    }

    /// Reads a time after a date: 下周三下午三点, "tomorrow at 3", "2026-11-22T15:30".
    fn time_after(&self, date: &DateValue, end: usize) -> Option<(DateTimeValue, usize)> {
        let day = single_day(date)?;
        if self.word(end) == "t" && !self.tokens.is_spaced(end) {
            return self.colon_time(end + 1).and_then(|reading| self.on(day, reading));
        }
        // At most two words stand between: ", at".
        let second = self.skip(end, Sense::Joint);
        let third = self.skip(second, Sense::Joint);
        let reading = [end, second, third].into_iter().find_map(|at| self.time_of_day(at))?;
        self.on(day, reading)
    }

    /// Reads a time that stands beside a date, where less is needed to tell it.
    fn time_of_day(&self, i: usize) -> Option<Reading> {
        let part = || self.part(i).map(|part| part_stretch(part, i + 1));
        self.time(i).or_else(|| self.at_hour(i)).or_else(part)
    }

    /// Reads a date after a time: "3pm tomorrow", "at 8 on Friday".
    fn date_after(&self, time: Reading) -> Option<(DateTimeValue, usize)> {
        let joint = self.skip(time.end, Sense::Joint);
        let (date, end) = self.date(time.end).or_else(|| self.date(joint))?;
        // "3pm from Monday" is no time on Monday.
        let is_apart = matches!(self.word(time.end), "from" | "by");
        self.on(single_day(&date).filter(|_| !is_apart)?, Reading { end, ..time })
    }

    /// Reads 今晚八点, "tonight at 8", and 今晚 by itself.
    fn part_of_day(&self, i: usize) -> Option<(DateTimeValue, usize)> {
        let part =
            |s| if let Sense::PartOffset(days, part) = s { Some((days, part)) } else { None };
        let (days, part) = self.tokens.find(i, part)?;
        let day = calendar::days_from(self.today(), days.into())?;
        let at = self.skip(i + 1, Sense::Joint);
        let reading = self
            .clock_time(i + 1)
            .or_else(|| self.clock_time(at))
            .or_else(|| self.at_hour(i + 1))
            .or_else(|| self.bare_hour(i + 1, part));
        match reading {
            Some(reading) if reading.until.is_none() => self.on(day, in_part(reading, part)),
            _ => self.on(day, part_stretch(part, i + 1)),
        }
    }

    /// Reads 两小时后, "10 minutes ago".
    fn hours_away(&self, i: usize) -> Option<(DateTimeValue, usize)> {
        let (span, is_past, end) = self.distance(i).filter(|(span, ..)| !span.is_of_days())?;
        let span = span.to_jiff()?;
        let at = if is_past { self.now.checked_sub(span) } else { self.now.checked_add(span) };
        let value = DateTimeValue { at: Moment::new(at.ok()?), or: None, until: None };
        Some((value, end))
    }

    /// Reads 现在, "right now".
    fn this_moment(&self, i: usize) -> Option<(DateTimeValue, usize)> {
        let at = self.tokens.is(i, Sense::Now).then(|| self.now.clone())?;
        let at = at.round(jiff::Unit::Second).ok()?;
        Some((DateTimeValue { at: Moment::new(at), or: None, until: None }, i + 1))
    }

    /// Puts a time on a day.
    fn on(&self, day: Date, reading: Reading) -> Option<(DateTimeValue, usize)> {
        let day = calendar::days_from(day, reading.days())?;
        let at = self.moment(day, reading.time()?)?;
        let or = reading.other().and_then(|other| self.moment(day, other));
        let until = reading.until.and_then(|until| self.moment(day, until));
        Some((DateTimeValue { at, or, until }, reading.end))
    }

    /// Returns what a day and a time are in the zone of now; where clocks were put forward, what they show instead.
    fn moment(&self, day: Date, time: Time) -> Option<Moment> {
        let zone = self.now.time_zone().clone();
        day.to_datetime(time).to_zoned(zone).ok().map(Moment::new)
    }
}

fn in_part(reading: Reading, part: Part) -> Reading {
    if reading.is_open { reading.in_part(part) } else { reading }
}

fn single_day(date: &DateValue) -> Option<Date> {
    (date.from == date.to).then_some(date.from)
}
