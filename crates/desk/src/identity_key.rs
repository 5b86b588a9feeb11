//! Public keys with which companies sign their visitors' identities.
//!
//! Which algorithm a token must use follows from the key, never from the token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Error, Result};
use jsonwebtoken::{Algorithm, DecodingKey};
use p256::pkcs8::{DecodePublicKey as _, EncodePublicKey as _, LineEnding};
use rsa::pkcs1::{DecodeRsaPublicKey as _, EncodeRsaPublicKey as _};
use rsa::traits::PublicKeyParts as _;

/// How long the text of a key may be; one of RSA with 4,096 bits has 800 bytes.
const BYTES_MAX: usize = 8 * 1024;
/// How short an RSA key may be.
const RSA_BITS_MIN: usize = 2_048;
/// Where a wrong key is reported.
const POINTER: &str = "/identity_public_key";

/// A key that checks signatures.
pub(crate) enum PublicKey {
    /// For RS256.
    Rsa(Box<rsa::RsaPublicKey>),
    /// For ES256.
    P256(Box<p256::PublicKey>),
    /// For EdDSA.
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
}

impl PublicKey {
    /// Reads a key from its PEM.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] that says what to give instead.
    pub(crate) fn read(pem: &str) -> Result<Self> {
        let wrong = |detail: &str| Error::invalid(POINTER, detail);
        if pem.len() > BYTES_MAX {
            return Err(wrong("is too long for a key; give the public key alone"));
        }
        if pem.contains("PRIVATE KEY") {
            return Err(wrong(
                "is a private key, which must stay with you; give the public one: `openssl pkey -in private.pem -pubout`",
            ));
        }
        if pem.contains("CERTIFICATE") {
            return Err(wrong(
                "is a certificate; give the key that is in it: `openssl x509 -in certificate.pem -noout -pubkey`",
            ));
        }
        let key = der(pem, "PUBLIC KEY").and_then(|der| PublicKey::from_spki(&der)).or_else(|| {
            let der = der(pem, "RSA PUBLIC KEY")?;
            rsa::RsaPublicKey::from_pkcs1_der(&der).ok().map(|key| PublicKey::Rsa(Box::new(key)))
        });
        match key {
            Some(PublicKey::Rsa(key)) if key.n().bits() < RSA_BITS_MIN => Err(wrong(&format!(
                "is an RSA key of {} bits; give one of at least {RSA_BITS_MIN}",
                key.n().bits()
            ))),
            Some(key) => Ok(key),
            None => Err(wrong(
                "cannot be read; give a public key in PEM (-----BEGIN PUBLIC KEY-----): RSA of 2,048 to 4,096 bits, P-256 or Ed25519",
            )),
        }
    }

    /// The algorithm of the tokens that this key checks.
    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            PublicKey::Rsa(_) => Algorithm::RS256,
            PublicKey::P256(_) => Algorithm::ES256,
            PublicKey::Ed25519(_) => Algorithm::EdDSA,
        }
    }

    /// The key as the library takes it.
    pub(crate) fn decoding_key(&self) -> Result<DecodingKey> {
        Ok(match self {
            PublicKey::Rsa(key) => {
                DecodingKey::from_rsa_der(key.to_pkcs1_der().map_err(Error::internal)?.as_bytes())
            }
            PublicKey::P256(key) => DecodingKey::from_ec_der(&key.to_sec1_bytes()),
            PublicKey::Ed25519(key) => DecodingKey::from_ed_der(key.as_bytes()),
        })
    }

    /// Writes the key as everybody writes it.
    pub(crate) fn to_pem(&self) -> Result<String> {
        let written = match self {
            PublicKey::Rsa(key) => key.to_public_key_pem(LineEnding::LF),
            PublicKey::P256(key) => key.to_public_key_pem(LineEnding::LF),
            PublicKey::Ed25519(key) => key.to_public_key_pem(LineEnding::LF),
        };
        written.map_err(Error::internal)
    }

    fn from_spki(der: &[u8]) -> Option<Self> {
        if let Ok(key) = p256::PublicKey::from_public_key_der(der) {
            return Some(PublicKey::P256(Box::new(key)));
        }
        if let Ok(key) = ed25519_dalek::VerifyingKey::from_public_key_der(der) {
            return Some(PublicKey::Ed25519(Box::new(key)));
        }
        let key = rsa::RsaPublicKey::from_public_key_der(der).ok()?;
        Some(PublicKey::Rsa(Box::new(key)))
    }
}

/// The bytes between the lines that begin and end a key, however they are broken
/// into lines.
fn der(pem: &str, label: &str) -> Option<Vec<u8>> {
    let body = pem.trim().strip_prefix(&format!("-----BEGIN {label}-----"))?;
    let body = body.strip_suffix(&format!("-----END {label}-----"))?;
    let digits: String = body.split_whitespace().collect();
    STANDARD.decode(digits).ok()
}
