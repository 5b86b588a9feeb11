//! Transformers of the BERT family: from a text to a vector, as a published checkpoint or one of our own computes it.
//!
//! A checkpoint is a folder in the layout of Hugging Face: `config.json`, `model.safetensors`, and `tokenizer.json` or
//! `vocab.txt`. It is computed here on the processor, one thread for each call. What an intent is, and what to make of a
//! vector, is the matter of others; nothing is fetched from anywhere.

mod checkpoint;
mod config;
mod dropout;
mod error;
mod files;
mod forward;
mod kernel;
mod layout;
mod pooling;
mod tokenizer;
mod train;

use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use sha2::{Digest, Sha256};

use config::Config;
use dropout::Dropout;
pub use error::EncoderError;
use forward::{Batch, Network, PackedLayer, Trace, WholeLayer};
use kernel::Machine;
use layout::{Layout, Tensor};
use pooling::Pooling;
use tokenizer::{Tokenizer, Tokens};
pub use train::{
    FineTuneOptions, FineTuned, Head, LabelledWords, OnProgress, PretrainOptions, Progress,
    continue_pretraining, finetune, finetune_words, pretrain,
};

/// The files of a checkpoint that are read, and whether there is no checkpoint without each. Of `tokenizer.json` and
/// `vocab.txt` it has one; the way to pool stands where sentence-transformers puts it.
pub const CHECKPOINT_FILES: [(&str, bool); 8] = [
    (CONFIG_FILE, true),
    (tokenizer::TOKENIZER_FILE, false),
    (tokenizer::VOCABULARY_FILE, false),
    ("tokenizer_config.json", false),
    (tokenizer::LIMIT_FILE, false),
    (pooling::MODULES_FILE, false),
    ("1_Pooling/config.json", false),
    (checkpoint::WEIGHTS_FILE, true),
];
/// The name of the file that describes an encoder.
const CONFIG_FILE: &str = "config.json";
/// Tokens that are computed at once; more texts are taken in several goes.
const BATCH_TOKENS_MAX: usize = 2048;
/// A text that every encoder must make a vector of.
const PROBE: &str = "Where is my parcel? 我要退款。";
/// Memory of past calls that is kept for the next ones.
const ROOMS_MAX: usize = 4;

/// Turns texts into vectors.
#[derive(Debug)]
pub struct Encoder {
    config: Config,
    layout: Layout,
    numbers: Vec<f32>,
    packed: Vec<PackedLayer>,
    /// The same in whole numbers, once somebody is in a hurry; nothing on a processor without such instructions.
    whole: OnceLock<Option<Vec<WholeLayer>>>,
    tokenizer: Tokenizer,
    pooling: Pooling,
    fingerprint: String,
    rooms: Mutex<Vec<Room>>,
}

/// A token of a text and what it means there.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenVector {
    /// Where the token stands in the text, in bytes.
    pub span: Range<usize>,
    /// Its vector, not brought to any length.
    pub vector: Vec<f32>,
}

/// Room to compute in.
#[derive(Debug)]
struct Room {
    machine: Machine,
    trace: Trace,
}

impl Encoder {
    /// Reads the checkpoint in a folder.
    ///
    /// # Errors
    /// If a file is missing, damaged, of another architecture, or does not fit the others.
    pub fn load(dir: &Path) -> Result<Self, EncoderError> {
        let path = dir.join(CONFIG_FILE);
        let bytes = files::read(
            &path,
            files::CONFIG_BYTES_MAX,
            "name the folder of a checkpoint in the layout of Hugging Face",
        )?;
        let config = Config::read(&path, &files::json(&path, &bytes)?)?;
        let tokenizer = Tokenizer::load(dir, config.words, config.tokens_max())?;
        let pooling = Pooling::load(dir)?;
        let numbers = checkpoint::read(dir, &Layout::new(&config).tensors)?;
        let encoder = Self::new(config, numbers, tokenizer, pooling).map_err(|problem| {
            EncoderError::refused(&dir.join(tokenizer::TOKENIZER_FILE), problem)
        })?;
        if encoder.embed(&[PROBE]).iter().flatten().all(|number| number.is_finite()) {
            return Ok(encoder);
        }
        let path = dir.join(checkpoint::WEIGHTS_FILE);
        Err(EncoderError::refused(
            &path,
            "with its weights the vectors are not finite; fetch it again",
        ))
    }

    fn new(
        config: Config,
        numbers: Vec<f32>,
        tokenizer: Tokenizer,
        pooling: Pooling,
    ) -> Result<Self, String> {
        let layout = Layout::new(&config);
        let packed = PackedLayer::pack_all(&config, &layout, &numbers);
        let fingerprint = fingerprint(&config, &numbers, &tokenizer, pooling)?;
        let (whole, rooms) = (OnceLock::new(), Mutex::default());
        Ok(Self { config, layout, numbers, packed, whole, tokenizer, pooling, fingerprint, rooms })
    }

