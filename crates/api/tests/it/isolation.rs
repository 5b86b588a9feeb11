//! Two accounts on one server: whoever asks with another account's ids gets what
//! is said of ids that do not exist, and no word of it anywhere.

use std::collections::HashMap;

use api::{Access, TABLE};
use axum::body::Body;
use axum::http::{Request, header};
use domain::{
    Account, Agent, Conversation, Delivery, DeliveryState, Discovery, EventKind, Findings, Id, Job,
    JobState, Language, ProposedIntent, Release, ReleaseMetrics, ReviewItem, ReviewReason,
    ReviewState, Role, Sample, TestMetrics, Trial, TrialDifference, TrialKind,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::Tx;
use uuid::Uuid;

use crate::visitor::{self, Visit};
use crate::{As, World};

/// Stands in every text of the first account.
const MARK: &str = "向日葵";

/// The ids of one account's nouns, by the path that they are under.
type Nouns = HashMap<&'static str, i64>;

async fn furnish(world: &World, account: &Account, owner: &Agent, token: &str) -> Nouns {
    let who = As::Token(token);
    let named = json!({"name": MARK}).to_string();
    let id = |value: Value| value["id"].as_i64().unwrap();
    let mut nouns = Nouns::new();
    nouns.insert("agents", owner.id.number());
    let colleague = world.agent(account, Role::Agent, "colleague@a.example").await;
    nouns.insert("colleague", colleague.id.number());
    nouns.insert("teams", id(world.post("/api/v1/teams", who, &named).await.is(201).json()));
    let tag = json!({"name": MARK, "color": "#123456"}).to_string();
    nouns.insert("tags", id(world.post("/api/v1/tags", who, &tag).await.is(201).json()));
    let canned = json!({"short_code": MARK, "language": "zh", "text": MARK}).to_string();
    nouns.insert(
        "canned-responses",
        id(world.post("/api/v1/canned-responses", who, &canned).await.is(201).json()),
    );
    nouns.insert("tokens", id(world.post("/api/v1/tokens", who, &named).await.is(201).json()));
    let sessions = world.get("/api/v1/auth/sessions", who).await.is(200).json();
    nouns.insert("sessions", id(sessions["items"][0].clone()));
    let webhook =
        json!({"url": format!("http://127.0.0.1:9/{}", "sunflower"), "events": []}).to_string();
    nouns
        .insert("webhooks", id(world.post("/api/v1/webhooks", who, &webhook).await.is(201).json()));
    let inbox = visitor::inbox(world, token).await;
    nouns.insert("inboxes", inbox["id"].as_i64().unwrap());
    let Visit { conversation, .. } = visitor::visit(world, token, &inbox, MARK).await;
    nouns.insert("conversations", conversation);
    let said = json!({"client_id": Uuid::new_v4(), "text": MARK}).to_string();
    let sent = world
        .post(&format!("/api/v1/conversations/{conversation}/messages"), who, &said)
        .await
        .is(201)
        .json();
    nouns.insert("messages", id(sent));
    let view =
        world.get(&format!("/api/v1/conversations/{conversation}"), who).await.is(200).json();
    let contact = view["contact"]["id"].as_i64().unwrap();
    nouns.insert("contacts", contact);
    world.call("PATCH", &format!("/api/v1/contacts/{contact}"), who, Some(&named)).await.is(200);
    nouns.insert("attachments", upload(world, token).await);
    let (delivery, job) = queue(world, account, Id::new(nouns["webhooks"])).await;
    nouns.insert("deliveries", delivery);
    nouns.insert("jobs", job);
    nouns.insert("examples", 7);
    nouns.insert("releases", release(world, account, owner).await);
    nouns.insert("reviews", learning(world, account, owner, Id::new(conversation)).await);
    nouns
}

/// Something to decide, a trial with a difference, and a discovery.
async fn learning(
    world: &World,
    account: &Account,
    owner: &Agent,
    conversation: Id<Conversation>,
) -> i64 {
    let (owner, now) = (owner.id, world.desk.now());
    let write = world.store.write(account.id, move |tx: Tx| async move {
        let item = ReviewItem {
            id: tx.id()?,
            text_hash: vec![1],
            conversation,
            seq: 1,
            text: MARK.into(),
            language: Language::Zh,
            reason: ReviewReason::Uncertain,
            predicted: "a".into(),
            probability: 0.5,
            release: None,
            suggested: None,
            seen: 1,
            usefulness: 50,
            state: ReviewState::Open,
            decided_intent: None,
            decided_by: None,
            decided_at: None,
            first_seen_at: now,
            last_seen_at: now,
        };
        store::review::save_many(&tx, std::slice::from_ref(&item)).await?;
        let trial = Trial {
            id: tx.id()?,
            release: Id::new(7),
            kind: TrialKind::Shadow,
            share: 0,
            started_by: owner,
            started_at: now,
            turns: 1,
            differed: 1,
            answered: 0,
            answered_handoffs: 0,
            other_handoffs: 0,
        };
        store::trial::save(&tx, &trial).await?;
        let difference = TrialDifference {
            id: tx.id()?,
            conversation,
            seq: 1,
            text: MARK.into(),
            language: Language::Zh,
            released_intent: "a".into(),
            released_probability: 0.5,
            tried_intent: "b".into(),
            tried_probability: 0.5,
            created_at: now,
        };
        store::trial::add_differences(&tx, &[difference], 9).await?;
        let mut discovery = Discovery::begin(tx.id()?, Some(30), owner, now);
        discovery.finish(findings(conversation, now));
        store::discovery::save(&tx, &discovery).await?;
        Ok(item.id.number())
    });
    write.await.unwrap()
}

/// An intent that was found in the first message of a conversation.
fn findings(conversation: Id<Conversation>, now: Timestamp) -> Findings {
    let intent = ProposedIntent {
        name: "a".into(),
        title: MARK.into(),
        keywords: vec![MARK.into()],
        conversations: 1,
        share: 1.0,
        cohesion: 1.0,
        contact_messages: 1.0,
        expected: 1.0,
        known_as: Some(MARK.into()),
        samples: vec![Sample::Said { conversation, seq: 1 }],
    };
    Findings {
        days: Some(30),
        found_at: now,
        conversations: 1,
        without_question: 0,
        unlike_others: 0,
        is_cut: false,
        first_share: 1.0,
        first_expected: 1.0,
        intents: vec![intent],
    }
}

/// A release that was trained, with a test that it missed.
async fn release(world: &World, account: &Account, owner: &Agent) -> i64 {
    let (owner, now) = (owner.id, world.desk.now());
    let metrics = ReleaseMetrics {
        intents: 2,
        examples: 10,
        held_out_accuracy: 0.5,
        held_out_coverage: 0.5,
        calibration_error: 0.5,
        tests: vec![TestMetrics {
            language: Language::Zh,
            tests: 1,
            accuracy: 0.5,
            macro_f1: 0.5,
            coverage: 0.5,
        }],
    };
    let miss = json!({
        "language": "zh", "text": MARK, "expected": "a", "found": "b", "probability": 0.5
    });
    let evaluation = json!({
        "languages": [{
            "language": "zh", "tests": 1, "accuracy": 0.5, "top3": 0.5, "macro_f1": 0.5,
            "coverage": 0.5, "answer_threshold": 0.5, "calibration_error": 0.5,
            "intents": [{"intent": "a", "tests": 1, "precision": 0.5, "recall": 0.5, "f1": 0.5}],
            "confusions": [{"expected": "a", "found": "b", "count": 1}],
        }],
        "misses": [miss],
    });
    let write = world.store.write(account.id, move |tx: Tx| async move {
        let number = store::release::next_number(&tx).await?;
        let mut release = Release::begin(tx.id()?, number, Some(owner), now);
        release.finish(MARK.to_owned(), metrics);
        store::release::save(&tx, &release).await?;
        store::release::keep_evaluation(&tx, release.id, &evaluation.to_string()).await?;
        Ok(release.id.number())
    });
    write.await.unwrap()
}

async fn upload(world: &World, token: &str) -> i64 {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{MARK}.txt\"\r\nContent-Type: text/plain\r\n\r\n{MARK}\r\n--b--\r\n"
    );
    let request = Request::post("/api/v1/attachments")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .unwrap();
    world.send(request).await.is(201).json()["id"].as_i64().unwrap()
}

