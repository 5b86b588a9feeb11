//! One visitor's connection: opened, greeted, written to, read from.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpStream, lookup_host};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Url;
use uuid::Uuid;

use super::frame::Frame;
use crate::cli::Simulate;
use crate::failure::{Failure, Result};

/// Buffers of a client that reads a few hundred bytes at a time.
const BUFFER_BYTES: usize = 2 * 1_024;
/// How long the server may take to close after it was asked to.
const CLOSE_TIME_MAX: Duration = Duration::from_secs(2);

/// Where visitors go; made once, used by each.
pub(super) struct Target {
    address: SocketAddr,
    request: Request,
    inbox: String,
}

/// Why a visitor got no further.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) enum Trouble {
    /// No TCP connection.
    Connect,
    /// No WebSocket.
    Upgrade,
    /// The server had no place, or told to come later, before anything was sent.
    TurnedAway,
    /// The greeting was refused.
    Hello,
    /// The connection ended early.
    Closed,
    /// A frame that is none of ours.
    Frame,
    /// A message was refused for good.
    Refused,
    /// No acknowledgement in time.
    NoAck,
    /// No answer in time.
    NoAnswer,
}

impl Trouble {
    /// Its name in reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Trouble::Connect => "connect",
            Trouble::Upgrade => "upgrade",
            Trouble::TurnedAway => "turned_away",
            Trouble::Hello => "hello",
            Trouble::Closed => "closed",
            Trouble::Frame => "frame",
            Trouble::Refused => "refused",
            Trouble::NoAck => "no_ack",
            Trouble::NoAnswer => "no_answer",
        }
    }
}

impl Target {
    /// Finds the server.
    pub(super) async fn find(simulate: &Simulate) -> Result<Self> {
        let wrong = || {
            Failure::start(format!(
                "--url is {:?}; write an address such as http://127.0.0.1:8080",
                simulate.url
            ))
        };
        let url = Url::parse(&simulate.url).map_err(|_| wrong())?;
        if url.scheme() != "http" {
            return Err(wrong());
        }
        let host = url.host_str().ok_or_else(wrong)?;
        let port = url.port_or_known_default().ok_or_else(wrong)?;
        let address = lookup_host((host.trim_matches(['[', ']']), port))
            .await
            .ok()
            .and_then(|mut addresses| addresses.next())
            .ok_or_else(|| {
                Failure::start(format!("there is no machine called {host}; check --url"))
            })?;
        let mut request =
            format!("ws://{host}:{port}/api/v1/visitor/live").into_client_request()?;
        let origin = simulate.origin.clone().unwrap_or_else(|| url.origin().ascii_serialization());
        request.headers_mut().insert("origin", HeaderValue::from_str(&origin)?);
        Ok(Target { address, request, inbox: simulate.inbox.clone() })
    }
}

/// A visitor's open connection.
pub(super) struct Client {
    socket: WebSocketStream<TcpStream>,
}

impl Client {
    /// Connects and waits for the greeting.
    pub(super) async fn open(target: &Target, locale: &str) -> Result<Self, Trouble> {
        let stream = TcpStream::connect(target.address).await.map_err(|_| Trouble::Connect)?;
        stream.set_nodelay(true).map_err(|_| Trouble::Connect)?;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(64 * 1_024);
        let request = target.request.clone();
        let (socket, _) =
            client_async_with_config(request, stream, Some(config)).await.map_err(|error| {
                match error {
                    tungstenite::Error::Http(answer)
                        if matches!(answer.status().as_u16(), 429 | 503) =>
                    {
                        Trouble::TurnedAway
                    }
                    _ => Trouble::Upgrade,
                }
            })?;
        let mut client = Client { socket };
        let hello = format!(
            r#"{{"type":"hello","inbox":"{}","after":0,"locale":"{locale}"}}"#,
            target.inbox
        );
        client.put(hello).await?;
        let text = client.next().await?;
        let frame = parse(&text)?;
        match &*frame.kind {
            "welcome" => Ok(client),
            "slow_down" => Err(Trouble::TurnedAway),
            _ if frame.problem.is_some_and(|problem| problem.code.contains("busy")) => {
                Err(Trouble::TurnedAway)
            }
            _ => Err(Trouble::Hello),
        }
    }

    /// Sends a message. `text` needs no escapes: the questions are ours.
    pub(super) async fn send(&mut self, client_id: Uuid, text: &str) -> Result<(), Trouble> {
        let mut frame = String::with_capacity(96 + text.len());
        // Writing to a string does not fail.
        let _ = write!(frame, r#"{{"type":"send","client_id":"{client_id}","text":"{text}"}}"#);
        self.put(frame).await
    }

    /// Asks whether the server is still there.
    pub(super) async fn ping(&mut self) -> Result<(), Trouble> {
        self.put(r#"{"type":"ping"}"#.to_owned()).await
    }

    /// The next text of the server.
    pub(super) async fn next(&mut self) -> Result<Utf8Bytes, Trouble> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text),
                Some(Ok(Message::Close(Some(frame)))) if u16::from(frame.code) == 4429 => {
                    return Err(Trouble::TurnedAway);
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Trouble::Closed),
                Some(Ok(_)) => {}
            }
        }
    }

    /// Says good-bye and waits for the server to do the same.
    pub(super) async fn close(mut self) {
        let goodbye = async {
            if self.socket.close(None).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        // Nothing depends on it: what was acknowledged is durable.
        let _ = tokio::time::timeout(CLOSE_TIME_MAX, goodbye).await;
    }

    async fn put(&mut self, frame: String) -> Result<(), Trouble> {
        self.socket.send(Message::text(frame)).await.map_err(|_| Trouble::Closed)
    }
}

/// Reads a frame.
pub(super) fn parse(text: &str) -> Result<Frame<'_>, Trouble> {
    serde_json::from_str(text).map_err(|_| Trouble::Frame)
}
