//! Discoveries: having what contacts ask about found in what they said, and reading it.
//!
//! The looking is done by [`crate::explorer`]; nothing of what it finds becomes an example by
//! itself.

use std::collections::HashMap;

use domain::{
    Discovery, DiscoveryState, EventKind, News, Permission, Result, Rule, Sample, check_days,
};
use serde_json::json;
use store::{Tx, discovery, message};

use crate::work::{Work, enqueue};
use crate::{Actor, Desk};

/// A discovery with the texts of its samples, as they are now.
#[derive(Clone, Debug, PartialEq)]
pub struct Discovered {
    /// The discovery.
    pub discovery: Discovery,
    /// What was said, by conversation and place; without what was taken back since.
    texts: HashMap<Sample, String>,
}

impl Discovered {
    /// Finds the text of a sample, unless it was taken back.
    pub fn text(&self, sample: &Sample) -> Option<&str> {
        self.texts.get(sample).map(String::as_str)
    }
}

impl Desk {
    /// Has what contacts asked about in the last `days` found. What was found before
    /// stays until then.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Denied`], [`domain::Error::Invalid`] and [`Rule::DiscoveryUnderWay`].
    pub async fn discover(&self, actor: &Actor, days: i16) -> Result<Discovered> {
        actor.needs(Permission::Train)?;
        let days = check_days(days)?;
        let (agent, now) = (actor.agent, self.now());
        let body = move |tx: Tx| async move {
            let before = discovery::find(&tx).await?;
            if before.as_ref().is_some_and(|one| one.state == DiscoveryState::Running) {
                return Err(Rule::DiscoveryUnderWay.into());
            }
            let begun = Discovery {
                findings: before.and_then(|before| before.findings),
                ..Discovery::begin(tx.id()?, days, agent, now)
            };
            discovery::save(&tx, &begun).await?;
            enqueue(&tx, &Work::Discover { discovery: begun.id }, now, now).await?;
            tx.record(updated(&begun), now);
            Ok(begun)
        };
        let begun = self.parts.store.write(actor.account, body).await?;
        self.parts.discovery_queued.notify_one();
        self.with_texts(actor, begun).await
    }

    /// Reads the last discovery, or the one under way; `None` if there was none yet.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Denied`] without [`Permission::Train`].
    pub async fn get_discovery(&self, actor: &Actor) -> Result<Option<Discovered>> {
        actor.needs(Permission::Train)?;
        match discovery::find(&self.read(actor.account)).await? {
            Some(found) => self.with_texts(actor, found).await.map(Some),
            None => Ok(None),
        }
    }

    async fn with_texts(&self, actor: &Actor, discovery: Discovery) -> Result<Discovered> {
        let intents = discovery.findings.iter().flat_map(|findings| &findings.intents);
        let samples = intents.flat_map(|intent| &intent.samples);
        let places: Vec<_> = samples.map(|sample| (sample.conversation, sample.seq)).collect();
        let said = message::find_many(&self.read(actor.account), places.into_iter()).await?;
        let said = said.into_iter().filter(|message| !message.retracted);
        let texts = said.map(|message| {
            (Sample { conversation: message.conversation, seq: message.seq }, message.text)
        });
        let texts = texts.collect();
        Ok(Discovered { discovery, texts })
    }
}

/// The news that a discovery began or ended.
pub(crate) fn updated(discovery: &Discovery) -> News {
    let news = News::about(EventKind::DiscoveryUpdated, discovery.id);
    news.with(json!({"state": discovery.state}))
}
