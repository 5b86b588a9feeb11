//! Finds what customers ask about in utterances that nobody has labelled: proposed intents with names, samples and shares.
//!
//! [`discover`] clusters utterances; [`conversations`] takes them from a table of past conversations and estimates what to
//! automate first. Everything here is a proposal to a person: nothing enters a training set by itself.
//!
//! The way: different texts, at most [`SAMPLE_MAX`] of them → n-grams by rarity → latent directions (`space`) → many
//! groupings of different number and depth (`kmeans`) → those that foretell the words best (`choice`) → one grouping of
//! these (`consensus`) → names (`names`). All other texts join the group that lies nearest.

mod choice;
mod consensus;
pub mod conversations;
mod describe;
mod grouping;
mod kmeans;
mod names;
mod place;
mod score;
mod space;
mod words;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use self::score::{Agreement, score};
use self::space::Space;
use crate::solver::Random;
use crate::text;

/// The most different texts among which groups are sought; others join the nearest group.
pub const SAMPLE_MAX: usize = 4_000;
/// The most groups that are found.
pub const CLUSTERS_MAX: usize = 150;
/// The depth of the space in which utterances are placed.
const DEPTH: usize = 48;

/// Turns texts into vectors of equal length that lie close when they mean the same: a sentence encoder.
pub type Encoder<'a> = &'a dyn Fn(&[&str]) -> Vec<Vec<f32>>;

/// Says how utterances are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DiscoverOptions {
    /// Draws the sample and the first centres; the same seed and texts give the same groups.
    pub seed: u64,
    /// How many groups are wanted; `None` finds the number.
    pub clusters: Option<usize>,
    /// The fewest different texts of a group.
    pub texts_min: usize,
    /// Whether every utterance joins the nearest group, also what fits nothing.
    pub assign_all: bool,
    /// How many samples each group shows.
    pub samples: usize,
}

impl Default for DiscoverOptions {
    fn default() -> Self {
        Self { seed: 42, clusters: None, texts_min: 3, assign_all: false, samples: 5 }
    }
}

/// Holds the groups that were found, and which utterance is in which.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Discovery {
    /// The groups, the largest first.
    pub clusters: Vec<Cluster>,
    /// The group of each utterance, by its place in `clusters`; `None` for those that fit nothing.
    pub assignment: Vec<Option<usize>>,
}

/// Describes a group of utterances: a proposed intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// A name that an intent can have: lower-case letters, digits and `_`.
    pub name: String,
    /// The name for people, in the language of the utterances.
    pub title: String,
    /// The most characteristic phrases, the best first.
    pub keywords: Vec<String>,
    /// How many utterances it has.
    pub size: usize,
    /// The share of all utterances that it has, from 0 to 1.
    pub share: f64,
    /// Different utterances of it as they were written, the most typical first.
    pub samples: Vec<String>,
    /// How close its different texts lie to its centre: the mean cosine, from 0 to 1.
    pub cohesion: f64,
}

/// Groups utterances by what they ask about.
#[must_use]
pub fn discover(texts: &[&str], options: &DiscoverOptions) -> Discovery {
    discover_with(texts, options, None)
}

/// Groups utterances by what they ask about, with the help of a sentence encoder if there is one.
///
/// The encoder's answer is ignored if it is not one vector of finite numbers for each text, all of the same length.
#[must_use]
pub fn discover_with(
    texts: &[&str],
    options: &DiscoverOptions,
    encoder: Option<Encoder<'_>>,
) -> Discovery {
    let different = Different::of(texts);
    if different.texts.is_empty() {
        return Discovery { clusters: Vec::new(), assignment: vec![None; texts.len()] };
    }
    let sample = sample(different.texts.len(), options.seed);
    let bare: Vec<String> =
        sample.iter().map(|at| names::without_numbers(&different.texts[*at])).collect();
    let sampled: Vec<&str> = bare.iter().map(String::as_str).collect();
    let (space, places) = Space::of(&sampled, options.seed);
    let (labels, groups) = grouping::group(&sampled, &places, options, encoder);
    let placed =
        place::place_all(&different.texts, &sample, &labels, groups, &places, &space, options);
    describe::describe(texts, &different, &placed, groups, options)
}

/// The different texts, normalised, and which of them each utterance is.
struct Different {
    texts: Vec<String>,
    of: Vec<usize>,
}

impl Different {
    fn of(texts: &[&str]) -> Self {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let (mut different, mut of) = (Vec::new(), Vec::with_capacity(texts.len()));
        for text in texts {
            let normalised = text::normalise(text::capped(text));
            let number = *numbers.entry(normalised).or_insert_with_key(|text| {
                different.push(text.clone());
                different.len() - 1
            });
            of.push(number);
        }
        Self { texts: different, of }
    }
}

