//! The lexicon: which emotions a message shows, by words and by how it is written.
//!
//! A rule, not a model: a supervisor can read why a conversation was handed over. The words stand in `words`, and a
//! company adds its own for anger. All of them are found in one pass. It knows nothing of intents.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;

use super::denial::{is_denied, stands_alone, without_fillers};
use super::emotion::{Emotion, Emotions};
use super::words;
use crate::text;

/// The share of calm that one word of an emotion leaves.
const CALM_LEFT_BY_WORD: f32 = 0.4;
/// More words than this strengthen an emotion no further.
const WORDS_MAX: u8 = 8;
/// What emphasis alone, without an angry word, may come to: joy shouts as well.
const EMPHASIS_ALONE_MAX: f32 = 0.35;
/// What is left of anger that is told by somebody who is content now: "I was furious, thank you for solving it".
const ANGER_LEFT_BY_JOY: f32 = 0.5;
/// Stands for a phrase that shows nothing, whatever word it contains; an emotion is the bit of its number.
const NOTHING: u8 = 1 << 7;
const EMOTIONS: usize = Emotion::ALL.len();

/// Holds the words that show emotions: ours, and those that a company takes for anger besides.
#[derive(Debug, Clone)]
pub struct Lexicon {
    /// The company's own words, normalised.
    angry: Vec<String>,
    finder: AhoCorasick,
    /// What each pattern of the finder shows, as bits.
    meanings: Arc<[u8]>,
}

/// A word in a text.
struct Word {
    start: usize,
    end: usize,
    meaning: u8,
}

/// The lexicon of our own words alone.
impl Default for Lexicon {
    fn default() -> Self {
        static OURS: OnceLock<Lexicon> = OnceLock::new();
        OURS.get_or_init(|| Self::new::<&str>([])).clone()
    }
}

/// Lexicons are equal if the words that were added to them are.
impl PartialEq for Lexicon {
    fn eq(&self, other: &Self) -> bool {
        self.angry == other.angry
    }
}

impl Lexicon {
    /// Creates a lexicon of our words, and of words and phrases in any language that show anger besides.
    pub fn new<S: AsRef<str>>(angry: impl IntoIterator<Item = S>) -> Self {
        let mut angry: Vec<String> =
            angry.into_iter().map(|word| text::normalise(word.as_ref())).collect();
        angry.retain(|word| !word.is_empty());
        angry.sort_unstable();
        angry.dedup();
        let mut patterns: BTreeMap<String, u8> = BTreeMap::new();
        let mut add = |word: String, meaning: u8| *patterns.entry(word).or_default() |= meaning;
        for (number, list) in words::EMOTIONS.iter().enumerate() {
            list.split('|').for_each(|word| add(text::normalise(word.trim()), 1 << number));
        }
        angry.iter().for_each(|word| add(word.clone(), 1 << Emotion::Anger as u8));
        words::NOTHING.split('|').for_each(|word| add(text::normalise(word.trim()), NOTHING));
        let finder =
            AhoCorasick::new(patterns.keys()).expect("a list that people wrote is not too long");
        Self { angry, finder, meanings: patterns.into_values().collect() }
    }

    /// Tells how strongly each emotion shows in a text, from 0 to 1. Only the first [`text::CHARS_MAX`] characters are read.
    ///
    /// One word of an emotion alone gives 0.6, two 0.84. Exclamation marks, shouting capitals and drawn-out characters
    /// strengthen anger, and give at most 0.35 by themselves, nothing where somebody is content. Words that are denied
    /// ("not a scam", 不是骗子) do not count.
    #[must_use]
    pub fn emotions(&self, text: &str) -> Emotions {
        let text = text::capped(text);
        self.emotions_normalised(text, &text::normalise(text))
    }

    pub(crate) fn emotions_normalised(&self, original: &str, normalised: &str) -> Emotions {
        let counts = self.count(normalised);
        Emotions::each(|emotion| match emotion {
            Emotion::Anger => anger(&counts, original),
            other => 1.0 - calm(counts[other as usize]),
        })
    }

    /// Counts the words of each emotion that do not overlap and are not denied.
    fn count(&self, text: &str) -> [u8; EMOTIONS] {
        let (mut counts, mut covered) = ([0u8; EMOTIONS], [0usize; EMOTIONS]);
        let mut hidden = 0;
        for word in self.words(text) {
            if word.meaning & NOTHING != 0 {
                hidden = word.end.max(hidden);
            }
            if word.end <= hidden || is_said_otherwise(&text[..word.start]) {
                continue;
            }
            for emotion in (0..EMOTIONS).filter(|emotion| word.meaning & (1 << emotion) != 0) {
                let is_apart = word.start >= covered[emotion];
                counts[emotion] = (counts[emotion] + u8::from(is_apart)).min(WORDS_MAX);
                covered[emotion] = covered[emotion].max(word.end);
            }
        }
        counts
    }

    /// Finds the words of a text, in its order, parts of longer words left out; of those that begin together the
    /// longest comes first.
    fn words(&self, text: &str) -> Vec<Word> {
        let found = self.finder.find_overlapping_iter(text).map(|found| Word {
            start: found.start(),
            end: found.end(),
            meaning: self.meanings[found.pattern().as_usize()],
        });
        let mut words: Vec<Word> =
            found.filter(|word| stands_alone(text, word.start, word.end)).collect();
        words.sort_unstable_by_key(|word| (word.start, Reverse(word.end)));
        words
    }
}

/// The share of calm that so many words leave.
fn calm(words: u8) -> f32 {
    CALM_LEFT_BY_WORD.powi(i32::from(words))
}

