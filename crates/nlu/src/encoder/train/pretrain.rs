//! An encoder of our own from raw text, or a published one that goes on with a company's own conversations.
//!
//! It learns to guess tokens that were masked (Devlin et al., 2019), and, from two differently masked copies, to tell a
//! text from the others of its batch (Gao et al., 2021), which makes the vectors of whole texts comparable. What intents
//! there are is for fine-tuning.

use std::path::Path;

use super::super::checkpoint;
use super::super::config::{Config, Family};
use super::super::dropout::Dropout;
use super::super::kernel::{Activation, add};
use super::super::layout::{Layout, Tensor};
use super::super::pooling::Pooling;
use super::super::tokenizer::Tokenizer;
use super::super::{Encoder, EncoderError};
use super::engine::Engine;
use super::guess::{Guess, GuessNetwork, HeadLayout};
use super::loss::contrastive;
use super::optimizer::{Moments, Schedule, Stride, clip};
use super::pretrain_options::PretrainOptions;
use super::state::Keeper;
use super::{OnProgress, Progress, vocabulary};
use crate::solver::Random;

/// Tokens that are never masked: their texts begin and end with them.
const EDGES: usize = 1;

/// Trains an encoder from nothing but texts, and writes it into a folder as a checkpoint.
///
/// The state is kept in the folder after each pass; called again after an interruption, the training goes on from it.
///
/// # Errors
/// If options or texts cannot be used, a file cannot be read or written, or the caller stops the training.
pub fn pretrain(
    texts: &[&str],
    options: &PretrainOptions,
    folder: &Path,
    on_progress: OnProgress,
) -> Result<Encoder, EncoderError> {
    options.check()?;
    let tokens = vocabulary::collect(texts, options.vocabulary, options.count_min, true)?;
    let config = config(options, tokens.len());
    let tokenizer = Tokenizer::of_vocabulary(&tokens, true, config.words, config.tokens_max())
        .map_err(EncoderError::Training)?;
    let numbers = fresh(&Layout::new(&config).tensors, options.seed);
    let encoder =
        Encoder::new(config, numbers, tokenizer, Pooling::PLAIN).map_err(EncoderError::Training)?;
    let head = fresh(&HeadLayout::new(&encoder.config).tensors, options.seed.wrapping_add(1));
    run(&encoder, head, texts, options, folder, on_progress)
}

/// Lets the checkpoint in `from` go on learning from texts, and writes the result into another folder.
///
/// # Errors
/// As [`pretrain`], or if the checkpoint cannot be read or its tokenizer has no `[MASK]`.
pub fn continue_pretraining(
    from: &Path,
    texts: &[&str],
    options: &PretrainOptions,
    folder: &Path,
    on_progress: OnProgress,
) -> Result<Encoder, EncoderError> {
    options.check()?;
    let encoder = Encoder::load(from)?;
    let tensors = HeadLayout::new(&encoder.config).tensors;
    let head = checkpoint::read_if_there(&from.join(checkpoint::WEIGHTS_FILE), &tensors)?
        .unwrap_or_else(|| fresh(&tensors, options.seed.wrapping_add(1)));
    run(&encoder, head, texts, options, folder, on_progress)
}

fn config(options: &PretrainOptions, words: usize) -> Config {
    Config {
        family: Family::Bert,
        width: options.width,
        layers: options.layers,
        heads: options.heads,
        inner: 4 * options.width,
        words,
        positions: 512,
        first_position: 0,
        kinds: 1,
        epsilon: 1e-12,
        activation: Activation::Gelu,
    }
}

/// Numbers to begin with: small random weights, normalisations that change nothing, no biases.
pub(crate) fn fresh(tensors: &[Tensor], seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    let mut numbers = vec![0.0; tensors.last().map_or(0, |tensor| tensor.range.end)];
    for tensor in tensors {
        let own = &mut numbers[tensor.range.clone()];
        if tensor.name.ends_with("LayerNorm.weight") {
            own.fill(1.0);
        } else if tensor.decays() {
            own.iter_mut().for_each(|number| *number = 0.02 * normal(&mut random));
        }
    }
    numbers
}

/// A number that is about normally distributed: four even ones together.
fn normal(random: &mut Random) -> f32 {
    let sum: f32 = (0..4).map(|_| unit(random)).sum();
    (sum - 2.0) * 3f32.sqrt()
}

fn unit(random: &mut Random) -> f32 {
    (random.next() >> 40) as f32 / (1u32 << 24) as f32
}

#[derive(Debug)]
struct Pretraining {
    engine: Engine,
    layout: HeadLayout,
    head: Vec<f32>,
    head_moments: Moments,
    texts: Vec<Vec<u32>>,
    mask: u32,
    options: PretrainOptions,
}

