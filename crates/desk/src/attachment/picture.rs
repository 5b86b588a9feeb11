//! Pictures, decoded and encoded anew, so that nothing but the picture is left:
//! no EXIF, no place where it was taken, no second file behind it.
//!
//! The size is read from the header and bounded before a pixel is decoded, and
//! all pictures that are decoded at once share one budget of memory.

use std::io::Cursor;

use bytes::Bytes;
use domain::{Error, Result};
use gif::MemoryLimit;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::kind::refused;

/// How many pixels a picture may have; for an animation, all frames together
/// may have twice as many.
const PIXELS_MAX: u64 = 50_000_000;
/// How many frames an animation may have.
const FRAMES_MAX: usize = 1_000;
/// How much memory one picture may take while it is decoded, and all pictures
/// together, in MiB.
const MEMORY_MIB_MAX: u32 = 256;
/// How many pictures are worked on or wait for memory.
const PICTURES_MAX: usize = 16;
/// When it is worth trying again.
const RETRY_AFTER_MS: u64 = 2_000;
/// How good a JPEG is, of 100.
const JPEG_QUALITY: u8 = 90;
const MIB: u64 = 1024 * 1024;

static MEMORY: Semaphore = Semaphore::const_new(MEMORY_MIB_MAX as usize);
static PLACES: Semaphore = Semaphore::const_new(PICTURES_MAX);

/// A picture without anything else.
pub(super) struct Picture {
    pub(super) bytes: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Decodes a picture and encodes it anew, in the same format, on a thread that
/// may take its time.
///
/// # Errors
///
/// [`Error::Invalid`] if it is damaged or has too many pixels; [`Error::Busy`] if
/// too many are worked on.
pub(super) async fn renew(format: ImageFormat, bytes: Bytes) -> Result<Picture> {
    let place = PLACES.try_acquire().map_err(|_| Error::Busy { retry_after_ms: RETRY_AFTER_MS })?;
    let need_mib = need_mib(format, &bytes)?;
    let memory = MEMORY.acquire_many(need_mib).await.map_err(Error::internal)?;
    // The thread holds the permits: it goes on when its caller is gone.
    let held: (SemaphorePermit<'static>, SemaphorePermit<'static>) = (place, memory);
    let work = tokio::task::spawn_blocking(move || {
        let picture = match format {
            ImageFormat::Gif => renew_animation(&bytes),
            _ => renew_still(format, &bytes),
        };
        drop(held);
        picture
    });
    work.await.map_err(Error::internal)?
}

/// Reads from the header how much memory a picture will take.
fn need_mib(format: ImageFormat, bytes: &[u8]) -> Result<u32> {
    let decoder = decoder(format, bytes)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > PIXELS_MAX {
        let detail =
            format!("the picture has {width} × {height} pixels; at most 50 million are allowed");
        return Err(refused(detail));
    }
    // A progressive JPEG is gathered whole, two bytes a value, before it is seen.
    let gathered = if format == ImageFormat::Jpeg && is_progressive(bytes) { 2 } else { 0 };
    let need = decoder.total_bytes() * (1 + gathered) / MIB + 1;
    let need = u32::try_from(need).ok().filter(|&need| need <= MEMORY_MIB_MAX);
    let need = need.ok_or_else(|| refused("the picture takes too much memory; make it smaller"))?;
    // Turning a picture or reducing its colours makes a second one.
    Ok((need * 2).min(MEMORY_MIB_MAX))
}

/// Whether a JPEG is progressive, by the first frame that its markers announce.
fn is_progressive(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) =
        jpeg.get(at..at + 4).and_then(|head| head.first_chunk())
    {
        match marker {
            0xFF => at += 1, // Padding.
            0xC4 | 0xC8 | 0xCC => at += 2 + usize::from(u16::from_be_bytes([high, low])),
            0xC0..=0xCF => return matches!(marker, 0xC2 | 0xC6 | 0xCA | 0xCE),
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    false
}

fn decoder(format: ImageFormat, bytes: &[u8]) -> Result<impl ImageDecoder> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(u64::from(MEMORY_MIB_MAX) * MIB);
    reader.limits(limits);
    reader.into_decoder().map_err(|error| damaged(&error))
}

fn renew_still(format: ImageFormat, bytes: &[u8]) -> Result<Picture> {
    let mut decoder = decoder(format, bytes)?;
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| damaged(&error))?;
    image.apply_orientation(turned);
    let image = plain_colours(image);

