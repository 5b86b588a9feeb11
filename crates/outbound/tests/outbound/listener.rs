//! Listeners on the loopback that answer as badly as a test wants, and remember what they heard.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A listener; it stops when it is dropped.
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Heard>>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Heard {
    connections: usize,
    requests: Vec<String>,
}

impl Listener {
    /// Listens on a free port of 127.0.0.1; `answer` gets each connection with the number of its
    /// request, counted from 0, after the whole request was read.
    pub(crate) async fn start<F>(answer: impl Fn(TcpStream, usize) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self::start_at("127.0.0.1:0", answer).await
    }

    pub(crate) async fn start_at<F>(
        address: &str,
        answer: impl Fn(TcpStream, usize) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let task = tokio::spawn(serve(listener, Arc::clone(&heard), answer));
        Listener { address, heard, task }
    }

    /// Always answers with the same bytes, and closes.
    pub(crate) async fn saying(text: impl Into<Vec<u8>>) -> Self {
        let text = Arc::new(text.into());
        Self::start(move |stream, _| say(stream, Arc::clone(&text))).await
    }

    /// Answers 204 and closes.
    pub(crate) async fn agreeing() -> Self {
        Self::saying("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await
    }

    /// Redirects everybody to `location`.
    pub(crate) async fn redirecting(status: u16, location: &str) -> Self {
        Self::saying(format!(
            "HTTP/1.1 {status} Elsewhere\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        ))
        .await
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn connections(&self) -> usize {
        self.heard.lock().unwrap().connections
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.heard.lock().unwrap().requests.clone()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve<F>(
    listener: TcpListener,
    heard: Arc<Mutex<Heard>>,
    answer: impl Fn(TcpStream, usize) -> F + Send + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
{
    while let Ok((mut stream, _)) = listener.accept().await {
        heard.lock().unwrap().connections += 1;
        let Some(request) = read_request(&mut stream).await else { continue };
        let number = {
            let mut heard = heard.lock().unwrap();
            heard.requests.push(request);
            heard.requests.len() - 1
        };
        tokio::spawn(answer(stream, number));
    }
}

/// Reads a request whose body, if any, has a `content-length`.
pub(crate) async fn read_request(stream: &mut (impl AsyncReadExt + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some(head) = text.find("\r\n\r\n")
            && bytes.len() >= head + 4 + content_length(&text[..head])
        {
            return Some(text.into_owned());
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn content_length(head: &str) -> usize {
    head.lines()
        .find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok()
        })
        .unwrap_or(0)
}

async fn say(mut stream: TcpStream, text: Arc<Vec<u8>>) {
    // The client may have seen enough and hung up; that is for the test to judge.
    if stream.write_all(&text).await.is_ok() {
        stream.shutdown().await.ok();
    }
}
