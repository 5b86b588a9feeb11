//! The explorer: finds what contacts ask about in what they said, one discovery at a time.
//!
//! A discovery is a job with a lane of its own, so that it waits for no training; it reads the
//! event log backwards, a page at a time, and thinks on a thread that gives way to everything
//! else. If the process dies, the claim lapses and the discovery starts again; one that was
//! interrupted three times is given up.

mod asked;
mod gather;
mod known;

use std::time::Duration;

use domain::{Account, Discovery, DiscoveryState, Error, Findings, Id, Job, Result};
use jiff::SignedDuration;
use store::job::Kinds;
use store::{Tx, discovery, job};
use tokio::sync::oneshot;
use tokio::time::{Instant, interval_at};
use tokio_util::sync::CancellationToken;

use self::asked::Asked;
use crate::Desk;
use crate::clock::every;
use crate::discovery::{past, updated};
use crate::training::NICENESS;
use crate::work::{DISCOVER, Work};

/// How often to look for discoveries that other processes queued.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a claim holds, and how often it is renewed.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
const RENEW_EVERY: Duration = Duration::from_secs(15);
/// How often a discovery is begun.
const ATTEMPTS_MAX: i32 = 3;

/// Runs until `shutdown`.
pub(crate) async fn run(desk: &Desk, shutdown: CancellationToken) {
    let mut look = every(LOOK_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = look.tick() => {}
            () = desk.parts.discovery_queued.notified() => {}
        }
        if let Err(error) = work_off(desk, &shutdown).await {
            tracing::warn!(%error, "the queue of discoveries could not be worked on");
        }
    }
}

async fn work_off(desk: &Desk, shutdown: &CancellationToken) -> Result<()> {
    while !shutdown.is_cancelled() {
        let now = desk.now();
        let claim = move |tx: Tx| async move {
            job::claim(&tx, Kinds::Only(DISCOVER), now, now + CLAIM, 1).await
        };
        match desk.parts.store.write(Account::NOBODY, claim).await?.pop() {
            Some((account, job)) => attempt(desk, account, &job, shutdown).await?,
            None => break,
        }
    }
    Ok(())
}

async fn attempt(
    desk: &Desk,
    account: Id<Account>,
    job: &Job,
    shutdown: &CancellationToken,
) -> Result<()> {
    let Work::Discover { discovery: id } = Work::of(job).map_err(Error::internal)? else {
        return Err(Error::internal("a job that is no discovery was claimed as one"));
    };
    let found = discovery::find(&desk.read(account)).await?;
    let wanted = found.filter(|one| one.id == id && one.state == DiscoveryState::Running);
    let Some(wanted) = wanted else { return end(desk, account, id, job.id, None).await };
    if job.attempts > ATTEMPTS_MAX {
        let error = format!(
            "the server stopped {ATTEMPTS_MAX} times while it looked; look at its log and \
             memory, then look back fewer days"
        );
        return end(desk, account, id, job.id, Some(Err(error))).await;
    }
    match oversee(desk, account, &wanted, job, shutdown).await? {
        Some(findings) => end(desk, account, id, job.id, Some(findings)).await,
        None => hand_back(desk, account, job.id).await,
    }
}

/// Looks, and keeps the claim meanwhile; `None` if the server stops.
async fn oversee(
    desk: &Desk,
    account: Id<Account>,
    wanted: &Discovery,
    job: &Job,
    shutdown: &CancellationToken,
) -> Result<Option<std::result::Result<Findings, String>>> {
    let looking = look(desk, account, wanted);
    tokio::pin!(looking);
    let mut renew = interval_at(Instant::now() + RENEW_EVERY, RENEW_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return Ok(None),
            _ = renew.tick() => {
                let (job, until) = (job.id, desk.now() + CLAIM);
                let keep = move |tx: Tx| async move { job::renew(&tx, job, until).await };
                desk.parts.store.write(account, keep).await?;
            }
            found = &mut looking => return found.map(Some),
        }
    }
}

async fn look(
    desk: &Desk,
    account: Id<Account>,
    wanted: &Discovery,
) -> Result<std::result::Result<Findings, String>> {
    let (days, now) = (wanted.days, desk.now());
    let reader = desk.read(account);
    let asked = match days {
        Some(days) => {
            let since = now - SignedDuration::from_hours(24 * i64::from(days));
            gather::gather(&reader, since).await?.asked()
        }
        None => {
            let kept = discovery::find_past(&reader).await?;
            let gone = || Error::internal("the past conversations of a discovery are gone");
            Asked::in_past(past::parse(&kept.ok_or_else(gone)?)?)
        }
    };
    let (sender, found) = oneshot::channel();
    let think = move || {
        // Where the system refuses, thinking is in the way a little more.
        let _ = rustix::process::nice(NICENESS);
        let _ = sender.send(asked.findings(days, now));
    };
    let thread = std::thread::Builder::new().name("explorer".to_owned());
    thread.spawn(think).map_err(Error::internal)?;
    let Ok((mut findings, questions)) = found.await else {
        return Ok(Err("the discovery met a bug; see the server's log".to_owned()));
    };
    known::recognise(desk, account, &mut findings, &questions).await?;
    Ok(Ok(findings))
}

/// Keeps what came of a discovery that is still wanted, and forgets the job.
async fn end(
    desk: &Desk,
    account: Id<Account>,
    id: Id<Discovery>,
    job: Id<Job>,
    outcome: Option<std::result::Result<Findings, String>>,
) -> Result<()> {
    let now = desk.now();
    let body = move |tx: Tx| async move {
        job::delete(&tx, job).await?;
        let found = discovery::find(&tx).await?.filter(|one| one.id == id);
        let (Some(mut found), Some(outcome)) = (found, outcome) else { return Ok(()) };
        match outcome {
            Ok(findings) => found.finish(findings),
            Err(error) => found.fail(error, now),
        }
        discovery::save(&tx, &found).await?;
        discovery::keep_past(&tx, None).await?;
        tx.record(updated(&found), now);
        Ok(())
    };
    desk.parts.store.write(account, body).await
}

/// Lets the next process begin at once; this attempt does not count.
async fn hand_back(desk: &Desk, account: Id<Account>, job: Id<Job>) -> Result<()> {
    let now = desk.now();
    let back = move |tx: Tx| async move { job::hand_back(&tx, job, now).await };
    desk.parts.store.write(account, back).await
}