    let mut renewed = Vec::new();
    let encoded = match format {
        ImageFormat::Jpeg => {
            image.write_with_encoder(JpegEncoder::new_with_quality(&mut renewed, JPEG_QUALITY))
        }
        ImageFormat::WebP => image.write_with_encoder(WebPEncoder::new_lossless(&mut renewed)),
        _ => {
            let (compression, filter) = (CompressionType::Default, FilterType::Adaptive);
            image.write_with_encoder(PngEncoder::new_with_quality(
                &mut renewed,
                compression,
                filter,
            ))
        }
    };
    encoded.map_err(Error::internal)?;
    Ok(Picture { bytes: renewed, width: image.width(), height: image.height() })
}

/// Reduces a picture to the eight bits a channel that every encoder takes.
fn plain_colours(image: DynamicImage) -> DynamicImage {
    match image.color() {
        ColorType::L8 | ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8 => image,
        ColorType::L16 => image.into_luma8().into(),
        ColorType::La16 => image.into_luma_alpha8().into(),
        ColorType::Rgb16 | ColorType::Rgb32F => image.into_rgb8().into(),
        _ => image.into_rgba8().into(),
    }
}

/// Copies the frames of an animation with their colours and times, and nothing
/// of what else the file holds.
fn renew_animation(bytes: &[u8]) -> Result<Picture> {
    let mut options = gif::DecodeOptions::new();
    let frame_bytes_max = std::num::NonZeroU64::new(PIXELS_MAX).expect("it is not zero");
    options.set_memory_limit(MemoryLimit::Bytes(frame_bytes_max));
    let mut decoder = options.read_info(bytes).map_err(|error| damaged(&error))?;
    let (width, height) = (decoder.width(), decoder.height());
    let colours = decoder.global_palette().unwrap_or_default().to_vec();

    let mut renewed = Vec::new();
    let mut encoder =
        gif::Encoder::new(&mut renewed, width, height, &colours).map_err(Error::internal)?;
    encoder.set_repeat(decoder.repeat()).map_err(Error::internal)?;
    let (mut frames, mut pixels) = (0, 0);
    while let Some(frame) = decoder.read_next_frame().map_err(|error| damaged(&error))? {
        frames += 1;
        pixels += u64::from(frame.width) * u64::from(frame.height);
        if frames > FRAMES_MAX || pixels > 2 * PIXELS_MAX {
            return Err(refused("the animation is too long; send it as a film"));
        }
        encoder.write_frame(frame).map_err(|error| damaged(&error))?;
    }
    if frames == 0 {
        return Err(refused("the picture is damaged: it has no frames"));
    }
    drop(encoder);
    Ok(Picture { bytes: renewed, width: u32::from(width), height: u32::from(height) })
}

fn damaged(error: &dyn std::error::Error) -> Error {
    tracing::debug!(%error, "a picture could not be read");
    refused("the picture is damaged or of a rare kind; save it anew and try again")
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;

    fn jpeg(width: u16, height: u16, frame: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let image = DynamicImage::from(RgbImage::new(8, 8));
        image.write_with_encoder(JpegEncoder::new(&mut bytes)).unwrap();
        let at = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        bytes[at + 1] = frame;
        bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
        bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
        bytes
    }

    #[test]
    fn a_progressive_picture_is_told_by_its_markers() {
        assert!(!is_progressive(&jpeg(8, 8, 0xC0)));
        assert!(is_progressive(&jpeg(8, 8, 0xC2)));
        assert!(!is_progressive(b"\xFF\xD8\xFF"));
        assert!(!is_progressive(&[0xFF; 64]));
    }

    #[test]
    fn the_need_for_memory_is_read_from_the_header() {
        assert_eq!(need_mib(ImageFormat::Jpeg, &jpeg(4_000, 3_000, 0xC0)).unwrap(), 70);
        assert_eq!(need_mib(ImageFormat::Jpeg, &jpeg(4_000, 3_000, 0xC2)).unwrap(), 206);
        assert_eq!(need_mib(ImageFormat::Jpeg, &jpeg(8_000, 6_000, 0xC0)).unwrap(), 256);
        let gathered = need_mib(ImageFormat::Jpeg, &jpeg(8_000, 6_000, 0xC2)).unwrap_err();
        assert!(gathered.to_string().contains("memory"));
        let wide = need_mib(ImageFormat::Jpeg, &jpeg(50_000, 50_000, 0xC0)).unwrap_err();
        assert!(wide.to_string().contains("50 million"));
    }
}
