//! The shape of an encoder, as `config.json` of a checkpoint tells it.
//!
//! Only what changes the numbers is read. What Attune does not compute is refused by name, never ignored.

use std::path::Path;

use serde_json::{Value, json};

use super::error::EncoderError;
use super::kernel::Activation;

/// Which line of models a checkpoint belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// BERT: MiniLM, BGE and most of E5 too.
    Bert,
    /// RoBERTa and XLM-R, which count positions from the padding's id on.
    Roberta,
}

/// The sizes of an encoder.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    pub(crate) family: Family,
    /// Numbers in a token's vector.
    pub(crate) width: usize,
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    /// Numbers in the widest part of a layer.
    pub(crate) inner: usize,
    /// Rows in the table of tokens.
    pub(crate) words: usize,
    /// Rows in the table of positions.
    pub(crate) positions: usize,
    /// The row of the first token's position.
    pub(crate) first_position: usize,
    /// Rows in the table of token types, of which the first is used.
    pub(crate) kinds: usize,
    pub(crate) epsilon: f32,
    pub(crate) activation: Activation,
}

/// The greatest value of each size, above which a file is taken for damaged.
const SIZES_MAX: [(&str, usize); 7] = [
    ("hidden_size", 4096),
    ("num_hidden_layers", 64),
    ("num_attention_heads", 128),
    ("intermediate_size", 16_384),
    ("vocab_size", 1_000_000),
    ("max_position_embeddings", 16_384),
    ("type_vocab_size", 64),
];

impl Config {
    /// Reads the configuration that stands in `path`.
    pub(crate) fn read(path: &Path, json: &Value) -> Result<Self, EncoderError> {
        let refused = |problem: String| EncoderError::refused(path, problem);
        let family = family(json).map_err(refused)?;
        supported(json).map_err(refused)?;
        let [width, layers, heads, inner, words, positions, kinds] =
            sizes(json).map_err(refused)?;
        if width % heads != 0 {
            return Err(refused(format!(
                "hidden_size {width} is not a multiple of num_attention_heads {heads}"
            )));
        }
        let first_position = first_position(family, json).map_err(refused)?;
        if first_position + 2 >= positions {
            return Err(refused(format!(
                "max_position_embeddings {positions} leaves no room for a text"
            )));
        }
        Ok(Self {
            family,
            width,
            layers,
            heads,
            inner,
            words,
            positions,
            first_position,
            kinds,
            epsilon: epsilon(json).map_err(refused)?,
            activation: activation(json).map_err(refused)?,
        })
    }

    /// Writes the configuration as other programs read it.
    pub(crate) fn to_json(&self) -> Value {
        let (kind, class) = match self.family {
            Family::Bert => ("bert", "BertModel"),
            Family::Roberta => ("xlm-roberta", "XLMRobertaModel"),
        };
        json!({
            "architectures": [class],
            "model_type": kind,
            "hidden_size": self.width,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "intermediate_size": self.inner,
            "vocab_size": self.words,
            "max_position_embeddings": self.positions,
            "type_vocab_size": self.kinds,
            "layer_norm_eps": f64::from(self.epsilon),
            "hidden_act": activation_name(self.activation),
            "pad_token_id": self.first_position.saturating_sub(1),
            "position_embedding_type": "absolute",
            "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.1,
            "initializer_range": 0.02,
        })
    }

    /// Tokens that fit into a text, its marks of beginning and end included.
    pub(crate) fn tokens_max(&self) -> usize {
        self.positions - self.first_position
    }

    /// Numbers in a head.
    pub(crate) fn head(&self) -> usize {
        self.width / self.heads
    }
}

fn family(json: &Value) -> Result<Family, String> {
    match json.get("model_type").and_then(Value::as_str) {
        Some("bert") => Ok(Family::Bert),
        Some("roberta" | "xlm-roberta" | "camembert") => Ok(Family::Roberta),
        Some(other) => Err(format!(
            "its model_type is {other:?}: use a checkpoint of the BERT, RoBERTa or XLM-R family"
        )),
        None => {
            Err("it names no model_type: use a checkpoint of the BERT, RoBERTa or XLM-R family"
                .to_owned())
        }
    }
}

/// Refuses what would change the numbers and is not computed here.
fn supported(json: &Value) -> Result<(), String> {
    match json.get("position_embedding_type").and_then(Value::as_str) {
        None | Some("absolute") => {}
        Some(other) => {
            return Err(format!(
                "position_embedding_type {other:?} is not supported, only \"absolute\""
            ));
        }
    }
    if json.get("is_decoder").and_then(Value::as_bool) == Some(true) {
        return Err("it is a decoder: use an encoder".to_owned());
    }
    Ok(())
}

