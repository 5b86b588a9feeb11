//! The trained model: what is good and bad in the words of one business.

use crate::calibrate::{self, Calibration, HeldOut, Metrics};
use crate::features::Vector;
use crate::solver::{self, Random, Settings, Weights};
use crate::text;
use crate::training_set::{EXAMPLES_MAX, Example, TrainingSet, data_hash};

use super::grams::Grams;
use super::lexicon::Lexicon;
use super::{Emotions, Feeling, Sentiment};

use serde::{Deserialize, Serialize};

/// Into how many parts the examples are divided for calibration.
const FOLDS: usize = 5;

/// Says how a model is trained; the defaults were chosen once, on development data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentimentOptions {
    /// Orders the examples; the same seed and examples give the same model.
    pub seed: u64,
    /// How many times all examples are read.
    pub passes: usize,
    /// The price of an error: larger follows the examples more closely.
    pub cost: f32,
}

impl Default for SentimentOptions {
    fn default() -> Self {
        Self { seed: 42, passes: 20, cost: 0.5 }
    }
}

/// Says why a sentiment model cannot be trained.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SentimentError {
    /// A label is none of ours.
    #[error("`{0}` is no sentiment: label texts negative, neutral or positive")]
    UnknownLabel(String),
    /// There is nothing to tell apart.
    #[error("all examples have one label: give examples of at least two sentiments")]
    OneLabel,
    /// There are more examples than a training takes.
    #[error("there are {0} examples: the most is {EXAMPLES_MAX}")]
    TooManyExamples(usize),
    /// An option is outside what it may be.
    #[error("the training option {0} must be {1}")]
    BadOption(&'static str, &'static str),
}

/// Tells the sentiment of a text, from examples. Cheap to share between threads; asking changes nothing.
///
/// It knows only the sentiments that its examples have: without neutral examples, neutral has the probability 0.
#[derive(Debug, Clone, PartialEq)]
pub struct SentimentModel {
    pub(super) classes: Vec<Sentiment>,
    pub(super) grams: Grams,
    /// A row of weights for each feature, a number for each class.
    pub(super) rows: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) calibration: Calibration,
    pub(super) metrics: Metrics,
    pub(super) data_hash: String,
    pub(super) options: SentimentOptions,
}

/// Finds the sentiment that a label names, in English or Chinese.
#[must_use]
pub fn parse_label(label: &str) -> Option<Sentiment> {
    match label.trim().to_lowercase().as_str() {
        "negative" | "neg" | "-1" | "负面" | "消极" | "差评" => Some(Sentiment::Negative),
        "neutral" | "neu" | "中性" | "中立" => Some(Sentiment::Neutral),
        "positive" | "pos" | "1" | "正面" | "积极" | "好评" => Some(Sentiment::Positive),
        _ => None,
    }
}

impl SentimentModel {
    /// Trains a model on texts labelled with sentiments. The same examples, in any order, and options give the same model.
    ///
    /// # Errors
    /// If a label names no sentiment, there is only one, or an option is out of range.
    pub fn train(examples: &[Example], options: &SentimentOptions) -> Result<Self, SentimentError> {
        check(examples, options)?;
        let set = TrainingSet::new(examples.to_vec());
        let (sentiments, texts) = read(&set)?;
        let mut classes = sentiments.clone();
        classes.sort_unstable();
        classes.dedup();
        if classes.len() < 2 {
            return Err(SentimentError::OneLabel);
        }
        let label = |one: &Sentiment| classes.binary_search(one).unwrap_or_default();
        let labels: Vec<usize> = sentiments.iter().map(label).collect();
        let held_out = hold_out(&texts, &labels, classes.len(), options);
        let calibration = Calibration::of(&held_out);
        let all: Vec<usize> = (0..texts.len()).collect();
        let (grams, weights) = fit(&texts, &labels, &all, classes.len(), options);
        let rows = (0..grams.features() as u32).flat_map(|at| &weights.row(at)[..classes.len()]);
        Ok(Self {
            rows: rows.copied().collect(),
            bias: weights.bias[..classes.len()].to_vec(),
            grams,
            calibration,
            metrics: calibrate::measure(&held_out, calibration),
            data_hash: data_hash(&set),
            options: *options,
            classes,
        })
    }

