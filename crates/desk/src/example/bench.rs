//! The bench: a bot's files while somebody edits them, and nobody else does, in any
//! process.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use domain::{Account, Error, Example, FieldError, Id, Language, Result, Rule};
use nlu::edit::{
    EditError, NewIntent, add_example, change_example, new_intent_file, remove_example,
};
use nlu::{BotData, INTENTS_MAX};

use super::{NO_EXAMPLE, examples, named};
use crate::bot_error::BotError;
use crate::language::{spoken, written};
use crate::release::unusable;
use crate::{Workshop, training};

const NOT_SPOKEN: &str = "the bot does not speak this language; add it to the bot's files first";

/// A new intent as it will stand in the files of other languages.
pub(crate) type Translated = Vec<(Language, NewIntent)>;

/// A bot's files while one edits them: nobody else does.
pub(crate) struct Bench {
    files: PathBuf,
    data: BotData,
    /// Unlocks when it is dropped; `None` if there are no files.
    _lock: Option<File>,
}

impl Bench {
    pub(super) fn open(workshop: &Workshop, account: Id<Account>) -> Result<Self> {
        let files = workshop.files(account);
        if !files.is_dir() {
            return Ok(Bench { files, data: BotData::default(), _lock: None });
        }
        let lock = workshop.lock(account).map_err(|error| Error::Unavailable(error.into()))?;
        let data = training::read(&files).map_err(unusable)?;
        Ok(Bench { files, data, _lock: Some(lock) })
    }

    /// Adds an example, and tells whether it was not there before.
    pub(crate) async fn add(
        self,
        intent: String,
        language: Language,
        text: String,
    ) -> Result<(Example, bool, Self)> {
        let example = named(intent, language, text);
        if examples(&self.data).any(|one| one == example) {
            return Ok((example, false, self));
        }
        self.check(&example, None)?;
        let edits = vec![Edit::Add { to: place_of(&example), text: example.text.clone() }];
        let bench = self.apply(edits).await?;
        Ok((example, true, bench))
    }

    /// Puts an example into the place of another, in the same file or in one of
    /// another intent. If it is there already, the other one only goes.
    pub(super) async fn change(self, old: Example, new: &Example) -> Result<Self> {
        if examples(&self.data).any(|one| one == *new) {
            return self.remove(old).await;
        }
        self.check(new, Some(&old))?;
        let (at, to) = (place_of(&old), place_of(new));
        if at == to {
            return self
                .apply(vec![Edit::Change { at, old: old.text, new: new.text.clone() }])
                .await;
        }
        self.keep_one(&at)?;
        // Added first: what is in two files for a moment is better than lost.
        let add = Edit::Add { to, text: new.text.clone() };
        self.apply(vec![add, Edit::Remove { from: at, text: old.text }]).await
    }

    /// Removes an example.
    pub(super) async fn remove(self, old: Example) -> Result<Self> {
        let from = place_of(&old);
        self.keep_one(&from)?;
        self.apply(vec![Edit::Remove { from, text: old.text }]).await
    }

    /// Adds an intent, in a file for each language that the bot speaks: one that it could not
    /// answer in each is none. Returns its examples.
    pub(crate) async fn add_intent(
        self,
        new: NewIntent,
        language: Language,
        translated: Translated,
    ) -> Result<(Vec<Example>, Self)> {
        let speaks: BTreeSet<nlu::Language> =
            self.data.intents.iter().map(|one| one.language).collect();
        self.check_intent(&new, language, &speaks)?;
        self.check_translations(&translated, &speaks)?;
        let (mut files, mut examples) = (Vec::new(), Vec::new());
        for other in speaks {
            let own = translated.iter().find(|(language, _)| spoken(*language) == other);
            let new = match own {
                _ if other == spoken(language) => new.clone(),
                Some((_, translated)) => translated.clone(),
                None => begun_in(&new, other),
            };
            let text = new_intent_file(&new).map_err(|error| unwritable(&error))?;
            files.push((self.files.join(format!("intents/{}.{other}.yml", new.intent)), text));
            let example = |text: &String| named(new.intent.clone(), written(other), text.clone());
            examples.extend(new.examples.iter().map(example));
        }
        let work = tokio::task::spawn_blocking(move || create(&files));
        work.await.map_err(Error::internal)?.map_err(|error| Error::Unavailable(error.into()))?;
        Ok((examples, self))
    }

    fn check_intent(
        &self,
        new: &NewIntent,
        language: Language,
        speaks: &BTreeSet<nlu::Language>,
    ) -> Result<()> {
        if speaks.is_empty() {
            return Err(Rule::NoBotFiles.into());
        }
        if self.data.intents.iter().any(|one| one.intent == new.intent) {
            return Err(Rule::NameTaken.into());
        }
        if !speaks.contains(&spoken(language)) {
            return Err(Error::invalid("/language", NOT_SPOKEN));
        }
        if self.data.intents.len() + speaks.len() > INTENTS_MAX {
            return Err(Rule::LimitReached.into());
        }
        let example = |text: &String| named(new.intent.clone(), language, text.clone());
        if let Err(error) = self.check_text(&example(&new.title), None) {
            return Err(Error::invalid("/title", error.to_string()));
        }
        self.check_all(&new.examples.iter().map(example).collect::<Vec<_>>())
    }

    /// Refuses what is written in a language that the bot does not speak, or whose title contradicts an example.
    fn check_translations(
        &self,
        translated: &[(Language, NewIntent)],
        speaks: &BTreeSet<nlu::Language>,
    ) -> Result<()> {
        for (place, (language, new)) in translated.iter().enumerate() {
            let at = |field: &str| format!("/translations/{place}/{field}");
            if !speaks.contains(&spoken(*language)) {
                return Err(Error::invalid(at("language"), NOT_SPOKEN));
            }
            let title = named(new.intent.clone(), *language, new.title.clone());
            if let Err(error) = self.check_text(&title, None) {
                return Err(Error::invalid(at("title"), error.to_string()));
            }
        }
        Ok(())
    }

