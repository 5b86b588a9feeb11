//! The vendor's report as one page.

use super::super::html::{Words, document, escape, percent, section, table};
use super::{SetResult, VendorReport};
use crate::text::Language;

impl VendorReport {
    /// Draws the report as one self-contained page.
    #[must_use]
    pub fn html(&self, language: Language) -> String {
        let words = Words::of(language);
        let mut body = section(words.overview, "", &self.overview(words));
        for set in &self.sets {
            let pictures = super::super::html::pictures(&set.report, words);
            body += &section(&format!("{} ({})", set.name, set.part), "", &pictures);
        }
        body += &section(words.hash, "", &self.hashes(words));
        let facts: Vec<(String, String)> = self
            .about
            .facts()
            .into_iter()
            .map(|(name, value)| (fact(name, language).to_owned(), value))
            .collect();
        document(title(language), &facts, words, &body)
    }

    fn overview(&self, words: &Words) -> String {
        let heading = [
            words.set,
            words.training,
            words.classes,
            words.tests,
            words.leaked,
            words.accuracy,
            words.macro_f1,
            words.coverage,
            words.calibration_error,
            words.auroc,
            words.train_time,
            words.per_query,
        ];
        table(&heading, 1, self.sets.iter().map(row))
    }

    fn hashes(&self, words: &Words) -> String {
        let hash = |hash: &str| format!("<span class=\"mono\">{}</span>", escape(hash));
        let rows = self
            .sets
            .iter()
            .map(|set| vec![escape(&set.name), hash(&set.train_sha256), hash(&set.test_sha256)]);
        table(&[words.set, words.training, words.tests], 3, rows)
    }
}

fn row(set: &SetResult) -> Vec<String> {
    let report = &set.report;
    vec![
        escape(&set.name),
        set.examples.to_string(),
        set.intents.to_string(),
        report.examples.to_string(),
        set.leaked.to_string(),
        percent(report.accuracy),
        percent(report.macro_f1),
        percent(report.coverage_at_95_precision),
        percent(report.calibration_error),
        report.out_of_scope.as_ref().map_or("–".to_owned(), |scope| percent(scope.auroc)),
        format!("{:.2}", set.train_s),
        format!("{:.1}", set.us_per_query),
    ]
}

const fn title(language: Language) -> &'static str {
    match language {
        Language::Zh => "语言理解准确率报告",
        Language::En => "Accuracy of language understanding",
    }
}

fn fact(name: &'static str, language: Language) -> &'static str {
    match (language, name) {
        (Language::En, name) => name,
        (Language::Zh, "version") => "版本",
        (Language::Zh, "method") => "方法",
        (Language::Zh, "processor") => "处理器",
        (Language::Zh, "system") => "系统",
        (Language::Zh, "date") => "日期",
        (Language::Zh, other) => other,
    }
}
