//! Agents: members of staff, their roles and what each role may do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Account, Id};

/// A member of staff who answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Agent {
    /// Identifies the agent.
    pub id: Id<Agent>,
    /// The account that the agent works for.
    pub account: Id<Account>,
    /// The address to sign in with: lower case, unique in the installation.
    pub email: String,
    /// What contacts and colleagues read.
    pub name: String,
    /// What the agent may do.
    pub role: Role,
    /// Whether the agent may sign in.
    pub status: AgentStatus,
    /// Whether the agent can take work now.
    pub availability: Availability,
    /// When the agent was added.
    pub created_at: Timestamp,
}

/// What an agent may do; see [`Role::may`].
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// The desk and those who work at it.
    Supervisor,
    /// Conversations.
    Agent,
    /// Knowledge and the bot, with conversations to learn from.
    Trainer,
}

/// Whether an agent may sign in.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    /// May sign in.
    Active,
    /// May not, and holds no session.
    Deactivated,
}

/// Whether an agent can take work now.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Takes conversations.
    Online,
    /// Signed in, takes none.
    Away,
    /// Not there.
    Offline,
}

/// A right to do a kind of thing.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Permission {
    /// One's own profile, sessions and tokens.
    OwnProfile,
    /// Reading conversations, contacts and their files.
    ReadConversations,
    /// Answering, assigning, resolving.
    WriteConversations,
    /// Reading the lists that conversations refer to: agents, teams, inboxes, tags.
    ReadDirectory,
    /// Changing contacts.
    WriteContacts,
    /// Changing tags and canned responses.
    WriteLibrary,
    /// Training the bot: examples, releases, and what it did not understand.
    Train,
    /// Changing teams, and reading everybody's ratings.
    Supervise,
    /// Changing agents, inboxes and the account.
    Administer,
    /// Webhooks, the event log and jobs.
    Integrate,
}

impl Permission {
    /// Every permission, for listing what a role has.
    pub const ALL: [Permission; 10] = [
        Permission::OwnProfile,
        Permission::ReadConversations,
        Permission::WriteConversations,
        Permission::ReadDirectory,
        Permission::WriteContacts,
        Permission::WriteLibrary,
        Permission::Train,
        Permission::Supervise,
        Permission::Administer,
        Permission::Integrate,
    ];

    /// The stable name on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Permission::OwnProfile => "own_profile",
            Permission::ReadConversations => "read_conversations",
            Permission::WriteConversations => "write_conversations",
            Permission::ReadDirectory => "read_directory",
            Permission::WriteContacts => "write_contacts",
            Permission::WriteLibrary => "write_library",
            Permission::Train => "train",
            Permission::Supervise => "supervise",
            Permission::Administer => "administer",
            Permission::Integrate => "integrate",
        }
    }
}

impl Role {
    /// Whether this role has a permission. What is not listed is denied.
    pub fn may(self, permission: Permission) -> bool {
        use Permission::*;
        match self {
            Role::Owner => true,
            Role::Supervisor => matches!(
                permission,
                OwnProfile
                    | ReadConversations
                    | WriteConversations
                    | ReadDirectory
                    | WriteContacts
                    | WriteLibrary
                    | Train
                    | Supervise
            ),
            Role::Agent => matches!(
                permission,
                OwnProfile | ReadConversations | WriteConversations | ReadDirectory | WriteContacts
            ),
            Role::Trainer => {
                matches!(
                    permission,
                    OwnProfile | ReadConversations | ReadDirectory | WriteLibrary | Train
                )
            }
        }
    }

    /// Lists what this role may do.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |&permission| self.may(permission))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_owner_administers() {
        for role in [Role::Supervisor, Role::Agent, Role::Trainer] {
            assert!(!role.may(Permission::Administer), "{role:?}");
            assert!(!role.may(Permission::Integrate), "{role:?}");
        }
        assert_eq!(Role::Owner.permissions().count(), Permission::ALL.len());
    }

    #[test]
    fn a_trainer_reads_and_does_not_answer() {
        assert!(Role::Trainer.may(Permission::ReadConversations));
        assert!(!Role::Trainer.may(Permission::WriteConversations));
    }

    #[test]
    fn everybody_but_an_agent_trains_the_bot() {
        let trains = |role: Role| role.may(Permission::Train);

        assert!(trains(Role::Owner) && trains(Role::Supervisor) && trains(Role::Trainer));
        assert!(!trains(Role::Agent));
    }
}
