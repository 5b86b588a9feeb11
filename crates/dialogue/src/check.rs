//! Finds the mistakes of a script before a contact does.
//!
//! All mistakes are collected, so that a trainer mends them in one go. Nothing is repaired here.

use crate::{AnswerAction, Language, Localized, QUICK_REPLIES_MAX, Script, Sentence};

/// How long the name of an intent may be; the state of a conversation holds several of them.
const INTENT_NAME_MAX: usize = 48;

/// One mistake in a script.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Mistake {
    /// The bot speaks no language.
    #[error("`languages` is empty")]
    NoLanguage,
    /// The default language is not among the languages.
    #[error("`default_language` {0} is not among `languages`")]
    DefaultLanguage(Language),
    /// A name, greeting or sentence lacks a language.
    #[error("`{key}` has no text in {language}")]
    MissingText {
        /// The key in `bot.yml`.
        key: String,
        /// The language that lacks it.
        language: Language,
    },
    /// A sentence names a value that it is not given.
    #[error("`{key}` in {language} has the unknown placeholder {{{placeholder}}}")]
    UnknownPlaceholder {
        /// The key in `bot.yml`.
        key: String,
        /// The language of the text.
        language: Language,
        /// What stands between the braces.
        placeholder: String,
    },
    /// A number is out of its range.
    #[error("`{key}` must be {range}")]
    OutOfRange {
        /// The key in `bot.yml`.
        key: &'static str,
        /// What it must be.
        range: &'static str,
    },
    /// An intent is named that does not exist.
    #[error("`{at}` names the unknown intent `{intent}`")]
    UnknownIntent {
        /// Where it is named.
        at: String,
        /// The name.
        intent: String,
    },
    /// The name of an intent cannot be stored.
    #[error("the intent `{0}` must have 1 to 48 of a-z, 0-9, _ and - in its name")]
    IntentName(String),
    /// An intent cannot be answered in a language.
    #[error("the intent `{intent}` has no answer in {language}")]
    MissingAnswer {
        /// The intent.
        intent: String,
        /// The language.
        language: Language,
    },
    /// An intent has no title in a language.
    #[error("the intent `{intent}` has no title in {language}")]
    MissingTitle {
        /// The intent.
        intent: String,
        /// The language.
        language: Language,
    },
    /// An intent calls a person in one language only.
    #[error("the intent `{0}` has an `action` in one language and not in another")]
    UnequalAction(String),
    /// More quick replies than a message carries.
    #[error("`{0}` offers more than 6 quick replies")]
    TooManyQuickReplies(String),
    /// A contact cannot ask for a person in words.
    #[error("`person_words` has no word in {0}")]
    NoPersonWord(Language),
    /// What the bot shall understand with cannot be meant.
    #[error("`understanding` {0}")]
    Understanding(&'static str),
}

impl Script {
    /// Collects every mistake of the script, in the order of its keys; none means that it may go
    /// live.
    pub fn check(&self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        self.check_languages(&mut mistakes);
        self.check_texts(&mut mistakes);
        self.check_numbers(&mut mistakes);
        self.check_references(&mut mistakes);
        self.check_answers(&mut mistakes);
        mistakes.extend(self.understanding.mistake().map(Mistake::Understanding));
        mistakes
    }

    fn check_languages(&self, mistakes: &mut Vec<Mistake>) {
        if self.languages.is_empty() {
            mistakes.push(Mistake::NoLanguage);
        } else if !self.languages.contains(&self.default_language) {
            mistakes.push(Mistake::DefaultLanguage(self.default_language));
        }
        for &language in &self.languages {
            if !self.person_words.knows(language) {
                mistakes.push(Mistake::NoPersonWord(language));
            }
        }
    }

    fn check_texts(&self, mistakes: &mut Vec<Mistake>) {
        let nothing = Localized::default();
        self.check_text("name", &self.name, None, mistakes);
        self.check_text("greeting", &self.greeting, None, mistakes);
        for sentence in Sentence::ALL {
            let text = self.sentences.get(&sentence).unwrap_or(&nothing);
            let key = format!("sentences.{}", sentence.key());
            self.check_text(&key, text, sentence.placeholder(), mistakes);
        }
    }

