//! Scripts with mistakes.

use dialogue::{Answer, AnswerAction, Language, Mistake, Sentence, Words};

use crate::script;

#[test]
fn a_good_script_has_no_mistake() {
    assert_eq!(script().check(), []);
}

#[test]
fn every_mistake_is_found_in_one_go() {
    let mut script = script();
    script.sentences.remove(&Sentence::Retracted);
    script.greeting.0.remove(&Language::En);
    script
        .sentences
        .get_mut(&Sentence::Assigned)
        .unwrap()
        .0
        .insert(Language::En, "{agent} of {team}".into());
    script.thresholds.answer = 1.5;
    script.anger_max = f32::NAN;
    script.lost_turns_max = 0;
    script.fallback_intent = "nothing".into();
    script.person_words = Words::from([(Language::Zh, vec!["人工".into()])]).into();
    script.answers.get_mut("buy").unwrap().remove(&Language::En);
    let yields = script.answers.get_mut("yield").unwrap();
    yields.get_mut(&Language::Zh).unwrap().quick_replies.push("ghost".into());
    script.add("has spaces", Language::Zh, answer("a"));
    script.add("has spaces", Language::En, Answer { title: " ".into(), ..answer("b") });
    script.answers.get_mut("human").unwrap().get_mut(&Language::En).unwrap().action = None;

    let found: Vec<String> = script.check().iter().map(Mistake::to_string).collect();

    assert_eq!(
        found,
        [
            "`person_words` has no word in en",
            "`greeting` has no text in en",
            "`sentences.assigned` in en has the unknown placeholder {team}",
            "`sentences.retracted` has no text in zh",
            "`sentences.retracted` has no text in en",
            "`thresholds.answer` must be between 0 and 1",
            "`anger_max` must be between 0 and 1",
            "`lost_turns_max` must be at least 1",
            "`fallback_intent` names the unknown intent `nothing`",
            "`yield.zh.quick_replies` names the unknown intent `ghost`",
            "the intent `buy` has no answer in en",
            "the intent `has spaces` must have 1 to 48 of a-z, 0-9, _ and - in its name",
            "the intent `has spaces` has no title in en",
            "the intent `human` has an `action` in one language and not in another",
            "the intent `human` has no answer in en",
        ]
    );
}

#[test]
fn the_default_language_must_be_spoken() {
    let mut script = script();
    script.languages = vec![Language::En];
    assert_eq!(script.check(), [Mistake::DefaultLanguage(Language::Zh)]);

    script.languages.clear();
    assert_eq!(script.check(), [Mistake::NoLanguage]);
}

#[test]
fn clarifying_must_ask_for_less_than_answering() {
    let mut script = script();
    script.thresholds.clarify = 0.7;

    let range = "at most `thresholds.answer`";
    assert_eq!(script.check(), [Mistake::OutOfRange { key: "thresholds.clarify", range }]);
}

#[test]
fn a_message_carries_few_quick_replies() {
    let mut script = script();
    script.starters = vec!["yield".into(); 7];

    assert_eq!(script.check(), [Mistake::TooManyQuickReplies("starters".into())]);
}

#[test]
fn an_unknown_key_is_refused() {
    let text = include_str!("bot.yml").replace("anger_max:", "anger_maximum:");

    let error = serde_norway::from_str::<dialogue::Script>(&text).unwrap_err();

    assert!(error.to_string().contains("unknown field `anger_maximum`"), "{error}");
}

#[test]
fn an_intent_file_is_an_answer() {
    let file =
        "intent: human\ntitle: 人工客服\nexamples: [转人工]\nanswer: 好的\naction: handoff\n";

    let answer: Answer = serde_norway::from_str(file).unwrap();

    assert_eq!(answer.title, "人工客服");
    assert_eq!(answer.action, Some(AnswerAction::Handoff));
}

fn answer(title: &str) -> Answer {
    Answer { title: title.into(), answer: "…".into(), ..Answer::default() }
}
