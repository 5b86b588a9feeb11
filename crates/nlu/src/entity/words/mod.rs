//! The vocabulary: which words mean what, in tables for both languages, and their look-up.
//!
//! It knows words one by one. What they mean together is the matter of the grammars beside this folder.

mod calendar;
mod idiom;
mod money;
mod number;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) use calendar::{Part, Unit};
pub(super) use money::PIECES;

use super::feast::Feast;
use super::fold::is_letter;

/// One meaning of a word; a word may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// A Chinese digit.
    Digit(u8),
    /// 十 百 千 万 亿, as a power of ten.
    Scale(u8),
    /// 几 as a digit that is not told.
    Several,
    /// 多, 余: a little more.
    Over,
    /// 半.
    Half,
    /// 一半.
    OneHalf,
    /// 点 between digits, "point".
    Point,
    /// 负, "minus".
    Negative,
    /// An English number below twenty.
    Small(u8),
    /// Twenty to ninety.
    Tens(u8),
    /// Hundred.
    Hundred,
    /// Thousand and above, as a power of ten.
    Big(u8),
    /// `k` directly after digits.
    Kilo,
    /// "and".
    And,
    /// "dozen".
    Dozen,
    /// "couple", also with "of".
    Couple,
    /// "a" and "an".
    Article,
    /// "half".
    HalfWord,
    /// An English ordinal below twenty, or of tens, or a hundredth and the like.
    OrdinalWord(u32),
    /// 第.
    OrdinalMark,
    /// "st", "nd", "rd", "th" directly after digits.
    OrdinalEnding,
    /// What counts things, and so shows that a short word is a number: 个, 件.
    Measure,
    /// What follows a number that is a name: 号线, 年级.
    NameEnding,
    /// 百分之, 千分之, as a power of ten.
    PerPrefix(u8),
    /// `%`, "percent", 个百分点; `‰` as 3.
    PerSuffix(u8),
    /// 成: tenths.
    Tenth,
    /// 分之.
    Fraction,
    /// 百分百.
    AllOfIt,
    /// A sign or code of a currency, which stands before or after the amount.
    Sign(&'static str),
    /// A unit after the amount: the currency and the power of ten that the unit is below the main one.
    Coin(&'static str, u8),
    /// 块: an amount of money, unless a thing follows.
    Kuai,
    /// 钱, which may end an amount.
    MoneyWord,
    /// A unit of time that can be counted.
    Unit(Unit),
    /// A word that names the stretch of the calendar: 月 in 下个月, 周 in 下周.
    Stretch(Unit),
    /// 年 after the number of a year.
    YearMark,
    /// 月 after the number of a month.
    MonthMark,
    /// 日 and 号 after the number of a day.
    DayMark,
    /// A month by name.
    Month(u8),
    /// A month that is also another word: may, march.
    WeakMonth(u8),
    /// A day of the week, from 1 for Monday.
    Weekday(u8),
    /// A day of the week that is also another word: sun, sat, wed.
    WeakWeekday(u8),
    /// 周末, "weekend".
    Weekend,
    /// Next, last, this: how many stretches onwards.
    Shift(i8),
    /// "last" and "past", which go back from today for a day of the week.
    Last,
    /// A day by its distance from today.
    DayOffset(i8),
    /// A part of a day by its distance from today: tonight.
    PartOffset(i8, Part),
    /// This moment.
    Now,
    /// A year by its distance from this one.
    YearOffset(i8),
    /// Before a length of time, a stretch that ends (-1) or begins (1) today: 最近, "the last".
    Around(i8),
    /// The first, middle or last day of a stretch: 月底, 年初.
    Edge(Unit, Edge),
    /// "end of", which a stretch follows.
    EdgeOf(Edge),
    /// A holiday.
    Holiday(Feast),
    /// 前, "ago".
    Ago,
    /// 后, "later", "from now".
    Later,
    /// "in", before a length of time that lies ahead.
    In,
    /// What may stand between a date and a time: 的, "at", "on".
    Joint,
    /// "at", which makes a bare number an hour.
    At,
    /// "the".
    The,
    /// "of" between a day and a month.
    Of,
    /// 点, "o'clock".
    Clock,
    /// 点 and 时 are hours; 时 alone only with digits.
    ClockHour,
    /// 整, "sharp".
    Sharp,
    /// 过, "past".
    Past,
    /// 差, "to".
    To,
    /// 刻, "quarter": fifteen minutes.
    Quarter,
    /// "half past".
    HalfPast,
    /// 分 after the minutes of a time.
    MinuteMark,
    /// 秒 after the seconds of a time.
    SecondMark,
    /// A time by name: noon.
    NamedHour(u8),
    /// A part of the day: 下午, pm.
    Part(Part),
    /// "am" and "pm" right after a number, and "in the morning".
    PartAfter(Part),
    /// A word before "one" that makes a pronoun of it.
    BeforePronoun,
    /// 零 between parts of a duration, and the like: does not end it.
    Zero,
}

/// Tells which day of a stretch is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// The first.
    Start,
    /// The one in the middle.
    Middle,
    /// Ten days of a month, from 0 for the first; the last are the rest of it.
    Tenth(u8),
    /// The last.
    End,
}

