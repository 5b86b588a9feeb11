//! What the bot says, and how sure it must be: plain data, read from the bot's files.
//!
//! `bot.yml` deserialises into a [`Script`] without answers; each intent file of a language
//! deserialises into an [`Answer`] and is added with [`Script::add`]. Reading the files is the
//! caller's business. A script is used only when [`Script::check`] finds no mistake; an unchecked
//! one never makes the engine panic, but may make it fall silent.

use std::collections::BTreeMap;
use std::fmt;

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};

use crate::text::fold;
use crate::understanding::Understanding;

/// How many quick replies one message carries at most.
pub const QUICK_REPLIES_MAX: usize = 6;

/// A language that the bot speaks.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Names the language as it stands in files and in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// A text in each language.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Localized(pub BTreeMap<Language, String>);

impl Localized {
    /// Finds the text in `language`.
    pub fn get(&self, language: Language) -> Option<&str> {
        self.0.get(&language).map(String::as_str)
    }
}

/// Lists of words for each language.
pub type Words = BTreeMap<Language, Vec<String>>;

/// A sentence that the bot, or the desk in its name, says by rule.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sentence {
    /// Asks which of a few things was meant.
    Clarify,
    /// Admits that nothing was understood, and asks again.
    Lost,
    /// A person was asked for and is on the way.
    HandoffAsked,
    /// The bot did not understand and calls a person.
    HandoffLost,
    /// The contact is angry; a kind word, and a person.
    HandoffAngry,
    /// The bot itself failed and calls a person.
    HandoffFailed,
    /// Nobody is here now; `{opens_at}` says when somebody will be.
    OutOfHours,
    /// The conversation is closed.
    Resolved,
    /// The conversation goes on.
    Reopened,
    /// `{agent}` has it now.
    Assigned,
    /// A person has been called.
    HandedOff,
    /// The contact gave `{score}`.
    Rated,
    /// Asks for a rating.
    RatePlease,
    /// A message was taken back.
    Retracted,
}

impl Sentence {
    /// Every sentence that a script must hold.
    pub const ALL: [Sentence; 14] = [
        Sentence::Clarify,
        Sentence::Lost,
        Sentence::HandoffAsked,
        Sentence::HandoffLost,
        Sentence::HandoffAngry,
        Sentence::HandoffFailed,
        Sentence::OutOfHours,
        Sentence::Resolved,
        Sentence::Reopened,
        Sentence::Assigned,
        Sentence::HandedOff,
        Sentence::Rated,
        Sentence::RatePlease,
        Sentence::Retracted,
    ];

    /// Names the sentence as it stands in `bot.yml`.
    pub fn key(self) -> &'static str {
        match self {
            Sentence::Clarify => "clarify",
            Sentence::Lost => "lost",
            Sentence::HandoffAsked => "handoff_asked",
            Sentence::HandoffLost => "handoff_lost",
            Sentence::HandoffAngry => "handoff_angry",
            Sentence::HandoffFailed => "handoff_failed",
            Sentence::OutOfHours => "out_of_hours",
            Sentence::Resolved => "resolved",
            Sentence::Reopened => "reopened",
            Sentence::Assigned => "assigned",
            Sentence::HandedOff => "handed_off",
            Sentence::Rated => "rated",
            Sentence::RatePlease => "rate_please",
            Sentence::Retracted => "retracted",
        }
    }

    /// Names the one value that may stand in the sentence, between braces.
    pub fn placeholder(self) -> Option<&'static str> {
        match self {
            Sentence::OutOfHours => Some("opens_at"),
            Sentence::Assigned => Some("agent"),
            Sentence::Rated => Some("score"),
            _ => None,
        }
    }
}

/// How probable an intent must be, from 0 to 1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// From here on the bot answers.
    pub answer: f32,
    /// From here on the bot asks "did you mean"; below, it says that it did not understand.
    pub clarify: f32,
}

/// What an answer does beside being said.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerAction {
    /// Calls a person.
    Handoff,
}

/// What the bot answers to one intent in one language.
///
/// Other keys of an intent file (its name, its examples) are left to whoever needs them.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Answer {
    /// The few words that stand on a quick reply.
    pub title: String,
    /// The answer, in Markdown.
    #[serde(default)]
    pub answer: String,
    /// The intents offered after the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<String>,
    /// What else happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<AnswerAction>,
}

/// A reply that the contact can tap.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct QuickReply {
    /// The words on it.
    pub title: String,
    /// The intent that it stands for.
    pub value: String,
}

/// The words of all languages that ask for a person, ready to be looked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(from = "Words", into = "Words")]
pub struct PersonWords {
    words: Words,
    /// Finds all of them, folded, in one pass; `None` if there are none.
    finder: Option<AhoCorasick>,
}

impl PersonWords {
    /// Tells whether there is a word in `language`.
    pub fn knows(&self, language: Language) -> bool {
        let mut words = self.words.get(&language).into_iter().flatten();
        words.any(|word| !word.trim().is_empty())
    }

