//! What agents say, and threads as agents see them.

use std::sync::Arc;

use domain::{
    Activity, Attachment, Conversation, Error, EventKind, Id, MESSAGE_CHARS_MAX, Message,
    MessageKind, News, Note, Owner, Permission, Result, Rule, Sender, SenderKind, Status,
    clean_text,
};
use store::{Tx, attachment, conversation, message, note};
use uuid::Uuid;

use crate::attachment::discard_of_message;
use crate::{Actor, Desk, MessageView, Sent, activity};

/// How many notes are shown between the messages of one page.
const NOTES_MAX: u64 = 500;

/// Something to say.
#[derive(Clone, Debug, Default)]
pub struct SendMessage {
    /// The sender's own name for it: the same name twice is one message.
    pub client_id: Uuid,
    /// The words.
    pub text: String,
    /// The value of the quick reply that was chosen.
    pub quick_reply: Option<String>,
    /// Files that were uploaded before.
    pub attachments: Vec<Id<Attachment>>,
}

/// An entry of a thread, as agents see it.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A message, which the contact sees as well.
    Message(MessageView),
    /// A note, with the name of its author.
    Note(Note, String),
}

/// A part of a thread, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// Messages, with the notes that stand between them.
    pub entries: Vec<Entry>,
    /// The `seq` before which there is more, if there is.
    pub before: Option<i64>,
}

impl Desk {
    /// Answers a contact. A conversation that nobody has becomes the agent's.
    ///
    /// # Errors
    ///
    /// - [`Error::NotFound`] if there is no such conversation.
    /// - [`Error::Invalid`] if it says nothing or too much.
    /// - [`Rule::ConversationResolved`], [`Rule::AttachmentUnusable`]
    pub async fn send_message(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        said: SendMessage,
    ) -> Result<Sent> {
        actor.needs(Permission::WriteConversations)?;
        let text = clean_text(&said.text, "/text", MESSAGE_CHARS_MAX)?;
        if text.is_empty() && said.attachments.is_empty() {
            return Err(Error::invalid("/text", "must not be empty"));
        }
        let (agent, name) = (actor.agent, actor.name.clone());
        let bot = self.parts.bots.get(actor.account);
        let now = self.now();
        let write = move |tx: Tx| async move {
            let mut found = get(&tx, id).await?;
            let names = [(id, said.client_id)].into_iter();
            if let Some(before) = message::find_sent(&tx, names).await?.pop() {
                return Ok(Sent {
                    id: before.id,
                    seq: before.seq,
                    contact: found.contact,
                    conversation: Arc::new(found),
                    added: Vec::new(),
                });
            }
            let assigned = found.answer(agent, now)?.is_some();
            let mut added = Vec::new();
            if assigned {
                let bot = bot.as_deref();
                let assigned = Activity::Assigned;
                added.push(activity::line(&tx, &mut found, bot, assigned, &name, now)?);
            }
            let message_id = tx.id()?;
            let seq = found.next_seq();
            found.said(&text, SenderKind::Agent, now);
            let owner = Owner::Agent(agent);
            let attachments = attachment::attach(&tx, &said.attachments, &owner, id, seq).await?;
            if attachments.len() != said.attachments.len() {
                return Err(Rule::AttachmentUnusable.into());
            }
            added.push(Message {
                id: message_id,
                conversation: id,
                seq,
                kind: MessageKind::Text,
                sender: Sender::agent(agent),
                text,
                quick_replies: Vec::new(),
                phrase: None,
                target_seq: None,
                retracted: false,
                client_id: Some(said.client_id),
                attachments,
                created_at: now,
            });
            let news = assigned.then(|| News::of(EventKind::ConversationAssigned, id));
            let (conversation, added) = save(&tx, found, added, news, now).await?;
            Ok(Sent { id: message_id, seq, contact: conversation.contact, conversation, added })
        };
        let sent = self.parts.store.write(actor.account, write).await?;
        metrics::counter!("attune_messages_accepted_total", "sender" => "agent").increment(1);
        Ok(sent)
    }

