//! The intake: what contacts send, gathered and written in bulk.
//!
//! A contact's message, the bot's answer to it, the conversation's new state and
//! the events of all three are one commit, so no crash can separate a question
//! from its answer. Messages that wait for the disk are gathered, and a few
//! statements write all of them.
//!
//! The intake is where overload shows first. It accepts no more than it can
//! commit in time; who comes later is told when to try again, before anything
//! is accepted.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dashmap::DashSet;
use domain::{
    Account, Attachment, Contact, Conversation, Error, EventKind, Id, Inbox, Message, MessageKind,
    News, Owner, Result, Rule, Sender, Visitor,
};
use jiff::{SignedDuration, Timestamp};
use store::{Store, Tx, attachment, contact, conversation, message, visitor};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::bot::{Bot, Bots};
use crate::clock::Clock;
use crate::incoming::Incoming;
use crate::{Limits, activity, turn};

/// How many messages are written together.
const BATCH_MAX: usize = 512;
/// How many messages may wait, whatever the time they would take.
const QUEUE_MAX: usize = 8_192;
/// How many phrases are remembered to be stored.
const PHRASES_KNOWN_MAX: usize = 100_000;
/// How long somebody is asked to wait before trying again, in milliseconds.
const RETRY_AFTER_MS: RangeInclusive<u64> = 100..=30_000;

/// What came of a message.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The message.
    pub id: Id<Message>,
    /// Its place in the thread.
    pub seq: i64,
    /// Who sent it.
    pub contact: Id<Contact>,
    /// The thread as it is now.
    pub conversation: Arc<Conversation>,
    /// What was added to the thread: the message and the answers to it. Empty if
    /// the message had been sent before.
    pub added: Vec<Arc<Message>>,
}

/// How much the intake takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Admission {
    /// How many messages wait.
    pub waiting: usize,
    /// How long the last batch took per message, in nanoseconds.
    pub message_ns: u64,
}

#[derive(Clone)]
pub(crate) struct Intake {
    queue: mpsc::Sender<(Incoming, oneshot::Sender<Result<Sent>>)>,
    load: Arc<Load>,
    wait_max: Duration,
    began: Instant,
}

#[derive(Default)]
struct Load {
    waiting: AtomicUsize,
    message_ns: AtomicU64,
    /// When the next one who is refused may come again, in nanoseconds since the
    /// intake began.
    next_turn_ns: AtomicU64,
}

impl Intake {
    /// Starts the intake; it ends when the last handle is dropped.
    pub(crate) fn start(store: Store, bots: Bots, clock: Clock, limits: Limits) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let load = Arc::<Load>::default();
        tokio::spawn(run(store, bots, clock, load.clone(), waiting));
        let wait_max = Duration::from_millis(limits.intake_wait_max_ms);
        Intake { queue, load, wait_max, began: Instant::now() }
    }

    /// Takes a message and returns when it is durable.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] before anything is accepted, if it would wait too long.
    pub(crate) async fn send(&self, incoming: Incoming) -> Result<Sent> {
        self.admit()?;
        let (sender, receiver) = oneshot::channel();
        self.load.waiting.fetch_add(1, Ordering::Relaxed);
        if self.queue.try_send((incoming, sender)).is_err() {
            self.load.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(self.busy());
        }
        receiver.await.unwrap_or_else(|_| Err(Error::Unavailable("the intake has stopped".into())))
    }

    /// Lets somebody new come in. The door closes before the queue does, so that
    /// those who are in are served.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] while too much waits.
    pub(crate) fn admit_visit(&self) -> Result<()> {
        if self.expected_wait() * 2 > self.wait_max { Err(self.busy()) } else { Ok(()) }
    }

    /// How much waits now.
    pub(crate) fn admission(&self) -> Admission {
        Admission {
            waiting: self.load.waiting.load(Ordering::Relaxed),
            message_ns: self.load.message_ns.load(Ordering::Relaxed),
        }
    }

    fn admit(&self) -> Result<()> {
        if self.expected_wait() > self.wait_max { Err(self.busy()) } else { Ok(()) }
    }

    fn expected_wait(&self) -> Duration {
        let Admission { waiting, message_ns } = self.admission();
        Duration::from_nanos(message_ns.saturating_mul(waiting as u64))
    }

    /// Refuses, and says when to come again: those who are refused get turns as
    /// far apart as messages can be taken, so that they do not all come at once
    /// to be refused again.
    fn busy(&self) -> Error {
        metrics::counter!("attune_messages_refused_total").increment(1);
        let now_ns = self.began.elapsed().as_nanos() as u64;
        let earliest_ns = now_ns + self.expected_wait().as_nanos() as u64;
        let turn = |next_ns: u64| next_ns.max(earliest_ns);
        let turns = &self.load.next_turn_ns;
        let message_ns = self.admission().message_ns;
        let taken = turns.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next_ns| {
            Some(turn(next_ns) + message_ns)
        });
        let wait_ms = (turn(taken.unwrap_or(0)) - now_ns) / 1_000_000;
        let (least, most) = RETRY_AFTER_MS.into_inner();
        Error::Busy { retry_after_ms: wait_ms.clamp(least, most) }
    }
}

