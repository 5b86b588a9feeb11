//! Where a conversation is heading: its feelings over turns, smoothed, and when a rule says that a person should take over.
//!
//! A function of the turns alone. What is done when the rule is met is not decided here.

use serde::{Deserialize, Serialize};

use super::{Feeling, Sentiment};

/// What the newest turn weighs in the present, and in the longer course that the present is compared with.
const PRESENT_WEIGHT: f32 = 0.5;
const COURSE_WEIGHT: f32 = 0.2;

/// Holds the mood of a conversation after some turns of the customer.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Mood {
    /// How many turns were heard.
    pub turns: u32,
    /// How good the mood is, from −1 to 1; recent turns weigh more.
    pub polarity: f32,
    /// How angry the customer is, from 0 to 1; recent turns weigh more.
    pub anger: f32,
    /// How angry the last turn was.
    pub anger_last: f32,
    /// How many turns in a row were negative, the last among them.
    pub negative_streak: u32,
    /// How good the mood was over a longer course.
    pub polarity_course: f32,
}

impl Mood {
    /// Follows a conversation from its first turn.
    #[must_use]
    pub fn of(turns: &[Feeling]) -> Self {
        turns.iter().fold(Self::default(), |mood, turn| mood.after(turn))
    }

    /// Returns the mood after one more turn of the customer.
    #[must_use]
    pub fn after(self, turn: &Feeling) -> Self {
        let first = self.turns == 0;
        let blend =
            |old: f32, new: f32, weight: f32| if first { new } else { old + weight * (new - old) };
        let (polarity, anger) = (turn.polarity(), turn.emotions.anger);
        let negative = turn.sentiment == Sentiment::Negative;
        Self {
            turns: self.turns.saturating_add(1),
            polarity: blend(self.polarity, polarity, PRESENT_WEIGHT),
            anger: blend(self.anger, anger, PRESENT_WEIGHT),
            anger_last: anger,
            negative_streak: if negative { self.negative_streak.saturating_add(1) } else { 0 },
            polarity_course: blend(self.polarity_course, polarity, COURSE_WEIGHT),
        }
    }

    /// Returns whether the mood rises (above 0) or falls (below): the present less the longer course.
    #[must_use]
    pub fn trend(&self) -> f32 {
        self.polarity - self.polarity_course
    }
}

/// Says when a person should take over because of the mood.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoodRule {
    /// A single turn as angry as this is enough.
    pub anger_last_min: f32,
    /// Smoothed anger as great as this is enough.
    pub anger_min: f32,
    /// So many negative turns in a row are enough, if the mood does not rise.
    pub negative_streak_min: u32,
}

impl Default for MoodRule {
    fn default() -> Self {
        Self { anger_last_min: 0.8, anger_min: 0.55, negative_streak_min: 3 }
    }
}

/// Says which part of the rule is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOver {
    /// The last turn was very angry.
    AngryNow,
    /// The customer has been angry for some turns.
    AngryForLong,
    /// One negative turn followed another, and the mood does not rise.
    Souring,
}

impl MoodRule {
    /// Tells whether a person should take over, and why.
    #[must_use]
    pub fn hand_over(&self, mood: &Mood) -> Option<HandOver> {
        if mood.turns == 0 {
            None
        } else if mood.anger_last >= self.anger_last_min {
            Some(HandOver::AngryNow)
        } else if mood.anger >= self.anger_min {
            Some(HandOver::AngryForLong)
        } else if mood.negative_streak >= self.negative_streak_min && mood.trend() <= 0.0 {
            Some(HandOver::Souring)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn mood(turns: &[&str]) -> Mood {
        Mood::of(&turns.iter().map(|turn| read(turn)).collect::<Vec<_>>())
    }

    #[test]
    fn a_calm_conversation_needs_nobody() {
        let rule = MoodRule::default();

        assert_eq!(rule.hand_over(&Mood::default()), None);
        assert_eq!(rule.hand_over(&mood(&["订单在哪里", "好的谢谢", "不错"])), None);
        assert_eq!(rule.hand_over(&mood(&["where is it", "ok", "great, thanks"])), None);
    }

    #[test]
    fn one_very_angry_turn_is_enough() {
        let mood = mood(&["订单在哪里", "你们这群骗子！！！垃圾公司！！！"]);

        assert_eq!(MoodRule::default().hand_over(&mood), Some(HandOver::AngryNow));
    }

    #[test]
    fn anger_that_stays_is_enough() {
        let mood = mood(&["气死我了", "还是不行，气死我了"]);

        assert_eq!(MoodRule::default().hand_over(&mood), Some(HandOver::AngryForLong));
    }

    #[test]
    fn a_souring_conversation_is_noticed_and_a_mending_one_is_not() {
        let souring = mood(&["很好", "太慢了", "还是太慢", "太差太慢"]);
        let mended = mood(&["太慢了", "还是太慢", "解决了，非常满意"]);

        assert!(souring.trend() < 0.0);
        assert_eq!(MoodRule::default().hand_over(&souring), Some(HandOver::Souring));
        assert!(mended.trend() > 0.0);
        assert_eq!(MoodRule::default().hand_over(&mended), None);
    }

    #[test]
    fn recent_turns_weigh_more() {
        let better = mood(&["太差了", "太差了", "非常满意"]);
        let worse = mood(&["非常满意", "太差了", "太差了"]);

        assert!(better.polarity > worse.polarity + 0.2, "{better:?} {worse:?}");
        assert!(better.trend() > worse.trend());
        assert_eq!(Mood::of(&[]), Mood::default());
    }
}
