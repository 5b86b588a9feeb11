//! `attune nlu eval`, `cross-validate` and `learning-curve`.

use std::fmt;
use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;

use nlu::evaluate::{
    Comparison, Confusion, CrossValidation, CurveOptions, CurvePoint, FoldScore, Reply, ask,
    compare, cross_validate as validate, learning_curve as curve, measure,
};
use nlu::report::Table;
use nlu::{Model, TrainError, TrainingSet};
use serde::Serialize;

use super::intents::load;
use super::page::{self, Subject};
use super::recipe::Recipe;
use super::scores::Scores;
use super::{read_examples, read_lines, refuse, show};
use crate::cli::{CrossValidateNlu, EvalNlu, LearningCurveNlu};
use crate::failure::Result;

/// Draws the tests of a comparison's bootstrap; the same seed gives the same figures.
const SEED: u64 = 42;

/// What `attune nlu eval` says.
#[derive(Serialize)]
struct Evaluated {
    #[serde(flatten)]
    scores: Scores,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confusions: Option<Vec<Confusion>>,
}

/// `attune nlu eval`
pub(super) fn eval(eval: &EvalNlu) -> Result {
    let model = load(&eval.model)?;
    let other = eval.compare.as_deref().map(load).transpose()?;
    let tests = read_examples(&eval.data)?;
    let negatives = eval.oos.as_deref().map(read_lines).transpose()?.unwrap_or_default();
    let scores = Scores::of_model(&model, &tests, &negatives);
    let comparison = other.map(|other| {
        let answers = ask(&tests, &negatives, |text| other.understand(text).into());
        compare(scores.answers(), &answers, SEED)
    });
    let comparison = comparison.transpose().map_err(|error| refuse(&error))?;
    let model = match &eval.compare {
        Some(other) => format!("{} / {}", eval.model.display(), other.display()),
        None => eval.model.display().to_string(),
    };
    let subject =
        Subject { title: ["意图识别评测", "Evaluation of intents"], model, data: &eval.data };
    page::write(&eval.page, &subject, scores.report(), &[], comparison.as_ref())?;
    let listed = |pairs: usize| scores.report().confusions.iter().take(pairs).cloned().collect();
    let confusions = eval.confusions.map(listed);
    show(&Evaluated { confusions, comparison, scores }, eval.json)
}

/// What `attune nlu cross-validate` says.
#[derive(Serialize)]
struct CrossValidated {
    n: usize,
    accuracy: f32,
    accuracy_deviation: f32,
    macro_f1: f32,
    macro_f1_deviation: f32,
    top3: f32,
    coverage_at_95: f32,
    ece: f32,
    folds: Vec<FoldScore>,
    #[serde(skip)]
    all: CrossValidation,
}

/// `attune nlu cross-validate`
pub(super) fn cross_validate(command: &CrossValidateNlu) -> Result {
    let examples = read_examples(&command.data)?;
    let recipe = Recipe::read(&command.tier)?;
    let mut trained = Counter::new("fold");
    let train = |set: &TrainingSet| {
        trained.next();
        recipe.train(set, &[]).map(replies)
    };
    let (all, _) = validate(&examples, command.folds, command.tier.seed, train)
        .map_err(|error| refuse(&error))?;
    let title = ["意图识别交叉验证", "Cross-validation of intents"];
    write_page(&command.page, title, &recipe, &command.data, &all.report, &[])?;
    let report = &all.report;
    let found = CrossValidated {
        n: report.examples,
        accuracy: all.accuracy.0,
        accuracy_deviation: all.accuracy.1,
        macro_f1: all.macro_f1.0,
        macro_f1_deviation: all.macro_f1.1,
        top3: report.top3,
        coverage_at_95: report.coverage_at_95_precision,
        ece: report.calibration_error,
        folds: all.folds.clone(),
        all,
    };
    show(&found, command.json)
}

/// What `attune nlu learning-curve` says.
#[derive(Serialize)]
struct Curve {
    n: usize,
    points: Vec<CurvePoint>,
}

/// `attune nlu learning-curve`
pub(super) fn learning_curve(command: &LearningCurveNlu) -> Result {
    let (examples, tests) = (read_examples(&command.data)?, read_examples(&command.test)?);
    let recipe = Recipe::read(&command.tier)?;
    let mut trained = Counter::new("training");
    // The last model is the one of all examples; the page shows it.
    let mut last: Option<Arc<Model>> = None;
    let train = |set: &TrainingSet| -> Result<_, TrainError> {
        trained.next();
        let model = Arc::new(recipe.train(set, &[])?);
        last = Some(Arc::clone(&model));
        Ok(move |text: &str| Reply::from(model.understand(text)))
    };
    let options = CurveOptions {
        repeats: command.repeats,
        seed: command.tier.seed,
        ..CurveOptions::default()
    };
    let points = curve(&examples, &tests, &options, train).map_err(|error| refuse(&error))?;
    if let Some(model) = last.filter(|_| command.page.html.is_some()) {
        let report = measure(&ask(&tests, &[], |text| model.understand(text).into()), None);
        let title = ["学习曲线", "Learning curve"];
        write_page(&command.page, title, &recipe, &command.data, &report, &points)?;
    }
    show(&Curve { n: tests.len(), points }, command.json)
}

fn write_page(
    wanted: &crate::cli::PageNlu,
    title: [&'static str; 2],
    recipe: &Recipe,
    data: &Path,
    report: &nlu::Report,
    points: &[CurvePoint],
) -> Result {
    let subject = Subject { title, model: recipe.describe(), data };
    page::write(wanted, &subject, report, points, None)
}

fn replies(model: Model) -> impl FnMut(&str) -> Reply {
    move |text| model.understand(text).into()
}

/// Tells on standard error which of many trainings runs, if a person reads along.
struct Counter {
    what: &'static str,
    count: usize,
}

impl Counter {
    const fn new(what: &'static str) -> Self {
        Self { what, count: 0 }
    }

    fn next(&mut self) {
        self.count += 1;
        if std::io::stderr().is_terminal() {
            eprint!("\r{} {} …", self.what, self.count);
        }
    }
}

impl fmt::Display for Evaluated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.scores)?;
        if let Some(comparison) = &self.comparison {
            write!(f, "\ncompared\n{comparison}")?;
        }
        for pair in self.confusions.iter().flatten() {
            let found = if pair.found.is_empty() { "nothing" } else { &pair.found };
            writeln!(f, "\n{} taken for {found}, {} times", pair.expected, pair.count)?;
            let mut table = Table::new(&[">%", "said"]);
            for missed in &pair.sentences {
                table.row([&format!("{:.1}", missed.confidence * 100.0), &missed.text]);
            }
            write!(f, "{table}")?;
        }
        Ok(())
    }
}

impl fmt::Display for CrossValidated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\nall folds together\n{}", self.all, self.all.report)
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(&[">share", ">examples", ">accuracy", ">macro-F1"]);
        let percent = |share: f32| format!("{:.1}", share * 100.0);
        for point in &self.points {
            let (accuracy, macro_f1) = (percent(point.accuracy), percent(point.macro_f1));
            table.row([percent(point.share), point.examples.to_string(), accuracy, macro_f1]);
        }
        write!(f, "{table}")
    }
}
