//! Adding, changing and removing an example in the text of an intent's file.
//!
//! People keep these files in order, with comments and in version control, so every
//! other line stays as it is. What comes out is read back before it is returned: it
//! says what was asked for and nothing else, or it is refused.

use serde_norway::Value;

/// Why a file cannot be edited.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum EditError {
    /// The file is not written as one item on each line.
    #[error("write the examples of the file one below the other, each after a dash")]
    Form,
    /// The file has no such example.
    #[error("the file has no such example")]
    Missing,
    /// An intent without examples is none.
    #[error("it is the last example of the intent; add another first")]
    Last,
}

/// Adds an example behind the others. One that is there already changes nothing.
pub(crate) fn add_example(file: &str, example: &str) -> Result<String, EditError> {
    let list = List::find(file)?;
    if list.examples.iter().any(|one| one == example) {
        return Ok(file.to_owned());
    }
    let mut wanted = list.examples.clone();
    wanted.push(example.to_owned());
    let end = list.items.last().ok_or(EditError::Form)?.end;
    list.write(file, end..end, Some(example), &wanted)
}

/// Puts another example into the place of one.
pub(crate) fn change_example(file: &str, old: &str, new: &str) -> Result<String, EditError> {
    let list = List::find(file)?;
    let place = list.place(old)?;
    let mut wanted = list.examples.clone();
    wanted[place] = new.to_owned();
    let lines = list.items[place].clone();
    list.write(file, lines, Some(new), &wanted)
}

/// Removes an example.
pub(crate) fn remove_example(file: &str, example: &str) -> Result<String, EditError> {
    let list = List::find(file)?;
    let place = list.place(example)?;
    if list.examples.len() == 1 {
        return Err(EditError::Last);
    }
    let mut wanted = list.examples.clone();
    wanted.remove(place);
    let lines = list.items[place].clone();
    list.write(file, lines, None, &wanted)
}

/// The list of examples in a file.
struct List {
    examples: Vec<String>,
    /// The lines of each example, counted from 0.
    items: Vec<std::ops::Range<usize>>,
    indent: String,
    newline: &'static str,
}

impl List {
    fn find(file: &str) -> Result<Self, EditError> {
        let examples = examples_of(file).ok_or(EditError::Form)?;
        let lines: Vec<&str> = file.lines().collect();
        let head = lines.iter().position(|line| is_head(line)).ok_or(EditError::Form)?;
        let first = (head + 1..lines.len())
            .find(|line| !is_aside(lines[*line]))
            .filter(|line| is_item(lines[*line]))
            .ok_or(EditError::Form)?;
        let indent = indent_of(lines[first]).to_owned();
        let mut items: Vec<std::ops::Range<usize>> = Vec::new();
        for (at, line) in lines.iter().enumerate().skip(first) {
            if is_item(line) && indent_of(line) == indent {
                items.push(at..at + 1);
            } else if !line.trim().is_empty() && indent_of(line).len() <= indent.len() {
                if line.trim_start().starts_with('#') {
                    continue;
                }
                break;
            } else if let Some(last) = items.last_mut().filter(|_| !is_aside(line)) {
                last.end = at + 1;
            }
        }
        if items.len() != examples.len() {
            return Err(EditError::Form);
        }
        let newline = if file.contains("\r\n") { "\r\n" } else { "\n" };
        Ok(List { examples, items, indent, newline })
    }

    fn place(&self, example: &str) -> Result<usize, EditError> {
        self.examples.iter().position(|one| one == example).ok_or(EditError::Missing)
    }

    /// Replaces lines by an item, or by nothing, and reads the result back.
    fn write(
        &self,
        file: &str,
        lines: std::ops::Range<usize>,
        item: Option<&str>,
        wanted: &[String],
    ) -> Result<String, EditError> {
        let forms = match item {
            Some(item) => vec![Some(item.to_owned()), Some(quoted(item))],
            None => vec![None],
        };
        let edited = forms.into_iter().map(|form| self.replace(file, lines.clone(), form));
        edited.into_iter().find(|edited| says(edited, file, wanted)).ok_or(EditError::Form)
    }

