//! A trainer's way through the interface: examples, a release, its evaluation, its
//! publication, a decision of the review queue, a trial, and back.

use std::fs;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::visitor::{self, Visit};
use crate::{Answer, As, World};

const BOT: &str = include_str!("../../../desk/tests/it/bot.yml");

/// Gives an account a bot with two intents.
fn write_bot(world: &World, account: domain::Id<domain::Account>) {
    let files = desk::Workshop::in_folder(world._folder.path()).files(account);
    fs::create_dir_all(files.join("intents")).unwrap();
    fs::write(files.join("bot.yml"), BOT).unwrap();
    fs::write(files.join("test.zh.tsv"), "refund\t想退款\nparcel\t物流信息\nparcel\t钱\n").unwrap();
    let refund = ["我要退款", "退钱给我", "申请退款", "钱怎么退", "退款多久到"];
    let parcel = ["快递到哪了", "包裹什么时候到", "查一下物流", "我的货呢", "发货了吗"];
    for (intent, examples) in [("refund", refund), ("parcel", parcel)] {
        let examples = examples.map(|one| format!("  - {one}\n")).concat();
        let text =
            format!("intent: {intent}\ntitle: {intent}\nexamples:\n{examples}answer: 好的。\n");
        fs::write(files.join(format!("intents/{intent}.zh.yml")), text).unwrap();
    }
}

impl World {
    /// Asks again and again until an answer is as it should be.
    async fn until(&self, path: &str, who: As<'_>, is_there: impl Fn(&Value) -> bool) -> Value {
        let mut often = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..1_500 {
            often.tick().await;
            let seen = self.get(path, who).await.is(200).json();
            if is_there(&seen) {
                return seen;
            }
        }
        panic!("{path} never became what it should");
    }

    /// Has what was asked in a table discovered.
    async fn post_table(&self, who: As<'_>, media_type: &str, table: &str) -> Answer {
        let As::Token(token) = who else { panic!("a program brings a table") };
        let request = Request::post("/api/v1/nlu/discover")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, media_type)
            .body(Body::from(table.to_owned()));
        self.send(request.unwrap()).await
    }

    async fn trained(&self, who: As<'_>) -> Value {
        let begun = self.call("POST", "/api/v1/nlu/releases", who, None).await.is(202).json();
        let path = format!("/api/v1/nlu/releases/{}", begun["id"]);
        self.until(&path, who, |release| release["state"] == "candidate").await
    }
}

