//! What the bot remembers of a conversation between two turns.
//!
//! It is stored with every conversation, so its keys are one letter, defaults are left out and
//! every list is bounded: at most 1 KiB of JSON.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Language, QUICK_REPLIES_MAX};

/// How many intents are remembered.
pub const RECENT_MAX: usize = 5;

/// After how long a silence the last question no longer stands. A "1" of the next morning answers
/// nothing, and misunderstandings of yesterday are not "in a row" with today's.
const PAUSE_MAX_S: i64 = 4 * 60 * 60;

/// What the bot remembers of a conversation.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct State {
    /// The language of the conversation, once it is known.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// How many turns in a row the bot was lost.
    #[serde(rename = "n", default, skip_serializing_if = "is_default")]
    pub lost: u8,
    /// How many turns the bot was lost since the conversation came to it.
    #[serde(rename = "m", default, skip_serializing_if = "is_default")]
    pub misses: u8,
    /// What was asked, the last one last; at most [`RECENT_MAX`].
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<String>,
    /// The intents that the last message offered, in order.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Whether the last turn had no words.
    #[serde(rename = "e", default, skip_serializing_if = "is_default")]
    pub wordless: bool,
    /// Whether the last turn may have asked for a person.
    #[serde(rename = "p", default, skip_serializing_if = "is_default")]
    pub person_mentioned: bool,
    /// When the last turn was, in seconds since 1970.
    #[serde(rename = "t", default, skip_serializing_if = "is_default")]
    pub turned_at: i64,
}

impl State {
    /// Begins a conversation in the language of the contact's page.
    pub fn in_language(language: Language) -> Self {
        State { language: Some(language), ..State::default() }
    }

    /// Returns the state as it stands at `now`: after a long silence without the last question.
    pub(crate) fn awake(&self, now: Timestamp) -> Self {
        let mut awake = self.clone();
        if now.as_second().saturating_sub(self.turned_at) > PAUSE_MAX_S {
            awake.lost = 0;
            awake.choices.clear();
            awake.wordless = false;
            awake.person_mentioned = false;
        }
        awake.turned_at = now.as_second();
        awake
    }

    /// Notes that `intent` was asked; asking again moves it to the end.
    pub(crate) fn remember(&mut self, intent: &str) {
        self.recent.retain(|known| known != intent);
        self.recent.push(intent.to_owned());
        let surplus = self.recent.len().saturating_sub(RECENT_MAX);
        self.recent.drain(..surplus);
    }

    /// Notes that a turn was not understood.
    pub(crate) fn miss(&mut self) {
        self.lost = self.lost.saturating_add(1);
        self.misses = self.misses.saturating_add(1);
    }

    /// Notes what the message now said offers.
    pub(crate) fn offer<'a>(&mut self, intents: impl Iterator<Item = &'a str>) {
        self.choices = intents.take(QUICK_REPLIES_MAX).map(str::to_owned).collect();
    }

    /// Forgets all but the language: a person has it now, and what comes after is a new matter.
    pub(crate) fn let_go(&mut self) {
        *self = State { language: self.language, turned_at: self.turned_at, ..State::default() };
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