    /// Refuses those of several new examples that contradict others, or are tests, each by its
    /// place.
    fn check_all(&self, examples: &[Example]) -> Result<()> {
        let wrong = examples.iter().enumerate().filter_map(|(place, example)| {
            let error = self.check_text(example, None).err()?;
            let pointer = format!("/examples/{place}");
            Some(FieldError { pointer, detail: error.to_string() })
        });
        let wrong: Vec<FieldError> = wrong.collect();
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }

    /// Refuses to take the last example of a file away.
    fn keep_one(&self, place: &Place) -> Result<()> {
        let left = examples(&self.data).filter(|one| place_of(one) == *place).count();
        if left > 1 { Ok(()) } else { Err(Rule::LastExample.into()) }
    }

    pub(super) fn find(&self, id: Id<Example>) -> Result<Example> {
        examples(&self.data).find(|one| one.id == id).ok_or(NO_EXAMPLE)
    }

    /// Refuses an example that contradicts another, or that is a test. `instead`
    /// names the one that it replaces.
    fn check(&self, new: &Example, instead: Option<&Example>) -> Result<()> {
        if self.file(&place_of(new)).is_none() {
            let detail = "the bot has no such intent in this language; add its file first";
            return Err(Error::invalid("/intent", detail));
        }
        self.check_text(new, instead)
    }

    fn check_text(&self, new: &Example, instead: Option<&Example>) -> Result<()> {
        let text = nlu::text::normalise(&new.text);
        let is_same = |other: &str| nlu::text::normalise(other) == text;
        let mut others = examples(&self.data).filter(|one| Some(one) != instead);
        if others.any(|one| one.intent != new.intent && is_same(&one.text)) {
            return Err(Rule::ExampleElsewhere.into());
        }
        if self.data.tests.values().flatten().any(|test| is_same(&test.text)) {
            return Err(Rule::ExampleIsTest.into());
        }
        Ok(())
    }

    fn file(&self, place: &Place) -> Option<&Path> {
        let mut intents = self.data.intents.iter();
        let found = intents
            .find(|one| one.intent == place.intent && written(one.language) == place.language);
        found.map(|one| one.file.as_path())
    }

    /// Edits files, each of which is replaced at once.
    async fn apply(self, edits: Vec<Edit>) -> Result<Self> {
        let work = tokio::task::spawn_blocking(move || {
            edits.iter().try_for_each(|edit| self.apply_one(edit)).map(|()| self)
        });
        work.await.map_err(Error::internal)?
    }

    fn apply_one(&self, edit: &Edit) -> Result<()> {
        let (Edit::Add { to: place, .. }
        | Edit::Change { at: place, .. }
        | Edit::Remove { from: place, .. }) = edit;
        let path = self.files.join(self.file(place).ok_or(NO_EXAMPLE)?);
        let unavailable = |error: io::Error| Error::Unavailable(error.into());
        let before = fs::read_to_string(&path).map_err(unavailable)?;
        let edited = match edit {
            Edit::Add { text, .. } => add_example(&before, text),
            Edit::Change { old, new, .. } => change_example(&before, old, new),
            Edit::Remove { text, .. } => remove_example(&before, text),
        };
        let edited = edited.map_err(|error| match error {
            EditError::NotFound(_) => NO_EXAMPLE,
            EditError::LastExample => Rule::LastExample.into(),
            other => unusable(BotError::Files(format!("{}: {other}", path.display()))),
        })?;
        if edited != before {
            replace(&path, &edited).map_err(unavailable)?;
        }
        Ok(())
    }
}

/// A step from one text of a file to the next.
#[derive(Clone, Debug)]
enum Edit {
    Add { to: Place, text: String },
    Change { at: Place, old: String, new: String },
    Remove { from: Place, text: String },
}

/// The file of an intent in a language.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Place {
    intent: String,
    language: Language,
}

/// Writes new files, all or none.
fn create(files: &[(PathBuf, String)]) -> io::Result<()> {
    let made = files.iter().try_for_each(|(path, text)| replace(path, text));
    if made.is_err() {
        for (path, _) in files {
            // What was not made cannot be removed.
            let _ = fs::remove_file(path);
        }
    }
    made
}

/// Writes a file so that it is seen either as it was or as it is.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // The dot keeps readers of the folder from taking it for an intent.
    let new = folder.join(format!(".{name}.new"));
    let mut file = File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(folder)?.sync_all()
}

fn place_of(example: &Example) -> Place {
    Place { intent: example.intent.clone(), language: example.language }
}

/// What stands in the file of another language until somebody writes it: the same title, which is
/// its example as well, and the same answer.
fn begun_in(new: &NewIntent, language: nlu::Language) -> NewIntent {
    let (title, examples) = (new.title.clone(), vec![new.title.clone()]);
    let passed_on = NewIntent::passed_on(new.intent.clone(), language, title, examples);
    match new.action {
        Some(_) => passed_on,
        None => NewIntent { answer: new.answer.clone(), action: None, ..passed_on },
    }
}

/// What is wrong with a new intent's file, by its field.
fn unwritable(error: &EditError) -> Error {
    let pointer = match error {
        EditError::BadName(_) => "/name",
        EditError::EmptyPart("title") => "/title",
        EditError::EmptyPart("answer") => "/answer",
        _ => "/examples",
    };
    Error::invalid(pointer, error.to_string())
}
