//! What is wrong with a bot's data as a whole, though each file is right: found before training, told to a person.
//!
//! A conflict does not stop training; it says where a model must go wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::data::BotData;
use crate::near::{SIMILARITY_DEFAULT, bare, find_near};
use crate::text::Language;

/// So many examples an intent needs in a language.
pub const EXAMPLES_MIN: usize = 5;

/// Names something in a bot's data that a person should put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// Two or more intents claim what is the same text but for case, width and punctuation.
    SharedExample {
        /// The text.
        text: String,
        /// The intents.
        intents: Vec<String>,
    },
    /// Examples of two intents are almost the same text, so that a model must guess between them.
    NearExamples {
        /// The one text.
        text: String,
        /// Its intent.
        intent: String,
        /// The other text.
        other_text: String,
        /// The other intent.
        other_intent: String,
    },
    /// A quick reply names an intent that there is not in that language.
    UnknownQuickReply {
        /// The intent whose answer offers it.
        intent: String,
        /// The language of the answer.
        language: Language,
        /// The intent that is offered.
        reply: String,
    },
    /// An intent has so few examples that it will hardly be recognised.
    FewExamples {
        /// The intent.
        intent: String,
        /// The language.
        language: Language,
        /// How many it has.
        count: usize,
    },
    /// An intent has no file in a language that other intents have.
    MissingLanguage {
        /// The intent.
        intent: String,
        /// The language.
        language: Language,
    },
    /// A test is also an example, so that it measures nothing.
    TestIsExample {
        /// The language of the test.
        language: Language,
        /// The text.
        text: String,
    },
    /// A test expects an intent that there is not.
    UnknownTestIntent {
        /// The language of the test.
        language: Language,
        /// The intent that it expects.
        intent: String,
    },
}

