//! What the sentiment model sees of a text: n-grams by how much they speak for a sentiment (log-count ratios).
//!
//! A text is read as symbols: a character of an unspaced script, a word of another, a mark. N-grams run over symbols, so
//! that 不好吃 and "not very good" are features of their own; words give n-grams of their letters too. What the lexicon
//! finds is a feature as well. After Wang and Manning (2012).

use crate::features::Vector;
use crate::keys::{Key, Keys};
use crate::text;

/// How many symbols an n-gram has at most.
const GRAM_MAX: usize = 4;
/// How many letters an n-gram inside a word has, at least and at most.
const LETTERS: (usize, usize) = (3, 5);
/// An n-gram stands in so many texts at least.
const TEXTS_MIN: u32 = 2;
/// What is added to each count, so that what was never seen is not impossible.
const COUNT_EXTRA: f64 = 1.0;
/// The ends of a text, as symbols.
const START: u64 = 1;
const END: u64 = 2;
const SEED: u64 = 0x2545_f491_4f6c_dd1d;
const LETTER_SEED: u64 = 0x9e6c_63d0_876a_3f6b;
const LEXICON_SEED: u64 = 0x1f83_d9ab_fb41_bd6b;

/// The n-grams of a training set, ascending, and what each weighs: by rarity, and by what it speaks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grams {
    pub(super) keys: Keys,
    pub(super) rarity: Vec<f32>,
    pub(super) ratio: Vec<f32>,
}

impl Grams {
    /// Collects the n-grams of normalised texts and weighs them by their labels.
    pub(super) fn of(texts: &[&str], labels: &[usize], classes: usize) -> Self {
        let mut seen: Vec<(u32, u8)> = Vec::new();
        for (text, label) in texts.iter().zip(labels) {
            seen.extend(keys(text).into_iter().map(|key| (key, *label as u8)));
        }
        seen.sort_unstable();
        let mut grams: Vec<(u32, Vec<u32>)> = Vec::new();
        for same in seen.chunk_by(|a, b| a.0 == b.0) {
            if (same.len() as u32) < TEXTS_MIN {
                continue;
            }
            let mut counts = vec![0u32; classes];
            same.iter().for_each(|(_, label)| counts[usize::from(*label)] += 1);
            grams.push((same[0].0, counts));
        }
        let mut totals = vec![0f64; classes];
        for (_, counts) in &grams {
            for (total, count) in totals.iter_mut().zip(counts) {
                *total += f64::from(*count) + COUNT_EXTRA;
            }
        }
        let rarity = |counts: &[u32]| {
            let uses: u32 = counts.iter().sum();
            (texts.len() as f32 / uses as f32).ln() + 1.0
        };
        Self {
            rarity: grams.iter().map(|(_, counts)| rarity(counts)).collect(),
            ratio: grams.iter().map(|(_, counts)| ratio(counts, &totals)).collect(),
            keys: Keys::new(grams.into_iter().map(|(key, _)| key).collect()),
        }
    }

    /// How many features there are: each n-gram counts by its rarity and by what it speaks for.
    pub(super) fn features(&self) -> usize {
        self.keys.len() * 2
    }

    /// Turns a normalised text into a vector of length one, or shorter when nothing in it is known or speaks for anything.
    ///
    /// The n-grams stand in it twice, each time brought to the same length: weighed by rarity, and by log-count ratio. The
    /// one is right where words are known from few examples, the other where from many.
    pub(super) fn vector(&self, normalised: &str) -> Vector {
        let known = keys(normalised).into_iter().filter_map(|key| self.keys.place(key));
        let known: Vec<usize> = known.map(|place| place as usize).collect();
        let mut vector = Vec::with_capacity(known.len() * 2);
        for (block, weights) in [&self.rarity, &self.ratio].into_iter().enumerate() {
            let length = known.iter().map(|at| weights[*at] * weights[*at]).sum::<f32>().sqrt();
            let factor = if length > 0.0 { std::f32::consts::FRAC_1_SQRT_2 / length } else { 0.0 };
            let first = block * self.keys.len();
            vector.extend(known.iter().map(|at| ((first + at) as u32, weights[*at] * factor)));
        }
        vector
    }
}

