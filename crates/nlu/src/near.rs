//! Which texts say the same in almost the same words: found for a hundred thousand of them in seconds.
//!
//! Alike are texts that are equal but for case, width, space and punctuation, or whose sets of short character
//! sequences overlap enough (Jaccard index). It knows nothing of meaning: "refund" and "money back" are far apart.
//!
//! No pair is overlooked while few texts share a text's rarest sequences. In data made from templates, where thousands do,
//! a text is compared with those closest in length only, so that time stays bounded; groups still hold together.

use std::collections::HashMap;

use crate::text;

/// The share of common sequences from which two texts count as near-duplicates.
pub const SIMILARITY_DEFAULT: f32 = 0.8;
/// The least share that may be asked for; below it everything is like everything.
pub const SIMILARITY_MIN: f32 = 0.5;
/// The most pairs that are listed.
pub const PAIRS_MAX: usize = 1_000_000;
/// The most texts that one text is held against.
const VISITS_MAX: usize = 4_096;
/// The most texts that one text is compared with in full.
const CANDIDATES_MAX: usize = 128;
/// So many characters of a text are compared; longer texts are alike if they begin alike, or are equal.
const COMPARED_CHARS_MAX: usize = 512;

/// Names two texts that are near-duplicates, by their places in the list, the earlier first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The place of the one.
    pub first: usize,
    /// The place of the other.
    pub second: usize,
    /// The share of sequences that they have in common, 1 for texts that are equal when bare.
    pub similarity: f32,
}

/// Says which texts of a list are near-duplicates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Near {
    /// The number of the group of each text; a text without near-duplicates is alone in its group.
    pub groups: Vec<usize>,
    /// The pairs that hold the groups together, at most [`PAIRS_MAX`].
    pub pairs: Vec<Pair>,
}

/// Finds the near-duplicates in a list of texts.
///
/// `similarity` is brought into [`SIMILARITY_MIN`] to 1; with 1 only texts that are equal when bare are found.
pub fn find_near<S: AsRef<str>>(texts: &[S], similarity: f32) -> Near {
    let similarity = if similarity.is_nan() { SIMILARITY_DEFAULT } else { similarity };
    let similarity = similarity.clamp(SIMILARITY_MIN, 1.0);
    let mut pairs = Vec::new();
    let distinct = distinct(texts, &mut pairs);
    if similarity < 1.0 {
        Join::new(&distinct, similarity).run(&mut pairs);
    }
    for pair in &mut pairs {
        if pair.first > pair.second {
            std::mem::swap(&mut pair.first, &mut pair.second);
        }
    }
    let groups = groups(texts.len(), &pairs);
    pairs.truncate(PAIRS_MAX);
    Near { groups, pairs }
}

/// Brings a text into the form in which two are compared: normalised, nothing but letters and digits. One of nothing
/// but punctuation stays as it is.
pub(crate) fn bare(text: &str) -> String {
    let normalised = text::normalise(text);
    let bare: String = normalised.chars().filter(|c| c.is_alphanumeric()).collect();
    if bare.is_empty() { normalised } else { bare }
}

/// The sequences of each text that differs from all before it; those that do not are paired with the first of them.
fn distinct<S: AsRef<str>>(texts: &[S], pairs: &mut Vec<Pair>) -> Vec<(usize, Vec<u32>)> {
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(texts.len());
    let mut distinct = Vec::with_capacity(texts.len());
    for (place, text) in texts.iter().enumerate() {
        let bare = bare(text.as_ref());
        if let Some(&first) = seen.get(&bare) {
            pairs.push(Pair { first, second: place, similarity: 1.0 });
        } else {
            distinct.push((place, sequences(&bare)));
            seen.insert(bare, place);
        }
    }
    distinct
}

