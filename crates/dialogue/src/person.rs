//! Recognises the wish for a person in the contact's own words.
//!
//! This must work when understanding is wrong or down, so it looks for the script's person words
//! itself. It tells a wish ("转人工", "let me talk to a human") from a refusal ("不要人工", "I don't
//! need a human") and from mere talk about people ("人工客服几点上班", "are you human?"). It does
//! not decide what follows; [`crate::step()`] does.

mod chinese;
mod english;

use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::PersonWords;
use crate::text::fold;

/// How much a message asks for a person.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Wish {
    /// It does not speak of one.
    None,
    /// It speaks of one, and may mean to ask.
    Mentioned,
    /// It refuses one.
    Refused,
    /// It asks for one.
    Clear,
}

const CLAUSE_ENDS: &[char] =
    &['，', '。', '！', '？', '；', '：', '、', ',', '.', '!', '?', ';', ':', '\n', '…', '~', '～'];

/// Reads the strongest wish in `text`, looking for `words` of every language.
pub(crate) fn wish(words: &PersonWords, text: &str) -> Wish {
    let Some(finder) = words.finder() else { return Wish::None };
    let text = fold(text);
    let clauses = text.split(CLAUSE_ENDS).map(str::trim).filter(|clause| !clause.is_empty());
    clauses.map(|clause| in_clause(finder, clause)).max().unwrap_or(Wish::None)
}

fn in_clause(finder: &AhoCorasick, clause: &str) -> Wish {
    let spans = spans(finder, clause);
    let wishes = spans.into_iter().map(|span| {
        let (before, after) = (&clause[..span.start], &clause[span.end..]);
        let word = &clause[span];
        if word.is_ascii() && !has_han(before) && !has_han(after) {
            english::wish(before, word, after)
        } else {
            chinese::wish(before, word, after)
        }
    });
    wishes.max().unwrap_or(Wish::None)
}

/// Finds where the words stand; those that overlap or stand side by side are
/// one ("转人工" and "人工客服" in "转人工客服").
fn spans(finder: &AhoCorasick, clause: &str) -> Vec<Range<usize>> {
    let words = finder.find_overlapping_iter(clause).map(|word| word.range());
    let mut found: Vec<Range<usize>> = words.filter_map(|word| whole_word(clause, word)).collect();
    found.sort_by_key(|span| span.start);
    found.into_iter().fold(Vec::new(), |mut merged: Vec<Range<usize>>, span| {
        match merged.last_mut() {
            Some(last) if clause[..span.start].trim_end().len() <= last.end => {
                last.end = last.end.max(span.end)
            }
            _ => merged.push(span),
        }
        merged
    })
}

fn has_han(text: &str) -> bool {
    text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
}

/// Keeps a Latin word only where it stands alone or in the plural; Chinese has no word ends.
fn whole_word(clause: &str, span: Range<usize>) -> Option<Range<usize>> {
    let is_latin = |c: char| c.is_ascii_alphanumeric() || c == '\'';
    let word = &clause[span.clone()];
    if word.starts_with(is_latin) && clause[..span.start].ends_with(is_latin) {
        return None;
    }
    if !word.ends_with(is_latin) {
        return Some(span);
    }
    let after = &clause[span.end..];
    let plural = after.strip_prefix('s').filter(|rest| !rest.starts_with(is_latin));
    match plural {
        Some(_) => Some(span.start..span.end + 1),
        None => (!after.starts_with(is_latin)).then_some(span),
    }
}

/// Walks a list of words that is written as one text.
fn each(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(' ')
}

/// Tells whether `word` is in a list of words that is written as one text.
fn is_one(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, Words};

    fn words() -> PersonWords {
        let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        Words::from([
            (Language::Zh, list(&["人工", "转人工", "人工客服", "真人", "活人", "客服"])),
            (Language::En, list(&["human", "real person", "a person", "agent", "representative"])),
        ])
        .into()
    }

    fn expect(wish_expected: Wish, texts: &[&str]) {
        for text in texts {
            assert_eq!(wish(&words(), text), wish_expected, "{text}");
        }
    }

    #[test]
    fn chinese_wishes_are_clear() {
        expect(
            Wish::Clear,
            &[
                "人工",
                "人工！",
                "转人工",
                "请转人工客服谢谢",
                "我要人工",
                "我要找真人说话",
                "能不能转人工",
                "可不可以帮我转接人工客服",
                "要不要人工",
                "有人工吗",
                "有没有人工客服",
                "不要机器人，我要人工",
                "不要机器人要人工",
                "要人工不要机器人",
                "怎么还不转人工",
                "还不转人工",
                "为什么不给我转人工",
                "不转人工我就投诉",
                "还是人工吧",
                "人工客服在吗",
                "我的订单三天了还没有到你们到底怎么回事说了半天都没有用，给我转人工",
                "ＲＭ，转人工",
                "我想和真人聊聊",
                "我要的是真人",
                "来个活人",
                "我要 human",
            ],
        );
    }

    #[test]
    fn chinese_refusals_are_heard() {
        expect(
            Wish::Refused,
            &[
                "不要人工",
                "不用转人工",
                "我不想找人工",
                "别给我转人工",
                "不需要人工客服，谢谢",
                "我不要和人工说",
                "人工就不用了",
                "人工客服不需要",
                "我还不需要人工",
                "别再给我转人工客服了",
                "先不用人工",
                "不要人工，人工太慢了",
                "不找人工",
                "没必要找真人",
            ],
        );
    }

    #[test]
    fn chinese_talk_about_people_is_only_a_mention() {
        expect(
            Wish::Mentioned,
            &[
                "你是人工吗",
                "你到底是不是真人",
                "人工客服几点上班",
                "人工客服电话是多少",
                "上次那个人工态度很差",
                "你和真人有什么区别",
                "我和客服说过了没用",
                "你们公司的客服一共都多少人呢大概",
            ],
        );
    }

    #[test]
    fn other_chinese_words_hold_no_person() {
        expect(
            Wish::None,
            &["你是人工智能吗", "提现要人工审核吗", "帮别人工作", "收益多少", "", "？"],
        );
    }

    #[test]
    fn english_wishes_are_clear() {
        expect(
            Wish::Clear,
            &[
                "human",
                "Human!",
                "human please",
                "A real person, please",
                "I want a human",
                "let me talk to a human",
                "Can I speak with a representative?",
                "get me an agent",
                "I need to talk to a real person now",
                "no bot, human",
                "I don't want a bot I want a human",
                "why don't you give me a human",
                "can't I talk to a human",
                "please transfer me to an agent",
                "is there a human",
                "My parcel is late and nobody answers. Give me a human.",
                "connect me to an agent",
                "Are there humans? give me a human",
            ],
        );
    }

    #[test]
    fn english_refusals_are_heard() {
        expect(
            Wish::Refused,
            &[
                "don't need a human",
                "I do not want a human",
                "I don't want to talk to a human",
                "no human",
                "no need for a human",
                "please do not transfer me to an agent",
                "not a human please",
                "a human is not needed",
                "I don’t need an agent",
            ],
        );
    }

    #[test]
    fn english_talk_about_people_is_only_a_mention() {
        expect(
            Wish::Mentioned,
            &[
                "are you human",
                "am I talking to a real person?",
                "what is the agent phone number",
                "your agent told me to wait",
                "the agent was rude",
                "send money to another human",
            ],
        );
    }

    #[test]
    fn other_english_words_hold_no_person() {
        expect(
            Wish::None,
            &["humane", "agentic", "human error", "human resources", "what is my yield"],
        );
    }
}
