//! Intents: what a bot knows, and adding to it.
//!
//! An intent in a language is a file of the bot, which is the truth; its examples are the matter
//! of [`crate::example`]. A model learns of it with the next training.

use domain::{
    Error, EventKind, Intent, IntentLanguage, Language, News, Permission, Result, clean_line,
    clean_text,
};
use nlu::BotData;
use nlu::edit::NewIntent;
use store::Tx;

use crate::check::Fields;
use crate::example::{EXAMPLE_CHARS_MAX, INTENT_CHARS_MAX, Translated};
use crate::language::{spoken, written};
use crate::{Actor, Desk};

/// How long a title may be, in characters: as many as a button shows.
const TITLE_CHARS_MAX: usize = 40;
/// How long an answer may be, in characters.
const ANSWER_CHARS_MAX: usize = domain::MESSAGE_CHARS_MAX;
/// How many examples an intent begins with at most.
const EXAMPLES_MAX: usize = 100;

/// An intent to add in a language.
#[derive(Clone, Debug)]
pub struct AddIntent {
    /// Its name, alike in all languages.
    pub name: String,
    /// The language.
    pub language: Language,
    /// What a quick reply for it shows.
    pub title: String,
    /// What the bot answers; if empty, it passes on to a person.
    pub answer: String,
    /// What people say who have it.
    pub examples: Vec<String>,
    /// The same in other languages of the bot, each once.
    pub translations: Vec<Translation>,
}

/// What an intent is called and answers in another language.
#[derive(Clone, Debug)]
pub struct Translation {
    /// The language.
    pub language: Language,
    /// What a quick reply for it shows; it is its example as well.
    pub title: String,
    /// What the bot answers; if empty, what it answers in the intent's own language.
    pub answer: String,
}

impl Desk {
    /// Lists the intents of the account's bot by name; none if it has no bot.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`domain::Rule::BotFilesWrong`].
    pub async fn list_intents(&self, actor: &Actor) -> Result<Vec<Intent>> {
        actor.needs(Permission::Train)?;
        Ok(intents(&self.bot_data(actor.account).await?))
    }

    /// Adds an intent in a language to the account's bot. In every other language that the bot
    /// speaks and that is not translated it begins with the same title and answer, for the bot must
    /// answer in each.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`]; [`Error::Invalid`] with every field that is wrong, also examples that
    /// another intent has or that are tests; [`domain::Rule::NoBotFiles`],
    /// [`domain::Rule::BotFilesWrong`], [`domain::Rule::NameTaken`] and
    /// [`domain::Rule::LimitReached`].
    pub async fn add_intent(&self, actor: &Actor, new: AddIntent) -> Result<Intent> {
        actor.needs(Permission::Train)?;
        let language = new.language;
        let (new, translated) = checked(new)?;
        let name = new.intent.clone();
        let bench = self.open_bench(actor.account).await?;
        let (added, bench) = bench.add_intent(new, language, translated).await?;
        let now = self.now();
        let tell = move |tx: Tx| async move {
            for example in added {
                tx.record(News::about(EventKind::ExampleUpdated, example.id), now);
            }
            Ok(())
        };
        self.parts.store.write(actor.account, tell).await?;
        drop(bench);
        let all = intents(&self.bot_data(actor.account).await?);
        all.into_iter().find(|one| one.name == name).ok_or(Error::NotFound("intent"))
    }
}

/// Checks all that a new intent says, but for what the bot knows already.
fn checked(new: AddIntent) -> Result<(NewIntent, Translated)> {
    let mut fields = Fields::default();
    let name = fields.take(clean_line(&new.name, "/name", INTENT_CHARS_MAX));
    let title = fields.take(clean_line(&new.title, "/title", TITLE_CHARS_MAX));
    let answer = fields.take(clean_text(&new.answer, "/answer", ANSWER_CHARS_MAX));
    if new.examples.is_empty() || new.examples.len() > EXAMPLES_MAX {
        let detail = format!("give from 1 to {EXAMPLES_MAX} examples");
        fields.take::<()>(Err(Error::invalid("/examples", detail)));
    }
    let given = new.examples.iter().take(EXAMPLES_MAX).enumerate();
    let example = |(place, text): (usize, &String)| {
        fields.take(clean_line(text, &format!("/examples/{place}"), EXAMPLE_CHARS_MAX))
    };
    let examples: Vec<String> = given.map(example).collect();
    let mut known = vec![new.language];
    let mut translated = Vec::new();
    for (place, one) in new.translations.into_iter().enumerate() {
        let at = |field: &str| format!("/translations/{place}/{field}");
        if known.contains(&one.language) {
            let detail = "give each other language once";
            fields.take::<()>(Err(Error::invalid(at("language"), detail)));
        }
        known.push(one.language);
        let title = fields.take(clean_line(&one.title, &at("title"), TITLE_CHARS_MAX));
        let own = fields.take(clean_text(&one.answer, &at("answer"), ANSWER_CHARS_MAX));
        // An intent passes on in every language or in none.
        if answer.is_empty() && !own.is_empty() {
            let detail = "write an answer here too: it has one in another language";
            fields.take::<()>(Err(Error::invalid("/answer", detail)));
        }
        let answer = if own.is_empty() { answer.clone() } else { own };
        let examples = vec![title.clone()];
        translated.push((one.language, drafted(&name, one.language, title, answer, examples)));
    }
    fields.done()?;
    Ok((drafted(&name, new.language, title, answer, examples), translated))
}

fn drafted(
    name: &str,
    language: Language,
    title: String,
    answer: String,
    examples: Vec<String>,
) -> NewIntent {
    let passed_on = NewIntent::passed_on(name.to_owned(), spoken(language), title, examples);
    match answer.is_empty() {
        true => passed_on,
        false => NewIntent { answer, action: None, ..passed_on },
    }
}

fn intents(data: &BotData) -> Vec<Intent> {
    let groups = data.intents.chunk_by(|a, b| a.intent == b.intent);
    let intents = groups.map(|same| Intent {
        name: same[0].intent.clone(),
        languages: same.iter().map(|one| counted(one, data)).collect(),
    });
    intents.collect()
}

fn counted(one: &nlu::Intent, data: &BotData) -> IntentLanguage {
    let tests = data.tests(one.language).iter().filter(|test| test.intent == one.intent);
    IntentLanguage {
        language: written(one.language),
        title: one.title.clone(),
        examples: one.examples.len(),
        tests: tests.count(),
    }
}
