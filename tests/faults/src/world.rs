//! A company to load: its servers, its database, its webhook, and the way in.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use tempfile::TempDir;

use crate::database;
use crate::findings::Findings;
use crate::http::{self, Caller};
use crate::load::Load;
use crate::receiver::Receiver;
use crate::server::{Plan, Server, free_port};
use crate::signature;

/// What a server runs on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Setting {
    /// One server with a file.
    Sqlite,
    /// One server with PostgreSQL.
    Postgres,
    /// Two servers with one PostgreSQL.
    PostgresForTwo,
}

/// A company with its servers.
pub(crate) struct World {
    /// The servers: one, or two that share a database.
    pub(crate) servers: Vec<Server>,
    /// The receiver of its webhook.
    pub(crate) receiver: Arc<Receiver>,
    /// The address of its database.
    pub(crate) database_url: String,
    /// What clients need.
    pub(crate) load: Arc<Load>,
    folder: TempDir,
    /// A database to remove in the end: the server's address, and its name.
    borrowed: Option<(String, String)>,
}

impl Setting {
    /// Whether two servers share the database.
    pub(crate) fn is_for_two(self) -> bool {
        self == Setting::PostgresForTwo
    }

    /// Names the setting in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Setting::Sqlite => "sqlite",
            Setting::Postgres => "postgres",
            Setting::PostgresForTwo => "postgres, two servers",
        }
    }
}

impl World {
    /// Makes the demo company, and signs in.
    pub(crate) async fn create(binary: &Path, setting: Setting, seed: u64) -> Result<Self> {
        let findings = Arc::<Findings>::default();
        let receiver = Receiver::listen(findings.clone()).await?;
        let folder = tempfile::Builder::new().prefix("attune-faults.").tempdir()?;
        let (database_url, borrowed) = match setting {
            Setting::Sqlite => {
                (format!("sqlite://{}", folder.path().join("0/attune.db").display()), None)
            }
            Setting::Postgres | Setting::PostgresForTwo => {
                let server = std::env::var("TEST_POSTGRES_URL").context(
                    "TEST_POSTGRES_URL names no server; run this with scripts/with-postgres",
                )?;
                let name = format!("faults_{:08x}", rand::random::<u32>());
                (database::create(&server, &name).await?, Some((server, name)))
            }
        };
        let plan = Plan {
            binary: binary.to_owned(),
            data: folder.path().join("0"),
            port: free_port().await?,
            environment: environment(&database_url, &receiver, borrowed.is_some()),
        };
        let mut servers = vec![Server::new(plan.clone())];
        let login = servers[0].start_demo().await?;
        if setting == Setting::PostgresForTwo {
            let data = folder.path().join("1");
            // The second server has its own folder, with the same bot in it.
            copy_folder(&plan.data.join("bots"), &data.join("bots"))?;
            copy_folder(&plan.data.join("models"), &data.join("models"))?;
            let mut second = Server::new(Plan { data, port: free_port().await?, ..plan });
            second.start().await?;
            servers.push(second);
        }
        let (inbox, token, incoming) = sign_in(&servers[0].address(), &login).await?;
        let addresses = servers.iter().map(Server::address).collect();
        let load = Arc::new(Load::new(addresses, inbox, token, incoming, findings, seed));
        Ok(World { servers, receiver, database_url, load, folder, borrowed })
    }

    /// Registers a webhook that wants to hear of messages.
    pub(crate) async fn register_webhook(&self) -> Result<()> {
        let caller = Caller::Token(self.load.token.clone());
        let hook = json!({"url": format!("http://{}/hook", self.receiver.address), "events": ["message.created"]});
        let hook =
            http::insist(&self.load.addresses[0], &caller, "POST", "/api/v1/webhooks", Some(&hook))
                .await?;
        self.receiver
            .trust(hook.body["secret"].as_str().context("a new webhook shows its secret once")?)
    }

    /// Goes on with another binary.
    pub(crate) async fn change_binary(&mut self, binary: &Path) -> Result<()> {
        for server in &mut self.servers {
            server.stop().await?;
            server.change_binary(binary);
            server.start().await?;
        }
        Ok(())
    }

    /// Ends the servers in order.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        for server in &mut self.servers {
            server.stop().await?;
        }
        Ok(())
    }

    /// Removes what was made, or says where it is kept to be looked at.
    pub(crate) async fn clear(mut self, keep: bool) -> Result<()> {
        self.servers.clear();
        if keep {
            let kept = self.folder.keep();
            eprintln!(
                "the folder {} and the database {} are kept",
                kept.display(),
                self.database_url
            );
            return Ok(());
        }
        match &self.borrowed {
            Some((server, name)) => database::remove(server, name).await,
            None => Ok(()),
        }
    }
}

fn environment(database_url: &str, receiver: &Receiver, is_named: bool) -> Vec<(String, String)> {
    let mut environment = vec![
        ("ATTUNE__WEBHOOKS__ALLOW_HTTP", "true".to_owned()),
        ("ATTUNE__WEBHOOKS__ALLOW_PRIVATE", receiver.address.clone()),
        // The visitors all come from one address, and are to be taken, not refused.
        ("ATTUNE__LIMITS__VISITOR_STARTS_PER_MINUTE", "1000000".to_owned()),
        ("ATTUNE__LIMITS__INTAKE_WAIT_MAX_MS", "10000".to_owned()),
        ("ATTUNE__LIMITS__BOT_TIME_MAX_MS", "20000".to_owned()),
        ("ATTUNE__LIMITS__CONNECTIONS_MAX", "2000".to_owned()),
        // Servers that share a database share it, too.
        (
            "ATTUNE__SECRET__VALUE",
            format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>()),
        ),
        ("ATTUNE__LOG__LEVEL", "warn".to_owned()),
    ];
    if is_named {
        environment.push(("ATTUNE__DATABASE__URL", database_url.to_owned()));
    }
    environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Signs in with the login that works once; returns the key of the inbox, a
/// program's token, and the secret that signs what the company passes on.
async fn sign_in(address: &str, login: &str) -> Result<(String, String, Vec<u8>)> {
    let body = json!({"token": login});
    let answer =
        http::insist(address, &Caller::Nobody, "POST", "/api/v1/auth/login-link", Some(&body))
            .await?;
    let browser = Caller::Cookie(answer.cookie.context("a login sets a cookie")?);
    let body = json!({"name": "faults"});
    let answer = http::insist(address, &browser, "POST", "/api/v1/tokens", Some(&body)).await?;
    let token = answer.body["token"].as_str().context("a new token is shown once")?.to_owned();
    let program = Caller::Token(token.clone());
    let inboxes = http::insist(address, &program, "GET", "/api/v1/inboxes", None).await?;
    let inbox = &inboxes.body["items"][0];
    let key = inbox["key"].as_str().context("an inbox has a public key")?;
    let path = format!("/api/v1/inboxes/{}/incoming-secret", inbox["id"]);
    let drawn = http::insist(address, &program, "POST", &path, None).await?;
    let secret = drawn.body["secret"].as_str().context("a new secret is shown once")?;
    Ok((key.to_owned(), token, signature::read_secret(secret)?))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in
        std::fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?
    {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => {
                let bytes = std::fs::copy(entry.path(), &target)?;
                ensure!(
                    bytes == entry.metadata()?.len(),
                    "{} was not copied whole",
                    target.display()
                );
            }
        }
    }
    Ok(())
}
