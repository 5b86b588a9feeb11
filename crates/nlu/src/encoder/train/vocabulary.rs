//! A vocabulary of our own from raw text: each Chinese character, and pieces of the words of other scripts.
//!
//! Words are taken apart into characters, and the most frequent pair of neighbours is joined, again and again (Sennrich
//! et al., 2016). Pairs of the same count are joined in the order of their text, so the same texts give the same tokens.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::super::error::EncoderError;
use super::super::tokenizer::Tokenizer;

/// The marks, in the order of their numbers.
const MARKS: [&str; 5] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
/// The most characters that are known; rarer ones become `[UNK]`.
const CHARACTERS_MAX: usize = 8000;
/// Words longer than this are not looked at: they are addresses and noise.
const WORD_CHARACTERS_MAX: usize = 40;

/// Collects the tokens of some texts, at most `size` of them, each seen at least `count_min` times.
pub(crate) fn collect(
    texts: &[&str],
    size: usize,
    count_min: u64,
    lower: bool,
) -> Result<Vec<String>, EncoderError> {
    let failed =
        |problem: String| EncoderError::Training(format!("no vocabulary can be made: {problem}"));
    let marks: Vec<String> = MARKS.iter().map(|mark| (*mark).to_owned()).collect();
    let cutter =
        Tokenizer::of_vocabulary(&marks, lower, MARKS.len(), usize::MAX).map_err(failed)?;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for text in texts {
        for word in cutter.words(text).map_err(failed)? {
            *counts.entry(word).or_default() += 1;
        }
    }
    counts.retain(|word, _| word.chars().nth(WORD_CHARACTERS_MAX).is_none());
    let mut joiner =
        Joiner::new(&counts, size.saturating_sub(MARKS.len()).min(CHARACTERS_MAX), count_min);
    if joiner.tokens.is_empty() {
        return Err(failed("the texts hold no words that occur often enough".to_owned()));
    }
    joiner.run(size.saturating_sub(MARKS.len()), count_min);
    Ok(marks.into_iter().chain(joiner.tokens).collect())
}

/// Words as numbers of tokens, and where each pair of neighbours is found.
#[derive(Debug, Default)]
struct Joiner {
    tokens: Vec<String>,
    numbers: BTreeMap<String, u32>,
    words: Vec<(Vec<u32>, u64)>,
    pairs: BTreeMap<(u32, u32), Pair>,
    queue: BinaryHeap<(u64, Reverse<(u32, u32)>)>,
}

/// How often a pair occurs, and in which words it may.
#[derive(Debug, Default)]
struct Pair {
    count: u64,
    words: BTreeSet<u32>,
}

impl Joiner {
    /// Begins with the most frequent characters; words with others are left out.
    fn new(counts: &BTreeMap<String, u64>, characters_max: usize, count_min: u64) -> Self {
        let mut characters: BTreeMap<String, u64> = BTreeMap::new();
        for (word, count) in counts {
            for character in characters_of(word) {
                *characters.entry(character).or_default() += count;
            }
        }
        let mut characters: Vec<(String, u64)> =
            characters.into_iter().filter(|(_, count)| *count >= count_min).collect();
        characters.sort_by_key(|(_, count)| Reverse(*count));
        characters.truncate(characters_max);
        let tokens: Vec<String> = characters.into_iter().map(|(character, _)| character).collect();
        let numbers: BTreeMap<String, u32> = tokens.iter().cloned().zip(0..).collect();
        let known = |(word, count): (&String, &u64)| {
            let ids: Option<Vec<u32>> =
                characters_of(word).map(|one| numbers.get(&one).copied()).collect();
            Some((ids?, *count))
        };
        let words = counts.iter().filter_map(known).collect();
        let mut joiner = Self { words, tokens, numbers, ..Self::default() };
        for word in 0..joiner.words.len() {
            joiner.count(word, 1);
        }
        joiner.queue =
            joiner.pairs.iter().map(|(pair, found)| (found.count, Reverse(*pair))).collect();
        joiner
    }

