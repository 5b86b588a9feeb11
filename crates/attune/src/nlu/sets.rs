//! `attune nlu import`, `export` and `audit`: training sets as files.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use nlu::audit::{Finding, audit as look_through};
use nlu::format::{
    Format, ImportOptions, Imported, bot_files, export as write_as, import_path, pack,
};
use nlu::{BotData, Conflict, Example, Language};
use serde::Serialize;

use super::{refuse, show};
use crate::cli::{AuditNlu, ExportNlu, FormatName, ImportNlu};
use crate::failure::{Failure, Result};

/// How many findings of each kind are printed; JSON has more.
const SHOWN_MAX: usize = 20;

/// What `attune nlu import` and `export` say.
#[derive(Serialize)]
struct Converted {
    from: Format,
    to: Format,
    out: PathBuf,
    intents: usize,
    examples: usize,
    /// How many examples there are in each language; the code is empty where none is told.
    languages: BTreeMap<String, usize>,
    files: usize,
    /// What was passed over while reading, and what the form that was written does not carry.
    left_out: Vec<String>,
}

/// `attune nlu import`
pub(super) fn import(command: &ImportNlu) -> Result {
    let otherwise = Language::from_code(&command.language).ok_or_else(|| {
        Failure::start(format!("\"{}\" is no language here: write zh or en", command.language))
    })?;
    let imported = read_set(&command.input, command.from)?;
    let written = bot_files(&imported.corpus, otherwise).map_err(|errors| refuse(&errors))?;
    write_new(&command.out, &written.files)?;
    let files = written.files.len();
    let converted = Converted::of(&imported, Format::Attune, &command.out, files, written.warnings);
    show(&converted, command.json)
}

/// `attune nlu export`
pub(super) fn export(command: &ExportNlu) -> Result {
    if command.to == FormatName::Attune {
        return Err(Failure::start("to make the files of a bot, use `attune nlu import`"));
    }
    let imported = read_set(&command.input, command.from)?;
    let to = format_of(command.to);
    let written = write_as(&imported.corpus, to);
    if command.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
        let archive = pack(&written.files)?;
        let name = command.out.file_name().map(PathBuf::from).unwrap_or_default();
        write_new(command.out.parent().unwrap_or(Path::new("")), &[(name, archive)])?;
    } else {
        write_new(&command.out, &written.files)?;
    }
    let files = written.files.len();
    show(&Converted::of(&imported, to, &command.out, files, written.warnings), command.json)
}

/// What `attune nlu audit` says.
#[derive(Serialize)]
struct Audited {
    examples: usize,
    tests: usize,
    findings: Vec<Finding>,
    /// What is wrong with a bot's folder besides its examples.
    bot: Vec<String>,
}

/// `attune nlu audit`
pub(super) fn audit(command: &AuditNlu) -> Result {
    let read = read_set(&command.input, command.from)?;
    let examples = read.corpus.examples(None);
    let (mut tests, mut bot) = (Vec::new(), Vec::new());
    if read.format == Format::Attune && command.input.is_dir() {
        let data = BotData::read_folder(&command.input).map_err(|errors| refuse(&errors))?;
        tests.extend(data.tests.values().flatten().cloned());
        bot.extend(data.conflicts().iter().filter(|one| is_of_bot(one)).map(Conflict::to_string));
    }
    if let Some(path) = &command.test {
        tests.extend(read_set(path, None)?.corpus.examples(None));
    }
    let audited = Audited::of(&examples, &tests, command.similarity, bot);
    let found = audited.findings.len() + audited.bot.len();
    show(&audited, command.json)?;
    match command.strict && found > 0 {
        true => Err(Failure::Broken(anyhow::anyhow!("{found} things were found"))),
        false => Ok(()),
    }
}

/// Whether examples and tests alone do not show it.
const fn is_of_bot(conflict: &Conflict) -> bool {
    matches!(conflict, Conflict::UnknownQuickReply { .. } | Conflict::MissingLanguage { .. })
}

fn read_set(input: &Path, from: Option<FormatName>) -> Result<Imported> {
    let options = ImportOptions { format: from.map(format_of), language: None };
    import_path(input, &options).map_err(|errors| refuse(&errors))
}

