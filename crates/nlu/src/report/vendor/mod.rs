//! The vendor's accuracy report: every set of a folder trained and tested alike, with what a buyer needs to repeat it:
//! machine, versions, hashes of the data, and how many tests are too like an example to count as new.
//!
//! What a model is, what time it is and what the machine is called, the caller says.

mod page;
mod sets;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use sets::{BenchSet, SETS_MAX, find_sets};

use super::table::Table;
use super::text::percent;
use crate::audit::{Finding, audit};
use crate::evaluate::{Reply, Report, ask, measure};
use crate::near::SIMILARITY_DEFAULT;
use crate::training_set::{TrainingSet, data_hash};

/// Says on what, and with what, a report was made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// The version of the program.
    pub version: String,
    /// How models were trained, in words.
    pub method: String,
    /// What the processor calls itself.
    pub cpu: String,
    /// How many cores were used.
    pub cores: usize,
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
    /// The part that was tested: `test`, or `dev`.
    pub part: String,
    /// How many different examples were trained on.
    pub examples: usize,
    /// How many intents they have.
    pub intents: usize,
    /// The SHA-256 of what was trained on (see [`data_hash`]).
    pub train_sha256: String,
    /// The SHA-256 of the tests.
    pub test_sha256: String,
    /// How many tests are near-duplicates of an example.
    pub leaked: usize,
    /// How long training took, in seconds.
    pub train_s: f64,
    /// How long a question took on average, in microseconds.
    pub us_per_query: f64,
    /// The figures.
    pub report: Report,
}

/// Holds the results of all sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VendorReport {
    /// On what, and with what.
    pub about: About,
    /// The results, in the order of the sets.
    pub sets: Vec<SetResult>,
}

/// Trains on and tests every set.
///
/// `stopwatch` says how much time has passed since any fixed moment. `train` makes a model, which is whatever replies to a
/// text, and the in-scope score from which it takes a text for one of its intents; by an error it ends the whole.
///
/// # Errors
/// What `train` says.
pub fn vendor<M, E>(
    sets: &[BenchSet],
    about: About,
    mut stopwatch: impl FnMut() -> Duration,
    mut train: impl FnMut(&TrainingSet) -> Result<(M, Option<f32>), E>,
) -> Result<VendorReport, E>
where
    M: FnMut(&str) -> Reply,
{
    let mut results = Vec::with_capacity(sets.len());
    for set in sets {
        let training_set = TrainingSet::new(set.train.clone());
        let started = stopwatch();
        let (model, threshold) = train(&training_set)?;
        let trained = stopwatch();
        let answers = ask(&set.tests, &set.negatives, model);
        let asked = stopwatch();
        let query_s = asked.saturating_sub(trained).as_secs_f64() / answers.len().max(1) as f64;
        results.push(SetResult {
            name: set.name.clone(),
            part: set.part.to_owned(),
            examples: training_set.examples().len(),
            intents: training_set.intents().len(),
            train_sha256: data_hash(&training_set),
            test_sha256: data_hash(&TrainingSet::new(set.tests.clone())),
            leaked: leaked(set),
            train_s: trained.saturating_sub(started).as_secs_f64(),
            us_per_query: query_s * 1e6,
            report: measure(&answers, threshold),
        });
    }
    Ok(VendorReport { about, sets: results })
}

fn leaked(set: &BenchSet) -> usize {
    let findings = audit(&set.train, &set.tests, SIMILARITY_DEFAULT);
    findings.iter().filter(|one| matches!(one, Finding::Leak { .. })).count()
}

impl About {
    /// The lines below a title.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let cores = format!("{} × {}", self.cpu, self.cores);
        let facts = [
            ("version", &self.version),
            ("method", &self.method),
            ("processor", &cores),
            ("system", &self.system),
            ("date", &self.date),
        ];
        facts.map(|(name, value)| (name, value.clone())).to_vec()
    }
}

