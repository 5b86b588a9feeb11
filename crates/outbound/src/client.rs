//! The client itself: check, connect to what was checked, read within bounds.
//!
//! Webhooks use [`Client::post`], which follows no redirect; fetching what a stranger linked uses
//! [`Client::get`], which checks every hop anew. Retries, logs and signatures are the caller's.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use tokio::time::timeout;

use crate::body::{self, Excess};
use crate::error::{Refusal, SendError, SetupError};
use crate::pinned::Pinned;
use crate::policy::Policy;
use crate::resolve::Resolver;
use crate::target::Target;
use crate::tls;

/// The most bytes that are read of the answer to a webhook.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// The most addresses that a name may have; each one is checked.
const ADDRESSES_MAX: usize = 32;

/// Headers that belong to the client, not to its caller: they frame the message, choose its
/// encoding, or carry state that this client deliberately lacks.
const OWN_HEADERS: &[HeaderName] = &[
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::TE,
    header::TRAILER,
    header::UPGRADE,
    header::EXPECT,
    header::ACCEPT_ENCODING,
    header::RANGE,
    header::COOKIE,
    header::PROXY_AUTHORIZATION,
    header::USER_AGENT,
];

/// The only headers that still go along after a redirect: none of them can be a credential.
const HEADERS_PAST_A_REDIRECT: &[HeaderName] = &[header::ACCEPT, header::ACCEPT_LANGUAGE];

/// The one HTTP client for addresses that somebody else chose.
///
/// Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    policy: Policy,
    resolver: Arc<dyn Resolver>,
    pinned: Pinned,
}

/// What an answer to [`Client::get`] may cost at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes after decompression; the policy's own limit holds as well.
    pub body_bytes_max: usize,
    /// The most redirects to follow.
    pub redirects_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { body_bytes_max: usize::MAX, redirects_max: 3 }
    }
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
    /// Whether the body was cut at its limit.
    pub truncated: bool,
    /// Where the answer came from, after redirects.
    pub target: Target,
    /// How long the exchange took, lookup and redirects included.
    pub duration: Duration,
}

impl Response {
    /// Whether the status says that the request was accepted.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// One request of an exchange.
struct Request {
    method: reqwest::Method,
    headers: HeaderMap,
    body: Bytes,
}

impl Client {
    /// Builds a client that obeys `policy` and asks `resolver`. Reads the system's certificates.
    pub fn new(policy: Policy, resolver: Arc<dyn Resolver>) -> Result<Self, SetupError> {
        let user_agent =
            HeaderValue::from_str(&policy.user_agent).map_err(|_| SetupError::UserAgent)?;
        let tls = tls::client_config(&policy.extra_roots_pem)?;
        let pinned = Pinned::new(&policy, tls, user_agent);
        Ok(Client { inner: Arc::new(Inner { policy, resolver, pinned }) })
    }

    /// Reads an address that was checked when it was saved. Looks up nothing; whatever is sent to
    /// the target is checked again then.
    pub fn parse(&self, address: &str) -> Result<Target, Refusal> {
        Target::parse(&self.inner.policy, address)
    }

    /// Checks an address that somebody wants to save, its name's addresses included.
    pub async fn check(&self, address: &str) -> Result<Target, Refusal> {
        let target = self.parse(address)?;
        self.addresses(&target).await?;
        Ok(target)
    }

