//! Where training sets come from: a file, a folder, an archive, as a list of paths and bytes.
//!
//! All of it is bounded before it is read, and an archive is never unpacked onto the disk.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Component, Path, PathBuf};

use flate2::read::MultiGzDecoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::data_error::{DataError, DataErrors};

/// The most files in a folder or an archive.
pub const SOURCE_FILES_MAX: usize = 20_000;
/// The most bytes of all files together, unpacked.
pub const SOURCE_BYTES_MAX: u64 = 256 << 20;
/// How deep folders may lie in each other.
const DEPTH_MAX: usize = 8;
/// What a zip archive begins with.
const ZIP_SIGNATURE: &[u8] = b"PK\x03\x04";
/// What a compressed tar archive begins with.
const GZIP_SIGNATURE: &[u8] = b"\x1f\x8b";
/// The most bytes that a tar archive is inflated to, what is passed over included.
const TAR_BYTES_MAX: u64 = 4 * SOURCE_BYTES_MAX;

/// A file in memory.
pub(super) type InFile = (PathBuf, Vec<u8>);

/// Reads a file, a folder with what lies below it, or an archive.
pub(super) fn read(path: &Path) -> Result<Vec<InFile>, DataErrors> {
    let mut files = Vec::new();
    let mut room = SOURCE_BYTES_MAX;
    collect(path, path, 0, &mut room, &mut files)?;
    files.sort();
    Ok(files)
}

/// Replaces a single archive by what is in it.
pub(super) fn unpacked(files: Vec<InFile>) -> Result<Vec<InFile>, DataErrors> {
    match &files[..] {
        [(path, bytes)] if bytes.starts_with(ZIP_SIGNATURE) => unzip(path, bytes, SOURCE_BYTES_MAX),
        [(path, bytes)] if bytes.starts_with(GZIP_SIGNATURE) => {
            untar(path, bytes, SOURCE_BYTES_MAX)
        }
        _ => Ok(files),
    }
}

fn collect(
    root: &Path,
    path: &Path,
    depth: usize,
    room: &mut u64,
    files: &mut Vec<InFile>,
) -> Result<(), DataErrors> {
    let failed = |error: std::io::Error| DataError::of(path, format!("cannot be read: {error}"));
    // The place that was asked for may be a link; what lies below it may not, so that nothing is read in a circle.
    let metadata = if depth == 0 { fs::metadata(path) } else { fs::symlink_metadata(path) };
    let metadata = metadata.map_err(failed)?;
    if metadata.is_dir() {
        if depth > DEPTH_MAX {
            return Err(DataError::of(
                path,
                format!(
                    "lies deeper than {DEPTH_MAX} folders: give the folder that holds the files"
                ),
            )
            .into());
        }
        for entry in fs::read_dir(path).map_err(failed)? {
            collect(root, &entry.map_err(failed)?.path(), depth + 1, room, files)?;
        }
    } else if metadata.is_file() && (depth == 0 || is_of_interest(path)) {
        if files.len() == SOURCE_FILES_MAX {
            return Err(DataError::of(root, format!("has more than {SOURCE_FILES_MAX} files: give the folder that holds the training set")).into());
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(path).map_err(failed)?;
        file.take(*room + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > *room {
            return Err(too_large(root));
        }
        *room -= bytes.len() as u64;
        let relative =
            path.strip_prefix(root).ok().filter(|relative| !relative.as_os_str().is_empty());
        let name = relative.unwrap_or_else(|| path.file_name().map_or(path, Path::new));
        files.push((name.to_owned(), bytes));
    }
    Ok(())
}

fn too_large(path: &Path) -> DataErrors {
    let megabytes = SOURCE_BYTES_MAX >> 20;
    DataError::of(path, format!("has more than {megabytes} MiB of files: import a part of them"))
        .into()
}

/// Only such files are read of a folder or an archive; exports also hold pictures and code.
fn is_of_interest(path: &Path) -> bool {
    let extension = path.extension().and_then(|one| one.to_str()).unwrap_or_default();
    ["yml", "yaml", "json", "jsonl", "csv", "tsv", "txt"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

fn unzip(path: &Path, bytes: &[u8], room: u64) -> Result<Vec<InFile>, DataErrors> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(path, &error))?;
    if archive.len() > SOURCE_FILES_MAX {
        return Err(too_many(path));
    }
    let mut unpacked = Unpacked { path, room, files: Vec::new() };
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| damaged(path, &error))?;
        if let Some(name) = file.enclosed_name().filter(|_| file.is_file()) {
            unpacked.keep(name, file)?;
        }
    }
    Ok(unpacked.sorted())
}

fn untar(path: &Path, bytes: &[u8], room: u64) -> Result<Vec<InFile>, DataErrors> {
    let mut archive = tar::Archive::new(MultiGzDecoder::new(bytes).take(TAR_BYTES_MAX));
    let mut unpacked = Unpacked { path, room, files: Vec::new() };
    for (count, entry) in archive.entries().map_err(|error| damaged(path, &error))?.enumerate() {
        let entry = entry.map_err(|error| damaged(path, &error))?;
        if count == SOURCE_FILES_MAX {
            return Err(too_many(path));
        }
        let name = entry.path().map_err(|error| damaged(path, &error))?.into_owned();
        let is_within =
            name.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if is_within && entry.header().entry_type().is_file() {
            unpacked.keep(
                name.components().filter(|part| *part != Component::CurDir).collect(),
                entry,
            )?;
        }
    }
    Ok(unpacked.sorted())
}

