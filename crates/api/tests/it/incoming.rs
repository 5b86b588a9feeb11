//! What a company's own server passes on, over HTTP: eight ways to forge it, and
//! that nothing of it is read before it is believed.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request};
use outbound::signature::{self, Secret};
use serde_json::{Value, json};

use crate::{Answer, As, World, visitor};

/// An inbox that takes what is passed on.
struct Channel {
    path: String,
    secret: Secret,
}

impl Channel {
    async fn open(world: &World, owner: &str) -> Self {
        let inbox = visitor::inbox(world, owner).await;
        assert_eq!(inbox["takes_incoming"], false);
        let id = &inbox["id"];
        let secret = world
            .post(&format!("/api/v1/inboxes/{id}/incoming-secret"), As::Token(owner), "")
            .await
            .is(200)
            .json();
        let inbox = world.get(&format!("/api/v1/inboxes/{id}"), As::Token(owner)).await.is(200);
        assert_eq!(inbox.json()["takes_incoming"], true);
        assert!(!inbox.text.contains("whsec"), "a secret is shown once");
        Channel {
            path: format!("/api/v1/incoming/{}", inbox.json()["key"].as_str().unwrap()),
            secret: secret["secret"].as_str().unwrap().parse().unwrap(),
        }
    }

    fn sign(&self, world: &World, name: &str, body: &[u8]) -> HeaderMap {
        let now = world.desk.now().as_second();
        signature::sign(std::slice::from_ref(&self.secret), name, now, body).unwrap()
    }

    async fn pass(&self, world: &World, name: &str, body: &[u8]) -> Answer {
        self.send(world, self.sign(world, name, body), body).await
    }

    async fn send(&self, world: &World, headers: HeaderMap, body: &[u8]) -> Answer {
        let mut request = Request::post(&self.path).body(Body::from(body.to_vec())).unwrap();
        request.headers_mut().extend(headers);
        world.send(request).await
    }
}

fn hello() -> Vec<u8> {
    json!({"contact": {"sub": "u-1", "name": "王小明"}, "text": "你好"}).to_string().into_bytes()
}

