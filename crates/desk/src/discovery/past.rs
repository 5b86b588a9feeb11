//! Past conversations from elsewhere: a table (CSV) that somebody brings, and what is kept of it
//! until it was looked at.
//!
//! How a table is read is the matter of [`nlu::discover::conversations`]. Of each conversation
//! the question stays, and how long it was; who wrote it, and what else, is not kept.

use std::path::Path;

use domain::{Error, FieldError, Result, clean_text};
use nlu::DataErrors;
use nlu::discover::conversations::{Columns, Conversation, read_csv_within};

/// How large a table may be, in bytes.
pub const PAST_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How many rows it may have.
const ROWS_MAX: usize = 200_000;
/// How many mistakes are listed, and how much of each, in characters.
const MISTAKES_MAX: usize = 10;
const MISTAKE_CHARS_MAX: usize = 300;

/// Reads a table; returns what is kept of it, in JSON.
pub(super) fn read(table: &[u8]) -> Result<String> {
    if table.len() > PAST_BYTES_MAX {
        let detail = format!("has {} bytes; at most {PAST_BYTES_MAX} are allowed", table.len());
        return Err(Error::invalid("", detail));
    }
    // The name is not shown: the line numbers are.
    let read = read_csv_within(Path::new("table"), table, &Columns::default(), ROWS_MAX);
    let conversations = read.map_err(|errors| wrong(&errors))?;
    if conversations.is_empty() {
        let detail = "the table holds no conversation: the first line names the columns, and each \
                      line below is a message";
        return Err(Error::invalid("", detail));
    }
    let kept: Result<Vec<Conversation>> = conversations.into_iter().map(bare).collect();
    serde_json::to_string(&kept?).map_err(Error::internal)
}

/// Reads what was kept of a table.
pub(crate) fn parse(kept: &str) -> Result<Vec<Conversation>> {
    serde_json::from_str(kept).map_err(Error::internal)
}

/// Leaves away what only misleads in a question, and under which name the conversation was known.
fn bare(conversation: Conversation) -> Result<Conversation> {
    let Conversation { question, customer_messages, .. } = conversation;
    let clean = |text: String| clean_text(&text, "", usize::MAX);
    let question = question.map(clean).transpose()?.filter(|text| !text.is_empty());
    Ok(Conversation { id: String::new(), question, customer_messages })
}

/// Says which lines are wrong, and why. What is quoted of the table is cut.
fn wrong(errors: &DataErrors) -> Error {
    let fields = errors.all().iter().take(MISTAKES_MAX).map(|error| {
        let place = error.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let problem = error.problem.chars().filter(|c| !c.is_control()).take(MISTAKE_CHARS_MAX);
        FieldError { pointer: String::new(), detail: place + &problem.collect::<String>() }
    });
    Error::Invalid(fields.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(table: &[u8]) -> Vec<String> {
        let Err(Error::Invalid(fields)) = read(table) else { panic!("it was read") };
        fields.into_iter().map(|field| field.detail).collect()
    }

    #[test]
    fn of_a_conversation_the_question_and_its_length_stay() {
        let table = "会话,角色,内容\nA1,客户,你好\nA1,客户,发\u{202e}票怎么开\nA1,客服,好的\n";

        let kept = parse(&read(table.as_bytes()).unwrap()).unwrap();

        let question = Some("发票怎么开".to_owned());
        assert_eq!(kept, [Conversation { id: String::new(), question, customer_messages: 2 }]);
    }

    #[test]
    fn each_wrong_line_is_named_and_ten_at_most() {
        let mut table = "session,text\n1,where is it\n".to_owned();
        table.push_str(&",lost\n".repeat(20));

        let found = mistakes(table.as_bytes());

        assert_eq!(found.len(), MISTAKES_MAX);
        assert!(found[0].starts_with("line 3: the line names no conversation"), "{found:?}");
    }

    #[test]
    fn what_is_no_table_is_refused_in_few_words() {
        assert!(mistakes(b"text\n")[0].contains("holds no conversation"));
        assert!(mistakes(b"")[0].contains("`text`"));
        assert!(mistakes("列".repeat(10_000).as_bytes())[0].chars().count() <= MISTAKE_CHARS_MAX);
        assert!(mistakes(&vec![b'a'; PAST_BYTES_MAX + 1])[0].contains("at most"));
        assert!(mistakes(b"text\n\xb7\xa2\xc6\xb1\n")[0].starts_with("line 2: "));
    }
}
