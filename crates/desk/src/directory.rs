//! Names: what the things that conversations refer to are called.
//!
//! Agents, teams and inboxes are few and change seldom, so their names are kept
//! for a second. Contacts and tags are read for a whole page at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dashmap::DashMap;
use domain::{
    Account, Agent, Contact, Conversation, Event, EventKind, Id, Inbox, Message, Note, Rating,
    Result, Sender, SenderKind, Tag, Team,
};
use store::{Committed, agent, contact, inbox, note, rating, tag, team};

use crate::Desk;
use crate::activity::spoken;

/// How long names are kept.
const NAMES_KEPT: Duration = Duration::from_secs(1);

/// A conversation with the names of all that it refers to.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationView {
    /// The conversation.
    pub conversation: Arc<Conversation>,
    /// What its inbox is called.
    pub inbox_name: String,
    /// Who asks.
    pub contact: Option<Contact>,
    /// What its assignee is called.
    pub assignee_name: Option<String>,
    /// What its team is called.
    pub team_name: Option<String>,
    /// Its labels, by name.
    pub tags: Vec<Tag>,
}

/// A message with the name of its sender.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageView {
    /// The message.
    pub message: Arc<Message>,
    /// What its sender is called, if anything.
    pub sender_name: Option<String>,
}

/// An event with all that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct EventView {
    /// The event.
    pub event: Event,
    /// The conversation that it happened to.
    pub conversation: Option<ConversationView>,
    /// The message that it is about.
    pub message: Option<MessageView>,
    /// The note that it is about, with the name of its author.
    pub note: Option<(Note, String)>,
}

/// What the few things of an account are called.
#[derive(Debug, Default)]
pub(crate) struct Names {
    agents: HashMap<Id<Agent>, String>,
    teams: HashMap<Id<Team>, String>,
    inboxes: HashMap<Id<Inbox>, String>,
}

/// The names that are kept.
pub(crate) type Directories = DashMap<Id<Account>, (Instant, Arc<Names>)>;

impl Names {
    /// What an agent is called; empty if there is none.
    pub(crate) fn agent(&self, id: Id<Agent>) -> String {
        self.agents.get(&id).cloned().unwrap_or_default()
    }
}

impl Desk {
    /// Reads the names of an account, or takes those that were just read.
    pub(crate) async fn names(&self, account: Id<Account>) -> Result<Arc<Names>> {
        if let Some(kept) = self.parts.directories.get(&account)
            && kept.0.elapsed() < NAMES_KEPT
        {
            return Ok(kept.1.clone());
        }
        let reader = self.read(account);
        let names = Names {
            agents: agent::list(&reader)
                .await?
                .into_iter()
                .map(|found| (found.id, found.name))
                .collect(),
            teams: team::list(&reader)
                .await?
                .into_iter()
                .map(|found| (found.id, found.name))
                .collect(),
            inboxes: inbox::list(&reader)
                .await?
                .into_iter()
                .map(|found| (found.id, found.name))
                .collect(),
        };
        let names = Arc::new(names);
        self.parts.directories.insert(account, (Instant::now(), names.clone()));
        Ok(names)
    }

    /// What an agent is called; `None` if there is no such agent.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the database cannot be read.
    pub async fn agent_name(
        &self,
        account: Id<Account>,
        agent: Id<Agent>,
    ) -> Result<Option<String>> {
        let name = self.names(account).await?.agent(agent);
        Ok(Some(name).filter(|name| !name.is_empty()))
    }

    /// Adds the names to conversations, in their order.
    pub(crate) async fn view(
        &self,
        account: Id<Account>,
        conversations: Vec<Arc<Conversation>>,
    ) -> Result<Vec<ConversationView>> {
        let reader = self.read(account);
        let names = self.names(account).await?;
        // Lists, not iterators: a future that holds a borrowing closure cannot move
        // between threads.
        let ids: Vec<Id<Contact>> = conversations.iter().map(|found| found.contact).collect();
        let contacts = contact::find_many(&reader, ids).await?;
        let contacts: HashMap<Id<Contact>, Contact> =
            contacts.into_iter().map(|contact| (contact.id, contact)).collect();
        let mut tags: HashMap<Id<Conversation>, Vec<Tag>> = HashMap::new();
        let ids: Vec<Id<Conversation>> = conversations.iter().map(|found| found.id).collect();
        for (conversation, tag) in tag::list_of_conversations(&reader, ids).await? {
            tags.entry(conversation).or_default().push(tag);
        }
        let views = conversations.into_iter().map(|conversation| ConversationView {
            inbox_name: names.inboxes.get(&conversation.inbox).cloned().unwrap_or_default(),
            contact: contacts.get(&conversation.contact).cloned(),
            assignee_name: conversation.assignee.and_then(|id| names.agents.get(&id).cloned()),
            team_name: conversation.team.and_then(|id| names.teams.get(&id).cloned()),
            tags: tags.get(&conversation.id).cloned().unwrap_or_default(),
            conversation,
        });
        Ok(views.collect())
    }

