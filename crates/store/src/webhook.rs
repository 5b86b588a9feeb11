//! Webhooks and their deliveries on disk.

use domain::{Account, Delivery, DeliveryState, EventKind, Id, Result, Secrets, Webhook};
use jiff::Timestamp;

use crate::sql::{Row, json, ms, word};
use crate::{Reader, Sql, Tx};

const WEBHOOK: &str =
    "SELECT id, url, kinds, secret, previous_secret, previous_until, enabled, created_at
    FROM webhook WHERE account_id = ?";
const DELIVERY_COLUMNS: &str = "id, account_id, webhook_id, cursor, kind, state, attempts,
    status_code, error, duration_ms, next_at, created_at";

/// Adds a webhook, or saves a changed one.
pub async fn save(tx: &Tx, webhook: &Webhook) -> Result<()> {
    let kinds: Vec<i16> = webhook.kinds.iter().map(|kind| kind.number()).collect();
    let (previous, until) = webhook.secrets.previous.clone().unzip();
    let row = [
        webhook.id.number().into(),
        tx.account().number().into(),
        webhook.url.clone().into(),
        json(&kinds)?.into(),
        webhook.secrets.current.clone().into(),
        previous.into(),
        until.map(ms).into(),
        webhook.enabled.into(),
        ms(webhook.created_at).into(),
    ];
    let head = "INSERT INTO webhook (id, account_id, url, kinds, secret, previous_secret,
        previous_until, enabled, created_at)";
    let tail = "ON CONFLICT (id) DO UPDATE SET url = excluded.url, kinds = excluded.kinds,
        secret = excluded.secret, previous_secret = excluded.previous_secret,
        previous_until = excluded.previous_until, enabled = excluded.enabled";
    tx.insert_many(head, vec![row], tail).await
}

/// Removes a webhook and its deliveries; `false` if there was none.
pub async fn delete(tx: &Tx, id: Id<Webhook>) -> Result<bool> {
    let sql = Sql::new("DELETE FROM webhook WHERE account_id = ? AND id = ?")
        .bind(tx.account().number())
        .bind(id.number());
    Ok(tx.run(sql).await? > 0)
}

