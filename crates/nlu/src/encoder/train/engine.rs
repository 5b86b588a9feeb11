//! One step of a training: forward, backward, and the move of the parameters.
//!
//! A batch is always cut into the same two parts, whose slopes are added in the same order. So two threads give the
//! same numbers as one. What the loss is, the caller decides between the two ways.

use std::iter;
use std::ops::Range;
use std::thread;

use super::super::Encoder;
use super::super::config::Config;
use super::super::dropout::Dropout;
use super::super::forward::{Batch, Network, PackedLayer, Trace};
use super::super::kernel::Machine;
use super::super::layout::Layout;
use super::super::pooling::Pooling;
use super::backward::{Back, BackRoom, Slopes};
use super::optimizer::{Moments, Stride};

/// Into how many parts a batch is cut.
const PARTS: usize = 2;

/// An encoder in training.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) config: Config,
    pub(crate) layout: Layout,
    pub(crate) numbers: Vec<f32>,
    pub(crate) moments: Moments,
    pub(crate) machine: Machine,
    packed: Vec<PackedLayer>,
    packed_back: Vec<PackedLayer>,
    parts: Vec<Part>,
    dropout: Dropout,
    threads: usize,
    /// Whether the parameters have moved since they were packed.
    stale: bool,
}

/// One part of a batch and what was computed for it.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) batch: Batch,
    pub(crate) trace: Trace,
    /// The slopes of the last layer's vectors, for the caller to write.
    pub(crate) output_slopes: Vec<f32>,
    machine: Machine,
    slopes: Slopes,
    room: BackRoom,
}

/// A text's vector, and its length before that was brought to one.
pub(crate) type Pooled = (Vec<f32>, f32);

impl Engine {
    /// Begins with an encoder's parameters.
    pub(crate) fn new(encoder: &Encoder, threads: usize) -> Self {
        Self::of(encoder.config.clone(), encoder.numbers.clone(), threads)
    }

    /// Begins with parameters.
    pub(crate) fn of(config: Config, numbers: Vec<f32>, threads: usize) -> Self {
        let layout = Layout::new(&config);
        let part = || Part {
            batch: Batch::of([]),
            trace: Trace::default(),
            output_slopes: Vec::new(),
            machine: Machine::new(),
            slopes: Slopes::default(),
            room: BackRoom::default(),
        };
        Self {
            moments: Moments::new(numbers.len()),
            packed: Vec::new(),
            packed_back: Vec::new(),
            parts: (0..PARTS).map(|_| part()).collect(),
            machine: Machine::new(),
            dropout: Dropout::NONE,
            threads,
            stale: true,
            layout,
            numbers,
            config,
        }
    }

    /// Computes a batch.
    pub(crate) fn forward(&mut self, texts: &[&[u32]], dropout: Dropout) {
        self.dropout = dropout;
        if std::mem::take(&mut self.stale) {
            self.packed = PackedLayer::pack_all(&self.config, &self.layout, &self.numbers);
        }
        let size = texts.len().div_ceil(PARTS).max(1);
        let mut chunks = texts.chunks(size);
        for part in &mut self.parts {
            part.batch = Batch::of(chunks.next().unwrap_or_default().iter().copied());
        }
        let network = Network {
            config: &self.config,
            layout: &self.layout,
            numbers: &self.numbers,
            packed: &self.packed,
            whole: None,
            dropout,
        };
        each(&mut self.parts, self.threads, |number, part| {
            let network = Network { dropout: network.dropout.part(number), ..network };
            network.run(&mut part.machine, &part.batch, &mut part.trace, network.config.layers);
        });
    }

    /// Sends the slopes that stand in the parts back, and returns those of all parameters.
    pub(crate) fn backward(&mut self) -> &mut Slopes {
        self.packed_back = PackedLayer::pack_all_back(&self.config, &self.layout, &self.numbers);
        let network = Network {
            config: &self.config,
            layout: &self.layout,
            numbers: &self.numbers,
            packed: &self.packed,
            whole: None,
            dropout: self.dropout,
        };
        let packed = &self.packed_back;
        each(&mut self.parts, self.threads, |number, part| {
            part.slopes.clear(network.layout, network.config.width);
            if part.batch.ids.is_empty() {
                return;
            }
            let back = Back {
                network: Network { dropout: network.dropout.part(number), ..network },
                packed,
            };
            let output = &mut part.output_slopes;
            back.run(
                &mut part.machine,
                &part.batch,
                &part.trace,
                output,
                &mut part.slopes,
                &mut part.room,
            );
        });
        let (first, others) = self.parts.split_at_mut(1);
        for other in others {
            first[0].slopes.add(&other.slopes, &self.layout, self.config.width);
        }
        &mut first[0].slopes
    }

