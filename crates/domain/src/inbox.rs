//! Inboxes: configured entry points.

use jiff::Timestamp;

use crate::{BusinessHours, Error, Id, Language, Result, Secrets};

/// A configured entry point of the web channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Inbox {
    /// Identifies the inbox.
    pub id: Id<Inbox>,
    /// What agents call it.
    pub name: String,
    /// What stands in the company's page; public.
    pub key: String,
    /// Signs the identities of the company's users; never shown again.
    pub identity_secret: String,
    /// Checks the identities that the company signs with a key of its own, in
    /// PEM; empty if it has none.
    pub identity_public_key: String,
    /// Whether visitors without a signed identity are turned away.
    pub enforce_identity: bool,
    /// What signs the messages that the company's own server passes on; nothing if
    /// it passes none on.
    pub incoming: Option<Secrets>,
    /// Origins of the pages that may embed the widget; none at all if empty.
    pub allowed_origins: Vec<String>,
    /// Said before the contact says anything; the bot's own if empty.
    pub greeting: String,
    /// The language until the contact's is known.
    pub language: Language,
    /// Whether the bot answers first.
    pub bot: bool,
    /// When people are there.
    pub hours: BusinessHours,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Inbox {
    /// Whether a page of `origin` may embed the widget.
    ///
    /// Patterns are `https://host[:port]`, compared whole, or with `*.` before
    /// the host for any depth of subdomains (not the host itself).
    pub fn allows(&self, origin: &str) -> bool {
        let Some(origin) = Origin::parse(origin) else { return false };
        self.allowed_origins.iter().filter_map(|pattern| Origin::parse(pattern)).any(|pattern| {
            pattern.scheme == origin.scheme
                && pattern.port == origin.port
                && match pattern.host.strip_prefix("*.") {
                    Some(parent) => origin
                        .host
                        .strip_suffix(parent)
                        .is_some_and(|sub| sub.len() > 1 && sub.ends_with('.')),
                    None => pattern.host == origin.host,
                }
        })
    }

    /// Lets somebody in, whom a company has vouched for or not.
    ///
    /// # Errors
    ///
    /// [`Error::Unauthenticated`] if the inbox answers only those who are vouched
    /// for, and this is somebody else.
    pub fn admits(&self, verified: bool) -> Result<()> {
        if self.enforce_identity && !verified { Err(Error::Unauthenticated) } else { Ok(()) }
    }

    /// Checks and normalises the patterns of [`Inbox::allowed_origins`].
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for each one that is not an origin.
    pub fn check_origins(patterns: &[String]) -> Result<Vec<String>> {
        let mut checked = Vec::with_capacity(patterns.len());
        let mut errors = Vec::new();
        for (i, pattern) in patterns.iter().enumerate() {
            match Origin::parse(pattern) {
                Some(_) => checked.push(pattern.to_ascii_lowercase()),
                None => errors.push(crate::FieldError {
                    pointer: format!("/allowed_origins/{i}"),
                    detail: format!("`{pattern}` is not an origin such as https://www.example.com"),
                }),
            }
        }
        if errors.is_empty() { Ok(checked) } else { Err(Error::Invalid(errors)) }
    }
}

/// The three parts of an origin that browsers compare.
struct Origin<'a> {
    scheme: &'a str,
    host: String,
    port: u16,
}

impl<'a> Origin<'a> {
    /// Reads `scheme://host[:port]` and nothing more: no user, path, dot at the
    /// end or character outside ASCII (browsers send punycode).
    fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let standard_port = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, read_port(port)?),
            _ => (rest, standard_port),
        };
        let plain =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '*' | '[' | ']' | ':');
        if host.is_empty() || host.ends_with('.') || !host.chars().all(plain) {
            return None;
        }
        let is_address = host.starts_with('[') && host.ends_with(']');
        if host.contains(['[', ']', ':']) && !is_address {
            return None;
        }
        let stars_elsewhere = host.strip_prefix("*.").unwrap_or(host).contains('*');
        (!stars_elsewhere).then(|| Origin { scheme, host: host.to_ascii_lowercase(), port })
    }
}

