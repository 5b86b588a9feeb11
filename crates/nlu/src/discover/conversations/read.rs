//! Reads conversations from a table: which column is which, who is the customer, which message is the question.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Conversation;
use super::headers::{CONVERSATION, CUSTOMERS, SENDER, TEXT, TIME};
use crate::data_error::{DataError, DataErrors};
use crate::discover::names::content_words;
use crate::encoding;
use crate::text;

/// The most rows that are read of a table; what follows is refused.
pub const ROWS_MAX: usize = 5_000_000;
/// The longest question that is kept, in characters.
const QUESTION_CHARS_MAX: usize = 500;
/// How many different senders an error lists.
const SENDERS_LISTED_MAX: usize = 5;

/// Names columns of a table; those that are `None` are found by their usual names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Columns {
    /// Names the conversation of a message; without such a column every line is a conversation.
    pub conversation: Option<String>,
    /// Says who sent a message; without such a column every message is a customer's.
    pub sender: Option<String>,
    /// Holds the text.
    pub text: Option<String>,
    /// Holds the time, as a number or from year to second; without it the order of the lines counts.
    pub time: Option<String>,
    /// What stands in the sender's column for a customer, if it is none of the usual words.
    pub customer: Option<String>,
}

/// Reads conversations from a table with a header, divided by commas, semicolons or tabs, in UTF-8.
///
/// `path` only names the table in errors.
///
/// # Errors
/// If a column is missing, nobody is known as a customer, or lines cannot be read: each by its number.
pub fn read_csv(
    path: &Path,
    bytes: &[u8],
    columns: &Columns,
) -> Result<Vec<Conversation>, DataErrors> {
    read_csv_within(path, bytes, columns, ROWS_MAX)
}

/// Reads conversations as [`read_csv`] does, from so many rows at most.
///
/// # Errors
/// Those of [`read_csv`], or if there are more rows.
pub fn read_csv_within(
    path: &Path,
    bytes: &[u8],
    columns: &Columns,
    rows_max: usize,
) -> Result<Vec<Conversation>, DataErrors> {
    let mut errors = DataErrors::default();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    encoding::check_first_line(path, bytes)?;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(bytes)).flexible(true).from_reader(bytes);
    let header: Vec<String> = match reader.byte_headers() {
        Ok(header) => {
            header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
        }
        Err(error) => return Err(one(path, format!("the header cannot be read: {error}"))),
    };
    let places = Places::find(&header, columns).map_err(|problem| one(path, problem))?;
    let mut talks = Talks::default();
    let mut record = csv::ByteRecord::new();
    for row in 0.. {
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) if row >= rows_max => {
                return Err(one(
                    path,
                    format!("there are more than {rows_max} rows: divide the file"),
                ));
            }
            Ok(true) => {
                let line = record.position().map_or(0, |at| at.line() as usize);
                if let Err(problem) = talks.take(&record, &places) {
                    errors.push(DataError::at(path, line, problem));
                }
            }
            Err(error) => return Err(one(path, format!("the table cannot be read: {error}"))),
        }
    }
    if talks.customers == 0 && talks.rows > 0 {
        errors.push(DataError::of(path, talks.nobody()));
    }
    errors.or(talks.finish())
}

fn one(path: &Path, problem: String) -> DataErrors {
    let mut errors = DataErrors::default();
    errors.push(DataError::of(path, problem));
    errors
}

