//! What the classifier is given of a text: its n-grams, the sentence vector of an encoder, or both side by side.
//!
//! The classifier does not know which it is: the numbers of a sentence vector are features like any other, after the
//! n-grams.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::encoder::Encoder;
use crate::features::{Vector, Vocabulary};

/// The length that a sentence vector is brought to; the n-grams of a text have length 1. Longer follows the encoder more.
const DENSE_LENGTH: f32 = 1.5;
/// How many examples are read between two words on how far the reading is.
const READ_AT_ONCE: usize = 128;

/// What a model sees of texts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct View {
    /// The n-grams that it knows; none where only an encoder reads.
    pub(crate) vocabulary: Vocabulary,
    /// The encoder that reads besides.
    pub(crate) dense: Option<Dense>,
}

/// An encoder, and what all its vectors have in common.
#[derive(Debug, Clone)]
pub(crate) struct Dense {
    pub(crate) encoder: Arc<Encoder>,
    /// The mean of the vectors of the examples: what every text has tells nothing.
    pub(crate) mean: Vec<f32>,
}

impl PartialEq for Dense {
    fn eq(&self, other: &Self) -> bool {
        self.mean == other.mean && self.encoder.fingerprint() == other.encoder.fingerprint()
    }
}

impl View {
    /// Returns how many features there are.
    pub(crate) fn len(&self) -> usize {
        self.vocabulary.len() + self.dense.as_ref().map_or(0, |dense| dense.mean.len())
    }

    /// Turns a text into what the classifier reads; `normalised` is the same text, normalised.
    pub(crate) fn vector(&self, text: &str, normalised: &str) -> Vector {
        let mut vector = self.vocabulary.vector(normalised);
        if let Some(dense) = &self.dense {
            let sentence = dense.read(&[text]).pop().unwrap_or_default();
            self.append(&mut vector, &sentence);
        }
        vector
    }

    /// Turns texts into what the classifier reads; an encoder reads them together, which is quicker than one by one.
    pub(crate) fn vectors(&self, texts: &[&str], normalised: &[String]) -> Vec<Vector> {
        let mut vectors: Vec<Vector> =
            normalised.iter().map(|text| self.vocabulary.vector(text)).collect();
        if let Some(dense) = &self.dense {
            for (vector, sentence) in vectors.iter_mut().zip(dense.read(texts)) {
                self.append(vector, &sentence);
            }
        }
        vectors
    }

    /// Adds a sentence vector to the n-grams of its text.
    pub(crate) fn append(&self, vector: &mut Vector, sentence: &[f32]) {
        vector.extend((self.vocabulary.len() as u32..).zip(sentence.iter().copied()));
    }
}

impl Dense {
    /// Reads the examples of a training set with an encoder: what they have in common, and the vector of each. It is told
    /// what share is read, and may stop the reading; then there is nothing.
    pub(crate) fn of(
        encoder: Arc<Encoder>,
        texts: &[&str],
        on_share: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Option<(Self, Vec<Vec<f32>>)> {
        let mut vectors = Vec::with_capacity(texts.len());
        for some in texts.chunks(READ_AT_ONCE) {
            vectors.extend(encoder.embed_quickly(some));
            if on_share(vectors.len() as f32 / texts.len() as f32).is_break() {
                return None;
            }
        }
        let mut mean = vec![0f32; encoder.width()];
        for vector in &vectors {
            for (sum, value) in mean.iter_mut().zip(vector) {
                *sum += value / texts.len() as f32;
            }
        }
        let dense = Self { encoder, mean };
        for vector in &mut vectors {
            dense.centre(vector);
        }
        Some((dense, vectors))
    }

    fn read(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let mut vectors = self.encoder.embed_quickly(texts);
        vectors.iter_mut().for_each(|vector| self.centre(vector));
        vectors
    }

    fn centre(&self, vector: &mut [f32]) {
        for (value, mean) in vector.iter_mut().zip(&self.mean) {
            *value -= mean;
        }
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        let factor = if length > 0.0 { DENSE_LENGTH / length } else { 0.0 };
        for value in vector {
            *value *= factor;
        }
    }
}
