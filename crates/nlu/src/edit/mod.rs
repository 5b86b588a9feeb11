//! Changes to the text of an intent's file (`intents/<intent>.<language>.yml`) that leave every other byte as it was:
//! comments, order, quotes and line ends are the writer's.
//!
//! It reads and writes no disk. Each result is read back before it is returned: if it does not hold exactly what was asked
//! for, the text is refused and stays untouched. Examples are given as they stand in the file, with slots marked.

mod layout;
mod scalar;

use crate::data::{Action, EXAMPLE_CHARS_MAX, FILE_BYTES_MAX, IntentFile, is_intent_name};
use crate::format::Utterance;
use crate::text::Language;
use layout::Layout;

/// Says why a file was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is not an intent's file to begin with.
    #[error("the file cannot be read as it is (line {}: {problem}): correct it first", .line.map_or_else(|| "?".to_owned(), |line| line.to_string()))]
    Unreadable {
        /// The line, where one can be named.
        line: Option<usize>,
        /// What is wrong.
        problem: String,
    },
    /// The file is arranged in a way that cannot be changed safely.
    #[error(
        "the examples are arranged in a way that cannot be changed safely: change the file by hand, or write one example a line below `examples:`"
    )]
    Layout,
    /// There is nothing in the example.
    #[error("the example is empty: write what was said")]
    Empty,
    /// The example is too long.
    #[error("the example has {0} characters: the most is {EXAMPLE_CHARS_MAX}")]
    TooLong(usize),
    /// The file does not have the example.
    #[error("the file has no example \"{0}\": it may have been changed meanwhile, read it again")]
    NotFound(String),
    /// Nothing would be left.
    #[error("it is the last example of the intent: add another one first, or delete the file")]
    LastExample,
    /// The file would be too large.
    #[error("the file would be larger than {FILE_BYTES_MAX} bytes: remove examples first")]
    TooLarge,
    /// The name cannot be that of an intent.
    #[error("`{0}` is no name for an intent: use lower-case letters, digits and _")]
    BadName(String),
    /// A part of a new file is empty.
    #[error("the {0} is empty: write it")]
    EmptyPart(&'static str),
}

/// Holds what a new file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewIntent {
    /// The name of the intent.
    pub intent: String,
    /// What a quick reply for it shows.
    pub title: String,
    /// What people say who have it, with slots marked.
    pub examples: Vec<String>,
    /// What the bot answers, in Markdown.
    pub answer: String,
    /// The intents that are offered below the answer.
    pub quick_replies: Vec<String>,
    /// What the bot does besides answering.
    pub action: Option<Action>,
}

impl NewIntent {
    /// Makes an intent that is understood and answered by a person, until somebody writes what the bot shall say: that is
    /// never wrong.
    #[must_use]
    pub fn passed_on(
        intent: String,
        language: Language,
        title: String,
        examples: Vec<String>,
    ) -> Self {
        let answer = match language {
            Language::Zh => "这个问题请同事为您解答，马上为您转接。",
            Language::En => "A colleague will answer this one. I am passing you on.",
        };
        let (answer, action) = (answer.to_owned(), Some(Action::Handoff));
        Self { intent, title, examples, answer, quick_replies: Vec::new(), action }
    }
}

/// Adds an example at the end of the list. One that is already there, with the same slots, changes nothing.
///
/// # Errors
/// If the example is empty or too long, or the file cannot be read or changed safely.
pub fn add_example(text: &str, example: &str) -> Result<String, EditError> {
    let example = checked(example)?;
    let mut file = read(text)?;
    if file.examples.iter().any(|one| Utterance::parse(one) == Utterance::parse(&example)) {
        return Ok(text.to_owned());
    }
    let edited = Layout::find(text, file.examples.len())?.add(&example)?;
    file.examples.push(example);
    read_back(edited, &file)
}

/// Puts another example in the place of one.
///
/// # Errors
/// If there is no such example, the new one is empty or too long, or the file cannot be read or changed safely.
pub fn change_example(text: &str, old: &str, new: &str) -> Result<String, EditError> {
    let new = checked(new)?;
    let mut file = read(text)?;
    let place = place_of(&file, old)?;
    if file.examples[place] == new {
        return Ok(text.to_owned());
    }
    let edited = Layout::find(text, file.examples.len())?.change(place, &new)?;
    file.examples[place] = new;
    read_back(edited, &file)
}

