//! What visitors are told on entering that is the same by request and by socket.

use desk::{Greeting, Guest};
use domain::{Language, QuickReply};
use serde::Serialize;
use utoipa::ToSchema;

use crate::schema;

/// The inbox, as a visitor sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct WelcomeInbox<'a> {
    name: &'a str,
    greeting: &'a str,
    #[schema(value_type = schema::Language)]
    locale: Language,
    /// Null if no bot answers first.
    bot_name: Option<&'a str>,
    #[schema(value_type = Vec<schema::QuickReply>)]
    quick_replies: &'a [QuickReply],
    /// Whether people are there now.
    online: bool,
}

/// The visitor, as far as anybody knows.
#[derive(Serialize, ToSchema)]
pub(crate) struct WelcomeContact<'a> {
    name: Option<&'a str>,
    /// Whether the company vouched for who this is.
    verified: bool,
}

impl<'a> WelcomeInbox<'a> {
    /// Makes the form of the inbox that greets a guest.
    pub(crate) fn new(guest: &'a Guest, greeting: &'a Greeting) -> Self {
        WelcomeInbox {
            name: &guest.inbox.name,
            greeting: &greeting.text,
            locale: guest.language,
            bot_name: greeting.bot_name.as_deref(),
            quick_replies: &greeting.quick_replies,
            online: greeting.online,
        }
    }
}

impl<'a> WelcomeContact<'a> {
    /// Makes the form of the contact who is greeted.
    pub(crate) fn new(greeting: &'a Greeting) -> Self {
        let contact = greeting.contact.as_ref();
        WelcomeContact {
            name: contact.and_then(|contact| contact.name.as_deref()),
            verified: contact.is_some_and(|contact| contact.verified),
        }
    }
}
