//! `/api/v1/visitor/live`: the visitor's side of a thread.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use desk::{Greeting, Guest, Hint, MessageView, SendMessage, Sent, Watch, WhoAsks, wire};
use domain::{AttachmentState, Conversation, Error, EventKind, Id, Language, Message, SenderKind};
use serde::Serialize;
use uuid::Uuid;

use super::connection::{Close, Connection};
use super::frame::{FromVisitor, ToClient};
use super::{Live, Open, bounded, is_our_page, origin};
use crate::Problem;
use crate::auth::address;
use crate::welcome::{WelcomeContact, WelcomeInbox};

/// How long a visitor may take to say hello.
const HELLO_TIME_MAX: Duration = Duration::from_secs(10);
/// How many messages are read at once when a visitor comes back.
const PAGE: u64 = 200;

/// Opens a connection. Who it is comes with the first frame, never in the URL.
pub(super) async fn upgrade(
    State(live): State<Live>,
    parts: Parts,
    upgrade: WebSocketUpgrade,
) -> Response {
    let from = address(&parts, &live.app);
    let visit = live.app.limits.connection(from);
    if let Err(busy) = visit.and_then(|()| live.desk.admit_visit()) {
        return Problem::from(busy).into_response();
    }
    let page = origin(&parts.headers);
    let foreign_page = page.filter(|page| !is_our_page(&live, &parts.headers, page));
    bounded(upgrade).on_upgrade(move |socket| async move {
        let connection = Connection::new(socket);
        let Some(_open) = Open::one_more(&live) else {
            return connection.close(Close::TOO_MANY_CONNECTIONS).await;
        };
        serve(live, connection, from, foreign_page).await;
    })
}

async fn serve(live: Live, mut connection: Connection, from: IpAddr, foreign_page: Option<String>) {
    let entered = tokio::select! {
        entered = tokio::time::timeout(HELLO_TIME_MAX, Box::pin(enter(&live, &mut connection, from, foreign_page))) => entered,
        () = live.shutdown.cancelled() => Ok(Err(Close::RESTARTING)),
    };
    let (guest, seq) = match entered {
        Ok(Ok(entered)) => entered,
        Ok(Err(why)) => return connection.close(why).await,
        Err(_) => return connection.close(Close::NOT_ALLOWED).await,
    };
    let watch = live.desk.watch_guest(&guest);
    let mut visit = Visit { live: &live, connection, guest, watch, seq, scanning_from: None };
    let why = visit.run().await;
    visit.connection.close(why).await;
}

/// Reads the first frame and lets the visitor in.
async fn enter(
    live: &Live,
    connection: &mut Connection,
    from: IpAddr,
    foreign_page: Option<String>,
) -> Result<(Guest, i64), Close> {
    let FromVisitor::Hello { inbox, token, after, identity, identifier, identifier_hash, locale } =
        connection.next().await?
    else {
        return Err(Close::BAD_FRAME);
    };
    let language = locale.as_deref().and_then(Language::from_tag);
    let identifier = identifier.zip(identifier_hash);
    let who = WhoAsks { inbox, token, identity, identifier, language };
    let (guest, greeting) = match live.desk.welcome(who).await {
        Ok(entered) => entered,
        Err(error) => {
            return Err(turned_away(connection, error).await);
        }
    };
    if foreign_page.is_some_and(|page| !guest.inbox.allows(&page)) {
        return Err(Close::NOT_ALLOWED);
    }
    if greeting.is_stranger
        && let Err(error) = live.app.limits.visit(from).await
    {
        return Err(turned_away(connection, error).await);
    }
    connection.put(&Welcome::new(&guest, &greeting)).await?;
    Ok((guest, after.max(0)))
}

/// Tells a visitor why there is no welcome, and with what to close.
async fn turned_away(connection: &mut Connection, error: Error) -> Close {
    let why = match error {
        Error::Busy { .. } => Close::TOO_MANY_VISITS,
        Error::Unavailable(_) | Error::Internal(_) => Close::FAILED,
        _ => Close::NOT_ALLOWED,
    };
    let problem = Problem::from(error).document();
    match connection.send(&ToClient::Problem { client_id: None, problem: &problem }).await {
        Ok(()) => why,
        Err(gone) => gone,
    }
}

