//! The frames that a visitor hears, as far as a visitor must know them.

use std::borrow::Cow;

use serde::Deserialize;

/// Any frame of the server.
#[derive(Debug, Deserialize)]
pub(super) struct Frame<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(default, borrow)]
    pub(super) client_id: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) seq: Option<i64>,
    #[serde(default)]
    pub(super) retry_after_ms: Option<u64>,
    #[serde(default, borrow)]
    pub(super) problem: Option<Problem<'a>>,
    #[serde(default, borrow)]
    pub(super) data: Option<Data<'a>>,
}

/// Why something was refused.
#[derive(Debug, Deserialize)]
pub(super) struct Problem<'a> {
    #[serde(default, borrow)]
    pub(super) code: Cow<'a, str>,
}

/// What an event is about.
#[derive(Debug, Deserialize)]
pub(super) struct Data<'a> {
    #[serde(default, borrow)]
    pub(super) message: Option<Message<'a>>,
}

/// An entry of the thread.
#[derive(Debug, Deserialize)]
pub(super) struct Message<'a> {
    pub(super) seq: i64,
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) sender: Sender<'a>,
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
    #[serde(default, borrow)]
    pub(super) client_id: Option<Cow<'a, str>>,
}

/// Who said it.
#[derive(Debug, Deserialize)]
pub(super) struct Sender<'a> {
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
}
