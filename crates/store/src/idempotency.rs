//! Requests that are carried out once, on disk.
//!
//! The row of a request is written in the transaction of what it does: either
//! both are there or neither. Its answer is added afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::{Account, CarriedOut, Claim, Id, KeptAnswer, Result, Rule};
use jiff::Timestamp;

use crate::sql::ms;
use crate::{Alone, Reader, Sql, Tx};

tokio::task_local! {
    /// The claim of the request that the task carries out.
    static CLAIM: Arc<Pending>;
}

/// A claim that waits for the first transaction of its request.
#[derive(Debug)]
pub(crate) struct Pending {
    claim: Claim,
    written: AtomicBool,
}

impl Pending {
    pub(crate) fn claim(&self) -> Claim {
        self.claim.clone()
    }

    pub(crate) fn mark_written(&self) {
        self.written.store(true, Ordering::Relaxed);
    }
}

/// Does `work`, the first transaction of which takes the claim with it. Says
/// as well whether there was one.
///
/// That transaction fails with [`Rule::AlreadyCarriedOut`] if the claim was
/// taken before.
pub async fn claiming<W: Future>(claim: Claim, work: W) -> (W::Output, bool) {
    let pending = Arc::new(Pending { claim, written: AtomicBool::new(false) });
    let done = CLAIM.scope(pending.clone(), work).await;
    (done, pending.written.load(Ordering::Relaxed))
}

/// The claim that the next transaction of an account is to take with it.
pub(crate) fn pending(account: Id<Account>) -> Option<Arc<Pending>> {
    let pending = CLAIM.try_with(Arc::clone).ok()?;
    let waits = pending.claim.account == account && !pending.written.load(Ordering::Relaxed);
    waits.then_some(pending)
}

/// Takes a claim.
///
/// # Errors
///
/// [`Rule::AlreadyCarriedOut`] if it is taken.
pub(crate) async fn insert(tx: &Tx, claim: &Claim) -> Result<()> {
    let sql = Sql::new(
        "INSERT INTO idempotent_request (account_id, agent_id, key_hash, request_hash, created_at)
         VALUES (?, ?, ?, ?, ?) ON CONFLICT (account_id, agent_id, key_hash) DO NOTHING",
    )
    .bind(tx.account().number())
    .bind(claim.agent.number())
    .bind(claim.key.to_vec())
    .bind(claim.request.to_vec())
    .bind(ms(claim.created_at));
    if tx.run(sql).await? > 0 { Ok(()) } else { Err(Rule::AlreadyCarriedOut.into()) }
}

/// Finds what was carried out under the key of a claim.
pub async fn find(reader: &Reader, claim: &Claim) -> Result<Option<CarriedOut>> {
    let sql = Sql::new(
        "SELECT request_hash, status, body FROM idempotent_request
         WHERE account_id = ? AND agent_id = ? AND key_hash = ?",
    )
    .bind(reader.account().number())
    .bind(claim.agent.number())
    .bind(claim.key.to_vec());
    let Some(row) = reader.one(sql).await? else { return Ok(None) };
    let answer = match row.get::<Option<i16>>("status")? {
        Some(status) => Some(KeptAnswer { status: status as u16, body: row.get("body")? }),
        None => None,
    };
    Ok(Some(CarriedOut { request: row.get("request_hash")?, answer }))
}

/// Keeps the answer to a request that was carried out.
pub async fn keep(tx: &Tx, claim: &Claim, answer: &KeptAnswer) -> Result<()> {
    let sql = Sql::new(
        "UPDATE idempotent_request SET status = ?, body = ?
         WHERE account_id = ? AND agent_id = ? AND key_hash = ?",
    )
    .bind(answer.status as i16)
    .bind(answer.body.clone())
    .bind(tx.account().number())
    .bind(claim.agent.number())
    .bind(claim.key.to_vec());
    tx.run(sql).await.map(drop)
}

/// Forgets the requests that came before a time, and counts them.
pub async fn prune(alone: &Alone<'_>, before: Timestamp) -> Result<u64> {
    alone
        .run(Sql::new("DELETE FROM idempotent_request WHERE created_at <= ?").bind(ms(before)))
        .await
}
