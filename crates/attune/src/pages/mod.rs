//! The pages inside the binary: console, widget, loader, and the demo company's.
//!
//! Every page comes with a content security policy of its own. Who may embed
//! the widget is decided here, by the inbox that it is opened for.

mod apart;
mod asset;
mod policy;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::Account;
use rust_embed::Embed;
use serde::Deserialize;
use store::Store;

use asset::{Assets, Caching};

pub(crate) use apart::keep_apart;
pub(crate) use policy::Origins;

#[derive(Embed)]
#[folder = "../../web/console/dist"]
#[allow_missing = true]
struct Console;

#[derive(Embed)]
#[folder = "../../web/widget/dist"]
#[allow_missing = true]
struct Widget;

#[derive(Embed)]
#[folder = "../../web/loader/dist"]
#[allow_missing = true]
struct Loader;

/// What the pages are made of.
struct Pages {
    console: Assets,
    widget: Assets,
    loader: Assets,
    demo: Option<Assets>,
    origins: Origins,
    store: Store,
}

/// Which inbox the widget is opened for.
#[derive(Deserialize)]
struct WidgetQuery {
    #[serde(default)]
    inbox: String,
}

/// A file of the demo company's site.
pub(crate) struct SitePage {
    /// Its path below `/demo/`.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// Names the pages that the program was built without.
pub(crate) fn missing() -> Vec<&'static str> {
    [
        ("console", has::<Console>("index.html")),
        ("widget", has::<Widget>("index.html")),
        ("loader", has::<Loader>("loader.js")),
    ]
    .into_iter()
    .filter_map(|(name, is_there)| (!is_there).then_some(name))
    .collect()
}

/// Routes the pages.
pub(crate) fn router(origins: Origins, store: Store, demo: Option<Vec<SitePage>>) -> Router {
    let pages = Pages {
        console: Assets::embedded::<Console>(),
        widget: Assets::embedded::<Widget>(),
        loader: Assets::embedded::<Loader>(),
        demo: demo.map(|files| Assets::of(files.into_iter().map(|file| (file.path, file.bytes)))),
        origins,
        store,
    };
    Router::new()
        .route("/", get(front))
        .route("/console", get(|| async { Redirect::permanent("/console/") }))
        .route("/console/", get(console_page))
        .route("/console/{*path}", get(console))
        .route("/widget", get(|| async { Redirect::permanent("/widget/") }))
        .route("/widget/", get(widget_page))
        .route("/widget/{*path}", get(widget))
        .route("/loader.js", get(loader))
        .route("/demo", get(|| async { Redirect::permanent("/demo/") }))
        .route("/demo/", get(demo_front))
        .route("/demo/{*path}", get(demo_page))
        .with_state(Arc::new(pages))
}

/// Leads to the demo company's site if there is one, else to the console.
async fn front(State(pages): State<Arc<Pages>>, headers: HeaderMap) -> Redirect {
    let Origins { public, console, .. } = &pages.origins;
    let apart = console != public;
    let at_console = apart && apart::names(apart::host_of(&headers), console);
    if pages.demo.is_some() && !at_console {
        return Redirect::temporary("/demo/");
    }
    Redirect::temporary(&format!("{}/console/", if apart { console } else { "" }))
}

async fn console_page(State(pages): State<Arc<Pages>>, headers: HeaderMap) -> Response {
    let policy = policy::console(&pages.origins);
    page(pages.console.get("index.html"), "console", &headers, policy)
}

async fn console(
    State(pages): State<Arc<Pages>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    match pages.console.get(&path) {
        Some(file) if path != "index.html" => file.answer(&headers, caching_of(&path)),
        // A path without a dot is one of the console's own pages.
        _ if !path.contains('.') || path == "index.html" => {
            console_page(State(pages), headers).await
        }
        _ => nothing(),
    }
}

async fn widget_page(
    State(pages): State<Arc<Pages>>,
    Query(query): Query<WidgetQuery>,
    headers: HeaderMap,
) -> Response {
    let reader = pages.store.read(Account::NOBODY);
    let inbox = match store::inbox::find_by_key(&reader, &query.inbox).await {
        Ok(found) => found.map(|(_, inbox)| inbox),
        Err(error) => {
            tracing::error!(error = %crate::failure::explain(&error), "the inbox of a widget cannot be read");
            return (StatusCode::SERVICE_UNAVAILABLE, "temporarily unavailable").into_response();
        }
    };
    let embedders = inbox.map(|inbox| inbox.allowed_origins).unwrap_or_default();
    let policy = policy::widget(&pages.origins, &embedders);
    page(pages.widget.get("index.html"), "widget", &headers, policy)
}

async fn widget(
    State(pages): State<Arc<Pages>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    match pages.widget.get(&path) {
        // The page itself is served with its policy only.
        Some(file) if path != "index.html" => file.answer(&headers, caching_of(&path)),
        _ => nothing(),
    }
}

async fn loader(State(pages): State<Arc<Pages>>, headers: HeaderMap) -> Response {
    let Some(file) = pages.loader.get("loader.js") else { return not_built("loader") };
    let mut answer = file.answer(&headers, Caching::Short);
    // Companies load it into pages of their own.
    answer
        .headers_mut()
        .insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    answer
}

async fn demo_front(state: State<Arc<Pages>>, headers: HeaderMap) -> Response {
    let prefers =
        headers.get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or("zh");
    let path = if prefers.trim_start().to_ascii_lowercase().starts_with("en") {
        "index.html"
    } else {
        "zh.html"
    };
    demo_page(state, Path(path.to_owned()), headers).await
}

async fn demo_page(
    State(pages): State<Arc<Pages>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(file) = pages.demo.as_ref().and_then(|demo| demo.get(&path)) else { return nothing() };
    let mut answer = file.answer(&headers, Caching::Revalidate);
    set_policy(&mut answer, policy::demo(&pages.origins));
    answer
        .headers_mut()
        .insert("vary", HeaderValue::from_static("accept-encoding, accept-language"));
    answer
}

/// Answers with a page and its policy, or says how to build it.
fn page(file: Option<&asset::Asset>, name: &str, headers: &HeaderMap, policy: String) -> Response {
    let Some(file) = file else { return not_built(name) };
    let mut answer = file.answer(headers, Caching::Revalidate);
    set_policy(&mut answer, policy);
    answer
}

fn set_policy(answer: &mut Response, policy: String) {
    let headers = answer.headers_mut();
    match HeaderValue::from_str(&policy) {
        Ok(value) => drop(headers.insert(CONTENT_SECURITY_POLICY, value)),
        // Origins are plain ASCII, so this is an inbox from before that was checked.
        Err(_) => drop(headers.insert(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        )),
    }
    headers.insert("referrer-policy", HeaderValue::from_static("no-referrer"));
}

/// What the build names after its content never changes.
fn caching_of(path: &str) -> Caching {
    if path.starts_with("assets/") { Caching::Forever } else { Caching::Revalidate }
}

fn has<E: Embed>(path: &str) -> bool {
    E::get(path).is_some()
}

fn nothing() -> Response {
    text(StatusCode::NOT_FOUND, "There is nothing at this address.\n".to_owned())
}

fn not_built(name: &str) -> Response {
    text(
        StatusCode::SERVICE_UNAVAILABLE,
        format!(
            "This attune was built without the {name}. Run `make web`, build attune again, and restart it.\n"
        ),
    )
}

fn text(status: StatusCode, text: String) -> Response {
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}
