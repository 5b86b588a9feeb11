//! The JSON of what agents, visitors and webhooks are told.
//!
//! REST, sockets and webhooks all send these forms, so that a client reads one
//! noun in one way wherever it comes from. Borrowed: a form is made, written
//! and forgotten. What the fields mean is documented with the API's schemas.

use domain::{
    Account, Activity, AttachmentState, Emotion, EventKind, Handoff, Id, Language, MessageKind,
    Note, Priority, QuickReply, Rating, SenderKind, Status,
};
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::Value;
use uuid::Uuid;

use crate::{ConversationView, EventView, MessageView};

/// A time: RFC 3339 in UTC, to the millisecond.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Time(at)
    }
}

/// A noun that another one refers to.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Named<'a> {
    /// Its identity.
    pub id: i64,
    /// What it is called.
    pub name: &'a str,
}

/// One entry of a thread: something said, a public fact, or a note.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct Message<'a> {
    pub id: i64,
    pub conversation_id: i64,
    pub seq: Option<i64>,
    pub kind: &'static str,
    pub sender: Sender<'a>,
    pub text: &'a str,
    pub quick_replies: &'a [QuickReply],
    pub attachments: Vec<Attachment<'a>>,
    pub activity: Option<Activity>,
    pub target_seq: Option<i64>,
    pub retracted: bool,
    pub client_id: Option<Uuid>,
    pub created_at: Time,
}

/// Who said something.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct Sender<'a> {
    pub kind: SenderKind,
    pub id: Option<i64>,
    pub name: Option<&'a str>,
}

/// A file of a message.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct Attachment<'a> {
    pub id: i64,
    pub name: &'a str,
    pub content_type: &'a str,
    pub size: i64,
    pub state: AttachmentState,
    pub width: Option<i32>,
    pub height: Option<i32>,
}

impl<'a> From<&'a domain::Attachment> for Attachment<'a> {
    fn from(attachment: &'a domain::Attachment) -> Self {
        Attachment {
            id: attachment.id.number(),
            name: &attachment.name,
            content_type: &attachment.content_type,
            size: attachment.size,
            state: attachment.state,
            width: attachment.width,
            height: attachment.height,
        }
    }
}

impl<'a> Message<'a> {
    /// Makes the form of a message whose sender is called `sender_name`.
    pub fn new(message: &'a domain::Message, sender_name: Option<&'a str>) -> Self {
        let (kind, activity) = match message.kind {
            MessageKind::Text => ("text", None),
            MessageKind::Activity(activity) => ("activity", Some(activity)),
        };
        Message {
            id: message.id.number(),
            conversation_id: message.conversation.number(),
            seq: Some(message.seq),
            kind,
            sender: Sender { kind: message.sender.kind, id: message.sender.id, name: sender_name },
            text: &message.text,
            quick_replies: &message.quick_replies,
            attachments: message.attachments.iter().map(Attachment::from).collect(),
            activity,
            target_seq: message.target_seq,
            retracted: message.retracted,
            client_id: message.client_id,
            created_at: Time(message.created_at),
        }
    }

    /// Makes the form of a note, which stands in a thread like a message and has
    /// no `seq`. Only agents may get it.
    pub fn note(note: &'a Note, author: &'a str) -> Self {
        Message {
            id: note.id.number(),
            conversation_id: note.conversation.number(),
            seq: None,
            kind: "note",
            sender: Sender {
                kind: SenderKind::Agent,
                id: Some(note.agent.number()),
                name: Some(author),
            },
            text: &note.text,
            quick_replies: &[],
            attachments: Vec::new(),
            activity: None,
            target_seq: None,
            retracted: false,
            client_id: None,
            created_at: Time(note.created_at),
        }
    }
}

impl<'a> From<&'a MessageView> for Message<'a> {
    fn from(view: &'a MessageView) -> Self {
        Message::new(&view.message, view.sender_name.as_deref())
    }
}