/// The mark that stands most often in the header.
fn delimiter(bytes: &[u8]) -> u8 {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |mark: u8| header.iter().filter(|byte| **byte == mark).count();
    // Of equal ones the last wins, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

struct Places {
    conversation: Option<usize>,
    sender: Option<usize>,
    text: usize,
    time: Option<usize>,
    customer: Option<String>,
}

impl Places {
    fn find(header: &[String], columns: &Columns) -> Result<Self, String> {
        let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let find = |given: &Option<String>, usual: &[&str]| match given {
            Some(name) => match names.iter().position(|other| *other == folded(name)) {
                Some(place) => Ok(Some(place)),
                None => {
                    Err(format!("there is no column `{name}`: there are {}", header.join(", ")))
                }
            },
            None => Ok(usual.iter().find_map(|usual| names.iter().position(|name| name == usual))),
        };
        let text = find(&columns.text, TEXT)?.ok_or_else(|| {
            format!("no column is known to hold the text: name one of {} `text`", header.join(", "))
        })?;
        Ok(Self {
            conversation: find(&columns.conversation, CONVERSATION)?,
            sender: find(&columns.sender, SENDER)?,
            time: find(&columns.time, TIME)?,
            customer: columns.customer.as_deref().map(folded),
            text,
        })
    }

    fn is_customer(&self, sender: &str) -> bool {
        let sender = folded(sender);
        match &self.customer {
            Some(customer) => sender == *customer,
            None => CUSTOMERS.contains(&sender.as_str()),
        }
    }
}

fn folded(name: &str) -> String {
    text::normalise(name).trim().replace([' ', '-'], "_")
}

#[derive(Default)]
struct Talks {
    rows: usize,
    customers: usize,
    numbers: HashMap<String, usize>,
    talks: Vec<Talk>,
    others: Vec<String>,
}

#[derive(Default)]
struct Talk {
    id: String,
    /// The customer's messages that may be the question, with their times.
    messages: Vec<(String, String)>,
    customer_messages: usize,
}

/// So many messages of a customer are looked at for the question.
const MESSAGES_KEPT_MAX: usize = 20;

impl Talks {
    fn take(&mut self, record: &csv::ByteRecord, places: &Places) -> Result<(), String> {
        self.rows += 1;
        let field = |place: Option<usize>| -> Result<&str, String> {
            let Some(bytes) = place.and_then(|place| record.get(place)) else { return Ok("") };
            std::str::from_utf8(bytes).map_err(|_| encoding::not_utf8(bytes))
        };
        let sender = field(places.sender)?;
        let (text, time) = (field(Some(places.text))?, field(places.time)?);
        let id = match places.conversation {
            Some(_) => field(places.conversation)?.to_owned(),
            None => self.rows.to_string(),
        };
        if id.is_empty() {
            return Err("the line names no conversation: fill that column".to_owned());
        }
        let number = *self.numbers.entry(id).or_insert_with_key(|id| {
            self.talks.push(Talk { id: id.clone(), ..Talk::default() });
            self.talks.len() - 1
        });
        if places.sender.is_some() && !places.is_customer(sender) {
            if self.others.len() < SENDERS_LISTED_MAX && !self.others.iter().any(|o| o == sender) {
                self.others.push(sender.to_owned());
            }
            return Ok(());
        }
        self.customers += 1;
        let talk = &mut self.talks[number];
        talk.customer_messages += 1;
        if talk.messages.len() < MESSAGES_KEPT_MAX && is_meaningful(text) {
            let kept: String = text.trim().chars().take(QUESTION_CHARS_MAX).collect();
            talk.messages.push((time.to_owned(), kept));
        }
        Ok(())
    }

    fn nobody(&self) -> String {
        let senders = self.others.join(", ");
        format!(
            "no sender is known as a customer (there are {senders}): call those who ask `customer`"
        )
    }

    fn finish(self) -> Vec<Conversation> {
        let conversation = |talk: Talk| Conversation {
            question: earliest(talk.messages),
            id: talk.id,
            customer_messages: talk.customer_messages,
        };
        self.talks.into_iter().map(conversation).collect()
    }
}

/// The message that was sent first: by time where all times can be compared, else the first in the table.
fn earliest(messages: Vec<(String, String)>) -> Option<String> {
    let numbers: Option<Vec<f64>> =
        messages.iter().map(|(time, _)| time.trim().parse().ok()).collect();
    // From year to second, times are in the order of their characters.
    let written = |time: &str| time.len() >= 10 && time.bytes().take(4).all(|b| b.is_ascii_digit());
    let by_text = messages.iter().all(|(time, _)| written(time.trim()));
    let mut order: Vec<usize> = (0..messages.len()).collect();
    match numbers {
        Some(numbers) => order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b])),
        None if by_text => order.sort_by_key(|at| messages[*at].0.trim().to_owned()),
        None => {}
    }
    let first = *order.first()?;
    messages.into_iter().nth(first).map(|(_, text)| text)
}

