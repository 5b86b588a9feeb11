//! Threads as a whole, and what is done with them.

use axum::extract::State;
use axum::response::Response;
use desk::{Actor, ConversationView, ListConversations, wire};
use domain::{Error, Id, Priority, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Answer, ok};
use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{self, Page, Paging};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_conversations))
        .routes(routes!(count_conversations))
        .routes(routes!(get_conversation))
        .routes(routes!(assign_conversation))
        .routes(routes!(transfer_conversation))
        .routes(routes!(snooze_conversation))
        .routes(routes!(resolve_conversation))
        .routes(routes!(reopen_conversation))
        .routes(routes!(prioritise_conversation))
        .routes(routes!(tag_conversation))
}

/// Which conversations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ConversationQuery {
    /// Only those in this state.
    #[param(value_type = Option<schema::Status>)]
    status: Option<Status>,
    /// Only those of an agent: `me`, `none`, or an id.
    #[param(example = "me")]
    assignee: Option<String>,
    /// Only those of this inbox.
    inbox: Option<i64>,
    /// Only those of this team.
    team: Option<i64>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// How many conversations there are, counted up to a thousand.
#[derive(Serialize, ToSchema)]
struct Counts {
    /// Open and one's own.
    mine: u64,
    /// Open and nobody's.
    unassigned: u64,
    /// In any state; up to the sum of the bounds.
    all: u64,
    bot: u64,
    open: u64,
    snoozed: u64,
    resolved: u64,
}

/// Who gets a conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Assign {
    /// The agent; nobody if null.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    agent_id: Option<i64>,
    /// The team whose work it is; as before if absent.
    #[serde(default)]
    #[schema(nullable = false)]
    team_id: Option<i64>,
}

/// Who gets a conversation, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Transfer {
    /// The agent; whoever is first of the team if absent.
    agent_id: Option<i64>,
    /// The team.
    team_id: Option<i64>,
    /// A note for whoever takes it.
    note: Option<String>,
}

/// Until when a conversation rests.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Snooze {
    /// Until the next message if null.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required, value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Who goes on with a conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reopen {
    to: ReopenTo,
}

/// People, or the bot.
#[derive(Clone, Copy, Deserialize, Eq, PartialEq, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReopenTo {
    Open,
    Bot,
}

/// How pressing a conversation is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Prioritise {
    #[schema(value_type = schema::Priority)]
    priority: Priority,
}

/// The labels of a conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetTags {
    /// The ids of all of them.
    tags: Vec<i64>,
}

/// Lists conversations, those that last rose to the top first.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", params(ConversationQuery),
    responses((status = 200, description = "A page of them.", body = Page<schema::Conversation>)))]
async fn list_conversations(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(query): Query<ConversationQuery>,
) -> Answer {
    let assignee = match query.assignee.as_deref() {
        None => None,
        Some("me") => Some(Some(actor.agent)),
        Some("none") => Some(None),
        Some(id) => {
            let id = id
                .parse()
                .map_err(|_| Error::invalid("/assignee", "must be `me`, `none` or an id"))?;
            Some(Some(id))
        }
    };
    let wanted = ListConversations {
        status: query.status,
        assignee,
        team: query.team.map(Id::new),
        inbox: query.inbox.map(Id::new),
        ..ListConversations::default()
    };
    list_page(&app, &actor, wanted, &Paging { limit: query.limit, after: query.after }).await
}

/// Answers with one page of conversations.
pub(super) async fn list_page(
    app: &App,
    actor: &Actor,
    wanted: ListConversations,
    paging: &Paging,
) -> Answer {
    let limit = page::limit(paging.limit)?;
    let after = page::decode::<2>(paging.after.as_deref())?.map(place).transpose()?;
    let found = app
        .desk
        .list_conversations(actor, ListConversations { after, limit: limit + 1, ..wanted })
        .await?;
    let key = |last: &ConversationView| {
        let last = &last.conversation;
        page::encode(&[last.listed_at.as_millisecond(), last.id.number()])
    };
    let page = Page::of(found, limit, key, |view| view);
    let items = page.items.iter().map(wire::Conversation::from).collect();
    Ok(ok(&Page { items, next: page.next }))
}

fn place([at, id]: [i64; 2]) -> Result<(Timestamp, Id<domain::Conversation>), Error> {
    let at = Timestamp::from_millisecond(at);
    let at =
        at.map_err(|_| Error::invalid("/after", "is not the `next` of a page of this list"))?;
    Ok((at, Id::new(id)))
}