/// What came out of an archive so far.
struct Unpacked<'a> {
    path: &'a Path,
    /// The bytes that may still come.
    room: u64,
    files: Vec<InFile>,
}

impl Unpacked<'_> {
    /// Keeps a file if it is of interest. The size that it claims is not trusted; what it unpacks to is.
    fn keep(&mut self, name: PathBuf, file: impl Read) -> Result<(), DataErrors> {
        if !is_of_interest(&name) {
            return Ok(());
        }
        let mut content = Vec::new();
        file.take(self.room + 1)
            .read_to_end(&mut content)
            .map_err(|error| damaged(self.path, &error))?;
        self.room =
            self.room.checked_sub(content.len() as u64).ok_or_else(|| too_large(self.path))?;
        self.files.push((name, content));
        Ok(())
    }

    fn sorted(mut self) -> Vec<InFile> {
        self.files.sort();
        self.files
    }
}

fn damaged(path: &Path, problem: &dyn std::fmt::Display) -> DataErrors {
    let remedy = "export it again, or unpack it and give the folder";
    DataError::of(path, format!("is no archive that can be read ({problem}): {remedy}")).into()
}

fn too_many(path: &Path) -> DataErrors {
    DataError::of(
        path,
        format!("has more than {SOURCE_FILES_MAX} entries: unpack it and give a part"),
    )
    .into()
}

/// Packs files into one archive; the same files give the same bytes.
///
/// # Errors
/// If the archive would be larger than its form allows.
pub fn pack(files: &[(PathBuf, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        archive.start_file(path.to_string_lossy().replace('\\', "/"), options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn an_archive_gives_back_what_was_packed() {
        let files = vec![
            (PathBuf::from("a.json"), b"[]".to_vec()),
            (PathBuf::from("intents/b.json"), "退款".repeat(500).into_bytes()),
        ];

        let packed = pack(&files).unwrap();

        assert_eq!(unpacked(vec![("x.zip".into(), packed.clone())]).unwrap(), files);
        assert_eq!(packed, pack(&files).unwrap(), "the same bytes");
    }

    #[test]
    fn what_lies_outside_or_is_of_no_interest_is_passed_over() {
        let files = [("../../etc/x.json", "[]"), ("image.png", "x"), ("ok.json", "{}")];
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec()))
            .collect();

        let read = unpacked(vec![("x.zip".into(), pack(&files).unwrap())]).unwrap();

        assert_eq!(read.len(), 1);
        assert_eq!(read[0].0, Path::new("ok.json"));
    }

    /// A compressed tar archive, as others write it.
    fn tgz(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
        for (name, content) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            // The safe way refuses names that lead out, so the name is written as a stranger would.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            archive.append(&header, *content).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn a_compressed_tar_archive_is_read_but_for_what_leads_out_or_is_of_no_interest() {
        let files: [(&str, &[u8]); 4] = [
            ("./bot/intents/refund.json", b"{}"),
            ("../../etc/x.json", b"[]"),
            ("/etc/y.json", b"[]"),
            ("bot/logo.png", b"x"),
        ];

        let read = unpacked(vec![("bot.tgz".into(), tgz(&files))]).unwrap();

        assert_eq!(read, [(PathBuf::from("bot/intents/refund.json"), b"{}".to_vec())]);
    }

    #[test]
    fn an_archive_that_is_cut_off_or_too_large_says_what_to_do() {
        let content = "退款".repeat(5_000);
        let whole = tgz(&[("a.json", content.as_bytes())]);

        for damaged in [&whole[..whole.len() / 2], b"\x1f\x8b\x08"] {
            let error = untar(Path::new("bot.tgz"), damaged, 1 << 20).unwrap_err().to_string();
            assert!(error.contains("unpack it and give the folder"), "{error}");
        }
        let error = untar(Path::new("bot.tgz"), &whole, 29_999).unwrap_err().to_string();
        assert!(error.contains("has more than 256 MiB of files"), "{error}");
        assert!(untar(Path::new("bot.tgz"), &whole, 30_000).is_ok());
    }

    #[test]
    fn a_bomb_is_refused_before_it_fills_the_memory() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        archive.start_file("a.json", options).unwrap();
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..8 {
            archive.write_all(&zeros).unwrap();
        }
        let bomb = archive.finish().unwrap().into_inner();

        let error = unzip(Path::new("bomb.zip"), &bomb, 7 << 20).unwrap_err().to_string();

        assert!(bomb.len() < 100_000, "it looks harmless");
        assert!(error.contains("bomb.zip has more than 256 MiB of files"), "{error}");
        assert!(unzip(Path::new("bomb.zip"), &bomb, 8 << 20).is_ok());
    }

    #[test]
    fn a_folder_is_read_with_what_lies_below_it() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        fs::write(folder.path().join("data/nlu.yml"), "nlu: []").unwrap();
        fs::write(folder.path().join("logo.png"), "x").unwrap();

        let files = read(folder.path()).unwrap();

        assert_eq!(files, [(PathBuf::from("data/nlu.yml"), b"nlu: []".to_vec())]);
        let missing = read(&folder.path().join("missing")).unwrap_err().to_string();
        assert!(missing.contains("cannot be read"), "{missing}");
    }
}
