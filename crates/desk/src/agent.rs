//! Agents: who works at the desk, and with which rights.

use domain::{
    Account, Agent, AgentStatus, Availability, Error, EventKind, Id, News, Permission, Result,
    Role, Rule,
};
use store::{Reader, Tx};

use crate::check::{self, Fields};
use crate::{Actor, Desk, password, session};

/// How many agents an account may have.
const AGENTS_MAX: usize = 2_000;

/// A new agent, as an owner describes one.
#[derive(Clone, Debug)]
pub struct NewAgent {
    /// The address to sign in with.
    pub email: String,
    /// What contacts and colleagues read.
    pub name: String,
    /// What the agent may do.
    pub role: Role,
    /// The first password.
    pub password: String,
}

/// What to change about an agent; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct ChangeAgent {
    /// What contacts and colleagues read.
    pub name: Option<String>,
    /// What the agent may do.
    pub role: Option<Role>,
    /// Whether the agent may sign in.
    pub status: Option<AgentStatus>,
    /// Whether the agent can take work now.
    pub availability: Option<Availability>,
}

impl Desk {
    /// Adds an agent on behalf of an owner.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; otherwise as [`Desk::add_agent`].
    pub async fn create_agent(&self, actor: &Actor, new: NewAgent) -> Result<Agent> {
        actor.needs(Permission::Administer)?;
        self.add_agent(actor.account, new).await
    }

    /// Adds an agent to an account, for commands of the binary, which ask nobody.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for wrong fields, [`Rule::NameTaken`] if somebody signs
    /// in with the address, [`Rule::LimitReached`].
    pub async fn add_agent(&self, account: Id<Account>, new: NewAgent) -> Result<Agent> {
        let mut fields = Fields::default();
        let name = fields.take(check::name(&new.name));
        let email = fields.take(check::email(&new.email));
        fields.take(password::check(&new.password, &new.email, "/password"));
        fields.done()?;
        let hash = password::hash(new.password, self.draw()).await?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            if store::agent::list(&tx).await?.len() >= AGENTS_MAX {
                return Err(Rule::LimitReached.into());
            }
            let agent = Agent {
                id: tx.id()?,
                account,
                email,
                name,
                role: new.role,
                status: AgentStatus::Active,
                availability: Availability::Offline,
                created_at: now,
            };
            store::agent::save(&tx, &agent).await?;
            store::agent::set_password_hash(&tx, agent.id, &hash).await?;
            tx.record(News::about(EventKind::AgentUpdated, agent.id), now);
            Ok(agent)
        };
        self.parts.store.write(account, body).await
    }

    /// Lists the agents of the account, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`].
    pub async fn list_agents(&self, actor: &Actor) -> Result<Vec<Agent>> {
        actor.needs(Permission::ReadDirectory)?;
        store::agent::list(&self.read(actor.account)).await
    }

    /// Reads one agent.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn get_agent(&self, actor: &Actor, id: Id<Agent>) -> Result<Agent> {
        actor.needs(Permission::ReadDirectory)?;
        get(&self.read(actor.account), id).await
    }

    /// Finds an agent of any account by e-mail, for commands of the binary.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database does not answer.
    pub async fn find_agent_by_email(&self, email: &str) -> Result<Option<Agent>> {
        let reader = self.read(Account::NOBODY);
        let found = store::agent::find_by_email(&reader, &email.trim().to_lowercase()).await?;
        Ok(found.map(|(agent, _)| agent))
    }

    /// Changes an agent. Everybody may change their own name and availability;
    /// the rest, and other agents, only an owner.
    ///
    /// Whoever is deactivated loses every session and token in the same moment.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`] and
    /// [`Rule::LastOwner`].
    pub async fn change_agent(
        &self,
        actor: &Actor,
        id: Id<Agent>,
        change: ChangeAgent,
    ) -> Result<Agent> {
        let rights = change.role.is_some() || change.status.is_some();
        actor.needs(match actor.agent == id && !rights {
            true => Permission::OwnProfile,
            false => Permission::Administer,
        })?;
        let name = change.name.as_deref().map(check::name).transpose()?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let before = get(&tx, id).await?;
            let agent = Agent {
                name: name.unwrap_or_else(|| before.name.clone()),
                role: change.role.unwrap_or(before.role),
                status: change.status.unwrap_or(before.status),
                availability: change.availability.unwrap_or(before.availability),
                ..before.clone()
            };
            if agent == before {
                return Ok(agent);
            }
            if administers(&before) && !administers(&agent) {
                keep_an_owner(&tx, id).await?;
            }
            store::agent::save(&tx, &agent).await?;
            if agent.status == AgentStatus::Deactivated {
                session::end_all(&tx, id, now).await?;
            }
            tx.record(News::about(EventKind::AgentUpdated, id), now);
            Ok(agent)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Replaces the actor's password and signs the actor out everywhere else.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the current password is wrong or the new one is
    /// weak; [`Error::Busy`] after too many wrong ones.
    pub async fn change_password(&self, actor: &Actor, current: String, new: String) -> Result<()> {
        let agent = get(&self.read(actor.account), actor.agent).await?;
        password::check(&new, &agent.email, "/new_password")?;
        if !self.knows_password(&agent.email, current).await? {
            return Err(Error::invalid("/current_password", "is not the current password"));
        }
        let hash = password::hash(new, self.draw()).await?;
        self.store_password(actor.account, agent.id, hash, Some(actor.sign_in)).await
    }

    /// Sets an agent's password and ends all of the agent's sessions, for
    /// commands of the binary.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if the password is weak.
    pub async fn set_password(&self, agent: &Agent, new: String) -> Result<()> {
        password::check(&new, &agent.email, "/password")?;
        let hash = password::hash(new, self.draw()).await?;
        self.store_password(agent.account, agent.id, hash, None).await
    }

    async fn store_password(
        &self,
        account: Id<Account>,
        agent: Id<Agent>,
        hash: String,
        keep: Option<crate::SignIn>,
    ) -> Result<()> {
        let now = self.now();
        let body = move |tx: Tx| async move {
            store::agent::set_password_hash(&tx, agent, &hash).await?;
            session::end_sessions_but(&tx, agent, keep, now).await
        };
        self.parts.store.write(account, body).await
    }
}

pub(crate) async fn get(reader: &Reader, id: Id<Agent>) -> Result<Agent> {
    store::agent::find(reader, id).await?.ok_or(Error::NotFound("the agent"))
}

fn administers(agent: &Agent) -> bool {
    agent.role == Role::Owner && agent.status == AgentStatus::Active
}

async fn keep_an_owner(tx: &Tx, leaving: Id<Agent>) -> Result<()> {
    let agents = store::agent::list(tx).await?;
    if agents.iter().any(|agent| agent.id != leaving && administers(agent)) {
        return Ok(());
    }
    Err(Rule::LastOwner.into())
}
