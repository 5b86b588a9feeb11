//! Headers that keep browsers from helping an attacker.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::cors::{AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::app::App;
use crate::idempotency;

/// For whatever is no page: nothing may be loaded or run, nobody may frame it.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cache-control", "no-store"),
];

/// Adds the headers to every response that does not set them itself. Pages set
/// their own content security policy.
pub fn protect<S: Clone + Send + Sync + 'static>(router: Router<S>, https: bool) -> Router<S> {
    router.layer(middleware::from_fn(move |request: Request, next: Next| {
        add_headers(request, next, https)
    }))
}

async fn add_headers(request: Request, next: Next, https: bool) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if https {
        let value = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(value);
    }
    response
}

/// Which other origins' pages may read answers: the console's if it has one of
/// its own, with its cookie; our own pages, of files that have an origin of
/// their own, without; and any page for visitors' calls, which carry no cookie:
/// for those the inbox decides when the token is known.
pub(crate) fn cors(app: &App) -> CorsLayer {
    let console = app.options.console_origin.clone();
    let is_console = move |origin: &HeaderValue| {
        console.as_deref().is_some_and(|own| own.as_bytes() == origin.as_bytes())
    };
    let own = app.options.own_origins.clone();
    let is_ours =
        move |origin: &HeaderValue| own.iter().any(|own| own.as_bytes() == origin.as_bytes());
    let with_cookie = is_console.clone();
    let origin = AllowOrigin::predicate(move |origin, parts| match parts.uri.path() {
        path if for_visitors(path) => true,
        path if is_file(path) => is_ours(origin),
        _ => is_console(origin),
    });
    let credentials = AllowCredentials::predicate(move |origin, parts| {
        let path = parts.uri.path();
        !for_visitors(path) && !is_file(path) && with_cookie(origin)
    });
    CorsLayer::new()
        .allow_origin(origin)
        .allow_credentials(credentials)
        .allow_methods(AllowMethods::list([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ]))
        .allow_headers(AllowHeaders::list([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static(crate::auth::OWN_PAGE_HEADER),
            idempotency::KEY,
        ]))
        .expose_headers([header::RETRY_AFTER, idempotency::REPLAYED])
}

fn for_visitors(path: &str) -> bool {
    path.starts_with("/api/v1/visitor/")
}

/// Whoever has the signed address of a file may read it; no cookie is asked for.
fn is_file(path: &str) -> bool {
    path.starts_with("/files/")
}
