//! Clients that stop reading: they are cut off, cost little, and nobody else
//! notices them.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::findings::Fault;
use crate::listener::Listener;
use crate::visitor;
use crate::world::World;

/// How many clients stop reading.
const STALLED: usize = 40;
/// How little their systems buffer for them.
const RECEIVE_BYTES: u32 = 4_096;
/// After how long they must be cut off: the server waits ten seconds for them.
const STALL_TIME: Duration = Duration::from_secs(14);
/// How much memory each may cost the server, and how much all else that goes on.
const BYTES_EACH_MAX: u64 = 1 << 20;
const BYTES_BESIDE_MAX: u64 = 24 << 20;
/// How long the slowest percent of acknowledgements may take meanwhile.
const ACK_TIME_MAX: Duration = Duration::from_millis(250);
/// How long after everything has ended a client that reads may still hear of it.
const HEARD_TIME_MAX: Duration = Duration::from_secs(30);
/// How many visitors write meanwhile.
const CLIENTS: usize = 8;

/// Lets clients stop reading while others go on. There must be a long log.
pub(crate) async fn stop_reading(world: &World, time_matters: bool) -> Result<Value> {
    let load = &world.load;
    let findings = &load.findings;
    let server = &world.servers[0];
    let reader = Listener::open(load, None).await?;
    let (end, ended) = watch::channel(i64::MAX);
    let reading = tokio::spawn(read_until(reader, ended));
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(visitor::come_and_go(load.clone(), client));
    }
    sleep(Duration::from_secs(2)).await;
    let quiet = percentile_99(load.take_ack_times());
    let resident_before = server.resident_bytes()?;

    let mut stalled = Vec::with_capacity(STALLED);
    for _ in 0..STALLED {
        stalled.push(Listener::open_with(load, Some(0), Some(RECEIVE_BYTES)).await?);
    }
    let began = Instant::now();
    let mut resident_max = 0;
    while began.elapsed() < STALL_TIME {
        sleep(Duration::from_millis(100)).await;
        resident_max = server.resident_bytes()?.max(resident_max);
    }
    let busy = percentile_99(load.take_ack_times());
    load.end();
    while clients.join_next().await.is_some() {}
    let last = Listener::open(load, None).await?.welcome;

    let mut cut_off = 0;
    for mut listener in stalled {
        let ended = listener.read_to(last).await;
        findings.check(ended.is_err(), Fault::Refused, || {
            "a client that did not read was not cut off".into()
        });
        cut_off += usize::from(ended.is_err());
        let mut back = Listener::open(load, Some(listener.cursor)).await?;
        let resumed = back.read_to(last).await;
        findings.check(resumed.is_ok(), Fault::Gap, || format!("after being cut off: {resumed:?}"));
    }
    end.send_replace(last);
    let healthy = finish(reading).await?;
    findings
        .check(healthy, Fault::Lost, || "a client that did read did not hear everything".into());
    let grown = resident_max.saturating_sub(resident_before);
    let grown_max = STALLED as u64 * BYTES_EACH_MAX + BYTES_BESIDE_MAX;
    findings.check(grown <= grown_max, Fault::Slow, || {
        format!("{STALLED} clients that do not read cost {} KiB", grown / 1_024)
    });
    findings.check(!time_matters || busy <= ACK_TIME_MAX, Fault::Slow, || {
        format!("acknowledgements took {busy:?} beside clients that do not read, {quiet:?} without")
    });
    Ok(json!({
        "test": "stalled clients", "stalled": STALLED, "cut_off": cut_off,
        "resident_before_kib": resident_before / 1_024, "resident_growth_kib": grown / 1_024,
        "ack_ms_p99_before": quiet.as_secs_f64() * 1e3, "ack_ms_p99_meanwhile": busy.as_secs_f64() * 1e3,
    }))
}

/// Reads until it has heard the event that is told to be the last.
async fn read_until(mut reader: Listener, last: watch::Receiver<i64>) -> Result<()> {
    while reader.cursor < *last.borrow() {
        // Now and then it looks whether it has heard the last already.
        if let Ok(event) = tokio::time::timeout(Duration::from_millis(500), reader.next()).await {
            event?;
        }
    }
    Ok(())
}

/// Whether a client heard everything, in time.
async fn finish(reading: JoinHandle<Result<()>>) -> Result<bool> {
    match tokio::time::timeout(HEARD_TIME_MAX, reading).await {
        Ok(read) => read?.map(|()| true),
        Err(_) => Ok(false),
    }
}

fn percentile_99(times: Vec<Duration>) -> Duration {
    times.get(times.len().saturating_sub(1) * 99 / 100).copied().unwrap_or_default()
}
