//! From a text to the tokens of a checkpoint, by `tokenizer.json` or `vocab.txt`.
//!
//! The work is done by the crate `tokenizers`, which knows WordPiece, Unigram and BPE. Its own padding is turned off,
//! since texts are computed without any. It is guarded: files of strangers may make it panic.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde_json::{Value, json};
use tokenizers::{
    NormalizedString, Normalizer, OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer,
    TruncationDirection, TruncationParams, TruncationStrategy,
};

use super::error::EncoderError;
use super::files;

/// The name of the file that describes a tokenizer.
pub(crate) const TOKENIZER_FILE: &str = "tokenizer.json";
/// The name of the file that lists the tokens of a WordPiece tokenizer, one a line.
pub(crate) const VOCABULARY_FILE: &str = "vocab.txt";
/// The name of the file that tells after how many tokens a text is cut off, and the name under which it does.
pub(crate) const LIMIT_FILE: &str = "sentence_bert_config.json";
const LIMIT: &str = "max_seq_length";
/// Bytes of a text that are looked at; what follows would be cut off with the last token anyway.
const TEXT_BYTES_MAX: usize = 64 << 10;
/// The most tokens of a text, if a checkpoint does not say less.
const TOKENS_MAX: usize = 512;

/// Cuts texts into tokens.
#[derive(Debug, Clone)]
pub(crate) struct Tokenizer {
    inner: tokenizers::Tokenizer,
    words: u32,
    unknown: u32,
    /// What is said of a text that cannot be cut: its marks of beginning and end.
    empty: Vec<u32>,
}

/// A text in tokens, its marks of beginning and end included.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Tokens {
    pub(crate) ids: Vec<u32>,
    /// Where each token stands in the text, in bytes; nothing for marks.
    pub(crate) spans: Vec<Option<Range<usize>>>,
}

impl Tokenizer {
    /// Reads the tokenizer in a folder, for an encoder that knows `words` tokens and takes `tokens_max` at once.
    pub(crate) fn load(dir: &Path, words: usize, tokens_max: usize) -> Result<Self, EncoderError> {
        let path = dir.join(TOKENIZER_FILE);
        let limit = limit(dir, tokens_max)?;
        if let Some(bytes) = files::read_if_there(&path, files::TOKENIZER_BYTES_MAX)? {
            return Self::new(&bytes, words, limit)
                .map_err(|problem| EncoderError::refused(&path, problem));
        }
        let path = dir.join(VOCABULARY_FILE);
        let bytes = files::read(
            &path,
            files::TOKENIZER_BYTES_MAX,
            "a checkpoint needs tokenizer.json, or vocab.txt if it is a BERT; save its tokenizer in one of them",
        )?;
        let lower = lower_case(dir)?;
        vocabulary(&bytes)
            .and_then(|vocabulary| Self::of_vocabulary(&vocabulary, lower, words, limit))
            .map_err(|problem| EncoderError::refused(&path, problem))
    }

    /// Makes a WordPiece tokenizer as BERT has it.
    pub(crate) fn of_vocabulary(
        vocabulary: &[String],
        lower: bool,
        words: usize,
        limit: usize,
    ) -> Result<Self, String> {
        Self::new(word_piece(vocabulary, lower)?.to_string().as_bytes(), words, limit)
    }

    fn new(bytes: &[u8], words: usize, limit: usize) -> Result<Self, String> {
        let mut inner = guarded(|| tokenizers::Tokenizer::from_bytes(bytes))?;
        let limit = TruncationParams {
            max_length: limit,
            strategy: TruncationStrategy::LongestFirst,
            stride: 0,
            direction: TruncationDirection::Right,
        };
        inner.with_padding(None);
        guarded(|| inner.with_truncation(Some(limit)).map(|_| ()))?;
        let vocabulary = inner.get_vocab(true);
        let stranger =
            vocabulary.iter().filter(|(_, id)| **id as usize >= words).max_by_key(|(_, id)| **id);
        if let Some((token, id)) = stranger {
            return Err(format!(
                "token {token:?} has number {id}, but the encoder knows {words} tokens (vocab_size): the tokenizer belongs to another checkpoint"
            ));
        }
        let unknown = ["[UNK]", "<unk>"].iter().find_map(|token| vocabulary.get(*token).copied());
        let mut tokenizer =
            Self { inner, words: words as u32, unknown: unknown.unwrap_or(0), empty: Vec::new() };
        tokenizer.empty = tokenizer.try_encode("")?.ids;
        if tokenizer.empty.is_empty() {
            return Err(
                "it puts no marks around a text: the encoder expects a beginning and an end"
                    .to_owned(),
            );
        }
        tokenizer.try_encode("a 知 1")?;
        Ok(tokenizer)
    }

