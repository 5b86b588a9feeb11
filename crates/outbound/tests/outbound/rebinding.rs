//! Names that lead somewhere else when they are asked a second time.

use std::sync::Arc;

use bytes::Bytes;
use outbound::{Client, HeaderMap, SendError};

use crate::listener::Listener;
use crate::names::{Names, PUBLIC, client, policy};

const RUNS: usize = 1_000;

#[tokio::test]
async fn a_name_that_was_public_when_saved_is_checked_again_at_every_use() {
    let victim = Listener::agreeing().await;
    let mut policy = policy(&[]);
    policy.allowed_ports.push(victim.port());
    let names = Names::none().with("rebound.example", PUBLIC).with("rebound.example", "127.0.0.1");
    let client = client(policy, names);
    let address = format!("http://rebound.example:{}/", victim.port());

    for _ in 0..RUNS {
        let target = client.check(&address).await.unwrap();
        let sent = client.post(&target, HeaderMap::new(), Bytes::new()).await;

        assert!(
            matches!(&sent, Err(SendError::Refused(refusal)) if refusal.code() == "not-public")
        );
    }

    assert_eq!(victim.connections(), 0);
}

#[tokio::test]
async fn one_use_asks_once_and_connects_to_what_was_checked() {
    // Two addresses, one port: the first may be reached, the second is the inside of the network.
    let allowed = Listener::start_at("127.0.0.2:0", answer_and_close).await;
    let victim =
        Listener::start_at(&format!("127.0.0.1:{}", allowed.port()), answer_and_close).await;
    let names = Arc::new(
        Names::none().with("rebound.example", "127.0.0.2").with("rebound.example", "127.0.0.1"),
    );
    let client = Client::new(policy(&[&allowed]), Arc::clone(&names) as _).unwrap();
    let target = client.parse(&format!("http://rebound.example:{}/", allowed.port())).unwrap();
    let (mut delivered, mut refused) = (0, 0);

    for _ in 0..RUNS {
        match client.post(&target, HeaderMap::new(), Bytes::new()).await {
            Ok(response) if response.status == 204 => delivered += 1,
            Err(SendError::Refused(_)) => refused += 1,
            other => panic!("{other:?}"),
        }
    }

    assert_eq!((delivered, refused), (RUNS / 2, RUNS / 2));
    assert_eq!(names.asked("rebound.example"), RUNS, "one lookup for each use");
    assert_eq!(allowed.connections(), RUNS / 2);
    assert_eq!(victim.connections(), 0);
}

#[tokio::test]
async fn a_bad_address_among_good_ones_spoils_the_answer_wherever_it_stands() {
    let allowed = Listener::start_at("127.0.0.2:0", answer_and_close).await;
    let victim =
        Listener::start_at(&format!("127.0.0.1:{}", allowed.port()), answer_and_close).await;
    let names = Names::none()
        .with("mixed.example", "127.0.0.2,127.0.0.1")
        .with("mixed.example", "127.0.0.1,127.0.0.2")
        .with("mixed.example", "127.0.0.2,127.0.0.2,::1");
    let client = client(policy(&[&allowed]), names);
    let target = client.parse(&format!("http://mixed.example:{}/", allowed.port())).unwrap();

    for _ in 0..30 {
        let sent = client.post(&target, HeaderMap::new(), Bytes::new()).await;

        assert!(matches!(sent, Err(SendError::Refused(_))), "{sent:?}");
    }

    assert_eq!(allowed.connections() + victim.connections(), 0);
}

async fn answer_and_close(mut stream: tokio::net::TcpStream, _: usize) {
    use tokio::io::AsyncWriteExt;

    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
}
