//! What is edited stays readable, and what is not edited stays as it was.

use proptest::prelude::*;

use super::*;

/// A file as a person writes it: comments, both kinds of quotes, uneven spaces.
const LINES: &str = "# 退款\nintent: refund\ntitle: Refund   # on the button\nexamples:   # at least five\n  - give it back\n  # the next one is rude\n  -   \"I want my money, now\"  # really\n\n  - 'it''s broken'\n  - 我要退[那双鞋](product)\nanswer: |\n  - not an example\n  Yes.\nquick_replies: [other]\n";
const BRACKETS: &str = "intent: refund\ntitle: Refund\nexamples: [give it back, \"I want my money, now\",\n  'it''s broken', don't]\nanswer: Yes.\n";

fn without(text: &str, part: &str) -> String {
    assert!(text.contains(part), "{part}");
    text.replacen(part, "", 1)
}

#[test]
fn an_added_example_is_one_more_line() {
    let edited = add_example(LINES, "  钱呢: 快点 ").unwrap();

    assert_eq!(without(&edited, "  - '钱呢: 快点'\n"), LINES);
    assert_eq!(read(&edited).unwrap().examples.last().unwrap(), "钱呢: 快点");
}

#[test]
fn an_added_example_stands_behind_the_others_in_brackets() {
    let edited = add_example(BRACKETS, "yes, that").unwrap();

    assert_eq!(without(&edited, ", 'yes, that'"), BRACKETS);
}

#[test]
fn an_example_that_is_there_changes_nothing() {
    assert_eq!(add_example(LINES, "I want  my money, now").unwrap(), LINES);
    assert_eq!(change_example(LINES, "give it back", "give it back").unwrap(), LINES);
}

#[test]
fn a_changed_example_keeps_its_quotes_and_its_comment() {
    let edited = change_example(LINES, "I want my money, now", "my money, please").unwrap();
    assert_eq!(edited, LINES.replace("I want my money, now", "my money, please"));

    let edited = change_example(BRACKETS, "it's broken", "it's torn").unwrap();
    assert_eq!(edited, BRACKETS.replace("it''s broken", "it''s torn"));

    let edited = change_example(LINES, "我要退那双鞋", "我要退[这双鞋](product)").unwrap();
    assert_eq!(edited, LINES.replace("那双鞋", "这双鞋"), "found by its plain text");
}

#[test]
fn a_removed_example_takes_its_line_along() {
    let edited = remove_example(LINES, "I want my money, now").unwrap();
    assert_eq!(edited, without(LINES, "  -   \"I want my money, now\"  # really\n"));

    assert_eq!(remove_example(BRACKETS, "don't").unwrap(), without(BRACKETS, ", don't"));
    assert_eq!(
        remove_example(BRACKETS, "give it back").unwrap(),
        without(BRACKETS, "give it back, ")
    );
}

#[test]
fn line_ends_and_a_missing_last_one_stay() {
    let windows = LINES.replace('\n', "\r\n");
    let edited = add_example(&windows, "more").unwrap();
    assert_eq!(without(&edited, "  - more\r\n"), windows);

    let at_the_end = "intent: a\ntitle: A\nanswer: B\nexamples:\n- one\n- two";
    assert_eq!(add_example(at_the_end, "three").unwrap(), format!("{at_the_end}\n- three"));
    assert_eq!(remove_example(at_the_end, "two").unwrap(), without(at_the_end, "\n- two"));
}

#[test]
fn examples_of_several_lines_are_edited_whole() {
    let text = "intent: a\ntitle: A\nexamples:\n  - one\n    and a half\n  - >-\n    two\n    three\n  -\n    four\nanswer: B\n";

    assert_eq!(
        remove_example(text, "two three").unwrap(),
        without(text, "  - >-\n    two\n    three\n")
    );
    let edited = change_example(text, "one and a half", "one").unwrap();
    assert_eq!(edited, without(text, "\n    and a half"));
    assert!(change_example(text, "four", "five").unwrap().contains("  - five\nanswer"));
}

