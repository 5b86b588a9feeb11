//! Passwords: Argon2id, and which ones are refused.
//!
//! The policy follows OWASP ASVS 5: a least length, no composition rules, no
//! forced change, nothing that everybody tries first.

use std::sync::OnceLock;

use argon2::password_hash::SaltString;
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
};
use domain::{Error, Result};
use tokio::sync::Semaphore;

/// How short a password may be, in characters.
const CHARS_MIN: usize = 12;
/// How long a password may be, in bytes: a bound on the work of one attempt.
const BYTES_MAX: usize = 512;
/// How many hashes are computed at once. Each takes [`MEMORY_KIB`] and a core.
const AT_ONCE_MAX: usize = 4;

/// The parameters that OWASP names first: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What people choose when twelve characters are asked for. Compared in lower
/// case, without what is not a letter or digit.
const COMMON: &[&str] = &[
    "passwordpassword",
    "password1234",
    "password12345",
    "password123456",
    "mypassword123",
    "passw0rd1234",
    "passw0rdpassw0rd",
    "p4ssw0rd1234",
    "adminadmin123",
    "administrator",
    "administrator1",
    "adminpassword",
    "admin1234567",
    "admin12345678",
    "rootrootroot",
    "changemechangeme",
    "changeme1234",
    "letmeinletmein",
    "letmein12345",
    "welcome12345",
    "welcome123456",
    "welcomewelcome",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdf",
    "qwertyqwerty",
    "qwerty123456",
    "qwerty1234567",
    "qwertyuiopasdfghjkl",
    "asdfghjkl123",
    "asdfasdfasdf",
    "zxcvbnmzxcvbnm",
    "zxcvbnm12345",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "qazwsxedcrfv",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u8i",
    "q1w2e3r4t5y6",
    "iloveyou1234",
    "iloveyouiloveyou",
    "woaini1314520",
    "woaini5201314",
    "woaini123456",
    "5201314520131",
    "520131452013",
    "woaiwoziji123",
    "abcdefghijkl",
    "abcdefghijklmnop",
    "abcd12345678",
    "abc123456789",
    "abc1234567890",
    "abcdef123456",
    "abcabcabcabc",
    "abcd1234abcd",
    "aaaaaa123456",
    "a1234567890a",
    "a123456789012",
    "a12345678910",
    "monkey123456",
    "dragon123456",
    "football1234",
    "baseball1234",
    "sunshine1234",
    "princess1234",
    "superman1234",
    "trustno1trustno1",
    "computer1234",
    "internet1234",
    "test12345678",
    "testtesttest",
    "testing12345",
    "secret123456",
    "secretsecret",
    "login1234567",
    "guest1234567",
    "user12345678",
    "master123456",
    "correcthorsebatterystaple",
    "thisismypassword",
    "nopassword123",
    "attuneattune",
    "attune123456",
    "attunedemo123",
    "demodemodemo",
    "demo12345678",
    "kefu12345678",
    "zhiyin123456",
];

/// Checks a new password.
///
/// # Errors
///
/// [`Error::Invalid`] at `pointer` if it is too short, too long, common, one
/// pattern over and over, or the e-mail address itself.
pub(crate) fn check(password: &str, email: &str, pointer: &str) -> Result<()> {
    let chars = password.chars().count();
    if chars < CHARS_MIN {
        return Err(Error::invalid(pointer, format!("must have at least {CHARS_MIN} characters")));
    }
    if password.len() > BYTES_MAX {
        return Err(Error::invalid(pointer, format!("must have at most {BYTES_MAX} bytes")));
    }
    let plain: String =
        password.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if COMMON.contains(&plain.as_str()) || is_sequence(password) || is_repetition(password) {
        return Err(Error::invalid(
            pointer,
            "is one of the first that an attacker tries; choose another",
        ));
    }
    if password.eq_ignore_ascii_case(email.trim()) {
        return Err(Error::invalid(pointer, "must not be the e-mail address"));
    }
    Ok(())
}

/// Whether each character follows the one before it, as in `1234567890123`.
fn is_sequence(password: &str) -> bool {
    let chars: Vec<u32> = password.chars().map(u32::from).collect();
    let follows = |step: i64| {
        chars.windows(2).all(|pair| {
            let difference = i64::from(pair[1]) - i64::from(pair[0]);
            difference == step || difference == step - 10 * step.signum()
        })
    };
    follows(1) || follows(-1)
}

