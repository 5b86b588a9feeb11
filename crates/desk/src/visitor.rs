//! Visitors: who asks, in which inbox, with which token.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dashmap::DashMap;
use domain::{
    Account, Contact, Conversation, Error, EventKind, Id, Identity, Inbox, Language,
    MESSAGE_CHARS_MAX, Message, News, Opening, QuickReply, Result, SenderKind, Visitor, clean_text,
};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, contact, conversation, message, visitor};
use subtle::ConstantTimeEq as _;

use crate::activity::spoken;
use crate::bot::Understood;
use crate::identity::{self, Claims};
use crate::intake::Incoming;
use crate::message::SendMessage;
use crate::secret::{hash, sign};
use crate::{Admission, Desk, Hint, MessageView, Sent, Watch};

/// How long an inbox is kept before it is read again.
const INBOX_KEPT: Duration = Duration::from_secs(1);
/// How many inboxes are kept.
const INBOXES_MAX: usize = 10_000;
/// How many files one message may carry.
const ATTACHMENTS_MAX: usize = 10;
/// How many messages a visitor may send at once, and in which time as many again.
const BURST_MAX: f64 = 20.0;
const BURST_TIME_S: f64 = 10.0;
/// A token is this, the key of its inbox, a dot, random digits, and digits that
/// prove it is ours.
const TOKEN_PREFIX: &str = "vt_";
const RANDOM_DIGITS: usize = 64;
const PROOF_BYTES: usize = 16;

/// The inboxes that were just used, by public key.
pub(crate) type Inboxes = DashMap<String, (Instant, Id<Account>, Arc<Inbox>)>;

/// What somebody says when knocking.
#[derive(Clone, Debug, Default)]
pub struct WhoAsks {
    /// The public key of the inbox.
    pub inbox: String,
    /// The token from an earlier visit.
    pub token: Option<String>,
    /// A JSON Web Token with which the company vouches for its user.
    pub identity: Option<String>,
    /// The same as an identifier and its HMAC-SHA256.
    pub identifier: Option<(String, String)>,
    /// The language of the page.
    pub language: Option<Language>,
}

/// Somebody who asks, as this connection knows them.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The account of the inbox.
    pub account: Id<Account>,
    /// Where they ask.
    pub inbox: Arc<Inbox>,
    /// The language of their page.
    pub language: Language,
    /// Who they are, once they said anything or a company vouched for them.
    pub contact: Option<Id<Contact>>,
    /// Their thread, once there is one.
    pub conversation: Option<Id<Conversation>>,
    token_hash: [u8; 32],
    allowance: Allowance,
}

/// What a guest is told on entering.
#[derive(Clone, Debug)]
pub struct Greeting {
    /// The token to keep for the next visit.
    pub token: String,
    /// What is said before the guest says anything.
    pub text: String,
    /// What the bot is called, if one answers first.
    pub bot_name: Option<String>,
    /// What the guest may choose to begin with.
    pub quick_replies: Vec<QuickReply>,
    /// Whether people are there now.
    pub online: bool,
    /// Who the guest is, if that is known.
    pub contact: Option<Contact>,
    /// The guest's thread, and what its assignee is called.
    pub conversation: Option<(Arc<Conversation>, Option<String>)>,
}

/// How many messages a guest may send now: a bucket that fills with time.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    left: f64,
    at: Timestamp,
}

impl Allowance {
    fn take(&mut self, now: Timestamp) -> Result<()> {
        let passed_s = now.duration_since(self.at).as_secs_f64().max(0.0);
        self.left = (self.left + passed_s * BURST_MAX / BURST_TIME_S).min(BURST_MAX);
        self.at = now;
        if self.left < 1.0 {
            let missing_s = (1.0 - self.left) * BURST_TIME_S / BURST_MAX;
            return Err(Error::Busy { retry_after_ms: (missing_s * 1_000.0).ceil() as u64 });
        }
        self.left -= 1.0;
        Ok(())
    }
}

