//! Decides what the bot does next.
//!
//! The engine is one pure function: [`step()`] takes the bot's [`Script`], the [`State`] of the
//! conversation, what the contact just said as it was understood (a [`Turn`]) and the time, and
//! returns the new state and the [`Action`]s to carry out. It does no I/O, reads no clock and
//! keeps nothing between calls, so a dialogue can be replayed, tested as a transcript and run on
//! any node.
//!
//! It does not understand text (that is `nlu`; intents and anger, also that of the messages before, arrive in the turn), does not know
//! opening hours or agents (that is `domain`), and sends nothing. The only words that it looks at
//! itself are the few that must work even when understanding is down: the wish for a person and
//! the choice among the replies just offered.

mod check;
mod choice;
mod person;
mod script;
mod state;
mod step;
mod summary;
mod text;
mod turn;
mod understanding;

pub use check::Mistake;
pub use script::{
    Answer, AnswerAction, Language, Localized, PersonWords, QUICK_REPLIES_MAX, QuickReply, Script,
    Sentence, Thresholds, Words,
};
pub use state::{DETAILS_MAX, RECENT_MAX, State};
pub use step::{CHOICES_MAX, step};
pub use summary::{LAST_WORDS_MAX, SUMMARY_LINES_MAX};
pub use turn::{Action, Detail, Hours, Reason, Turn};
pub use understanding::{Tier, Understanding};
