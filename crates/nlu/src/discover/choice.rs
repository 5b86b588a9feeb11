//! Which of several groupings says most about the words: the number of groups is chosen here, not guessed.
//!
//! A grouping is worth what it helps to foretell: each word of an utterance is foretold from the *other* utterances of its
//! group, smoothed towards all utterances, and the group itself costs its share. Too few groups foretell words badly;
//! too many have too little to learn from. Unlike the silhouette, this does not depend on the space in which the
//! grouping was found, so groupings from different spaces can be compared.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation;

use crate::text;

/// How many utterances' worth of words the smoothing weighs, in square roots of the number of all utterances: intents grow
/// with the traffic, but more slowly, since more of it also shows more intents. Chosen on development data in both
/// languages, for all alike.
const SMOOTHING: f64 = 0.9;
/// What the smoothing weighs at least and at most, in utterances.
const SMOOTHING_RANGE: (f64, f64) = (8.0, 40.0);

/// The words of utterances, each word once per utterance, as numbers.
pub(super) struct Words {
    of: Vec<Vec<u32>>,
    /// The share of each word among all.
    share: Vec<f64>,
    smoothing: f64,
}

impl Words {
    /// Reads the words of normalised texts; characters and pairs of them where the script has no spaces.
    pub(super) fn of(texts: &[&str]) -> Self {
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut of: Vec<Vec<u32>> = Vec::with_capacity(texts.len());
        for text in texts {
            let mut words = Vec::new();
            for_each_word(text, |word| {
                let next = numbers.len() as u32;
                words.push(*numbers.entry(word.to_owned()).or_insert(next));
            });
            words.sort_unstable();
            words.dedup();
            of.push(words);
        }
        let mut uses = vec![0f64; numbers.len()];
        for word in of.iter().flatten() {
            uses[*word as usize] += 1.0;
        }
        // A word of one utterance foretells nothing.
        for words in &mut of {
            words.retain(|word| uses[*word as usize] > 1.0);
        }
        let all: f64 = of.iter().map(|words| words.len() as f64).sum();
        let share = uses.iter().map(|uses| uses / all.max(1.0)).collect();
        let (least, most) = SMOOTHING_RANGE;
        let utterances = (SMOOTHING * (of.len() as f64).sqrt()).clamp(least, most);
        let smoothing = utterances * (all / of.len().max(1) as f64).max(1.0);
        Self { of, share, smoothing }
    }

    /// Says how much a grouping into `groups` groups tells about the words, per utterance; more is better.
    pub(super) fn worth(&self, labels: &[usize], groups: usize) -> f64 {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); groups];
        for (at, label) in labels.iter().enumerate().filter(|(_, label)| **label < groups) {
            members[*label].push(at);
        }
        let mut uses = vec![0f64; self.share.len()];
        let mut worth = 0.0;
        for members in members.iter().filter(|members| !members.is_empty()) {
            let words = || members.iter().flat_map(|at| &self.of[*at]);
            words().for_each(|word| uses[*word as usize] += 1.0);
            let all: f64 = words().count() as f64;
            for at in members {
                let others = all - self.of[*at].len() as f64 + self.smoothing;
                for word in &self.of[*at] {
                    let share = self.share[*word as usize];
                    let seen = uses[*word as usize] - 1.0 + self.smoothing * share;
                    worth += (seen / (others * share)).ln();
                }
            }
            let size = members.len() as f64;
            worth += size * ((size - 1.0).max(0.5) / labels.len() as f64).ln();
            words().for_each(|word| uses[*word as usize] = 0.0);
        }
        worth / labels.len().max(1) as f64
    }
}

fn for_each_word(normalised: &str, mut each: impl FnMut(&str)) {
    let mut last: Option<(usize, char)> = None;
    for (at, c) in normalised.char_indices() {
        if !text::is_unspaced(c) {
            last = None;
            continue;
        }
        each(&normalised[at..at + c.len_utf8()]);
        if let Some((start, _)) = last {
            each(&normalised[start..at + c.len_utf8()]);
        }
        last = Some((at, c));
    }
    let spaced = |word: &&str| !word.chars().any(text::is_unspaced);
    normalised.unicode_words().filter(spaced).for_each(each);
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 8] = [
        "refund my order",
        "refund this order",
        "please refund order",
        "order refund now",
        "open an account",
        "please open account",
        "open account now",
        "an account to open",
    ];

    #[test]
    fn the_right_groups_are_worth_most() {
        let words = Words::of(&TEXTS);

        let right = words.worth(&[0, 0, 0, 0, 1, 1, 1, 1], 2);
        let one = words.worth(&[0; 8], 1);
        let mixed = words.worth(&[0, 1, 0, 1, 0, 1, 0, 1], 2);

        assert!(right > mixed, "{right} {mixed}");
        assert!(one > mixed, "{one} {mixed}");
    }

    #[test]
    fn unspaced_script_gives_characters_and_pairs() {
        let mut words = Vec::new();

        for_each_word("退款 ok", |word| words.push(word.to_owned()));

        assert_eq!(words, ["退", "款", "退款", "ok"]);
    }
}
