//! The frames that clients send, and those of the server's that are no events.

use desk::wire;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ProblemDocument;

/// What a visitor sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum FromVisitor {
    Hello {
        inbox: String,
        #[serde(default)]
        token: Option<String>,
        #[serde(default)]
        after: i64,
        #[serde(default)]
        identity: Option<String>,
        #[serde(default)]
        identifier: Option<String>,
        #[serde(default)]
        identifier_hash: Option<String>,
        #[serde(default)]
        locale: Option<String>,
    },
    Send {
        client_id: Uuid,
        #[serde(default)]
        text: String,
        #[serde(default)]
        quick_reply: Option<String>,
        #[serde(default)]
        attachments: Vec<i64>,
    },
    Rate {
        client_id: Uuid,
        score: i64,
        #[serde(default)]
        comment: String,
    },
    Read {
        seq: i64,
    },
    Typing,
    Ping,
}

/// What an agent sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum FromAgent {
    Hello {
        #[serde(default)]
        after: Option<i64>,
        #[serde(default)]
        token: Option<String>,
    },
    Typing {
        conversation_id: i64,
    },
    Ping,
}

/// What the server sends beside events.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToClient<'a> {
    Ack {
        client_id: Uuid,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<i64>,
    },
    Problem {
        client_id: Option<Uuid>,
        problem: &'a ProblemDocument,
    },
    SlowDown {
        client_id: Option<Uuid>,
        retry_after_ms: u64,
    },
    Typing {
        #[serde(skip_serializing_if = "Option::is_none")]
        conversation_id: Option<i64>,
        sender: wire::Sender<'a>,
    },
    Read {
        conversation_id: i64,
        seq: i64,
    },
    Pong,
    ResyncRequired,
}