/// The character sequences of a bare text, hashed: pairs where writing knows no spaces, triples elsewhere.
fn sequences(bare: &str) -> Vec<u32> {
    let chars: Vec<char> = bare.chars().take(COMPARED_CHARS_MAX).collect();
    let mut hashes: Vec<u32> = (0..chars.len())
        .filter_map(|at| {
            let length = if text::is_unspaced(chars[at]) { 2 } else { 3 };
            chars.get(at..at + length)
        })
        .map(hash)
        .collect();
    if hashes.is_empty() {
        hashes.push(hash(&chars));
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn hash(chars: &[char]) -> u32 {
    let mixed = chars.iter().fold(0u64, |sum, c| {
        (sum ^ u64::from(*c)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    });
    (mixed >> 16) as u32
}

/// A join of sets with themselves by their rarest members: two sets that overlap enough must share one of the rarest few
/// of each, so only sets that do are compared.
struct Join {
    similarity: f32,
    /// The texts by number of sequences; the sequences are numbered from the rarest and sorted.
    sets: Vec<(usize, Vec<u32>)>,
    /// What two sets must nearly share before they are compared in full.
    signatures: Vec<Signature>,
    /// For each sequence, the sets that have it among their rarest few.
    holders: Vec<Vec<u32>>,
}

impl Join {
    fn new(distinct: &[(usize, Vec<u32>)], similarity: f32) -> Self {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for sequence in distinct.iter().flat_map(|(_, sequences)| sequences) {
            *counts.entry(*sequence).or_default() += 1;
        }
        let mut by_rarity: Vec<(u32, u32)> =
            counts.into_iter().map(|(s, count)| (count, s)).collect();
        by_rarity.sort_unstable();
        let ranks: HashMap<u32, u32> =
            (0..).zip(&by_rarity).map(|(rank, (_, sequence))| (*sequence, rank)).collect();
        let mut sets: Vec<(usize, Vec<u32>)> = distinct
            .iter()
            .map(|(place, sequences)| {
                let mut ranked: Vec<u32> = sequences.iter().map(|one| ranks[one]).collect();
                ranked.sort_unstable();
                (*place, ranked)
            })
            .collect();
        sets.sort_by_key(|(place, sequences)| (sequences.len(), *place));
        let signatures = sets.iter().map(|(_, sequences)| Signature::of(sequences)).collect();
        Self { similarity, sets, signatures, holders: vec![Vec::new(); by_rarity.len()] }
    }

    fn run(mut self, pairs: &mut Vec<Pair>) {
        let mut held_against = vec![u32::MAX; self.sets.len()];
        let mut candidates = Vec::new();
        for at in 0..self.sets.len() {
            self.candidates(at, &mut held_against, &mut candidates);
            let (place, set) = &self.sets[at];
            for &other in &candidates {
                let (other_place, other_set) = &self.sets[other as usize];
                let similarity = jaccard(set, other_set);
                if similarity >= self.similarity {
                    pairs.push(Pair { first: *other_place, second: *place, similarity });
                }
            }
            let rarest = set.len() - (self.similarity * set.len() as f32).ceil() as usize + 1;
            for sequence in &set[..rarest.min(set.len())] {
                self.holders[*sequence as usize].push(at as u32);
            }
        }
    }

    /// Collects the earlier sets that may be alike; lists of holders grow in size of set, so the end is closest.
    fn candidates(&self, at: usize, held_against: &mut [u32], candidates: &mut Vec<u32>) {
        let set = &self.sets[at].1;
        let size_min = (self.similarity * set.len() as f32).ceil() as usize;
        let signature = &self.signatures[at];
        // Sets of a share t in common differ in at most (1 - t) / (1 + t) of their members.
        let apart = (1.0 - self.similarity) / (1.0 + self.similarity);
        let mut visits = 0;
        candidates.clear();
        for sequence in &set[..(set.len() - size_min + 1).min(set.len())] {
            for &other in self.holders[*sequence as usize].iter().rev() {
                visits += 1;
                if visits > VISITS_MAX || candidates.len() == CANDIDATES_MAX {
                    return;
                }
                let other_signature = &self.signatures[other as usize];
                if (other_signature.size as usize) < size_min {
                    break;
                }
                if held_against[other as usize] != at as u32 {
                    held_against[other as usize] = at as u32;
                    if signature.may_be_alike(other_signature, apart) {
                        candidates.push(other);
                    }
                }
            }
        }
    }
}

/// A set in 256 bits: where two signatures differ, so do the sets.
struct Signature {
    size: u32,
    bits: [u64; 4],
}

impl Signature {
    fn of(sequences: &[u32]) -> Self {
        let mut bits = [0; 4];
        for sequence in sequences {
            let bit = sequence.wrapping_mul(0x9e37_79b9) >> 24;
            bits[bit as usize / 64] |= 1 << (bit % 64);
        }
        Self { size: sequences.len() as u32, bits }
    }

    /// Tells whether two sets can differ in no more than the share `apart` of their members.
    fn may_be_alike(&self, other: &Self, apart: f32) -> bool {
        let differing: u32 =
            self.bits.iter().zip(&other.bits).map(|(a, b)| (a ^ b).count_ones()).sum();
        // One is allowed for rounding; whoever passes is compared exactly.
        differing as f32 <= apart * (self.size + other.size) as f32 + 1.0
    }
}

/// The share of common members of two sorted sets.
fn jaccard(a: &[u32], b: &[u32]) -> f32 {
    let (mut common, mut i, mut j) = (0usize, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (common, i, j) = (common + 1, i + 1, j + 1),
        }
    }
    common as f32 / (a.len() + b.len() - common).max(1) as f32
}

/// Numbers the groups that pairs make of so many texts, in the order of their first texts.
fn groups(texts: usize, pairs: &[Pair]) -> Vec<usize> {
    let mut leaders: Vec<usize> = (0..texts).collect();
    for pair in pairs {
        let (one, other) = (leader(&mut leaders, pair.first), leader(&mut leaders, pair.second));
        leaders[one.max(other)] = one.min(other);
    }
    let mut numbers = vec![usize::MAX; texts];
    let mut next = 0;
    for at in 0..texts {
        let leader = leader(&mut leaders, at);
        if numbers[leader] == usize::MAX {
            numbers[leader] = next;
            next += 1;
        }
        numbers[at] = numbers[leader];
    }
    numbers
}

/// Follows a text to the first of its group, and halves the way for whoever comes next.
fn leader(leaders: &mut [usize], mut at: usize) -> usize {
    while leaders[at] != at {
        leaders[at] = leaders[leaders[at]];
        at = leaders[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn together(a: &str, b: &str) -> bool {
        let groups = find_near(&[a, "an entirely different matter", b], SIMILARITY_DEFAULT).groups;
        groups[0] == groups[2]
    }

    #[test]
    fn what_differs_in_dress_alone_is_near() {
        for (a, b) in [
            ("How do I top up?", "how do i top-up"),
            ("退款多久到账", "退款，多久到账？"),
            ("ＯＫ", "ok!"),
            ("优惠券到底要怎么用", "优惠券到底要怎么用啊"),
            ("where can I see all of my latest invoices", "where can i see all my latest invoices"),
        ] {
            assert!(together(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn what_differs_in_a_word_that_matters_is_not() {
        for (a, b) in [
            ("怎么退款", "怎么退货"),
            ("how do I block my card", "how do I activate my card"),
            ("!!!", "???"),
            ("a", "b"),
            ("", "x"),
        ] {
            assert!(!together(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn groups_are_numbered_in_order_and_pairs_name_the_earlier_first() {
        let near = find_near(&["b", "a", "B!", "c"], 0.8);

        assert_eq!(near.groups, [0, 1, 0, 2]);
        assert_eq!(near.pairs, [Pair { first: 0, second: 2, similarity: 1.0 }]);
        assert_eq!(find_near::<&str>(&[], 0.8), Near::default());
    }

    #[test]
    fn templates_do_not_take_forever() {
        let texts: Vec<String> = (0..20_000)
            .map(|i| format!("please transfer {i} to my savings account today"))
            .collect();

        let near = find_near(&texts, SIMILARITY_DEFAULT);

        assert!(near.pairs.len() <= PAIRS_MAX);
        assert!(near.groups.iter().max().unwrap() < &100, "all but a few are together");
    }

    /// What the join must find, by comparing everything with everything.
    fn by_force(texts: &[String], similarity: f32) -> Vec<usize> {
        let sets: Vec<Vec<u32>> = texts.iter().map(|text| sequences(&bare(text))).collect();
        let mut pairs = Vec::new();
        for second in 0..texts.len() {
            for first in 0..second {
                let similar = jaccard(&sets[first], &sets[second]);
                if bare(&texts[first]) == bare(&texts[second]) || similar >= similarity {
                    pairs.push(Pair { first, second, similarity: similar });
                }
            }
        }
        groups(texts.len(), &pairs)
    }

    proptest! {
        #[test]
        fn the_join_finds_what_comparing_all_finds(
            texts in prop::collection::vec("(退款|怎么|订单|ab|cde|[a-f]|[一二三]){0,9}", 0..30),
            similarity in 0.5f32..0.99,
        ) {
            prop_assert_eq!(find_near(&texts, similarity).groups, by_force(&texts, similarity));
        }

        #[test]
        fn any_texts_can_be_grouped(texts in prop::collection::vec(".{0,60}", 0..20), similarity in any::<f32>()) {
            let near = find_near(&texts, similarity);

            prop_assert_eq!(near.groups.len(), texts.len());
            prop_assert!(near.pairs.iter().all(|pair| pair.first < pair.second && pair.second < texts.len()));
        }
    }
}
