//! The demo company's bot, as it stands in the examples.

use std::fs;
use std::path::{Path, PathBuf};

use dialogue::{Action, Answer, Language, Reason, Script, Sentence, State, Turn, step};
use jiff::Timestamp;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/demo")
}

fn demo() -> Script {
    let text = fs::read_to_string(folder().join("bot.yml")).expect("the demo has a bot.yml");
    let mut script: Script = serde_norway::from_str(&text).expect("bot.yml is a script");
    for entry in fs::read_dir(folder().join("intents")).expect("the demo has intents") {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (intent, language) = match name.split('.').collect::<Vec<_>>()[..] {
            [intent, "zh", "yml"] => (intent, Language::Zh),
            [intent, "en", "yml"] => (intent, Language::En),
            _ => panic!("{name} is not <intent>.<language>.yml"),
        };
        let answer: Answer = serde_norway::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        script.add(intent, language, answer);
    }
    script
}

#[test]
fn the_demo_bot_has_no_mistake() {
    let mistakes: Vec<String> = demo().check().iter().map(ToString::to_string).collect();

    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn the_demo_bot_answers_and_hands_over_in_both_languages() {
    let script = demo();
    for (language, question, wish) in [
        (Language::Zh, "我想查询基金的收益情况", "转人工"),
        (Language::En, "my yield", "a human please"),
    ] {
        let intents = [("query_yield".to_owned(), 0.97)];
        let ask =
            |text| Turn { text, language: Some(language), intents: &intents, ..Turn::default() };

        let (state, said) = step(&script, &State::default(), &ask(question), Timestamp::UNIX_EPOCH);
        let (_, handed) = step(&script, &state, &ask(wish), Timestamp::UNIX_EPOCH);

        let answer = &script.answer("query_yield", language).unwrap().answer;
        assert!(matches!(&said[..], [Action::Say { text, .. }] if text == answer), "{said:?}");
        let sentence = script.sentence(Sentence::HandoffAsked, language);
        let [Action::Say { text, .. }, Action::HandOff { reason: Reason::Asked, .. }] = &handed[..]
        else {
            panic!("{handed:?}")
        };
        assert_eq!(text, sentence);
    }
}

#[test]
fn the_demo_words_for_a_person_tell_wishes_from_refusals() {
    let script = demo();
    let asked = |text: &str| {
        let intents = [("query_yield".to_owned(), 0.97)];
        let turn = Turn { text, intents: &intents, ..Turn::default() };
        let (_, actions) = step(&script, &State::default(), &turn, Timestamp::UNIX_EPOCH);
        actions.iter().any(|a| matches!(a, Action::HandOff { .. }))
    };

    for wish in [
        "人工",
        "转人工！",
        "我要找真人",
        "帮我转人工",
        "给我换人工",
        "真人客服在吗",
        "能不能转接客服",
        "不要机器人，转人工",
        "怎么还不转人工",
        "human",
        "Live agent please",
        "put me through",
        "hand me over to an agent",
        "give me a live person",
        "can I talk to a person?",
    ] {
        assert!(asked(wish), "{wish}");
    }
    for other in [
        "不要人工",
        "不用转人工",
        "别找客服",
        "你是人工智能吗",
        "人工客服几点上班",
        "don't need a human",
        "no agent please",
        "please don't transfer me to an agent",
        "are you human",
        "I don't want to talk to someone",
    ] {
        assert!(!asked(other), "{other}");
    }
}
