//! `attune backup` and `attune restore`: one archive of everything there is.
//!
//! The database in it is one moment of it, taken while it is in use. Files are
//! copied afterwards: a file without a row does no harm, a row without its file
//! would.

mod manifest;

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Component, Path, PathBuf};

use store::Store;
use tempfile::TempDir;

use crate::boot;
use crate::cli;
use crate::config::{Config, Location};
use crate::failure::{Failure, Result, explain};
use crate::output::say;
use crate::surroundings;
use manifest::{Entry, MANIFEST, Manifest, Measured};

/// The name of the database in an archive.
const DATABASE: &str = "attune.db";
/// What of the data folder belongs into an archive, beside the database.
const KEPT: [&str; 5] = ["secret", "demo.json", "bots", "models", "files"];

/// Runs `attune backup`.
pub(crate) fn run(backup: &cli::Backup) -> Result {
    let config = Config::load(&backup.settings.sources())?;
    let Location::Sqlite(database) = config.location()? else {
        return Err(Failure::start(format!(
            "a PostgreSQL database is backed up with pg_dump; copy the folder {} after that",
            config.data.dir.display()
        )));
    };
    if !database.exists() {
        return Err(Failure::start(format!(
            "there is no database at {}; name the folder with --data or data.dir",
            database.display()
        )));
    }
    let to = backup.file.clone().unwrap_or_else(|| {
        PathBuf::from(format!("attune-{}.tar", surroundings::now().strftime("%Y-%m-%d-%H%M%S")))
    });
    if to.exists() {
        return Err(Failure::start(format!("{} exists; name a new file", to.display())));
    }
    boot::runtime(&config)?.block_on(write(&config, &database, &to))
}

/// Runs `attune restore`.
pub(crate) fn restore(restore: &cli::Restore) -> Result {
    let config = Config::load(&restore.settings.sources())?;
    let Location::Sqlite(database) = config.location()? else {
        return Err(Failure::start(
            "an archive of attune is restored onto SQLite; a PostgreSQL database is restored with pg_restore",
        ));
    };
    let data_dir = &config.data.dir;
    let is_empty = fs::read_dir(data_dir).map_or(true, |mut entries| entries.next().is_none());
    if !is_empty || data_dir.is_file() || database.exists() {
        return Err(Failure::start(format!(
            "the folder {} is not empty; name an empty one with --data or data.dir",
            data_dir.display()
        )));
    }
    let archive = File::open(&restore.file).map_err(|error| {
        Failure::start(format!("cannot read {}: {error}; check the path", restore.file.display()))
    })?;
    let parent =
        data_dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    // Beside the folder, so that it appears whole or not at all.
    let unpacked = TempDir::with_prefix_in(".attune-restore-", parent)?;
    let manifest = unpack(archive, unpacked.path()).map_err(|error| {
        Failure::start(format!("{} {error}; nothing was restored", restore.file.display()))
    })?;
    put_in_place(unpacked, data_dir, &database)?;
    say(&format!(
        "restored {} files from {} ({}) to {}",
        manifest.files.len(),
        restore.file.display(),
        manifest.created_at,
        data_dir.display()
    ))
}

async fn write(config: &Config, database: &Path, to: &Path) -> Result {
    let pending = boot::check_database(&Location::Sqlite(database.to_owned())).await?;
    if !pending.is_empty() {
        return Err(Failure::start(
            "the database is of an older release; back it up with that release, or run `attune migrate` first, which makes a copy",
        ));
    }
    let folder =
        to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let work = TempDir::with_prefix_in(".attune-backup-", folder).map_err(|error| {
        Failure::start(format!("cannot write to {}: {error}; name another place", folder.display()))
    })?;
    let copy = work.path().join(DATABASE);
    let (store, _) = Store::open(&Location::Sqlite(database.to_owned()).url()).await?;
    store
        .backup(&copy)
        .await
        .map_err(|error| anyhow::anyhow!("cannot copy the database: {}", explain(&error)))?;
    let partial = work.path().join("archive.tar");
    let entries = pack(&partial, &copy, &config.data.dir)?;
    // Not `rename`: a file that appeared meanwhile is not written over.
    fs::hard_link(&partial, to).or_else(|_| fs::copy(&partial, to).map(drop))?;
    File::open(to)?.sync_all()?;
    let bytes = fs::metadata(to)?.len();
    say(&format!("{} files, {bytes} bytes, in {}", entries, to.display()))
}

