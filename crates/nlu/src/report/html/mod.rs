//! A report as one page: pictures, tables, and the sentences behind each confusion.
//!
//! The page is a single file that fetches nothing and runs no script; it is readable by day and night, on paper, and in
//! Chinese or English. What was said in it is escaped.

mod charts;
mod markup;
mod words;

use crate::evaluate::{Comparison, Confusion, CurvePoint, IntentReport, Report};
use crate::text::Language;

pub(super) use charts::against_rules;
pub(super) use markup::{escape, name, percent, table};
pub(super) use words::Words;

/// The most pairs of confused intents whose sentences are shown.
const PAIRS_MAX: usize = 300;
/// The most sentences of a pair.
const SENTENCES_MAX: usize = 100;
/// The most changed answers of a comparison.
const CHANGES_MAX: usize = 500;
const STYLE: &str = include_str!("style.css");

/// Holds what a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// What the page is about.
    pub title: &'a str,
    /// The language of its fixed words.
    pub language: Language,
    /// Lines below the title, such as the date, the data's hash and the version: a name and a value each.
    pub facts: &'a [(String, String)],
    /// The report.
    pub report: &'a Report,
    /// The learning curve, if one was measured.
    pub curve: &'a [CurvePoint],
    /// A comparison with another set of answers, if one was made.
    pub comparison: Option<&'a Comparison>,
}

/// Draws a page.
#[must_use]
pub fn html(page: &Page<'_>) -> String {
    let (words, report) = (Words::of(page.language), page.report);
    let mut body = figures(report, words);
    if let Some(comparison) = page.comparison {
        body += &section(words.comparison, "", &compared(comparison, words));
    }
    body += &pictures(report, words);
    if page.curve.len() > 1 {
        let drawn =
            section(words.curve_title, words.curve_note, &charts::learning(page.curve, words));
        body += &format!("<div class=\"pair\">{drawn}</div>\n");
    }
    body +=
        &section(words.intents_title, words.intents_note, &charts::bars(&report.intents, words));
    if !report.confusions.is_empty() {
        body += &section(words.heat_title, words.heat_note, &charts::heat_map(report, words));
        body += &section(
            words.confused_title,
            words.confused_note,
            &confusions(&report.confusions, words),
        );
    }
    body += &section(words.all_intents, "", &intents(&report.intents, words));
    document(page.title, page.facts, words, &body)
}

