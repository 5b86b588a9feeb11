//! The delivery contract as a model that a checker explores.
//!
//! Senders, server processes, the database and subscribers are reduced to what delivery depends
//! on, every step of each is one action, and stateright walks through *all* orders in which the
//! steps and the faults can happen. It shows that the design keeps the contract; it runs none of
//! the product's code. That the code keeps to the design is the business of the fault tests.
//!
//! # What is modelled
//!
//! - A **sender** is connected to one process or to none. It has messages to send, one after the
//!   other: it sends the next one when the one before is acknowledged. While there is no sign that
//!   an acknowledgement can still come, it sends again, with the same `client_id`.
//! - The **link** between them loses, doubles and reorders frames. A connection that breaks takes
//!   everything in flight with it.
//! - A **process** gathers sends in a bounded queue, begins one transaction for all that wait (it
//!   takes the account's lock and numbers the messages), and commits. Acknowledgements leave after
//!   the commit. A crash, at any point, loses queue, open transaction, feed and connections.
//! - The **database** keeps what was committed, and only that.
//! - A process's **live feed** walks along the committed log, own and foreign rows alike, one
//!   `seq` after the other: an own commit only wakes it early, a poll finds the foreign ones.
//! - A **subscriber** says hello with the last `seq` it saw, `after`. The process sends it what lies
//!   between that and its feed from the database, and then what the feed publishes; the feed's
//!   events that the subscriber has seen already are skipped. What is on its way to a subscriber
//!   waits in a bounded buffer; one that does not read is cut off, and resumes.
//!
//! # The lines of the contract
//!
//! | line | in the model |
//! |---|---|
//! | 1 durable ack | [`properties::ACKNOWLEDGED_IS_STORED`]: whatever crashes, an acknowledged message stands in the database under the acknowledged `seq` |
//! | 2 exactly once in effect | [`properties::ONE_CLIENT_ID_ONE_SEQ`]: a `client_id` has one row, and all its acknowledgements name the same `seq`, also when two processes get it at once |
//! | 3 order | [`properties::SEQS_ARE_CONTIGUOUS`] and [`properties::SENDERS_ORDER_IS_KEPT`]: rows become visible as 1, 2, 3 …; a sender's messages stand in the order of sending |
//! | 4 no gaps | [`properties::SUBSCRIBERS_SEE_A_PREFIX`]: what a subscriber got is 1, 2, … k, over all its connections |
//! | 5 bounded buffers | [`properties::BUFFERS_ARE_BOUNDED`]: queues and buffers stay within their limits; the slow are cut off |
//! | 6 outbox | not here: jobs read the same log by their own cursor, as a subscriber does that cannot be cut off |
//! | 7 honest overload | a full queue takes nothing more; what it took is lost only with the process, unacknowledged. With `quiet` below: accepted work is finished |
//! | 8 read your writes | follows from line 1 and from a resume that reads the database: [`properties::QUIET_MEANS_DELIVERED`] |
//! | 9 edits and deletes | not here: they are rows of the same log |
//! | 10 clock-free | no step reads a clock; the planted [`Bug::ResumeByClock`] shows what happens when one does |
//!
//! # Eventually
//!
//! Faults are budgeted ([`Limits`]), so every walk ends. The checker's own `eventually` overlooks
//! counter-examples where walks meet again or run in circles, so the promise is also put as a
//! plain invariant: whenever no step *but a fault* is left to take, every sender is acknowledged
//! and every subscriber has everything ([`properties::QUIET_MEANS_ACKNOWLEDGED`],
//! [`properties::QUIET_MEANS_DELIVERED`]). Together with the absence of circles, which a test
//! shows, that is the promise itself: once the faults stop, everything arrives.
//!
//! # Planted bugs
//!
//! A checker that finds nothing proves nothing until it has found something. [`Bug`] lists
//! mistakes that a server of this kind makes; for each a test shows which line of the contract
//! it breaks.

pub mod properties;
mod state;
mod step;

use stateright::{Model, Property};

pub use state::{Entry, Frame, Process, Row, Sender, State, Subscriber};
pub use step::Action;

/// How many processes share the database.
pub const PROCESSES: usize = 2;

/// A mistake planted in the model.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Bug {
    /// There is none.
    #[default]
    None,
    /// The acknowledgement leaves before the commit.
    AckBeforeCommit,
    /// A process publishes its own commits at once, without waiting for foreign ones before them.
    PublishOwnFirst,
    /// A repeated `client_id` is stored again.
    NoDedupe,
    /// A subscriber resumes by the time of the last message instead of by its `seq`.
    ResumeByClock,
    /// The `seq` comes from a counter beside the transaction, without the account's lock.
    NoLock,
    /// A subscriber that does not read is not cut off.
    NoCutOff,
    /// A process takes sends although its queue is full.
    NoBackPressure,
    /// A process never looks for foreign commits.
    NoPoll,
    /// A repeated `client_id` is stored once, but the repetition gets no acknowledgement.
    NoAckForRepeats,
    /// The feed's events are sent on without a look at what the subscriber has seen.
    NoSkip,
    /// A sender does not wait for an acknowledgement before it sends the next message.
    Impatient,
}

impl Bug {
    /// Tells whether it matters to the bug which process committed a row.
    fn needs_origin(self) -> bool {
        matches!(self, Bug::ResumeByClock | Bug::NoPoll)
    }
}

/// How large the modelled world is, and how much goes wrong in it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How many messages each sender has.
    pub messages: Vec<u8>,
    /// How many subscribers there are.
    pub subscribers: usize,
    /// How many sends wait in a process at most.
    pub queue_max: usize,
    /// How many events wait for a subscriber at most.
    pub buffer_max: usize,
    /// How many frames are lost.
    pub losses: u8,
    /// How many frames are doubled.
    pub doubles: u8,
    /// How many connections break.
    pub cuts: u8,
    /// How many processes crash.
    pub crashes: u8,
}

/// The modelled world.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its size and its faults.
    pub limits: Limits,
    /// The mistake planted in it.
    pub bug: Bug,
}

impl Model for Delivery {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::new(&self.limits)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.steps(state, actions);
        self.faults(state, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        self.apply(&mut next, action);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}
