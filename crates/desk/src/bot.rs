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

use dialogue::Script;
use domain::{Account, Id, Release, Trial};
use futures::FutureExt as _;
use nlu::entity::Recogniser;
use nlu::sentiment::SentimentModel;
use nlu::{Lexicon, Model};

use crate::bot_error::BotError;
use crate::understand::{Understand, Understood};
use crate::{entities, mind, script, sentiment, training};

/// The bot of an account.
pub struct Bot {
    /// What it says, and when.
    pub script: Script,
    /// What it understands with.
    pub model: Box<dyn Understand>,
    /// What it finds values with.
    pub entities: Arc<Recogniser>,
    /// What it has learned to be good and bad news.
    pub sentiment: Option<Arc<SentimentModel>>,
    /// Where its model came from; `None` if not from a release.
    pub release: Option<Id<Release>>,
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
        let sentiment = sentiment::load(release)?.map(Arc::new);
        Ok((Bot { script, model: mind::of(model), entities, sentiment, release: None }, hash))
    }

    /// Understands a text within a time: a model that fails or takes longer has
    /// failed, and the turn goes to a person.
    pub async fn understand(&self, text: &str, time_max: Duration) -> Understood {
        if text.is_empty() {
            return Understood::default();
        }
        let failed = || Understood { failed: true, ..Understood::default() };
        let work = async { self.with_sentiment(text, self.model.understand(text).await) };
        let work = AssertUnwindSafe(work).catch_unwind();
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

    fn with_sentiment(&self, text: &str, understood: Understood) -> Understood {
        let Some(model) = &self.sentiment else { return understood };
        let learned = model.sentiment(text);
        let emotions = sentiment::joined(understood.emotions, learned);
        Understood { emotions, sentiment: Some(learned), ..understood }
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