/// Finds a webhook.
pub async fn find(reader: &Reader, id: Id<Webhook>) -> Result<Option<Webhook>> {
    let sql =
        Sql::new(WEBHOOK).bind(reader.account().number()).push(" AND id = ?").bind(id.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists the webhooks of the account, oldest first.
pub async fn list(reader: &Reader) -> Result<Vec<Webhook>> {
    let sql = Sql::new(WEBHOOK).bind(reader.account().number()).push(" ORDER BY id");
    reader.all(sql).await?.iter().map(read).collect()
}

/// Adds deliveries; one that exists already stays as it is.
pub async fn insert_deliveries(tx: &Tx, deliveries: &[Delivery]) -> Result<()> {
    let rows = deliveries.iter().map(|delivery| {
        [
            delivery.id.number().into(),
            tx.account().number().into(),
            delivery.webhook.number().into(),
            delivery.cursor.into(),
            delivery.kind.number().into(),
            word(delivery.state).into(),
            delivery.attempts.into(),
            ms(delivery.next_at).into(),
            ms(delivery.created_at).into(),
        ]
    });
    let head = "INSERT INTO delivery
        (id, account_id, webhook_id, cursor, kind, state, attempts, next_at, created_at)";
    let tail = "ON CONFLICT (account_id, webhook_id, cursor) DO NOTHING";
    tx.insert_many(head, rows.collect(), tail).await
}

/// Claims deliveries of all accounts that are due: until `until` nobody else
/// gets them. Those to the webhooks in `except` wait. The transaction is
/// [`Account::NOBODY`]'s.
pub async fn claim_deliveries(
    tx: &Tx,
    now: Timestamp,
    until: Timestamp,
    except: &[Id<Webhook>],
    limit: u64,
) -> Result<Vec<(Id<Account>, Delivery)>> {
    let locked = if tx.postgres() { " FOR UPDATE SKIP LOCKED" } else { "" };
    let mut sql =
        Sql::new("UPDATE delivery SET next_at = ?, attempts = attempts + 1 WHERE id IN (")
            .bind(ms(until))
            .push("SELECT id FROM delivery WHERE state = 'waiting' AND next_at <= ?")
            .bind(ms(now));
    if !except.is_empty() {
        sql = sql.push(" AND webhook_id NOT IN ").list(except.iter().map(|id| id.number()));
    }
    let sql = sql
        .push(" ORDER BY next_at, id LIMIT ?")
        .bind(limit as i64)
        .push(locked)
        .push(") RETURNING ")
        .push(DELIVERY_COLUMNS);
    let rows = tx.all(sql).await?;
    let mut claimed = rows
        .iter()
        .map(|row| Ok((row.id("account_id")?, read_delivery(row)?)))
        .collect::<Result<Vec<(Id<Account>, Delivery)>>>()?;
    claimed.sort_by_key(|(_, delivery)| delivery.cursor);
    Ok(claimed)
}

/// Notes how an attempt went.
pub async fn update_delivery(tx: &Tx, delivery: &Delivery) -> Result<()> {
    let sql = Sql::new(
        "UPDATE delivery SET state = ?, attempts = ?, status_code = ?, error = ?, duration_ms = ?,
         next_at = ? WHERE account_id = ? AND id = ?",
    )
    .bind(word(delivery.state))
    .bind(delivery.attempts)
    .bind(delivery.status_code)
    .bind(delivery.error.clone())
    .bind(delivery.duration_ms)
    .bind(ms(delivery.next_at))
    .bind(tx.account().number())
    .bind(delivery.id.number());
    tx.run(sql).await.map(drop)
}

/// Finds a delivery of a webhook.
pub async fn find_delivery(
    reader: &Reader,
    webhook: Id<Webhook>,
    id: Id<Delivery>,
) -> Result<Option<Delivery>> {
    let sql = deliveries(reader, webhook).push(" AND id = ?").bind(id.number());
    reader.one(sql).await?.as_ref().map(read_delivery).transpose()
}

/// Lists the deliveries of a webhook, newest first.
pub async fn list_deliveries(
    reader: &Reader,
    webhook: Id<Webhook>,
    state: Option<DeliveryState>,
    before: Option<Id<Delivery>>,
    limit: u64,
) -> Result<Vec<Delivery>> {
    let sql = deliveries(reader, webhook)
        .push_if(" AND state = ?", state.map(word))
        .push_if(" AND id < ?", before.map(Id::number))
        .push(" ORDER BY id DESC LIMIT ?")
        .bind(limit as i64);
    reader.all(sql).await?.iter().map(read_delivery).collect()
}

fn deliveries(reader: &Reader, webhook: Id<Webhook>) -> Sql {
    Sql::new("SELECT ")
        .push(DELIVERY_COLUMNS)
        .push(" FROM delivery WHERE account_id = ? AND webhook_id = ?")
        .bind(reader.account().number())
        .bind(webhook.number())
}

fn read(row: &Row) -> Result<Webhook> {
    let kinds: Vec<i16> = row.json("kinds")?;
    let previous: Option<String> = row.get("previous_secret")?;
    Ok(Webhook {
        id: row.id("id")?,
        url: row.get("url")?,
        kinds: kinds.into_iter().filter_map(EventKind::from_number).collect(),
        secrets: Secrets {
            current: row.get("secret")?,
            previous: previous.zip(row.maybe_time("previous_until")?),
        },
        enabled: row.get("enabled")?,
        created_at: row.time("created_at")?,
    })
}

fn read_delivery(row: &Row) -> Result<Delivery> {
    Ok(Delivery {
        id: row.id("id")?,
        webhook: row.id("webhook_id")?,
        cursor: row.get("cursor")?,
        kind: row.coded("kind", EventKind::from_number)?,
        state: row.word("state")?,
        attempts: row.get("attempts")?,
        status_code: row.get("status_code")?,
        error: row.get("error")?,
        duration_ms: row.get("duration_ms")?,
        next_at: row.time("next_at")?,
        created_at: row.time("created_at")?,
    })
}
