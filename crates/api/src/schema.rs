//! The schemas of forms that are made elsewhere: the desk's wire forms and the
//! enumerations of the domain. They are here for the document alone; a test
//! holds each against what is really sent.

#![expect(dead_code, reason = "these types describe JSON and are never made")]

use utoipa::ToSchema;

/// Where a conversation is: with the bot, with people, resting, or done.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Status {
    Bot,
    Open,
    Snoozed,
    Resolved,
}

/// How pressing a conversation is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Priority {
    None,
    Low,
    Medium,
    High,
    Urgent,
}

/// What an agent may do: everything; the desk and those at it; conversations;
/// knowledge and the bot.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Role {
    Owner,
    Supervisor,
    Agent,
    Trainer,
}

/// Whether an agent may sign in.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum AgentStatus {
    Active,
    Deactivated,
}

/// Whether an agent can take work now.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Availability {
    Online,
    Away,
    Offline,
}

/// A language that the product speaks.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Language {
    Zh,
    En,
}

/// A kind of participant in a thread.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum SenderKind {
    Contact,
    Agent,
    Bot,
    System,
}

/// Something said, a public fact, or a note among agents.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum MessageKind {
    Text,
    Activity,
    Note,
}

/// A public fact in a thread.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Activity {
    HandedOff,
    Assigned,
    Resolved,
    Reopened,
    Rated,
    OutOfHours,
    Retracted,
}

/// Why people got a conversation from the bot: the contact asked, was not
/// understood, was angry; the bot failed; an agent took it.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum HandoffReason {
    Asked,
    Lost,
    Angry,
    BotFailed,
    Agent,
}

/// How far the delivery of an event to a webhook is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum DeliveryState {
    Waiting,
    Delivered,
    Dead,
}

/// How far a release is: in the making; not made; made and never in use; in use; in use before.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum ReleaseState {
    Training,
    Failed,
    Candidate,
    Released,
    Retired,
}

/// What a training is at.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum TrainingStep {
    Waiting,
    Reading,
    Learning,
    Testing,
    Writing,
}

/// Why something is in the review queue: the bot was not sure; it led to a person; the contact was not content; somebody
/// says that it meant something else.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum ReviewReason {
    Uncertain,
    HandedOff,
    BadlyRated,
    Corrected,
}

/// Whether something in the review queue was decided, and how.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum ReviewState {
    Open,
    Accepted,
    Corrected,
    Rejected,
}

/// What a release on trial may do: it is asked and answers nobody; it answers a share of the conversations.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum TrialKind {
    Shadow,
    Gray,
}

/// How far a discovery is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum DiscoveryState {
    Running,
    Done,
    Failed,
}

/// Whether a job waits or was given up. A job that is done is gone.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum JobState {
    Waiting,
    Dead,
}

/// A day of the week.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// A noun that another one refers to.
#[derive(ToSchema)]
pub(crate) struct Ref {
    id: i64,
    name: String,
}

/// The contact of a conversation.
#[derive(ToSchema)]
pub(crate) struct ContactRef {
    id: i64,
    /// Null if it is not known.
    name: Option<String>,
    /// Whether the company vouched for who this is.
    verified: bool,
}

/// A label.
#[derive(ToSchema)]
pub(crate) struct Tag {
    id: i64,
    name: String,
    /// As `#rrggbb`.
    #[schema(example = "#2f6fed")]
    color: String,
}

/// Why people got a conversation from the bot.
#[derive(ToSchema)]
pub(crate) struct Handoff {
    reason: HandoffReason,
    /// What an agent should know before answering.
    summary: String,
    #[schema(format = DateTime)]
    at: String,
}

/// What shows in what a contact says.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Emotion {
    Anger,
    Anxiety,
    Disappointment,
    Satisfaction,
    Gratitude,
    Urgency,
}

/// Whether what a contact says is good or bad news.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Sentiment {
    Negative,
    Neutral,
    Positive,
}

/// The emotion that shows most over the last messages; thanks are no mood.
#[derive(ToSchema)]
pub(crate) struct Mood {
    emotion: Emotion,
    /// In hundredths.
    #[schema(minimum = 0, maximum = 1, example = 0.84)]
    strength: f64,
}

/// What a list shows of the last message.
#[derive(ToSchema)]
pub(crate) struct LastMessage {
    /// The beginning, on one line.
    text: String,
    sender_kind: SenderKind,
    #[schema(format = DateTime)]
    at: String,
}

/// What the contact thought of a conversation.
#[derive(ToSchema)]
pub(crate) struct ConversationRating {
    /// From 1, bad, to 5, good.
    #[schema(minimum = 1, maximum = 5)]
    score: i16,
    /// Given with a single conversation, not in lists and events.
    comment: Option<String>,
}

