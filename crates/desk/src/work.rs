//! Work that is put off: its kinds, how it is written down, and how it is queued.
//!
//! Who does it, and what happens when it fails, is the matter of [`crate::job`].

use domain::{Attachment, Discovery, Error, Id, Job, JobState, Release, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Tx, job};

/// What the database calls [`Work::ScanUpload`].
pub(crate) const SCAN_UPLOAD: &str = "scan-upload";
/// What the database calls [`Work::TrainRelease`].
pub(crate) const TRAIN_RELEASE: &str = "train-release";

/// What the database calls [`Work::Discover`].
pub(crate) const DISCOVER: &str = "discover";

/// The kinds of work. A name is kept in the database and never changes.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub(crate) enum Work {
    /// Forgets the bytes of a file that is no part of anything any more.
    DeleteBlob {
        /// Where they are.
        key: String,
    },
    /// Has an upload scanned, and keeps the verdict.
    ScanUpload {
        /// The upload.
        attachment: Id<Attachment>,
    },
    /// Forgets an upload, bytes and all, unless it was sent.
    DiscardUpload {
        /// The upload.
        attachment: Id<Attachment>,
        /// Where its bytes are.
        key: String,
    },
    /// Trains a release, see [`crate::trainer`].
    TrainRelease {
        /// The release.
        release: Id<Release>,
    },
    /// Finds what contacts ask about, see [`crate::explorer`].
    Discover {
        /// The discovery.
        discovery: Id<Discovery>,
    },
    /// Forgets the files of a release that was removed.
    DiscardRelease {
        /// The release.
        release: Id<Release>,
    },
}

impl Work {
    /// Whether it is tried until it is done, and never given up: it waits for
    /// something beside the desk to come back.
    pub(crate) fn is_patient(&self) -> bool {
        matches!(self, Work::ScanUpload { .. })
    }

    /// Reads back what a job is to do.
    ///
    /// Fails if the kind is none that this release knows.
    pub(crate) fn of(job: &Job) -> serde_json::Result<Self> {
        let written = serde_json::json!({"kind": job.kind, "payload": job.payload});
        serde_json::from_value(written)
    }
}

/// Queues work, to be done at `run_at` or soon after; `now` is only noted.
pub(crate) async fn enqueue(
    tx: &Tx,
    work: &Work,
    run_at: Timestamp,
    now: Timestamp,
) -> Result<Id<Job>> {
    let (kind, payload) = write_down(work)?;
    let (attempts, state, last_error) = (0, JobState::Waiting, None);
    let job =
        Job { id: tx.id()?, kind, payload, attempts, state, last_error, run_at, created_at: now };
    job::insert(tx, &job).await?;
    Ok(job.id)
}

fn write_down(work: &Work) -> Result<(String, serde_json::Value)> {
    #[derive(Deserialize)]
    struct Written {
        kind: String,
        payload: serde_json::Value,
    }
    let written = serde_json::to_value(work).and_then(serde_json::from_value);
    let Written { kind, payload } = written.map_err(Error::internal)?;
    Ok((kind, payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_written_under_its_name_and_read_back() {
        let work = Work::DeleteBlob { key: "1/ab".into() };

        let (kind, payload) = write_down(&work).unwrap();

        assert_eq!(kind, "delete-blob");
        assert_eq!(payload, serde_json::json!({"key": "1/ab"}));
        let job = Job {
            id: Id::new(1),
            kind,
            payload,
            attempts: 1,
            state: JobState::Waiting,
            last_error: None,
            run_at: Timestamp::UNIX_EPOCH,
            created_at: Timestamp::UNIX_EPOCH,
        };
        assert_eq!(Work::of(&job).unwrap(), work);
    }

    #[test]
    fn work_with_places_of_its_own_is_called_what_it_is_claimed_by() {
        let (scan, _) = write_down(&Work::ScanUpload { attachment: Id::new(1) }).unwrap();
        let (training, _) = write_down(&Work::TrainRelease { release: Id::new(1) }).unwrap();

        let (discovery, _) = write_down(&Work::Discover { discovery: Id::new(1) }).unwrap();

        assert_eq!((scan.as_str(), training.as_str()), (SCAN_UPLOAD, TRAIN_RELEASE));
        assert_eq!(discovery, DISCOVER);
    }
}
