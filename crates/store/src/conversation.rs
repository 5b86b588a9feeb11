//! Conversations on disk.

use domain::{Agent, Contact, Conversation, Id, Inbox, LastMessage, Result, Status, Team};
use jiff::Timestamp;
use sea_orm::Value;

use crate::sql::{Row, json, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str = "
    SELECT id, inbox_id, contact_id, status, priority, assignee_id, team_id, language, bot_state,
           intent, mood, handoff, snoozed_until, last_seq, last_text, last_sender, last_at,
           waiting_since, messages_full_at, rating, created_at, listed_at, resolved_at, revision
    FROM conversation";

const SAVE: &str = "
    INSERT INTO conversation
        (id, account_id, inbox_id, contact_id, status, priority, assignee_id, team_id, language,
         bot_state, intent, mood, handoff, snoozed_until, last_seq, last_text, last_sender, last_at,
         waiting_since, messages_full_at, rating, created_at, listed_at, resolved_at, revision)";

const ON_CONFLICT: &str = "
    ON CONFLICT (id) DO UPDATE SET
        status = excluded.status, priority = excluded.priority, assignee_id = excluded.assignee_id,
        team_id = excluded.team_id, language = excluded.language, bot_state = excluded.bot_state,
        intent = excluded.intent, mood = excluded.mood, handoff = excluded.handoff,
        snoozed_until = excluded.snoozed_until, last_seq = excluded.last_seq,
        last_text = excluded.last_text, last_sender = excluded.last_sender,
        last_at = excluded.last_at, waiting_since = excluded.waiting_since,
        messages_full_at = excluded.messages_full_at,
        rating = excluded.rating, listed_at = excluded.listed_at,
        resolved_at = excluded.resolved_at, revision = excluded.revision";

/// Which conversations to list, those that last rose to the top first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only those in this state.
    pub status: Option<Status>,
    /// Only those of this agent, or of nobody.
    pub assignee: Option<Option<Id<Agent>>>,
    /// Only those of this team.
    pub team: Option<Id<Team>>,
    /// Only those of this inbox.
    pub inbox: Option<Id<Inbox>>,
    /// Only those of this contact.
    pub contact: Option<Id<Contact>>,
}

/// A place in a list: after the conversation that was listed then.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// When it last rose to the top.
    pub listed_at: Timestamp,
    /// Which it is.
    pub id: Id<Conversation>,
}

/// Finds a conversation.
pub async fn find(reader: &Reader, id: Id<Conversation>) -> Result<Option<Conversation>> {
    Ok(find_many(reader, [id]).await?.pop())
}

/// Finds those of the named conversations that exist, in any order.
pub async fn find_many(
    reader: &Reader,
    ids: impl IntoIterator<Item = Id<Conversation>>,
) -> Result<Vec<Conversation>> {
    let mut ids = ids.into_iter().map(Id::number).peekable();
    if ids.peek().is_none() {
        return Ok(Vec::new());
    }
    let sql = Sql::by_ids(SELECT, reader.account(), ids);
    reader.all(sql).await?.into_iter().map(read).collect()
}

/// Finds those conversations of an inbox that belong to one of the contacts.
pub async fn find_of_contacts(
    reader: &Reader,
    inbox: Id<Inbox>,
    contacts: impl IntoIterator<Item = Id<Contact>>,
) -> Result<Vec<Conversation>> {
    let mut contacts = contacts.into_iter().map(Id::number).peekable();
    if contacts.peek().is_none() {
        return Ok(Vec::new());
    }
    let sql = select(reader)
        .push(" AND contact_id IN ")
        .one_of(contacts)
        .push(" AND inbox_id = ?")
        .bind(inbox.number());
    reader.all(sql).await?.into_iter().map(read).collect()
}

