//! `attune migrate`: brings the database to this release, or lists what that takes.

use crate::boot;
use crate::cli::Migrate;
use crate::config::{Config, Location};
use crate::failure::Result;
use crate::output::say;

/// Runs the command.
pub(crate) fn run(migrate: &Migrate) -> Result {
    let config = Config::load(&migrate.settings.sources())?;
    boot::runtime(&config)?.block_on(async {
        if migrate.dry_run {
            return list(&config.location()?).await;
        }
        let house = boot::open(&config).await?;
        report(&house.opening)
    })
}

/// Says what was done to the database.
pub(crate) fn report(opening: &store::Opening) -> Result {
    if opening.migrated.is_empty() {
        return say("the database is of this release already");
    }
    say(&format!("migrated: {}", opening.migrated.join(", ")))?;
    match &opening.backup {
        Some(path) => say(&format!("a copy of the database before that is at {}", path.display())),
        None => Ok(()),
    }
}

async fn list(location: &Location) -> Result {
    let pending = boot::check_database(location).await?;
    match location {
        Location::Sqlite(path) if !path.exists() => {
            say(&format!("there is no database at {} yet; it would be made", path.display()))
        }
        _ if pending.is_empty() => say("the database is of this release already"),
        _ => say(&format!("would migrate: {}", pending.join(", "))),
    }
}
