//! Signing in and out, and what ends a session.

use axum::body::Body;
use axum::http::{Request, header};
use domain::Role;
use jiff::SignedDuration;

use crate::{As, PASSWORD, World, cookie_of};

fn credentials(email: &str, password: &str) -> String {
    serde_json::json!({"email": email, "password": password}).to_string()
}

async fn an_agent_signs_in_and_out(world: World) {
    world.account("acme").await;

    let body = credentials(" Owner@ACME.example ", PASSWORD);
    let signed_in = world.post("/api/v1/auth/login", As::Nobody, &body).await.is(200);

    let set = signed_in.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.contains("; HttpOnly; SameSite=Lax") && !set.contains("Secure"), "{set}");
    assert!(!signed_in.text.contains("argon2"));
    let cookie = cookie_of(&signed_in);
    let me = world.get("/api/v1/auth/me", As::Cookie(&cookie)).await.is(200).json();
    assert_eq!(me["account"]["name"], "acme");
    assert_eq!(me["agent"]["availability"], "online");
    assert_eq!(me["permissions"].as_array().unwrap().len(), 10);
    let sessions = world.get("/api/v1/auth/sessions", As::Cookie(&cookie)).await.is(200).json();
    assert_eq!(
        (&sessions["items"][0]["current"], &sessions["items"][0]["ip"]),
        (&true.into(), &"203.0.113.7".into())
    );
    world.call("POST", "/api/v1/auth/logout", As::Cookie(&cookie), None).await.is(204);
    world.get("/api/v1/auth/me", As::Cookie(&cookie)).await.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_signs_in_and_out_on_sqlite() {
    an_agent_signs_in_and_out(World::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_signs_in_and_out_on_postgres() {
    an_agent_signs_in_and_out(World::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let world = World::on_sqlite().await;
    world.account("acme").await;

    let wrong = world
        .post("/api/v1/auth/login", As::Nobody, &credentials("owner@acme.example", "a wrong one"))
        .await;
    let unknown = world
        .post("/api/v1/auth/login", As::Nobody, &credentials("nobody@acme.example", PASSWORD))
        .await;

    wrong.is_problem(401, "wrong-credentials");
    assert_eq!(wrong.text, unknown.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_passwords_lock_an_address_for_a_quarter_of_an_hour() {
    let world = World::on_sqlite().await;
    let (account, _) = world.account("acme").await;
    world.agent(&account, Role::Agent, "bob@acme.example").await;
    for _ in 0..5 {
        let wrong = credentials("owner@acme.example", "a wrong password");
        world
            .post("/api/v1/auth/login", As::Nobody, &wrong)
            .await
            .is_problem(401, "wrong-credentials");
    }

    let right = credentials("owner@acme.example", PASSWORD);
    let locked = world.post("/api/v1/auth/login", As::Nobody, &right).await;

    locked.is_problem(429, "busy");
    assert_eq!(locked.headers[header::RETRY_AFTER], "900");
    let other = credentials("bob@acme.example", PASSWORD);
    world.post("/api/v1/auth/login", As::Nobody, &other).await.is(200);
    world.advance(SignedDuration::from_mins(15));
    world.post("/api/v1/auth/login", As::Nobody, &right).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_link_signs_in_once_and_within_the_hour() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let body = |link: &desk::Token| format!(r#"{{"token": "{}"}}"#, link.reveal());
    let used = world.desk.create_login_link(&owner).await.unwrap();
    let old = world.desk.create_login_link(&owner).await.unwrap();

    world.post("/api/v1/auth/login-link", As::Nobody, &body(&used)).await.is(200);

    world
        .post("/api/v1/auth/login-link", As::Nobody, &body(&used))
        .await
        .is_problem(401, "dead-link");
    world.advance(SignedDuration::from_hours(1));
    world
        .post("/api/v1/auth/login-link", As::Nobody, &body(&old))
        .await
        .is_problem(401, "dead-link");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_alone_changes_nothing() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let cookie = world.cookie(&owner).await;
    for (method, path) in
        [("POST", "/api/v1/tags"), ("PATCH", "/api/v1/account"), ("POST", "/api/v1/auth/logout")]
    {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, format!("attune_session={cookie}"))
            .header(header::ORIGIN, "https://evil.example")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(r##"{"name": "VIP", "color": "#123456"}"##))
            .unwrap();

        let answer = world.send(request).await;

        answer.is_problem(403, "csrf");
        assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }
    let tags = world.get("/api/v1/tags", As::Cookie(&cookie)).await.is(200).json();
    assert_eq!(tags["items"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_it_is_revoked_unused_or_old() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let (revoked, here) = (world.cookie(&owner).await, world.cookie(&owner).await);
    let sessions = world.get("/api/v1/auth/sessions", As::Cookie(&revoked)).await.json();
    let current = sessions["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|session| session["current"] == true)
        .unwrap();
    let path = format!("/api/v1/auth/sessions/{}", current["id"]);

    world.call("DELETE", &path, As::Cookie(&here), None).await.is(204);

    world.get("/api/v1/auth/me", As::Cookie(&revoked)).await.is_problem(401, "unauthenticated");
    world.call("DELETE", &path, As::Cookie(&here), None).await.is_problem(404, "not-found");
    for _ in 0..15 {
        world.advance(SignedDuration::from_hours(11));
        world.get("/api/v1/auth/me", As::Cookie(&here)).await.is(200);
    }
    world.advance(SignedDuration::from_hours(4));
    world.get("/api/v1/auth/me", As::Cookie(&here)).await.is_problem(401, "unauthenticated");
    let idle = world.cookie(&owner).await;
    world.advance(SignedDuration::from_hours(12));
    world.get("/api/v1/auth/me", As::Cookie(&idle)).await.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_nowhere_is_offline() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let (here, there) = (world.cookie(&owner).await, world.cookie(&owner).await);
    let path = format!("/api/v1/agents/{}", owner.id);
    let availability =
        async |as_whom| world.get(&path, as_whom).await.json()["availability"].clone();
    world
        .call("PATCH", &path, As::Cookie(&here), Some(r#"{"availability": "away"}"#))
        .await
        .is(200);

    world.call("POST", "/api/v1/auth/logout", As::Cookie(&here), None).await.is(204);

    assert_eq!(availability(As::Cookie(&there)).await, "away", "one session is left");
    let made = world.post("/api/v1/tokens", As::Cookie(&there), r#"{"name": "program"}"#).await;
    let token = made.is(201).json()["token"].as_str().unwrap().to_owned();
    world.call("POST", "/api/v1/auth/logout", As::Cookie(&there), None).await.is(204);
    assert_eq!(availability(As::Token(&token)).await, "offline", "a program is nobody's presence");
    let back = world.cookie(&owner).await;
    assert_eq!(availability(As::Cookie(&back)).await, "online");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_acts_until_it_is_revoked_or_ends() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let ends = jiff::Timestamp::from_millisecond(1_795_000_000_000 + 3_600_000).unwrap();
    let body = format!(r#"{{"name": "short", "expires_at": "{ends}"}}"#);
    let short = world.post("/api/v1/tokens", As::Token(&token), &body).await.is(201).json();
    let short_token = short["token"].as_str().unwrap();
    world.get("/api/v1/auth/me", As::Token(short_token)).await.is(200);

    world.advance(SignedDuration::from_hours(1));
    world.get("/api/v1/auth/me", As::Token(short_token)).await.is_problem(401, "unauthenticated");

    let listed = world.get("/api/v1/tokens", As::Token(&token)).await.is(200);
    assert!(
        !listed.text.contains(&token) && !listed.text.contains(short_token),
        "a secret is shown once"
    );
    for item in listed.json()["items"].as_array().unwrap() {
        world
            .call("DELETE", &format!("/api/v1/tokens/{}", item["id"]), As::Token(&token), None)
            .await;
    }
    world.get("/api/v1/auth/me", As::Token(&token)).await.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_deactivated_loses_everything_at_once() {
    let world = World::on_sqlite().await;
    let (account, owner) = world.account("acme").await;
    let agent = world.agent(&account, Role::Agent, "bob@acme.example").await;
    let (owners, cookie, token) =
        (world.token(&owner).await, world.cookie(&agent).await, world.token(&agent).await);
    let path = format!("/api/v1/agents/{}", agent.id);

    world
        .call("PATCH", &path, As::Token(&owners), Some(r#"{"status": "deactivated"}"#))
        .await
        .is(200);

    world.get("/api/v1/auth/me", As::Cookie(&cookie)).await.is_problem(401, "unauthenticated");
    world.get("/api/v1/auth/me", As::Token(&token)).await.is_problem(401, "unauthenticated");
    let body = credentials("bob@acme.example", PASSWORD);
    world.post("/api/v1/auth/login", As::Nobody, &body).await.is_problem(401, "wrong-credentials");
    let events = world.get("/api/v1/events?limit=100", As::Token(&owners)).await.json();
    let revoked = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["type"] == "session.revoked");
    assert!(revoked.count() >= 2, "open sockets must hear of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_stays() {
    let world = World::on_sqlite().await;
    let (account, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let path = format!("/api/v1/agents/{}", owner.id);

    for change in [r#"{"role": "agent"}"#, r#"{"status": "deactivated"}"#] {
        world
            .call("PATCH", &path, As::Token(&token), Some(change))
            .await
            .is_problem(409, "last-owner");
    }

    world.agent(&account, Role::Owner, "second@acme.example").await;
    world.call("PATCH", &path, As::Token(&token), Some(r#"{"role": "agent"}"#)).await.is(200);
    world.get("/api/v1/events", As::Token(&token)).await.is_problem(403, "denied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_signs_out_everywhere_else() {
    let world = World::on_sqlite().await;
    let (_, owner) = world.account("acme").await;
    let (here, there) = (world.cookie(&owner).await, world.cookie(&owner).await);
    let change = |current: &str, new: &str| {
        serde_json::json!({"current_password": current, "new_password": new}).to_string()
    };
    let path = "/api/v1/auth/password";
    world
        .post(path, As::Cookie(&here), &change("a wrong password", "another long one"))
        .await
        .is_problem(422, "invalid");
    world
        .post(path, As::Cookie(&here), &change(PASSWORD, "password1234"))
        .await
        .is_problem(422, "invalid");

    world.post(path, As::Cookie(&here), &change(PASSWORD, "another long one")).await.is(204);

    world.get("/api/v1/auth/me", As::Cookie(&here)).await.is(200);
    world.get("/api/v1/auth/me", As::Cookie(&there)).await.is_problem(401, "unauthenticated");
    let body = credentials("owner@acme.example", "another long one");
    world.post("/api/v1/auth/login", As::Nobody, &body).await.is(200);
}
