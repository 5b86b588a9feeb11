//! Origins of their own: each serves its part and nothing else.
//!
//! All of them lead to this server. A fault in a page of one must not reach the
//! others, so what belongs elsewhere does not exist here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Origins;

/// The parts of the server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    Console,
    Widget,
    Files,
    /// The agents' and programs' interface.
    Api,
    /// The visitors' interface.
    VisitorApi,
    /// The front door, which leads to another part.
    Front,
    /// The demo company's site.
    Site,
    /// Health, metrics and what does not exist.
    Other,
}

/// Answers what belongs to another origin with `404`.
pub(crate) async fn keep_apart(
    State(origins): State<Arc<Origins>>,
    request: Request,
    next: Next,
) -> Response {
    if serves(&origins, host_of(request.headers()), part_of(request.uri().path())) {
        return next.run(request).await;
    }
    (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response()
}

/// The host that a request is for; empty if it does not say.
pub(super) fn host_of(headers: &HeaderMap) -> &str {
    headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

fn part_of(path: &str) -> Part {
    let below = |prefix: &str| {
        path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if below("/console") {
        Part::Console
    } else if below("/widget") || path == "/loader.js" {
        Part::Widget
    } else if below("/files") {
        Part::Files
    } else if below("/api/v1/visitor") {
        Part::VisitorApi
    } else if below("/api") {
        Part::Api
    } else if path == "/" {
        Part::Front
    } else if below("/demo") {
        Part::Site
    } else {
        Part::Other
    }
}

/// Whether a `Host` header is the one that browsers send to an origin.
pub(super) fn names(host: &str, origin: &str) -> bool {
    origin.split_once("://").is_some_and(|(_, name)| name.eq_ignore_ascii_case(host))
}

/// Whether the origin that `host` names serves a part.
fn serves(origins: &Origins, host: &str, part: Part) -> bool {
    let is = |origin: &str| names(host, origin);
    let own = |origin: &String| *origin != origins.public;
    // Programs use the public address; the pages have moved away from it.
    let elsewhere = [&origins.console, &origins.widget, &origins.files];
    let on_public = !elsewhere.iter().any(|other| own(other) && is(other));
    match part {
        Part::Console => is(&origins.console) || (on_public && !own(&origins.console)),
        Part::Widget => is(&origins.widget) || (on_public && !own(&origins.widget)),
        Part::Files => is(&origins.files) || (on_public && !own(&origins.files)),
        Part::Api | Part::Front => is(&origins.console) || on_public,
        Part::VisitorApi => is(&origins.widget) || on_public,
        Part::Site => on_public,
        Part::Other => !own(&origins.files) || !is(&origins.files),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_origin_serves_everything() {
        let same = || "http://127.0.0.1:8080".to_owned();
        let origins = Origins { public: same(), console: same(), widget: same(), files: same() };

        for path in
            ["/console/", "/widget/", "/loader.js", "/files/x", "/api/v1/agents", "/healthz"]
        {
            for host in ["127.0.0.1:8080", "localhost:8080", ""] {
                assert!(serves(&origins, host, part_of(path)), "{path} at {host}");
            }
        }
    }

    #[test]
    fn three_origins_serve_their_own_part_and_no_other() {
        let origins = Origins {
            public: "https://a.example".into(),
            console: "https://console.a.example".into(),
            widget: "https://chat.a.example".into(),
            files: "https://files.a.example".into(),
        };
        let serves = |host: &str, path: &str| serves(&origins, host, part_of(path));

        for (host, yes, no) in [
            ("console.a.example", ["/console/x", "/api/v1/agents"], ["/widget/", "/files/x"]),
            (
                "chat.a.example",
                ["/loader.js", "/api/v1/visitor/live"],
                ["/console/", "/api/v1/agents"],
            ),
            ("files.a.example", ["/files/x", "/files/y"], ["/api/v1/agents", "/console/"]),
            ("a.example", ["/api/v1/agents", "/healthz"], ["/console/", "/files/x"]),
            ("a.example", ["/", "/demo/zh.html"], ["/widget/", "/loader.js"]),
            ("console.a.example", ["/console/", "/"], ["/demo/", "/demo/zh.html"]),
            ("chat.a.example", ["/widget/", "/widget/assets/x.js"], ["/demo/", "/files/x"]),
            ("files.a.example", ["/files/1/2", "/files/x"], ["/healthz", "/api/v1/visitor/live"]),
            ("files.a.example", ["/files/1/2", "/files/x"], ["/", "/nothing"]),
        ] {
            for path in yes {
                assert!(serves(host, path), "{host} should serve {path}");
            }
            for path in no {
                assert!(!serves(host, path), "{host} should not serve {path}");
            }
        }
    }
}
