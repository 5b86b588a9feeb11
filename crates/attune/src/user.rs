//! `attune user`: those who may sign in, from the command line.
//!
//! For the first owner, and for when nobody can sign in. Everything else is
//! done at the desk, where it is written down who did it.

use std::io::Read as _;

use desk::{Actor, ChangeAgent, Desk, NewAgent, SignIn};
use domain::{Account, Agent, AgentStatus, Id, Language, Role};
use rand::{Rng as _, SeedableRng as _};

use crate::boot;
use crate::cli::{CreateUser, OneUser, SetPassword, Settings, User, UserCommand};
use crate::config::Config;
use crate::failure::{Failure, Result};
use crate::output::say;

/// How many characters a drawn password has: more than 128 bits.
const PASSWORD_CHARS: usize = 24;
/// The time zone of a company that is created here; its owner can change it.
const TIME_ZONE: &str = "Asia/Shanghai";

/// Runs the command.
pub(crate) fn run(user: &User) -> Result {
    match &user.command {
        UserCommand::Create(create) => {
            with_desk(&create.user.one.settings, async |desk| add(&desk, create).await)
        }
        UserCommand::List(settings) => with_desk(settings, async |desk| list(&desk).await),
        UserCommand::SetPassword(set) => {
            with_desk(&set.one.settings, async |desk| set_password(&desk, set).await)
        }
        UserCommand::Deactivate(one) => {
            with_desk(&one.settings, async |desk| deactivate(&desk, one).await)
        }
    }
}

/// Whoever types commands on the server may do everything; `agent` stands for them.
pub(crate) fn command_line(agent: &Agent) -> Actor {
    Actor {
        account: agent.account,
        agent: agent.id,
        name: agent.name.clone(),
        role: Role::Owner,
        sign_in: SignIn::Session(Id::new(0)),
    }
}

/// A password that nobody can guess.
pub(crate) fn draw_password() -> String {
    let mut random = rand::rngs::StdRng::from_os_rng();
    (0..PASSWORD_CHARS).map(|_| char::from(random.sample(rand::distr::Alphanumeric))).collect()
}

fn with_desk(settings: &Settings, work: impl AsyncFnOnce(Desk) -> Result) -> Result {
    let config = Config::load(&settings.sources())?;
    boot::runtime(&config)?.block_on(async {
        let house = boot::open(&config).await?;
        work(house.desk.clone()).await
    })
}

async fn add(desk: &Desk, create: &CreateUser) -> Result {
    let role = role(&create.role)?;
    let account = company(desk, create.company.as_deref()).await?;
    let (password, drawn) = password(create.user.password_stdin)?;
    let new = NewAgent {
        email: create.user.one.email.clone(),
        name: create.name.clone(),
        role,
        password: password.clone(),
    };
    let agent = desk.add_agent(account.id, new).await?;
    say(&format!("{} may sign in as {} of {}", agent.email, create.role, account.name))?;
    show(&password, drawn)
}

async fn list(desk: &Desk) -> Result {
    for account in desk.list_accounts().await? {
        say(&format!("{} (account {})", account.name, account.id))?;
        for agent in store::agent::list(&desk.store().read(account.id)).await? {
            let role = word(&agent.role)?;
            let status = word(&agent.status)?;
            say(&format!("  {:<32} {role:<10} {status:<11} {}", agent.email, agent.name))?;
        }
    }
    Ok(())
}

async fn set_password(desk: &Desk, set: &SetPassword) -> Result {
    let agent = find(desk, &set.one.email).await?;
    let (password, drawn) = password(set.password_stdin)?;
    desk.set_password(&agent, password.clone()).await?;
    say(&format!("{} has a new password and is signed out everywhere", agent.email))?;
    show(&password, drawn)
}

async fn deactivate(desk: &Desk, one: &OneUser) -> Result {
    let agent = find(desk, &one.email).await?;
    let change = ChangeAgent { status: Some(AgentStatus::Deactivated), ..ChangeAgent::default() };
    desk.change_agent(&command_line(&agent), agent.id, change).await?;
    say(&format!("{} may sign in no more", agent.email))
}

async fn find(desk: &Desk, email: &str) -> Result<Agent> {
    let found = desk.find_agent_by_email(email).await?;
    found.ok_or_else(|| {
        anyhow::anyhow!("nobody signs in as {email}; `attune user list` shows who does").into()
    })
}

/// The company that is named, the only one, or a new one if there is none.
async fn company(desk: &Desk, named: Option<&str>) -> Result<Account> {
    let accounts = desk.list_accounts().await?;
    match (named, accounts.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (Some(name), []) => Ok(desk.create_account(name, Language::Zh, TIME_ZONE).await?),
        (None, []) => {
            Err(anyhow::anyhow!("there is no company yet; name the first one with --company")
                .into())
        }
        (Some(name), _) => {
            let found = accounts
                .iter()
                .find(|account| account.name == name || account.id.to_string() == name);
            let known: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
            found.cloned().ok_or_else(|| {
                anyhow::anyhow!("there is no company {name:?}; there is {}", known.join(", "))
                    .into()
            })
        }
        (None, _) => {
            Err(anyhow::anyhow!("there are several companies; name one with --company").into())
        }
    }
}

/// The password to set, and whether it was drawn.
fn password(from_input: bool) -> Result<(String, bool)> {
    if !from_input {
        return Ok((draw_password(), true));
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok((text.lines().next().unwrap_or_default().to_owned(), false))
}

fn show(password: &str, drawn: bool) -> Result {
    match drawn {
        true => say(&format!("password: {password}\n(it is shown this once)")),
        false => Ok(()),
    }
}

fn role(text: &str) -> Result<Role> {
    serde_json::from_value(text.into()).map_err(|_| {
        Failure::start(format!(
            "there is no role {text:?}; choose owner, supervisor, agent or trainer"
        ))
    })
}

/// An enumeration's name on the wire.
fn word(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}
