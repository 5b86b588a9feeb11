//! Teams: groups of agents that conversations wait for.

use jiff::Timestamp;

use crate::{Agent, Id};

/// A group of agents.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Team {
    /// Identifies the team.
    pub id: Id<Team>,
    /// What it is called; unique in the account.
    pub name: String,
    /// Who belongs to it.
    pub agents: Vec<Id<Agent>>,
    /// When it was created.
    pub created_at: Timestamp,
}
