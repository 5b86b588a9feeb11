//! Addresses that may be asked for: parsed once, strictly, and used as parsed.
//!
//! A URL that two parsers read differently is the oldest way around a check. So the text must be
//! the plain form of what was understood; cleverness is refused even where it is harmless. Nothing
//! here looks up a name.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::error::Refusal;
use crate::policy::Policy;

const URL_BYTES_MAX: usize = 2048;
const NAME_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;

/// Endings that mean something only inside of a network. A name without any dot does, too.
const INTERNAL_ENDINGS: &[&str] = &[
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "home.arpa",
];

/// An address that a [`Client`](crate::Client) may be asked to reach.
///
/// That it was accepted once says nothing about its name's addresses tomorrow; they are checked
/// again at every use.
#[derive(Clone, Eq, PartialEq)]
pub struct Target {
    url: Url,
}

impl Target {
    /// Reads `text` under `policy`, and refuses whatever can be refused without a lookup.
    pub(crate) fn parse(policy: &Policy, text: &str) -> Result<Self, Refusal> {
        check_text(text)?;
        let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            Some("https") => {}
            Some("http") if policy.allow_http => {}
            Some(other) if is_scheme(other) => return Err(Refusal::Scheme(other.to_owned())),
            _ => return Err(Refusal::Malformed("it has no scheme".to_owned())),
        }
        let authority = authority(text)?;
        let url = Url::parse(text).map_err(|error| Refusal::Malformed(error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if url.fragment().is_some() {
            return Err(Refusal::Fragment);
        }
        check_host(&url, authority)?;

        let target = Target { url };
        if !policy.knows_port(target.port()) {
            return Err(Refusal::Port(target.port()));
        }
        if target.is_internal() && policy.allow_private.is_empty() {
            return Err(Refusal::InternalName(target.host().to_owned()));
        }
        if let Some(address) = target.address() {
            policy.check(target.host(), false, address, target.port())?;
        }
        Ok(target)
    }

    /// Reads the `Location` of an answer that came from here.
    pub(crate) fn follow(&self, policy: &Policy, location: &str) -> Result<Self, Refusal> {
        check_text(location)?;
        let mut next =
            self.url.join(location).map_err(|error| Refusal::Malformed(error.to_string()))?;
        // Unlike a person's input, redirects carry fragments for browsers all the time.
        next.set_fragment(None);
        if self.url.scheme() == "https" && next.scheme() == "http" {
            return Err(Refusal::Downgrade);
        }
        Target::parse(policy, next.as_str())
    }

    /// Returns the address in its plain form, to be stored and shown to its owner.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the name, or the address in the form of a URL.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Returns the port, written or implied.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the address, if it is written as one.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        match self.url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) | None => None,
        }
    }

    /// Whether the name means something only inside of a network.
    pub(crate) fn is_internal(&self) -> bool {
        let Some(Host::Domain(name)) = self.url.host() else { return false };
        !name.contains('.')
            || INTERNAL_ENDINGS.iter().any(|end| {
                name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            })
    }
}

/// Shows where it leads without what may be secret: paths and queries of webhooks carry tokens.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}/…", self.url.scheme(), self.host(), self.port())
    }
}

/// Refuses characters that parsers drop or turn into others.
fn check_text(text: &str) -> Result<(), Refusal> {
    if text.len() > URL_BYTES_MAX {
        return Err(Refusal::TooLong { bytes_max: URL_BYTES_MAX });
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Refusal::Disguised("contains a space or a control character"));
    }
    if text.contains('\\') {
        return Err(Refusal::Disguised("contains a backslash"));
    }
    Ok(())
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

/// Returns what stands between `//` and the path, and refuses forms that only some parsers mend.
fn authority(text: &str) -> Result<&str, Refusal> {
    let rest = text
        .split_once(':')
        .and_then(|(_, rest)| rest.strip_prefix("//"))
        .ok_or(Refusal::Disguised("lacks the // after its scheme"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(Refusal::Malformed("it names no host".to_owned()));
    }
    if authority.contains('@') {
        return Err(Refusal::Credentials);
    }
    if authority.contains('%') {
        return Err(Refusal::Disguised("has a percent sign in its host"));
    }
    Ok(authority)
}

/// Holds what was understood against what was written.
fn check_host(url: &Url, authority: &str) -> Result<(), Refusal> {
    let written = written_host(authority).to_lowercase();
    match url.host() {
        // Every way to write the same 128 bits is the same address, and the bits are checked.
        Some(Host::Ipv6(_)) => Ok(()),
        Some(Host::Ipv4(address)) if written == address.to_string() => Ok(()),
        Some(Host::Ipv4(_)) => {
            Err(Refusal::Disguised("hides an IPv4 address; write it as four decimal numbers"))
        }
        Some(Host::Domain(name)) => check_name(name, &written),
        None => Err(Refusal::Malformed("it names no host".to_owned())),
    }
}

fn check_name(name: &str, written: &str) -> Result<(), Refusal> {
    if name.ends_with('.') {
        return Err(Refusal::Disguised("ends its host with a dot"));
    }
    let proper = name.len() <= NAME_BYTES_MAX
        && name.split('.').all(|label| (1..=LABEL_BYTES_MAX).contains(&label.len()))
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if !proper {
        return Err(Refusal::Malformed("its host is not a name".to_owned()));
    }
    // A real international name becomes xn--…; look-alikes of ASCII letters just become them.
    let international = !written.is_ascii() && name.contains("xn--");
    if written != name && !international {
        return Err(Refusal::Disguised("writes its host with characters that stand for others"));
    }
    Ok(())
}

fn written_host(authority: &str) -> &str {
    if authority.starts_with('[') {
        return authority;
    }
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}
