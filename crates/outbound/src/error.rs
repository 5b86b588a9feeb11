//! What can go wrong, in two voices: for administrators, with the remedy, and for users, uniform.
//!
//! A user who learns *why* an address failed can map the network behind the server. So users see
//! one sentence, whatever happened, and only logs and administrators see these messages.

use std::net::IpAddr;
use std::time::Duration;

/// Tells a user, in English, that an address did not work; the same sentence for every reason.
pub const USER_TEXT_EN: &str =
    "this address cannot be reached from here; check it, or ask your administrator";

/// Tells a user, in Chinese, that an address did not work; the same sentence for every reason.
pub const USER_TEXT_ZH: &str = "无法从本服务访问该地址，请检查后重试，或联系管理员";

/// Says why an address may not be used. The messages are for administrators.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The text is no URL.
    #[error("the address is not a URL ({0}); write it like https://example.com/hook")]
    Malformed(String),
    /// The text is longer than any address needs to be.
    #[error("the address has more than {bytes_max} bytes; shorten it")]
    TooLong {
        /// The most bytes that an address may have.
        bytes_max: usize,
    },
    /// The text is written so that two readers may understand two different addresses.
    #[error("the address {0}; write it plainly, like https://example.com/hook")]
    Disguised(&'static str),
    /// Only HTTPS is spoken, and HTTP where an administrator allows it.
    #[error("the scheme {0} is not allowed; use https")]
    Scheme(String),
    /// The address carries a user name or a password.
    #[error("the address carries a user name or an @; remove it and authenticate by signature")]
    Credentials,
    /// The address carries a fragment, which no server ever sees.
    #[error("the address carries a # part, which is never sent; remove it")]
    Fragment,
    /// The port is not one of those for the web.
    #[error("port {0} is not allowed; use an allowed port, or except the network with this port")]
    Port(u16),
    /// The name belongs to the inside of a network.
    #[error("{0} is a name inside a network; use a public name, or except the network it leads to")]
    InternalName(String),
    /// The name has no address.
    #[error("{0} has no address; check the name and the DNS of the server")]
    Unresolvable(String),
    /// The name has more addresses than any honest service.
    #[error("{host} has more than {addresses_max} addresses; use a name with fewer")]
    TooManyAddresses {
        /// The name.
        host: String,
        /// The most addresses that a name may have.
        addresses_max: usize,
    },
    /// One of the addresses is not on the public internet.
    #[error(
        "{host} leads to {address}, which is {kind}; use a public address, or except its network"
    )]
    NotPublic {
        /// The name, or the address as it was written.
        host: String,
        /// The address that was found.
        address: IpAddr,
        /// What sort of address it is.
        kind: &'static str,
    },
    /// One of the addresses hands out the secrets of a machine in a cloud; no exception helps.
    #[error("{host} leads to {address}, a cloud's metadata service; it is never reachable")]
    Metadata {
        /// The name, or the address as it was written.
        host: String,
        /// The address that was found.
        address: IpAddr,
    },
    /// A redirect leads from HTTPS to HTTP.
    #[error("a redirect leads from https to http; give the https address itself")]
    Downgrade,
}

impl Refusal {
    /// Returns the stable name of the reason, for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Malformed(_) => "malformed",
            Refusal::TooLong { .. } => "too-long",
            Refusal::Disguised(_) => "disguised",
            Refusal::Scheme(_) => "scheme",
            Refusal::Credentials => "credentials",
            Refusal::Fragment => "fragment",
            Refusal::Port(_) => "port",
            Refusal::InternalName(_) => "internal-name",
            Refusal::Unresolvable(_) => "unresolvable",
            Refusal::TooManyAddresses { .. } => "too-many-addresses",
            Refusal::NotPublic { .. } => "not-public",
            Refusal::Metadata { .. } => "metadata",
            Refusal::Downgrade => "downgrade",
        }
    }
}

/// Says why no answer came. The messages are for administrators.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SendError {
    /// The address, or one that it redirected to, may not be used.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The whole exchange took too long.
    #[error("no complete answer within {after:?}; answer first and work afterwards")]
    Timeout {
        /// How long it was allowed to take.
        after: Duration,
    },
    /// No connection came about.
    #[error("no connection ({0}); check that the service runs and that its certificate is valid")]
    Unreachable(String),
    /// The answer is larger than allowed, counted after decompression.
    #[error("the answer has more than {bytes_max} bytes; make it smaller")]
    TooLarge {
        /// The most bytes that the answer may have.
        bytes_max: usize,
    },
    /// Redirects led on and on.
    #[error("more than {redirects_max} redirects; give the final address itself")]
    TooManyRedirects {
        /// The most redirects that are followed.
        redirects_max: usize,
    },
    /// What came could not be written down.
    #[error("the answer cannot be kept ({0}); make room, or choose another place")]
    NotKept(String),
    /// The other side does not speak HTTP properly.
    #[error("the answer is not proper HTTP ({0}); check the service")]
    Broken(String),
}

impl SendError {
    /// Returns the stable name of the reason, for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            SendError::Refused(refusal) => refusal.code(),
            SendError::Timeout { .. } => "timeout",
            SendError::Unreachable(_) => "unreachable",
            SendError::TooLarge { .. } => "too-large",
            SendError::TooManyRedirects { .. } => "too-many-redirects",
            SendError::NotKept(_) => "not-kept",
            SendError::Broken(_) => "broken",
        }
    }
}

/// Says why the client could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A configured certificate cannot be read.
    #[error("a configured root certificate cannot be read ({0}); give PEM with CERTIFICATE blocks")]
    Certificate(String),
    /// The TLS library refuses its configuration.
    #[error("TLS cannot be set up ({0})")]
    Tls(#[from] rustls::Error),
    /// The user agent is no header value.
    #[error("the user agent is not a valid header value; use plain ASCII")]
    UserAgent,
}