fn run(
    encoder: &Encoder,
    head: Vec<f32>,
    texts: &[&str],
    options: &PretrainOptions,
    folder: &Path,
    on_progress: OnProgress,
) -> Result<Encoder, EncoderError> {
    let mask = ["[MASK]", "<mask>"].iter().find_map(|mark| encoder.tokenizer.id(mark)).ok_or_else(
        || {
            EncoderError::Training(
                "the tokenizer has no [MASK]: use a checkpoint that was pre-trained with masks"
                    .to_owned(),
            )
        },
    )?;
    let tokens: Vec<Vec<u32>> =
        texts.iter().map(|text| encoder.tokens(text, options.tokens_max)).collect();
    let tokens: Vec<Vec<u32>> =
        tokens.into_iter().filter(|tokens| tokens.len() > 2 * EDGES + 1).collect();
    if tokens.len() < 2 {
        return Err(EncoderError::Training(
            "fewer than two texts have more than one word".to_owned(),
        ));
    }
    let (fingerprint, described) =
        (encoder.fingerprint(), format!("{:?}", PretrainOptions { threads: 1, ..*options }));
    let mut identity = vec!["pre-training", &fingerprint, &described];
    identity.extend(texts);
    let keeper = Keeper::new(folder, &identity)?;
    let mut training = Pretraining {
        engine: Engine::new(encoder, options.threads),
        layout: HeadLayout::new(&encoder.config),
        head_moments: Moments::new(head.len()),
        head,
        texts: tokens,
        mask,
        options: *options,
    };
    let first = training.resume(&keeper)?;
    training.run(first, &keeper, on_progress)?;
    let result = Encoder::new(
        training.engine.config,
        training.engine.numbers,
        encoder.tokenizer.clone(),
        encoder.pooling,
    )
    .map_err(EncoderError::Training)?;
    result.save_with(folder, &[(&training.layout.tensors, &training.head)])?;
    keeper.remove()?;
    Ok(result)
}

impl Pretraining {
    fn run(
        &mut self,
        first: usize,
        keeper: &Keeper,
        on_progress: OnProgress,
    ) -> Result<(), EncoderError> {
        let per_epoch = self.texts.len().div_ceil(self.options.batch) as u64;
        let steps = per_epoch * self.options.epochs as u64;
        for epoch in first..self.options.epochs {
            let mut random = Random::new(self.options.seed.wrapping_add(1 + epoch as u64));
            let mut order: Vec<usize> = (0..self.texts.len()).collect();
            random.shuffle(&mut order);
            for (number, batch) in order.chunks(self.options.batch).enumerate() {
                let step = epoch as u64 * per_epoch + number as u64 + 1;
                let loss = self.step(batch, step, steps, &mut random);
                if step == (epoch as u64 + 1) * per_epoch {
                    self.keep(keeper, epoch + 1)?;
                }
                let first_step = first as u64 * per_epoch;
                let progress = Progress {
                    step,
                    steps,
                    first_step,
                    epoch: epoch + 1,
                    epochs: self.options.epochs,
                    loss,
                    dev_accuracy: None,
                };
                if on_progress(&progress).is_break() {
                    return Err(EncoderError::Stopped);
                }
            }
        }
        Ok(())
    }

    fn step(&mut self, batch: &[usize], step: u64, steps: u64, random: &mut Random) -> f32 {
        let options = self.options;
        let copies = if options.contrast > 0.0 { 2 } else { 1 };
        let texts: Vec<usize> = (0..copies).flat_map(|_| batch.iter().copied()).collect();
        let masked: Vec<Masked> =
            texts.iter().map(|at| self.masked(&self.texts[*at], random)).collect();
        let tokens: Vec<&[u32]> = masked.iter().map(|text| text.tokens.as_slice()).collect();
        let dropout = Dropout::new(
            options.dropout,
            options.seed.wrapping_mul(0x9e37_79b9).wrapping_add(step),
        );
        self.engine.forward(&tokens, dropout);
        let labels: Vec<usize> = (0..copies).flat_map(|_| 0..batch.len()).collect();
        let contrast = self.tell_apart(&labels);
        let guess = self.guess(&masked);
        let width = self.engine.config.width;
        self.engine.backward().add_words(&guess.word_slopes, width);
        let mut parts = self.engine.slope_parts();
        parts.push(&guess.head_slopes);
        let clip = clip(&self.engine.machine, &parts, 1.0);
        let warm_up = (steps as f32 * options.warm_up) as u64;
        let rate = Schedule { rate: options.rate, steps, warm_up }.at(step);
        let stride = Stride { step, rate, decay: options.decay, clip };
        self.engine.step(stride, 1.0);
        let numbers = (self.head.as_mut_slice(), guess.head_slopes.as_slice());
        self.head_moments
            .step(&self.engine.machine, numbers, &self.layout.tensors, stride, |_| 1.0);
        guess.loss + contrast
    }