/// How angry a text is, by its words and by how it is written.
fn anger(counts: &[u8; EMOTIONS], text: &str) -> f32 {
    let words = counts[Emotion::Anger as usize];
    let joy = counts[Emotion::Satisfaction as usize] + counts[Emotion::Gratitude as usize];
    match (words, joy) {
        (0, 0) => EMPHASIS_ALONE_MAX * emphasis(text),
        (0, _) => 0.0,
        _ => {
            let left = if joy > words { ANGER_LEFT_BY_JOY } else { 1.0 };
            left * (1.0 - calm(words) * (1.0 - emphasis(text)))
        }
    }
}

/// Tells whether what stands before a word denies it.
fn is_said_otherwise(before: &str) -> bool {
    is_denied(before) || is_denied(without_fillers(before))
}

/// Measures exclamation marks, shouting capitals and drawn-out characters together, from 0 to 1.
fn emphasis(text: &str) -> f32 {
    let by_marks = match text.chars().filter(|c| matches!(c, '!' | '！' | '‼')).count() {
        0 => 0.0,
        1 | 2 => 0.2,
        _ => 0.55,
    };
    let by_capitals = if is_shouted(text) { 0.5 } else { 0.0 };
    let by_length = if is_drawn_out(text) { 0.2 } else { 0.0 };
    1.0 - (1.0 - by_marks) * (1.0 - by_capitals) * (1.0 - by_length)
}

/// Whether at least two words stand in capitals, or nearly.
fn is_shouted(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let capitals = text.bytes().filter(u8::is_ascii_uppercase).count();
    words.count() >= 2 && letters >= 6 && capitals * 10 >= letters * 7
}

/// Whether a character is repeated to draw a word out, as in "sooooo". Digits, spaces and lines are repeated for other reasons.
fn is_drawn_out(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    characters.chunk_by(|a, b| a == b).any(|run| {
        let c = run[0];
        run.len() >= 4 && !c.is_numeric() && !c.is_whitespace() && !"._-。".contains(c)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lexicon() -> Lexicon {
        Lexicon::new(["黑店", "ass", "ＮＩＧＨＴＭＡＲＥ"])
    }

    fn anger_of(text: &str) -> f32 {
        lexicon().emotions(text).anger
    }

    #[test]
    fn calm_messages_show_nothing() {
        for text in ["我想查询基金的收益情况", "where is my class schedule", "", "order 1111111"]
        {
            assert_eq!(lexicon().emotions(text), Emotions::default(), "{text}");
        }
    }

    #[test]
    fn angry_words_count_and_emphasis_strengthens_them() {
        assert!((anger_of("你们是骗子") - 0.6).abs() < 1e-6);
        assert!(anger_of("你们是骗子！！！") > 0.8);
        assert!(anger_of("骗子，垃圾") > 0.8);
        assert!(anger_of("this is a SCAM") >= 0.6);
        assert!(anger_of("THIS IS A SCAM") > anger_of("this is a scam"));
        assert!(anger_of("i am fed up with you idiots") > 0.8);
    }

    #[test]
    fn a_company_adds_its_own_words() {
        for text in ["你们是黑店", "what a nightmare"] {
            assert!((anger_of(text) - 0.6).abs() < 1e-6, "{text}");
            assert_eq!(Lexicon::default().emotions(text).anger, 0.0, "{text}");
        }
    }

    #[test]
    fn overlapping_words_count_once() {
        assert!((anger_of("what a rip off") - 0.6).abs() < 1e-6);
        assert!((anger_of("气死了") - 0.6).abs() < 1e-6);
    }

    #[test]
    fn a_part_of_a_word_is_not_the_word() {
        for text in
            ["first class scammed are classified", "页面滚动很卡", "垃圾桶多少钱", "打算了解一下"]
        {
            let emotions = lexicon().emotions(text);
            assert_eq!((emotions.anger, emotions.disappointment), (0.0, 0.0), "{text}");
        }
        assert!(anger_of("垃圾桶质量垃圾") >= 0.6);
    }

    #[test]
    fn denied_words_do_not_count_but_questions_do() {
        for text in [
            "你们不是骗子",
            "没有骗子",
            "我没生气",
            "我没有很生气",
            "我没在生气",
            "it is not a scam",
            "this isn't a scam",
            "i'm not angry",
            "I am not at all angry",
            "i'm not really that angry",
        ] {
            assert_eq!(anger_of(text), 0.0, "{text}");
        }
        for text in [
            "你们是不是骗子",
            "你们是不是真的骗子",
            "这样我能不生气吗",
            "no, scam",
            "还不退款骗子",
            "why not refund me you idiots",
        ] {
            assert!(anger_of(text) >= 0.6, "{text}");
        }
    }

    #[test]
    fn joy_is_not_anger() {
        for text in ["太好了！！！！！！谢谢谢谢", "THANKS A LOT!!!", "thank you!!!!", "谢谢！！！"]
        {
            assert_eq!(anger_of(text), 0.0, "{text}");
        }
        assert!(anger_of("HELLO WHERE ARE YOU!!!") <= EMPHASIS_ALONE_MAX);
        assert!(anger_of("i was furious, thank you so much, it works now") <= 0.5);
        assert!(anger_of("谢谢你们这群骗子") >= 0.6);
    }

    proptest! {
        #[test]
        fn every_strength_lies_between_0_and_1(text in "(垃圾|scam|not |!|不|谢谢|\\PC){0,40}") {
            for (_, strength) in lexicon().emotions(&text).all() {
                prop_assert!((0.0..=1.0).contains(&strength));
            }
        }
    }
}