    /// Cuts a text.
    pub(crate) fn encode(&self, text: &str) -> Tokens {
        self.try_encode(cut(text)).unwrap_or_else(|_| Tokens {
            ids: self.empty.clone(),
            spans: vec![None; self.empty.len()],
        })
    }

    fn try_encode(&self, text: &str) -> Result<Tokens, String> {
        let encoding = guarded(|| self.inner.encode(text, true))?;
        let known = |id: u32| if id < self.words { id } else { self.unknown };
        let marks = encoding.get_special_tokens_mask();
        let spans = encoding.get_offsets().iter().zip(marks).map(|((start, end), mark)| {
            (*mark == 0
                && text.is_char_boundary(*start)
                && text.is_char_boundary(*end)
                && start <= end)
                .then_some(*start..*end)
        });
        Ok(Tokens {
            ids: encoding.get_ids().iter().map(|id| known(*id)).collect(),
            spans: spans.collect(),
        })
    }

    /// Writes the files that [`Tokenizer::load`] reads.
    pub(crate) fn save(&self, dir: &Path) -> Result<(), EncoderError> {
        let path = dir.join(TOKENIZER_FILE);
        let json = self.to_json().map_err(|problem| EncoderError::refused(&path, problem))?;
        files::write(&path, json.as_bytes())?;
        if let Some(tokens) = self.word_pieces() {
            files::write(&dir.join(VOCABULARY_FILE), (tokens.join("\n") + "\n").as_bytes())?;
        }
        let limit = self.inner.get_truncation().map(|truncation| truncation.max_length);
        let limit = json!({ LIMIT: limit, "do_lower_case": false });
        files::write(&dir.join(LIMIT_FILE), format!("{limit:#}\n").as_bytes())
    }

    /// Returns the number of a token.
    pub(crate) fn id(&self, token: &str) -> Option<u32> {
        self.inner.token_to_id(token)
    }

    /// Returns the tokenizer as `tokenizer.json` holds it.
    pub(crate) fn to_json(&self) -> Result<String, String> {
        guarded(|| self.inner.to_string(false))
    }

    /// Cuts a text into words, before they are cut into tokens.
    pub(crate) fn words(&self, text: &str) -> Result<Vec<String>, String> {
        guarded(|| {
            let mut normalized = NormalizedString::from(cut(text));
            if let Some(normalizer) = self.inner.get_normalizer() {
                normalizer.normalize(&mut normalized)?;
            }
            let mut words = PreTokenizedString::from(normalized);
            if let Some(pre_tokenizer) = self.inner.get_pre_tokenizer() {
                pre_tokenizer.pre_tokenize(&mut words)?;
            }
            let splits = words.get_splits(OffsetReferential::Original, OffsetType::Byte);
            Ok(splits.into_iter().map(|(word, _, _)| word.to_owned()).collect())
        })
    }

    /// Returns the tokens in the order of their numbers, if it is a WordPiece tokenizer without gaps.
    fn word_pieces(&self) -> Option<Vec<String>> {
        matches!(self.inner.get_model(), tokenizers::ModelWrapper::WordPiece(_)).then_some(())?;
        let count = self.inner.get_vocab_size(true) as u32;
        (0..count).map(|id| self.inner.id_to_token(id)).collect()
    }
}

/// Runs what may fail or panic.
fn guarded<T>(work: impl FnOnce() -> tokenizers::Result<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(format!("it is no tokenizer that can be used ({error})")),
        Err(_) => Err("it is no tokenizer that can be used".to_owned()),
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The most tokens of a text: what the files beside the tokenizer say, and never more than there are positions.
fn limit(dir: &Path, tokens_max: usize) -> Result<usize, EncoderError> {
    let mut limit = tokens_max.min(TOKENS_MAX);
    for (file, name) in [(LIMIT_FILE, LIMIT), ("tokenizer_config.json", "model_max_length")] {
        let path = dir.join(file);
        let Some(bytes) = files::read_if_there(&path, files::CONFIG_BYTES_MAX)? else { continue };
        // Some checkpoints write a huge number that stands for "no limit".
        if let Some(said) = files::json(&path, &bytes)?.get(name).and_then(Value::as_u64) {
            limit = limit.min(usize::try_from(said).unwrap_or(limit));
        }
    }
    Ok(limit.max(3))
}

fn lower_case(dir: &Path) -> Result<bool, EncoderError> {
    let path = dir.join("tokenizer_config.json");
    let Some(bytes) = files::read_if_there(&path, files::CONFIG_BYTES_MAX)? else {
        return Ok(true);
    };
    Ok(files::json(&path, &bytes)?.get("do_lower_case").and_then(Value::as_bool).unwrap_or(true))
}

fn vocabulary(bytes: &[u8]) -> Result<Vec<String>, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("it is not UTF-8 ({error})"))?;
    Ok(text.lines().map(|line| line.trim_end_matches('\r').to_owned()).collect())
}

