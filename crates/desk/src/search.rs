//! Searching what was said.
//!
//! The index is kept by [`crate::indexer`], a moment behind the conversations.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{Conversation, Error, Id, Message, Permission, Result, clean_text};
use store::{conversation, message, search};

use crate::{Actor, ConversationView, Desk, MessageView};

/// How long a query may be, in characters.
const QUERY_CHARS_MAX: usize = 200;
/// How many messages a page has at most.
const PAGE_SIZE_MAX: u64 = 100;

/// A message that was found, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The message.
    pub message: MessageView,
    /// Its conversation.
    pub conversation: ConversationView,
}

impl Desk {
    /// Finds messages of contacts and agents that contain every word of `query`,
    /// newest first: those before `before`, or from the newest on; 100 at most.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::ReadConversations`];
    /// [`Error::Invalid`] if the query is longer than 200 characters.
    pub async fn search_messages(
        &self,
        actor: &Actor,
        query: &str,
        before: Option<Id<Message>>,
        limit: u64,
    ) -> Result<Vec<Found>> {
        actor.needs(Permission::ReadConversations)?;
        let query = clean_text(query, "/q", QUERY_CHARS_MAX)?;
        // The first Chinese text of a process loads the dictionary.
        let words = tokio::task::spawn_blocking(move || nlu::text::search_tokens(&query));
        let words = words.await.map_err(Error::internal)?;
        let reader = self.read(actor.account);
        let hits = search::find(&reader, &words, before, limit.min(PAGE_SIZE_MAX)).await?;

        let places: Vec<_> = hits.iter().map(|hit| (hit.conversation, hit.seq)).collect();
        let messages = message::find_many(&reader, places.into_iter()).await?;
        let mut messages: HashMap<Id<Message>, Arc<Message>> =
            messages.into_iter().map(|message| (message.id, Arc::new(message))).collect();
        let mut threads: Vec<Id<Conversation>> = hits.iter().map(|hit| hit.conversation).collect();
        threads.sort_unstable();
        threads.dedup();
        let threads = conversation::find_many(&reader, threads).await?;
        let views = self.view(actor.account, threads.into_iter().map(Arc::new).collect()).await?;
        let views: HashMap<Id<Conversation>, ConversationView> =
            views.into_iter().map(|view| (view.conversation.id, view)).collect();

        let mut found = Vec::with_capacity(hits.len());
        for hit in hits {
            let (Some(message), Some(view)) =
                (messages.remove(&hit.message), views.get(&hit.conversation))
            else {
                continue;
            };
            let message = self.view_message(actor.account, &view.conversation, message).await?;
            found.push(Found { message, conversation: view.clone() });
        }
        Ok(found)
    }
}
