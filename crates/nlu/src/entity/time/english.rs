//! English times in words: "half past two", "quarter to five", "ten past three", "at 3".

use super::super::reader::Reader;
use super::super::words::Sense;
use super::Reading;
use super::clock::before;

impl Reader<'_> {
    /// Reads a time with minutes before the hour.
    pub(super) fn english_time(&self, i: usize) -> Option<Reading> {
        if self.tokens.is(i, Sense::HalfPast) {
            let (hour, end) = self.english_hour(i + 1)?;
            return Some(self.closed(Reading::new(hour, 30, end)));
        }
        if let Some(reading) = self.hour_and_minutes(i) {
            return Some(reading);
        }
        let (minutes, at, is_quarter) = self.minutes_before(i)?;
        if self.tokens.is(at, Sense::Past) {
            let (hour, end) = self.english_hour(at + 1)?;
            return Some(self.closed(Reading::new(hour, minutes, end)));
        }
        if !self.tokens.is(at, Sense::To) {
            return None;
        }
        let (hour, end) = self.english_hour(at + 1)?;
        let is_range = i > 0 && matches!(self.word(i - 1), "from" | "between");
        let ends = is_quarter || self.ends_a_time(end);
        (!is_range && ends).then(|| self.closed(before(hour, minutes, end)))
    }

    /// Reads "seven thirty", if "at" stands before it or "pm" after it.
    fn hour_and_minutes(&self, i: usize) -> Option<Reading> {
        let (hour, at) = self.english_hour(i).filter(|_| self.tokens.digits(i).is_none())?;
        let (minutes, end) = self.numerals.within(at, 10, 59)?;
        let in_words = self.tokens.digits(at).is_none() && self.tokens.is_spaced(at);
        let told = i > 0 && matches!(self.word(i - 1), "at" | "around" | "by" | "until" | "about");
        let reading = Reading::new(hour, minutes, end);
        match self.with_half_day(reading) {
            Some(reading) => in_words.then_some(reading),
            None => (in_words && told).then(|| reading.opened()),
        }
    }

    /// Reads "at 3", where nothing follows that could be counted.
    pub(in super::super) fn at_hour(&self, i: usize) -> Option<Reading> {
        if !self.tokens.is(i, Sense::At) {
            return None;
        }
        let (hour, end) = self.english_hour(i + 1)?;
        self.ends_a_time(end).then(|| self.closed(Reading::new(hour, 0, end)))
    }

    /// Reads the minutes of "ten past" and "a quarter to".
    fn minutes_before(&self, i: usize) -> Option<(u32, usize, bool)> {
        if self.tokens.is(i, Sense::Quarter) {
            return Some((15, i + 1, true));
        }
        let (minutes, end) = self.numerals.within(i, 1, 29)?;
        let is_usual = matches!(minutes, 5 | 10 | 20 | 25);
        let at = end + usize::from(is_minutes(self.word(end)));
        (at > end || is_usual).then_some((minutes, at, at > end))
    }

    fn english_hour(&self, i: usize) -> Option<(u32, usize)> {
        self.numerals.within(i, 1, 12)
    }

    /// Tells whether what follows an hour counts nothing with it.
    fn ends_a_time(&self, i: usize) -> bool {
        let follows = |sense: &Sense| {
            matches!(
                sense,
                Sense::PartAfter(_)
                    | Sense::Part(_)
                    | Sense::DayOffset(_)
                    | Sense::Joint
                    | Sense::Weekday(_)
                    | Sense::Shift(_)
                    | Sense::PartOffset(..)
                    | Sense::And
            )
        };
        let is_end = i >= self.tokens.len();
        let is_mark = !is_end
            && !self.word(i).starts_with(char::is_alphanumeric)
            && !self.is_any_mark(i, ".-:/%$€£¥");
        let sentence = self.is_any_mark(i, ".") && self.tokens.joined_digits(i + 1).is_none();
        is_end || is_mark || sentence || self.tokens.senses(i).iter().any(follows)
    }

    /// Assigns a time to the half of the day that follows it, or leaves it open.
    fn closed(&self, reading: Reading) -> Reading {
        self.with_half_day(reading).unwrap_or_else(|| reading.opened())
    }
}

fn is_minutes(word: &str) -> bool {
    matches!(word, "minutes" | "minute" | "mins" | "min")
}
