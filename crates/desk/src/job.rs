//! Jobs: work that follows from a commit, done at least once.
//!
//! A job is queued in the transaction of the change that causes it (see
//! [`crate::work`]), so it exists exactly when the change does. A worker of any
//! process claims it; the claim lapses, so the job of a process that died is
//! claimed again, and every kind of work may therefore be done twice. Deliveries
//! to webhooks have a queue of their own, see [`crate::delivery`].

use std::time::Duration;

use domain::{Account, Error, Id, Job, JobState, Permission, Result};
use futures::StreamExt as _;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use jiff::SignedDuration;
use store::job::Kinds;
use store::{Tx, job};
use tokio_util::sync::CancellationToken;

use crate::clock::every;
use crate::work::{DISCOVER, SCAN_UPLOAD, TRAIN_RELEASE, Work};
use crate::{Actor, Desk, attachment, release};

/// How long a claim holds. Work that takes longer is cut off well before.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
/// How long one piece of work may take.
const WORK_TIME_MAX: Duration = Duration::from_secs(30);
/// How often the queue is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many jobs are done at once.
const JOBS_AT_ONCE_MAX: u64 = 8;
/// How often a job is tried before it waits for a person.
const ATTEMPTS_MAX: i32 = 10;
/// The first wait after a failure, which doubles each time, and the longest.
const BACK_OFF_S: i64 = 5;
const BACK_OFF_S_MAX: i64 = 3_600;
/// The longest wait of work that is never given up.
const PATIENT_BACK_OFF_S_MAX: i64 = 30;
/// How many jobs a page has at most.
const PAGE_SIZE_MAX: u64 = 100;

/// Why work was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It may go better later.
    #[error("{0}")]
    Retry(String),
    /// It never will.
    #[error("{0}")]
    GiveUp(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(_) | Error::Invalid(_) | Error::Refused(_) => {
                Failure::GiveUp(error.to_string())
            }
            Error::Unavailable(cause) => {
                Failure::Retry(format!("temporarily unavailable: {cause}"))
            }
            other => Failure::Retry(other.to_string()),
        }
    }
}

impl Desk {
    /// Lists the account's jobs in a state, newest first; 100 at most.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`].
    pub async fn list_jobs(
        &self,
        actor: &Actor,
        state: JobState,
        before: Option<Id<Job>>,
        limit: u64,
    ) -> Result<Vec<Job>> {
        actor.needs(Permission::Integrate)?;
        job::list(&self.read(actor.account), state, before, limit.min(PAGE_SIZE_MAX)).await
    }

    /// Gives a job that was given up a new life.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`]; [`Error::NotFound`]
    /// if there is no such job, or it was not given up.
    pub async fn retry_job(&self, actor: &Actor, id: Id<Job>) -> Result<()> {
        actor.needs(Permission::Integrate)?;
        let now = self.now();
        let retry = move |tx: Tx| async move { job::retry(&tx, id, now).await };
        match self.parts.store.write(actor.account, retry).await? {
            true => Ok(()),
            false => Err(Error::NotFound("dead job")),
        }
    }
}

/// Works through the queue until `shutdown`. What is under way then is not begun
/// anew here; its claim lapses.
///
/// Scans depend on somebody else's patience, so they have places of their own:
/// a scanner that is slow holds up nothing but scans. Trainings take too long for
/// this queue and are the matter of [`crate::trainer`], discoveries of [`crate::explorer`].
pub(crate) async fn run(desk: &Desk, shutdown: CancellationToken) {
    if !desk.parts.quarantine.has_scanner() {
        return run_rounds(desk, Kinds::Except(&[TRAIN_RELEASE, DISCOVER]), shutdown).await;
    }
    let others =
        run_rounds(desk, Kinds::Except(&[SCAN_UPLOAD, TRAIN_RELEASE, DISCOVER]), shutdown.clone());
    tokio::join!(others, run_scans(desk, shutdown));
}

async fn run_rounds(desk: &Desk, kinds: Kinds, shutdown: CancellationToken) {
    let mut look = every(LOOK_EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = look.tick() => {}
        }
        // A round that found something is followed by the next at once.
        while !shutdown.is_cancelled() {
            match round(desk, kinds).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    complain(&error);
                    break;
                }
            }
        }
    }
}