    /// Tells what a message expresses. Only the first [`text::CHARS_MAX`] characters are read.
    #[must_use]
    pub fn read(&self, text: &str) -> Feeling {
        let text = text::capped(text);
        let normalised = text::normalise(text);
        let emotions = Lexicon::default().emotions_normalised(text, &normalised);
        Feeling::new(self.judge(&normalised), emotions)
    }

    /// Tells only which sentiment a message has, and how likely, from 0 to 1; as [`SentimentModel::read`] does.
    #[must_use]
    pub fn sentiment(&self, text: &str) -> (Sentiment, f32) {
        let normalised = text::normalise(text::capped(text));
        let feeling = Feeling::new(self.judge(&normalised), Emotions::default());
        (feeling.sentiment, feeling.probability())
    }

    /// The probability of each sentiment, in the order of [`Sentiment::ALL`].
    fn judge(&self, normalised: &str) -> [f32; 3] {
        let mut scores = self.bias.clone();
        for (gram, value) in self.grams.vector(normalised) {
            let row = &self.rows[gram as usize * self.classes.len()..][..self.classes.len()];
            solver::add_scaled(&mut scores, row, value);
        }
        self.calibration.apply(&mut scores);
        let mut probabilities = [0f32; 3];
        for (class, score) in self.classes.iter().zip(scores) {
            probabilities[*class as usize] = score;
        }
        probabilities
    }

    /// Returns how good the model was on examples that were held out while it was trained.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Returns the sentiments that the model tells apart.
    #[must_use]
    pub fn classes(&self) -> &[Sentiment] {
        &self.classes
    }

    /// Returns about how many bytes of memory the model holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.grams.keys.bytes() + (self.grams.keys.len() * 2 + self.rows.len()) * 4
    }
}

fn check(examples: &[Example], options: &SentimentOptions) -> Result<(), SentimentError> {
    if examples.len() > EXAMPLES_MAX {
        return Err(SentimentError::TooManyExamples(examples.len()));
    }
    if !(1..=1_000).contains(&options.passes) {
        return Err(SentimentError::BadOption("passes", "between 1 and 1000"));
    }
    if !(options.cost.is_finite() && options.cost > 0.0) {
        return Err(SentimentError::BadOption("cost", "greater than 0"));
    }
    Ok(())
}

fn read(set: &TrainingSet) -> Result<(Vec<Sentiment>, Vec<String>), SentimentError> {
    let mut sentiments = Vec::with_capacity(set.examples().len());
    let mut texts = Vec::with_capacity(set.examples().len());
    for example in set.examples() {
        let unknown = || SentimentError::UnknownLabel(example.intent.clone());
        sentiments.push(parse_label(&example.intent).ok_or_else(unknown)?);
        texts.push(text::normalise(text::capped(&example.text)));
    }
    Ok((sentiments, texts))
}

fn fit(
    texts: &[String],
    labels: &[usize],
    chosen: &[usize],
    classes: usize,
    options: &SentimentOptions,
) -> (Grams, Weights) {
    let texts: Vec<&str> = chosen.iter().map(|at| texts[*at].as_str()).collect();
    let labels: Vec<usize> = chosen.iter().map(|at| labels[*at]).collect();
    let grams = Grams::of(&texts, &labels, classes);
    let vectors: Vec<Vector> = texts.iter().map(|text| grams.vector(text)).collect();
    let rows: Vec<&Vector> = vectors.iter().collect();
    let SentimentOptions { seed, passes, cost } = *options;
    let settings = Settings { seed, passes, cost, own_cost: 1.0 };
    let labels: Vec<Option<usize>> = labels.into_iter().map(Some).collect();
    let weights = solver::train(&rows, &labels, grams.features(), classes, &settings);
    (grams, weights)
}

