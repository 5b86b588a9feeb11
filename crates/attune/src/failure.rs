//! Why a command ended, and the exit code that says so.

use std::error::Error as _;
use std::process::ExitCode;

/// The result of a command.
pub(crate) type Result<T = (), E = Failure> = std::result::Result<T, E>;

/// Why a command ended.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The configuration or the environment is wrong, nothing was changed, and
    /// this one sentence says what to do.
    Start(String),
    /// Anything else.
    Broken(anyhow::Error),
}

impl Failure {
    /// Something that whoever started the command can put right.
    pub(crate) fn start(sentence: impl Into<String>) -> Self {
        Failure::Start(sentence.into())
    }

    /// What the shell is told.
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Failure::Start(_) => ExitCode::from(2),
            Failure::Broken(_) => ExitCode::FAILURE,
        }
    }

    /// What people are told, in one line.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Failure::Start(sentence) => sentence.clone(),
            Failure::Broken(error) => format!("{error:#}"),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::Broken(error.into())
    }
}

/// Says why the desk is unavailable, down to the first cause; its own words
/// leave that to the log.
pub(crate) fn explain(error: &domain::Error) -> String {
    let Some(mut cause) = error.source() else { return error.to_string() };
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
