//! `attune doctor`: looks at everything that a start needs, and changes nothing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use desk::Verdict;

use crate::boot;
use crate::cli::Settings;
use crate::config::{Config, Location};
use crate::failure::{Failure, Result};
use crate::output::say;
use crate::{pages, serve, surroundings};

/// With less free space than this, a busy day may fill the disk.
const FREE_BYTES_MIN: u64 = 1024 * 1024 * 1024;
/// Before this day (2026-01-01), a machine's clock is wrong.
const PAST_SECOND: i64 = 1_767_225_600;
/// How long the scanner may take to answer.
const SCANNER_TIME_MAX: Duration = Duration::from_secs(5);

/// What was found out about one thing.
enum Finding {
    Good(String),
    /// It works, and may not for long.
    Doubtful(String),
    Wrong(String),
}

/// Runs the command.
pub(crate) fn run(settings: &Settings) -> Result {
    let config = match Config::load(&settings.sources()) {
        Ok(config) => config,
        Err(failure) => {
            show("configuration", &Finding::Wrong(failure.sentence()))?;
            return Err(Failure::start(
                "the configuration is wrong; mend it, then run `attune doctor` again",
            ));
        }
    };
    let findings = boot::runtime(&config)?.block_on(examine(&config));
    for (thing, finding) in &findings {
        show(thing, finding)?;
    }
    let wrong = findings.iter().filter(|(_, finding)| matches!(finding, Finding::Wrong(_))).count();
    match wrong {
        0 => Ok(()),
        1 => Err(Failure::start("one thing is wrong; the table says what to do")),
        _ => Err(Failure::start(format!("{wrong} things are wrong; the table says what to do"))),
    }
}

async fn examine(config: &Config) -> Vec<(&'static str, Finding)> {
    let in_use = is_in_use(&config.data.dir);
    vec![
        ("configuration", Finding::Good("every key is known and well formed".into())),
        ("clock", clock()),
        ("folder", folder(config, in_use)),
        ("disk", disk(&config.data.dir)),
        ("port", port(config, in_use).await),
        ("database", database(config).await),
        ("secret", secret(config)),
        ("pages", web_pages()),
        ("bots", bots(config).await),
        ("scanner", scanner(config).await),
    ]
}

fn show(thing: &str, finding: &Finding) -> Result {
    let (mark, text) = match finding {
        Finding::Good(text) => ("ok", text),
        Finding::Doubtful(text) => ("look", text),
        Finding::Wrong(text) => ("WRONG", text),
    };
    say(&format!("{mark:<6} {thing:<14} {text}"))
}

fn clock() -> Finding {
    let now = surroundings::now();
    match now.as_second() < PAST_SECOND {
        true => Finding::Wrong(format!("it is {now} on this machine; set its clock")),
        false => Finding::Good(now.strftime("%Y-%m-%d %H:%M UTC").to_string()),
    }
}

fn folder(config: &Config, in_use: bool) -> Finding {
    let path = &config.data.dir;
    let shown = path.display();
    if in_use {
        return Finding::Good(format!("{shown}, in use by a running attune"));
    }
    let nearest = nearest_folder(path);
    if path.exists() && !path.is_dir() || !nearest.is_dir() {
        return Finding::Wrong(format!(
            "{shown} is not a folder; name another one with --data or data.dir"
        ));
    }
    // A file without a name leaves nothing behind.
    match tempfile::tempfile_in(&nearest) {
        Ok(_) if path.exists() => Finding::Good(shown.to_string()),
        Ok(_) => Finding::Good(format!("{shown}, will be made")),
        Err(error) => Finding::Wrong(format!(
            "cannot write to {}: {error}; give this user the right to",
            nearest.display()
        )),
    }
}

