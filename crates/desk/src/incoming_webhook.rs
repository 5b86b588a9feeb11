//! Incoming webhooks: messages that a company's own server passes on, from its
//! app or from a channel of its own, signed after Standard Webhooks.
//!
//! `webhook-id` is the name that the company's side has for the message. The
//! server sends again until it is told that the message is durable, so the same
//! name may come twice: it is one message, however late it comes again.

use std::sync::Arc;

use domain::{Account, Contact, Error, Id, Inbox, Language, Result};
use outbound::HeaderMap;
use outbound::signature::{self, Secret, TOLERANCE_SECONDS};
use store::Tx;
use uuid::Uuid;

use crate::identity::{self, Claims};
use crate::message::SendMessage;
use crate::secret::hash;
use crate::visitor::clean_words;
use crate::welcome::{known_by, meet, with_claims};
use crate::{Desk, Guest, Sent};

/// What a company's server passes on.
#[derive(Clone, Debug)]
pub struct PassedOn {
    /// Who says it, in the company's words.
    pub contact: Claims,
    /// What is said.
    pub text: String,
    /// The value of the quick reply that was chosen.
    pub quick_reply: Option<String>,
    /// The language of the app.
    pub language: Option<Language>,
}

/// Proof that a request was signed for an inbox.
#[derive(Clone, Debug)]
pub struct Signed {
    account: Id<Account>,
    inbox: Arc<Inbox>,
    /// The sender's own name for what it sent.
    name: String,
}

impl Desk {
    /// Checks that the company of the inbox with this public key signed a request,
    /// now. `body` is the bytes as they came; nothing of it is read before.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] for whatever is wrong: no such inbox, one that
    /// takes nothing, another secret, another body, another time.
    pub async fn check_incoming(
        &self,
        key: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Signed> {
        let (account, inbox) = self.find_inbox(key).await.map_err(|error| match error {
            Error::NotFound(_) => Error::Unauthenticated,
            error => error,
        })?;
        let now = self.now();
        let secrets = inbox.incoming.as_ref().ok_or(Error::Unauthenticated)?.live(now);
        let secrets: Vec<Secret> = secrets
            .into_iter()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(Error::internal)?;
        let checked =
            signature::verify(&secrets, headers, body, now.as_second(), TOLERANCE_SECONDS);
        let name = checked.map_err(|reason| {
            tracing::info!(%reason, inbox = %inbox.id, "an incoming message was refused");
            Error::Unauthenticated
        })?;
        Ok(Signed { account, name: name.to_owned(), inbox })
    }

    /// Takes a message whose signature was checked, and returns when it is durable,
    /// with the bot's answer if there is one.
    ///
    /// # Errors
    ///
    /// - [`Error::Invalid`] if it says nothing or too much, or of nobody.
    /// - [`Error::Busy`] if there is too much work, or the contact is too quick; the
    ///   message was not accepted. A contact who was unknown may be known by then.
    pub async fn take_incoming(&self, signed: Signed, passed: PassedOn) -> Result<(Guest, Sent)> {
        let claims = identity::checked(passed.contact, "/contact")?;
        let text = clean_words(&passed.text)?;
        let Signed { account, inbox, name } = signed;
        // Stands where a visitor has the hash of a token: for this person, here.
        let token_hash = hash(&format!("{}.{}", inbox.key, claims.sub));
        let mut guest = Guest {
            account,
            language: passed.language.unwrap_or(inbox.language),
            contact: Some(self.met(account, &inbox, claims).await?.id),
            conversation: None,
            verified: true,
            token_hash,
            inbox,
        };
        let said = SendMessage {
            client_id: client_id(&guest.inbox, &name),
            text,
            quick_reply: passed.quick_reply,
            attachments: Vec::new(),
        };
        let sent = self.send_as_guest(&mut guest, said).await?;
        Ok((guest, sent))
    }

    /// The contact whom a company speaks of. Only what is new is written.
    async fn met(
        &self,
        account: Id<Account>,
        inbox: &Arc<Inbox>,
        claims: Claims,
    ) -> Result<Contact> {
        let known = known_by(&self.read(account), inbox, &claims.sub).await?;
        if let Some(known) = known.filter(|known| with_claims(known, &claims) == *known) {
            return Ok(known);
        }
        let (inbox, now) = (inbox.clone(), self.now());
        let write = move |tx: Tx| async move { meet(&tx, &inbox, claims, now).await };
        self.parts.store.write(account, write).await
    }
}

/// The name under which a message is stored: the same for the same name in the
/// same inbox, on every process and for ever.
fn client_id(inbox: &Inbox, name: &str) -> Uuid {
    let digest = hash(&format!("{}.{name}", inbox.key));
    let bytes = digest.first_chunk().expect("a hash of 32 bytes has 16");
    uuid::Builder::from_custom_bytes(*bytes).into_uuid()
}
