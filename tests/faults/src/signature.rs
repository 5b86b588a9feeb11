//! Standard Webhooks as the guide tells others to sign and to check: written
//! anew here, so that the two sides do not share a mistake.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// How far the clocks of the two sides may differ, in seconds.
const TOLERANCE_S: u64 = 300;

/// The time, in seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "each side compares the other's clock with its own")]
pub(crate) fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Reads a secret as it is shown.
pub(crate) fn read_secret(shown: &str) -> Result<Vec<u8>> {
    let encoded = shown.strip_prefix("whsec_").context("a secret begins with whsec_")?;
    Ok(STANDARD.decode(encoded)?)
}

/// The signature of what is sent under `id` at `sent_at`.
pub(crate) fn sign(secret: &[u8], id: &str, sent_at: u64, body: &[u8]) -> Result<String> {
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(secret)?;
    mac.update(format!("{id}.{sent_at}.").as_bytes());
    mac.update(body);
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// Checks a delivery as the guide tells receivers to, and returns its webhook-id.
pub(crate) fn verify(secret: &[u8], headers: &HeaderMap, body: &[u8], now: u64) -> Result<String> {
    let header = |name: &str| -> Result<&str> {
        Ok(headers.get(name).with_context(|| format!("no {name}"))?.to_str()?)
    };
    let (id, timestamp) = (header("webhook-id")?, header("webhook-timestamp")?);
    let sent_at: u64 = timestamp.parse()?;
    anyhow::ensure!(now.abs_diff(sent_at) <= TOLERANCE_S, "sent at {sent_at}, received at {now}");
    let expected = sign(secret, id, sent_at, body)?;
    let fits = header("webhook-signature")?.split(' ').any(|given| given == expected);
    anyhow::ensure!(fits, "no signature fits");
    Ok(id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(id: &str, timestamp: &str, signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", id.parse().unwrap());
        headers.insert("webhook-timestamp", timestamp.parse().unwrap());
        headers.insert("webhook-signature", signature.parse().unwrap());
        headers
    }

    #[test]
    fn only_what_the_secret_signed_is_believed() {
        let secret = b"0123456789abcdef0123456789abcdef";
        let signature = sign(secret, "1/7", 1_000, b"{}").unwrap();
        let headers = signed("1/7", "1000", &signature);

        assert_eq!(verify(secret, &headers, b"{}", 1_100).unwrap(), "1/7");
        assert!(verify(secret, &headers, b"{ }", 1_100).is_err());
        assert!(verify(secret, &headers, b"{}", 1_301).is_err());
        assert!(verify(secret, &signed("1/8", "1000", &signature), b"{}", 1_100).is_err());
        assert!(verify(b"another secret of thirty-two byte", &headers, b"{}", 1_100).is_err());
    }
}
