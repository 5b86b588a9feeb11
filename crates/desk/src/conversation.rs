//! Use cases on conversations.

use std::sync::Arc;

use domain::{
    Activity, Agent, AgentStatus, Change, Contact, Conversation, Error, EventKind, Id, Inbox, News,
    Permission, Priority, Result, Rule, Status, Tag, Team,
};
use jiff::Timestamp;
use store::conversation::{Filter, Place};
use store::{Tx, conversation, tag};
use uuid::Uuid;

use crate::message::{get, save};
use crate::{Actor, ConversationView, Desk, activity, note};

/// How many tags a conversation may carry.
const TAGS_MAX: usize = 20;
/// Up to which number conversations are counted.
const COUNT_MAX: u64 = 1_000;

/// Which conversations to list, those that last rose to the top first.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListConversations {
    /// Only those in this state.
    pub status: Option<Status>,
    /// Only those of this agent, or of nobody.
    pub assignee: Option<Option<Id<Agent>>>,
    /// Only those of this team.
    pub team: Option<Id<Team>>,
    /// Only those of this inbox.
    pub inbox: Option<Id<Inbox>>,
    /// Only those of this contact.
    pub contact: Option<Id<Contact>>,
    /// From after this place on: when it was listed, and which it is.
    pub after: Option<(Timestamp, Id<Conversation>)>,
    /// At most this many.
    pub limit: u64,
}

/// How many conversations there are, counted up to a thousand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Counts {
    /// Open and the actor's.
    pub mine: u64,
    /// Open and nobody's.
    pub unassigned: u64,
    /// Open.
    pub open: u64,
    /// The bot's.
    pub bot: u64,
    /// Resting.
    pub snoozed: u64,
    /// Done.
    pub resolved: u64,
}

/// What is to be said in the thread about a change: what it was, and the name in
/// it, if there is one.
struct Line(Activity, String);

/// To whom a conversation goes.
struct Receiver {
    agent: Option<Id<Agent>>,
    /// A team or none; `None` leaves it where it is.
    team: Option<Option<Id<Team>>>,
}

impl Desk {
    /// Lists conversations.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::ReadConversations`].
    pub async fn list_conversations(
        &self,
        actor: &Actor,
        wanted: ListConversations,
    ) -> Result<Vec<ConversationView>> {
        actor.needs(Permission::ReadConversations)?;
        let filter = Filter {
            status: wanted.status,
            assignee: wanted.assignee,
            team: wanted.team,
            inbox: wanted.inbox,
            contact: wanted.contact,
        };
        let after = wanted.after.map(|(listed_at, id)| Place { listed_at, id });
        let found =
            conversation::list(&self.read(actor.account), filter, after, wanted.limit).await?;
        self.view(actor.account, found.into_iter().map(Arc::new).collect()).await
    }

    /// Counts the conversations in the views of the desk.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::ReadConversations`].
    pub async fn count_conversations(&self, actor: &Actor) -> Result<Counts> {
        actor.needs(Permission::ReadConversations)?;
        let reader = self.read(actor.account);
        let count = async |status: Status, assignee: Option<Option<Id<Agent>>>| {
            let filter = Filter { status: Some(status), assignee, ..Filter::default() };
            conversation::count(&reader, filter, COUNT_MAX).await
        };
        Ok(Counts {
            mine: count(Status::Open, Some(Some(actor.agent))).await?,
            unassigned: count(Status::Open, Some(None)).await?,
            open: count(Status::Open, None).await?,
            bot: count(Status::Bot, None).await?,
            snoozed: count(Status::Snoozed, None).await?,
            resolved: count(Status::Resolved, None).await?,
        })
    }

