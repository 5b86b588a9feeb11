//! Who may see the figures of `/metrics`.
//!
//! Figures tell how many people talk and when, so they are for the operator:
//! whoever has the token, or, where there is none, a program on the machine
//! itself. A proxy on that machine is no such program, and a stranger behind it
//! must not look like one.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use desk::hash;
use domain::Error;
use subtle::ConstantTimeEq as _;

use crate::app::App;
use crate::auth::bearer;
use crate::problem::Problem;

/// What proxies add to the requests that they pass on.
const MARKS: [HeaderName; 5] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-real-ip"),
];

/// Checks that the operator asks.
///
/// # Errors
///
/// A problem document that says what is missing.
pub(crate) fn admit_operator(parts: &Parts, app: &App) -> Result<(), Problem> {
    match app.options.metrics_token.as_deref() {
        Some(token) => {
            // Hashes are of one length, whatever was sent.
            let given = hash(bearer(&parts.headers).unwrap_or_default());
            let right = bool::from(given.ct_eq(&hash(token)));
            if right { Ok(()) } else { Err(Error::Unauthenticated.into()) }
        }
        None if is_from_here(parts) => Ok(()),
        None => Err(Problem::only_from_here()),
    }
}

fn is_from_here(parts: &Parts) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback())
        && names_this_machine(&parts.headers)
        && !MARKS.iter().any(|mark| parts.headers.contains_key(mark))
}

/// Whether a request was meant for this machine by a name that only the machine
/// itself uses. Many proxies add nothing and pass the name on that browsers know.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return false };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
