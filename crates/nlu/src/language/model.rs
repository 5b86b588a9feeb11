//! The model of languages in Latin letters: how likely each language makes the letters of words, and the words.
//!
//! It is made from [`super::sentences`] when it is first asked, in some milliseconds, and is a table of counts: nothing is
//! learned from what customers write.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::sentences::SENTENCES;
use super::{Tongue, ranked};

/// How many letters a run has at most, the ends of words included.
const LETTERS_MAX: usize = 4;
/// What is added to each count.
const COUNT_EXTRA: f32 = 0.3;
/// How much a whole word counts beside its letters.
const WORD_WEIGHT: f32 = 2.0;
/// How sharply scores part the languages: letters of a word depend on each other, and this makes up for it.
const SHARPNESS: f32 = 0.35;
/// What speaks for English before any word is read: its words stand in every language's messages.
const ENGLISH_EXTRA: f32 = 2.0;
/// So many words are enough: what follows is not read.
const WORDS_MAX: usize = 200;

const COUNT: usize = SENTENCES.len();
type Scores = [f32; COUNT];

struct Model {
    /// The logarithm of the share of each run of letters in each language.
    runs: HashMap<Vec<char>, Scores>,
    words: HashMap<&'static str, Scores>,
    /// The score of a run, by its length, and of a word, that a language has not.
    unseen_runs: [Scores; LETTERS_MAX],
    unseen_word: Scores,
}

/// Returns the probability of each language for words in lower case with their weights, the likeliest first.
pub(super) fn probabilities(words: &[(String, f32)]) -> Vec<(Tongue, f32)> {
    let model = model();
    let mut sums = [0f32; COUNT];
    for (word, weight) in words.iter().take(WORDS_MAX) {
        let whole = model.words.get(word.as_str()).unwrap_or(&model.unseen_word);
        add(&mut sums, whole, weight * WORD_WEIGHT);
        for_each_run(word, |run| {
            let unseen = &model.unseen_runs[run.len() - 1];
            add(&mut sums, model.runs.get(run).unwrap_or(unseen), weight / LETTERS_MAX as f32);
        });
    }
    sums[0] += ENGLISH_EXTRA;
    let scores = SENTENCES.iter().zip(sums).map(|((tongue, _), sum)| (*tongue, sum)).collect();
    ranked(scores, SHARPNESS)
}

/// Tells whether a word stands in the sentences of any language.
pub(super) fn is_known(word: &str) -> bool {
    model().words.contains_key(word)
}

fn add(sums: &mut Scores, scores: &Scores, weight: f32) {
    for (sum, score) in sums.iter_mut().zip(scores) {
        *sum += weight * score;
    }
}

fn for_each_run(word: &str, mut each: impl FnMut(&[char])) {
    let letters: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
    for start in 0..letters.len() {
        for length in 1..=LETTERS_MAX.min(letters.len() - start) {
            let run = &letters[start..start + length];
            if run != [' '] {
                each(run);
            }
        }
    }
}

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(Model::learn)
}

impl Model {
    fn learn() -> Self {
        let mut runs: HashMap<Vec<char>, Scores> = HashMap::new();
        let mut words: HashMap<&'static str, Scores> = HashMap::new();
        let (mut run_totals, mut word_totals) = ([[0f32; COUNT]; LETTERS_MAX], [0f32; COUNT]);
        for (language, (_, sentences)) in SENTENCES.iter().enumerate() {
            for word in sentences.split_whitespace().flat_map(|chunk| chunk.split('-')) {
                words.entry(word).or_default()[language] += 1.0;
                word_totals[language] += 1.0;
            }
            // Each word counts its letters once, so that small words do not drown the rest.
            let different: HashSet<&str> = sentences.split_whitespace().collect();
            for word in different {
                for_each_run(word, |run| {
                    runs.entry(run.to_vec()).or_default()[language] += 1.0;
                    run_totals[run.len() - 1][language] += 1.0;
                });
            }
        }
        let mut kinds = [0f32; LETTERS_MAX];
        runs.keys().for_each(|run| kinds[run.len() - 1] += 1.0);
        for (run, counts) in &mut runs {
            let at = run.len() - 1;
            to_logarithms(counts, &run_totals[at], kinds[at]);
        }
        let word_kinds = words.len() as f32;
        words.values_mut().for_each(|counts| to_logarithms(counts, &word_totals, word_kinds));
        let unseen = |totals: &Scores, kinds: f32| {
            let mut scores = [0f32; COUNT];
            to_logarithms(&mut scores, totals, kinds);
            scores
        };
        Self {
            unseen_runs: std::array::from_fn(|at| unseen(&run_totals[at], kinds[at])),
            unseen_word: unseen(&word_totals, word_kinds),
            runs,
            words,
        }
    }
}

fn to_logarithms(counts: &mut Scores, totals: &Scores, kinds: f32) {
    for (count, total) in counts.iter_mut().zip(totals) {
        *count = ((*count + COUNT_EXTRA) / (total + COUNT_EXTRA * kinds)).ln();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(words: &[&str]) -> Vec<(String, f32)> {
        words.iter().map(|word| ((*word).to_owned(), 1.0)).collect()
    }

    #[test]
    fn small_words_decide_and_so_do_letters() {
        let best = |words: &[&str]| probabilities(&weighed(words))[0].0;

        assert_eq!(best(&["the"]), Tongue::En);
        assert_eq!(best(&["nicht"]), Tongue::De);
        assert_eq!(best(&["quelque", "chose"]), Tongue::Fr);
        assert_eq!(best(&["freundlichkeit"]), Tongue::De);
        assert_eq!(best(&["happiness"]), Tongue::En);
        assert_eq!(best(&["corazón"]), Tongue::Es);
    }

    #[test]
    fn every_language_knows_its_own_sentences() {
        for (tongue, sentences) in SENTENCES {
            let words: Vec<&str> = sentences.split_whitespace().collect();
            for sentence in words.chunks(5) {
                let (best, probability) = probabilities(&weighed(sentence))[0];
                assert!(
                    best == tongue || probability < 0.95,
                    "{tongue:?}: {sentence:?} → {best:?}"
                );
            }
        }
    }
}