impl fmt::Display for VendorReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.about.facts() {
            writeln!(f, "{name:<10} {value}")?;
        }
        let mut table = Table::new(&[
            "set",
            "part",
            ">examples",
            ">intents",
            ">tests",
            ">leaked",
            ">accuracy",
            ">macro-F1",
            ">covered at 95",
            ">ECE",
            ">AUROC",
            ">train s",
            ">µs",
        ]);
        for set in &self.sets {
            let report = &set.report;
            let auroc =
                report.out_of_scope.as_ref().map_or("–".to_owned(), |scope| percent(scope.auroc));
            table.row([
                set.name.clone(),
                set.part.clone(),
                set.examples.to_string(),
                set.intents.to_string(),
                report.examples.to_string(),
                set.leaked.to_string(),
                percent(report.accuracy),
                percent(report.macro_f1),
                percent(report.coverage_at_95_precision),
                percent(report.calibration_error),
                auroc,
                format!("{:.2}", set.train_s),
                format!("{:.1}", set.us_per_query),
            ]);
        }
        write!(f, "\n{table}\nSHA-256 of the data (train, tests)\n")?;
        for set in &self.sets {
            writeln!(f, "{}\n  {}\n  {}", set.name, set.train_sha256, set.test_sha256)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::text::Language;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("shop/train.tsv", "退款\t钱还给我\n发票\t开张发票\n");
        write("shop/test.csv", "intent,text\n退款,把钱退了\n发票,\"开张发票！\"\n");
        write("shop/oos.jsonl", "{\"intent\":\"oos\",\"text\":\"今天天气\"}\n");
        write("bank/train.jsonl", "{\"intent\":\"a\",\"text\":\"pay\"}\n");
        write("bank/dev.tsv", "a\tpay it now\n");
        write("notes/readme.txt", "nothing");
        folder
    }

    fn report() -> VendorReport {
        let sets = find_sets(folder().path()).unwrap();
        let about =
            About { version: "1.0".into(), cpu: "Some <CPU>".into(), cores: 2, ..About::default() };
        let mut seconds = 0;
        let stopwatch = || {
            seconds += 2;
            Duration::from_secs(seconds)
        };
        let train = |set: &TrainingSet| {
            let intent = set.intents()[0].to_owned();
            let reply =
                move |_: &str| Reply { ranked: vec![(intent.clone(), 0.9)], in_scope_score: 0.9 };
            Ok::<_, String>((reply, Some(0.5)))
        };
        vendor(&sets, about, stopwatch, train).unwrap()
    }

    #[test]
    fn every_form_of_a_set_is_found() {
        let sets = find_sets(folder().path()).unwrap();

        let [bank, shop] = &sets[..] else { panic!("{sets:?}") };
        assert_eq!((&*bank.name, bank.part, bank.negatives.len()), ("bank", "dev", 0));
        assert_eq!((&*shop.name, shop.part, shop.negatives.len()), ("shop", "test", 1));
    }

    #[test]
    fn a_folder_without_sets_says_what_a_set_is() {
        let folder = folder();

        let error = find_sets(&folder.path().join("notes")).unwrap_err().to_string();
        assert!(error.contains("a set is a folder with train.tsv and test.tsv"), "{error}");

        fs::remove_file(folder.path().join("bank/dev.tsv")).unwrap();
        let error = find_sets(folder.path()).unwrap_err().to_string();
        assert!(error.contains("bank has train but neither test nor dev"), "{error}");
    }

    #[test]
    fn every_set_is_trained_tested_and_timed() {
        let report = report();

        let [bank, shop] = &report.sets[..] else { panic!("{report:?}") };
        assert_eq!((bank.report.accuracy, shop.report.accuracy), (1.0, 0.5));
        assert_eq!((bank.train_s, bank.us_per_query), (2.0, 2e6));
        assert_eq!(shop.leaked, 1, "one test is an example with another mark behind it");
        assert_eq!(shop.report.out_of_scope.as_ref().unwrap().negatives, 1);
        assert_ne!(bank.train_sha256, shop.train_sha256);
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<VendorReport>(&json).unwrap(), report);
    }

    #[test]
    fn a_training_that_fails_ends_the_report() {
        let sets = find_sets(folder().path()).unwrap();
        let fail = |_: &TrainingSet| Err::<(fn(&str) -> Reply, _), _>("no memory");

        assert_eq!(vendor(&sets, About::default(), Duration::default, fail), Err("no memory"));
    }

    #[test]
    fn it_is_shown_as_text_and_as_a_page() {
        let report = report();

        let text = report.to_string();
        assert!(
            text.contains("processor  Some <CPU> × 2")
                && text.contains(&report.sets[0].test_sha256),
            "{text}"
        );
        let page = report.html(Language::Zh);
        assert!(page.contains("Some &lt;CPU&gt; × 2") && page.contains("数据 SHA-256"), "{page}");
        assert_eq!(page.matches("<svg").count(), 4, "two pictures a set");
    }
}