    /// Gets a conversation.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn get_conversation(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
    ) -> Result<ConversationView> {
        actor.needs(Permission::ReadConversations)?;
        let found = get(&self.read(actor.account), id).await?;
        self.view_one(actor, Arc::new(found)).await
    }

    /// Gives a conversation to an agent, or to nobody.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Rule::ConversationResolved`], [`Rule::AgentDeactivated`]
    pub async fn assign_conversation(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        agent: Option<Id<Agent>>,
    ) -> Result<ConversationView> {
        self.hand_over(actor, id, Receiver { agent, team: None }, None).await
    }

    /// Gives a conversation to an agent, a team, or both: the team's work, done
    /// by the agent. A note for whoever takes it is written in the same breath.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Rule::ConversationResolved`],
    /// [`Rule::AgentDeactivated`]; [`Error::Invalid`] if the note says too much.
    pub async fn transfer_conversation(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        agent: Option<Id<Agent>>,
        team: Option<Id<Team>>,
        note: Option<&str>,
    ) -> Result<ConversationView> {
        let note = note.filter(|text| !text.trim().is_empty());
        let note = note.map(|text| note::said(text, "/note")).transpose()?;
        self.hand_over(actor, id, Receiver { agent, team: Some(team) }, note).await
    }

    /// Lets a conversation rest until a time, or until the next message.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Rule::ConversationResolved`]; [`Error::Invalid`] if
    /// the time is past.
    pub async fn snooze_conversation(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        until: Option<Timestamp>,
    ) -> Result<ConversationView> {
        let now = self.now();
        if until.is_some_and(|until| until <= now) {
            return Err(Error::invalid("/until", "must be in the future"));
        }
        self.change(actor, id, move |conversation| {
            Ok(conversation.snooze(until, now)?.map(|change| (change, None)))
        })
        .await
    }

    /// Marks the work as done.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]
    pub async fn resolve_conversation(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
    ) -> Result<ConversationView> {
        let now = self.now();
        self.change(actor, id, move |conversation| {
            let line = Line(Activity::Resolved, String::new());
            Ok(conversation.resolve(now).map(|change| (change, Some(line))))
        })
        .await
    }

    /// Takes up a resolved conversation again, or gives one back to the bot.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Rule::NoBot`] if there is no bot to give it to.
    pub async fn reopen_conversation(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        to_bot: bool,
    ) -> Result<ConversationView> {
        if to_bot && self.parts.bots.get(actor.account).is_none() {
            return Err(Rule::NoBot.into());
        }
        let now = self.now();
        let agent = actor.agent;
        self.change(actor, id, move |conversation| {
            let Some(change) = conversation.reopen(to_bot, now) else { return Ok(None) };
            if !to_bot {
                conversation.assign(Some(agent), now)?;
            }
            Ok(Some((change, Some(Line(Activity::Reopened, String::new())))))
        })
        .await
    }

    /// Says how pressing a conversation is.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]
    pub async fn prioritise_conversation(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        priority: Priority,
    ) -> Result<ConversationView> {
        self.change(actor, id, move |conversation| {
            Ok(conversation.prioritise(priority).map(|change| (change, None)))
        })
        .await
    }

    /// Replaces the tags of a conversation.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::Invalid`] for a tag that does not exist.
    pub async fn tag_conversation(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        tags: Vec<Id<Tag>>,
    ) -> Result<ConversationView> {
        actor.needs(Permission::WriteConversations)?;
        if tags.len() > TAGS_MAX {
            return Err(Error::invalid(
                "/tags",
                format!("at most {TAGS_MAX} tags fit a conversation"),
            ));
        }
        let now = self.now();
        let write = move |tx: Tx| async move {
            let found = Arc::new(get(&tx, id).await?);
            for (i, &wanted) in tags.iter().enumerate() {
                if tag::find(&tx, wanted).await?.is_none() {
                    return Err(Error::invalid(format!("/tags/{i}"), "no such tag"));
                }
            }
            tag::set(&tx, id, &tags).await?;
            tx.tell(News::of(EventKind::ConversationTagged, id), Some(found.clone()), None, now);
            Ok(found)
        };
        let found = self.parts.store.write(actor.account, write).await?;
        self.view_one(actor, found).await
    }

    async fn hand_over(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        receiver: Receiver,
        note: Option<String>,
    ) -> Result<ConversationView> {
        let Receiver { agent, team } = receiver;
        actor.needs(Permission::WriteConversations)?;
        let reader = self.read(actor.account);
        let name = match agent {
            Some(agent) => {
                let found = store::agent::find(&reader, agent).await?;
                let found = found.ok_or_else(|| Error::invalid("/agent_id", "no such agent"))?;
                if found.status == AgentStatus::Deactivated {
                    return Err(Rule::AgentDeactivated.into());
                }
                found.name
            }
            None => String::new(),
        };
        if let Some(Some(team)) = team
            && store::team::find(&reader, team).await?.is_none()
        {
            return Err(Error::invalid("/team_id", "no such team"));
        }
        let now = self.now();
        self.change_and_note(actor, id, note, move |conversation| {
            let assigned = conversation.assign(agent, now)?;
            let line = assigned.filter(|_| agent.is_some()).map(|_| Line(Activity::Assigned, name));
            let moved = match team {
                Some(team) => conversation.transfer(team, now)?,
                None => None,
            };
            Ok(assigned.or(moved).map(|change| (change, line)))
        })
        .await
    }

    /// As [`Desk::change_and_note`], without a note.
    async fn change<F>(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        decide: F,
    ) -> Result<ConversationView>
    where
        F: FnOnce(&mut Conversation) -> Result<Option<(Change, Option<Line>)>> + Send + 'static,
    {
        self.change_and_note(actor, id, None, decide).await
    }

    /// Loads a conversation, lets `decide` change it, saves it, tells of the
    /// change if there was one, and writes the note if there is one.
    async fn change_and_note<F>(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        note: Option<String>,
        decide: F,
    ) -> Result<ConversationView>
    where
        F: FnOnce(&mut Conversation) -> Result<Option<(Change, Option<Line>)>> + Send + 'static,
    {
        actor.needs(Permission::WriteConversations)?;
        let bot = self.parts.bots.get(actor.account);
        let agent = actor.agent;
        let now = self.now();
        let write = move |tx: Tx| async move {
            let mut found = get(&tx, id).await?;
            let changed = match decide(&mut found)? {
                None => Arc::new(found),
                Some((change, line)) => {
                    let say = |Line(activity, value): Line| {
                        activity::line(&tx, &mut found, bot.as_deref(), activity, &value, now)
                    };
                    let added = line.map(say).transpose()?.into_iter().collect();
                    let by = serde_json::json!({ "agent_id": agent });
                    let news = News::of(event_of(change), id).with(by);
                    save(&tx, found, added, [news], now).await?.0
                }
            };
            if let Some(text) = note {
                note::add(&tx, changed.clone(), agent, Uuid::new_v4(), text, now).await?;
            }
            Ok(changed)
        };
        let found = self.parts.store.write(actor.account, write).await?;
        self.view_one(actor, found).await
    }

    async fn view_one(&self, actor: &Actor, found: Arc<Conversation>) -> Result<ConversationView> {
        let view = self.view(actor.account, vec![found]).await?.pop();
        view.ok_or_else(|| Error::internal("a view was lost"))
    }
}

/// The event that tells of a change.
pub(crate) fn event_of(change: Change) -> EventKind {
    match change {
        Change::Assigned => EventKind::ConversationAssigned,
        Change::HandedOff => EventKind::ConversationHandedOff,
        Change::Resolved => EventKind::ConversationResolved,
        Change::Reopened => EventKind::ConversationReopened,
        Change::Snoozed => EventKind::ConversationSnoozed,
        Change::Prioritised => EventKind::ConversationPrioritised,
    }
}
