//! A table of plain text whose columns stay straight when Chinese stands in them.
//!
//! A Han character is as wide as two Latin ones on a terminal; control characters and newlines would break a row and
//! are left out.

use std::fmt;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest a cell is drawn; longer content is cut and ends in `…`.
const CELL_WIDTH_MAX: usize = 60;

/// Holds rows of cells, and how each column is aligned.
#[derive(Debug, Clone, Default)]
pub struct Table {
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Creates a table with a heading; a column whose heading begins with `>` is aligned to the right.
    #[must_use]
    pub fn new(heading: &[&str]) -> Self {
        let right = heading.iter().map(|cell| cell.starts_with('>')).collect();
        let mut table = Self { right, rows: Vec::new() };
        table.row(heading.iter().map(|cell| cell.strip_prefix('>').unwrap_or(cell)));
        table
    }

    /// Adds a row; cells beyond the heading's are left out.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let cells = cells.into_iter().take(self.right.len()).map(|cell| clean(cell.as_ref()));
        self.rows.push(cells.collect());
    }

    /// Returns whether there is no row below the heading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.len() <= 1
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max()
        };
        let widths: Vec<usize> =
            (0..self.right.len()).map(|column| width(column).unwrap_or(0)).collect();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, width), right) in row.iter().zip(&widths).zip(&self.right) {
                let gap = " ".repeat(width.saturating_sub(cell.width()));
                if !line.is_empty() {
                    line.push_str("  ");
                }
                let (before, after) = if *right { (&*gap, "") } else { ("", &*gap) };
                line.extend([before, cell, after]);
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A cell's content on one line, cut to the width that a cell may have.
fn clean(cell: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for c in cell.chars().map(|c| if c.is_whitespace() { ' ' } else { c }) {
        let Some(of_char) = c.width() else { continue };
        if width + of_char > CELL_WIDTH_MAX - 1 && cell.width() > CELL_WIDTH_MAX {
            out.push('…');
            break;
        }
        width += of_char;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_stay_straight_with_chinese() {
        let mut table = Table::new(&["意图", ">tests"]);
        table.row(["退款", "7"]);
        table.row(["refund", "12"]);

        assert_eq!(table.to_string(), "意图    tests\n退款        7\nrefund     12\n");
    }

    #[test]
    fn a_cell_stays_on_its_line_and_within_its_width() {
        let mut table = Table::new(&["a", "b"]);
        table.row(["x\ny\u{1b}[31m", &"知".repeat(100)]);

        let text = table.to_string();

        assert!(text.contains("x y[31m") && text.ends_with("知…\n"), "{text}");
        assert!(text.lines().all(|line| line.width() <= 70));
    }

    proptest! {
        #[test]
        fn every_last_column_ends_at_one_place(cells in prop::collection::vec(".{0,80}", 1..10)) {
            let mut table = Table::new(&["first", ">last"]);
            for cell in &cells {
                table.row([cell.as_str(), "x"]);
            }

            let text = table.to_string();

            prop_assert_eq!(text.lines().count(), cells.len() + 1);
            let widths: Vec<usize> = text.lines().map(|line| line.width()).collect();
            prop_assert!(widths.iter().all(|width| *width == widths[0]), "{}", text);
        }
    }
}
