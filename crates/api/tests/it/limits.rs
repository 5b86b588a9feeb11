//! Rate limits, on a clock that only tests move.

use std::net::SocketAddr;

use api::{Options, Rates};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{Answer, As, World, visitor};

fn options(rates: Rates) -> Options {
    Options { rates, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_may_ask_so_often_and_then_waits() {
    let world =
        World::with(options(Rates { token_requests_per_minute: 6, ..Rates::default() })).await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    for _ in 0..6 {
        world.get("/api/v1/tags", As::Token(&token)).await.is(200);
    }

    let refused = world.get("/api/v1/tags", As::Token(&token)).await;

    refused.is_problem(429, "busy");
    assert_eq!(refused.headers[header::RETRY_AFTER], "10");
    world.advance(SignedDuration::from_secs(10));
    world.get("/api/v1/tags", As::Token(&token)).await.is(200);
    world.get("/api/v1/tags", As::Token(&token)).await.is_problem(429, "busy");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_may_try_so_many_accounts() {
    let world =
        World::with(options(Rates { logins_per_quarter_hour: 3, ..Rates::default() })).await;
    let body =
        |n: i32| format!(r#"{{"email": "nobody{n}@acme.example", "password": "whatever it is"}}"#);
    for n in 0..3 {
        world
            .post("/api/v1/auth/login", As::Nobody, &body(n))
            .await
            .is_problem(401, "wrong-credentials");
    }

    world.post("/api/v1/auth/login", As::Nobody, &body(3)).await.is_problem(429, "busy");

    world.advance(SignedDuration::from_mins(5));
    world
        .post("/api/v1/auth/login", As::Nobody, &body(4))
        .await
        .is_problem(401, "wrong-credentials");
}

async fn welcome(world: &World, from: [u8; 4], forwarded: Option<&str>, hello: &Value) -> Answer {
    let mut request =
        Request::post("/api/v1/visitor/welcome").header(header::CONTENT_TYPE, "application/json");
    if let Some(forwarded) = forwarded {
        request = request.header("X-Forwarded-For", forwarded);
    }
    let mut request = request.body(Body::from(hello.to_string())).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 1_000))));
    world.send(request).await
}

/// A world with these limits, and what a new visitor of its inbox says first.
async fn with_inbox(options: Options) -> (World, Value) {
    let world = World::with(options).await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let inbox = visitor::inbox(&world, &token).await;
    (world, json!({"inbox": inbox["key"]}))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_may_bring_so_many_new_visitors() {
    let rates = Rates { visits_per_minute: 2, visits_per_hour: 3, ..Rates::default() };
    let (world, hello) = with_inbox(options(rates)).await;
    let here = [198, 51, 100, 1];
    let known = welcome(&world, here, None, &hello).await.is(200).json();
    welcome(&world, here, None, &hello).await.is(200);

    let refused = welcome(&world, here, None, &hello).await;

    refused.is_problem(429, "busy");
    assert_eq!(refused.headers[header::RETRY_AFTER], "30");
    welcome(&world, here, Some("192.0.2.9"), &hello).await.is_problem(429, "busy");
    welcome(&world, [198, 51, 100, 2], None, &hello).await.is(200);
    let back = json!({"inbox": hello["inbox"], "token": known["token"]});
    for _ in 0..5 {
        welcome(&world, here, None, &back).await.is(200);
        welcome(&world, [127, 0, 0, 1], None, &hello).await.is(200);
    }
    let forged = json!({"inbox": hello["inbox"], "token": "vt_x.y"});
    welcome(&world, here, None, &forged).await.is_problem(429, "busy");
    world.advance(SignedDuration::from_mins(1));
    welcome(&world, here, None, &hello).await.is(200);
    let refused = welcome(&world, here, None, &hello).await;
    refused.is_problem(429, "busy");
    assert_eq!(refused.headers[header::RETRY_AFTER], "1140", "three an hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_it_comes_ten_a_minute_and_sixty_an_hour_are_new() {
    let (world, hello) = with_inbox(Options::default()).await;
    let mut let_in = Vec::new();
    for _ in 0..10 {
        let mut new = 0;
        while welcome(&world, [198, 51, 100, 1], None, &hello).await.status == 200 {
            new += 1;
        }
        let_in.push(new);
        world.advance(SignedDuration::from_mins(1));
    }

    assert_eq!(let_in[..6], [10; 6]);
    assert_eq!(let_in.iter().sum::<i32>(), 60 + 9, "one comes back in each minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_may_open_so_many_connections() {
    let rates = Rates { connections_per_minute: 2, ..Rates::default() };
    let world = World::with(options(rates)).await;
    let unknown = json!({"inbox": "ib_unknown"});
    for _ in 0..2 {
        let answer = welcome(&world, [198, 51, 100, 1], None, &unknown).await;
        answer.is_problem(404, "not-found");
    }

    welcome(&world, [198, 51, 100, 1], None, &unknown).await.is_problem(429, "busy");

    welcome(&world, [198, 51, 100, 2], None, &unknown).await.is_problem(404, "not-found");
    for _ in 0..5 {
        welcome(&world, [127, 0, 0, 1], None, &unknown).await.is_problem(404, "not-found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_of_ours_the_client_is_who_the_proxy_says() {
    let rates = Rates { visits_per_minute: 1, ..Rates::default() };
    let (world, hello) = with_inbox(Options { trusts_proxy: true, ..options(rates) }).await;
    let proxy = [10, 0, 0, 1];

    welcome(&world, proxy, Some("1.1.1.1, 192.0.2.1"), &hello).await.is(200);

    welcome(&world, proxy, Some("2.2.2.2, 192.0.2.1"), &hello).await.is_problem(429, "busy");
    welcome(&world, proxy, Some("1.1.1.1, 192.0.2.2"), &hello).await.is(200);
}
