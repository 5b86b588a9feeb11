//! The receiving end of a webhook: checks signatures, and remembers what came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use bytes::Bytes;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::agent::Told;
use crate::findings::{Fault, Findings};
use crate::signature;

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
        self.secret.send_replace(Some(signature::read_secret(secret)?));
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
    let read = signature::verify(&secret, &headers, &body, signature::now_s()).and_then(|id| {
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
