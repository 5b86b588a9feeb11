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
/// Files that are open beside connections: database, log, pages.
const OTHER_FILES: u64 = 512;

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

/// Asks the system for as many open files as the connections need.
pub(crate) fn raise_file_limit(connections_max: usize) {
    let wanted = connections_max as u64 + OTHER_FILES;
    // Only an administrator may go above the hard limit; it is worth a try.
    if rlimit::Resource::NOFILE.get_hard().is_ok_and(|hard| hard < wanted)
        && rlimit::Resource::NOFILE.set(wanted, wanted).is_ok()
    {
        return;
    }
    match rlimit::increase_nofile_limit(wanted) {
        Ok(granted) if granted < wanted => tracing::warn!(
            granted,
            wanted,
            "the system allows fewer open files than limits.connections_max needs; raise `ulimit -n`"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of open files cannot be read"),
    }
}

/// Serves connections until `shutdown`, then waits for them to end.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    connections_max: usize,
    shutdown: CancellationToken,
    drain_time_max: Duration,
) {
    let places = Arc::new(Semaphore::new(connections_max));
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
