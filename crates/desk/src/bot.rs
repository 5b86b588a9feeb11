//! Bots: a script, and a model that understands what is said to it.
//!
//! A bot lives in a folder of plain text files (see `examples/`), and its model in
//! a release that was trained from them. Which release that is, and when another
//! takes its place, is the matter of [`crate::assistant`].

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use dialogue::{Answer, AnswerAction, Script};
use domain::{Account, Id, Language, Release, Trial};
use futures::FutureExt as _;
use nlu::{Lexicon, Model};

use crate::{Reason, training};

/// Understands what is said.
///
/// A trait because an encoder will answer from a pool of its own, while the
/// linear model answers at once.
#[async_trait]
pub trait Understand: Send + Sync {
    /// Tells what may be meant by `text`.
    async fn understand(&self, text: &str) -> Understood;

    /// Tells what in `text` weighed most for its likeliest intent; nothing if the
    /// mind cannot say.
    async fn explain(&self, _text: &str, _reasons_max: usize) -> Vec<Reason> {
        Vec::new()
    }
}

/// What may be meant by something that was said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    /// The language, if it can be told.
    pub language: Option<Language>,
    /// What may be meant, with probabilities from 0 to 1, the likeliest first.
    pub intents: Vec<(String, f32)>,
    /// How angry it sounds, from 0 to 1.
    pub anger: f32,
    /// Whether understanding failed or took too long.
    pub failed: bool,
}

/// The bot of an account.
pub struct Bot {
    /// What it says, and when.
    pub script: Script,
    /// What it understands with.
    pub model: Box<dyn Understand>,
    /// Where its model came from; `None` if not from a release.
    pub release: Option<Id<Release>>,
}

