//! Who does something at the desk.

use domain::{Account, Agent, ApiToken, Error, Id, Permission, Result, Role, Session};

/// An agent who is signed in, or a program that acts for one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Actor {
    /// The account that the agent works for. All that an actor reads or writes
    /// is in it.
    pub account: Id<Account>,
    /// Who it is.
    pub agent: Id<Agent>,
    /// What the agent is called.
    pub name: String,
    /// What the agent may do.
    pub role: Role,
    /// How the agent signed in.
    pub sign_in: SignIn,
}

/// How an actor signed in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignIn {
    /// With a password, in a browser.
    Session(Id<Session>),
    /// With a token, as a program.
    Token(Id<ApiToken>),
}

impl Actor {
    /// Checks a permission.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] if the role does not have it.
    pub fn needs(&self, permission: Permission) -> Result<()> {
        if self.role.may(permission) { Ok(()) } else { Err(Error::Denied(permission.code())) }
    }
}
