//! From names to addresses: an argument of the client, so that tests can answer as they please.
//!
//! A resolver only looks up. Whether an answer may be used is the policy's business.

use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Semaphore;

/// The most lookups under way at once. A lookup holds a thread until the system gives up, also when
/// its caller no longer waits, so names with a silent server must not be able to take them all.
const LOOKUPS_MAX: usize = 32;

/// The pending answer of a [`Resolver`].
pub type Resolving<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Looks up names.
pub trait Resolver: Send + Sync + 'static {
    /// Returns every address of `host`, in the order of preference.
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a>;
}

/// Asks the operating system: its hosts file, its DNS servers, its order of addresses.
#[derive(Clone, Debug)]
pub struct SystemResolver {
    lookups: Arc<Semaphore>,
}

impl Default for SystemResolver {
    fn default() -> Self {
        SystemResolver { lookups: Arc::new(Semaphore::new(LOOKUPS_MAX)) }
    }
}

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        Box::pin(async move {
            let permit =
                Arc::clone(&self.lookups).acquire_owned().await.map_err(io::Error::other)?;
            let host = host.to_owned();
            let lookup = tokio::task::spawn_blocking(move || {
                let _held_until_the_system_answers = permit;
                (host.as_str(), 0).to_socket_addrs().map(|found| found.map(|a| a.ip()).collect())
            });
            lookup.await.map_err(io::Error::other)?
        })
    }
}
