//! What to say of text that is not UTF-8: which line, what it seems to be, and what to do.
//!
//! Nothing is converted here: a guess at an encoding that is wrong would train on nonsense without anybody's noticing.

use std::path::Path;

use crate::data_error::DataError;

/// What spreadsheets begin a file with that they save as "Unicode text".
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// Reads a whole file as UTF-8, with or without a byte order mark; `path` only names it in the error.
///
/// # Errors
/// The first line that is not UTF-8, and what to do.
pub fn utf8<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, DataError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let number = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let line = bytes[start..].split(|byte| *byte == b'\n').next().unwrap_or_default();
            Err(DataError::at(path, number, not_utf8(line)))
        }
    }
}

/// Looks whether the first line of a file is UTF-8: what a table's heading says is not known otherwise.
pub(crate) fn check_first_line(path: &Path, bytes: &[u8]) -> Result<(), DataError> {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    utf8(path, first).map(|_| ())
}

/// Says what a line that is not UTF-8 seems to be, and what to do.
pub(crate) fn not_utf8(line: &[u8]) -> String {
    let seems = if is_utf16(line) {
        " but UTF-16, which spreadsheets call Unicode text"
    } else if is_gb18030(line) {
        " but seems to be GB18030 (GBK, ANSI on a Chinese system)"
    } else {
        " (perhaps Latin-1, or several encodings in one file)"
    };
    format!("the line is not UTF-8{seems}: save the file as UTF-8")
}

/// Whether a file begins as UTF-16 does.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark))
}

/// Whether all that is not ASCII comes in pairs as GB18030 writes the characters of China. A single accented letter
/// before an ASCII one may pass too, so two pairs are wanted.
fn is_gb18030(line: &[u8]) -> bool {
    let (mut at, mut pairs) = (0, 0);
    while let Some(lead) = line.get(at) {
        if lead.is_ascii() {
            at += 1;
            continue;
        }
        let trail = line.get(at + 1).copied().unwrap_or_default();
        // The block in which nearly every character in use lies; accented letters of Latin-1 seldom stand in pairs.
        if !(0xb0..=0xf7).contains(lead) || trail < 0xa1 {
            // Punctuation of full width.
            if !(0xa1..=0xa3).contains(lead) || trail < 0xa1 {
                return false;
            }
        }
        (at, pairs) = (at + 2, pairs + 1);
    }
    pairs >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> String {
        utf8(Path::new("t.txt"), bytes).unwrap_err().to_string()
    }

    #[test]
    fn utf8_is_read_with_and_without_a_mark() {
        assert_eq!(utf8(Path::new("t"), "\u{feff}退款".as_bytes()), Ok("退款"));
        assert_eq!(utf8(Path::new("t"), b"refund"), Ok("refund"));
    }

    #[test]
    fn the_line_is_named_and_what_it_seems_to_be() {
        // 退款, in GB18030.
        let chinese = refusal(b"ok\nrefund\t\xcd\xcb\xbf\xee\nok\n");
        let french = refusal(b"caf\xe9 au lait\n");
        let spreadsheet = refusal(b"\xff\xfea\0\t\0b\0\n\0");

        assert!(
            chinese.starts_with("t.txt:2: the line is not UTF-8 but seems to be GB18030"),
            "{chinese}"
        );
        assert!(french.starts_with("t.txt:1: ") && french.contains("Latin-1"), "{french}");
        assert!(spreadsheet.contains("UTF-16"), "{spreadsheet}");
        for sentence in [chinese, french, spreadsheet] {
            assert!(sentence.ends_with("save the file as UTF-8"), "{sentence}");
        }
    }
}
