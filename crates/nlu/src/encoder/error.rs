//! Why a checkpoint cannot be used, or a training cannot go on, said so that its owner can mend it.

use std::path::{Path, PathBuf};

/// Says what is wrong with an encoder's folder or with what it is trained on.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    /// A file that every checkpoint needs is not there.
    #[error("{} is missing: {remedy}", .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// What to do.
        remedy: &'static str,
    },
    /// A file cannot be read or written.
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file says something that cannot be, or that Attune does not support.
    #[error("{} cannot be used: {problem}", .path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        problem: String,
    },
    /// The options or the texts of a training cannot be used.
    #[error("cannot train: {0}")]
    Training(String),
    /// The caller stopped a training.
    #[error(
        "the training was stopped; started again with the same folder, it goes on from its last checkpoint"
    )]
    Stopped,
}

impl EncoderError {
    pub(crate) fn refused(path: &Path, problem: impl Into<String>) -> Self {
        Self::Refused { path: path.to_owned(), problem: problem.into() }
    }

    pub(crate) fn io(doing: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { doing, path: path.to_owned(), source }
    }
}
