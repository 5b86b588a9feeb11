//! The commands and their options. What they do is in the module of each.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::Sources;

mod nlu;

pub(crate) use nlu::*;

/// Attune (知音): intelligent customer service in one program.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves visitors, agents and programs until it is told to end.
    #[command(after_help = "Example:\n  attune serve --data /var/lib/attune --listen 0.0.0.0:8080")]
    Serve(Serve),
    /// Creates the demo company, if there is no company yet, and serves it. Prints the pages to open and a
    /// login that works once.
    #[command(after_help = "Example:\n  attune demo --data /tmp/attune-demo")]
    Demo(Settings),
    /// Brings the database to this release without serving. `serve` does so, too.
    #[command(after_help = "Example:\n  attune migrate --dry-run")]
    Migrate(Migrate),
    /// Adds, lists and changes those who may sign in.
    #[command(
        after_help = "Example:\n  attune user create --email lin@example.com --name 林知远 --role owner"
    )]
    User(User),
    /// Checks configuration, folder, port, database, disk, pages and bots, and says what to do about each
    /// thing that is wrong.
    #[command(after_help = "Example:\n  attune doctor --config /etc/attune.toml")]
    Doctor(Settings),
    /// Shows the settings that hold and where each comes from; secrets are masked.
    #[command(after_help = "Example:\n  attune config --default > attune.toml")]
    Config(ShowConfig),
    /// Prints the OpenAPI document of the interface.
    #[command(after_help = "Example:\n  attune openapi > openapi.json")]
    Openapi,
    /// Copies database, files and bots into one archive, also while serving.
    #[command(after_help = "Example:\n  attune backup /srv/backup/attune-2026-11-22.tar")]
    Backup(Backup),
    /// Unpacks an archive of `attune backup` into a data folder that is empty or not there yet.
    #[command(
        after_help = "Example:\n  attune restore /srv/backup/attune-2026-11-22.tar --data /var/lib/attune"
    )]
    Restore(Restore),
    /// Plays visitors against a running server, checks every answer, and prints one line of JSON. The
    /// conversations stay in that server.
    #[command(
        after_help = "Example:\n  attune simulate --url http://127.0.0.1:8080 --inbox ib_… --sessions-per-second 20 --duration 60"
    )]
    Simulate(Simulate),
    /// Trains, measures and asks what understands language, without a server.
    #[command(
        after_help = "Example:\n  attune nlu train --data train.tsv --out model\n  attune nlu eval --model model --data test.tsv"
    )]
    Nlu(Nlu),
    /// Measures what understands language on sets of one's own or of the public.
    #[command(after_help = "Example:\n  attune bench nlu --data sets --out report.html")]
    Bench(Bench),
}

/// Where settings come from.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Settings {
    /// The configuration file.
    #[arg(long, value_name = "FILE", env = "ATTUNE_CONFIG")]
    config: Option<PathBuf>,
    /// The folder that everything is kept in; setting data.dir.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The address and port to listen on; setting server.listen.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The database, if not SQLite in the folder; setting database.url.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Settings {
    /// Joins them with the environment.
    pub(crate) fn sources(&self) -> Sources {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let mut options = Vec::new();
        if let Some(data) = &self.data {
            options.push(("--data", "data.dir", data.display().to_string()));
        }
        if let Some(listen) = &self.listen {
            options.push(("--listen", "server.listen", listen.to_string()));
        }
        if let Some(database) = &self.database {
            options.push(("--database", "database.url", database.clone()));
        }
        Sources { file: self.config.clone(), environment: environment.collect(), options }
    }
}

/// `attune serve`
#[derive(Args, Debug)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// What this process does, separated by commas: gateway (connections), assistant (bots), worker
    /// (webhooks, search, jobs). All of it by default.
    #[arg(long, value_name = "ROLES", value_delimiter = ',')]
    pub(crate) roles: Vec<String>,
}

