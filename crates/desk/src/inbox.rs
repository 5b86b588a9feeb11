//! Inboxes: configured entry points.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dashmap::DashMap;
use domain::{
    Account, BusinessHours, Error, EventKind, Id, Inbox, Language, News, Permission, Result, Rule,
    Secrets, clean_text,
};
use store::{Reader, Tx};

use crate::check::{self, Fields};
use crate::identity_key::PublicKey;
use crate::{Actor, Desk};

/// How many inboxes an account may have.
const INBOXES_MAX: usize = 200;
/// How many origins may embed one inbox.
const ORIGINS_MAX: usize = 50;
/// How many spans and days off business hours may have.
const HOURS_MAX: usize = 400;
/// How long a greeting may be, in characters.
const GREETING_CHARS_MAX: usize = 1_000;
/// How long an inbox that visitors use is kept before it is read again.
const KEPT_TIME: Duration = Duration::from_secs(1);
/// How many inboxes are kept.
const KEPT_MAX: usize = 10_000;

/// The inboxes that were just used, by public key.
pub(crate) type Inboxes = DashMap<String, (Instant, Id<Account>, Arc<Inbox>)>;

/// What to change about an inbox; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct ChangeInbox {
    /// What agents call it.
    pub name: Option<String>,
    /// The language until the contact's is known.
    pub language: Option<Language>,
    /// Said before the contact says anything.
    pub greeting: Option<String>,
    /// Origins of the pages that may embed the widget.
    pub allowed_origins: Option<Vec<String>>,
    /// Whether visitors without a signed identity are turned away.
    pub enforce_identity: Option<bool>,
    /// The key that checks identities which the company signs, in PEM; empty for
    /// none.
    pub identity_public_key: Option<String>,
    /// Whether the bot answers first.
    pub bot: Option<bool>,
    /// When people are there.
    pub hours: Option<BusinessHours>,
}