/// The phrases of each account that are known to be stored, and need not be
/// offered to the database again.
type Stored = Arc<DashSet<(Id<Account>, i64)>>;

type Waiting = mpsc::Receiver<(Incoming, oneshot::Sender<Result<Sent>>)>;

async fn run(store: Store, bots: Bots, clock: Clock, load: Arc<Load>, mut waiting: Waiting) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    let stored = Stored::default();
    while waiting.recv_many(&mut batch, BATCH_MAX).await > 0 {
        let started = Instant::now();
        let count = batch.len();
        take_all(&store, &bots, &stored, (clock)(), std::mem::take(&mut batch)).await;
        load.note(started.elapsed(), count);
        load.waiting.fetch_sub(count, Ordering::Relaxed);
    }
}

impl Load {
    /// Remembers how long a message takes, as a moving average of the batches that
    /// are large: a small one says what a commit costs, not what a message does.
    fn note(&self, took: Duration, count: usize) {
        if count < BATCH_MAX / 8 {
            return;
        }
        let now = took.as_nanos() as u64 / count as u64;
        let average = match self.message_ns.load(Ordering::Relaxed) {
            0 => now,
            before => (before * 7 + now) / 8,
        };
        self.message_ns.store(average, Ordering::Relaxed);
    }
}

/// Writes a batch, a transaction for each account, and tells the senders.
async fn take_all(
    store: &Store,
    bots: &Bots,
    stored: &Stored,
    now: Timestamp,
    batch: Vec<(Incoming, oneshot::Sender<Result<Sent>>)>,
) {
    let mut by_account: HashMap<Id<Account>, (Vec<Incoming>, Vec<oneshot::Sender<_>>)> =
        HashMap::new();
    for (incoming, sender) in batch {
        let (incomings, senders) = by_account.entry(incoming.account).or_default();
        incomings.push(incoming);
        senders.push(sender);
    }
    let accounts = by_account.into_iter().map(|(account, (incomings, senders))| {
        let (bot, known) = (bots.get(account), stored.clone());
        let written = store.write(account, move |tx: Tx| take(tx, incomings, bot, known, now));
        async move {
            match written.await {
                Ok((results, phrases)) => {
                    if stored.len() < PHRASES_KNOWN_MAX {
                        for phrase in phrases {
                            stored.insert((account, phrase));
                        }
                    }
                    for (sender, result) in senders.into_iter().zip(results) {
                        // Whoever went away finds the message when it comes back.
                        let _ = sender.send(result);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, messages = senders.len(), "messages were not accepted");
                    for sender in senders {
                        let _ = sender.send(Err(Error::Unavailable(error.to_string().into())));
                    }
                }
            }
        }
    });
    futures::future::join_all(accounts).await;
}