/// Counts conversations.
#[utoipa::path(get, path = "/api/v1/conversations/counts", tag = "conversations",
    responses((status = 200, description = "The counts.", body = Counts)))]
async fn count_conversations(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<Counts>, Problem> {
    let counts = app.desk.count_conversations(&actor).await?;
    Ok(Json(Counts {
        mine: counts.mine,
        unassigned: counts.unassigned,
        all: counts.bot + counts.open + counts.snoozed + counts.resolved,
        bot: counts.bot,
        open: counts.open,
        snoozed: counts.snoozed,
        resolved: counts.resolved,
    }))
}

/// Reads one conversation.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "conversations",
    responses((status = 200, description = "The conversation.", body = schema::Conversation)))]
async fn get_conversation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Answer {
    let view = app.desk.get_conversation(&actor, Id::new(id)).await?;
    let rating = match view.conversation.rating {
        Some(_) => app.desk.last_rating(actor.account, view.conversation.id).await?,
        None => None,
    };
    Ok(ok(&wire::Conversation::new(&view, rating.as_ref())))
}

/// Gives a conversation to an agent, or to nobody.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/assign", tag = "conversations",
    responses((status = 200, description = "The conversation as it is now.", body = schema::Conversation)))]
async fn assign_conversation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(wanted): Json<Assign>,
) -> Answer {
    let agent = wanted.agent_id.map(Id::new);
    let view = match wanted.team_id {
        Some(team) => {
            let team = Some(Id::new(team));
            app.desk.transfer_conversation(&actor, Id::new(id), agent, team, None).await?
        }
        None => app.desk.assign_conversation(&actor, Id::new(id), agent).await?,
    };
    Ok(shown(&view))
}

/// Gives a conversation to another agent or team, with a note if there is
/// something to say.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/transfer", tag = "conversations",
    responses((status = 200, description = "The conversation as it is now.", body = schema::Conversation)))]
async fn transfer_conversation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(wanted): Json<Transfer>,
) -> Answer {
    if wanted.agent_id.is_none() && wanted.team_id.is_none() {
        return Err(Error::invalid("/agent_id", "name an agent, a team, or both").into());
    }
    let (agent, team) = (wanted.agent_id.map(Id::new), wanted.team_id.map(Id::new));
    let note = wanted.note.as_deref();
    let view = app.desk.transfer_conversation(&actor, Id::new(id), agent, team, note).await?;
    Ok(shown(&view))
}

/// Lets a conversation rest until a time, or until the next message.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/snooze", tag = "conversations",
    responses((status = 200, description = "The conversation as it is now.", body = schema::Conversation)))]
async fn snooze_conversation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(wanted): Json<Snooze>,
) -> Answer {
    Ok(shown(&app.desk.snooze_conversation(&actor, Id::new(id), wanted.until).await?))
}

/// Marks the work as done.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/resolve", tag = "conversations",
    responses((status = 200, description = "The conversation as it is now.", body = schema::Conversation)))]
async fn resolve_conversation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Answer {
    Ok(shown(&app.desk.resolve_conversation(&actor, Id::new(id)).await?))
}

/// Takes up a resolved conversation again, or gives one back to the bot.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/reopen", tag = "conversations",
    responses((status = 200, description = "The conversation as it is now.", body = schema::Conversation)))]
async fn reopen_conversation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(wanted): Json<Reopen>,
) -> Answer {
    let to_bot = wanted.to == ReopenTo::Bot;
    Ok(shown(&app.desk.reopen_conversation(&actor, Id::new(id), to_bot).await?))
}

/// Says how pressing a conversation is.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/priority", tag = "conversations",
    responses((status = 200, description = "The conversation as it is now.", body = schema::Conversation)))]
async fn prioritise_conversation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(wanted): Json<Prioritise>,
) -> Answer {
    Ok(shown(&app.desk.prioritise_conversation(&actor, Id::new(id), wanted.priority).await?))
}

/// Replaces the labels of a conversation.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/tags", tag = "conversations",
    responses((status = 200, description = "The conversation as it is now.", body = schema::Conversation)))]
async fn tag_conversation(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(wanted): Json<SetTags>,
) -> Answer {
    let tags = wanted.tags.into_iter().map(Id::new).collect();
    Ok(shown(&app.desk.tag_conversation(&actor, Id::new(id), tags).await?))
}

fn shown(view: &ConversationView) -> Response {
    ok(&wire::Conversation::from(view))
}