fn word_piece(vocabulary: &[String], lower: bool) -> Result<Value, String> {
    let mut numbers = serde_json::Map::new();
    for (id, token) in vocabulary.iter().enumerate() {
        if let Some(first) = numbers.insert(token.clone(), id.into()) {
            return Err(format!(
                "token {token:?} stands on two lines, {} and {}",
                number(&first) + 1,
                id + 1
            ));
        }
    }
    let id = |token: &str| {
        numbers
            .get(token)
            .cloned()
            .ok_or_else(|| format!("it has no token {token}: it is no vocabulary of a BERT"))
    };
    let (unknown, begin, end) = (id("[UNK]")?, id("[CLS]")?, id("[SEP]")?);
    let mark = |token: &str, id: &Value| json!({"id": id, "content": token, "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false});
    let mut marks = vec![mark("[UNK]", &unknown), mark("[CLS]", &begin), mark("[SEP]", &end)];
    marks.extend(
        ["[PAD]", "[MASK]"].iter().filter_map(|token| Some(mark(token, numbers.get(*token)?))),
    );
    marks.sort_by_key(|mark| number(&mark["id"]));
    Ok(json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": marks,
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": lower},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", end], "cls": ["[CLS]", begin]},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": numbers},
    }))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A handful of tokens, enough for the tests of this folder.
    pub(crate) fn small_vocabulary() -> Vec<String> {
        let tokens = "[PAD] [UNK] [CLS] [SEP] [MASK] my card is lost where the parcel ##s refund please 卡 丢 了 退 款 我 的 包 裹 ? .";
        tokens.split(' ').map(str::to_owned).collect()
    }

    fn small(limit: usize) -> Tokenizer {
        Tokenizer::of_vocabulary(&small_vocabulary(), true, 26, limit).unwrap()
    }

    #[test]
    fn words_are_cut_into_pieces_and_chinese_into_characters() {
        let tokens = small(16).encode("My cards 丢了 ¡");

        assert_eq!(tokens.ids, [2, 5, 6, 12, 16, 17, 1, 3]);
        let spans: Vec<_> = tokens.spans.into_iter().flatten().collect();
        assert_eq!(spans, [0..2, 3..7, 7..8, 9..12, 12..15, 16..18]);
    }

    #[test]
    fn a_long_text_is_cut_and_keeps_its_end() {
        let tokens = small(5).encode(&"card ".repeat(1_000_000));

        assert_eq!(tokens.ids, [2, 6, 6, 6, 3]);
    }

    #[test]
    fn a_saved_tokenizer_cuts_alike() {
        let tokenizer = small(16);

        let again = Tokenizer::new(tokenizer.to_json().unwrap().as_bytes(), 26, 16).unwrap();

        assert_eq!(again.encode("我的卡 is lost"), tokenizer.encode("我的卡 is lost"));
        assert_eq!(again.word_pieces(), Some(small_vocabulary()));
    }

    #[test]
    fn a_vocabulary_of_another_checkpoint_is_refused() {
        let problem = Tokenizer::of_vocabulary(&small_vocabulary(), true, 20, 16).unwrap_err();
        assert!(problem.contains("belongs to another checkpoint"), "{problem}");

        let mut twice = small_vocabulary();
        twice[10] = "card".to_owned();
        let problem = Tokenizer::of_vocabulary(&twice, true, 26, 16).unwrap_err();
        assert!(problem.contains("two lines, 7 and 11"), "{problem}");

        let problem = Tokenizer::of_vocabulary(&twice[4..], true, 26, 16).unwrap_err();
        assert!(problem.contains("[UNK]") || problem.contains("two lines"), "{problem}");
    }

    #[test]
    fn nonsense_is_refused_without_a_panic() {
        for bytes in [&b"{}"[..], b"", b"[1]", b"{\"model\":{\"type\":\"WordPiece\"}}", b"\xff\xfe"]
        {
            assert!(Tokenizer::new(bytes, 26, 16).is_err());
        }
    }
}
