//! Signed identities over the wire: what an inbox demands it demands everywhere.

use std::net::SocketAddr;

use api::{Access, TABLE};
use axum::extract::ws::CloseCode;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::visitor::{self, Visit};
use crate::{As, World};

/// A visitor's socket to a server that listens.
type Socket =
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn enforce(world: &World, owner: &str, inbox: &Value) {
    let path = format!("/api/v1/inboxes/{}", inbox["id"]);
    let body = r#"{"enforce_identity": true}"#;
    world.call("PATCH", &path, As::Token(owner), Some(body)).await.is(200);
}

/// Serves a world's router on a port of its own.
async fn listen(world: &World) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = world.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn connect(address: SocketAddr, hello: &Value) -> Socket {
    let url = format!("ws://{address}/api/v1/visitor/live");
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    say(&mut socket, hello).await;
    socket
}

async fn say(socket: &mut Socket, frame: &Value) {
    socket.send(Message::text(frame.to_string())).await.unwrap();
}

/// The next frame of a kind; what comes before it is passed over.
async fn hear(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let Some(Ok(Message::Text(text))) = socket.next().await else { panic!("no {kind}") };
        let frame: Value = serde_json::from_str(&text).unwrap();
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// Why the server closes, and what it said before.
async fn closed(socket: &mut Socket) -> (CloseCode, Vec<Value>) {
    let mut said = Vec::new();
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => said.push(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(Some(frame)))) => return (frame.code.into(), said),
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_that_enforces_identities_does_so_on_every_call() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let owner = world.token(&owner).await;
    let inbox = visitor::inbox(&world, &owner).await;
    let Visit { token, conversation } = visitor::visit(&world, &owner, &inbox, "hello").await;
    let path = format!("/api/v1/conversations/{conversation}");
    world.post(&format!("{path}/resolve"), As::Token(&owner), "").await.is(200);
    world.get("/api/v1/visitor/messages", As::Token(&token)).await.is(200);
    let before = world.get(&path, As::Token(&owner)).await.is(200).text;

    enforce(&world, &owner, &inbox).await;

    let mut asked = 0;
    for (method, template, access) in TABLE {
        if !template.starts_with("/api/v1/visitor/") {
            assert_ne!(*access, Access::Visitor, "{template} is a visitor's, and elsewhere");
            continue;
        }
        let body = match template.rsplit('/').next().unwrap() {
            "welcome" => json!({"inbox": inbox["key"], "token": token}),
            "rating" => json!({"client_id": Uuid::new_v4(), "score": 5}),
            _ => json!({"client_id": Uuid::new_v4(), "text": "hello"}),
        };
        let body = (*method != "GET").then(|| body.to_string());
        let answer = world
            .call(method, &template.replace("{id}", "1"), As::Token(&token), body.as_deref())
            .await;
        answer.is_problem(401, "unauthenticated");
        asked += 1;
    }
    assert!(asked >= 7, "only {asked} routes were asked");
    let after = world.get(&path, As::Token(&owner)).await.is(200).text;
    assert_eq!(after, before, "nothing was said or rated");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_that_enforces_identities_does_so_on_every_socket() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let owner = world.token(&owner).await;
    let inbox = visitor::inbox(&world, &owner).await;
    let Visit { token, conversation } = visitor::visit(&world, &owner, &inbox, "hello").await;
    let address = listen(&world).await;
    let hello = json!({"type": "hello", "inbox": inbox["key"]});
    let back = json!({"type": "hello", "inbox": inbox["key"], "token": token});
    let (mut new, mut known) = (connect(address, &hello).await, connect(address, &back).await);
    for socket in [&mut new, &mut known] {
        hear(socket, "welcome").await;
    }

    enforce(&world, &owner, &inbox).await;

    for hello in [&hello, &back] {
        let (code, said) = closed(&mut connect(address, hello).await).await;
        assert_eq!(code, 4401);
        assert!(said.iter().all(|frame| frame["type"] == "problem"), "{said:?}");
    }
    let send = json!({"type": "send", "client_id": Uuid::new_v4(), "text": "still here"});
    for socket in [&mut new, &mut known] {
        say(socket, &send).await;
        let (code, said) = closed(socket).await;
        assert_eq!(code, 4401, "a socket that was open before");
        assert!(said.iter().all(|frame| frame["type"] != "ack"), "{said:?}");
    }
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let thread = world.get(&path, As::Token(&owner)).await.is(200);
    assert!(!thread.text.contains("still here"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_read_is_refused_in_its_place() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let owner = world.token(&owner).await;
    let inbox = visitor::inbox(&world, &owner).await;
    assert_eq!(inbox["identity_public_key"], "");
    let path = format!("/api/v1/inboxes/{}", inbox["id"]);

    let body = json!({"identity_public_key": "-----BEGIN PUBLIC KEY-----"}).to_string();
    let refused = world.call("PATCH", &path, As::Token(&owner), Some(&body)).await;

    refused.is_problem(422, "invalid");
    let error = &refused.json()["errors"][0];
    assert_eq!(error["pointer"], "/identity_public_key");
    assert!(error["detail"].as_str().unwrap().contains("give a public key in PEM"), "{error}");

    // The example of RFC 8410.
    let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
    let body = json!({"identity_public_key": pem}).to_string();
    let saved = world.call("PATCH", &path, As::Token(&owner), Some(&body)).await.is(200).json();
    assert_eq!(saved["identity_public_key"], pem);
    assert_eq!(world.get(&path, As::Token(&owner)).await.is(200).json(), saved);
}
