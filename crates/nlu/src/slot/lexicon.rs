//! What the training sentences say of words and of whole values: in which slots they stood, how often, how purely.
//!
//! While a model is trained, a sentence must not find itself in here, or every name would look known: what it
//! contributed itself is left out when it is asked for.

use std::collections::HashMap;

use super::feature::mix;
use super::lattice::Segment;

/// A slot that a word begins or continues, or none.
pub(super) type Label = u16;

/// Counts of something under each label, few and sorted by label.
pub(super) type Counts = Vec<(Label, u32)>;

/// Holds what is known of words and values.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Lexicon {
    pub(super) words: HashMap<u64, Counts>,
    /// Values by slot; how often the same tokens stood elsewhere is under [`ELSEWHERE`].
    pub(super) values: HashMap<u64, Counts>,
}

/// Stands for a place that is no whole slot.
const ELSEWHERE: Label = Label::MAX;
/// The label of words in no slot.
const OUTSIDE: Label = Label::MAX;
const UNKNOWN: u64 = 11;

/// Tells under which label each token stands.
pub(super) fn labels(tokens: usize, segments: &[Segment]) -> Vec<Label> {
    let mut labels = vec![OUTSIDE; tokens];
    for segment in segments {
        let first = 2 * segment.slot as Label;
        labels[segment.start..segment.end].fill(first + 1);
        labels[segment.start] = first;
    }
    labels
}

/// Hashes a value.
pub(super) fn value_of(words: &[u64]) -> u64 {
    words.iter().fold(words.len() as u64, |hash, word| mix(hash, *word))
}

fn count(counts: &mut Counts, label: Label) {
    match counts.iter_mut().find(|(other, _)| *other == label) {
        Some((_, count)) => *count += 1,
        None => counts.push((label, 1)),
    }
}

impl Lexicon {
    /// Collects from sentences, each the words and the segments.
    pub(super) fn of(sentences: &[(Vec<u64>, &[Segment])], length_max: usize) -> Self {
        let mut lexicon = Self::default();
        for (words, segments) in sentences {
            for (word, label) in words.iter().zip(labels(words.len(), segments)) {
                count(lexicon.words.entry(*word).or_default(), label);
            }
            for segment in *segments {
                let value = value_of(&words[segment.start..segment.end]);
                count(lexicon.values.entry(value).or_default(), segment.slot as Label);
            }
        }
        for (words, segments) in sentences {
            each_span(words.len(), length_max, |start, end| {
                let value = value_of(&words[start..end]);
                let whole = segments.iter().any(|one| (one.start, one.end) == (start, end));
                if !whole && let Some(counts) = lexicon.values.get_mut(&value) {
                    count(counts, ELSEWHERE);
                }
            });
        }
        lexicon
    }

    /// Describes a word: finely, by its commonest label with how pure, and by the slot alone; `own` are the labels
    /// under which it stands in the sentence itself, which are left out.
    pub(super) fn word(&self, word: u64, own: impl Iterator<Item = Label> + Clone) -> [u64; 3] {
        let Some(counts) = self.words.get(&word) else { return [UNKNOWN; 3] };
        let Ranked { first, second, total } = rank(counts, own);
        if total == 0 {
            return [UNKNOWN; 3];
        }
        let purity = bucket_of_share(first.1, total);
        let size = bucket_of_count(total);
        let label = u64::from(first.0);
        let other = if second.1 * 5 >= total { u64::from(second.0) } else { 0xfffe };
        let slot = if first.0 == OUTSIDE { label } else { label / 2 };
        [
            mix(mix(mix(3, label), other), purity << 8 | size),
            mix(mix(4, label), u64::from(purity >= 3)),
            mix(5, slot),
        ]
    }

