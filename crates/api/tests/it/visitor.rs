//! A visitor without a socket, from the first word to the rating.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{As, World};

pub(crate) struct Visit {
    pub(crate) token: String,
    pub(crate) conversation: i64,
}

/// An inbox for one origin, and its key.
pub(crate) async fn inbox(world: &World, owner: &str) -> Value {
    let body =
        json!({"name": "Web", "bot": false, "allowed_origins": ["https://www.acme.example"]});
    world.post("/api/v1/inboxes", As::Token(owner), &body.to_string()).await.is(201).json()
}

/// Lets a visitor in and says something.
pub(crate) async fn visit(world: &World, owner: &str, inbox: &Value, text: &str) -> Visit {
    let hello = json!({"inbox": inbox["key"]}).to_string();
    let welcome = world.post("/api/v1/visitor/welcome", As::Nobody, &hello).await.is(200).json();
    let token = welcome["token"].as_str().unwrap().to_owned();
    let body = json!({"client_id": Uuid::new_v4(), "text": text}).to_string();
    let message =
        world.post("/api/v1/visitor/messages", As::Token(&token), &body).await.is(201).json();
    let conversation = message["conversation_id"].as_i64().unwrap();
    world.get(&format!("/api/v1/conversations/{conversation}"), As::Token(owner)).await.is(200);
    Visit { token, conversation }
}

async fn a_question_is_answered_resolved_and_rated(world: World) {
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let (agent, inbox) = (As::Token(&token), inbox(&world, &token).await);
    let Visit { token: visitors, conversation } =
        visit(&world, &token, &inbox, "我想查询基金的收益情况").await;
    let visitor = As::Token(&visitors);
    let path = format!("/api/v1/conversations/{conversation}");

    let client_id = Uuid::new_v4();
    let body = json!({"client_id": client_id, "text": "年化 **3.1%**"}).to_string();
    let sent = world.post(&format!("{path}/messages"), agent, &body).await.is(201).json();
    let again = world.post(&format!("{path}/messages"), agent, &body).await.is(200).json();
    let note = json!({"client_id": Uuid::new_v4(), "text": "a good customer"}).to_string();
    world.post(&format!("{path}/notes"), agent, &note).await.is(201);
    let too_early = json!({"client_id": Uuid::new_v4(), "score": 5}).to_string();
    world
        .post("/api/v1/visitor/rating", visitor, &too_early)
        .await
        .is_problem(409, "rating-too-early");
    world.post(&format!("{path}/resolve"), agent, "").await.is(200);
    let rating = json!({"client_id": Uuid::new_v4(), "score": 5, "comment": "谢谢"}).to_string();
    world.post("/api/v1/visitor/rating", visitor, &rating).await.is(204);

    assert_eq!(
        (&sent["id"], &sent["seq"]),
        (&again["id"], &again["seq"]),
        "a repeated send is one message"
    );
    let seen = world.get("/api/v1/visitor/messages?limit=100", visitor).await.is(200);
    let seqs: Vec<i64> = seen.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["seq"].as_i64().unwrap())
        .collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>());
    assert!(!seen.text.contains("a good customer"), "a note never leaves");
    let thread = world.get(&format!("{path}/messages"), agent).await.is(200);
    assert!(thread.text.contains("a good customer"));
    let view = world.get(&path, agent).await.is(200).json();
    assert_eq!(view["rating"], json!({"score": 5, "comment": "谢谢"}));
    assert_eq!(view["status"], "resolved");
    world.post("/api/v1/visitor/logout", visitor, "").await.is(204);
    let after = world.get("/api/v1/visitor/messages", visitor).await;
    assert!(!after.text.contains("3.1"), "a token that ended shows nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_resolved_and_rated_on_sqlite() {
    a_question_is_answered_resolved_and_rated(World::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_resolved_and_rated_on_postgres() {
    a_question_is_answered_resolved_and_rated(World::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_pages_of_allowed_origins_are_let_in() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let inbox = inbox(&world, &token).await;
    let visit = visit(&world, &token, &inbox, "hello").await;
    for (origin, host, status) in [
        ("https://www.acme.example", "chat.acme.example", 200),
        ("https://chat.acme.example", "chat.acme.example", 200),
        ("https://evil.example", "chat.acme.example", 403),
        ("https://www.acme.example.evil.example", "chat.acme.example", 403),
        ("null", "chat.acme.example", 403),
    ] {
        let request = Request::get("/api/v1/visitor/messages")
            .header(header::AUTHORIZATION, format!("Bearer {}", visit.token))
            .header(header::ORIGIN, origin)
            .header(header::HOST, host)
            .body(Body::empty())
            .unwrap();

        let answer = world.send(request).await;

        assert_eq!(answer.status.as_u16(), status, "{origin}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_visitor_token_opens_nothing() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let inbox = inbox(&world, &token).await;
    let Visit { token: genuine, .. } = visit(&world, &token, &inbox, "hello").await;
    let mut forged: Vec<String> =
        vec!["vt_".into(), "vt_x.y".into(), genuine.to_uppercase(), format!("{genuine}0")];
    for place in [genuine.len() - 1, genuine.len() - 40, genuine.len() - 90] {
        let mut bytes = genuine.clone().into_bytes();
        bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
        forged.push(String::from_utf8(bytes).unwrap());
    }

    for token in forged {
        world
            .get("/api/v1/visitor/messages", As::Token(&token))
            .await
            .is_problem(401, "unauthenticated");
    }
}
