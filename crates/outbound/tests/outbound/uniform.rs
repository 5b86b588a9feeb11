//! A user cannot tell what is inside of the network: not by text, not by time.

use std::time::{Duration, Instant};

use bytes::Bytes;
use outbound::{Client, HeaderMap, Policy};

use crate::listener::Listener;
use crate::names::{Names, client};

const RUNS: usize = 51;

#[tokio::test]
async fn open_closed_and_filtered_ports_inside_look_and_last_the_same() {
    let open = Listener::agreeing().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let names =
        Names::none().with("inside.example", "127.0.0.1").with("filtered.example", "10.255.255.1");
    let allowed_ports = vec![open.port(), closed];
    let client = client(Policy { allow_http: true, allowed_ports, ..Policy::default() }, names);
    let addresses = [
        format!("http://127.0.0.1:{}/", open.port()),
        format!("http://127.0.0.1:{closed}/"),
        format!("http://10.255.255.1:{closed}/"),
        format!("http://inside.example:{}/", open.port()),
        format!("http://inside.example:{closed}/"),
        format!("http://filtered.example:{closed}/"),
    ];

    let mut medians = Vec::new();
    for address in &addresses {
        medians.push(median_of_refusals(&client, address).await);
    }

    let spread = *medians.iter().max().unwrap() - *medians.iter().min().unwrap();
    assert!(spread < Duration::from_millis(10), "{medians:?}");
    assert_eq!(open.connections(), 0);
}

async fn median_of_refusals(client: &Client, address: &str) -> Duration {
    let mut durations = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        let code = match client.parse(address) {
            Err(refusal) => refusal.code(),
            Ok(target) => {
                client.post(&target, HeaderMap::new(), Bytes::new()).await.unwrap_err().code()
            }
        };
        durations.push(started.elapsed());
        assert_eq!(code, "not-public", "{address}");
    }
    durations.sort();
    durations[RUNS / 2]
}

#[test]
fn the_sentences_for_users_carry_no_reason() {
    for text in [outbound::USER_TEXT_EN, outbound::USER_TEXT_ZH] {
        for reason in ["port", "private", "DNS", "timeout", "端口", "内网", "超时"] {
            assert!(!text.contains(reason), "{text}");
        }
    }
}