    /// Hides some tokens of a text: most behind the mask, some behind others, some not at all.
    fn masked(&self, tokens: &[u32], random: &mut Random) -> Masked {
        let mut masked = Masked { tokens: tokens.to_vec(), places: Vec::new(), right: Vec::new() };
        let inside = tokens.len() - 2 * EDGES;
        let sure = EDGES + (random.next() % inside as u64) as usize;
        for (at, token) in tokens.iter().enumerate().take(tokens.len() - EDGES).skip(EDGES) {
            if at != sure && unit(random) >= self.options.masked {
                continue;
            }
            masked.places.push(at);
            masked.right.push(*token as usize);
            let way = unit(random);
            if way < 0.8 {
                masked.tokens[at] = self.mask;
            } else if way < 0.9 {
                masked.tokens[at] = (random.next() % self.engine.config.words as u64) as u32;
            }
        }
        masked
    }

    /// Compares the texts' vectors, writes their slopes into the parts, and returns the loss.
    fn tell_apart(&mut self, labels: &[usize]) -> f32 {
        let texts = self.engine.wholes();
        let pooled = self.engine.pool(Pooling::PLAIN, &texts);
        let weight = self.options.contrast;
        if weight == 0.0 {
            let none = vec![0.0; pooled.len() * self.engine.config.width];
            self.engine.pool_back(Pooling::PLAIN, &texts, &pooled, &none);
            return 0.0;
        }
        let vectors: Vec<Vec<f32>> = pooled.iter().map(|(vector, _)| vector.clone()).collect();
        let mut loss = contrastive(&vectors, labels, 0.1);
        loss.slopes.iter_mut().for_each(|slope| *slope *= weight);
        self.engine.pool_back(Pooling::PLAIN, &texts, &pooled, &loss.slopes);
        weight * loss.value
    }

    /// Guesses the masked tokens, adds the slopes of their vectors to those in the parts, and returns the rest.
    fn guess(&mut self, texts: &[Masked]) -> Guess {
        let (width, layers) = (self.engine.config.width, self.engine.config.layers);
        let mut texts = texts.iter();
        let mut places = Vec::new();
        let (mut vectors, mut right) = (Vec::new(), Vec::new());
        for (number, part) in self.engine.parts().iter().enumerate() {
            let output = part.trace.output(layers);
            for (place, text) in part.batch.texts().zip(&mut texts) {
                for (at, token) in text.places.iter().zip(&text.right) {
                    places.push((number, place.start + at));
                    vectors.extend_from_slice(&output[(place.start + at) * width..][..width]);
                    right.push(*token);
                }
            }
        }
        let network = GuessNetwork {
            layout: &self.layout,
            numbers: &self.head,
            words: &self.engine.numbers[self.engine.layout.words.clone()],
            width,
        };
        let (guess, slopes) = network.run(&mut self.engine.machine, &vectors, &right);
        for ((part, at), slope) in places.into_iter().zip(slopes.chunks_exact(width)) {
            add(&mut self.engine.parts()[part].output_slopes[at * width..][..width], slope);
        }
        guess
    }

    fn keep(&self, keeper: &Keeper, epoch: usize) -> Result<(), EncoderError> {
        let (engine, head) = (&self.engine, &self.head_moments);
        keeper.save(&[
            ("counts", &[epoch as f32]),
            ("numbers", &engine.numbers),
            ("mean", &engine.moments.mean),
            ("square", &engine.moments.square),
            ("head", &self.head),
            ("head_mean", &head.mean),
            ("head_square", &head.square),
        ])
    }

    fn resume(&mut self, keeper: &Keeper) -> Result<usize, EncoderError> {
        let (numbers, head) = (self.engine.numbers.len(), self.head.len());
        let names = ["numbers", "mean", "square", "head", "head_mean", "head_square"];
        let mut all = vec![("counts", 1)];
        all.extend(names.into_iter().zip([numbers, numbers, numbers, head, head, head]));
        let Some(parts) = keeper.load(&all)? else { return Ok(0) };
        let Ok([counts, numbers, mean, square, head, head_mean, head_square]) =
            <[Vec<f32>; 7]>::try_from(parts)
        else {
            return Ok(0);
        };
        self.engine.restore(numbers, Moments { mean, square });
        self.head = head;
        self.head_moments = Moments { mean: head_mean, square: head_square };
        Ok(counts[0] as usize)
    }
}

/// A text with some tokens hidden.
#[derive(Debug)]
struct Masked {
    tokens: Vec<u32>,
    places: Vec<usize>,
    right: Vec<usize>,
}
