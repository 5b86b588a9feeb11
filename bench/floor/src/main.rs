//! The physical floor: WebSocket in, SQLite with `synchronous=FULL`, both sides of a room told.
//!
//! What Attune does for a message, without what makes it Attune: no accounts, no events, no bot. A
//! benchmark runs it beside the product, so it is written to be fast: one writer commits whatever
//! waits in one transaction with multi-row inserts, and answers leave in one flush per connection.
//! It is not an example of how to write a server, and not safe to expose.
//!
//! `floor --port 0 --db floor.db` serves; `floor load --url ws://…` measures (see [`load`]).

#![expect(clippy::print_stdout, reason = "the output of this program is read by others")]

mod args;
mod load;
mod store;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::ws::{Message as Frame, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::response::Response;
use axum::serve::ListenerExt;
use futures::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::args::Args;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many messages wait for the writer before senders do.
const QUEUE: usize = 8192;
/// How many frames wait for one connection before it is cut off.
const OUTBOX: usize = 4096;
/// How many messages one transaction holds at most.
const BATCH: usize = 2048;

/// Those who hear what is said in a room.
type Room = Arc<Mutex<Vec<mpsc::Sender<Frame>>>>;

/// A message on its way to the disk and back.
pub(crate) struct Said {
    pub(crate) room_name: Arc<str>,
    pub(crate) client_id: String,
    pub(crate) text: String,
    room: Room,
    sender: mpsc::Sender<Frame>,
}

#[derive(Deserialize)]
struct Incoming {
    client_id: String,
    text: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Outgoing<'a> {
    Ack { client_id: &'a str, id: i64 },
    Message { id: i64, room: &'a str, client_id: &'a str, text: &'a str, created_at: i64 },
}

#[derive(Clone)]
struct Server {
    rooms: Arc<Mutex<HashMap<Arc<str>, Room>>>,
    queue: mpsc::Sender<Said>,
}

fn main() -> anyhow::Result<()> {
    let mut args = Args::from_env();
    if args.take_word("load") {
        return load::run(args);
    }
    let (port, path) = (args.number("--port", 0)?, args.text("--db", "floor.db"));
    let threads = args.number("--threads", 1)?;
    args.finish()?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    runtime.block_on(serve(u16::try_from(port)?, &path))
}

async fn serve(port: u16, path: &str) -> anyhow::Result<()> {
    let (queue, waiting) = mpsc::channel(QUEUE);
    let store = store::Store::open(path).await?;
    let (committed, durable) = mpsc::channel(4);
    let writer = tokio::spawn(write(store, waiting, committed));
    tokio::spawn(tell(durable));

    let server = Server { rooms: Arc::default(), queue };
    let app = axum::Router::new().fallback(connect).with_state(server);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on ws://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| _ = stream.set_nodelay(true));
    tokio::select! {
        served = async { axum::serve(listener, app).await } => Ok(served?),
        written = writer => written?,
    }
}

/// Commits whatever waits, one transaction at a time.
async fn write(
    mut store: store::Store,
    mut waiting: mpsc::Receiver<Said>,
    committed: mpsc::Sender<(Vec<Said>, store::Committed)>,
) -> anyhow::Result<()> {
    loop {
        let mut batch = Vec::new();
        if waiting.recv_many(&mut batch, BATCH).await == 0 {
            return Ok(());
        }
        let done = store.commit(&batch).await?;
        committed.send((batch, done)).await?;
    }
}

/// Tells senders and rooms what is durable, while the next transaction is on its way.
async fn tell(mut durable: mpsc::Receiver<(Vec<Said>, store::Committed)>) {
    while let Some((batch, done)) = durable.recv().await {
        for (said, row) in batch.iter().zip(done.rows) {
            let Said { room_name: room, client_id, text, .. } = said;
            // A full outbox belongs to somebody who does not read; the floor tells them no more.
            said.sender.try_send(frame(&Outgoing::Ack { client_id, id: row.id })).ok();
            if row.is_new {
                let created_at = done.created_at;
                let heard =
                    frame(&Outgoing::Message { id: row.id, room, client_id, text, created_at });
                let mut members = said.room.lock().unwrap_or_else(PoisonError::into_inner);
                members.retain(|member| member.try_send(heard.clone()).is_ok());
            }
        }
    }
}

fn frame(outgoing: &Outgoing<'_>) -> Frame {
    let text = serde_json::to_string(outgoing).expect("plain structs always serialise");
    Frame::Text(Utf8Bytes::from(text))
}

async fn connect(
    State(server): State<Server>,
    Query(query): Query<HashMap<String, String>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let name: Arc<str> = query.get("room").map_or("lobby", String::as_str).into();
    let upgrade =
        upgrade.read_buffer_size(4 << 10).write_buffer_size(4 << 10).max_message_size(64 << 10);
    upgrade.on_upgrade(move |socket| talk(server, name, socket))
}

/// Takes what a connection says and sends what it should hear, until either side is done.
async fn talk(server: Server, name: Arc<str>, mut socket: WebSocket) {
    let (sender, mut outbox) = mpsc::channel(OUTBOX);
    let room = {
        let mut rooms = server.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let room = Arc::clone(rooms.entry(Arc::clone(&name)).or_default());
        room.lock().unwrap_or_else(PoisonError::into_inner).push(sender.clone());
        room
    };

    let mut frames = Vec::new();
    loop {
        tokio::select! {
            count = outbox.recv_many(&mut frames, OUTBOX) => {
                let sent = async {
                    for frame in frames.drain(..) {
                        socket.feed(frame).await?;
                    }
                    socket.flush().await
                };
                if count == 0 || sent.await.is_err() {
                    break;
                }
            }
            received = socket.next() => {
                let Some(Ok(frame)) = received else { break };
                let Frame::Text(json) = frame else { continue };
                let Ok(Incoming { client_id, text }) = serde_json::from_str(&json) else { break };
                let (room_name, room, sender) = (Arc::clone(&name), Arc::clone(&room), sender.clone());
                if server.queue.send(Said { room_name, client_id, text, room, sender }).await.is_err() {
                    break;
                }
            }
        }
    }

    drop(outbox);
    let mut rooms = server.rooms.lock().unwrap_or_else(PoisonError::into_inner);
    let mut members = room.lock().unwrap_or_else(PoisonError::into_inner);
    members.retain(|member| !member.is_closed());
    if members.is_empty() {
        rooms.remove(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(room: &str, client_id: &str) -> Said {
        let (sender, _) = mpsc::channel(1);
        let (client_id, text) = (client_id.to_owned(), "hello".to_owned());
        Said { room_name: room.into(), client_id, text, room: Room::default(), sender }
    }

    async fn commit(store: &mut store::Store, batch: &[Said]) -> Vec<(i64, bool)> {
        let done = store.commit(batch).await.expect("a commit");
        done.rows.iter().map(|row| (row.id, row.is_new)).collect()
    }

    #[tokio::test]
    async fn a_repeated_message_keeps_its_first_row_and_is_told_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("floor.db");
        let path = path.to_str().expect("a plain path");
        let mut store = store::Store::open(path).await.expect("a store");

        let first = commit(&mut store, &[said("a", "1"), said("a", "1"), said("b", "1")]).await;
        drop(store);
        let mut store = store::Store::open(path).await.expect("the store again");
        let second = commit(&mut store, &[said("a", "2"), said("b", "1")]).await;

        assert_eq!(first, [(1, true), (1, false), (3, true)]);
        assert_eq!(second, [(4, true), (3, false)]);
    }

    #[tokio::test]
    async fn a_batch_of_any_size_is_written_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("floor.db");
        let mut store = store::Store::open(path.to_str().expect("a path")).await.expect("a store");
        let batch: Vec<_> = (0..803).map(|n| said("a", &n.to_string())).collect();

        let rows = commit(&mut store, &batch).await;
        let again = commit(&mut store, &batch).await;

        assert!(rows.iter().zip(1..).all(|(row, id)| *row == (id, true)));
        assert!(rows.iter().zip(again).all(|(row, again)| again == (row.0, false)));
    }
}
