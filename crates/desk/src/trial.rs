//! Trials: trying a release on live traffic, beside the released one or for a share
//! of the conversations. Publishing a release ends the trial.
//!
//! What a trial came to is counted by [`crate::learner`]; the release that answers
//! for a share is put to work by [`crate::assistant`].

use domain::{
    Error, EventKind, Id, News, Permission, Release, Result, Rule, Trial, TrialDifference,
    TrialKind,
};
use jiff::Timestamp;
use serde_json::json;
use store::{Tx, release, trial};

use crate::{Actor, Desk};

const NO_RELEASE: Error = Error::NotFound("release");

impl Desk {
    /// Finds the trial of the account's bot.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Train`].
    pub async fn get_trial(&self, actor: &Actor) -> Result<Option<Trial>> {
        actor.needs(Permission::Train)?;
        trial::find(&self.read(actor.account)).await
    }

    /// Begins a trial, in place of the one before. A gray one answers `share` of a
    /// hundred conversations.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::Invalid`], [`Error::NotFound`],
    /// [`Rule::ReleaseNotTrained`], [`Rule::ReleaseInUse`], [`Rule::ReleaseDamaged`]
    /// and [`Rule::BotFilesWrong`].
    pub async fn start_trial(
        &self,
        actor: &Actor,
        id: Id<Release>,
        kind: TrialKind,
        share: Option<i16>,
    ) -> Result<Trial> {
        actor.needs(Permission::Train)?;
        let share = check_share(kind, share)?;
        // Loaded now, so that what cannot be used answers nobody.
        self.bot_of_release(actor.account, id).await?;
        let (agent, now) = (actor.agent, self.now());
        let body = move |tx: Tx| async move {
            let found = release::find(&tx, id).await?.ok_or(NO_RELEASE)?;
            if release::find_in_use(&tx).await?.is_none_or(|in_use| in_use.id == found.id) {
                return Err(Rule::ReleaseInUse.into());
            }
            trial::delete(&tx).await?;
            let begun = Trial {
                id: tx.id()?,
                release: id,
                kind,
                share,
                started_by: agent,
                started_at: now,
                turns: 0,
                differed: 0,
                answered: 0,
                answered_handoffs: 0,
                other_handoffs: 0,
            };
            trial::save(&tx, &begun).await?;
            let data = json!({"release_id": id, "kind": kind, "share": share});
            tx.record(News::about(EventKind::TrialUpdated, begun.id).with(data), now);
            Ok(begun)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Ends the trial; the released release answers everybody again.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::NotFound`] if there is none.
    pub async fn end_trial(&self, actor: &Actor) -> Result<()> {
        actor.needs(Permission::Train)?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            match end(&tx, now).await? {
                true => Ok(()),
                false => Err(Error::NotFound("trial")),
            }
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Lists what the tried release takes for something else, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Train`].
    pub async fn list_trial_differences(
        &self,
        actor: &Actor,
        after: Option<(Timestamp, Id<TrialDifference>)>,
        limit: u64,
    ) -> Result<Vec<TrialDifference>> {
        actor.needs(Permission::Train)?;
        trial::list_differences(&self.read(actor.account), after, limit).await
    }
}

fn check_share(kind: TrialKind, share: Option<i16>) -> Result<i16> {
    match (kind, share) {
        (TrialKind::Shadow, None | Some(0)) => Ok(0),
        (TrialKind::Shadow, Some(_)) => {
            Err(Error::invalid("/share", "a shadow answers nobody; leave the share out"))
        }
        (TrialKind::Gray, Some(share @ 1..=99)) => Ok(share),
        (TrialKind::Gray, _) => Err(Error::invalid(
            "/share",
            "must be a whole number from 1 to 99; publish the release to let it answer everybody",
        )),
    }
}

/// Ends the account's trial, if there is one.
pub(crate) async fn end(tx: &Tx, now: Timestamp) -> Result<bool> {
    let Some(running) = trial::find(tx).await? else { return Ok(false) };
    trial::delete(tx).await?;
    let news = News::about(EventKind::TrialUpdated, running.id);
    tx.record(news.with(json!({"removed": true})), now);
    Ok(true)
}
