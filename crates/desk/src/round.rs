//! A round of the intake: the messages of one account that became one transaction.
//!
//! A contact's message, the bot's answer to it, the conversation's new state and
//! the events of all three are one commit, so no crash can separate a question
//! from its answer. A few statements read what all messages concern, and a few
//! write what came of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dashmap::DashSet;
use domain::{
    Account, Attachment, Contact, Conversation, EventKind, Id, Inbox, Message, MessageKind, News,
    Owner, Result, Rule, Sender, Visitor, is_in_share,
};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, attachment, contact, conversation, message, visitor};
use uuid::Uuid;

use crate::bot::Bot;
use crate::incoming::{Incoming, MESSAGES, Sent};
use crate::{activity, mood, turn};

/// How many phrases are remembered to be stored.
const PHRASES_MAX: usize = 100_000;

/// The phrases of each account that are known to be stored, and need not be
/// offered to the database again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phrases(Arc<DashSet<(Id<Account>, i64)>>);

impl Phrases {
    /// Remembers phrases that a commit has stored.
    pub(crate) fn remember(&self, account: Id<Account>, phrases: Vec<i64>) {
        if self.0.len() < PHRASES_MAX {
            for phrase in phrases {
                self.0.insert((account, phrase));
            }
        }
    }

    fn contain(&self, account: Id<Account>, phrase: i64) -> bool {
        self.0.contains(&(account, phrase))
    }
}

/// Takes the messages of one account in one transaction. Returns what came of
/// each, and the phrases that are stored once this is committed.
pub(crate) async fn take(
    tx: Tx,
    incomings: Vec<Incoming>,
    bot: Option<Arc<Bot>>,
    stored: Phrases,
    now: Timestamp,
) -> Result<(Vec<Result<Sent>>, Vec<i64>)> {
    let mut round = Round::load(&tx, &incomings, now).await?;
    let mut results = Vec::with_capacity(incomings.len());
    for incoming in incomings {
        results.push(round.take(&tx, incoming, bot.as_deref()).await);
    }
    let phrases = round.save(&tx, &stored).await?;
    let sent = results.into_iter().map(|taken| taken.map(|taken| round.sent(taken)));
    Ok((sent.collect(), phrases))
}

/// What one transaction works on.
struct Round {
    now: Timestamp,
    contacts: HashMap<[u8; 32], Id<Contact>>,
    /// The thread of each contact in each inbox.
    threads: HashMap<(Id<Contact>, Id<Inbox>), Id<Conversation>>,
    conversations: HashMap<Id<Conversation>, Conversation>,
    sent: HashMap<(Id<Conversation>, Uuid), (Id<Message>, i64)>,
    new_contacts: Vec<Contact>,
    new_visitors: Vec<Visitor>,
    messages: Vec<Message>,
    news: Vec<News>,
    saved: HashMap<Id<Conversation>, Arc<Conversation>>,
    told: Vec<Arc<Message>>,
}

/// A message that was taken, before the commit.
struct Taken {
    id: Id<Message>,
    seq: i64,
    contact: Id<Contact>,
    conversation: Id<Conversation>,
    /// Which of the round's messages came of it.
    added: std::ops::Range<usize>,
}

impl Round {
    /// Reads what the messages concern: a statement for each kind of thing.
    async fn load(tx: &Tx, incomings: &[Incoming], now: Timestamp) -> Result<Self> {
        let mut contacts = HashMap::new();
        let unknown = incomings.iter().filter(|incoming| incoming.contact.is_none());
        let hashes: HashSet<Vec<u8>> =
            unknown.map(|incoming| incoming.token_hash.to_vec()).collect();
        for found in visitor::find_many(tx, hashes).await? {
            if let Ok(hash) = <[u8; 32]>::try_from(found.token_hash.as_slice()) {
                contacts.insert(hash, found.contact);
            }
        }
        let known = incomings.iter().filter_map(|incoming| incoming.conversation);
        let mut loaded = conversation::find_many(tx, distinct(known)).await?;
        let mut without: HashMap<Id<Inbox>, Vec<Id<Contact>>> = HashMap::new();
        for incoming in incomings.iter().filter(|incoming| incoming.conversation.is_none()) {
            let contact = incoming.contact.or_else(|| contacts.get(&incoming.token_hash).copied());
            if let Some(contact) = contact {
                without.entry(incoming.inbox.id).or_default().push(contact);
            }
        }
        for (inbox, contacts) in without {
            let found =
                conversation::find_of_contacts(tx, inbox, distinct(contacts.into_iter())).await?;
            loaded.extend(found);
        }
        let mut threads: HashMap<_, Id<Conversation>> = HashMap::new();
        for found in &loaded {
            let newest = threads.entry((found.contact, found.inbox)).or_insert(found.id);
            *newest = found.id.max(*newest);
        }
        let conversations = loaded.into_iter().map(|found| (found.id, found)).collect();
        let mut round = Round {
            now,
            contacts,
            threads,
            conversations,
            sent: HashMap::new(),
            new_contacts: Vec::new(),
            new_visitors: Vec::new(),
            messages: Vec::new(),
            news: Vec::new(),
            saved: HashMap::new(),
            told: Vec::new(),
        };
        let names = incomings
            .iter()
            .filter_map(|incoming| Some((round.thread_of(incoming)?, incoming.client_id)))
            .collect::<Vec<_>>();
        for sent in message::find_sent(tx, names.into_iter()).await? {
            round.sent.insert((sent.conversation, sent.client_id), (sent.id, sent.seq));
        }
        Ok(round)
    }

