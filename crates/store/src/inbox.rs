//! Inboxes on disk.

use domain::{Account, Id, Inbox, Result};

use crate::sql::{Row, json, ms, word};
use crate::{Reader, Sql, Tx};

const SELECT: &str =
    "SELECT id, account_id, name, public_key, identity_secret, identity_public_key,
    enforce_identity, incoming_secrets, allowed_origins, greeting, language, bot, hours, created_at
    FROM inbox";

/// Adds an inbox, or saves a changed one.
pub async fn save(tx: &Tx, inbox: &Inbox) -> Result<()> {
    let row = [
        inbox.id.number().into(),
        tx.account().number().into(),
        inbox.name.clone().into(),
        inbox.key.clone().into(),
        inbox.identity_secret.clone().into(),
        inbox.identity_public_key.clone().into(),
        inbox.enforce_identity.into(),
        inbox.incoming.as_ref().map(json).transpose()?.into(),
        json(&inbox.allowed_origins)?.into(),
        inbox.greeting.clone().into(),
        word(inbox.language).into(),
        inbox.bot.into(),
        json(&inbox.hours)?.into(),
        ms(inbox.created_at).into(),
    ];
    let head = "INSERT INTO inbox
        (id, account_id, name, public_key, identity_secret, identity_public_key, enforce_identity,
         incoming_secrets, allowed_origins, greeting, language, bot, hours, created_at)";
    let tail = "ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, identity_secret = excluded.identity_secret,
        identity_public_key = excluded.identity_public_key,
        enforce_identity = excluded.enforce_identity, incoming_secrets = excluded.incoming_secrets,
        allowed_origins = excluded.allowed_origins,
        greeting = excluded.greeting, language = excluded.language, bot = excluded.bot,
        hours = excluded.hours";
    tx.insert_many(head, vec![row], tail).await
}

/// Finds an inbox.
pub async fn find(reader: &Reader, id: Id<Inbox>) -> Result<Option<Inbox>> {
    let sql = Sql::new(SELECT)
        .push(" WHERE account_id = ? AND id = ?")
        .bind(reader.account().number())
        .bind(id.number());
    reader.one(sql).await?.as_ref().map(read).transpose()
}

/// Lists the inboxes of the account, oldest first.
pub async fn list(reader: &Reader) -> Result<Vec<Inbox>> {
    let sql =
        Sql::new(SELECT).push(" WHERE account_id = ? ORDER BY id").bind(reader.account().number());
    reader.all(sql).await?.iter().map(read).collect()
}

/// Finds an inbox of any account by its public key. The reader is
/// [`Account::NOBODY`]'s.
pub async fn find_by_key(reader: &Reader, key: &str) -> Result<Option<(Id<Account>, Inbox)>> {
    let sql = Sql::new(SELECT).push(" WHERE public_key = ?").bind(key);
    let row = reader.one(sql).await?;
    row.map(|row| Ok((row.id("account_id")?, read(&row)?))).transpose()
}

fn read(row: &Row) -> Result<Inbox> {
    Ok(Inbox {
        id: row.id("id")?,
        name: row.get("name")?,
        key: row.get("public_key")?,
        identity_secret: row.get("identity_secret")?,
        identity_public_key: row.get("identity_public_key")?,
        enforce_identity: row.get("enforce_identity")?,
        incoming: row.maybe_json("incoming_secrets")?,
        allowed_origins: row.json("allowed_origins")?,
        greeting: row.get("greeting")?,
        language: row.word("language")?,
        bot: row.get("bot")?,
        hours: row.json("hours")?,
        created_at: row.time("created_at")?,
    })
}
