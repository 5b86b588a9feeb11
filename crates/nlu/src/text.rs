//! Text before any meaning: normalisation, language by script, words for search.
//!
//! Nothing here is learned and nothing depends on a model; the same functions serve the training of a model, its
//! answers, and the search index of messages, so that all three see one text.

use std::sync::OnceLock;

use jieba_rs::Jieba;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::simplified::simplified;

/// The most characters of a text that inference reads; what follows is ignored, so that time is bounded.
pub const CHARS_MAX: usize = 4_000;
/// The most tokens that [`search_tokens`] returns for one text.
pub const SEARCH_TOKENS_MAX: usize = 8_192;
/// The longest token, in characters, that [`search_tokens`] returns; longer ones are cut.
pub const SEARCH_TOKEN_CHARS_MAX: usize = 64;
/// How often one character may stand in a row after normalisation, digits excepted.
const REPEATS_MAX: usize = 3;

/// Names a language that Attune speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// Every language, in the order in which files and reports list them.
    pub const ALL: [Language; 2] = [Language::Zh, Language::En];

    /// Returns the code that stands in file names, JSON and settings.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// Finds the language of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// Brings a text into the one form that everything else compares: NFKC (full width becomes half width), lower case,
/// traditional Chinese simplified, invisible characters removed, white space collapsed, and a character repeated more than
/// three times cut to three.
///
/// Digits keep their repetitions, because 10000 and 1000 differ. Normalising twice changes nothing.
#[must_use]
pub fn normalise(text: &str) -> String {
    if text.is_ascii() {
        return squeeze(text.chars().filter(|c| is_visible(*c)).map(|c| c.to_ascii_lowercase()));
    }
    // Lower-casing may leave a form that NFKC would change again (as for `İ`), hence the second pass.
    squeeze(
        text.chars()
            .filter(|c| is_visible(*c))
            .nfkc()
            .flat_map(char::to_lowercase)
            .nfkc()
            .filter(|c| is_visible(*c))
            .map(simplified),
    )
}

/// Writes the name of an intent as words: `lost_card`, `lost-card` and `LostCard` are "lost card".
pub(crate) fn words_of_name(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut was_lower = false;
    for c in name.chars() {
        if was_lower && c.is_uppercase() {
            words.push(' ');
        }
        words.push(if c.is_alphanumeric() { c } else { ' ' });
        was_lower = c.is_lowercase();
    }
    normalise(&words)
}

/// Cuts a text to its first [`CHARS_MAX`] characters.
#[must_use]
pub fn capped(text: &str) -> &str {
    // A text of so many bytes cannot have more characters; the common case costs one comparison.
    if text.len() <= CHARS_MAX {
        return text;
    }
    text.char_indices().nth(CHARS_MAX).map_or(text, |(end, _)| &text[..end])
}

/// Tells the language of a text by its script: Chinese or English, or neither.
///
/// Han characters decide for Chinese unless Latin words clearly outnumber them; kana decides against both, because
/// Japanese is not Chinese.
#[must_use]
pub fn language(text: &str) -> Option<Language> {
    let (mut han, mut words, mut in_word) = (0usize, 0usize, false);
    for c in text.chars().take(CHARS_MAX) {
        if is_kana(c) {
            return None;
        }
        let latin = is_latin(c);
        words += usize::from(latin && !in_word);
        in_word = latin || (in_word && matches!(c, '\'' | '’' | '-'));
        han += usize::from(is_han(c));
    }
    match (han, words) {
        (0, 0) => None,
        _ if han * 2 >= words => Some(Language::Zh),
        _ => Some(Language::En),
    }
}

/// Splits a text into the tokens by which messages are indexed and searched, lower-cased, in order, with repetitions.
///
/// Runs of Han characters are segmented by jieba's search mode (long words also yield the words inside them), without
/// its guessing of unknown words: an unknown name falls into single characters in the message and in the query
/// alike, while a guess could differ between the two. All else is split into words as UAX-29 says.
///
/// The dictionary is loaded when the first Han text arrives (see [`warm_up`]).
#[must_use]
pub fn search_tokens(text: &str) -> Vec<String> {
    let text = normalise(text);
    let mut tokens = Vec::new();
    for (is_run_of_han, run) in runs(&text) {
        let room = SEARCH_TOKENS_MAX - tokens.len();
        if room == 0 {
            break;
        }
        if is_run_of_han {
            let words = jieba().cut_for_search(run, false);
            tokens.extend(words.into_iter().take(room).map(|token| cut_token(token.word)));
        } else {
            tokens.extend(run.unicode_words().take(room).map(cut_token));
        }
    }
    tokens
}

/// Loads the Chinese dictionary now, so that the first search need not wait for it.
///
/// It costs about 0.2 s and 33 MiB of memory, once in a process; a process that never meets Han text in a search or
/// an index never pays it. Recognising intents does not use it.
pub fn warm_up() {
    jieba();
}