/// A delivery and a job that were given up.
async fn queue(world: &World, account: &Account, webhook: Id<domain::Webhook>) -> (i64, i64) {
    let now = world.desk.now();
    let write = world.store.write(account.id, move |tx: Tx| async move {
        let delivery = Delivery {
            id: tx.id()?,
            webhook,
            cursor: 1,
            kind: EventKind::MessageCreated,
            state: DeliveryState::Dead,
            attempts: 12,
            status_code: None,
            error: None,
            duration_ms: None,
            next_at: now,
            created_at: now,
        };
        store::webhook::insert_deliveries(&tx, std::slice::from_ref(&delivery)).await?;
        let job = Job {
            id: tx.id()?,
            kind: "delete-blob".into(),
            payload: json!({"kind": "delete-blob", "key": MARK}),
            attempts: 12,
            state: JobState::Dead,
            last_error: Some(MARK.into()),
            run_at: now,
            created_at: now,
        };
        store::job::insert(&tx, &job).await?;
        Ok((delivery.id.number(), job.id.number()))
    });
    write.await.unwrap()
}

/// A body that would be accepted if the ids were one's own.
fn body(path: &str, own_agent: i64) -> Value {
    match path.rsplit('/').next().unwrap() {
        "messages" | "notes" => json!({"client_id": Uuid::new_v4(), "text": "mine"}),
        "assign" => json!({"agent_id": null}),
        "transfer" => json!({"agent_id": own_agent}),
        "snooze" => json!({"until": null}),
        "reopen" => json!({"to": "open"}),
        "priority" => json!({"priority": "high"}),
        "tags" => json!({"tags": []}),
        "render" => json!({"conversation_id": 1}),
        "decide" => json!({"decision": "reject"}),
        "agents" => json!({"agents": []}),
        _ => json!({}),
    }
}

