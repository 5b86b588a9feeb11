//! An agent's program that can be made to stop reading.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use crate::load::Load;
use crate::socket::Socket;

/// How long the next event may take while events are due.
const EVENT_TIME_MAX: Duration = Duration::from_secs(20);

/// A connection to the account's log.
pub(crate) struct Listener {
    socket: Socket,
    /// The cursor of the last event that was read.
    pub(crate) cursor: i64,
    /// The cursor that the log had reached when the connection began, if the
    /// connection began there.
    pub(crate) welcome: i64,
    /// Whether the client has to load everything anew.
    pub(crate) was_told_to_resync: bool,
}

impl Listener {
    /// Listens from after `after` on, or from now on.
    pub(crate) async fn open(load: &Load, after: Option<i64>) -> Result<Self> {
        Self::open_with(load, after, None).await
    }

    /// Listens with a system buffer of no more than `receive_bytes`.
    pub(crate) async fn open_with(
        load: &Load,
        after: Option<i64>,
        receive_bytes: Option<u32>,
    ) -> Result<Self> {
        let mut socket =
            Socket::open_with(&load.addresses[0], "/api/v1/live", receive_bytes).await?;
        let mut hello = json!({"type": "hello", "token": load.token});
        if let Some(after) = after {
            hello["after"] = after.into();
        }
        socket.send(&hello).await?;
        let mut frame = socket.next_within(EVENT_TIME_MAX).await?;
        let was_told_to_resync = frame["type"] == "resync_required";
        if was_told_to_resync {
            frame = socket.next_within(EVENT_TIME_MAX).await?;
        }
        ensure!(frame["type"] == "welcome", "no welcome but {frame}");
        let welcome = frame["cursor"].as_i64().context("a welcome has a cursor")?;
        Ok(Listener { socket, cursor: after.unwrap_or(welcome), welcome, was_told_to_resync })
    }

    /// Reads the next event, which must be the next one in the log.
    pub(crate) async fn next(&mut self) -> Result<i64> {
        loop {
            let frame = self.socket.next_within(EVENT_TIME_MAX).await?;
            let Some(cursor) = frame["data"]["cursor"].as_i64() else { continue };
            ensure!(
                cursor == self.cursor + 1,
                "the agent heard cursor {cursor} after {}",
                self.cursor
            );
            self.cursor = cursor;
            return Ok(cursor);
        }
    }

    /// Reads up to the event at `cursor`.
    pub(crate) async fn read_to(&mut self, cursor: i64) -> Result<()> {
        while self.cursor < cursor {
            self.next().await?;
        }
        Ok(())
    }
}
