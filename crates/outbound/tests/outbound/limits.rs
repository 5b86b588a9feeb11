//! Answers that are too large, too slow, or never end.

use std::io::Write;
use std::time::{Duration, Instant};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use outbound::{Client, HeaderMap, Limits, Policy, Response, SendError};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::interval;

use crate::listener::Listener;
use crate::names::{Names, client, policy};

const MIB: usize = 1024 * 1024;

async fn get(client: &Client, listener: &Listener) -> Result<Response, SendError> {
    let target = client.parse(&format!("http://{}/", listener.address)).unwrap();
    client.get(&target, HeaderMap::new(), Limits::default()).await
}

async fn post(client: &Client, listener: &Listener) -> Result<Response, SendError> {
    let target = client.parse(&format!("http://{}/", listener.address)).unwrap();
    client.post(&target, HeaderMap::new(), Bytes::from_static(b"{}")).await
}

fn fast(reachable: &Listener) -> Policy {
    Policy { body_bytes_per_second_max: 1024 * MIB, ..policy(&[reachable]) }
}

fn hurried(reachable: &Listener) -> Policy {
    Policy { total_timeout: Duration::from_millis(300), ..fast(reachable) }
}

/// A gzip file that is a thousandth of the `bytes` zeros inside.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..bytes / MIB {
        encoder.write_all(&[0; MIB]).unwrap();
    }
    let body = encoder.finish().unwrap();
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend(body);
    answer
}

async fn pour(mut stream: TcpStream, head: &'static str) {
    let ok = stream.write_all(head.as_bytes()).await.is_ok();
    while ok && stream.write_all(&[b'a'; 64 * 1024]).await.is_ok() {}
}

async fn drip(mut stream: TcpStream, head: &'static str) {
    let mut ticks = interval(Duration::from_millis(20));
    let mut ok = stream.write_all(head.as_bytes()).await.is_ok();
    while ok {
        ticks.tick().await;
        ok = stream.write_all(b"a").await.is_ok();
    }
}

#[tokio::test]
async fn a_compressed_bomb_is_counted_as_it_unfolds() {
    let listener = Listener::saying(bomb(100 * MIB)).await;
    let client = client(fast(&listener), Names::none());

    let got = get(&client, &listener).await.unwrap_err();
    let posted = post(&client, &listener).await.unwrap();

    assert_eq!(got, SendError::TooLarge { bytes_max: 10 * MIB });
    assert_eq!((posted.body.len(), posted.truncated), (64 * 1024, true));
}

#[tokio::test]
async fn a_compressed_answer_within_bounds_is_read() {
    let listener = Listener::saying(bomb(2 * MIB)).await;
    let client = client(fast(&listener), Names::none());

    let got = get(&client, &listener).await.unwrap();

    assert_eq!((got.body.len(), got.truncated), (2 * MIB, false));
    assert!(got.body.iter().all(|byte| *byte == 0));
}

#[tokio::test]
async fn an_endless_answer_is_cut_for_webhooks_and_refused_otherwise() {
    for head in
        ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"]
    {
        let listener = Listener::start(move |stream, _| pour(stream, head)).await;
        let client = client(fast(&listener), Names::none());

        let got = get(&client, &listener).await.unwrap_err();
        let posted = post(&client, &listener).await.unwrap();

        assert_eq!(got, SendError::TooLarge { bytes_max: 10 * MIB });
        assert_eq!((posted.status, posted.body.len()), (200, 64 * 1024));
        assert!(posted.truncated);
    }
}

