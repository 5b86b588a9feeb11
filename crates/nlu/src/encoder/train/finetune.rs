//! Fine-tuning: an encoder and a head learn the labels of a company's own texts.
//!
//! Both losses are made small together: cross-entropy, and the contrastive loss on batches in which each label has two
//! texts, which is what a few examples profit from. Whether the result is used is decided by who evaluates it.

use std::ops::Range;
use std::path::Path;

use super::super::dropout::Dropout;
use super::super::pooling::Pooling;
use super::super::{Encoder, EncoderError};
use super::engine::Engine;
use super::examples::{Data, LabelledWords};
use super::finetune_options::FineTuneOptions;
use super::head::{self, Head};
use super::loss::{contrastive, cross_entropy};
use super::optimizer::{Moments, Schedule, Stride, clip};
use super::state::Keeper;
use super::{OnProgress, Progress};
use crate::solver::Random;

/// What fine-tuning made.
#[derive(Debug)]
pub struct FineTuned {
    /// The encoder of the best pass.
    pub encoder: Encoder,
    /// Its head.
    pub head: Head,
    /// The share of development texts with the right label, if there were any.
    pub dev_accuracy: Option<f32>,
    /// The pass that was the best, from 1.
    pub epoch: usize,
}

/// Fine-tunes an encoder on pairs of text and label.
///
/// With a folder, the state is written there after each pass, and a training that was interrupted goes on from it to
/// the same result. The file is removed at the end.
///
/// # Errors
/// If options or examples cannot be used, a file cannot be read or written, or the caller stops the training.
pub fn finetune(
    encoder: &Encoder,
    examples: &[(&str, &str)],
    dev: &[(&str, &str)],
    options: &FineTuneOptions,
    folder: Option<&Path>,
    on_progress: OnProgress,
) -> Result<FineTuned, EncoderError> {
    options.check()?;
    let data = Data::new(encoder, examples, dev, options)?;
    let counts = format!("{} {}", examples.len(), dev.len());
    let all = examples.iter().chain(dev).flat_map(|(text, label)| [*text, *label]);
    let said: Vec<&str> = [counts.as_str()].into_iter().chain(all).collect();
    train((encoder, encoder.pooling), data, options, (folder, &said), on_progress)
}