const fn format_of(name: FormatName) -> Format {
    match name {
        FormatName::Tsv => Format::Tsv,
        FormatName::Csv => Format::Csv,
        FormatName::Jsonl => Format::Jsonl,
        FormatName::Rasa => Format::Rasa,
        FormatName::Dialogflow => Format::Dialogflow,
        FormatName::Botpress => Format::Botpress,
        FormatName::Attune => Format::Attune,
    }
}

/// Writes files into a folder, and none of them if one is there already.
fn write_new(folder: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result {
    let there = files.iter().map(|(path, _)| folder.join(path)).find(|path| path.exists());
    if let Some(path) = there {
        let problem = "is there already: name another folder, or move it away";
        return Err(Failure::start(format!("{} {problem}", path.display())));
    }
    for (path, content) in files {
        let path = folder.join(path);
        let failed = |error: std::io::Error| {
            let remedy = "name a folder that you may write to";
            Failure::start(format!("cannot write {}: {error}: {remedy}", path.display()))
        };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&path, content).map_err(failed)?;
    }
    Ok(())
}

impl Converted {
    fn of(
        imported: &Imported,
        to: Format,
        out: &Path,
        files: usize,
        warnings: Vec<String>,
    ) -> Self {
        let corpus = &imported.corpus;
        let mut languages = BTreeMap::new();
        for (_, language, _) in corpus.utterances() {
            *languages.entry(language.to_owned()).or_default() += 1;
        }
        let passed_over = imported.warnings.iter().map(ToString::to_string);
        Self {
            from: imported.format,
            to,
            out: out.to_owned(),
            intents: corpus.intents.len(),
            examples: corpus.len(),
            languages,
            files,
            left_out: passed_over.chain(warnings).collect(),
        }
    }
}

impl Audited {
    fn of(examples: &[Example], tests: &[Example], similarity: f32, bot: Vec<String>) -> Self {
        let findings = look_through(examples, tests, similarity);
        Self { examples: examples.len(), tests: tests.len(), findings, bot }
    }
}

impl fmt::Display for Converted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} examples of {} intents read ({}), {} files written ({}) to {}",
            self.examples,
            self.intents,
            self.from,
            self.files,
            self.to,
            self.out.display()
        )?;
        for (language, count) in self.languages.iter().filter(|(language, _)| !language.is_empty())
        {
            writeln!(f, "{count:>8}  {language}")?;
        }
        for line in &self.left_out {
            writeln!(f, "left out or changed: {line}")?;
        }
        Ok(())
    }
}

/// The heading under which a finding is listed.
const fn kind(finding: &Finding) -> &'static str {
    match finding {
        Finding::Contradiction { .. } => "examples that contradict each other",
        Finding::Leak { .. } => "tests that were learned",
        Finding::FewExamples { .. } => "intents with few examples",
        Finding::Untrained { .. } => "intents that are tested but not learned",
        Finding::Untested { .. } => "intents that are learned but not tested",
    }
}

impl fmt::Display for Audited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} examples and {} tests", self.examples, self.tests)?;
        for same in self.findings.chunk_by(|a, b| kind(a) == kind(b)) {
            let lines: Vec<String> = same.iter().map(ToString::to_string).collect();
            list(f, kind(&same[0]), &lines)?;
        }
        if !self.bot.is_empty() {
            list(f, "the bot's folder", &self.bot)?;
        }
        if self.findings.is_empty() && self.bot.is_empty() {
            writeln!(f, "nothing was found")?;
        }
        Ok(())
    }
}

fn list(f: &mut fmt::Formatter<'_>, title: &str, lines: &[String]) -> fmt::Result {
    writeln!(f, "\n{title}: {}", lines.len())?;
    for line in lines.iter().take(SHOWN_MAX) {
        writeln!(f, "  {line}")?;
    }
    match lines.len().saturating_sub(SHOWN_MAX) {
        0 => Ok(()),
        more => writeln!(f, "  and {more} more, which --json lists"),
    }
}
