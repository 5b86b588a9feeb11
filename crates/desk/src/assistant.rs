//! Puts the bots to work: at the start, and whenever another release is published.
//!
//! What is in use stands in the database. A process loads it beside the bot that
//! works, off the threads that serve, and then puts it into that bot's place in
//! one step: a message is understood by the one or by the other, and none waits.

mod adopt;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Account, EventKind, Id, Release, Result, Trial, TrialKind};
use store::{Committed, Reader, Tx, release, trial};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::Desk;
use crate::bot::{Bot, Tried};
use crate::bot_error::BotError;
use crate::clock::every;
use crate::release::published;
use crate::training::{Order, Trained, Training};

/// How often to look for what other processes published.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long to leave a release alone that could not be loaded.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(60);

impl Desk {
    /// Loads the bot of every account that has one, and trains those that have no
    /// release yet.
    ///
    /// A bot with a mistake in it does not stop the others: its conversations go
    /// to people, and the log says what to mend.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the database cannot be read.
    pub async fn load_bots(&self) -> Result<()> {
        for account in self.list_accounts().await? {
            if !self.parts.workshop.files(account.id).exists() {
                continue;
            }
            match self.load_bot(account.id).await {
                Ok(bot) => self.parts.bots.set(account.id, bot),
                Err(error) => tracing::error!(
                    account.id = account.id.number(),
                    %error,
                    "the bot cannot be loaded; its conversations go to people until it is mended"
                ),
            }
        }
        Ok(())
    }

    /// Loads an account's bot with the release that is in use.
    ///
    /// Until somebody had a release trained, the files say what the bot is: a
    /// release that the server made by itself is replaced when the examples have
    /// changed. From then on another one takes its place only when it is published.
    async fn load_bot(&self, account: Id<Account>) -> Result<Bot, BotError> {
        let reader = self.read(account);
        let in_use = match release::find_in_use(&reader).await? {
            None if release::list(&reader).await?.is_empty() => self.adopt(account).await?,
            in_use => in_use,
        };
        let Some(in_use) = in_use else { return self.make_release(account, None).await };
        let opened = self.open_bot(account, in_use.id).await;
        match opened {
            Ok((bot, hash)) if hash == in_use.data_hash => Ok(bot),
            Ok((bot, _)) if in_use.created_by.is_some() => {
                tracing::info!(
                    account.id = account.number(),
                    release = in_use.number,
                    "the bot's examples changed since its release was trained"
                );
                Ok(bot)
            }
            Ok((bot, _)) => Ok(self.make_release(account, Some(in_use.id)).await.unwrap_or_else(
                |error| {
                    tracing::error!(account.id = account.number(), %error, "the bot's examples changed and cannot be learned from; the release before stays in use");
                    bot
                },
            )),
            Err(BotError::Release(error)) => {
                tracing::error!(
                    account.id = account.number(),
                    release = in_use.number,
                    %error,
                    "the release in use cannot be loaded; another is trained in its place"
                );
                self.make_release(account, Some(in_use.id)).await
            }
            Err(error) => Err(error),
        }
    }

    /// Trains a release at once and puts it to work in place of `before`, unless
    /// another process did so first. A start waits for it, so it reads no encoder.
    async fn make_release(
        &self,
        account: Id<Account>,
        before: Option<Id<Release>>,
    ) -> Result<Bot, BotError> {
        let mut release = self.draw_release(account).await?;
        let (id, now) = (release.id, self.now());
        let order = Order { account, release: id, attempt: 1, in_a_hurry: true, now };
        let training = Training::start(self.parts.workshop.clone(), order);
        // Held to the end: a training of which nobody wants to know ends early.
        let Training { progress: _held, done } = training.map_err(domain::Error::internal)?;
        let trained = done.await.map_err(domain::Error::internal)??;
        let Trained { folder, data_hash, metrics, evaluation } = trained;
        let workshop = self.parts.workshop.clone();
        let keep = tokio::task::spawn_blocking(move || workshop.keep(account, id, &folder));
        keep.await.map_err(domain::Error::internal)?.map_err(domain::Error::internal)?;
        release.finish(data_hash, metrics);
        let evaluation = serde_json::to_string(&evaluation).map_err(domain::Error::internal)?;
        let in_use = self.install(account, release, before, evaluation).await?;
        Ok(self.open_bot(account, in_use).await?.0)
    }

    /// Draws the identity and the number of a release that nobody asked for.
    async fn draw_release(&self, account: Id<Account>) -> Result<Release> {
        let now = self.now();
        let draw = move |tx: Tx| async move {
            Ok(Release::begin(tx.id()?, release::next_number(&tx).await?, None, now))
        };
        self.parts.store.write(account, draw).await
    }

    /// Adds a trained release as the one in use, if `before` still is, and returns
    /// what is in use now.
    async fn install(
        &self,
        account: Id<Account>,
        mut ours: Release,
        before: Option<Id<Release>>,
        evaluation: String,
    ) -> Result<Id<Release>> {
        let (id, now) = (ours.id, self.now());
        let install = move |tx: Tx| async move {
            let in_use = release::find_in_use(&tx).await?;
            if in_use.as_ref().map(|release| release.id) != before
                && let Some(theirs) = in_use
            {
                return Ok(theirs.id);
            }
            if let Some(mut old) = in_use {
                old.retire();
                release::save(&tx, &old).await?;
            }
            ours.publish(now)?;
            release::save(&tx, &ours).await?;
            release::keep_evaluation(&tx, ours.id, &evaluation).await?;
            tx.record(published(&ours, before), now);
            Ok(ours.id)
        };
        let in_use = self.parts.store.write(account, install).await?;
        if in_use != id {
            crate::release::discard(self, account, id).await?;
        }
        Ok(in_use)
    }

