//! Requests that are carried out once, however often they are sent.

use jiff::{SignedDuration, Timestamp};

use crate::{Account, Agent, Id};

/// How long a request is known again, at least.
pub const REQUEST_KNOWN_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A request that its sender gave a key, so that it is known when it comes again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Claim {
    /// The account that it concerns.
    pub account: Id<Account>,
    /// Who sends it. Each agent has keys of one's own.
    pub agent: Id<Agent>,
    /// The hash of the key.
    pub key: [u8; 32],
    /// The hash of what is asked for.
    pub request: [u8; 32],
    /// When it came.
    pub created_at: Timestamp,
}

/// A request that was carried out under a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CarriedOut {
    /// The hash of what was asked for.
    pub request: Vec<u8>,
    /// How it was answered; nothing if the answer is on its way, was lost, or may
    /// be shown once only.
    pub answer: Option<KeptAnswer>,
}

/// An answer that is given again to the same request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeptAnswer {
    /// The status code.
    pub status: u16,
    /// What was sent.
    pub body: Vec<u8>,
}