/// A conversation as agents see it.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct Conversation<'a> {
    pub id: i64,
    pub inbox: Named<'a>,
    pub contact: Contact<'a>,
    pub status: Status,
    pub priority: Priority,
    pub assignee: Option<Named<'a>>,
    pub team: Option<Named<'a>>,
    pub tags: Vec<Tag<'a>>,
    pub language: Language,
    pub intent: Option<&'a str>,
    pub mood: Option<Mood>,
    pub handoff: Option<HandedOff<'a>>,
    pub snoozed_until: Option<Time>,
    pub last_seq: i64,
    pub last_message: Option<LastMessage<'a>>,
    pub waiting_since: Option<Time>,
    pub rating: Option<Verdict<'a>>,
    pub created_at: Time,
    pub updated_at: Time,
    pub resolved_at: Option<Time>,
    pub revision: i64,
}

/// How the contact feels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct Mood {
    pub emotion: Emotion,
    pub strength: f64,
}

impl Mood {
    /// Makes the form of a mood; `None` while it is neutral.
    pub fn of(mood: &domain::Mood) -> Option<Self> {
        mood.shown.map(|(emotion, percent)| Mood { emotion, strength: f64::from(percent) / 100.0 })
    }
}

/// Who asks, as a conversation names the contact.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct Contact<'a> {
    pub id: i64,
    pub name: Option<&'a str>,
    pub verified: bool,
}

/// A label.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct Tag<'a> {
    pub id: i64,
    pub name: &'a str,
    pub color: &'a str,
}

impl<'a> From<&'a domain::Tag> for Tag<'a> {
    fn from(tag: &'a domain::Tag) -> Self {
        Tag { id: tag.id.number(), name: &tag.name, color: &tag.color }
    }
}

/// Why people got a conversation.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct HandedOff<'a> {
    pub reason: domain::HandoffReason,
    pub summary: &'a str,
    pub at: Time,
}

impl<'a> From<&'a Handoff> for HandedOff<'a> {
    fn from(handoff: &'a Handoff) -> Self {
        HandedOff { reason: handoff.reason, summary: &handoff.summary, at: Time(handoff.at) }
    }
}

/// What a list shows of the last message.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct LastMessage<'a> {
    pub text: &'a str,
    pub sender_kind: SenderKind,
    pub at: Time,
}

/// What the contact thought.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct Verdict<'a> {
    pub score: i16,
    pub comment: Option<&'a str>,
}

impl<'a> Conversation<'a> {
    /// Makes the form of a conversation; `rating` adds what the contact wrote
    /// with the score.
    pub fn new(view: &'a ConversationView, rating: Option<&'a Rating>) -> Self {
        let conversation = &*view.conversation;
        let named = |id: i64, name: &'a Option<String>| Named {
            id,
            name: name.as_deref().unwrap_or_default(),
        };
        let said_at = conversation.last_message.as_ref().map(|last| last.at);
        let comment =
            rating.map(|rating| rating.comment.as_str()).filter(|comment| !comment.is_empty());
        Conversation {
            id: conversation.id.number(),
            inbox: Named { id: conversation.inbox.number(), name: &view.inbox_name },
            contact: Contact {
                id: conversation.contact.number(),
                name: view.contact.as_ref().and_then(|contact| contact.name.as_deref()),
                verified: view.contact.as_ref().is_some_and(|contact| contact.verified),
            },
            status: conversation.status,
            priority: conversation.priority,
            assignee: conversation.assignee.map(|id| named(id.number(), &view.assignee_name)),
            team: conversation.team.map(|id| named(id.number(), &view.team_name)),
            tags: view.tags.iter().map(Tag::from).collect(),
            language: conversation.language,
            intent: conversation.intent.as_deref(),
            mood: Mood::of(&conversation.mood),
            handoff: conversation.handoff.as_ref().map(HandedOff::from),
            snoozed_until: conversation.snoozed_until.map(Time),
            last_seq: conversation.last_seq,
            last_message: conversation.last_message.as_ref().map(|last| LastMessage {
                text: &last.text,
                sender_kind: last.sender,
                at: Time(last.at),
            }),
            waiting_since: conversation.waiting_since.map(Time),
            rating: conversation.rating.map(|score| Verdict { score, comment }),
            created_at: Time(conversation.created_at),
            updated_at: Time(said_at.unwrap_or(conversation.listed_at).max(conversation.listed_at)),
            resolved_at: conversation.resolved_at.map(Time),
            revision: conversation.revision,
        }
    }
}