/// Reads a port as browsers write it: digits, no sign, no zero in front.
fn read_port(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(pattern: &str, origin: &str) -> bool {
        inbox(&[pattern]).allows(origin)
    }

    fn inbox(patterns: &[&str]) -> Inbox {
        Inbox {
            id: Id::new(1),
            name: String::new(),
            key: String::new(),
            identity_secret: String::new(),
            identity_public_key: String::new(),
            enforce_identity: false,
            incoming: None,
            allowed_origins: patterns.iter().map(|&pattern| pattern.to_owned()).collect(),
            greeting: String::new(),
            language: Language::Zh,
            bot: true,
            hours: BusinessHours::default(),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_inbox_that_names_no_origin_allows_none() {
        for origin in ["https://a.example", "http://localhost:8080", "null", ""] {
            assert!(!inbox(&[]).allows(origin), "{origin}");
        }
    }

    #[test]
    fn one_of_several_patterns_suffices() {
        let inbox = inbox(&["https://a.example", "https://*.b.example"]);

        assert!(inbox.allows("https://a.example") && inbox.allows("https://x.b.example"));
        assert!(!inbox.allows("https://x.a.example") && !inbox.allows("https://b.example"));
    }

    #[test]
    fn the_same_origin_however_written_is_allowed() {
        for (pattern, origin) in [
            ("https://a.example", "https://a.example"),
            ("https://a.example", "https://a.example:443"),
            ("https://a.example:443", "https://a.example"),
            ("https://A.example", "https://a.EXAMPLE"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("https://*.a.example", "https://b.a.example"),
            ("https://*.a.example", "https://c.b.a.example"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ] {
            assert!(allows(pattern, origin), "{pattern} should allow {origin}");
        }
    }

    #[test]
    fn every_other_origin_is_refused() {
        for (pattern, origin) in [
            ("https://a.example", "https://a.example.evil.example"),
            ("https://a.example", "https://evil-a.example"),
            ("https://a.example", "https://evila.example"),
            ("https://*.a.example", "https://a.example"),
            ("https://*.a.example", "https://.a.example"),
            ("https://*.a.example", "https://eviла.a.example"),
            ("https://*.a.example", "https://xa.example"),
            ("https://*.a.example", "https://b.a.example.evil"),
            ("https://a.example", "http://a.example"),
            ("https://a.example", "https://a.example:8443"),
            ("https://a.example:8443", "https://a.example"),
            ("https://a.example", "https://a.example."),
            ("https://a.example", "https://user@a.example"),
            ("https://a.example", "https://a.example@evil.example"),
            ("https://a.example", "https://a.example/"),
            ("https://a.example", "https://a.example/path"),
            ("https://a.example", "https://a.example?x"),
            ("https://a.example", "https://a.example#x"),
            ("https://a.example", "https://a.example\\@evil"),
            ("https://a.example", "https://a\t.example"),
            ("https://a.example", "null"),
            ("https://a.example", ""),
            ("https://a.example", "file://a.example"),
            ("https://a.example", "javascript://a.example"),
            ("https://a.example", "https://"),
            ("https://a.example", "https://а.example"),
            ("https://bücher.example", "https://bücher.example"),
            ("*", "https://a.example"),
            ("https://*", "https://a.example"),
            ("https://a.*", "https://a.example"),
            ("https://a.example", "https://a.example:99999"),
            ("https://a.example", "https://a.example:"),
            ("https://a.example", "https://a.example:+443"),
            ("https://a.example", "https://a.example:0443"),
            ("https://a.example:0", "https://a.example:0"),
            ("https://1.2.3.4", "https://1.2.3.40"),
            ("http://[::1]", "http://[::1"),
            ("http://[::1]", "http://::1"),
        ] {
            assert!(!allows(pattern, origin), "{pattern} should refuse {origin}");
        }
    }

    #[test]
    fn every_wrong_pattern_is_reported_with_its_place() {
        let patterns = ["https://a.example".to_owned(), "a.example".to_owned(), "*".to_owned()];

        let Err(Error::Invalid(fields)) = Inbox::check_origins(&patterns) else {
            panic!("accepted");
        };

        let pointers: Vec<_> = fields.iter().map(|field| field.pointer.as_str()).collect();
        assert_eq!(pointers, ["/allowed_origins/1", "/allowed_origins/2"]);
    }
}
