//! A text as the recogniser compares it, with the way back to the original.
//!
//! Width, case, traditional characters and runs of white space are folded. Unlike
//! `text::normalise`, Chinese punctuation stays (it ends a web address), and every byte knows where it came from.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::simplified::simplified;
use crate::text;

/// How banks write three in words; elsewhere its simplified form is another.
const THREE: (char, char) = ('參', '叁');

/// Holds the folded form of a text; every byte of it knows its place in the original.
#[derive(Debug)]
pub(super) struct Folded {
    text: String,
    /// For each byte, where the original character begins and ends that it came from.
    places: Vec<(u32, u32)>,
}

impl Folded {
    /// Folds a text of at most `text::CHARS_MAX` characters.
    pub(super) fn new(original: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            places: Vec::with_capacity(original.len()),
        };
        let mut chars = original.char_indices().peekable();
        while let Some((start, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            let place = (start as u32, (start + c.len_utf8()) as u32);
            folded.push_folded(c, next, place);
        }
        folded
    }

    /// Returns the folded text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the range of the original that a range of the folded text came from; never empty for one that is not.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        match (self.places.get(range.start), range.end.checked_sub(1).map(|i| &self.places[i])) {
            (Some((start, _)), Some((_, end))) if range.start < range.end => {
                *start as usize..*end as usize
            }
            _ => 0..0,
        }
    }

    fn push_folded(&mut self, c: char, next: Option<char>, place: (u32, u32)) {
        if c.is_ascii_graphic() {
            self.push(c.to_ascii_lowercase(), place);
        } else if c.is_whitespace() {
            if !self.text.ends_with(' ') {
                self.push(' ', place);
            }
        } else if is_hidden(c) {
        } else if ('\u{4e00}'..='\u{9fff}').contains(&c) {
            self.push(if c == THREE.0 { THREE.1 } else { simplified(c) }, place);
        } else if let Some(mark) = self.mark(c, next) {
            self.push(mark, place);
        } else {
            for part in std::iter::once(c).nfkc().flat_map(char::to_lowercase) {
                let part = if part.is_whitespace() { ' ' } else { part };
                self.push(part, place);
            }
        }
    }

    /// Folds a punctuation mark, or keeps it where its width means something.
    fn mark(&self, c: char, next: Option<char>) -> Option<char> {
        let in_number = self.text.ends_with(|last: char| last.is_ascii_digit())
            && next.is_some_and(|next| next.is_numeric());
        Some(match c {
            '，' if in_number => ',',
            '，' | '。' | '；' | '！' | '？' | '（' | '）' | '、' => c,
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' => '-',
            '〜' | '～' | '∼' => '~',
            '’' | '‘' | '＇' => '\'',
            '￥' => '¥',
            _ => return None,
        })
    }

    fn push(&mut self, c: char, place: (u32, u32)) {
        self.text.push(c);
        self.places.resize(self.text.len(), place);
    }
}

/// Zero-width marks and control characters, which may stand inside of a number that was copied.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Tells whether a character is a letter of a script that puts spaces between words.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !text::is_unspaced(c)
}

/// Tells whether a character belongs to a word or a number of a script that puts spaces between words.
pub(super) fn is_wordy(c: char) -> bool {
    is_letter(c) || c.is_ascii_digit() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_the_way_back() {
        let original = "Ａ\u{200b}１２　萬，３";
        let folded = Folded::new(original);

        assert_eq!(folded.text(), "a12 万，3");
        let at = folded.text().find('万').expect("it is there");
        assert_eq!(&original[folded.original(at..at + 3)], "萬");
        assert_eq!(&original[folded.original(1..3)], "１２");
    }

    #[test]
    fn one_character_that_becomes_many_gives_its_whole_place() {
        let original = "㈠x";
        let folded = Folded::new(original);

        assert_eq!(folded.text(), "(一)x");
        assert_eq!(folded.original(1..4), 0..3);
    }

    #[test]
    fn a_comma_of_full_width_stays_but_between_digits() {
        assert_eq!(Folded::new("１，２３４").text(), "1,234");
        assert_eq!(Folded::new("好，１").text(), "好，1");
    }
}