/// Takes the messages of one account in one transaction.
async fn take(
    tx: Tx,
    incomings: Vec<Incoming>,
    bot: Option<Arc<Bot>>,
    stored: Stored,
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
        let hashes: std::collections::HashSet<Vec<u8>> =
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
            let contact =
                incoming.contact.or_else(|| self.contacts.get(&incoming.token_hash).copied())?;
            self.threads.get(&(contact, incoming.inbox.id)).copied()
        })
    }

    /// Takes one message, and lets the bot answer if the thread is the bot's.
    async fn take(&mut self, tx: &Tx, incoming: Incoming, bot: Option<&Bot>) -> Result<Taken> {
        let existing = self.thread_of(&incoming);
        if let Some(id) = existing
            && let Some(&(message, seq)) = self.sent.get(&(id, incoming.client_id))
        {
            let contact = self.conversations[&id].contact;
            return Ok(Taken { id: message, seq, contact, conversation: id, added: 0..0 });
        }
        let from = self.messages.len();
        let id = match existing {
            Some(id) => id,
            None => self.open(tx, &incoming)?,
        };
        let mut conversation = self.conversations.remove(&id).expect("found or opened above");
        let taken = self.append(tx, &mut conversation, &incoming, bot).await;
        let contact = conversation.contact;
        self.conversations.insert(id, conversation);
        let (message, seq) = taken?;
        self.sent.insert((id, incoming.client_id), (message, seq));
        Ok(Taken { id: message, seq, contact, conversation: id, added: from..self.messages.len() })
    }

    /// Begins a thread, for a contact who may be new as well.
    fn open(&mut self, tx: &Tx, incoming: &Incoming) -> Result<Id<Conversation>> {
        let known = incoming.contact.or_else(|| self.contacts.get(&incoming.token_hash).copied());
        let contact = match known {
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
        let attachments = self.attach(tx, conversation, incoming).await?;
        let change = conversation.hear(incoming.inbox.bot, self.now);
        let seq = conversation.next_seq();
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

    /// Makes files part of the message that is next in the thread.
    async fn attach(
        &self,
        tx: &Tx,
        conversation: &Conversation,
        incoming: &Incoming,
    ) -> Result<Vec<Attachment>> {
        if incoming.attachments.is_empty() {
            return Ok(Vec::new());
        }
        let owner = Owner::Visitor(incoming.token_hash.to_vec());
        for &id in &incoming.attachments {
            let found = attachment::find_owned(tx, id, &owner).await?;
            if found.is_none_or(|found| found.conversation.is_some()) {
                return Err(Rule::AttachmentUnusable.into());
            }
        }
        let seq = conversation.last_seq + 1;
        attachment::attach(tx, &incoming.attachments, &owner, conversation.id, seq).await
    }

    /// Writes everything: a statement for each kind of thing, and the news. Returns
    /// the phrases that are stored once this is committed.
    async fn save(&mut self, tx: &Tx, stored: &Stored) -> Result<Vec<i64>> {
        let changed: Vec<Id<Conversation>> =
            distinct(self.messages.iter().map(|message| message.conversation));
        let is_changed = |found: &&mut Conversation| changed.binary_search(&found.id).is_ok();
        let changed = self.conversations.values_mut().filter(is_changed);
        conversation::save_many(tx, changed).await?;
        contact::insert_many(tx, &self.new_contacts).await?;
        visitor::insert_many(tx, &self.new_visitors).await?;
        let is_new = |phrase: i64| !stored.contains(&(tx.account(), phrase));
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

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An intake with so many messages waiting, each of which takes a millisecond.
    fn intake(waiting: usize) -> Intake {
        let load = Load {
            waiting: AtomicUsize::new(waiting),
            message_ns: AtomicU64::new(1_000_000),
            ..Load::default()
        };
        let wait_max = Duration::from_millis(100);
        Intake { queue: mpsc::channel(1).0, load: Arc::new(load), wait_max, began: Instant::now() }
    }

    #[test]
    fn the_door_closes_before_the_queue_does() {
        assert!(intake(50).admit_visit().is_ok());
        assert!(intake(51).admit_visit().is_err());

        assert!(intake(100).admit().is_ok());
        assert!(intake(101).admit().is_err());
    }

    #[test]
    fn those_who_are_refused_come_back_one_after_the_other() {
        let intake = intake(1_000);

        let waits = (0..1_000).map(|_| match intake.busy() {
            Error::Busy { retry_after_ms } => retry_after_ms,
            other => panic!("{other:?}"),
        });
        let waits: Vec<u64> = waits.collect();

        assert!((990..=1_000).contains(&waits[0]), "{}", waits[0]);
        assert!((1_900..=2_000).contains(&waits[999]), "{}", waits[999]);
        assert!(waits.is_sorted_by(|a, b| a <= b || a - b <= 1), "each has a turn of its own");
    }

    #[test]
    fn small_batches_do_not_say_what_a_message_costs() {
        let load = Load::default();

        load.note(Duration::from_millis(5), 2);
        assert_eq!(load.message_ns.load(Ordering::Relaxed), 0);

        load.note(Duration::from_millis(10), 100);
        load.note(Duration::from_millis(5), 2);
        assert_eq!(load.message_ns.load(Ordering::Relaxed), 100_000);
    }
}
