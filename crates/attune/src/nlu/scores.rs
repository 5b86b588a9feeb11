//! What `eval` says of a model, in the names that scripts read.

use std::fmt;
use std::time::Instant;

use nlu::evaluate::{Answer, Reply, Report, ask, measure};
use nlu::{Example, Model};
use serde::Serialize;

/// How good a model is; shares from 0 to 1, times of the wall.
#[derive(Serialize)]
pub(super) struct Scores {
    n: usize,
    accuracy: f32,
    macro_f1: f32,
    top3: f32,
    coverage_at_95: f32,
    ece: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    oos_n: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oos_auroc: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oos_recall: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_scope_accuracy_at_threshold: Option<f32>,
    us_per_query: f64,
    #[serde(skip)]
    report: Report,
    #[serde(skip)]
    answers: Vec<Answer>,
}

impl Scores {
    /// Asks a model of intents.
    pub(super) fn of_model(model: &Model, tests: &[Example], negatives: &[String]) -> Self {
        let ask = |text: &str| model.understand(text).into();
        Self::of(tests, negatives, Some(model.scope_threshold()), ask)
    }

    /// The whole report.
    pub(super) const fn report(&self) -> &Report {
        &self.report
    }

    /// What the model answered to tests, then to negatives.
    pub(super) fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Asks a model about tests, and about negatives that it must not know.
    pub(super) fn of(
        tests: &[Example],
        negatives: &[String],
        scope_threshold: Option<f32>,
        model: impl FnMut(&str) -> Reply,
    ) -> Self {
        let began = Instant::now();
        let answers = ask(tests, negatives, model);
        let us_per_query = began.elapsed().as_secs_f64() * 1e6 / answers.len().max(1) as f64;
        let report = measure(&answers, scope_threshold);
        let scope = report.out_of_scope.as_ref();
        let at = scope.and_then(|scope| scope.at_threshold.as_ref());
        Self {
            n: report.examples,
            accuracy: report.accuracy,
            macro_f1: report.macro_f1,
            top3: report.top3,
            coverage_at_95: report.coverage_at_95_precision,
            ece: report.calibration_error,
            oos_n: scope.map(|scope| scope.negatives),
            oos_auroc: scope.map(|scope| scope.auroc),
            oos_recall: at.map(|at| at.recall),
            in_scope_accuracy_at_threshold: at.map(|at| at.in_scope_accuracy),
            us_per_query,
            report,
            answers,
        }
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.report)?;
        writeln!(f, "\ntime for an answer        {:>7.1} µs", self.us_per_query)
    }
}
