//! Releases: having one trained, looking at it, putting it to work, going back.
//!
//! A release is trained by [`crate::trainer`] and put to work in every process by
//! [`crate::assistant`]; both follow from what is committed here.

use domain::{
    Account, Error, EventKind, Id, News, Permission, Release, ReleaseState, Result, Rule,
    previous_release, superfluous_releases,
};
use serde_json::json;
use store::{Tx, release};

use crate::bot::Bot;
use crate::bot_error::BotError;
use crate::evaluation::Evaluation;
use crate::work::{Work, enqueue};
use crate::{Actor, Desk};

/// How many releases of an account are kept.
const RELEASES_MAX: usize = 20;

pub(crate) const NOT_FOUND: Error = Error::NotFound("release");

impl Desk {
    /// Lists the releases of the account's bot, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Train`].
    pub async fn list_releases(&self, actor: &Actor) -> Result<Vec<Release>> {
        actor.needs(Permission::Train)?;
        release::list(&self.read(actor.account)).await
    }

    /// Reads one release.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn get_release(&self, actor: &Actor, id: Id<Release>) -> Result<Release> {
        actor.needs(Permission::Train)?;
        release::find(&self.read(actor.account), id).await?.ok_or(NOT_FOUND)
    }

    /// Reads how a release did on the tests; nothing of it before it was trained.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn evaluation_of_release(
        &self,
        actor: &Actor,
        id: Id<Release>,
    ) -> Result<Evaluation> {
        self.get_release(actor, id).await?;
        match release::find_evaluation(&self.read(actor.account), id).await? {
            Some(kept) => serde_json::from_str(&kept).map_err(Error::internal),
            None => Ok(Evaluation::default()),
        }
    }

    /// Has a release trained from the bot's files as they are when its turn comes.
    /// The oldest releases that nobody needs are forgotten.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Rule::NoBotFiles`] and [`Rule::TrainingUnderWay`].
    pub async fn train_release(&self, actor: &Actor) -> Result<Release> {
        actor.needs(Permission::Train)?;
        if !self.parts.workshop.files(actor.account).is_dir() {
            return Err(Rule::NoBotFiles.into());
        }
        let (agent, now) = (actor.agent, self.now());
        let body = move |tx: Tx| async move {
            let releases = release::list(&tx).await?;
            if releases.iter().any(|release| release.state == ReleaseState::Training) {
                return Err(Rule::TrainingUnderWay.into());
            }
            let trial = store::trial::find(&tx).await?.map(|trial| trial.release);
            let superfluous = superfluous_releases(&releases, RELEASES_MAX - 1);
            for id in superfluous.into_iter().filter(|id| Some(*id) != trial) {
                remove(&tx, id, now).await?;
            }
            let number = release::next_number(&tx).await?;
            let begun = Release::begin(tx.id()?, number, Some(agent), now);
            release::save(&tx, &begun).await?;
            enqueue(&tx, &Work::TrainRelease { release: begun.id }, now, now).await?;
            tx.record(updated(&begun), now);
            Ok(begun)
        };
        let begun = self.parts.store.write(actor.account, body).await?;
        self.parts.training_queued.notify_one();
        Ok(begun)
    }

    /// Puts a release to work in place of the one that is, in every process.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`], [`Rule::ReleaseNotTrained`],
    /// [`Rule::ReleaseDamaged`] and [`Rule::BotFilesWrong`].
    pub async fn publish_release(&self, actor: &Actor, id: Id<Release>) -> Result<Release> {
        let found = self.get_release(actor, id).await?;
        if !found.is_trained() {
            return Err(Rule::ReleaseNotTrained.into());
        }
        // Loaded now, so that what cannot be used never becomes what is in use.
        self.open_bot(actor.account, id).await.map_err(unusable)?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let mut release = release::find(&tx, id).await?.ok_or(NOT_FOUND)?;
            if release.publish(now)?.is_none() {
                return Ok(release);
            }
            let before = release::find_in_use(&tx).await?;
            let previous = before.as_ref().map(|before| before.id);
            if let Some(mut before) = before {
                before.retire();
                release::save(&tx, &before).await?;
            }
            release::save(&tx, &release).await?;
            tx.record(published(&release, previous), now);
            // What was tried was compared with another one.
            crate::trial::end(&tx, now).await?;
            Ok(release)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Puts the release to work again that was in use before.
    ///
    /// # Errors
    ///
    /// [`Rule::NoPreviousRelease`], and those of [`Desk::publish_release`].
    pub async fn roll_back_release(&self, actor: &Actor) -> Result<Release> {
        let releases = self.list_releases(actor).await?;
        let previous = previous_release(&releases).ok_or(Rule::NoPreviousRelease)?;
        self.publish_release(actor, previous.id).await
    }

    /// Removes a release that is not in use. One that is being trained is given up.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`] and [`Rule::ReleaseInUse`].
    pub async fn delete_release(&self, actor: &Actor, id: Id<Release>) -> Result<()> {
        actor.needs(Permission::Train)?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let found = release::find(&tx, id).await?.ok_or(NOT_FOUND)?;
            let trial = store::trial::find(&tx).await?;
            if found.state == ReleaseState::Released
                || trial.is_some_and(|trial| trial.release == id)
            {
                return Err(Rule::ReleaseInUse.into());
            }
            remove(&tx, id, now).await
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Loads an account's bot with the model of a release, off the threads that
    /// serve.
    pub(crate) async fn open_bot(
        &self,
        account: Id<Account>,
        release: Id<Release>,
    ) -> Result<(Bot, String), BotError> {
        let workshop = &self.parts.workshop;
        let (files, folder) = (workshop.files(account), workshop.release(account, release));
        let opened = tokio::task::spawn_blocking(move || Bot::open(&files, &folder));
        let (bot, hash) = opened.await.map_err(Error::internal)??;
        Ok((Bot { release: Some(release), ..bot }, hash))
    }
}

/// Removes a release, and its files afterwards.
async fn remove(tx: &Tx, id: Id<Release>, now: jiff::Timestamp) -> Result<()> {
    release::delete(tx, id).await?;
    enqueue(tx, &Work::DiscardRelease { release: id }, now, now).await?;
    let news = News::about(EventKind::ReleaseUpdated, id);
    tx.record(news.with(json!({"removed": true})), now);
    Ok(())
}

/// Forgets the files of a release.
pub(crate) async fn discard(desk: &Desk, account: Id<Account>, id: Id<Release>) -> Result<()> {
    let workshop = desk.parts.workshop.clone();
    let discarded = tokio::task::spawn_blocking(move || workshop.discard(account, id));
    discarded.await.map_err(Error::internal)?.map_err(|error| Error::Unavailable(error.into()))
}

/// The news that a release got further.
pub(crate) fn updated(release: &Release) -> News {
    let data = json!({
        "number": release.number,
        "state": release.state,
        "step": release.step,
        "progress": release.progress,
        "epoch": release.epoch.map(|epoch| epoch.number),
        "epochs": release.epoch.map(|epoch| epoch.of),
        "time_left_s": release.time_left_s,
    });
    News::about(EventKind::ReleaseUpdated, release.id).with(data)
}

/// The news that a release was put to work.
pub(crate) fn published(release: &Release, previous: Option<Id<Release>>) -> News {
    let data = json!({"number": release.number, "previous_id": previous});
    News::about(EventKind::ReleasePublished, release.id).with(data)
}

/// Says what a trainer can do about a bot that cannot be loaded; what exactly is
/// wrong is in the log, for the operator.
pub(crate) fn unusable(error: BotError) -> Error {
    tracing::warn!(%error, "a release cannot be used");
    match error {
        BotError::Files(_) | BotError::Training(_) | BotError::Encoder(_) => {
            Rule::BotFilesWrong.into()
        }
        BotError::Release(_) => Rule::ReleaseDamaged.into(),
        BotError::Desk(error) => error,
    }
}