    /// The thread that a message belongs to, if there is one already.
    fn thread_of(&self, incoming: &Incoming) -> Option<Id<Conversation>> {
        let known = incoming.conversation.filter(|id| self.conversations.contains_key(id));
        known.or_else(|| {
            let contact = self.contact_of(incoming)?;
            self.threads.get(&(contact, incoming.inbox.id)).copied()
        })
    }

    /// Who sent a message, if that is somebody already.
    fn contact_of(&self, incoming: &Incoming) -> Option<Id<Contact>> {
        incoming.contact.or_else(|| self.contacts.get(&incoming.token_hash).copied())
    }

    /// Takes one message, and lets the bot answer if the thread is the bot's.
    async fn take(&mut self, tx: &Tx, mut incoming: Incoming, bot: Option<&Bot>) -> Result<Taken> {
        let existing = self.thread_of(&incoming);
        if let Some(id) = existing
            && let Some(&(message, seq)) = self.sent.get(&(id, incoming.client_id))
        {
            let contact = self.conversations[&id].contact;
            return Ok(Taken { id: message, seq, contact, conversation: id, added: 0..0 });
        }
        check_attachments(tx, &incoming).await?;
        let from = self.messages.len();
        let id = match existing {
            Some(id) => id,
            None => self.open(tx, &incoming)?,
        };
        if tx.is_shared() {
            let conversation = self.conversations.get_mut(&id).expect("found or opened above");
            conversation.count_message(MESSAGES, self.now)?;
        }
        let tried = incoming.tried.take().filter(|tried| is_in_share(id, tried.by.share));
        let by = tried.map(|tried| {
            incoming.understood = tried.understood;
            tried.by.bot
        });
        let mut conversation = self.conversations.remove(&id).expect("found or opened above");
        let bot = by.as_deref().or(bot);
        let taken = self.append(tx, &mut conversation, &incoming, bot).await;
        let contact = conversation.contact;
        self.conversations.insert(id, conversation);
        let (message, seq) = taken?;
        self.sent.insert((id, incoming.client_id), (message, seq));
        Ok(Taken { id: message, seq, contact, conversation: id, added: from..self.messages.len() })
    }

    /// Begins a thread, for a contact who may be new as well.
    fn open(&mut self, tx: &Tx, incoming: &Incoming) -> Result<Id<Conversation>> {
        let contact = match self.contact_of(incoming) {
            Some(contact) => contact,
            None => self.meet(tx, incoming)?,
        };
        let language = incoming.understood.language.unwrap_or(incoming.language);
        let conversation =
            Conversation::open(tx.id()?, &incoming.inbox, contact, language, self.now);
        let id = conversation.id;
        self.threads.insert((contact, incoming.inbox.id), id);
        self.conversations.insert(id, conversation);
        self.news.push(News::of(EventKind::ConversationOpened, id));
        Ok(id)
    }

    fn meet(&mut self, tx: &Tx, incoming: &Incoming) -> Result<Id<Contact>> {
        let contact = Contact {
            id: tx.id()?,
            name: None,
            email: None,
            phone: None,
            language: incoming.understood.language.unwrap_or(incoming.language),
            verified: false,
            created_at: self.now,
        };
        let id = contact.id;
        self.new_visitors.push(Visitor {
            token_hash: incoming.token_hash.to_vec(),
            inbox: incoming.inbox.id,
            contact: id,
            expires_at: self.now + SignedDuration::from_hours(24 * Visitor::IDLE_DAYS_MAX),
        });
        self.contacts.insert(incoming.token_hash, id);
        self.new_contacts.push(contact);
        Ok(id)
    }

