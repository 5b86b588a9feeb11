//! The way back through the layers: from the slopes of the vectors to those of all parameters.
//!
//! Each function undoes one of [`forward`](super::super::forward), in the opposite order. The tests hold every
//! parameter's slope against the difference that moving it makes.

use std::mem::take;

use super::super::forward::{Batch, LayerTrace, Network, PackedLayer, Trace};
use super::super::kernel::{
    Machine, Normed, Packed, View, activate_back, add, column_sums, normalise_back, softmax_back,
};
use super::super::layout::{Layout, Linear};

/// The slopes of an encoder's parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slopes {
    pub(crate) numbers: Vec<f32>,
    /// Rows of the table of tokens whose slopes may differ from zero, in order.
    pub(crate) touched: Vec<u32>,
}

/// Room for the slopes between layers.
#[derive(Debug, Clone, Default)]
pub(crate) struct BackRoom {
    branch: Vec<f32>,
    active: Vec<f32>,
    query_key_value: Vec<f32>,
    looks: Vec<f32>,
}

impl Slopes {
    /// Sets all slopes to zero.
    pub(crate) fn clear(&mut self, layout: &Layout, width: usize) {
        if self.numbers.len() != layout.size() {
            self.numbers = vec![0.0; layout.size()];
        }
        for word in take(&mut self.touched) {
            self.numbers[word as usize * width..][..width].fill(0.0);
        }
        self.numbers[layout.words.end..].fill(0.0);
    }

    /// Adds the slopes of another part of the same batch.
    pub(crate) fn add(&mut self, other: &Self, layout: &Layout, width: usize) {
        for word in &other.touched {
            let range = *word as usize * width..(*word as usize + 1) * width;
            add(&mut self.numbers[range.clone()], &other.numbers[range]);
        }
        self.touch(other.touched.iter().copied());
        add(&mut self.numbers[layout.words.end..], &other.numbers[layout.words.end..]);
    }

    /// Adds slopes of the whole table of tokens.
    pub(crate) fn add_words(&mut self, slopes: &[f32], width: usize) {
        add(&mut self.numbers[..slopes.len()], slopes);
        self.touched = (0..(slopes.len() / width) as u32).collect();
    }

    /// Notes rows of the table of tokens that have slopes.
    pub(crate) fn touch(&mut self, words: impl Iterator<Item = u32>) {
        self.touched.extend(words);
        self.touched.sort_unstable();
        self.touched.dedup();
    }

    /// Returns the slopes of a weight or bias together with others', to be written.
    fn pair(&mut self, linear: &Linear) -> (&mut [f32], &mut [f32]) {
        let (before, after) = self.numbers.split_at_mut(linear.bias.start);
        (&mut before[linear.weight.clone()], &mut after[..linear.bias.len()])
    }
}

/// What the way back needs of the encoder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Back<'a> {
    pub(crate) network: Network<'a>,
    /// The matrices, packed for the way back.
    pub(crate) packed: &'a [PackedLayer],
}

