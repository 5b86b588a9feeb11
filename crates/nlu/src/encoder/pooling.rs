//! From the vectors of a text's tokens to the one of the text, as the files of sentence-transformers say.
//!
//! A checkpoint without such files gets the mean of its tokens at length one, which suits comparing texts.

use std::path::{Component, Path, PathBuf};

use serde_json::{Value, json};

use super::error::EncoderError;
use super::files;

/// How a text's vector is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pooling {
    pub(crate) kind: PoolingKind,
    /// Whether the vector is brought to length one.
    pub(crate) unit: bool,
}

/// Which vectors make the text's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PoolingKind {
    /// The mean of all tokens.
    Mean,
    /// That of the mark at the beginning.
    First,
}

/// The name of the file that lists what makes a vector of a text.
pub(crate) const MODULES_FILE: &str = "modules.json";

impl Pooling {
    /// The way of a checkpoint that says nothing.
    pub(crate) const PLAIN: Self = Self { kind: PoolingKind::Mean, unit: true };

    /// Reads what a checkpoint says.
    pub(crate) fn load(dir: &Path) -> Result<Self, EncoderError> {
        let path = dir.join(MODULES_FILE);
        let Some(bytes) = files::read_if_there(&path, files::CONFIG_BYTES_MAX)? else {
            return Ok(Self::PLAIN);
        };
        let modules = files::json(&path, &bytes)?;
        let refused = |problem: String| EncoderError::refused(&path, problem);
        let modules = modules.as_array().ok_or_else(|| refused("it is not a list".to_owned()))?;
        let mut pooling = Self { kind: PoolingKind::Mean, unit: false };
        for module in modules {
            let kind = module.get("type").and_then(Value::as_str).unwrap_or_default();
            match kind.rsplit('.').next().unwrap_or_default() {
                "Transformer" => {}
                "Pooling" => pooling.kind = read_kind(&dir.join(folder(module).map_err(refused)?))?,
                "Normalize" => pooling.unit = true,
                _ => {
                    return Err(refused(format!(
                        "module {kind:?} is not supported, only Transformer, Pooling and Normalize"
                    )));
                }
            }
        }
        Ok(pooling)
    }

    /// Writes the files that say the same.
    pub(crate) fn save(self, dir: &Path, width: usize) -> Result<(), EncoderError> {
        let module = |id: usize, path: &str, kind: &str| json!({"idx": id, "name": id.to_string(), "path": path, "type": format!("sentence_transformers.models.{kind}")});
        let mut modules = vec![module(0, "", "Transformer"), module(1, "1_Pooling", "Pooling")];
        if self.unit {
            modules.push(module(2, "2_Normalize", "Normalize"));
        }
        let pooling = json!({
            "word_embedding_dimension": width,
            "pooling_mode_cls_token": self.kind == PoolingKind::First,
            "pooling_mode_mean_tokens": self.kind == PoolingKind::Mean,
            "pooling_mode_max_tokens": false,
            "pooling_mode_mean_sqrt_len_tokens": false,
        });
        files::make_folder(&dir.join("1_Pooling"))?;
        files::write(&dir.join("1_Pooling/config.json"), format!("{pooling:#}\n").as_bytes())?;
        files::write(&dir.join(MODULES_FILE), format!("{:#}\n", Value::from(modules)).as_bytes())
    }

    /// Makes the vector of a text from those of its tokens, and returns its length before it was brought to one.
    pub(crate) fn pool(self, tokens: &[f32], width: usize) -> (Vec<f32>, f32) {
        let mut vector = tokens[..width].to_vec();
        if self.kind == PoolingKind::Mean {
            for token in tokens[width..].chunks_exact(width) {
                super::kernel::add(&mut vector, token);
            }
            let count = (tokens.len() / width) as f32;
            vector.iter_mut().for_each(|value| *value /= count);
        }
        if !self.unit {
            return (vector, 1.0);
        }
        let length = super::kernel::square_sum(&vector).sqrt().max(1e-12);
        vector.iter_mut().for_each(|value| *value /= length);
        (vector, length)
    }