    fn check_text(
        &self,
        key: &str,
        text: &Localized,
        allowed: Option<&str>,
        mistakes: &mut Vec<Mistake>,
    ) {
        for &language in &self.languages {
            let text = text.get(language).unwrap_or_default();
            if text.trim().is_empty() {
                mistakes.push(Mistake::MissingText { key: key.to_owned(), language });
            }
            for placeholder in placeholders(text).filter(|name| Some(*name) != allowed) {
                mistakes.push(Mistake::UnknownPlaceholder {
                    key: key.to_owned(),
                    language,
                    placeholder: placeholder.to_owned(),
                });
            }
        }
    }

    fn check_numbers(&self, mistakes: &mut Vec<Mistake>) {
        let unit = 0.0..=1.0;
        for (key, value) in [
            ("thresholds.answer", self.thresholds.answer),
            ("thresholds.clarify", self.thresholds.clarify),
            ("anger_max", self.anger_max),
            ("lasting_anger_max", self.lasting_anger_max),
        ] {
            if !unit.contains(&value) {
                mistakes.push(Mistake::OutOfRange { key, range: "between 0 and 1" });
            }
        }
        if self.thresholds.clarify > self.thresholds.answer {
            let range = "at most `thresholds.answer`";
            mistakes.push(Mistake::OutOfRange { key: "thresholds.clarify", range });
        }
        if self.lost_turns_max == 0 {
            mistakes.push(Mistake::OutOfRange { key: "lost_turns_max", range: "at least 1" });
        }
    }

    fn check_references(&self, mistakes: &mut Vec<Mistake>) {
        self.check_intents("starters", &self.starters, mistakes);
        self.check_intents(
            "fallback_intent",
            std::slice::from_ref(&self.fallback_intent),
            mistakes,
        );
        for (intent, answers) in &self.answers {
            for (language, answer) in answers {
                let at = format!("{intent}.{language}.quick_replies");
                self.check_intents(&at, &answer.quick_replies, mistakes);
            }
        }
    }

    fn check_intents(&self, at: &str, intents: &[String], mistakes: &mut Vec<Mistake>) {
        if intents.len() > QUICK_REPLIES_MAX {
            mistakes.push(Mistake::TooManyQuickReplies(at.to_owned()));
        }
        for intent in intents.iter().filter(|intent| !self.answers.contains_key(*intent)) {
            mistakes.push(Mistake::UnknownIntent { at: at.to_owned(), intent: intent.to_owned() });
        }
    }

    fn check_answers(&self, mistakes: &mut Vec<Mistake>) {
        for (intent, answers) in &self.answers {
            if !is_name(intent) {
                mistakes.push(Mistake::IntentName(intent.clone()));
            }
            let mut actions = answers.values().map(|answer| answer.action);
            let first = actions.next();
            if actions.any(|action| Some(action) != first) {
                mistakes.push(Mistake::UnequalAction(intent.clone()));
            }
            for &language in &self.languages {
                let answer = answers.get(&language);
                // A handoff says the handoff's own sentence, so it needs no answer of its own.
                let silent = |a: &crate::Answer| {
                    a.action != Some(AnswerAction::Handoff) && a.answer.trim().is_empty()
                };
                if answer.is_none_or(silent) {
                    let intent = intent.clone();
                    mistakes.push(Mistake::MissingAnswer { intent, language });
                }
                if answer.is_some_and(|answer| answer.title.trim().is_empty()) {
                    mistakes.push(Mistake::MissingTitle { intent: intent.clone(), language });
                }
            }
        }
    }
}

fn is_name(intent: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    (1..=INTENT_NAME_MAX).contains(&intent.len()) && intent.bytes().all(allowed)
}

/// Lists what stands between braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}
