//! Discoveries: having what contacts ask about found in what they said, or in a table of past
//! conversations from elsewhere, and reading it.
//!
//! The looking is done by [`crate::explorer`]; nothing of what it finds becomes an example by
//! itself.

pub(crate) mod past;

use std::collections::HashMap;

use bytes::Bytes;
use domain::{
    Discovery, DiscoveryState, Error, EventKind, News, Permission, Result, Rule, Sample, check_days,
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
    pub fn text<'a>(&'a self, sample: &'a Sample) -> Option<&'a str> {
        match sample {
            Sample::Said { .. } => self.texts.get(sample).map(String::as_str),
            Sample::Past { text } => Some(text),
        }
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
        self.begin_discovery(actor, Some(days), None).await
    }

    /// Has what customers asked about in past conversations found: in a table (CSV) with a
    /// line for each message. What was found before stays until then.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Denied`], [`domain::Error::Invalid`] with the lines that are wrong, and
    /// [`Rule::DiscoveryUnderWay`].
    pub async fn discover_past(&self, actor: &Actor, table: Bytes) -> Result<Discovered> {
        actor.needs(Permission::Train)?;
        let reading = tokio::task::spawn_blocking(move || past::read(&table));
        let kept = reading.await.map_err(Error::internal)??;
        self.begin_discovery(actor, None, Some(kept)).await
    }

    async fn begin_discovery(
        &self,
        actor: &Actor,
        days: Option<i16>,
        past: Option<String>,
    ) -> Result<Discovered> {
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
            discovery::keep_past(&tx, past).await?;
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
        let places = samples.filter_map(|sample| match sample {
            Sample::Said { conversation, seq } => Some((*conversation, *seq)),
            Sample::Past { .. } => None,
        });
        let places: Vec<_> = places.collect();
        let said = message::find_many(&self.read(actor.account), places.into_iter()).await?;
        let said = said.into_iter().filter(|message| !message.retracted);
        let texts = said.map(|message| {
            let (conversation, seq) = (message.conversation, message.seq);
            (Sample::Said { conversation, seq }, message.text)
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
