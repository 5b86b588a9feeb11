//! Which language a short, possibly mixed text is in: first by script, then by n-grams of letters.
//!
//! Chinese, Japanese and Korean are told by their scripts: kana makes Japanese, Han alone is Chinese. Languages in Latin
//! letters are told by a model of words and letters that is made, when it is first needed, of sentences that we wrote
//! ourselves. Codes, numbers and addresses are in no language. [`crate::text::language`] is the quick question whether a
//! text is in a language that Attune speaks.

mod model;
mod sentences;
mod variant;

use serde::{Deserialize, Serialize};

use crate::calibrate;
use crate::text;

/// A language below this share of a text is not listed.
const SHARE_MIN: f32 = 0.02;
/// How many characters of an unspaced script weigh as much as one word of letters.
const UNSPACED_PER_WORD: f32 = 1.5;
/// Small Chinese words, which show that the sentence itself is Chinese; each weighs as much more.
const SMALL_HAN: &str = "的了吗呢吧在给将把为到是我你他请这那有没和什么怎哪几个想要";
const SMALL_HAN_EXTRA: f32 = 0.6;
/// What a word with a capital letter weighs inside a text that has words without: it is likely a name or a title, which
/// may be in any language.
const NAME_WEIGHT: f32 = 0.25;

/// Names a language that can be identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tongue {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Italian.
    It,
    /// Dutch.
    Nl,
    /// Portuguese.
    Pt,
    /// Russian and its neighbours in Cyrillic letters.
    Ru,
    /// Arabic.
    Ar,
    /// Thai.
    Th,
}

impl Tongue {
    /// Every language, in the order in which equally likely ones are listed.
    pub const ALL: [Self; 13] = [
        Self::Zh,
        Self::En,
        Self::Ja,
        Self::Ko,
        Self::De,
        Self::Fr,
        Self::Es,
        Self::It,
        Self::Nl,
        Self::Pt,
        Self::Ru,
        Self::Ar,
        Self::Th,
    ];

    /// Returns the code of the language (ISO 639-1).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
            Self::Ja => "ja",
            Self::Ko => "ko",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::It => "it",
            Self::Nl => "nl",
            Self::Pt => "pt",
            Self::Ru => "ru",
            Self::Ar => "ar",
            Self::Th => "th",
        }
    }
}

/// Names how Chinese is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// Simplified characters.
    Simplified,
    /// Traditional characters.
    Traditional,
}

/// Says which languages a text is in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Identified {
    /// The languages and their probabilities, the likeliest first; empty if the text is in none. Of a mixed text the
    /// probabilities are shares.
    pub languages: Vec<(Tongue, f32)>,
    /// How its Chinese is written; `None` if it has none, or none of its characters tells.
    pub variant: Option<Variant>,
    /// Whether more than one script with words of its own takes part.
    pub mixed: bool,
}

impl Identified {
    /// Returns the likeliest language; `None` if the text is in none.
    #[must_use]
    pub fn best(&self) -> Option<Tongue> {
        self.languages.first().map(|(tongue, _)| *tongue)
    }
}

/// Identifies the languages of a text. Only the first [`text::CHARS_MAX`] characters are read.
#[must_use]
pub fn identify(text: &str) -> Identified {
    let text = text::capped(text);
    let scripts = Scripts::of(text);
    let parts = scripts.weights();
    let all: f32 = parts.iter().map(|(_, weight)| weight).sum();
    let mut languages: Vec<(Tongue, f32)> = Vec::new();
    for (tongue, weight) in &parts {
        languages.push((*tongue, weight / all));
    }
    if !scripts.latin.is_empty() {
        // The share of Latin letters is divided among their languages.
        languages.retain(|(tongue, _)| *tongue != Tongue::En);
        let share = scripts.latin_weight() / all;
        let latin = model::probabilities(&scripts.latin);
        languages.extend(latin.into_iter().map(|(tongue, p)| (tongue, p * share)));
    }
    languages.retain(|(_, share)| *share >= SHARE_MIN);
    let kept: f32 = languages.iter().map(|(_, share)| share).sum();
    languages.iter_mut().for_each(|(_, share)| *share /= kept);
    languages.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let is_chinese = languages.iter().any(|(tongue, _)| *tongue == Tongue::Zh);
    Identified {
        variant: is_chinese.then(|| variant::of(text)).flatten(),
        mixed: parts.len() > 1,
        languages,
    }
}

