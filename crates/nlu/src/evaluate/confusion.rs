//! Which intents are taken for which others, with the sentences: from a number down to what was said.
//!
//! The lists are bounded, the counts are not: a count says how many there were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answer::Answer;

/// The most pairs of confused intents in a report.
pub(crate) const CONFUSIONS_MAX: usize = 2_000;
/// The most sentences of one pair.
pub(crate) const SENTENCES_OF_PAIR_MAX: usize = 500;
/// The most sentences of all pairs together.
const SENTENCES_MAX: usize = 20_000;
/// The most characters of a sentence.
const SENTENCE_CHARS_MAX: usize = 500;

/// Names an intent that was taken for another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// The intent of the test.
    pub expected: String,
    /// The intent that the model found likeliest; empty if it found none.
    pub found: String,
    /// How often.
    pub count: usize,
    /// The utterances, those first of which the model was surest.
    pub sentences: Vec<Missed>,
}

/// Holds an utterance that was taken for something else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Missed {
    /// What was said, cut if it is very long.
    pub text: String,
    /// The probability of the intent that the model found.
    pub confidence: f32,
}

/// Lists the pairs, the most frequent first.
pub(crate) fn confusions(known: &[&Answer]) -> Vec<Confusion> {
    let mut pairs: BTreeMap<(&str, &str), Vec<&Answer>> = BTreeMap::new();
    for answer in known.iter().filter(|one| !one.is_right()) {
        let expected = answer.expected.as_deref().unwrap_or_default();
        pairs.entry((expected, answer.found())).or_default().push(answer);
    }
    let mut pairs: Vec<((&str, &str), Vec<&Answer>)> = pairs.into_iter().collect();
    pairs.sort_by_key(|(_, answers)| std::cmp::Reverse(answers.len()));
    pairs.truncate(CONFUSIONS_MAX);
    let mut room = SENTENCES_MAX;
    pairs
        .into_iter()
        .map(|((expected, found), answers)| {
            let count = answers.len();
            let sentences = sentences(answers, room.min(SENTENCES_OF_PAIR_MAX));
            room -= sentences.len();
            Confusion { expected: expected.to_owned(), found: found.to_owned(), count, sentences }
        })
        .collect()
}

fn sentences(mut answers: Vec<&Answer>, most: usize) -> Vec<Missed> {
    answers.sort_by(|a, b| b.confidence().total_cmp(&a.confidence()));
    let cut = |text: &str| text.chars().take(SENTENCE_CHARS_MAX).collect();
    answers
        .into_iter()
        .take(most)
        .map(|one| Missed { text: cut(&one.text), confidence: one.confidence() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::answer::made::answer;
    use super::*;

    #[test]
    fn the_most_frequent_pair_and_the_surest_mistake_come_first() {
        let answers = [
            answer("one", "a", "b", 0.6),
            answer("two", "c", "b", 0.5),
            answer("three", "c", "b", 0.9),
            answer("right", "a", "a", 0.9),
        ];

        let confusions = confusions(&answers.iter().collect::<Vec<_>>());

        assert_eq!(confusions.len(), 2);
        assert_eq!((&*confusions[0].expected, confusions[0].count), ("c", 2));
        assert_eq!(confusions[0].sentences[0].text, "three");
    }

    #[test]
    fn sentences_are_bounded_and_counts_are_not() {
        let answers = vec![answer(&"知".repeat(2_000), "a", "b", 0.5); 700];

        let confusions = confusions(&answers.iter().collect::<Vec<_>>());

        assert_eq!(confusions[0].count, 700);
        assert_eq!(confusions[0].sentences.len(), SENTENCES_OF_PAIR_MAX);
        assert_eq!(confusions[0].sentences[0].text.chars().count(), SENTENCE_CHARS_MAX);
    }
}
