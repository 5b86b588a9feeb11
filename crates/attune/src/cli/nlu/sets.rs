//! The options of what concerns training sets as files: `attune nlu import`, `export` and `audit`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// A form in which training sets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// Intent, tab, text on each line.
    Tsv,
    /// A table whose heading names intent and text.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Rasa's nlu.yml.
    Rasa,
    /// The export of a Dialogflow ES agent.
    Dialogflow,
    /// The intents of a Botpress bot.
    Botpress,
    /// The folder of a bot.
    Attune,
}

/// `attune nlu import`
#[derive(Args, Debug)]
pub(crate) struct ImportNlu {
    /// A file, a folder or an archive (.zip, .tgz).
    pub(crate) input: PathBuf,
    /// Its form; found out by default.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) from: Option<FormatName>,
    /// The language (zh or en) of examples that tell none and whose script does not.
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub(crate) language: String,
    /// The folder of the bot. Files of intents are written into `intents` there, over none that is there already.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu export`
#[derive(Args, Debug)]
pub(crate) struct ExportNlu {
    /// The folder of a bot; or a file, a folder or an archive (.zip, .tgz) of any form.
    pub(crate) input: PathBuf,
    /// The form of the input; found out by default.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) from: Option<FormatName>,
    /// The form to write.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) to: FormatName,
    /// The folder to write into, over nothing that is there already; or an archive, if the name ends in .zip.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `attune nlu audit`
#[derive(Args, Debug)]
pub(crate) struct AuditNlu {
    /// The examples: a file, a folder or an archive (.zip, .tgz) of any form. The tests of a bot's folder are looked at, too.
    pub(crate) input: PathBuf,
    /// The form of the examples; found out by default.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) from: Option<FormatName>,
    /// Tests, in any form, that ought to be new to a model.
    #[arg(long, value_name = "FILE")]
    pub(crate) test: Option<PathBuf>,
    /// From which share of common character sequences two texts are near-duplicates, from 0.5 to 1.
    #[arg(long, default_value_t = nlu::near::SIMILARITY_DEFAULT)]
    pub(crate) similarity: f32,
    /// Ends with 1 if anything was found, for scripts.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Prints one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}
