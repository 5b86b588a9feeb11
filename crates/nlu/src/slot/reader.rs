//! From tokens to a sentence as features see it: normalised words, forms, words of a dictionary, the likely intent.

use std::collections::BTreeMap;

use super::feature::{Sentence, Token, form, hash};
use super::utterance::{TaggedUtterance, joined};
use crate::model::Model;
use crate::text;
use crate::train_options::TrainOptions;
use crate::training_set::{Example, TrainingSet};

/// Into how many parts the utterances are divided, so that each is asked of a model that has not seen it.
const PARTS: usize = 5;
/// Above these probabilities an intent counts as likely, and as sure.
const LIKELY: f32 = 0.7;
const SURE: f32 = 0.95;

/// Reads tokens, without an intent.
pub(super) fn read(tokens: &[impl AsRef<str>]) -> Sentence {
    let mut sentence = Sentence::default();
    let mut is_unspaced = false;
    for token in tokens {
        let token = token.as_ref();
        let text = text::normalise(token);
        is_unspaced |= text.chars().any(text::is_unspaced);
        let word = hash(&text);
        sentence.tokens.push(Token { text, word, form: form(token), ..Token::default() });
    }
    if is_unspaced {
        surround(&mut sentence.tokens);
    }
    sentence
}

/// Notes around which tokens the words of the dictionary lie: a character of a name seldom crosses them.
fn surround(tokens: &mut [Token]) {
    let joined: String = tokens.iter().map(|token| token.text.as_str()).collect();
    let mut words = BTreeMap::new();
    let mut at = 0;
    for found in text::jieba().cut(&joined, false) {
        words.insert(at, (at + found.word.len(), hash(found.word)));
        at += found.word.len();
    }
    at = 0;
    for token in tokens {
        let end = at + token.text.len();
        if let Some((start, (stop, word))) = words.range(..=at).next_back() {
            token.around = Some((*word, u64::from(at > *start) * 2 + u64::from(end < *stop)));
        }
        at = end;
    }
}

/// Asks a model what a sentence is about.
pub(super) fn intent(model: &Model, tokens: &[impl AsRef<str>]) -> Option<(u64, u64)> {
    let understanding = model.understand(&joined(tokens));
    let best = understanding.intents.first()?;
    let surely = u64::from(best.probability >= LIKELY) + u64::from(best.probability >= SURE);
    Some((hash(&best.intent), surely))
}

/// Trains a model of the intents, if there are at least two of them and each utterance has one.
pub(super) fn intents(utterances: &[&TaggedUtterance], seed: u64) -> Option<Model> {
    let example = |one: &&TaggedUtterance| {
        one.intent.as_ref().map(|intent| Example::new(intent, joined(&one.tokens)))
    };
    let examples: Option<Vec<Example>> = utterances.iter().map(example).collect();
    let options = TrainOptions { seed, ..TrainOptions::default() };
    Model::train(&TrainingSet::new(examples?), &options).ok()
}

/// Asks, for each utterance, a model that was trained on others: what an intent is worth as a hint is learned from
/// guesses that are as often wrong as they will be.
pub(super) fn foreign_intents(
    utterances: &[TaggedUtterance],
    seed: u64,
) -> Option<Vec<Option<(u64, u64)>>> {
    let mut found = vec![None; utterances.len()];
    for part in 0..PARTS {
        let is_in = |place: usize| place % PARTS == part;
        let others: Vec<&TaggedUtterance> = utterances
            .iter()
            .enumerate()
            .filter(|(at, _)| !is_in(*at))
            .map(|(_, one)| one)
            .collect();
        let model = intents(&others, seed)?;
        for (place, one) in utterances.iter().enumerate().filter(|(at, _)| is_in(*at)) {
            found[place] = intent(&model, &one.tokens);
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_know_the_word_around_them() {
        let sentence = read(&["去", "北", "京"]);

        let around: Vec<(u64, u64)> = sentence.tokens.iter().filter_map(|one| one.around).collect();
        assert_eq!(around, [(hash("去"), 0), (hash("北京"), 1), (hash("北京"), 2)]);
        assert!(read(&["to", "york"]).tokens.iter().all(|one| one.around.is_none()));
    }

    #[test]
    fn words_are_compared_normalised_and_keep_their_form() {
        let (small, large) = (read(&["york"]), read(&["York"]));

        assert_eq!(small.tokens[0].word, large.tokens[0].word);
        assert_ne!(small.tokens[0].form, large.tokens[0].form);
    }

    #[test]
    fn one_intent_or_a_missing_one_is_no_hint() {
        let one = |text: &str, intent: Option<&str>| {
            let tokens = vec![text.to_owned()];
            TaggedUtterance::from_tags(None, intent.map(str::to_owned), tokens, &["O"]).unwrap()
        };
        let alike: Vec<TaggedUtterance> = ["a", "b"].iter().map(|t| one(t, Some("x"))).collect();
        let missing = [one("a", Some("x")), one("b", None), one("c", Some("y"))];

        assert!(intents(&alike.iter().collect::<Vec<_>>(), 1).is_none());
        assert!(foreign_intents(&missing, 1).is_none());
    }
}
