//! What a group of utterances is called: the phrases that stand in many of its utterances and in few others.
//!
//! Phrases are one to three words that carry meaning, in their order; words that stand in every kind of request (please, 我想)
//! are left out. Chinese is segmented by jieba. A name is a proposal that a person will improve.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pinyin::ToPinyin as _;
use unicode_segmentation::UnicodeSegmentation;

use super::words::{is_idle_en, is_idle_zh, is_number_en, translated};
use crate::text;

/// How many keywords a group has at most.
const KEYWORDS_MAX: usize = 6;
/// How many words a phrase has at most.
const PHRASE_WORDS_MAX: usize = 3;
/// How many words of one utterance are read.
const WORDS_MAX: usize = 60;
/// How much a phrase of one, two, three words counts: longer ones say more.
const LENGTH_BONUS: [f64; PHRASE_WORDS_MAX] = [1.0, 1.6, 1.9];
/// The longest slug, in bytes.
const SLUG_BYTES_MAX: usize = 48;

/// How a group is called.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name {
    /// Readable, in the language of the utterances.
    pub(super) title: String,
    /// Lower-case letters, digits and `_`: the form that an intent's name has.
    pub(super) slug: String,
    /// The most characteristic phrases, the best first.
    pub(super) keywords: Vec<String>,
}

/// Names groups of normalised texts; no two names are equal.
pub(super) fn name_all(groups: &[Vec<&str>]) -> Vec<Name> {
    let counts: Vec<BTreeMap<String, (usize, usize)>> =
        groups.iter().map(|texts| phrases_of(texts)).collect();
    let mut everywhere: HashMap<&str, usize> = HashMap::new();
    for (phrase, (uses, _)) in counts.iter().flatten() {
        *everywhere.entry(phrase).or_default() += uses;
    }
    let all: usize = groups.iter().map(Vec::len).sum();
    let mut taken = BTreeSet::new();
    let mut names = Vec::with_capacity(groups.len());
    for (number, (texts, counts)) in (1..).zip(groups.iter().zip(&counts)) {
        let keywords = keywords(counts, &everywhere, texts.len(), all);
        names.push(name_of(keywords, number, &mut taken));
    }
    names
}

fn name_of(keywords: Vec<String>, number: usize, taken: &mut BTreeSet<String>) -> Name {
    let title = keywords.first().cloned().unwrap_or_else(|| format!("#{number}"));
    let plain = slug_of(&title).unwrap_or_else(|| format!("topic_{number}"));
    let longer = keywords.iter().skip(1).filter_map(|keyword| slug_of(keyword));
    let longer = longer.map(|more| format!("{plain}_{more}")).filter(|s| s.len() <= SLUG_BYTES_MAX);
    let numbered = (number..).map(|number| format!("{plain}_{number}"));
    let mut slugs = std::iter::once(plain.clone()).chain(longer).chain(numbered);
    let slug = slugs.find(|slug| !taken.contains(slug)).unwrap_or_default();
    taken.insert(slug.clone());
    Name { title, slug, keywords }
}

/// The phrases of texts, each with the number of texts that have it and the number of its words.
fn phrases_of(texts: &[&str]) -> BTreeMap<String, (usize, usize)> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for text in texts {
        let words = content_words(text);
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for start in 0..words.len() {
            for length in 1..=PHRASE_WORDS_MAX.min(words.len() - start) {
                let phrase = join(&words[start..start + length]);
                if seen.insert(phrase.clone()) {
                    counts.entry(phrase).or_insert((0, length)).0 += 1;
                }
            }
        }
    }
    counts
}

