//! The fault test: kills the real server again and again under load, and
//! compares what clients were promised with what is there.
//!
//! It knows the server by its command line, its public interface and its
//! database, and nothing else. It proves what happens to a process that dies;
//! what happens to a machine that loses power is the database's promise
//! (`synchronous=FULL`, `fsync`), which no test here can show.

mod agent;
mod app;
mod burst;
mod database;
mod findings;
mod http;
mod kills;
mod listener;
mod load;
mod missed;
mod receiver;
mod server;
mod signature;
mod socket;
mod stalled;
mod verify;
mod visitor;
mod world;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::{Parser, ValueEnum};
use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::json;

use crate::findings::{Fault, Findings};
use crate::kills::Counts;
use crate::world::{Setting, World};

/// How long a killed server may take until it serves again.
const READY_TIME_MAX: Duration = Duration::from_secs(1);
/// How many kills may be needed to catch the planted bug.
const PLANTED_KILLS_MAX: usize = 200;

/// Kills the server again and again under load, and counts what that cost.
#[derive(Debug, Parser)]
struct Options {
    /// How often to kill, over all settings together.
    #[arg(long, default_value_t = 20)]
    kills: usize,
    /// Which databases.
    #[arg(long, value_enum, default_value = "both")]
    database: Databases,
    /// What all random choices begin with.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A binary with the planted bug: succeeds if the bug is caught.
    #[arg(long, value_name = "BINARY")]
    planted: Option<PathBuf>,
    /// The server's binary.
    #[arg(long, env = "ATTUNE")]
    attune: PathBuf,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Databases {
    Sqlite,
    Postgres,
    Both,
}

impl Databases {
    /// The settings, and the part of the kills that each gets, in percent.
    fn settings(self) -> &'static [(Setting, usize)] {
        match self {
            Databases::Sqlite => &[(Setting::Sqlite, 100)],
            Databases::Postgres => &[(Setting::Postgres, 50), (Setting::PostgresForTwo, 50)],
            Databases::Both => {
                &[(Setting::Sqlite, 50), (Setting::Postgres, 25), (Setting::PostgresForTwo, 25)]
            }
        }
    }
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("faults: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(options: &Options) -> Result<bool> {
    ensure!(options.attune.exists(), "there is no {}; build it first", options.attune.display());
    let work = async {
        match &options.planted {
            Some(planted) => catch_planted(options, planted).await,
            None => run_all(options).await,
        }
    };
    // What a signal interrupts is dropped, and the servers with it.
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        result = work => result,
        _ = tokio::signal::ctrl_c() => Ok(false),
        _ = terminate.recv() => Ok(false),
    }
}

/// Kills in every setting; while one settles, the next is being killed.
async fn run_all(options: &Options) -> Result<bool> {
    let mut settling = tokio::task::JoinSet::new();
    let mut holds = true;
    for &(setting, percent) in options.database.settings() {
        let kills = (options.kills * percent).div_ceil(100);
        let began = Instant::now();
        let world = World::create(&options.attune, setting, options.seed).await?;
        world.register_webhook().await?;
        let survivor = kills::kill_under_load(world, kills, false).await?;
        let is_release = is_release(options);
        settling.spawn(async move {
            let (world, counts, ready) = survivor.verify().await?;
            let findings = world.load.findings.clone();
            for ready in ready.into_iter().filter(|ready| is_release && *ready > READY_TIME_MAX) {
                findings.add(Fault::Slow, || format!("ready after {ready:?}"));
            }
            let keep = findings.any();
            world.clear(keep).await?;
            anyhow::Ok(report(setting, &counts, &findings, began))
        });
    }
    if is_release(options) {
        // Times are measured when nothing settles beside them.
        holds &= all_settled(&mut settling).await?;
    }
    holds &= bad_clients_everywhere(options).await?;
    holds &= all_settled(&mut settling).await?;
    Ok(holds)
}