/// The question among a customer's messages: the first that says more than hello, if it is among those that are looked at.
pub(super) fn question_of(messages: &[&str]) -> Option<(usize, String)> {
    let looked_at = messages.iter().take(MESSAGES_KEPT_MAX);
    let (place, text) = looked_at.enumerate().find(|(_, text)| is_meaningful(text))?;
    Some((place, text.trim().chars().take(QUESTION_CHARS_MAX).collect()))
}

/// Tells whether a message says more than hello.
fn is_meaningful(message: &str) -> bool {
    !content_words(&text::normalise(text::capped(message))).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: &str, columns: &Columns) -> Result<Vec<Conversation>, String> {
        read_csv(Path::new("chats.csv"), table.as_bytes(), columns)
            .map_err(|errors| errors.to_string())
    }

    #[test]
    fn the_first_message_that_says_something_is_the_question() {
        let table = "Conversation ID,Role,Message\n1,agent,How can I help?\n1,customer,hi\n\
            1,customer,cancel order 12\n1,customer,now\n2,customer,hello\n";

        let talks = read(table, &Columns::default()).unwrap();

        assert_eq!(talks.len(), 2);
        assert_eq!(talks[0].question.as_deref(), Some("cancel order 12"));
        assert_eq!(talks[0].customer_messages, 3);
        assert_eq!(talks[1].question, None);
    }

    #[test]
    fn chinese_headers_and_other_dividers_are_understood() {
        let table = "\u{feff}会话编号;角色;内容;时间\nA;客服;您好;2026-01-02 10:00:00\n\
            A;客户;发票怎么开;2026-01-02 10:02:00\nA;客户;我的订单没到;2026-01-02 10:01:00\n";

        let talks = read(table, &Columns::default()).unwrap();

        assert_eq!(talks[0].question.as_deref(), Some("我的订单没到"));
    }

    #[test]
    fn times_in_numbers_are_compared_as_numbers() {
        let table = "session,text,timestamp\nx,second one,10\nx,first one,9\n";

        let talks = read(table, &Columns::default()).unwrap();

        assert_eq!(talks[0].question.as_deref(), Some("first one"));
    }

    #[test]
    fn columns_and_customers_can_be_named() {
        let columns = Columns {
            text: Some("what".into()),
            sender: Some("type".into()),
            customer: Some("C".into()),
            ..Columns::default()
        };

        let talks = read("type,what\nc,refund my lamp\na,certainly\n", &columns).unwrap();

        assert_eq!(talks[0].question.as_deref(), Some("refund my lamp"));
        assert_eq!(talks[1].question, None);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_remedy() {
        let missing = read("a,b\n1,2\n", &Columns::default()).unwrap_err();
        let nobody = read("role,text\nrobot,hello there\n", &Columns::default()).unwrap_err();
        let unnamed = read("session,text\n,cancel\n", &Columns::default()).unwrap_err();
        let columns = Columns { text: Some("words".into()), ..Columns::default() };
        let wrong = read("a,b\n1,2\n", &columns).unwrap_err();
        let bytes = b"text\n\xff\xfe\n";
        let encoded = read_csv(Path::new("x.csv"), bytes, &Columns::default()).unwrap_err();

        assert!(missing.contains("name one of a, b"), "{missing}");
        assert!(nobody.contains("robot"), "{nobody}");
        assert!(unnamed.contains(":2"), "{unnamed}");
        assert!(wrong.contains("no column `words`"), "{wrong}");
        assert!(encoded.to_string().contains("UTF-8"), "{encoded}");
    }

    #[test]
    fn a_table_has_as_many_rows_as_are_allowed_and_no_more() {
        let read = |rows_max| {
            read_csv_within(Path::new("x.csv"), b"text\na\nb\n", &Columns::default(), rows_max)
        };

        assert_eq!(read(2).unwrap().len(), 2);
        assert!(read(1).unwrap_err().to_string().contains("more than 1 rows"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), headed: bool) {
            let mut table = if headed { b"session,role,text\n".to_vec() } else { Vec::new() };
            table.extend(bytes);

            let _ = read_csv(Path::new("x.csv"), &table, &Columns::default());
        }
    }
}