/// Fills a template with the first account's ids; `None` if it names no noun.
fn fill(template: &str, nouns: &Nouns) -> Option<String> {
    let (before, after) = template.split_once("{id}")?;
    let noun = before.trim_end_matches('/').rsplit('/').next().unwrap();
    let id = nouns.get(noun).unwrap_or_else(|| panic!("the test has no {noun}"));
    let path = format!("{before}{id}{after}");
    let path = path.replace("{message_id}", &nouns["messages"].to_string());
    Some(path.replace("{delivery_id}", &nouns["deliveries"].to_string()))
}

async fn nothing_of_another_account_can_be_reached(world: World) {
    let (a, owner_a) = world.account("a").await;
    let (_, owner_b) = world.account("b").await;
    let (token_a, token_b) = (world.token(&owner_a).await, world.token(&owner_b).await);
    let nouns = furnish(&world, &a, &owner_a, &token_a).await;
    let (theirs, ours) = (As::Token(&token_b), As::Token(&token_a));
    let before = snapshot(&world, ours, &nouns).await;

    let mut asked = 0;
    for (method, template, access) in TABLE {
        let Access::Agent(_) = access else { continue };
        let is_write = *method != "GET";
        match fill(template, &nouns) {
            Some(path) => {
                let body = is_write.then(|| body(&path, owner_b.id.number()).to_string());
                let answer = world.call(method, &path, theirs, body.as_deref()).await;
                assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text);
                assert!(!answer.text.contains(MARK), "{method} {path}: {}", answer.text);
                asked += 1;
            }
            None if !is_write => {
                let query = if template.ends_with("/search") {
                    format!("?q={}", "%E5%90%91%E6%97%A5%E8%91%B5")
                } else {
                    String::new()
                };
                let answer = world.get(&format!("{template}{query}"), theirs).await.is(200);
                assert!(
                    !answer.text.contains(MARK) && !answer.text.contains("sunflower"),
                    "{template}: {}",
                    answer.text
                );
                asked += 1;
            }
            None => {}
        }
    }
    assert!(asked > 50, "only {asked} routes were asked");

    assert_eq!(snapshot(&world, ours, &nouns).await, before, "something changed");
    lend(&world, theirs, &token_b, &nouns).await;
}