/// Lists the conversations that pass `filter`, from `after` on.
///
/// Each state has its own order in the index. Those of any state are the first
/// of each, merged: that is cheaper than one more index on what changes with
/// every message.
pub async fn list(
    reader: &Reader,
    filter: Filter,
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<Conversation>> {
    let states = match filter.status {
        Some(ref status) => std::slice::from_ref(status),
        None => Status::ALL,
    };
    let mut sql = Sql::new("");
    for (i, &status) in states.iter().enumerate() {
        let filter = Filter { status: Some(status), ..filter };
        sql = sql.push(if i == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        sql = sql.push(SELECT).push(" WHERE account_id = ?").bind(reader.account().number());
        sql = filtered(sql, filter);
        if let Some(after) = after {
            sql = sql
                .push(" AND (listed_at, id) < (?, ?)")
                .bind(ms(after.listed_at))
                .bind(after.id.number());
        }
        sql = first(sql, limit).push(") AS state");
    }
    reader.all(first(sql, limit)).await?.into_iter().map(read).collect()
}

/// Takes the first in the order of the desk.
fn first(sql: Sql, limit: u64) -> Sql {
    sql.push(" ORDER BY listed_at DESC, id DESC LIMIT ?").bind(limit as i64)
}

/// Counts the conversations that pass `filter`, up to `limit`: past it, a list
/// says "more than" and need not know.
pub async fn count(reader: &Reader, filter: Filter, limit: u64) -> Result<u64> {
    let inner =
        Sql::new("SELECT count(*) AS n FROM (SELECT 1 FROM conversation WHERE account_id = ?")
            .bind(reader.account().number());
    let sql = filtered(inner, filter).push(" LIMIT ?").bind(limit as i64).push(") AS page");
    let n: i64 = reader.one(sql).await?.map_or(Ok(0), |row| row.get("n"))?;
    Ok(n as u64)
}

/// Lists the snoozed conversations of all accounts whose time has come. The
/// reader is [`domain::Account::NOBODY`]'s.
pub async fn list_due(
    reader: &Reader,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(Id<domain::Account>, Id<Conversation>)>> {
    let sql = Sql::new(
        "SELECT account_id, id FROM conversation
         WHERE snoozed_until IS NOT NULL AND snoozed_until <= ? ORDER BY snoozed_until LIMIT ?",
    );
    let rows = reader.all(sql.bind(ms(now)).bind(limit as i64)).await?;
    rows.iter().map(|row| Ok((row.id("account_id")?, row.id("id")?))).collect()
}

/// Saves conversations, new and changed ones alike, and advances their revisions.
///
/// The transaction must have read them, or made them: the lock on the account
/// keeps everybody else from saving in between.
pub async fn save_many(
    tx: &Tx,
    conversations: impl Iterator<Item = &mut Conversation>,
) -> Result<()> {
    let rows = conversations.map(|conversation| {
        conversation.revision += 1;
        row(tx, conversation)
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    tx.insert_many(SAVE, rows, ON_CONFLICT).await
}

/// Saves one conversation; see [`save_many`].
pub async fn save(tx: &Tx, conversation: &mut Conversation) -> Result<()> {
    save_many(tx, std::iter::once(conversation)).await
}

fn select(reader: &Reader) -> Sql {
    Sql::new(SELECT).push(" WHERE account_id = ?").bind(reader.account().number())
}

fn filtered(sql: Sql, filter: Filter) -> Sql {
    let sql = sql
        .push_if(" AND status = ?", filter.status.map(Status::number))
        .push_if(" AND team_id = ?", filter.team.map(Id::number))
        .push_if(" AND inbox_id = ?", filter.inbox.map(Id::number))
        .push_if(" AND contact_id = ?", filter.contact.map(Id::number));
    match filter.assignee {
        None => sql,
        Some(None) => sql.push(" AND assignee_id IS NULL"),
        Some(Some(agent)) => sql.push(" AND assignee_id = ?").bind(agent.number()),
    }
}

fn row(tx: &Tx, conversation: &Conversation) -> Result<[Value; 25]> {
    let last = conversation.last_message.as_ref();
    Ok([
        conversation.id.number().into(),
        tx.account().number().into(),
        conversation.inbox.number().into(),
        conversation.contact.number().into(),
        conversation.status.number().into(),
        conversation.priority.number().into(),
        conversation.assignee.map(Id::number).into(),
        conversation.team.map(Id::number).into(),
        word(conversation.language).into(),
        conversation.bot_state.clone().into(),
        conversation.intent.clone().into(),
        // Most conversations stay calm, and a calm one costs nothing.
        (!conversation.mood.is_calm()).then(|| json(&conversation.mood)).transpose()?.into(),
        conversation.handoff.as_ref().map(json).transpose()?.into(),
        conversation.snoozed_until.map(ms).into(),
        conversation.last_seq.into(),
        last.map(|last| last.text.clone()).into(),
        last.map(|last| last.sender.number()).into(),
        last.map(|last| ms(last.at)).into(),
        conversation.waiting_since.map(ms).into(),
        conversation.messages_full_at.map(ms).into(),
        conversation.rating.into(),
        ms(conversation.created_at).into(),
        ms(conversation.listed_at).into(),
        conversation.resolved_at.map(ms).into(),
        conversation.revision.into(),
    ])
}

fn read(row: Row) -> Result<Conversation> {
    let last_message = match row.get::<Option<String>>("last_text")? {
        Some(text) => Some(LastMessage {
            text,
            sender: row.coded("last_sender", domain::SenderKind::from_number)?,
            at: row.time("last_at")?,
        }),
        None => None,
    };
    Ok(Conversation {
        id: row.id("id")?,
        inbox: row.id("inbox_id")?,
        contact: row.id("contact_id")?,
        status: row.coded("status", Status::from_number)?,
        priority: row.coded("priority", domain::Priority::from_number)?,
        assignee: row.maybe_id("assignee_id")?,
        team: row.maybe_id("team_id")?,
        language: row.word("language")?,
        bot_state: row.get("bot_state")?,
        intent: row.get("intent")?,
        mood: row.maybe_json("mood")?.unwrap_or_default(),
        handoff: row.maybe_json("handoff")?,
        snoozed_until: row.maybe_time("snoozed_until")?,
        last_seq: row.get("last_seq")?,
        last_message,
        waiting_since: row.maybe_time("waiting_since")?,
        messages_full_at: row.maybe_time("messages_full_at")?,
        rating: row.get("rating")?,
        created_at: row.time("created_at")?,
        listed_at: row.time("listed_at")?,
        resolved_at: row.maybe_time("resolved_at")?,
        revision: row.get("revision")?,
    })
}
