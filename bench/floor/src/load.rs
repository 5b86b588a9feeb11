//! The load generator: a closed loop over many connections, measured from send to durable ack.
//!
//! Connections sit in pairs in rooms, so every message costs one ack and two broadcasts. Each keeps
//! `--inflight` messages on their way. The first second warms up; then `--duration` seconds count.
//! One line of JSON says what came out, and also how many cores *other* processes used meanwhile,
//! because a disturbed run measures the disturbance.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use uuid::Uuid;

use crate::args::Args;

const WARM_UP: Duration = Duration::from_secs(1);
/// Linux counts the time of processes in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

const WARMING: u8 = 0;
const MEASURING: u8 = 1;
const DRAINING: u8 = 2;

#[derive(Clone)]
struct Plan {
    url: String,
    inflight: usize,
    text: Arc<str>,
    phase: Arc<AtomicU8>,
}

/// What one connection saw.
#[derive(Default)]
struct Seen {
    latencies_us: Vec<u32>,
    sent: u64,
    acked: u64,
    acked_in_time: u64,
    heard: u64,
}

#[derive(Deserialize)]
struct Ack<'a> {
    client_id: &'a str,
}

/// Runs the load that `args` describe, and prints what came out.
pub(crate) fn run(mut args: Args) -> anyhow::Result<()> {
    let url = args.text("--url", "ws://127.0.0.1:9000");
    let connections = args.number("--connections", 100)?;
    let duration = Duration::from_secs(args.number("--duration", 10)? as u64);
    let inflight = args.number("--inflight", 8)?;
    let text = "我想查询基金的收益情况 ".repeat(args.number("--text-repeat", 2)?).into();
    let server = args.number("--server-pid", 0)?;
    let threads = args.number("--threads", 1)?;
    args.finish()?;
    ensure!(connections % 2 == 0, "--connections wants an even number: rooms have two sides");

    let plan = Plan { url, inflight, text, phase: Arc::new(AtomicU8::new(WARMING)) };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    runtime.block_on(measure(plan, connections, duration, server))
}

async fn measure(
    plan: Plan,
    connections: usize,
    duration: Duration,
    server: usize,
) -> anyhow::Result<()> {
    let run = format!("{:08x}", Uuid::new_v4().as_fields().0);
    let talks: Vec<_> = (0..connections)
        .map(|n| tokio::spawn(talk(plan.clone(), format!("{run}-{}", n / 2), n as u64)))
        .collect();
    tokio::time::sleep(WARM_UP).await;
    let (started, before) = (Instant::now(), Cpu::read(server)?);
    plan.phase.store(MEASURING, Ordering::Relaxed);
    tokio::time::sleep(duration).await;
    plan.phase.store(DRAINING, Ordering::Relaxed);
    let (seconds, used) = (started.elapsed().as_secs_f64(), Cpu::read(server)?.since(&before));

    let mut total = Seen::default();
    for talk in talks {
        total.add(talk.await??);
    }
    let Seen { mut latencies_us, sent, acked, acked_in_time, heard } = total;
    latencies_us.sort_unstable();
    ensure!(!latencies_us.is_empty(), "no message was acknowledged");
    let last = latencies_us.len() - 1;
    let quantile_ms = |q: f64| f64::from(latencies_us[(last as f64 * q) as usize]) / 1000.0;
    let report = serde_json::json!({
        "connections": connections, "inflight": plan.inflight, "text_bytes": plan.text.len(), "seconds": seconds,
        "messages_per_second": (acked_in_time as f64 / seconds).round(),
        "p50_ms": quantile_ms(0.5), "p99_ms": quantile_ms(0.99), "max_ms": quantile_ms(1.0),
        "sent": sent, "acked": acked, "lost": sent - acked, "heard": heard,
        "client_cpu_seconds": used.client, "server_cpu_seconds": used.server,
        "server_cpu_us_per_message": used.server * 1e6 / acked_in_time as f64, "foreign_cores": used.foreign / seconds,
    });
    println!("{report}");
    ensure!(sent == acked, "{} messages were never acknowledged", sent - acked);
    Ok(())
}