/// Names the other account's nouns inside one's own.
async fn lend(world: &World, theirs: As<'_>, token_b: &str, nouns: &Nouns) {
    let inbox = visitor::inbox(world, token_b).await;
    let Visit { conversation, token } = visitor::visit(world, token_b, &inbox, "mine").await;
    let path = format!("/api/v1/conversations/{conversation}");
    let team = world.post("/api/v1/teams", theirs, r#"{"name": "mine"}"#).await.is(201).json();
    for (method, path, body) in [
        ("POST", format!("{path}/assign"), json!({"agent_id": nouns["colleague"]})),
        ("POST", format!("{path}/transfer"), json!({"team_id": nouns["teams"]})),
        ("PUT", format!("{path}/tags"), json!({"tags": [nouns["tags"]]})),
        (
            "PUT",
            format!("/api/v1/teams/{}/agents", team["id"]),
            json!({"agents": [nouns["colleague"]]}),
        ),
        (
            "POST",
            format!("{path}/messages"),
            json!({"client_id": Uuid::new_v4(), "text": "x", "attachments": [nouns["attachments"]]}),
        ),
        ("DELETE", format!("{path}/messages/{}", nouns["messages"]), json!({})),
    ] {
        let answer = world.call(method, &path, theirs, Some(&body.to_string())).await;
        assert!(
            matches!(answer.status.as_u16(), 404 | 409 | 422),
            "{method} {path}: {} {}",
            answer.status,
            answer.text
        );
        assert!(!answer.text.contains(MARK), "{method} {path}: {}", answer.text);
    }
    let file = format!("/api/v1/visitor/attachments/{}", nouns["attachments"]);
    world.get(&file, As::Token(&token)).await.is_problem(404, "not-found");
}

/// What the first account's owner sees of all that was asked for.
async fn snapshot(world: &World, who: As<'_>, nouns: &Nouns) -> Vec<String> {
    let mut seen = Vec::new();
    for (method, template, access) in TABLE {
        let Access::Agent(_) = access else { continue };
        // Addresses of files carry the time, the last use of a token as well.
        let moves = template.contains("attachments")
            || template.contains("auth")
            || template.contains("tokens");
        if *method == "GET" && !moves {
            let path = fill(template, nouns).unwrap_or_else(|| (*template).to_owned());
            seen.push(format!("{path}: {}", world.get(&path, who).await.text));
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_account_can_be_reached_on_sqlite() {
    nothing_of_another_account_can_be_reached(World::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_account_can_be_reached_on_postgres() {
    nothing_of_another_account_can_be_reached(World::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_what_the_document_says() {
    let world = World::on_sqlite().await;
    let (account, owner) = world.account("a").await;
    let token = world.token(&owner).await;
    let nouns = furnish(&world, &account, &owner, &token).await;
    let document = serde_json::to_value(api::document()).unwrap();

    for (method, template, access) in TABLE {
        let (Access::Agent(_), "GET") = (access, *method) else { continue };
        let path = fill(template, &nouns).unwrap_or_else(|| (*template).to_owned());
        let query = if template.ends_with("/search") { "?q=x" } else { "" };
        let answer = world.get(&format!("{path}{query}"), As::Token(&token)).await.is(200).json();
        let schema = &document["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]
            ["schema"];
        conforms(&document, schema, &answer, &path);
    }
}

/// Checks that a value has the properties of its schema, all of them, and only
/// them, and that words are among those that are listed.
fn conforms(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = document.pointer(reference.strip_prefix('#').unwrap()).unwrap();
        return conforms(document, schema, value, place);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choice = choices.iter().find(|choice| (choice["type"] == "null") == value.is_null());
        return choice.map_or_else(
            || panic!("{place}: {value}"),
            |choice| conforms(document, choice, value, place),
        );
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{place}: {value} is none of {words:?}");
    }
    match value {
        Value::Object(fields) => {
            let properties =
                schema["properties"].as_object().unwrap_or_else(|| panic!("{place}: {schema}"));
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(fields.contains_key(name.as_str().unwrap()), "{place} lacks {name}");
            }
            for (name, field) in fields {
                // An event says more of what only its kind has.
                if place.ends_with("/data") && !properties.contains_key(name) {
                    continue;
                }
                let schema = properties
                    .get(name)
                    .unwrap_or_else(|| panic!("{place}/{name} is not in the document"));
                conforms(document, schema, field, &format!("{place}/{name}"));
            }
        }
        Value::Array(items) => {
            items.iter().for_each(|item| conforms(document, &schema["items"], item, place));
        }
        _ => {
            let kind = match value {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(number) if number.is_f64() => "number",
                Value::Number(_) => "integer",
                _ => "string",
            };
            let kinds = &schema["type"];
            let fits = kinds == kind
                || kinds.as_array().is_some_and(|kinds| kinds.iter().any(|own| own == kind));
            assert!(fits || schema["enum"].is_array(), "{place}: {value} is no {kinds}");
        }
    }
}
