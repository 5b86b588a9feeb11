//! Rate limits: how often one address or one program may ask.
//!
//! They are held by each process for itself, in bounded memory. The lock-out
//! of an e-mail address is the desk's; see `Desk::sign_in`.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use desk::Desk;
use domain::{ApiToken, Error, Id, Result, Session};
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

/// How many keys one limit remembers.
const KEYS_MAX: usize = 100_000;
/// After how many questions what is over is forgotten.
const SWEEP_EVERY: u64 = 4_096;
/// When to ask again while more strangers come than can be remembered.
const CROWDED_WAIT_MS: u64 = 1_000;

/// How often one may ask. Every number is at least one.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Attempts to sign in from one address, in fifteen minutes.
    pub logins_per_quarter_hour: u32,
    /// Requests with one personal token, in a minute.
    pub token_requests_per_minute: u32,
    /// Requests of one signed-in browser, in a minute.
    pub session_requests_per_minute: u32,
    /// Visits that begin at one address, in a minute. Addresses of the machine
    /// itself are exempt: who comes from there is behind a proxy that does not
    /// say who it is, or a program of the machine's owner.
    pub visits_per_minute: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Rates {
            logins_per_quarter_hour: 30,
            token_requests_per_minute: 600,
            session_requests_per_minute: 1_200,
            visits_per_minute: 60,
        }
    }
}

/// The limits of this process.
pub struct Limits {
    logins: Limit<IpAddr>,
    tokens: Limit<Id<ApiToken>>,
    sessions: Limit<Id<Session>>,
    visits: Limit<IpAddr>,
}

impl Limits {
    pub(crate) fn new(rates: Rates, desk: &Desk) -> Self {
        const MINUTE: Duration = Duration::from_secs(60);
        Limits {
            logins: Limit::new(rates.logins_per_quarter_hour, 15 * MINUTE, desk),
            tokens: Limit::new(rates.token_requests_per_minute, MINUTE, desk),
            sessions: Limit::new(rates.session_requests_per_minute, MINUTE, desk),
            visits: Limit::new(rates.visits_per_minute, MINUTE, desk),
        }
    }

    /// Counts an attempt to sign in.
    pub(crate) fn login(&self, from: IpAddr) -> Result<()> {
        self.logins.take(network(from))
    }

    /// Counts a request with a personal token.
    pub(crate) fn token(&self, id: Id<ApiToken>) -> Result<()> {
        self.tokens.take(id)
    }

    /// Counts a request of a signed-in browser.
    pub(crate) fn session(&self, id: Id<Session>) -> Result<()> {
        self.sessions.take(id)
    }

    /// Counts the beginning of a visit.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] if there were too many from that address.
    pub fn visit(&self, from: IpAddr) -> Result<()> {
        if from.to_canonical().is_loopback() { Ok(()) } else { self.visits.take(network(from)) }
    }
}

/// The part of an address that one household shares.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

/// The desk's clock as the limiter reads it: time since 1970.
#[derive(Clone)]
struct DeskClock(Desk);

impl Clock for DeskClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(self.0.now().as_millisecond().unsigned_abs())
    }
}

/// One limit, by key.
struct Limit<K: Hash + Eq + Clone> {
    buckets: RateLimiter<K, DashMapStateStore<K>, DeskClock, NoOpMiddleware<Duration>>,
    clock: DeskClock,
    asked: AtomicU64,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(times: u32, within: Duration, desk: &Desk) -> Self {
        let times = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
        let period = (within / times.get()).max(Duration::from_nanos(1));
        let quota = Quota::with_period(period)
            .unwrap_or_else(|| Quota::per_second(times))
            .allow_burst(times);
        let clock = DeskClock(desk.clone());
        let buckets = RateLimiter::dashmap_with_clock(quota, clock.clone());
        Limit { buckets, clock, asked: AtomicU64::new(0) }
    }

    fn take(&self, key: K) -> Result<()> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        if asked % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.buckets.retain_recent();
            self.buckets.shrink_to_fit();
            if self.buckets.len() > KEYS_MAX {
                return Err(Error::Busy { retry_after_ms: CROWDED_WAIT_MS });
            }
        }
        self.buckets.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Error::Busy { retry_after_ms: wait.as_millis().max(1) as u64 }
        })
    }
}
