//! The review queue: trainers decide what contacts meant. What they accept or
//! correct becomes an example; nothing else does.
//!
//! The queue is filled by [`crate::learner`], and by whoever reports a message.

use domain::{
    Conversation, Decision, Error, EventKind, Id, Language, MessageKind, News, Permission, Result,
    ReviewItem, ReviewReason, ReviewState, SenderKind, clean_line,
};
use serde_json::json;
use store::{Tx, message, review};

use crate::check::Fields;
use crate::example::INTENT_CHARS_MAX;
use crate::learner::{self, Heard};
use crate::{Actor, Desk};

/// How many items a page has at most.
const PAGE_SIZE_MAX: u64 = 101;

const NOT_FOUND: Error = Error::NotFound("review item");

/// Which items of the queue to list.
#[derive(Clone, Debug)]
pub struct ListReviews {
    /// In this state.
    pub state: ReviewState,
    /// Only those for this reason.
    pub reason: Option<ReviewReason>,
    /// Only those in this language.
    pub language: Option<Language>,
    /// Only those that the bot took for this intent.
    pub predicted: Option<String>,
}

impl Desk {
    /// Lists the review queue, the most useful first, from behind an item on.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Train`].
    pub async fn list_reviews(
        &self,
        actor: &Actor,
        which: ListReviews,
        after: Option<(i64, Id<ReviewItem>)>,
        limit: u64,
    ) -> Result<Vec<ReviewItem>> {
        actor.needs(Permission::Train)?;
        let ListReviews { state, reason, language, predicted } = which;
        let filter = review::Filter { state, reason, language, predicted };
        let after = after.map(|(usefulness, id)| review::Place { usefulness, id });
        review::list(&self.read(actor.account), &filter, after, limit.min(PAGE_SIZE_MAX)).await
    }

    /// Counts what waits for a decision.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Train`].
    pub async fn count_open_reviews(&self, actor: &Actor) -> Result<i64> {
        actor.needs(Permission::Train)?;
        review::count_open(&self.read(actor.account)).await
    }

    /// Reports that the bot misunderstood a contact's message, and what it meant if
    /// that is known. Everybody who reads conversations may.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::NotFound`] if no contact said this;
    /// [`Error::Invalid`] if it cannot be learned from.
    pub async fn report_message(
        &self,
        actor: &Actor,
        conversation: Id<Conversation>,
        seq: i64,
        intent: Option<&str>,
    ) -> Result<ReviewItem> {
        actor.needs(Permission::ReadConversations)?;
        let mut fields = Fields::default();
        let line = |intent: &str| clean_line(intent, "/intent", INTENT_CHARS_MAX);
        let suggested = intent.map(|intent| fields.take(line(intent)));
        fields.done()?;
        let found = message::find(&self.read(actor.account), conversation, seq).await?;
        let said = found
            .filter(|message| {
                message.sender.kind == SenderKind::Contact
                    && message.kind == MessageKind::Text
                    && !message.retracted
            })
            .ok_or(Error::NotFound("message"))?;
        let bot = self.bot_in_use(actor.account).await.unwrap_or(None);
        let heard = Heard { reason: ReviewReason::Corrected, suggested, message: said };
        let detail = "has nothing in it that could be learned";
        let draft = learner::draft(self, bot.as_deref(), heard)
            .await
            .ok_or_else(|| Error::invalid("/seq", detail))?;
        let hash = draft.text_hash.clone();
        let body = move |tx: Tx| async move {
            learner::note(&tx, vec![draft]).await?;
            review::find_by_texts(&tx, [hash]).await?.pop().ok_or(NOT_FOUND)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Decides what an item means. What is accepted or corrected is added to the
    /// examples of its intent; repeated, the decision changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`]; [`Error::Stale`] if somebody decided
    /// otherwise; and those of [`Desk::add_example`].
    pub async fn decide_review(
        &self,
        actor: &Actor,
        id: Id<ReviewItem>,
        decision: Decision,
        language: Option<Language>,
    ) -> Result<ReviewItem> {
        actor.needs(Permission::Train)?;
        let account = actor.account;
        let found = review::find(&self.read(account), id).await?.ok_or(NOT_FOUND)?;
        // Held until the decision is durable: two who decide at once do so one after
        // the other, and only the first adds an example.
        let mut bench = self.open_bench(account).await?;
        let found = review::find(&self.read(account), found.id).await?.ok_or(NOT_FOUND)?;
        let mut decided = found.clone();
        let now = self.now();
        if decided.decide(&decision, actor.agent, now)?.is_none() {
            return Ok(decided);
        }
        let mut added = None;
        if let Some(intent) = decided.decided_intent.clone() {
            let intent = clean_line(&intent, "/intent", INTENT_CHARS_MAX)?;
            let text = clean_line(&found.text, "/text", nlu::data::EXAMPLE_CHARS_MAX)?;
            let (example, is_new, kept) =
                bench.add(intent, language.unwrap_or(found.language), text).await?;
            (added, bench) = (is_new.then_some(example.id), kept);
        }
        let agent = actor.agent;
        let body = move |tx: Tx| async move {
            let mut item = review::find(&tx, id).await?.ok_or(NOT_FOUND)?;
            if item.decide(&decision, agent, now)?.is_some() {
                review::save_many(&tx, std::slice::from_ref(&item)).await?;
                let data = json!({"state": item.state});
                tx.record(News::about(EventKind::ReviewDecided, id).with(data), now);
                if let Some(example) = added {
                    tx.record(News::about(EventKind::ExampleUpdated, example), now);
                }
            }
            Ok(item)
        };
        let saved = self.parts.store.write(account, body).await;
        drop(bench);
        saved
    }
}
