//! Sign-in sessions of agents and the tokens of their programs.

use jiff::Timestamp;

use crate::{Agent, Id};

/// A browser in which an agent is signed in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Identifies the session; the secret in the cookie is another thing.
    pub id: Id<Session>,
    /// Who is signed in.
    pub agent: Id<Agent>,
    /// What the browser said it is, shortened.
    pub user_agent: String,
    /// The address that it signed in from.
    pub ip: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// A token with which a program acts for an agent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApiToken {
    /// Identifies the token; the secret is another thing.
    pub id: Id<ApiToken>,
    /// For whom it acts.
    pub agent: Id<Agent>,
    /// What it is for, in the agent's words.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}
