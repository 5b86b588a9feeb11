//! Chinese names written with other characters that sound alike, as keyboards by sound let them be.
//!
//! Sounds that many speakers do not tell apart (zh and z, ng and n) count as one; tones do not count.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError};
use pinyin::ToPinyin;

use super::super::value::Spelling;
use super::{MATCHES_MAX, Name};

/// The fewest characters of a name that is recognised by its sound.
const CHARS_MIN: usize = 3;
/// The first of the private characters that stand for syllables.
const FIRST_SYLLABLE: u32 = 0xe000;

/// Finds names by their sound.
#[derive(Debug, Default)]
pub(super) struct Homophones {
    syllables: HashMap<String, char>,
    finder: Option<AhoCorasick>,
    /// The names that the finder's patterns belong to.
    ids: Vec<usize>,
}

impl Homophones {
    pub(super) fn new(names: &[Name]) -> Result<Self, BuildError> {
        let mut homophones = Self::default();
        let mut sounds = Vec::new();
        for (id, name) in names.iter().enumerate().filter(|(_, name)| name.fuzzy) {
            let is_han = name.folded.chars().all(|c| c.to_pinyin().is_some());
            if is_han && name.folded.chars().count() >= CHARS_MIN {
                sounds.push(name.folded.chars().map(|c| homophones.learn(c)).collect::<String>());
                homophones.ids.push(id);
            }
        }
        if !sounds.is_empty() {
            homophones.finder = Some(AhoCorasick::new(sounds)?);
        }
        Ok(homophones)
    }

    /// Finds names that are written with at least one other character of the same sound.
    pub(super) fn find(
        &self,
        text: &str,
        names: &[Name],
        push: &mut impl FnMut(usize, Range<usize>, Spelling),
    ) {
        let Some(finder) = &self.finder else { return };
        let mut sound = String::with_capacity(text.len());
        // Where each byte of the sound came from; the end last.
        let mut places = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            sound.push(self.syllable(c));
            places.resize(sound.len(), at);
        }
        places.push(text.len());
        for matched in finder.find_overlapping_iter(&sound).take(MATCHES_MAX) {
            let id = self.ids[matched.pattern().as_usize()];
            let range = places[matched.start()]..places[matched.end()];
            if is_near(&names[id].folded, &text[range.clone()]) {
                push(id, range, Spelling::Homophone);
            }
        }
    }

    /// Returns the character for a syllable, a new one if it is heard for the first time.
    fn learn(&mut self, c: char) -> char {
        let Some(sound) = sound(c) else { return c };
        let next = FIRST_SYLLABLE + self.syllables.len() as u32;
        let next = char::from_u32(next).unwrap_or(c);
        *self.syllables.entry(sound).or_insert(next)
    }

    /// Returns the character for the syllable of a character, or the character.
    fn syllable(&self, c: char) -> char {
        if c.is_ascii() {
            return c;
        }
        sound(c).and_then(|sound| self.syllables.get(&sound).copied()).unwrap_or(c)
    }
}

/// Returns how a character sounds, near sounds being one.
fn sound(c: char) -> Option<String> {
    let plain = c.to_pinyin()?.plain();
    let soft =
        |initial: &str| plain.strip_prefix(initial).map(|rest| format!("{}{rest}", &initial[..1]));
    let mut sound =
        ["zh", "ch", "sh"].into_iter().find_map(soft).unwrap_or_else(|| plain.to_owned());
    if sound.ends_with("ng") {
        sound.pop();
    }
    Some(sound)
}

/// Tells whether some characters differ, but at most half of them, and one of three.
fn is_near(name: &str, written: &str) -> bool {
    let length = name.chars().count();
    let different = name.chars().zip(written.chars()).filter(|(a, b)| a != b).count();
    different > 0 && different <= (length / 2).max(1)
}