    async fn append(
        &mut self,
        tx: &Tx,
        conversation: &mut Conversation,
        incoming: &Incoming,
        bot: Option<&Bot>,
    ) -> Result<(Id<Message>, i64)> {
        let id = tx.id()?;
        let change = conversation.hear(incoming.inbox.bot, self.now);
        if !incoming.text.is_empty() && !incoming.understood.failed {
            conversation.mood = mood::after(conversation.mood, incoming.understood.emotions);
        }
        let seq = conversation.next_seq();
        let attachments = attach(tx, incoming, conversation.id, seq).await?;
        conversation.said(&incoming.text, domain::SenderKind::Contact, self.now);
        if change.is_some() {
            self.news.push(News::of(EventKind::ConversationReopened, conversation.id));
        }
        self.news.push(News::message(conversation.id, seq));
        self.messages.push(Message {
            id,
            conversation: conversation.id,
            seq,
            kind: MessageKind::Text,
            sender: Sender::contact(conversation.contact),
            text: incoming.text.clone(),
            quick_replies: Vec::new(),
            phrase: None,
            target_seq: None,
            retracted: false,
            client_id: Some(incoming.client_id),
            attachments,
            created_at: self.now,
        });
        let said = turn::take(tx, conversation, incoming, bot, self.now)?;
        for message in said.messages {
            self.news.push(News::message(conversation.id, message.seq));
            self.messages.push(message);
        }
        self.news.extend(said.news);
        Ok((id, seq))
    }

    /// Writes everything: a statement for each kind of thing, and the news. Returns
    /// the phrases that are stored once this is committed.
    async fn save(&mut self, tx: &Tx, stored: &Phrases) -> Result<Vec<i64>> {
        let changed: Vec<Id<Conversation>> =
            distinct(self.messages.iter().map(|message| message.conversation));
        let is_changed = |found: &&mut Conversation| changed.binary_search(&found.id).is_ok();
        let changed = self.conversations.values_mut().filter(is_changed);
        conversation::save_many(tx, changed).await?;
        contact::insert_many(tx, &self.new_contacts).await?;
        visitor::insert_many(tx, &self.new_visitors).await?;
        let is_new = |phrase: i64| !stored.contain(tx.account(), phrase);
        let speakers = self.messages.iter().filter(|message| message.phrase.is_some_and(is_new));
        let phrases = activity::phrases(speakers);
        message::keep_phrases(tx, phrases.iter()).await?;
        message::insert_many(tx, &self.messages).await?;
        self.saved = std::mem::take(&mut self.conversations)
            .into_iter()
            .map(|(id, conversation)| (id, Arc::new(conversation)))
            .collect();
        self.told = std::mem::take(&mut self.messages).into_iter().map(Arc::new).collect();
        let messages: HashMap<(Id<Conversation>, i64), Arc<Message>> = self
            .told
            .iter()
            .map(|message| ((message.conversation, message.seq), message.clone()))
            .collect();
        for news in self.news.drain(..) {
            let conversation = news.conversation.and_then(|id| self.saved.get(&id).cloned());
            let about_message = news.kind == EventKind::MessageCreated;
            let place = news.conversation.filter(|_| about_message).map(|id| (id, news.subject));
            let message = place.and_then(|place| messages.get(&place).cloned());
            tx.tell(news, conversation, message, self.now);
        }
        Ok(phrases.iter().map(|phrase| phrase.id).collect())
    }

    fn sent(&self, taken: Taken) -> Sent {
        Sent {
            id: taken.id,
            seq: taken.seq,
            contact: taken.contact,
            conversation: self.saved[&taken.conversation].clone(),
            added: self.told[taken.added].to_vec(),
        }
    }
}

/// Refuses a message with files that are not the sender's, or are part of another
/// message already. Nothing has been done for the message yet.
async fn check_attachments(tx: &Tx, incoming: &Incoming) -> Result<()> {
    let owner = owner(incoming);
    for &id in &incoming.attachments {
        let found = attachment::find_owned(tx, id, &owner).await?;
        if found.is_none_or(|found| found.conversation.is_some()) {
            return Err(Rule::AttachmentUnusable.into());
        }
    }
    Ok(())
}

/// Makes the files of a message part of the thread.
async fn attach(
    tx: &Tx,
    incoming: &Incoming,
    conversation: Id<Conversation>,
    seq: i64,
) -> Result<Vec<Attachment>> {
    if incoming.attachments.is_empty() {
        return Ok(Vec::new());
    }
    attachment::attach(tx, &incoming.attachments, &owner(incoming), conversation, seq).await
}

fn owner(incoming: &Incoming) -> Owner {
    Owner::Visitor(incoming.token_hash.to_vec())
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}
