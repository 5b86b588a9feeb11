//! `/api/v1/live`: everything that happens in an account, for its agents.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use desk::{Actor, Committed, EventView, Hint, Watch, wire};
use domain::{Error, EventKind, Id, Permission};
use serde::Serialize;

use super::connection::{Close, Connection};
use super::frame::{FromAgent, ToClient};
use super::{Live, Open, bounded, is_our_page, origin};
use crate::Problem;
use crate::auth::COOKIE;

/// How long an agent's client may take to say hello.
const HELLO_TIME_MAX: Duration = Duration::from_secs(10);
/// How many events are read at once when a client comes back.
const PAGE: u64 = 500;
/// How far behind a client may come back; further back it loads everything anew.
const BEHIND_MAX: i64 = 100_000;
/// How many events that are ready are sent together.
const TOGETHER_MAX: usize = 64;

/// How a client proves who its agent is; asked again when rights change.
enum Proof {
    Session(String),
    Token(String),
}

/// Opens a connection, for a browser that is signed in or a program that will
/// show its token. A cookie counts only from our own pages.
pub(super) async fn upgrade(
    State(live): State<Live>,
    headers: HeaderMap,
    cookies: CookieJar,
    upgrade: WebSocketUpgrade,
) -> Response {
    if origin(&headers).is_some_and(|page| !is_our_page(&live, &headers, &page)) {
        return Problem::from(Error::Unauthenticated).into_response();
    }
    let session = cookies.get(COOKIE).map(|cookie| Proof::Session(cookie.value().to_owned()));
    bounded(upgrade).on_upgrade(move |socket| async move {
        let connection = Connection::new(socket);
        let Some(_open) = Open::one_more(&live) else {
            return connection.close(Close::TOO_MANY_CONNECTIONS).await;
        };
        serve(live, connection, session).await;
    })
}

async fn serve(live: Live, mut connection: Connection, session: Option<Proof>) {
    let entered = tokio::select! {
        entered = tokio::time::timeout(HELLO_TIME_MAX, Box::pin(enter(&live, &mut connection, session))) => entered,
        () = live.shutdown.cancelled() => Ok(Err(Close::RESTARTING)),
    };
    match entered.unwrap_or(Err(Close::NOT_ALLOWED)) {
        Ok((proof, actor, watch, cursor)) => {
            let mut visit = Visit { live: &live, connection, proof, actor, watch, cursor };
            let why = visit.run().await;
            visit.connection.close(why).await;
        }
        Err(why) => connection.close(why).await,
    }
}

async fn enter(
    live: &Live,
    connection: &mut Connection,
    session: Option<Proof>,
) -> Result<(Proof, Actor, Watch, i64), Close> {
    let FromAgent::Hello { after, token } = connection.next().await? else {
        return Err(Close::BAD_FRAME);
    };
    let proof = token.map(Proof::Token).or(session).ok_or(Close::NOT_ALLOWED)?;
    let actor = authenticate(live, &proof).await?;
    // Listen first, then look: what happens in between is seen twice, never missed.
    let watch = live.desk.watch_account(actor.account);
    let last = live.desk.last_cursor(actor.account).await.map_err(|_| Close::FAILED)?;
    let cursor = match after {
        Some(after) if !can_resume(after, last) => {
            connection.put(&ToClient::ResyncRequired).await?;
            last
        }
        Some(after) => after.max(0),
        None => last,
    };
    connection.send(&Welcome::new(&actor, cursor)).await?;
    Ok((proof, actor, watch, cursor))
}

/// Whether a client can go on from where it was: not if it is too far behind,
/// nor if it is ahead, because the database was put back to an earlier state.
fn can_resume(after: i64, last: i64) -> bool {
    (0..=BEHIND_MAX).contains(&(last - after.max(0)))
}

async fn authenticate(live: &Live, proof: &Proof) -> Result<Actor, Close> {
    let actor = match proof {
        Proof::Session(secret) => live.desk.authenticate(secret).await,
        Proof::Token(secret) => live.desk.authenticate_token(secret).await,
    };
    let actor = actor.map_err(|_| Close::FAILED)?.ok_or(Close::NOT_ALLOWED)?;
    actor.needs(Permission::ReadConversations).map_err(|_| Close::NOT_ALLOWED)?;
    Ok(actor)
}

/// An agent's connection under way.
struct Visit<'a> {
    live: &'a Live,
    connection: Connection,
    proof: Proof,
    actor: Actor,
    watch: Watch,
    /// The cursor of the last event that the client was sent.
    cursor: i64,
}