impl BotData {
    /// Finds what is contradictory or too thin in the data.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut conflicts = self.shared_examples();
        conflicts.extend(self.near_examples());
        conflicts.extend(self.thin_or_dangling());
        conflicts.extend(self.missing_languages());
        conflicts.extend(self.bad_tests());
        conflicts
    }

    fn shared_examples(&self) -> Vec<Conflict> {
        let mut claims: BTreeMap<String, (&str, BTreeSet<&str>)> = BTreeMap::new();
        for intent in &self.intents {
            for example in intent.examples.iter().chain([&intent.title]) {
                claims
                    .entry(bare(example))
                    .or_insert((example, BTreeSet::new()))
                    .1
                    .insert(&intent.intent);
            }
        }
        let shared = claims.into_values().filter(|(_, intents)| intents.len() > 1);
        shared
            .map(|(text, intents)| Conflict::SharedExample {
                text: text.to_owned(),
                intents: intents.into_iter().map(str::to_owned).collect(),
            })
            .collect()
    }

    /// What is not equal but nearly so; of two intents in one group of near-duplicates, the most alike texts.
    fn near_examples(&self) -> Vec<Conflict> {
        let claims: Vec<(&str, &str)> = self
            .intents
            .iter()
            .flat_map(|one| {
                one.examples.iter().map(|example| (one.intent.as_str(), example.as_str()))
            })
            .collect();
        let texts: Vec<&str> = claims.iter().map(|(_, text)| *text).collect();
        let mut closest: BTreeMap<(&str, &str), (f32, &str, &str)> = BTreeMap::new();
        for pair in find_near(&texts, SIMILARITY_DEFAULT).pairs {
            let (mut one, mut other) = (claims[pair.first], claims[pair.second]);
            if one.0 == other.0 || bare(one.1) == bare(other.1) {
                continue;
            }
            if one.0 > other.0 {
                std::mem::swap(&mut one, &mut other);
            }
            let best = closest.entry((one.0, other.0)).or_insert((0.0, one.1, other.1));
            if pair.similarity > best.0 {
                *best = (pair.similarity, one.1, other.1);
            }
        }
        closest
            .into_iter()
            .map(|((intent, other_intent), (_, text, other_text))| Conflict::NearExamples {
                text: text.to_owned(),
                intent: intent.to_owned(),
                other_text: other_text.to_owned(),
                other_intent: other_intent.to_owned(),
            })
            .collect()
    }

    fn thin_or_dangling(&self) -> Vec<Conflict> {
        let known: BTreeSet<(&str, Language)> =
            self.intents.iter().map(|one| (one.intent.as_str(), one.language)).collect();
        let mut conflicts = Vec::new();
        for one in &self.intents {
            let (intent, language, count) = (one.intent.clone(), one.language, one.examples.len());
            if count < EXAMPLES_MIN {
                conflicts.push(Conflict::FewExamples { intent: intent.clone(), language, count });
            }
            let unknown = one
                .quick_replies
                .iter()
                .filter(|reply| !known.contains(&(reply.as_str(), language)));
            conflicts.extend(unknown.map(|reply| Conflict::UnknownQuickReply {
                intent: intent.clone(),
                language,
                reply: reply.clone(),
            }));
        }
        conflicts
    }

    fn missing_languages(&self) -> Vec<Conflict> {
        let spoken: BTreeSet<Language> = self.intents.iter().map(|one| one.language).collect();
        let mut conflicts = Vec::new();
        for same in self.intents.chunk_by(|a, b| a.intent == b.intent) {
            let missing =
                spoken.iter().filter(|language| same.iter().all(|one| one.language != **language));
            conflicts.extend(missing.map(|language| Conflict::MissingLanguage {
                intent: same[0].intent.clone(),
                language: *language,
            }));
        }
        conflicts
    }

    fn bad_tests(&self) -> Vec<Conflict> {
        let intents: BTreeSet<&str> = self.intents.iter().map(|one| one.intent.as_str()).collect();
        let examples: BTreeSet<String> = self
            .intents
            .iter()
            .flat_map(|one| one.examples.iter().map(|example| bare(example)))
            .collect();
        let mut conflicts = Vec::new();
        for (language, tests) in &self.tests {
            let unknown: BTreeSet<&str> = tests
                .iter()
                .map(|test| test.intent.as_str())
                .filter(|intent| !intents.contains(intent))
                .collect();
            conflicts.extend(unknown.into_iter().map(|intent| Conflict::UnknownTestIntent {
                language: *language,
                intent: intent.to_owned(),
            }));
            let leaked = tests.iter().filter(|test| examples.contains(&bare(&test.text)));
            conflicts.extend(leaked.map(|test| Conflict::TestIsExample {
                language: *language,
                text: test.text.clone(),
            }));
        }
        conflicts
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SharedExample { text, intents } => {
                write!(
                    f,
                    "\"{text}\" is an example of {}: keep it in one of them",
                    intents.join(" and ")
                )
            }
            Self::NearExamples { text, intent, other_text, other_intent } => write!(
                f,
                "\"{text}\" of {intent} is almost \"{other_text}\" of {other_intent}: keep both in one of them, or say how they differ"
            ),
            Self::UnknownQuickReply { intent, language, reply } => write!(
                f,
                "the {language} answer of {intent} offers {reply}, which is no intent: add it or remove the offer"
            ),
            Self::FewExamples { intent, language, count } => {
                write!(
                    f,
                    "{intent} has {count} examples in {language}: write at least {EXAMPLES_MIN}"
                )
            }
            Self::MissingLanguage { intent, language } => {
                write!(f, "{intent} has no file in {language}: add intents/{intent}.{language}.yml")
            }
            Self::TestIsExample { language, text } => {
                write!(
                    f,
                    "test.{language}.tsv repeats the example \"{text}\": a test must be new to the model"
                )
            }
            Self::UnknownTestIntent { language, intent } => {
                write!(
                    f,
                    "test.{language}.tsv expects {intent}, which is no intent: correct its name"
                )
            }
        }
    }
}
