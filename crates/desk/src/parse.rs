//! The playground: what a release makes of a text, and why; and how two releases
//! differ on the tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{
    Account, Emotion, Id, Language, MESSAGE_CHARS_MAX, Permission, Release, Result, Rule,
    clean_text,
};
use jiff::tz::TimeZone;
use nlu::BotData;
use store::release;

use crate::bot::Bot;
use crate::language::written;
use crate::release::{NOT_FOUND, unusable};
use crate::understand::{Reason, Understood};
use crate::{Actor, Desk, Entity, entities, mood};

/// How many bots are kept that are not at work, for those who try them.
const KEPT_MAX: usize = 16;
/// How many of them may have an encoder, which takes some hundred megabytes.
const LARGE_KEPT_MAX: usize = 3;
/// How many pieces of a text explain an intent.
const REASONS_MAX: usize = 8;
/// How many sentences are listed that two releases take differently.
const DIFFERENCES_MAX: usize = 1_000;

/// What a release makes of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The release; `None` if the bot at work is of none.
    pub release: Option<Id<Release>>,
    /// What may be meant.
    pub understood: Understood,
    /// The emotions that show, the strongest first, with strengths from 0 to 1.
    pub emotions: Vec<(Emotion, f32)>,
    /// The values that it holds, in its order; they do not overlap.
    pub entities: Vec<Entity>,
    /// What weighed most for the likeliest intent, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// How two releases differ on the same tests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// How many sentences both were asked.
    pub tests: usize,
    /// How many both understood.
    pub both_right: usize,
    /// How many only the first understood.
    pub only_first: usize,
    /// How many only the second understood.
    pub only_second: usize,
    /// How likely so great a difference is if the two are equally good (McNemar's
    /// exact test, two-sided).
    pub p_value: f64,
    /// The sentences that they take differently, the first 1,000.
    pub differences: Vec<Difference>,
}

/// A sentence that two releases take differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its language.
    pub language: Language,
    /// What is said.
    pub text: String,
    /// What is meant.
    pub expected: String,
    /// What the first release takes it for.
    pub first: String,
    /// What the second takes it for.
    pub second: String,
}

/// Bots that somebody tries while they are not at work: the last few.
#[derive(Default)]
pub(crate) struct Tried(Mutex<VecDeque<Arc<Bot>>>);

impl Tried {
    fn get(&self, release: Id<Release>) -> Option<Arc<Bot>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|bot| bot.release == Some(release)).cloned()
    }

    fn keep(&self, bot: Arc<Bot>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| other.release != bot.release);
        kept.push_front(bot);
        kept.truncate(KEPT_MAX);
        let mut large = 0;
        kept.retain(|bot| {
            large += usize::from(bot.model.is_large());
            !bot.model.is_large() || large <= LARGE_KEPT_MAX
        });
    }
}

impl Desk {
    /// Lets a release, or the bot at work, understand a text, and explains it.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Denied`], [`domain::Error::Invalid`], [`domain::Error::NotFound`],
    /// [`Rule::NoBotFiles`], [`Rule::ReleaseNotTrained`], [`Rule::ReleaseDamaged`] and
    /// [`Rule::BotFilesWrong`].
    pub async fn parse_text(
        &self,
        actor: &Actor,
        text: &str,
        release: Option<Id<Release>>,
    ) -> Result<Parsed> {
        actor.needs(Permission::Train)?;
        let text = clean_text(text, "/text", MESSAGE_CHARS_MAX)?;
        let bot = match release {
            Some(id) => self.bot_of_release(actor.account, id).await?,
            None => self.bot_in_use(actor.account).await?.ok_or(Rule::NoBotFiles)?,
        };
        let understood = bot.understand(&text, self.bot_time_max()).await;
        let reasons = bot.model.explain(&text, REASONS_MAX).await;
        let emotions = mood::shown(understood.emotions);
        let zone = self.get_account(actor).await?.time_zone;
        let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
        let entities = entities::list(&bot.entities, &text, &self.now().to_zoned(zone));
        Ok(Parsed { release: bot.release, understood, emotions, entities, reasons })
    }

    /// Compares two releases on the tests of the bot's files as they are now; the
    /// second is the one in use if none is named.
    ///
    /// # Errors
    ///
    /// As [`Desk::parse_text`].
    pub async fn compare_releases(
        &self,
        actor: &Actor,
        first: Id<Release>,
        second: Option<Id<Release>>,
    ) -> Result<Comparison> {
        actor.needs(Permission::Train)?;
        let second = match second {
            Some(id) => id,
            None => {
                let in_use = release::find_in_use(&self.read(actor.account)).await?;
                in_use.ok_or(NOT_FOUND)?.id
            }
        };
        let (first, second) = tokio::try_join!(
            self.bot_of_release(actor.account, first),
            self.bot_of_release(actor.account, second)
        )?;
        let data = self.bot_data(actor.account).await?;
        let runtime = tokio::runtime::Handle::current();
        // Thousands of sentences: too much at once for a thread that serves.
        let work = move || runtime.block_on(compare(&first, &second, &data));
        tokio::task::spawn_blocking(work).await.map_err(domain::Error::internal)
    }

