//! The wish in an English clause.

use super::{Wish, is_one};

/// How many words a clause has at most to count as short.
const CLAUSE_WORDS_MAX: usize = 12;

/// What follows the word where it does not mean a person to talk to.
const COMPOUNDS: &str = "error resources rights being nature review";
const REFUSALS: &str = "no not don't dont never without doesn't didn't won't nor";
/// Words between a refusal, or a verb, and the person.
const BETWEEN: &str = "a an the any some your one of real live actual another human need want wanna to \
    talk speak chat with get be me connect connected transfer transferred for give put \
    through like call involve bring in wish have really yet rather";
/// Words that, right before the person, ask for one.
const VERBS: &str = "want wanna need get me give find reach contact call see have please prefer there \
    bring send";
/// Verbs of which "to" and "with" ask for the person that follows.
const TALK: &str = "talk talking speak speaking chat connect connected transfer transferred escalate \
    switch put pass hand route forward redirect over through back";
const ARTICLES: &str = "a an the any some your real live actual";
const POLITE: &str = "please pls plz now thanks thank you hello hi hey just";
/// What the clause is about when it follows the person.
const TOPICS: &str = "number phone hours hour email hotline line time fee was told said did didn't hung \
    never were who";

pub(super) fn wish(before: &str, word: &str, after: &str) -> Wish {
    let before: Vec<&str> = before.split_whitespace().collect();
    let after: Vec<&str> = after.split_whitespace().collect();
    let next = after.first().copied().unwrap_or_default();
    if is_one(COMPOUNDS, next) || (before.last() == Some(&"in") && next.is_empty()) {
        return Wish::None;
    }
    if refuses(&before) || dismisses(&after) {
        return Wish::Refused;
    }
    let polite = |word: &&str| is_one(POLITE, word) || is_one(ARTICLES, word);
    if before.iter().all(polite) && after.iter().all(polite) {
        return Wish::Clear;
    }
    let short = before.len() + after.len() < CLAUSE_WORDS_MAX;
    let is_verb = word.split_whitespace().next().is_some_and(|first| is_one(TALK, first));
    if short && (is_verb || asks(&before)) && !is_one(TOPICS, next) && !asks_what_it_is(&before) {
        return Wish::Clear;
    }
    Wish::Mentioned
}

fn refuses(before: &[&str]) -> bool {
    let small = |word: &&&str| is_one(BETWEEN, word) && !is_one(REFUSALS, word);
    let between = before.iter().rev().take_while(small).count();
    let head = &before[..before.len() - between];
    let Some((last, earlier)) = head.split_last() else { return false };
    // "Why not a human", "why don't …" and "do not … " differ in what stands before.
    is_one(REFUSALS, last) && !earlier.contains(&"why") && !earlier.contains(&"if")
}

/// Recognises "a human is not needed", "human not necessary".
fn dismisses(after: &[&str]) -> bool {
    let negated =
        after.iter().take(3).any(|w| matches!(*w, "not" | "isn't" | "isnt" | "unnecessary"));
    let needed = after
        .iter()
        .take(4)
        .any(|w| matches!(*w, "needed" | "necessary" | "required" | "unnecessary"));
    negated && needed
}

fn asks(before: &[&str]) -> bool {
    let articles = before.iter().rev().take_while(|word| is_one(ARTICLES, word)).count();
    let head = &before[..before.len() - articles];
    match head.last() {
        Some(&("to" | "with" | "for")) => {
            head.iter().any(|word| is_one(TALK, word) || matches!(*word, "ask" | "asking"))
        }
        Some(last) => is_one(VERBS, last),
        None => false,
    }
}

/// Recognises "am I talking to a human", which asks what the bot is.
fn asks_what_it_is(before: &[&str]) -> bool {
    matches!(before, ["am" | "are" | "is" | "r" | "so", ..])
        && !before.contains(&"there")
        && !before.contains(&"can")
}
