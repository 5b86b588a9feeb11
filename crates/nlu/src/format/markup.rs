//! How slots are marked inside an example in Attune's own files: `我要退[那双鞋](product)`.
//!
//! `[words](slot)` marks a slot; `[words](slot/role)` gives it a role, `[words](slot=value)` a value other than the words,
//! `[words](slot/role=value)` both. Names consist of letters, digits, `_`, `-`, `.` and `@`. Everything else is text as it
//! stands, so brackets need no care unless they look exactly like a mark; then `\[` is a bracket, and `\\` a backslash
//! before one. The plain text trains the intent, the spans train whatever finds slots.

use serde::{Deserialize, Serialize};

/// What a backslash makes plain.
const ESCAPABLE: [char; 4] = ['[', ']', ')', '\\'];

/// Holds something that was said, with the slots in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Utterance {
    /// The plain text.
    pub text: String,
    /// The slots, in order, without overlap.
    pub slots: Vec<SlotSpan>,
}

/// Names a part of a text that fills a slot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SlotSpan {
    /// The byte at which the part begins, always the first of a character.
    pub start: usize,
    /// The byte after its end.
    pub end: usize,
    /// The name of the slot.
    pub slot: String,
    /// Which of several like it (`from`, `to`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What the part means, if that is not what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Utterance {
    /// Creates an utterance without slots; white space is made one space between words.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let mut utterance = Self::default();
        utterance.push(text);
        utterance.finished()
    }

    /// Reads an example in which slots are marked.
    #[must_use]
    pub fn parse(marked: &str) -> Self {
        let mut utterance = Self::default();
        let mut rest = marked;
        let mut literal = String::new();
        while let Some(c) = rest.chars().next() {
            if let Some((mark, after)) = Mark::read(rest) {
                utterance.push(&std::mem::take(&mut literal));
                utterance.push_slot(&mark.words, mark.slot, mark.role, mark.value);
                rest = after;
                continue;
            }
            let (c, after) = match escaped(rest) {
                Some(plain) => (plain, &rest[1 + plain.len_utf8()..]),
                None => (c, &rest[c.len_utf8()..]),
            };
            literal.push(c);
            rest = after;
        }
        utterance.push(&literal);
        utterance.finished()
    }

    /// Writes the example with its slots marked, so that reading it gives the same again.
    #[must_use]
    pub fn marked(&self) -> String {
        let plainly = self.write(|text| text.to_owned());
        if Self::parse(&plainly) == *self { plainly } else { self.write(escape) }
    }

    fn write(&self, literal: impl Fn(&str) -> String) -> String {
        let (mut out, mut at) = (String::new(), 0);
        for span in &self.slots {
            let (Some(before), Some(words)) =
                (self.text.get(at..span.start), self.text.get(span.start..span.end))
            else {
                continue;
            };
            let role = span.role.iter().map(|role| format!("/{role}")).collect::<String>();
            let value = span.value.iter().map(|value| format!("={}", escape(value)));
            let value = value.collect::<String>();
            out += &format!("{}[{}]({}{role}{value})", literal(before), escape(words), span.slot);
            at = span.end;
        }
        out += &literal(self.text.get(at..).unwrap_or_default());
        out
    }

    /// Adds text, with white space made one space and none at the beginning.
    pub(crate) fn push(&mut self, text: &str) {
        for c in text.chars() {
            // What no file of text can hold becomes a space as well.
            let unwritable = c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
            let c = if c.is_whitespace() || unwritable { ' ' } else { c };
            if c != ' ' || !(self.text.is_empty() || self.text.ends_with(' ')) {
                self.text.push(c);
            }
        }
    }

    /// Adds words that fill a slot; white space around them stays outside the span. A name that marks cannot carry is
    /// brought into one that they can.
    pub(crate) fn push_slot(
        &mut self,
        words: &str,
        slot: String,
        role: Option<String>,
        value: Option<String>,
    ) {
        if words.starts_with(char::is_whitespace) {
            self.push(" ");
        }
        let start = self.text.len();
        self.text.push_str(&Self::plain(words).text);
        let slot = name(&slot);
        let role = role.map(|role| name(&role)).filter(|role| !role.is_empty());
        let value = value.map(|value| Self::plain(&value).text).filter(|value| {
            !value.is_empty() && self.text.get(start..).is_some_and(|words| words != value)
        });
        if self.text.len() > start && !slot.is_empty() {
            self.slots.push(SlotSpan { start, end: self.text.len(), slot, role, value });
        }
        if words.ends_with(char::is_whitespace) {
            self.push(" ");
        }
    }

    /// Takes white space off the end; no span ends in any.
    pub(crate) fn finished(mut self) -> Self {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self
    }
}

