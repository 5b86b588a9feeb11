//! What a training needs to go on after an interruption, in one file that is either whole or not there.
//!
//! It is written at the end of each pass. A key says of which training it is, so that one never goes on as another.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::super::checkpoint;
use super::super::error::EncoderError;
use super::super::files;
use super::super::layout::{Tensor, place};

/// The name of the file in a training's folder.
const STATE_FILE: &str = "training.safetensors";

/// Keeps the state of one training.
#[derive(Debug)]
pub(crate) struct Keeper {
    path: PathBuf,
    /// The hash of all that decides about the training, a byte in each number.
    key: Vec<f32>,
}

impl Keeper {
    /// Keeps the state in a folder, for the training that `identity` describes.
    pub(crate) fn new(folder: &Path, identity: &[&str]) -> Result<Self, EncoderError> {
        files::make_folder(folder)?;
        let mut hash = Sha256::new();
        for part in identity {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let key = hash.finalize().iter().map(|byte| f32::from(*byte)).collect();
        Ok(Self { path: folder.join(STATE_FILE), key })
    }

    /// Writes named rows of numbers.
    pub(crate) fn save(&self, parts: &[(&str, &[f32])]) -> Result<(), EncoderError> {
        let mut groups: Vec<(Vec<Tensor>, &[f32])> =
            vec![(tensor("key", self.key.len()), &self.key)];
        groups.extend(parts.iter().map(|(name, numbers)| (tensor(name, numbers.len()), *numbers)));
        let groups: Vec<(&[Tensor], &[f32])> =
            groups.iter().map(|(tensors, numbers)| (tensors.as_slice(), *numbers)).collect();
        checkpoint::write(&self.path, &groups)
    }

    /// Reads rows of numbers of these lengths, if the training was interrupted.
    pub(crate) fn load(
        &self,
        sizes: &[(&str, usize)],
    ) -> Result<Option<Vec<Vec<f32>>>, EncoderError> {
        let Some(key) = checkpoint::read_if_there(&self.path, &tensor("key", self.key.len()))?
        else {
            return Ok(None);
        };
        if key != self.key {
            return Err(EncoderError::refused(
                &self.path,
                "it is of another training (other texts, options or encoder): name another folder, or remove the file",
            ));
        }
        let mut tensors = Vec::new();
        for (name, size) in sizes {
            place(&mut tensors, 0, name, &[*size]);
        }
        let numbers = checkpoint::read_if_there(&self.path, &tensors)?.ok_or_else(|| {
            EncoderError::refused(&self.path, "a part is missing: remove the file to begin anew")
        })?;
        Ok(Some(tensors.iter().map(|tensor| numbers[tensor.range.clone()].to_vec()).collect()))
    }

    /// Forgets the state of a training that is done.
    pub(crate) fn remove(&self) -> Result<(), EncoderError> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(EncoderError::io("remove", &self.path, error))
            }
            _ => Ok(()),
        }
    }
}

fn tensor(name: &str, size: usize) -> Vec<Tensor> {
    let mut tensors = Vec::new();
    place(&mut tensors, 0, name, &[size]);
    tensors
}