#[tokio::test]
async fn an_answer_of_exactly_the_limit_is_whole() {
    let body = "a".repeat(64 * 1024);
    let listener = Listener::saying(format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
    .await;
    let client = client(fast(&listener), Names::none());

    let posted = post(&client, &listener).await.unwrap();

    assert_eq!((posted.body.len(), posted.truncated), (64 * 1024, false));
}

#[tokio::test]
async fn a_slow_drip_ends_with_the_total_time() {
    for head in
        ["HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", "HTTP/1.1 200 OK\r\nx-a: ", ""]
    {
        let listener = Listener::start(move |stream, _| drip(stream, head)).await;
        let client = client(hurried(&listener), Names::none());
        let started = Instant::now();

        let got = get(&client, &listener).await.unwrap_err();
        let posted = post(&client, &listener).await.unwrap_err();

        let both = started.elapsed();
        // A drip of "aaa…" instead of a status line is noticed before the time is up.
        let expected = if head.is_empty() { "broken" } else { "timeout" };
        assert_eq!((got.code(), posted.code()), (expected, expected), "{head:?}");
        assert!(both < Duration::from_secs(3), "{both:?}");
    }
}

#[tokio::test]
async fn a_listener_that_says_nothing_ends_with_the_total_time() {
    let listener = Listener::start(|stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let client = client(hurried(&listener), Names::none());

    assert_eq!(post(&client, &listener).await.unwrap_err().code(), "timeout");
}

#[tokio::test]
async fn redirects_share_one_total_time() {
    let listener = Listener::start(|mut stream, _| async move {
        let mut ticks = interval(Duration::from_millis(200));
        ticks.tick().await;
        ticks.tick().await;
        let answer =
            "HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer.as_bytes()).await.ok();
    })
    .await;
    let client = client(hurried(&listener), Names::none());

    assert_eq!(get(&client, &listener).await.unwrap_err().code(), "timeout");
}

#[tokio::test]
async fn an_answer_is_read_no_faster_than_allowed_counted_after_decompression() {
    let listener = Listener::saying(bomb(MIB)).await;
    let policy = Policy { body_bytes_per_second_max: 2 * MIB, ..policy(&[&listener]) };
    let client = client(policy, Names::none());

    let got = get(&client, &listener).await.unwrap();

    // A quarter of the mebibyte is free; the rest takes three eighths of a second.
    assert_eq!(got.body.len(), MIB);
    assert!(got.duration >= Duration::from_millis(370), "{:?}", got.duration);
}

#[tokio::test]
async fn what_is_not_http_is_broken() {
    let too_many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-a: b\r\n".repeat(100));
    for answer in [
        "",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "-ERR unknown command\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnonsense",
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 8\r\n\r\nnonsense",
        too_many.as_str(),
    ] {
        let listener = Listener::saying(answer).await;
        let client = client(fast(&listener), Names::none());

        let posted = post(&client, &listener).await;

        assert_eq!(posted.as_ref().map_err(SendError::code).err(), Some("broken"), "{answer:.60}");
    }
}

#[tokio::test]
async fn endless_headers_are_broken() {
    let listener = Listener::start(|stream, _| pour(stream, "HTTP/1.1 200 OK\r\nx-a: ")).await;
    let client = client(fast(&listener), Names::none());

    assert_eq!(post(&client, &listener).await.unwrap_err().code(), "broken");
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let listener = Listener::agreeing().await;
    let client = client(fast(&listener), Names::none());
    let target = client.parse(&format!("http://{}/", listener.address)).unwrap();
    drop(listener);
    tokio::task::yield_now().await;

    let sent = client.post(&target, HeaderMap::new(), Bytes::new()).await.unwrap_err();

    assert_eq!(sent.code(), "unreachable");
}

#[tokio::test]
async fn a_download_hands_on_what_comes_within_its_limit() {
    let listener = Listener::saying(bomb(MIB)).await;
    let client = client(policy(&[&listener]), Names::none());
    let target = client.parse(&format!("http://{}/", listener.address)).unwrap();
    let limits = |body_bytes_max| Limits { body_bytes_max, ..Limits::default() };
    let (mut bytes, mut pieces) = (0, 0);

    let whole = client.download(&target, limits(MIB), |piece| {
        (bytes, pieces) = (bytes + piece.len(), pieces + 1);
        Ok(())
    });
    let whole = whole.await.unwrap();
    let too_large = client.download(&target, limits(MIB - 1), |_| Ok(())).await.unwrap_err();
    let full = || std::io::Error::other("no room");
    let not_kept = client.download(&target, limits(MIB), |_| Err(full())).await.unwrap_err();

    assert!(whole.is_success() && whole.body.is_empty() && pieces > 1);
    assert_eq!(bytes, MIB);
    assert_eq!(too_large.code(), "too-large");
    assert_eq!(
        not_kept.to_string(),
        "the answer cannot be kept (no room); make room, or choose another place"
    );
}
