//! Tokens with which programs act for an agent.

use domain::{ApiToken, Error, Id, Permission, Result, Rule};
use jiff::Timestamp;
use store::Tx;

use crate::check;
use crate::{Actor, Desk, Token, hash, session};

/// How many tokens an agent may have.
const TOKENS_MAX: usize = 50;

/// A token that was just made, with the secret that is shown this once.
#[derive(Clone)]
pub struct NewToken {
    /// What is kept of it.
    pub token: ApiToken,
    /// What the program sends.
    pub secret: Token,
}

impl Desk {
    /// Lists the tokens of the actor's programs, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`].
    pub async fn list_tokens(&self, actor: &Actor) -> Result<Vec<ApiToken>> {
        actor.needs(Permission::OwnProfile)?;
        store::session::list_tokens(&self.read(actor.account), actor.agent).await
    }

    /// Makes a token that acts for the actor.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::Invalid`] and [`Rule::LimitReached`].
    pub async fn create_token(
        &self,
        actor: &Actor,
        name: &str,
        expires_at: Option<Timestamp>,
    ) -> Result<NewToken> {
        actor.needs(Permission::OwnProfile)?;
        let name = check::name(name)?;
        let now = self.now();
        if expires_at.is_some_and(|at| at <= now) {
            return Err(Error::invalid("/expires_at", "must be in the future"));
        }
        let secret = self.draw_token("at_");
        let secret_hash = hash(secret.reveal());
        let agent = actor.agent;
        let body = move |tx: Tx| async move {
            if store::session::list_tokens(&tx, agent).await?.len() >= TOKENS_MAX {
                return Err(Rule::LimitReached.into());
            }
            let token = ApiToken {
                id: tx.id()?,
                agent,
                name,
                created_at: now,
                expires_at,
                last_used_at: None,
            };
            store::session::insert_token(&tx, &token, &secret_hash).await?;
            Ok(token)
        };
        let token = self.parts.store.write(actor.account, body).await?;
        Ok(NewToken { token, secret })
    }

    /// Ends a token of the actor's programs, also in open sockets.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn revoke_token(&self, actor: &Actor, id: Id<ApiToken>) -> Result<()> {
        actor.needs(Permission::OwnProfile)?;
        let agent = actor.agent;
        let now = self.now();
        let body = move |tx: Tx| async move {
            if !store::session::delete_token(&tx, agent, id).await? {
                return Err(Error::NotFound("the token"));
            }
            tx.record(session::revoked(id, agent), now);
            Ok(())
        };
        self.parts.store.write(actor.account, body).await
    }
}
