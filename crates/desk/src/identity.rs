//! Signed identities: a company vouches for who its visitor is, with the secret
//! of its inbox or with a key of its own.

use domain::{Error, Inbox, Result, clean_line};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use crate::identity_key::PublicKey;
use crate::secret::hmac_sha256;

/// How long a signed identity may be valid.
const LIFETIME_MAX: SignedDuration = SignedDuration::from_hours(24);
/// How far the clocks may be apart.
const SKEW_MAX: SignedDuration = SignedDuration::from_mins(5);
/// How long a company's name for a person may be, in characters.
const ADDRESS_CHARS_MAX: usize = 200;

/// What a company says of its user.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Claims {
    /// The company's own name for the person.
    pub sub: String,
    /// What the person is called.
    #[serde(default)]
    pub name: Option<String>,
    /// The person's e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The person's phone number.
    #[serde(default)]
    pub phone: Option<String>,
}

/// What a signed token must say beside the claims.
#[derive(Deserialize)]
struct Signed {
    #[serde(flatten)]
    claims: Claims,
    aud: String,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
}

/// Reads a JSON Web Token that a company signed with its inbox's secret, or with
/// the key whose public half the inbox has.
///
/// # Errors
///
/// [`Error::Unauthenticated`] unless it is signed with one of the two, by the
/// algorithm of that key, for this inbox, has a subject, and ends within 24 hours.
pub(crate) fn verify_token(inbox: &Inbox, token: &str, now: Timestamp) -> Result<Claims> {
    let secret = DecodingKey::from_secret(inbox.identity_secret.as_bytes());
    let signed = match checked_by(token, &secret, Algorithm::HS256) {
        Some(signed) => signed,
        None => signed_by_company(inbox, token)?.ok_or(Error::Unauthenticated)?,
    };
    let at = |second| Timestamp::from_second(second).map_err(|_| Error::Unauthenticated);
    let ends = at(signed.exp)?;
    let begins = signed.iat.map(at).transpose()?.unwrap_or(now);
    let valid_from = signed.nbf.map(at).transpose()?.unwrap_or(begins);
    let in_time = ends > now
        && begins.max(valid_from) <= now + SKEW_MAX
        && ends <= begins.max(now) + LIFETIME_MAX;
    if !in_time || signed.aud != inbox.key {
        return Err(Error::Unauthenticated);
    }
    checked(signed.claims, "/identity")
}

/// What a token says, if the company's own key signed it.
fn signed_by_company(inbox: &Inbox, token: &str) -> Result<Option<Signed>> {
    if inbox.identity_public_key.is_empty() {
        return Ok(None);
    }
    let key = PublicKey::read(&inbox.identity_public_key).map_err(Error::internal)?;
    Ok(checked_by(token, &key.decoding_key()?, key.algorithm()))
}