/// Brings a name into what a mark can carry.
pub(crate) fn name(name: &str) -> String {
    name.trim().chars().map(|c| if is_of_name(c) { c } else { '_' }).collect()
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@')
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if ESCAPABLE.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The character that a backslash at the beginning makes plain.
fn escaped(rest: &str) -> Option<char> {
    rest.strip_prefix('\\')?.chars().next().filter(|c| ESCAPABLE.contains(c))
}

/// A slot as it is marked.
struct Mark {
    words: String,
    slot: String,
    role: Option<String>,
    value: Option<String>,
}

impl Mark {
    /// Reads a mark at the beginning of a text, and returns what follows it.
    fn read(rest: &str) -> Option<(Self, &str)> {
        let (words, rest) = until(rest.strip_prefix('[')?, ']')?;
        let (slot, rest) = named(rest.strip_prefix('(')?)?;
        let (role, rest) = match rest.strip_prefix('/') {
            Some(rest) => named(rest).map(|(role, rest)| (Some(role), rest))?,
            None => (None, rest),
        };
        let (value, rest) = match rest.strip_prefix('=') {
            Some(rest) => until(rest, ')').map(|(value, rest)| (Some(value), rest))?,
            None => (None, rest.strip_prefix(')')?),
        };
        Some((Self { words, slot: slot.to_owned(), role: role.map(str::to_owned), value }, rest))
    }
}

/// What stands before an end that is not escaped, made plain; something must, and no bracket may open in it.
fn until(mut rest: &str, end: char) -> Option<(String, &str)> {
    let mut out = String::new();
    loop {
        let c = rest.chars().next()?;
        if let Some(plain) = escaped(rest) {
            out.push(plain);
            rest = &rest[1 + plain.len_utf8()..];
        } else if c == end {
            return (!out.trim().is_empty()).then_some((out, &rest[c.len_utf8()..]));
        } else if c == '[' {
            return None;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
}

fn named(rest: &str) -> Option<(&str, &str)> {
    let end = rest.find(|c| !is_of_name(c))?;
    (end > 0).then(|| rest.split_at(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans(marked: &str) -> (String, Vec<(String, String)>) {
        let utterance = Utterance::parse(marked);
        let named =
            |span: &SlotSpan| (utterance.text[span.start..span.end].to_owned(), span.slot.clone());
        let spans = utterance.slots.iter().map(named).collect();
        (utterance.text, spans)
    }

    #[test]
    fn a_mark_names_its_words() {
        let (text, slots) = spans("我要退[那双鞋](product)，[昨天](date)买的");

        assert_eq!(text, "我要退那双鞋，昨天买的");
        assert_eq!(slots, [("那双鞋".into(), "product".into()), ("昨天".into(), "date".into())]);
    }

    #[test]
    fn roles_and_values_are_read() {
        let utterance = Utterance::parse("[沪](city/from=上海)到[北京](city/to)");

        let [from, to] = &utterance.slots[..] else { panic!("{utterance:?}") };
        assert_eq!((from.role.as_deref(), from.value.as_deref()), (Some("from"), Some("上海")));
        assert_eq!((to.role.as_deref(), to.value.as_deref()), (Some("to"), None));
        assert_eq!(utterance.marked(), "[沪](city/from=上海)到[北京](city/to)");
    }

    #[test]
    fn what_is_no_mark_is_text() {
        for text in [
            "see [this page](https://example.com)",
            "订单[123]在哪",
            "[a] (b)",
            "[](x) and [ ](x)",
            r"C:\temp\new",
            "[a](b",
            "[a]()",
            "[[a]](b)",
            "a](b)",
        ] {
            assert_eq!(Utterance::parse(text), Utterance { text: text.into(), slots: vec![] });
        }
    }

    #[test]
    fn a_bracket_can_be_made_plain() {
        let utterance = Utterance::parse(r"\[a](b) and [x\]y](z)");

        assert_eq!(utterance.text, "[a](b) and x]y");
        assert_eq!(utterance.slots.len(), 1);
        assert_eq!(Utterance::parse(&utterance.marked()), utterance);
    }

    #[test]
    fn white_space_stays_outside_a_span() {
        let (text, slots) = spans("  go to[ New \n York ](city)now ");

        assert_eq!(text, "go to New York now");
        assert_eq!(slots, [("New York".into(), "city".into())]);
    }

    proptest! {
        #[test]
        fn writing_and_reading_gives_the_same(marked in r"(\[|\]|\(|\)|/|=|\\|a|上海| |\n|\[b\]\(c\)|\[x\]\(y/z=w\)|\PC){0,24}") {
            let utterance = Utterance::parse(&marked);

            prop_assert_eq!(&Utterance::parse(&utterance.marked()), &utterance);
            let plain = Utterance::plain(&marked);
            prop_assert_eq!(&Utterance::parse(&plain.marked()), &plain);
            for span in &utterance.slots {
                prop_assert!(utterance.text.get(span.start..span.end).is_some_and(|words| words.trim() == words && !words.is_empty()));
            }
        }
    }
}
