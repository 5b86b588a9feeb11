//! What the classifier sees of a text: hashed n-grams, weighted and brought to length one.
//!
//! Five blocks are kept apart and each is brought to length one before they are joined, so that a long word, which has
//! many n-grams, does not drown the rest:
//! - scripts without spaces: n-grams of characters over the whole run, a Latin word inside it counting as one character
//! - words, single and in pairs of neighbours, with the ends of the text
//! - any two words of a text by their stems, or two characters of unspaced script, wherever they stand: what is asked is
//!   often said by two words together, and people put them in any order
//! - n-grams of characters inside words, with the ends of the word: they bear typos and inflection
//! - punctuation and emoji
//!
//! There is no segmenter here: character n-grams need none. The numbers were chosen on development data in both languages.

use crate::keys::{Key, Keys};
use crate::text;

/// How many characters an n-gram over unspaced script may have.
const RUN_GRAM_MAX: usize = 3;
/// How many characters an n-gram within a word has, at least and at most.
const SUBWORD_GRAM: (usize, usize) = (2, 4);
/// The weight of each block in the joined vector, by [`Block`].
const BLOCK_WEIGHT: [f32; BLOCKS] = [1.0, 1.0, 1.2, 0.5, 0.7];
const BLOCKS: usize = 5;
/// The lowest bits of a [`Key`], which name its [`Block`].
const BLOCK_BITS: u32 = 3;
/// How many characters a stem has: a crude one, but alike for all spaced languages.
const STEM_CHARS: usize = 5;
/// So many different stems of a text are paired at most: longer texts are told by their other n-grams.
const PAIRED_STEMS_MAX: usize = 24;
/// A pair that is met in fewer texts is chance.
const PAIR_TEXTS_MIN: usize = 2;

/// A sparse vector: features by index, with their weights.
pub(crate) type Vector = Vec<(u32, f32)>;

#[derive(Clone, Copy)]
enum Block {
    Run,
    Word,
    Subword,
    Mark,
    Pair,
}

/// The n-grams of a training set, each with the weight that its rarity gives it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Vocabulary {
    keys: Keys,
    rarity: Vec<f32>,
}

impl Vocabulary {
    /// Collects the n-grams of normalised texts.
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let (mut all, mut one, mut count) = (Vec::new(), Vec::new(), 0u32);
        for text in texts {
            extract(text, &mut one);
            one.sort_unstable();
            one.dedup();
            all.extend_from_slice(&one);
            count += 1;
        }
        all.sort_unstable();
        let (keys, rarity) = all
            .chunk_by(|a, b| a == b)
            .filter(|same| {
                block_of(same[0]) != Block::Pair as usize || same.len() >= PAIR_TEXTS_MIN
            })
            .map(|same| (same[0], rarity_of(same.len(), count)))
            .unzip();
        Self::new(keys, rarity)
    }

    /// Restores a vocabulary from its keys, ascending, and their weights.
    pub(crate) fn new(keys: Vec<Key>, rarity: Vec<f32>) -> Self {
        Self { keys: Keys::new(keys), rarity }
    }

    /// The same n-grams, each with the weight that it has in another vocabulary, if it is there.
    pub(crate) fn weighted_as(mut self, other: &Self) -> Self {
        for (key, rarity) in self.keys.all().iter().zip(&mut self.rarity) {
            if let Some(place) = other.place(*key) {
                *rarity = other.rarity[place as usize];
            }
        }
        self
    }

    /// Finds where an n-gram stands.
    pub(crate) fn place(&self, key: Key) -> Option<u32> {
        self.keys.place(key)
    }

    pub(crate) fn keys(&self) -> &[Key] {
        self.keys.all()
    }

    pub(crate) fn rarity(&self) -> &[f32] {
        &self.rarity
    }

    pub(crate) fn bytes(&self) -> usize {
        self.keys.bytes() + self.rarity.len() * 4
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Turns a normalised text into a vector of length one, or of length zero when nothing in it is known.
    pub(crate) fn vector(&self, normalised: &str) -> Vector {
        let mut keys = Vec::with_capacity(normalised.len() * 4 + 8);
        extract(normalised, &mut keys);
        let mut known: Vec<u32> = keys.into_iter().filter_map(|key| self.keys.place(key)).collect();
        known.sort_unstable();
        let mut vector = Vec::with_capacity(known.len());
        let mut squares = [0f32; BLOCKS];
        for same in known.chunk_by(|a, b| a == b) {
            let weight = (1.0 + (same.len() as f32).ln()) * self.rarity[same[0] as usize];
            squares[self.block_of(same[0])] += weight * weight;
            vector.push((same[0], weight));
        }
        self.join_blocks(&mut vector, squares);
        vector
    }

    fn join_blocks(&self, vector: &mut Vector, squares: [f32; BLOCKS]) {
        let present = |block: usize| if squares[block] > 0.0 { BLOCK_WEIGHT[block] } else { 0.0 };
        let length = (0..BLOCKS).map(|block| present(block) * present(block)).sum::<f32>().sqrt();
        let factors: [f32; BLOCKS] = std::array::from_fn(|block| {
            if squares[block] > 0.0 {
                BLOCK_WEIGHT[block] / (squares[block].sqrt() * length)
            } else {
                0.0
            }
        });
        for (index, weight) in vector {
            *weight *= factors[self.block_of(*index)];
        }
    }

    fn block_of(&self, index: u32) -> usize {
        block_of(self.keys.all()[index as usize])
    }
}