/// A thread between a contact and the desk.
#[derive(ToSchema)]
pub(crate) struct Conversation {
    id: i64,
    inbox: Ref,
    contact: ContactRef,
    status: Status,
    priority: Priority,
    /// Who is answering; null while nobody is.
    assignee: Option<Ref>,
    team: Option<Ref>,
    tags: Vec<Tag>,
    language: Language,
    /// What the contact last meant, as the bot understood it.
    #[schema(example = "query_yield")]
    intent: Option<String>,
    /// How the contact feels, by what was said since the conversation last came to the bot; null while that is neutral.
    mood: Option<Mood>,
    handoff: Option<Handoff>,
    /// When a snoozed conversation comes back; null: with the next message.
    #[schema(format = DateTime)]
    snoozed_until: Option<String>,
    /// The `seq` of its last message.
    last_seq: i64,
    last_message: Option<LastMessage>,
    /// Since when the contact waits for a person.
    #[schema(format = DateTime)]
    waiting_since: Option<String>,
    rating: Option<ConversationRating>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    #[schema(format = DateTime)]
    resolved_at: Option<String>,
    /// How many times it was saved.
    revision: i64,
}

/// Who said something.
#[derive(ToSchema)]
pub(crate) struct Sender {
    kind: SenderKind,
    /// The contact's or agent's id; null for bot and system.
    id: Option<i64>,
    name: Option<String>,
}

/// A ready answer that a contact may choose.
#[derive(ToSchema)]
pub(crate) struct QuickReply {
    /// What the button says, and what is sent as text.
    title: String,
    /// What it means to the bot.
    value: String,
}

/// Whether a file can be fetched: not before a scanner has looked at it; yes;
/// never, because the scanner objected.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum AttachmentState {
    Scanning,
    Clean,
    Refused,
}

/// A file of a message.
#[derive(ToSchema)]
pub(crate) struct Attachment {
    id: i64,
    name: String,
    /// What its bytes are, by their content.
    content_type: String,
    /// In bytes.
    size: i64,
    /// An event `message.scanned` tells when it changes.
    state: AttachmentState,
    /// In pixels, of an image.
    width: Option<i32>,
    /// In pixels, of an image.
    height: Option<i32>,
}

/// One entry of a thread.
#[derive(ToSchema)]
pub(crate) struct Message {
    id: i64,
    conversation_id: i64,
    /// Its place in the thread: 1, 2, 3 … without gaps; null for a note.
    seq: Option<i64>,
    kind: MessageKind,
    sender: Sender,
    /// Raw text, with Markdown from agents and bots.
    text: String,
    quick_replies: Vec<QuickReply>,
    attachments: Vec<Attachment>,
    /// Of an activity.
    activity: Option<Activity>,
    /// The `seq` of the message that this activity takes back.
    target_seq: Option<i64>,
    /// Whether it was taken back; its text is then empty.
    retracted: bool,
    /// The sender's own name for it.
    #[schema(format = Uuid)]
    client_id: Option<String>,
    /// For display only: order is `seq`.
    #[schema(format = DateTime)]
    created_at: String,
}

/// An entry of the event log, as a CloudEvent.
#[derive(ToSchema)]
pub(crate) struct Event {
    #[schema(example = "1.0")]
    specversion: String,
    /// `<account>/<cursor>`: names the event for good.
    #[schema(example = "1/42")]
    id: String,
    source: String,
    #[schema(example = "message.created")]
    r#type: String,
    #[schema(example = "/conversations/9")]
    subject: String,
    #[schema(format = DateTime)]
    time: String,
    data: EventData,
}

/// What an event is about: whole nouns where there are any.
#[derive(ToSchema)]
pub(crate) struct EventData {
    /// Its place in the account's log.
    cursor: i64,
    #[schema(nullable = false)]
    conversation: Option<Conversation>,
    #[schema(nullable = false)]
    message: Option<Message>,
    /// The id of whatever else it is about.
    #[schema(nullable = false)]
    id: Option<i64>,
}

/// One opening span: from `opens` until before `closes`, on each of `days`.
#[derive(ToSchema)]
pub(crate) struct Span {
    days: Vec<Day>,
    #[schema(example = "09:00:00")]
    opens: String,
    #[schema(example = "18:00:00")]
    closes: String,
}

/// A week of opening times in one time zone, with days off. No span at all means
/// always open.
#[derive(ToSchema)]
pub(crate) struct BusinessHours {
    #[schema(example = "Asia/Shanghai")]
    time_zone: String,
    week: Vec<Span>,
    #[schema(value_type = Vec<String>, example = json!(["2026-10-01"]))]
    holidays: Vec<String>,
}

/// A file to upload.
#[derive(ToSchema)]
pub(crate) struct UploadForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}