/// What a text is written with.
#[derive(Default)]
struct Scripts {
    han: usize,
    /// How many of them are small words.
    small_han: usize,
    kana: usize,
    hangul: usize,
    cyrillic: usize,
    arabic: usize,
    thai: usize,
    /// The words of Latin letters that are words and not codes, in lower case, and what each weighs.
    latin: Vec<(String, f32)>,
}

impl Scripts {
    fn of(text: &str) -> Self {
        let mut scripts = Self::default();
        let mut names = Vec::new();
        for (at, chunk) in text.split_whitespace().enumerate() {
            let lower = text::normalise(chunk);
            lower.chars().for_each(|c| scripts.count(c));
            if is_code(&lower) {
                continue;
            }
            let capital =
                at > 0 && chunk.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
            for word in words(&lower) {
                names.push(capital);
                let weight = if word.chars().count() > 1 { 1.0 } else { 0.5 };
                scripts.latin.push((word.to_owned(), weight));
            }
        }
        if scripts.han > 0 || names.iter().skip(1).any(|name| !name) {
            let named = scripts.latin.iter_mut().zip(names).filter(|(_, name)| *name);
            named.for_each(|((_, weight), _)| *weight *= NAME_WEIGHT);
        }
        scripts
    }

    fn count(&mut self, c: char) {
        match c {
            _ if text::is_han(c) => {
                self.han += 1;
                self.small_han += usize::from(SMALL_HAN.contains(c));
            }
            _ if text::is_kana(c) => self.kana += 1,
            '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' => {
                self.hangul += 1;
            }
            '\u{400}'..='\u{52f}' => self.cyrillic += 1,
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => self.arabic += 1,
            '\u{e00}'..='\u{e7f}' => self.thai += 1,
            _ => {}
        }
    }

    fn latin_weight(&self) -> f32 {
        self.latin.iter().map(|(_, weight)| weight).sum()
    }

    /// How much each script weighs, in words; all Latin letters stand under English.
    fn weights(&self) -> Vec<(Tongue, f32)> {
        let unspaced = |count: usize| count as f32 / UNSPACED_PER_WORD;
        // Kana anywhere makes the Han around it Japanese, unless there is very much Han and hardly any kana.
        let japanese = self.kana > 0 && self.kana * 8 >= self.han;
        let (zh, ja) = if japanese { (0, self.han + self.kana) } else { (self.han, self.kana) };
        let small = if japanese { 0.0 } else { self.small_han as f32 * SMALL_HAN_EXTRA };
        let mut weights = vec![
            (Tongue::Zh, unspaced(zh) + small),
            (Tongue::Ja, unspaced(ja)),
            (Tongue::Ko, unspaced(self.hangul)),
            (Tongue::Th, unspaced(self.thai)),
            (Tongue::Ru, self.cyrillic as f32 / 5.0),
            (Tongue::Ar, self.arabic as f32 / 4.0),
            (Tongue::En, self.latin_weight()),
        ];
        weights.retain(|(_, weight)| *weight > 0.0);
        weights
    }
}

/// The words of Latin letters in a piece of text in lower case.
fn words(lower: &str) -> impl Iterator<Item = &str> {
    let pieces = lower.split(|c| !(is_latin(c) || c == '\'' || c == '’'));
    pieces.map(|word| word.trim_matches(['\'', '’'])).filter(|word| !word.is_empty())
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}')
}

