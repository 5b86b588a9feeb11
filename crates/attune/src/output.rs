//! Standard output and standard error, for what a command has to say.

use std::io::{self, Write as _};

use crate::failure::Result;

/// Writes a line to standard output, at once.
pub(crate) fn say(line: &str) -> Result {
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        // Whoever read has read enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Writes the one sentence that says what is wrong.
pub(crate) fn complain(sentence: &str) {
    let one_line = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    // There is nobody left to tell if this fails.
    let _ = writeln!(io::stderr().lock(), "attune: {one_line}");
}
