//! The vendor's accuracy report: every set of a folder trained and tested alike, beside keyword rules learned from the same
//! examples, with what a buyer needs to repeat it: machine, versions, hashes of the files, and how many tests are too like
//! an example to count as new.
//!
//! What recognises intents, what time it is and what the machine is called, the caller says.

mod files;
mod page;
mod sets;
mod table;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use files::DataFile;
pub use sets::{BenchSet, FoundSets, Labelled, SETS_MAX, Task, Work, find_sets};

use crate::audit::count_leaks;
use crate::discover::{Agreement, DiscoverOptions, discover, score};
use crate::evaluate::{KeywordRules, Reply, Report, RulesScore, ask, measure};
use crate::language::identify;
use crate::near::SIMILARITY_DEFAULT;
use crate::sentiment::{SentimentModel, SentimentOptions};
use crate::slot::{SlotReport, TaggedUtterance, Tagger, TaggerOptions, ValueLists, evaluate};
use crate::training_set::{Example, TrainingSet};

/// Says on what, and with what, a report was made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// The version of the program.
    pub version: String,
    /// How intents were trained, in words.
    pub method: String,
    /// What all that is random followed from.
    pub seed: u64,
    /// What the processor calls itself.
    pub cpu: String,
    /// How many cores there are.
    pub cores: usize,
    /// How much memory there is, in bytes; 0 if nobody can tell.
    pub memory_bytes: u64,
    /// The operating system.
    pub system: String,
    /// When the report was made, as it is to be shown.
    pub date: String,
}

/// Holds the result of one set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetResult {
    /// The name of the set.
    pub name: String,
    /// The part that was tested: `test`, `dev` or `all`.
    pub part: String,
    /// What was asked.
    pub task: Task,
    /// How many different examples were trained on.
    pub examples: usize,
    /// How many labels or slots they have.
    pub classes: usize,
    /// How many utterances were asked, negatives left out.
    pub tests: usize,
    /// How many tests are near-duplicates of an example.
    pub leaked: usize,
    /// How long training took, in seconds.
    pub train_s: f64,
    /// How long a question took on average, in microseconds.
    pub us_per_query: f64,
    /// The files, so that whoever has them can tell whether they are the same.
    pub files: Vec<DataFile>,
    /// The figures of intents, sentiments and languages.
    pub report: Option<Report>,
    /// What keyword rules make of the same tests, where labels were trained.
    pub rules: Option<RulesScore>,
    /// The figures of slots.
    pub slots: Option<SlotReport>,
    /// What lists of the values in the training part make of the same tests.
    pub lists: Option<SlotReport>,
    /// The figures of labels that were to be found again.
    pub discovery: Option<Agreement>,
}

/// Holds the results of all sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VendorReport {
    /// On what, and with what.
    pub about: About,
    /// The results, in the order of the sets.
    pub sets: Vec<SetResult>,
    /// The folders with data in them that were no set.
    pub passed_over: Vec<String>,
}

/// Says which set could not be measured, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the set {set} cannot be measured: {problem}")]
pub struct BenchError {
    /// The name of the set.
    pub set: String,
    /// What its training said.
    pub problem: String,
}

/// Trains on a set and tests it.
///
/// `stopwatch` says how much time has passed since any fixed moment. `train` makes a model of intents, which is whatever
/// replies to a text, and the in-scope score from which it takes a text for one of its intents.
///
/// # Errors
/// If the set cannot be trained on.
pub fn measure_set<M, E: std::fmt::Display>(
    set: &BenchSet,
    seed: u64,
    mut stopwatch: impl FnMut() -> Duration,
    train: impl FnOnce(&TrainingSet) -> Result<(M, Option<f32>), E>,
) -> Result<SetResult, BenchError>
where
    M: FnMut(&str) -> Reply,
{
    let failed = |problem: String| BenchError { set: set.name.clone(), problem };
    let mut measuring = Measuring { started: stopwatch(), stopwatch, result: SetResult::of(set) };
    match &set.work {
        Work::Intents(data) => {
            let (model, threshold) = train(&measuring.examples(&data.train))
                .map_err(|error| failed(error.to_string()))?;
            measuring.labelled(data, model, threshold);
        }
        Work::Sentiment(data) => {
            let options = SentimentOptions { seed, ..SentimentOptions::default() };
            measuring.examples(&data.train);
            let model = SentimentModel::train(&data.train, &options)
                .map_err(|error| failed(error.to_string()))?;
            measuring.labelled(data, |text| model.read(text).into(), None);
        }
        Work::Slots { train, tests } => {
            measuring.slots(train, tests, seed).map_err(failed)?;
        }
        Work::Language(tests) => {
            let data = Labelled { tests: tests.clone(), ..Labelled::default() };
            measuring.labelled(&data, of_language, None);
        }
        Work::Discovery(utterances) => measuring.discovery(utterances, seed),
    }
    Ok(measuring.result)
}