/// The phrases that a group is known by, the best first; none is a part of a better one.
fn keywords(
    counts: &BTreeMap<String, (usize, usize)>,
    everywhere: &HashMap<&str, usize>,
    size: usize,
    all: usize,
) -> Vec<String> {
    let mut scored: Vec<(f64, &String)> = counts
        .iter()
        .filter(|(_, (uses, _))| *uses > 1 || size < 4)
        .map(|(phrase, (uses, length))| {
            let total = everywhere.get(phrase.as_str()).copied().unwrap_or(*uses) as f64;
            // How much likelier the phrase is here than everywhere, damped for phrases seen seldom.
            let here = (*uses as f64 + 0.5) / (size as f64 + 1.0);
            let there = (total + 1.0) / (all as f64 + 2.0);
            let lift = (here / there).ln().max(0.0);
            (here * lift * LENGTH_BONUS[length - 1], phrase)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let mut best: Vec<String> = Vec::new();
    for (_, phrase) in scored {
        let known = best.iter().any(|better| better.contains(phrase) || phrase.contains(better));
        if !known {
            best.push(phrase.clone());
        }
        if best.len() == KEYWORDS_MAX {
            break;
        }
    }
    best
}

/// The words of a normalised text that carry meaning, in their order.
pub(super) fn content_words(normalised: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = normalised;
    while let Some(first) = rest.chars().next() {
        let han = text::is_han(first);
        let end = rest.find(|c| text::is_han(c) != han).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        if words.len() >= WORDS_MAX {
            break;
        }
        if han {
            let cut = text::jieba().cut(run, false);
            words.extend(
                cut.into_iter().map(|token| token.word.to_owned()).filter(|w| !is_idle_zh(w)),
            );
        } else {
            let spaced = run.unicode_words().filter(|word| carries_meaning(word));
            words.extend(spaced.map(str::to_owned));
        }
    }
    words.truncate(WORDS_MAX);
    words
}

/// Takes numbers, in digits and in English words, out of a normalised text: an account's number says nothing about the
/// request and makes all who dictate one look alike. A text of nothing else stays as it is.
pub(super) fn without_numbers(normalised: &str) -> String {
    let is_number = |piece: &str| piece.chars().all(char::is_numeric) || is_number_en(piece);
    let kept: String = normalised.split_word_bounds().filter(|piece| !is_number(piece)).collect();
    let kept = text::normalise(&kept);
    if kept.chars().any(char::is_alphanumeric) { kept } else { normalised.to_owned() }
}

fn carries_meaning(word: &str) -> bool {
    let has_letter = word.chars().any(char::is_alphabetic);
    let idle = is_number_en(word) || is_idle_en(&word.replace('’', "'"));
    has_letter && word.chars().count() > 1 && !idle
}

fn join(words: &[String]) -> String {
    let mut phrase = String::new();
    for word in words {
        let unspaced = |c: Option<char>| c.is_some_and(text::is_unspaced);
        let glued = unspaced(phrase.chars().next_back()) && unspaced(word.chars().next());
        if !phrase.is_empty() && !glued {
            phrase.push(' ');
        }
        phrase.push_str(word);
    }
    phrase
}

/// Makes a slug of a phrase; Chinese words by a small dictionary, and by their sound where it has none. `None` if a
/// part of it cannot be said in ASCII.
fn slug_of(phrase: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = phrase;
    while let Some(first) = rest.chars().next() {
        let han = text::is_han(first);
        let end = rest.find(|c| text::is_han(c) != han).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        if han {
            parts.extend(in_ascii(run)?);
        } else {
            let ascii: String = run
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
                .filter(|c| *c != '\'')
                .collect();
            parts.extend(ascii.split('_').filter(|part| !part.is_empty()).map(str::to_owned));
        }
    }
    let mut slug = String::new();
    for part in parts {
        if slug.len() + part.len() < SLUG_BYTES_MAX {
            slug.push_str(if slug.is_empty() { "" } else { "_" });
            slug.push_str(&part);
        }
    }
    (!slug.is_empty()).then_some(slug)
}

/// Reads Chinese from left to right by the longest words of the dictionary, and characters that begin none by pinyin.
fn in_ascii(mut run: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    while let Some(first) = run.chars().next() {
        let (length, part) = match translated(run) {
            Some((zh, en)) => (zh.len(), en),
            None => (first.len_utf8(), first.to_pinyin()?.plain()),
        };
        parts.push(part.replace('ü', "v"));
        run = &run[length..];
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_named_by_what_sets_it_apart() {
        let groups = vec![
            vec!["please cancel my order", "i want to cancel the order", "cancel order 123"],
            vec!["where is my order", "track my parcel", "i want to track a parcel please"],
        ];

        let names = name_all(&groups);

        assert_eq!(names[0].title, "cancel order");
        assert_eq!(names[0].slug, "cancel_order");
        assert_eq!(names[1].slug, "track_parcel");
    }

    #[test]
    fn chinese_groups_are_named_in_chinese_with_a_slug_in_ascii() {
        let groups = vec![
            vec!["我想申请退款", "怎么申请退款", "请问可以申请退款吗"],
            vec!["查询余额", "我要查询一下余额", "查询余额谢谢"],
        ];

        let names = name_all(&groups);

        assert_eq!(names[0].title, "申请退款");
        assert_eq!(names[0].slug, "apply_refund");
        assert_eq!(names[1].title, "查询余额");
    }

    #[test]
    fn words_that_the_dictionary_lacks_are_told_by_their_sound() {
        for (phrase, slug) in [
            ("申请学位证", "apply_xue_wei_zheng"),
            ("女装", "nv_zhuang"),
            ("ETC 退款", "etc_refund"),
        ] {
            assert_eq!(slug_of(phrase).as_deref(), Some(slug));
        }
    }

    #[test]
    fn no_two_slugs_are_equal_and_all_can_name_an_intent() {
        let groups =
            vec![vec!["鳜鱼", "鳜鱼"], vec!["refund"], vec!["refund"], vec!["refund"], vec![]];

        let names = name_all(&groups);

        let slugs: BTreeSet<&str> = names.iter().map(|name| name.slug.as_str()).collect();
        assert_eq!(slugs.len(), groups.len(), "{slugs:?}");
        for slug in slugs {
            assert!(
                slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            );
        }
    }
}