#[test]
fn what_cannot_be_done_is_refused_with_the_reason() {
    let one = "intent: a\ntitle: A\nexamples: [x]\nanswer: B\n";

    assert_eq!(add_example(LINES, " \n "), Err(EditError::Empty));
    assert_eq!(add_example(LINES, &"x".repeat(1_001)), Err(EditError::TooLong(1_001)));
    assert_eq!(remove_example(one, "x"), Err(EditError::LastExample));
    assert_eq!(remove_example(one, "y"), Err(EditError::NotFound("y".into())));
    assert!(matches!(add_example("intent: [", "x"), Err(EditError::Unreadable { .. })));
    let turned = "{intent: a, title: A, examples: [x], answer: B}\n";
    assert_eq!(add_example(turned, "y"), Err(EditError::Layout));
}

#[test]
fn a_new_file_holds_what_was_asked() {
    let new = NewIntent {
        intent: "refund".into(),
        title: "退款: 怎么办".into(),
        examples: vec!["[那双鞋](product)坏了".into(), "null".into(), "give it back".into()],
        answer: "  * first\n\nthen #this\n".into(),
        quick_replies: vec!["other".into()],
        action: Some(Action::Handoff),
    };

    let text = new_intent_file(&new).unwrap();

    assert_eq!(
        text,
        "intent: refund\ntitle: '退款: 怎么办'\nexamples:\n  - '[那双鞋](product)坏了'\n  - 'null'\n  - give it back\nanswer: |2\n    * first\n\n  then #this\nquick_replies: [other]\naction: handoff\n"
    );
    assert_eq!(
        new_intent_file(&NewIntent { intent: "Refund!".into(), ..new.clone() }),
        Err(EditError::BadName("Refund!".into()))
    );
    assert_eq!(
        new_intent_file(&NewIntent { answer: " \n".into(), ..new }),
        Err(EditError::EmptyPart("answer"))
    );
}

fn hostile() -> impl Strategy<Value = String> {
    "(\\[|\\]|\\{|\\}|: |:|\"|'|\\\\|- |-|#| #|,|&|\\*|!|%|@|`|\\||>|a|no|退款| |\\PC){1,12}"
}

proptest! {
    #[test]
    fn a_new_file_is_read_as_it_was_meant(examples in prop::collection::vec(hostile(), 1..5), title in hostile(), answer in "(.|\\n| |#|-|退){1,30}") {
        let new = NewIntent { intent: "a".into(), title, examples, answer, ..NewIntent::default() };

        // Refused is only what is empty.
        match new_intent_file(&new) {
            Ok(text) => {
                let file = read(&text).unwrap();
                prop_assert_eq!(file.answer, new.answer);
                prop_assert_eq!(file.title, new.title);
                let plain = |all: &[String]| all.iter().map(|one| Utterance::parse(one)).collect::<Vec<_>>();
                prop_assert_eq!(plain(&file.examples), plain(&new.examples));
            }
            Err(error) => prop_assert!(matches!(error, EditError::Empty | EditError::EmptyPart(_)), "{}", error),
        }
    }

    #[test]
    fn adding_and_removing_gives_back_the_same_bytes(text in prop::sample::select(vec![LINES, BRACKETS]), windows in any::<bool>(), example in hostile()) {
        let text = if windows { text.replace('\n', "\r\n") } else { text.to_owned() };
        let Ok(added) = add_example(&text, &example) else { return Ok(()) };
        prop_assume!(added != text);

        prop_assert_eq!(remove_example(&added, &example).unwrap(), text);
    }

    #[test]
    fn changing_there_and_back_gives_back_the_same_bytes(text in prop::sample::select(vec![LINES, BRACKETS]), example in hostile()) {
        let old = "give it back";
        let Ok(changed) = change_example(text, old, &example) else { return Ok(()) };
        prop_assume!(changed != text && Utterance::parse(&example).text != "it's broken");
        let place = read(text).unwrap().examples.iter().position(|one| one == old).unwrap();
        let written = read(&changed).unwrap().examples[place].clone();

        let back = change_example(&changed, &written, old).unwrap();

        prop_assert_eq!(read(&back).unwrap(), read(text).unwrap());
    }

    #[test]
    fn no_text_makes_an_edit_panic(text in "(intent: a\n|title: b\n|examples:|examples: \\[|\n  - |\n- |\\]|,|'|\"|#|\r\n|answer: c\n|\\PC| ){0,20}", example in hostile()) {
        let _ = add_example(&text, &example);
        let _ = change_example(&text, "b", &example);
        let _ = remove_example(&text, "b");
        let _ = Layout::find(&text, 1);
        let _ = Layout::find(&text, 0);
    }
}
