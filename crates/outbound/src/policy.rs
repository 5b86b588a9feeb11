//! What the client may do: the rules of one installation, and the check of one address.
//!
//! The default is the strictest. An administrator opens single networks or ports of the company's
//! own by exception; a cloud's metadata service stays closed whatever the exceptions say.

use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;

use crate::error::Refusal;
use crate::network;

/// The rules that hold for every request of a [`Client`](crate::Client).
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whether plain HTTP may be spoken.
    pub allow_http: bool,
    /// The ports that may be reached on public addresses.
    pub allowed_ports: Vec<u16>,
    /// The networks of the company's own that may be reached although they are not public.
    pub allow_private: Vec<PrivateException>,
    /// Networks that may not be reached although they look public, such as a cluster's own ranges.
    pub also_deny: Vec<IpNet>,
    /// Certificates in PEM that are trusted beside those of the system; empty for none.
    pub extra_roots_pem: Vec<u8>,
    /// What the client calls itself.
    pub user_agent: String,
    /// How long a lookup, and then a connection with its TLS handshake, may take.
    pub connect_timeout: Duration,
    /// How long the whole exchange may take, redirects included.
    pub total_timeout: Duration,
    /// The most bytes that an answer may have after decompression.
    pub body_bytes_max: usize,
    /// How fast an answer is read at most, after decompression.
    pub body_bytes_per_second_max: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            allow_http: false,
            allowed_ports: vec![443, 80, 8443],
            allow_private: Vec::new(),
            also_deny: Vec::new(),
            extra_roots_pem: Vec::new(),
            user_agent: concat!("Attune/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(10),
            body_bytes_max: 10 * 1024 * 1024,
            body_bytes_per_second_max: 2 * 1024 * 1024,
        }
    }
}

impl Policy {
    /// Whether `port` could be reached at any address at all.
    pub(crate) fn knows_port(&self, port: u16) -> bool {
        self.allowed_ports.contains(&port)
            || self.allow_private.iter().any(|exception| exception.port == Some(port))
    }

    /// Checks one address that `host` leads to. A name that belongs to the inside of a network
    /// (`internal`) may lead to excepted addresses only, never to public ones.
    pub(crate) fn check(
        &self,
        host: &str,
        internal: bool,
        address: IpAddr,
        port: u16,
    ) -> Result<(), Refusal> {
        if network::is_metadata(address) {
            return Err(Refusal::Metadata { host: host.to_owned(), address });
        }
        if let Some(kind) = self.closed(address, port) {
            return Err(Refusal::NotPublic { host: host.to_owned(), address, kind });
        }
        let excepted = self.excepts(address, port);
        if internal && !excepted {
            return Err(Refusal::InternalName(host.to_owned()));
        }
        if !excepted && !self.allowed_ports.contains(&port) {
            return Err(Refusal::Port(port));
        }
        Ok(())
    }

    /// Says why `address` is closed, unless it is public or excepted. An exception for a form that
    /// carries an IPv4 address does not open what is closed in IPv4.
    fn closed(&self, address: IpAddr, port: u16) -> Option<&'static str> {
        let own = if self.also_deny.iter().any(|network| network::holds(network, address)) {
            Some("in a network that the configuration denies")
        } else if self.excepts(address, port) {
            None
        } else {
            network::not_public(address)
        };
        own.or_else(|| {
            let inner = network::embedded_ipv4(address)?;
            self.closed(IpAddr::V4(inner), port)
        })
    }

    fn excepts(&self, address: IpAddr, port: u16) -> bool {
        self.allow_private.iter().any(|exception| {
            network::holds(&exception.network, address)
                && match exception.port {
                    Some(only) => only == port,
                    None => self.allowed_ports.contains(&port),
                }
        })
    }
}

/// A network of the company's own that may be reached, on one port or on the allowed ones.
///
/// Written `10.1.0.0/16`, `10.1.2.3`, `10.1.2.3:8080`, `10.1.0.0/16:8080`, `fd00:1::/32`,
/// `[fd00:1::2]:8080` or `[fd00:1::/32]:8080`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PrivateException {
    /// The network, or a single address as a network of its own.
    pub network: IpNet,
    /// The only port that the exception opens; none for the allowed ports.
    pub port: Option<u16>,
}

