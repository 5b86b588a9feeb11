//! Where the examples stand in the text of an intent's file.
//!
//! It knows as much of YAML as people use for lists. What it mistakes is found when the result is read back.

use super::EditError;
use super::scalar::{Place, Style, written};

/// The places of the examples in a text, as ranges of bytes.
pub(super) struct Layout<'a> {
    text: &'a str,
    place: Place,
    /// The examples, in order; in a list of lines with the dash.
    items: Vec<Item>,
    /// Where the first item of an empty list goes.
    open: usize,
}

/// One example.
struct Item {
    /// Where it begins: the dash, or the text between brackets.
    start: usize,
    /// Where its text begins.
    content: usize,
    /// Where its text ends.
    end: usize,
}

impl<'a> Layout<'a> {
    /// Finds so many examples.
    pub(super) fn find(text: &'a str, count: usize) -> Result<Self, EditError> {
        let key = lines(text).find(|(_, line)| is_key(line)).ok_or(EditError::Layout)?;
        let start =
            value_start(text, key.0 + key.1.find(':').unwrap_or(0) + 1).ok_or(EditError::Layout)?;
        let layout = if text[start..].starts_with('[') {
            Self::flow(text, start)
        } else {
            Self::block(text, start)
        };
        layout.filter(|layout| layout.items.len() == count).ok_or(EditError::Layout)
    }

    /// A list of lines that begin with a dash; `start` is the first of them.
    fn block(text: &'a str, start: usize) -> Option<Self> {
        let begin = text[..start].rfind('\n')? + 1;
        let indent = &text[begin..start];
        let mut items: Vec<Item> = Vec::new();
        for (at, line) in lines(&text[begin..]) {
            let (at, content) = (begin + at, line.trim());
            let column = line.len() - line.trim_start_matches(' ').len();
            let dash = line[column..]
                .strip_prefix('-')
                .filter(|rest| rest.is_empty() || rest.starts_with([' ', '\r', '\n']));
            if column == indent.len() && dash.is_some() {
                let before =
                    1 + dash.map_or(0, |rest| rest.len() - rest.trim_start_matches(' ').len());
                let (start, content) = (at + column, at + column + before);
                items.push(Item { start, content, end: content });
            } else if column <= indent.len() && !content.is_empty() && !content.starts_with('#') {
                break;
            }
            if let Some(item) =
                items.last_mut().filter(|_| !content.is_empty() && !content.starts_with('#'))
            {
                item.end = at + line.trim_end().len();
            }
        }
        Some(Self { text, place: Place::Block, items, open: start })
    }

