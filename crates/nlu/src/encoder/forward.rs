//! From tokens to vectors: the layers of the encoder.
//!
//! Texts of different lengths stand one behind the other without padding. Whatever concerns single tokens is computed
//! for all of them at once; only attention looks at each text alone. The same code serves answering and training: what
//! a training must remember is simply what the layers leave in their [`Trace`]s.

use super::config::Config;
use super::dropout::Dropout;
use super::kernel::{
    Machine, Normed, Packed, View, Whole, activate, add, add_bias, normalise, softmax,
};
use super::layout::{LayerRanges, Layout, Linear};

/// Texts in tokens, one behind the other.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    pub(crate) ids: Vec<u32>,
    /// Where each text begins, and where the last one ends.
    pub(crate) starts: Vec<usize>,
}

/// An encoder's parameters, ready to be multiplied with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Network<'a> {
    pub(crate) config: &'a Config,
    pub(crate) layout: &'a Layout,
    pub(crate) numbers: &'a [f32],
    pub(crate) packed: &'a [PackedLayer],
    /// The same in whole numbers, to be multiplied with instead.
    pub(crate) whole: Option<&'a [WholeLayer]>,
    pub(crate) dropout: Dropout,
}

/// The matrices of a layer, in some form.
#[derive(Debug, Clone)]
pub(crate) struct Matrices<M> {
    pub(crate) query_key_value: M,
    pub(crate) attended: M,
    pub(crate) inner: M,
    pub(crate) outer: M,
}

/// The matrices of a layer, packed.
pub(crate) type PackedLayer = Matrices<Packed>;
/// The matrices of a layer in whole numbers.
pub(crate) type WholeLayer = Matrices<Whole>;

/// What a layer computed.
#[derive(Debug, Clone, Default)]
pub(crate) struct LayerTrace {
    pub(crate) query_key_value: Vec<f32>,
    /// For each text and head, how much each token looks at each.
    pub(crate) looks: Vec<f32>,
    pub(crate) context: Vec<f32>,
    pub(crate) middle_norm: Normed,
    pub(crate) middle: Vec<f32>,
    pub(crate) inner: Vec<f32>,
    pub(crate) active: Vec<f32>,
    pub(crate) output_norm: Normed,
    pub(crate) output: Vec<f32>,
}

/// What an encoder computed for a batch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace {
    pub(crate) norm: Normed,
    pub(crate) embedded: Vec<f32>,
    pub(crate) layers: Vec<LayerTrace>,
}

impl Batch {
    /// Puts texts one behind the other.
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = &'a [u32]>) -> Self {
        let mut batch = Self { ids: Vec::new(), starts: vec![0] };
        for text in texts {
            batch.ids.extend_from_slice(text);
            batch.starts.push(batch.ids.len());
        }
        batch
    }

    /// Where the texts stand.
    pub(crate) fn texts(&self) -> impl ExactSizeIterator<Item = std::ops::Range<usize>> + '_ {
        self.starts.windows(2).map(|ends| ends[0]..ends[1])
    }
}

impl<M> Matrices<M> {
    /// Makes something of each matrix, given with the lengths of what it takes and what it makes.
    fn of(
        config: &Config,
        ranges: &LayerRanges,
        mut make: impl FnMut(&Linear, usize, usize) -> Option<M>,
    ) -> Option<Self> {
        let (width, inner) = (config.width, config.inner);
        Some(Self {
            query_key_value: make(&ranges.query_key_value, width, 3 * width)?,
            attended: make(&ranges.attended, width, width)?,
            inner: make(&ranges.inner, width, inner)?,
            outer: make(&ranges.outer, inner, width)?,
        })
    }

    /// Makes something of each matrix of all layers, seen as the right factor of what it takes.
    fn of_all(
        config: &Config,
        layout: &Layout,
        numbers: &[f32],
        make: impl Fn(View, usize, usize) -> Option<M>,
    ) -> Option<Vec<Self>> {
        let layer = |ranges| {
            Self::of(config, ranges, |linear, from, to| {
                make(View::rows(&numbers[linear.weight.clone()], from).transposed(), from, to)
            })
        };
        layout.layers.iter().map(layer).collect()
    }
}