impl Back<'_> {
    /// Adds the slopes of all parameters, given those of the last layer's vectors, which are overwritten.
    pub(crate) fn run(
        &self,
        machine: &mut Machine,
        batch: &Batch,
        trace: &Trace,
        output: &mut [f32],
        slopes: &mut Slopes,
        room: &mut BackRoom,
    ) {
        for layer in (0..self.network.config.layers).rev() {
            let input = match layer {
                0 => &trace.embedded,
                _ => &trace.layers[layer - 1].output,
            };
            self.layer(machine, batch, (layer, input, &trace.layers[layer]), output, slopes, room);
        }
        self.network.dropout.apply(0, output);
        self.normalise(machine, &self.network.layout.norm, &trace.norm, output, slopes);
        self.embed(batch, output, slopes);
    }

    fn layer(
        &self,
        machine: &mut Machine,
        batch: &Batch,
        (layer, input, trace): (usize, &[f32], &LayerTrace),
        output: &mut [f32],
        slopes: &mut Slopes,
        room: &mut BackRoom,
    ) {
        let ranges = &self.network.layout.layers[layer];
        let packed = &self.packed[layer];
        self.normalise(machine, &ranges.outer_norm, &trace.output_norm, output, slopes);
        self.branch(2 * layer + 2, output, &mut room.branch);
        room.active.resize(trace.active.len(), 0.0);
        linear_back(machine, &room.branch, &trace.active, &ranges.outer, slopes);
        product(
            machine,
            &room.branch,
            &packed.outer,
            (&mut room.active, self.network.config.inner),
            false,
        );
        let (kind, inner, active) =
            (self.network.config.activation, &trace.inner, &mut room.active);
        machine.run(
            #[inline(always)]
            || activate_back(kind, inner, active),
        );
        linear_back(machine, &room.active, &trace.middle, &ranges.inner, slopes);
        let width = self.network.config.width;
        product(machine, &room.active, &packed.inner, (output, width), true);
        self.normalise(machine, &ranges.attended_norm, &trace.middle_norm, output, slopes);
        self.branch(2 * layer + 1, output, &mut room.branch);
        linear_back(machine, &room.branch, &trace.context, &ranges.attended, slopes);
        room.active.resize(room.branch.len(), 0.0);
        product(machine, &room.branch, &packed.attended, (&mut room.active, width), false);
        self.attend(machine, batch, trace, room);
        linear_back(machine, &room.query_key_value, input, &ranges.query_key_value, slopes);
        product(machine, &room.query_key_value, &packed.query_key_value, (output, width), true);
    }

    /// Takes the slopes of what is added to a layer's input.
    fn branch(&self, place: usize, output: &[f32], branch: &mut Vec<f32>) {
        branch.clear();
        branch.extend_from_slice(output);
        self.network.dropout.apply(place, branch);
    }

    fn normalise(
        &self,
        machine: &Machine,
        norm: &Linear,
        normed: &Normed,
        output: &mut [f32],
        slopes: &mut Slopes,
    ) {
        let weight = &self.network.numbers[norm.weight.clone()];
        let (weight_slopes, bias_slopes) = slopes.pair(norm);
        machine.run(
            #[inline(always)]
            || normalise_back(normed, weight, output, weight_slopes, bias_slopes),
        );
    }

    /// From the slopes of the context, in `room.active`, to those of queries, keys and values.
    fn attend(
        &self,
        machine: &mut Machine,
        batch: &Batch,
        trace: &LayerTrace,
        room: &mut BackRoom,
    ) {
        let (width, head) = (self.network.config.width, self.network.config.head());
        let factor = 1.0 / (head as f32).sqrt();
        room.query_key_value.resize(trace.query_key_value.len(), 0.0);
        let mut looks = trace.looks.as_slice();
        for text in batch.texts() {
            let count = text.len();
            let all = &trace.query_key_value[text.start * 3 * width..];
            let to = &mut room.query_key_value[text.start * 3 * width..];
            room.looks.resize(count * count, 0.0);
            let own = &mut room.looks;
            for start in (0..width).step_by(head) {
                let [query, key, value] =
                    [0, 1, 2].map(|part| View::rows(&all[part * width + start..], 3 * width));
                let context = View::rows(&room.active[text.start * width + start..], width);
                let (seen, rest) = looks.split_at(count * count);
                looks = rest;
                machine.multiply_once(
                    count,
                    context,
                    (value.transposed(), head, count),
                    (own, count),
                    false,
                );
                let turned = View::rows(seen, count).transposed();
                machine.multiply_once(
                    count,
                    turned,
                    (context, count, head),
                    (&mut to[2 * width + start..], 3 * width),
                    false,
                );
                machine.run(
                    #[inline(always)]
                    || softmax_back(seen, own, count, factor),
                );
                let own = View::rows(own, count);
                machine.multiply_once(
                    count,
                    own,
                    (key, count, head),
                    (&mut to[start..], 3 * width),
                    false,
                );
                machine.multiply_once(
                    count,
                    own.transposed(),
                    (query, count, head),
                    (&mut to[width + start..], 3 * width),
                    false,
                );
            }
        }
    }

    fn embed(&self, batch: &Batch, output: &[f32], slopes: &mut Slopes) {
        let (config, layout) = (self.network.config, self.network.layout);
        let width = config.width;
        for text in batch.texts() {
            for (position, at) in text.enumerate() {
                let slope = &output[at * width..][..width];
                let places = [
                    layout.words.start + batch.ids[at] as usize * width,
                    layout.positions.start + (config.first_position + position) * width,
                    layout.kinds.start,
                ];
                for place in places {
                    add(&mut slopes.numbers[place..][..width], slope);
                }
            }
        }
        slopes.touch(batch.ids.iter().copied());
    }
}

/// Multiplies slopes by a packed matrix.
fn product(
    machine: &mut Machine,
    slopes: &[f32],
    packed: &Packed,
    to: (&mut [f32], usize),
    add: bool,
) {
    let from = packed.depth();
    machine.multiply(slopes.len() / from, View::rows(slopes, from), packed, to, add);
}

/// Adds the slopes of a weight and its bias, given those of what it made and what it was given.
pub(crate) fn linear_back(
    machine: &mut Machine,
    output: &[f32],
    input: &[f32],
    linear: &Linear,
    slopes: &mut Slopes,
) {
    let (weight, bias) = slopes.pair(linear);
    let (to, from) = (bias.len(), weight.len() / bias.len());
    let count = output.len() / to;
    let turned = View::rows(output, to).transposed();
    machine.multiply_once(to, turned, (View::rows(input, from), count, from), (weight, from), true);
    machine.run(
        #[inline(always)]
        || column_sums(output, bias),
    );
}
