//! Signatures of webhooks, after the Standard Webhooks specification.
//!
//! A delivery carries `webhook-id`, `webhook-timestamp` (seconds since 1970) and
//! `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, once for every
//! secret that lives, so that a secret can be replaced without losing a delivery. The body is the
//! raw bytes, never a parsed and rewritten form. The time is an argument.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use rand::CryptoRng;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// Names the header with the id of the event, the same in every retry.
pub const ID: HeaderName = HeaderName::from_static("webhook-id");
/// Names the header with the time of sending, in seconds since 1970.
pub const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// Names the header with the signatures, separated by spaces.
pub const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// How far the clocks of the two sides may differ, as the specification advises.
pub const TOLERANCE_SECONDS: u64 = 300;

const SECRET_PREFIX: &str = "whsec_";
const SECRET_BYTES_NEW: usize = 32;
/// The specification wants 192 to 512 bits.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
const VERSION: &str = "v1";
/// The most signatures that are looked at, so that a stranger cannot make us compute for long.
const SIGNATURES_MAX: usize = 16;

/// A secret that both sides of a webhook share. It does not show itself in logs.
#[derive(Clone)]
pub struct Secret {
    bytes: Vec<u8>,
}

/// Says that a text is not the secret of a webhook.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a secret is whsec_ and the base64 of 24 to 64 bytes; copy it whole")]
pub struct SecretError;

/// Says that an id cannot be signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SignError {
    /// A dot in the id would move the border between id and time; other characters break the header.
    #[error("an id is made of visible ASCII characters without a dot")]
    Id,
    /// Without a secret there is no signature.
    #[error("no secret lives; make one")]
    NoSecret,
}

/// Says why a delivery is not believed. Tell the sender no more than that it was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum VerifyError {
    /// One of the three headers is missing, doubled or unreadable.
    #[error("the {0} header is missing, doubled or unreadable")]
    Header(&'static str),
    /// The delivery is too old: a replay, or a clock that is wrong.
    #[error("the delivery is too old; check the clocks")]
    TooOld,
    /// The delivery comes from the future: a clock is wrong.
    #[error("the delivery comes from the future; check the clocks")]
    TooNew,
    /// No signature fits any secret.
    #[error("no signature fits; check the secret, and sign the raw body")]
    Mismatch,
}

impl Secret {
    /// Makes a new secret out of `rng`.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = vec![0; SECRET_BYTES_NEW];
        rng.fill_bytes(&mut bytes);
        Secret { bytes }
    }

    /// Returns the secret in the form that is shown to its owner and stored.
    pub fn reveal(&self) -> String {
        format!("{SECRET_PREFIX}{}", STANDARD.encode(&self.bytes))
    }

    fn mac(&self, id: &str, timestamp: i64, body: &[u8]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.bytes)
            .expect("HMAC takes keys of every length");
        mac.update(id.as_bytes());
        mac.update(b".");
        mac.update(timestamp.to_string().as_bytes());
        mac.update(b".");
        mac.update(body);
        mac.finalize().into_bytes().into()
    }
}

impl FromStr for Secret {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let encoded = text.strip_prefix(SECRET_PREFIX).ok_or(SecretError)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| SecretError)?;
        if !SECRET_BYTES.contains(&bytes.len()) {
            return Err(SecretError);
        }
        Ok(Secret { bytes })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Returns the three headers for `body`, sent as event `id` at `timestamp` (seconds since 1970),
/// signed with every one of `secrets`.
pub fn sign(
    secrets: &[Secret],
    id: &str,
    timestamp: i64,
    body: &[u8],
) -> Result<HeaderMap, SignError> {
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_graphic() && b != b'.') {
        return Err(SignError::Id);
    }
    if secrets.is_empty() {
        return Err(SignError::NoSecret);
    }
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| format!("{VERSION},{}", STANDARD.encode(secret.mac(id, timestamp, body))))
        .collect();
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| SignError::Id);

    let mut headers = HeaderMap::with_capacity(3);
    headers.insert(ID, value(id)?);
    headers.insert(TIMESTAMP, value(&timestamp.to_string())?);
    headers.insert(SIGNATURE, value(&signatures.join(" "))?);
    Ok(headers)
}

