//! The nouns and rules of the help desk.
//!
//! Everything here is plain data and plain functions: no SQL, no HTTP, no clock.
//! Time and randomness arrive as arguments, so every rule can be tested by
//! calling it.

mod account;
mod agent;
mod attachment;
mod canned_response;
mod contact;
mod conversation;
mod discovery;
mod error;
mod event;
mod example;
mod hours;
mod id;
mod idempotency;
mod inbox;
mod job;
mod message;
mod mood;
mod note;
mod quota;
mod rating;
mod release;
mod review;
mod secrets;
mod session;
mod tag;
mod team;
mod text;
mod trial;
mod visitor;
mod webhook;

pub use account::Account;
pub use agent::{Agent, AgentStatus, Availability, Permission, Role};
pub use attachment::{ATTACHMENT_BYTES_MAX, Attachment, AttachmentState, Owner};
pub use canned_response::{CannedResponse, Variables};
pub use contact::{Contact, Identity};
pub use conversation::{
    Change, Conversation, Handoff, HandoffReason, LastMessage, Priority, Status,
};
pub use discovery::{
    DISCOVERY_DAYS_MAX, Discovery, DiscoveryState, Findings, ProposedIntent, Sample, check_days,
};
pub use error::{Error, FieldError, Result, Rule};
pub use event::{Event, EventKind, News};
pub use example::{Example, Intent, IntentLanguage};
pub use hours::{BusinessHours, Day, Opening, Span};
pub use id::Id;
pub use idempotency::{CarriedOut, Claim, KeptAnswer, REQUEST_KNOWN_FOR};
pub use inbox::Inbox;
pub use job::{Job, JobState};
pub use message::{Activity, Message, MessageKind, Phrase, QuickReply, Sender, SenderKind};
pub use mood::{Emotion, Mood};
pub use note::Note;
pub use quota::Quota;
pub use rating::Rating;
pub use release::{
    Epoch, Release, ReleaseMetrics, ReleaseState, TestMetrics, TrainingProgress, TrainingStep,
    previous as previous_release, superfluous as superfluous_releases,
};
pub use review::{Decision, ReviewItem, ReviewReason, ReviewState, usefulness};
pub use secrets::Secrets;
pub use session::{ApiToken, Session};
pub use tag::Tag;
pub use team::Team;
pub use text::{Language, MESSAGE_CHARS_MAX, clean_line, clean_text};
pub use trial::{Trial, TrialDifference, TrialKind, is_in_share};
pub use visitor::Visitor;
pub use webhook::{Delivery, DeliveryState, Webhook};
