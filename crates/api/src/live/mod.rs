//! Live connections: one WebSocket for visitors, one for agents.
//!
//! A connection holds little: a few bytes of state, no queue of its own. What it
//! has to say is read from the log or arrives as a hint that may be lost; the
//! place of the last thing said shows what is missing. So nothing is said twice,
//! nothing is left out, and a peer that does not read costs a time-out.

mod agent;
mod connection;
mod frame;
mod visitor;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::routing::get;
use desk::Desk;
use tokio_util::sync::CancellationToken;

use crate::App;

/// How large a frame may be, in bytes.
const FRAME_BYTES_MAX: usize = 64 * 1024;
/// The buffer that each connection reads into, in bytes. The library's own is
/// 128 KiB, which is most of what an idle connection would cost.
const READ_BUFFER_BYTES: usize = 1024;
/// How much is gathered before it is written, in bytes.
const WRITE_BUFFER_BYTES: usize = 4 * 1024;
/// How much may wait for a peer that does not read, in bytes.
const WRITE_BUFFER_BYTES_MAX: usize = 512 * 1024;

/// What the live connections share.
#[derive(Clone)]
pub(crate) struct Live {
    app: App,
    desk: Desk,
    /// Says when the process stops.
    shutdown: CancellationToken,
    /// How many connections may be open at once.
    connections_max: usize,
    /// How many are open.
    connections: Arc<AtomicUsize>,
}

/// The routes of the sockets.
pub(crate) fn router(app: App, shutdown: CancellationToken, connections_max: usize) -> Router {
    let desk = app.desk.clone();
    let live = Live { app, desk, shutdown, connections_max, connections: Arc::default() };
    Router::new()
        .route("/api/v1/visitor/live", get(visitor::upgrade))
        .route("/api/v1/live", get(agent::upgrade))
        .with_state(live)
}

/// Counts a connection while it is open.
struct Open(Arc<AtomicUsize>);

impl Open {
    /// Opens one more, unless there are too many.
    fn one_more(live: &Live) -> Option<Self> {
        let before = live.connections.fetch_add(1, Ordering::Relaxed);
        metrics::gauge!("attune_connections_open").set(before as f64 + 1.0);
        let open = Open(live.connections.clone());
        (before < live.connections_max).then_some(open)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let before = self.0.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("attune_connections_open").set(before as f64 - 1.0);
    }
}

/// Sets the bounds of a connection.
fn bounded(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
        .max_message_size(FRAME_BYTES_MAX)
        .max_frame_size(FRAME_BYTES_MAX)
}

/// The page that a browser opens a connection from; `None` for other programs.
fn origin(headers: &HeaderMap) -> Option<String> {
    Some(headers.get(ORIGIN)?.to_str().unwrap_or("null").to_ascii_lowercase())
}

/// Whether a page is one of ours: of the host that it connects to, or of one of
/// the origins that the administrator named.
fn is_our_page(live: &Live, headers: &HeaderMap, origin: &str) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let page = origin.split_once("://").map_or("", |(_, host)| host);
    (!host.is_empty() && page.eq_ignore_ascii_case(host))
        || live.app.options.own_origins.iter().any(|ours| ours.eq_ignore_ascii_case(origin))
}