    /// Makes the first release of the model that lies where the only one did
    /// before there were releases; `None` if there is none that can be used.
    async fn adopt(&self, account: Id<Account>) -> Result<Option<Release>, BotError> {
        if !adopt::is_there(&self.parts.workshop, account) {
            return Ok(None);
        }
        let release = self.draw_release(account).await?;
        let (workshop, id) = (self.parts.workshop.clone(), release.id);
        let copied = tokio::task::spawn_blocking(move || adopt::copy(&workshop, account, id));
        let Some(adopted) = copied.await.map_err(domain::Error::internal)? else {
            return Ok(None);
        };
        let mut ours = release;
        ours.finish(adopted.data_hash, adopted.metrics);
        let evaluation =
            serde_json::to_string(&adopted.evaluation).map_err(domain::Error::internal)?;
        self.install(account, ours, None, evaluation).await?;
        let workshop = self.parts.workshop.clone();
        let clear = tokio::task::spawn_blocking(move || adopt::clear(&workshop, account));
        clear.await.map_err(domain::Error::internal)?;
        Ok(release::find_in_use(&self.read(account)).await?)
    }

    /// Puts every release to work that is published, until `shutdown`.
    pub async fn run_assistant(&self, shutdown: CancellationToken) {
        let mut news = self.parts.store.news();
        let mut look = every(LOOK_EVERY);
        let mut follower = Follower { desk: self, unusable: HashMap::new() };
        // What was published between the loading of the bots and now.
        let mut is_due = true;
        loop {
            if is_due && let Err(error) = follower.look().await {
                tracing::warn!(%error, "which releases are in use could not be read");
            }
            is_due = tokio::select! {
                () = shutdown.cancelled() => return,
                round = news.recv() => match round {
                    Ok(round) => concerns_bots(&round),
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => return,
                },
                _ = look.tick() => self.parts.store.is_shared() || !follower.unusable.is_empty(),
            };
        }
    }
}

fn concerns_bots(round: &Arc<[Committed]>) -> bool {
    let kinds = [EventKind::ReleasePublished, EventKind::TrialUpdated];
    round.iter().any(|committed| kinds.contains(&committed.event.kind))
}

struct Follower<'a> {
    desk: &'a Desk,
    /// Releases that could not be loaded, and when that was tried.
    unusable: HashMap<Id<Release>, Instant>,
}

impl Follower<'_> {
    /// Compares what works here with what is in use, and loads what differs.
    async fn look(&mut self) -> Result<()> {
        let nobody = self.desk.read(Account::NOBODY);
        for (account, in_use) in release::list_in_use(&nobody).await? {
            if self.desk.parts.bots.release(account) != Some(in_use) && self.is_due(in_use) {
                self.load(account, in_use).await;
            }
        }
        self.look_at_trials(&nobody).await
    }

    /// Lets those bots answer a share of the conversations that are on trial, and
    /// no others.
    async fn look_at_trials(&mut self, nobody: &Reader) -> Result<()> {
        let bots = &self.desk.parts.bots;
        let mut running: HashMap<Id<Account>, Trial> =
            trial::list_all(nobody).await?.into_iter().collect();
        running.retain(|_, trial| trial.kind == TrialKind::Gray);
        for account in bots.with_trials() {
            if !running.contains_key(&account) {
                bots.try_out(account, None);
            }
        }
        for (account, trial) in running {
            let is_tried = bots.tried(account).is_some_and(|tried| tried.trial == trial.id);
            if is_tried || !self.is_due(trial.release) {
                continue;
            }
            // Until it is loaded, the released one answers everybody.
            bots.try_out(account, None);
            match self.desk.bot_of_release(account, trial.release).await {
                Ok(bot) => {
                    self.unusable.remove(&trial.release);
                    let tried = Tried { trial: trial.id, share: trial.share, bot };
                    bots.try_out(account, Some(tried));
                }
                Err(error) => {
                    self.unusable.insert(trial.release, Instant::now());
                    tracing::error!(account.id = account.number(), %error, "a release on trial cannot be loaded here; the released one answers everybody");
                }
            }
        }
        Ok(())
    }

    fn is_due(&self, release: Id<Release>) -> bool {
        self.unusable.get(&release).is_none_or(|tried| tried.elapsed() > TRY_AGAIN_AFTER)
    }

    async fn load(&mut self, account: Id<Account>, release: Id<Release>) {
        match self.desk.open_bot(account, release).await {
            Ok((bot, _)) => {
                self.unusable.remove(&release);
                self.desk.parts.bots.set(account, bot);
                tracing::info!(
                    account.id = account.number(),
                    release.id = release.number(),
                    "a release was put to work"
                );
            }
            Err(error) => {
                self.unusable.insert(release, Instant::now());
                tracing::error!(
                    account.id = account.number(),
                    release.id = release.number(),
                    %error,
                    "a release that is in use cannot be loaded here; the one before goes on"
                );
            }
        }
    }
}
