//! A request with an `Idempotency-Key` is carried out once, however often it is sent.

use axum::body::Body;
use axum::http::{Request, header};
use domain::Role;
use serde_json::json;

use crate::{Answer, As, World};

const RED: &str = r##"{"name": "急", "color": "#ff0000"}"##;
const BLUE: &str = r##"{"name": "blue", "color": "#0000ff"}"##;

fn request(method: &str, path: &str, token: &str, key: &str, body: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("Idempotency-Key", key)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

impl World {
    async fn post_once(&self, path: &str, token: &str, key: &str, body: &str) -> Answer {
        self.send(request("POST", path, token, key, body)).await
    }

    async fn count(&self, path: &str, token: &str) -> usize {
        let page = self.get(path, As::Token(token)).await.is(200).json();
        page["items"].as_array().unwrap().len()
    }
}

fn is_replayed(answer: &Answer) -> bool {
    answer.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
}

async fn a_repeated_request_gets_the_first_answer(world: World) {
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;

    let first = world.post_once("/api/v1/tags", &token, "k-1", RED).await.is(201);
    let again = world.post_once("/api/v1/tags", &token, "k-1", RED).await.is(201);

    assert!(!is_replayed(&first) && is_replayed(&again));
    assert_eq!(first.json(), again.json());
    assert_eq!(first.headers[header::CONTENT_TYPE], again.headers[header::CONTENT_TYPE]);
    assert_eq!(world.count("/api/v1/tags", &token).await, 1);

    let path = format!("/api/v1/tags/{}", first.json()["id"]);
    let delete = || world.send(request("DELETE", &path, &token, "k-2", ""));
    delete().await.is(204);
    let again = delete().await.is(204);
    assert!(is_replayed(&again) && again.text.is_empty());
    world.call("DELETE", &path, As::Token(&token), None).await.is_problem(404, "not-found");
}

async fn of_many_at_once_one_is_carried_out(world: World) {
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;

    let many = (0..12).map(|_| world.post_once("/api/v1/tags", &token, "k", RED));
    let answers = futures::future::join_all(many).await;

    assert_eq!(world.count("/api/v1/tags", &token).await, 1);
    let first: Vec<&Answer> =
        answers.iter().filter(|one| one.status == 201 && !is_replayed(one)).collect();
    assert_eq!(first.len(), 1);
    for answer in &answers {
        match answer.status.as_u16() {
            201 => assert_eq!(answer.json(), first[0].json()),
            _ => answer.is_problem(409, "already-carried-out"),
        }
    }
}

async fn a_client_that_goes_away_gets_its_answer_when_it_comes_again(world: World) {
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    // It leaves as soon as its request has reached the writer.
    {
        let call = world.post_once("/api/v1/tags", &token, "k", RED);
        let mut call = std::pin::pin!(call);
        while world.count("/api/v1/tags", &token).await == 0 {
            assert!(futures::poll!(&mut call).is_pending(), "it went too late");
        }
    }

    let answer = loop {
        let answer = world.post_once("/api/v1/tags", &token, "k", RED).await;
        if answer.status == 201 {
            break answer;
        }
        answer.is_problem(409, "already-carried-out");
        tokio::task::yield_now().await;
    };

    assert!(is_replayed(&answer));
    assert_eq!(answer.json()["name"], "急");
    assert_eq!(world.count("/api/v1/tags", &token).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gets_the_first_answer_on_sqlite() {
    a_repeated_request_gets_the_first_answer(World::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gets_the_first_answer_on_postgres() {
    a_repeated_request_gets_the_first_answer(World::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_carried_out_on_sqlite() {
    of_many_at_once_one_is_carried_out(World::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_carried_out_on_postgres() {
    of_many_at_once_one_is_carried_out(World::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_gets_its_answer_on_sqlite() {
    a_client_that_goes_away_gets_its_answer_when_it_comes_again(World::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_gets_its_answer_on_postgres() {
    a_client_that_goes_away_gets_its_answer_when_it_comes_again(World::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_one_request_of_one_agent() {
    let world = World::on_sqlite().await;
    let (account, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let other = world.token(&world.agent(&account, Role::Owner, "b@acme.example").await).await;
    world.post_once("/api/v1/tags", &token, "k", RED).await.is(201);

    world.post_once("/api/v1/tags", &token, "k", BLUE).await.is_problem(422, "key-reused");
    world.post_once("/api/v1/teams", &token, "k", RED).await.is_problem(422, "key-reused");
    let of_other = world.post_once("/api/v1/tags", &other, "k", BLUE).await.is(201);

    assert!(!is_replayed(&of_other));
    assert_eq!(world.count("/api/v1/tags", &token).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_refused_may_be_mended_under_its_key() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;

    world
        .post_once("/api/v1/tags", &token, "k", r#"{"name": "x"}"#)
        .await
        .is_problem(422, "invalid");
    let mended = world.post_once("/api/v1/tags", &token, "k", RED).await.is(201);

    assert!(!is_replayed(&mended));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_shown_once_and_kept_nowhere() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let before = world.count("/api/v1/tokens", &token).await;
    let inbox =
        world.post("/api/v1/inboxes", As::Token(&token), r#"{"name": "Web"}"#).await.is(201).json();
    let hook = json!({"url": "http://127.0.0.1:9/", "events": ["message.created"]}).to_string();
    let made = world.post_once("/api/v1/webhooks", &token, "a", &hook).await.is(201).json();
    let secrets = [
        ("/api/v1/webhooks".to_owned(), "a", hook.as_str()),
        ("/api/v1/tokens".to_owned(), "b", r#"{"name": "robot"}"#),
        (format!("/api/v1/webhooks/{}/rotate-secret", made["id"]), "c", ""),
        (format!("/api/v1/inboxes/{}/rotate-secret", inbox["id"]), "d", ""),
        (format!("/api/v1/inboxes/{}/incoming-secret", inbox["id"]), "e", ""),
    ];

    for (path, key, body) in &secrets[1..] {
        let answer = world.post_once(path, &token, key, body).await;
        assert!(answer.status.is_success(), "{path} {}", answer.text);
    }

    for (path, key, body) in &secrets {
        let again = world.post_once(path, &token, key, body).await;
        again.is_problem(409, "already-carried-out");
    }
    assert_eq!(world.count("/api/v1/tokens", &token).await, before + 1);
    assert_eq!(world.count("/api/v1/webhooks", &token).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_none_is_refused() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;

    for key in ["", &"k".repeat(256)] {
        world.post_once("/api/v1/tags", &token, key, RED).await.is_problem(400, "malformed");
    }
    let mut twice = request("POST", "/api/v1/tags", &token, "a", RED);
    twice.headers_mut().append("idempotency-key", "b".parse().unwrap());
    world.send(twice).await.is_problem(400, "malformed");
    let long = format!(r#"{{"name": "{}"}}"#, "x".repeat(api::BODY_BYTES_MAX));
    world.post_once("/api/v1/tags", &token, "k", &long).await.is_problem(413, "too-large");

    assert_eq!(world.count("/api/v1/tags", &token).await, 0);
}
