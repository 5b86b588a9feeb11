//! Rate limits, on a clock that only tests move.

use std::net::SocketAddr;

use api::{Options, Rates};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use jiff::SignedDuration;

use crate::{Answer, As, World};

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

async fn welcome(world: &World, from: [u8; 4], forwarded: Option<&str>) -> Answer {
    let mut request =
        Request::post("/api/v1/visitor/welcome").header(header::CONTENT_TYPE, "application/json");
    if let Some(forwarded) = forwarded {
        request = request.header("X-Forwarded-For", forwarded);
    }
    let mut request = request.body(Body::from(r#"{"inbox": "ib_unknown"}"#)).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 1_000))));
    world.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_may_begin_so_many_visits() {
    let world = World::with(options(Rates { visits_per_minute: 2, ..Rates::default() })).await;
    for _ in 0..2 {
        welcome(&world, [198, 51, 100, 1], None).await.is_problem(404, "not-found");
    }

    welcome(&world, [198, 51, 100, 1], None).await.is_problem(429, "busy");
    welcome(&world, [198, 51, 100, 1], Some("192.0.2.9")).await.is_problem(429, "busy");

    welcome(&world, [198, 51, 100, 2], None).await.is_problem(404, "not-found");
    for _ in 0..5 {
        welcome(&world, [127, 0, 0, 1], None).await.is_problem(404, "not-found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_of_ours_the_client_is_who_the_proxy_says() {
    let rates = Rates { visits_per_minute: 1, ..Rates::default() };
    let world = World::with(Options { trusts_proxy: true, ..options(rates) }).await;

    welcome(&world, [10, 0, 0, 1], Some("1.1.1.1, 192.0.2.1")).await.is_problem(404, "not-found");

    welcome(&world, [10, 0, 0, 1], Some("2.2.2.2, 192.0.2.1")).await.is_problem(429, "busy");
    welcome(&world, [10, 0, 0, 1], Some("1.1.1.1, 192.0.2.2")).await.is_problem(404, "not-found");
}
