//! Events: past facts, in the order in which they were committed.

use jiff::Timestamp;
use serde_json::Value;

use crate::{Account, Conversation, Id};

/// An entry of an account's event log.
///
/// An entry is small: it names what happened and to what. Whoever tells it
/// further joins the nouns that it names.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Whose log it is in.
    pub account: Id<Account>,
    /// Its place in the log: 1, 2, 3 … without gaps.
    pub cursor: i64,
    /// What happened.
    pub kind: EventKind,
    /// The conversation that it happened to, if any.
    pub conversation: Option<Id<Conversation>>,
    /// What it happened to: the `seq` of a message, or the id of another noun.
    pub subject: i64,
    /// What else must be known, such as who did it.
    pub data: Option<Value>,
    /// When it was committed.
    pub created_at: Timestamp,
}

/// A fact on its way into the log, which gives it a cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// What happened.
    pub kind: EventKind,
    /// The conversation that it happened to, if any.
    pub conversation: Option<Id<Conversation>>,
    /// What it happened to: the `seq` of a message, or the id of another noun.
    pub subject: i64,
    /// What else must be known.
    pub data: Option<Value>,
}

impl News {
    /// Something happened to a conversation.
    pub fn of(kind: EventKind, conversation: Id<Conversation>) -> Self {
        News { kind, conversation: Some(conversation), subject: conversation.number(), data: None }
    }

    /// A message took its place in a thread.
    pub fn message(conversation: Id<Conversation>, seq: i64) -> Self {
        News { subject: seq, ..News::of(EventKind::MessageCreated, conversation) }
    }

    /// Something happened to a noun that is no part of a conversation.
    pub fn about<T>(kind: EventKind, subject: Id<T>) -> Self {
        News { kind, conversation: None, subject: subject.number(), data: None }
    }

    /// Adds what else must be known.
    pub fn with(self, data: Value) -> Self {
        News { data: Some(data), ..self }
    }
}

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $kind:ident = $number:literal $name:literal,)+) => {
        /// What happened. The number is what the database keeps, the name what the
        /// wire carries; neither ever changes.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum EventKind { $($(#[$doc])* $kind,)+ }

        impl EventKind {
            /// Every kind of event.
            pub const ALL: &[EventKind] = &[$(EventKind::$kind,)+];

            /// The number that the database keeps.
            pub fn number(self) -> i16 {
                match self { $(EventKind::$kind => $number,)+ }
            }

            /// The name on the wire: a noun, a dot, a verb in the past tense.
            pub fn name(self) -> &'static str {
                match self { $(EventKind::$kind => $name,)+ }
            }
        }
    };
}

event_kinds! {
    /// A message took its place in a thread.
    MessageCreated = 1 "message.created",
    /// A message was taken back.
    MessageRetracted = 2 "message.retracted",
    /// A scanner found a file of a message clean, or refused it.
    MessageScanned = 4 "message.scanned",
    /// An agent wrote a note.
    NoteCreated = 3 "note.created",
    /// A conversation began.
    ConversationOpened = 10 "conversation.opened",
    /// An agent or team got it, or nobody has it any more.
    ConversationAssigned = 11 "conversation.assigned",
    /// The bot gave it to the people, or they to the bot.
    ConversationHandedOff = 12 "conversation.handed_off",
    /// The work is done.
    ConversationResolved = 13 "conversation.resolved",
    /// It goes on after all.
    ConversationReopened = 14 "conversation.reopened",
    /// It rests until a time or the next message.
    ConversationSnoozed = 15 "conversation.snoozed",
    /// Its priority changed.
    ConversationPrioritised = 16 "conversation.prioritised",
    /// Its tags changed.
    ConversationTagged = 17 "conversation.tagged",
    /// The contact rated it.
    ConversationRated = 18 "conversation.rated",
    /// A contact became known or better known.
    ContactUpdated = 30 "contact.updated",
    /// An agent was added or changed.
    AgentUpdated = 40 "agent.updated",
    /// A sign-in session or token ended before its time.
    SessionRevoked = 41 "session.revoked",
    /// A team was added, changed or removed.
    TeamUpdated = 42 "team.updated",
    /// An inbox was added or changed.
    InboxUpdated = 43 "inbox.updated",
    /// A tag was added, changed or removed.
    TagUpdated = 44 "tag.updated",
    /// A canned response was added, changed or removed.
    CannedResponseUpdated = 45 "canned_response.updated",
    /// A webhook was added, changed or removed.
    WebhookUpdated = 46 "webhook.updated",
    /// The account's own settings changed.
    AccountUpdated = 47 "account.updated",
    /// A release of the bot's model was begun, got further, failed or was removed.
    ReleaseUpdated = 50 "release.updated",
    /// A release of the bot's model was put to work.
    ReleasePublished = 51 "release.published",
    /// An example of an intent was added or removed.
    ExampleUpdated = 52 "example.updated",
    /// A trainer decided what something in the review queue meant.
    ReviewDecided = 53 "review.decided",
    /// A trial of a release began or ended.
    TrialUpdated = 54 "trial.updated",
    /// A discovery of what contacts ask about began or ended.
    DiscoveryUpdated = 55 "discovery.updated",
}

impl EventKind {
    /// Reads the number that the database keeps.
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.number() == number)
    }

    /// Reads the name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_number_and_a_name_of_its_own() {
        for &kind in EventKind::ALL {
            assert_eq!(EventKind::from_number(kind.number()), Some(kind));
            assert_eq!(EventKind::from_name(kind.name()), Some(kind));
        }
    }
}