impl Desk {
    /// Finds an inbox by the public key that stands in a company's page.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn find_inbox(&self, key: &str) -> Result<(Id<Account>, Arc<Inbox>)> {
        if let Some(kept) = self.parts.inboxes.get(key)
            && kept.0.elapsed() < INBOX_KEPT
        {
            return Ok((kept.1, kept.2.clone()));
        }
        let found = store::inbox::find_by_key(&self.read(Account::NOBODY), key).await?;
        let (account, inbox) = found.ok_or(Error::NotFound("inbox"))?;
        let inbox = Arc::new(inbox);
        if self.parts.inboxes.len() < INBOXES_MAX {
            self.parts.inboxes.insert(key.to_owned(), (Instant::now(), account, inbox.clone()));
        }
        Ok((account, inbox))
    }

    /// Lets somebody in.
    ///
    /// An unknown visitor gets a token and leaves no trace until the first
    /// message. A company's signed identity always leads to that company's own
    /// contact, never to what an unsigned visitor said before.
    ///
    /// # Errors
    ///
    /// - [`Error::NotFound`] if there is no such inbox.
    /// - [`Error::Unauthenticated`] if the identity is wrong, or missing where it
    ///   is required.
    pub async fn welcome(&self, who: WhoAsks) -> Result<(Guest, Greeting)> {
        let (account, inbox) = self.find_inbox(&who.inbox).await?;
        let now = self.now();
        let claims = match (&who.identity, &who.identifier) {
            (Some(token), _) => Some(identity::verify_token(&inbox, token, now)?),
            (None, Some((identifier, hash))) => {
                Some(identity::verify_hash(&inbox, identifier, hash)?)
            }
            (None, None) => None,
        };
        let known = match &who.token {
            Some(token) => self.recognise(account, &inbox, token, now).await?,
            None => None,
        };
        let (token, contact) = match claims {
            Some(claims) => self.identify(account, &inbox, claims, known, now).await?,
            None => known.unwrap_or_else(|| (self.new_visitor_token(&inbox), None)),
        };
        if inbox.enforce_identity && !contact.as_ref().is_some_and(|contact| contact.verified) {
            return Err(Error::Unauthenticated);
        }
        let language = who.language.unwrap_or(inbox.language);
        let thread = self.thread_of(account, &inbox, contact.as_ref()).await?;
        let guest = Guest {
            account,
            language,
            contact: contact.as_ref().map(|contact| contact.id),
            conversation: thread.as_ref().map(|(conversation, _)| conversation.id),
            token_hash: hash(&token),
            allowance: Allowance { left: BURST_MAX, at: now },
            inbox,
        };
        let greeting = self.greeting(&guest, token, contact, thread, now);
        Ok((guest, greeting))
    }

    /// Finds out whom a token stands for. `None` if it is not ours or has ended;
    /// no contact if its holder has said nothing yet.
    async fn recognise(
        &self,
        account: Id<Account>,
        inbox: &Inbox,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(String, Option<Contact>)>> {
        if !self.is_ours(inbox, token) {
            return Ok(None);
        }
        let reader = self.read(account);
        let token_hash = hash(token);
        let Some(visitor) = visitor::find_many(&reader, [token_hash.to_vec()]).await?.pop() else {
            return Ok(Some((token.to_owned(), None)));
        };
        if visitor.expires_at <= now || visitor.inbox != inbox.id {
            return Ok(None);
        }
        self.keep_alive(account, &visitor, now).await?;
        let contact = contact::find(&reader, visitor.contact).await?;
        Ok(Some((token.to_owned(), contact)))
    }

    /// Lets a token live on, at most once a day.
    async fn keep_alive(
        &self,
        account: Id<Account>,
        visitor: &Visitor,
        now: Timestamp,
    ) -> Result<()> {
        let expires_at = now + SignedDuration::from_hours(24 * Visitor::IDLE_DAYS_MAX);
        if expires_at.duration_since(visitor.expires_at) < SignedDuration::from_hours(24) {
            return Ok(());
        }
        let token_hash = visitor.token_hash.clone();
        let write =
            move |tx: Tx| async move { visitor::extend(&tx, &token_hash, expires_at).await };
        self.parts.store.write(account, write).await
    }

    /// Finds or makes the contact that a company vouches for. The token changes,
    /// unless it stands for that contact already.
    async fn identify(
        &self,
        account: Id<Account>,
        inbox: &Arc<Inbox>,
        claims: Claims,
        known: Option<(String, Option<Contact>)>,
        now: Timestamp,
    ) -> Result<(String, Option<Contact>)> {
        let token = self.new_visitor_token(inbox);
        let token_hash = hash(&token).to_vec();
        let inbox = inbox.clone();
        let held =
            known.as_ref().and_then(|(_, contact)| contact.as_ref()).map(|contact| contact.id);
        let write = move |tx: Tx| async move {
            let contact = meet(&tx, &inbox, claims, now).await?;
            if held != Some(contact.id) {
                let visitor = Visitor {
                    token_hash,
                    inbox: inbox.id,
                    contact: contact.id,
                    expires_at: now + SignedDuration::from_hours(24 * Visitor::IDLE_DAYS_MAX),
                };
                visitor::insert_many(&tx, &[visitor]).await?;
            }
            Ok(contact)
        };
        let contact = self.parts.store.write(account, write).await?;
        match known {
            Some((token, Some(before))) if before.id == contact.id => Ok((token, Some(contact))),
            _ => Ok((token, Some(contact))),
        }
    }

    async fn thread_of(
        &self,
        account: Id<Account>,
        inbox: &Inbox,
        contact: Option<&Contact>,
    ) -> Result<Option<(Arc<Conversation>, Option<String>)>> {
        let Some(contact) = contact else { return Ok(None) };
        let reader = self.read(account);
        let found = conversation::find_of_contacts(&reader, inbox.id, [contact.id]).await?;
        let Some(newest) = found.into_iter().max_by_key(|found| found.id) else { return Ok(None) };
        let assignee = match newest.assignee {
            Some(agent) => Some(self.names(account).await?.agent(agent)),
            None => None,
        };
        Ok(Some((Arc::new(newest), assignee)))
    }

    fn greeting(
        &self,
        guest: &Guest,
        token: String,
        contact: Option<Contact>,
        conversation: Option<(Arc<Conversation>, Option<String>)>,
        now: Timestamp,
    ) -> Greeting {
        let bot = self.parts.bots.get(guest.account).filter(|_| guest.inbox.bot);
        let language = spoken(guest.language);
        let bots_own = bot.as_ref().and_then(|bot| bot.script.greeting.get(language));
        let starters = bot.as_ref().map(|bot| bot.script.starters(language)).unwrap_or_default();
        Greeting {
            token,
            text: match guest.inbox.greeting.as_str() {
                "" => bots_own.unwrap_or_default().to_owned(),
                // It is written in the inbox's language; the bot may have one in the guest's.
                text if guest.language != guest.inbox.language => {
                    bots_own.unwrap_or(text).to_owned()
                }
                text => text.to_owned(),
            },
            bot_name: bot.as_ref().and_then(|bot| bot.script.name.get(language)).map(str::to_owned),
            quick_replies: starters
                .into_iter()
                .map(|reply| QuickReply { title: reply.title, value: reply.value })
                .collect(),
            online: guest.inbox.hours.opening(now) == Opening::Open,
            contact,
            conversation,
        }
    }

    /// Takes what a guest says and returns when it is durable, with the bot's
    /// answer if there is one.
    ///
    /// # Errors
    ///
    /// - [`Error::Invalid`] if it says nothing or too much.
    /// - [`Error::Busy`] if there is too much work, or the guest is too quick;
    ///   nothing was accepted.
    pub async fn send_as_guest(&self, guest: &mut Guest, said: SendMessage) -> Result<Sent> {
        let text = clean_text(&said.text, "/text", MESSAGE_CHARS_MAX)?;
        if text.is_empty() && said.attachments.is_empty() {
            return Err(Error::invalid("/text", "must not be empty"));
        }
        if said.attachments.len() > ATTACHMENTS_MAX {
            let detail = format!("at most {ATTACHMENTS_MAX} files fit one message");
            return Err(Error::invalid("/attachments", detail));
        }
        guest.allowance.take(self.now())?;
        let understood = match self.parts.bots.get(guest.account) {
            Some(bot) if guest.inbox.bot => {
                let time_max = Duration::from_millis(self.parts.limits.bot_time_max_ms);
                bot.understand(&text, time_max).await
            }
            _ => Understood::default(),
        };
        let incoming = Incoming {
            account: guest.account,
            inbox: guest.inbox.clone(),
            token_hash: guest.token_hash,
            contact: guest.contact,
            conversation: guest.conversation,
            language: guest.language,
            client_id: said.client_id,
            text,
            quick_reply: said.quick_reply,
            attachments: said.attachments,
            understood,
        };
        let sent = self.parts.intake.send(incoming).await?;
        metrics::counter!("attune_messages_accepted_total", "sender" => "contact").increment(1);
        guest.contact = Some(sent.contact);
        guest.conversation = Some(sent.conversation.id);
        Ok(sent)
    }

    /// Lists a guest's thread from after `seq` on, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database cannot be read.
    pub async fn thread_of_guest(
        &self,
        guest: &Guest,
        seq: i64,
        limit: u64,
    ) -> Result<Vec<MessageView>> {
        let Some(id) = guest.conversation else { return Ok(Vec::new()) };
        let reader = self.read(guest.account);
        let conversation =
            conversation::find(&reader, id).await?.ok_or(Error::NotFound("conversation"))?;
        let messages = message::list_after(&reader, id, seq, limit).await?;
        self.view_thread(guest.account, &conversation, messages.into_iter().map(Arc::new)).await
    }

    /// Adds the senders' names to messages of one thread.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database cannot be read.
    pub async fn view_thread(
        &self,
        account: Id<Account>,
        conversation: &Conversation,
        messages: impl Iterator<Item = Arc<Message>>,
    ) -> Result<Vec<MessageView>> {
        let mut views = Vec::with_capacity(messages.size_hint().0);
        for message in messages {
            views.push(self.view_message(account, conversation, message).await?);
        }
        Ok(views)
    }

    /// Listens to what concerns a guest; `None` until the guest is somebody.
    pub fn watch_guest(&self, guest: &Guest) -> Option<Watch> {
        guest.contact.map(|contact| self.watch_contact(contact))
    }

    /// Finds a guest's conversation as it is now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database cannot be read.
    pub async fn conversation_of_guest(&self, guest: &Guest) -> Result<Option<Conversation>> {
        match guest.conversation {
            Some(id) => conversation::find(&self.read(guest.account), id).await,
            None => Ok(None),
        }
    }

    /// Tells the agents that a guest is typing.
    pub fn guest_types(&self, guest: &Guest) {
        if let Some((contact, conversation)) = guest.contact.zip(guest.conversation) {
            let hint = Hint::Typing { conversation, kind: SenderKind::Contact, name: None };
            self.parts.hub.pass(guest.account, contact, &hint);
        }
    }

    /// Tells the agents how far a guest has read.
    pub fn guest_reads(&self, guest: &Guest, seq: i64) {
        if let Some((contact, conversation)) = guest.contact.zip(guest.conversation) {
            self.parts.hub.pass(guest.account, contact, &Hint::Read { conversation, seq });
        }
    }

    /// Ends a guest's token.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database cannot be written.
    pub async fn forget_guest(&self, guest: &Guest) -> Result<()> {
        let token_hash = guest.token_hash;
        let write = move |tx: Tx| async move { visitor::delete(&tx, &token_hash).await };
        self.parts.store.write(guest.account, write).await
    }

    /// How much the intake takes now.
    pub fn admission(&self) -> Admission {
        self.parts.intake.admission()
    }

    fn new_visitor_token(&self, inbox: &Inbox) -> String {
        let random = hex::encode(self.draw::<{ RANDOM_DIGITS / 2 }>());
        let proof = self.proof(inbox, &random);
        format!("{TOKEN_PREFIX}{}.{random}{}", inbox.key, hex::encode(proof))
    }

    fn is_ours(&self, inbox: &Inbox, token: &str) -> bool {
        let Some((key, digits)) = parts(token) else { return false };
        let Some((random, proof)) = digits.split_at_checked(RANDOM_DIGITS) else { return false };
        let Ok(proof) = hex::decode(proof) else { return false };
        key == inbox.key && bool::from(self.proof(inbox, random).as_slice().ct_eq(&proof))
    }

    fn proof(&self, inbox: &Inbox, random: &str) -> [u8; PROOF_BYTES] {
        let key = &self.parts.keys.visitor;
        let signature = sign(key, &[&inbox.id.number().to_le_bytes(), random.as_bytes()]);
        signature[..PROOF_BYTES].try_into().expect("sixteen of thirty-two bytes")
    }
}

