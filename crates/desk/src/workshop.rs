//! Where the bots' files and the models that were trained from them lie.
//!
//! A bot's files are `bots/<account>`; a release is a folder of its own,
//! `models/<account>/<release>`, which appears whole or not at all. Which release
//! is in use stands in the database, and what is in the files is the matter of
//! [`crate::bot`].

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use domain::{Account, Id, Release};

/// The folders of all bots. Processes that share a database share them as well.
#[derive(Clone, Debug)]
pub struct Workshop {
    bots: PathBuf,
    models: PathBuf,
}

impl Workshop {
    /// Names the folders inside a data folder; nothing is made yet.
    pub fn in_folder(data_dir: &Path) -> Self {
        Workshop { bots: data_dir.join("bots"), models: data_dir.join("models") }
    }

    /// Names the folder of a bot's text files.
    pub fn files(&self, account: Id<Account>) -> PathBuf {
        self.bots.join(account.to_string())
    }

    /// Names the folder of a release.
    pub fn release(&self, account: Id<Account>, release: Id<Release>) -> PathBuf {
        self.models(account).join(release.to_string())
    }

    /// Names a folder for what there is while a release is made, such as the number of
    /// the attempt. It goes with the release.
    pub(crate) fn partial(
        &self,
        account: Id<Account>,
        release: Id<Release>,
        what: &str,
    ) -> PathBuf {
        self.models(account).join(format!("{release}.partial-{what}"))
    }

    /// Names the folder in which the only model of an account lay, before there
    /// were releases.
    pub(crate) fn models(&self, account: Id<Account>) -> PathBuf {
        self.models.join(account.to_string())
    }

    /// Waits until nobody else edits a bot's files, in any process, and keeps others
    /// from it until the file is dropped.
    pub(crate) fn lock(&self, account: Id<Account>) -> io::Result<fs::File> {
        fs::create_dir_all(self.models(account))?;
        let path = self.models(account).join("files.lock");
        let lock = fs::File::options().create(true).truncate(false).write(true).open(path)?;
        lock.lock()?;
        Ok(lock)
    }

    /// Puts a finished release into its place, at once.
    pub(crate) fn keep(
        &self,
        account: Id<Account>,
        release: Id<Release>,
        made: &Path,
    ) -> io::Result<()> {
        let place = self.release(account, release);
        // What an attempt left that died before it could say so.
        remove(&place)?;
        fs::rename(made, &place)?;
        fs::File::open(self.models(account))?.sync_all()
    }

    /// Forgets the files of a release, and what attempts to make it left.
    pub(crate) fn discard(&self, account: Id<Account>, release: Id<Release>) -> io::Result<()> {
        remove(&self.release(account, release))?;
        let left = format!("{release}.partial-");
        let entries = match fs::read_dir(self.models(account)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&left) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }
}

/// Removes a folder that may be gone already.
fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_appears_whole_and_goes_with_all_that_attempts_left() {
        let data = tempfile::tempdir().unwrap();
        let workshop = Workshop::in_folder(data.path());
        let (account, ours, other) = (Id::new(1), Id::new(7), Id::new(70));
        for (release, attempt) in [(ours, "1"), (ours, "2"), (other, "1")] {
            let partial = workshop.partial(account, release, attempt);
            fs::create_dir_all(&partial).unwrap();
            fs::write(partial.join("manifest.json"), attempt).unwrap();
        }

        workshop.keep(account, ours, &workshop.partial(account, ours, "2")).unwrap();
        let manifest = workshop.release(account, ours).join("manifest.json");
        assert_eq!(fs::read_to_string(manifest).unwrap(), "2");
        workshop.discard(account, ours).unwrap();
        workshop.discard(account, ours).unwrap();

        let left = fs::read_dir(data.path().join("models/1")).unwrap();
        let left: Vec<String> =
            left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(left, ["70.partial-1"]);
    }
}
