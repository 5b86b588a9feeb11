//! Cross-validation: every example is a test once, for a model that was trained on the others.
//!
//! Near-duplicates stay together (see [`crate::split`]), so the figures are those of new utterances.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Report;
use super::answer::{Answer, Reply, ask};
use super::measure::measure;
use super::statistics::mean_and_deviation;
use crate::near::SIMILARITY_DEFAULT;
use crate::split::{self, SplitError};
use crate::training_set::{Example, TrainingSet};

/// Holds what a cross-validation found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossValidation {
    /// The figures of each fold.
    pub folds: Vec<FoldScore>,
    /// The mean accuracy of the folds and its standard deviation.
    pub accuracy: (f32, f32),
    /// The mean macro-F1 of the folds and its standard deviation.
    pub macro_f1: (f32, f32),
    /// The report over all answers of all folds.
    pub report: Report,
}

/// Holds the figures of one fold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FoldScore {
    /// How many examples were tested.
    pub examples: usize,
    /// The share whose likeliest intent is right.
    pub accuracy: f32,
    /// The mean F1 of the intents.
    pub macro_f1: f32,
}

/// Says why a cross-validation ended.
#[derive(Debug, Clone, PartialEq)]
pub enum CrossError<E> {
    /// The examples cannot be divided.
    Split(SplitError),
    /// The training on all folds but one failed, or was given up by the caller.
    Train {
        /// The fold, counted from 1.
        fold: usize,
        /// What the training said.
        error: E,
    },
}

impl<E: fmt::Display> fmt::Display for CrossError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Split(error) => error.fmt(f),
            Self::Train { fold, error } => write!(f, "training without fold {fold}: {error}"),
        }
    }
}

impl<E: std::error::Error> std::error::Error for CrossError<E> {}

/// Trains and tests `folds` times. `train` makes a model, which is whatever replies to a text; it may tell progress, and
/// by an error ends the whole.
///
/// # Errors
/// If the examples cannot be divided or a training fails.
pub fn cross_validate<M, E>(
    examples: &[Example],
    folds: usize,
    seed: u64,
    mut train: impl FnMut(&TrainingSet) -> Result<M, E>,
) -> Result<(CrossValidation, Vec<Answer>), CrossError<E>>
where
    M: FnMut(&str) -> Reply,
{
    let parts =
        split::folds(examples, folds, seed, SIMILARITY_DEFAULT).map_err(CrossError::Split)?;
    let (mut scores, mut answers) = (Vec::with_capacity(folds), Vec::with_capacity(examples.len()));
    for (at, part) in parts.iter().enumerate() {
        let set = TrainingSet::new(split::pick(examples, &others(&parts, at)));
        let model = train(&set).map_err(|error| CrossError::Train { fold: at + 1, error })?;
        let of_fold = ask(&split::pick(examples, part), &[], model);
        let report = measure(&of_fold, None);
        scores.push(FoldScore {
            examples: report.examples,
            accuracy: report.accuracy,
            macro_f1: report.macro_f1,
        });
        answers.extend(of_fold);
    }
    let of = |value: fn(&FoldScore) -> f32| {
        mean_and_deviation(&scores.iter().map(value).collect::<Vec<f32>>())
    };
    let (accuracy, macro_f1) = (of(|one| one.accuracy), of(|one| one.macro_f1));
    let report = measure(&answers, None);
    Ok((CrossValidation { folds: scores, accuracy, macro_f1, report }, answers))
}

fn others(parts: &[Vec<usize>], at: usize) -> Vec<usize> {
    let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
    others.flat_map(|(_, part)| part.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::near::bare;

    fn examples() -> Vec<Example> {
        let plants = ["amber", "birch", "cedar", "dogwood", "elder", "foxglove", "gorse", "hazel"];
        let verbs = [("plant", "put in"), ("cut", "shorten")];
        let of = |(intent, verb): (&str, &str)| {
            plants.map(|plant| Example::new(intent, format!("{verb} {plant} {plant} {plant}")))
        };
        verbs.into_iter().flat_map(of).collect()
    }

    /// A model that knows what it has seen by heart, and nothing else.
    fn by_heart(set: &TrainingSet) -> Result<impl FnMut(&str) -> Reply + use<>, String> {
        let known: HashMap<String, String> =
            set.examples().iter().map(|one| (bare(&one.text), one.intent.clone())).collect();
        Ok(move |text: &str| {
            let ranked = known.get(&bare(text)).map(|intent| (intent.clone(), 1.0));
            Reply { ranked: ranked.into_iter().collect(), in_scope_score: 1.0 }
        })
    }

    #[test]
    fn a_model_that_learns_by_heart_gets_nothing_right_even_with_copies() {
        let mut copied = examples();
        copied.extend(examples().into_iter().map(|one| Example::new(one.intent, one.text + "!")));

        let (found, answers) = cross_validate(&copied, 4, 1, by_heart).unwrap();

        assert_eq!(found.accuracy, (0.0, 0.0));
        assert_eq!(found.folds.len(), 4);
        assert_eq!((found.report.examples, answers.len()), (32, 32));
    }

    #[test]
    fn every_example_is_tested_once() {
        let first_word = |_: &TrainingSet| {
            Ok::<_, String>(|text: &str| {
                let intent = if text.starts_with("put") { "plant" } else { "cut" };
                Reply { ranked: vec![(intent.to_owned(), 0.9)], in_scope_score: 0.9 }
            })
        };

        let (found, answers) = cross_validate(&examples(), 4, 1, first_word).unwrap();

        let mut texts: Vec<String> = answers.into_iter().map(|one| one.text).collect();
        let mut all: Vec<String> = examples().into_iter().map(|one| one.text).collect();
        texts.sort_unstable();
        all.sort_unstable();
        assert_eq!(texts, all);
        assert_eq!(found.accuracy, (1.0, 0.0));
    }

    #[test]
    fn an_error_ends_it_and_names_the_fold() {
        let mut left = 1;
        let give_up = |set: &TrainingSet| {
            left -= 1;
            if left < 0 { Err("stopped".to_owned()) } else { by_heart(set) }
        };

        let error = cross_validate(&examples(), 4, 1, give_up).unwrap_err();

        assert_eq!(error.to_string(), "training without fold 2: stopped");
        let error = cross_validate(&examples(), 1, 1, by_heart).unwrap_err();
        assert!(matches!(error, CrossError::Split(SplitError::BadFolds(1))));
    }
}
