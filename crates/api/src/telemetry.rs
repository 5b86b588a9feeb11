//! Figures: how many requests, how long they took, what came of them.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// How long a request took, in seconds; by method, path template and status.
const REQUEST_DURATION: &str = "attune_http_request_duration_seconds";
/// How many sockets are open; by `kind`.
const OPEN_SOCKETS: &str = "attune_open_sockets";
/// How many requests met a panic.
const PANICS: &str = "attune_http_panics_total";
/// The bounds of durations, in seconds.
const BOUNDS: &[f64] =
    &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Starts to gather the figures of this process. Once only.
///
/// # Errors
///
/// [`BuildError`] if something else gathers them already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = builder()?.install_recorder()?;
    describe_histogram!(REQUEST_DURATION, "how long a request took, in seconds");
    describe_gauge!(OPEN_SOCKETS, "how many live connections are open");
    Ok(handle)
}

/// Makes figures that nobody gathers, for documents and tests.
///
/// # Errors
///
/// [`BuildError`] if the bounds are wrong.
pub fn detached() -> Result<PrometheusHandle, BuildError> {
    Ok(builder()?.build_recorder().handle())
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BOUNDS)
}

/// An open socket, counted while it lives.
#[derive(Debug)]
pub struct OpenSocket(&'static str);

impl OpenSocket {
    /// Counts a socket of `agent`s or `visitor`s.
    pub fn count(kind: &'static str) -> Self {
        gauge!(OPEN_SOCKETS, "kind" => kind).increment(1.0);
        OpenSocket(kind)
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        gauge!(OPEN_SOCKETS, "kind" => self.0).decrement(1.0);
    }
}

/// Notes a panic, which a handler must never meet.
pub(crate) fn panicked() {
    counter!(PANICS).increment(1);
}

/// Measures a request. Only templates of paths become labels, so their number
/// is bounded.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = match request.method().as_str() {
        known @ ("GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS") => {
            known.to_owned()
        }
        _ => "other".to_owned(),
    };
    let path = request.extensions().get::<MatchedPath>();
    let path = path.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    let seconds = begun.elapsed().as_secs_f64();
    histogram!(REQUEST_DURATION, "method" => method, "path" => path, "status" => status)
        .record(seconds);
    response
}
