//! Names with a few characters wrong, missing, too many or swapped.
//!
//! Every name is filed under what is left of its beginning when up to two characters are deleted; a piece of the text
//! that was misspelt shares one of these remainders with the name, so that only few names need be compared. Digits are
//! never taken for misspelt, because the next model of a product has another number.

use std::collections::BTreeSet;
use std::ops::Range;

use strsim::osa_distance;

use super::super::fold::is_wordy;
use super::super::value::Spelling;
use super::Name;
use crate::text::is_unspaced;

/// How many characters of a name are filed.
const PREFIX_CHARS: usize = 8;
/// The fewest characters of a Latin name with one mistake, and with two.
const LATIN_CHARS_MIN: [usize; 2] = [6, 10];
/// The fewest characters of a Chinese name with one mistake.
const HAN_CHARS_MIN: usize = 6;
/// The most words of a name that is looked for.
const WORDS_MAX: usize = 6;
/// The most names that are compared with a text.
const COMPARISONS_MAX: usize = 2_000;
/// The bits of the filter before the index, as a power of two.
const FILTER_BITS: u32 = 20;

/// Finds misspelt names.
#[derive(Debug, Default)]
pub(super) struct Typos {
    /// Hashes of remainders with the names that have them, sorted.
    index: Vec<(u64, u32)>,
    /// A bit for each hash, so that most look-ups need no search.
    filter: Vec<u64>,
    /// The hashes of the first and of the last three characters of Chinese names.
    han_edges: [BTreeSet<u64>; 2],
    /// How Latin names begin: with a letter that is always right.
    latin_firsts: BTreeSet<char>,
    /// How many characters and words the names have.
    latin_lengths: BTreeSet<usize>,
    han_lengths: BTreeSet<usize>,
    words_max: usize,
}

impl Typos {
    pub(super) fn new(names: &[Name]) -> Self {
        let mut typos = Self::default();
        for (id, name) in names.iter().enumerate().filter(|(_, name)| name.fuzzy) {
            let chars: Vec<char> = name.folded.chars().collect();
            let mistakes = mistakes_max(&chars);
            if mistakes == 0 {
                continue;
            }
            for_each_remainder(&chars, mistakes, &mut |hash| typos.index.push((hash, id as u32)));
            if chars.iter().any(|c| is_unspaced(*c)) {
                typos.han_edges[0].insert(hash(&chars[..3]));
                typos.han_edges[1].insert(hash(&chars[chars.len() - 3..]));
                typos.han_lengths.extend(chars.len() - 1..=chars.len() + 1);
            } else {
                typos.latin_firsts.insert(chars[0]);
                typos.latin_lengths.extend(chars.len() - mistakes..=chars.len() + mistakes);
                typos.words_max = typos.words_max.max(name.folded.split(' ').count() + 1);
            }
        }
        typos.index.sort_unstable();
        typos.index.dedup();
        if !typos.index.is_empty() {
            typos.filter = vec![0; 1 << (FILTER_BITS - 6)];
            for (hash, _) in &typos.index {
                let bit = bit_of(*hash);
                typos.filter[bit / 64] |= 1 << (bit % 64);
            }
        }
        typos
    }

    /// Finds names that are misspelt.
    pub(super) fn find(
        &self,
        text: &str,
        names: &[Name],
        push: &mut impl FnMut(usize, Range<usize>, Spelling),
    ) {
        if self.index.is_empty() {
            return;
        }
        let mut search = Search { typos: self, names, left: COMPARISONS_MAX, push };
        if !self.latin_lengths.is_empty() {
            search.latin(text);
        }
        if !self.han_lengths.is_empty() {
            search.han(text);
        }
    }

    fn may_have(&self, hash: u64) -> bool {
        let bit = bit_of(hash);
        self.filter[bit / 64] & (1 << (bit % 64)) != 0
    }
}

/// One search through a text.
struct Search<'a, F> {
    typos: &'a Typos,
    names: &'a [Name],
    /// How many comparisons are left.
    left: usize,
    push: &'a mut F,
}

