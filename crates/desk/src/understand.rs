//! Understanding: what whoever answers for a bot is asked, and what it says.

use async_trait::async_trait;
use domain::Language;
use nlu::sentiment::{Emotions, Sentiment};

/// Understands what is said.
///
/// A trait because a model with an encoder answers from threads of its own, while
/// one without answers at once.
#[async_trait]
pub trait Understand: Send + Sync {
    /// Tells what may be meant by `text`.
    async fn understand(&self, text: &str) -> Understood;

    /// Tells whether it takes so much memory that few of its kind are kept.
    fn is_large(&self) -> bool {
        false
    }

    /// Tells what in `text` weighed most for its likeliest intent; nothing if the
    /// mind cannot say.
    async fn explain(&self, _text: &str, _reasons_max: usize) -> Vec<Reason> {
        Vec::new()
    }
}

/// What may be meant by something that was said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    /// The language, if it can be told.
    pub language: Option<Language>,
    /// What may be meant, with probabilities from 0 to 1, the likeliest first.
    pub intents: Vec<(String, f32)>,
    /// How strongly each emotion shows.
    pub emotions: Emotions,
    /// Whether it is good or bad news, with a probability from 0 to 1; `None` if the bot has not
    /// learned that.
    pub sentiment: Option<(Sentiment, f32)>,
    /// Whether understanding failed or took too long.
    pub failed: bool,
}

/// A piece of a text that spoke for its likeliest intent.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The piece.
    pub text: String,
    /// Where it begins, in characters.
    pub start: usize,
    /// Where it ends, in characters.
    pub end: usize,
    /// By how much the logarithm of the intent's odds falls without it.
    pub weight: f32,
}
