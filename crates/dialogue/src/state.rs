//! What the bot remembers of a conversation between two turns.
//!
//! It is stored with every conversation, so its keys are one letter, defaults are left out and
//! every list is bounded: at most 1 KiB of JSON.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::text::excerpt;
use crate::{Detail, Language, QUICK_REPLIES_MAX};

/// How many intents are remembered.
pub const RECENT_MAX: usize = 5;

/// How many particulars are remembered.
pub const DETAILS_MAX: usize = 6;

/// How long one of them is at most, in characters.
const DETAIL_CHARS_MAX: usize = 32;

/// How many bytes all of them take at most.
const DETAILS_BYTES_MAX: usize = 320;

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
    /// What was named in particular, the last one last; at most [`DETAILS_MAX`].
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
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

    /// Notes what a message named in particular; what was named before moves to the end. Of more than
    /// there is room for, the latest stay.
    pub(crate) fn note(&mut self, details: &[Detail]) {
        for detail in details.iter().map(shortened) {
            self.details.retain(|known| *known != detail);
            self.details.push(detail);
        }
        let mut room = DETAILS_BYTES_MAX;
        let fits = self.details.iter().rev().take(DETAILS_MAX).take_while(|detail| {
            let left = room.checked_sub(bytes(detail));
            room = left.unwrap_or_default();
            left.is_some()
        });
        let surplus = self.details.len() - fits.count();
        self.details.drain(..surplus);
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

fn shortened(detail: &Detail) -> Detail {
    let short = |text: &str| excerpt(text, DETAIL_CHARS_MAX);
    Detail { kind: short(&detail.kind), text: short(&detail.text) }
}

/// How many bytes a detail takes in JSON: marks that are written as two count twice.
fn bytes(detail: &Detail) -> usize {
    let escapes = |text: &str| text.matches(['"', '\\']).count();
    let bytes = |text: &str| text.len() + escapes(text);
    bytes(&detail.kind) + bytes(&detail.text) + r#"["",""],"#.len()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
