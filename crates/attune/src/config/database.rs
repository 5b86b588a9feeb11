//! `[database]`: where the rows are.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

use super::secret::read_either;
use crate::failure::{Failure, Result};

/// The section `[database]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    url: String,
    url_file: String,
}

/// Where the database is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Location {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A server of PostgreSQL, with its whole address.
    Postgres(String),
}

impl Database {
    /// Tells where the database is, given the folder that SQLite's is in by default.
    pub(crate) fn location(&self, data_dir: &Path) -> Result<Location> {
        let url = read_either("database.url", &self.url, &self.url_file)?;
        if url.is_empty() {
            return Ok(Location::Sqlite(data_dir.join("attune.db")));
        }
        match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => Ok(Location::Postgres(url)),
            Some(("sqlite", path)) => Ok(Location::Sqlite(sqlite_path(path)?)),
            _ => Err(wrong(&masked(&url))),
        }
    }
}

impl Location {
    /// The address for [`store::Store`].
    pub(crate) fn url(&self) -> String {
        match self {
            Location::Sqlite(path) => format!("sqlite://{}", path.display()),
            Location::Postgres(url) => url.clone(),
        }
    }

    /// The address without its password, for people.
    pub(crate) fn shown(&self) -> String {
        masked(&self.url())
    }
}

/// An address without its password.
pub(crate) fn masked(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            // It cannot fail for an address that has a password already.
            let _ = parsed.set_password(Some("***"));
            parsed.to_string()
        }
        Ok(_) => url.to_owned(),
        Err(_) => "***".to_owned(),
    }
}

fn sqlite_path(rest: &str) -> Result<PathBuf> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path == ":memory:" || path.contains('?') {
        return Err(wrong(&format!("sqlite:{rest}")));
    }
    Ok(PathBuf::from(path))
}

fn wrong(shown: &str) -> Failure {
    Failure::start(format!(
        "database.url is {shown:?}; write sqlite:///path/to/attune.db or postgres://user:password@host/name, or leave it empty"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(url: &str) -> Result<Location> {
        let section = Database { url: url.to_owned(), url_file: String::new() };
        section.location(Path::new("/data"))
    }

    #[test]
    fn nothing_means_a_file_in_the_data_folder() {
        assert_eq!(location("").unwrap(), Location::Sqlite("/data/attune.db".into()));
    }

    #[test]
    fn an_address_chooses_the_database() {
        assert_eq!(location("sqlite:///x/y.db").unwrap(), Location::Sqlite("/x/y.db".into()));
        assert_eq!(location("sqlite:y.db").unwrap(), Location::Sqlite("y.db".into()));
        assert!(matches!(location("postgres://h/n").unwrap(), Location::Postgres(_)));
        for wrong in ["mysql://h/n", "h/n", "sqlite::memory:", "sqlite://"] {
            assert!(location(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for url in ["postgres://u:hunter2@h/n", "postgres:// u:hunter2@h/n"] {
            assert!(!Location::Postgres(url.into()).shown().contains("hunter2"), "{url}");
        }
    }
}
