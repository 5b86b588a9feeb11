//! Rate limits: how often one address or one program may ask.
//!
//! What is counted here holds for all processes on one database, except for
//! connections, which each process has for itself. The lock-out of an e-mail
//! address is the desk's; see `Desk::sign_in`.

use std::net::{IpAddr, Ipv6Addr};

use desk::{Counted, Desk, Limit};
use domain::{ApiToken, Id, Quota, Result, Session};
use jiff::SignedDuration;

/// How often one may ask. Every number is at least one.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Attempts to sign in from one address, in fifteen minutes.
    pub logins_per_quarter_hour: u32,
    /// Requests with one personal token, in a minute.
    pub token_requests_per_minute: u32,
    /// Requests of one signed-in browser, in a minute.
    pub session_requests_per_minute: u32,
    /// New visitors from one address, in a minute. Whoever comes with a token of
    /// an earlier visit, or is vouched for, is none. Addresses of the machine
    /// itself are exempt: who comes from there is behind a proxy that does not
    /// say who it is, or a program of the machine's owner.
    pub visits_per_minute: u32,
    /// The same, in an hour.
    pub visits_per_hour: u32,
    /// Connections and greetings of visitors from one address, in a minute, new
    /// or not; the machine's own are exempt. Each process counts for itself.
    pub connections_per_minute: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Rates {
            logins_per_quarter_hour: 30,
            token_requests_per_minute: 600,
            session_requests_per_minute: 1_200,
            visits_per_minute: 10,
            visits_per_hour: 60,
            connections_per_minute: 60,
        }
    }
}

/// The limits that requests are held to.
pub struct Limits {
    logins: Limit<IpAddr>,
    tokens: Limit<Id<ApiToken>>,
    sessions: Limit<Id<Session>>,
    visits: Limit<IpAddr, 2>,
    connections: Counted<IpAddr>,
    desk: Desk,
}

impl Limits {
    pub(crate) fn new(rates: Rates, desk: &Desk) -> Self {
        const MINUTE: SignedDuration = SignedDuration::from_mins(1);
        const HOUR: SignedDuration = SignedDuration::from_hours(1);
        let logins = Quota::new(rates.logins_per_quarter_hour, MINUTE * 15);
        let per_minute = |times| Quota::new(times, MINUTE);
        let visits = [per_minute(rates.visits_per_minute), Quota::new(rates.visits_per_hour, HOUR)];
        Limits {
            logins: desk.limit("logins of an address", [logins]),
            tokens: desk
                .limit("requests of a token", [per_minute(rates.token_requests_per_minute)]),
            sessions: desk
                .limit("requests of a session", [per_minute(rates.session_requests_per_minute)]),
            visits: desk.limit("visits of an address", visits),
            connections: Counted::new([per_minute(rates.connections_per_minute)]),
            desk: desk.clone(),
        }
    }

    /// Counts an attempt to sign in.
    pub(crate) async fn login(&self, from: IpAddr) -> Result<()> {
        self.logins.take(&network(from)).await
    }

    /// Counts a request with a personal token.
    pub(crate) async fn token(&self, id: Id<ApiToken>) -> Result<()> {
        self.tokens.take(&id).await
    }

    /// Counts a request of a signed-in browser.
    pub(crate) async fn session(&self, id: Id<Session>) -> Result<()> {
        self.sessions.take(&id).await
    }

    /// Counts a new visitor.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Busy`] if there were too many from that address.
    pub async fn visit(&self, from: IpAddr) -> Result<()> {
        if is_own(from) { Ok(()) } else { self.visits.take(&network(from)).await }
    }

    /// Counts a connection or a greeting of any visitor.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Busy`] if there were too many from that address.
    pub fn connection(&self, from: IpAddr) -> Result<()> {
        if is_own(from) {
            return Ok(());
        }
        self.connections.take(&network(from), self.desk.now())
    }
}

/// Whether an address is the machine's own.
fn is_own(from: IpAddr) -> bool {
    from.to_canonical().is_loopback()
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
