//! The demo company's description, and making it real with the desk's use cases.
//!
//! Every step looks at what is there first, so that a start which was
//! interrupted can be finished by the next one.

use std::collections::HashMap;

use desk::{Actor, ChangeInbox, ChangeTeam, Desk, NewAgent};
use domain::{Account, Agent, BusinessHours, Id, Language, Role};
use serde::Deserialize;

use super::Files;
use crate::failure::Result;
use crate::pages::Origins;
use crate::user::{command_line, draw_password};

/// What `company.yml` describes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Blueprint {
    name: Text,
    language: Language,
    time_zone: String,
    business_hours: BusinessHours,
    agents: Vec<Person>,
    teams: Vec<Group>,
    tags: Vec<Label>,
    canned_responses: Vec<Reusable>,
    inbox: Entrance,
}

/// A text in one language or several.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Text(HashMap<Language, String>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    email: String,
    role: Role,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: Text,
    agents: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    name: Text,
    color: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reusable {
    short_code: String,
    text: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entrance {
    name: Text,
    allowed_origins: Vec<String>,
    greeting: Text,
}

impl Text {
    /// The text in a language, or in any that there is.
    fn in_language(&self, language: Language) -> &str {
        self.0.get(&language).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }
}

impl Blueprint {
    /// Reads the description that is inside the binary.
    pub(super) fn read() -> Result<Self> {
        let file = Files::get("company.yml")
            .ok_or_else(|| anyhow::anyhow!("this attune was built without examples/demo"))?;
        Ok(serde_norway::from_slice(&file.data)?)
    }

    /// Opens the company's account.
    pub(super) async fn open_account(&self, desk: &Desk) -> Result<Id<Account>> {
        let name = self.name.in_language(self.language);
        Ok(desk.create_account(name, self.language, &self.time_zone).await?.id)
    }

    /// Whether an account is this company's and nobody works there yet.
    pub(super) async fn is_unfinished(&self, desk: &Desk, account: &Account) -> Result<bool> {
        let reader = desk.store().read(account.id);
        let name = self.name.in_language(self.language);
        Ok(account.name == name && store::agent::list(&reader).await?.is_empty())
    }

    /// Adds what is missing of the company.
    pub(super) async fn furnish(&self, desk: &Desk, account: Id<Account>) -> Result {
        let agents = self.hire(desk, account).await?;
        let Some(owner) = agents.values().find(|agent| agent.role == Role::Owner) else {
            return Err(anyhow::anyhow!("the demo company has no owner").into());
        };
        let owner = command_line(owner);
        self.gather_teams(desk, &owner, &agents).await?;
        self.stock_library(desk, &owner).await?;
        self.open_inbox(desk, &owner).await
    }

    /// Lets the demo's own page, wherever it is served, embed the widget.
    pub(super) async fn allow_own_page(
        &self,
        desk: &Desk,
        account: Id<Account>,
        origins: &Origins,
    ) -> Result {
        let reader = desk.store().read(account);
        let owner =
            store::agent::list(&reader).await?.into_iter().find(|agent| agent.role == Role::Owner);
        let inbox = store::inbox::list(&reader).await?.into_iter().next();
        let (Some(owner), Some(inbox)) = (owner, inbox) else { return Ok(()) };
        let mut allowed = inbox.allowed_origins.clone();
        // People type either name of their own machine.
        let twin = origins.public.replace("//127.0.0.1:", "//localhost:");
        for origin in [origins.public.clone(), twin] {
            if !inbox.allows(&origin) && !allowed.contains(&origin) {
                allowed.push(origin);
            }
        }
        if allowed != inbox.allowed_origins {
            let change = ChangeInbox { allowed_origins: Some(allowed), ..ChangeInbox::default() };
            desk.change_inbox(&command_line(&owner), inbox.id, change).await?;
        }
        Ok(())
    }

    async fn hire(&self, desk: &Desk, account: Id<Account>) -> Result<HashMap<String, Agent>> {
        let there = store::agent::list(&desk.store().read(account)).await?;
        let mut agents: HashMap<String, Agent> =
            there.into_iter().map(|agent| (agent.email.clone(), agent)).collect();
        for person in &self.agents {
            if agents.contains_key(&person.email) {
                continue;
            }
            // Nobody knows it: the owner signs in with a link that works once.
            let new = NewAgent {
                email: person.email.clone(),
                name: person.name.clone(),
                role: person.role,
                password: draw_password(),
            };
            let agent = desk.add_agent(account, new).await?;
            agents.insert(person.email.clone(), agent);
        }
        Ok(agents)
    }

    async fn gather_teams(
        &self,
        desk: &Desk,
        owner: &Actor,
        agents: &HashMap<String, Agent>,
    ) -> Result {
        let there = desk.list_teams(owner).await?;
        for group in &self.teams {
            let name = group.name.in_language(self.language);
            let team = match there.iter().find(|team| team.name == name) {
                Some(team) => team.clone(),
                None => desk.create_team(owner, name).await?,
            };
            let members =
                group.agents.iter().filter_map(|email| agents.get(email)).map(|agent| agent.id);
            let change = ChangeTeam { agents: Some(members.collect()), ..ChangeTeam::default() };
            desk.change_team(owner, team.id, change).await?;
        }
        Ok(())
    }

    async fn stock_library(&self, desk: &Desk, owner: &Actor) -> Result {
        let tags = desk.list_tags(owner).await?;
        for label in &self.tags {
            let name = label.name.in_language(self.language);
            if !tags.iter().any(|tag| tag.name == name) {
                desk.create_tag(owner, name, &label.color).await?;
            }
        }
        let responses = desk.list_canned_responses(owner).await?;
        for reusable in &self.canned_responses {
            for (&language, text) in &reusable.text.0 {
                let is_there = responses
                    .iter()
                    .any(|one| one.short_code == reusable.short_code && one.language == language);
                if !is_there {
                    desk.create_canned_response(owner, &reusable.short_code, language, text)
                        .await?;
                }
            }
        }
        Ok(())
    }

    async fn open_inbox(&self, desk: &Desk, owner: &Actor) -> Result {
        if !desk.list_inboxes(owner).await?.is_empty() {
            return Ok(());
        }
        let new = ChangeInbox {
            name: Some(self.inbox.name.in_language(self.language).to_owned()),
            language: Some(self.language),
            greeting: Some(self.inbox.greeting.in_language(self.language).to_owned()),
            allowed_origins: Some(self.inbox.allowed_origins.clone()),
            hours: Some(self.business_hours.clone()),
            ..ChangeInbox::default()
        };
        desk.create_inbox(owner, new).await?;
        Ok(())
    }
}
