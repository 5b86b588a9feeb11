//! The receiving end of a webhook: checks signatures, and remembers what came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::agent::Told;
use crate::findings::{Fault, Findings};

/// How far the clocks of the two sides may differ, in seconds.
const TOLERANCE_S: u64 = 300;

/// What arrived.
#[derive(Debug)]
pub(crate) struct Receiver {
    /// Where it listens, as `host:port`.
    pub(crate) address: String,
    got: Mutex<HashMap<String, (Told, usize)>>,
    secret: watch::Sender<Option<Vec<u8>>>,
    findings: Arc<Findings>,
}

impl Receiver {
    /// Begins to listen on a port of its own.
    pub(crate) async fn listen(findings: Arc<Findings>) -> Result<Arc<Self>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let receiver = Arc::new(Receiver {
            address: listener.local_addr()?.to_string(),
            got: Mutex::default(),
            secret: watch::Sender::new(None),
            findings,
        });
        let router = Router::new().route("/hook", post(receive)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(receiver)
    }

    /// Tells the receiver the secret, for which it waits with every answer.
    pub(crate) fn trust(&self, secret: &str) -> Result<()> {
        let encoded = secret.strip_prefix("whsec_").context("a secret begins with whsec_")?;
        self.secret.send_replace(Some(STANDARD.decode(encoded)?));
        Ok(())
    }

    /// The events that arrived, by webhook-id, and how often each did.
    pub(crate) fn got(&self) -> HashMap<String, (Told, usize)> {
        self.got.lock().expect("nobody panics while holding it").clone()
    }

    /// How many different events arrived.
    pub(crate) fn events(&self) -> usize {
        self.got.lock().expect("nobody panics while holding it").len()
    }

    fn take(&self, id: &str, told: Told) {
        let mut got = self.got.lock().expect("nobody panics while holding it");
        let (before, times) = got.entry(id.to_owned()).or_insert_with(|| (told.clone(), 0));
        *times += 1;
        let same = (before.cursor, before.message) == (told.cursor, told.message);
        self.findings
            .check(same, Fault::Undelivered, || format!("{id} named {before:?} and then {told:?}"));
    }
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let mut secret = receiver.secret.subscribe();
    let Ok(secret) =
        secret.wait_for(Option::is_some).await.map(|secret| secret.clone().unwrap_or_default())
    else {
        return StatusCode::SERVICE_UNAVAILABLE;
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "a receiver compares the sender's clock with its own"
    )]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let read = verify(&secret, &headers, &body, now).and_then(|id| {
        let told = Told::read(&serde_json::from_slice::<Value>(&body)?)?;
        Ok((id, told))
    });
    match read {
        Ok((id, told)) => {
            receiver.take(&id, told);
            StatusCode::NO_CONTENT
        }
        Err(error) => {
            receiver
                .findings
                .add(Fault::Undelivered, || format!("a delivery is not believed: {error:#}"));
            StatusCode::UNAUTHORIZED
        }
    }
}

/// Checks a delivery as the guide tells receivers to, and returns its webhook-id.
fn verify(secret: &[u8], headers: &HeaderMap, body: &[u8], now: u64) -> Result<String> {
    let header = |name: &str| -> Result<&str> {
        Ok(headers.get(name).with_context(|| format!("no {name}"))?.to_str()?)
    };
    let (id, timestamp) = (header("webhook-id")?, header("webhook-timestamp")?);
    let sent_at: u64 = timestamp.parse()?;
    anyhow::ensure!(now.abs_diff(sent_at) <= TOLERANCE_S, "sent at {sent_at}, received at {now}");
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(secret)?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let fits = header("webhook-signature")?.split(' ').any(|given| given == expected);
    anyhow::ensure!(fits, "no signature fits");
    Ok(id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(id: &str, timestamp: &str, signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", id.parse().unwrap());
        headers.insert("webhook-timestamp", timestamp.parse().unwrap());
        headers.insert("webhook-signature", signature.parse().unwrap());
        headers
    }

    #[test]
    fn only_what_the_secret_signed_is_believed() {
        let secret = b"0123456789abcdef0123456789abcdef";
        let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(secret).unwrap();
        mac.update(b"1/7.1000.{}");
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let headers = signed("1/7", "1000", &signature);

        assert_eq!(verify(secret, &headers, b"{}", 1_100).unwrap(), "1/7");
        assert!(verify(secret, &headers, b"{ }", 1_100).is_err());
        assert!(verify(secret, &headers, b"{}", 1_301).is_err());
        assert!(verify(secret, &signed("1/8", "1000", &signature), b"{}", 1_100).is_err());
        assert!(verify(b"another secret of thirty-two byte", &headers, b"{}", 1_100).is_err());
    }
}