/// Waits until a discovery has ended, and returns it.
async fn until_no_discovery(world: &World, who: As<'_>) -> Value {
    let ended = |seen: &Value| seen["discovery"]["state"] != "running";
    let seen = world.until("/api/v1/nlu/discover", who, ended).await;
    assert_eq!(seen["discovery"]["state"], "done", "{seen}");
    seen["discovery"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trainer_teaches_measures_publishes_tries_and_goes_back() {
    let world = World::on_sqlite().await;
    let (account, owner) = world.account("acme").await;
    let trainer = world.agent(&account, domain::Role::Trainer, "tao@acme.example").await;
    let (owner, trainer) = (world.token(&owner).await, world.token(&trainer).await);
    let who = As::Token(&trainer);
    world.call("POST", "/api/v1/nlu/releases", who, None).await.is_problem(409, "no-bot-files");
    write_bot(&world, account.id);
    let shutdown = CancellationToken::new();
    let (worker, assistant) = (world.desk.clone(), world.desk.clone());
    let (one, other) = (shutdown.clone(), shutdown.clone());
    tokio::spawn(async move { worker.run_worker(one).await });
    tokio::spawn(async move { assistant.run_assistant(other).await });

    // A release, what it is worth, and its publication.
    let first = world.trained(who).await;
    let path = format!("/api/v1/nlu/releases/{}", first["id"]);
    let evaluation = world.get(&format!("{path}/evaluation"), who).await.is(200).json();
    assert_eq!(evaluation["languages"][0]["tests"], 3);
    let missed =
        world.get(&format!("{path}/misses?expected=parcel&found=refund"), who).await.is(200).json();
    assert_eq!(missed["items"][0]["text"], "钱", "{missed}");
    let others = world.get(&format!("{path}/misses?expected=refund"), who).await.is(200).json();
    assert_eq!(others["items"], json!([]));
    world
        .call("POST", "/api/v1/nlu/releases/roll-back", who, None)
        .await
        .is_problem(409, "no-previous-release");
    world.call("POST", &format!("{path}/publish"), who, None).await.is(200);

    // An example, and a release that knows it.
    let new = json!({"intent": "refund", "language": "zh", "text": "不要了"}).to_string();
    let added = world.post("/api/v1/nlu/examples", who, &new).await.is(201).json();
    let found = world.get("/api/v1/nlu/examples?q=%E4%B8%8D%E8%A6%81%E4%BA%86", who).await.is(200);
    assert_eq!(found.json()["items"], json!([added]));
    let second = world.trained(who).await;
    let compare = json!({"first_id": second["id"]}).to_string();
    let compared = world.post("/api/v1/nlu/compare", who, &compare).await.is(200).json();
    assert_eq!(compared["tests"], 3);
    let ask = json!({"text": "不要了", "release_id": second["id"]}).to_string();
    let parsed = world.post("/api/v1/nlu/parse", who, &ask).await.is(200).json();
    assert_eq!(parsed["intents"][0]["intent"], "refund");
    assert_eq!(parsed["entities"], json!([]));
    let ask = json!({"text": "订单号 ZM88213 退 20%"}).to_string();
    let named = world.post("/api/v1/nlu/parse", who, &ask).await.is(200).json()["entities"].clone();
    let order = json!({"kind": "order_number", "text": "ZM88213", "start": 4, "end": 11, "role": null,
        "value": {"type": "order_number", "number": "ZM88213"}});
    assert_eq!((&named[0], &named[1]["value"]["value"]), (&order, &json!("20")));
    assert!(parsed["explanation"][0]["weight"].as_f64().unwrap() > 0.0, "{parsed}");

    // A trial, and what ends it.
    let shadow = json!({"release_id": second["id"], "kind": "shadow"}).to_string();
    world.call("PUT", "/api/v1/nlu/trial", who, Some(&shadow)).await.is(200);
    let running = world.get("/api/v1/nlu/trial", who).await.is(200).json();
    assert_eq!(running["trial"]["release_id"], second["id"]);
    let gray = json!({"release_id": second["id"], "kind": "gray", "share": 100}).to_string();
    world.call("PUT", "/api/v1/nlu/trial", who, Some(&gray)).await.is_problem(422, "invalid");
    let publish = format!("/api/v1/nlu/releases/{}/publish", second["id"]);
    world.call("POST", &publish, who, None).await.is(200);
    assert_eq!(world.get("/api/v1/nlu/trial", who).await.json()["trial"], Value::Null);

    // What visitors ask about.
    let begun = world.post("/api/v1/nlu/discover", who, r#"{"days": 30}"#).await.is(202).json();
    assert_eq!((&begun["state"], &begun["findings"]), (&json!("running"), &Value::Null));
    world.post("/api/v1/nlu/discover", who, r#"{"days": 0}"#).await.is_problem(422, "invalid");
    let known = world.get("/api/v1/nlu/discover", who).await.is(200).json();
    assert_eq!(known["discovery"]["id"], begun["id"]);

    until_no_discovery(&world, who).await;

    // What was asked elsewhere.
    let table = "会话,角色,内容\n1,客户,怎么取消订单\n2,客户,取消订单在哪\n3,客户,订单怎么取消\n";
    let begun = world.post_table(who, "text/csv; charset=utf-8", table).await.is(202).json();
    assert_eq!((&begun["state"], &begun["days"]), (&json!("running"), &Value::Null));
    let found = until_no_discovery(&world, who).await;
    assert_eq!(found["findings"]["conversations"], 3);
    for sample in found["findings"]["intents"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|intent| intent["samples"].as_array().unwrap())
    {
        assert!(table.contains(sample["text"].as_str().unwrap()), "{sample}");
        assert_eq!(sample["conversation_id"], Value::Null);
    }
    let wrong = world.post_table(who, "text/csv", "会话,内容\n1,在吗\n,取消\n").await;
    wrong.is_problem(422, "invalid");
    let detail = wrong.json()["errors"][0]["detail"].clone();
    assert!(detail.as_str().unwrap().starts_with("line 3: the line names no"), "{detail}");
    world.post_table(who, "text/plain", table).await.is_problem(415, "wrong-media-type");
    let large = "a".repeat(desk::PAST_BYTES_MAX + 1);
    world.post_table(who, "text/csv", &large).await.is_problem(413, "too-large");

    // An intent that is made of it.
    let new = json!({"name": "cancel_order", "language": "zh", "title": "取消订单",
        "examples": ["怎么取消订单", "我要退款"]});
    let refused = world.post("/api/v1/nlu/intents", who, &new.to_string()).await;
    refused.is_problem(422, "invalid");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/examples/1");
    let new = json!({"name": "cancel_order", "language": "zh", "title": "取消订单",
        "answer": "在订单页面取消。", "examples": ["怎么取消订单"]});
    let added = world.post("/api/v1/nlu/intents", who, &new.to_string()).await.is(201).json();
    assert_eq!(added["languages"][0]["examples"], 1);
    world.post("/api/v1/nlu/intents", who, &new.to_string()).await.is_problem(409, "name-taken");

    // What a visitor said, reported and decided.
    let inbox = visitor::inbox(&world, &owner).await;
    let Visit { conversation, .. } = visitor::visit(&world, &owner, &inbox, "东西没来").await;
    let report = json!({"conversation_id": conversation, "seq": 1, "intent": "parcel"}).to_string();
    let item = world.post("/api/v1/nlu/reviews", who, &report).await.is(201).json();
    let listed = world.get("/api/v1/nlu/reviews?reason=corrected", who).await.is(200).json();
    assert_eq!(listed["items"][0]["text"], "东西没来");
    assert!(world.get("/api/v1/nlu/reviews/counts", who).await.json()["open"].as_i64() >= Some(1));
    let decide = format!("/api/v1/nlu/reviews/{}/decide", item["id"]);
    let half = r#"{"decision": "correct"}"#;
    world.post(&decide, who, half).await.is_problem(422, "invalid");
    let decided = world.post(&decide, who, r#"{"decision": "accept"}"#).await.is(200).json();
    assert_eq!(
        (&decided["state"], &decided["decided_intent"]),
        (&json!("accepted"), &json!("parcel"))
    );
    world.post(&decide, who, r#"{"decision": "reject"}"#).await.is_problem(409, "stale");
    let learned = world.get("/api/v1/nlu/examples?intent=parcel&limit=100", who).await.json();
    let texts = learned["items"].as_array().unwrap().iter().map(|one| one["text"].clone());
    assert!(texts.collect::<Vec<_>>().contains(&json!("东西没来")));

    // And back.
    let back = world.call("POST", "/api/v1/nlu/releases/roll-back", who, None).await.is(200).json();
    assert_eq!(back["id"], first["id"]);
    let ask = json!({"text": "不要了"}).to_string();
    let mut often = tokio::time::interval(Duration::from_millis(20));
    let works_again = async {
        loop {
            often.tick().await;
            let parsed = world.post("/api/v1/nlu/parse", who, &ask).await.is(200).json();
            if parsed["release_id"] == first["id"] {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), works_again).await.unwrap();
    shutdown.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_who_grows_angry_gets_a_person_who_sees_why() {
    let world = World::on_sqlite().await;
    let (account, owner) = world.account("acme").await;
    let token = world.token(&owner).await;
    let who = As::Token(&token);
    write_bot(&world, account.id);
    world.desk.load_bots().await.unwrap();
    let inbox = json!({"name": "Web", "bot": true, "allowed_origins": []}).to_string();
    let inbox = world.post("/api/v1/inboxes", who, &inbox).await.is(201).json();

    let first = "太气人了，气死我了，快递到哪了";
    let Visit { token: visitor, conversation } =
        visitor::visit(&world, &token, &inbox, "快递到哪了").await;
    let path = format!("/api/v1/conversations/{conversation}");
    let calm = world.get(&path, who).await.is(200).json();
    let mut seen = Vec::new();
    for text in [first, "还是没到，真让人火大！"] {
        let body = json!({"client_id": uuid::Uuid::new_v4(), "text": text}).to_string();
        world.post("/api/v1/visitor/messages", As::Token(&visitor), &body).await.is(201);
        seen.push(world.get(&path, who).await.is(200).json());
    }

    assert_eq!((&calm["mood"], &calm["status"]), (&Value::Null, &json!("bot")));
    assert_eq!(seen[0]["mood"], json!({"emotion": "anger", "strength": 0.6}));
    assert_eq!(seen[0]["status"], "bot", "one angry word is answered");
    assert_eq!(seen[1]["mood"]["emotion"], "anger");
    assert_eq!(seen[1]["handoff"]["reason"], "angry", "{}", seen[1]);
    let summary = seen[1]["handoff"]["summary"].as_str().unwrap();
    assert!(summary.ends_with("对方接连几条消息都有怒气"), "{summary}");
    let events = world.get("/api/v1/events?limit=100", who).await.is(200).json();
    let told = events["items"].as_array().unwrap().iter();
    let handed = told.filter(|event| event["type"] == "conversation.handed_off");
    let moods: Vec<&Value> = handed.map(|event| &event["data"]["conversation"]["mood"]).collect();
    assert_eq!(moods, [&seen[1]["mood"]]);
}