    /// Describes a value: finely, and by its commonest slot alone; `own` are the slots under which it stands in the
    /// sentence itself, which are left out.
    pub(super) fn value(&self, value: u64, own: impl Iterator<Item = Label> + Clone) -> [u64; 2] {
        let Some(counts) = self.values.get(&value) else { return [UNKNOWN; 2] };
        let Ranked { first, total, .. } = rank(counts, own.clone());
        if total == 0 || first.0 == ELSEWHERE && first.1 == total {
            return [UNKNOWN; 2];
        }
        let slots = counts.iter().filter(|(label, _)| *label != ELSEWHERE);
        let left = |(label, count): &(Label, u32)| {
            (*label, count.saturating_sub(own.clone().filter(|own| own == label).count() as u32))
        };
        let best = slots.map(left).max_by_key(|(label, count)| (*count, *label)).unwrap_or(first);
        let purity = bucket_of_share(best.1, total);
        [
            mix(mix(6, u64::from(best.0)), purity << 8 | bucket_of_count(best.1)),
            mix(mix(7, u64::from(best.0)), u64::from(purity >= 3)),
        ]
    }
}

struct Ranked {
    first: (Label, u32),
    second: (Label, u32),
    total: u32,
}

fn rank(counts: &Counts, own: impl Iterator<Item = Label> + Clone) -> Ranked {
    let mut ranked = Ranked { first: (0, 0), second: (0, 0), total: 0 };
    for (label, count) in counts {
        let mine = own.clone().filter(|own| own == label).count() as u32;
        let one = (*label, count.saturating_sub(mine));
        ranked.total += one.1;
        if one.1 > ranked.first.1 {
            ranked.second = ranked.first;
            ranked.first = one;
        } else if one.1 > ranked.second.1 {
            ranked.second = one;
        }
    }
    ranked
}

fn bucket_of_count(count: u32) -> u64 {
    match count {
        0..=1 => 0,
        2..=3 => 1,
        4..=9 => 2,
        10..=49 => 3,
        _ => 4,
    }
}

fn bucket_of_share(part: u32, total: u32) -> u64 {
    match part * 100 / total.max(1) {
        0..=29 => 0,
        30..=59 => 1,
        60..=84 => 2,
        85..=98 => 3,
        _ => 4,
    }
}

/// Visits every span of at most so many tokens.
pub(super) fn each_span(tokens: usize, length_max: usize, mut visit: impl FnMut(usize, usize)) {
    for end in 1..=tokens {
        for start in end.saturating_sub(length_max)..end {
            visit(start, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(start: usize, end: usize, slot: usize) -> Segment {
        Segment { start, end, slot }
    }

    #[test]
    fn a_sentence_does_not_find_itself() {
        let way = [segment(0, 2, 3)];
        let lexicon = Lexicon::of(&[(vec![10, 11, 12], &way)], 4);
        let own = labels(3, &way);
        let value = value_of(&[10, 11]);

        assert_eq!(lexicon.word(10, own[..1].iter().copied()), [UNKNOWN; 3]);
        assert_eq!(lexicon.value(value, [3].into_iter()), [UNKNOWN; 2]);
        assert_ne!(lexicon.word(10, std::iter::empty()), [UNKNOWN; 3]);
        assert_ne!(lexicon.value(value, std::iter::empty()), [UNKNOWN; 2]);
        assert_eq!(lexicon.word(99, std::iter::empty()), [UNKNOWN; 3]);
    }

    #[test]
    fn a_word_is_described_by_its_commonest_label() {
        let (in_slot, outside): ([Segment; 1], [Segment; 0]) = ([segment(0, 1, 0)], []);
        let often = vec![(vec![7], &in_slot[..]); 9];
        let lexicon = Lexicon::of(&[often, vec![(vec![7, 8], &outside[..])]].concat(), 2);

        let described = |word| lexicon.word(word, std::iter::empty())[2];

        assert_eq!(described(7), mix(5, 0));
        assert_eq!(described(8), mix(5, u64::from(OUTSIDE)));
    }

    #[test]
    fn a_value_that_mostly_stands_elsewhere_is_described_otherwise() {
        let (in_slot, outside): ([Segment; 1], [Segment; 0]) = ([segment(0, 1, 0)], []);
        let of = |slots: usize, others: usize| {
            let sentences =
                [vec![(vec![7], &in_slot[..]); slots], vec![(vec![7], &outside[..]); others]]
                    .concat();
            Lexicon::of(&sentences, 2).value(value_of(&[7]), std::iter::empty())
        };

        assert_ne!(of(9, 0), of(9, 30));
    }
}
