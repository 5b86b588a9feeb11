//! Teams: groups of agents that conversations wait for.

use domain::{Agent, Error, EventKind, Id, News, Permission, Result, Rule, Team};
use serde_json::json;
use store::{Reader, Tx};

use crate::check;
use crate::{Actor, Desk};

/// How many teams an account may have.
const TEAMS_MAX: usize = 500;

/// What to change about a team; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct ChangeTeam {
    /// What it is called.
    pub name: Option<String>,
    /// Who belongs to it.
    pub agents: Option<Vec<Id<Agent>>>,
}

impl Desk {
    /// Lists the teams of the account, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`].
    pub async fn list_teams(&self, actor: &Actor) -> Result<Vec<Team>> {
        actor.needs(Permission::ReadDirectory)?;
        store::team::list(&self.read(actor.account)).await
    }

    /// Adds a team without members.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::Invalid`], [`Rule::NameTaken`] and
    /// [`Rule::LimitReached`].
    pub async fn create_team(&self, actor: &Actor, name: &str) -> Result<Team> {
        actor.needs(Permission::Supervise)?;
        let name = check::name(name)?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            if store::team::list(&tx).await?.len() >= TEAMS_MAX {
                return Err(Rule::LimitReached.into());
            }
            let team = Team { id: tx.id()?, name, agents: Vec::new(), created_at: now };
            store::team::save(&tx, &team).await?;
            tx.record(News::about(EventKind::TeamUpdated, team.id), now);
            Ok(team)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Changes a team's name or members.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`] for an agent
    /// that does not exist, and [`Rule::NameTaken`].
    pub async fn change_team(
        &self,
        actor: &Actor,
        id: Id<Team>,
        change: ChangeTeam,
    ) -> Result<Team> {
        actor.needs(Permission::Supervise)?;
        let name = change.name.as_deref().map(check::name).transpose()?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let before = get(&tx, id).await?;
            let agents = match change.agents {
                Some(agents) => members(&tx, agents).await?,
                None => before.agents.clone(),
            };
            let name = name.unwrap_or_else(|| before.name.clone());
            let team = Team { name, agents, ..before.clone() };
            if team != before {
                store::team::save(&tx, &team).await?;
                tx.record(News::about(EventKind::TeamUpdated, id), now);
            }
            Ok(team)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Removes a team; what was its work is nobody's.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn delete_team(&self, actor: &Actor, id: Id<Team>) -> Result<()> {
        actor.needs(Permission::Supervise)?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            if !store::team::delete(&tx, id).await? {
                return Err(NOT_FOUND);
            }
            tx.record(News::about(EventKind::TeamUpdated, id).with(json!({"removed": true})), now);
            Ok(())
        };
        self.parts.store.write(actor.account, body).await
    }
}

const NOT_FOUND: Error = Error::NotFound("the team");

async fn get(reader: &Reader, id: Id<Team>) -> Result<Team> {
    store::team::find(reader, id).await?.ok_or(NOT_FOUND)
}

/// The named agents, each once and in order, all of this account.
async fn members(tx: &Tx, mut agents: Vec<Id<Agent>>) -> Result<Vec<Id<Agent>>> {
    agents.sort_unstable();
    agents.dedup();
    let known = store::agent::list(tx).await?;
    match agents.iter().find(|id| known.iter().all(|agent| agent.id != **id)) {
        Some(stranger) => Err(Error::invalid("/agents", format!("there is no agent {stranger}"))),
        None => Ok(agents),
    }
}