    /// Turns the slope of a text's vector into those of its tokens, which are added.
    pub(crate) fn pool_back(self, vector: &[f32], length: f32, slope: &[f32], tokens: &mut [f32]) {
        let mut slope = slope.to_vec();
        if self.unit {
            let along: f32 = vector.iter().zip(&slope).map(|(a, b)| a * b).sum();
            for (slope, value) in slope.iter_mut().zip(vector) {
                *slope = (*slope - value * along) / length;
            }
        }
        let width = vector.len();
        if self.kind == PoolingKind::First {
            return super::kernel::add(&mut tokens[..width], &slope);
        }
        let count = (tokens.len() / width) as f32;
        slope.iter_mut().for_each(|slope| *slope /= count);
        super::kernel::add_bias(tokens, &slope);
    }
}

/// The folder of a module, which must not lead out of the checkpoint.
fn folder(module: &Value) -> Result<PathBuf, String> {
    let path = PathBuf::from(module.get("path").and_then(Value::as_str).unwrap_or_default());
    if path.components().all(|part| matches!(part, Component::Normal(_))) {
        Ok(path)
    } else {
        Err(format!("path {path:?} leads out of the folder"))
    }
}

fn read_kind(dir: &Path) -> Result<PoolingKind, EncoderError> {
    let path = dir.join("config.json");
    let bytes = files::read(
        &path,
        files::CONFIG_BYTES_MAX,
        "modules.json refers to it; fetch it with the checkpoint",
    )?;
    let json = files::json(&path, &bytes)?;
    let on = |name: &str| json.get(name).and_then(Value::as_bool) == Some(true);
    let others: Vec<&String> = json
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, _)| {
            let known =
                ["pooling_mode_cls_token", "pooling_mode_mean_tokens"].contains(&name.as_str());
            (name.starts_with("pooling_mode_") && !known && on(name)).then_some(name)
        })
        .collect();
    match (on("pooling_mode_mean_tokens"), on("pooling_mode_cls_token"), others.as_slice()) {
        (true, false, []) => Ok(PoolingKind::Mean),
        (false, true, []) => Ok(PoolingKind::First),
        _ => Err(EncoderError::refused(
            &path,
            "it must choose one of pooling_mode_mean_tokens and pooling_mode_cls_token, and nothing else",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_say_what_was_saved() {
        let dir = tempfile::tempdir().unwrap();
        for kind in [PoolingKind::Mean, PoolingKind::First] {
            for unit in [true, false] {
                Pooling { kind, unit }.save(dir.path(), 8).unwrap();

                assert_eq!(Pooling::load(dir.path()).unwrap(), Pooling { kind, unit });
            }
        }
    }

    #[test]
    fn what_is_not_computed_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let refusal = |modules: &str| {
            std::fs::write(dir.path().join(MODULES_FILE), modules).unwrap();
            Pooling::load(dir.path()).unwrap_err().to_string()
        };

        assert!(refusal(r#"[{"type": "sentence_transformers.models.Dense"}]"#).contains("Dense"));
        assert!(refusal(r#"[{"type": "x.Pooling", "path": "../other"}]"#).contains("leads out"));
        assert!(refusal(r#"[{"type": "x.Pooling", "path": "1_Pooling"}]"#).contains("is missing"));
        assert!(refusal("{").contains("not JSON"));
    }

    #[test]
    fn a_mean_is_the_mean_and_has_length_one_if_asked() {
        let tokens = [1.0, 2.0, 5.0, 6.0];

        let (plain, _) = Pooling { kind: PoolingKind::Mean, unit: false }.pool(&tokens, 2);
        let (unit, length) = Pooling::PLAIN.pool(&tokens, 2);

        assert_eq!(plain, [3.0, 4.0]);
        assert_eq!((unit, length), (vec![0.6, 0.8], 5.0));
    }
}
