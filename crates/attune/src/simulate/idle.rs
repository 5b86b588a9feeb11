//! Connections that say nothing: what each costs the server in memory.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use serde_json::json;

use super::client::{Client, Target, Trouble, parse};
use super::process::resident_bytes;
use super::{Outcome, manners, round};
use crate::cli::Simulate;

/// How many connections are opened at once.
const AT_ONCE: usize = 64;

/// Opens the connections, holds them for the duration, and asks each whether it still lives.
pub(super) async fn run(simulate: &Simulate, target: &Target, connections: usize) -> Outcome {
    let patience = manners(simulate).patience;
    let resident = || simulate.server_pid.map(resident_bytes).transpose();
    let before = resident()?;
    let opening =
        (0..connections).map(|_| tokio::time::timeout(patience, Client::open(target, "zh")));
    let opened: Vec<_> = stream::iter(opening).buffer_unordered(AT_ONCE).collect().await;
    let clients: Vec<Client> = opened.into_iter().filter_map(|opened| opened.ok()?.ok()).collect();
    let held = clients.len();
    tokio::time::sleep(Duration::from_secs_f64(simulate.duration)).await;
    let after = resident()?;
    let asking = clients.into_iter().map(|client| tokio::time::timeout(patience, answers(client)));
    let answered: Vec<_> = stream::iter(asking).buffer_unordered(AT_ONCE).collect().await;
    let alive = answered.into_iter().filter(|answered| matches!(answered, Ok(Ok(())))).count();
    let each = before
        .zip(after)
        .map(|(before, after)| round((after as f64 - before as f64) / held.max(1) as f64));
    let report = json!({
        "mode": "idle", "connections": connections, "held": held, "alive": alive,
        "resident_bytes_before": before, "resident_bytes_after": after, "bytes_each": each,
    });
    Ok((report, held == connections && alive == connections))
}

/// Waits for the answer to a ping.
async fn answers(mut client: Client) -> Result<(), Trouble> {
    client.ping().await?;
    loop {
        let text = client.next().await?;
        if parse(&text)?.kind == "pong" {
            client.close().await;
            return Ok(());
        }
    }
}