impl<'a> From<&'a ConversationView> for Conversation<'a> {
    fn from(view: &'a ConversationView) -> Self {
        Conversation::new(view, None)
    }
}

/// A conversation as its contact sees it.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "documented with the schemas of the API")]
pub struct VisitorConversation<'a> {
    pub id: i64,
    pub status: Status,
    pub last_seq: i64,
    pub rated: bool,
    pub assignee: Option<Named<'a>>,
}

impl<'a> VisitorConversation<'a> {
    /// Makes the form of a conversation whose assignee is called `assignee_name`.
    pub fn new(conversation: &domain::Conversation, assignee_name: Option<&'a str>) -> Self {
        let assignee = conversation.assignee.zip(assignee_name);
        VisitorConversation {
            id: conversation.id.number(),
            status: conversation.status,
            last_seq: conversation.last_seq,
            rated: conversation.rating.is_some(),
            assignee: assignee.map(|(id, name)| Named { id: id.number(), name }),
        }
    }
}

/// An event in the form of CloudEvents 1.0.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the attributes are those of the specification")]
pub struct Event<D> {
    pub specversion: &'static str,
    pub id: String,
    pub source: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub subject: String,
    pub time: Time,
    pub data: D,
}

/// What an event tells agents and webhooks.
#[derive(Clone, Debug, Serialize)]
pub struct AgentData<'a> {
    /// Its place in the account's log.
    pub cursor: i64,
    /// The conversation that it happened to, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Conversation<'a>>,
    /// The message or note that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message<'a>>,
    /// The identity of whatever else it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// What else must be known.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub more: Option<&'a serde_json::Map<String, Value>>,
}

/// What an event tells a visitor.
#[derive(Clone, Debug, Serialize)]
pub struct VisitorData<'a> {
    /// The conversation, as far as its contact may know it.
    pub conversation: VisitorConversation<'a>,
    /// The message.
    pub message: Message<'a>,
}

impl<'a> Event<AgentData<'a>> {
    /// Makes the form of an event for agents and webhooks.
    pub fn for_agents(view: &'a EventView) -> Self {
        let event = &view.event;
        let message = match (&view.message, &view.note) {
            (Some(message), _) => Some(Message::from(message)),
            (None, Some((note, author))) => Some(Message::note(note, author)),
            (None, None) => None,
        };
        let data = AgentData {
            cursor: event.cursor,
            conversation: view.conversation.as_ref().map(Conversation::from),
            message,
            id: event.conversation.is_none().then_some(event.subject),
            more: event.data.as_ref().and_then(Value::as_object),
        };
        let subject = match event.conversation {
            Some(conversation) => format!("/conversations/{conversation}"),
            None => format!("/{}/{}", plural(event.kind), event.subject),
        };
        Event::new(event.account, event.cursor, event.kind, subject, event.created_at, data)
    }
}

