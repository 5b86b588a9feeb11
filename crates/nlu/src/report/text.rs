//! Reports as a person reads them on a terminal.

use std::fmt;

use super::table::Table;
use crate::evaluate::{Comparison, CrossValidation, IntentReport, OutOfScope, Report};

/// How many rows of each kind a printed report shows.
const ROWS_SHOWN_MAX: usize = 10;

/// A share as percent with one digit.
pub(crate) fn percent(share: f32) -> String {
    format!("{:.1}", share * 100.0)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "utterances                {:>7}", self.examples)?;
        for (name, share) in [
            ("accuracy", self.accuracy),
            ("among the three likeliest", self.top3),
            ("macro-F1", self.macro_f1),
            ("coverage at 95 % right", self.coverage_at_95_precision),
            ("calibration error", self.calibration_error),
        ] {
            writeln!(f, "{name:<25} {:>7} %", percent(share))?;
        }
        if let Some(scope) = &self.out_of_scope {
            write!(f, "{scope}")?;
        }
        let (weakest, confused) = (weakest(&self.intents), confused(self));
        for (title, table) in [("weakest intents", weakest), ("confused", confused)] {
            if !table.is_empty() {
                write!(f, "\n{title}\n{table}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for OutOfScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "negatives                 {:>7}", self.negatives)?;
        let mut rows = vec![("out-of-scope AUROC", self.auroc)];
        if let Some(at) = &self.at_threshold {
            rows.push(("negatives recognised", at.recall));
            rows.push(("right among refused", at.precision));
            rows.push(("accuracy at the threshold", at.in_scope_accuracy));
        }
        for (name, share) in rows {
            writeln!(f, "{name:<25} {:>7} %", percent(share))?;
        }
        Ok(())
    }
}

fn weakest(intents: &[IntentReport]) -> Table {
    let mut weakest: Vec<&IntentReport> = intents.iter().filter(|one| one.f1 < 1.0).collect();
    weakest.sort_by(|a, b| a.f1.total_cmp(&b.f1));
    let mut table = Table::new(&["intent", ">tests", ">precision", ">recall", ">F1"]);
    for one in weakest.iter().take(ROWS_SHOWN_MAX) {
        let shares = [one.precision, one.recall, one.f1].map(percent);
        table.row([&one.intent, &one.examples.to_string()].into_iter().chain(&shares));
    }
    table
}

fn confused(report: &Report) -> Table {
    let mut table = Table::new(&[">times", "expected", "found", "for example"]);
    for one in report.confusions.iter().take(ROWS_SHOWN_MAX) {
        let sample = one.sentences.first().map_or("", |sentence| &sentence.text);
        let found = if one.found.is_empty() { "–" } else { &one.found };
        table.row([&one.count.to_string(), &*one.expected, found, sample]);
    }
    table
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let difference = |both: [f32; 2]| format!("{:+.1}", (both[1] - both[0]) * 100.0);
        let mut table = Table::new(&["", ">first", ">second", ">difference", ">p"]);
        for (name, both, p) in [
            ("accuracy %", self.accuracy, self.accuracy_mid_p),
            ("macro-F1 %", self.macro_f1, self.macro_f1_p),
        ] {
            let [first, second] = both.map(percent);
            table.row([name, &first, &second, &difference(both), &probability(p)]);
        }
        write!(f, "{table}")?;
        let [first, second] = self.only_right;
        writeln!(
            f,
            "\nonly the first is right {first} times, only the second {second} times of {}",
            self.examples
        )?;
        writeln!(f, "accuracy: {}", verdict(self.differs_in_accuracy()))?;
        writeln!(f, "macro-F1: {}", verdict(self.differs_in_macro_f1()))?;
        let mut changes = Table::new(&["expected", "first", "second", "text"]);
        for one in self.changes.iter().take(ROWS_SHOWN_MAX) {
            changes.row([&one.expected, &one.found[0], &one.found[1], &one.text]);
        }
        if changes.is_empty() { Ok(()) } else { write!(f, "\nchanged\n{changes}") }
    }
}

fn probability(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".to_owned() } else { format!("{p:.4}") }
}

fn verdict(differs: bool) -> &'static str {
    if differs { "the difference is unlikely to be chance" } else { "the difference may be chance" }
}

impl fmt::Display for CrossValidation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&["fold", ">tests", ">accuracy", ">macro-F1"]);
        for (number, fold) in (1..).zip(&self.folds) {
            let (number, tests) = (number.to_string(), fold.examples.to_string());
            table.row([number, tests, percent(fold.accuracy), percent(fold.macro_f1)]);
        }
        write!(f, "{table}")?;
        for (name, (mean, deviation)) in [("accuracy", self.accuracy), ("macro-F1", self.macro_f1)]
        {
            writeln!(f, "{name} {} % ± {}", percent(mean), percent(deviation))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate::{Answer, Reply, compare, measure};

    fn answer(text: &str, expected: &str, found: &str) -> Answer {
        Answer::new(
            text,
            Some(expected),
            Reply { ranked: vec![(found.to_owned(), 0.8)], in_scope_score: 0.8 },
        )
    }

    #[test]
    fn a_report_names_what_is_weak_and_shows_why() {
        let report =
            measure(&[answer("钱呢", "退款", "发票"), answer("开票", "发票", "发票")], None);

        let text = report.to_string();

        assert!(text.contains("accuracy                     50.0 %"), "{text}");
        assert!(text.contains("weakest intents") && text.contains("钱呢"), "{text}");
    }

    #[test]
    fn a_comparison_says_what_may_be_chance() {
        let (first, second) = ([answer("钱呢", "退款", "发票")], [answer("钱呢", "退款", "退款")]);

        let text = compare(&first, &second, 1).unwrap().to_string();

        assert!(text.contains("accuracy: the difference may be chance"), "{text}");
        assert!(text.contains("only the second 1 times of 1"), "{text}");
    }
}