/// The square root of the usual inverse document frequency: rarity helps, but less than it is usually given.
fn rarity_of(texts_with_it: usize, texts: u32) -> f32 {
    (1.0 + ((1.0 + texts as f32) / (1.0 + texts_with_it as f32)).ln()).sqrt()
}

fn block_of(key: Key) -> usize {
    (key & ((1 << BLOCK_BITS) - 1)) as usize
}

const SEED: u64 = 0x51_7c_c1_b7_27_22_0a_95;
const START: u64 = 1;
const END: u64 = 2;

fn mix(hash: u64, symbol: u64) -> u64 {
    (hash.rotate_left(23) ^ symbol).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn key_of(hash: u64, length: usize, block: Block) -> Key {
    let hash = mix(hash, length as u64);
    (((hash >> 32) as u32) << BLOCK_BITS) | block as u32
}

/// One piece of a text, as the reading below cuts it.
enum Piece<'a> {
    Unspaced(char),
    Word(&'a str),
    Mark(char),
    Space,
}

/// Writes the keys of all n-grams of a normalised text, with repetitions.
fn extract(normalised: &str, keys: &mut Vec<Key>) {
    keys.clear();
    let mut reader = Reader { keys, run: Vec::new(), words: vec![START], stems: Vec::new() };
    let mut rest = normalised;
    while let Some((piece, after)) = next_piece(rest) {
        let run_follows = after.chars().next().is_some_and(text::is_unspaced);
        reader.read(&piece, run_follows);
        rest = after;
    }
    reader.finish();
}

fn next_piece(text: &str) -> Option<(Piece<'_>, &str)> {
    let c = text.chars().next()?;
    let after = &text[c.len_utf8()..];
    if text::is_unspaced(c) {
        return Some((Piece::Unspaced(c), after));
    }
    if c == ' ' {
        return Some((Piece::Space, after));
    }
    if !c.is_alphanumeric() {
        return Some((Piece::Mark(c), after));
    }
    let end =
        text.find(|c: char| !c.is_alphanumeric() || text::is_unspaced(c)).unwrap_or(text.len());
    Some((Piece::Word(&text[..end]), &text[end..]))
}

struct Reader<'a> {
    keys: &'a mut Vec<Key>,
    /// The symbols of the current run of unspaced script.
    run: Vec<u64>,
    /// The hashes of the words so far, after the mark of the beginning; 0 stands where something else came between.
    words: Vec<u64>,
    /// The hashes of the stems of all words, and of the characters of unspaced script.
    stems: Vec<u64>,
}

impl Reader<'_> {
    fn read(&mut self, piece: &Piece<'_>, run_follows: bool) {
        match piece {
            Piece::Unspaced(c) => {
                self.run.push(u64::from(*c));
                self.words.push(0);
                self.stems.push(mix(SEED, u64::from(*c)));
            }
            Piece::Word(word) => {
                let (mut hash, mut stem) = (SEED, SEED);
                for (place, c) in word.chars().enumerate() {
                    hash = mix(hash, u64::from(c));
                    stem = if place < STEM_CHARS { hash } else { stem };
                }
                self.words.push(hash);
                self.stems.push(stem);
                if run_follows || !self.run.is_empty() {
                    self.run.push(hash);
                }
                self.subwords(word);
            }
            Piece::Mark(c) => {
                self.end_run();
                self.keys.push(key_of(mix(SEED, u64::from(*c)), 1, Block::Mark));
            }
            Piece::Space => {}
        }
    }

    fn finish(mut self) {
        self.end_run();
        self.words.push(END);
        let is_word = |hash: u64| hash > END;
        for hash in &self.words {
            if is_word(*hash) {
                self.keys.push(key_of(*hash, 1, Block::Word));
            }
        }
        for pair in self.words.windows(2) {
            if is_word(pair[0]) || is_word(pair[1]) {
                self.keys.push(key_of(mix(pair[0], pair[1]), 2, Block::Word));
            }
        }
        self.pair_stems();
    }

    fn pair_stems(&mut self) {
        self.stems.truncate(PAIRED_STEMS_MAX);
        self.stems.sort_unstable();
        self.stems.dedup();
        for (place, first) in self.stems.iter().enumerate() {
            for second in &self.stems[place + 1..] {
                self.keys.push(key_of(mix(*first, *second), 2, Block::Pair));
            }
        }
    }

    fn end_run(&mut self) {
        if self.run.is_empty() {
            return;
        }
        self.run.push(END);
        self.run.insert(0, START);
        for start in 0..self.run.len() {
            let mut hash = SEED;
            for (length, symbol) in (1..=RUN_GRAM_MAX).zip(&self.run[start..]) {
                hash = mix(hash, *symbol);
                if length > 1 || *symbol > END {
                    self.keys.push(key_of(hash, length, Block::Run));
                }
            }
        }
        self.run.clear();
    }

    fn subwords(&mut self, word: &str) {
        let symbols = || {
            std::iter::once(START).chain(word.chars().map(u64::from)).chain(std::iter::once(END))
        };
        for start in 0..=word.chars().count() {
            let mut hash = SEED;
            for (length, symbol) in (1..=SUBWORD_GRAM.1).zip(symbols().skip(start)) {
                hash = mix(hash, symbol);
                if length >= SUBWORD_GRAM.0 {
                    self.keys.push(key_of(hash, length, Block::Subword));
                }
            }
        }
    }
}
