//! Requests that are carried out once, however often they are sent.
//!
//! A claim commits with the first thing that its request changes, so that no
//! crash comes between them. The answer is kept afterwards; should that fail,
//! the request is known all the same and is not carried out again.

use domain::{CarriedOut, Claim, KeptAnswer, Result};
use store::{Tx, idempotency};

use crate::secret::sign;
use crate::{Actor, Desk};

impl Desk {
    /// Makes the claim of a request: `key` is what its sender calls it, `request`
    /// all that tells what is asked for.
    ///
    /// Both are hashed with a key of this installation: a request may hold a
    /// password.
    pub fn claim(&self, actor: &Actor, key: &[u8], request: &[&[u8]]) -> Claim {
        let secret = &self.parts.keys.request;
        Claim {
            account: actor.account,
            agent: actor.agent,
            key: sign(secret, &[b"key", key]),
            request: sign(secret, request),
            created_at: self.now(),
        }
    }

    /// Finds what was carried out under the key of a claim.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the database does not answer.
    pub async fn carried_out(&self, claim: &Claim) -> Result<Option<CarriedOut>> {
        idempotency::find(&self.read(claim.account), claim).await
    }

    /// Does `work`, the first transaction of which takes the claim with it; says
    /// as well whether there was one. Of several who come with the same claim,
    /// all but one are refused ([`domain::Rule::AlreadyCarriedOut`]).
    pub async fn claiming<W: Future>(&self, claim: Claim, work: W) -> (W::Output, bool) {
        idempotency::claiming(claim, work).await
    }

    /// Keeps the answer for whoever sends the same request again.
    ///
    /// # Errors
    ///
    /// [`domain::Error::Unavailable`] if the database does not answer.
    pub async fn keep_answer(&self, claim: Claim, answer: KeptAnswer) -> Result<()> {
        let account = claim.account;
        let write = move |tx: Tx| async move { idempotency::keep(&tx, &claim, &answer).await };
        self.parts.store.write(account, write).await
    }
}
