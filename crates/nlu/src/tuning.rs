//! Fine-tuning an encoder for a model: what it learned from must not also tell how sure the model may be.
//!
//! The vectors of examples that an encoder learned from lie in better order than those of any text to come. So some are
//! kept from it, and the model's probabilities are calibrated on those. The training of the encoder itself is the matter
//! of [`crate::encoder`].

use std::path::Path;
use std::sync::Arc;

use crate::encoder::{Encoder, EncoderError, FineTuneOptions, OnProgress, Progress, finetune};
use crate::solver::Random;
use crate::text;
use crate::training_set::TrainingSet;

/// One in so many examples of an intent is kept from the encoder.
const KEPT_ONE_IN: usize = 10;
/// The most examples that are kept from it.
const KEPT_MAX: usize = 800;
/// How far the encoder goes from what it was to what it became: the middle way understands new texts better than its end.
const SHARE: f32 = 0.7;
/// With fewer examples none can be spared: the encoder then learns twice, without them for the calibration and with them.
const FEW_EXAMPLES: usize = 2_500;

/// An encoder that learned from a training set.
#[derive(Debug, Clone)]
pub struct Tuned {
    /// The encoder that the model is to read with.
    pub encoder: Arc<Encoder>,
    /// What its model is calibrated on.
    pub rehearsal: Rehearsal,
}

/// An encoder that learned from a training set but for some examples, and the places of these in the set.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    pub(crate) encoder: Arc<Encoder>,
    pub(crate) kept: Vec<usize>,
}

/// Lets an encoder learn from a training set. What an interrupted training left in the folder is taken up.
///
/// # Errors
/// If the examples cannot be used, a file cannot be read or written, or the caller stops the training.
pub fn tune(
    encoder: &Encoder,
    set: &TrainingSet,
    seed: u64,
    folder: &Path,
    on_progress: OnProgress<'_>,
) -> Result<Tuned, EncoderError> {
    let kept = kept(set, seed);
    let names: Vec<(String, &str)> =
        set.intents().into_iter().map(|name| (text::words_of_name(name), name)).collect();
    let named = || names.iter().map(|(words, name)| (words.as_str(), *name));
    let all: Vec<(&str, &str)> =
        set.examples().iter().map(|one| (one.text.as_str(), one.intent.as_str())).collect();
    let is_kept = |place: usize| kept.binary_search(&place).is_ok();
    let (rated_by, learned): (Vec<_>, Vec<_>) =
        all.iter().enumerate().partition(|(place, _)| is_kept(*place));
    let rated_by: Vec<(&str, &str)> = rated_by.into_iter().map(|(_, one)| *one).collect();
    let spared: Vec<(&str, &str)> =
        learned.into_iter().map(|(_, one)| *one).chain(named()).collect();
    let options = FineTuneOptions::fitting(set.examples().len(), names.len());
    let options = FineTuneOptions { seed, ..options };
    let learn = |from: &[(&str, &str)], rated_by: &[(&str, &str)], on: OnProgress<'_>| {
        let tuned = finetune(encoder, from, rated_by, &options, Some(folder), on)?;
        Ok::<_, EncoderError>(Arc::new(encoder.towards(&tuned.encoder, SHARE)?))
    };
    if set.examples().len() >= FEW_EXAMPLES {
        let encoder = learn(&spared, &rated_by, on_progress)?;
        return Ok(Tuned { encoder: Arc::clone(&encoder), rehearsal: Rehearsal { encoder, kept } });
    }
    let mut first = 0;
    let rehearsed = learn(&spared, &[], &mut |progress| {
        first = progress.steps;
        on_progress(&Progress { steps: 2 * first, epochs: 2 * progress.epochs, ..*progress })
    })?;
    let whole: Vec<(&str, &str)> = all.into_iter().chain(named()).collect();
    let encoder = learn(&whole, &[], &mut |progress| on_progress(&second(progress, first)))?;
    Ok(Tuned { encoder, rehearsal: Rehearsal { encoder: rehearsed, kept } })
}

/// The progress of the second of two trainings as that of both.
fn second(progress: &Progress, first: u64) -> Progress {
    Progress {
        step: first + progress.step,
        first_step: first + progress.first_step,
        steps: first + progress.steps,
        epoch: progress.epochs + progress.epoch,
        epochs: 2 * progress.epochs,
        ..*progress
    }
}

/// The places of the examples that are kept from the encoder, ascending: a share of each intent's, which keeps two.
fn kept(set: &TrainingSet, seed: u64) -> Vec<usize> {
    let one_in = KEPT_ONE_IN.max(set.examples().len() / KEPT_MAX);
    let mut random = Random::new(seed);
    let (mut kept, mut start) = (Vec::new(), 0);
    for own in set.examples().chunk_by(|a, b| a.intent == b.intent) {
        let mut places: Vec<usize> = (start..start + own.len()).collect();
        random.shuffle(&mut places);
        places.truncate(own.len().div_ceil(one_in).min(own.len().saturating_sub(2)));
        kept.extend(places);
        start += own.len();
    }
    kept.sort_unstable();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training_set::Example;

    #[test]
    fn a_share_of_each_intent_is_kept_and_two_are_left_to_learn_from() {
        let example = |intent: &str, n: usize| Example::new(intent, format!("{intent} {n:03}"));
        let of = |intent, count| (0..count).map(move |n| example(intent, n));
        let set = TrainingSet::new(of("a", 40).chain(of("b", 3)).chain(of("c", 2)).collect());

        let kept = kept(&set, 7);

        let count =
            |range: std::ops::Range<usize>| kept.iter().filter(|at| range.contains(at)).count();
        assert_eq!([count(0..40), count(40..43), count(43..45)], [4, 1, 0]);
        assert!(kept.is_sorted_by(|a, b| a < b));
        assert_ne!(kept, super::kept(&set, 8), "chance chooses");
    }
}
