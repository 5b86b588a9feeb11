//! Connections that lead where the check looked, and nowhere else.
//!
//! A client is built for one host, one port and one set of checked addresses; its resolver knows
//! only these. Keeping such clients keeps their idle connections, so a busy webhook does not pay
//! for a new handshake each time, and still a changed DNS answer is a different client.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;

use crate::policy::Policy;
use crate::target::Target;

/// The most destinations whose connections are kept.
const DESTINATIONS_MAX: usize = 128;
const IDLE_CONNECTIONS_MAX: usize = 4;
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);
const RESPONSE_HEADERS_MAX: usize = 64;

/// The clients in use, by destination.
pub(crate) struct Pinned {
    tls: rustls::ClientConfig,
    user_agent: reqwest::header::HeaderValue,
    connect_timeout: Duration,
    clients: Mutex<Clients>,
}

#[derive(Default)]
struct Clients {
    by_destination: HashMap<Destination, (reqwest::Client, u64)>,
    uses: u64,
}

/// Where a client may connect to. The addresses are sorted: a rotating DNS answer is the same place.
#[derive(Clone, Eq, Hash, PartialEq)]
struct Destination {
    host: String,
    addresses: Vec<SocketAddr>,
}

impl Pinned {
    /// Prepares an empty set.
    pub(crate) fn new(
        policy: &Policy,
        tls: rustls::ClientConfig,
        user_agent: reqwest::header::HeaderValue,
    ) -> Self {
        Pinned {
            tls,
            user_agent,
            connect_timeout: policy.connect_timeout,
            clients: Mutex::new(Clients::default()),
        }
    }

    /// Returns a client that can reach nothing but `addresses`, which must have been checked.
    pub(crate) fn client(
        &self,
        target: &Target,
        addresses: &[SocketAddr],
    ) -> reqwest::Result<reqwest::Client> {
        let mut sorted = addresses.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let destination = Destination { host: target.host().to_owned(), addresses: sorted };

        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.uses += 1;
        let now = clients.uses;
        if let Some((client, last_use)) = clients.by_destination.get_mut(&destination) {
            *last_use = now;
            return Ok(client.clone());
        }
        let client = self.build(&destination.host, addresses)?;
        clients.make_room();
        clients.by_destination.insert(destination, (client.clone(), now));
        Ok(client)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place that the ban points to")]
    fn build(&self, host: &str, addresses: &[SocketAddr]) -> reqwest::Result<reqwest::Client> {
        reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(Arc::new(Checked {
                host: host.to_owned(),
                addresses: addresses.to_vec(),
            }))
            .connect_timeout(self.connect_timeout)
            .user_agent(self.user_agent.clone())
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .http1_max_headers(RESPONSE_HEADERS_MAX)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .build()
    }
}

impl Clients {
    /// Forgets the destination that was idle longest. Exchanges under way are not cut.
    fn make_room(&mut self) {
        if self.by_destination.len() < DESTINATIONS_MAX {
            return;
        }
        let oldest = self.by_destination.iter().min_by_key(|(_, (_, last_use))| *last_use);
        if let Some(destination) = oldest.map(|(destination, _)| destination.clone()) {
            self.by_destination.remove(&destination);
        }
    }
}

/// Answers with the addresses that were checked, for the one name that was asked for.
struct Checked {
    host: String,
    addresses: Vec<SocketAddr>,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let answer = if name.as_str() == self.host {
            Ok(Box::new(self.addresses.clone().into_iter()) as Addrs)
        } else {
            Err("a name that was never checked".into())
        };
        Box::pin(std::future::ready(answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_destinations_that_were_idle_longest_are_forgotten() {
        let policy = Policy::default();
        let tls = crate::tls::client_config(&[]).unwrap();
        let pinned = Pinned::new(&policy, tls, reqwest::header::HeaderValue::from_static("test"));
        let address = [SocketAddr::from(([8, 8, 8, 8], 443))];
        let host = |n: usize| Target::parse(&policy, &format!("https://h{n}.example/")).unwrap();

        for n in 0..2 * DESTINATIONS_MAX {
            pinned.client(&host(0), &address).unwrap();
            pinned.client(&host(n), &address).unwrap();
        }

        let clients = pinned.clients.lock().unwrap();
        let kept = |n| clients.by_destination.keys().any(|kept| kept.host == host(n).host());
        assert_eq!(clients.by_destination.len(), DESTINATIONS_MAX);
        assert!(kept(0) && kept(2 * DESTINATIONS_MAX - 1));
        assert!(!kept(1));
    }

    #[test]
    fn the_same_addresses_in_another_order_are_the_same_destination() {
        let policy = Policy::default();
        let tls = crate::tls::client_config(&[]).unwrap();
        let pinned = Pinned::new(&policy, tls, reqwest::header::HeaderValue::from_static("test"));
        let target = Target::parse(&policy, "https://example.com/").unwrap();
        let (a, b) = (SocketAddr::from(([8, 8, 8, 8], 443)), SocketAddr::from(([8, 8, 4, 4], 443)));

        for addresses in [[a, b], [b, a]] {
            pinned.client(&target, &addresses).unwrap();
        }
        pinned.client(&target, &[a]).unwrap();

        assert_eq!(pinned.clients.lock().unwrap().by_destination.len(), 2);
    }

    #[tokio::test]
    async fn a_name_that_was_never_checked_has_no_address() {
        let checked = Checked { host: "a.example".to_owned(), addresses: Vec::new() };

        assert!(checked.resolve("a.example".parse().unwrap()).await.is_ok());
        assert!(checked.resolve("b.example".parse().unwrap()).await.is_err());
    }
}