impl Guest {
    /// The hash of the guest's token, by which the guest owns files.
    pub fn token_hash(&self) -> &[u8; 32] {
        &self.token_hash
    }
}

/// Reads for which inbox a token was made, by the inbox's public key. Whether it
/// is genuine is another matter.
pub fn inbox_of_token(token: &str) -> Option<&str> {
    parts(token).map(|(key, _)| key)
}

fn parts(token: &str) -> Option<(&str, &str)> {
    token.strip_prefix(TOKEN_PREFIX)?.rsplit_once('.')
}

/// Finds the contact of an identity or makes one, and learns what is said of it.
async fn meet(tx: &Tx, inbox: &Inbox, claims: Claims, now: Timestamp) -> Result<Contact> {
    let found = match contact::find_by_identity(tx, inbox.id, &claims.sub).await? {
        Some(id) => contact::find(tx, id).await?,
        None => None,
    };
    let before = found.clone();
    let is_new = found.is_none();
    let mut person = match found {
        Some(person) => person,
        None => Contact {
            id: tx.id()?,
            name: None,
            email: None,
            phone: None,
            language: inbox.language,
            verified: true,
            created_at: now,
        },
    };
    person.name = claims.name.or(person.name);
    person.email = claims.email.or(person.email);
    person.phone = claims.phone.or(person.phone);
    if is_new {
        contact::insert_many(tx, std::slice::from_ref(&person)).await?;
        let identity = Identity { contact: person.id, inbox: inbox.id, address: claims.sub };
        contact::insert_identity(tx, &identity).await?;
    }
    if before.as_ref() != Some(&person) {
        contact::update(tx, &person).await?;
        tx.record(News::about(EventKind::ContactUpdated, person.id), now);
    }
    Ok(person)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_may_send_a_burst_and_then_as_fast_as_the_bucket_fills() {
        let now = Timestamp::UNIX_EPOCH;
        let mut allowance = Allowance { left: BURST_MAX, at: now };
        for _ in 0..20 {
            allowance.take(now).unwrap();
        }

        let refused = allowance.take(now).unwrap_err();

        assert!(matches!(refused, Error::Busy { retry_after_ms: 500 }), "{refused:?}");
        assert!(allowance.take(now + SignedDuration::from_millis(500)).is_ok());
    }
}
