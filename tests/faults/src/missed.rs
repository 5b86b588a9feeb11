//! A client that was away while much happened, and comes back.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::findings::Fault;
use crate::listener::Listener;
use crate::visitor;
use crate::world::World;

/// How many events happen while the client is away, at least.
const EVENTS_MIN: i64 = 10_000;
/// How long it may take to hear of them all.
const TIME_MAX: Duration = Duration::from_secs(2);
/// How many visitors write meanwhile: at the same time, and one after another.
/// Each asks 16 questions, and an answer follows each.
const CLIENTS: usize = 32;
const VISITORS_EACH: usize = 11;

/// Lets an agent miss ten thousand events and come back, and another come back
/// from a future that the server has forgotten. `time_matters` holds
/// for a build whose speed is the one that users get.
pub(crate) async fn come_back(world: &World, time_matters: bool) -> Result<Value> {
    let load = &world.load;
    let away_since = Listener::open(load, None).await?.welcome;
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(visitor::hurry(load.clone(), client, VISITORS_EACH));
    }
    while clients.join_next().await.is_some() {}
    let last = Listener::open(load, None).await?.welcome;

    let began = Instant::now();
    let mut back = Listener::open(load, Some(away_since)).await?;
    let heard = back.read_to(last).await;
    let took = began.elapsed();

    let missed = last - away_since;
    let findings = &load.findings;
    findings.check(heard.is_ok(), Fault::Gap, || {
        format!("an agent who missed {missed} events: {heard:?}")
    });
    findings.check(missed >= EVENTS_MIN, Fault::Lost, || format!("only {missed} events happened"));
    findings.check(!time_matters || took <= TIME_MAX, Fault::Slow, || {
        format!("{missed} events took {took:?}")
    });
    let anew = Listener::open(load, Some(last + 1)).await?;
    findings.check(anew.was_told_to_resync && anew.welcome == last, Fault::Gap, || {
        format!("an agent who has cursor {} of {last} was not told to start anew", last + 1)
    });
    Ok(json!({"test": "missed events", "events": missed, "heard_in_ms": took.as_millis() as u64}))
}
