//! How angry a message sounds, from a list of words and from how it is written.
//!
//! A rule, not a model: a supervisor can read why a conversation was handed over. It knows nothing of intents. The other
//! emotions, and what customers feel on the whole, are the matter of [`crate::sentiment`].

use aho_corasick::AhoCorasick;

use crate::text;

/// The share of calm that one angry word leaves.
const CALM_LEFT_BY_WORD: f32 = 0.4;
/// What emphasis alone, without an angry word, may come to: joy shouts as well.
const EMPHASIS_ALONE_MAX: f32 = 0.35;
/// What stands directly before a Chinese word that is denied.
const HAN_NEGATIONS: [&str; 12] = [
    "不",
    "没",
    "没有",
    "不是",
    "不太",
    "不算",
    "不会",
    "不那么",
    "没那么",
    "不怎么",
    "并非",
    "别",
];
/// What ends in a negation and yet denies nothing: a question of the form "is it or is it not".
const HAN_QUESTIONS: [&str; 3] = ["是不是", "会不会", "有没有"];
/// How many words before an English one are searched for a negation.
const NEGATION_REACH_WORDS: usize = 2;

/// Holds the words that a company takes for anger, normalised.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    words: Vec<String>,
    /// Finds all words in one pass; `None` if there are none.
    finder: Option<AhoCorasick>,
}

/// Lexicons are equal if their words are.
impl PartialEq for Lexicon {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl Lexicon {
    /// Creates a lexicon of words and phrases in any language.
    pub fn new<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Self {
        let mut words: Vec<String> =
            words.into_iter().map(|word| text::normalise(word.as_ref())).collect();
        words.retain(|word| !word.is_empty());
        words.sort_unstable();
        words.dedup();
        let finder = || AhoCorasick::new(&words).expect("a list that people wrote is not too long");
        let finder = (!words.is_empty()).then(finder);
        Self { words, finder }
    }

    /// Scores how angry a text sounds, from 0 (calm) to 1.
    ///
    /// One angry word alone gives 0.6, two 0.84; exclamation marks, shouting capitals and drawn-out characters
    /// strengthen it, and give at most 0.35 by themselves. Words that are denied ("not a scam", 不是骗子) do not count.
    #[must_use]
    pub fn score(&self, text: &str) -> f32 {
        let text = text::capped(text);
        self.score_normalised(text, &text::normalise(text))
    }

    pub(crate) fn score_normalised(&self, original: &str, normalised: &str) -> f32 {
        let words = self.count(normalised);
        let calm = 1.0 - emphasis(original);
        if words == 0 {
            return EMPHASIS_ALONE_MAX * (1.0 - calm);
        }
        1.0 - CALM_LEFT_BY_WORD.powi(words.min(16) as i32) * calm
    }

    /// Counts words that do not overlap and are not denied.
    pub(crate) fn count(&self, text: &str) -> usize {
        let Some(finder) = &self.finder else { return 0 };
        let found = finder.find_overlapping_iter(text).map(|found| (found.start(), found.end()));
        let mut spans: Vec<(usize, usize)> = found
            .filter(|&(start, end)| stands_alone(text, start, end) && !is_denied(&text[..start]))
            .collect();
        spans.sort_unstable();
        let (mut count, mut covered) = (0, 0);
        for (start, end) in spans {
            count += usize::from(start >= covered);
            covered = covered.max(end);
        }
        count
    }
}

/// Tells whether a match is not a part of a longer Latin word.
pub(crate) fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let joins = |a: Option<char>, b: Option<char>| match (a, b) {
        (Some(a), Some(b)) => is_spaced_letter(a) && is_spaced_letter(b),
        _ => false,
    };
    let inside = &text[start..end];
    !joins(text[..start].chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), text[end..].chars().next())
}

fn is_spaced_letter(c: char) -> bool {
    c.is_alphanumeric() && !text::is_unspaced(c)
}

