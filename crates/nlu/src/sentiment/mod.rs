//! What a customer feels: good or bad, which emotion, and where a conversation is heading.
//!
//! [`read`] tells it from words of ours, in Chinese and English, and needs no training. A [`SentimentModel`] learns from
//! labelled texts what is good and bad in a business of its own. Emotions are always told by a [`Lexicon`], which needs no
//! training either; [`Mood`] follows them over the turns of a conversation. Nothing here decides about a conversation.

mod denial;
mod emotion;
mod grams;
mod lexicon;
mod model;
mod mood;
mod polarity;
mod store;
mod words;

use serde::{Deserialize, Serialize};

pub use self::emotion::{Emotion, Emotions};
pub use self::lexicon::Lexicon;
pub use self::model::{SentimentError, SentimentModel, SentimentOptions, parse_label};
pub use self::mood::Mood;
pub use self::store::SentimentManifest;
use crate::calibrate;
use crate::text;

/// How sharply the lexicon's polarity parts the sentiments, and how likely neutral is when nothing speaks.
const POLARITY_SHARPNESS: f32 = 3.0;
const NEUTRAL_SCORE: f32 = 0.9;

/// Names what a customer feels on the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    /// Displeased.
    Negative,
    /// Neither.
    Neutral,
    /// Pleased.
    Positive,
}

impl Sentiment {
    /// Every sentiment, in the order in which probabilities are kept.
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    /// Returns the name that stands in files and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }
}

/// Says what a message expresses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Feeling {
    /// The likeliest sentiment.
    pub sentiment: Sentiment,
    /// The probability of each sentiment, in the order of [`Sentiment::ALL`]; they sum to one.
    pub probabilities: [f32; 3],
    /// How strongly each emotion shows.
    pub emotions: Emotions,
}

impl Feeling {
    pub(crate) fn new(probabilities: [f32; 3], emotions: Emotions) -> Self {
        let best = (1..3).fold(0, |a, b| if probabilities[b] > probabilities[a] { b } else { a });
        Self { sentiment: Sentiment::ALL[best], probabilities, emotions }
    }

    /// Returns the probability of the likeliest sentiment.
    #[must_use]
    pub fn probability(&self) -> f32 {
        self.probabilities.iter().copied().fold(0.0, f32::max)
    }

    /// Returns how good the message is, from −1 to 1: the probability of positive less that of negative.
    #[must_use]
    pub fn polarity(&self) -> f32 {
        self.probabilities[2] - self.probabilities[0]
    }
}

/// Reads what a message expresses, by the lexicon alone. Only the first [`text::CHARS_MAX`] characters are read.
///
/// These probabilities are by rule and not calibrated; a [`SentimentModel`]'s are.
#[must_use]
pub fn read(text: &str) -> Feeling {
    let text = text::capped(text);
    let normalised = text::normalise(text);
    let polarity = polarity::of(&normalised).polarity();
    let side = POLARITY_SHARPNESS * polarity;
    let mut probabilities = [-side, NEUTRAL_SCORE, side];
    calibrate::soften(&mut probabilities, 1.0);
    Feeling::new(probabilities, Lexicon::default().emotions_normalised(text, &normalised))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_messages_are_told_apart_in_both_languages() {
        let cases = [
            ("这个很好用，非常满意", Sentiment::Positive),
            ("太差了，再也不买了", Sentiment::Negative),
            ("质量不好", Sentiment::Negative),
            ("味道不错", Sentiment::Positive),
            ("我想查一下订单", Sentiment::Neutral),
            ("great service, love it", Sentiment::Positive),
            ("this is terrible", Sentiment::Negative),
            ("not good at all", Sentiment::Negative),
            ("where is my order", Sentiment::Neutral),
            ("东西还可以，但是快递太慢了", Sentiment::Negative),
            ("delivery was slow but the product is wonderful", Sentiment::Positive),
            ("👍", Sentiment::Positive),
            ("😡", Sentiment::Negative),
            ("", Sentiment::Neutral),
        ];

        for (text, expected) in cases {
            let feeling = read(text);
            assert_eq!(feeling.sentiment, expected, "{text}: {feeling:?}");
        }
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one(text in "(不|好|差|但是|very|bad|not|😡| |\\PC){0,30}") {
            let feeling = read(&text);

            prop_assert!((feeling.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            prop_assert!((-1.0..=1.0).contains(&feeling.polarity()));
            for (_, strength) in feeling.emotions.all() {
                prop_assert!((0.0..=1.0).contains(&strength));
            }
        }
    }
}
