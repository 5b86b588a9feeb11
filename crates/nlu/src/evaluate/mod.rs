//! How good a model is on utterances that it was not trained on, for people (a table) and for programs (JSON).
//!
//! [`ask`] collects answers, [`measure`] makes a [`Report`] of them, [`compare`] holds two sets of answers against each
//! other, [`cross_validate`] and [`learning_curve`] train again and again; [`KeywordRules`] are what a model is held against. What a
//! model is, is no matter of this module.

mod answer;
mod compare;
mod confusion;
mod cross;
mod learning;
mod measure;
mod rules;
mod scope;
mod statistics;

use serde::{Deserialize, Serialize};

pub use answer::{Answer, Reply, ask};
pub use compare::{Change, CompareError, Comparison, compare};
pub use confusion::{Confusion, Missed};
pub use cross::{CrossError, CrossValidation, FoldScore, cross_validate};
pub use learning::{CurveOptions, CurvePoint, STEPS_MAX, learning_curve};
pub use measure::{Bin, IntentReport, RiskPoint, measure};
pub use rules::{KEYWORDS_MAX, KeywordRules, RulesScore};
pub use scope::{AtThreshold, OutOfScope};

use crate::model::Model;
use crate::training_set::Example;

/// Says how good a model is on a set of tests.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Report {
    /// How many utterances with a known intent were tested.
    pub examples: usize,
    /// The share whose likeliest intent is right.
    pub accuracy: f32,
    /// The share whose right intent is among the three likeliest.
    pub top3: f32,
    /// The mean F1 of the intents, each counting alike.
    pub macro_f1: f32,
    /// The share that can be answered alone while 95 of 100 answers are right.
    pub coverage_at_95_precision: f32,
    /// The probability above which that holds; above 1 if it never does.
    pub answer_threshold: f32,
    /// The expected calibration error over 15 bins.
    pub calibration_error: f32,
    /// What lies in those bins: confidence and what came of it.
    #[serde(default)]
    pub bins: Vec<Bin>,
    /// The share of wrong answers for each share of answers given, the surest first.
    #[serde(default)]
    pub risk_coverage: Vec<RiskPoint>,
    /// How well the model knows what it does not know; `None` without negatives.
    #[serde(default)]
    pub out_of_scope: Option<OutOfScope>,
    /// Every intent that was expected or found, by name.
    pub intents: Vec<IntentReport>,
    /// The pairs of intents that were confused, the most frequent first.
    pub confusions: Vec<Confusion>,
}

/// Tests a model on utterances whose intents are known.
#[must_use]
pub fn evaluate(model: &Model, tests: &[Example]) -> Report {
    measure(&ask(tests, &[], |text| model.understand(text).into()), None)
}
