//! The mood of a conversation: from what a message shows to what is kept of it.
//!
//! What the emotions are is told by `nlu`, and so is how they add up; here they only
//! change between its numbers and the percents that are stored.

use domain::{Emotion, Mood};
use nlu::sentiment::{self, Emotions};

/// What is left of an emotion when nobody notices it any more, in percent.
const FAINT_MAX: u8 = 2;

/// The mood after one more message.
pub(crate) fn after(mood: Mood, emotions: Emotions) -> Mood {
    let course = Emotions::each(|emotion| fraction(mood.course[emotion as usize]));
    let next = sentiment::Mood { course, ..sentiment::Mood::default() }.after(emotions);
    let shown = next.strongest();
    Mood {
        shown: shown.map(|(emotion, strength)| (written(emotion), percent(strength))),
        course: sentiment::Emotion::ALL.map(|emotion| left(next.course.strength(emotion))),
    }
}

/// How angry the contact was over the last messages, from 0 to 1.
pub(crate) fn lasting_anger(mood: Mood) -> f32 {
    fraction(mood.course[sentiment::Emotion::Anger as usize])
}

/// The emotions that show, the strongest first, with how strongly.
pub(crate) fn shown(emotions: Emotions) -> Vec<(Emotion, f32)> {
    let shown = emotions.all().filter(|(_, strength)| *strength > 0.0);
    let mut shown: Vec<_> = shown.map(|(emotion, strength)| (written(emotion), strength)).collect();
    shown.sort_by(|a, b| b.1.total_cmp(&a.1));
    shown
}

fn written(emotion: sentiment::Emotion) -> Emotion {
    match emotion {
        sentiment::Emotion::Anger => Emotion::Anger,
        sentiment::Emotion::Anxiety => Emotion::Anxiety,
        sentiment::Emotion::Disappointment => Emotion::Disappointment,
        sentiment::Emotion::Satisfaction => Emotion::Satisfaction,
        sentiment::Emotion::Gratitude => Emotion::Gratitude,
        sentiment::Emotion::Urgency => Emotion::Urgency,
    }
}

fn fraction(percent: u8) -> f32 {
    f32::from(percent.min(100)) / 100.0
}

fn left(fraction: f32) -> u8 {
    let percent = percent(fraction);
    if percent > FAINT_MAX { percent } else { 0 }
}

fn percent(fraction: f32) -> u8 {
    (fraction.clamp(0.0, 1.0) * 100.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_crates_list_the_emotions_in_one_order() {
        assert_eq!(sentiment::Emotion::ALL.map(written), Emotion::ALL);
    }

    #[test]
    fn a_mood_grows_by_steps_and_dies_down_to_nothing() {
        let angry = Emotions { anger: 0.6, ..Emotions::default() };

        let once = after(Mood::default(), angry);
        let twice = after(once, angry);
        let over = (0..20).fold(twice, |mood, _| after(mood, Emotions::default()));

        assert_eq!(once, Mood { shown: Some((Emotion::Anger, 60)), course: [24, 0, 0, 0, 0, 0] });
        assert_eq!(twice.course[0], 38);
        assert!(lasting_anger(twice) > 0.37 && over.is_calm(), "{over:?}");
    }
}