/// Whether at most three characters come over and over.
fn is_repetition(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    (1..=3).any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b))
}

/// Hashes a password with the current parameters.
///
/// # Errors
///
/// [`Error::Internal`] if there is no memory for it.
pub(crate) async fn hash(password: String, salt: [u8; 16]) -> Result<String> {
    work(move || hash_now(&password, &salt)).await?
}

/// What came of holding a password against a hash.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It is another password.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and its hash was made with other parameters.
    RightButOld,
}

/// Holds a password against a hash. Without a hash the same work is done, so
/// that the time taken tells nobody whether the address is known.
///
/// # Errors
///
/// [`Error::Internal`] if the hash is none of ours.
pub(crate) async fn verify(password: String, hash: Option<String>) -> Result<Verdict> {
    work(move || verify_now(&password, hash.as_deref())).await?
}

fn verify_now(password: &str, hash: Option<&str>) -> Result<Verdict> {
    let known = hash.is_some();
    let text = match hash {
        Some(hash) => hash,
        None => decoy()?,
    };
    let parsed = PasswordHash::new(text).map_err(|error| Error::internal(error.to_string()))?;
    let matches = password.len() <= BYTES_MAX
        && argon2()?.verify_password(password.as_bytes(), &parsed).is_ok();
    Ok(match (known && matches, is_current(&parsed)) {
        (false, _) => Verdict::Wrong,
        (true, true) => Verdict::Right,
        (true, false) => Verdict::RightButOld,
    })
}

/// A hash that no password of anybody has.
fn decoy() -> Result<&'static str> {
    static DECOY: OnceLock<String> = OnceLock::new();
    if let Some(decoy) = DECOY.get() {
        return Ok(decoy);
    }
    let made = hash_now("nobody has this password", &[0; 16])?;
    Ok(DECOY.get_or_init(|| made))
}

fn hash_now(password: &str, salt: &[u8; 16]) -> Result<String> {
    let salt = SaltString::encode_b64(salt).map_err(|error| Error::internal(error.to_string()))?;
    let hash = argon2()?.hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None);
    let params = params.map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn is_current(hash: &PasswordHash<'_>) -> bool {
    let Ok(params) = Params::try_from(hash) else { return false };
    hash.algorithm == Algorithm::Argon2id.ident()
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES)
}

/// Computes off the threads that serve connections, a few at a time.
async fn work<T: Send + 'static>(compute: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    static SLOTS: Semaphore = Semaphore::const_new(AT_ONCE_MAX);
    let _slot = SLOTS.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(compute).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = hash("a long enough one".into(), [1; 16]).await.unwrap();

        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(
            verify("a long enough one".into(), Some(hash.clone())).await.unwrap(),
            Verdict::Right
        );
        assert_eq!(verify("a long enough two".into(), Some(hash)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn nobody_knows_the_password_of_nobody() {
        let verdict = verify("nobody has this password".into(), None).await.unwrap();

        assert_eq!(verdict, Verdict::Wrong);
    }

    #[test]
    fn a_hash_with_other_parameters_is_old() {
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let salt = SaltString::encode_b64(&[1; 16]).unwrap();
        let hash = weak.hash_password(b"a long enough one", &salt).unwrap().to_string();

        assert_eq!(verify_now("a long enough one", Some(&hash)).unwrap(), Verdict::RightButOld);
    }

    #[test]
    fn what_everybody_tries_is_refused() {
        for weak in [
            "short",
            "elevenchars",
            "Password-1234",
            "PASSWORD1234",
            "123456789012",
            "098765432109",
            "aaaaaaaaaaaa",
            "abababababab",
            "abcabcabcabc",
            "Ada@example.com",
            "abcdefghijklm",
        ] {
            assert!(check(weak, "ada@example.com", "/password").is_err(), "{weak}");
        }
        for fine in ["twelve chars it is", "知音知音高山流水遇知音吧", "correct-lamp-tuesday"]
        {
            check(fine, "ada@example.com", "/password").unwrap();
        }
    }
}
