//! Jobs: work to do after a commit, at least once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Id;

/// A piece of work in the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Identifies the job.
    pub id: Id<Job>,
    /// What kind of work it is, such as `deliver-webhook`.
    pub kind: String,
    /// What to work on.
    pub payload: serde_json::Value,
    /// How often it was tried.
    pub attempts: i32,
    /// Whether it waits or was given up.
    pub state: JobState,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// Not before this time.
    pub run_at: Timestamp,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// Whether a job waits or was given up. A job that is done is gone.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its time.
    Waiting,
    /// Failed too often; waits for a person.
    Dead,
}
