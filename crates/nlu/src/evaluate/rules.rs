//! Keyword rules, as a careful person would write them who may read the training part only: what a model is held against.
//!
//! Each intent has a dozen words, those that speak most for it, and each word a weight; rare intents need more of them than
//! frequent ones, and the most frequent is what is guessed without any. The intent with the largest sum wins. It is meant to be a
//! strong baseline: whoever beats it beats lists of words in which all count alike. It is no model, and nothing but
//! measuring uses it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::answer::{Answer, Reply, ask};
use super::measure::measure;
use crate::text;
use crate::training_set::{Example, TrainingSet};

/// How many words an intent has at most.
pub const KEYWORDS_MAX: usize = 12;
/// What is added to every count, so that a word that was seen once does not decide.
const SMOOTHING: f64 = 0.5;

/// Recognises intents by words.
#[derive(Debug, Clone, PartialEq)]
pub struct KeywordRules {
    /// The intents, the most frequent first, and what each lacks to be as likely as that one, before a word is read.
    intents: Vec<(String, f64)>,
    /// For each word, the intents that it speaks for, and how strongly.
    words: HashMap<String, Vec<(usize, f64)>>,
}

/// Says how good keyword rules are on the same tests as a model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RulesScore {
    /// The share of the tests that the rules get right.
    pub accuracy: f32,
    /// Their mean F1 over the intents.
    pub macro_f1: f32,
    /// How many times as many mistakes the rules make as the model; `None` if the model makes none.
    pub errors_ratio: Option<f32>,
}

impl KeywordRules {
    /// Chooses the words of each intent.
    #[must_use]
    pub fn learn(set: &TrainingSet) -> Self {
        let mut examples: BTreeMap<&str, Vec<BTreeSet<String>>> = BTreeMap::new();
        for one in set.examples() {
            examples.entry(&one.intent).or_default().push(words(&one.text));
        }
        let mut by_size: Vec<(&str, Vec<BTreeSet<String>>)> = examples.into_iter().collect();
        by_size.sort_by_key(|(_, texts)| std::cmp::Reverse(texts.len()));
        let everywhere = count(by_size.iter().flat_map(|(_, texts)| texts));
        let everywhere = Counts { words: &everywhere, texts: set.examples().len() };
        let mut words: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        for (intent, (_, texts)) in by_size.iter().enumerate() {
            let inside = count(texts);
            for (word, weight) in
                chosen(&Counts { words: &inside, texts: texts.len() }, &everywhere)
            {
                words.entry(word.to_owned()).or_default().push((intent, weight));
            }
        }
        let most = by_size.first().map_or(1, |(_, texts)| texts.len()) as f64;
        let intents = by_size.iter();
        let intents =
            intents.map(|(one, texts)| ((*one).to_owned(), (texts.len() as f64 / most).ln()));
        Self { intents: intents.collect(), words }
    }

    /// Says what the rules make of a text, with probabilities as if words did not depend on each other.
    #[must_use]
    pub fn reply(&self, text: &str) -> Reply {
        let mut sums: Vec<f64> = self.intents.iter().map(|(_, lacking)| *lacking).collect();
        for (intent, weight) in words(text).iter().filter_map(|word| self.words.get(word)).flatten()
        {
            sums[*intent] += weight;
        }
        let mut ranked: Vec<(usize, f64)> = sums.into_iter().enumerate().collect();
        // The order of equal sums stays, and with it that of frequency.
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        let best = ranked.first().map_or(0.0, |(_, sum)| *sum);
        let all: f64 = ranked.iter().map(|(_, sum)| (sum - best).exp()).sum();
        let share = |sum: f64| ((sum - best).exp() / all) as f32;
        Reply {
            ranked: ranked
                .into_iter()
                .take(crate::model::CANDIDATES_MAX)
                .map(|(intent, sum)| (self.intents[intent].0.clone(), share(sum)))
                .collect(),
            in_scope_score: best as f32,
        }
    }

