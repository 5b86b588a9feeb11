//! Examples: what people say who have an intent.

use crate::{Id, Language};

/// Something that people say who have an intent. It stands in a file of the bot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Example {
    /// Identifies it by what it is: another text is another example.
    pub id: Id<Example>,
    /// The intent.
    pub intent: String,
    /// The language of the file.
    pub language: Language,
    /// What is said.
    pub text: String,
}

/// An intent of a bot, with how much is known of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Intent {
    /// Its name.
    pub name: String,
    /// Each language that it has a file in.
    pub languages: Vec<IntentLanguage>,
}

/// An intent in a language.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IntentLanguage {
    /// The language.
    pub language: Language,
    /// What a quick reply shows.
    pub title: String,
    /// How many examples there are.
    pub examples: usize,
    /// How many tests there are.
    pub tests: usize,
}
