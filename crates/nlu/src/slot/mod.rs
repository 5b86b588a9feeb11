//! Slots: which parts of an utterance say where, when, whom, how many. Learned from utterances in which they are
//! marked, for any language, word by word or character by character.
//!
//! The way through: [`parse_jsonl`] → [`Tagger::train`] → [`evaluate`] → [`Tagger::save`] → [`Tagger::load`] →
//! [`Tagger::tag`]. The tagger says where a value stands and what it is for; what the value means (which day "next
//! Friday" is) is not its matter, and patterns and lists that somebody wrote are not either.

mod bytes;
mod exponential;
mod feature;
mod fit;
mod index;
mod keep;
mod lattice;
mod lexicon;
mod list;
mod options;
mod quantised;
mod reader;
mod report;
mod scorer;
mod tagger;
mod tokenizer;
mod train;
mod utterance;
mod vectors;

pub use keep::{FOLDER_OF_INTENTS, MANIFEST_FILE, SlotManifest, WEIGHTS_FILE};
pub use list::ValueLists;
pub use options::TaggerOptions;
pub use report::{SlotReport, SlotScore, evaluate};
pub use tagger::{FoundSlot, Slot, Tagger};
pub use tokenizer::Tokenizer;
pub use train::{SLOTS_MAX, TaggerError};
pub use utterance::{
    SLOT_TOKENS_MAX, TOKENS_MAX, TaggedUtterance, TokenSlot, UTTERANCES_MAX, parse_jsonl,
};