/// Writes the archive and counts what is in it.
fn pack(to: &Path, database: &Path, data_dir: &Path) -> Result<usize> {
    let mut archive = tar::Builder::new(File::create(to)?);
    let mut files = vec![append(&mut archive, database, DATABASE)?];
    for name in KEPT {
        for (path, inside) in walk(&data_dir.join(name), name)? {
            match append(&mut archive, &path, &inside) {
                Ok(entry) => files.push(entry),
                // Removed since it was listed, as retracted attachments are.
                Err(Failure::Broken(error)) if is_gone(&error) => {}
                Err(other) => return Err(other),
            }
        }
    }
    let count = files.len();
    let manifest = Manifest {
        release: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: surroundings::now().to_string(),
        files,
    };
    let text = serde_json::to_vec_pretty(&manifest)?;
    archive.append_data(&mut header(text.len() as u64), MANIFEST, text.as_slice())?;
    let mut file = archive.into_inner()?;
    file.flush()?;
    file.sync_all()?;
    Ok(count)
}

/// Appends a file as it is now, measuring it on the way.
fn append(archive: &mut tar::Builder<File>, path: &Path, inside: &str) -> Result<Entry> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    // A file that grows meanwhile is cut at the length in its header.
    let mut measured = Measured::new(file.take(bytes));
    archive.append_data(&mut header(bytes), inside, &mut measured)?;
    Ok(measured.entry(inside))
}

fn header(bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_cksum();
    header
}

/// Every file below a path, with its name in the archive.
fn walk(path: &Path, inside: &str) -> Result<Vec<(PathBuf, String)>> {
    if path.is_file() {
        return Ok(vec![(path.to_owned(), inside.to_owned())]);
    }
    let mut found = Vec::new();
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link leads out of the folder; none of ours is one.
        if !entry.file_type()?.is_symlink() {
            found.extend(walk(&entry.path(), &format!("{inside}/{name}"))?);
        }
    }
    Ok(found)
}

fn is_gone(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Unpacks an archive of ours and holds it against its manifest.
fn unpack(archive: File, into: &Path) -> Result<Manifest, String> {
    let no_archive =
        |error: io::Error| format!("is no archive of `attune backup`, or is damaged: {error}");
    let mut entries = Vec::new();
    let mut manifest: Option<Manifest> = None;
    let mut archive = tar::Archive::new(archive);
    for entry in archive.entries().map_err(no_archive)? {
        let mut entry = entry.map_err(no_archive)?;
        let inside = entry.path().map_err(no_archive)?.into_owned();
        if inside == Path::new(MANIFEST) {
            let read = serde_json::from_reader(&mut entry);
            manifest =
                Some(read.map_err(|error| format!("has a manifest that cannot be read: {error}"))?);
            continue;
        }
        if !entry.header().entry_type().is_file() || !is_ours(&inside) {
            return Err(format!(
                "contains {}, which `attune backup` never writes",
                inside.display()
            ));
        }
        entries.push(unpack_one(&mut entry, &inside, into).map_err(no_archive)?);
    }
    let manifest = manifest.ok_or("is no archive of `attune backup`: it has no manifest")?;
    match manifest.files == entries {
        true => Ok(manifest),
        false => Err("is damaged: its files are not those of its manifest".to_owned()),
    }
}

fn unpack_one(entry: &mut impl Read, inside: &Path, into: &Path) -> io::Result<Entry> {
    let path = into.join(inside);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut measured = Measured::new(entry);
    let mut file = create_private(&path)?;
    io::copy(&mut measured, &mut file)?;
    file.sync_all()?;
    Ok(measured.entry(&inside.to_string_lossy()))
}

fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

/// Whether a name in an archive stays below the folder and is one of ours.
fn is_ours(inside: &Path) -> bool {
    let plain = inside.components().all(|part| matches!(part, Component::Normal(_)));
    let first = inside.components().next().and_then(|part| part.as_os_str().to_str());
    plain && first.is_some_and(|first| first == DATABASE || KEPT.contains(&first))
}

fn put_in_place(unpacked: TempDir, data_dir: &Path, database: &Path) -> Result {
    if data_dir.exists() {
        fs::remove_dir(data_dir)?;
    }
    fs::rename(unpacked.path(), data_dir)?;
    // The folder has its own name now; there is nothing left to remove.
    drop(unpacked.keep());
    let restored = data_dir.join(DATABASE);
    if restored != database {
        fs::rename(&restored, database).or_else(|_| {
            fs::copy(&restored, database)?;
            fs::remove_file(&restored)
        })?;
    }
    Ok(())
}
