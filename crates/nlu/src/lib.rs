//! Understands what a customer says: text to language, likeliest intents and emotions; training, evaluation, releases.
//!
//! All of it runs in process and is a function of its arguments: no clock, no network, and no file but those that a
//! caller names. It knows nothing of conversations, accounts or channels, and does not decide what a bot does next.
//!
//! The way through: [`BotData`] reads a bot's folder → [`TrainingSet`] → [`Model::train`] → [`evaluate()`] →
//! [`Model::save`] a release → [`Model::load`] → [`Model::understand`].

pub mod audit;
mod calibrate;
pub mod conflict;
pub mod data;
mod data_error;
pub mod discover;
pub mod edit;
pub mod encoder;
pub mod encoding;
pub mod entity;
pub mod evaluate;
mod explain;
mod features;
pub mod format;
mod keys;
pub mod language;
mod model;
pub mod near;
mod quantised;
mod relearn;
pub mod release;
pub mod report;
pub mod review;
mod scope;
pub mod sentiment;
mod simplified;
pub mod slot;
mod solver;
pub mod split;
pub mod text;
mod train;
mod train_options;
mod training_set;
mod tuning;
mod view;

pub use calibrate::{Calibration, Metrics, PRECISION_TARGET};
pub use conflict::Conflict;
pub use data::{Action, BotData, Intent};
pub use data_error::{DataError, DataErrors};
pub use encoder::{Encoder, EncoderError};
pub use evaluate::{Answer, Confusion, IntentReport, Reply, Report, evaluate};
pub use explain::Weight;
pub use model::{CANDIDATES_MAX, Candidate, Model, Understanding};
pub use relearn::{Origin, Relearned};
pub use release::{Manifest, ReleaseError};
pub use sentiment::Lexicon;
pub use text::Language;
pub use train::{Learning, Material, OnLearning, TrainError};
pub use train_options::{Tier, TrainOptions};
pub use training_set::{EXAMPLES_MAX, Example, INTENTS_MAX, TrainingSet, data_hash, parse_tsv};
pub use tuning::{Rehearsal, Tuned, tune};