    /// Writes the encoder as a checkpoint that this and other programs read, into a folder that is made if need be.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn save(&self, dir: &Path) -> Result<(), EncoderError> {
        self.save_with(dir, &[])
    }

    /// Writes the encoder with further tensors beside its own.
    fn save_with(&self, dir: &Path, further: &[(&[Tensor], &[f32])]) -> Result<(), EncoderError> {
        files::make_folder(dir)?;
        self.tokenizer.save(dir)?;
        self.pooling.save(dir, self.config.width)?;
        let mut groups: Vec<(&[Tensor], &[f32])> = vec![(&self.layout.tensors, &self.numbers)];
        groups.extend(further);
        checkpoint::write(&dir.join(checkpoint::WEIGHTS_FILE), &groups)?;
        files::write(&dir.join(CONFIG_FILE), format!("{:#}\n", self.config.to_json()).as_bytes())
    }

    /// Returns the encoder that lies on the way from this one to one that was trained from it, at a share of the way: it
    /// knows most of what the one learned, and forgot less of what the other knew (Wortsman et al., 2022).
    ///
    /// # Errors
    /// If its vectors could not be computed.
    pub(crate) fn towards(&self, trained: &Self, share: f32) -> Result<Self, EncoderError> {
        let both = self.numbers.iter().zip(&trained.numbers);
        let numbers = both.map(|(before, after)| before + share * (after - before)).collect();
        let (tokenizer, pooling) = (trained.tokenizer.clone(), trained.pooling);
        Self::new(trained.config.clone(), numbers, tokenizer, pooling)
            .map_err(EncoderError::Training)
    }

    /// Returns how many numbers a vector has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.config.width
    }

    /// Returns how many numbers the encoder consists of.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.layout.size()
    }

    /// Returns the SHA-256, in hexadecimal, of all that decides about the vectors: weights, shape, tokenizer, pooling.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    /// Returns the vector of each text, as other programs compute it from the same checkpoint.
    #[must_use]
    pub fn embed(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        self.pooled(texts, None)
    }

    /// Returns vectors that differ a little from those of [`Encoder::embed`], in a third of the time where the processor
    /// multiplies whole numbers of eight bits at once. Whoever compares vectors computes all of them in one way.
    #[must_use]
    pub fn embed_quickly(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let whole = self
            .whole
            .get_or_init(|| WholeLayer::pack_all(&self.config, &self.layout, &self.numbers));
        self.pooled(texts, whole.as_deref())
    }

    fn pooled(&self, texts: &[&str], whole: Option<&[WholeLayer]>) -> Vec<Vec<f32>> {
        let mut vectors = Vec::with_capacity(texts.len());
        self.each(texts, whole, |_, tokens| {
            vectors.push(self.pooling.pool(tokens, self.config.width).0);
        });
        vectors
    }

    /// Returns the vectors of the tokens of each text, without its marks of beginning and end.
    #[must_use]
    pub fn embed_tokens(&self, texts: &[&str]) -> Vec<Vec<TokenVector>> {
        let mut all = Vec::with_capacity(texts.len());
        self.each(texts, None, |text, tokens| {
            let vectors = text.spans.iter().zip(tokens.chunks_exact(self.config.width));
            let of = |(span, vector): (&Option<Range<usize>>, &[f32])| {
                Some(TokenVector { span: span.clone()?, vector: vector.to_vec() })
            };
            all.push(vectors.filter_map(of).collect());
        });
        all
    }

    /// Cuts a text into at most so many tokens, of which the last is the mark of its end.
    fn tokens(&self, text: &str, tokens_max: usize) -> Vec<u32> {
        let mut ids = self.tokenizer.encode(text).ids;
        if let Some(end) = ids.last().copied().filter(|_| ids.len() > tokens_max) {
            ids.truncate(tokens_max);
            ids[tokens_max - 1] = end;
        }
        ids
    }

    /// Computes texts, and hands over each with the vectors of its tokens.
    fn each(
        &self,
        texts: &[&str],
        whole: Option<&[WholeLayer]>,
        mut take: impl FnMut(&Tokens, &[f32]),
    ) {
        let mut room = self
            .rooms
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_else(Room::new);
        let mut waiting: Vec<Tokens> = Vec::new();
        let mut count = 0;
        for text in texts {
            let tokens = self.tokenizer.encode(text);
            if count + tokens.ids.len() > BATCH_TOKENS_MAX && !waiting.is_empty() {
                self.compute(&mut room, &waiting, whole, &mut take);
                waiting.clear();
                count = 0;
            }
            count += tokens.ids.len();
            waiting.push(tokens);
        }
        self.compute(&mut room, &waiting, whole, &mut take);
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.len() < ROOMS_MAX {
            rooms.push(room);
        }
    }

    fn compute(
        &self,
        room: &mut Room,
        texts: &[Tokens],
        whole: Option<&[WholeLayer]>,
        take: &mut impl FnMut(&Tokens, &[f32]),
    ) {
        let batch = Batch::of(texts.iter().map(|text| text.ids.as_slice()));
        let network = Network {
            config: &self.config,
            layout: &self.layout,
            numbers: &self.numbers,
            packed: &self.packed,
            whole,
            dropout: Dropout::NONE,
        };
        network.run(&mut room.machine, &batch, &mut room.trace, 2);
        let output = room.trace.output(self.config.layers);
        let width = self.config.width;
        for (text, place) in texts.iter().zip(batch.texts()) {
            take(text, &output[place.start * width..place.end * width]);
        }
    }
}

impl Room {
    fn new() -> Self {
        Self { machine: Machine::new(), trace: Trace::default() }
    }
}

fn fingerprint(
    config: &Config,
    numbers: &[f32],
    tokenizer: &Tokenizer,
    pooling: Pooling,
) -> Result<String, String> {
    let mut hash = Sha256::new();
    hash.update(format!("{config:?} {pooling:?}").as_bytes());
    hash.update(tokenizer.to_json()?.as_bytes());
    for part in numbers.chunks(1 << 14) {
        let bytes: Vec<u8> = part.iter().flat_map(|number| number.to_le_bytes()).collect();
        hash.update(&bytes);
    }
    Ok(hex::encode(hash.finalize()))
}
