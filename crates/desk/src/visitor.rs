//! What visitors say, and what they see of their thread.

use std::sync::Arc;

use domain::{
    Account, Contact, Conversation, Error, Id, Inbox, Language, MESSAGE_CHARS_MAX, Message, Result,
    SenderKind, clean_text, is_in_share,
};
use store::{Tx, conversation, message, visitor};

use crate::entities::{self, Told};
use crate::incoming::{Incoming, TriedTurn};
use crate::message::SendMessage;
use crate::understand::Understood;
use crate::{Admission, Desk, Hint, MessageView, Sent, Watch};

/// How many files one message may carry.
const ATTACHMENTS_MAX: usize = 10;

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
    /// Whether a company vouched for them.
    pub(crate) verified: bool,
    pub(crate) token_hash: [u8; 32],
}

impl Desk {
    /// Checks that somebody who was let in would be let in again: the inbox may
    /// ask for a signed identity by now.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] if not; [`Error::NotFound`] if the inbox is gone.
    pub async fn keep_admitting(&self, guest: &mut Guest) -> Result<()> {
        let (_, inbox) = self.find_inbox(&guest.inbox.key).await?;
        guest.inbox = inbox;
        guest.inbox.admits(guest.verified)
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
        let text = match said.attachments.is_empty() {
            true => clean_words(&said.text)?,
            false => clean_text(&said.text, "/text", MESSAGE_CHARS_MAX)?,
        };
        if said.attachments.len() > ATTACHMENTS_MAX {
            let detail = format!("at most {ATTACHMENTS_MAX} files fit one message");
            return Err(Error::invalid("/attachments", detail));
        }
        self.parts.visitor_messages.take(&guest.token_hash, self.now())?;
        let bot = self.parts.bots.get(guest.account).filter(|_| guest.inbox.bot);
        let (understood, told) = match bot {
            Some(bot) => {
                let understood = bot.understand(&text, self.bot_time_max()).await;
                (understood, entities::told(&bot.entities, &text, self.now()))
            }
            None => (Understood::default(), Told::default()),
        };
        let tried = self.try_beside(guest, &text).await;
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
            told,
            tried,
        };
        let sent = self.parts.intake.send(incoming).await?;
        metrics::counter!("attune_messages_accepted_total", "sender" => "contact").increment(1);
        guest.contact = Some(sent.contact);
        guest.conversation = Some(sent.conversation.id);
        Ok(sent)
    }

    /// Lets a bot on trial understand what a guest says, if it may be the one to
    /// answer.
    async fn try_beside(&self, guest: &Guest, text: &str) -> Option<TriedTurn> {
        let by = self.parts.bots.tried(guest.account).filter(|_| guest.inbox.bot)?;
        if guest.conversation.is_some_and(|id| !is_in_share(id, by.share)) {
            return None;
        }
        let understood = by.bot.understand(text, self.bot_time_max()).await;
        Some(TriedTurn { by, understood })
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

    /// Tells whether somebody new may come in now.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] while there is so much to do that those who are in wait.
    pub fn admit_visit(&self) -> Result<()> {
        self.parts.intake.admit_visit()
    }

    /// How much the intake takes now.
    pub fn admission(&self) -> Admission {
        self.parts.intake.admission()
    }
}

impl Guest {
    /// The hash of the guest's token, by which the guest owns files.
    pub fn token_hash(&self) -> &[u8; 32] {
        &self.token_hash
    }
}

/// Cleans what somebody says without files: it must say something.
pub(crate) fn clean_words(text: &str) -> Result<String> {
    let text = clean_text(text, "/text", MESSAGE_CHARS_MAX)?;
    if text.is_empty() { Err(Error::invalid("/text", "must not be empty")) } else { Ok(text) }
}
