//! The trainer: makes the releases that were asked for, one at a time.
//!
//! A training is a job with a lane of its own, because it may take hours. The
//! claim on it is renewed while it runs. If the process dies, the claim lapses
//! and the training starts again, in whichever process claims it; a training that
//! was interrupted three times is given up, so that one that brings a server down
//! does not do so for ever.

use std::time::Duration;

use domain::{Account, Error, Id, Job, Release, ReleaseState, Result, TrainingProgress};
use jiff::SignedDuration;
use store::job::Kinds;
use store::{Tx, job, release};
use tokio::sync::watch;
use tokio::time::{Instant, Interval, interval_at};
use tokio_util::sync::CancellationToken;

use crate::Desk;
use crate::clock::every;
use crate::release::{NOT_FOUND, updated};
use crate::training::{Order, Trained, Training};
use crate::work::{TRAIN_RELEASE, Work};

/// How often to look for trainings that other processes queued.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a claim holds, and how often it is renewed.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
const RENEW_EVERY: Duration = Duration::from_secs(15);
/// How often it is told at most how far a training is.
const TELL_EVERY: Duration = Duration::from_millis(500);
/// How often a training is begun.
const ATTEMPTS_MAX: i32 = 3;
/// How long the sentence may be that says why a training failed, in characters.
const ERROR_CHARS_MAX: usize = 2_000;

/// Runs until `shutdown`.
pub(crate) async fn run(desk: &Desk, shutdown: CancellationToken) {
    let mut look = every(LOOK_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = look.tick() => {}
            () = desk.parts.training_queued.notified() => {}
        }
        if let Err(error) = work_off(desk, &shutdown).await {
            tracing::warn!(%error, "the queue of trainings could not be worked on");
        }
    }
}

async fn work_off(desk: &Desk, shutdown: &CancellationToken) -> Result<()> {
    while !shutdown.is_cancelled() {
        let now = desk.now();
        let claim = move |tx: Tx| async move {
            job::claim(&tx, Kinds::Only(TRAIN_RELEASE), now, now + CLAIM, 1).await
        };
        match desk.parts.store.write(Account::NOBODY, claim).await?.pop() {
            Some((account, job)) => attempt(desk, account, &job, shutdown).await?,
            None => break,
        }
    }
    Ok(())
}

/// How a training ended.
enum End {
    Made(Box<Trained>),
    Failed(String),
    /// The server stops, or nobody wants the release any more.
    Interrupted,
}

async fn attempt(
    desk: &Desk,
    account: Id<Account>,
    job: &Job,
    shutdown: &CancellationToken,
) -> Result<()> {
    let Work::TrainRelease { release: id } = Work::of(job).map_err(Error::internal)? else {
        return Err(Error::internal("a job that is no training was claimed as one"));
    };
    let found = release::find(&desk.read(account), id).await?;
    if found.is_none_or(|release| release.state != ReleaseState::Training) {
        return forget(desk, account, job.id).await;
    }
    let end = match job.attempts > ATTEMPTS_MAX {
        true => End::Failed(format!(
            "the server stopped {ATTEMPTS_MAX} times while it trained this release; \
             look at its log and memory, then train another"
        )),
        false => oversee(desk, account, id, job, shutdown).await?,
    };
    match end {
        End::Made(trained) => finish(desk, account, id, job.id, *trained).await,
        End::Failed(error) => fail(desk, account, id, job.id, error).await,
        End::Interrupted => hand_back(desk, account, job.id).await,
    }
}

