//! Whether the process lives, whether it can work, and its figures.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::problem::Problem;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(metrics))
}

/// Tells whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "operations",
    responses((status = 200, description = "It does.", body = String, content_type = "text/plain")))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// Tells whether the process can work: whether its database answers.
#[utoipa::path(get, path = "/readyz", tag = "operations",
    responses((status = 200, description = "It can.", body = String, content_type = "text/plain")))]
async fn readyz(State(app): State<App>) -> Result<&'static str, Problem> {
    app.desk.ready().await?;
    Ok("ready\n")
}

/// Shows the figures of this process in the text format of Prometheus.
///
/// To whoever sends the `metrics.token` of the configuration. Without one, to
/// programs on the server's own machine.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    responses((status = 200, description = "The figures.", body = String, content_type = "text/plain")))]
async fn metrics(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
        .into_response()
}
