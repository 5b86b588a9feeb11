//! Webhooks: deliveries of events to a company's URL.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{EventKind, Id, Secrets};

/// A URL that wants to hear of events.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Webhook {
    /// Identifies the webhook.
    pub id: Id<Webhook>,
    /// Where to deliver.
    pub url: String,
    /// Which events; empty means all.
    pub kinds: Vec<EventKind>,
    /// What signs the deliveries.
    pub secrets: Secrets,
    /// Whether it is delivered to.
    pub enabled: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Webhook {
    /// Whether this webhook wants to hear of events of `kind`.
    pub fn wants(&self, kind: EventKind) -> bool {
        self.enabled && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }
}

/// One event on its way to one webhook, and how it went.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// Identifies the delivery.
    pub id: Id<Delivery>,
    /// Where it goes.
    pub webhook: Id<Webhook>,
    /// The cursor of the event, which names it for the receiver.
    pub cursor: i64,
    /// The kind of the event.
    pub kind: EventKind,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i32,
    /// The last answer's HTTP status, if there was an answer.
    pub status_code: Option<i32>,
    /// What went wrong last, in words.
    pub error: Option<String>,
    /// How long the last attempt took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// When the next attempt is due.
    pub next_at: Timestamp,
    /// When the event was taken up for delivery.
    pub created_at: Timestamp,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Will be tried, or tried again.
    Waiting,
    /// The receiver answered 2xx.
    Delivered,
    /// Given up; can be replayed.
    Dead,
}