/// A row of a table: a meaning and its words in both languages, folded.
pub(super) type Row = (Sense, &'static [&'static str]);

/// A word or phrase that means something else than its parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Idiom {
    phrase: &'static str,
    /// Characters after which it is not taken.
    not_after: &'static str,
    /// Characters before which it is not taken.
    not_before: &'static str,
}

/// Finds the words of all tables, the longest first.
pub(super) struct Vocabulary {
    words: HashMap<Key, Vec<(&'static str, Vec<Sense>)>>,
    idioms: HashMap<Key, Vec<Idiom>>,
}

/// The first two characters of a word.
type Key = (char, char);

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::build);

/// Returns the vocabulary, which is built once in a process.
pub(super) fn vocabulary() -> &'static Vocabulary {
    &VOCABULARY
}

impl Vocabulary {
    /// Finds the longest word with which a text begins: its length in bytes and its meanings.
    pub(super) fn word(&'static self, text: &str) -> Option<(usize, &'static [Sense])> {
        let fits = |word: &str| text.starts_with(word) && ends_well(word, text);
        keys(text).into_iter().find_map(|key| {
            let words = self.words.get(&key)?;
            let (word, senses) = words.iter().find(|(word, _)| fits(word))?;
            Some((word.len(), senses.as_slice()))
        })
    }

    /// Finds the longest idiom that begins at a place of a text: its length in bytes.
    pub(super) fn idiom(&self, text: &str, at: usize) -> Option<usize> {
        let rest = &text[at..];
        let before = text[..at].trim_end().chars().next_back();
        let fits = |idiom: &&Idiom| {
            let after = || rest[idiom.phrase.len()..].chars().next();
            rest.starts_with(idiom.phrase)
                && ends_well(idiom.phrase, rest)
                && !before.is_some_and(|c| idiom.not_after.contains(c))
                && !after().is_some_and(|c| idiom.not_before.contains(c))
        };
        keys(rest)
            .into_iter()
            .find_map(|key| self.idioms.get(&key)?.iter().find(fits))
            .map(|idiom| idiom.phrase.len())
    }

    fn build() -> Self {
        let mut senses: HashMap<&'static str, Vec<Sense>> = HashMap::new();
        let tables = [number::WORDS, money::WORDS, calendar::WORDS];
        for (sense, words) in tables.into_iter().flatten() {
            for word in *words {
                senses.entry(word).or_default().push(*sense);
            }
        }
        let mut words: HashMap<Key, Vec<_>> = HashMap::new();
        for (word, senses) in senses {
            words.entry(key_of(word)).or_default().push((word, senses));
        }
        words.values_mut().for_each(|words| words.sort_by_key(|(word, _)| usize::MAX - word.len()));
        let mut idioms: HashMap<Key, Vec<Idiom>> = HashMap::new();
        for idiom in idiom::all() {
            idioms.entry(key_of(idiom.phrase)).or_default().push(idiom);
        }
        idioms
            .values_mut()
            .for_each(|list| list.sort_by_key(|idiom| usize::MAX - idiom.phrase.len()));
        Self { words, idioms }
    }
}

fn key_of(word: &str) -> Key {
    let mut chars = word.chars();
    (chars.next().unwrap_or('\0'), chars.next().unwrap_or('\0'))
}

/// The keys under which words stand with which a text begins: those of two characters, then those of one.
fn keys(text: &str) -> [Key; 2] {
    let key = key_of(text);
    [key, (key.0, '\0')]
}

/// Tells whether a word does not end in the middle of a longer Latin word.
fn ends_well(word: &str, text: &str) -> bool {
    let letter_ends = word.chars().next_back().is_some_and(is_letter);
    !letter_ends || !text[word.len()..].chars().next().is_some_and(is_letter)
}