pub(crate) fn is_denied(before: &str) -> bool {
    if HAN_QUESTIONS.iter().any(|question| before.ends_with(question)) {
        return false;
    }
    if HAN_NEGATIONS.iter().any(|negation| before.ends_with(negation)) {
        return true;
    }
    let clause = before.rsplit([',', '.', '!', '?', ';', ':', '。', '、']).next().unwrap_or(before);
    clause.split_whitespace().rev().take(NEGATION_REACH_WORDS).any(|word| {
        matches!(word, "not" | "no" | "never" | "without" | "aint" | "dont" | "isnt")
            || word.ends_with("n't")
            || word.ends_with("n’t")
    })
}

/// Measures exclamation marks, shouting capitals and drawn-out characters together, from 0 to 1.
fn emphasis(text: &str) -> f32 {
    let (mut marks, mut capitals, mut letters, mut repeats, mut longest) =
        (0usize, 0usize, 0usize, 0usize, 0usize);
    let (mut last, mut words) = ('\0', 0usize);
    for c in text.chars() {
        marks += usize::from(matches!(c, '!' | '！' | '‼'));
        words += usize::from(c.is_ascii_alphabetic() && !last.is_ascii_alphabetic());
        letters += usize::from(c.is_ascii_alphabetic());
        capitals += usize::from(c.is_ascii_uppercase());
        repeats = if c == last
            && !c.is_numeric()
            && !c.is_whitespace()
            && !matches!(c, '.' | '-' | '_' | '。')
        {
            repeats + 1
        } else {
            1
        };
        longest = longest.max(repeats);
        last = c;
    }
    let by_marks = match marks {
        0 => 0.0,
        1 | 2 => 0.2,
        _ => 0.55,
    };
    let shouts = words >= 2 && letters >= 6 && capitals * 10 >= letters * 7;
    let by_capitals = if shouts { 0.5 } else { 0.0 };
    let by_repeats = if longest >= 4 { 0.2 } else { 0.0 };
    1.0 - (1.0 - by_marks) * (1.0 - by_capitals) * (1.0 - by_repeats)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lexicon() -> Lexicon {
        Lexicon::new(["垃圾", "骗子", "垃圾公司", "scam", "ass", "fed up", "ＩＤＩＯＴＳ"])
    }

    #[test]
    fn calm_messages_score_nothing() {
        for text in
            ["我想查询基金的收益情况", "where is my class schedule", "谢谢", "", "order 1111111"]
        {
            assert_eq!(lexicon().score(text), 0.0, "{text}");
        }
    }

    #[test]
    fn angry_words_score_and_emphasis_strengthens_them() {
        let score = |text| lexicon().score(text);

        assert!((score("你们是骗子") - 0.6).abs() < 1e-6);
        assert!(score("你们是骗子！！！") > 0.8);
        assert!(score("骗子，垃圾") > 0.8);
        assert!(score("this is a SCAM") >= 0.6);
        assert!(score("THIS IS A SCAM") > score("this is a scam"));
        assert!(score("i am fed up with you idiots") > 0.8);
    }

    #[test]
    fn overlapping_words_count_once() {
        assert!((lexicon().score("垃圾公司") - 0.6).abs() < 1e-6);
    }

    #[test]
    fn a_part_of_a_word_is_not_the_word() {
        assert_eq!(lexicon().score("first class scams are classified"), 0.0);
    }

    #[test]
    fn denied_words_do_not_count_but_questions_do() {
        for text in
            ["你们不是骗子", "没有骗子", "it is not a scam", "this isn't a scam", "don't scam"]
        {
            assert_eq!(lexicon().score(text), 0.0, "{text}");
        }
        for text in ["你们是不是骗子", "no, scam", "还不退款骗子", "why not refund me you idiots"]
        {
            assert!(lexicon().score(text) >= 0.6, "{text}");
        }
    }

    #[test]
    fn joy_alone_is_not_anger() {
        assert!(lexicon().score("太好了！！！！！！谢谢谢谢") <= EMPHASIS_ALONE_MAX);
    }

    proptest! {
        #[test]
        fn every_score_lies_between_0_and_1(text in "(垃圾|scam|not |!|不|\\PC){0,40}") {
            let score = lexicon().score(&text);

            prop_assert!((0.0..=1.0).contains(&score));
        }
    }
}
