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
    config: &Config,
    desk: &Desk,
    origins: &Origins,
    shutdown: &CancellationToken,
) -> Result<Router> {
    let setup = Setup {
        desk: desk.clone(),
        options: options(config, origins)?,
        metrics: api::telemetry::install()?,
        shutdown: shutdown.clone(),
    };
    Ok(api::router(setup).0)
}

/// Whether browsers come by https.
pub(super) fn is_https(origins: &Origins) -> bool {
    origins.public.starts_with("https://")
}

fn options(config: &Config, origins: &Origins) -> Result<Options> {
    Ok(Options {
        https: is_https(origins),
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
        connections_max: config.limits.connections_max,
    })
}

/// The origins of our own pages.
fn own_origins(origins: &Origins) -> Vec<String> {
    let mut own = vec![origins.public.clone(), origins.console.clone(), origins.widget.clone()];
    own.dedup();
    own
}
