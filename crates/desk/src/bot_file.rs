//! The files of a bot that it may do without.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use crate::bot_error::BotError;

/// Reads a text of at most so many bytes in a bot's folder; `None` if it is not there.
pub(crate) fn read(folder: &Path, name: &str, bytes_max: u64) -> Result<Option<String>, BotError> {
    let mut text = String::new();
    let read = File::open(folder.join(name))
        .and_then(|file| file.take(bytes_max + 1).read_to_string(&mut text));
    match read {
        Ok(_) if text.len() as u64 > bytes_max => {
            Err(wrong(folder, name, &format!("is too large: the most is {bytes_max} bytes")))
        }
        Ok(_) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(wrong(folder, name, &error)),
    }
}

/// Says what is wrong with a file in a bot's folder.
pub(crate) fn wrong(folder: &Path, name: &str, problem: &dyn std::fmt::Display) -> BotError {
    BotError::Files(format!("{}: {problem}", folder.join(name).display()))
}
