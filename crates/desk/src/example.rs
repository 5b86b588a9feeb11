//! Training sets: the examples of a bot's intents.
//!
//! The bot's files are the truth. An example is changed in the text of its file,
//! which is replaced at once; a model learns of it with the next training.

mod bench;

use domain::{
    Account, Error, EventKind, Example, Id, Language, News, Permission, Result, clean_line,
};
use nlu::BotData;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::Tx;

use crate::check::Fields;
use crate::language::written;
use crate::release::unusable;
use crate::{Actor, Desk, training};
pub(crate) use bench::{Bench, Translated};

/// How long an example may be, in characters.
pub(crate) const EXAMPLE_CHARS_MAX: usize = nlu::data::EXAMPLE_CHARS_MAX;
/// How long the name of an intent may be, in characters.
pub(crate) const INTENT_CHARS_MAX: usize = 48;
/// How many bits an id has: as many as a number in JSON keeps.
const ID_BITS: u32 = 53;

const NO_EXAMPLE: Error = Error::NotFound("example");

/// Which examples to list.
#[derive(Clone, Debug, Default)]
pub struct ListExamples {
    /// Only those of this intent.
    pub intent: Option<String>,
    /// Only those in this language.
    pub language: Option<Language>,
    /// Only those with this in them, whatever its case and width.
    pub query: Option<String>,
}

/// What to change about an example; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct ChangeExample {
    /// What is said.
    pub text: Option<String>,
    /// The intent that it belongs to.
    pub intent: Option<String>,
}

impl Desk {
    /// Lists examples by intent, language and their order in the file, each with its
    /// place in that list, from behind a place on. The example that stood there is
    /// looked for first, as others may have come before it meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`domain::Rule::BotFilesWrong`].
    pub async fn list_examples(
        &self,
        actor: &Actor,
        which: ListExamples,
        after: Option<(Id<Example>, i64)>,
        limit: u64,
    ) -> Result<Vec<(Example, i64)>> {
        actor.needs(Permission::Train)?;
        let data = self.bot_data(actor.account).await?;
        let query = which.query.as_deref().map(nlu::text::normalise);
        let found: Vec<Example> = examples(&data)
            .filter(|one| which.intent.as_ref().is_none_or(|intent| *intent == one.intent))
            .filter(|one| which.language.is_none_or(|language| language == one.language))
            .filter(|one| {
                query.as_ref().is_none_or(|query| nlu::text::normalise(&one.text).contains(query))
            })
            .collect();
        let begin = after.map_or(0, |(id, place)| {
            let still = found.iter().position(|one| one.id == id).map(|place| place + 1);
            still.unwrap_or(usize::try_from(place).unwrap_or(0))
        });
        let page = found.into_iter().zip(1..).skip(begin).take(limit as usize);
        Ok(page.collect())
    }

    /// Adds an example to an intent; one that is there already changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::Invalid`], [`domain::Rule::BotFilesWrong`],
    /// [`domain::Rule::ExampleElsewhere`] and [`domain::Rule::ExampleIsTest`].
    pub async fn add_example(
        &self,
        actor: &Actor,
        intent: &str,
        language: Language,
        text: &str,
    ) -> Result<Example> {
        actor.needs(Permission::Train)?;
        let mut fields = Fields::default();
        let intent = fields.take(clean_line(intent, "/intent", INTENT_CHARS_MAX));
        let text = fields.take(clean_line(text, "/text", EXAMPLE_CHARS_MAX));
        fields.done()?;
        let bench = self.open_bench(actor.account).await?;
        let (example, is_new, bench) = bench.add(intent, language, text).await?;
        if is_new {
            self.tell_of(actor.account, example.id, false).await?;
        }
        drop(bench);
        Ok(example)
    }

