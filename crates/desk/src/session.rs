//! Signing in and out, and who a secret stands for.
//!
//! Nothing is cached: every request reads the session or token and its agent,
//! so a right that was taken is gone with the next request on every node.

use domain::{
    Account, Agent, AgentStatus, Availability, Error, EventKind, Id, News, Permission, Result,
    Session,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{Reader, Tx};

use crate::password::{self, Verdict};
use crate::{Actor, Desk, SignIn, Token, hash};

/// How long an unused session lives.
const IDLE_MAX: SignedDuration = SignedDuration::from_hours(12);
/// How long any session lives.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often the last use is written down.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How long a one-time link may wait.
const LINK_AGE_MAX: SignedDuration = SignedDuration::from_hours(1);
/// How much is kept of what a browser says that it is, in characters.
const USER_AGENT_CHARS_MAX: usize = 200;

/// Somebody who just signed in.
#[derive(Clone)]
pub struct SignedIn {
    /// The secret for the cookie.
    pub token: Token,
    /// The session.
    pub session: Session,
    /// Who it is.
    pub agent: Agent,
}

/// From where somebody signs in, as the session list shows it.
#[derive(Clone, Debug, Default)]
pub struct Whence {
    /// What the browser says that it is.
    pub user_agent: String,
    /// The address that it comes from.
    pub ip: String,
}

impl Desk {
    /// Signs an agent in. `None` if the address is unknown, the password wrong or
    /// the agent deactivated: the caller cannot tell which, nor by the time taken.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] after five wrong passwords within fifteen minutes.
    pub async fn sign_in(
        &self,
        email: &str,
        password: String,
        whence: Whence,
    ) -> Result<Option<SignedIn>> {
        let email = email.trim().to_lowercase();
        self.begin_attempt(&email).await?;
        let found = store::agent::find_by_email(&self.read(Account::NOBODY), &email).await?;
        let (agent, kept) = found.unzip();
        let agent = agent.filter(|agent| agent.status == AgentStatus::Active);
        let verdict = password::verify(password.clone(), kept.flatten()).await?;
        let Some(agent) = agent.filter(|_| verdict != Verdict::Wrong) else { return Ok(None) };
        self.forget_attempts(&email).await?;
        let rehashed = match verdict {
            Verdict::RightButOld => Some(password::hash(password, self.draw()).await?),
            _ => None,
        };
        self.begin_session(agent, rehashed, whence).await.map(Some)
    }

    /// Signs an agent in with a link, which is used up by it. `None` if there is
    /// no such link, or no longer.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database does not answer.
    pub async fn sign_in_by_link(&self, secret: &str, whence: Whence) -> Result<Option<SignedIn>> {
        let (secret_hash, now) = (hash(secret), self.now());
        let take =
            move |tx: Tx| async move { store::session::take_link(&tx, &secret_hash, now).await };
        let Some((account, id)) = self.parts.store.write(Account::NOBODY, take).await? else {
            return Ok(None);
        };
        match active(&self.read(account), id).await? {
            Some(agent) => self.begin_session(agent, None, whence).await.map(Some),
            None => Ok(None),
        }
    }

    /// Makes a link that signs an agent in once, within the hour.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database does not answer.
    pub async fn create_login_link(&self, agent: &Agent) -> Result<Token> {
        let secret = self.draw_token("ll_");
        let (secret_hash, expires_at, id) =
            (hash(secret.reveal()), self.now() + LINK_AGE_MAX, agent.id);
        let body = move |tx: Tx| async move {
            store::session::insert_link(&tx, id, &secret_hash, expires_at).await
        };
        self.parts.store.write(agent.account, body).await?;
        Ok(secret)
    }

    /// Ends the actor's own session, also in open sockets.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] for a program, whose token is revoked instead.
    pub async fn sign_out(&self, actor: &Actor) -> Result<()> {
        match actor.sign_in {
            SignIn::Session(id) => self.revoke_session(actor, id).await,
            SignIn::Token(_) => Err(Error::Denied("session")),
        }
    }

    /// Lists the actor's sessions that have not ended, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`].
    pub async fn list_sessions(&self, actor: &Actor) -> Result<Vec<Session>> {
        actor.needs(Permission::OwnProfile)?;
        let now = self.now();
        let mut sessions = store::session::list(&self.read(actor.account), actor.agent).await?;
        sessions.retain(|session| lives(session, now));
        Ok(sessions)
    }

    /// Ends one of the actor's sessions, also in open sockets. With the last one
    /// the actor is offline.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn revoke_session(&self, actor: &Actor, id: Id<Session>) -> Result<()> {
        actor.needs(Permission::OwnProfile)?;
        let (agent, now) = (actor.agent, self.now());
        let body = move |tx: Tx| async move {
            if !store::session::delete(&tx, agent, id).await? {
                return Err(Error::NotFound("the session"));
            }
            tx.record(revoked(id, agent), now);
            update_availability(&tx, agent, now).await.map(drop)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Finds out who holds the secret of a session.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database does not answer.
    pub async fn authenticate(&self, secret: &str) -> Result<Option<Actor>> {
        let now = self.now();
        let found =
            store::session::find_by_secret(&self.read(Account::NOBODY), &hash(secret)).await?;
        let Some((account, session)) = found.filter(|(_, session)| lives(session, now)) else {
            return Ok(None);
        };
        let Some(agent) = active(&self.read(account), session.agent).await? else {
            return Ok(None);
        };
        if session.last_seen_at + SEEN_EVERY <= now {
            let id = session.id;
            let touch = move |tx: Tx| async move { store::session::touch(&tx, id, now).await };
            self.note(account, touch).await;
        }
        Ok(Some(actor(agent, SignIn::Session(session.id))))
    }

    /// Finds out for whom a program's token acts.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database does not answer.
    pub async fn authenticate_token(&self, secret: &str) -> Result<Option<Actor>> {
        let now = self.now();
        let reader = self.read(Account::NOBODY);
        let found = store::session::find_token_by_secret(&reader, &hash(secret)).await?;
        let Some((account, token)) =
            found.filter(|(_, token)| token.expires_at.is_none_or(|expires_at| now < expires_at))
        else {
            return Ok(None);
        };
        let Some(agent) = active(&self.read(account), token.agent).await? else { return Ok(None) };
        if token.last_used_at.is_none_or(|at| at + SEEN_EVERY <= now) {
            let id = token.id;
            let touch =
                move |tx: Tx| async move { store::session::touch_token(&tx, id, now).await };
            self.note(account, touch).await;
        }
        Ok(Some(actor(agent, SignIn::Token(token.id))))
    }

    /// Whether an agent knows the password; counts as an attempt to sign in.
    pub(crate) async fn knows_password(&self, email: &str, password: String) -> Result<bool> {
        self.begin_attempt(email).await?;
        let found = store::agent::find_by_email(&self.read(Account::NOBODY), email).await?;
        let kept = found.and_then(|(_, kept)| kept);
        let knows = password::verify(password, kept).await? != Verdict::Wrong;
        if knows {
            self.forget_attempts(email).await?;
        }
        Ok(knows)
    }

    async fn begin_session(
        &self,
        agent: Agent,
        rehashed: Option<String>,
        whence: Whence,
    ) -> Result<SignedIn> {
        let token = self.draw_token("as_");
        let (secret_hash, now, id) = (hash(token.reveal()), self.now(), agent.id);
        let account = agent.account;
        let user_agent = whence.user_agent.chars().filter(|c| !c.is_control());
        let user_agent: String = user_agent.take(USER_AGENT_CHARS_MAX).collect();
        let body = move |tx: Tx| async move {
            if let Some(password_hash) = rehashed {
                store::agent::set_password_hash(&tx, id, &password_hash).await?;
            }
            let session = Session {
                id: tx.id()?,
                agent: id,
                user_agent,
                ip: whence.ip,
                created_at: now,
                last_seen_at: now,
                expires_at: now + AGE_MAX,
            };
            store::session::insert(&tx, &session, &secret_hash).await?;
            Ok((session, update_availability(&tx, id, now).await?))
        };
        let (session, agent) = self.parts.store.write(account, body).await?;
        Ok(SignedIn { token, session, agent })
    }

    /// Writes down a use. That it was used matters more than that this is known.
    async fn note<F, Fut>(&self, account: Id<Account>, touch: F)
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        if let Err(error) = self.parts.store.write(account, touch).await {
            tracing::warn!(%error, "the last use of a session or token could not be written down");
        }
    }
}

/// Makes an agent who signed in online, and one whose last session ended offline.
/// Who chose to be away stays so until then.
async fn update_availability(tx: &Tx, id: Id<Agent>, now: Timestamp) -> Result<Agent> {
    let before = store::agent::find(tx, id).await?.ok_or(Error::NotFound("agent"))?;
    let sessions = store::session::list(tx, id).await?;
    let is_here = sessions.iter().any(|session| lives(session, now));
    let availability = match before.availability {
        Availability::Offline if is_here => Availability::Online,
        chosen if is_here => chosen,
        _ => Availability::Offline,
    };
    let agent = Agent { availability, ..before.clone() };
    if agent != before {
        store::agent::save(tx, &agent).await?;
        tx.record(News::about(EventKind::AgentUpdated, id), now);
    }
    Ok(agent)
}

/// The news that a session or token of an agent ended.
pub(crate) fn revoked<T>(id: Id<T>, agent: Id<Agent>) -> News {
    News::about(EventKind::SessionRevoked, id).with(json!({"agent_id": agent}))
}

/// Ends everything with which an agent is signed in.
pub(crate) async fn end_all(tx: &Tx, agent: Id<Agent>, now: Timestamp) -> Result<()> {
    for session in store::session::list(tx, agent).await? {
        tx.record(revoked(session.id, agent), now);
    }
    for token in store::session::list_tokens(tx, agent).await? {
        tx.record(revoked(token.id, agent), now);
    }
    store::session::delete_all(tx, agent).await
}

/// Ends an agent's sessions but the one to keep; tokens live on.
pub(crate) async fn end_sessions_but(
    tx: &Tx,
    agent: Id<Agent>,
    keep: Option<SignIn>,
    now: Timestamp,
) -> Result<()> {
    loop {
        let listed = store::session::list(tx, agent).await?;
        let ending = listed.into_iter().filter(|session| keep != Some(SignIn::Session(session.id)));
        let ending: Vec<Id<Session>> = ending.map(|session| session.id).collect();
        if ending.is_empty() {
            return Ok(());
        }
        for id in ending {
            store::session::delete(tx, agent, id).await?;
            tx.record(revoked(id, agent), now);
        }
    }
}

fn lives(session: &Session, now: Timestamp) -> bool {
    now < session.expires_at && now < session.last_seen_at + IDLE_MAX
}

async fn active(reader: &Reader, id: Id<Agent>) -> Result<Option<Agent>> {
    let agent = store::agent::find(reader, id).await?;
    Ok(agent.filter(|agent| agent.status == AgentStatus::Active))
}

fn actor(agent: Agent, sign_in: SignIn) -> Actor {
    Actor { account: agent.account, agent: agent.id, name: agent.name, role: agent.role, sign_in }
}
