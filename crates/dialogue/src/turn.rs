//! What goes into a step and what comes out of it.

use serde::{Deserialize, Serialize};

use crate::{Language, QuickReply};

/// What the contact just said, as it was understood.
#[derive(Clone, Debug, Default)]
pub struct Turn<'a> {
    /// The words, empty when there were only attachments.
    pub text: &'a str,
    /// The language of the words, when it could be told.
    pub language: Option<Language>,
    /// The value of the quick reply that was tapped.
    pub quick_reply: Option<&'a str>,
    /// What may be meant, with probabilities from 0 to 1, in any order.
    pub intents: &'a [(String, f32)],
    /// How angry the message sounds, from 0 to 1.
    pub anger: f32,
    /// How angry the contact was over the last messages, this one included, from 0 to 1.
    pub lasting_anger: f32,
    /// What the message names in particular, to be told to whoever takes over.
    pub details: &'a [Detail],
    /// The words as they may be quoted, where some of them must not be passed on.
    pub quoted: Option<&'a str>,
    /// Whether understanding failed or took too long.
    pub failed: bool,
    /// Whether people are at work.
    pub hours: Hours,
}

/// Something that a message names in particular: the number of an order, a product.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(from = "(String, String)", into = "(String, String)")]
pub struct Detail {
    /// What it is, as understanding names it.
    pub kind: String,
    /// How it may be told.
    pub text: String,
}

impl From<(String, String)> for Detail {
    fn from((kind, text): (String, String)) -> Self {
        Detail { kind, text }
    }
}

impl From<Detail> for (String, String) {
    fn from(detail: Detail) -> Self {
        (detail.kind, detail.text)
    }
}

/// Whether people are at work.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// They are.
    #[default]
    Open,
    /// They are not.
    Closed {
        /// When they will be, in the words of the conversation's language, when it is known.
        opens_at: Option<String>,
    },
}

/// What the bot should do.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Says something to the contact.
    Say {
        /// The words, in Markdown.
        text: String,
        /// What the contact may tap.
        quick_replies: Vec<QuickReply>,
        /// The intent that this answers, when it answers one.
        intent: Option<String>,
    },
    /// Gives the conversation to a person.
    HandOff {
        /// Why.
        reason: Reason,
        /// What the agent should know, in at most four lines in the conversation's language.
        summary: String,
    },
}

/// Why a conversation goes to a person.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The contact asked for one.
    Asked,
    /// The bot did not understand.
    Lost,
    /// The contact is angry.
    Angry,
    /// The bot failed.
    BotFailed,
}

impl Reason {
    /// Names the reason as it stands in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Asked => "asked",
            Reason::Lost => "lost",
            Reason::Angry => "angry",
            Reason::BotFailed => "bot_failed",
        }
    }
}
