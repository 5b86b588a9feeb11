//! The HTTP and WebSocket interfaces.
//!
//! Here requests are read and answers are written: forms, status codes, who may
//! ask, how often. What is done for them is the desk's; no rule of the help
//! desk and no SQL is here.

mod app;
mod auth;
mod docs;
mod document;
mod extract;
mod health;
mod idempotency;
mod limit;
mod live;
mod page;
mod permission;
mod problem;
mod schema;
mod scrape;
mod security;
pub mod telemetry;
mod v1;
mod welcome;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use app::{App, Options, Setup};
pub use extract::BODY_BYTES_MAX;
pub use limit::Rates;
pub use permission::{Access, Row, TABLE, access};
pub use problem::{Problem, ProblemDocument};
pub use security::protect;

/// Builds everything that is served under `/api/v1`, `/files` and the addresses
/// of operations, with the document that describes it.
pub fn router(setup: Setup) -> (Router, OpenApi) {
    let shutdown = setup.shutdown.clone();
    let app = App::new(setup);
    let sockets = live::router(app.clone(), shutdown, app.options.connections_max);
    let (described, document) = described();
    let router = described
        .merge(docs::routes(&document))
        .route_layer(middleware::from_fn_with_state(app.clone(), permission::gate))
        .fallback(no_such_address)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(security::cors(&app))
        .layer(middleware::from_fn(telemetry::measure));
    let router = protect(router, app.options.https).with_state(app);
    (router.merge(sockets), document)
}

/// Describes the interfaces, without serving them.
pub fn document() -> OpenApi {
    described().1
}

/// The routes that the document describes, and the document.
fn described() -> (Router<App>, OpenApi) {
    let routes = OpenApiRouter::<App>::new().merge(health::routes()).merge(v1::routes());
    let (router, document) = routes.split_for_parts();
    (router, document::complete(document))
}

async fn no_such_address() -> Problem {
    Problem::no_such_address()
}

/// Answers a request whose handler panicked; what it said is in the log.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    telemetry::panicked();
    Problem::from(domain::Error::internal("a handler panicked")).into_response()
}
