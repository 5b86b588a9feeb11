//! Letting visitors in: who they are, what they are told, and which token they keep.

use std::sync::Arc;

use domain::{
    Account, Contact, Conversation, EventKind, Id, Identity, Inbox, Language, News, Opening,
    QuickReply, Result, Visitor,
};
use jiff::{SignedDuration, Timestamp};
use store::{Reader, Tx, contact, conversation, visitor};

use crate::activity::spoken;
use crate::identity::{self, Claims};
use crate::secret::hash;
use crate::{Desk, Guest};

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

/// What a guest is told on entering.
#[derive(Clone, Debug)]
pub struct Greeting {
    /// The token to keep for the next visit.
    pub token: String,
    /// Whether this is a visitor's first visit: no token of ours, and nobody who
    /// vouches for them.
    pub is_stranger: bool,
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

impl Desk {
    /// Lets somebody in.
    ///
    /// An unknown visitor gets a token and leaves no trace until the first
    /// message. A company's signed identity always leads to that company's own
    /// contact, never to what an unsigned visitor said before.
    ///
    /// # Errors
    ///
    /// - [`domain::Error::NotFound`] if there is no such inbox.
    /// - [`domain::Error::Unauthenticated`] if the identity is wrong, or missing where it
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
        let is_stranger = claims.is_none() && known.is_none();
        let (token, contact) = match claims {
            Some(claims) => self.identify(account, &inbox, claims, known, now).await?,
            None => known.unwrap_or_else(|| (self.new_visitor_token(&inbox), None)),
        };
        let verified = contact.as_ref().is_some_and(|contact| contact.verified);
        inbox.admits(verified)?;
        let language = who.language.unwrap_or(inbox.language);
        let thread = self.thread_of(account, &inbox, contact.as_ref()).await?;
        let guest = Guest {
            account,
            language,
            contact: contact.as_ref().map(|contact| contact.id),
            conversation: thread.as_ref().map(|(conversation, _)| conversation.id),
            verified,
            token_hash: hash(&token),
            inbox,
        };
        let greeting = self.greeting(&guest, token, is_stranger, contact, thread);
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
        if !self.is_our_token(inbox, token) {
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
        let kept = known.filter(|_| held == Some(contact.id)).map(|(token, _)| token);
        Ok((kept.unwrap_or(token), Some(contact)))
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
        is_stranger: bool,
        contact: Option<Contact>,
        conversation: Option<(Arc<Conversation>, Option<String>)>,
    ) -> Greeting {
        let bot = self.parts.bots.get(guest.account).filter(|_| guest.inbox.bot);
        let language = spoken(guest.language);
        let bots_own = bot.as_ref().and_then(|bot| bot.script.greeting.get(language));
        let starters = bot.as_ref().map(|bot| bot.script.starters(language)).unwrap_or_default();
        Greeting {
            token,
            is_stranger,
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
            online: guest.inbox.hours.opening(self.now()) == Opening::Open,
            contact,
            conversation,
        }
    }
}

/// Finds the contact of an identity or makes one, and learns what is said of it.
pub(crate) async fn meet(
    tx: &Tx,
    inbox: &Inbox,
    claims: Claims,
    now: Timestamp,
) -> Result<Contact> {
    let person = match known_by(tx, inbox, &claims.sub).await? {
        Some(known) => {
            let person = with_claims(&known, &claims);
            if person == known {
                return Ok(known);
            }
            contact::update(tx, &person).await?;
            person
        }
        None => {
            let person = Contact {
                id: tx.id()?,
                name: claims.name,
                email: claims.email,
                phone: claims.phone,
                language: inbox.language,
                verified: true,
                created_at: now,
            };
            contact::insert_many(tx, std::slice::from_ref(&person)).await?;
            let identity = Identity { contact: person.id, inbox: inbox.id, address: claims.sub };
            contact::insert_identity(tx, &identity).await?;
            person
        }
    };
    tx.record(News::about(EventKind::ContactUpdated, person.id), now);
    Ok(person)
}

/// Finds the contact that a company calls `address` in an inbox.
pub(crate) async fn known_by(
    reader: &Reader,
    inbox: &Inbox,
    address: &str,
) -> Result<Option<Contact>> {
    match contact::find_by_identity(reader, inbox.id, address).await? {
        Some(id) => contact::find(reader, id).await,
        None => Ok(None),
    }
}

/// A contact with what a company says of it now; what it does not say stays.
pub(crate) fn with_claims(known: &Contact, claims: &Claims) -> Contact {
    let newer =
        |said: &Option<String>, before: &Option<String>| said.as_ref().or(before.as_ref()).cloned();
    Contact {
        name: newer(&claims.name, &known.name),
        email: newer(&claims.email, &known.email),
        phone: newer(&claims.phone, &known.phone),
        ..known.clone()
    }
}
