//! Files of a checkpoint: read up to a limit, written whole or not at all.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use super::error::EncoderError;

/// The largest configuration that is read.
pub(crate) const CONFIG_BYTES_MAX: u64 = 4 << 20;
/// The largest tokenizer that is read.
pub(crate) const TOKENIZER_BYTES_MAX: u64 = 64 << 20;
/// The largest file of weights that is read.
pub(crate) const WEIGHTS_BYTES_MAX: u64 = 8 << 30;

/// Reads a file that must be there.
pub(crate) fn read(
    path: &Path,
    bytes_max: u64,
    remedy: &'static str,
) -> Result<Vec<u8>, EncoderError> {
    read_if_there(path, bytes_max)?
        .ok_or_else(|| EncoderError::Missing { path: path.to_owned(), remedy })
}

/// Reads a file that may be absent.
pub(crate) fn read_if_there(path: &Path, bytes_max: u64) -> Result<Option<Vec<u8>>, EncoderError> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(EncoderError::io("open", path, error)),
    };
    let failed = |error| EncoderError::io("read", path, error);
    let size = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(size.min(bytes_max) as usize + 1);
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > bytes_max {
        return Err(EncoderError::refused(path, format!("it is larger than {bytes_max} bytes")));
    }
    Ok(Some(bytes))
}

/// Reads JSON from bytes.
pub(crate) fn json(path: &Path, bytes: &[u8]) -> Result<serde_json::Value, EncoderError> {
    serde_json::from_slice(bytes)
        .map_err(|error| EncoderError::refused(path, format!("it is not JSON ({error})")))
}

/// Writes a file so that it is seen either whole or not at all.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), EncoderError> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(partial, path)
    };
    write().map_err(|error| EncoderError::io("write", path, error))
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(path: &Path) -> Result<(), EncoderError> {
    fs::create_dir_all(path).map_err(|error| EncoderError::io("make", path, error))
}
