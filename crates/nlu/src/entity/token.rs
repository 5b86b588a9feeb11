//! A folded text as words with their meanings, digits and single marks.
//!
//! What words mean together is not known here; idioms are, because they take their words away from every grammar.

use super::fold::is_letter;
use super::words::{Sense, vocabulary};

/// A piece of the folded text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// Where it begins and ends, in bytes of the folded text.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) shape: Shape,
    senses: &'static [Sense],
    /// Whether white space stands before it.
    pub(super) spaced: bool,
}

/// What a token consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// ASCII digits.
    Digits,
    /// A word of the vocabulary, a word in letters that is not in it, or an idiom.
    Word,
    /// Any other character.
    Mark(char),
}

/// Holds a folded text and its tokens.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl<'a> Tokens<'a> {
    /// Splits a folded text.
    pub(super) fn new(text: &'a str) -> Self {
        let mut tokens = Vec::with_capacity(text.len() / 2 + 1);
        let (mut at, mut spaced) = (0, false);
        while let Some(c) = text[at..].chars().next() {
            if c == ' ' {
                spaced = true;
                at += 1;
                continue;
            }
            let (length, shape, senses) = piece(text, at, c);
            tokens.push(Token { start: at, end: at + length, shape, senses, spaced });
            at += length;
            spaced = false;
        }
        Self { text, tokens }
    }

    /// Returns how many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Tells whether a grammar may have something to read at a token.
    pub(super) fn begins_something(&self, i: usize) -> bool {
        let is_minus = self.is_mark(i, '-');
        is_minus || self.digits(i).is_some() || !self.senses(i).is_empty()
    }

    /// Returns the token of a number.
    pub(super) fn get(&self, i: usize) -> Option<&Token> {
        self.tokens.get(i)
    }

    /// Returns the meanings of a token; none beyond the last.
    pub(super) fn senses(&self, i: usize) -> &'static [Sense] {
        self.tokens.get(i).map_or(&[], |token| token.senses)
    }

    /// Tells whether a token has a meaning.
    pub(super) fn is(&self, i: usize, sense: Sense) -> bool {
        self.senses(i).contains(&sense)
    }

    /// Returns what the first meaning yields that yields anything.
    pub(super) fn find<T>(&self, i: usize, pick: impl Fn(Sense) -> Option<T>) -> Option<T> {
        self.senses(i).iter().find_map(|sense| pick(*sense))
    }

    /// Returns the digits of a token, if it is one of digits.
    pub(super) fn digits(&self, i: usize) -> Option<&'a str> {
        let token = self.tokens.get(i).filter(|token| token.shape == Shape::Digits)?;
        Some(&self.text[token.start..token.end])
    }

    /// Returns the digits of a token that stands directly after the one before.
    pub(super) fn joined_digits(&self, i: usize) -> Option<&'a str> {
        self.digits(i).filter(|_| !self.is_spaced(i))
    }

    /// Tells whether a token is this mark.
    pub(super) fn is_mark(&self, i: usize, mark: char) -> bool {
        self.tokens.get(i).is_some_and(|token| token.shape == Shape::Mark(mark))
    }

    /// Tells whether a token is this mark and stands directly after the one before.
    pub(super) fn is_joined_mark(&self, i: usize, mark: char) -> bool {
        self.is_mark(i, mark) && !self.is_spaced(i)
    }

    /// Tells whether white space stands before a token.
    pub(super) fn is_spaced(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|token| token.spaced)
    }

    /// Returns where a token begins; the end of the text beyond the last.
    pub(super) fn start(&self, i: usize) -> usize {
        self.tokens.get(i).map_or(self.text.len(), |token| token.start)
    }

    /// Returns where the token before a number ends.
    pub(super) fn end_before(&self, i: usize) -> usize {
        i.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.end)
    }

    /// Returns the folded text.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the character that stands directly before a token, white space included.
    pub(super) fn char_before(&self, i: usize) -> Option<char> {
        self.text[..self.start(i)].chars().next_back()
    }

    /// Returns the character that stands directly after the token before a number, white space included.
    pub(super) fn char_after(&self, i: usize) -> Option<char> {
        self.text[self.end_before(i)..].chars().next()
    }
}

/// Finds the piece of a text that begins at a place: its length, shape and meanings.
fn piece(text: &str, at: usize, first: char) -> (usize, Shape, &'static [Sense]) {
    let rest = &text[at..];
    let in_word = is_letter(first) && text[..at].chars().next_back().is_some_and(is_letter);
    if !in_word && let Some(length) = vocabulary().idiom(text, at) {
        return (length, Shape::Word, &[]);
    }
    if first.is_ascii_digit() {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        return (length, Shape::Digits, &[]);
    }
    if !in_word && let Some((length, senses)) = vocabulary().word(rest) {
        let is_mark = length == first.len_utf8() && !first.is_alphanumeric();
        return (length, if is_mark { Shape::Mark(first) } else { Shape::Word }, senses);
    }
    if is_letter(first) {
        let length = rest.find(|c| !is_letter(c) && c != '\'').unwrap_or(rest.len());
        return (length.max(first.len_utf8()), Shape::Word, &[]);
    }
    (first.len_utf8(), Shape::Mark(first), &[])
}
