//! What the client says about itself and about its caller.

use std::process::Command;

use bytes::Bytes;
use outbound::{HeaderMap, HeaderValue, Limits, Resolver, SystemResolver};
use tokio::io::AsyncWriteExt;

use crate::listener::{Listener, read_request};
use crate::names::{Names, client, policy};

#[tokio::test]
async fn a_webhook_is_posted_under_its_own_name() {
    let hook = Listener::agreeing().await;
    let client = client(policy(&[&hook]), Names::none().with("hook.example", "127.0.0.1"));
    let target = client.check(&format!("http://hook.example:{}/a?b=c", hook.port())).await.unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", HeaderValue::from_static("msg_1"));

    let response = client.post(&target, headers, Bytes::from_static(b"{\"a\":1}")).await.unwrap();

    let request = hook.requests().remove(0);
    assert_eq!(response.status, 204);
    assert!(response.is_success());
    assert!(request.starts_with("POST /a?b=c HTTP/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("\r\nhost: hook.example:{}\r\n", hook.port())), "{request}");
    assert!(request.contains("\r\nuser-agent: Attune/"), "{request}");
    assert!(request.contains("\r\nwebhook-id: msg_1\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"a\":1}"), "{request}");
}

#[tokio::test]
async fn a_caller_cannot_set_what_frames_a_message_or_names_its_host() {
    let hook = Listener::agreeing().await;
    let client = client(policy(&[&hook]), Names::none());
    let target = client.parse(&format!("http://{}/", hook.address)).unwrap();
    let mut headers = HeaderMap::new();
    for name in [
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "cookie",
        "user-agent",
        "upgrade",
        "expect",
        "proxy-authorization",
    ] {
        headers.insert(name, HeaderValue::from_static("smuggled"));
    }

    client.post(&target, headers, Bytes::from_static(b"body")).await.unwrap();

    let request = hook.requests().remove(0);
    assert!(!request.contains("smuggled"), "{request}");
    assert!(request.contains("content-length: 4"), "{request}");
}

#[tokio::test]
async fn no_cookie_is_kept() {
    let page = Listener::saying("HTTP/1.1 200 OK\r\nset-cookie: a=b; Path=/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
    let client = client(policy(&[&page]), Names::none());
    let target = client.parse(&format!("http://{}/", page.address)).unwrap();

    for _ in 0..2 {
        client.get(&target, HeaderMap::new(), Limits::default()).await.unwrap();
    }

    assert_eq!(page.requests().len(), 2);
    assert!(!page.requests()[1].to_lowercase().contains("cookie"));
}

#[tokio::test]
async fn a_connection_is_used_again_for_the_same_destination() {
    let hook = Listener::start(|mut stream, _| async move {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        while stream.write_all(answer).await.is_ok() && read_request(&mut stream).await.is_some() {}
    })
    .await;
    let client = client(policy(&[&hook]), Names::none().with("hook.example", "127.0.0.1"));
    let target = client.parse(&format!("http://hook.example:{}/", hook.port())).unwrap();

    for _ in 0..50 {
        client.post(&target, HeaderMap::new(), Bytes::from_static(b"{}")).await.unwrap();
    }

    assert!(hook.connections() < 5, "{} connections for 50 requests", hook.connections());
}

#[tokio::test]
async fn the_proxies_of_the_environment_are_not_asked() {
    let proxy = Listener::saying("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await;
    let address = format!("http://{}", proxy.address);
    let mut child = Command::new(std::env::current_exe().unwrap());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    {
        child.env(name, &address);
    }
    child.env("no_proxy", "").args(["--exact", "requests::a_webhook_is_posted_under_its_own_name"]);

    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();

    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn the_system_is_asked_for_names() {
    let resolver = SystemResolver::default();

    let found = resolver.resolve("localhost").await.unwrap();
    let missing = resolver.resolve("no such name").await;

    assert!(!found.is_empty() && found.iter().all(std::net::IpAddr::is_loopback), "{found:?}");
    assert!(missing.is_err());
}
