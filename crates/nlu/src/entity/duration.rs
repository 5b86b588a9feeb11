//! Lengths of time: 两个小时, 一个半小时, 半年, "an hour and a half", "2 hours 15 minutes".

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::number::Form;
use super::reader::Reader;
use super::value::Span;
use super::words::{Sense, Unit};

/// The most that one unit is counted to.
const COUNT_MAX: u32 = 9_999;
/// What stands before "a week" when that is a length of time and not a rate ("twice a week").
const BEFORE_LENGTH: &[&str] = &[
    "for", "in", "within", "after", "takes", "take", "took", "about", "over", "than", "wait",
    "waited", "waiting", "lasts", "spent", "only", "just", "least", "almost", "nearly", "needs",
    "need", "another", "half", "been", "every", "or", "and", "around", "is",
];

impl Reader<'_> {
    /// Reads a length of time that begins at a token.
    pub(super) fn duration(&self, i: usize) -> Option<(Span, usize)> {
        if i > 0 && self.tokens.is(i - 1, Sense::OrdinalMark) {
            return None;
        }
        let (mut span, mut unit, mut end) = self.length(i)?;
        while let Some((next, below, after)) = self.next_length(end, unit) {
            span = sum(span, next)?;
            (unit, end) = (below, after);
        }
        if self.is_anniversary(unit, end) {
            return None;
        }
        Some((span, end))
    }

    /// 三周年 counts years of a feast, not weeks.
    fn is_anniversary(&self, unit: Unit, end: usize) -> bool {
        unit == Unit::Week && self.rest(end).starts_with('年')
    }

    /// Reads a further, smaller unit: "and 15 minutes", 零五分.
    fn next_length(&self, i: usize, above: Unit) -> Option<(Span, Unit, usize)> {
        let at = [Sense::And, Sense::Zero].into_iter().fold(i, |at, sense| self.skip(at, sense));
        let (span, unit, end) = self.length(at).or_else(|| self.minutes(at, above))?;
        (unit < above && self.tokens.char_before(at) != Some(',')).then_some((span, unit, end))
    }

    /// Reads 分 as minutes after hours.
    fn minutes(&self, i: usize, above: Unit) -> Option<(Span, Unit, usize)> {
        let (minutes, at) = self.numerals.within(i, 1, 59)?;
        let fits = above == Unit::Hour && self.tokens.is(at, Sense::MinuteMark);
        fits.then_some((Span { minutes, ..Span::default() }, Unit::Minute, at + 1))
    }

    /// Reads one number with one unit.
    fn length(&self, i: usize) -> Option<(Span, Unit, usize)> {
        self.half_of(i).or_else(|| self.one_of(i)).or_else(|| self.number_of(i))
    }

    /// Reads 半年, "half an hour".
    fn half_of(&self, i: usize) -> Option<(Span, Unit, usize)> {
        let half = Decimal::new(5, 1);
        let at = if self.tokens.is(i, Sense::Half) {
            i + 1
        } else if self.tokens.is(i, Sense::HalfWord) {
            self.skip(i + 1, Sense::Article)
        } else if self.tokens.is(i, Sense::Article) && self.tokens.is(i + 1, Sense::HalfWord) {
            i + 2
        } else {
            return None;
        };
        let unit = self.unit(at)?;
        Some((span_of(half, unit)?, unit, at + 1))
    }

    /// Reads "an hour", "a day and a half",
    fn one_of(&self, i: usize) -> Option<(Span, Unit, usize)> {
        if !self.tokens.is(i, Sense::Article) {
            return None;
        }
        let unit = self.unit(i + 1)?;
        let (count, end) = self.and_a_half(Decimal::ONE, i + 2);
        let is_length = i == 0
            || count > Decimal::ONE
            || BEFORE_LENGTH.contains(&self.word(i - 1))
            || self.tokens.is(end, Sense::Ago)
            || self.tokens.is(end, Sense::Later);
        if !is_length {
            return None;
        }
        Some((span_of(count, unit)?, unit, end))
    }

    /// Reads 三天, 一个半小时, 两年半, "3 months", "3-day".
    fn number_of(&self, i: usize) -> Option<(Span, Unit, usize)> {
        let tokens = self.tokens;
        let numeral = self.numerals.exact(i).filter(|_| !self.numerals.is_inside(i))?;
        // 哪一天 and 每一天 are days and no length of time.
        let is_told = tokens.char_before(i).is_some_and(|c| "哪每某那这同".contains(c));
        let is_spelled = matches!(numeral.form, Form::Positional(_));
        if is_spelled || (numeral.form == Form::Single && is_told) {
            return None;
        }
        if tokens.digits(i).is_some() && self.continues_before(i) {
            return None;
        }
        let at = numeral.end;
        if tokens.is(at, Sense::Measure) && tokens.is(at + 1, Sense::Half) {
            let month = tokens.is(at + 2, Sense::Stretch(Unit::Month)).then_some(Unit::Month);
            let unit = self.unit(at + 2).or(month)?;
            let count = numeral.value.checked_add(Decimal::new(5, 1))?;
            return Some((span_of(count, unit)?, unit, at + 3));
        }
        let at = at + usize::from(tokens.is_joined_mark(at, '-') && !tokens.is_spaced(at + 1));
        let unit = self.unit(at)?;
        let names_a_year = matches!(numeral.form, Form::Digits(4) | Form::Positional(_));
        if unit == Unit::Year && names_a_year {
            return None;
        }
        let (count, end) = self.and_a_half(numeral.value, at + 1);
        Some((span_of(count, unit)?, unit, end))
    }

    /// Adds the half that may stand after a unit: 两年半, "an hour and a half".
    fn and_a_half(&self, count: Decimal, i: usize) -> (Decimal, usize) {
        let tokens = self.tokens;
        let words = tokens.is(i, Sense::And)
            && tokens.is(i + 1, Sense::Article)
            && tokens.is(i + 2, Sense::HalfWord)
            && self.unit(i + 3).is_none();
        let length = if words { 3 } else { usize::from(tokens.is(i, Sense::Half)) };
        match count.checked_add(Decimal::new(5, 1)).filter(|_| length > 0) {
            Some(halved) => (halved, i + length),
            None => (count, i),
        }
    }

    pub(super) fn unit(&self, i: usize) -> Option<Unit> {
        self.tokens.find(i, |sense| if let Sense::Unit(unit) = sense { Some(unit) } else { None })
    }
}

