//! Where each tensor of an encoder stands among its numbers.
//!
//! All parameters lie in one row of numbers, so that an optimiser, a checkpoint and a test of gradients walk over them
//! alike. The names are those of Hugging Face, without prefix.

use std::ops::Range;

use super::config::Config;

/// One tensor among the parameters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tensor {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) range: Range<usize>,
    /// How far from the input it stands: 0 for the tables, then the number of its layer from 1.
    pub(crate) level: usize,
}

/// The tensors of a layer. Queries, keys and values stand together, as one matrix of three times the width.
#[derive(Debug, Clone)]
pub(crate) struct LayerRanges {
    pub(crate) query_key_value: Linear,
    pub(crate) attended: Linear,
    pub(crate) attended_norm: Linear,
    pub(crate) inner: Linear,
    pub(crate) outer: Linear,
    pub(crate) outer_norm: Linear,
}

/// A weight and its bias.
#[derive(Debug, Clone)]
pub(crate) struct Linear {
    pub(crate) weight: Range<usize>,
    pub(crate) bias: Range<usize>,
}

/// The places of all tensors of an encoder.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) tensors: Vec<Tensor>,
    pub(crate) words: Range<usize>,
    pub(crate) positions: Range<usize>,
    pub(crate) kinds: Range<usize>,
    pub(crate) norm: Linear,
    pub(crate) layers: Vec<LayerRanges>,
}

impl Tensor {
    /// Tells whether decay pulls the tensor towards zero: all but biases and normalisations.
    pub(crate) fn decays(&self) -> bool {
        self.shape.len() > 1
    }
}

impl Layout {
    /// Places the tensors of an encoder.
    pub(crate) fn new(config: &Config) -> Self {
        let mut tensors = Vec::new();
        let width = config.width;
        let words =
            place(&mut tensors, 0, "embeddings.word_embeddings.weight", &[config.words, width]);
        let positions = place(
            &mut tensors,
            0,
            "embeddings.position_embeddings.weight",
            &[config.positions, width],
        );
        let kinds = place(
            &mut tensors,
            0,
            "embeddings.token_type_embeddings.weight",
            &[config.kinds, width],
        );
        let norm = place_linear(&mut tensors, 0, &["embeddings.LayerNorm"], &[width]);
        let layers =
            (0..config.layers).map(|layer| place_layer(&mut tensors, layer, config)).collect();
        Self { tensors, words, positions, kinds, norm, layers }
    }

    /// How many numbers there are.
    pub(crate) fn size(&self) -> usize {
        self.tensors.last().map_or(0, |tensor| tensor.range.end)
    }
}

fn place_layer(tensors: &mut Vec<Tensor>, layer: usize, config: &Config) -> LayerRanges {
    let (width, inner) = (config.width, config.inner);
    let mut linear = |names: &[&str], shape: &[usize]| {
        let names: Vec<String> =
            names.iter().map(|name| format!("encoder.layer.{layer}.{name}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        place_linear(tensors, layer + 1, &names, shape)
    };
    LayerRanges {
        query_key_value: linear(
            &["attention.self.query", "attention.self.key", "attention.self.value"],
            &[width, width],
        ),
        attended: linear(&["attention.output.dense"], &[width, width]),
        attended_norm: linear(&["attention.output.LayerNorm"], &[width]),
        inner: linear(&["intermediate.dense"], &[inner, width]),
        outer: linear(&["output.dense"], &[width, inner]),
        outer_norm: linear(&["output.LayerNorm"], &[width]),
    }
}

/// Places the weights of some names together, and then their biases.
pub(crate) fn place_linear(
    tensors: &mut Vec<Tensor>,
    level: usize,
    names: &[&str],
    shape: &[usize],
) -> Linear {
    let mut together = |part: &str, shape: &[usize]| {
        let ranges: Vec<Range<usize>> = names
            .iter()
            .map(|name| place(tensors, level, &format!("{name}.{part}"), shape))
            .collect();
        ranges[0].start..ranges[ranges.len() - 1].end
    };
    let weight = together("weight", shape);
    Linear { weight, bias: together("bias", &shape[..1]) }
}

/// Places a tensor behind the others.
pub(crate) fn place(
    tensors: &mut Vec<Tensor>,
    level: usize,
    name: &str,
    shape: &[usize],
) -> Range<usize> {
    let start = tensors.last().map_or(0, |tensor| tensor.range.end);
    let range = start..start + shape.iter().product::<usize>();
    tensors.push(Tensor {
        name: name.to_owned(),
        shape: shape.to_vec(),
        range: range.clone(),
        level,
    });
    range
}
