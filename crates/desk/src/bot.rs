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
use dialogue::Script;
use domain::{Account, Id, Language, Release, Trial};
use futures::FutureExt as _;
use nlu::entity::Recogniser;
use nlu::sentiment::Emotions;
use nlu::{Lexicon, Model};

use crate::{Reason, entities, mind, script, training};

/// Understands what is said.
///
/// A trait because a model with an encoder answers from threads of its own, while
/// one without answers at once.
#[async_trait]
pub trait Understand: Send + Sync {
    /// Tells what may be meant by `text`.
    async fn understand(&self, text: &str) -> Understood;

    /// Tells whether it takes so much memory that few of its kind are kept.
    fn is_large(&self) -> bool {
        false
    }

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
    /// How strongly each emotion shows.
    pub emotions: Emotions,
    /// Whether understanding failed or took too long.
    pub failed: bool,
}

/// The bot of an account.
pub struct Bot {
    /// What it says, and when.
    pub script: Script,
    /// What it understands with.
    pub model: Box<dyn Understand>,
    /// What it finds values with.
    pub entities: Arc<Recogniser>,
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
    /// The encoder cannot be read, or cannot learn.
    #[error("the encoder that `understanding` names: {0}")]
    Encoder(#[from] nlu::EncoderError),
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
        let script = script::read(files, &data)?;
        let lexicon = Lexicon::new(script.anger_words.values().flatten());
        let model = Model::load(release)?.with_lexicon(lexicon);
        let hash = nlu::data_hash(&data.training_set());
        let entities = Arc::new(entities::read(files)?);
        Ok((Bot { script, model: mind::of(model), entities, release: None }, hash))
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

/// The language that a model names, as the desk names it.
pub(crate) fn written(language: nlu::Language) -> Language {
    match language {
        nlu::Language::Zh => Language::Zh,
        nlu::Language::En => Language::En,
    }
}

/// The language that the desk names, as a model names it.
pub(crate) fn spoken(language: Language) -> nlu::Language {
    match language {
        Language::Zh => nlu::Language::Zh,
        Language::En => nlu::Language::En,
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
