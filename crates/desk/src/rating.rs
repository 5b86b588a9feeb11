//! Ratings: contacts give them, supervisors read them.

use domain::{Activity, Error, EventKind, News, Permission, Rating, Result};
use jiff::Timestamp;
use store::{Tx, rating};
use uuid::Uuid;

use crate::message::{get, save};
use crate::{Actor, Desk, Guest, activity};

impl Desk {
    /// Takes a guest's verdict on the resolved conversation.
    ///
    /// # Errors
    ///
    /// - [`Error::Invalid`] if the score is not 1 to 5.
    /// - [`domain::Rule::RatingTooEarly`] unless the conversation is resolved.
    pub async fn rate_as_guest(
        &self,
        guest: &Guest,
        client_id: Uuid,
        score: i64,
        comment: &str,
    ) -> Result<Rating> {
        let id = guest.conversation.ok_or(Error::NotFound("conversation"))?;
        let now = self.now();
        let given = Rating::parse(id, score, comment, now)?;
        let bot = self.parts.bots.get(guest.account);
        let write = move |tx: Tx| async move {
            let mut found = get(&tx, id).await?;
            found.rate(given.score)?;
            if !rating::insert(&tx, &given, client_id).await? {
                return Ok(given);
            }
            let score = given.score.to_string();
            let bot = bot.as_deref();
            let line = activity::line(&tx, &mut found, bot, Activity::Rated, &score, now)?;
            let news = News::of(EventKind::ConversationRated, id);
            save(&tx, found, vec![line], [news], now).await?;
            Ok(given)
        };
        self.parts.store.write(guest.account, write).await
    }

    /// Lists ratings, newest first, from before a time on.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Supervise`].
    pub async fn list_ratings(
        &self,
        actor: &Actor,
        before: Option<Timestamp>,
        limit: u64,
    ) -> Result<Vec<Rating>> {
        actor.needs(Permission::Supervise)?;
        rating::list(&self.read(actor.account), before, limit).await
    }
}