/// `attune migrate`
#[derive(Args, Debug)]
pub(crate) struct Migrate {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Lists what would be done.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `attune user`
#[derive(Args, Debug)]
pub(crate) struct User {
    #[command(subcommand)]
    pub(crate) command: UserCommand,
}

/// What to do about users.
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Adds an agent, and the company if there is none. The password is read from standard input, or drawn
    /// and printed once.
    #[command(
        after_help = "Example:\n  attune user create --email lin@example.com --name 林知远 --role owner --company 知明财富"
    )]
    Create(CreateUser),
    /// Lists those who may sign in.
    #[command(after_help = "Example:\n  attune user list")]
    List(Settings),
    /// Sets the password of an agent and ends the agent's sessions. It is read from standard input, or drawn
    /// and printed once.
    #[command(after_help = "Example:\n  attune user set-password --email lin@example.com")]
    SetPassword(SetPassword),
    /// Ends an agent's sessions and tokens, and lets the agent sign in no more.
    #[command(after_help = "Example:\n  attune user deactivate --email lin@example.com")]
    Deactivate(OneUser),
}

/// `attune user create`
#[derive(Args, Debug)]
pub(crate) struct CreateUser {
    #[command(flatten)]
    pub(crate) user: SetPassword,
    /// What contacts and colleagues read.
    #[arg(long)]
    pub(crate) name: String,
    /// owner, supervisor, agent or trainer.
    #[arg(long, default_value = "agent")]
    pub(crate) role: String,
    /// The company, by its name or number; the only one if there is one.
    #[arg(long, value_name = "NAME")]
    pub(crate) company: Option<String>,
}

/// `attune user set-password`
#[derive(Args, Debug)]
pub(crate) struct SetPassword {
    #[command(flatten)]
    pub(crate) one: OneUser,
    /// Reads the password from standard input instead of drawing one.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

/// A command about one agent.
#[derive(Args, Debug)]
pub(crate) struct OneUser {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// The address to sign in with.
    #[arg(long)]
    pub(crate) email: String,
}

/// `attune config`
#[derive(Args, Debug)]
pub(crate) struct ShowConfig {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Prints the commented file with every key and its default instead.
    #[arg(long)]
    pub(crate) default: bool,
}

/// `attune backup`
#[derive(Args, Debug)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// The archive to write; it must not exist. By default attune-DATE-TIME.tar, here.
    pub(crate) file: Option<PathBuf>,
}

/// `attune restore`
#[derive(Args, Debug)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// The archive to read.
    pub(crate) file: PathBuf,
}

/// `attune simulate`
#[derive(Args, Clone, Debug)]
pub(crate) struct Simulate {
    /// The server.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    pub(crate) url: String,
    /// The public key of the inbox to write to.
    #[arg(long)]
    pub(crate) inbox: String,
    /// The origin of the page that the visitors pretend to be on; the server's by default.
    #[arg(long)]
    pub(crate) origin: Option<String>,
    /// How many visitors come in a second, whether or not the server keeps up.
    #[arg(long, default_value_t = 20.0)]
    pub(crate) sessions_per_second: f64,
    /// For how many seconds they come.
    #[arg(long, default_value_t = 10.0)]
    pub(crate) duration: f64,
    /// How many questions each one asks.
    #[arg(long, default_value_t = 6)]
    pub(crate) questions: usize,
    /// How long each one thinks between an answer and the next question, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pub(crate) think_ms: u64,
    /// What the choice of questions begins with; the same seed asks the same.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The process of the server, to read its processor time and memory.
    #[arg(long)]
    pub(crate) server_pid: Option<u32>,
    /// How long an answer may take before it counts as lost, in milliseconds.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) timeout_ms: u64,
    /// Threads that play.
    #[arg(long, default_value_t = 1)]
    pub(crate) threads: usize,
    /// Holds so many silent connections instead, and tells what each costs the server in memory.
    #[arg(long, value_name = "CONNECTIONS", conflicts_with = "closed_loop")]
    pub(crate) idle: Option<usize>,
    /// Keeps so many connections busy instead, each with one message on its way.
    #[arg(long, value_name = "CONNECTIONS")]
    pub(crate) closed_loop: Option<usize>,
}