    /// Learns rules from the examples of a model and asks them its tests; `accuracy` is the model's own.
    #[must_use]
    pub fn score(set: &TrainingSet, tests: &[Example], accuracy: f32) -> RulesScore {
        let rules = Self::learn(set);
        let answers: Vec<Answer> = ask(tests, &[], |text| rules.reply(text));
        let report = measure(&answers, None);
        RulesScore {
            accuracy: report.accuracy,
            macro_f1: report.macro_f1,
            errors_ratio: (accuracy < 1.0).then(|| (1.0 - report.accuracy) / (1.0 - accuracy)),
        }
    }
}

/// The different words of a text, Chinese segmented.
fn words(text: &str) -> BTreeSet<String> {
    text::search_tokens(text).into_iter().collect()
}

/// In how many texts each word stands.
struct Counts<'a> {
    words: &'a BTreeMap<&'a str, usize>,
    texts: usize,
}

fn count<'a>(texts: impl IntoIterator<Item = &'a BTreeSet<String>>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for word in texts.into_iter().flatten() {
        *counts.entry(word.as_str()).or_default() += 1;
    }
    counts
}

/// The words that are frequent inside and rare outside, with how much likelier they are inside (in logarithms).
fn chosen<'a>(inside: &Counts<'a>, everywhere: &Counts<'_>) -> Vec<(&'a str, f64)> {
    let outside = (everywhere.texts - inside.texts) as f64;
    let smooth = |count: f64, of: f64| (count + SMOOTHING) / (of + 2.0 * SMOOTHING);
    let mut words: Vec<(f64, &str, f64)> = inside
        .words
        .iter()
        .map(|(word, count)| {
            let elsewhere = everywhere.words.get(word).map_or(0, |all| all - count);
            let here = smooth(*count as f64, inside.texts as f64);
            let weight = (here / smooth(elsewhere as f64, outside)).ln();
            (*count as f64 * weight, *word, weight)
        })
        .filter(|(_, _, weight)| *weight > 0.0)
        .collect();
    words.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    words.into_iter().take(KEYWORDS_MAX).map(|(_, word, weight)| (word, weight)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> TrainingSet {
        TrainingSet::new(pairs.iter().map(|(intent, text)| Example::new(*intent, *text)).collect())
    }

    fn shop() -> TrainingSet {
        set(&[
            ("refund", "我要退款"),
            ("refund", "怎么申请退款"),
            ("refund", "refund my order"),
            ("address", "我要修改地址"),
            ("address", "change the address of my order"),
        ])
    }

    #[test]
    fn words_that_stand_everywhere_decide_nothing() {
        let rules = KeywordRules::learn(&shop());

        assert_eq!(rules.reply("退款，我要").ranked[0].0, "refund");
        assert_eq!(rules.reply("我要换地址").ranked[0].0, "address");
        assert_eq!(rules.reply("address of my order").ranked[0].0, "address");
    }

    #[test]
    fn without_a_word_the_most_frequent_intent_is_guessed() {
        let rules = KeywordRules::learn(&shop());

        let reply = rules.reply("今天天气");

        // Three examples of five.
        assert_eq!(reply.ranked[0], ("refund".to_owned(), 0.6));
    }

    #[test]
    fn an_intent_has_a_dozen_words_and_no_more() {
        let long: Vec<String> = (0..40).map(|word| format!("word{word}")).collect();

        let rules = KeywordRules::learn(&set(&[("long", &long.join(" ")), ("other", "else")]));

        let of_long = rules.words.values().flatten().filter(|(intent, _)| *intent == 0).count();
        assert_eq!(of_long, KEYWORDS_MAX);
    }

    #[test]
    fn the_score_says_how_many_more_mistakes_rules_make() {
        let tests = [Example::new("refund", "退款"), Example::new("address", "今天天气")];

        let score = KeywordRules::score(&shop(), &tests, 0.75);

        assert_eq!((score.accuracy, score.errors_ratio), (0.5, Some(2.0)));
        assert_eq!(KeywordRules::score(&shop(), &tests, 1.0).errors_ratio, None);
    }

    #[test]
    fn nothing_can_be_learned_from_nothing() {
        let reply = KeywordRules::learn(&set(&[])).reply("退款");

        assert_eq!(reply, Reply::default());
    }
}
