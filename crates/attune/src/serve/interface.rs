//! The interface as the configuration wants it.

use api::{Options, Rates, Setup};
use axum::Router;
use desk::Desk;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::failure::Result;
use crate::pages::Origins;

/// Routes requests and live connections.
pub(super) fn router(
    options: Options,
    desk: &Desk,
    shutdown: &CancellationToken,
) -> Result<Router> {
    let setup = Setup {
        desk: desk.clone(),
        options,
        metrics: api::telemetry::install()?,
        shutdown: shutdown.clone(),
    };
    Ok(api::router(setup).0)
}

/// What the configuration says, for as many live connections as there is room for.
pub(super) fn options(config: &Config, origins: &Origins, live_max: usize) -> Result<Options> {
    Ok(Options {
        https: origins.public.starts_with("https://"),
        trusts_proxy: config.server.trusts_proxy,
        console_origin: (origins.console != origins.public).then(|| origins.console.clone()),
        files_origin: (origins.files != origins.public).then(|| origins.files.clone()),
        own_origins: own_origins(origins),
        metrics_token: config.metrics.token()?,
        rates: Rates {
            visits_per_minute: config.limits.visitor_starts_per_minute,
            visits_per_hour: config.limits.visitor_starts_per_hour,
            connections_per_minute: config.limits.visitor_connections_per_minute,
            ..Rates::default()
        },
        connections_max: live_max,
    })
}

/// The origins of our own pages.
fn own_origins(origins: &Origins) -> Vec<String> {
    let mut own = vec![origins.public.clone(), origins.console.clone(), origins.widget.clone()];
    own.dedup();
    own
}
