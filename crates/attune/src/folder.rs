//! The data folder: claimed by one process (on SQLite), and left as it was found if that
//! process cannot start.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The file that whoever uses the folder holds a lock on.
const LOCK: &str = "lock";

/// A data folder that no other process uses.
///
/// What [`Folder::claim`] made is removed again when it is dropped, unless the
/// start got as far as [`Folder::keep`].
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    lock: File,
    made_folders: Vec<PathBuf>,
    made_lock: bool,
    kept: bool,
}

impl Folder {
    /// Claims a folder, making it if need be. Processes with a database server
    /// may share one, so that all of them find the uploaded files.
    pub(crate) fn claim(path: &Path, shared: bool) -> Result<Self> {
        let missing: Vec<PathBuf> = path
            .ancestors()
            .filter(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists())
            .map(Path::to_owned)
            .collect();
        if let Err(error) = fs::create_dir_all(path) {
            remove_folders(&missing);
            return Err(unwritable(path, &error));
        }
        let lock_path = path.join(LOCK);
        let made_lock = !lock_path.exists();
        let opened =
            File::options().create(true).truncate(false).read(true).write(true).open(&lock_path);
        let lock = opened.map_err(|error| {
            remove_folders(&missing);
            unwritable(path, &error)
        })?;
        let locked = if shared { lock.try_lock_shared() } else { lock.try_lock() };
        match locked {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(in_use(path, &lock_path)),
            Err(TryLockError::Error(error)) => {
                remove_folders(&missing);
                return Err(unwritable(path, &error));
            }
        }
        Ok(Folder { path: path.to_owned(), lock, made_folders: missing, made_lock, kept: false })
    }

    /// Keeps what was made, and notes who uses the folder.
    pub(crate) fn keep(&mut self) -> Result {
        self.kept = true;
        self.lock.set_len(0)?;
        // Read by whoever finds the folder in use, and by nobody else.
        Ok(writeln!(self.lock, "{}", std::process::id())?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        if self.made_lock {
            // What cannot be removed does no harm.
            let _ = fs::remove_file(self.path.join(LOCK));
        }
        remove_folders(&self.made_folders);
    }
}

/// Removes folders, the deepest first, that have nothing in them.
fn remove_folders(folders: &[PathBuf]) {
    for folder in folders {
        let _ = fs::remove_dir(folder);
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let shown = path.display();
    let sentence = match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            format!("{shown} is not a folder; name another one with --data or data.dir")
        }
        _ => format!(
            "cannot write to the folder {shown}: {error}; give this user the right to, or name another one with --data or data.dir"
        ),
    };
    Failure::start(sentence)
}

fn in_use(path: &Path, lock: &Path) -> Failure {
    let holder = fs::read_to_string(lock).unwrap_or_default();
    let holder = match holder.trim() {
        "" => String::new(),
        pid => format!(" (process {pid})"),
    };
    Failure::start(format!(
        "the folder {} is in use by another attune{holder}; stop it first, or name another folder with --data or data.dir",
        path.display()
    ))
}