/// Scans what waits, each file as soon as there is a place, and waits at the end
/// for none.
async fn run_scans(desk: &Desk, shutdown: CancellationToken) {
    let mut look = every(LOOK_EVERY);
    let mut under_way = FuturesUnordered::new();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = look.tick() => {}
            () = desk.parts.scan_queued.notified() => {}
            Some(done) = under_way.next() => {
                let done: Result<()> = done;
                done.unwrap_or_else(|error| complain(&error));
            }
        }
        let free = JOBS_AT_ONCE_MAX - under_way.len() as u64;
        if free > 0 {
            match claim(desk, Kinds::Only(SCAN_UPLOAD), free).await {
                Ok(jobs) => {
                    under_way
                        .extend(jobs.into_iter().map(|(account, job)| attempt(desk, account, job)));
                }
                Err(error) => complain(&error),
            }
        }
    }
}

fn complain(error: &Error) {
    tracing::warn!(%error, "the job queue could not be worked on");
}

/// Claims what is due and does it, and counts what it claimed.
async fn round(desk: &Desk, kinds: Kinds) -> Result<usize> {
    let claimed = claim(desk, kinds, JOBS_AT_ONCE_MAX).await?;
    let count = claimed.len();
    let attempts = claimed.into_iter().map(|(account, job)| attempt(desk, account, job));
    join_all(attempts).await.into_iter().collect::<Result<()>>()?;
    Ok(count)
}

async fn claim(desk: &Desk, kinds: Kinds, limit: u64) -> Result<Vec<(Id<Account>, Job)>> {
    let now = desk.now();
    let claim = move |tx: Tx| async move { job::claim(&tx, kinds, now, now + CLAIM, limit).await };
    desk.parts.store.write(Account::NOBODY, claim).await
}

/// Does a job, and notes how it went.
async fn attempt(desk: &Desk, account: Id<Account>, job: Job) -> Result<()> {
    let work = read_back(&job);
    let is_patient = work.as_ref().is_ok_and(Work::is_patient);
    let outcome = match work {
        Ok(work) => match tokio::time::timeout(WORK_TIME_MAX, perform(desk, account, work)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::Retry(format!("not done within {WORK_TIME_MAX:?}"))),
        },
        Err(failure) => Err(failure),
    };
    let id = job.id;
    let Err(failure) = outcome else {
        let delete = move |tx: Tx| async move { job::delete(&tx, id).await };
        return desk.parts.store.write(account, delete).await;
    };
    let again = match failure {
        Failure::Retry(_) if is_patient => {
            let wait_max = SignedDuration::from_secs(PATIENT_BACK_OFF_S_MAX);
            Some(desk.now() + back_off(job.attempts).min(wait_max))
        }
        Failure::Retry(_) if job.attempts < ATTEMPTS_MAX => {
            Some(desk.now() + back_off(job.attempts))
        }
        _ => None,
    };
    if again.is_none() {
        tracing::error!(job.id = %id, job.kind, error = %failure, "a job was given up; see the list of dead jobs");
    }
    let fail = move |tx: Tx| async move { job::fail(&tx, id, &failure.to_string(), again).await };
    desk.parts.store.write(account, fail).await
}

async fn perform(desk: &Desk, account: Id<Account>, work: Work) -> Result<(), Failure> {
    match work {
        Work::DeleteBlob { key } => Ok(desk.parts.blobs.delete(&key).await?),
        Work::ScanUpload { attachment } => Ok(attachment::scan(desk, account, attachment).await?),
        Work::DiscardUpload { attachment, key } => {
            Ok(attachment::discard_upload(desk, account, attachment, &key).await?)
        }
        Work::DiscardRelease { release } => Ok(release::discard(desk, account, release).await?),
        // It is never claimed here, see `run`.
        Work::TrainRelease { .. } => {
            Err(Failure::Retry("a training is done by the trainer".to_owned()))
        }
        Work::Discover { .. } => {
            Err(Failure::Retry("a discovery is done by the explorer".to_owned()))
        }
    }
}

/// The wait after the given number of attempts.
fn back_off(attempts: i32) -> SignedDuration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(30);
    SignedDuration::from_secs(BACK_OFF_S.saturating_mul(1 << doublings).min(BACK_OFF_S_MAX))
}

/// Reads what to do. A newer release may have queued what this one cannot do,
/// and is given time to come back.
pub(crate) fn read_back(job: &Job) -> Result<Work, Failure> {
    Work::of(job)
        .map_err(|error| Failure::Retry(format!("this release cannot do `{}`: {error}", job.kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour() {
        let waits: Vec<i64> =
            [1, 2, 3, 9, 10, 99].map(|attempts| back_off(attempts).as_secs()).into();

        assert_eq!(waits, [5, 10, 20, 1_280, 2_560, 3_600]);
    }

    #[test]
    fn what_cannot_get_better_is_given_up() {
        assert!(matches!(Failure::from(Error::NotFound("file")), Failure::GiveUp(_)));
        assert!(matches!(Failure::from(Error::Unavailable("full".into())), Failure::Retry(_)));
    }
}
