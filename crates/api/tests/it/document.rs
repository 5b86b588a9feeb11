//! The OpenAPI document: complete, valid where it matters, and the one that the
//! pages' client is generated from.

use std::collections::BTreeSet;

use api::{Access, TABLE};
use serde_json::Value;

use crate::{As, World};

/// Rows that are no part of the document: the document itself, its page, and
/// addresses that are given and never made.
const UNDOCUMENTED: &[&str] = &[
    "/openapi.json",
    "/api/v1/openapi.json",
    "/api/v1/docs",
    "/api/v1/docs/style.css",
    "/files/{account}/{id}",
];

fn document() -> Value {
    serde_json::to_value(api::document()).unwrap()
}

/// Every operation: its method, its path, and what it says.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    });
    each.collect()
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let document = document();
    let described: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let rows: BTreeSet<(String, String)> = TABLE
        .iter()
        .filter(|(_, path, _)| !UNDOCUMENTED.contains(path))
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();

    assert_eq!(described, rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_leads_somewhere() {
    let world = World::on_sqlite().await;

    for (method, path, access) in TABLE {
        let path = path
            .replace("{account}", "1")
            .replace("{id}", "1")
            .replace("{key}", "ib_1")
            .replace("{message_id}", "1")
            .replace("{delivery_id}", "1");
        let answer = world.call(method, &path, As::Nobody, None).await;
        match access {
            Access::Public => {
                let nowhere = answer.text.contains("there is nothing at this address");
                assert!(answer.status != 405 && !nowhere, "{method} {path}: {}", answer.text);
            }
            Access::Operator => answer.is_problem(403, "only-from-here"),
            Access::Agent(_) | Access::Visitor | Access::Signed => {
                answer.is_problem(401, "unauthenticated")
            }
        }
    }
}

#[test]
fn every_operation_is_named_grouped_and_told_apart() {
    let document = document();
    let mut seen = BTreeSet::new();

    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{method} {path} has no name"));
        assert!(seen.insert(id.to_owned()), "{id} is the name of two operations");
        assert!(
            operation["summary"].as_str().is_some_and(|summary| summary.ends_with('.')),
            "{id}"
        );
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{id}");
        assert!(
            operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .any(|status| status.starts_with('4')),
            "{id}"
        );
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(reference)) = fields.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                }
                fields.values().for_each(|value| walk(document, value));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(document, value)),
            _ => {}
        }
    }
    let document = document();

    walk(&document, &document);
}

#[test]
fn the_pages_client_is_generated_from_this_document() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/shared/openapi.json");
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();

    assert!(
        kept == document(),
        "web/shared/openapi.json is of another release: \
         run `cargo run -p api --example openapi > web/shared/openapi.json`, then `npm run generate` in web/shared"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_offline_and_without_scripts() {
    let world = World::on_sqlite().await;

    let page = world.get("/api/v1/docs", As::Nobody).await.is(200);

    assert!(
        page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'; style-src 'self'")
    );
    assert!(
        !page.text.contains("<script")
            && !page.text.contains("http://")
            && !page.text.contains("https://")
    );
    for (_, _, operation) in operations(&document()) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(page.text.contains(&format!("<article id=\"{id}\">")), "{id} is missing");
    }
    world.get("/api/v1/docs/style.css", As::Nobody).await.is(200);
    assert_eq!(world.get("/openapi.json", As::Nobody).await.is(200).json(), document());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_keep_browsers_safe() {
    let world = World::with(api::Options { https: true, ..api::Options::default() }).await;

    for path in ["/healthz", "/api/v1/docs", "/api/v1/agents", "/nothing"] {
        let headers = world.get(path, As::Nobody).await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(
            headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert!(
            headers.contains_key("permissions-policy")
                && headers.contains_key("strict-transport-security"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_readable_for_our_own_pages_and_never_with_a_cookie() {
    const CONSOLE: &str = "https://console.acme.example";
    const WIDGET: &str = "https://chat.acme.example";
    let world = World::with(api::Options {
        console_origin: Some(CONSOLE.into()),
        files_origin: Some("https://files.acme.example".into()),
        own_origins: vec![CONSOLE.into(), WIDGET.into()],
        ..api::Options::default()
    })
    .await;

    for (path, origin, readable, with_cookie) in [
        ("/files/1/1?expires=1&signature=x", WIDGET, true, false),
        ("/files/1/1?expires=1&signature=x", CONSOLE, true, false),
        ("/files/1/1?expires=1&signature=x", "https://shop.example", false, false),
        ("/files/1/1?expires=1&signature=x", "null", false, false),
        ("/api/v1/agents", CONSOLE, true, true),
        ("/api/v1/agents", WIDGET, false, false),
        ("/api/v1/visitor/messages", "https://shop.example", true, false),
    ] {
        let request = axum::http::Request::get(path)
            .header("origin", origin)
            .body(axum::body::Body::empty())
            .unwrap();

        let headers = world.send(request).await.headers;

        let allowed = headers.get("access-control-allow-origin").is_some_and(|own| own == origin);
        let credentials = headers.contains_key("access-control-allow-credentials");
        assert_eq!((allowed, credentials), (readable, with_cookie), "{path} from {origin}");
    }
}