/// A visitor's connection under way.
struct Visit<'a> {
    live: &'a Live,
    connection: Connection,
    guest: Guest,
    watch: Option<Watch>,
    /// The `seq` of the last message that the visitor was sent.
    seq: i64,
    /// The `seq` of the first message that was sent with a file that was still being
    /// scanned; kept until everything is read anew.
    scanning_from: Option<i64>,
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
                frame = self.connection.next::<FromVisitor>() => match frame {
                    Ok(frame) => Box::pin(self.hear(frame)).await,
                    Err(why) => Err(why),
                },
                hint = next_hint(&mut self.watch) => Box::pin(self.pass_on(hint)).await,
                () = self.live.shutdown.cancelled() => Err(Close::RESTARTING),
            };
            if let Err(why) = next {
                return why;
            }
        }
    }

    async fn hear(&mut self, frame: FromVisitor) -> Result<(), Close> {
        self.stay().await?;
        match frame {
            FromVisitor::Hello { .. } => Err(Close::BAD_FRAME),
            FromVisitor::Send { client_id, text, quick_reply, attachments } => {
                let attachments = attachments.into_iter().map(Id::new).collect();
                let said = SendMessage { client_id, text, quick_reply, attachments };
                self.take(said).await
            }
            FromVisitor::Rate { client_id, score, comment } => {
                let rated =
                    self.live.desk.rate_as_guest(&self.guest, client_id, score, &comment).await;
                match rated {
                    Ok(_) => {
                        self.connection
                            .send(&ToClient::Ack { client_id, id: None, seq: None })
                            .await
                    }
                    Err(error) => self.refuse(client_id, error).await,
                }
            }
            FromVisitor::Read { seq } => {
                self.live.desk.guest_reads(&self.guest, seq);
                Ok(())
            }
            FromVisitor::Typing => {
                self.live.desk.guest_types(&self.guest);
                Ok(())
            }
            FromVisitor::Ping => self.connection.send(&ToClient::Pong).await,
        }
    }

    /// Takes a message; the acknowledgement and the bot's answer leave together.
    async fn take(&mut self, said: SendMessage) -> Result<(), Close> {
        let client_id = said.client_id;
        let sent = match self.live.desk.send_as_guest(&mut self.guest, said).await {
            Ok(sent) => sent,
            Err(error) => return self.refuse(client_id, error).await,
        };
        if self.watch.is_none() {
            self.watch = self.live.desk.watch_guest(&self.guest);
        }
        let Sent { id, seq, conversation, added, .. } = sent;
        let ack = ToClient::Ack { client_id, id: Some(id.number()), seq: Some(seq) };
        self.connection.put(&ack).await?;
        self.say(&conversation, added).await?;
        self.connection.flush().await
    }

    async fn refuse(&mut self, client_id: Uuid, error: Error) -> Result<(), Close> {
        if let Error::Busy { retry_after_ms } = error {
            let wait = ToClient::SlowDown { client_id: Some(client_id), retry_after_ms };
            return self.connection.send(&wait).await;
        }
        let problem = Problem::from(error);
        self.connection
            .send(&ToClient::Problem { client_id: Some(client_id), problem: &problem.document() })
            .await
    }

    /// Ends the visit if the inbox would not let this visitor in any more.
    async fn stay(&mut self) -> Result<(), Close> {
        match self.live.desk.keep_admitting(&mut self.guest).await {
            Err(error @ (Error::Unauthenticated | Error::NotFound(_))) => {
                Err(turned_away(&mut self.connection, error).await)
            }
            // While the database is away nothing is decided anew.
            Ok(()) | Err(_) => Ok(()),
        }
    }

    async fn pass_on(&mut self, hint: Hint) -> Result<(), Close> {
        self.stay().await?;
        match hint {
            Hint::Event(told) => {
                if let Some((conversation, message)) =
                    told.conversation.as_ref().zip(told.message.as_ref())
                    && self.is_ours(conversation)
                {
                    if told.event.kind == EventKind::MessageScanned {
                        self.say_scanned(conversation, message.clone()).await?;
                    } else {
                        self.say(conversation, vec![message.clone()]).await?;
                    }
                }
            }
            Hint::Missed => {
                self.catch_up_on_scans().await?;
                self.catch_up().await?;
            }
            Hint::Typing { kind: SenderKind::Contact, .. } | Hint::Read { .. } => return Ok(()),
            Hint::Typing { kind, name, .. } => {
                let sender = wire::Sender { kind, id: None, name: name.as_deref() };
                self.connection.put(&ToClient::Typing { conversation_id: None, sender }).await?;
            }
        }
        self.connection.flush().await
    }

    /// Whether a conversation is this visitor's: known, or just begun by the same
    /// contact elsewhere.
    fn is_ours(&mut self, conversation: &Conversation) -> bool {
        let same_place = self.guest.contact == Some(conversation.contact)
            && self.guest.inbox.id == conversation.inbox;
        if same_place && self.guest.conversation.is_none() {
            self.guest.conversation = Some(conversation.id);
        }
        self.guest.conversation == Some(conversation.id)
    }

    /// Sends messages that follow what was sent; what came before is left out,
    /// and a gap is read.
    async fn say(
        &mut self,
        conversation: &Arc<Conversation>,
        messages: Vec<Arc<Message>>,
    ) -> Result<(), Close> {
        for message in messages {
            if message.seq <= self.seq {
                continue;
            }
            if message.seq > self.seq + 1 {
                return self.catch_up().await;
            }
            let view = self.live.desk.view_message(self.guest.account, conversation, message).await;
            let view = view.map_err(|_| Close::FAILED)?;
            self.send_event(conversation, &view).await?;
        }
        Ok(())
    }

    /// Tells what a scanner found out about a file of a message that was sent. One
    /// that was not sent yet comes with it.
    async fn say_scanned(
        &mut self,
        conversation: &Conversation,
        message: Arc<Message>,
    ) -> Result<(), Close> {
        if message.seq > self.seq {
            return Ok(());
        }
        let view = self.live.desk.view_message(self.guest.account, conversation, message).await;
        let view = view.map_err(|_| Close::FAILED)?;
        self.put_event(EventKind::MessageScanned, conversation, &view).await
    }

    /// Tells of every message that was sent with a file that was being scanned what
    /// its files are now: hints of it may have been lost.
    async fn catch_up_on_scans(&mut self) -> Result<(), Close> {
        let Some(mut after) = self.scanning_from.take().map(|first| first - 1) else {
            return Ok(());
        };
        let conversation = self.live.desk.conversation_of_guest(&self.guest).await;
        let Some(conversation) = conversation.map_err(|_| Close::FAILED)? else { return Ok(()) };
        while after < self.seq {
            let messages = self.live.desk.thread_of_guest(&self.guest, after, PAGE).await;
            let messages = messages.map_err(|_| Close::FAILED)?;
            let Some(last) = messages.last() else { return Ok(()) };
            after = last.message.seq;
            for view in messages {
                if view.message.seq <= self.seq && !view.message.attachments.is_empty() {
                    self.put_event(EventKind::MessageScanned, &conversation, &view).await?;
                }
            }
        }
        Ok(())
    }

    /// Reads and sends everything after what was sent.
    async fn catch_up(&mut self) -> Result<(), Close> {
        let conversation = self.live.desk.conversation_of_guest(&self.guest).await;
        if let Some(conversation) = conversation.map_err(|_| Close::FAILED)? {
            loop {
                let messages = self.live.desk.thread_of_guest(&self.guest, self.seq, PAGE).await;
                let messages = messages.map_err(|_| Close::FAILED)?;
                for view in &messages {
                    self.send_event(&conversation, view).await?;
                }
                if messages.len() < PAGE as usize {
                    break;
                }
            }
        }
        self.connection.flush().await
    }

    async fn send_event(
        &mut self,
        conversation: &Conversation,
        view: &MessageView,
    ) -> Result<(), Close> {
        self.put_event(EventKind::MessageCreated, conversation, view).await?;
        self.seq = view.message.seq;
        Ok(())
    }

    async fn put_event(
        &mut self,
        kind: EventKind,
        conversation: &Conversation,
        view: &MessageView,
    ) -> Result<(), Close> {
        let is_scanning = |state| state == AttachmentState::Scanning;
        if view.message.attachments.iter().any(|file| is_scanning(file.state)) {
            let first = self.scanning_from.unwrap_or(view.message.seq);
            self.scanning_from = Some(first.min(view.message.seq));
        }
        let name = match conversation.assignee {
            Some(agent) => self.live.desk.agent_name(self.guest.account, agent).await,
            None => Ok(None),
        };
        let name = name.map_err(|_| Close::FAILED)?;
        let event =
            wire::Event::for_visitor(self.guest.account, kind, conversation, view, name.as_deref());
        self.connection.put(&event).await
    }
}

/// Waits for a hint, or for ever if there is nothing to listen to yet.
async fn next_hint(watch: &mut Option<Watch>) -> Hint {
    match watch {
        Some(watch) => watch.next().await,
        None => std::future::pending().await,
    }
}

/// The answer to hello.
#[derive(Serialize)]
struct Welcome<'a> {
    r#type: &'static str,
    token: &'a str,
    inbox: WelcomeInbox<'a>,
    contact: WelcomeContact<'a>,
    conversation: Option<wire::VisitorConversation<'a>>,
}

impl<'a> Welcome<'a> {
    fn new(guest: &'a Guest, greeting: &'a Greeting) -> Self {
        Welcome {
            r#type: "welcome",
            token: &greeting.token,
            inbox: WelcomeInbox::new(guest, greeting),
            contact: WelcomeContact::new(greeting),
            conversation: greeting.conversation.as_ref().map(|(conversation, assignee)| {
                wire::VisitorConversation::new(conversation, assignee.as_deref())
            }),
        }
    }
}
