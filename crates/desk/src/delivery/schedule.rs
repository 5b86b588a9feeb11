//! When a delivery that failed is tried again: soon at first, ever more rarely
//! then, for a day at most.

use jiff::{SignedDuration, Timestamp};

/// The waits after the first failure, the second and so on; the last one repeats.
const WAITS_S: &[i64] = &[5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400];
/// How much longer a wait may be, in hundredths, so that many deliveries that
/// failed together do not come back together.
const JITTER_MAX: i64 = 20;
/// How long all waits together may be.
const TOTAL_S_MAX: i64 = 24 * 3_600;
/// How long a wait a receiver may ask for.
const ASKED_S_MAX: i64 = 1_800;

/// How long to wait after the given number of attempts, or `None` to give up.
/// `draw` is any number, and `asked` what the receiver asked for.
pub(super) fn wait(
    attempts: i32,
    attempts_max: u32,
    draw: u32,
    asked: Option<SignedDuration>,
) -> Option<SignedDuration> {
    let failed = u32::try_from(attempts).unwrap_or(0).max(1);
    if failed >= attempts_max {
        return None;
    }
    let longest: i64 = (1..=failed).map(|n| stretched(nominal(n), JITTER_MAX)).sum();
    if longest > TOTAL_S_MAX {
        return None;
    }
    let own = stretched(nominal(failed), i64::from(draw) % (JITTER_MAX + 1));
    let asked = asked.map_or(0, |asked| asked.as_secs().min(ASKED_S_MAX));
    Some(SignedDuration::from_secs(own.max(asked)))
}

/// Reads `Retry-After`: seconds, or a date.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<SignedDuration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(SignedDuration::from_secs(i64::from(seconds)));
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(at.duration_since(now).max(SignedDuration::ZERO))
}

fn nominal(failed: u32) -> i64 {
    let place = (failed as usize - 1).min(WAITS_S.len() - 1);
    WAITS_S[place]
}

fn stretched(seconds: i64, hundredths: i64) -> i64 {
    seconds + seconds * hundredths / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(attempts: i32, draw: u32, asked: Option<i64>) -> Option<i64> {
        let asked = asked.map(SignedDuration::from_secs);
        wait(attempts, 12, draw, asked).map(|wait| wait.as_secs())
    }

    #[test]
    fn the_waits_grow_and_twelve_attempts_fit_into_a_day() {
        let waits: Vec<i64> = (1..).map_while(|attempts| seconds(attempts, 0, None)).collect();

        assert_eq!(waits, [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 14_400, 14_400, 14_400]);
        let longest: i64 = (1..).map_while(|attempts| seconds(attempts, 20, None)).sum();
        assert!((20 * 3_600..=24 * 3_600).contains(&longest), "{longest} s");
    }

    #[test]
    fn a_day_is_the_end_however_many_attempts_are_allowed() {
        let total: i64 = (1..)
            .map_while(|attempts| wait(attempts, 1_000, 20, None))
            .map(|wait| wait.as_secs())
            .sum();

        assert!(total <= 24 * 3_600, "{total} s");
        assert_eq!(wait(1, 1, 0, None), None);
    }

    #[test]
    fn waits_differ_by_a_fifth_at_most() {
        let waits: Vec<i64> = (0..1_000).map(|draw| seconds(4, draw, None).unwrap()).collect();

        assert_eq!(waits.iter().min(), Some(&600));
        assert_eq!(waits.iter().max(), Some(&720));
    }

    #[test]
    fn a_receiver_may_ask_for_half_an_hour_and_never_for_less_than_we_wait() {
        assert_eq!(seconds(1, 0, Some(60)), Some(60));
        assert_eq!(seconds(1, 0, Some(1)), Some(5));
        assert_eq!(seconds(1, 0, Some(999_999)), Some(1_800));
    }

    #[test]
    fn both_forms_of_retry_after_are_read() {
        let now = "1994-11-06T08:49:00Z".parse().unwrap();

        assert_eq!(retry_after(" 120 ", now), Some(SignedDuration::from_secs(120)));
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now),
            Some(SignedDuration::from_secs(37))
        );
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(SignedDuration::ZERO));
        assert_eq!(retry_after("-5", now), None);
        assert_eq!(retry_after("soon", now), None);
    }
}
