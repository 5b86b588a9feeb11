//! Messages: everything in a thread that its contact may see, in order.
//!
//! Notes are not messages; see [`crate::Note`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Attachment, Conversation, Id};

/// One entry of a thread.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// Identifies the message.
    pub id: Id<Message>,
    /// The thread that it belongs to.
    pub conversation: Id<Conversation>,
    /// Its place in the thread: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// What kind of entry it is.
    pub kind: MessageKind,
    /// Who said it.
    pub sender: Sender,
    /// What was said: raw text, with Markdown from agents and bots.
    pub text: String,
    /// Answers that the contact may choose.
    pub quick_replies: Vec<QuickReply>,
    /// The stored wording that `text` and `quick_replies` were taken from, when
    /// the bot said one of its fixed sentences.
    pub phrase: Option<i64>,
    /// The message that this one takes back, for [`Activity::Retracted`].
    pub target_seq: Option<i64>,
    /// Whether it was taken back; its text is then empty.
    pub retracted: bool,
    /// The sender's own name for it; the same name twice is one message.
    pub client_id: Option<Uuid>,
    /// Files that belong to it.
    pub attachments: Vec<Attachment>,
    /// When it was accepted. For display only: order is `seq`.
    pub created_at: Timestamp,
}

/// What kind of entry of a thread a message is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MessageKind {
    /// Something said.
    Text,
    /// Something that happened, told to everybody in the thread.
    Activity(Activity),
}

/// A public fact in a thread.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// A person is wanted.
    HandedOff,
    /// A person joined.
    Assigned,
    /// The work is done.
    Resolved,
    /// It goes on after all.
    Reopened,
    /// The contact rated it.
    Rated,
    /// Nobody is there now.
    OutOfHours,
    /// A message was taken back.
    Retracted,
}

impl MessageKind {
    /// The number that the database keeps.
    pub fn number(self) -> i16 {
        match self {
            MessageKind::Text => 0,
            MessageKind::Activity(Activity::HandedOff) => 1,
            MessageKind::Activity(Activity::Assigned) => 2,
            MessageKind::Activity(Activity::Resolved) => 3,
            MessageKind::Activity(Activity::Reopened) => 4,
            MessageKind::Activity(Activity::Rated) => 5,
            MessageKind::Activity(Activity::OutOfHours) => 6,
            MessageKind::Activity(Activity::Retracted) => 7,
        }
    }

    /// Reads the number that the database keeps.
    pub fn from_number(number: i16) -> Option<Self> {
        Some(match number {
            0 => MessageKind::Text,
            1 => MessageKind::Activity(Activity::HandedOff),
            2 => MessageKind::Activity(Activity::Assigned),
            3 => MessageKind::Activity(Activity::Resolved),
            4 => MessageKind::Activity(Activity::Reopened),
            5 => MessageKind::Activity(Activity::Rated),
            6 => MessageKind::Activity(Activity::OutOfHours),
            7 => MessageKind::Activity(Activity::Retracted),
            _ => return None,
        })
    }
}

/// Who said something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sender {
    /// What kind of participant it is.
    pub kind: SenderKind,
    /// The contact's or agent's number; none for bot and system.
    pub id: Option<i64>,
}

/// A kind of participant.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SenderKind {
    /// Who asks.
    Contact,
    /// A person who answers.
    Agent,
    /// The automated participant.
    Bot,
    /// The product itself, for activities.
    System,
}

impl SenderKind {
    /// The number that the database keeps.
    pub fn number(self) -> i16 {
        match self {
            SenderKind::Contact => 0,
            SenderKind::Agent => 1,
            SenderKind::Bot => 2,
            SenderKind::System => 3,
        }
    }

    /// Reads the number that the database keeps.
    pub fn from_number(number: i16) -> Option<Self> {
        [SenderKind::Contact, SenderKind::Agent, SenderKind::Bot, SenderKind::System]
            .into_iter()
            .find(|kind| kind.number() == number)
    }
}

impl Sender {
    /// The bot.
    pub const BOT: Sender = Sender { kind: SenderKind::Bot, id: None };
    /// The product itself.
    pub const SYSTEM: Sender = Sender { kind: SenderKind::System, id: None };

    /// A contact.
    pub fn contact(id: Id<crate::Contact>) -> Self {
        Sender { kind: SenderKind::Contact, id: Some(id.number()) }
    }

    /// An agent.
    pub fn agent(id: Id<crate::Agent>) -> Self {
        Sender { kind: SenderKind::Agent, id: Some(id.number()) }
    }
}

/// A ready answer that a contact may choose.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct QuickReply {
    /// What the button says, and what is sent as text.
    pub title: String,
    /// What it means to the bot.
    pub value: String,
}

/// A fixed wording of the bot, stored once however often it is said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Phrase {
    /// Names the wording by its content.
    pub id: i64,
    /// What is said.
    pub text: String,
    /// The answers that are offered with it.
    pub quick_replies: Vec<QuickReply>,
}
