//! Recognises a typed choice among the replies just offered: a title, or its number.
//!
//! "2", "第二个" and "the second one, please" mean the second reply. Anything longer is left to
//! understanding.

use crate::Script;
use crate::text::{fold, trim};

/// Words that may stand before a number. The longer come first.
const BEFORE: &[&str] = &[
    "请选择",
    "我选择",
    "我要选",
    "那就选",
    "选择",
    "我选",
    "我要",
    "那就",
    "选项",
    "就选",
    "选",
    "就",
    "要",
    "i choose ",
    "i want ",
    "i'll take ",
    "i pick ",
    "choose ",
    "pick ",
    "the ",
    "option ",
    "number ",
    "choice ",
    "no. ",
    "no.",
    "nr. ",
    "#",
];

/// Words that may stand after a number.
const AFTER: &[&str] = &["谢谢", "吧", "号", " please", " thanks", " one", " option"];

/// Counting words that may stand after an ordinal (第二个).
const AFTER_ORDINAL: &[&str] = &["个", "项", "条", "种", "号"];

/// Numbers by their words, the first reply first.
const NUMBERS: [&[&str]; 6] = [
    &["1", "一", "①", "one", "first", "1st"],
    &["2", "二", "②", "two", "second", "2nd"],
    &["3", "三", "③", "three", "third", "3rd"],
    &["4", "四", "④", "four", "fourth", "4th"],
    &["5", "五", "⑤", "five", "fifth", "5th"],
    &["6", "六", "⑥", "six", "sixth", "6th"],
];

/// Finds the intent among `choices` that `text` names.
pub(crate) fn chosen<'a>(script: &Script, choices: &'a [String], text: &str) -> Option<&'a str> {
    let folded = fold(text);
    let said = trim(&folded);
    if said.is_empty() {
        return None;
    }
    let titled = |intent: &&String| {
        script.answers.get(*intent).is_some_and(|answers| {
            answers.values().any(|answer| trim(&fold(&answer.title)) == said)
        })
    };
    choices.iter().find(titled).or_else(|| choices.get(number(said, choices.len())?)).map(|s| &**s)
}

/// Reads `said` as the position of one of `count` replies, from 0.
fn number(said: &str, count: usize) -> Option<usize> {
    let bare = strip(said);
    if matches!(bare, "last" | "最后一个" | "最后一项") {
        return count.checked_sub(1);
    }
    let core = match bare.strip_prefix('第') {
        Some(ordinal) => strip_one(ordinal, AFTER_ORDINAL).unwrap_or(ordinal),
        None => bare,
    };
    NUMBERS.iter().position(|words| words.contains(&trim(core)))
}

fn strip(said: &str) -> &str {
    let mut rest = said;
    while let Some(shorter) = BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = shorter.trim_start();
    }
    while let Some(shorter) = strip_one(rest, AFTER) {
        rest = trim(shorter);
    }
    rest
}

fn strip_one<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|word| text.strip_suffix(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let cases = [
            ("1", Some(0)),
            ("1.", Some(0)),
            ("１", Some(0)),
            ("②", Some(1)),
            ("2、", Some(1)),
            ("第二个", Some(1)),
            ("第2个吧", Some(1)),
            ("选第三个，谢谢", Some(2)),
            ("选2", Some(1)),
            ("我要第一个", Some(0)),
            ("1号", Some(0)),
            ("最后一个", Some(2)),
            ("The first", Some(0)),
            ("the second one, please", Some(1)),
            ("Option 3", Some(2)),
            ("No. 2", Some(1)),
            ("#2", Some(1)),
            ("2nd", Some(1)),
            ("the last one", Some(2)),
        ];
        for (said, expected) in cases {
            assert_eq!(number(trim(&fold(said)), 3), expected, "{said}");
        }
    }

    #[test]
    fn other_numbers_choose_nothing() {
        for said in ["100", "12", "我要一个", "one more thing", "第一次买", "1 or 2", "0", "no"]
        {
            assert_eq!(number(trim(&fold(said)), 3), None, "{said}");
        }
    }
}
