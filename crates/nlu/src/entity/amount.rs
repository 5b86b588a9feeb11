//! Numbers by themselves, ordinals, shares of a hundred and money.

use rust_decimal::Decimal;

use super::kind::Kind;
use super::number::{Form, Numeral};
use super::reader::{Draft, Reader};
use super::value::Value;
use super::words::Sense;

/// What follows 成 when it is not "tenths": 成功, 成员.
const NOT_TENTHS: &str = "功员为本熟交立都长就人分";
/// What stands before a digit or 一个 when nothing is counted: 这一个.
const NOT_COUNTED_AFTER: &str = "这那每哪某另同上下第统唯";

/// What follows "one" when it stands for a person or a thing that was named before.
const AFTER_PRONOUN: &[&str] = &[
    "of", "that", "which", "who", "is", "was", "for", "to", "from", "in", "on", "at", "with", "i",
    "you", "we", "they", "it", "he", "she", "can", "will", "would", "could", "should", "has",
    "had", "have", "does", "did", "do", "and", "or", "but", "please", "yet", "now", "more", "as",
    "by", "so", "if", "than", "because", "when", "where", "a", "the", "my", "this", "today",
    "tomorrow", "instead", "say", "go", "get", "be", "said", "already",
];

impl Reader<'_> {
    /// Reads every amount that begins at a token.
    pub(super) fn amounts(&self, i: usize, drafts: &mut Vec<Draft>) {
        let mut push = |kind: Kind, found: Option<(Value, usize)>| {
            drafts.extend(found.map(|(value, end)| Draft { kind, start: i, end, value }));
        };
        push(Kind::Number, self.number(i));
        push(Kind::Ordinal, self.ordinal(i).map(|(value, end)| (Value::Ordinal { value }, end)));
        push(Kind::Percent, self.percent(i));
        push(Kind::Money, self.money(i));
        push(Kind::Phone, self.spoken_phone(i));
    }

    /// Reads a telephone number that is spelled in words: 幺三八…
    fn spoken_phone(&self, i: usize) -> Option<(Value, usize)> {
        let numeral = self.numerals.whole(i).filter(|_| !self.numerals.is_inside(i))?;
        let Form::Positional(7..) = numeral.form else { return None };
        let digit = |at| {
            self.tokens.find(at, |sense| match sense {
                Sense::Digit(digit) | Sense::Small(digit) => Some(char::from(b'0' + digit)),
                _ => None,
            })
        };
        let digits: String = (i..numeral.end).map_while(digit).collect();
        Some((super::digits::spoken(digits)?, numeral.end))
    }

    fn number(&self, i: usize) -> Option<(Value, usize)> {
        if self.numerals.full(i).is_none()
            && let Some((value, end)) = self.half(i)
        {
            return Some((Value::Number { value }, end));
        }
        if let Some((value, end)) = self.fraction(i) {
            return Some((Value::Number { value }, end));
        }
        let numeral = self.numerals.full(i).filter(|numeral| self.is_number(i, numeral))?;
        Some(match numeral.most {
            Some(most) => (Value::NumberRange { least: numeral.value, most }, numeral.end),
            None => self.with_half(numeral),
        })
    }

    /// Reads 一半 and the 半 of 半个.
    fn half(&self, i: usize) -> Option<(Decimal, usize)> {
        let tokens = self.tokens;
        let counted = tokens.is(i, Sense::Half) && tokens.is(i + 1, Sense::Measure);
        let worded = tokens.is(i, Sense::HalfWord)
            && (tokens.is(i + 1, Sense::Article) || tokens.is(i + 1, Sense::Of));
        let alone = tokens.is(i, Sense::Half) && self.stands_alone(i, i + 1);
        let half = tokens.is(i, Sense::OneHalf) || counted || worded || alone;
        (half && !self.is_more(i + 1)).then_some((Decimal::new(5, 1), i + 1))
    }

    /// Reads 四分之三, if it has an end as a decimal number.
    fn fraction(&self, i: usize) -> Option<(Decimal, usize)> {
        let below = self.numerals.whole(i)?;
        let above = self.numerals.whole(below.end + 1)?;
        let is_fraction = self.tokens.is(below.end, Sense::Fraction) && !self.numerals.is_inside(i);
        let value = above.value.checked_div(below.value).filter(|_| is_fraction)?.normalize();
        let is_exact = value.checked_mul(below.value) == Some(above.value);
        is_exact.then_some((value, above.end))
    }

    /// Adds the half of 两个半.
    fn with_half(&self, numeral: Numeral) -> (Value, usize) {
        let at = numeral.end;
        let halved = self.tokens.is(at, Sense::Measure)
            && self.tokens.is(at + 1, Sense::Half)
            && numeral.value.fract().is_zero();
        match numeral.value.checked_add(Decimal::new(5, 1)).filter(|_| halved) {
            Some(value) => (Value::Number { value }, at + 2),
            None => (Value::Number { value: numeral.value }, at),
        }
    }

    /// Tells whether a number at a token is meant as one.
    fn is_number(&self, i: usize, numeral: &Numeral) -> bool {
        let tokens = self.tokens;
        let begins_in_digits = tokens.digits(i).is_some();
        let in_units = begins_in_digits && tokens.is(numeral.end, Sense::Measure);
        if (self.continues_after(numeral.end) && !in_units)
            || (begins_in_digits && self.continues_before(i))
        {
            return false;
        }
        if tokens.is(numeral.end, Sense::NameEnding) || self.numerals.is_inside(i) {
            return false;
        }
        // 一个多小时 is more than one, and of 三分之一 neither number means itself.
        let in_fraction =
            tokens.is(numeral.end, Sense::Fraction) || (i > 0 && tokens.is(i - 1, Sense::Fraction));
        if self.is_more(numeral.end) || in_fraction {
            return false;
        }
        let counts = tokens.is(numeral.end, Sense::Measure);
        let told = tokens.char_before(i).is_some_and(|c| NOT_COUNTED_AFTER.contains(c));
        match numeral.form {
            Form::Single if tokens.senses(i).iter().any(|s| matches!(s, Sense::Small(_))) => {
                (i == 0 || !self.makes_pronoun(i - 1)) && self.may_be_counted(i, numeral.end)
            }
            Form::Single => !told && (counts || self.stands_alone(i, numeral.end)),
            Form::Positional(2) => counts || self.stands_alone(i, numeral.end),
            Form::Words => tokens.char_before(i) != Some('双'),
            _ => true,
        }
    }

    /// Tells whether what follows "one" may be a thing; alone in a text it is an answer.
    fn may_be_counted(&self, i: usize, end: usize) -> bool {
        let word = self.word(end);
        let is_thing = word.starts_with(super::fold::is_letter) && !AFTER_PRONOUN.contains(&word);
        let alone = i == 0 || matches!(self.word(i - 1), "for" | "of" | "only" | "just" | "least");
        is_thing || (alone && end == self.tokens.len())
    }

    /// Tells whether a word makes a pronoun of the "one" after it.
    fn makes_pronoun(&self, i: usize) -> bool {
        let makes = |sense: &Sense| {
            matches!(sense, Sense::BeforePronoun | Sense::OrdinalWord(_) | Sense::Shift(_))
        };
        self.tokens.senses(i).iter().any(makes)
    }

    /// Tells whether 个多 follows a number, which then is less than what is meant.
    fn is_more(&self, end: usize) -> bool {
        self.tokens.is(end, Sense::Measure) && self.tokens.is(end + 1, Sense::Over)
    }

    /// Tells whether neither a Chinese character nor a letter touches the tokens.
    fn stands_alone(&self, i: usize, end: usize) -> bool {
        let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !touches(self.tokens.char_before(i)) && !touches(self.tokens.char_after(end))
    }

    /// Reads an ordinal: 第三, 22nd, twenty-first.
    pub(super) fn ordinal(&self, i: usize) -> Option<(u64, usize)> {
        let tokens = self.tokens;
        if tokens.is(i, Sense::OrdinalMark) {
            let numeral = self.numerals.whole(i + 1)?;
            return Some((u64::from(numeral.integer()?), numeral.end));
        }
        if let Some(digits) = tokens.digits(i) {
            let ends = tokens.is(i + 1, Sense::OrdinalEnding) && !tokens.is_spaced(i + 1);
            let value = digits.parse().ok().filter(|_| ends && !self.continues_before(i))?;
            return Some((value, i + 2));
        }
        self.ordinal_words(i)
    }

    fn ordinal_words(&self, i: usize) -> Option<(u64, usize)> {
        let tokens = self.tokens;
        let word =
            |at| tokens.find(at, |s| if let Sense::OrdinalWord(n) = s { Some(n) } else { None });
        if let Some(value) = word(i) {
            return (!self.is_second_of_time(i)).then_some((u64::from(value), i + 1));
        }
        // "twenty-first", "one hundred and first"
        let numeral = self.numerals.whole(i).filter(|_| tokens.digits(i).is_none())?;
        let and = usize::from(tokens.is(numeral.end, Sense::And));
        let hyphen = usize::from(tokens.is_joined_mark(numeral.end, '-'));
        let at = numeral.end + and.max(hyphen);
        let (below, before) = (word(at)?, numeral.integer()?);
        let value = match before {
            20..100 if before.is_multiple_of(10) && below < 10 && and == 0 => before + below,
            1..100 if below >= 100 => before.checked_mul(below)?,
            100.. if before.is_multiple_of(100) && below < 100 => before + below,
            _ => return None,
        };
        Some((u64::from(value), at + 1))
    }

    /// Tells whether "second" is a unit here: "a second", "one second".
    fn is_second_of_time(&self, i: usize) -> bool {
        let counted = i > 0
            && (self.numerals.full(i - 1).is_some_and(|numeral| numeral.end == i)
                || self.tokens.is(i - 1, Sense::Article));
        counted && self.tokens.senses(i).iter().any(|sense| matches!(sense, Sense::Unit(_)))
    }

    fn percent(&self, i: usize) -> Option<(Value, usize)> {
        let tokens = self.tokens;
        if tokens.is(i, Sense::AllOfIt) {
            return Some((Value::Percent { value: Decimal::ONE_HUNDRED }, i + 1));
        }
        let prefix = tokens.find(i, |s| if let Sense::PerPrefix(p) = s { Some(p) } else { None });
        if let Some(power) = prefix {
            let (value, end) = if tokens.is(i + 1, Sense::Scale(2)) {
                (Decimal::ONE_HUNDRED, i + 2)
            } else {
                let numeral = self.numerals.exact(i + 1)?;
                (numeral.value, numeral.end)
            };
            return Some((Value::Percent { value: of_hundred(value, power)? }, end));
        }
        let numeral = self.numerals.exact(i)?;
        if tokens.digits(i).is_some() && self.continues_before(i) {
            return None;
        }
        let at = numeral.end;
        let suffix = tokens.find(at, |s| if let Sense::PerSuffix(p) = s { Some(p) } else { None });
        if let Some(power) = suffix {
            return Some((Value::Percent { value: of_hundred(numeral.value, power)? }, at + 1));
        }
        let tenths = tokens.is(at, Sense::Tenth)
            && !tokens.char_after(at + 1).is_some_and(|c| NOT_TENTHS.contains(c));
        let few = numeral.integer().is_some_and(|value| (1..=10).contains(&value));
        let value = numeral.value.checked_mul(Decimal::TEN).filter(|_| tenths && few)?;
        Some((Value::Percent { value }, at + 1))
    }
}

/// Turns parts of a hundred or a thousand into parts of a hundred.
fn of_hundred(value: Decimal, power: u8) -> Option<Decimal> {
    let value = if power == 3 { value.checked_div(Decimal::TEN)? } else { value };
    Some(value.normalize())
}
