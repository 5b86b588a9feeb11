//! How a release does on the tests of a bot's folder, sentence by sentence.
//!
//! It is measured once, when the release is made, and kept with it; how two
//! releases differ is the matter of [`crate::comparison`].

use std::collections::BTreeMap;

use domain::{Language, ReleaseMetrics, TestMetrics};
use nlu::{BotData, Example, Model};
use serde::{Deserialize, Serialize};

use crate::language::written;

/// How many misunderstood sentences are kept, and how long each may be.
const MISSES_MAX: usize = 2_000;
const MISS_CHARS_MAX: usize = 200;

/// How a release did on the tests.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Evaluation {
    /// Each language that has tests.
    pub languages: Vec<LanguageEvaluation>,
    /// The sentences that were taken for something else, the first 2,000.
    pub misses: Vec<Miss>,
}

/// How a release did on the tests of a language.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct LanguageEvaluation {
    /// The language.
    pub language: Language,
    /// How many sentences were tested.
    pub tests: usize,
    /// The share that was understood.
    pub accuracy: f32,
    /// The share whose right intent was among the three likeliest.
    pub top3: f32,
    /// The mean F1 of the intents.
    pub macro_f1: f32,
    /// The share that could be answered alone, being right 95 times of 100.
    pub coverage: f32,
    /// The probability from which on that holds; above 1 if it never does.
    pub answer_threshold: f32,
    /// How far probabilities and truth lie apart, on average.
    pub calibration_error: f32,
    /// Each intent that was expected or found.
    pub intents: Vec<IntentEvaluation>,
    /// Which intent was taken for which, the most frequent first.
    pub confusions: Vec<Confusion>,
}

/// How an intent was recognised.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct IntentEvaluation {
    /// Its name.
    pub intent: String,
    /// How many tests have it.
    pub tests: usize,
    /// The share of right ones among those that were taken for it.
    pub precision: f32,
    /// The share of its tests that was recognised.
    pub recall: f32,
    /// The harmonic mean of the two.
    pub f1: f32,
}

/// How often an intent was taken for another.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Confusion {
    /// What was meant.
    pub expected: String,
    /// What was understood.
    pub found: String,
    /// How often.
    pub count: usize,
}

/// A sentence that was taken for something else.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Miss {
    /// Its language.
    pub language: Language,
    /// What was said.
    pub text: String,
    /// What was meant.
    pub expected: String,
    /// What was understood.
    pub found: String,
    /// How sure the model was of it, from 0 to 1.
    pub probability: f32,
}

/// Measures a model on all tests of a bot's folder.
pub(crate) fn evaluate(model: &Model, data: &BotData) -> Evaluation {
    let mut evaluation = Evaluation::default();
    for (&language, tests) in data.tests.iter().filter(|(_, tests)| !tests.is_empty()) {
        let language = written(language);
        let misses = misses(model, language, tests);
        evaluation.languages.push(of_language(model, language, tests, &misses));
        let room = MISSES_MAX - evaluation.misses.len();
        evaluation.misses.extend(misses.into_iter().take(room));
    }
    evaluation
}

/// Sums up what a release is worth.
pub(crate) fn metrics(model: &Model, data: &BotData, evaluation: &Evaluation) -> ReleaseMetrics {
    let held_out = model.metrics();
    let tests = evaluation.languages.iter().map(|of| TestMetrics {
        language: of.language,
        tests: of.tests,
        accuracy: of.accuracy,
        macro_f1: of.macro_f1,
        coverage: of.coverage,
    });
    ReleaseMetrics {
        intents: model.intents().len(),
        examples: data.training_set().examples().len(),
        held_out_accuracy: held_out.accuracy,
        held_out_coverage: held_out.coverage_at_95_precision,
        calibration_error: held_out.calibration_error,
        tests: tests.collect(),
    }
}

fn of_language(
    model: &Model,
    language: Language,
    tests: &[Example],
    misses: &[Miss],
) -> LanguageEvaluation {
    let report = nlu::evaluate(model, tests);
    let intents = report.intents.into_iter().map(|one| IntentEvaluation {
        intent: one.intent,
        tests: one.examples,
        precision: one.precision,
        recall: one.recall,
        f1: one.f1,
    });
    LanguageEvaluation {
        language,
        tests: report.examples,
        accuracy: report.accuracy,
        top3: report.top3,
        macro_f1: report.macro_f1,
        coverage: report.coverage_at_95_precision,
        answer_threshold: report.answer_threshold,
        calibration_error: report.calibration_error,
        intents: intents.collect(),
        confusions: confusions(misses),
    }
}

fn misses(model: &Model, language: Language, tests: &[Example]) -> Vec<Miss> {
    let judged = tests.iter().filter_map(|test| {
        let best = model.understand(&test.text).intents.into_iter().next();
        let (found, probability) =
            best.map_or((String::new(), 0.0), |best| (best.intent.to_string(), best.probability));
        (found != test.intent).then(|| Miss {
            language,
            text: test.text.chars().take(MISS_CHARS_MAX).collect(),
            expected: test.intent.clone(),
            found,
            probability,
        })
    });
    judged.collect()
}

fn confusions(misses: &[Miss]) -> Vec<Confusion> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for miss in misses {
        *counts.entry((&miss.expected, &miss.found)).or_default() += 1;
    }
    let mut confusions: Vec<Confusion> = counts
        .into_iter()
        .map(|((expected, found), count)| Confusion {
            expected: expected.to_owned(),
            found: found.to_owned(),
            count,
        })
        .collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
    confusions
}

#[cfg(test)]
mod tests {
    use nlu::{TrainOptions, TrainingSet};

    use super::*;

    fn trained() -> Model {
        let examples = [
            ("refund", "我要退款"),
            ("refund", "退钱给我"),
            ("refund", "申请退款"),
            ("parcel", "快递到哪了"),
            ("parcel", "包裹什么时候到"),
            ("parcel", "查一下物流"),
        ];
        let examples = examples.map(|(intent, text)| Example::new(intent, text));
        Model::train(&TrainingSet::new(examples.into()), &TrainOptions::default()).unwrap()
    }

    #[test]
    fn a_confusion_leads_to_its_sentences() {
        let tests = vec![Example::new("refund", "退款"), Example::new("complaint", "物流到哪了")];
        let mut data = BotData::default();
        data.tests.insert(nlu::Language::Zh, tests);

        let evaluation = evaluate(&trained(), &data);

        let [zh] = evaluation.languages.as_slice() else { panic!("{evaluation:?}") };
        assert_eq!((zh.tests, zh.accuracy), (2, 0.5));
        let [confusion] = zh.confusions.as_slice() else { panic!("{zh:?}") };
        assert_eq!(
            (confusion.expected.as_str(), confusion.found.as_str()),
            ("complaint", "parcel")
        );
        assert_eq!(evaluation.misses[0].text, "物流到哪了");
    }

    #[test]
    fn what_is_kept_of_an_evaluation_has_bounds() {
        let tests =
            (0..3_000).map(|n| Example::new("complaint", format!("{n}{}", "长".repeat(300))));
        let mut data = BotData::default();
        data.tests.insert(nlu::Language::Zh, tests.collect());

        let evaluation = evaluate(&trained(), &data);

        assert_eq!(evaluation.languages[0].tests, 3_000);
        assert_eq!(evaluation.misses.len(), MISSES_MAX);
        assert!(evaluation.misses.iter().all(|miss| miss.text.chars().count() == MISS_CHARS_MAX));
    }
}
