//! Whether a word that was found is really said: not a part of another one, and not denied.
//!
//! By the words directly before it; no grammar, and nothing is known of what the words mean.

use crate::text;

/// What stands directly before a Chinese word that is denied.
const HAN_NEGATIONS: [&str; 12] = [
    "不",
    "没",
    "没有",
    "不是",
    "不太",
    "不算",
    "不会",
    "不那么",
    "没那么",
    "不怎么",
    "并非",
    "别",
];
/// What ends in a negation and yet denies nothing: a question that asks whether it is so, or how it could not be.
const HAN_QUESTIONS: [&str; 4] = ["是不是", "会不会", "有没有", "能不"];
/// How many words before an English one are searched for a negation.
const NEGATION_REACH_WORDS: usize = 2;
/// What may stand between a negation and the word that it denies.
const FILLERS: [&str; 16] = [
    "很", "太", "在", "真的", "真", "特别", "那么", " at", " all", " really", " that", " so",
    " even", " being", " the", " a",
];

/// Tells whether a match is not a part of a longer Latin word.
pub(super) fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let joins = |a: Option<char>, b: Option<char>| match (a, b) {
        (Some(a), Some(b)) => is_spaced_letter(a) && is_spaced_letter(b),
        _ => false,
    };
    let inside = &text[start..end];
    !joins(text[..start].chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), text[end..].chars().next())
}

fn is_spaced_letter(c: char) -> bool {
    c.is_alphanumeric() && !text::is_unspaced(c)
}

/// Tells whether what stands before a word denies it.
pub(super) fn is_denied(before: &str) -> bool {
    if HAN_QUESTIONS.iter().any(|question| before.ends_with(question)) {
        return false;
    }
    if HAN_NEGATIONS.iter().any(|negation| before.ends_with(negation)) {
        return true;
    }
    let clause = before.rsplit([',', '.', '!', '?', ';', ':', '。', '、']).next().unwrap_or(before);
    clause.split_whitespace().rev().take(NEGATION_REACH_WORDS).any(|word| {
        matches!(word, "not" | "no" | "never" | "without" | "aint" | "dont" | "isnt")
            || word.ends_with("n't")
            || word.ends_with("n’t")
    })
}

/// Cuts off what weakens or strengthens a denial and leaves it one: "not at all", 没有很.
pub(super) fn without_fillers(before: &str) -> &str {
    let mut rest = before.trim_end();
    while let Some(shorter) = FILLERS.iter().find_map(|filler| rest.strip_suffix(filler)) {
        rest = shorter.trim_end();
    }
    rest
}