/// Tells whether a character belongs to a script that is written without spaces between words.
pub(crate) fn is_unspaced(c: char) -> bool {
    is_han(c)
        || is_kana(c)
        || matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

pub(crate) fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々' | '〇')
}

pub(crate) fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30fa}' | '\u{30fd}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9d}')
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{c0}'..='\u{24f}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
}

/// Zero-width marks, direction overrides, variation selectors and control characters carry no meaning here, and are
/// the usual way to hide a word from a filter.
fn is_visible(c: char) -> bool {
    let hidden = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    !hidden && (c.is_whitespace() || !c.is_control())
}

fn squeeze(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::with_capacity(chars.size_hint().0);
    let (mut last, mut repeats) = (' ', 1);
    for c in chars {
        let c = if c.is_whitespace() { ' ' } else { c };
        repeats = if c == last { repeats + 1 } else { 1 };
        last = c;
        let repeats_max = if c == ' ' { 1 } else { REPEATS_MAX };
        if repeats <= repeats_max || c.is_numeric() {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Splits a text into the longest runs that are wholly Han or wholly not.
fn runs(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let han = is_han(rest.chars().next()?);
        let end = rest.find(|c| is_han(c) != han).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some((han, run))
    })
}

fn cut_token(word: &str) -> String {
    word.chars().take(SEARCH_TOKEN_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn normalising_folds_width_case_space_and_repetition() {
        let cases = [
            ("ＡＢＣ　１２３", "abc 123"),
            ("  Hello\t\n World  ", "hello world"),
            ("退\u{200b}款\u{feff}！！！！！！", "退款!!!"),
            ("好好好好好好", "好好好"),
            ("sooooooo", "sooo"),
            ("我要充10000000元", "我要充10000000元"),
            ("ﬁne ①", "fine 1"),
            ("a\u{0}b\u{7}c", "abc"),
            ("", ""),
        ];

        for (text, expected) in cases {
            assert_eq!(normalise(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_name_is_read_as_words() {
        for name in ["lost_card", "lost-card", "LostCard", "lostCard", " Lost  card!"] {
            assert_eq!(words_of_name(name), "lost card");
        }
        assert_eq!(words_of_name("查询收益"), "查询收益");
        assert_eq!(words_of_name("card_3ds"), "card 3ds");
        assert_eq!(words_of_name("?"), "");
    }

    #[test]
    fn the_language_is_told_by_script() {
        let cases = [
            ("我想查询基金的收益情况", Some(Language::Zh)),
            ("where is my order", Some(Language::En)),
            ("hi", Some(Language::En)),
            ("退款", Some(Language::Zh)),
            ("帮我cancel一下order", Some(Language::Zh)),
            ("what does the word 基金 mean here", Some(Language::En)),
            ("I don't know", Some(Language::En)),
            ("ありがとう", None),
            ("返品したいです", None),
            ("12345 !!!", None),
            ("😀", None),
            ("", None),
        ];

        for (text, expected) in cases {
            assert_eq!(language(text), expected, "{text:?}");
        }
    }

    #[test]
    fn search_tokens_are_words_in_both_languages() {
        assert_eq!(
            search_tokens("Where's my Order ZM-2024?"),
            ["where's", "my", "order", "zm", "2024"]
        );
        assert_eq!(search_tokens("查询基金收益"), ["查询", "基金", "收益"]);
        assert_eq!(search_tokens("帮我cancel订单"), ["帮", "我", "cancel", "订单"]);
        assert!(search_tokens("，。！ \n").is_empty());
    }

    #[test]
    fn a_long_word_is_also_found_by_its_parts() {
        let tokens = search_tokens("中华人民共和国");

        assert!(
            tokens.contains(&"中华".to_owned()) && tokens.contains(&"共和国".to_owned()),
            "{tokens:?}"
        );
    }

    #[test]
    fn search_tokens_are_bounded() {
        let many = "退款 a ".repeat(100_000);
        let long = "x1".repeat(100_000);

        assert_eq!(search_tokens(&many).len(), SEARCH_TOKENS_MAX);
        assert_eq!(search_tokens(&long)[0].chars().count(), SEARCH_TOKEN_CHARS_MAX);
    }

    #[test]
    fn a_text_is_capped_at_a_character_boundary() {
        assert_eq!(capped(&"知".repeat(CHARS_MAX + 5)).chars().count(), CHARS_MAX);
        assert_eq!(capped("short"), "short");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,40}|.{0,40}") {
            let once = normalise(&text);

            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn any_text_can_be_tokenised(text in ".{0,80}") {
            for token in search_tokens(&text) {
                prop_assert!(!token.is_empty());
            }
        }
    }
}
