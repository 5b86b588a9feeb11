//! Guessing masked tokens from their vectors, and the way back.
//!
//! The last matrix is the encoder's own table of tokens, so the slopes of that come out beside those of the rest.

use super::super::config::Config;
use super::super::kernel::{
    Activation, Machine, Normed, View, activate, activate_back, add_bias, column_sums, normalise,
    normalise_back,
};
use super::super::layout::{Linear, Tensor, place, place_linear};
use super::loss::cross_entropy;

/// The part that guesses tokens; its last matrix is the table of tokens.
#[derive(Debug, Clone)]
pub(crate) struct HeadLayout {
    pub(crate) tensors: Vec<Tensor>,
    transform: Linear,
    norm: Linear,
    bias: std::ops::Range<usize>,
}

impl HeadLayout {
    /// Places the tensors of the part.
    pub(crate) fn new(config: &Config) -> Self {
        let mut tensors = Vec::new();
        let name = |part: &str| format!("cls.predictions.{part}");
        let level = config.layers;
        let shape = [config.width, config.width];
        let transform = place_linear(&mut tensors, level, &[&name("transform.dense")], &shape);
        let norm = place_linear(&mut tensors, level, &[&name("transform.LayerNorm")], &shape[..1]);
        let bias = place(&mut tensors, level, &name("bias"), &[config.words]);
        Self { tensors, transform, norm, bias }
    }
}

/// What came of guessing.
#[derive(Debug)]
pub(crate) struct Guess {
    pub(crate) loss: f32,
    pub(crate) word_slopes: Vec<f32>,
    pub(crate) head_slopes: Vec<f32>,
}

/// What guesses tokens from vectors.
#[derive(Debug)]
pub(crate) struct GuessNetwork<'a> {
    pub(crate) layout: &'a HeadLayout,
    pub(crate) numbers: &'a [f32],
    pub(crate) words: &'a [f32],
    pub(crate) width: usize,
}

impl GuessNetwork<'_> {
    /// Guesses, and returns the slopes of the vectors beside what came of it.
    pub(crate) fn run(
        &self,
        machine: &mut Machine,
        vectors: &[f32],
        right: &[usize],
    ) -> (Guess, Vec<f32>) {
        let (width, count) = (self.width, right.len());
        let words = self.words.len() / width;
        let own = |range: &std::ops::Range<usize>| &self.numbers[range.clone()];
        let mut inner = vec![0.0; vectors.len()];
        let transform = View::rows(own(&self.layout.transform.weight), width);
        let turned = (transform.transposed(), width, width);
        machine.multiply_once(
            count,
            View::rows(vectors, width),
            turned,
            (&mut inner, width),
            false,
        );
        add_bias(&mut inner, own(&self.layout.transform.bias));
        let mut hidden = vec![0.0; vectors.len()];
        activate(Activation::Gelu, &inner, &mut hidden);
        let mut normed = Normed::default();
        normalise(
            &mut hidden,
            own(&self.layout.norm.weight),
            own(&self.layout.norm.bias),
            1e-12,
            &mut normed,
        );
        let mut scores = vec![0.0; count * words];
        let table = View::rows(self.words, width);
        machine.multiply_once(
            count,
            View::rows(&hidden, width),
            (table.transposed(), width, words),
            (&mut scores, words),
            false,
        );
        add_bias(&mut scores, own(&self.layout.bias));
        let loss = cross_entropy(&scores, right, words);

        let mut head_slopes = vec![0.0; self.numbers.len()];
        let mut word_slopes = vec![0.0; self.words.len()];
        column_sums(&loss.slopes, &mut head_slopes[self.layout.bias.clone()]);
        let slopes = View::rows(&loss.slopes, words);
        let once = (View::rows(&hidden, width), count, width);
        machine.multiply_once(words, slopes.transposed(), once, (&mut word_slopes, width), false);
        let mut back = vec![0.0; vectors.len()];
        machine.multiply_once(count, slopes, (table, words, width), (&mut back, width), false);
        let (before, after) = head_slopes.split_at_mut(self.layout.norm.bias.start);
        normalise_back(
            &normed,
            own(&self.layout.norm.weight),
            &mut back,
            &mut before[self.layout.norm.weight.clone()],
            &mut after[..width],
        );
        activate_back(Activation::Gelu, &inner, &mut back);
        column_sums(&back, &mut head_slopes[self.layout.transform.bias.clone()]);
        let once = (View::rows(vectors, width), count, width);
        let to = (&mut head_slopes[self.layout.transform.weight.clone()], width);
        machine.multiply_once(width, View::rows(&back, width).transposed(), once, to, false);
        let mut vector_slopes = vec![0.0; vectors.len()];
        let once = (transform, width, width);
        machine.multiply_once(
            count,
            View::rows(&back, width),
            once,
            (&mut vector_slopes, width),
            false,
        );
        (Guess { loss: loss.value, word_slopes, head_slopes }, vector_slopes)
    }
}
