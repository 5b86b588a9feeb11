//! What is wrong with the files of a bot, said so that whoever wrote them can mend it.
//!
//! Which mistakes there are is the matter of those who read the files.

use std::fmt;
use std::path::{Path, PathBuf};

/// The most errors that are listed.
const ERRORS_MAX: usize = 100;

/// Says what is wrong with a file, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataError {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub problem: String,
}

/// Holds everything that is wrong with a folder, at least one error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataErrors(Vec<DataError>);

impl DataError {
    pub(crate) fn at(file: &Path, line: usize, problem: String) -> Self {
        Self { file: file.to_owned(), line: Some(line), problem }
    }

    pub(crate) fn of(file: &Path, problem: String) -> Self {
        Self { file: file.to_owned(), line: None, problem }
    }
}

impl DataErrors {
    /// Returns the errors in the order in which they were found.
    #[must_use]
    pub fn all(&self) -> &[DataError] {
        &self.0
    }

    /// Whether no further error would be listed, so that looking for more is idle.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= ERRORS_MAX
    }

    pub(crate) fn push(&mut self, error: DataError) {
        if self.0.len() < ERRORS_MAX {
            self.0.push(error);
        }
    }

    pub(crate) fn extend(&mut self, others: Option<Self>) {
        for error in others.into_iter().flat_map(|others| others.0) {
            self.push(error);
        }
    }

    /// Returns the value if there is no error.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<DataError> for DataErrors {
    fn from(error: DataError) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file.display(), self.problem),
            None => write!(f, "{} {}", self.file.display(), self.problem),
        }
    }
}

impl fmt::Display for DataErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for DataError {}
impl std::error::Error for DataErrors {}
