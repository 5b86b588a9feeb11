//! `attune nlu discover`.

use std::fmt;
use std::path::Path;

use nlu::discover::{Agreement, DiscoverOptions, Discovery, conversations, discover_with, score};
use nlu::report::Table;
use serde::Serialize;

use super::{load_encoder, read, read_lines, refuse, show};
use crate::cli::DiscoverNlu;
use crate::failure::{Failure, Result};

/// What `attune nlu discover` says of utterances.
#[derive(Serialize)]
struct Discovered {
    #[serde(flatten)]
    discovery: Discovery,
    /// How well the labels of the file are met, if it has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<Agreement>,
}

pub(super) fn run(command: &DiscoverNlu) -> Result {
    let options = DiscoverOptions {
        seed: command.seed,
        clusters: command.clusters,
        assign_all: command.assign_all,
        ..DiscoverOptions::default()
    };
    let encoder = command.encoder.as_deref().map(load_encoder).transpose()?;
    let embed = encoder.as_ref().map(|encoder| |texts: &[&str]| encoder.embed(texts));
    let embed = embed.as_ref().map(|embed| embed as nlu::discover::Encoder<'_>);
    if command.input.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
        let columns = conversations::Columns::default();
        let past = conversations::read_csv(&command.input, &read(&command.input)?, &columns)
            .map_err(|errors| refuse(&errors))?;
        return show(&conversations::estimate(&past, &options, embed), command.json);
    }
    let texts = read_lines(&command.input)?;
    if texts.is_empty() {
        let problem = "holds no utterance: write one on each line";
        return Err(Failure::start(format!("{} {problem}", command.input.display())));
    }
    let lines: Vec<&str> = texts.iter().map(String::as_str).collect();
    let discovery = discover_with(&lines, &options, embed);
    let labels = labels(&command.input, texts.len())?;
    let agreement = labels.map(|labels| {
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        score(&discovery.assignment, &labels)
    });
    show(&Discovered { discovery, agreement }, command.json)
}

/// The labels of a file of label, tab, text; `None` unless each of its `count` texts has one.
fn labels(path: &Path, count: usize) -> Result<Option<Vec<String>>> {
    let examples = nlu::parse_tsv(path, &read(path)?).ok();
    let labels = examples.filter(|examples| examples.len() == count);
    Ok(labels.map(|examples| examples.into_iter().map(|one| one.intent).collect()))
}

impl fmt::Display for Discovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&[">share", ">utterances", ">cohesion", "intent", "such as"]);
        for one in &self.discovery.clusters {
            let sample = one.samples.first().map_or("", String::as_str);
            table.row([
                &format!("{:.1} %", one.share * 100.0),
                &one.size.to_string(),
                &format!("{:.2}", one.cohesion),
                &one.name,
                sample,
            ]);
        }
        let alone = self.discovery.assignment.iter().filter(|group| group.is_none()).count();
        writeln!(f, "{table}{alone} utterances are unlike all others")?;
        match &self.agreement {
            Some(agreement) => writeln!(
                f,
                "of those with a label {:.1} % are in the group of their label",
                agreement.accuracy * 100.0
            ),
            None => Ok(()),
        }
    }
}