/// Trains without a part of the examples and scores that part, for one part after the other.
fn hold_out(
    texts: &[String],
    labels: &[usize],
    classes: usize,
    options: &SentimentOptions,
) -> Vec<HeldOut> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    Random::new(options.seed).shuffle(&mut order);
    let mut held_out = Vec::with_capacity(texts.len());
    for fold in 0..FOLDS {
        let part = |at: &usize| at % FOLDS == fold;
        let places = |own: bool| (0..order.len()).filter(move |at| part(at) == own);
        let chosen: Vec<usize> = places(false).map(|at| order[at]).collect();
        let (grams, weights) = fit(texts, labels, &chosen, classes, options);
        for at in places(true).map(|at| order[at]) {
            let mut scores = vec![0f32; weights.stride];
            weights.scores(&grams.vector(&texts[at]), &mut scores);
            scores.truncate(classes);
            held_out.push(HeldOut { scores, label: labels[at] });
        }
    }
    held_out
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::sentiment) fn examples() -> Vec<Example> {
        let things = ["奶茶", "外套", "the lamp", "the sofa", "快递", "客服", "this phone", "面条"];
        let mut examples = Vec::new();
        for thing in things {
            for good in ["{}味道醇厚回购三次", "{} glows, five stars", "{}家人都夸"] {
                examples.push(Example::new("positive", good.replace("{}", thing)));
            }
            for bad in ["{}里有头发", "{} arrived in pieces", "{}两小时才到"] {
                examples.push(Example::new("negative", bad.replace("{}", thing)));
            }
            for neither in ["{}多少钱", "when does {} ship", "{}有几种颜色"] {
                examples.push(Example::new("neutral", neither.replace("{}", thing)));
            }
        }
        examples
    }

    #[test]
    fn a_model_learns_the_words_of_its_business() {
        let model = SentimentModel::train(&examples(), &SentimentOptions::default()).unwrap();

        assert_eq!(model.read("米饭里有头发").sentiment, Sentiment::Negative);
        assert_eq!(model.read("the chair glows, five stars").sentiment, Sentiment::Positive);
        assert_eq!(model.read("米饭多少钱").sentiment, Sentiment::Neutral);
        assert!((model.read("椅子").probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(model.metrics().accuracy > 0.8, "{:?}", model.metrics());
    }

    #[test]
    fn without_neutral_examples_nothing_is_neutral() {
        let mut examples = examples();
        examples.retain(|example| example.intent != "neutral");

        let model = SentimentModel::train(&examples, &SentimentOptions::default()).unwrap();

        assert_eq!(model.classes(), [Sentiment::Negative, Sentiment::Positive]);
        assert_eq!(model.read("椅子").probabilities[1], 0.0);
    }

    #[test]
    fn the_order_of_examples_changes_nothing() {
        let mut turned = examples();
        turned.reverse();
        let options = SentimentOptions::default();

        let model = SentimentModel::train(&examples(), &options).unwrap();

        assert_eq!(model, SentimentModel::train(&turned, &options).unwrap());
    }

    #[test]
    fn what_cannot_be_trained_on_is_said() {
        let options = SentimentOptions::default();
        let train =
            |examples: &[Example], options| SentimentModel::train(examples, options).unwrap_err();
        let one = [Example::new("positive", "a"), Example::new("positive", "b")];
        let cost = SentimentOptions { cost: f32::NAN, ..options };

        assert_eq!(train(&[], &options), SentimentError::OneLabel);
        assert_eq!(train(&one, &options), SentimentError::OneLabel);
        let unknown = train(&[Example::new("joyful", "a")], &options);
        assert!(unknown.to_string().contains("`joyful`"), "{unknown}");
        assert!(matches!(train(&examples(), &cost), SentimentError::BadOption("cost", _)));
    }
}
