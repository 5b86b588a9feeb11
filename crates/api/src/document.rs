//! The OpenAPI document: what the handlers say, completed by what is true of all.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, Required,
};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::idempotency;
use crate::permission::{Access, access};
use crate::problem::{MEDIA_TYPE, ProblemDocument};

/// The groups of operations, in the order of the page.
const TAGS: &[(&str, &str)] = &[
    ("auth", "Signing in, sessions and one's own password"),
    ("tokens", "Tokens with which programs act for an agent"),
    ("account", "The company's own settings"),
    ("agents", "Who works at the desk"),
    ("teams", "Groups of agents"),
    ("inboxes", "Where conversations come in"),
    ("contacts", "The persons who ask"),
    ("conversations", "Threads, and what is done with them"),
    ("attachments", "Files"),
    ("tags", "Labels"),
    ("canned-responses", "Reusable texts"),
    ("nlu", "What the bot understands, and how it learns"),
    ("search", "Finding messages"),
    ("ratings", "What contacts thought"),
    ("webhooks", "Deliveries of events to a company's URL"),
    ("events", "The log of all that happened"),
    ("jobs", "Work that was given up"),
    ("visitor", "What a visitor's page or app may do"),
    ("incoming", "What a company's own server passes on"),
    ("operations", "Whether the server is well"),
];

const DESCRIPTION: &str = "Everything that the console does goes through this API. Agents sign in by cookie, and \
    send `X-Attune: 1` with whatever changes something; programs send `Authorization: Bearer <token>`. A request \
    that is not carried out is answered by a problem document (RFC 9457) with a stable `code`. Lists are pages, \
    `{items, next}`: ask again with `after=<next>` until `next` is null. Ids are numbers, times are RFC 3339 in UTC.";

/// Completes the document.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    document.info = InfoBuilder::new()
        .title("Attune")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build();
    let tags = TAGS
        .iter()
        .map(|(name, text)| TagBuilder::new().name(*name).description(Some(*text)).build());
    document.tags = Some(tags.collect());
    let components = document.components.get_or_insert_with(Components::new);
    add_security(components);
    components.responses.insert("Problem".to_owned(), RefOr::T(problem()));
    name_items(components);
    for (path, item) in &mut document.paths.paths {
        let methods = [
            ("GET", &mut item.get),
            ("POST", &mut item.post),
            ("PUT", &mut item.put),
            ("PATCH", &mut item.patch),
            ("DELETE", &mut item.delete),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                complete_operation(operation, method, path);
            }
        }
    }
    require_what_is_always_sent(&mut document);
    document
}

/// Lets pages name the schema of their items instead of repeating it.
fn name_items(components: &mut Components) {
    let mut named = vec![(ProblemDocument::name().into_owned(), ProblemDocument::schema())];
    ProblemDocument::schemas(&mut named);
    components.schemas.extend(named);
    let names: BTreeSet<String> = components.schemas.keys().cloned().collect();
    for (name, schema) in &mut components.schemas {
        let Some(item) = name.strip_prefix("Page_").filter(|item| names.contains(*item)) else {
            continue;
        };
        if let RefOr::T(Schema::Object(page)) = schema {
            let items = ArrayBuilder::new().items(Ref::from_schema_name(item)).build();
            page.properties.insert("items".to_owned(), items.into());
        }
    }
}

fn add_security(components: &mut Components) {
    let bearer = |text: &str| {
        SecurityScheme::Http(
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(text)).build(),
        )
    };
    let cookie = ApiKeyValue::with_description(
        crate::auth::COOKIE,
        "The session of `auth/login`; writes need the header `X-Attune: 1` as well.",
    );
    let signature = ApiKeyValue::with_description(
        "webhook-signature",
        "Standard Webhooks: with the inbox's incoming secret, `whsec_…`, over `id.timestamp.body`.",
    );
    let schemes = &mut components.security_schemes;
    schemes
        .insert("signature".to_owned(), SecurityScheme::ApiKey(ApiKey::Header(signature)).into());
    schemes.insert("cookie".to_owned(), SecurityScheme::ApiKey(ApiKey::Cookie(cookie)).into());
    schemes.insert("token".to_owned(), bearer("An agent's personal token, `at_…`.").into());
    schemes
        .insert("operator".to_owned(), bearer("The `metrics.token` of the configuration.").into());
    schemes.insert("visitor".to_owned(), bearer("A visitor's token, `vt_…`.").into());
}

