//! What all clients of a run share: where the servers are, what was seen, and
//! when to end.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::app::User;
use crate::findings::Findings;
use crate::visitor::Visitor;

/// How long a client waits before it tries to connect again.
pub(crate) const RECONNECT_AFTER: Duration = Duration::from_millis(10);

/// What all clients share.
pub(crate) struct Load {
    /// Where the servers are, as `host:port`.
    pub(crate) addresses: Vec<String>,
    /// The public key of the inbox that visitors write to.
    pub(crate) inbox: String,
    /// The token of the agent's program.
    pub(crate) token: String,
    /// The secret with which the company's server signs what it passes on.
    pub(crate) incoming: Vec<u8>,
    /// What went wrong.
    pub(crate) findings: Arc<Findings>,
    /// The visitors that have asked all that they wanted.
    pub(crate) visitors: Mutex<Vec<Visitor>>,
    /// The users of the company's app who have said all that they wanted.
    pub(crate) users: Mutex<Vec<User>>,
    /// How long acknowledgements took.
    pub(crate) ack_times: Mutex<Vec<Duration>>,
    /// How often a visitor was told to wait.
    pub(crate) slow_downs: AtomicUsize,
    seed: u64,
    ending: AtomicBool,
}

impl Load {
    /// Load that begins now.
    pub(crate) fn new(
        addresses: Vec<String>,
        inbox: String,
        token: String,
        incoming: Vec<u8>,
        findings: Arc<Findings>,
        seed: u64,
    ) -> Self {
        Load {
            addresses,
            inbox,
            token,
            incoming,
            findings,
            visitors: Mutex::default(),
            users: Mutex::default(),
            ack_times: Mutex::default(),
            slow_downs: AtomicUsize::new(0),
            seed,
            ending: AtomicBool::new(false),
        }
    }

    /// Randomness for one client: the same for the same seed and name.
    pub(crate) fn randomness(&self, name: &str) -> StdRng {
        StdRng::seed_from_u64(self.seed ^ digest(name))
    }

    /// Chooses one of the servers.
    pub(crate) fn address(&self, rng: &mut StdRng) -> &str {
        &self.addresses[rng.random_range(0..self.addresses.len())]
    }

    /// Takes the times that acknowledgements took since the last time, shortest first.
    pub(crate) fn take_ack_times(&self) -> Vec<Duration> {
        let mut times =
            std::mem::take(&mut *self.ack_times.lock().expect("nobody panics while holding it"));
        times.sort_unstable();
        times
    }

    /// Tells the clients to bring what they began to an end.
    pub(crate) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Whether clients should begin nothing new.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }
}

/// A number that stands for a text, so that many texts can be compared.
pub(crate) fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