/// Checks that `body` was signed with one of `secrets` within `tolerance_seconds` of `now` (seconds
/// since 1970), in a time that does not depend on how much of a signature is right. Returns the id
/// of the event; whether it was seen before is the caller's to know.
pub fn verify<'h>(
    secrets: &[Secret],
    headers: &'h HeaderMap,
    body: &[u8],
    now: i64,
    tolerance_seconds: u64,
) -> Result<&'h str, VerifyError> {
    let id = single(headers, &ID).ok_or(VerifyError::Header("webhook-id"))?;
    let timestamp = single(headers, &TIMESTAMP)
        .and_then(read_timestamp)
        .ok_or(VerifyError::Header("webhook-timestamp"))?;
    let signatures = single(headers, &SIGNATURE).ok_or(VerifyError::Header("webhook-signature"))?;
    if timestamp.abs_diff(now) > tolerance_seconds {
        return Err(if timestamp < now { VerifyError::TooOld } else { VerifyError::TooNew });
    }

    let given: Vec<[u8; 32]> =
        signatures.split(' ').take(SIGNATURES_MAX).filter_map(read_signature).collect();
    let mut fits = Choice::from(0);
    for secret in secrets {
        let expected = secret.mac(id, timestamp, body);
        for signature in &given {
            fits |= expected.ct_eq(signature);
        }
    }
    if bool::from(fits) { Ok(id) } else { Err(VerifyError::Mismatch) }
}

/// Returns the only value of a header. Of two values, two readers might take different ones.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    (values.next().is_none() && !value.is_empty()).then_some(value)
}

/// Reads a time in its one plain form, because the text itself is what is signed.
fn read_timestamp(text: &str) -> Option<i64> {
    let timestamp: i64 = text.parse().ok()?;
    (timestamp.to_string() == text).then_some(timestamp)
}

