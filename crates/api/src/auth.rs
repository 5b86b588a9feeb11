//! Who asks: agents by cookie or token, visitors by theirs.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Once;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::CookieJar;
use desk::{Actor, Guest, SignIn, WhoAsks, inbox_of_token};
use domain::{Error, Permission};

use crate::app::App;
use crate::problem::Problem;

/// The cookie that holds the secret of a session.
pub(crate) const COOKIE: &str = "attune_session";
/// The header that proves that our own page sends a request: another origin
/// cannot send it without being asked first, and is then refused.
pub(crate) const OWN_PAGE_HEADER: &str = "x-attune";
/// How long a browser keeps the cookie, in seconds; the server ends it earlier if
/// it is not used.
const COOKIE_AGE_S: u32 = 7 * 24 * 60 * 60;

/// The agent for whom a request is carried out. The permission table has seen
/// to it that there is one, and that the agent may ask for this.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub Actor);

/// The visitor for whom a request is carried out.
#[derive(Clone, Debug)]
pub(crate) struct Visiting(pub Guest);

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| Error::Unauthenticated.into())
    }
}

impl<S: Sync> FromRequestParts<S> for Visiting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Visiting>().cloned().ok_or_else(|| Error::Unauthenticated.into())
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Origin(address(parts, app)))
    }
}

/// The address that a request comes from, as far as it can be trusted.
pub(crate) fn address(parts: &Parts, app: &App) -> IpAddr {
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
    let forwarded =
        forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    if forwarded.is_some() && !app.options.trusts_proxy && is_near(peer) {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            tracing::warn!(
                "a proxy seems to pass requests on, and all its clients share its limits; set server.trusts_proxy if it is yours"
            );
        });
    }
    forwarded.filter(|_| app.options.trusts_proxy).unwrap_or(peer)
}

/// Whether an address is of a private network, as that of a proxy of ours is.
fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_loopback(),
    }
}

/// Finds out which agent asks, and whether the agent may.
pub(crate) async fn admit(
    parts: &Parts,
    app: &App,
    permission: Permission,
) -> Result<Actor, Problem> {
    let actor = match bearer(&parts.headers) {
        Some(token) => app.desk.authenticate_token(token).await?,
        None => match cookie(&parts.headers) {
            Some(secret) => app.desk.authenticate(&secret).await?,
            None => None,
        },
    };
    let actor = actor.ok_or(Error::Unauthenticated)?;
    match actor.sign_in {
        SignIn::Session(id) => {
            if !parts.method.is_safe() && !parts.headers.contains_key(OWN_PAGE_HEADER) {
                return Err(Problem::forged());
            }
            app.limits.session(id).await?;
        }
        SignIn::Token(id) => app.limits.token(id).await?,
    }
    actor.needs(permission)?;
    Ok(actor)
}

/// Finds out which visitor asks, and whether the page that asks may.
pub(crate) async fn admit_visitor(parts: &Parts, app: &App) -> Result<Guest, Problem> {
    let token = bearer(&parts.headers).ok_or(Error::Unauthenticated)?;
    let inbox = inbox_of_token(token).ok_or(Error::Unauthenticated)?;
    let who =
        WhoAsks { inbox: inbox.to_owned(), token: Some(token.to_owned()), ..WhoAsks::default() };
    let (guest, greeting) = match app.desk.welcome(who).await {
        Ok(let_in) => let_in,
        Err(Error::NotFound(_)) => return Err(Error::Unauthenticated.into()),
        Err(error) => return Err(error.into()),
    };
    // A token that is not genuine would be answered by a new one.
    if greeting.token != token {
        return Err(Error::Unauthenticated.into());
    }
    check_origin(&parts.headers, app, &guest.inbox)?;
    Ok(guest)
}

/// Refuses a page of an origin that the inbox does not allow. A request without
/// an `Origin` is no page's, and one of our own pages needs no leave.
///
/// # Errors
///
/// A problem document for a foreign origin.
pub(crate) fn check_origin(
    headers: &HeaderMap,
    app: &App,
    inbox: &domain::Inbox,
) -> Result<(), Problem> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let same = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
    if same || app.options.own_origins.iter().any(|own| own == origin) || inbox.allows(origin) {
        return Ok(());
    }
    Err(Problem::foreign_origin())
}

/// The token of the `Authorization` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The secret of the session cookie.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(COOKIE).map(|cookie| cookie.value().to_owned())
}

/// Writes the cookie of a new session.
pub(crate) fn session_cookie(secret: &str, https: bool) -> String {
    write_cookie(secret, COOKIE_AGE_S, https)
}

/// Writes the cookie that removes the session's.
pub(crate) fn no_cookie(https: bool) -> String {
    write_cookie("", 0, https)
}

/// Our values are letters, digits and `_`, which need no quoting.
fn write_cookie(value: &str, age_s: u32, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{secure}")
}