    /// Takes back a message that the agent sent: its words and files are gone,
    /// and everybody who saw it is told.
    ///
    /// # Errors
    ///
    /// - [`Error::NotFound`] if there is no such message in the conversation.
    /// - [`Rule::NotYourMessage`]
    pub async fn retract_message(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        message_id: Id<Message>,
    ) -> Result<()> {
        actor.needs(Permission::WriteConversations)?;
        let agent = actor.agent;
        let bot = self.parts.bots.get(actor.account);
        let now = self.now();
        let write = move |tx: Tx| async move {
            let mut found = get(&tx, id).await?;
            let target = message::find_by_id(&tx, message_id).await?;
            let target = target.filter(|target| target.conversation == id);
            let target = target.ok_or(Error::NotFound("message"))?;
            if target.sender != Sender::agent(agent) {
                return Err(Rule::NotYourMessage.into());
            }
            if target.retracted {
                return Ok(());
            }
            message::retract(&tx, id, target.seq).await?;
            discard_of_message(&tx, id, target.seq, now).await?;
            let bot = bot.as_deref();
            let mut line = activity::line(&tx, &mut found, bot, Activity::Retracted, "", now)?;
            line.target_seq = Some(target.seq);
            let news = News { subject: target.seq, ..News::of(EventKind::MessageRetracted, id) };
            let (found, _) = save(&tx, found, vec![line], None, now).await?;
            let text = String::new();
            let target =
                Message { text, phrase: None, retracted: true, attachments: Vec::new(), ..target };
            tx.tell(news, Some(found), Some(Arc::new(target)), now);
            Ok(())
        };
        self.parts.store.write(actor.account, write).await
    }

    /// Lists the last entries of a thread before `before`, or its very last.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such conversation.
    pub async fn thread(
        &self,
        actor: &Actor,
        id: Id<Conversation>,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Thread> {
        actor.needs(Permission::ReadConversations)?;
        let reader = self.read(actor.account);
        let found = get(&reader, id).await?;
        let messages = message::list_before(&reader, id, before.unwrap_or(i64::MAX), limit).await?;
        let first_seq = messages.first().map_or(0, |message| message.seq);
        // The notes of a page stand after its first message and before the next page.
        let from = if first_seq <= 1 { 0 } else { first_seq };
        let last_seq = before.map_or(i64::MAX, |before| before - 1);
        let notes = note::list_between(&reader, id, from, last_seq, NOTES_MAX).await?;
        let names = self.names(actor.account).await?;
        let messages = messages.into_iter().map(Arc::new);
        let views = self.view_thread(actor.account, &found, messages).await?;
        let mut entries: Vec<Entry> = views.into_iter().map(Entry::Message).collect();
        entries.extend(notes.into_iter().map(|note| {
            let name = names.agent(note.agent);
            Entry::Note(note, name)
        }));
        entries.sort_by_key(Entry::place);
        Ok(Thread { entries, before: (first_seq > 1).then_some(first_seq) })
    }

    /// Tells everybody who looks at a conversation that the agent is typing.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such conversation.
    pub async fn agent_types(&self, actor: &Actor, id: Id<Conversation>) -> Result<()> {
        actor.needs(Permission::WriteConversations)?;
        let found = get(&self.read(actor.account), id).await?;
        let name = Some(actor.name.as_str().into());
        let hint = crate::Hint::Typing { conversation: id, kind: SenderKind::Agent, name };
        if found.status != Status::Resolved {
            self.parts.hub.pass(actor.account, found.contact, &hint);
        }
        Ok(())
    }
}

impl Entry {
    /// Where an entry stands: a note after the message that it followed.
    fn place(&self) -> (i64, i64) {
        match self {
            Entry::Message(view) => (view.message.seq, 0),
            Entry::Note(note, _) => (note.after_seq, note.id.number()),
        }
    }
}

/// Finds a conversation that must exist.
pub(crate) async fn get(reader: &store::Reader, id: Id<Conversation>) -> Result<Conversation> {
    conversation::find(reader, id).await?.ok_or(Error::NotFound("conversation"))
}

/// Saves a conversation with what was added to its thread, and tells of both.
pub(crate) async fn save(
    tx: &Tx,
    mut conversation: Conversation,
    added: Vec<Message>,
    news: impl IntoIterator<Item = News>,
    now: jiff::Timestamp,
) -> Result<(Arc<Conversation>, Vec<Arc<Message>>)> {
    conversation::save(tx, &mut conversation).await?;
    message::keep_phrases(tx, activity::phrases(&added).iter()).await?;
    message::insert_many(tx, &added).await?;
    let conversation = Arc::new(conversation);
    for news in news {
        tx.tell(news, Some(conversation.clone()), None, now);
    }
    let added: Vec<Arc<Message>> = added.into_iter().map(Arc::new).collect();
    for message in &added {
        let news = News::message(conversation.id, message.seq);
        tx.tell(news, Some(conversation.clone()), Some(message.clone()), now);
    }
    Ok((conversation, added))
}
