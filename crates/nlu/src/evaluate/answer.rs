//! What a model answered to a test, kept apart from what kind of model it is.
//!
//! Everything in [`crate::evaluate`](mod@crate::evaluate) is computed from such answers, so that two releases, two tiers,
//! or the service of somebody else are measured alike.

use serde::{Deserialize, Serialize};

use crate::model::Understanding;
use crate::sentiment::{Feeling, Sentiment};
use crate::training_set::Example;

/// Holds what a model says to a text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reply {
    /// The likeliest intents with their probabilities, the likeliest first; none if the model knows no answer.
    pub ranked: Vec<(String, f32)>,
    /// How sure the model is that it knows the intent at all; larger is surer, the scale is the model's own.
    pub in_scope_score: f32,
}

/// Holds a test together with what a model said to it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Answer {
    /// What was said.
    pub text: String,
    /// The intent that it has; `None` if the model cannot know it.
    pub expected: Option<String>,
    /// The likeliest intents with their probabilities, the likeliest first.
    pub ranked: Vec<(String, f32)>,
    /// How sure the model is that it knows the intent at all.
    pub in_scope_score: f32,
}

impl From<Understanding> for Reply {
    fn from(understanding: Understanding) -> Self {
        let ranked = understanding.intents.into_iter();
        Self {
            ranked: ranked.map(|one| (one.intent.to_string(), one.probability)).collect(),
            in_scope_score: understanding.in_scope,
        }
    }
}

impl From<Feeling> for Reply {
    fn from(feeling: Feeling) -> Self {
        let named = |(one, probability): (Sentiment, f32)| (one.name().to_owned(), probability);
        let mut ranked: Vec<(String, f32)> =
            Sentiment::ALL.into_iter().zip(feeling.probabilities).map(named).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        Self { ranked, in_scope_score: feeling.probability() }
    }
}

impl Answer {
    /// Joins a test with a reply.
    #[must_use]
    pub fn new(text: impl Into<String>, expected: Option<&str>, reply: Reply) -> Self {
        let expected = expected.map(str::to_owned);
        let Reply { ranked, in_scope_score } = reply;
        Self { text: text.into(), expected, ranked, in_scope_score }
    }

    /// Returns the likeliest intent; empty if there was no answer.
    #[must_use]
    pub fn found(&self) -> &str {
        self.ranked.first().map_or("", |(intent, _)| intent)
    }

    /// Returns the probability of the likeliest intent, between 0 and 1 whatever the model said.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        let confidence = self.ranked.first().map_or(0.0, |(_, probability)| *probability);
        if confidence.is_nan() { 0.0 } else { confidence.clamp(0.0, 1.0) }
    }

    /// Tells whether the likeliest intent is the expected one.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.is_among(1)
    }

    /// Tells whether the expected intent is among the likeliest `count`.
    #[must_use]
    pub fn is_among(&self, count: usize) -> bool {
        let expected = self.expected.as_deref();
        expected.is_some_and(|name| self.ranked.iter().take(count).any(|(one, _)| one == name))
    }
}

/// Asks a model about tests, and about negatives: texts that have none of its intents.
pub fn ask(
    tests: &[Example],
    negatives: &[String],
    mut model: impl FnMut(&str) -> Reply,
) -> Vec<Answer> {
    let known = tests.iter().map(|test| (test.text.as_str(), Some(test.intent.as_str())));
    let unknown = negatives.iter().map(|text| (text.as_str(), None));
    known.chain(unknown).map(|(text, expected)| Answer::new(text, expected, model(text))).collect()
}

#[cfg(test)]
pub(crate) mod made {
    use super::*;

    /// An answer in scope, as tests write it.
    pub(crate) fn answer(text: &str, expected: &str, found: &str, confidence: f32) -> Answer {
        let ranked = vec![(found.to_owned(), confidence)];
        Answer::new(text, Some(expected), Reply { ranked, in_scope_score: confidence })
    }

    /// An answer to a negative.
    pub(crate) fn negative(text: &str, found: &str, score: f32) -> Answer {
        let ranked = vec![(found.to_owned(), score)];
        Answer::new(text, None, Reply { ranked, in_scope_score: score })
    }
}
