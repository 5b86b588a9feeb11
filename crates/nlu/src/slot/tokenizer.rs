//! How a text is cut into the tokens that a tagger was trained on: the way is told from the training utterances.
//!
//! Training sets differ: some take every character for a token, some every word, some what stands between spaces. A
//! tagger that cut a text in another way than its training did would meet tokens that it has never seen.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::text;

/// So many utterances are enough to tell how their tokens were cut.
const TRIED_MAX: usize = 2_000;

/// Names a way to cut a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tokenizer {
    /// Words and numbers; each mark, and each character of a script without spaces, by itself.
    Words,
    /// What stands between spaces.
    Spaces,
    /// Each character by itself.
    Characters,
    /// As [`Tokenizer::Words`], but Chinese words of a dictionary stay whole.
    Dictionary,
}

impl Tokenizer {
    const ALL: [Self; 4] = [Self::Words, Self::Spaces, Self::Characters, Self::Dictionary];

    /// Tells which way reproduces the tokens of the most texts.
    #[must_use]
    pub fn of(texts: &[(&str, &[String])]) -> Self {
        let tried = &texts[..texts.len().min(TRIED_MAX)];
        let hits = |way: &Self| {
            let hit = |(text, tokens): &&(&str, &[String])| {
                let cut = way.cut(text).into_iter().map(|range| &text[range]);
                cut.eq(tokens.iter().map(String::as_str))
            };
            tried.iter().filter(hit).count()
        };
        let mut best = (Self::Words, hits(&Self::Words));
        for way in &Self::ALL[1..] {
            // The dictionary is not loaded when another way already fits.
            if best.1 == tried.len() {
                break;
            }
            let count = hits(way);
            if count > best.1 {
                best = (*way, count);
            }
        }
        best.0
    }

    /// Cuts a text; returns the range of bytes of each token, in order.
    #[must_use]
    pub fn cut(self, text: &str) -> Vec<Range<usize>> {
        match self {
            Self::Words => words(text, 0),
            Self::Spaces => pieces(text, char::is_whitespace, |_, _| true),
            Self::Characters => pieces(text, char::is_whitespace, |_, _| false),
            Self::Dictionary => dictionary(text),
        }
    }
}

fn words(text: &str, offset: usize) -> Vec<Range<usize>> {
    let is_word = |c: char| (c.is_alphanumeric() || is_mark(c)) && !text::is_unspaced(c);
    let cut = pieces(text, char::is_whitespace, |a, b| is_word(a) && is_word(b));
    cut.into_iter().map(|range| range.start + offset..range.end + offset).collect()
}

/// Tells whether a character belongs to the one before it: an accent that is written by itself.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

fn dictionary(text: &str) -> Vec<Range<usize>> {
    if !text.chars().any(text::is_unspaced) {
        return words(text, 0);
    }
    let mut ranges = Vec::new();
    let mut at = 0;
    for token in text::jieba().cut(text, false) {
        let unspaced = token.word.chars().all(text::is_unspaced);
        let end = at + token.word.len();
        if unspaced {
            ranges.push(at..end);
        } else {
            ranges.extend(words(token.word, at));
        }
        at = end;
    }
    ranges
}

/// Cuts a text into the pieces between what is skipped; two characters stay together if they are said to.
fn pieces(
    text: &str,
    skips: impl Fn(char) -> bool,
    together: impl Fn(char, char) -> bool,
) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if skips(c) {
            last = None;
            continue;
        }
        match (last, ranges.last_mut()) {
            (Some(before), Some(range)) if together(before, c) => range.end = end,
            _ => ranges.push(at..end),
        }
        last = Some(c);
    }
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(way: Tokenizer, text: &str) -> Vec<&str> {
        way.cut(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn each_way_cuts_as_it_says() {
        let text = "Book 2 seats, 去北京吧";

        assert_eq!(
            cut(Tokenizer::Words, text),
            ["Book", "2", "seats", ",", "去", "北", "京", "吧"]
        );
        assert_eq!(cut(Tokenizer::Spaces, text), ["Book", "2", "seats,", "去北京吧"]);
        assert_eq!(cut(Tokenizer::Characters, "a1 去吧"), ["a", "1", "去", "吧"]);
        assert_eq!(
            cut(Tokenizer::Dictionary, text),
            ["Book", "2", "seats", ",", "去", "北京", "吧"]
        );
    }

    #[test]
    fn the_way_is_told_from_texts_and_their_tokens() {
        for (way, text) in [
            (Tokenizer::Words, "it's 5 o'clock"),
            (Tokenizer::Spaces, "it's 5 o'clock"),
            (Tokenizer::Characters, "听abc的歌"),
            (Tokenizer::Dictionary, "我想去北京"),
        ] {
            let tokens: Vec<String> = cut(way, text).into_iter().map(str::to_owned).collect();

            assert_eq!(Tokenizer::of(&[(text, &tokens)]), way, "{text}");
        }
    }

    proptest! {
        #[test]
        fn tokens_lie_in_order_inside_the_text_and_lose_nothing_but_space(text in "\\PC{0,30}|.{0,30}|[a-z 去北京,1]{0,20}") {
            for way in Tokenizer::ALL {
                let ranges = way.cut(&text);

                prop_assert!(ranges.is_sorted_by(|a, b| a.end <= b.start));
                let kept: String = ranges.into_iter().map(|range| &text[range]).collect();
                let wanted: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                prop_assert_eq!(kept.chars().filter(|c| !c.is_whitespace()).collect::<String>(), wanted);
            }
        }
    }
}