    /// Joins pairs until there are enough tokens or no pair is frequent enough.
    fn run(&mut self, size: usize, count_min: u64) {
        while self.tokens.len() < size {
            let Some((count, Reverse(pair))) = self.queue.pop() else { return };
            let now = self.pairs.get(&pair).map_or(0, |found| found.count);
            if now != count {
                // The count has changed since the pair was queued.
                if now > 0 {
                    self.queue.push((now, Reverse(pair)));
                }
                continue;
            }
            if count < count_min {
                return;
            }
            self.join(pair);
        }
    }

    fn join(&mut self, pair: (u32, u32)) {
        let [first, second] = [pair.0, pair.1].map(|id| self.tokens[id as usize].as_str());
        let token = format!("{first}{}", second.strip_prefix("##").unwrap_or(second));
        // Two ways may lead to the same token.
        let id = self.numbers.get(&token).copied().unwrap_or(self.tokens.len() as u32);
        if id as usize == self.tokens.len() {
            self.numbers.insert(token.clone(), id);
            self.tokens.push(token);
        }
        let places = self.pairs.remove(&pair).map_or_else(BTreeSet::new, |found| found.words);
        let mut near = BTreeSet::new();
        for word in places {
            self.count(word as usize, -1);
            let old = std::mem::take(&mut self.words[word as usize].0);
            self.words[word as usize].0 = joined(&old, pair, id);
            self.count(word as usize, 1);
            let now = &self.words[word as usize].0;
            near.extend(
                now.windows(2).map(|two| (two[0], two[1])).filter(|two| two.0 == id || two.1 == id),
            );
        }
        self.queue.extend(
            near.into_iter().filter_map(|two| Some((self.pairs.get(&two)?.count, Reverse(two)))),
        );
    }

    /// Counts the pairs of a word, or takes them back.
    fn count(&mut self, word: usize, sign: i64) {
        let (ids, count) = &self.words[word];
        for two in ids.windows(2) {
            let pair = self.pairs.entry((two[0], two[1])).or_default();
            if sign > 0 {
                pair.count += count;
                pair.words.insert(word as u32);
            } else {
                pair.count = pair.count.saturating_sub(*count);
            }
        }
    }
}

/// The characters of a word as tokens: all but the first are marked as going on.
fn characters_of(word: &str) -> impl Iterator<Item = String> + '_ {
    word.chars()
        .enumerate()
        .map(|(at, one)| if at == 0 { one.to_string() } else { format!("##{one}") })
}

fn joined(ids: &[u32], pair: (u32, u32), id: u32) -> Vec<u32> {
    let mut joined = Vec::with_capacity(ids.len());
    let mut rest = ids;
    while let Some((first, after)) = rest.split_first() {
        if *first == pair.0 && after.first() == Some(&pair.1) {
            joined.push(id);
            rest = &after[1..];
        } else {
            joined.push(*first);
            rest = after;
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 4] = [
        "where is my parcel, the parcels are late",
        "the parcel is lost and the other parcels too",
        "我的包裹在哪里，包裹丢了",
        "包裹 is the parcel",
    ];

    #[test]
    fn chinese_becomes_characters_and_english_pieces() {
        let tokens = collect(&TEXTS, 90, 1, true).unwrap();

        assert_eq!(tokens[..5], MARKS);
        assert!(
            tokens.contains(&"包".to_owned()) && !tokens.iter().any(|token| token.contains("包裹"))
        );
        assert!(tokens.contains(&"parcel".to_owned()));
        assert!(tokens.contains(&"##s".to_owned()));
        assert!(tokens.len() <= 90);
    }

    #[test]
    fn the_same_texts_give_the_same_vocabulary() {
        assert_eq!(collect(&TEXTS, 70, 1, true).unwrap(), collect(&TEXTS, 70, 1, true).unwrap());
    }

    #[test]
    fn no_token_stands_there_twice_however_it_came_about() {
        let texts = ["abc abc bcd bcd ab ab bc bc xabc xabc aab aabc aaaa aaa aa abab babab"];

        let mut tokens = collect(&texts, 400, 1, true).unwrap();

        let count = tokens.len();
        tokens.sort();
        tokens.dedup();
        assert_eq!(tokens.len(), count);
        assert!(tokens.contains(&"babab".to_owned()));
    }

    #[test]
    fn texts_without_words_are_refused() {
        assert!(collect(&[" ", ""], 90, 1, true).is_err());
    }
}
