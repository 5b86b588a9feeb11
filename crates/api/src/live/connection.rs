//! One WebSocket: frames in, frames out, within bounds.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures::SinkExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

/// How long a peer may take to read what was written to it.
const WRITE_TIME_MAX: Duration = Duration::from_secs(10);
/// After how much silence the peer is asked whether it is still there, and
/// after how many unanswered times it is not.
const SILENCE_MAX: Duration = Duration::from_secs(45);
const UNANSWERED_MAX: u8 = 2;
/// How many frames a peer may send in a second.
const FRAMES_PER_SECOND_MAX: u32 = 50;

/// Why a connection is closed, as the peer is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Close(pub(crate) u16, pub(crate) &'static str);

impl Close {
    pub(super) const BAD_FRAME: Close = Close(4400, "the frame is not one of the protocol");
    pub(super) const NOT_ALLOWED: Close = Close(4401, "not allowed");
    pub(super) const TOO_MANY_FRAMES: Close = Close(4429, "too many frames");
    pub(super) const TOO_MANY_CONNECTIONS: Close = Close(4429, "too many connections");
    pub(super) const TOO_MANY_VISITS: Close = Close(4429, "too many new visitors");
    pub(super) const RESTARTING: Close = Close(1012, "restarting");
    pub(super) const FAILED: Close = Close(1011, "failed; connect again");
    /// The peer is gone, or reads so slowly that it cannot even be told.
    pub(super) const GONE: Close = Close(4408, "too slow; connect again with the last place");
}

/// A WebSocket with bounds.
pub(crate) struct Connection {
    socket: WebSocket,
    /// When the peer is asked next whether it is there.
    ask_at: Instant,
    unanswered: u8,
    /// When the current second of counting frames began, and how many came in it.
    second: Instant,
    frames: u32,
}

impl Connection {
    pub(super) fn new(socket: WebSocket) -> Self {
        let now = Instant::now();
        Connection { socket, ask_at: now + SILENCE_MAX, unanswered: 0, second: now, frames: 0 }
    }

    /// Waits for the next frame. Cancelling it loses nothing.
    ///
    /// # Errors
    ///
    /// Why the connection must be closed.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<T, Close> {
        loop {
            let received = tokio::select! {
                received = self.socket.recv() => received,
                () = tokio::time::sleep_until(self.ask_at) => {
                    self.ask().await?;
                    continue;
                }
            };
            let Some(Ok(message)) = received else { return Err(Close::GONE) };
            self.ask_at = Instant::now() + SILENCE_MAX;
            self.unanswered = 0;
            self.count()?;
            match message {
                Message::Text(text) => {
                    return serde_json::from_str(&text).map_err(|_| Close::BAD_FRAME);
                }
                Message::Binary(_) => return Err(Close::BAD_FRAME),
                Message::Close(_) => return Err(Close::GONE),
                Message::Ping(_) | Message::Pong(_) => {}
            }
        }
    }

    /// Adds a frame to what is written next.
    pub(super) async fn put(&mut self, frame: &impl Serialize) -> Result<(), Close> {
        let text = serde_json::to_string(frame).map_err(|_| Close::FAILED)?;
        self.write(Message::Text(Utf8Bytes::from(text)), false).await
    }

    /// Writes what was put.
    pub(super) async fn flush(&mut self) -> Result<(), Close> {
        in_time(self.socket.flush()).await
    }

    /// Puts a frame and writes it.
    pub(super) async fn send(&mut self, frame: &impl Serialize) -> Result<(), Close> {
        self.put(frame).await?;
        self.flush().await
    }

    /// Says why, and closes.
    pub(super) async fn close(mut self, why: Close) {
        if why != Close::GONE {
            let frame = CloseFrame { code: why.0, reason: Utf8Bytes::from_static(why.1) };
            // The peer may be gone already.
            let _ = self.write(Message::Close(Some(frame)), true).await;
        }
    }

    async fn ask(&mut self) -> Result<(), Close> {
        if self.unanswered >= UNANSWERED_MAX {
            return Err(Close::GONE);
        }
        self.unanswered += 1;
        self.ask_at = Instant::now() + SILENCE_MAX;
        self.write(Message::Ping(Default::default()), true).await
    }

    async fn write(&mut self, message: Message, flush: bool) -> Result<(), Close> {
        in_time(self.socket.feed(message)).await?;
        if flush { self.flush().await } else { Ok(()) }
    }

    fn count(&mut self) -> Result<(), Close> {
        let now = Instant::now();
        if now.duration_since(self.second) >= Duration::from_secs(1) {
            self.second = now;
            self.frames = 0;
        }
        self.frames += 1;
        if self.frames > FRAMES_PER_SECOND_MAX { Err(Close::TOO_MANY_FRAMES) } else { Ok(()) }
    }
}

async fn in_time<E>(work: impl Future<Output = Result<(), E>>) -> Result<(), Close> {
    match tokio::time::timeout(WRITE_TIME_MAX, work).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Close::GONE),
    }
}