    /// Adds the sender's name to a message. A contact's own name is told only to
    /// agents, who have it from the conversation.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the database cannot be read.
    pub async fn view_message(
        &self,
        account: Id<Account>,
        conversation: &Conversation,
        message: Arc<Message>,
    ) -> Result<MessageView> {
        let names = match message.sender.kind {
            SenderKind::Agent => Some(self.names(account).await?),
            _ => None,
        };
        let sender_name = self.sender_name(account, names.as_deref(), conversation, message.sender);
        Ok(MessageView { message, sender_name })
    }

    /// What a sender is called.
    pub(crate) fn sender_name(
        &self,
        account: Id<Account>,
        names: Option<&Names>,
        conversation: &Conversation,
        sender: Sender,
    ) -> Option<String> {
        match sender.kind {
            SenderKind::Agent => {
                let name = names.map(|names| names.agent(Id::new(sender.id.unwrap_or_default())));
                name.filter(|name| !name.is_empty())
            }
            SenderKind::Bot => {
                let bot = self.parts.bots.get(account)?;
                let language = spoken(conversation.language);
                bot.script.name.get(language).map(str::to_owned)
            }
            SenderKind::Contact | SenderKind::System => None,
        }
    }

    /// Adds all that events are about, with names, for agents.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the database cannot be read.
    pub async fn view_events(
        &self,
        account: Id<Account>,
        events: Vec<Committed>,
    ) -> Result<Vec<EventView>> {
        let mut conversations: Vec<Arc<Conversation>> =
            events.iter().filter_map(|told| told.conversation.clone()).collect();
        // Of several states of one conversation each event shows its own.
        conversations.dedup_by(|a, b| Arc::ptr_eq(a, b));
        let views = self.view(account, conversations).await?;
        let names = self.names(account).await?;
        let reader = self.read(account);
        let mut viewed = Vec::with_capacity(events.len());
        for Committed { event, conversation, message } in events {
            let view = conversation.as_ref().and_then(|wanted| {
                views.iter().find(|view| Arc::ptr_eq(&view.conversation, wanted))
            });
            let message = message.zip(conversation.as_deref()).map(|(message, conversation)| {
                let sender_name =
                    self.sender_name(account, Some(&names), conversation, message.sender);
                MessageView { message, sender_name }
            });
            let note = match (event.kind, event.conversation) {
                (EventKind::NoteCreated, Some(conversation)) => {
                    let found = note::find(&reader, conversation, Id::new(event.subject)).await?;
                    found.map(|note| {
                        let name = names.agent(note.agent);
                        (note, name)
                    })
                }
                _ => None,
            };
            viewed.push(EventView { event, conversation: view.cloned(), message, note });
        }
        Ok(viewed)
    }

    /// Reads an account's events after `cursor`, with all that they are about.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the database cannot be read.
    pub async fn events_after(
        &self,
        account: Id<Account>,
        cursor: i64,
        limit: u64,
    ) -> Result<Vec<EventView>> {
        let events = crate::feed::read_after(&self.parts.store, account, cursor, limit).await?;
        self.view_events(account, events).await
    }

    /// Reads how far an account's log has come.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the database cannot be read.
    pub async fn last_cursor(&self, account: Id<Account>) -> Result<i64> {
        store::account::cursor(&self.read(account)).await
    }

    /// Finds the contact's last verdict on a conversation.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the database cannot be read.
    pub async fn last_rating(
        &self,
        account: Id<Account>,
        conversation: Id<Conversation>,
    ) -> Result<Option<Rating>> {
        rating::find_last(&self.read(account), conversation).await
    }
}