/// Removes an example, and the comment on its line.
///
/// # Errors
/// If there is no such example or it is the last, or the file cannot be read or changed safely.
pub fn remove_example(text: &str, example: &str) -> Result<String, EditError> {
    let mut file = read(text)?;
    let place = place_of(&file, example)?;
    if file.examples.len() == 1 {
        return Err(EditError::LastExample);
    }
    let edited = Layout::find(text, file.examples.len())?.remove(place)?;
    file.examples.remove(place);
    read_back(edited, &file)
}

/// Writes the text of a new intent's file.
///
/// # Errors
/// If a part is empty, an example is too long, or the name is none.
pub fn new_intent_file(new: &NewIntent) -> Result<String, EditError> {
    if !is_intent_name(&new.intent) {
        return Err(EditError::BadName(new.intent.clone()));
    }
    for (part, is_empty) in [
        ("title", new.title.trim().is_empty()),
        ("answer", new.answer.trim().is_empty()),
        ("list of examples", new.examples.is_empty()),
    ] {
        if is_empty {
            return Err(EditError::EmptyPart(part));
        }
    }
    let examples: Vec<String> =
        new.examples.iter().map(|one| checked(one)).collect::<Result<_, _>>()?;
    let file = IntentFile {
        intent: new.intent.clone(),
        title: new.title.clone(),
        examples,
        answer: new.answer.clone(),
        quick_replies: new.quick_replies.clone(),
        action: new.action,
    };
    // A block reads better, but cannot carry everything.
    let block = write(&file, &scalar::block(&file.answer));
    read_back(block, &file)
        .or_else(|_| read_back(write(&file, &scalar::double(&file.answer)), &file))
}

fn write(file: &IntentFile, answer: &str) -> String {
    let plain = |text: &str| scalar::written(text, scalar::Place::Block, None);
    let mut out =
        format!("intent: {}\ntitle: {}\nexamples:\n", plain(&file.intent), plain(&file.title));
    for example in &file.examples {
        out += &format!("  - {}\n", plain(example));
    }
    out += &format!("answer: {answer}\n");
    if !file.quick_replies.is_empty() {
        let flow = |text: &String| scalar::written(text, scalar::Place::Flow, None);
        let replies: Vec<String> = file.quick_replies.iter().map(flow).collect();
        out += &format!("quick_replies: [{}]\n", replies.join(", "));
    }
    if let Some(Action::Handoff) = file.action {
        out += "action: handoff\n";
    }
    out
}

fn read(text: &str) -> Result<IntentFile, EditError> {
    IntentFile::read(text).map_err(|(line, problem)| EditError::Unreadable { line, problem })
}

/// An example on one line, white space as it will be read.
fn checked(example: &str) -> Result<String, EditError> {
    let utterance = Utterance::parse(example);
    let example = utterance.marked();
    match example.chars().count() {
        0 => Err(EditError::Empty),
        long if long > EXAMPLE_CHARS_MAX => Err(EditError::TooLong(long)),
        _ => Ok(example),
    }
}

/// The place of an example: as it is written, else as it is read, else by its plain text if only one has it.
fn place_of(file: &IntentFile, example: &str) -> Result<usize, EditError> {
    let asked = Utterance::parse(example);
    let read: Vec<Utterance> = file.examples.iter().map(|one| Utterance::parse(one)).collect();
    let written = file.examples.iter().position(|one| one == example);
    let place = written.or_else(|| read.iter().position(|one| *one == asked)).or_else(|| {
        let mut alike = (0..read.len()).filter(|place| read[*place].text == asked.text);
        alike.next().filter(|_| alike.next().is_none())
    });
    place.ok_or_else(|| EditError::NotFound(example.to_owned()))
}

fn read_back(edited: String, wanted: &IntentFile) -> Result<String, EditError> {
    if edited.len() as u64 > FILE_BYTES_MAX {
        return Err(EditError::TooLarge);
    }
    if IntentFile::read(&edited).is_ok_and(|read| read == *wanted) {
        Ok(edited)
    } else {
        Err(EditError::Layout)
    }
}

#[cfg(test)]
mod tests;
