//! Why a model found an intent likeliest: the pieces of the text without which it would have been less sure.
//!
//! Each piece is left out in turn and the text is understood again, so that the explanation is of what the model does,
//! and not of how it is built. Pieces are words, and n-grams of up to three characters where there are no spaces.

use serde::Serialize;

use crate::model::Model;
use crate::text;

/// How many pieces of a text are tried; what stands behind them is not explained.
const PIECES_MAX: usize = 300;
/// How many characters a piece has at most where a script has no spaces.
const RUN_GRAM_MAX: usize = 3;

/// Names a piece of a text and how much it weighed for the likeliest intent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weight {
    /// The piece.
    pub text: String,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends in the text, in bytes.
    pub end: usize,
    /// By how much the logarithm of the intent's odds falls without it; greater than 0.
    pub weight: f32,
}

impl Model {
    /// Explains the likeliest intent of a text by at most `top` pieces of it that do not overlap, the weightiest first.
    #[must_use]
    pub fn explain(&self, text: &str, top: usize) -> Vec<Weight> {
        let text = text::capped(text);
        let pieces = pieces(text);
        let without =
            |(start, end): &(usize, usize)| format!("{} {}", &text[..*start], &text[*end..]);
        let rests: Vec<String> = pieces.iter().map(without).collect();
        let texts: Vec<&str> =
            std::iter::once(text).chain(rests.iter().map(String::as_str)).collect();
        let mut scores = self.scaled_scores(&texts);
        let whole = scores.remove(0);
        let best = (0..whole.len()).max_by(|a, b| whole[*a].total_cmp(&whole[*b]).then(b.cmp(a)));
        let Some(best) = best else { return Vec::new() };
        let odds = log_odds(&whole, best);
        let mut weights: Vec<Weight> = pieces
            .into_iter()
            .zip(&scores)
            .map(|((start, end), rest)| {
                let weight = odds - log_odds(rest, best);
                Weight { text: text[start..end].to_owned(), start, end, weight }
            })
            .filter(|piece| piece.weight > 0.0)
            .collect();
        // Of two that weigh alike, the shorter says more.
        weights.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.text.len().cmp(&b.text.len())));
        apart(weights, top)
    }

    /// The scores that become probabilities by `exp`, of each intent, for each text.
    fn scaled_scores(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let normalised: Vec<String> = texts.iter().map(|text| text::normalise(text)).collect();
        let vectors = self.view.vectors(texts, &normalised);
        let scaled = vectors.iter().map(|vector| {
            let mut scores = self.weights.scores(vector);
            scores.iter_mut().for_each(|score| *score *= self.calibration.sharpness);
            scores
        });
        scaled.collect()
    }
}

/// Takes the first `top` pieces that do not overlap with one before.
fn apart(weights: Vec<Weight>, top: usize) -> Vec<Weight> {
    let mut chosen: Vec<Weight> = Vec::new();
    for piece in weights {
        if chosen.len() == top {
            break;
        }
        if chosen.iter().all(|other| piece.end <= other.start || other.end <= piece.start) {
            chosen.push(piece);
        }
    }
    chosen
}

/// The places of the pieces of a text.
fn pieces(text: &str) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut run: Vec<(usize, usize)> = Vec::new();
    let mut word: Option<usize> = None;
    for (at, c) in text.char_indices() {
        let unspaced = text::is_unspaced(c);
        if !unspaced {
            end_run(&mut run, &mut pieces);
        }
        match word {
            Some(start) if unspaced || !c.is_alphanumeric() => {
                pieces.push((start, at));
                word = None;
            }
            None if !unspaced && c.is_alphanumeric() => word = Some(at),
            _ => {}
        }
        if unspaced {
            run.push((at, at + c.len_utf8()));
        }
    }
    pieces.extend(word.map(|start| (start, text.len())));
    end_run(&mut run, &mut pieces);
    pieces.truncate(PIECES_MAX);
    pieces
}

fn end_run(run: &mut Vec<(usize, usize)>, pieces: &mut Vec<(usize, usize)>) {
    for first in 0..run.len() {
        for last in (first..run.len()).take(RUN_GRAM_MAX) {
            pieces.push((run[first].0, run[last].1));
        }
    }
    run.clear();
}

/// The logarithm of an intent's odds. It is made of the scores themselves, because a probability next to 1 has no more
/// digits to tell what raised it.
fn log_odds(scores: &[f32], intent: usize) -> f32 {
    let others = || scores.iter().enumerate().filter(|(other, _)| *other != intent);
    let greatest = others().map(|(_, score)| *score).fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = others().map(|(_, score)| (score - greatest).exp()).sum();
    scores[intent] - greatest - sum.ln()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Example, TrainOptions, TrainingSet};

    fn model() -> Model {
        let examples = [
            ("refund", "我要退款"),
            ("refund", "申请退款"),
            ("refund", "give me a refund"),
            ("refund", "refund please"),
            ("parcel", "我的包裹到哪了"),
            ("parcel", "包裹什么时候到"),
            ("parcel", "where is my parcel"),
            ("parcel", "parcel has not come"),
        ];
        let examples = examples.map(|(intent, text)| Example::new(intent, text)).into();
        Model::train(&TrainingSet::new(examples), &TrainOptions::default()).unwrap()
    }

    #[test]
    fn the_telling_words_weigh_most() {
        let model = model();

        for (text, telling) in
            [("请问我想退款可以吗", "退款"), ("hello, a refund for me", "refund")]
        {
            let weights = model.explain(text, 3);
            assert!(weights[0].text.contains(telling), "{text}: {weights:?}");
            assert_eq!(&text[weights[0].start..weights[0].end], weights[0].text);
        }
        assert_eq!(model.explain("", 3), []);
        assert_eq!(model.explain("refund", 0), []);
    }

    proptest! {
        #[test]
        fn pieces_lie_inside_the_text_and_apart(text in "\\PC{0,80}") {
            let weights = model_once().explain(&text, 5);

            prop_assert!(weights.len() <= 5);
            prop_assert!(weights.is_sorted_by(|a, b| a.weight >= b.weight));
            for (i, piece) in weights.iter().enumerate() {
                prop_assert_eq!(text.get(piece.start..piece.end), Some(piece.text.as_str()));
                for other in &weights[..i] {
                    prop_assert!(piece.end <= other.start || other.end <= piece.start);
                }
            }
        }
    }

    fn model_once() -> &'static Model {
        static MODEL: std::sync::OnceLock<Model> = std::sync::OnceLock::new();
        MODEL.get_or_init(model)
    }
}