/// Waits until every setting has settled; whether all of them hold.
async fn all_settled(settling: &mut tokio::task::JoinSet<Result<bool>>) -> Result<bool> {
    let mut holds = true;
    while let Some(settled) = settling.join_next().await {
        holds &= settled??;
    }
    Ok(holds)
}

/// Lets clients come back late, stop reading, and ask for what they may not have,
/// with each kind of database: one after the other where times are measured.
async fn bad_clients_everywhere(options: &Options) -> Result<bool> {
    let settings = options.database.settings().iter().filter(|(setting, _)| !setting.is_for_two());
    let at_once = if is_release(options) { 1 } else { 2 };
    let results =
        futures::stream::iter(settings.map(|&(setting, _)| bad_clients(options, setting)));
    let results: Vec<bool> = results.buffered(at_once).try_collect().await?;
    Ok(results.into_iter().all(|holds| holds))
}

async fn bad_clients(options: &Options, setting: Setting) -> Result<bool> {
    let mut world = World::create(&options.attune, setting, options.seed).await?;
    let findings = world.load.findings.clone();
    for mut line in [
        missed::come_back(&world, is_release(options)).await?,
        burst::withstand(&world, is_release(options)).await?,
        stalled::stop_reading(&world, is_release(options)).await?,
    ] {
        line["setting"] = setting.name().into();
        tell(&line, &findings);
    }
    world.stop().await?;
    world.clear(findings.any()).await?;
    Ok(!findings.any())
}

/// Kills until the planted bug shows: something that was acknowledged and is
/// gone. What else the bug does, to whoever reads at once, does not count.
async fn catch_planted(options: &Options, planted: &Path) -> Result<bool> {
    ensure!(planted.exists(), "there is no {}; build it first", planted.display());
    let mut all_caught = true;
    for &(setting, _) in
        options.database.settings().iter().filter(|(setting, _)| !setting.is_for_two())
    {
        let began = Instant::now();
        // The company is made without the bug, which would not let it come that far.
        let mut world = World::create(&options.attune, setting, options.seed).await?;
        world.register_webhook().await?;
        world.change_binary(planted).await?;
        let findings = world.load.findings.clone();
        let survivor = kills::kill_under_load(world, PLANTED_KILLS_MAX, true).await?;
        let kills = survivor.kills();
        let world = match findings.is_anything_gone() {
            true => survivor.abandon(),
            false => survivor.verify().await?.0,
        };
        world.clear(false).await?;
        let caught = findings.is_anything_gone();
        all_caught &= caught;
        let line = json!({
            "test": "faults", "planted": true, "setting": setting.name(), "caught": caught, "kills": kills,
            "duration_s": began.elapsed().as_secs(),
        });
        tell(&line, &findings);
    }
    Ok(all_caught)
}

/// Prints what a setting gave; whether the contract held.
fn report(setting: Setting, counts: &Counts, findings: &Arc<Findings>, began: Instant) -> bool {
    let mut line = json!({
        "test": "faults",
        "setting": setting.name(),
        "lost": findings.count(Fault::Lost),
        "doubled": findings.count(Fault::Doubled),
        "disordered": findings.count(Fault::Disordered),
        "gaps": findings.count(Fault::Gap),
        "never_sent": findings.count(Fault::Foreign),
        "unanswered": findings.count(Fault::Unanswered),
        "undelivered": findings.count(Fault::Undelivered),
        "slow": findings.count(Fault::Slow),
        "refused": findings.count(Fault::Refused),
        "duration_s": began.elapsed().as_secs(),
    });
    if let (Some(line), Ok(serde_json::Value::Object(counts))) =
        (line.as_object_mut(), serde_json::to_value(counts))
    {
        line.extend(counts);
    }
    tell(&line, findings);
    !findings.any()
}

/// Prints the result for programs, and what was found for people.
#[expect(clippy::print_stdout, reason = "the result is what this program is run for")]
fn tell(line: &serde_json::Value, findings: &Findings) {
    println!("{line}");
    eprint!("{}", findings.report());
}

fn is_release(options: &Options) -> bool {
    options.attune.components().any(|part| part.as_os_str() == "release")
}
