//! Building HTML and SVG as text: what people or models wrote is always escaped.

use std::fmt::Display;

use unicode_width::UnicodeWidthChar;

/// Escapes text for content and for attributes in double quotes; control characters, which neither may hold, are left out.
pub(in crate::report) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// Escapes the name of an intent, which a cell may break behind `_`.
pub(in crate::report) fn name(name: &str) -> String {
    escape(name).replace('_', "_<wbr>")
}

/// Cuts text to a width in columns, of which a Han character takes two, and escapes it.
pub(super) fn short(text: &str, columns: usize) -> String {
    let mut width = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            width += c.width().unwrap_or(0);
            width <= columns
        })
        .collect();
    if kept.len() == text.len() { escape(text) } else { escape(&kept) + "…" }
}

/// A table of cells that are already escaped; columns after the first `left` are aligned to the right.
pub(in crate::report) fn table(
    heading: &[&str],
    left: usize,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let class = |column: usize| if column >= left { " class=\"n\"" } else { "" };
    let cells = |tag: &str, cells: Vec<String>| -> String {
        let cell =
            |(column, cell): (usize, &String)| format!("<{tag}{}>{cell}</{tag}>", class(column));
        cells.iter().enumerate().map(cell).collect()
    };
    let head = cells("th", heading.iter().map(|cell| escape(cell)).collect());
    let body: String =
        rows.into_iter().map(|row| format!("<tr>{}</tr>\n", cells("td", row))).collect();
    format!(
        "<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>\n"
    )
}

/// A share as percent with one digit.
pub(in crate::report) fn percent(share: f32) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A text in a drawing, its content escaped already.
pub(super) fn label(x: f32, y: f32, anchor: &str, class: &str, content: impl Display) -> String {
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{content}</text>"
    )
}

/// A drawing that scales with the page; `title` says to those who cannot see it what it is.
pub(super) fn drawing(width: f32, height: f32, title: &str, content: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{}\">{content}</svg>\n",
        escape(title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_said_becomes_markup() {
        assert_eq!(escape("<b a=\"x\">'&'\u{1b}"), "&lt;b a=&quot;x&quot;&gt;&#39;&amp;&#39;");
        assert_eq!(short("退款退款", 5), "退款…");
        assert_eq!(short("<<<<", 2), "&lt;&lt;…");
    }
}