/// Keeps messages on their way until told to drain, then waits for the last ack.
async fn talk(plan: Plan, room: String, seed: u64) -> anyhow::Result<Seen> {
    let url = format!("{}/?room={room}", plan.url);
    let config = WebSocketConfig::default().read_buffer_size(8 << 10).write_buffer_size(8 << 10);
    let (mut socket, _) = tokio_tungstenite::connect_async_with_config(url, Some(config), true)
        .await
        .context("connect")?;
    let (mut seen, mut ids) = (Seen::default(), Ids(seed));
    let mut waiting: VecDeque<(String, Instant, bool)> = VecDeque::with_capacity(plan.inflight);
    loop {
        let phase = plan.phase.load(Ordering::Relaxed);
        let missing = if phase == DRAINING { 0 } else { plan.inflight - waiting.len() };
        for _ in 0..missing {
            let client_id = ids.next();
            socket.feed(Frame::text(said(&client_id, &plan.text))).await?;
            waiting.push_back((client_id, Instant::now(), phase == MEASURING));
            seen.sent += 1;
        }
        if missing > 0 {
            socket.flush().await?;
        }
        if waiting.is_empty() {
            return Ok(seen);
        }
        let mut frame = socket.next().await.context("the server hung up")??;
        // Take everything that has arrived before the next sends leave in one flush.
        loop {
            seen.hear(&frame, &mut waiting, &plan)?;
            match futures::FutureExt::now_or_never(socket.next()) {
                Some(next) => frame = next.context("the server hung up")??,
                None => break,
            }
        }
    }
}

impl Seen {
    fn add(&mut self, other: Seen) {
        self.latencies_us.extend(other.latencies_us);
        self.sent += other.sent;
        self.acked += other.acked;
        self.acked_in_time += other.acked_in_time;
        self.heard += other.heard;
    }

    fn hear(
        &mut self,
        frame: &Frame,
        waiting: &mut VecDeque<(String, Instant, bool)>,
        plan: &Plan,
    ) -> anyhow::Result<()> {
        let Frame::Text(json) = frame else { return Ok(()) };
        if !json.starts_with(r#"{"type":"ack""#) {
            self.heard += 1;
            return Ok(());
        }
        let ack: Ack<'_> = serde_json::from_str(json)?;
        let (client_id, sent_at, counts) = waiting.pop_front().context("an ack for nothing")?;
        ensure!(ack.client_id == client_id, "an ack out of order");
        self.acked += 1;
        let in_time = plan.phase.load(Ordering::Relaxed) == MEASURING;
        self.acked_in_time += u64::from(in_time);
        if counts && in_time {
            self.latencies_us.push(sent_at.elapsed().as_micros().try_into().unwrap_or(u32::MAX));
        }
        Ok(())
    }
}

/// Ids that look like random UUIDs and cost nothing (SplitMix64).
struct Ids(u64);

impl Ids {
    fn next(&mut self) -> String {
        let (high, low) = (self.draw(), self.draw());
        Uuid::from_u64_pair(high, low).to_string()
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

fn said(client_id: &str, text: &str) -> String {
    format!(r#"{{"client_id":"{client_id}","text":"{text}"}}"#)
}

/// Seconds of processor time, by whom.
struct Cpu {
    client: f64,
    server: f64,
    foreign: f64,
}

impl Cpu {
    fn read(server: usize) -> anyhow::Result<Self> {
        let client = of_process("self")?;
        let server = if server == 0 { 0.0 } else { of_process(&server.to_string())? };
        let stat = std::fs::read_to_string("/proc/stat")?;
        let columns: Vec<f64> =
            stat.lines().next().unwrap_or("").split(' ').filter_map(|n| n.parse().ok()).collect();
        // user, nice, system, (idle, iowait,) irq, softirq, steal
        let all: f64 = [0, 1, 2, 5, 6, 7].iter().filter_map(|n| columns.get(*n)).sum();
        Ok(Cpu { client, server, foreign: all / TICKS_PER_SECOND - client - server })
    }

    fn since(&self, before: &Cpu) -> Cpu {
        Cpu {
            client: self.client - before.client,
            server: self.server - before.server,
            foreign: self.foreign - before.foreign,
        }
    }
}

fn of_process(pid: &str) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .with_context(|| format!("process {pid}"))?;
    // The name in parentheses may hold spaces; what follows it does not.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks =
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok());
    Ok(ticks.sum::<f64>() / TICKS_PER_SECOND)
}
