//! A client's end of a WebSocket: JSON frames, within a time.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// How long a connection may take to open.
const OPEN_TIME_MAX: Duration = Duration::from_secs(10);

/// An open WebSocket.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Opens a WebSocket at `path` of `address`.
    pub(crate) async fn open(address: &str, path: &str) -> Result<Self> {
        Self::open_with(address, path, None).await
    }

    /// Opens a WebSocket whose own system buffers no more than `receive_bytes`.
    pub(crate) async fn open_with(
        address: &str,
        path: &str,
        receive_bytes: Option<u32>,
    ) -> Result<Self> {
        let opening = async {
            let socket = TcpSocket::new_v4()?;
            if let Some(bytes) = receive_bytes {
                socket.set_recv_buffer_size(bytes)?;
            }
            let stream = socket.connect(address.parse()?).await?;
            stream.set_nodelay(true)?;
            let url = format!("ws://{address}{path}");
            let (stream, _) = tokio_tungstenite::client_async(url, stream).await?;
            anyhow::Ok(Socket { stream })
        };
        tokio::time::timeout(OPEN_TIME_MAX, opening)
            .await
            .context("the connection did not open in time")?
    }

    /// Sends a frame.
    pub(crate) async fn send(&mut self, frame: &Value) -> Result<()> {
        Ok(self.stream.send(Message::text(frame.to_string())).await?)
    }

    /// Waits for the next frame. Cancelling it loses nothing.
    pub(crate) async fn next(&mut self) -> Result<Value> {
        loop {
            match self.stream.next().await.context("the server hung up")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(why) => bail!("the server closed: {why:?}"),
                _ => {}
            }
        }
    }

    /// Waits for the next frame for a while.
    pub(crate) async fn next_within(&mut self, time: Duration) -> Result<Value> {
        tokio::time::timeout(time, self.next()).await.context("no frame came in time")?
    }
}