    /// A list between brackets; `start` is the first of them.
    fn flow(text: &'a str, start: usize) -> Option<Self> {
        let (mut items, mut begin, mut depth) = (Vec::new(), start + 1, 0usize);
        let mut quote: Option<char> = None;
        let mut chars = text[start..].char_indices().peekable();
        let mut last = ' ';
        while let Some((at, c)) = chars.next() {
            let at = start + at;
            match (quote, c) {
                (Some('"'), '\\') => drop(chars.next()),
                (Some('\''), '\'') if chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                    chars.next();
                }
                (Some(open), c) if open == c => quote = None,
                (Some(_), _) => {}
                // A quote in the middle of a word is a letter like any other.
                (None, '"' | '\'') if text[begin..at].trim().is_empty() => quote = Some(c),
                // A comment in between is more than is understood here.
                (None, '#') if last.is_whitespace() => return None,
                (None, '[' | '{') => depth += 1,
                (None, ',') if depth == 1 => {
                    items.extend(Self::flow_item(text, std::mem::replace(&mut begin, at + 1), at))
                }
                (None, ']' | '}') if depth > 1 => depth -= 1,
                (None, ']') => {
                    items.extend(Self::flow_item(text, begin, at));
                    return Some(Self { text, place: Place::Flow, items, open: start + 1 });
                }
                _ => {}
            }
            last = c;
        }
        None
    }

    fn flow_item(text: &str, begin: usize, end: usize) -> Option<Item> {
        let item = &text[begin..end];
        let start = begin + (item.len() - item.trim_start().len());
        let end = start + item.trim().len();
        (start < end).then_some(Item { start, content: start, end })
    }

    pub(super) fn add(&self, example: &str) -> Result<String, EditError> {
        let scalar = written(example, self.place, None);
        let Some(last) = self.items.last() else {
            return match self.place {
                Place::Flow => Ok(self.spliced(self.open, self.open, &scalar)),
                Place::Block => Err(EditError::Layout),
            };
        };
        if self.place == Place::Flow {
            return Ok(self.spliced(last.end, last.end, &format!(", {scalar}")));
        }
        // The new line is like the last one: its indentation, its dash, its line end.
        let indent_start = self.text[..last.start].rfind('\n').map_or(0, |at| at + 1);
        let lead = &self.text[indent_start..last.content];
        let lead = if lead.ends_with('-') { format!("{lead} ") } else { lead.to_owned() };
        let end = last.end + self.text[last.end..].find('\n').unwrap_or(self.text.len() - last.end);
        let (end, line_end) = match self.text[..end].ends_with('\r') {
            true => (end - 1, "\r\n"),
            false if self.text.contains("\r\n") && end == self.text.len() => (end, "\r\n"),
            false => (end, "\n"),
        };
        Ok(self.spliced(end, end, &format!("{line_end}{lead}{scalar}")))
    }

    pub(super) fn change(&self, place: usize, example: &str) -> Result<String, EditError> {
        let item = self.items.get(place).ok_or(EditError::Layout)?;
        let old = &self.text[item.content..item.end];
        let end = item.content + scalar_len(old, self.place);
        let scalar = written(example, self.place, Some(Style::of(old)));
        // A text below its dash moves up to it.
        let gap = if self.text[..item.content].ends_with('-') { " " } else { "" };
        Ok(self.spliced(item.content, end, &format!("{gap}{scalar}")))
    }

    pub(super) fn remove(&self, place: usize) -> Result<String, EditError> {
        let item = self.items.get(place).ok_or(EditError::Layout)?;
        let (start, end) = match self.place {
            Place::Block => {
                let start = self.text[..item.start].rfind('\n').map_or(0, |at| at + 1);
                match self.text[item.end..].find('\n') {
                    Some(rest) => (start, item.end + rest + 1),
                    // The last line of a file without a line end: its predecessor's is kept away too.
                    None => {
                        (self.text[..start].trim_end_matches(['\r', '\n']).len(), self.text.len())
                    }
                }
            }
            Place::Flow => match (
                self.items.get(place + 1),
                place.checked_sub(1).and_then(|place| self.items.get(place)),
            ) {
                (Some(next), _) => (item.start, next.start),
                (None, Some(last)) => (last.end, item.end),
                (None, None) => (item.start, item.end),
            },
        };
        Ok(self.spliced(start, end, ""))
    }

    fn spliced(&self, start: usize, end: usize, new: &str) -> String {
        [&self.text[..start], new, &self.text[end..]].concat()
    }
}

/// The lines of a text with their places, each with its line end.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.len(), line)
    })
}

fn is_key(line: &str) -> bool {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let after =
        line.strip_prefix("examples").map(str::trim_start).and_then(|rest| rest.strip_prefix(':'));
    after.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// Where the value of a key begins, past white space and comments.
fn value_start(text: &str, mut at: usize) -> Option<usize> {
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        if !text[at..].starts_with('#') {
            return text[at..].starts_with(['[', '-']).then_some(at);
        }
        at += text[at..].find('\n')?;
    }
}

/// How long the text is of which an item consists, without a comment behind it.
fn scalar_len(item: &str, place: Place) -> usize {
    let quoted = |quote: char| {
        let mut escaped = false;
        let mut chars = item.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quote == '"' => escaped = true,
                '\'' if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                    escaped = true
                }
                c if c == quote => return at + c.len_utf8(),
                _ => {}
            }
        }
        item.len()
    };
    match (Style::of(item), place) {
        (Style::Single, _) => quoted('\''),
        (Style::Double, _) => quoted('"'),
        (Style::Plain, Place::Flow) => item.len(),
        // A block of lines has no comments behind it.
        (Style::Plain, Place::Block) if item.starts_with(['|', '>']) => item.len(),
        (Style::Plain, Place::Block) => {
            item.find(" #").map_or(item.len(), |at| item[..at].trim_end().len())
        }
    }
}