    fn replace(&self, file: &str, lines: std::ops::Range<usize>, item: Option<String>) -> String {
        let mut edited = String::with_capacity(file.len() + 64);
        let item = item.map(|item| format!("{}- {item}", self.indent));
        let mut all = file.split_inclusive('\n').enumerate().peekable();
        let put = |edited: &mut String| {
            if let Some(item) = &item {
                if !edited.is_empty() && !edited.ends_with('\n') {
                    edited.push_str(self.newline);
                }
                edited.push_str(item);
                edited.push_str(self.newline);
            }
        };
        while let Some((at, line)) = all.next() {
            if at == lines.start {
                put(&mut edited);
            }
            if !lines.contains(&at) {
                edited.push_str(line);
            }
            if all.peek().is_none() && at + 1 == lines.start {
                put(&mut edited);
            }
        }
        edited
    }
}

/// Whether an edited file has the wanted examples and else says what it did.
fn says(edited: &str, before: &str, wanted: &[String]) -> bool {
    let rest = |text: &str| -> Option<Value> {
        let mut value: Value = serde_norway::from_str(text).ok()?;
        value.as_mapping_mut()?.remove("examples")?;
        Some(value)
    };
    examples_of(edited).as_deref() == Some(wanted) && rest(edited) == rest(before)
}

fn examples_of(file: &str) -> Option<Vec<String>> {
    let value: Value = serde_norway::from_str(file).ok()?;
    let examples = value.get("examples")?.as_sequence()?;
    examples.iter().map(|one| one.as_str().map(str::to_owned)).collect()
}

/// Writes a text in quotes. What JSON writes, YAML reads.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn is_head(line: &str) -> bool {
    line.strip_prefix("examples:").is_some_and(is_aside)
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    line == "-" || line.starts_with("- ")
}

/// Whether a line holds nothing, or a comment.
fn is_aside(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# 退款\nintent: refund\ntitle: 退款\nexamples:   # 客户的说法\n  - 我要退款\n  # 口语\n  - \"退钱: 快点\"\n  - 这一句\n    写了两行\n\nanswer: |\n  - 好的。\nquick_replies: [parcel]\n";

    #[test]
    fn only_the_line_in_question_changes() {
        let added = add_example(FILE, "钱退给我").unwrap();
        assert_eq!(added, FILE.replace("    写了两行\n", "    写了两行\n  - 钱退给我\n"));

        let changed = change_example(FILE, "这一句 写了两行", "一行").unwrap();
        assert_eq!(changed, FILE.replace("  - 这一句\n    写了两行\n", "  - 一行\n"));

        let removed = remove_example(FILE, "退钱: 快点").unwrap();
        assert_eq!(removed, FILE.replace("  - \"退钱: 快点\"\n", ""));
        assert_eq!(add_example(FILE, "我要退款").unwrap(), FILE, "it is there");
    }

    #[test]
    fn what_yaml_would_take_for_something_else_is_quoted() {
        for text in [
            "a: b",
            "- x",
            "#1",
            "yes",
            "12",
            "null",
            "'",
            "\"",
            "[a]",
            "{",
            "*a",
            "& b",
            "退款 # 快",
            "~",
            " x",
        ] {
            let added = add_example(FILE, text).unwrap();

            assert_eq!(examples_of(&added).unwrap().last().unwrap(), text, "{added}");
            assert_eq!(remove_example(&added, text).unwrap(), FILE, "{text}");
        }
    }

    #[test]
    fn line_ends_and_other_indents_stay() {
        let windows = "intent: a\r\nexamples:\r\n- x\r\n- y\r\nanswer: z\r\n";
        assert_eq!(
            add_example(windows, "w").unwrap(),
            "intent: a\r\nexamples:\r\n- x\r\n- y\r\n- w\r\nanswer: z\r\n"
        );
        let last = "intent: a\nexamples:\n  - x";
        assert_eq!(add_example(last, "w").unwrap(), "intent: a\nexamples:\n  - x\n  - w\n");
    }

    #[test]
    fn what_cannot_be_edited_is_refused() {
        assert_eq!(add_example("examples: [a, b]", "c"), Err(EditError::Form));
        assert_eq!(add_example("intent: a", "c"), Err(EditError::Form));
        assert_eq!(add_example("examples: [", "c"), Err(EditError::Form));
        assert_eq!(change_example(FILE, "没有", "c"), Err(EditError::Missing));
        assert_eq!(remove_example("examples:\n- a\n", "a"), Err(EditError::Last));
    }
}