impl<'a> Event<VisitorData<'a>> {
    /// Makes the form of a message as an event for its contact, named by the
    /// message: a contact knows nothing of the account's log. `kind` says whether
    /// the message is new or a file of it was scanned.
    pub fn for_visitor(
        account: Id<Account>,
        kind: EventKind,
        conversation: &domain::Conversation,
        view: &'a MessageView,
        assignee_name: Option<&'a str>,
    ) -> Self {
        let message = &view.message;
        let named = format!("{account}/message/{}", message.id);
        let id = match kind {
            EventKind::MessageScanned => format!("{named}/scanned/{}", judged(message)),
            _ => named,
        };
        Event {
            specversion: "1.0",
            id,
            source: format!("/accounts/{account}"),
            kind: kind.name(),
            subject: format!("/conversations/{}", message.conversation),
            time: Time(message.created_at),
            data: VisitorData {
                conversation: VisitorConversation::new(conversation, assignee_name),
                message: Message::from(view),
            },
        }
    }
}

impl<D> Event<D> {
    /// Makes the envelope of an event, which names it for good.
    pub fn new(
        account: Id<Account>,
        cursor: i64,
        kind: EventKind,
        subject: String,
        at: Timestamp,
        data: D,
    ) -> Self {
        Event {
            specversion: "1.0",
            id: format!("{account}/{cursor}"),
            source: format!("/accounts/{account}"),
            kind: kind.name(),
            subject,
            time: Time(at),
            data,
        }
    }
}

/// How many files of a message a scanner has judged: each verdict is an event of
/// its own.
fn judged(message: &domain::Message) -> usize {
    let judged = |file: &&domain::Attachment| file.state != AttachmentState::Scanning;
    message.attachments.iter().filter(judged).count()
}

/// The collection that the subject of an event is in.
fn plural(kind: EventKind) -> &'static str {
    match kind {
        EventKind::ContactUpdated => "contacts",
        EventKind::AgentUpdated => "agents",
        EventKind::SessionRevoked => "sessions",
        EventKind::TeamUpdated => "teams",
        EventKind::InboxUpdated => "inboxes",
        EventKind::TagUpdated => "tags",
        EventKind::CannedResponseUpdated => "canned-responses",
        EventKind::WebhookUpdated => "webhooks",
        EventKind::AccountUpdated => "accounts",
        EventKind::ExampleUpdated => "nlu/examples",
        EventKind::ReviewDecided => "nlu/reviews",
        EventKind::TrialUpdated => "nlu/trials",
        EventKind::DiscoveryUpdated => "nlu/discoveries",
        EventKind::ReleaseUpdated | EventKind::ReleasePublished => "nlu/releases",
        EventKind::MessageCreated
        | EventKind::MessageRetracted
        | EventKind::MessageScanned
        | EventKind::NoteCreated
        | EventKind::ConversationOpened
        | EventKind::ConversationAssigned
        | EventKind::ConversationHandedOff
        | EventKind::ConversationResolved
        | EventKind::ConversationReopened
        | EventKind::ConversationSnoozed
        | EventKind::ConversationPrioritised
        | EventKind::ConversationTagged
        | EventKind::ConversationRated => "conversations",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_milliseconds_even_if_they_are_none() {
        let json = serde_json::to_string(&Time("2026-11-22T09:00:00Z".parse().unwrap())).unwrap();

        assert_eq!(json, "\"2026-11-22T09:00:00.000Z\"");
    }

    #[test]
    fn an_event_that_is_no_conversations_names_its_subject() {
        let event = domain::Event {
            account: Id::new(1),
            cursor: 7,
            kind: EventKind::SessionRevoked,
            conversation: None,
            subject: 42,
            data: Some(serde_json::json!({"agent_id": 5})),
            created_at: Timestamp::UNIX_EPOCH,
        };
        let view = EventView { event, conversation: None, message: None, note: None };

        let json = serde_json::to_value(Event::for_agents(&view)).unwrap();

        let expected = serde_json::json!({
            "specversion": "1.0", "id": "1/7", "source": "/accounts/1", "type": "session.revoked",
            "subject": "/sessions/42", "time": "1970-01-01T00:00:00.000Z",
            "data": {"cursor": 7, "id": 42, "agent_id": 5},
        });
        assert_eq!(json, expected);
    }
}
