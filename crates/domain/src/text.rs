//! Text that strangers write: cleaned once, at the edge, for every entrance.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// How long a message may be, in characters.
pub const MESSAGE_CHARS_MAX: usize = 4_000;

/// A language that the product speaks.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// The tag on the wire: `zh` or `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }

    /// Reads a language tag, ignoring region and script.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next() {
            Some(primary) if primary.eq_ignore_ascii_case("zh") => Some(Language::Zh),
            Some(primary) if primary.eq_ignore_ascii_case("en") => Some(Language::En),
            _ => None,
        }
    }
}

/// Cleans a text of several lines: no control characters but tab and line
/// feed, no bidirectional overrides, no edge white space, a bound on length.
///
/// # Errors
///
/// [`Error::Invalid`] at `pointer` if it is longer than `chars_max`.
pub fn clean_text(text: &str, pointer: &str, chars_max: usize) -> Result<String> {
    let cleaned: String = text
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|&c| c == '\n' || c == '\t' || !is_hostile(c))
        .collect();
    let cleaned = cleaned.trim();
    let chars = cleaned.chars().count();
    if chars > chars_max {
        let detail = format!("{chars} characters; at most {chars_max} are allowed");
        return Err(Error::invalid(pointer, detail));
    }
    Ok(cleaned.to_owned())
}

/// Cleans a text of one line, such as a name, which must not be empty.
///
/// # Errors
///
/// [`Error::Invalid`] at `pointer` if nothing is left or it is too long.
pub fn clean_line(text: &str, pointer: &str, chars_max: usize) -> Result<String> {
    let one_line = text.replace(['\n', '\r', '\t'], " ");
    let cleaned = clean_text(&one_line, pointer, chars_max)?;
    if cleaned.is_empty() {
        return Err(Error::invalid(pointer, "must not be empty"));
    }
    Ok(cleaned)
}

/// Whether a character can only mislead: controls, and marks that reorder or
/// hide the text around them. The joiners of emoji and Indic scripts stay.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{FEFF}'
            | '\u{2060}' | '\u{00AD}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_bidi_marks_are_removed() {
        let cleaned = clean_text(" a\0b\u{202E}c\u{200B}\r\nd ", "/text", 100).unwrap();

        assert_eq!(cleaned, "abc\n\nd");
    }

    #[test]
    fn an_emoji_family_survives() {
        let family = "👨\u{200D}👩\u{200D}👧";

        assert_eq!(clean_text(family, "/text", 10).unwrap(), family);
    }

    #[test]
    fn a_long_text_is_refused_with_its_length() {
        let error = clean_text(&"长".repeat(11), "/text", 10).unwrap_err();

        assert_eq!(error.to_string(), "11 characters; at most 10 are allowed");
    }

    #[test]
    fn a_name_of_invisible_marks_is_empty() {
        assert!(clean_line("\u{200B}\u{202E}\n", "/name", 10).is_err());
    }
}