fn of_language(text: &str) -> Reply {
    let languages = identify(text).languages;
    let in_scope_score = languages.first().map_or(0.0, |(_, share)| *share);
    let ranked = languages.into_iter().map(|(tongue, share)| (tongue.code().to_owned(), share));
    Reply { ranked: ranked.collect(), in_scope_score }
}

/// What has been found out about a set so far, and since when.
struct Measuring<S> {
    started: Duration,
    stopwatch: S,
    result: SetResult,
}

impl SetResult {
    fn of(set: &BenchSet) -> Self {
        Self {
            name: set.name.clone(),
            part: set.part.clone(),
            task: set.work.task(),
            examples: 0,
            classes: 0,
            tests: 0,
            leaked: 0,
            train_s: 0.0,
            us_per_query: 0.0,
            files: set.files.clone(),
            report: None,
            rules: None,
            slots: None,
            lists: None,
            discovery: None,
        }
    }
}

impl<S: FnMut() -> Duration> Measuring<S> {
    /// Notes what is trained on, and starts the clock of the training.
    fn examples(&mut self, train: &[Example]) -> TrainingSet {
        let set = TrainingSet::new(train.to_vec());
        (self.result.examples, self.result.classes) = (set.examples().len(), set.intents().len());
        self.started = (self.stopwatch)();
        set
    }

    /// Notes how long the training took, and how long each of the questions did.
    fn ask<T>(&mut self, questions: usize, ask: impl FnOnce() -> T) -> T {
        let trained = (self.stopwatch)();
        let answers = ask();
        let asked = (self.stopwatch)();
        self.result.train_s = trained.saturating_sub(self.started).as_secs_f64();
        self.result.us_per_query =
            asked.saturating_sub(trained).as_secs_f64() * 1e6 / questions.max(1) as f64;
        answers
    }

    fn labelled(
        &mut self,
        data: &Labelled,
        model: impl FnMut(&str) -> Reply,
        threshold: Option<f32>,
    ) {
        let questions = data.tests.len() + data.negatives.len();
        let answers = self.ask(questions, || ask(&data.tests, &data.negatives, model));
        let report = measure(&answers, threshold);
        self.result.tests = data.tests.len();
        self.result.leaked = count_leaks(&data.train, &data.tests, SIMILARITY_DEFAULT);
        let set = TrainingSet::new(data.train.clone());
        self.result.rules = (!data.train.is_empty())
            .then(|| KeywordRules::score(&set, &data.tests, report.accuracy));
        self.result.classes = match data.train.is_empty() {
            true => TrainingSet::new(data.tests.clone()).intents().len(),
            false => self.result.classes,
        };
        self.result.report = Some(report);
    }

    fn slots(
        &mut self,
        train: &[TaggedUtterance],
        tests: &[TaggedUtterance],
        seed: u64,
    ) -> Result<(), String> {
        let options = TaggerOptions { seed, ..TaggerOptions::default() };
        let tagger = Tagger::train(train, &options, &mut |_| std::ops::ControlFlow::Continue(()))
            .map_err(|error| error.to_string())?;
        let report = self.ask(tests.len(), || evaluate(&tagger, tests));
        let plain = |utterances: &[TaggedUtterance]| -> Vec<Example> {
            utterances.iter().map(|one| Example::new("", one.text())).collect()
        };
        self.result.examples = train.len();
        self.result.classes = tagger.slots().count();
        self.result.tests = tests.len();
        self.result.leaked = count_leaks(&plain(train), &plain(tests), SIMILARITY_DEFAULT);
        self.result.slots = Some(report);
        self.result.lists = Some(ValueLists::learn(train).evaluate(tests));
        Ok(())
    }

    fn discovery(&mut self, utterances: &[Example], seed: u64) {
        let texts: Vec<&str> = utterances.iter().map(|one| one.text.as_str()).collect();
        let labels: Vec<&str> = utterances.iter().map(|one| one.intent.as_str()).collect();
        let options = DiscoverOptions { seed, assign_all: true, ..DiscoverOptions::default() };
        let found = discover(&texts, &options);
        self.ask(0, || ());
        let agreement = score(&found.assignment, &labels);
        self.result.tests = utterances.len();
        self.result.classes = agreement.labels;
        self.result.discovery = Some(agreement);
    }
}

#[cfg(test)]
mod tests;
