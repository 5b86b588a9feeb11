//! Brings snoozed conversations back when their time has come.
//!
//! The next message of a contact brings one back as well; that is the business
//! of whoever takes in the message.

use std::sync::Arc;
use std::time::Duration;

use domain::{Account, Conversation, EventKind, Id, News, Result, Status};
use jiff::Timestamp;
use store::{Tx, conversation};
use tokio_util::sync::CancellationToken;

use crate::Desk;
use crate::clock::every;

/// How often to look for what is due: a snooze ends at most this much late.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many conversations are looked for at once.
const DUE_MAX: u64 = 100;

/// Runs until `shutdown`.
pub(crate) async fn run(desk: &Desk, shutdown: CancellationToken) {
    let mut look = every(LOOK_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = look.tick() => {}
        }
        if let Err(error) = wake_due(desk, &shutdown).await {
            tracing::warn!(%error, "snoozed conversations could not be woken");
        }
    }
}

async fn wake_due(desk: &Desk, shutdown: &CancellationToken) -> Result<()> {
    let nobody = desk.read(Account::NOBODY);
    while !shutdown.is_cancelled() {
        let now = desk.now();
        let due = conversation::list_due(&nobody, now, DUE_MAX).await?;
        let found = due.len() as u64;
        for (account, id) in due {
            wake(desk, account, id, now).await?;
        }
        if found < DUE_MAX {
            break;
        }
    }
    Ok(())
}

/// Wakes a conversation, unless somebody did so meanwhile.
async fn wake(
    desk: &Desk,
    account: Id<Account>,
    id: Id<Conversation>,
    now: Timestamp,
) -> Result<()> {
    let wake = move |tx: Tx| async move {
        let Some(mut found) = conversation::find(&tx, id).await? else { return Ok(()) };
        if found.wake(now).is_some() {
            conversation::save(&tx, &mut found).await?;
            tx.tell(
                News::of(EventKind::ConversationReopened, id),
                Some(Arc::new(found)),
                None,
                now,
            );
        } else if found.status != Status::Snoozed && found.snoozed_until.take().is_some() {
            // A message woke it before its time, which means nothing any more.
            conversation::save(&tx, &mut found).await?;
        }
        Ok(())
    };
    desk.parts.store.write(account, wake).await
}
