//! The document for people and for tools: `/api/v1/docs` and `/openapi.json`.
//!
//! The page is written by the server, without a script and without anything
//! from elsewhere, so it works offline and under the strictest policy.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::app::App;

const POLICY: &str = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const STYLE: &str = include_str!("docs.css");

/// The routes of the document, which are no part of it.
pub(crate) fn routes(document: &OpenApi) -> Router<App> {
    let json: Arc<str> = document.to_pretty_json().unwrap_or_default().into();
    let page: Arc<str> = page(&serde_json::to_value(document).unwrap_or_default()).into();
    let serve = move || {
        let json = json.to_string();
        async move { ([(header::CONTENT_TYPE, "application/json")], json).into_response() }
    };
    let show = move || {
        let page = page.to_string();
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
        ];
        async move { (headers, page).into_response() }
    };
    let style =
        || async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response() };
    Router::new()
        .route("/openapi.json", get(serve.clone()))
        .route("/api/v1/openapi.json", get(serve))
        .route("/api/v1/docs", get(show))
        .route("/api/v1/docs/style.css", get(style))
}

/// Writes the page.
fn page(document: &Value) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Attune API</title><link rel=\"stylesheet\" href=\"/api/v1/docs/style.css\"></head><body>",
    );
    let title = text(&document["info"]["title"]);
    let version = text(&document["info"]["version"]);
    let _ = write!(html, "<nav><strong>{title} API</strong><ul>");
    for tag in array(&document["tags"]) {
        let name = text(&tag["name"]);
        let _ = write!(html, "<li><a href=\"#{name}\">{name}</a></li>");
    }
    let _ = write!(
        html,
        "<li><a href=\"#schemas\">schemas</a></li></ul></nav><main><h1>{title} API <small>{version}</small></h1>\
         <p>{}</p><p>For tools: <a href=\"/api/v1/openapi.json\">openapi.json</a></p>",
        prose(&document["info"]["description"]),
    );
    for tag in array(&document["tags"]) {
        section(&mut html, document, tag);
    }
    html.push_str("<section id=\"schemas\"><h2>Schemas</h2>");
    for (name, schema) in object(&document["components"]["schemas"]) {
        let _ = write!(html, "<article id=\"schema-{0}\"><h3>{0}</h3>", escape(name));
        let _ = write!(html, "<p>{}</p>", prose(&schema["description"]));
        fields(&mut html, schema);
        html.push_str("</article>");
    }
    html.push_str("</section></main></body></html>");
    html
}

fn section(html: &mut String, document: &Value, tag: &Value) {
    let (name, about) = (text(&tag["name"]), text(&tag["description"]));
    let _ = write!(html, "<section id=\"{name}\"><h2>{name}</h2><p>{about}</p>");
    for (path, item) in object(&document["paths"]) {
        for (method, operation) in object(item) {
            if array(&operation["tags"]).iter().any(|own| own == &tag["name"]) {
                self::operation(html, method, path, operation);
            }
        }
    }
    html.push_str("</section>");
}

fn operation(html: &mut String, method: &str, path: &str, operation: &Value) {
    let id = text(&operation["operationId"]);
    let _ = write!(
        html,
        "<article id=\"{id}\"><h3><a href=\"#{id}\"><span class=\"method {method}\">{method}</span> <code>{}</code></a></h3>\
         <p>{} {}</p><dl>",
        escape(path),
        text(&operation["summary"]),
        prose(&operation["description"]),
    );
    let schemes: Vec<&str> = array(&operation["security"])
        .iter()
        .flat_map(|scheme| object(scheme).map(|(name, _)| name.as_str()))
        .collect();
    let who = if schemes.is_empty() { "anybody".to_owned() } else { schemes.join(" or ") };
    let _ = write!(html, "<dt>who</dt><dd>{who}</dd>");
    for parameter in array(&operation["parameters"]) {
        let _ = write!(
            html,
            "<dt>{} <code>{}</code></dt><dd>{} {}</dd>",
            text(&parameter["in"]),
            text(&parameter["name"]),
            kind(&parameter["schema"]),
            prose(&parameter["description"]),
        );
    }
    for (media_type, content) in object(&operation["requestBody"]["content"]) {
        let _ = write!(
            html,
            "<dt>body</dt><dd>{} as {}</dd>",
            kind(&content["schema"]),
            escape(media_type)
        );
    }
    for (status, response) in
        object(&operation["responses"]).filter(|(status, _)| status.starts_with('2'))
    {
        let body = object(&response["content"]).map(|(_, content)| kind(&content["schema"])).next();
        let _ = write!(
            html,
            "<dt>{}</dt><dd>{} {}</dd>",
            escape(status),
            body.unwrap_or_default(),
            prose(&response["description"])
        );
    }
    let failures = object(&operation["responses"]).map(|(status, _)| status.as_str());
    let failures: Vec<&str> = failures.filter(|status| !status.starts_with('2')).collect();
    let problem = "<a href=\"#schema-Problem\">Problem</a>";
    let _ = write!(html, "<dt>{}</dt><dd>{problem}</dd></dl></article>", failures.join(" "));
}

fn fields(html: &mut String, schema: &Value) {
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> =
            words.iter().map(|word| format!("<code>{}</code>", text(word))).collect();
        let _ = write!(html, "<p>{}</p>", words.join(" "));
        return;
    }
    html.push_str("<dl>");
    for (name, field) in object(&schema["properties"]) {
        let required =
            array(&schema["required"]).iter().any(|own| own.as_str() == Some(name.as_str()));
        let mark = if required { "" } else { "?" };
        let _ = write!(
            html,
            "<dt><code>{}{mark}</code></dt><dd>{} {}</dd>",
            escape(name),
            kind(field),
            prose(&field["description"])
        );
    }
    html.push_str("</dl>");
}

/// Names the kind of a value, with a link to its schema.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escape(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[choice].as_array() {
            return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    let name = match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) => escape(name),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => "anything".to_owned(),
    };
    match schema["format"].as_str() {
        Some(format) if format != "int64" => format!("{name} ({})", escape(format)),
        _ => name,
    }
}

/// Writes a sentence, with what stands between backquotes as code.
fn prose(value: &Value) -> String {
    let mut html = String::new();
    for (i, part) in text(value).split('`').enumerate() {
        match i % 2 {
            0 => html.push_str(part),
            _ => {
                let _ = write!(html, "<code>{part}</code>");
            }
        }
    }
    html
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