    /// Finds the words in a folded text.
    pub(crate) fn finder(&self) -> Option<&AhoCorasick> {
        self.finder.as_ref()
    }
}

impl From<Words> for PersonWords {
    fn from(words: Words) -> Self {
        let folded = words.values().flatten().map(|word| fold(word.trim()));
        let folded: Vec<String> = folded.filter(|word| !word.is_empty()).collect();
        let finder =
            || AhoCorasick::new(&folded).expect("a list that people wrote is not too long");
        PersonWords { finder: (!folded.is_empty()).then(finder), words }
    }
}

impl PartialEq for PersonWords {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl From<PersonWords> for Words {
    fn from(words: PersonWords) -> Self {
        words.words
    }
}

/// Everything a bot says, and how sure it must be to say it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// What the bot is called.
    pub name: Localized,
    /// What it says before the contact says anything.
    pub greeting: Localized,
    /// The languages it speaks.
    pub languages: Vec<Language>,
    /// The language it speaks while it does not know better.
    pub default_language: Language,
    /// The intents offered with the greeting, and whenever there is nothing better to offer.
    #[serde(default)]
    pub starters: Vec<String>,
    /// The intent of everything that the company does not do; it is answered but never offered.
    pub fallback_intent: String,
    /// How sure it must be.
    pub thresholds: Thresholds,
    /// At which unconfident turn in a row a person is called.
    pub lost_turns_max: u8,
    /// From which anger of one message on, 0 to 1, a person is called.
    pub anger_max: f32,
    /// From which anger over several messages on, 0 to 1, a person is called.
    #[serde(default = "lasting_anger_max")]
    pub lasting_anger_max: f32,
    /// What it says by rule.
    pub sentences: BTreeMap<Sentence, Localized>,
    /// Words that show anger, beside those that understanding knows by itself.
    #[serde(default)]
    pub anger_words: Words,
    /// Words that ask for a person.
    #[serde(default)]
    pub person_words: PersonWords,
    /// What it shall understand with.
    #[serde(default)]
    pub understanding: Understanding,
    /// Its answers, by intent and language.
    #[serde(default)]
    pub answers: BTreeMap<String, BTreeMap<Language, Answer>>,
}

impl Script {
    /// Adds what the bot answers to `intent` in `language`, replacing what was there.
    pub fn add(&mut self, intent: impl Into<String>, language: Language, answer: Answer) {
        self.answers.entry(intent.into()).or_default().insert(language, answer);
    }

    /// Finds the answer to `intent` in `language`, else in the default language, else in any.
    pub fn answer(&self, intent: &str, language: Language) -> Option<&Answer> {
        let answers = self.answers.get(intent)?;
        answers
            .get(&language)
            .or_else(|| answers.get(&self.default_language))
            .or_else(|| answers.values().next())
    }

    /// Says `sentence` in `language`, else in the default language; empty when it has none.
    pub fn sentence(&self, sentence: Sentence, language: Language) -> &str {
        self.sentences
            .get(&sentence)
            .and_then(|text| text.get(language).or_else(|| text.get(self.default_language)))
            .unwrap_or_default()
    }

    /// Says `sentence` with its placeholder filled by `value`.
    pub fn sentence_with(&self, sentence: Sentence, language: Language, value: &str) -> String {
        let text = self.sentence(sentence, language);
        match sentence.placeholder() {
            Some(name) => text.replace(&format!("{{{name}}}"), value),
            None => text.to_owned(),
        }
    }

    /// Makes quick replies of `intents`: those that exist, each once, at most
    /// [`QUICK_REPLIES_MAX`].
    pub fn quick_replies<'a>(
        &self,
        intents: impl IntoIterator<Item = &'a str>,
        language: Language,
    ) -> Vec<QuickReply> {
        let mut replies: Vec<QuickReply> = Vec::new();
        for intent in intents {
            let Some(answer) = self.answer(intent, language) else { continue };
            if replies.len() < QUICK_REPLIES_MAX && !replies.iter().any(|r| r.value == intent) {
                replies.push(QuickReply { title: answer.title.clone(), value: intent.to_owned() });
            }
        }
        replies
    }

    /// Makes quick replies of the starters, for the greeting.
    pub fn starters(&self, language: Language) -> Vec<QuickReply> {
        self.quick_replies(self.starters.iter().map(String::as_str), language)
    }

    /// Chooses the language to speak when `wanted` is what the contact writes.
    pub fn speaks(&self, wanted: Language) -> Language {
        if self.languages.contains(&wanted) { wanted } else { self.default_language }
    }

    /// Tells whether `intent` calls a person.
    pub fn hands_off(&self, intent: &str) -> bool {
        self.answers.get(intent).is_some_and(|answers| {
            answers.values().any(|answer| answer.action == Some(AnswerAction::Handoff))
        })
    }
}

/// Two messages with an angry word each, the second emphatic, or three; one message alone comes to less.
fn lasting_anger_max() -> f32 {
    0.4
}
