//! Pages with pictures, written to files.

use std::fs;
use std::path::Path;

use nlu::Language;
use nlu::evaluate::{Comparison, CurvePoint, Report};
use nlu::report::{Page, html};
use sha2::{Digest as _, Sha256};

use super::{machine, read};
use crate::cli::{PageLanguage, PageNlu};
use crate::failure::{Failure, Result};
use crate::surroundings;

/// What a page of one model's figures is about.
pub(super) struct Subject<'a> {
    /// The title in Chinese and in English.
    pub(super) title: [&'static str; 2],
    /// What the model is: its folder, or how it was trained.
    pub(super) model: String,
    /// The file that was measured on.
    pub(super) data: &'a Path,
}

/// The language of fixed words.
pub(super) const fn language(chosen: PageLanguage) -> Language {
    match chosen {
        PageLanguage::Zh => Language::Zh,
        PageLanguage::En => Language::En,
    }
}

/// Draws a page, if one is wanted, and writes it.
pub(super) fn write(
    wanted: &PageNlu,
    subject: &Subject<'_>,
    report: &Report,
    curve: &[CurvePoint],
    comparison: Option<&Comparison>,
) -> Result {
    let Some(file) = &wanted.html else { return Ok(()) };
    let language = language(wanted.language);
    let page = html(&Page {
        title: pick(language, subject.title),
        language,
        facts: &facts(language, subject)?,
        report,
        curve,
        comparison,
    });
    write_file(file, &page)
}

/// Writes a page over one that may be there.
pub(super) fn write_file(file: &Path, page: &str) -> Result {
    fs::write(file, page).map_err(|error| {
        Failure::start(format!(
            "cannot write {}: {error}: name a file in a folder that is there",
            file.display()
        ))
    })
}

/// Today, as it is shown.
pub(super) fn today() -> String {
    surroundings::now().strftime("%Y-%m-%d").to_string()
}

fn facts(language: Language, subject: &Subject<'_>) -> Result<Vec<(String, String)>> {
    let hash = Sha256::digest(read(subject.data)?);
    let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let cpu = format!("{} × {}", machine::cpu(), machine::cores());
    let facts = [
        (["模型", "model"], subject.model.clone()),
        (["数据", "data"], subject.data.display().to_string()),
        (["数据 SHA-256", "SHA-256 of the data"], hash),
        (["版本", "version"], env!("CARGO_PKG_VERSION").to_owned()),
        (["处理器", "processor"], cpu),
        (["系统", "system"], machine::system()),
        (["日期", "date"], today()),
    ];
    Ok(facts.map(|(names, value)| (pick(language, names).to_owned(), value)).to_vec())
}

const fn pick(language: Language, words: [&'static str; 2]) -> &'static str {
    match language {
        Language::Zh => words[0],
        Language::En => words[1],
    }
}
