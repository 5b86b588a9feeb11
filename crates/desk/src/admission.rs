//! Admission: how much the intake takes, and when those it refuses may come again.
//!
//! Overload shows here first. The intake accepts no more than it can commit in
//! time; who comes later is told when to try again, before anything is accepted.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use domain::{Error, Result};

/// How many messages a batch has at least that says what a message costs: a
/// smaller one says what a commit does.
const TELLING_BATCH_MIN: usize = 64;
/// How long somebody is asked to wait before trying again, in milliseconds.
const RETRY_AFTER_MS: RangeInclusive<u64> = 100..=30_000;

/// How much the intake takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Admission {
    /// How many messages wait.
    pub waiting: usize,
    /// How long a message took in the last large batches, in nanoseconds.
    pub message_ns: u64,
}

/// Where messages and visits are let in or turned away.
#[derive(Debug)]
pub(crate) struct Door {
    wait_max: Duration,
    began: Instant,
    waiting: AtomicUsize,
    message_ns: AtomicU64,
    /// When the next one who is refused may come again, in nanoseconds since the
    /// door was made.
    next_turn_ns: AtomicU64,
}

impl Door {
    /// A door behind which nobody shall wait longer than `wait_max`.
    pub(crate) fn new(wait_max: Duration) -> Self {
        Door {
            wait_max,
            began: Instant::now(),
            waiting: AtomicUsize::default(),
            message_ns: AtomicU64::default(),
            next_turn_ns: AtomicU64::default(),
        }
    }

    /// How much waits now.
    pub(crate) fn admission(&self) -> Admission {
        Admission {
            waiting: self.waiting.load(Ordering::Relaxed),
            message_ns: self.message_ns.load(Ordering::Relaxed),
        }
    }

    /// Lets a message in.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if it would wait too long.
    pub(crate) fn admit(&self) -> Result<()> {
        if self.expected_wait() > self.wait_max { Err(self.busy()) } else { Ok(()) }
    }

    /// Lets somebody new come in. The door closes before the queue does, so that
    /// those who are in are served.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] while too much waits.
    pub(crate) fn admit_visit(&self) -> Result<()> {
        if self.expected_wait() * 2 > self.wait_max { Err(self.busy()) } else { Ok(()) }
    }

    /// Counts a message that begins to wait.
    pub(crate) fn enter(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts messages that wait no more.
    pub(crate) fn leave(&self, count: usize) {
        self.waiting.fetch_sub(count, Ordering::Relaxed);
    }

    /// Remembers how long a message takes, as a moving average of large batches.
    pub(crate) fn note(&self, took: Duration, count: usize) {
        if count < TELLING_BATCH_MIN {
            return;
        }
        let now = took.as_nanos() as u64 / count as u64;
        let average = match self.message_ns.load(Ordering::Relaxed) {
            0 => now,
            before => (before * 7 + now) / 8,
        };
        self.message_ns.store(average, Ordering::Relaxed);
    }

    /// Refuses, and says when to come again: those who are refused get turns as
    /// far apart as messages can be taken, so that they do not all come at once
    /// to be refused again.
    pub(crate) fn busy(&self) -> Error {
        metrics::counter!("attune_messages_refused_total").increment(1);
        let now_ns = self.began.elapsed().as_nanos() as u64;
        let earliest_ns = now_ns + self.expected_wait().as_nanos() as u64;
        let turn = |next_ns: u64| next_ns.max(earliest_ns);
        let message_ns = self.admission().message_ns;
        let taken = self.next_turn_ns.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
            Some(turn(next) + message_ns)
        });
        let wait_ms = (turn(taken.unwrap_or(0)) - now_ns) / 1_000_000;
        let (least, most) = RETRY_AFTER_MS.into_inner();
        Error::Busy { retry_after_ms: wait_ms.clamp(least, most) }
    }

    fn expected_wait(&self) -> Duration {
        let Admission { waiting, message_ns } = self.admission();
        Duration::from_nanos(message_ns.saturating_mul(waiting as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A door behind which so many messages wait, each of which takes a millisecond.
    fn door(waiting: usize) -> Door {
        let door = Door::new(Duration::from_millis(100));
        door.note(Duration::from_millis(100), 100);
        (0..waiting).for_each(|_| door.enter());
        door
    }

    #[test]
    fn the_door_closes_before_the_queue_does() {
        assert!(door(50).admit_visit().is_ok());
        assert!(door(51).admit_visit().is_err());

        assert!(door(100).admit().is_ok());
        assert!(door(101).admit().is_err());
    }

    #[test]
    fn those_who_are_refused_come_back_one_after_the_other() {
        let door = door(1_000);

        let waits = (0..1_000).map(|_| match door.busy() {
            Error::Busy { retry_after_ms } => retry_after_ms,
            other => panic!("{other:?}"),
        });
        let waits: Vec<u64> = waits.collect();

        assert!((990..=1_000).contains(&waits[0]), "{}", waits[0]);
        assert!((1_900..=2_000).contains(&waits[999]), "{}", waits[999]);
        assert!(waits.is_sorted_by(|a, b| a <= b || a - b <= 1), "each has a turn of its own");
    }

    #[test]
    fn small_batches_do_not_say_what_a_message_costs() {
        let door = Door::new(Duration::from_millis(100));

        door.note(Duration::from_millis(5), 2);
        assert_eq!(door.admission().message_ns, 0);

        door.note(Duration::from_millis(10), 100);
        door.note(Duration::from_millis(5), 2);
        assert_eq!(door.admission().message_ns, 100_000);
    }
}