async fn a_message_is_passed_on_and_answered(world: World) {
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let channel = Channel::open(&world, &token).await;

    let sent = channel.pass(&world, "m-1", &hello()).await.is(201).json();
    let again = channel.pass(&world, "m-1", &hello()).await.is(200).json();

    assert_eq!((&sent["id"], &sent["seq"]), (&again["id"], &again["seq"]));
    let conversation = sent["conversation_id"].as_i64().unwrap();
    let agent = As::Token(&token);
    let view = world.get(&format!("/api/v1/conversations/{conversation}"), agent).await.is(200);
    assert_eq!(view.json()["contact"]["name"], "王小明");
    assert_eq!(view.json()["contact"]["verified"], true);
    let thread =
        world.get(&format!("/api/v1/conversations/{conversation}/messages"), agent).await.is(200);
    assert_eq!(thread.text.matches("你好").count(), 1, "{}", thread.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_passed_on_and_answered_on_sqlite() {
    a_message_is_passed_on_and_answered(World::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_passed_on_and_answered_on_postgres() {
    a_message_is_passed_on_and_answered(World::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_not_signed_for_this_inbox_now_is_refused() {
    let world = World::on_sqlite().await;
    let (account, owner) = world.account("acme").await;
    let (_, other_owner) = world.account("other").await;
    let channel = Channel::open(&world, &world.token(&owner).await).await;
    let others = Channel::open(&world, &world.token(&other_owner).await).await;
    let before = world.desk.last_cursor(account.id).await.unwrap();
    let body = hello();
    let good = channel.sign(&world, "m-1", &body);
    let without = |name: &str| {
        let mut headers = good.clone();
        headers.remove(name).unwrap();
        headers
    };
    let with = |name: &'static str, change: &dyn Fn(&str) -> String| {
        let mut headers = good.clone();
        let value = change(headers[name].to_str().unwrap());
        headers.insert(name, HeaderValue::from_str(&value).unwrap());
        headers
    };
    let at = |offset: i64| {
        let time = world.desk.now().as_second() + offset;
        signature::sign(std::slice::from_ref(&channel.secret), "m-1", time, &body).unwrap()
    };
    let spaced = String::from_utf8(body.clone()).unwrap().replace(':', ": ").into_bytes();
    let escaped = String::from_utf8(body.clone()).unwrap().replace("你好", "\\u4f60\\u597d");
    let is_the_same = |bytes: &[u8]| {
        serde_json::from_slice::<Value>(bytes).unwrap()
            == serde_json::from_slice::<Value>(&body).unwrap()
    };
    assert!(is_the_same(&spaced) && is_the_same(escaped.as_bytes()));

    for (what, headers, body) in [
        ("no signature", without("webhook-signature"), &body[..]),
        ("no time", without("webhook-timestamp"), &body),
        ("no name", without("webhook-id"), &body),
        ("a wrong signature", with("webhook-signature", &|s| s.replace("v1,", "v1,A")), &body),
        ("another version", with("webhook-signature", &|s| s.replace("v1,", "v2,")), &body),
        ("a truncated one", with("webhook-signature", &|s| s[..s.len() - 4].to_owned()), &body),
        ("another name", with("webhook-id", &|id| format!("{id}0")), &body),
        ("another time", with("webhook-timestamp", &|t| format!("{}1", &t[..t.len() - 1])), &body),
        ("an old one", at(-301), &body),
        ("one of the future", at(301), &body),
        ("the other account's", others.sign(&world, "m-1", &body), &body),
        ("a truncated body", good.clone(), &body[..body.len() - 1]),
        ("the body written anew", good.clone(), &spaced),
        ("the body escaped", good.clone(), escaped.as_bytes()),
        ("no body", good.clone(), b""),
        ("no JSON, and no signature of it", good.clone(), b"{"),
    ] {
        let answer = channel.send(&world, headers, body).await;

        answer.is_problem(401, "unauthenticated");
        assert!(!answer.text.contains("signature"), "{what}: {}", answer.text);
    }
    let elsewhere = Channel { path: "/api/v1/incoming/ib_nobody".into(), ..channel };
    elsewhere.send(&world, good, &body).await.is_problem(401, "unauthenticated");
    assert_eq!(world.desk.last_cursor(account.id).await.unwrap(), before, "nothing was stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_and_makes_no_sense_is_explained() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let channel = Channel::open(&world, &world.token(&owner).await).await;
    let text = |text: &str| json!({"contact": {"sub": "u-1"}, "text": text}).to_string();
    for (body, status, code, pointer) in [
        ("{".to_owned(), 400, "malformed", ""),
        (text(""), 422, "invalid", "/text"),
        (text(&"长".repeat(4_001)), 422, "invalid", "/text"),
        (json!({"contact": {"sub": ""}, "text": "x"}).to_string(), 422, "invalid", "/contact/sub"),
        (json!({"contact": {}, "text": "x"}).to_string(), 422, "invalid", "/contact"),
        (json!({"contact": {"sub": "u"}, "text": "x", "y": 1}).to_string(), 422, "invalid", "/y"),
    ] {
        let answer = channel.pass(&world, "m-1", body.as_bytes()).await;

        answer.is_problem(status, code);
        let named = answer.json()["errors"][0]["pointer"].as_str().unwrap_or_default().to_owned();
        assert_eq!(named, pointer, "{}", answer.text);
    }
    let huge = text(&"x".repeat(65_536));
    channel.pass(&world, "m-1", huge.as_bytes()).await.is_problem(413, "too-large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_keeps_trying_is_told_to_wait_and_the_company_is_not() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let channel = Channel::open(&world, &world.token(&owner).await).await;
    let body = hello();

    let mut refused = 0;
    for _ in 0..100 {
        refused += u32::from(channel.send(&world, HeaderMap::new(), &body).await.status == 429);
    }
    assert_eq!(refused, 40, "sixty attempts a minute");

    for contact in 0..100 {
        let body = json!({"contact": {"sub": format!("u-{contact}")}, "text": "你好"}).to_string();
        channel.pass(&world, &format!("m-{contact}"), body.as_bytes()).await.is(201);
    }
}
