//! Weights on disk: `model.safetensors`, read into one row of numbers and written from it.
//!
//! Names may carry the prefix of whatever the encoder was part of, and normalisations their old names. Numbers may be
//! of 32 or 16 bits; in memory they have 32.

use std::path::Path;

use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::error::EncoderError;
use super::files;
use super::layout::Tensor;

/// The name of the file that holds the numbers of an encoder.
pub(crate) const WEIGHTS_FILE: &str = "model.safetensors";
/// The tensor by which the prefix of all names is found.
const LANDMARK: &str = "embeddings.word_embeddings.weight";

/// Reads the numbers of all tensors from a checkpoint's folder.
pub(crate) fn read(dir: &Path, tensors: &[Tensor]) -> Result<Vec<f32>, EncoderError> {
    let path = dir.join(WEIGHTS_FILE);
    let bytes = files::read(
        &path,
        files::WEIGHTS_BYTES_MAX,
        "a checkpoint needs its weights in one file in this form; save it again as safetensors if it has another",
    )?;
    let file = SafeTensors::deserialize(&bytes).map_err(|error| {
        EncoderError::refused(&path, format!("it is damaged or cut off ({error}); fetch it again"))
    })?;
    let prefix = prefix(&file).ok_or_else(|| {
        EncoderError::refused(
            &path,
            format!("it has no tensor {LANDMARK}: it is no encoder of the BERT family"),
        )
    })?;
    let size = tensors.last().map_or(0, |tensor| tensor.range.end);
    let mut numbers = Vec::with_capacity(size.min(bytes.len()));
    for tensor in tensors {
        let view = find(&file, &prefix, &tensor.name).ok_or_else(|| {
            EncoderError::refused(&path, format!("tensor {prefix}{} is missing", tensor.name))
        })?;
        append(&mut numbers, &view, tensor)
            .map_err(|problem| EncoderError::refused(&path, problem))?;
    }
    Ok(numbers)
}

/// Reads tensors by their full names; nothing if there is no such file or it lacks one of them.
pub(crate) fn read_if_there(
    path: &Path,
    tensors: &[Tensor],
) -> Result<Option<Vec<f32>>, EncoderError> {
    let Some(bytes) = files::read_if_there(path, files::WEIGHTS_BYTES_MAX)? else {
        return Ok(None);
    };
    let refused = |problem: String| EncoderError::refused(path, problem);
    let file = SafeTensors::deserialize(&bytes)
        .map_err(|error| refused(format!("it is damaged ({error}); remove it")))?;
    let mut numbers = Vec::new();
    for tensor in tensors {
        let Some(view) = find(&file, "", &tensor.name) else { return Ok(None) };
        append(&mut numbers, &view, tensor).map_err(refused)?;
    }
    Ok(Some(numbers))
}

/// Writes groups of tensors, each with the numbers that they stand in.
pub(crate) fn write(path: &Path, groups: &[(&[Tensor], &[f32])]) -> Result<(), EncoderError> {
    let tensors =
        || groups.iter().flat_map(|(tensors, numbers)| tensors.iter().map(move |t| (t, *numbers)));
    let bytes: Vec<Vec<u8>> = tensors()
        .map(|(tensor, numbers)| {
            numbers[tensor.range.clone()].iter().flat_map(|number| number.to_le_bytes()).collect()
        })
        .collect();
    let refused =
        |error: safetensors::SafeTensorError| EncoderError::refused(path, error.to_string());
    let mut views = Vec::with_capacity(bytes.len());
    for ((tensor, _), bytes) in tensors().zip(&bytes) {
        let view = TensorView::new(Dtype::F32, tensor.shape.clone(), bytes).map_err(refused)?;
        views.push((tensor.name.clone(), view));
    }
    let metadata = std::collections::HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let file = safetensors::serialize(views, Some(metadata)).map_err(refused)?;
    files::write(path, &file)
}

/// What stands before the names of the encoder's tensors: nothing, `bert.`, `roberta.` or whatever it is.
fn prefix(file: &SafeTensors) -> Option<String> {
    let mut prefixes: Vec<&str> =
        file.names().into_iter().filter_map(|name| name.strip_suffix(LANDMARK)).collect();
    prefixes.sort_by_key(|prefix| (prefix.len(), *prefix));
    prefixes.first().map(|prefix| (*prefix).to_owned())
}

fn find<'a>(file: &SafeTensors<'a>, prefix: &str, name: &str) -> Option<TensorView<'a>> {
    let old = name
        .replace("LayerNorm.weight", "LayerNorm.gamma")
        .replace("LayerNorm.bias", "LayerNorm.beta");
    file.tensor(&format!("{prefix}{name}")).or_else(|_| file.tensor(&format!("{prefix}{old}"))).ok()
}

fn append(numbers: &mut Vec<f32>, view: &TensorView, tensor: &Tensor) -> Result<(), String> {
    if view.shape() != tensor.shape {
        return Err(format!(
            "tensor {} has shape {:?}, expected {:?} from config.json",
            tensor.name,
            view.shape(),
            tensor.shape
        ));
    }
    let start = numbers.len();
    let data = view.data();
    match view.dtype() {
        Dtype::F32 => {
            numbers.extend(data.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)))
        }
        Dtype::F16 => numbers
            .extend(data.as_chunks().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32())),
        Dtype::BF16 => numbers
            .extend(data.as_chunks().0.iter().map(|bytes| bf16::from_le_bytes(*bytes).to_f32())),
        other => {
            return Err(format!(
                "tensor {} has numbers of type {other:?}, expected F32, F16 or BF16",
                tensor.name
            ));
        }
    }
    if numbers.len() - start != tensor.range.len() {
        return Err(format!("tensor {} is cut off; fetch the file again", tensor.name));
    }
    if !numbers[start..].iter().all(|number| number.is_finite()) {
        return Err(format!(
            "tensor {} holds a number that is not finite; fetch the file again",
            tensor.name
        ));
    }
    Ok(())
}
