//! The options of what measures models of intents: `attune nlu eval`, `cross-validate`, `learning-curve`, and
//! `attune bench nlu`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::TierNlu;

/// The language of a page's fixed words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageLanguage {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Where a page of pictures is written to.
#[derive(Args, Clone, Debug)]
pub(crate) struct PageNlu {
    /// A file that a page with pictures is written to; it fetches nothing and can be passed on.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// The language of the page.
    #[arg(long, value_enum, default_value_t = PageLanguage::En)]
    pub(crate) language: PageLanguage,
}

/// `attune nlu eval`
#[derive(Args, Debug)]
pub(crate) struct EvalNlu {
    /// The folder of the model.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) model: PathBuf,
    /// The tests: intent, tab, text on each line.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: PathBuf,
    /// Utterances that have none of the intents.
    #[arg(long, value_name = "FILE")]
    pub(crate) oos: Option<PathBuf>,
    /// The folder of a second model, which is asked the same: is it better, and can that be chance?
    #[arg(long, value_name = "FOLDER")]
    pub(crate) compare: Option<PathBuf>,
    /// Lists so many pairs of intents that were confused, each with its sentences.
    #[arg(long, value_name = "PAIRS")]
    pub(crate) confusions: Option<usize>,
    #[command(flatten)]
    pub(crate) page: PageNlu,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu cross-validate`
#[derive(Args, Debug)]
pub(crate) struct CrossValidateNlu {
    /// The examples: intent, tab, text on each line.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: PathBuf,
    /// Into how many parts they are divided; near-duplicates stay together.
    #[arg(long, default_value_t = 5)]
    pub(crate) folds: usize,
    #[command(flatten)]
    pub(crate) tier: TierNlu,
    #[command(flatten)]
    pub(crate) page: PageNlu,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu learning-curve`
#[derive(Args, Debug)]
pub(crate) struct LearningCurveNlu {
    /// The examples: intent, tab, text on each line.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: PathBuf,
    /// The tests, in the same form.
    #[arg(long, value_name = "FILE")]
    pub(crate) test: PathBuf,
    /// How many random orders of the examples are averaged.
    #[arg(long, default_value_t = 1)]
    pub(crate) repeats: usize,
    #[command(flatten)]
    pub(crate) tier: TierNlu,
    #[command(flatten)]
    pub(crate) page: PageNlu,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune bench`
#[derive(Args, Debug)]
pub(crate) struct Bench {
    #[command(subcommand)]
    pub(crate) command: BenchCommand,
}

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum BenchCommand {
    /// Trains on and tests every set of a folder, beside keyword rules learned from the same examples: the report
    /// that a buyer asks for. A set is a folder with train.tsv and test.tsv (or dev.tsv; .csv and .jsonl are read
    /// too).
    #[command(after_help = "Example:\n  attune bench nlu --data sets --out report.html")]
    Nlu(BenchNlu),
}

/// `attune bench nlu`
#[derive(Args, Debug)]
pub(crate) struct BenchNlu {
    /// The folder with the sets in it.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data: PathBuf,
    /// A file that the report is written to as a page, which fetches nothing and can be passed on.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The language of the page.
    #[arg(long, value_enum, default_value_t = PageLanguage::En)]
    pub(crate) language: PageLanguage,
    #[command(flatten)]
    pub(crate) tier: TierNlu,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}