fn read_signature(text: &str) -> Option<[u8; 32]> {
    let (version, encoded) = text.split_once(',')?;
    if version != VERSION {
        return None;
    }
    STANDARD.decode(encoded).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    // The example of the specification; Python agrees:
    //   k = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    //   m = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    //   base64.b64encode(hmac.new(k, m, hashlib.sha256).digest())
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const EVENT: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const SENT_AT: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const EXPECTED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn secret() -> Secret {
        SECRET.parse().unwrap()
    }

    fn fresh(seed: u64) -> Secret {
        Secret::generate(&mut StdRng::seed_from_u64(seed))
    }

    fn signed(secrets: &[Secret]) -> HeaderMap {
        sign(secrets, EVENT, SENT_AT, BODY).unwrap()
    }

    fn verdict(headers: &HeaderMap) -> Result<&str, VerifyError> {
        verify(&[secret()], headers, BODY, SENT_AT, TOLERANCE_SECONDS)
    }

    #[test]
    fn the_example_of_the_specification_comes_out() {
        let headers = signed(&[secret()]);

        assert_eq!(headers[ID], EVENT);
        assert_eq!(headers[TIMESTAMP], "1614265330");
        assert_eq!(headers[SIGNATURE], EXPECTED);
        assert_eq!(verdict(&headers), Ok(EVENT));
    }

    #[test]
    fn a_changed_id_time_body_or_secret_is_noticed() {
        let now = SENT_AT;
        let mut other_id = signed(&[secret()]);
        other_id.insert(ID, HeaderValue::from_static("msg_other"));
        let mut other_time = signed(&[secret()]);
        other_time.insert(TIMESTAMP, HeaderValue::from_static("1614265331"));
        let headers = signed(&[secret()]);

        assert_eq!(verdict(&other_id), Err(VerifyError::Mismatch));
        assert_eq!(verdict(&other_time), Err(VerifyError::Mismatch));
        assert_eq!(verify(&[secret()], &headers, b"{}", now, 300), Err(VerifyError::Mismatch));
        assert_eq!(verify(&[fresh(1)], &headers, BODY, now, 300), Err(VerifyError::Mismatch));
        assert_eq!(verify(&[], &headers, BODY, now, 300), Err(VerifyError::Mismatch));
    }

    #[test]
    fn while_two_secrets_live_the_holder_of_either_believes() {
        let (old, new) = (fresh(1), fresh(2));
        let headers = signed(&[new.clone(), old.clone()]);

        assert_eq!(headers[SIGNATURE].to_str().unwrap().split(' ').count(), 2);
        for holder in [&old, &new] {
            let believed = verify(std::slice::from_ref(holder), &headers, BODY, SENT_AT, 300);
            assert_eq!(believed, Ok(EVENT));
        }
        assert_eq!(verify(&[fresh(3)], &headers, BODY, SENT_AT, 300), Err(VerifyError::Mismatch));
    }

    #[test]
    fn a_receiver_with_two_secrets_believes_a_sender_with_either() {
        let both = [fresh(1), fresh(2)];

        for one in &both {
            let headers = signed(std::slice::from_ref(one));
            assert_eq!(verify(&both, &headers, BODY, SENT_AT, 300), Ok(EVENT));
        }
    }

    #[test]
    fn the_tolerance_is_exact_on_both_sides() {
        let headers = signed(&[secret()]);
        let at = |now| verify(&[secret()], &headers, BODY, now, TOLERANCE_SECONDS);

        assert_eq!(at(SENT_AT + 300), Ok(EVENT));
        assert_eq!(at(SENT_AT - 300), Ok(EVENT));
        assert_eq!(at(SENT_AT + 301), Err(VerifyError::TooOld));
        assert_eq!(at(SENT_AT - 301), Err(VerifyError::TooNew));
        assert_eq!(at(i64::MAX), Err(VerifyError::TooOld));
        assert_eq!(at(i64::MIN), Err(VerifyError::TooNew));
    }

    #[test]
    fn missing_doubled_and_unreadable_headers_are_refused() {
        for name in [ID, TIMESTAMP, SIGNATURE] {
            let mut missing = signed(&[secret()]);
            missing.remove(&name);
            let mut doubled = signed(&[secret()]);
            doubled.append(&name, doubled[&name].clone());
            let mut empty = signed(&[secret()]);
            empty.insert(&name, HeaderValue::from_static(""));

            for headers in [missing, doubled, empty] {
                assert_eq!(verdict(&headers), Err(VerifyError::Header(name_of(&name))), "{name}");
            }
        }
        for time in ["now", "1614265330.0", "+1614265330", "01614265330", "99999999999999999999"] {
            let mut headers = signed(&[secret()]);
            headers.insert(TIMESTAMP, HeaderValue::from_static(time));

            assert_eq!(verdict(&headers), Err(VerifyError::Header("webhook-timestamp")), "{time}");
        }
    }

    #[test]
    fn only_whole_signatures_of_our_version_count() {
        let right = EXPECTED.strip_prefix("v1,").unwrap();
        let refused = [
            right.to_owned(),
            format!("v2,{right}"),
            format!("v1a,{right}"),
            format!("v1,{}", &right[..right.len() - 4]),
            format!("v1,{right}AAAA"),
            "v1,".to_owned(),
            "v1,****".to_owned(),
            format!("{}{EXPECTED}", "v1,AAAA ".repeat(SIGNATURES_MAX)),
        ];
        for signature in refused {
            let mut headers = signed(&[secret()]);
            headers.insert(SIGNATURE, HeaderValue::from_str(&signature).unwrap());

            assert_eq!(verdict(&headers), Err(VerifyError::Mismatch), "{signature}");
        }
        let mut among_others = signed(&[secret()]);
        let value = HeaderValue::from_str(&format!("v1a,abc nonsense {EXPECTED}")).unwrap();
        among_others.insert(SIGNATURE, value);

        assert_eq!(verdict(&among_others), Ok(EVENT));
    }

    #[test]
    fn an_id_that_could_move_the_border_is_not_signed() {
        for id in ["", "a.b", "a b", "a\n", "消息"] {
            assert_eq!(sign(&[secret()], id, SENT_AT, BODY).unwrap_err(), SignError::Id, "{id:?}");
        }
        assert_eq!(sign(&[], EVENT, SENT_AT, BODY).unwrap_err(), SignError::NoSecret);
    }

    #[test]
    fn a_secret_survives_being_written_and_read_and_stays_out_of_logs() {
        let secret = fresh(7);
        let read: Secret = secret.reveal().parse().unwrap();

        assert_eq!(secret.bytes, read.bytes);
        assert_eq!(secret.bytes.len(), 32);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        for text in ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_*"] {
            assert!(text.parse::<Secret>().is_err(), "{text}");
        }
        assert!(format!("whsec_{}", STANDARD.encode([0; 65])).parse::<Secret>().is_err());
    }

    fn name_of(name: &HeaderName) -> &'static str {
        match name.as_str() {
            "webhook-id" => "webhook-id",
            "webhook-timestamp" => "webhook-timestamp",
            _ => "webhook-signature",
        }
    }
}