impl Visit<'_> {
    /// Runs until the connection must be closed, and tells why.
    async fn run(&mut self) -> Close {
        // What is seldom under way is boxed, so that an idle connection stays small.
        if let Err(why) = Box::pin(self.catch_up()).await {
            return why;
        }
        loop {
            let next = tokio::select! {
                frame = self.connection.next::<FromAgent>() => match frame {
                    Ok(frame) => Box::pin(self.hear(frame)).await,
                    Err(why) => Err(why),
                },
                hint = self.watch.next() => Box::pin(self.pass_on(hint)).await,
                () = self.live.shutdown.cancelled() => Err(Close::RESTARTING),
            };
            if let Err(why) = next {
                return why;
            }
        }
    }

    async fn hear(&mut self, frame: FromAgent) -> Result<(), Close> {
        match frame {
            FromAgent::Hello { .. } => Err(Close::BAD_FRAME),
            FromAgent::Ping => self.connection.send(&ToClient::Pong).await,
            FromAgent::Typing { conversation_id } => {
                match self.live.desk.agent_types(&self.actor, Id::new(conversation_id)).await {
                    Ok(()) => Ok(()),
                    Err(error) => {
                        let problem = Problem::from(error);
                        self.connection
                            .send(&ToClient::Problem {
                                client_id: None,
                                problem: &problem.document(),
                            })
                            .await
                    }
                }
            }
        }
    }

    /// Passes on a hint, with the events that are ready right behind it.
    async fn pass_on(&mut self, hint: Hint) -> Result<(), Close> {
        let mut events: Vec<Committed> = Vec::new();
        let mut hint = Some(hint);
        while let Some(next) = hint.take() {
            match next {
                Hint::Event(told) => {
                    if told.event.cursor > self.cursor + events.len() as i64 + 1 {
                        return self.catch_up().await;
                    }
                    if told.event.cursor > self.cursor + events.len() as i64 {
                        events.push((*told).clone());
                    }
                }
                Hint::Missed => return self.catch_up().await,
                Hint::Typing { conversation, kind, name } => {
                    let sender = wire::Sender { kind, id: None, name: name.as_deref() };
                    let conversation_id = Some(conversation.number());
                    self.connection.put(&ToClient::Typing { conversation_id, sender }).await?;
                }
                Hint::Read { conversation, seq } => {
                    let conversation_id = conversation.number();
                    self.connection.put(&ToClient::Read { conversation_id, seq }).await?;
                }
            }
            if events.len() < TOGETHER_MAX {
                hint = self.watch.ready();
            }
        }
        let views = self.live.desk.view_events(self.actor.account, events).await;
        self.send(views.map_err(|_| Close::FAILED)?).await?;
        self.connection.flush().await
    }

    /// Reads and sends everything after what was sent.
    async fn catch_up(&mut self) -> Result<(), Close> {
        loop {
            let views = self.live.desk.events_after(self.actor.account, self.cursor, PAGE).await;
            let views = views.map_err(|_| Close::FAILED)?;
            let last_page = views.len() < PAGE as usize;
            self.send(views).await?;
            self.connection.flush().await?;
            if last_page {
                return Ok(());
            }
        }
    }

    async fn send(&mut self, views: Vec<EventView>) -> Result<(), Close> {
        let rights_changed = views.iter().any(|view| {
            matches!(view.event.kind, EventKind::AgentUpdated | EventKind::SessionRevoked)
        });
        if rights_changed {
            // Rights hold as they are now, not as they were when the socket opened.
            self.actor = authenticate(self.live, &self.proof).await?;
        }
        for view in &views {
            self.connection.put(&wire::Event::for_agents(view)).await?;
            self.cursor = view.event.cursor;
        }
        Ok(())
    }
}

/// The answer to hello.
#[derive(Serialize)]
struct Welcome<'a> {
    r#type: &'static str,
    cursor: i64,
    agent: Me<'a>,
}

#[derive(Serialize)]
struct Me<'a> {
    id: i64,
    name: &'a str,
    role: domain::Role,
}

impl<'a> Welcome<'a> {
    fn new(actor: &'a Actor, cursor: i64) -> Self {
        let agent = Me { id: actor.agent.number(), name: &actor.name, role: actor.role };
        Welcome { r#type: "welcome", cursor, agent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_is_too_far_behind_or_ahead_starts_anew() {
        assert!(can_resume(0, 0));
        assert!(can_resume(-1, BEHIND_MAX));
        assert!(can_resume(7, 7 + BEHIND_MAX));

        assert!(!can_resume(7, 8 + BEHIND_MAX));
        assert!(!can_resume(8, 7));
        assert!(!can_resume(i64::MAX, 7));
    }
}