impl PackedLayer {
    /// Packs all layers of an encoder.
    pub(crate) fn pack_all(config: &Config, layout: &Layout, numbers: &[f32]) -> Vec<Self> {
        let pack = |weight: View<'_>, from, to| Some(Packed::pack(weight, from, to));
        Self::of_all(config, layout, numbers, pack).unwrap_or_default()
    }

    /// Packs all layers for the way back, from the slopes of what they made to those of what they took.
    pub(crate) fn pack_all_back(config: &Config, layout: &Layout, numbers: &[f32]) -> Vec<Self> {
        let pack = |weight: View<'_>, from, to| Some(Packed::pack(weight.transposed(), to, from));
        Self::of_all(config, layout, numbers, pack).unwrap_or_default()
    }
}

impl WholeLayer {
    /// Makes all layers whole. `None` on a processor that would not sum exactly.
    pub(crate) fn pack_all(config: &Config, layout: &Layout, numbers: &[f32]) -> Option<Vec<Self>> {
        Self::of_all(config, layout, numbers, Whole::pack)
    }
}

impl Trace {
    /// Returns the vectors of the tokens after the last layer.
    pub(crate) fn output(&self, layers: usize) -> &[f32] {
        match layers.checked_sub(1) {
            Some(last) => &self.layers[last % self.layers.len()].output,
            None => &self.embedded,
        }
    }
}