fn disk(path: &Path) -> Finding {
    match fs4::available_space(nearest_folder(path)) {
        Ok(bytes) if bytes < FREE_BYTES_MIN => {
            Finding::Doubtful(format!("{} MiB are free; make room", bytes >> 20))
        }
        Ok(bytes) => Finding::Good(format!("{} GiB are free", bytes >> 30)),
        Err(error) => Finding::Doubtful(format!("how much is free cannot be read: {error}")),
    }
}

async fn port(config: &Config, in_use: bool) -> Finding {
    let address = config.server.listen;
    match serve::check_port(address).await {
        Ok(()) => Finding::Good(format!("{address} is free")),
        Err(_) if in_use => {
            Finding::Good(format!("{address} is in use, and so is the folder: attune runs"))
        }
        Err(failure) => Finding::Wrong(failure.sentence()),
    }
}

async fn database(config: &Config) -> Finding {
    let location = match config.location() {
        Ok(location) => location,
        Err(failure) => return Finding::Wrong(failure.sentence()),
    };
    let shown = location.shown();
    match (&location, boot::check_database(&location).await) {
        (Location::Sqlite(path), _) if !path.exists() => {
            Finding::Good(format!("{shown}, will be made"))
        }
        (_, Ok(pending)) if pending.is_empty() => {
            Finding::Good(format!("{shown}, of this release"))
        }
        (_, Ok(pending)) => {
            Finding::Good(format!("{shown}, will be migrated: {}", pending.join(", ")))
        }
        (_, Err(failure)) => Finding::Wrong(failure.sentence()),
    }
}

fn secret(config: &Config) -> Finding {
    match config.secret.check(&config.data.dir) {
        Ok(()) => Finding::Good("long enough, or drawn at the first start".into()),
        Err(failure) => Finding::Wrong(failure.sentence()),
    }
}

fn web_pages() -> Finding {
    match pages::missing().as_slice() {
        [] => Finding::Good("console, widget and loader are inside".into()),
        missing => Finding::Wrong(format!(
            "this attune was built without {}; run `make web` and build it again",
            missing.join(", ")
        )),
    }
}

/// Reads every bot's files; trains nothing that is not trained already.
async fn bots(config: &Config) -> Finding {
    let folder = config.data.dir.join("bots");
    let names: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    for path in &names {
        if let Err(error) = nlu::BotData::read_folder(path) {
            return Finding::Wrong(format!("{error}; mend the file"));
        }
    }
    Finding::Good(format!("{} with readable files", names.len()))
}

/// Asks the scanner whether it is there, and to scan something harmless: that it
/// answers does not mean that it can.
async fn scanner(config: &Config) -> Finding {
    let (address, scanner) = match (config.uploads.address(), config.uploads.scanner()) {
        (Ok(Some(address)), Ok(Some(scanner))) => (address, scanner),
        (Ok(_), Ok(_)) => {
            return Finding::Good("none is configured; files can be fetched at once".into());
        }
        (Err(failure), _) | (_, Err(failure)) => return Finding::Wrong(failure.sentence()),
    };
    let scanner = scanner.with_time_max(SCANNER_TIME_MAX);
    let mend = "files wait until it does; start it, or mend uploads.scanner";
    match (scanner.ping().await, scanner.scan(b"attune doctor").await) {
        (Err(error), _) => Finding::Wrong(format!("{error}; {mend}")),
        (Ok(()), Ok(Verdict::Clean)) => Finding::Good(format!("{address} answers")),
        (Ok(()), Ok(Verdict::Infected(found))) => Finding::Wrong(format!(
            "{address} finds {found} in a harmless text; look at its signatures"
        )),
        (Ok(()), Err(error)) => Finding::Wrong(format!("{error} to a scan; {mend}")),
    }
}

/// Whether another attune holds the folder.
fn is_in_use(path: &Path) -> bool {
    std::fs::File::open(path.join("lock"))
        .is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock)))
}

/// The folder itself, or the nearest one above it that is there.
fn nearest_folder(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute
        .ancestors()
        .find(|ancestor| ancestor.exists())
        .map_or_else(|| "/".into(), Path::to_owned)
}
