//! What contacts said, by conversation.
//!
//! Only what they wrote in words counts, and only what was not taken back.

use std::collections::{BTreeMap, HashMap};

use domain::{Conversation, Event, EventKind, Id, Message, Result, Sample};
use jiff::Timestamp;
use nlu::discover::conversations;
use store::{Reader, account, event, message};

use super::asked::Asked;
use crate::learner::is_said;

/// How many messages of contacts are looked at, the newest first.
const MESSAGES_MAX: usize = 50_000;
/// How many events are read at once, and how many at most.
const PAGE: i64 = 1_000;
const EVENTS_MAX: i64 = 2_000_000;

/// What was heard.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// What the contact wrote in each conversation, by its place.
    threads: BTreeMap<Id<Conversation>, BTreeMap<i64, String>>,
    messages: usize,
    /// Whether there was more.
    is_cut: bool,
}

/// Reads what contacts said since a time, from the newest backwards.
pub(super) async fn gather(reader: &Reader, since: Timestamp) -> Result<Heard> {
    let mut heard = Heard::default();
    let last = account::cursor(reader).await?;
    let mut end = last;
    while end > 0 && !heard.is_cut {
        let start = (end - PAGE).max(0);
        let events = event::list_after(reader, start, (end - start) as u64).await?;
        let is_past = events.first().is_none_or(|event| event.created_at < since);
        let said = message::find_many(reader, said(&events, since).into_iter()).await?;
        heard.take(said);
        if is_past {
            break;
        }
        heard.is_cut |= last - start >= EVENTS_MAX && start > 0;
        end = start;
    }
    Ok(heard)
}

/// The places of the messages that came since a time.
fn said(events: &[Event], since: Timestamp) -> Vec<(Id<Conversation>, i64)> {
    let said = events
        .iter()
        .filter(|event| event.kind == EventKind::MessageCreated && event.created_at >= since);
    said.filter_map(|event| Some((event.conversation?, event.subject))).collect()
}

impl Heard {
    /// Takes a page of messages; of those that are too many the older ones are left.
    fn take(&mut self, mut messages: Vec<Message>) {
        messages.retain(is_said);
        messages.sort_by_key(|message| std::cmp::Reverse((message.created_at, message.seq)));
        let room = MESSAGES_MAX - self.messages;
        self.is_cut |= messages.len() > room;
        for message in messages.into_iter().take(room) {
            self.messages += 1;
            let thread = self.threads.entry(message.conversation).or_default();
            thread.insert(message.seq, message.text);
        }
    }

    /// Tells what was asked in each conversation, and where.
    pub(super) fn asked(&self) -> Asked {
        let mut places = HashMap::new();
        let mut conversations = Vec::with_capacity(self.threads.len());
        for (&conversation, thread) in &self.threads {
            let texts: Vec<&str> = thread.values().map(String::as_str).collect();
            let (one, place) = conversations::Conversation::of(conversation.to_string(), &texts);
            let seq = place.and_then(|place| thread.keys().nth(place));
            if let (Some(question), Some(&seq)) = (&one.question, seq) {
                // What was said most often lately is found where it was said last.
                places.insert(question.clone(), Sample::Said { conversation, seq });
            }
            conversations.push(one);
        }
        Asked { conversations, places: Some(places), is_cut: self.is_cut }
    }
}

#[cfg(test)]
mod tests {
    use domain::{MessageKind, ProposedIntent, Sender, SenderKind};

    use super::*;

    fn message(conversation: i64, seq: i64, text: &str) -> Message {
        Message {
            id: Id::new(conversation * 1_000 + seq),
            conversation: Id::new(conversation),
            seq,
            kind: MessageKind::Text,
            sender: Sender { kind: SenderKind::Contact, id: None },
            text: text.to_owned(),
            quick_replies: Vec::new(),
            phrase: None,
            target_seq: None,
            retracted: false,
            client_id: None,
            attachments: Vec::new(),
            created_at: Timestamp::from_second(seq).unwrap(),
        }
    }

    #[test]
    fn intents_are_proposed_with_the_places_where_they_were_asked() {
        let parts = ["my order", "the lamp", "both coats", "it all", "the second order"];
        let forms = ["cancel {} please", "i want to cancel {}", "cancel {}", "please cancel {}"];
        let asked = forms.iter().flat_map(|form| parts.map(|part| form.replace("{}", part)));
        let mut heard = Heard::default();
        for (n, question) in (1..).zip(asked) {
            heard.take(vec![message(n, 1, "hi"), message(n, 2, &question)]);
            heard.take(vec![message(100 + n, 1, &format!("我想开电子发票给{n}号公司"))]);
        }
        heard.take(vec![message(200, 1, "hello")]);

        let found = heard.asked().findings(Some(30), Timestamp::UNIX_EPOCH).0;

        assert_eq!((found.conversations, found.without_question, found.is_cut), (41, 1, false));
        let cancel: Vec<&ProposedIntent> =
            found.intents.iter().filter(|one| one.name.contains("cancel")).collect();
        let conversations: usize = cancel.iter().map(|one| one.conversations).sum();
        assert!((15..=20).contains(&conversations), "{cancel:?}");
        for one in cancel {
            assert_eq!(one.contact_messages, 2.0);
            let second = |at: &Sample| matches!(at, Sample::Said { seq: 2, .. });
            assert!(!one.samples.is_empty() && one.samples.iter().all(second), "{one:?}");
        }
        assert!(found.first_expected > 0.0 && found.first_expected <= found.first_share);
    }

    #[test]
    fn the_newest_messages_are_looked_at_and_no_more() {
        let mut heard = Heard { messages: MESSAGES_MAX - 2, ..Heard::default() };

        heard.take((1..=3).map(|seq| message(1, seq, "where is it")).collect());

        assert!(heard.is_cut);
        assert_eq!(heard.messages, MESSAGES_MAX);
        let kept: Vec<i64> = heard.threads[&Id::new(1)].keys().copied().collect();
        assert_eq!(kept, [2, 3]);
    }

    #[test]
    fn what_was_taken_back_or_said_by_others_is_not_heard() {
        let mut heard = Heard::default();
        let retracted = Message { retracted: true, ..message(1, 1, "cancel my order") };
        let bot = Sender { kind: SenderKind::Bot, id: None };
        let answer = Message { sender: bot, ..message(1, 2, "certainly") };

        heard.take(vec![retracted, answer]);

        assert_eq!(heard.asked().conversations, []);
    }
}
