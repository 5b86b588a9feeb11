//! The mood of a conversation: what shows over its turns, where recent ones weigh more.
//!
//! A function of the turns alone. What is done about a mood is not decided here.

use serde::{Deserialize, Serialize};

use super::{Emotion, Emotions};

/// What the newest turn weighs in the course of a conversation. One turn alone, however strong, comes to no more than this;
/// whatever is above lasted.
const TURN_WEIGHT: f32 = 0.4;
/// From which strength on an emotion of the last turn is a mood.
const LAST_MIN: f32 = 0.5;
/// From which strength on an emotion over the course is a mood.
const COURSE_MIN: f32 = 0.2;

/// Holds the mood of a conversation after some turns of the customer; it begins calm.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Mood {
    /// How strongly each emotion showed over the turns.
    pub course: Emotions,
    /// How strongly each emotion shows in the last turn.
    pub last: Emotions,
}

impl Mood {
    /// Follows a conversation from its first turn.
    #[must_use]
    pub fn of(turns: &[Emotions]) -> Self {
        turns.iter().fold(Self::default(), |mood, turn| mood.after(*turn))
    }

    /// Returns the mood after one more turn of the customer.
    #[must_use]
    pub fn after(self, turn: Emotions) -> Self {
        let blend = |emotion| {
            let before = self.course.strength(emotion);
            before + TURN_WEIGHT * (turn.strength(emotion) - before)
        };
        Self { course: Emotions::each(blend), last: turn }
    }

    /// Returns the emotion that shows most, and how strongly, from 0 to 1; `None` if the mood is neutral.
    ///
    /// Thanks are courtesy and no mood.
    #[must_use]
    pub fn strongest(&self) -> Option<(Emotion, f32)> {
        let shown = Emotion::ALL.into_iter().filter_map(|emotion| {
            let (last, course) = (self.last.strength(emotion), self.course.strength(emotion));
            let is_shown = last >= LAST_MIN || course >= COURSE_MIN;
            (is_shown && emotion != Emotion::Gratitude).then_some((emotion, last.max(course)))
        });
        // Of two that are equally strong the first counts.
        shown.reduce(|best, other| if other.1 > best.1 { other } else { best })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Lexicon;

    fn mood(turns: &[&str]) -> Mood {
        let lexicon = Lexicon::default();
        Mood::of(&turns.iter().map(|turn| lexicon.emotions(turn)).collect::<Vec<_>>())
    }

    fn shown(turns: &[&str]) -> Option<Emotion> {
        mood(turns).strongest().map(|(emotion, _)| emotion)
    }

    #[test]
    fn a_calm_conversation_is_neutral() {
        assert_eq!(Mood::default().strongest(), None);
        assert_eq!(shown(&["订单在哪里", "好的谢谢", "谢谢！！！"]), None);
        assert_eq!(shown(&["where is it", "ok", "thanks!!!", "THANK YOU SO MUCH!!!"]), None);
        assert_eq!(shown(&["我没有生气", "i'm not angry"]), None);
    }

    #[test]
    fn anger_that_lasts_grows_and_calm_ends_it() {
        let course = |turns: &[&str]| mood(turns).course.anger;

        let once = course(&["你们这群骗子！！！垃圾公司！！！"]);
        let thrice = course(&["气死我了", "还是不行，气死我了", "真是气死我了！"]);
        let over = course(&["气死我了", "还是不行，气死我了", "好的", "那就这样"]);

        assert!(
            once <= TURN_WEIGHT && thrice > TURN_WEIGHT && over < 0.15,
            "{once} {thrice} {over}"
        );
    }

    #[test]
    fn a_mood_outlives_a_neutral_turn_and_ends() {
        let furious = "this is a scam, you liars!!!";

        assert_eq!(shown(&["hello", furious]), Some(Emotion::Anger));
        assert_eq!(shown(&["hello", furious, "are you there"]), Some(Emotion::Anger));
        assert_eq!(shown(&["hello", furious, "are you there", "order 5512", "it is blue"]), None);
    }

    #[test]
    fn the_emotion_that_shows_most_is_the_mood() {
        assert_eq!(shown(&["我很担心钱会不会丢"]), Some(Emotion::Anxiety));
        assert_eq!(shown(&["i expected better, such a shame"]), Some(Emotion::Disappointment));
        assert_eq!(shown(&["气死我了", "解决了，非常满意，完美"]), Some(Emotion::Satisfaction));
    }

    proptest! {
        #[test]
        fn a_mood_stays_between_0_and_1(turns in prop::collection::vec("(骗子|thanks|急|!|\\PC){0,9}", 0..9)) {
            let turns: Vec<&str> = turns.iter().map(String::as_str).collect();
            let mood = mood(&turns);

            for (_, strength) in mood.course.all().chain(mood.last.all()) {
                prop_assert!((0.0..=1.0).contains(&strength));
            }
        }
    }
}
