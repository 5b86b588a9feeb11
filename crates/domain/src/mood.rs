//! What a contact feels, as far as it shows in what is said.
//!
//! How it is told from a text, and how it changes over a conversation, is not decided here.

use serde::{Deserialize, Serialize};

/// An emotion.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Emotion {
    /// Anger at what was done.
    Anger,
    /// Worry about what may come.
    Anxiety,
    /// Hope that came to nothing.
    Disappointment,
    /// Pleasure with what was given.
    Satisfaction,
    /// Thanks.
    Gratitude,
    /// No time to wait.
    Urgency,
}

impl Emotion {
    /// Every emotion, in the order in which a mood keeps them.
    pub const ALL: [Emotion; 6] = [
        Emotion::Anger,
        Emotion::Anxiety,
        Emotion::Disappointment,
        Emotion::Satisfaction,
        Emotion::Gratitude,
        Emotion::Urgency,
    ];
}

/// The mood of a contact over a conversation; all strengths are percents.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Mood {
    /// What shows most and how strongly; `None` while the mood is neutral.
    pub shown: Option<(Emotion, u8)>,
    /// How strongly each emotion showed over the messages, in the order of [`Emotion::ALL`].
    pub course: [u8; Emotion::ALL.len()],
}

impl Mood {
    /// Tells whether nothing was ever felt, or all of it is over.
    pub fn is_calm(&self) -> bool {
        *self == Mood::default()
    }
}