    /// Posts `body` and reads the beginning of the answer, at most 64 KiB. Follows no redirect: its
    /// status is the answer.
    pub async fn post(
        &self,
        target: &Target,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response, SendError> {
        let request =
            Request { method: reqwest::Method::POST, headers: own_headers_removed(headers), body };
        let exchange = async |started| {
            let answer = self.send(target, &request).await?;
            self.finish(target.clone(), answer, ANSWER_BYTES_MAX, Excess::Cut, started).await
        };
        self.within_total_time(exchange).await
    }

    /// Fetches what is at `target`, following redirects. Every hop is checked like a first address,
    /// and no credential goes along.
    pub async fn get(
        &self,
        target: &Target,
        headers: HeaderMap,
        limits: Limits,
    ) -> Result<Response, SendError> {
        let exchange = async |started| {
            let (target, answer) = self.follow(target.clone(), headers, limits).await?;
            self.finish(target, answer, limits.body_bytes_max, Excess::Fail, started).await
        };
        self.within_total_time(exchange).await
    }

    /// Fetches as [`Client::get`] does, and hands on what comes if the status says success; the answer's body is empty.
    pub async fn download(
        &self,
        target: &Target,
        limits: Limits,
        take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<Response, SendError> {
        let policy = &self.inner.policy;
        let exchange = async |started| {
            let (target, answer) = self.follow(target.clone(), HeaderMap::new(), limits).await?;
            if !answer.status().is_success() {
                return self.finish(target, answer, 0, Excess::Cut, started).await;
            }
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let bytes_max = limits.body_bytes_max.min(policy.body_bytes_max);
            let rate = policy.body_bytes_per_second_max;
            body::pour(answer, bytes_max, rate, Excess::Fail, take).await?;
            let (body, truncated, duration) = (Bytes::new(), false, started.elapsed());
            Ok(Response { status, headers, body, truncated, target, duration })
        };
        self.within_total_time(exchange).await
    }

    async fn within_total_time(
        &self,
        exchange: impl AsyncFnOnce(Instant) -> Result<Response, SendError>,
    ) -> Result<Response, SendError> {
        let after = self.inner.policy.total_timeout;
        timeout(after, exchange(Instant::now())).await.unwrap_or(Err(SendError::Timeout { after }))
    }

    /// Follows redirects to the answer that is none, and tells where it came from.
    async fn follow(
        &self,
        first: Target,
        headers: HeaderMap,
        limits: Limits,
    ) -> Result<(Target, reqwest::Response), SendError> {
        let mut target = first;
        let headers = own_headers_removed(headers);
        let mut request = Request { method: reqwest::Method::GET, headers, body: Bytes::new() };
        for _ in 0..=limits.redirects_max {
            let answer = self.send(&target, &request).await?;
            match redirect_of(&target, &self.inner.policy, &answer)? {
                Some(next) => {
                    target = next;
                    request.headers = only_past_a_redirect(&request.headers);
                }
                None => return Ok((target, answer)),
            }
        }
        Err(SendError::TooManyRedirects { redirects_max: limits.redirects_max })
    }

    /// Looks up, checks, connects to what was checked, and waits for the head of the answer.
    async fn send(
        &self,
        target: &Target,
        request: &Request,
    ) -> Result<reqwest::Response, SendError> {
        let addresses = self.addresses(target).await?;
        let client = self.inner.pinned.client(target, &addresses).map_err(body::broken)?;
        let sent = client
            .request(request.method.clone(), target.url().clone())
            .headers(request.headers.clone())
            .body(request.body.clone())
            .send();
        sent.await.map_err(|error| send_error(&error))
    }

    async fn finish(
        &self,
        target: Target,
        answer: reqwest::Response,
        bytes_max: usize,
        excess: Excess,
        started: Instant,
    ) -> Result<Response, SendError> {
        let policy = &self.inner.policy;
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let bytes_max = bytes_max.min(policy.body_bytes_max);
        let read = body::read(answer, bytes_max, policy.body_bytes_per_second_max, excess).await?;
        Ok(Response {
            status,
            headers,
            body: read.bytes,
            truncated: read.truncated,
            target,
            duration: started.elapsed(),
        })
    }

    /// Returns where `target` leads: all of it checked, or nothing.
    async fn addresses(&self, target: &Target) -> Result<Vec<SocketAddr>, Refusal> {
        let found = match target.address() {
            Some(address) => vec![address],
            None => self.look_up(target.host()).await?,
        };
        for address in &found {
            self.inner.policy.check(
                target.host(),
                target.is_internal(),
                *address,
                target.port(),
            )?;
        }
        Ok(found.into_iter().map(|address| SocketAddr::new(address, target.port())).collect())
    }

    async fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, Refusal> {
        let unresolvable = || Refusal::Unresolvable(host.to_owned());
        let lookup = timeout(self.inner.policy.connect_timeout, self.inner.resolver.resolve(host));
        let found = lookup.await.map_err(|_| unresolvable())?.map_err(|_| unresolvable())?;
        if found.is_empty() {
            return Err(unresolvable());
        }
        if found.len() > ADDRESSES_MAX {
            let host = host.to_owned();
            return Err(Refusal::TooManyAddresses { host, addresses_max: ADDRESSES_MAX });
        }
        Ok(found)
    }
}

/// Names what went wrong without the URL, which may hold secrets.
fn send_error(error: &reqwest::Error) -> SendError {
    let cause = body::innermost(error);
    if error.is_connect() { SendError::Unreachable(cause) } else { SendError::Broken(cause) }
}

/// Returns where `answer` sends us, if it does.
fn redirect_of(
    target: &Target,
    policy: &Policy,
    answer: &reqwest::Response,
) -> Result<Option<Target>, SendError> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = answer.headers().get(header::LOCATION) else { return Ok(None) };
    let location = std::str::from_utf8(location.as_bytes())
        .map_err(|_| SendError::Broken("a location that is not text".to_owned()))?;
    Ok(Some(target.follow(policy, location)?))
}

fn own_headers_removed(mut headers: HeaderMap) -> HeaderMap {
    for name in OWN_HEADERS {
        headers.remove(name);
    }
    headers
}

fn only_past_a_redirect(headers: &HeaderMap) -> HeaderMap {
    HEADERS_PAST_A_REDIRECT
        .iter()
        .filter_map(|name| Some((name.clone(), headers.get(name)?.clone())))
        .collect()
}