/// How unevenly an n-gram is spread: the greatest log ratio of its share in one class to that in the others.
fn ratio(counts: &[u32], totals: &[f64]) -> f32 {
    let all: f64 = counts.iter().map(|count| f64::from(*count) + COUNT_EXTRA).sum();
    let sum: f64 = totals.iter().sum();
    let ratios = counts.iter().zip(totals).map(|(count, total)| {
        let own = (f64::from(*count) + COUNT_EXTRA) / total;
        let other = (all - f64::from(*count) - COUNT_EXTRA) / (sum - total);
        (own / other).ln().abs()
    });
    ratios.fold(0.0, f64::max) as f32
}

fn mix(hash: u64, symbol: u64) -> u64 {
    (hash.rotate_left(25) ^ symbol).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn key(hash: u64) -> Key {
    (mix(hash, hash >> 32) >> 32) as u32
}

/// The keys of all n-grams of a normalised text, ascending, each once.
fn keys(normalised: &str) -> Vec<Key> {
    let mut keys = Vec::with_capacity(normalised.len() * 3);
    let mut symbols = vec![START];
    read_symbols(normalised, &mut symbols, &mut keys);
    symbols.push(END);
    for start in 0..symbols.len() {
        let mut hash = SEED;
        for symbol in symbols[start..].iter().take(GRAM_MAX) {
            hash = mix(hash, *symbol);
            // An end alone stands in every text.
            if hash != mix(SEED, START) && hash != mix(SEED, END) {
                keys.push(key(hash));
            }
        }
    }
    lexicon_keys(normalised, &mut keys);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Reads the symbols; the letters of words are written at once.
fn read_symbols(normalised: &str, symbols: &mut Vec<u64>, keys: &mut Vec<Key>) {
    let mut rest = normalised;
    while let Some(c) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() && !text::is_unspaced(c);
        if !is_word(c) {
            if c != ' ' {
                symbols.push(u64::from(c));
            }
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
        symbols.push(word.chars().fold(SEED, |hash, c| mix(hash, u64::from(c))));
        letters(word, keys);
        rest = after;
    }
}

fn letters(word: &str, keys: &mut Vec<Key>) {
    let ends = || std::iter::once(u64::from(' '));
    let letters: Vec<u64> = ends().chain(word.chars().map(u64::from)).chain(ends()).collect();
    for start in 0..letters.len() {
        let mut hash = LETTER_SEED;
        for (length, letter) in (1..=LETTERS.1).zip(&letters[start..]) {
            hash = mix(hash, *letter);
            if length >= LETTERS.0 {
                keys.push(key(hash));
            }
        }
    }
}

/// What the lexicon finds, in steps: anything at all, and whether it is much.
fn lexicon_keys(normalised: &str, keys: &mut Vec<Key>) {
    let found = super::polarity::of(normalised);
    for (side, strength) in [(1, found.good), (2, found.bad)] {
        for (step, least) in (1..).zip([0.01f32, 1.2, 2.4]) {
            if strength >= least {
                keys.push(key(mix(LEXICON_SEED, side * 16 + step)));
            }
        }
    }
    let side = if found.good > found.bad { 1 } else { 2 };
    if found.good != found.bad {
        keys.push(key(mix(LEXICON_SEED, side)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_for_a_side_weighs_more_than_what_stands_everywhere() {
        let texts = ["好吃 的", "好吃 的 菜", "难吃 的", "难吃 的 菜"];

        let grams = Grams::of(&texts, &[1, 1, 0, 0], 2);

        let weight = |symbols: &[char]| {
            let hash = symbols.iter().fold(SEED, |hash, c| mix(hash, u64::from(*c)));
            grams.ratio[grams.keys.place(key(hash)).unwrap() as usize]
        };
        assert!(weight(&['好', '吃']) > weight(&['的']) + 0.5);
        assert!(weight(&['难']) > weight(&['吃']) + 0.5);
    }

    #[test]
    fn a_vector_has_length_one_or_is_empty() {
        let grams = Grams::of(&["so good", "good one", "so bad", "bad one"], &[1, 1, 0, 0], 2);

        let length: f32 = grams.vector("so good").iter().map(|(_, value)| value * value).sum();

        assert!((length - 1.0).abs() < 1e-5);
        assert!(grams.vector("全新的").is_empty());
    }
}