fn sizes(json: &Value) -> Result<[usize; 7], String> {
    let mut sizes = [0; 7];
    for (size, (name, most)) in sizes.iter_mut().zip(SIZES_MAX) {
        let value = json.get(name).and_then(Value::as_u64);
        *size = value
            .and_then(|value| usize::try_from(value).ok())
            .filter(|value| (1..=most).contains(value))
            .ok_or_else(|| match json.get(name) {
                Some(found) => {
                    format!("{name} is {found}, expected a whole number from 1 to {most}")
                }
                None => format!("{name} is missing, expected a whole number from 1 to {most}"),
            })?;
    }
    Ok(sizes)
}

fn first_position(family: Family, json: &Value) -> Result<usize, String> {
    if family == Family::Bert {
        return Ok(0);
    }
    match json.get("pad_token_id") {
        None => Ok(2),
        Some(id) => id
            .as_u64()
            .filter(|id| *id < 1000)
            .map(|id| id as usize + 1)
            .ok_or_else(|| format!("pad_token_id is {id}, expected a small whole number")),
    }
}

fn epsilon(json: &Value) -> Result<f32, String> {
    let Some(value) = json.get("layer_norm_eps") else { return Ok(1e-12) };
    let number = value.as_f64().filter(|value| (0.0..=0.1).contains(value));
    number
        .map(|value| value as f32)
        .ok_or_else(|| format!("layer_norm_eps is {value}, expected a number from 0 to 0.1"))
}

fn activation(json: &Value) -> Result<Activation, String> {
    match json.get("hidden_act").and_then(Value::as_str) {
        None | Some("gelu") => Ok(Activation::Gelu),
        Some("gelu_new" | "gelu_fast" | "gelu_pytorch_tanh") => Ok(Activation::GeluTanh),
        Some("relu") => Ok(Activation::Relu),
        Some(other) => {
            Err(format!("hidden_act {other:?} is not supported, only gelu, gelu_new and relu"))
        }
    }
}

fn activation_name(activation: Activation) -> &'static str {
    match activation {
        Activation::Gelu => "gelu",
        Activation::GeluTanh => "gelu_new",
        Activation::Relu => "relu",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Value {
        json!({"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
               "intermediate_size": 16, "vocab_size": 10, "max_position_embeddings": 16, "type_vocab_size": 1})
    }

    fn refusal(change: impl FnOnce(&mut Value)) -> String {
        let mut json = small();
        change(&mut json);
        Config::read(Path::new("config.json"), &json).unwrap_err().to_string()
    }

    #[test]
    fn what_was_written_is_read_again() {
        let mut json = small();
        json["hidden_act"] = "gelu_new".into();
        for family in ["bert", "xlm-roberta"] {
            json["model_type"] = family.into();

            let config = Config::read(Path::new("config.json"), &json).unwrap();

            assert_eq!(Config::read(Path::new("config.json"), &config.to_json()).unwrap(), config);
        }
    }

    #[test]
    fn positions_of_roberta_begin_behind_the_padding() {
        let mut json = small();
        json["model_type"] = "xlm-roberta".into();
        json["pad_token_id"] = 1.into();

        let config = Config::read(Path::new("config.json"), &json).unwrap();

        assert_eq!((config.first_position, config.tokens_max()), (2, 14));
    }

    #[test]
    fn what_cannot_be_computed_is_refused_by_name() {
        assert!(refusal(|json| json["model_type"] = "t5".into()).contains("\"t5\""));
        assert!(
            refusal(|json| json["position_embedding_type"] = "relative_key".into())
                .contains("relative_key")
        );
        assert!(refusal(|json| json["hidden_act"] = "silu".into()).contains("silu"));
        assert!(refusal(|json| json["num_attention_heads"] = 3.into()).contains("not a multiple"));
        assert!(
            refusal(|json| json["vocab_size"] = (1u64 << 60).into()).contains("from 1 to 1000000")
        );
        assert!(refusal(|json| json["hidden_size"] = (-1).into()).contains("hidden_size is -1"));
        assert!(refusal(|json| json["layer_norm_eps"] = "x".into()).contains("layer_norm_eps"));
        assert!(refusal(|json| json["max_position_embeddings"] = 2.into()).contains("no room"));
    }
}
