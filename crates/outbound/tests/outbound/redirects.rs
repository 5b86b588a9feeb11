//! Answers that send the client elsewhere.

use bytes::Bytes;
use outbound::{HeaderMap, HeaderValue, Limits, SendError};

use crate::listener::Listener;
use crate::names::{Names, client, policy};

const METADATA: &str = "http://169.254.169.254/latest/meta-data/";

fn code(error: &SendError) -> &'static str {
    error.code()
}

async fn get(
    listener: &Listener,
    reachable: &[&Listener],
    names: Names,
) -> Result<outbound::Response, SendError> {
    let client = client(policy(reachable), names);
    let target = client.parse(&format!("http://{}/start", listener.address)).unwrap();
    client.get(&target, HeaderMap::new(), Limits::default()).await
}

#[tokio::test]
async fn a_webhook_follows_no_redirect() {
    for status in [301, 302, 303, 307, 308] {
        let victim = Listener::agreeing().await;
        let hook = Listener::redirecting(status, &format!("http://{}/", victim.address)).await;
        let client = client(policy(&[&hook, &victim]), Names::none());
        let target = client.parse(&format!("http://{}/", hook.address)).unwrap();

        let response = client.post(&target, HeaderMap::new(), Bytes::from("{}")).await.unwrap();

        assert_eq!(response.status, status);
        assert!(!response.is_success());
        assert_eq!(victim.connections(), 0);
    }
}

#[tokio::test]
async fn no_redirect_leads_to_a_metadata_service_or_the_inside() {
    let victim = Listener::agreeing().await;
    let inside = format!("http://{}/", victim.address);
    let by_name = format!("http://victim.example:{}/", victim.port());
    for (location, expected) in [
        (METADATA, "metadata"),
        ("http://[::ffff:a9fe:a9fe]/", "metadata"),
        ("http://[fd00:ec2::254]/", "metadata"),
        ("//169.254.169.254/", "metadata"),
        ("http://0xa9fea9fe/", "metadata"),
        ("http://127.0.0.1/", "not-public"),
        ("http://localhost/", "not-public"),
        ("http://2130706433/", "not-public"),
        ("//127.0.0.1/", "not-public"),
        ("http://user@127.0.0.1/", "credentials"),
        ("http://example.com@127.0.0.1/", "credentials"),
        ("\\\\127.0.0.1\\", "disguised"),
        ("http://127.0.0.1\t/", "disguised"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1:6379/", "scheme"),
        ("http://127.0.0.1:22/", "port"),
        (inside.as_str(), "port"),
        (by_name.as_str(), "port"),
    ] {
        for status in [301, 302, 303, 307, 308] {
            let page = Listener::redirecting(status, location).await;
            let names =
                Names::none().with("victim.example", "127.0.0.1").with("localhost", "127.0.0.1");

            let got = get(&page, &[&page], names).await;

            assert_eq!(got.as_ref().map_err(code).err(), Some(expected), "{status} {location}");
        }
    }
    assert_eq!(victim.connections(), 0);
}

#[tokio::test]
async fn redirects_inside_of_a_page_are_text() {
    let victim = Listener::agreeing().await;
    let page = format!(
        "<meta http-equiv=refresh content='0;url=http://{0}/'><script>location='http://{0}/'</script>",
        victim.address
    );
    let listener = Listener::saying(format!(
        "HTTP/1.1 200 OK\r\nrefresh: 0;url={METADATA}\r\ncontent-location: {METADATA}\r\ncontent-length: {}\r\n\r\n{page}",
        page.len()
    ))
    .await;

    let got = get(&listener, &[&listener, &victim], Names::none()).await.unwrap();

    assert_eq!(got.body, page);
    assert_eq!((listener.connections(), victim.connections()), (1, 0));
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    let end = Listener::saying("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nend").await;
    let to = |listener: &Listener| format!("http://{}/next#part", listener.address);
    let third = Listener::redirecting(302, &to(&end)).await;
    let second = Listener::redirecting(307, &to(&third)).await;
    let first = Listener::redirecting(308, &to(&second)).await;
    let zeroth = Listener::redirecting(301, &to(&first)).await;
    let all = [&end, &third, &second, &first, &zeroth];

    let three = get(&first, &all, Names::none()).await.unwrap();
    let four = get(&zeroth, &all, Names::none()).await.unwrap_err();

    assert_eq!(three.body, "end");
    assert_eq!(three.target.as_str(), format!("http://{}/next", end.address));
    assert_eq!(four, SendError::TooManyRedirects { redirects_max: 3 });
    assert_eq!(end.connections(), 1);
}

#[tokio::test]
async fn no_credential_goes_past_a_redirect() {
    let end = Listener::agreeing().await;
    let start = Listener::redirecting(302, &format!("http://{}/", end.address)).await;
    let client = client(policy(&[&start, &end]), Names::none());
    let target = client.parse(&format!("http://{}/", start.address)).unwrap();
    let mut headers = HeaderMap::new();
    for name in ["authorization", "x-api-key", "webhook-signature", "accept-language"] {
        headers.insert(name, HeaderValue::from_static("given-by-the-caller"));
    }

    client.get(&target, headers, Limits::default()).await.unwrap();

    let (first, second) = (start.requests().remove(0), end.requests().remove(0));
    assert_eq!(first.matches("given-by-the-caller").count(), 4, "{first}");
    assert_eq!(second.matches("given-by-the-caller").count(), 1, "{second}");
    assert!(second.contains("accept-language: given-by-the-caller"), "{second}");
    assert!(!second.to_lowercase().contains("referer"), "{second}");
}

#[tokio::test]
async fn a_relative_redirect_stays_and_a_redirect_to_nowhere_is_an_answer() {
    let round = Listener::redirecting(302, "again").await;
    let nowhere = Listener::saying("HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n").await;

    let looped = get(&round, &[&round], Names::none()).await.unwrap_err();
    let answer = get(&nowhere, &[&nowhere], Names::none()).await.unwrap();

    assert_eq!(looped, SendError::TooManyRedirects { redirects_max: 3 });
    assert_eq!(round.requests().len(), 4);
    assert!(round.requests()[1].starts_with("GET /again HTTP/1.1"));
    assert_eq!(answer.status, 302);
}