/// What a token says, if this key signed it by this algorithm.
fn checked_by(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Option<Signed> {
    let mut rules = Validation::new(algorithm);
    // The library would read the clock; the times are checked by whoever asks.
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.set_required_spec_claims(&["sub", "exp", "aud"]);
    let read = decode::<Signed>(token, key, &rules).ok()?;
    // What must be understood and is not makes a token worthless (RFC 7515, 4.1.11).
    read.header.crit.is_none().then_some(read.claims)
}

/// Reads an identifier with its HMAC-SHA256 in hexadecimal, as older widgets sign.
///
/// # Errors
///
/// [`Error::Unauthenticated`] if the hash is not of this inbox's secret.
pub(crate) fn verify_hash(inbox: &Inbox, identifier: &str, hash: &str) -> Result<Claims> {
    let expected = hmac_sha256(inbox.identity_secret.as_bytes(), identifier.as_bytes());
    let given = hex::decode(hash).map_err(|_| Error::Unauthenticated)?;
    if !bool::from(expected.as_slice().ct_eq(&given)) {
        return Err(Error::Unauthenticated);
    }
    checked(Claims { sub: identifier.to_owned(), ..Claims::default() }, "/identity")
}

/// Cleans what a company says of its user, in the part of a request that
/// `pointer` names.
///
/// # Errors
///
/// [`Error::Invalid`] for what is no line of text, or too long.
pub(crate) fn checked(claims: Claims, pointer: &str) -> Result<Claims> {
    let line =
        |value: &str, field| clean_line(value, &format!("{pointer}/{field}"), ADDRESS_CHARS_MAX);
    let maybe = |value: Option<String>, field| value.map(|value| line(&value, field)).transpose();
    Ok(Claims {
        sub: line(&claims.sub, "sub")?,
        name: maybe(claims.name, "name")?,
        email: maybe(claims.email, "email")?,
        phone: maybe(claims.phone, "phone")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{BusinessHours, Id, Language};
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::{Value, json};

    const NOW: i64 = 1_800_000_000;

    fn inbox() -> Inbox {
        Inbox {
            id: Id::new(1),
            name: "Web".into(),
            key: "ib_1".into(),
            identity_secret: "a secret of the inbox, long enough".into(),
            identity_public_key: String::new(),
            enforce_identity: true,
            incoming: None,
            allowed_origins: vec![],
            greeting: String::new(),
            language: Language::Zh,
            bot: true,
            hours: BusinessHours::default(),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn verify(claims: &Value, algorithm: Algorithm, secret: &str) -> Result<Claims> {
        let key = EncodingKey::from_secret(secret.as_bytes());
        let token = encode(&Header::new(algorithm), claims, &key).unwrap();
        verify_token(&inbox(), &token, Timestamp::from_second(NOW).unwrap())
    }

    fn good() -> Value {
        json!({"sub": "u-1", "aud": "ib_1", "exp": NOW + 3600, "iat": NOW, "name": "王小明"})
    }

    #[test]
    fn a_signed_token_tells_who_it_is() {
        let claims = verify(&good(), Algorithm::HS256, &inbox().identity_secret).unwrap();

        assert_eq!((claims.sub.as_str(), claims.name.as_deref()), ("u-1", Some("王小明")));
    }

    #[test]
    fn every_other_token_is_refused() {
        let secret = inbox().identity_secret;
        for (field, value) in [
            ("aud", json!("ib_2")),
            ("exp", json!(NOW)),
            ("exp", json!(NOW - 1)),
            ("exp", json!(NOW + 24 * 3600 + 1)),
            ("exp", json!("soon")),
            ("exp", Value::Null),
            ("iat", json!(NOW + 3600)),
            ("nbf", json!(NOW + 3600)),
            ("sub", Value::Null),
            ("sub", json!("")),
            ("aud", Value::Null),
        ] {
            let mut claims = good();
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(field);
            } else {
                claims[field] = value.clone();
            }
            assert!(verify(&claims, Algorithm::HS256, &secret).is_err(), "{field} = {value}");
        }
        assert!(verify(&good(), Algorithm::HS256, "another secret").is_err());
        assert!(verify(&good(), Algorithm::HS512, &secret).is_err());
        let now = Timestamp::from_second(NOW).unwrap();
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTEifQ.";
        for token in ["", "a.b.c", unsigned] {
            assert!(verify_token(&inbox(), token, now).is_err(), "{token}");
        }
    }

    #[test]
    fn an_identifier_with_its_hash_is_accepted_and_no_other() {
        let inbox = inbox();
        let hash = hex::encode(hmac_sha256(inbox.identity_secret.as_bytes(), b"u-1"));

        assert_eq!(verify_hash(&inbox, "u-1", &hash).unwrap().sub, "u-1");
        for (identifier, hash) in
            [("u-2", hash.as_str()), ("u-1", ""), ("u-1", "00"), ("u-1", "xx")]
        {
            assert!(verify_hash(&inbox, identifier, hash).is_err(), "{identifier} {hash}");
        }
    }
}
