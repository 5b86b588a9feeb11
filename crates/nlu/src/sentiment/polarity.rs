//! How good or bad a message sounds, by words: what denies, strengthens or weakens them, and what stands after "but".

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::denial::{is_denied, stands_alone};
use super::words::{BAD, CONTRAST, GOOD, STRONGER, WEAKER};

/// What a word counts when it is strengthened, weakened or denied ("not bad" is less than good).
const STRONGER_FACTOR: f32 = 1.5;
const WEAKER_FACTOR: f32 = 0.6;
const DENIED_FACTOR: f32 = -0.8;
/// What a word counts after the last contrast, and before it.
const AFTER_CONTRAST: f32 = 1.6;
const BEFORE_CONTRAST: f32 = 0.5;

/// What the words of a message add up to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Polarity {
    /// What speaks for the good.
    pub(super) good: f32,
    /// What speaks for the bad.
    pub(super) bad: f32,
}

impl Polarity {
    /// From −1 to 1; 0 if nothing speaks or all cancels out.
    pub(super) fn polarity(self) -> f32 {
        let (sum, all) = (self.good - self.bad, self.good + self.bad);
        sum / (all + 0.7)
    }
}

/// Weighs the words of a normalised text.
pub(super) fn of(normalised: &str) -> Polarity {
    let Finders { words: finder, goods, contrast } = finders();
    let turn = contrast.find_overlapping_iter(normalised).map(|found| found.start()).max();
    let mut polarity = Polarity::default();
    for found in finder.find_iter(normalised) {
        let (start, end) = (found.start(), found.end());
        if !stands_alone(normalised, start, end) {
            continue;
        }
        let before = &normalised[..start];
        let sign = if found.pattern().as_usize() < *goods { 1.0 } else { -1.0 };
        let place = match turn {
            Some(turn) if start > turn => AFTER_CONTRAST,
            Some(_) => BEFORE_CONTRAST,
            None => 1.0,
        };
        let weight = sign * place * degree(before);
        if weight > 0.0 {
            polarity.good += weight;
        } else {
            polarity.bad -= weight;
        }
    }
    polarity
}

/// What stands before a word makes of it.
fn degree(before: &str) -> f32 {
    let trimmed = before.trim_end();
    let ends = |words: &[&str]| words.iter().find_map(|word| trimmed.strip_suffix(word));
    let (factor, rest) = if let Some(rest) = ends(WEAKER) {
        (WEAKER_FACTOR, rest)
    } else if let Some(rest) = ends(STRONGER) {
        (STRONGER_FACTOR, rest)
    } else {
        (1.0, before)
    };
    if is_denied(before) || is_denied(rest.trim_end()) {
        factor.min(1.0) * DENIED_FACTOR
    } else {
        factor
    }
}

/// What is looked for.
struct Finders {
    /// Finds all words, the longest first where several begin.
    words: AhoCorasick,
    /// Patterns below this number are good words.
    goods: usize,
    /// Finds what turns a message round.
    contrast: AhoCorasick,
}

fn finders() -> &'static Finders {
    const SHORT: &str = "our own short lists are not too long";
    static FINDERS: OnceLock<Finders> = OnceLock::new();
    FINDERS.get_or_init(|| {
        let good: Vec<&str> = GOOD.split('|').map(str::trim).collect();
        let bad = BAD.split('|').map(str::trim);
        let all: Vec<&str> = good.iter().copied().chain(bad).collect();
        let words = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&all);
        Finders {
            words: words.expect(SHORT),
            goods: good.len(),
            contrast: AhoCorasick::new(CONTRAST).expect(SHORT),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denial_turns_a_word_and_degree_changes_it() {
        let polarity = |text| of(text).polarity();

        assert!(polarity("不好吃") < 0.0);
        assert!(polarity("not good") < 0.0);
        assert!(polarity("not bad") > 0.0 && polarity("not bad") < polarity("good"));
        assert!(polarity("非常满意") > polarity("满意"));
        assert!(polarity("有点慢") > polarity("太慢"));
        assert!(polarity("不太满意") < 0.0);
    }

    #[test]
    fn what_stands_after_but_counts_more() {
        assert!(of("good but slow").polarity() < 0.0);
        assert!(of("slow but good").polarity() > 0.0);
        assert!(of("贵但是好用").polarity() > 0.0);
    }

    #[test]
    fn parts_of_words_do_not_count() {
        assert_eq!(of("goodwill badge"), Polarity::default());
    }
}
