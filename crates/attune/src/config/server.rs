//! `[server]`: where Attune listens.

use std::net::SocketAddr;

use serde::Deserialize;

use super::Address;

/// The section `[server]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// The address and port to listen on.
    pub(crate) listen: SocketAddr,
    /// The address under which browsers reach the server.
    pub(crate) public_url: Address,
    /// Whether a proxy of ours names the clients.
    pub(crate) trusts_proxy: bool,
    /// Threads that serve; 0 for one a core.
    pub(crate) threads: usize,
}