/// Starts a training and stays beside it: notes how far it is, and keeps the claim. A
/// training that it leaves ends by itself.
async fn oversee(
    desk: &Desk,
    account: Id<Account>,
    id: Id<Release>,
    job: &Job,
    shutdown: &CancellationToken,
) -> Result<End> {
    let (attempt, now) = (job.attempts, desk.now());
    let order = Order { account, release: id, attempt, in_a_hurry: false, now };
    let started = Training::start(desk.parts.workshop.clone(), order);
    let Training { mut progress, mut done } = started.map_err(Error::internal)?;
    let mut renew = interval_at(Instant::now() + RENEW_EVERY, RENEW_EVERY);
    let mut pause = every(TELL_EVERY);
    loop {
        tokio::select! {
            // In this order, so that a short training is told of before it is done.
            biased;
            () = shutdown.cancelled() => return Ok(End::Interrupted),
            Some(at) = latest(&mut progress, &mut pause) => {
                if !advance(desk, account, id, at).await? {
                    return Ok(End::Interrupted);
                }
            }
            _ = renew.tick() => {
                let (job, until) = (job.id, desk.now() + CLAIM);
                let keep = move |tx: Tx| async move { job::renew(&tx, job, until).await };
                desk.parts.store.write(account, keep).await?;
            }
            ended = &mut done => return Ok(match ended {
                Ok(Ok(trained)) => End::Made(Box::new(trained)),
                Ok(Err(error)) => End::Failed(error.to_string()),
                Err(_) => End::Failed("the training met a bug; see the server's log".to_owned()),
            }),
        }
    }
}

/// Waits until something may be told, and until there is something new to tell.
async fn latest(
    progress: &mut watch::Receiver<TrainingProgress>,
    pause: &mut Interval,
) -> Option<TrainingProgress> {
    // In this order nothing is missed when this is given up between the two.
    pause.tick().await;
    progress.changed().await.ok()?;
    Some(*progress.borrow_and_update())
}

/// Notes how far a training is; `false` if nobody wants the release any more.
async fn advance(
    desk: &Desk,
    account: Id<Account>,
    id: Id<Release>,
    at: TrainingProgress,
) -> Result<bool> {
    let now = desk.now();
    let body = move |tx: Tx| async move {
        let Some(mut found) = release::find(&tx, id).await? else { return Ok(false) };
        if found.advance(at).is_some() {
            release::save(&tx, &found).await?;
            tx.record(updated(&found), now);
        }
        Ok(found.state == ReleaseState::Training)
    };
    desk.parts.store.write(account, body).await
}

/// Puts what was made into its place, and says so.
async fn finish(
    desk: &Desk,
    account: Id<Account>,
    id: Id<Release>,
    job: Id<Job>,
    trained: Trained,
) -> Result<()> {
    let Trained { folder, data_hash, metrics, evaluation } = trained;
    let evaluation = serde_json::to_string(&evaluation).map_err(Error::internal)?;
    let workshop = desk.parts.workshop.clone();
    let keep = tokio::task::spawn_blocking(move || workshop.keep(account, id, &folder));
    if let Err(error) = keep.await.map_err(Error::internal)? {
        let error = format!("the model could not be put into its place: {error}; make room");
        return fail(desk, account, id, job, error).await;
    }
    let now = desk.now();
    let body = move |tx: Tx| async move {
        job::delete(&tx, job).await?;
        let mut found = release::find(&tx, id).await?.ok_or(NOT_FOUND)?;
        if found.state == ReleaseState::Training {
            found.finish(data_hash, metrics);
            release::save(&tx, &found).await?;
            release::keep_evaluation(&tx, id, &evaluation).await?;
            tx.record(updated(&found), now);
        }
        Ok(())
    };
    match desk.parts.store.write(account, body).await {
        // It was removed meanwhile, and its files came too late to be forgotten.
        Err(Error::NotFound(_)) => {
            crate::release::discard(desk, account, id).await?;
            forget(desk, account, job).await
        }
        ended => ended,
    }
}

async fn fail(
    desk: &Desk,
    account: Id<Account>,
    id: Id<Release>,
    job: Id<Job>,
    error: String,
) -> Result<()> {
    tracing::warn!(release.id = id.number(), error, "a training failed");
    let error: String = error.chars().take(ERROR_CHARS_MAX).collect();
    let now = desk.now();
    let body = move |tx: Tx| async move {
        job::delete(&tx, job).await?;
        let Some(mut found) = release::find(&tx, id).await? else { return Ok(()) };
        if found.state == ReleaseState::Training {
            found.fail(error);
            release::save(&tx, &found).await?;
            tx.record(updated(&found), now);
        }
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

async fn forget(desk: &Desk, account: Id<Account>, job: Id<Job>) -> Result<()> {
    let delete = move |tx: Tx| async move { job::delete(&tx, job).await };
    desk.parts.store.write(account, delete).await
}