fn problem() -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description("What went wrong.").content(MEDIA_TYPE, content).build()
}

/// The header under which a request is carried out once.
fn key() -> RefOr<Parameter> {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(idempotency::KEY_BYTES_MAX))
        .pattern(Some("^[!-~]+$"));
    let about = "A name for this request, such as a UUID: sent again under it within a day, it is not carried out again, \
        and gets the same answer.";
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(text))
        .build()
        .into()
}

/// Adds who may ask, and how a request can fail.
fn complete_operation(operation: &mut Operation, method: &str, path: &str) {
    let none: [&str; 0] = [];
    let access = access(method, path);
    let security = match access {
        Some(Access::Agent(_)) => vec!["cookie", "token"],
        Some(Access::Visitor) => vec!["visitor"],
        Some(Access::Operator) => vec!["operator"],
        Some(Access::Signed) => vec!["signature"],
        Some(Access::Public) | None => Vec::new(),
    };
    operation.security =
        Some(security.iter().map(|name| SecurityRequirement::new(*name, none)).collect());
    let mut failures = BTreeSet::from(["400", "429", "503"]);
    if method != "GET" && matches!(access, Some(Access::Agent(_))) {
        operation.parameters.get_or_insert_default().push(key());
        failures.extend(["409", "422"]);
    }
    if path.starts_with("/api/v1/auth/login") {
        failures.insert("401");
    }
    if !security.is_empty() {
        failures.extend(["401", "403"]);
    }
    if path.contains('{') {
        failures.insert("404");
    }
    if path.starts_with("/api/v1/visitor/") {
        // Inbox and conversation are named by a key or a token, not by the path.
        failures.extend(["401", "403", "404"]);
    }
    if operation.request_body.is_some() {
        failures.extend(["409", "413", "415", "422"]);
    } else if operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty()) {
        failures.insert("422");
    }
    let names_in_body = method != "GET" && path.starts_with("/api/v1/nlu/");
    if names_in_body {
        // Releases, messages and trials are named by the body or not at all.
        failures.insert("404");
    }
    if names_in_body || method != "GET" && path.contains('{') {
        failures.insert("409");
    }
    for status in failures {
        let problem = RefOr::Ref(Ref::from_response_name("Problem"));
        operation.responses.responses.entry(status.to_owned()).or_insert(problem);
    }
    // A path names a number; its description is the same everywhere.
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.name.ends_with("id") && parameter.description.is_none() {
            parameter.description = Some("The id of the noun before it.".to_owned());
        }
    }
}

/// Marks the properties of responses as required: what is sent is always whole,
/// with nulls. Requests say for themselves what may be left out.
fn require_what_is_always_sent(document: &mut OpenApi) {
    let (sent, taken) = reached(document);
    let components = document.components.get_or_insert_with(Components::new);
    for (name, schema) in &mut components.schemas {
        let only_sent = sent.contains(name) && !taken.contains(name);
        if let RefOr::T(Schema::Object(object)) = schema
            && only_sent
            && !SOMETIMES.contains(&name.as_str())
        {
            require_all(object);
        }
    }
}

/// Forms that leave out what they do not have.
const SOMETIMES: &[&str] = &["EventData"];

fn require_all(object: &mut Object) {
    object.required = object.properties.keys().cloned().collect();
}

/// The schemas that responses and requests are made of.
fn reached(document: &OpenApi) -> (BTreeSet<String>, BTreeSet<String>) {
    let document = serde_json::to_value(document).unwrap_or_default();
    let (mut sent, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for operation in document["paths"].as_object().into_iter().flat_map(|paths| paths.values()) {
        for operation in operation.as_object().into_iter().flat_map(|item| item.values()) {
            follow(&document, &operation["responses"], &mut sent);
            follow(&document, &operation["requestBody"], &mut taken);
        }
    }
    (sent, taken)
}

fn follow(document: &Value, from: &Value, found: &mut BTreeSet<String>) {
    match from {
        Value::Object(fields) => {
            if let Some(name) =
                fields.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next())
                && found.insert(name.to_owned())
            {
                follow(document, &document["components"]["schemas"][name], found);
            }
            fields.values().for_each(|value| follow(document, value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| follow(document, value, found)),
        _ => {}
    }
}
