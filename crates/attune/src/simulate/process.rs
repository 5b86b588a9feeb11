//! What processes cost, as Linux tells it.

use anyhow::Context as _;

use crate::failure::Result;

/// Linux counts the time of processes in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of processor time, by whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cpu {
    /// This process.
    pub(super) client: f64,
    /// The server, if it was named.
    pub(super) server: Option<f64>,
    /// Everybody else on the machine.
    pub(super) foreign: f64,
}

impl Cpu {
    /// Reads the time spent so far.
    pub(super) fn read(server: Option<u32>) -> Result<Self> {
        let client = of_process("self")?;
        let server = server.map(|pid| of_process(&pid.to_string())).transpose()?;
        let stat = std::fs::read_to_string("/proc/stat")?;
        let columns: Vec<f64> = stat
            .lines()
            .next()
            .unwrap_or("")
            .split_whitespace()
            .filter_map(|n| n.parse().ok())
            .collect();
        // user, nice, system, (idle, iowait,) irq, softirq, steal
        let all: f64 = [0, 1, 2, 5, 6, 7].iter().filter_map(|n| columns.get(*n)).sum();
        Ok(Cpu { client, server, foreign: all / TICKS_PER_SECOND - client - server.unwrap_or(0.0) })
    }

    /// The time spent since an earlier reading.
    pub(super) fn since(&self, before: &Cpu) -> Cpu {
        Cpu {
            client: self.client - before.client,
            server: self.server.zip(before.server).map(|(now, then)| now - then),
            foreign: self.foreign - before.foreign,
        }
    }
}

/// The resident memory of a process, in bytes.
pub(super) fn resident_bytes(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))
        .with_context(|| format!("there is no process {pid}"))?;
    let kib = status.lines().find_map(|line| {
        line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok()
    });
    Ok(kib.with_context(|| format!("process {pid} does not tell its memory"))? * 1_024)
}

fn of_process(pid: &str) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .with_context(|| format!("there is no process {pid}"))?;
    // The name in parentheses may hold spaces; what follows it does not.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks =
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok());
    Ok(ticks.sum::<f64>() / TICKS_PER_SECOND)
}