/// A whole file around a body.
pub(super) fn document(
    title: &str,
    facts: &[(String, String)],
    words: &Words,
    body: &str,
) -> String {
    let title = escape(title);
    let facts: String = facts
        .iter()
        .map(|(name, value)| {
            format!("<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value))
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header><h1>{title}</h1><dl class=\"facts\">{facts}</dl></header>\n<main>\n{body}</main>\n</body>\n</html>\n",
        words.code
    )
}

pub(super) fn section(title: &str, note: &str, content: &str) -> String {
    let note = if note.is_empty() {
        String::new()
    } else {
        format!("<p class=\"note\">{}</p>\n", escape(note))
    };
    format!("<section><h2>{}</h2>\n{note}{content}</section>\n", escape(title))
}

/// What confidence means and what it costs, side by side.
pub(super) fn pictures(report: &Report, words: &Words) -> String {
    let reliability = charts::reliability(&report.bins, words);
    let risk = charts::risk(&report.risk_coverage, words);
    let drawn = section(words.reliability, words.reliability_note, &reliability)
        + &section(words.risk_title, words.risk_note, &risk);
    format!("<div class=\"pair\">{drawn}</div>\n")
}

fn figures(report: &Report, words: &Words) -> String {
    let mut figures = vec![
        (words.accuracy, percent(report.accuracy)),
        (words.macro_f1, percent(report.macro_f1)),
        (words.top3, percent(report.top3)),
        (words.coverage, percent(report.coverage_at_95_precision)),
        (words.calibration_error, percent(report.calibration_error)),
        (words.utterances, report.examples.to_string()),
    ];
    if let Some(scope) = &report.out_of_scope {
        figures.push((words.auroc, percent(scope.auroc)));
        if let Some(at) = &scope.at_threshold {
            figures.push((words.oos_recall, percent(at.recall)));
            figures.push((words.oos_accuracy, percent(at.in_scope_accuracy)));
        }
        figures.push((words.negatives, scope.negatives.to_string()));
    }
    let tile = |(name, value): &(&str, String)| {
        format!("<div><dt>{}</dt><dd>{value}</dd></div>", escape(name))
    };
    format!("<dl class=\"tiles\">{}</dl>\n", figures.iter().map(tile).collect::<String>())
}

fn confusions(confusions: &[Confusion], words: &Words) -> String {
    let pair = |one: &Confusion| {
        let found = if one.found.is_empty() { words.nothing } else { &one.found };
        let shown = one.sentences.len().min(SENTENCES_MAX);
        let sentence = |missed: &crate::evaluate::Missed| {
            format!(
                "<li><span class=\"p\">{}</span> {}</li>\n",
                percent(missed.confidence),
                escape(&missed.text)
            )
        };
        let sentences: String = one.sentences.iter().take(shown).map(sentence).collect();
        let more = one.count - shown;
        let more = if more > 0 {
            format!("<li class=\"note\">{more} {}</li>", escape(words.more))
        } else {
            String::new()
        };
        format!(
            "<details><summary><b>{}</b> {} → {}</summary><ul>\n{sentences}{more}</ul></details>\n",
            one.count,
            escape(&one.expected),
            escape(found)
        )
    };
    confusions.iter().take(PAIRS_MAX).map(pair).collect()
}

pub(super) fn intents(intents: &[IntentReport], words: &Words) -> String {
    let heading = [words.intent, words.tests, words.precision, words.recall, "F1"];
    table(
        &heading,
        1,
        intents.iter().map(|one| {
            let shares = [one.precision, one.recall, one.f1].map(percent);
            [name(&one.intent), one.examples.to_string()].into_iter().chain(shares).collect()
        }),
    )
}

fn probability(p: f64) -> String {
    if p < 0.0001 { "p &lt; 0.0001".to_owned() } else { format!("p = {p:.4}") }
}

fn compared(comparison: &Comparison, words: &Words) -> String {
    let row = |name: &str, both: [f32; 2], p: f64, differs: bool| {
        let verdict = if differs { words.no_chance } else { words.chance };
        vec![
            escape(name),
            percent(both[0]),
            percent(both[1]),
            format!("{:+.1} %", (both[1] - both[0]) * 100.0),
            format!("{}, {}", probability(p), escape(verdict)),
        ]
    };
    let rows = [
        row(
            words.accuracy,
            comparison.accuracy,
            comparison.accuracy_mid_p,
            comparison.differs_in_accuracy(),
        ),
        row(
            words.macro_f1,
            comparison.macro_f1,
            comparison.macro_f1_p,
            comparison.differs_in_macro_f1(),
        ),
    ];
    let figures = table(&["", words.first, words.second, words.difference, ""], 1, rows);
    let changes: Vec<Vec<String>> = comparison
        .changes
        .iter()
        .take(CHANGES_MAX)
        .map(|one| {
            let [first, second] = &one.found;
            vec![name(&one.expected), name(first), name(second), escape(&one.text)]
        })
        .collect();
    let summary = format!("<b>{}</b> {}", comparison.changes.len(), escape(words.changed));
    let changes = table(&[words.expected, words.first, words.second, words.text], 4, changes);
    format!("{figures}<details><summary>{summary}</summary>\n{changes}</details>\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Answer, Reply, compare, measure};

    fn answers(found: &str) -> Vec<Answer> {
        (0..40)
            .map(|i| {
                let expected = ["退款", "发票"][i % 2];
                let found = if i % 5 == 0 { found } else { expected };
                let reply = Reply {
                    ranked: vec![(found.to_owned(), 0.5 + i as f32 / 100.0)],
                    in_scope_score: 0.5,
                };
                Answer::new(format!("<script>alert({i})</script>"), Some(expected), reply)
            })
            .collect()
    }

    fn page(language: Language) -> String {
        let report = measure(&answers("<img onerror=1>"), None);
        let comparison = compare(&answers("a"), &answers("退款"), 1).unwrap();
        let curve = [(0.5, 20), (1.0, 40)].map(|(share, examples)| CurvePoint {
            share,
            examples,
            accuracy: share,
            macro_f1: share,
        });
        let facts = [("date".to_owned(), "2026 & \"later\"".to_owned())];
        html(&Page {
            title: "<Report>",
            language,
            facts: &facts,
            report: &report,
            curve: &curve,
            comparison: Some(&comparison),
        })
    }

    #[test]
    fn nothing_that_was_said_is_markup() {
        let page = page(Language::En);

        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(0)&lt;/script&gt;"));
        assert!(page.contains("<title>&lt;Report&gt;</title>"));
    }

    #[test]
    fn nothing_is_fetched_from_elsewhere() {
        let page = page(Language::Zh);

        for sign in ["http:", "https:", "url(", "@import", "src=", "href="] {
            assert!(!page.contains(sign), "{sign}");
        }
    }

    #[test]
    fn every_picture_is_there_in_both_languages() {
        for (language, title) in
            [(Language::Zh, "谁被误认成了谁"), (Language::En, "What is taken for what")]
        {
            let page = page(language);

            assert_eq!(page.matches("<svg").count(), 5);
            assert!(page.contains(title));
            assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
        }
    }

    #[test]
    fn an_empty_report_makes_a_page_too() {
        let report = Report::default();

        let page = html(&Page {
            title: "x",
            language: Language::En,
            facts: &[],
            report: &report,
            curve: &[],
            comparison: None,
        });

        assert!(page.ends_with("</html>\n") && !page.contains("NaN"), "{page}");
    }
}
