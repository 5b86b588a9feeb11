//! What people and bots can do at the desk.
//!
//! Each use case is one method of [`Desk`], in the file of its noun. A use case
//! opens a transaction, loads what it needs, lets `domain` and `dialogue`
//! decide, saves, and records the news; it is the only place where those parts
//! meet. What follows from a commit (live screens, webhooks, the search index)
//! reads the event log afterwards and is in the files named for it.

mod account;
mod activity;
mod actor;
mod admission;
mod agent;
mod assistant;
mod attachment;
mod attempt;
mod batch;
mod bot;
mod bot_error;
mod bot_file;
mod canned_response;
mod check;
mod clock;
mod contact;
mod conversation;
mod delivery;
mod directory;
mod discovery;
mod entities;
mod evaluation;
mod example;
mod explorer;
mod feed;
mod hub;
mod idempotency;
mod identity;
mod identity_key;
mod inbox;
mod incoming;
mod incoming_webhook;
mod indexer;
mod intake;
mod intent;
mod job;
mod language;
mod learner;
mod limit;
mod load;
mod message;
mod mind;
mod mood;
mod note;
mod parse;
mod password;
mod rating;
mod release;
mod review;
mod round;
mod scanner;
mod script;
mod search;
mod secret;
mod sentiment;
mod session;
mod snooze;
mod sweep;
mod tag;
mod team;
mod token;
mod trainer;
mod training;
mod trial;
mod turn;
mod understand;
mod visitor;
mod visitor_token;
mod webhook;
mod welcome;
pub mod wire;
mod work;
mod workshop;

use std::sync::Arc;

use domain::{Account, Id, Result};
use jiff::Timestamp;
use store::Store;
use store::blob::Blobs;
use tokio_util::sync::CancellationToken;

pub use account::ChangeAccount;
pub use actor::{Actor, SignIn};
pub use admission::Admission;
pub use agent::{ChangeAgent, NewAgent};
pub use attachment::{SignedFile, Upload};
pub use bot::{Bot, Bots, Tried};
pub use bot_error::BotError;

pub use canned_response::ChangeCannedResponse;
pub use clock::{Clock, Randomness};
pub use contact::ChangeContact;
pub use conversation::{Counts, ListConversations};
pub use directory::{ConversationView, EventView, MessageView};
pub use discovery::Discovered;
pub use discovery::past::PAST_BYTES_MAX;
pub use entities::Entity;
pub use evaluation::{Confusion, Evaluation, IntentEvaluation, LanguageEvaluation, Miss};
pub use example::{ChangeExample, ListExamples};
pub use feed::Gateway;
pub use hub::{Hint, Watch};
pub use identity::Claims;
pub use inbox::ChangeInbox;
pub use incoming::Sent;
pub use incoming_webhook::{PassedOn, Signed};
pub use intent::{AddIntent, Translation};
pub use limit::{Counted, Limit};
pub use message::{Entry, SendMessage, Thread};
pub use parse::{Comparison, Difference, Parsed};
pub use review::ListReviews;
pub use scanner::{Scanner, ScannerAddress, ScannerError, Verdict};
pub use search::Found;
pub use secret::{Keys, Token, hash};
pub use session::{SignedIn, Whence};
pub use store::Committed;
pub use team::ChangeTeam;
pub use token::NewToken;
pub use understand::{Reason, Understand, Understood};
pub use visitor::Guest;
pub use visitor_token::inbox_of_token;
pub use webhook::{ChangeWebhook, WebhookSecret};
pub use welcome::{Greeting, WhoAsks};
pub use workshop::Workshop;

/// The desk: every use case and what they share. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    parts: Arc<Parts>,
}