impl Network<'_> {
    /// Computes all layers. With as many traces as layers each is kept; with two they take turns.
    pub(crate) fn run(
        &self,
        machine: &mut Machine,
        batch: &Batch,
        trace: &mut Trace,
        traces: usize,
    ) {
        trace.layers.resize_with(traces, LayerTrace::default);
        self.embed(machine, batch, trace);
        for layer in 0..self.config.layers {
            let place = layer % traces;
            let mut own = std::mem::take(&mut trace.layers[place]);
            let input = match layer {
                0 => &trace.embedded,
                _ => &trace.layers[(layer - 1) % traces].output,
            };
            self.layer(machine, batch, layer, input, &mut own);
            trace.layers[place] = own;
        }
    }

    fn embed(&self, machine: &Machine, batch: &Batch, trace: &mut Trace) {
        let width = self.config.width;
        let [words, positions, kinds] =
            [&self.layout.words, &self.layout.positions, &self.layout.kinds]
                .map(|range| &self.numbers[range.clone()]);
        trace.embedded.resize(batch.ids.len() * width, 0.0);
        let embedded = &mut trace.embedded;
        machine.run(
            #[inline(always)]
            || {
                for text in batch.texts() {
                    for (position, at) in text.enumerate() {
                        let to = &mut embedded[at * width..][..width];
                        to.copy_from_slice(&words[batch.ids[at] as usize * width..][..width]);
                        add(
                            to,
                            &positions[(self.config.first_position + position) * width..][..width],
                        );
                        add(to, &kinds[..width]);
                    }
                }
            },
        );
        self.normalise(machine, &self.layout.norm, &mut trace.embedded, &mut trace.norm);
        self.dropout.apply(0, &mut trace.embedded);
    }

    fn layer(
        &self,
        machine: &mut Machine,
        batch: &Batch,
        layer: usize,
        input: &[f32],
        trace: &mut LayerTrace,
    ) {
        let (ranges, packed) = (&self.layout.layers[layer], &self.packed[layer]);
        let whole = self.whole.map(|layers| &layers[layer]);
        let width = self.config.width;
        self.linear(
            machine,
            input,
            (
                &packed.query_key_value,
                whole.map(|layer| &layer.query_key_value),
                &ranges.query_key_value,
            ),
            width,
            &mut trace.query_key_value,
        );
        self.attend(machine, batch, trace);
        self.linear(
            machine,
            &trace.context,
            (&packed.attended, whole.map(|layer| &layer.attended), &ranges.attended),
            width,
            &mut trace.middle,
        );
        self.dropout.apply(2 * layer + 1, &mut trace.middle);
        self.join(machine, input, &ranges.attended_norm, &mut trace.middle, &mut trace.middle_norm);
        self.linear(
            machine,
            &trace.middle,
            (&packed.inner, whole.map(|layer| &layer.inner), &ranges.inner),
            width,
            &mut trace.inner,
        );
        trace.active.resize(trace.inner.len(), 0.0);
        let (kind, inner, active) = (self.config.activation, &trace.inner, &mut trace.active);
        machine.run(
            #[inline(always)]
            || activate(kind, inner, active),
        );
        self.linear(
            machine,
            &trace.active,
            (&packed.outer, whole.map(|layer| &layer.outer), &ranges.outer),
            self.config.inner,
            &mut trace.output,
        );
        self.dropout.apply(2 * layer + 2, &mut trace.output);
        self.join(
            machine,
            &trace.middle,
            &ranges.outer_norm,
            &mut trace.output,
            &mut trace.output_norm,
        );
    }

    fn linear(
        &self,
        machine: &mut Machine,
        input: &[f32],
        (packed, whole, ranges): (&Packed, Option<&Whole>, &Linear),
        from: usize,
        output: &mut Vec<f32>,
    ) {
        let bias = &self.numbers[ranges.bias.clone()];
        let count = input.len() / from;
        output.resize(count * bias.len(), 0.0);
        if let Some(whole) = whole {
            machine.multiply_whole(input, whole, bias, output);
            return;
        }
        machine.multiply(count, View::rows(input, from), packed, (output, bias.len()), false);
        machine.run(
            #[inline(always)]
            || add_bias(output, bias),
        );
    }

    /// Adds what a part of a layer was given to what it made, and normalises.
    fn join(
        &self,
        machine: &Machine,
        input: &[f32],
        norm: &Linear,
        output: &mut [f32],
        normed: &mut Normed,
    ) {
        machine.run(
            #[inline(always)]
            || add(output, input),
        );
        self.normalise(machine, norm, output, normed);
    }

    fn normalise(&self, machine: &Machine, norm: &Linear, rows: &mut [f32], normed: &mut Normed) {
        let (weight, bias) = (&self.numbers[norm.weight.clone()], &self.numbers[norm.bias.clone()]);
        let epsilon = self.config.epsilon;
        machine.run(
            #[inline(always)]
            || normalise(rows, weight, bias, epsilon, normed),
        );
    }

    /// Lets the tokens of each text look at each other.
    fn attend(&self, machine: &mut Machine, batch: &Batch, trace: &mut LayerTrace) {
        let (width, head) = (self.config.width, self.config.head());
        let factor = 1.0 / (head as f32).sqrt();
        let size: usize = batch.texts().map(|text| text.len() * text.len()).sum();
        trace.looks.resize(size * self.config.heads, 0.0);
        trace.context.resize(batch.ids.len() * width, 0.0);
        let mut looks = trace.looks.as_mut_slice();
        for text in batch.texts() {
            let count = text.len();
            let all = &trace.query_key_value[text.start * 3 * width..];
            let context = &mut trace.context[text.start * width..];
            for start in (0..width).step_by(head) {
                let [query, key, value] =
                    [0, 1, 2].map(|part| View::rows(&all[part * width + start..], 3 * width));
                let (own, rest) = std::mem::take(&mut looks).split_at_mut(count * count);
                looks = rest;
                machine.multiply_once(
                    count,
                    query,
                    (key.transposed(), head, count),
                    (own, count),
                    false,
                );
                machine.run(
                    #[inline(always)]
                    || softmax(own, count, factor),
                );
                machine.multiply_once(
                    count,
                    View::rows(own, count),
                    (value, count, head),
                    (&mut context[start..], width),
                    false,
                );
            }
        }
    }
}