impl<F: FnMut(usize, Range<usize>, Spelling)> Search<'_, F> {
    /// Looks at every few words in a row.
    fn latin(&mut self, text: &str) {
        let words = words(text);
        let may_begin = |word: &Range<usize>| {
            let first = text[word.start..].chars().next();
            first.is_some_and(|first| self.typos.latin_firsts.contains(&first))
        };
        for (first, start) in words.iter().enumerate().filter(|(_, word)| may_begin(word)) {
            let mut end = start.end;
            for word in words[first..].iter().take(self.typos.words_max.min(WORDS_MAX)) {
                // Words in a row have one mark or space between them.
                if word.start > end + 1 {
                    break;
                }
                end = word.end;
                self.look_up(text, start.start..end, &self.typos.latin_lengths);
            }
        }
    }

    /// Looks at the pieces of Chinese text that begin or end as a name does.
    fn han(&mut self, text: &str) {
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let letters: Vec<char> = chars.iter().map(|(_, c)| *c).collect();
        let place = |i: usize| chars.get(i).map_or(text.len(), |(at, _)| *at);
        let edges: Vec<[bool; 2]> = (0..letters.len())
            .map(|i| {
                let hash = letters.get(i..i + 3).map(hash);
                [0, 1]
                    .map(|edge| hash.is_some_and(|hash| self.typos.han_edges[edge].contains(&hash)))
            })
            .collect();
        for start in 0..letters.len() {
            for length in &self.typos.han_lengths {
                let end = start + length;
                if end > letters.len() {
                    break;
                }
                if edges[start][0] || edges[end - 3][1] {
                    self.look_up(text, place(start)..place(end), &self.typos.han_lengths);
                }
            }
        }
    }

    /// Compares a piece of the text with the names that it shares a remainder with.
    fn look_up(&mut self, text: &str, range: Range<usize>, lengths: &BTreeSet<usize>) {
        let piece = &text[range.clone()];
        if !lengths.contains(&piece.chars().count()) {
            return;
        }
        let chars: Vec<char> = piece.chars().collect();
        let mistakes = if chars.len() + 2 >= LATIN_CHARS_MIN[1] { 2 } else { 1 };
        let mut hits: Vec<u64> = Vec::new();
        for_each_remainder(&chars, mistakes, &mut |hash| {
            if self.typos.may_have(hash) {
                hits.push(hash);
            }
        });
        let index = &self.typos.index;
        let mut seen = BTreeSet::new();
        for hash in hits {
            let first = index.partition_point(|(other, _)| *other < hash);
            for (_, id) in index[first..].iter().take_while(|(other, _)| *other == hash) {
                let id = *id as usize;
                if self.left == 0 {
                    return;
                }
                if seen.insert(id) {
                    self.left -= 1;
                    if is_misspelt(&self.names[id].folded, piece) {
                        (self.push)(id, range.clone(), Spelling::Typo);
                    }
                }
            }
        }
    }
}

/// Returns how many mistakes a name of these characters may have.
fn mistakes_max(name: &[char]) -> usize {
    if name.iter().any(|c| is_unspaced(*c)) {
        return usize::from(name.len() >= HAN_CHARS_MIN);
    }
    let letters = name.iter().filter(|c| c.is_alphabetic()).count();
    LATIN_CHARS_MIN.iter().filter(|least| letters >= **least).count()
}

/// Tells whether a text is a name with at least one mistake but not too many, the first letter and digits being right.
fn is_misspelt(name: &str, text: &str) -> bool {
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<String>();
    let chars: Vec<char> = name.chars().collect();
    let is_han = chars.iter().any(|c| is_unspaced(*c));
    // Chinese has no spaces: what stands before or after a name that is written right is no part of it.
    if is_han && text.contains(name) {
        return false;
    }
    let begins_alike = is_han || text.chars().next() == chars.first().copied();
    let distance = osa_distance(name, text);
    begins_alike && (1..=mistakes_max(&chars)).contains(&distance) && digits(name) == digits(text)
}

/// Finds runs of letters and digits.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_wordy(*c)) {
        match words.last_mut() {
            Some(word) if word.end == at => word.end = at + c.len_utf8(),
            _ => words.push(at..at + c.len_utf8()),
        }
    }
    words
}

/// Gives the hash of the beginning of a word and of everything that deleting characters leaves of it.
fn for_each_remainder(chars: &[char], deletions: usize, each: &mut impl FnMut(u64)) {
    let prefix = &chars[..chars.len().min(PREFIX_CHARS)];
    let without = |a: usize, b: usize| {
        let kept = prefix.iter().enumerate().filter(|(i, _)| *i != a && *i != b);
        kept.fold(SEED, |hash, (_, c)| mix(hash, *c))
    };
    let none = prefix.len();
    each(without(none, none));
    for a in 0..none {
        each(without(a, none));
        if deletions > 1 {
            for b in a + 1..none {
                each(without(a, b));
            }
        }
    }
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn mix(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
}

fn hash(chars: &[char]) -> u64 {
    chars.iter().fold(SEED, |hash, c| mix(hash, *c))
}

fn bit_of(hash: u64) -> usize {
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FILTER_BITS)) as usize
}