    /// The slopes of the last way back, in the pieces that may differ from zero.
    pub(crate) fn slope_parts(&self) -> Vec<&[f32]> {
        let slopes = &self.parts[0].slopes;
        let width = self.config.width;
        let mut parts: Vec<&[f32]> = slopes
            .touched
            .iter()
            .map(|word| &slopes.numbers[*word as usize * width..][..width])
            .collect();
        parts.push(&slopes.numbers[self.layout.words.end..]);
        parts
    }

    /// Moves the parameters along the slopes of the last way back; the deeper a layer, the slower by `level_decay`.
    pub(crate) fn step(&mut self, stride: Stride, level_decay: f32) {
        self.stale = true;
        let levels = self.config.layers;
        let rate_of = |level: usize| level_decay.powi((levels - level.min(levels)) as i32);
        let slopes = &self.parts[0].slopes;
        let width = self.config.width;
        let own = Stride { rate: stride.rate * rate_of(0), ..stride };
        for word in &slopes.touched {
            let range = *word as usize * width..(*word as usize + 1) * width;
            self.moments.step_range(
                &self.machine,
                (&mut self.numbers, &slopes.numbers),
                range,
                own,
            );
        }
        // The first tensor is the table of tokens.
        let tensors = &self.layout.tensors[1..];
        self.moments.step(
            &self.machine,
            (&mut self.numbers, &slopes.numbers),
            tensors,
            stride,
            rate_of,
        );
    }

    /// Hands out the parts of the last batch.
    pub(crate) fn parts(&mut self) -> &mut [Part] {
        &mut self.parts
    }

    /// Takes up the parameters of an interrupted training.
    pub(crate) fn restore(&mut self, numbers: Vec<f32>, moments: Moments) {
        self.stale = true;
        self.numbers = numbers;
        self.moments = moments;
    }

    /// Returns all tokens of each text of the last batch, as places of [`Engine::pool`].
    pub(crate) fn wholes(&self) -> Vec<Vec<Range<usize>>> {
        let texts = self.parts.iter().flat_map(|part| part.batch.texts());
        texts.map(|text| iter::once(0..text.len()).collect()).collect()
    }

    /// Returns the vectors of places in the texts of the last batch: for each text, ranges of its tokens.
    pub(crate) fn pool(
        &self,
        pooling: Pooling,
        places: &[impl AsRef<[Range<usize>]>],
    ) -> Vec<Pooled> {
        let width = self.config.width;
        let mut pooled = Vec::new();
        let mut places = places.iter();
        for part in &self.parts {
            let output = part.trace.output(self.config.layers);
            for (text, places) in part.batch.texts().zip(&mut places) {
                let tokens = &output[text.start * width..text.end * width];
                let of = |place: &Range<usize>| &tokens[place.start * width..place.end * width];
                pooled.extend(places.as_ref().iter().map(|place| pooling.pool(of(place), width)));
            }
        }
        pooled
    }

    /// Writes the slopes of the vectors of places into the parts.
    pub(crate) fn pool_back(
        &mut self,
        pooling: Pooling,
        places: &[impl AsRef<[Range<usize>]>],
        pooled: &[Pooled],
        slopes: &[f32],
    ) {
        let width = self.config.width;
        let mut vectors = pooled.iter().zip(slopes.chunks_exact(width));
        let mut places = places.iter();
        for part in &mut self.parts {
            part.output_slopes.clear();
            part.output_slopes.resize(part.batch.ids.len() * width, 0.0);
            for (text, places) in part.batch.texts().zip(&mut places) {
                let tokens = &mut part.output_slopes[text.start * width..text.end * width];
                for (place, ((vector, length), slope)) in places.as_ref().iter().zip(&mut vectors) {
                    let tokens = &mut tokens[place.start * width..place.end * width];
                    pooling.pool_back(vector, *length, slope, tokens);
                }
            }
        }
    }
}

/// Does the same for each part, on as many threads as are allowed.
fn each(parts: &mut [Part], threads: usize, work: impl Fn(u64, &mut Part) + Sync) {
    let numbered = parts.iter_mut().enumerate();
    if threads < 2 {
        return numbered.for_each(|(number, part)| work(number as u64, part));
    }
    thread::scope(|scope| {
        for (number, part) in numbered {
            let work = &work;
            scope.spawn(move || work(number as u64, part));
        }
    });
}
