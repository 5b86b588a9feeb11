//! Connections that are always busy: how much the server can take.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio_util::task::TaskTracker;

use super::client::{Target, Trouble};
use super::process::Cpu;
use super::random::Random;
use super::tally::Tally;
use super::visit::{Manners, Visitor, count};
use super::{Outcome, extend, manners, round};
use crate::cli::Simulate;

/// How long the server may warm up before anything counts.
const WARM_UP: Duration = Duration::from_secs(1);

/// Keeps every connection busy for the duration.
pub(super) async fn run(simulate: &Simulate, target: Arc<Target>, connections: usize) -> Outcome {
    let manners = manners(simulate);
    let tally = Arc::new(Mutex::new(Tally::default()));
    let until = Instant::now() + WARM_UP + Duration::from_secs_f64(simulate.duration);
    let visits = TaskTracker::new();
    for number in 0..connections {
        let random = Random::new(simulate.seed, number as u64);
        let (target, tally) = (target.clone(), tally.clone());
        visits.spawn(async move {
            count(&tally, |tally| tally.sessions += 1);
            let result = stay(&target, random, manners, until, &tally).await;
            count(&tally, |tally| match result {
                Ok(()) => tally.complete += 1,
                Err(trouble) => tally.trouble(trouble),
            });
        });
    }
    visits.close();
    tokio::time::sleep(WARM_UP).await;
    let (began_at, before) = (Instant::now(), Cpu::read(simulate.server_pid)?);
    let mut answers_before = 0;
    count(&tally, |tally| answers_before = tally.answers);
    tokio::time::sleep_until(until.into()).await;
    let mut answers = 0;
    count(&tally, |tally| answers = tally.answers - answers_before);
    let (seconds, used) =
        (began_at.elapsed().as_secs_f64(), Cpu::read(simulate.server_pid)?.since(&before));
    visits.wait().await;
    let (mut report, mut is_clean) = (json!({}), false);
    count(&tally, |tally| {
        report = tally.report();
        is_clean = tally.is_clean();
    });
    let each = |seconds: f64| round(seconds * 1e6 / answers.max(1) as f64);
    let more = json!({
        "mode": "closed_loop", "connections": connections, "seconds": round(seconds),
        "questions_per_second": round(answers as f64 / seconds),
        // A question and its answer are two durable messages.
        "messages_per_second": round(2.0 * answers as f64 / seconds),
        "server_cpu_seconds": used.server.map(round), "server_cpu_us_per_question": used.server.map(each),
        "client_cpu_seconds": round(used.client), "foreign_cores": round(used.foreign / seconds),
    });
    Ok((extend(report, more), is_clean))
}

/// Keeps one connection's worth of visitors busy, one after the other. Each asks
/// its questions at once, and may ask no more than the server allows, which is 20.
async fn stay(
    target: &Target,
    mut random: Random,
    manners: Manners,
    until: Instant,
    tally: &Mutex<Tally>,
) -> Result<(), Trouble> {
    while Instant::now() < until {
        let mut visitor =
            Visitor::enter(target, random.split(), Instant::now(), manners.patience, tally).await?;
        for _ in 0..manners.questions {
            if Instant::now() < until {
                visitor.ask(Instant::now(), manners.patience).await?;
            }
        }
        visitor.leave().await;
    }
    Ok(())
}