/// Draws the places of the texts among which groups are sought, ascending.
fn sample(count: usize, seed: u64) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    if count > SAMPLE_MAX {
        Random::new(seed).shuffle(&mut places);
        places.truncate(SAMPLE_MAX);
        places.sort_unstable();
    }
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Requests of four kinds, in both languages, put together from parts.
    fn requests() -> (Vec<String>, Vec<&'static str>) {
        let kinds: [(&str, [&str; 4], [&str; 5]); 4] = [
            (
                "refund",
                [
                    "refund {}",
                    "i want my money back for {}",
                    "please refund {}",
                    "money back for {} please",
                ],
                ["the shoes", "my coat", "this lamp", "the blue bag", "those books"],
            ),
            (
                "track",
                [
                    "where is my parcel {}",
                    "track parcel {}",
                    "has the parcel {} left",
                    "parcel {} did not arrive",
                ],
                ["from monday", "with the lamp", "sent last week", "to berlin", "with two coats"],
            ),
            (
                "invoice",
                ["我要开{}发票", "怎么开{}发票", "{}发票在哪里下载", "帮我开一张{}发票"],
                ["公司", "个人", "电子", "纸质", "增值税"],
            ),
            (
                "password",
                ["{}密码忘记了", "我想重置{}密码", "怎么修改{}密码", "{}密码错误怎么办"],
                ["登录", "支付", "账户", "邮箱", "会员"],
            ),
        ];
        let (mut texts, mut labels) = (Vec::new(), Vec::new());
        for (label, patterns, fillings) in kinds {
            for pattern in patterns {
                texts.extend(fillings.iter().map(|filling| pattern.replace("{}", filling)));
                labels.extend(fillings.iter().map(|_| label));
            }
        }
        (texts, labels)
    }

    #[test]
    fn kinds_of_requests_are_found_without_labels() {
        let (texts, labels) = requests();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let options = DiscoverOptions { clusters: Some(4), ..DiscoverOptions::default() };

        let found = discover(&texts, &options);

        let agreement = score(&found.assignment, &labels);
        assert!(agreement.accuracy >= 0.9, "{agreement:?} {:?}", found.clusters);
        let share: f64 = found.clusters.iter().map(|cluster| cluster.share).sum();
        assert!(share <= 1.0 + 1e-9 && share > 0.8);
        assert!(found.clusters.iter().any(|cluster| cluster.title.contains("发票")));
    }

    #[test]
    fn the_number_of_groups_is_found_near_the_truth() {
        let (texts, labels) = requests();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();

        let found = discover(&texts, &DiscoverOptions::default());

        assert!((3..=9).contains(&found.clusters.len()), "{}", found.clusters.len());
        assert!(score(&found.assignment, &labels).nmi > 0.6);
    }

    #[test]
    fn the_same_seed_gives_the_same_groups() {
        let (texts, _) = requests();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();

        let options = DiscoverOptions::default();

        assert_eq!(discover(&texts, &options), discover(&texts, &options));
    }

    #[test]
    fn repeated_utterances_count_for_the_share_and_not_for_the_shape() {
        let (texts, _) = requests();
        let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        texts.extend(std::iter::repeat_n("Refund my COAT", 100));

        let found = discover(&texts, &DiscoverOptions::default());

        assert!(found.clusters[0].size >= 100);
        assert!(found.clusters.len() >= 3);
        assert!(found.clusters[0].samples.len() > 1);
    }

    #[test]
    fn an_encoder_has_the_greatest_say_and_a_broken_one_has_none() {
        let (texts, _) = requests();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let options = DiscoverOptions { clusters: Some(2), assign_all: true, ..Default::default() };
        let by_script = |texts: &[&str]| -> Vec<Vec<f32>> {
            texts
                .iter()
                .map(|text| if text.is_ascii() { vec![1.0, 0.0] } else { vec![0.0, 1.0] })
                .collect()
        };
        let broken = |texts: &[&str]| vec![vec![f32::NAN]; texts.len()];

        let found = discover_with(&texts, &options, Some(&by_script));
        let without = discover_with(&texts, &options, Some(&broken));

        let labels: Vec<&str> =
            texts.iter().map(|text| if text.is_ascii() { "en" } else { "zh" }).collect();
        assert!(score(&found.assignment, &labels).accuracy >= 0.99);
        assert_eq!(without, discover(&texts, &options));
    }

    #[test]
    fn little_or_nothing_is_no_trouble() {
        let options = DiscoverOptions::default();

        assert!(discover(&[], &options).clusters.is_empty());
        assert_eq!(discover(&["", "", "  "], &options).assignment.len(), 3);
        assert_eq!(discover(&["hi"], &options).assignment.len(), 1);
        assert!(discover(&["???"; 50], &options).clusters.len() <= 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_texts_can_be_grouped(
            texts in proptest::collection::vec("[a-c退款 ]{0,6}|\\PC{0,12}", 0..40),
            clusters in proptest::option::of(0usize..500),
            assign_all: bool,
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();

            let found = discover(&texts, &DiscoverOptions { clusters, assign_all, ..Default::default() });

            prop_assert_eq!(found.assignment.len(), texts.len());
            let assigned = found.assignment.iter().flatten().count();
            prop_assert_eq!(found.clusters.iter().map(|cluster| cluster.size).sum::<usize>(), assigned);
            prop_assert!(found.assignment.iter().flatten().all(|group| *group < found.clusters.len()));
            prop_assert!(!assign_all || assigned == texts.len());
            for cluster in &found.clusters {
                prop_assert!((0.0..=1.0).contains(&cluster.cohesion) && !cluster.name.is_empty());
            }
        }
    }
}