    /// Finds the bot that is at work, or would be if bots worked in this process.
    pub(crate) async fn bot_in_use(&self, account: Id<Account>) -> Result<Option<Arc<Bot>>> {
        if let Some(bot) = self.parts.bots.get(account) {
            return Ok(Some(bot));
        }
        match release::find_in_use(&self.read(account)).await? {
            Some(in_use) => self.bot_of_release(account, in_use.id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Finds the account's bot with the model of a release.
    pub(crate) async fn bot_of_release(
        &self,
        account: Id<Account>,
        id: Id<Release>,
    ) -> Result<Arc<Bot>> {
        let found = release::find(&self.read(account), id).await?.ok_or(NOT_FOUND)?;
        if !found.is_trained() {
            return Err(Rule::ReleaseNotTrained.into());
        }
        let at_work = self.parts.bots.get(account).filter(|bot| bot.release == Some(id));
        if let Some(bot) = at_work.or_else(|| self.parts.tried.get(id)) {
            return Ok(bot);
        }
        let (bot, _) = self.open_bot(account, id).await.map_err(unusable)?;
        let bot = Arc::new(bot);
        self.parts.tried.keep(bot.clone());
        Ok(bot)
    }

    pub(crate) fn bot_time_max(&self) -> std::time::Duration {
        std::time::Duration::from_millis(self.parts.limits.bot_time_max_ms)
    }
}

async fn compare(first: &Bot, second: &Bot, data: &BotData) -> Comparison {
    let mut comparison = Comparison::default();
    for (&language, tests) in &data.tests {
        for test in tests {
            let (one, other) = (best(first, &test.text).await, best(second, &test.text).await);
            comparison.count(written(language), test, one, other);
        }
    }
    comparison.p_value = p_value(comparison.only_first, comparison.only_second);
    comparison
}

async fn best(bot: &Bot, text: &str) -> String {
    let understood = bot.model.understand(text).await;
    understood.intents.into_iter().next().map(|(intent, _)| intent).unwrap_or_default()
}

impl Comparison {
    fn count(&mut self, language: Language, test: &nlu::Example, first: String, second: String) {
        self.tests += 1;
        match (first == test.intent, second == test.intent) {
            (true, true) => self.both_right += 1,
            (true, false) => self.only_first += 1,
            (false, true) => self.only_second += 1,
            (false, false) => {}
        }
        if first != second && self.differences.len() < DIFFERENCES_MAX {
            let (text, expected) = (test.text.clone(), test.intent.clone());
            self.differences.push(Difference { language, text, expected, first, second });
        }
    }
}

/// McNemar's exact test: how likely it is that a fair coin falls at least so
/// unevenly, counted in logarithms so that no number of tests is too great.
fn p_value(only_first: usize, only_second: usize) -> f64 {
    let (all, few) = (only_first + only_second, only_first.min(only_second));
    let mut log_choose = 0.0_f64;
    let mut tail = 0.0_f64;
    for k in 0..=few {
        if k > 0 {
            log_choose += ((all - k + 1) as f64).ln() - (k as f64).ln();
        }
        tail += (log_choose - all as f64 * std::f64::consts::LN_2).exp();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::Understand;

    /// Understands nothing.
    struct Nobody {
        is_large: bool,
    }

    #[async_trait]
    impl Understand for Nobody {
        async fn understand(&self, _text: &str) -> Understood {
            Understood::default()
        }

        fn is_large(&self) -> bool {
            self.is_large
        }
    }

    #[test]
    fn of_large_bots_the_last_few_are_kept() {
        let script = include_str!("../tests/it/bot.yml");
        let tried = Tried::default();
        let bot = |number, is_large| Bot {
            script: serde_norway::from_str(script).unwrap(),
            model: Box::new(Nobody { is_large }),
            entities: Arc::new(nlu::entity::Recogniser::new(&Default::default()).unwrap()),
            sentiment: None,
            release: Some(Id::new(number)),
        };

        (1..=20).for_each(|number| tried.keep(Arc::new(bot(number, number <= 10))));
        assert_eq!(tried.0.lock().unwrap().len(), 10 + LARGE_KEPT_MAX);
        (21..=25).for_each(|number| tried.keep(Arc::new(bot(number, true))));

        let kept = (1..=25).filter(|number| tried.get(Id::new(*number)).is_some());
        let expected: Vec<i64> = (11..=20).chain(23..=25).collect();
        assert_eq!(kept.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_difference_is_significant_when_a_fair_coin_hardly_makes_it() {
        assert_eq!(p_value(0, 0), 1.0);
        assert_eq!(p_value(5, 5), 1.0);
        // Ten of ten: 2 / 2^10.
        assert!((p_value(0, 10) - 2.0 / 1024.0).abs() < 1e-12);
        // Two of ten: 2 (1 + 10 + 45) / 2^10.
        assert!((p_value(8, 2) - 112.0 / 1024.0).abs() < 1e-12);
        assert!(p_value(40_000, 60_000) < 1e-9);
    }
}
