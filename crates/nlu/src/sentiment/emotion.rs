//! The emotions, and how strongly each shows in a message. How they are found is the matter of `lexicon`.

use serde::{Deserialize, Serialize};

/// Names an emotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// Every emotion, in the order in which reports list them.
    pub const ALL: [Self; 6] = [
        Self::Anger,
        Self::Anxiety,
        Self::Disappointment,
        Self::Satisfaction,
        Self::Gratitude,
        Self::Urgency,
    ];
}

/// Holds how strongly each emotion shows, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Emotions {
    /// How angry it sounds.
    pub anger: f32,
    /// How worried it sounds.
    pub anxiety: f32,
    /// How disappointed it sounds.
    pub disappointment: f32,
    /// How satisfied it sounds.
    pub satisfaction: f32,
    /// How grateful it sounds.
    pub gratitude: f32,
    /// How urgent it sounds.
    pub urgency: f32,
}

impl Emotions {
    /// Makes emotions of what is told about each.
    #[must_use]
    pub fn each(strength: impl Fn(Emotion) -> f32) -> Self {
        Self {
            anger: strength(Emotion::Anger),
            anxiety: strength(Emotion::Anxiety),
            disappointment: strength(Emotion::Disappointment),
            satisfaction: strength(Emotion::Satisfaction),
            gratitude: strength(Emotion::Gratitude),
            urgency: strength(Emotion::Urgency),
        }
    }

    /// Returns how strongly an emotion shows.
    #[must_use]
    pub fn strength(&self, emotion: Emotion) -> f32 {
        match emotion {
            Emotion::Anger => self.anger,
            Emotion::Anxiety => self.anxiety,
            Emotion::Disappointment => self.disappointment,
            Emotion::Satisfaction => self.satisfaction,
            Emotion::Gratitude => self.gratitude,
            Emotion::Urgency => self.urgency,
        }
    }

    /// Returns every emotion with its strength.
    pub fn all(&self) -> impl Iterator<Item = (Emotion, f32)> {
        Emotion::ALL.into_iter().map(|emotion| (emotion, self.strength(emotion)))
    }

    /// Returns the strongest emotion; `None` if none shows.
    #[must_use]
    pub fn strongest(&self) -> Option<Emotion> {
        let shown = self.all().filter(|(_, strength)| *strength > 0.0);
        shown.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(emotion, _)| emotion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lexicon;

    #[test]
    fn each_emotion_is_recognised_in_both_languages() {
        let cases = [
            ("你们这群骗子，气死我了", Emotion::Anger),
            ("i am furious, this is unacceptable", Emotion::Anger),
            ("我很担心钱会不会丢", Emotion::Anxiety),
            ("i'm worried about my account", Emotion::Anxiety),
            ("真让人失望", Emotion::Disappointment),
            ("i expected better, such a shame", Emotion::Disappointment),
            ("非常满意，完美", Emotion::Satisfaction),
            ("perfect, i love it", Emotion::Satisfaction),
            ("谢谢你，辛苦了", Emotion::Gratitude),
            ("thank you, much appreciated", Emotion::Gratitude),
            ("请尽快处理，很紧急", Emotion::Urgency),
            ("i need it asap, it is urgent", Emotion::Urgency),
        ];

        for (text, expected) in cases {
            let emotions = Lexicon::default().emotions(text);
            assert_eq!(emotions.strongest(), Some(expected), "{text}: {emotions:?}");
        }
    }

    #[test]
    fn a_denied_emotion_does_not_show() {
        for text in ["我不担心", "i am not worried", "订单在哪里", "恐怕不行"] {
            assert_eq!(Lexicon::default().emotions(text).strongest(), None, "{text}");
        }
    }
}
