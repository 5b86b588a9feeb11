//! Secrets that two sides share, and that can be replaced without a gap.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A secret that signs what two sides send each other, and the one that it
/// replaced, which counts for a while longer.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
pub struct Secrets {
    /// The secret that signs, as `whsec_…`.
    pub current: String,
    /// The secret before, and when it ends.
    pub previous: Option<(String, Timestamp)>,
}

impl Secrets {
    /// How long a secret that was replaced counts.
    pub const PREVIOUS_LIFE: SignedDuration = SignedDuration::from_hours(24);

    /// The first secret of two sides.
    pub fn new(first: String) -> Self {
        Secrets { current: first, previous: None }
    }

    /// Puts `next` in the place of the secret that signs.
    #[must_use]
    pub fn replaced_by(self, next: String, now: Timestamp) -> Self {
        Secrets { current: next, previous: Some((self.current, now + Self::PREVIOUS_LIFE)) }
    }

    /// The secrets that count at `now`, the current one first.
    pub fn live(&self, now: Timestamp) -> Vec<&str> {
        let previous = self.previous.as_ref().filter(|(_, until)| now < *until);
        std::iter::once(self.current.as_str())
            .chain(previous.map(|(secret, _)| secret.as_str()))
            .collect()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_was_replaced_counts_for_a_day() {
        let now = Timestamp::UNIX_EPOCH;
        let secrets = Secrets::new("a".into()).replaced_by("b".into(), now);
        let end = now + Secrets::PREVIOUS_LIFE;

        assert_eq!(secrets.live(now), ["b", "a"]);
        assert_eq!(secrets.live(end - SignedDuration::from_millis(1)), ["b", "a"]);
        assert_eq!(secrets.live(end), ["b"]);
    }

    #[test]
    fn only_the_last_two_secrets_count() {
        let now = Timestamp::UNIX_EPOCH;
        let secrets =
            Secrets::new("a".into()).replaced_by("b".into(), now).replaced_by("c".into(), now);

        assert_eq!(secrets.live(now), ["c", "b"]);
    }

    #[test]
    fn a_log_shows_none() {
        assert!(!format!("{:?}", Secrets::new("whsec_x".into())).contains('x'));
    }
}