/// Why a bot cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum BotError {
    /// A file is missing or wrong; the message names it.
    #[error("{0}")]
    Files(String),
    /// The examples cannot be learned from.
    #[error("the bot's examples cannot be learned from: {0}")]
    Training(#[from] nlu::TrainError),
    /// The trained model cannot be written or read.
    #[error("the release cannot be used: {0}")]
    Release(#[from] nlu::ReleaseError),
    /// The database cannot say which release is in use, or keep another.
    #[error("the releases cannot be read or written: {0}")]
    Desk(#[from] domain::Error),
}

impl Bot {
    /// Loads the bot in the folder `files` with the model in the folder `release`.
    /// Returns the hash of the examples in the files as well, which may have
    /// changed since.
    ///
    /// # Errors
    ///
    /// [`BotError`], which names the file and what to do.
    pub fn open(files: &Path, release: &Path) -> Result<(Self, String), BotError> {
        let data = training::read(files)?;
        let script = read_script(files, &data)?;
        let lexicon = Lexicon::new(script.anger_words.values().flatten());
        let model = Model::load(release)?.with_lexicon(lexicon);
        let hash = nlu::data_hash(&data.training_set());
        Ok((Bot { script, model: Box::new(Linear(model)), release: None }, hash))
    }

    /// Understands a text within a time: a model that fails or takes longer has
    /// failed, and the turn goes to a person.
    pub async fn understand(&self, text: &str, time_max: Duration) -> Understood {
        if text.is_empty() {
            return Understood::default();
        }
        let failed = || Understood { failed: true, ..Understood::default() };
        let work = AssertUnwindSafe(self.model.understand(text)).catch_unwind();
        match tokio::time::timeout(time_max, work).await {
            Ok(Ok(understood)) => understood,
            Ok(Err(_)) => {
                tracing::error!("the bot panicked; the conversation goes to a person");
                failed()
            }
            Err(_) => {
                tracing::error!(
                    ?time_max,
                    "the bot took too long; the conversation goes to a person"
                );
                failed()
            }
        }
    }
}

fn read_script(folder: &Path, data: &nlu::BotData) -> Result<Script, BotError> {
    let path = folder.join("bot.yml");
    let explain =
        |error: &dyn std::fmt::Display| BotError::Files(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|error| explain(&error))?;
    let mut script: Script = serde_norway::from_str(&text).map_err(|error| explain(&error))?;
    for intent in &data.intents {
        let answer = Answer {
            title: intent.title.clone(),
            answer: intent.answer.trim_end().to_owned(),
            quick_replies: intent.quick_replies.clone(),
            action: intent.action.map(|nlu::Action::Handoff| AnswerAction::Handoff),
        };
        script.add(intent.intent.clone(), spoken(intent.language), answer);
    }
    match script.check().as_slice() {
        [] => Ok(script),
        mistakes => {
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Err(explain(&mistakes.join("; ")))
        }
    }
}

fn spoken(language: nlu::Language) -> dialogue::Language {
    match language {
        nlu::Language::Zh => dialogue::Language::Zh,
        nlu::Language::En => dialogue::Language::En,
    }
}

/// The language that a model names, as the desk names it.
pub(crate) fn written(language: nlu::Language) -> Language {
    match language {
        nlu::Language::Zh => Language::Zh,
        nlu::Language::En => Language::En,
    }
}

/// The linear tier: answers in microseconds, so it needs no pool.
struct Linear(Model);

#[async_trait]
impl Understand for Linear {
    async fn understand(&self, text: &str) -> Understood {
        let understanding = self.0.understand(text);
        let intents = understanding.intents.into_iter();
        Understood {
            language: understanding.language.map(written),
            intents: intents.map(|found| (found.intent.to_string(), found.probability)).collect(),
            anger: understanding.anger,
            failed: false,
        }
    }

    async fn explain(&self, text: &str, reasons_max: usize) -> Vec<Reason> {
        let characters = |bytes: usize| text[..bytes].chars().count();
        let weights = self.0.explain(text, reasons_max).into_iter();
        let reasons = weights.map(|piece| Reason {
            start: characters(piece.start),
            end: characters(piece.end),
            text: piece.text,
            weight: piece.weight,
        });
        reasons.collect()
    }
}

/// The bots of all accounts. Cheap to clone; a bot is swapped whole.
#[derive(Clone, Default)]
pub struct Bots {
    at_work: Arc<RwLock<HashMap<Id<Account>, Arc<Bot>>>>,
    tried: Arc<RwLock<HashMap<Id<Account>, Tried>>>,
}

/// A bot that answers a share of the conversations, on trial.
#[derive(Clone)]
pub struct Tried {
    /// The trial.
    pub trial: Id<Trial>,
    /// How many of a hundred conversations it answers.
    pub share: i16,
    /// The bot.
    pub bot: Arc<Bot>,
}

impl Bots {
    /// Puts a bot to work, in place of the one before.
    pub fn set(&self, account: Id<Account>, bot: Bot) {
        let mut at_work = self.at_work.write().unwrap_or_else(PoisonError::into_inner);
        at_work.insert(account, Arc::new(bot));
    }

    /// Lets a bot answer a share of the conversations, or none any more.
    pub(crate) fn try_out(&self, account: Id<Account>, bot: Option<Tried>) {
        let mut tried = self.tried.write().unwrap_or_else(PoisonError::into_inner);
        match bot {
            Some(bot) => tried.insert(account, bot),
            None => tried.remove(&account),
        };
    }

    /// Finds the bot that answers a share of an account's conversations.
    pub fn tried(&self, account: Id<Account>) -> Option<Tried> {
        self.tried.read().unwrap_or_else(PoisonError::into_inner).get(&account).cloned()
    }

    /// Lists the accounts in which a bot is on trial.
    pub(crate) fn with_trials(&self) -> Vec<Id<Account>> {
        let tried = self.tried.read().unwrap_or_else(PoisonError::into_inner);
        tried.keys().copied().collect()
    }

    /// Names the release that the bot of an account understands with.
    pub fn release(&self, account: Id<Account>) -> Option<Id<Release>> {
        self.get(account).and_then(|bot| bot.release)
    }

    /// Finds the bot of an account.
    pub fn get(&self, account: Id<Account>) -> Option<Arc<Bot>> {
        self.at_work.read().unwrap_or_else(PoisonError::into_inner).get(&account).cloned()
    }
}
