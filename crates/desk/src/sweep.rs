//! Forgets what limits have counted, and requests that nobody will repeat.
//!
//! A row that is over means the same as none, so nobody waits for this.

use std::time::Duration;

use domain::{REQUEST_KNOWN_FOR, Result};
use tokio_util::sync::CancellationToken;

use crate::clock::every;
use crate::{Desk, attempt};

/// How often to look for what is over.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Runs until `shutdown`.
pub(crate) async fn run(desk: &Desk, shutdown: CancellationToken) {
    let mut look = every(LOOK_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = look.tick() => {}
        }
        if let Err(error) = forget(desk).await {
            tracing::warn!(%error, "what is over could not be pruned");
        }
    }
}

async fn forget(desk: &Desk) -> Result<()> {
    let (alone, now) = (desk.parts.store.alone(), desk.now());
    store::attempt::prune(&alone, attempt::since(now)).await?;
    store::quota::prune(&alone, now).await?;
    store::idempotency::prune(&alone, now - REQUEST_KNOWN_FOR).await?;
    Ok(())
}
