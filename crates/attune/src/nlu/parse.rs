//! `attune nlu parse`.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read};

use nlu::{Model, Understanding};
use serde::Serialize;

use super::intents::load;
use super::{refuse, show};
use crate::cli::ParseNlu;
use crate::failure::Result;
use crate::output::say;

/// The longest line of standard input that is read, in bytes.
const LINE_BYTES_MAX: usize = 1 << 20;
/// So many lines are understood together at most.
const TOGETHER_MAX: usize = 32;

/// Understands one text, or each line of standard input.
pub(super) fn run(parse: &ParseNlu) -> Result {
    let model = load(&parse.model)?;
    match &parse.text {
        Some(text) => show(&Parsed { text, understanding: model.understand(text) }, parse.json),
        None => answer_all(&model, Lines::of(std::io::stdin())),
    }
}

/// Answers lines until they end. Those that have arrived already are understood together, which is quicker with an
/// encoder; none waits for one that is still to come.
fn answer_all(model: &Model, mut lines: Lines<impl Read>) -> Result {
    loop {
        let mut texts = Vec::new();
        let end = loop {
            match lines.read() {
                Ok(Some(text)) => texts.push(text),
                Ok(None) => break Some(Ok(())),
                Err(problem) => break Some(Err(problem)),
            }
            if texts.len() == TOGETHER_MAX || !lines.has_another() {
                break None;
            }
        };
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let understandings = texts.iter().zip(model.understand_many(&texts));
        let answers: Vec<String> = understandings
            .map(|(text, understanding)| serde_json::to_string(&Parsed { text, understanding }))
            .collect::<Result<_, _>>()?;
        // Written at once: each writing costs as much as understanding a line does.
        if !answers.is_empty() {
            say(&answers.join("\n"))?;
        }
        if let Some(end) = end {
            return end;
        }
    }
}

/// Reads texts, one on a line.
struct Lines<R> {
    input: BufReader<R>,
    count: u64,
}

impl<R: Read> Lines<R> {
    fn of(input: R) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, input), count: 0 }
    }

    /// Whether a whole line can be read without waiting.
    fn has_another(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }

    /// Reads a line, without what ends it; nothing at the end.
    fn read(&mut self) -> Result<Option<String>> {
        let mut line = Vec::new();
        let mut bounded = self.input.by_ref().take(LINE_BYTES_MAX as u64 + 1);
        if bounded.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        self.count += 1;
        let number = self.count;
        if line.len() > LINE_BYTES_MAX {
            let problem = format!("line {number} has more than {LINE_BYTES_MAX} bytes: shorten it");
            return Err(refuse(&problem));
        }
        let mut text = String::from_utf8(line)
            .map_err(|_| refuse(&format!("line {number} is not UTF-8: give UTF-8")))?;
        text.truncate(text.trim_end_matches(['\n', '\r']).len());
        Ok(Some(text))
    }
}

/// What `attune nlu parse` says.
#[derive(Serialize)]
struct Parsed<'a> {
    text: &'a str,
    #[serde(flatten)]
    understanding: Understanding,
}

impl fmt::Display for Parsed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.understanding.intents {
            writeln!(f, "{:>6.1} %  {}", one.probability * 100.0, one.intent)?;
        }
        let sure = if self.understanding.sure { "sure" } else { "not sure: ask back" };
        writeln!(f, "{sure}; in scope {:.2}", self.understanding.in_scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_until_they_end_and_told_when_they_wait() {
        let mut lines = Lines::of("一\r\n\nthree".as_bytes());

        assert!(!lines.has_another(), "nothing has been read yet");
        assert_eq!(lines.read().unwrap().as_deref(), Some("一"));
        assert!(lines.has_another());
        assert_eq!(lines.read().unwrap().as_deref(), Some(""));
        assert!(!lines.has_another(), "the rest may go on");
        assert_eq!(lines.read().unwrap().as_deref(), Some("three"));
        assert_eq!(lines.read().unwrap(), None);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let long = "a".repeat(LINE_BYTES_MAX + 1);
        for (input, problem) in [
            (b"a\n\xff\n".to_vec(), "line 2 is not UTF-8"),
            (format!("a\n{long}\n").into_bytes(), "line 2 has more than 1048576 bytes"),
        ] {
            let mut lines = Lines::of(input.as_slice());
            lines.read().unwrap();

            let error = lines.read().unwrap_err();

            assert!(format!("{error:?}").contains(problem), "{error:?}");
        }
    }
}
