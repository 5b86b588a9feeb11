//! A server process: started, made ready, killed, started again.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rand::Rng as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdout, Command};

/// How long a server may take to get ready at all; the demanded time is checked elsewhere.
const READY_TIME_MAX: Duration = Duration::from_secs(60);
/// How long a server may take to end when it is asked to.
const STOP_TIME_MAX: Duration = Duration::from_secs(20);
/// What the first line of a server's output begins with.
const READY_LINE: &str = "listening on http://";
/// Below the ports that the system gives to connections: while the server is
/// down, nobody else may be given its port.
const PORTS: std::ops::Range<u16> = 10_000..20_000;

/// How a server is started.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The binary.
    pub(crate) binary: PathBuf,
    /// Its data folder.
    pub(crate) data: PathBuf,
    /// The port that it listens on, the same after every start.
    pub(crate) port: u16,
    /// Its configuration.
    pub(crate) environment: Vec<(String, String)>,
}

/// A server that may or may not be running.
#[derive(Debug)]
pub(crate) struct Server {
    plan: Plan,
    running: Option<(Child, BufReader<ChildStdout>)>,
}

impl Plan {
    /// Where clients reach it, as `host:port`.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn log(&self) -> PathBuf {
        self.data.with_extension("log")
    }
}

impl Server {
    /// A server that is not started yet.
    pub(crate) fn new(plan: Plan) -> Self {
        Server { plan, running: None }
    }

    /// Where clients reach it, as `host:port`.
    pub(crate) fn address(&self) -> String {
        self.plan.address()
    }

    /// Takes another binary at the next start.
    pub(crate) fn change_binary(&mut self, binary: &Path) {
        self.plan.binary = binary.to_owned();
    }

    /// Starts the process without waiting for it.
    pub(crate) fn spawn(&mut self, command: &str) -> Result<()> {
        let log = std::fs::File::options().create(true).append(true).open(self.plan.log())?;
        let mut child = Command::new(&self.plan.binary)
            .arg(command)
            .arg("--data")
            .arg(&self.plan.data)
            .arg("--listen")
            .arg(self.plan.address())
            .envs(self.plan.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.plan.binary.display()))?;
        let output = child.stdout.take().context("the output of the server is piped")?;
        self.running = Some((child, BufReader::new(output)));
        Ok(())
    }

    /// Starts the process and waits until it says that it listens; returns how
    /// long that took.
    pub(crate) async fn start(&mut self) -> Result<Duration> {
        let began = Instant::now();
        self.spawn("serve")?;
        self.wait_until_ready().await?;
        Ok(began.elapsed())
    }

    /// Starts the process as the demo company, which it creates, and returns the
    /// secret of the login that works once.
    pub(crate) async fn start_demo(&mut self) -> Result<String> {
        self.spawn("demo")?;
        self.wait_until_ready().await?;
        let (_, output) = self.running.as_mut().context("it was just started")?;
        let mut said = Vec::new();
        let deadline = Instant::now() + READY_TIME_MAX;
        while Instant::now() < deadline {
            if let Some(secret) = find_secret(&String::from_utf8_lossy(&said)) {
                return Ok(secret);
            }
            let read = tokio::time::timeout(READY_TIME_MAX, output.read_buf(&mut said));
            ensure!(
                read.await.context("the demo prints no login")?? > 0,
                "the demo ended without a login"
            );
        }
        bail!("the demo printed no login that works once")
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let (_, output) = self.running.as_mut().context("the server was not started")?;
        let mut line = String::new();
        let read = tokio::time::timeout(READY_TIME_MAX, output.read_line(&mut line)).await;
        let is_ready = matches!(read, Ok(Ok(_))) && line.starts_with(READY_LINE);
        ensure!(
            is_ready,
            "{} did not get ready; it said {line:?}, and last in its log:\n{}",
            self.plan.binary.display(),
            last_lines(&self.plan.log())
        );
        Ok(())
    }

    /// Kills the process as `kill -9` does. Whether it was still running.
    pub(crate) async fn kill(&mut self) -> Result<bool> {
        let Some((mut child, _)) = self.running.take() else { return Ok(false) };
        let ended_before = child.try_wait()?;
        if let Some(status) = ended_before {
            bail!("the server ended by itself ({status}):\n{}", last_lines(&self.plan.log()));
        }
        child.start_kill()?;
        child.wait().await?;
        Ok(true)
    }

    /// Asks the process to end, and demands that it does so in order.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        let Some((mut child, _)) = self.running.take() else { return Ok(()) };
        let pid = child.id().context("the server ended by itself")?;
        Command::new("kill").arg("-TERM").arg(pid.to_string()).status().await?;
        let status = tokio::time::timeout(STOP_TIME_MAX, child.wait())
            .await
            .context("the server did not end when it was asked to")??;
        ensure!(
            status.success(),
            "the server ended with {status}:\n{}",
            last_lines(&self.plan.log())
        );
        Ok(())
    }

    /// The resident memory of the process in bytes.
    pub(crate) fn resident_bytes(&self) -> Result<u64> {
        let running = self.running.as_ref().and_then(|(child, _)| child.id());
        let pid = running.context("the server does not run")?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib =
            line.and_then(|line| line.trim().strip_suffix("kB")).context("no VmRSS in /proc")?;
        Ok(kib.trim().parse::<u64>()? * 1_024)
    }
}

/// Finds a port that is free.
pub(crate) async fn free_port() -> Result<u16> {
    for _ in 0..100 {
        let port = rand::rng().random_range(PORTS);
        if TcpListener::bind(("127.0.0.1", port)).await.is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free between {} and {}", PORTS.start, PORTS.end)
}

/// Finds the secret of a login link in what the demo prints.
fn find_secret(said: &str) -> Option<String> {
    let from = said.find("ll_")?;
    let rest = &said[from..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')?;
    Some(rest[..end].to_owned())
}

fn last_lines(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_is_found_among_what_the_demo_prints() {
        let said = "console  http://127.0.0.1:1/console/#login=ll_0a9Zb-x\nwidget …\n";

        assert_eq!(find_secret(said).as_deref(), Some("ll_0a9Zb-x"));
        assert_eq!(find_secret("console ll_0a9"), None);
    }
}