impl Desk {
    /// Finds an inbox by the public key that stands in a company's page.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn find_inbox(&self, key: &str) -> Result<(Id<Account>, Arc<Inbox>)> {
        if let Some(kept) = self.parts.inboxes.get(key)
            && kept.0.elapsed() < KEPT_TIME
        {
            return Ok((kept.1, kept.2.clone()));
        }
        let found = store::inbox::find_by_key(&self.read(Account::NOBODY), key).await?;
        let (account, inbox) = found.ok_or(Error::NotFound("inbox"))?;
        let inbox = Arc::new(inbox);
        if self.parts.inboxes.len() < KEPT_MAX {
            self.parts.inboxes.insert(key.to_owned(), (Instant::now(), account, inbox.clone()));
        }
        Ok((account, inbox))
    }

    /// Lists the inboxes of the account, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`].
    pub async fn list_inboxes(&self, actor: &Actor) -> Result<Vec<Inbox>> {
        actor.needs(Permission::ReadDirectory)?;
        store::inbox::list(&self.read(actor.account)).await
    }

    /// Reads one inbox.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn get_inbox(&self, actor: &Actor, id: Id<Inbox>) -> Result<Inbox> {
        actor.needs(Permission::ReadDirectory)?;
        get(&self.read(actor.account), id).await
    }

    /// Adds an inbox. What is not said is the account's language, a bot, always
    /// open, and no page that may embed it.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::Invalid`], [`Rule::NameTaken`] and
    /// [`Rule::LimitReached`].
    pub async fn create_inbox(&self, actor: &Actor, new: ChangeInbox) -> Result<Inbox> {
        actor.needs(Permission::Administer)?;
        if new.name.is_none() {
            return Err(Error::invalid("/name", "must not be empty"));
        }
        let new = checked(new)?;
        let key = format!("ib_{}", hex::encode(self.draw::<12>()));
        let secret = self.draw_token("").reveal().to_owned();
        let now = self.now();
        let body = move |tx: Tx| async move {
            if store::inbox::list(&tx).await?.len() >= INBOXES_MAX {
                return Err(Rule::LimitReached.into());
            }
            let account = store::account::find(&tx).await?.ok_or(Error::NotFound("the account"))?;
            let blank = Inbox {
                id: tx.id()?,
                name: String::new(),
                key,
                identity_secret: secret,
                identity_public_key: String::new(),
                enforce_identity: false,
                incoming: None,
                allowed_origins: Vec::new(),
                greeting: String::new(),
                language: account.language,
                bot: true,
                hours: BusinessHours { time_zone: account.time_zone, ..BusinessHours::default() },
                created_at: now,
            };
            let inbox = apply(new, blank);
            save(&tx, &inbox, now).await?;
            Ok(inbox)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Changes an inbox.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`] and
    /// [`Rule::NameTaken`].
    pub async fn change_inbox(
        &self,
        actor: &Actor,
        id: Id<Inbox>,
        change: ChangeInbox,
    ) -> Result<Inbox> {
        actor.needs(Permission::Administer)?;
        let change = checked(change)?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let before = get(&tx, id).await?;
            let inbox = apply(change, before.clone());
            if inbox != before {
                save(&tx, &inbox, now).await?;
            }
            Ok(inbox)
        };
        let inbox = self.parts.store.write(actor.account, body).await?;
        self.parts.inboxes.remove(&inbox.key);
        Ok(inbox)
    }

    /// Draws a secret for the messages that the company's own server passes on, and
    /// returns it, this once. The one before counts for a day, so that the server
    /// can change over without losing a message.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn rotate_incoming_secret(&self, actor: &Actor, id: Id<Inbox>) -> Result<String> {
        let (secret, now) = (self.draw_signing_secret(), self.now());
        let drawn = secret.clone();
        self.set_incoming(actor, id, move |before| {
            Some(match before {
                Some(secrets) => secrets.replaced_by(drawn, now),
                None => Secrets::new(drawn),
            })
        })
        .await?;
        Ok(secret)
    }

    /// Takes no more messages that a company's own server passes on: no secret
    /// counts any longer.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn forget_incoming_secret(&self, actor: &Actor, id: Id<Inbox>) -> Result<()> {
        self.set_incoming(actor, id, |_| None).await
    }

    async fn set_incoming(
        &self,
        actor: &Actor,
        id: Id<Inbox>,
        secrets: impl FnOnce(Option<Secrets>) -> Option<Secrets> + Send + 'static,
    ) -> Result<()> {
        actor.needs(Permission::Administer)?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let before = get(&tx, id).await?;
            let inbox = Inbox { incoming: secrets(before.incoming.clone()), ..before };
            save(&tx, &inbox, now).await?;
            Ok(inbox.key)
        };
        let key = self.parts.store.write(actor.account, body).await?;
        self.parts.inboxes.remove(&key);
        Ok(())
    }

    /// Draws a new secret for signed identities and returns it, this once. What
    /// the old one signed is worth nothing from now on.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn rotate_inbox_secret(&self, actor: &Actor, id: Id<Inbox>) -> Result<String> {
        actor.needs(Permission::Administer)?;
        let secret = self.draw_token("").reveal().to_owned();
        let now = self.now();
        let body = move |tx: Tx| async move {
            let before = get(&tx, id).await?;
            let inbox = Inbox { identity_secret: secret, ..before };
            save(&tx, &inbox, now).await?;
            Ok(inbox)
        };
        let inbox = self.parts.store.write(actor.account, body).await?;
        self.parts.inboxes.remove(&inbox.key);
        Ok(inbox.identity_secret)
    }
}

async fn get(reader: &Reader, id: Id<Inbox>) -> Result<Inbox> {
    store::inbox::find(reader, id).await?.ok_or(Error::NotFound("the inbox"))
}

async fn save(tx: &Tx, inbox: &Inbox, now: jiff::Timestamp) -> Result<()> {
    store::inbox::save(tx, inbox).await?;
    tx.record(News::about(EventKind::InboxUpdated, inbox.id), now);
    Ok(())
}

/// Cleans every field that is given, and reports every wrong one.
fn checked(change: ChangeInbox) -> Result<ChangeInbox> {
    let mut fields = Fields::default();
    let name = change.name.map(|name| fields.take(check::name(&name)));
    let greeting = change
        .greeting
        .map(|greeting| fields.take(clean_text(&greeting, "/greeting", GREETING_CHARS_MAX)));
    let allowed_origins =
        change.allowed_origins.map(|origins| fields.take(check_origins(&origins)));
    let identity_public_key =
        change.identity_public_key.map(|pem| fields.take(check_public_key(&pem)));
    if let Some(hours) = &change.hours {
        fields.take(check_hours(hours));
    }
    fields.done()?;
    Ok(ChangeInbox { name, greeting, allowed_origins, identity_public_key, ..change })
}

fn check_origins(origins: &[String]) -> Result<Vec<String>> {
    if origins.len() > ORIGINS_MAX {
        return Err(Error::invalid(
            "/allowed_origins",
            format!("at most {ORIGINS_MAX} are allowed"),
        ));
    }
    Inbox::check_origins(origins)
}

/// Checks a key and writes it as everybody does; no key stays none.
fn check_public_key(pem: &str) -> Result<String> {
    if pem.trim().is_empty() { Ok(String::new()) } else { PublicKey::read(pem)?.to_pem() }
}

fn check_hours(hours: &BusinessHours) -> Result<()> {
    if hours.week.len() + hours.holidays.len() > HOURS_MAX {
        return Err(Error::invalid(
            "/hours",
            format!("at most {HOURS_MAX} spans and days off are allowed"),
        ));
    }
    hours.check("/hours")
}

fn apply(change: ChangeInbox, inbox: Inbox) -> Inbox {
    Inbox {
        name: change.name.unwrap_or(inbox.name),
        language: change.language.unwrap_or(inbox.language),
        greeting: change.greeting.unwrap_or(inbox.greeting),
        allowed_origins: change.allowed_origins.unwrap_or(inbox.allowed_origins),
        enforce_identity: change.enforce_identity.unwrap_or(inbox.enforce_identity),
        identity_public_key: change.identity_public_key.unwrap_or(inbox.identity_public_key),
        bot: change.bot.unwrap_or(inbox.bot),
        hours: change.hours.unwrap_or(inbox.hours),
        ..inbox
    }
}