/// Says that the text of an exception cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "{0:?} is not a network; write 10.1.0.0/16, 10.1.2.3:8080, fd00:1::/32 or [fd00:1::2]:8080"
)]
pub struct ExceptionError(String);

impl FromStr for PrivateException {
    type Err = ExceptionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || ExceptionError(text.to_owned());
        let (network, port) = split_port(text).ok_or_else(unreadable)?;
        let network = network
            .parse::<IpNet>()
            .or_else(|_| network.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| unreadable())?;
        // A network of everything is not an exception but the absence of a rule.
        if network.prefix_len() == 0 {
            return Err(unreadable());
        }
        Ok(PrivateException { network: network.trunc(), port })
    }
}

/// Splits `10.1.2.3:80` or `[fd00::1]:80`; a bare IPv6 network has colons but no port.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (network, after) = rest.split_once(']')?;
        if after.is_empty() {
            return Some((network, None));
        }
        return Some((network, Some(after.strip_prefix(':')?.parse().ok()?)));
    }
    match text.split_once(':') {
        Some((network, port)) if !port.contains(':') => Some((network, Some(port.parse().ok()?))),
        _ => Some((text, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(exceptions: &[&str]) -> Policy {
        let allow_private = exceptions.iter().map(|text| text.parse().unwrap()).collect();
        Policy { allow_private, ..Policy::default() }
    }

    fn allows(policy: &Policy, address: &str, port: u16) -> bool {
        policy.check("host.example", false, address.parse().unwrap(), port).is_ok()
    }

    #[test]
    fn an_exception_is_read_in_every_form() {
        for (text, network, port) in [
            ("10.1.0.0/16", "10.1.0.0/16", None),
            ("10.1.2.3", "10.1.2.3/32", None),
            ("10.1.2.3:8080", "10.1.2.3/32", Some(8080)),
            ("10.1.9.9/16:8080", "10.1.0.0/16", Some(8080)),
            ("fd00:1::/32", "fd00:1::/32", None),
            ("[fd00:1::2]:8080", "fd00:1::2/128", Some(8080)),
            ("[fd00:1::/32]:8080", "fd00:1::/32", Some(8080)),
        ] {
            let expected = PrivateException { network: network.parse().unwrap(), port };

            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        for text in [
            "",
            "crm.corp",
            "10.1.2.3:",
            "10.1.2.3:99999",
            "0.0.0.0/0",
            "::/0",
            "[fd00::1",
            "[fd00::1]8",
        ] {
            assert!(text.parse::<PrivateException>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_exception_opens_its_network_and_port_and_nothing_else() {
        let policy = with(&["10.1.0.0/16", "10.9.9.9:9000"]);

        assert!(allows(&policy, "10.1.2.3", 443));
        assert!(!allows(&policy, "10.1.2.3", 5432));
        assert!(!allows(&policy, "10.2.2.3", 443));
        assert!(allows(&policy, "10.9.9.9", 9000));
        assert!(!allows(&policy, "10.9.9.9", 443));
        assert!(!allows(&policy, "8.8.8.8", 9000));
    }

    #[test]
    fn no_exception_opens_a_metadata_service() {
        let policy = with(&["169.254.0.0/16", "100.64.0.0/10", "fd00::/8", "64:ff9b::/96"]);

        assert!(allows(&policy, "169.254.1.1", 443));
        for metadata in
            ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "64:ff9b::a9fe:a9fe"]
        {
            assert!(!allows(&policy, metadata, 443), "{metadata}");
        }
    }

    #[test]
    fn an_exception_for_nat64_opens_public_ipv4_only() {
        let policy = with(&["64:ff9b::/96"]);

        assert!(allows(&policy, "64:ff9b::808:808", 443));
        assert!(!allows(&policy, "64:ff9b::7f00:1", 443));
        assert!(!allows(&policy, "64:ff9b::a00:1", 443));
    }

    #[test]
    fn a_denied_network_is_closed_even_where_it_looks_public_or_is_excepted() {
        let mut policy = with(&["10.0.0.0/8"]);
        policy.also_deny = vec!["20.20.0.0/16".parse().unwrap(), "10.96.0.0/12".parse().unwrap()];

        assert!(!allows(&policy, "20.20.1.1", 443));
        assert!(!allows(&policy, "10.96.0.1", 443));
        assert!(allows(&policy, "10.1.0.1", 443));
    }
}
