//! The options of `attune nlu`; those that measure and those about training sets have files of their own.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

mod measure;
mod sets;

pub(crate) use measure::*;
pub(crate) use sets::*;

/// `attune nlu`
#[derive(Args, Debug)]
pub(crate) struct Nlu {
    #[command(subcommand)]
    pub(crate) command: NluCommand,
}

/// What to do about understanding.
#[derive(Debug, Subcommand)]
pub(crate) enum NluCommand {
    /// Trains a model that recognises intents.
    #[command(
        after_help = "Example:\n  attune nlu train --data train.tsv --oos unknown.tsv --out model\n  attune nlu train --data train.tsv --tier hybrid --encoder minilm --out model"
    )]
    Train(TrainNlu),
    /// Measures a model on utterances that it was not trained on.
    #[command(
        after_help = "Example:\n  attune nlu eval --model model --data test.tsv --json\n  attune nlu eval --model released --compare candidate --data test.tsv --html report.html"
    )]
    Eval(EvalNlu),
    /// Says how good a model would be on new utterances, of examples alone: each is a test once, for a model that
    /// was trained on the others.
    #[command(after_help = "Example:\n  attune nlu cross-validate --data train.tsv --folds 5")]
    CrossValidate(CrossValidateNlu),
    /// Trains on growing shares of the examples and says whether more of them would help.
    #[command(
        after_help = "Example:\n  attune nlu learning-curve --data train.tsv --test test.tsv --html curve.html"
    )]
    LearningCurve(LearningCurveNlu),
    /// Tells what a model understands: of one text, or of each line of standard input.
    #[command(after_help = "Example:\n  attune nlu parse --model model \"我想查询基金的收益情况\"")]
    Parse(ParseNlu),
    /// Finds values in utterances.
    Slots(SlotsNlu),
    /// Tells how content a customer is.
    Sentiment(SentimentNlu),
    /// Groups utterances that nobody has labelled, or past conversations in a CSV file, into proposed intents.
    #[command(after_help = "Example:\n  attune nlu discover --input conversations.csv")]
    Discover(DiscoverNlu),
    /// Makes intents of a bot out of a training set of Rasa, Dialogflow, Botpress, or a table.
    #[command(after_help = "Example:\n  attune nlu import rasa/data --out my-bot")]
    Import(ImportNlu),
    /// Writes a training set, or the intents of a bot, in another form.
    #[command(after_help = "Example:\n  attune nlu export my-bot --to csv --out examples")]
    Export(ExportNlu),
    /// Looks for examples that contradict each other, tests that were learned, and intents too small to learn.
    #[command(after_help = "Example:\n  attune nlu audit train.tsv --test test.tsv")]
    Audit(AuditNlu),
    /// Trains an encoder from raw text, one utterance on a line; or lets one go on learning.
    #[command(after_help = "Example:\n  attune nlu pretrain --data texts.txt --out encoder")]
    Pretrain(PretrainNlu),
    /// Fetches an encoder by its name from a hub, where the network allows it.
    #[command(
        after_help = "Example:\n  attune nlu pull intfloat/multilingual-e5-small --out e5\n  attune nlu train --data train.tsv --tier hybrid --encoder e5 --out model"
    )]
    Pull(PullNlu),
}

/// What a model reads of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TierName {
    /// N-grams: seconds to train, microseconds to answer.
    Linear,
    /// The sentence vector of an encoder.
    Encoder,
    /// Both.
    Hybrid,
}

/// What models of intents are made of.
#[derive(Args, Clone, Debug)]
pub(crate) struct TierNlu {
    /// What the model reads.
    #[arg(long, value_enum, default_value_t = TierName::Linear)]
    pub(crate) tier: TierName,
    /// The folder of a BERT-family checkpoint in the layout of Hugging Face; for the tiers encoder and hybrid.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) encoder: Option<PathBuf>,
    /// What all that is random follows from.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
}

/// Whether an encoder learns from the examples itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FineTune {
    /// Where the examples are few enough for it to take minutes.
    Auto,
    /// However long it takes.
    Always,
    /// It reads as it did before.
    Never,
}

/// When an encoder learns.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct FineTuneNlu {
    /// Whether the encoder itself learns from the examples.
    #[arg(
        long = "fine-tune",
        value_enum,
        value_name = "WHEN",
        num_args = 0..=1,
        require_equals = true,
        default_value_t = FineTune::Auto,
        default_missing_value = "always"
    )]
    when: FineTune,
}

impl FineTuneNlu {
    /// Whether it learns from so many examples, of which so many are learned in minutes.
    pub(crate) fn is_wanted(self, examples: usize, quick_max: usize) -> bool {
        match self.when {
            FineTune::Always => true,
            FineTune::Auto => examples <= quick_max,
            FineTune::Never => false,
        }
    }

    /// Whether it was asked for by name, so that it must not be passed over.
    pub(crate) fn is_demanded(self) -> bool {
        self.when == FineTune::Always
    }
}

