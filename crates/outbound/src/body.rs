//! Reading an answer that may be endless, compressed beyond reason, or sent a byte a minute.
//!
//! Bytes are counted as they come out of decompression. The total time is the caller's to bound.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::{Instant, sleep_until};

use crate::error::SendError;

/// How far reading may run ahead of the allowed rate, so that small answers are never delayed.
const BURST_BYTES: usize = 256 * 1024;

/// What to do with an answer that is larger than allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Excess {
    /// Keep the beginning: only the status matters.
    Cut,
    /// Fail: half of an answer is worth nothing.
    Fail,
}

/// The beginning of an answer, and whether there was more.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) bytes: Bytes,
    pub(crate) truncated: bool,
}

/// Reads at most `bytes_max` bytes, no faster than `bytes_per_second_max`.
pub(crate) async fn read(
    response: reqwest::Response,
    bytes_max: usize,
    bytes_per_second_max: usize,
    excess: Excess,
) -> Result<Read, SendError> {
    let mut body = BytesMut::new();
    let truncated = pour(response, bytes_max, bytes_per_second_max, excess, |chunk| {
        body.extend_from_slice(chunk);
        Ok(())
    })
    .await?;
    Ok(Read { bytes: body.freeze(), truncated })
}

/// Hands on at most `bytes_max` bytes as they come, no faster than `bytes_per_second_max`; tells whether there were more.
pub(crate) async fn pour(
    mut response: reqwest::Response,
    bytes_max: usize,
    bytes_per_second_max: usize,
    excess: Excess,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<bool, SendError> {
    if excess == Excess::Fail && response.content_length().is_some_and(|n| n > bytes_max as u64) {
        return Err(SendError::TooLarge { bytes_max });
    }
    let mut take =
        |bytes: &[u8]| take(bytes).map_err(|error| SendError::NotKept(error.to_string()));
    let (started, mut taken) = (Instant::now(), 0);
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        let room = bytes_max - taken;
        if chunk.len() > room {
            if excess == Excess::Fail {
                return Err(SendError::TooLarge { bytes_max });
            }
            take(&chunk[..room])?;
            return Ok(true);
        }
        take(&chunk)?;
        taken += chunk.len();
        sleep_until(started + earliest(taken, bytes_per_second_max)).await;
    }
    Ok(false)
}

/// How long after the start `bytes` may have been read at the earliest.
fn earliest(bytes: usize, bytes_per_second_max: usize) -> Duration {
    let ahead = bytes.saturating_sub(BURST_BYTES);
    Duration::from_secs_f64(ahead as f64 / bytes_per_second_max.max(1) as f64)
}

pub(crate) fn broken(error: reqwest::Error) -> SendError {
    SendError::Broken(innermost(&error))
}

/// Names the root of an error without the URL, which may hold secrets.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_answers_are_not_delayed_and_large_ones_keep_the_rate() {
        let rate = 2 * 1024 * 1024;

        assert_eq!(earliest(BURST_BYTES, rate), Duration::ZERO);
        assert_eq!(earliest(BURST_BYTES + rate, rate), Duration::from_secs(1));
        assert_eq!(earliest(BURST_BYTES + 3 * rate / 2, rate), Duration::from_millis(1500));
    }
}
