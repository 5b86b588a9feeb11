//! Times by the clock: 15:30, 三点一刻, 差五分八点, 3 o'clock, 3pm.

use super::super::number::Form;
use super::super::reader::Reader;
use super::super::words::{Part, Sense};
use super::Reading;

/// What follows 两点 when it counts points of a talk: 两点建议.
const NOT_CLOCK: &[&str] = &[
    "建议", "意见", "要求", "原因", "问题", "不足", "优", "缺", "疑", "说明", "看法", "好处",
    "区别", "评",
];

impl Reader<'_> {
    /// Reads a time without a part of the day before it.
    pub(in super::super) fn clock_time(&self, i: usize) -> Option<Reading> {
        if self.tokens.digits(i).is_some() && self.continues_before(i) {
            return None;
        }
        self.colon_time(i)
            .or_else(|| self.less_time(i))
            .or_else(|| self.hour_time(i))
            .or_else(|| self.english_time(i))
            .or_else(|| self.half_day_time(i))
            .or_else(|| self.named_hour(i))
    }

    /// Reads 15:30 and 3:30 pm.
    pub(in super::super) fn colon_time(&self, i: usize) -> Option<Reading> {
        let tokens = self.tokens;
        let hours = tokens.digits(i).filter(|hours| hours.len() <= 2)?;
        let minutes = tokens.joined_digits(i + 2).filter(|_| tokens.is_joined_mark(i + 1, ':'))?;
        let (hour, minute) =
            (number(hours, 24)?, number(minutes, 59).filter(|_| minutes.len() == 2)?);
        let seconds = tokens.joined_digits(i + 4).filter(|_| tokens.is_joined_mark(i + 3, ':'));
        let (second, end) = match seconds {
            Some(seconds) => (number(seconds, 59).filter(|_| seconds.len() == 2)?, i + 5),
            None => (0, i + 3),
        };
        let reading = Reading { second, ..Reading::new(hour, minute, end) };
        if hour == 24 && (minute, second) != (0, 0) || tokens.is_joined_mark(end, ':') {
            return None;
        }
        if let Some(reading) = self.with_half_day(reading) {
            return Some(reading);
        }
        let is_open = hours.len() == 1 || !hours.starts_with('0');
        (!self.continues_after(end)).then(|| if is_open { reading.opened() } else { reading })
    }

    /// Assigns a time to "am" or "pm" after it.
    pub(super) fn with_half_day(&self, reading: Reading) -> Option<Reading> {
        let part = |s| if let Sense::PartAfter(part) = s { Some(part) } else { None };
        let part = self.tokens.find(reading.end, part).filter(|_| reading.hour <= 12)?;
        Some(Reading { end: reading.end + 1, ..reading }.in_part(part))
    }

    /// Reads 三点, 三点半, 八点一刻, 十点零五分三十秒, "3 o'clock".
    fn hour_time(&self, i: usize) -> Option<Reading> {
        let (hour, at) = self.numerals.within(i, 0, 24)?;
        let by_clock = self.tokens.is(at, Sense::Clock);
        let is_hour = by_clock || self.tokens.is(at, Sense::ClockHour);
        if !is_hour || self.numerals.is_inside(i) {
            return None;
        }
        let is_single = self.numerals.whole(i).is_some_and(|numeral| numeral.form == Form::Single);
        if is_single && NOT_CLOCK.iter().any(|word| self.rest(at + 1).starts_with(word)) {
            return None;
        }
        let reading = self.with_minutes(hour, at + 1)?;
        let reading = self.with_half_day(reading).unwrap_or_else(|| reading.opened());
        Some(self.less(reading).unwrap_or(reading))
    }

    /// Reads what may follow the hour.
    fn with_minutes(&self, hour: u32, i: usize) -> Option<Reading> {
        let tokens = self.tokens;
        if tokens.is(i, Sense::Half) {
            return Some(Reading::new(hour, 30, i + 1));
        }
        if tokens.is(i, Sense::Sharp) {
            return Some(Reading::new(hour, 0, i + 1));
        }
        let past = self.skip(i, Sense::Past);
        if let Some((minute, end)) = self.quarters(past).or_else(|| self.minutes_past(past)) {
            let seconds = self
                .numerals
                .within(end, 0, 59)
                .filter(|(_, at)| tokens.is(*at, Sense::SecondMark));
            let reading = Reading::new(hour, minute, end);
            return Some(match seconds {
                Some((second, at)) => Reading { second, end: at + 1, ..reading },
                None => reading,
            });
        }
        Some(Reading::new(hour, 0, i))
    }

    /// Reads 一刻 and 三刻.
    fn quarters(&self, i: usize) -> Option<(u32, usize)> {
        let (count, at) = self.numerals.within(i, 1, 3)?;
        self.tokens.is(at, Sense::Quarter).then_some((count * 15, at + 1))
    }

    /// Reads minutes after the hour; without 分 they must have two digits.
    fn minutes_past(&self, i: usize) -> Option<(u32, usize)> {
        let zero = self.skip(i, Sense::Zero);
        let (minute, at) =
            self.numerals.within(i, 0, 59).or_else(|| self.numerals.within(zero, 0, 9))?;
        if self.tokens.is(at, Sense::MinuteMark) {
            return Some((minute, at + 1));
        }
        let form = self.numerals.whole(i).map(|numeral| numeral.form);
        // 三点一四 is a number; 三点零五 may be a time.
        let is_long = matches!(form, Some(Form::Words | Form::Digits(2)))
            || (form == Some(Form::Positional(2)) && zero > i);
        let goes_on =
            self.continues_after(at) || !self.tokens.senses(at).is_empty() && !self.may_follow(at);
        (!self.tokens.is_spaced(i) && is_long && !goes_on).then_some((minute, at))
    }

    /// Tells whether a token after bare minutes leaves them minutes.
    fn may_follow(&self, i: usize) -> bool {
        let counts = |sense: &Sense| {
            matches!(
                sense,
                Sense::Measure
                    | Sense::Unit(_)
                    | Sense::Coin(..)
                    | Sense::Kuai
                    | Sense::PerSuffix(_)
            )
        };
        !self.tokens.senses(i).iter().any(counts)
    }

    /// Reads 差五分三点.
    fn less_time(&self, i: usize) -> Option<Reading> {
        let (minutes, at) = self.less_minutes(i)?;
        let (hour, clock) = self.numerals.within(at, 1, 24)?;
        let end = clock + 1;
        self.tokens.is(clock, Sense::Clock).then(|| before(hour, minutes, end).opened())
    }

    /// Subtracts the minutes of 三点差五分.
    fn less(&self, reading: Reading) -> Option<Reading> {
        let (minutes, end) = self.less_minutes(reading.end).filter(|_| reading.minute == 0)?;
        let is_open = reading.is_open;
        Some(Reading { is_open, ..before(reading.hour, minutes, end) })
    }

    fn less_minutes(&self, i: usize) -> Option<(u32, usize)> {
        if self.word(i) != "差" {
            return None;
        }
        self.quarters(i + 1).or_else(|| {
            let (minutes, at) = self.numerals.within(i + 1, 1, 59)?;
            self.tokens.is(at, Sense::MinuteMark).then_some((minutes, at + 1))
        })
    }

    /// Reads 3pm and "3 in the afternoon".
    fn half_day_time(&self, i: usize) -> Option<Reading> {
        let (hour, end) = self.numerals.within(i, 0, 12)?;
        let digits = self.tokens.digits(i).is_some();
        // "I am" is no hour, and "one am" hardly ever said.
        if !digits && self.word(end) == "am" && self.tokens.is(i, Sense::Small(1)) {
            return None;
        }
        self.with_half_day(Reading::new(hour, 0, end))
    }

    /// Reads noon and midnight.
    fn named_hour(&self, i: usize) -> Option<Reading> {
        let hour = |sense| if let Sense::NamedHour(hour) = sense { Some(hour) } else { None };
        let hour = self.tokens.find(i, hour)?;
        let days = i32::from(hour == 0);
        Some(Reading { days, ..Reading::new(hour.into(), 0, i + 1) })
    }

    /// Reads an hour that only the part of the day before it makes one: 晚上8, "this evening 8".
    pub(in super::super) fn bare_hour(&self, i: usize, part: Part) -> Option<Reading> {
        let (hour, end) = self.numerals.within(i, 1, 12)?;
        let digits = self.tokens.digits(i).is_some_and(|digits| digits.len() <= 2);
        let ends = end == self.tokens.len()
            || self.tokens.char_after(end).is_some_and(|c| !c.is_alphanumeric());
        let more = self.tokens.is_mark(end, '.')
            || self.tokens.is_mark(end, '-')
            || self.tokens.is_mark(end, ':');
        let is_hour = digits && ends && !more && !matches!(part, Part::Am | Part::Pm);
        (is_hour && self.numerals.full(end).is_none() && self.may_follow(end))
            .then(|| Reading::new(hour, 0, end))
    }
}

/// Returns the time some minutes before an hour.
pub(super) fn before(hour: u32, minutes: u32, end: usize) -> Reading {
    let total = (hour * 60 + 24 * 60 - minutes) % (24 * 60);
    let hour = if total / 60 == 0 && hour <= 12 { 12 } else { total / 60 };
    Reading::new(hour, total % 60, end)
}

fn number(text: &str, most: u32) -> Option<u32> {
    text.parse().ok().filter(|number| *number <= most)
}
