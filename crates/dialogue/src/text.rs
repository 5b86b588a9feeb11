//! Small, language-independent work on text: folding for comparison and cutting for display.

use unicode_segmentation::UnicodeSegmentation;

/// How much of a message is looked at; the wish for a person stands in the first page of it.
const LOOKED_AT_MAX: usize = 4_000;

/// Folds `text` for comparison: full-width ASCII becomes plain, letters become small, curly
/// apostrophes become straight.
pub(crate) fn fold(text: &str) -> String {
    text.chars().take(LOOKED_AT_MAX).flat_map(|c| plain(c).to_lowercase()).collect()
}

/// Cuts what is neither a letter nor a digit from both ends.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric() && c != '#')
}

/// Tells whether `text` has letters, so that its language can be told.
pub(crate) fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Puts `text` on one line without control and direction marks, and cuts it after `max`
/// characters as a reader counts them.
pub(crate) fn excerpt(text: &str, max: usize) -> String {
    let visible = text.chars().take(LOOKED_AT_MAX).filter(|c| !is_direction_mark(*c));
    let line: String = visible.map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.grapheme_indices(true).nth(max) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '’' | '‘' | 'ʼ' => '\'',
        _ => c,
    }
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_never_cuts_a_character_in_two() {
        let family = "👨‍👩‍👧‍👦";

        assert_eq!(excerpt(&family.repeat(3), 2), format!("{}…", family.repeat(2)));
        assert_eq!(excerpt("e\u{301}e\u{301}", 1), "e\u{301}…");
    }

    #[test]
    fn an_excerpt_is_one_line_without_hidden_marks() {
        assert_eq!(excerpt(" a\r\nb\u{202e}c\u{2028}\td ", 20), "a bc d");
    }

    #[test]
    fn full_width_letters_are_folded() {
        assert_eq!(fold("ＡＢＣ１，Don’t"), "abc1,don't");
    }
}
