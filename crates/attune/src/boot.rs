//! Getting ready: what every command needs before it can do its work.
//!
//! The order matters. What can be checked without changing the disk comes
//! first, and a start that fails leaves the folder as it was.

use std::path::Path;
use std::time::Duration;

use desk::{Bots, Desk, Keys, Limits, Setup, Workshop};
use domain::{Account, Id};
use store::blob::Blobs;
use store::{Opening, Store};

use crate::config::{Config, Location};
use crate::failure::{Failure, Result, explain};
use crate::folder::Folder;
use crate::surroundings;

/// How long a database server may take to answer at the start.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(15);

/// A desk that is open, and the claim on its folder.
pub(crate) struct House {
    /// Every use case.
    pub(crate) desk: Desk,
    /// The data folder; dropped last.
    _folder: Folder,
    /// What was done to the database.
    pub(crate) opening: Opening,
}

/// Claims the folder and opens the desk in it.
pub(crate) async fn open(config: &Config) -> Result<House> {
    let data_dir = &config.data.dir;
    let location = config.location()?;
    config.secret.check(data_dir)?;
    let mut folder = Folder::claim(data_dir, matches!(location, Location::Postgres(_)))?;
    check_database(&location).await?;
    let secret = config.secret.find_or_draw(data_dir)?;
    folder.keep()?;
    let blobs = Blobs::in_folder(&data_dir.join("files")).map_err(|error| {
        Failure::start(format!(
            "cannot write to {}: {}; give this user the right to",
            data_dir.join("files").display(),
            explain(&error)
        ))
    })?;
    let (store, opening) =
        Store::open(&location.url()).await.map_err(|error| unreachable(&location, &error))?;
    let desk = Desk::open(Setup {
        store,
        blobs,
        scanner: config.uploads.scanner()?,
        outbound: outbound::Client::new(
            config.webhooks.policy()?,
            std::sync::Arc::new(outbound::SystemResolver::default()),
        )?,
        bots: Bots::default(),
        workshop: Workshop::in_folder(data_dir),
        keys: Keys::derive(&secret),
        clock: surroundings::clock(),
        randomness: surroundings::randomness(),
        limits: limits(config),
    });
    Ok(House { desk, _folder: folder, opening })
}

/// Checks that the database can be reached and is not of a newer release,
/// without changing it.
pub(crate) async fn check_database(location: &Location) -> Result<Vec<String>> {
    match location {
        // A file that is not there will be made; looking would make it.
        Location::Sqlite(path) if !path.exists() => Ok(Vec::new()),
        _ => {
            let url = location.url();
            let pending = tokio::time::timeout(DATABASE_TIMEOUT, Store::pending(&url));
            match pending.await {
                Ok(pending) => pending.map_err(|error| unreachable(location, &error)),
                Err(_) => Err(Failure::start(format!(
                    "the database at {} does not answer; check database.url and the server",
                    location.shown()
                ))),
            }
        }
    }
}

/// Where the text files of an account's bot are.
pub(crate) fn bot_folder(data_dir: &Path, account: Id<Account>) -> std::path::PathBuf {
    Workshop::in_folder(data_dir).files(account)
}

/// A runtime with as many threads as the configuration says.
pub(crate) fn runtime(config: &Config) -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if config.server.threads > 0 {
        builder.worker_threads(config.server.threads);
    }
    Ok(builder.enable_all().build()?)
}

fn limits(config: &Config) -> Limits {
    Limits {
        bot_time_max_ms: config.limits.bot_time_max_ms,
        intake_wait_max_ms: config.limits.intake_wait_max_ms,
        delivery_attempts_max: config.limits.delivery_attempts_max,
    }
}

fn unreachable(location: &Location, error: &domain::Error) -> Failure {
    let reason = explain(error);
    if reason.contains("newer release") {
        return Failure::start(reason);
    }
    Failure::start(format!(
        "cannot use the database at {}: {reason}; check database.url",
        location.shown()
    ))
}
