//! What a process does.

use crate::failure::{Failure, Result};

/// A part of the work. Any of them can be killed at any moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    /// Connections: the interface, live events, the pages.
    Gateway,
    /// The bots of this process's connections.
    Assistant,
    /// What follows from commits: webhooks, search, jobs, snoozed conversations.
    Worker,
}

impl Role {
    /// Every role; what a process does by default.
    pub(crate) const ALL: [Role; 3] = [Role::Gateway, Role::Assistant, Role::Worker];

    fn name(self) -> &'static str {
        match self {
            Role::Gateway => "gateway",
            Role::Assistant => "assistant",
            Role::Worker => "worker",
        }
    }

    /// Reads a list of names; none at all means every role.
    pub(crate) fn parse(names: &[String]) -> Result<Vec<Role>> {
        if names.is_empty() {
            return Ok(Role::ALL.to_vec());
        }
        names.iter().map(|name| Role::parse_one(name.trim())).collect()
    }

    fn parse_one(name: &str) -> Result<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name).ok_or_else(|| {
            let known = Role::ALL.map(Role::name).join(", ");
            Failure::start(format!("there is no role {name:?}; choose among {known}"))
        })
    }
}
