//! Accepting connections: bounded in number, and ended in order.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::connection::Connection;
use crate::failure::{Failure, Result};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 4_096;
/// How long a client may take to send the head of a request.
const HEAD_TIME_MAX: Duration = Duration::from_secs(15);
/// How large the head of a request may be.
const HEAD_BYTES_MAX: usize = 64 * 1_024;
/// How many connections may be open beside the live ones, so that requests pass
/// and a live connection too many is told so.
const BRIEF_MAX: usize = 256;
/// Files that are open beside connections: database, log, attachments.
const OTHER_FILES: usize = 256;

/// Takes the port, or says who should let go of it.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    let listening = socket.bind(address).and_then(|()| socket.listen(BACKLOG));
    listening.map_err(|error| {
        Failure::start(match error.kind() {
            ErrorKind::AddrInUse => format!(
                "the address {address} is in use; stop what listens there, or choose another one with --listen or server.listen"
            ),
            ErrorKind::PermissionDenied => format!(
                "this user may not listen on {address}; choose a port above 1023 with --listen or server.listen"
            ),
            _ => format!(
                "cannot listen on {address}: {error}; choose another address with --listen or server.listen"
            ),
        })
    })
}

/// Checks that a port is free, for `attune doctor`.
pub(crate) async fn check_port(address: SocketAddr) -> Result {
    bind(address).map(drop)
}

/// Asks the system for as many open files as `wanted` live connections need, and
/// returns how many there may be.
///
/// # Errors
/// Where the system allows so few files that nothing could be served.
pub(crate) fn make_room(wanted: usize) -> Result<usize> {
    let files = (wanted + BRIEF_MAX + OTHER_FILES) as u64;
    room(raise_file_limit(files).unwrap_or(files), wanted)
}

/// How many files the process may open at once, `wanted` at best.
fn raise_file_limit(wanted: u64) -> std::io::Result<u64> {
    // Only an administrator may go above the hard limit; it is worth a try.
    let hard = rlimit::Resource::NOFILE.get_hard()?;
    if hard < wanted && rlimit::Resource::NOFILE.set(wanted, wanted).is_ok() {
        return Ok(wanted);
    }
    rlimit::increase_nofile_limit(wanted)
}

/// How many of `wanted` live connections so many open files have room for.
fn room(files: u64, wanted: usize) -> Result<usize> {
    let beside = (BRIEF_MAX + OTHER_FILES) as u64;
    match files.saturating_sub(beside) {
        0 => Err(Failure::start(format!(
            "the system allows {files} open files, and {beside} are needed besides live connections; raise `ulimit -n`"
        ))),
        room => Ok(wanted.min(usize::try_from(room).unwrap_or(usize::MAX))),
    }
}

/// Serves at most `live_max` live connections, and requests beside them, until
/// `shutdown`, then waits for them to end.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    live_max: usize,
    shutdown: CancellationToken,
    drain_time_max: Duration,
) {
    let places = Arc::new(Semaphore::new(live_max + BRIEF_MAX));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = shutdown.cancelled() => break,
        };
        let Some((stream, peer, place)) = accepted else { continue };
        let connection = Connection::new(stream, place, connections.token());
        let (router, shutdown) = (router.clone(), shutdown.clone());
        connections.spawn(answer(connection, peer, router, shutdown));
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(drain_time_max, connections.wait()).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
}

/// Waits for a place, then for a connection to give it to.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Without it, short frames wait for others to travel with.
            let _ = stream.set_nodelay(true);
            Some((stream, peer, place))
        }
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
            ) =>
        {
            None
        }
        Err(error) => {
            tracing::error!(%error, "cannot accept a connection");
            // Most likely no file is left; one may be when a connection has ended.
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn answer(
    connection: Connection,
    peer: SocketAddr,
    router: Router,
    shutdown: CancellationToken,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(connection), service)
        .with_upgrades();
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = shutdown.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_connections_leave_files_for_everything_else() {
        assert_eq!(room(25_512, 25_000).unwrap(), 25_000);
        assert_eq!(room(u64::MAX, 25_000).unwrap(), 25_000);
        assert_eq!(room(20_000, 25_000).unwrap(), 19_488);
        assert_eq!(room(513, 25_000).unwrap(), 1);
        assert!(room(0, 25_000).is_err());
        assert!(room(512, 25_000).is_err());
    }
}
