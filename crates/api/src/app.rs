//! What every handler shares.

use std::sync::Arc;

use desk::Desk;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;

use crate::limit::{Limits, Rates};

/// What the interfaces are made of.
pub struct Setup {
    /// The desk.
    pub desk: Desk,
    /// What an administrator may set.
    pub options: Options,
    /// Where the figures of `/metrics` come from; see [`crate::telemetry::install`].
    pub metrics: PrometheusHandle,
    /// Says when the process stops: live connections are then closed.
    pub shutdown: CancellationToken,
}

/// What an administrator may set.
#[derive(Clone)]
pub struct Options {
    /// Whether browsers reach the server by https: cookies are then for https
    /// only, and browsers are told to come no other way.
    pub https: bool,
    /// Whether the last address of `X-Forwarded-For` is the client's, because a
    /// proxy of ours wrote it. Without one, anybody could write anything there.
    pub trusts_proxy: bool,
    /// The origin of the console, if it is not the server's own.
    pub console_origin: Option<String>,
    /// The origin of uploaded files, if it is not the server's own.
    pub files_origin: Option<String>,
    /// The origins of the server itself, such as the widget's page, from which
    /// visitors' requests come without asking the inbox.
    pub own_origins: Vec<String>,
    /// What a program that gathers the figures of `/metrics` must show. Without
    /// one they are shown to programs on the machine itself.
    pub metrics_token: Option<String>,
    /// How often one may ask.
    pub rates: Rates,
    /// How many live connections may be open at once.
    pub connections_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            https: false,
            trusts_proxy: false,
            console_origin: None,
            files_origin: None,
            own_origins: Vec::new(),
            metrics_token: None,
            rates: Rates::default(),
            connections_max: 25_000,
        }
    }
}

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// The inside of an [`App`].
pub struct Shared {
    /// The desk.
    pub desk: Desk,
    /// What an administrator may set.
    pub options: Options,
    /// Rate limits.
    pub limits: Limits,
    /// Where the figures of `/metrics` come from.
    pub metrics: PrometheusHandle,
}

impl App {
    pub(crate) fn new(setup: Setup) -> Self {
        let Setup { desk, options, metrics, shutdown: _ } = setup;
        let limits = Limits::new(options.rates, &desk);
        App(Arc::new(Shared { desk, options, limits, metrics }))
    }
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