/// `attune nlu train`
#[derive(Args, Debug)]
pub(crate) struct TrainNlu {
    /// The examples: intent, tab, text on each line.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: PathBuf,
    /// Examples to measure the model on when it is trained.
    #[arg(long, value_name = "FILE")]
    pub(crate) dev: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) tier: TierNlu,
    /// Utterances that have none of the intents: a text on each line, after a label and a tab or alone.
    #[arg(long, value_name = "FILE")]
    pub(crate) oos: Option<PathBuf>,
    /// A model that was trained on almost the same: only the intents whose examples changed, and their rivals, learn again;
    /// all do where too much changed. For the linear tier.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) base: Option<PathBuf>,
    /// The folder that the model is written to.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) fine_tune: FineTuneNlu,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu pull`
#[derive(Args, Debug)]
pub(crate) struct PullNlu {
    /// The name of a checkpoint of the BERT family, as the hub writes it: owner/name.
    pub(crate) name: String,
    /// The folder that the encoder is written to; it must not be there yet.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// The hub, also inside your own network; by default what HF_ENDPOINT says, or <https://huggingface.co>.
    #[arg(long, value_name = "URL")]
    pub(crate) hub: Option<String>,
    /// Which of its versions: a branch, a tag or a commit.
    #[arg(long, default_value = "main")]
    pub(crate) revision: String,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu parse`
#[derive(Args, Debug)]
pub(crate) struct ParseNlu {
    /// The folder of the model.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) model: PathBuf,
    /// What was said.
    #[arg(required_unless_present = "stdin", conflicts_with = "stdin")]
    pub(crate) text: Option<String>,
    /// Reads a text from each line of standard input, and writes a line of JSON for each.
    #[arg(long)]
    pub(crate) stdin: bool,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu slots`
#[derive(Args, Debug)]
pub(crate) struct SlotsNlu {
    #[command(subcommand)]
    pub(crate) command: SlotsCommand,
}

/// What to do about slots.
#[derive(Debug, Subcommand)]
pub(crate) enum SlotsCommand {
    /// Trains a model of JSON lines with `tokens` and `tags` (BIO).
    Train(SlotsTrain),
    /// Measures a model on what it was not trained on.
    Eval(LearnEval),
}

/// `attune nlu slots train`
#[derive(Args, Debug)]
pub(crate) struct SlotsTrain {
    #[command(flatten)]
    pub(crate) learn: LearnTrain,
    /// The folder of a BERT-family checkpoint whose vectors the model reads besides the words.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) encoder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) fine_tune: FineTuneNlu,
}

/// `attune nlu sentiment`
#[derive(Args, Debug)]
pub(crate) struct SentimentNlu {
    #[command(subcommand)]
    pub(crate) command: SentimentCommand,
}

/// What to do about sentiment.
#[derive(Debug, Subcommand)]
pub(crate) enum SentimentCommand {
    /// Trains a model of lines of negative, neutral or positive (or 0 and 1), tab, text.
    Train(LearnTrain),
    /// Measures a model on what it was not trained on.
    Eval(LearnEval),
}

/// `attune nlu slots train` and `attune nlu sentiment train`
#[derive(Args, Debug)]
pub(crate) struct LearnTrain {
    /// The examples.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: PathBuf,
    /// The folder that the model is written to.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// What all that is random follows from.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu slots eval` and `attune nlu sentiment eval`
#[derive(Args, Debug)]
pub(crate) struct LearnEval {
    /// The folder of the model.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) model: PathBuf,
    /// The tests.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: PathBuf,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu discover`
#[derive(Args, Debug)]
pub(crate) struct DiscoverNlu {
    /// Utterances, one on a line; `label<TAB>text` to be told how well labels are met; or past conversations as
    /// CSV, named *.csv, with a heading.
    #[arg(long, value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// How many groups are wanted; found out by default.
    #[arg(long)]
    pub(crate) clusters: Option<usize>,
    /// Puts every utterance into the nearest group, also what fits nothing.
    #[arg(long)]
    pub(crate) assign_all: bool,
    /// The folder of an encoder that helps.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) encoder: Option<PathBuf>,
    /// What all that is random follows from.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu pretrain`
#[derive(Args, Debug)]
pub(crate) struct PretrainNlu {
    /// The texts, one on a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: PathBuf,
    /// The folder that the encoder is written to; an interrupted training goes on from there.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// The folder of an encoder that goes on learning.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) from: Option<PathBuf>,
    /// Layers of a new encoder.
    #[arg(long, default_value_t = 4)]
    pub(crate) layers: usize,
    /// Numbers in a vector of a new encoder.
    #[arg(long, default_value_t = 256)]
    pub(crate) width: usize,
    /// Passes over the texts.
    #[arg(long, default_value_t = 10)]
    pub(crate) epochs: usize,
    /// What all that is random follows from.
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}