/// Turns a count of a unit into a length of time; a fraction goes to the units below, months having 30 days.
fn span_of(count: Decimal, unit: Unit) -> Option<Span> {
    let whole = count.trunc().to_u32().filter(|whole| *whole <= COUNT_MAX)?;
    let rest = count.fract();
    let mut span = Span::default();
    let (place, factor, below) = match unit {
        Unit::Decade => return span_of(count.checked_mul(Decimal::TEN)?, Unit::Year),
        Unit::Quarter => return span_of(count.checked_mul(Decimal::from(3))?, Unit::Month),
        Unit::Fortnight => return span_of(count.checked_mul(Decimal::TWO)?, Unit::Week),
        Unit::QuarterHour => return span_of(count.checked_mul(Decimal::from(15))?, Unit::Minute),
        Unit::Year => (&mut span.years, 12, Some(Unit::Month)),
        Unit::Month => (&mut span.months, 30, Some(Unit::Day)),
        Unit::Week => (&mut span.weeks, 7, Some(Unit::Day)),
        Unit::Day => (&mut span.days, 24, Some(Unit::Hour)),
        Unit::Hour => (&mut span.hours, 60, Some(Unit::Minute)),
        Unit::Minute => (&mut span.minutes, 60, Some(Unit::Second)),
        Unit::Second => (&mut span.seconds, 1, None),
    };
    *place = whole;
    if rest.is_zero() {
        return Some(span);
    }
    sum(span, span_of(rest.checked_mul(Decimal::from(factor))?, below?)?)
}

/// Adds two lengths of time, unit by unit.
fn sum(a: Span, b: Span) -> Option<Span> {
    Some(Span {
        years: a.years.checked_add(b.years)?,
        months: a.months.checked_add(b.months)?,
        weeks: a.weeks.checked_add(b.weeks)?,
        days: a.days.checked_add(b.days)?,
        hours: a.hours.checked_add(b.hours)?,
        minutes: a.minutes.checked_add(b.minutes)?,
        seconds: a.seconds.checked_add(b.seconds)?,
    })
}
