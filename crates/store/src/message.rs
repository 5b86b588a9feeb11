//! Messages on disk.
//!
//! A fixed wording of the bot is kept once, as a phrase, and named by the
//! messages that say it; readers get it back as the message's text.

use domain::{Conversation, Id, Message, MessageKind, Phrase, Result, Sender, SenderKind};
use sea_orm::Value;
use uuid::Uuid;

use crate::sql::{Row, json, ms};
use crate::{Reader, Sql, Tx, attachment};

const SELECT: &str = "
    SELECT m.id, m.conversation_id, m.seq, m.kind, m.sender, m.sender_id, m.phrase_id, m.client_id,
           m.target_seq, m.retracted, m.attached, m.created_at,
           COALESCE(m.text, p.text) AS text, p.quick_replies
    FROM message m LEFT JOIN phrase p ON p.account_id = m.account_id AND p.id = m.phrase_id
    WHERE m.account_id = ?";

/// What a sender already sent under the same name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sent {
    /// The thread that it is in.
    pub conversation: Id<Conversation>,
    /// The sender's name for it.
    pub client_id: Uuid,
    /// The message that came of it.
    pub id: Id<Message>,
    /// Its place in the thread.
    pub seq: i64,
}

/// Adds messages, which have their places in their threads already.
pub async fn insert_many(tx: &Tx, messages: &[Message]) -> Result<()> {
    let account = tx.account().number();
    let rows = messages.iter().map(|message| {
        let text = message.phrase.is_none().then(|| message.text.clone());
        [
            message.id.number().into(),
            account.into(),
            message.conversation.number().into(),
            ms(message.created_at).into(),
            message.sender.id.into(),
            message.phrase.into(),
            message.client_id.map(|client_id| client_id.as_bytes().to_vec()).into(),
            message.seq.into(),
            message.target_seq.into(),
            message.kind.number().into(),
            message.sender.kind.number().into(),
            message.retracted.into(),
            (!message.attachments.is_empty()).into(),
            text.into(),
        ]
    });
    let head = "INSERT INTO message
        (id, account_id, conversation_id, created_at, sender_id, phrase_id, client_id, seq,
         target_seq, kind, sender, retracted, attached, text)";
    tx.insert_many(head, rows.collect(), "").await
}

/// Keeps wordings of the bot; those that are kept already stay as they are.
pub async fn keep_phrases(tx: &Tx, phrases: impl Iterator<Item = &Phrase>) -> Result<()> {
    let account = tx.account().number();
    let rows = phrases.map(|phrase| {
        let quick_replies = json(&phrase.quick_replies)?;
        Ok([account.into(), phrase.id.into(), phrase.text.clone().into(), quick_replies.into()])
    });
    let rows = rows.collect::<Result<Vec<[Value; 4]>>>()?;
    let head = "INSERT INTO phrase (account_id, id, text, quick_replies)";
    tx.insert_many(head, rows, "ON CONFLICT (account_id, id) DO NOTHING").await
}

/// Finds which of the named messages were sent already.
///
/// `CROSS JOIN` makes SQLite look up each name; left to itself it may read every
/// message of the account and look for its name.
pub async fn find_sent(
    reader: &Reader,
    names: impl Iterator<Item = (Id<Conversation>, Uuid)>,
) -> Result<Vec<Sent>> {
    let mut names = names.peekable();
    if names.peek().is_none() {
        return Ok(Vec::new());
    }
    let rows = names.map(|(conversation, client_id)| {
        [conversation.number().into(), client_id.as_bytes().to_vec().into()]
    });
    let sql = Sql::new("WITH named (conversation_id, client_id) AS (")
        .rows(rows, [0_i64.into(), Vec::<u8>::new().into()])
        .push(
            ") SELECT m.id, m.conversation_id, m.client_id, m.seq FROM named n CROSS JOIN message m
               WHERE m.account_id = ? AND m.conversation_id = n.conversation_id AND m.client_id = n.client_id",
        )
        .bind(reader.account().number());
    let rows = reader.all(sql).await?;
    rows.iter()
        .map(|row| {
            Ok(Sent {
                conversation: row.id("conversation_id")?,
                client_id: client_id(row)?.unwrap_or_default(),
                id: row.id("id")?,
                seq: row.get("seq")?,
            })
        })
        .collect()
}

/// Finds the message at a place of a thread.
pub async fn find(
    reader: &Reader,
    conversation: Id<Conversation>,
    seq: i64,
) -> Result<Option<Message>> {
    Ok(list_after(reader, conversation, seq.saturating_sub(1), 1)
        .await?
        .pop()
        .filter(|found| found.seq == seq))
}