/// Tells codes, numbers and addresses, which are in no language: letters with digits, links, mail addresses.
fn is_code(chunk: &str) -> bool {
    let has_unspaced = chunk.chars().any(text::is_unspaced);
    let letters = chunk.chars().filter(|c| is_latin(*c)).count();
    let digits = chunk.chars().filter(|c| c.is_ascii_digit()).count();
    let address = chunk.contains("://") || chunk.contains('@') || chunk.starts_with("www.");
    let consonants =
        (2..=5).contains(&letters) && chunk.chars().all(|c| "bcdfghjklmnpqrstvwxz".contains(c));
    let short_word = model::is_known(chunk);
    !has_unspaced
        && (address || (digits > 0 && letters <= digits * 4) || (consonants && !short_word))
}

/// Turns scores into probabilities, the greatest first.
fn ranked(mut scores: Vec<(Tongue, f32)>, sharpness: f32) -> Vec<(Tongue, f32)> {
    let mut values: Vec<f32> = scores.iter().map(|(_, score)| *score).collect();
    calibrate::soften(&mut values, sharpness);
    scores.iter_mut().zip(values).for_each(|(one, value)| one.1 = value);
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scores
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_texts_are_told_apart() {
        let cases = [
            ("退款", Some(Tongue::Zh)),
            ("hi", Some(Tongue::En)),
            ("ok thanks", Some(Tongue::En)),
            ("refund", Some(Tongue::En)),
            ("where is my parcel", Some(Tongue::En)),
            ("返品したいです", Some(Tongue::Ja)),
            ("ありがとう", Some(Tongue::Ja)),
            ("환불해 주세요", Some(Tongue::Ko)),
            ("Ich möchte mein Geld zurück", Some(Tongue::De)),
            ("wo ist mein Paket", Some(Tongue::De)),
            ("je voudrais un remboursement", Some(Tongue::Fr)),
            ("quiero devolver este producto", Some(Tongue::Es)),
            ("vorrei restituire le scarpe", Some(Tongue::It)),
            ("ik wil mijn geld terug", Some(Tongue::Nl)),
            ("quero devolver esta encomenda", Some(Tongue::Pt)),
            ("где мой заказ", Some(Tongue::Ru)),
            ("帮我cancel一下order", Some(Tongue::Zh)),
            ("please explain 年化收益率 to me in detail", Some(Tongue::En)),
            ("SKU-88213-XL", None),
            ("12345 !!!", None),
            ("😀", None),
            ("https://shop.example/a?b=1", None),
            ("", None),
        ];

        for (text, expected) in cases {
            let found = identify(text);
            assert_eq!(found.best(), expected, "{text}: {found:?}");
        }
    }

    #[test]
    fn traditional_characters_are_a_variant_of_chinese() {
        assert_eq!(identify("我想查詢訂單").variant, Some(Variant::Traditional));
        assert_eq!(identify("我想查询订单").variant, Some(Variant::Simplified));
        assert_eq!(identify("你好").variant, None);
        assert_eq!(identify("hello").variant, None);
    }

    #[test]
    fn a_mixed_text_lists_its_shares() {
        let found = identify("这个 package 什么时候 ship 到 Berlin");

        assert!(found.mixed);
        assert_eq!(found.best(), Some(Tongue::Zh));
        assert!(found.languages.iter().any(|(tongue, _)| *tongue == Tongue::En), "{found:?}");
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one_or_there_are_none(text in "(\\PC|[a-zäé ]|退|の){0,30}") {
            let found = identify(&text);

            let sum: f32 = found.languages.iter().map(|(_, share)| share).sum();
            prop_assert!(found.languages.is_empty() || (sum - 1.0).abs() < 1e-4, "{}", sum);
            prop_assert!(found.languages.is_sorted_by(|a, b| a.1 >= b.1));
        }
    }
}
