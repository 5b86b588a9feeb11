//! A text as YAML writes it: plain where that is read as the same text, in quotes where not.

use serde_norway::Value;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a list of one item a line.
    Block,
    /// In a list between brackets.
    Flow,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes.
    Plain,
    /// Between `'`.
    Single,
    /// Between `"`.
    Double,
}

impl Style {
    /// The style of what is written.
    pub(super) fn of(written: &str) -> Self {
        match written.as_bytes().first() {
            Some(b'\'') => Self::Single,
            Some(b'"') => Self::Double,
            _ => Self::Plain,
        }
    }

    fn write(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Single => format!("'{}'", text.replace('\'', "''")),
            Self::Double => double(text),
        }
    }
}

/// Writes a text, in the preferred style if that can carry it.
pub(super) fn written(text: &str, place: Place, preferred: Option<Style>) -> String {
    let styles = preferred.into_iter().chain([Style::Plain, Style::Single]);
    let carried =
        styles.map(|style| style.write(text)).find(|written| is_read_as(written, text, place));
    carried.unwrap_or_else(|| double(text))
}

fn is_read_as(written: &str, text: &str, place: Place) -> bool {
    // The second item shows that nothing spills over, the key that a list is still one where it stands.
    let document = match place {
        Place::Block => format!("x:\n  - {written}\n  - z\n"),
        Place::Flow => format!("x: [{written}, z]\n"),
    };
    let Ok(value) = serde_norway::from_str::<Value>(&document) else { return false };
    let items = value.get("x").and_then(Value::as_sequence);
    items.is_some_and(|items| matches!(&items[..], [Value::String(one), _] if one == text))
}

/// Writes a text in double quotes, as JSON does, which YAML reads alike but for what it wants escaped besides.
pub(super) fn double(text: &str) -> String {
    let json = serde_json::to_string(text).expect("a string is always JSON");
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                out += &format!("\\u{:04x}", u32::from(c))
            }
            c => out.push(c),
        }
    }
    out
}

/// Writes a text of several lines as a block, one of a single line as it is.
pub(super) fn block(text: &str) -> String {
    if !text.contains('\n') {
        return written(text, Place::Block, None);
    }
    let end = match text.len() - text.trim_end_matches('\n').len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let indent = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let mut out = format!("|{indent}{end}");
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out += "  ";
            out += line;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_written_where_they_are_needed_only() {
        for (text, expected) in [
            ("how are you", "how are you"),
            ("你好，在吗？", "你好，在吗？"),
            ("yes, please", "yes, please"),
            ("it's \"fine\"", "it's \"fine\""),
            ("null", "'null'"),
            ("42", "'42'"),
            ("true", "'true'"),
            ("a: b", "'a: b'"),
            ("a #b", "'a #b'"),
            ("- a", "'- a'"),
            ("[那双鞋](product)坏了", "'[那双鞋](product)坏了'"),
            ("'t is", "'''t is'"),
            ("@home", "'@home'"),
        ] {
            assert_eq!(written(text, Place::Block, None), expected);
        }
        assert_eq!(written("yes, please", Place::Flow, None), "'yes, please'");
        assert_eq!(written("a", Place::Block, Some(Style::Double)), "\"a\"");
        assert_eq!(written("a\u{7f}\t", Place::Block, None), "\"a\\u007f\\t\"");
    }

    #[test]
    fn a_block_keeps_its_lines() {
        assert_eq!(block("one\n\ntwo\n"), "|\n  one\n\n  two");
        assert_eq!(block("one\ntwo"), "|-\n  one\n  two");
        assert_eq!(block("one"), "one");
    }
}
