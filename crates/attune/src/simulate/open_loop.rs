//! Visitors that come at a rate, whether or not the server keeps up.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio_util::task::TaskTracker;

use super::client::Target;
use super::process::Cpu;
use super::random::Random;
use super::tally::Tally;
use super::visit::{count, visit};
use super::{Outcome, extend, manners, round};
use crate::cli::Simulate;

/// Sends one visitor after the other and waits until all have left.
pub(super) async fn run(simulate: &Simulate, target: Arc<Target>) -> Outcome {
    let (rate, manners) = (simulate.sessions_per_second, manners(simulate));
    let visitors = (rate * simulate.duration).round().max(1.0) as u64;
    let tally = Arc::new(Mutex::new(Tally::default()));
    let visits = TaskTracker::new();
    let (began_at, before) = (Instant::now(), Cpu::read(simulate.server_pid)?);
    for number in 0..visitors {
        let intended_at = began_at + Duration::from_secs_f64(number as f64 / rate);
        // Those that are due come at once; the clock of timers has milliseconds.
        if intended_at > Instant::now() {
            tokio::time::sleep_until(intended_at.into()).await;
        }
        let random = Random::new(simulate.seed, number);
        let (target, tally) = (target.clone(), tally.clone());
        visits.spawn(async move { visit(&target, manners, random, intended_at, &tally).await });
    }
    let came_in = began_at.elapsed().as_secs_f64();
    visits.close();
    visits.wait().await;
    let seconds = began_at.elapsed().as_secs_f64();
    let used = Cpu::read(simulate.server_pid)?.since(&before);
    let (mut report, mut is_clean, mut complete) = (json!({}), false, 0);
    count(&tally, |tally| {
        report = tally.report();
        is_clean = tally.is_clean();
        complete = tally.complete;
    });
    let per_thousand = |seconds: f64| round(seconds / complete.max(1) as f64 * 1_000.0);
    let more = json!({
        "mode": "open_loop", "rate_wanted": rate, "rate_achieved": round(visitors as f64 / came_in),
        "complete_per_second": round(complete as f64 / seconds), "seconds": round(seconds),
        "server_cpu_seconds": used.server.map(round),
        "server_cpu_per_1000_sessions": used.server.map(per_thousand),
        "client_cpu_seconds": round(used.client), "foreign_cores": round(used.foreign / seconds),
    });
    Ok((extend(report, more), is_clean))
}
