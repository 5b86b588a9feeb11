//! Hostile requests: a clear problem document, nothing stored, nothing leaked.

use axum::body::Body;
use axum::http::{Request, header};

use crate::{Answer, As, World};

async fn post_bytes(world: &World, token: &str, media_type: &str, bytes: Vec<u8>) -> Answer {
    let request = Request::post("/api/v1/tags")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, media_type)
        .body(Body::from(bytes))
        .unwrap();
    world.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_body_is_refused_and_leaves_no_trace() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let json = "application/json";
    let deep = format!(
        r##"{{"name": {}1{}, "color": "#123456"}}"##,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let large = format!(r##"{{"name": "{}", "color": "#123456"}}"##, "a".repeat(2_000_000));
    let long = format!(r##"{{"name": "{}", "color": "#123456"}}"##, "a".repeat(100_000));
    let cases: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
        ("10,000 deep", json, deep.into_bytes(), 422, "invalid"),
        ("10,000 deep and open", json, "[".repeat(10_000).into_bytes(), 422, "invalid"),
        ("2 MB", json, large.into_bytes(), 413, "too-large"),
        ("a long name", json, long.into_bytes(), 422, "invalid"),
        (
            "invalid UTF-8",
            json,
            b"{\"name\": \"\xff\xfe\", \"color\": \"#123456\"}".to_vec(),
            400,
            "malformed",
        ),
        (
            "a lone surrogate",
            json,
            br##"{"name": "\ud800", "color": "#123456"}"##.to_vec(),
            400,
            "malformed",
        ),
        (
            "raw control characters",
            json,
            b"{\"name\": \"a\x00b\", \"color\": \"#123456\"}".to_vec(),
            400,
            "malformed",
        ),
        ("no JSON", json, b"name=VIP".to_vec(), 400, "malformed"),
        ("nothing", json, Vec::new(), 400, "malformed"),
        (
            "two documents",
            json,
            br##"{"name": "a", "color": "#123456"} {}"##.to_vec(),
            400,
            "malformed",
        ),
        (
            "an unknown field",
            json,
            br##"{"name": "a", "color": "#123456", "account_id": 2}"##.to_vec(),
            422,
            "invalid",
        ),
        (
            "a wrong type",
            json,
            br##"{"name": ["a"], "color": "#123456"}"##.to_vec(),
            422,
            "invalid",
        ),
        (
            "only invisible marks",
            json,
            r##"{"name": "\u0000\u202e\u200b", "color": "#123456"}"##.into(),
            422,
            "invalid",
        ),
        (
            "a form",
            "application/x-www-form-urlencoded",
            b"name=VIP".to_vec(),
            415,
            "wrong-media-type",
        ),
        (
            "a page's plain text",
            "text/plain",
            br##"{"name": "a", "color": "#123456"}"##.to_vec(),
            415,
            "wrong-media-type",
        ),
    ];

    for (what, media_type, bytes, status, code) in cases {
        let answer = post_bytes(&world, &token, media_type, bytes).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
        answer.is_problem(status, code);
        assert!(answer.text.len() < 1_000, "{what}: {}", answer.text);
    }

    let tags = world.get("/api/v1/tags", As::Token(&token)).await.is(200).json();
    assert_eq!(tags["items"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn control_and_bidi_marks_do_not_reach_a_name() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;

    let body = r##"{"name": " V\u0000\u202eI\u200bP\n ", "color": "#ABCDEF"}"##;
    let tag = world.post("/api/v1/tags", As::Token(&token), body).await.is(201).json();

    assert_eq!((&tag["name"], &tag["color"]), (&"VIP".into(), &"#abcdef".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_named() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;

    let body = r#"{"name": "", "email": "x", "role": "agent", "password": "short"}"#;
    let answer = world.post("/api/v1/agents", As::Token(&token), body).await;

    answer.is_problem(422, "invalid");
    let problem = answer.json();
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/name", "/email", "/password"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_so() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let who = As::Token(&token);

    for path in [
        "/api/v1/nothing",
        "/api",
        "/",
        "/api/v1/agents/",
        "/api/v1/agents/abc",
        "/api/v1/agents/99999999999999999999",
        "/api/v1/agents/-1",
        "/api/v1/agents/1e3",
        "/api/v1/agents/%00",
        "/api/v1/agents/%ff",
        "/api/v1/conversations/999999",
        "/files/1/1?expires=1&signature=x",
        "/files/1/1?expires=99999999999&signature=AAAA",
    ] {
        let answer = world.get(path, who).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        answer.is_problem(404, "not-found");
    }
    let wrong_method = world.call("PUT", "/api/v1/agents", who, Some("{}")).await;
    wrong_method.is_problem(405, "method-not-allowed");
    assert_eq!(wrong_method.headers[header::ALLOW], "GET, POST");
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=-1",
        "after=!!",
        "after=AAAA",
        "unknown=1",
        "limit=1&limit=2",
    ] {
        world.get(&format!("/api/v1/agents?{query}"), who).await.is_problem(422, "invalid");
    }
}