    /// Changes an example, which is another one from then on.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], and those of [`Desk::add_example`].
    pub async fn change_example(
        &self,
        actor: &Actor,
        id: Id<Example>,
        change: ChangeExample,
    ) -> Result<Example> {
        actor.needs(Permission::Train)?;
        let mut fields = Fields::default();
        let ChangeExample { text, intent } = change;
        let text = text.map(|text| fields.take(clean_line(&text, "/text", EXAMPLE_CHARS_MAX)));
        let intent = intent.map(|name| fields.take(clean_line(&name, "/intent", INTENT_CHARS_MAX)));
        fields.done()?;
        let bench = self.open_bench(actor.account).await?;
        let old = bench.find(id)?;
        let changed = named(
            intent.unwrap_or_else(|| old.intent.clone()),
            old.language,
            text.unwrap_or_else(|| old.text.clone()),
        );
        if changed == old {
            return Ok(old);
        }
        let old_id = old.id;
        let bench = bench.change(old, &changed).await?;
        self.tell_of(actor.account, old_id, true).await?;
        self.tell_of(actor.account, changed.id, false).await?;
        drop(bench);
        Ok(changed)
    }

    /// Removes an example.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`], [`domain::Rule::BotFilesWrong`] and
    /// [`domain::Rule::LastExample`].
    pub async fn delete_example(&self, actor: &Actor, id: Id<Example>) -> Result<()> {
        actor.needs(Permission::Train)?;
        let bench = self.open_bench(actor.account).await?;
        let old = bench.find(id)?;
        let bench = bench.remove(old).await?;
        self.tell_of(actor.account, id, true).await?;
        drop(bench);
        Ok(())
    }

    /// Reads the files of an account's bot; nothing if there are none.
    pub(crate) async fn bot_data(&self, account: Id<Account>) -> Result<BotData> {
        let files = self.parts.workshop.files(account);
        let read = tokio::task::spawn_blocking(move || match files.is_dir() {
            true => training::read(&files),
            false => Ok(BotData::default()),
        });
        read.await.map_err(Error::internal)?.map_err(unusable)
    }

    /// Waits until nobody else edits the files of the account's bot, and reads them.
    pub(crate) async fn open_bench(&self, account: Id<Account>) -> Result<Bench> {
        let workshop = self.parts.workshop.clone();
        let opened = tokio::task::spawn_blocking(move || Bench::open(&workshop, account));
        opened.await.map_err(Error::internal)?
    }

    async fn tell_of(&self, account: Id<Account>, id: Id<Example>, removed: bool) -> Result<()> {
        let now = self.now();
        let tell = move |tx: Tx| async move {
            let news = News::about(EventKind::ExampleUpdated, id);
            tx.record(if removed { news.with(json!({"removed": true})) } else { news }, now);
            Ok(())
        };
        self.parts.store.write(account, tell).await
    }
}

/// All examples of a bot, by intent, language and their order in the file.
fn examples(data: &BotData) -> impl Iterator<Item = Example> {
    data.intents.iter().flat_map(|one| {
        one.examples
            .iter()
            .map(|text| named(one.intent.clone(), written(one.language), text.clone()))
    })
}

/// Names an example by a hash of what it is.
fn named(intent: String, language: Language, text: String) -> Example {
    let mut hash = Sha256::new();
    for part in [intent.as_str(), language.tag(), &text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let hash = hash.finalize();
    let start = hash.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let id = Id::new((start >> (u64::BITS - ID_BITS)) as i64);
    Example { id, intent, language, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_named_by_all_that_it_is() {
        let named =
            |intent: &str, language, text: &str| named(intent.into(), language, text.into()).id;

        let id = named("a", Language::Zh, "退款");

        assert_eq!(id, named("a", Language::Zh, "退款"));
        assert!(id.number() > 0 && id.number() < 1 << ID_BITS);
        assert_ne!(id, named("b", Language::Zh, "退款"));
        assert_ne!(id, named("a", Language::En, "退款"));
        assert_ne!(id, named("a", Language::Zh, "退款 "));
    }
}