/// Finds a message by its identity.
pub async fn find_by_id(reader: &Reader, id: Id<Message>) -> Result<Option<Message>> {
    let sql = select(reader).push(" AND m.id = ?").bind(id.number());
    Ok(read_all(reader, sql).await?.pop())
}

/// Lists a thread from after `seq` on, oldest first.
pub async fn list_after(
    reader: &Reader,
    conversation: Id<Conversation>,
    seq: i64,
    limit: u64,
) -> Result<Vec<Message>> {
    list_beside(reader, conversation, "m.seq > ? ORDER BY m.seq", seq, limit).await
}

/// Lists the last messages of a thread before `seq`, oldest first.
pub async fn list_before(
    reader: &Reader,
    conversation: Id<Conversation>,
    seq: i64,
    limit: u64,
) -> Result<Vec<Message>> {
    let beside = "m.seq < ? ORDER BY m.seq DESC";
    let mut messages = list_beside(reader, conversation, beside, seq, limit).await?;
    messages.reverse();
    Ok(messages)
}

/// Finds the messages at the named places, in any order. For `CROSS JOIN` see
/// [`find_sent`].
pub async fn find_many(
    reader: &Reader,
    places: impl Iterator<Item = (Id<Conversation>, i64)>,
) -> Result<Vec<Message>> {
    let mut places = places.peekable();
    if places.peek().is_none() {
        return Ok(Vec::new());
    }
    let rows = places.map(|(conversation, seq)| [conversation.number().into(), seq.into()]);
    let joined = "FROM named n CROSS JOIN message m";
    let sql = Sql::new("WITH named (conversation_id, seq) AS (")
        .rows(rows, [0_i64.into(), 0_i64.into()])
        .push(")")
        .push(&SELECT.replace("FROM message m", joined))
        .bind(reader.account().number())
        .push(" AND m.conversation_id = n.conversation_id AND m.seq = n.seq");
    read_all(reader, sql).await
}

/// Takes back what a message said: its text and files are gone for good.
pub async fn retract(tx: &Tx, conversation: Id<Conversation>, seq: i64) -> Result<()> {
    let sql = Sql::new(
        "UPDATE message SET retracted = ?, text = '', phrase_id = NULL, attached = ?
         WHERE account_id = ? AND conversation_id = ? AND seq = ?",
    )
    .bind(true)
    .bind(false)
    .bind(tx.account().number())
    .bind(conversation.number())
    .bind(seq);
    tx.run(sql).await.map(drop)
}

/// Lists a thread from `seq` on, to the side and in the order that `beside` says.
async fn list_beside(
    reader: &Reader,
    conversation: Id<Conversation>,
    beside: &str,
    seq: i64,
    limit: u64,
) -> Result<Vec<Message>> {
    let sql = select(reader)
        .push(" AND m.conversation_id = ? AND ")
        .bind(conversation.number())
        .push(beside)
        .bind(seq)
        .push(" LIMIT ?")
        .bind(limit as i64);
    read_all(reader, sql).await
}

fn select(reader: &Reader) -> Sql {
    Sql::new(SELECT).bind(reader.account().number())
}

async fn read_all(reader: &Reader, sql: Sql) -> Result<Vec<Message>> {
    let rows = reader.all(sql).await?;
    let mut messages = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut message = read(row)?;
        if row.get("attached")? {
            message.attachments =
                attachment::list_of_message(reader, message.conversation, message.seq).await?;
        }
        messages.push(message);
    }
    Ok(messages)
}

fn read(row: &Row) -> Result<Message> {
    Ok(Message {
        id: row.id("id")?,
        conversation: row.id("conversation_id")?,
        seq: row.get("seq")?,
        kind: row.coded("kind", MessageKind::from_number)?,
        sender: Sender {
            kind: row.coded("sender", SenderKind::from_number)?,
            id: row.get("sender_id")?,
        },
        text: row.get::<Option<String>>("text")?.unwrap_or_default(),
        quick_replies: row.maybe_json("quick_replies")?.unwrap_or_default(),
        phrase: row.get("phrase_id")?,
        target_seq: row.get("target_seq")?,
        retracted: row.get("retracted")?,
        client_id: client_id(row)?,
        attachments: Vec::new(),
        created_at: row.time("created_at")?,
    })
}

fn client_id(row: &Row) -> Result<Option<Uuid>> {
    let bytes: Option<Vec<u8>> = row.get("client_id")?;
    bytes.map(|bytes| Uuid::from_slice(&bytes)).transpose().map_err(domain::Error::internal)
}
