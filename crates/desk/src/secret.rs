//! Secrets: keys for each purpose, and tokens that are handed out once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::Desk;

/// How many random bytes a token has.
const TOKEN_BYTES: usize = 32;

/// Keys that are derived from the installation's secret, one for each purpose,
/// so that what is made for one is worth nothing for another.
#[derive(Clone)]
pub struct Keys {
    /// Marks the visitor tokens that this installation gave out.
    pub(crate) visitor: [u8; 32],
    /// Signs the short-lived addresses of files.
    pub(crate) file: [u8; 32],
    /// Hashes whom limits count, so that no table tells their addresses.
    pub(crate) limit: [u8; 32],
    /// Hashes requests that are to be known again.
    pub(crate) request: [u8; 32],
}

impl Keys {
    /// Derives the keys from a secret of at least 32 bytes.
    pub fn derive(secret: &[u8]) -> Self {
        Keys {
            visitor: sign(secret, &[b"visitor"]),
            file: sign(secret, &[b"file"]),
            limit: sign(secret, &[b"limit"]),
            request: sign(secret, &[b"request"]),
        }
    }
}

/// A token, as it is given to its holder. Only its hash is kept.
#[derive(Clone, Eq, PartialEq)]
pub struct Token(String);

impl Token {
    /// Shows the token, for the one time that it is handed out.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Desk {
    /// Draws a token that begins with `prefix`, which tells people and scanners
    /// what it is.
    pub(crate) fn draw_token(&self, prefix: &str) -> Token {
        Token(format!("{prefix}{}", hex::encode(self.draw::<TOKEN_BYTES>())))
    }

    /// Draws a secret with which two sides sign what they send each other, in the
    /// form of Standard Webhooks.
    pub(crate) fn draw_signing_secret(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.draw::<TOKEN_BYTES>()))
    }

    /// Draws random bytes.
    pub(crate) fn draw<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.parts.randomness)(&mut bytes);
        bytes
    }
}

/// The SHA-256 of a token: what is kept of it. Tokens are random, so a plain
/// hash is enough.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// HMAC-SHA256 over parts, each preceded by its length.
pub(crate) fn sign(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut text = Vec::new();
    for part in parts {
        text.extend((part.len() as u64).to_le_bytes());
        text.extend_from_slice(part);
    }
    hmac_sha256(key, &text)
}

/// HMAC-SHA256 over one text, as others compute it.
pub(crate) fn hmac_sha256(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as hmac::Mac>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_by_purpose() {
        let keys = Keys::derive(&[7; 32]);

        assert_ne!(keys.visitor, keys.file);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(sign(b"key", &[b"ab", b"c"]), sign(b"key", &[b"a", b"bc"]));
    }
}