/// Fine-tunes an encoder on utterances whose words have labels. A text with many words counts as many.
///
/// With a folder as [`finetune`].
///
/// # Errors
/// As [`finetune`].
pub fn finetune_words(
    encoder: &Encoder,
    utterances: &[LabelledWords<'_>],
    options: &FineTuneOptions,
    folder: Option<&Path>,
    on_progress: OnProgress,
) -> Result<FineTuned, EncoderError> {
    options.check()?;
    let data = Data::of_words(encoder, utterances, options)?;
    let mut said = Vec::new();
    for one in utterances {
        said.push(one.text);
        said.extend(one.words.iter().map(|(_, label)| *label));
    }
    train((encoder, Pooling::PLAIN), data, options, (folder, &said), on_progress)
}

/// Trains; with a folder, from where a training on the same that was `said` was interrupted.
fn train(
    (encoder, pooling): (&Encoder, Pooling),
    data: Data,
    options: &FineTuneOptions,
    (folder, said): (Option<&Path>, &[&str]),
    on_progress: OnProgress,
) -> Result<FineTuned, EncoderError> {
    let keeper = folder.map(|folder| keeper(folder, encoder, said, options)).transpose()?;
    let mut training = Training::new(encoder, pooling, data, *options);
    let first_epoch = match &keeper {
        Some(keeper) => training.resume(keeper)?,
        None => 0,
    };
    training.run(first_epoch, keeper.as_ref(), on_progress)?;
    if let Some(keeper) = &keeper {
        keeper.remove()?;
    }
    training.finish(encoder)
}

fn keeper(
    folder: &Path,
    encoder: &Encoder,
    said: &[&str],
    options: &FineTuneOptions,
) -> Result<Keeper, EncoderError> {
    // Threads change nothing but the time.
    let options = format!("{:?}", FineTuneOptions { threads: 1, ..*options });
    let fingerprint = encoder.fingerprint();
    let mut identity = vec!["fine-tuning", fingerprint.as_str(), options.as_str()];
    identity.extend(said);
    Keeper::new(folder, &identity)
}

#[derive(Debug)]
struct Training {
    engine: Engine,
    pooling: Pooling,
    data: Data,
    options: FineTuneOptions,
    head: Vec<f32>,
    head_moments: Moments,
    best: Best,
}

/// The best pass so far.
#[derive(Debug, Default)]
struct Best {
    numbers: Vec<f32>,
    head: Vec<f32>,
    accuracy: f32,
    epoch: usize,
}

impl Training {
    fn new(encoder: &Encoder, pooling: Pooling, data: Data, options: FineTuneOptions) -> Self {
        let mut training = Self {
            engine: Engine::new(encoder, options.threads),
            pooling: Pooling { unit: true, ..pooling },
            head: Vec::new(),
            head_moments: Moments::default(),
            best: Best { accuracy: -1.0, ..Best::default() },
            data,
            options,
        };
        let vectors = training.vectors(false);
        let (classes, width) = (training.data.labels.len(), encoder.width());
        let labels = training.data.train.labels.concat();
        training.head = head::from_middles(&vectors, &labels, classes, width);
        training.head_moments = Moments::new(training.head.len());
        training
    }

    fn steps_per_epoch(&self) -> u64 {
        self.data.train.tokens.len().div_ceil(self.options.batch) as u64
    }

    fn run(
        &mut self,
        first: usize,
        keeper: Option<&Keeper>,
        on_progress: OnProgress,
    ) -> Result<(), EncoderError> {
        let per_epoch = self.steps_per_epoch();
        let steps = per_epoch * self.options.epochs as u64;
        let mut progress = Progress {
            step: 0,
            steps,
            first_step: first as u64 * per_epoch,
            epoch: 0,
            epochs: self.options.epochs,
            loss: 0.0,
            dev_accuracy: None,
        };
        for epoch in first..self.options.epochs {
            if self.options.patience > 0
                && first_is_over(epoch, self.best.epoch, self.options.patience)
            {
                break;
            }
            let order = self.order(epoch);
            for (number, batch) in order.chunks(self.options.batch).enumerate() {
                progress.step = epoch as u64 * per_epoch + number as u64 + 1;
                progress.epoch = epoch + 1;
                progress.loss = self.step(batch, progress.step, steps);
                progress.dev_accuracy = None;
                if number + 1 == per_epoch as usize {
                    progress.dev_accuracy = self.rate(epoch + 1);
                    keeper.map_or(Ok(()), |keeper| self.keep(keeper, epoch + 1))?;
                }
                if on_progress(&progress).is_break() {
                    return Err(EncoderError::Stopped);
                }
            }
        }
        Ok(())
    }

    /// The order of a pass. With contrast, texts of a label come in twos, so that each finds a friend in its batch.
    fn order(&self, epoch: usize) -> Vec<usize> {
        let mut random = Random::new(self.options.seed.wrapping_add(1 + epoch as u64));
        let mut order: Vec<usize> = (0..self.data.train.tokens.len()).collect();
        random.shuffle(&mut order);
        if self.options.contrast == 0.0 {
            return order;
        }
        // Stable, so that within a label the order stays random.
        order.sort_by(|a, b| self.data.train.labels[*a].cmp(&self.data.train.labels[*b]));
        let same = |a: &usize, b: &usize| self.data.train.labels[*a] == self.data.train.labels[*b];
        let mut twos: Vec<&[usize]> = order.chunk_by(same).flat_map(|own| own.chunks(2)).collect();
        random.shuffle(&mut twos);
        twos.concat()
    }

    fn step(&mut self, batch: &[usize], step: u64, steps: u64) -> f32 {
        let options = self.options;
        let dropout = Dropout::new(
            options.dropout,
            options.seed.wrapping_mul(0x9e37_79b9).wrapping_add(step),
        );
        let texts: Vec<&[u32]> =
            batch.iter().map(|at| self.data.train.tokens[*at].as_slice()).collect();
        let train = &self.data.train;
        let places: Vec<&[Range<usize>]> =
            batch.iter().map(|at| train.places[*at].as_slice()).collect();
        let labels: Vec<usize> = batch.iter().flat_map(|at| &train.labels[*at]).copied().collect();
        self.engine.forward(&texts, dropout);
        let pooled = self.engine.pool(self.pooling, &places);
        let vectors: Vec<Vec<f32>> = pooled.iter().map(|(vector, _)| vector.clone()).collect();
        let mut head_slopes = vec![0.0; self.head.len()];
        let (loss, slopes) = self.loss(&vectors, &labels, &mut head_slopes);
        self.engine.pool_back(self.pooling, &places, &pooled, &slopes);
        self.engine.backward();
        let mut parts = self.engine.slope_parts();
        parts.push(&head_slopes);
        let clip = clip(&self.engine.machine, &parts, options.clip);
        let warm_up = (steps as f32 * options.warm_up) as u64;
        let rate = |rate| Schedule { rate, steps, warm_up }.at(step);
        let stride = Stride { step, rate: rate(options.rate), decay: options.decay, clip };
        self.engine.step(stride, options.level_decay);
        let stride = Stride { rate: rate(options.head_rate), decay: 0.0, ..stride };
        let range = 0..self.head.len();
        self.head_moments.step_range(
            &self.engine.machine,
            (&mut self.head, &head_slopes),
            range,
            stride,
        );
        loss
    }

    /// The loss of a batch, the slopes of its vectors, and, added, those of the head.
    fn loss(
        &self,
        vectors: &[Vec<f32>],
        labels: &[usize],
        head_slopes: &mut [f32],
    ) -> (f32, Vec<f32>) {
        let classes = self.data.labels.len();
        let scores: Vec<f32> =
            vectors.iter().flat_map(|vector| head::scores(&self.head, vector, classes)).collect();
        let cross = cross_entropy(&scores, labels, classes);
        let rows = vectors.iter().zip(cross.slopes.chunks_exact(classes));
        let mut slopes: Vec<f32> = rows
            .flat_map(|(vector, scores)| head::scores_back(&self.head, vector, scores, head_slopes))
            .collect();
        if self.options.contrast == 0.0 {
            return (cross.value, slopes);
        }
        let contrast = contrastive(vectors, labels, self.options.temperature);
        for (slope, other) in slopes.iter_mut().zip(&contrast.slopes) {
            *slope += self.options.contrast * other;
        }
        (cross.value + self.options.contrast * contrast.value, slopes)
    }

    /// Rates the pass that just ended, and keeps it if it is the best.
    fn rate(&mut self, epoch: usize) -> Option<f32> {
        let rated = !self.data.dev.tokens.is_empty();
        let accuracy = if rated { self.dev_accuracy() } else { 0.0 };
        // Without development texts the last pass is the one to keep.
        if !rated || accuracy > self.best.accuracy {
            self.best.accuracy = accuracy;
            self.best.epoch = epoch;
            self.best.numbers.clone_from(&self.engine.numbers);
            self.best.head.clone_from(&self.head);
        }
        rated.then_some(accuracy)
    }

    fn dev_accuracy(&mut self) -> f32 {
        let vectors = self.vectors(true);
        let classes = self.data.labels.len();
        let labels = self.data.dev.labels.concat();
        let right = vectors.iter().zip(&labels).filter(|(vector, label)| {
            let scores = head::scores(&self.head, vector, classes);
            let best = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            best.map(|(at, _)| at) == Some(**label)
        });
        right.count() as f32 / vectors.len() as f32
    }

    /// The vectors of the development texts, or of the others.
    fn vectors(&mut self, dev: bool) -> Vec<Vec<f32>> {
        let texts = if dev { &self.data.dev } else { &self.data.train };
        let tokens: Vec<&[u32]> = texts.tokens.iter().map(Vec::as_slice).collect();
        let mut vectors = Vec::with_capacity(tokens.len());
        let size = self.options.batch;
        for (batch, places) in tokens.chunks(size).zip(texts.places.chunks(size)) {
            self.engine.forward(batch, Dropout::NONE);
            let pooled = self.engine.pool(self.pooling, places);
            vectors.extend(pooled.into_iter().map(|(vector, _)| vector));
        }
        vectors
    }

    fn keep(&self, keeper: &Keeper, epoch: usize) -> Result<(), EncoderError> {
        let counts = [epoch as f32, self.best.epoch as f32, self.best.accuracy];
        let mut parts: Vec<(&str, &[f32])> = vec![("counts", &counts)];
        let rows = [
            &self.engine.numbers,
            &self.engine.moments.mean,
            &self.engine.moments.square,
            &self.head,
            &self.head_moments.mean,
            &self.head_moments.square,
            &self.best.numbers,
            &self.best.head,
        ];
        parts.extend(PARTS.iter().zip(rows).map(|(name, numbers)| (*name, numbers.as_slice())));
        keeper.save(&parts)
    }

    /// Takes up the state of an interrupted training; returns how many passes are done.
    fn resume(&mut self, keeper: &Keeper) -> Result<usize, EncoderError> {
        let (numbers, head) = (self.engine.numbers.len(), self.head.len());
        let sizes = [numbers, numbers, numbers, head, head, head, numbers, head];
        let mut all = vec![("counts", 3)];
        all.extend(PARTS.iter().copied().zip(sizes));
        let Some(parts) = keeper.load(&all)? else { return Ok(0) };
        let Ok(
            [counts, numbers, mean, square, head, head_mean, head_square, best_numbers, best_head],
        ) = <[Vec<f32>; 9]>::try_from(parts)
        else {
            return Ok(0);
        };
        self.engine.restore(numbers, Moments { mean, square });
        self.head = head;
        self.head_moments = Moments { mean: head_mean, square: head_square };
        self.best = Best {
            numbers: best_numbers,
            head: best_head,
            epoch: counts[1] as usize,
            accuracy: counts[2],
        };
        Ok(counts[0] as usize)
    }

    fn finish(self, encoder: &Encoder) -> Result<FineTuned, EncoderError> {
        let best = self.best;
        let pooling = Pooling { unit: true, ..encoder.pooling };
        let tuned =
            Encoder::new(self.engine.config, best.numbers, encoder.tokenizer.clone(), pooling)
                .map_err(EncoderError::Training)?;
        Ok(FineTuned {
            encoder: tuned,
            head: Head::new(self.data.labels, best.head),
            dev_accuracy: (!self.data.dev.tokens.is_empty()).then_some(best.accuracy),
            epoch: best.epoch,
        })
    }
}

/// The names of the rows of numbers that a state holds.
const PARTS: [&str; 8] =
    ["numbers", "mean", "square", "head", "head_mean", "head_square", "best_numbers", "best_head"];

/// Tells whether too many passes brought no gain.
fn first_is_over(done: usize, best: usize, patience: usize) -> bool {
    best > 0 && done >= best + patience
}
