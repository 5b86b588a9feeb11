//! The figures of `/metrics` are for whoever runs the server.

use std::net::{IpAddr, SocketAddr};

use api::Options;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;

use crate::{Answer, World};

const TOKEN: &str = "b2f7d1e4c3a09586";

async fn ask(world: &World, from: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get("/metrics");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let from: IpAddr = from.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 1_000))));
    world.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_the_figures_are_shown_to_the_machine_itself() {
    let world = World::on_sqlite().await;

    for (from, host) in [
        ("127.0.0.1", "127.0.0.1:8080"),
        ("127.0.0.1", "localhost:8080"),
        ("127.8.8.8", "LOCALHOST"),
        ("::1", "[::1]:8080"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
    ] {
        let answer = ask(&world, from, &[("host", host)]).await.is(200);
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_the_figures_from_elsewhere_or_through_a_proxy() {
    let world = World::on_sqlite().await;
    let here = ("host", "127.0.0.1:8080");

    for from in ["203.0.113.7", "10.0.0.1", "192.168.1.2", "::ffff:10.0.0.1", "2001:db8::1"] {
        ask(&world, from, &[here]).await.is_problem(403, "only-from-here");
    }
    for mark in ["x-forwarded-for", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via"] {
        for value in ["127.0.0.1", "for=127.0.0.1", "", "::1"] {
            let answer = ask(&world, "127.0.0.1", &[here, (mark, value)]).await;
            answer.is_problem(403, "only-from-here");
        }
    }
    for host in ["chat.example.com", "127.0.0.1.example.com", "localhost.example.com", "[::2]", ""]
    {
        let answer = ask(&world, "127.0.0.1", &[("host", host)]).await;
        answer.is_problem(403, "only-from-here");
    }
    ask(&world, "127.0.0.1", &[]).await.is_problem(403, "only-from-here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_of_ours_cannot_say_that_a_stranger_is_the_machine() {
    let world = World::with(Options { trusts_proxy: true, ..Options::default() }).await;

    let marks = [("host", "127.0.0.1:8080"), ("x-forwarded-for", "127.0.0.1")];

    ask(&world, "127.0.0.1", &marks).await.is_problem(403, "only-from-here");
    ask(&world, "203.0.113.7", &marks).await.is_problem(403, "only-from-here");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_token_the_figures_are_shown_to_whoever_has_it_and_nobody_else() {
    let options = Options { metrics_token: Some(TOKEN.to_owned()), ..Options::default() };
    let world = World::with(options).await;
    let right = format!("Bearer {TOKEN}");

    ask(&world, "203.0.113.7", &[("authorization", &right)]).await.is(200);
    ask(&world, "127.0.0.1", &[("authorization", &right), ("x-forwarded-for", "1.2.3.4")])
        .await
        .is(200);

    for wrong in ["Bearer", "Bearer ", "Bearer b2f7d1e4c3a0958", "Bearer b2f7d1e4c3a095866", TOKEN]
    {
        let answer = ask(&world, "203.0.113.7", &[("authorization", wrong)]).await;
        answer.is_problem(401, "unauthenticated");
    }
    let here = [("host", "127.0.0.1:8080")];
    ask(&world, "127.0.0.1", &here).await.is_problem(401, "unauthenticated");
}