/// What the use cases share.
struct Parts {
    store: Store,
    blobs: Blobs,
    outbound: outbound::Client,
    bots: Bots,
    /// Bots that somebody tries while they are not at work.
    tried: parse::Tried,
    workshop: Workshop,
    hub: hub::Hub,
    intake: intake::Intake,
    inboxes: inbox::Inboxes,
    directories: directory::Directories,
    /// How many messages visitors sent, by the hash of their token.
    visitor_messages: Counted<[u8; 32]>,
    quarantine: attachment::Quarantine,
    /// Wakes the worker of this process, which would find the file soon anyway.
    scan_queued: tokio::sync::Notify,
    /// Wakes the trainer of this process, which would find the training soon anyway.
    training_queued: tokio::sync::Notify,
    /// Wakes the explorer of this process in the same way.
    discovery_queued: tokio::sync::Notify,
    keys: Keys,
    clock: Clock,
    randomness: Randomness,
    limits: Limits,
}

/// Bounds that an administrator may set.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a bot may think about one turn, in milliseconds.
    pub bot_time_max_ms: u64,
    /// How long an accepted message may wait for its commit, in milliseconds;
    /// when more work waits than that, contacts are told to wait.
    pub intake_wait_max_ms: u64,
    /// How often a webhook delivery is tried before it is given up.
    pub delivery_attempts_max: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bot_time_max_ms: 2_000, intake_wait_max_ms: 150, delivery_attempts_max: 12 }
    }
}

/// What a desk is made of.
pub struct Setup {
    /// The database.
    pub store: Store,
    /// Where the bytes of attachments are.
    pub blobs: Blobs,
    /// Who looks at uploads before anybody gets them; without one they are handed
    /// out at once.
    pub scanner: Option<Scanner>,
    /// The client for addresses that strangers chose.
    pub outbound: outbound::Client,
    /// The bots of the accounts.
    pub bots: Bots,
    /// Where the bots' files and their releases are.
    pub workshop: Workshop,
    /// Keys, one for each purpose.
    pub keys: Keys,
    /// Where the time is read.
    pub clock: Clock,
    /// Where randomness comes from.
    pub randomness: Randomness,
    /// Bounds.
    pub limits: Limits,
}

impl Desk {
    /// Opens the desk. Its background work is started by [`Desk::gateway`] and
    /// [`Desk::run_worker`].
    pub fn open(setup: Setup) -> Self {
        let Setup { store, blobs, scanner, outbound, bots, workshop, .. } = setup;
        let Setup { keys, clock, randomness, limits, .. } = setup;
        let intake = intake::Intake::start(store.clone(), bots.clone(), clock.clone(), limits);
        let hub = hub::Hub::default();
        let parts = Parts {
            store,
            blobs,
            outbound,
            bots,
            tried: parse::Tried::default(),
            workshop,
            hub,
            intake,
            inboxes: inbox::Inboxes::default(),
            directories: directory::Directories::default(),
            visitor_messages: Counted::new([incoming::MESSAGES]),
            quarantine: attachment::Quarantine::new(scanner),
            scan_queued: tokio::sync::Notify::new(),
            training_queued: tokio::sync::Notify::new(),
            discovery_queued: tokio::sync::Notify::new(),
            keys,
            clock,
            randomness,
            limits,
        };
        Desk { parts: Arc::new(parts) }
    }

    /// Does the work that follows from commits (deliveries, jobs, trainings, discoveries, the review
    /// queue, the search index, waking snoozed conversations, pruning) until `shutdown`. Safe to run on
    /// every node; any of them can be killed at any moment.
    pub async fn run_worker(&self, shutdown: CancellationToken) {
        tokio::join!(
            delivery::run(self, shutdown.clone()),
            indexer::run(self, shutdown.clone()),
            job::run(self, shutdown.clone()),
            snooze::run(self, shutdown.clone()),
            learner::run(self, shutdown.clone()),
            trainer::run(self, shutdown.clone()),
            explorer::run(self, shutdown.clone()),
            sweep::run(self, shutdown.clone()),
        );
    }

    /// Reports whether the database answers.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if it does not.
    pub async fn ready(&self) -> Result<()> {
        self.parts.store.ready().await
    }

    /// The database, for commands of the binary.
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// The bots of the accounts.
    pub fn bots(&self) -> &Bots {
        &self.parts.bots
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        (self.parts.clock)()
    }

    pub(crate) fn read(&self, account: Id<Account>) -> store::Reader {
        self.parts.store.read(account)
    }
}
