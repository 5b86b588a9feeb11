//! Compares what clients saw with what is stored: line by line, both ways.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, Result};
use serde_json::Value;
use uuid::Uuid;

use crate::agent::{Agent, Told};
use crate::app::User;
use crate::database::{Row, Stored};
use crate::findings::{Fault, Findings};
use crate::http::{self, Caller};
use crate::load::{Load, digest};
use crate::visitor::{Entry, Sender, Visitor};

/// How many threads are also read as agents read them.
const REST_THREADS_MAX: usize = 40;
/// Numbers on disk; see `domain`.
const TEXT: i16 = 0;
const HANDED_OFF: i16 = 1;
const CONTACT: i16 = 0;
const BOT: i16 = 2;

/// Compares what visitors sent, had acknowledged, heard and read again with the
/// threads on disk.
pub(crate) fn threads(
    findings: &Findings,
    visitors: &[Visitor],
    reread: &[Vec<Entry>],
    users: &[User],
    stored: &Stored,
) {
    let mut rows: HashMap<i64, Vec<&Row>> = HashMap::new();
    for row in &stored.messages {
        rows.entry(row.conversation).or_default().push(row);
    }
    let mut owned = HashSet::new();
    for (visitor, entries) in visitors.iter().zip(reread) {
        let thread =
            visitor.conversation.and_then(|id| rows.get(&id)).map_or(&[][..], Vec::as_slice);
        if let Some(id) = visitor.conversation {
            findings.check(owned.insert(id), Fault::Foreign, || {
                format!("{}: shares thread {id}", visitor.name)
            });
        }
        thread_of(findings, visitor, entries, thread);
    }
    for user in users {
        for conversation in thread_of_user(findings, user, &rows) {
            findings.check(owned.insert(conversation), Fault::Foreign, || {
                format!("{}: shares thread {conversation}", user.name)
            });
        }
    }
    for &(id, last_seq, _) in &stored.conversations {
        findings.check(owned.contains(&id), Fault::Foreign, || format!("thread {id} is nobody's"));
        let thread = rows.get(&id).map_or(&[][..], Vec::as_slice);
        in_order(findings, id, last_seq, thread);
        answered(findings, id, thread);
    }
    let contacts: HashSet<i64> =
        stored.conversations.iter().map(|&(_, _, contact)| contact).collect();
    let single = contacts.len() == stored.conversations.len()
        && stored.contacts == contacts.len()
        && stored.visitors + users.len() == contacts.len();
    findings.check(single, Fault::Doubled, || {
        let (threads, users) = (stored.conversations.len(), users.len());
        format!(
            "{threads} threads, {} contacts, {} tokens, {users} users of the app",
            stored.contacts, stored.visitors
        )
    });
}

/// One visitor's thread.
fn thread_of(findings: &Findings, visitor: &Visitor, reread: &[Entry], thread: &[&Row]) {
    let name = &visitor.name;
    let mut by_name: HashMap<Uuid, Vec<&Row>> = HashMap::new();
    for row in thread.iter().filter(|row| row.sender == CONTACT) {
        match row.client_id {
            Some(client_id) => by_name.entry(client_id).or_default().push(row),
            None => findings
                .add(Fault::Foreign, || format!("{name}: {row:?} has no name of its sender")),
        }
    }
    let mut last_seq = 0;
    for asked in &visitor.asked {
        let found = by_name.remove(&asked.client_id).unwrap_or_default();
        let [row] = found[..] else {
            let fault = if found.is_empty() { Fault::Lost } else { Fault::Doubled };
            findings.add(fault, || format!("{name}: {asked:?} is stored {} times", found.len()));
            continue;
        };
        findings.check(asked.acked == Some((row.id, row.seq)), Fault::Lost, || {
            format!("{name}: {asked:?} is stored as {row:?}")
        });
        findings.check(row.text == asked.text, Fault::Foreign, || {
            format!("{name}: {asked:?} is stored as {row:?}")
        });
        findings.check(visitor.was_slowed || row.seq > last_seq, Fault::Disordered, || {
            format!("{name}: {asked:?} is at {} after {last_seq}", row.seq)
        });
        last_seq = row.seq;
    }
    for row in by_name.into_values().flatten() {
        findings.add(Fault::Foreign, || format!("{name}: never sent {row:?}"));
    }
    let on_disk: Vec<Entry> = thread.iter().map(|row| entry(row)).collect();
    compare(findings, &format!("{name}: heard"), &visitor.heard, &on_disk);
    compare(findings, &format!("{name}: read again"), reread, &on_disk);
}

/// The thread of a user of the company's app: everything that was passed on, once
/// and in order. Returns the thread, or all of them if there are several.
fn thread_of_user(
    findings: &Findings,
    user: &User,
    rows: &HashMap<i64, Vec<&Row>>,
) -> HashSet<i64> {
    let name = &user.name;
    let threads: HashSet<i64> = user.passed.iter().map(|passed| passed.conversation).collect();
    findings.check(threads.len() == 1, Fault::Doubled, || format!("{name}: threads {threads:?}"));
    let thread = threads.iter().filter_map(|id| rows.get(id)).flatten();
    let said: Vec<(&str, (i64, i64))> = thread
        .filter(|row| row.sender == CONTACT)
        .map(|row| (row.text.as_str(), (row.id, row.seq)))
        .collect();
    let passed: Vec<(&str, (i64, i64))> =
        user.passed.iter().map(|passed| (passed.text.as_str(), passed.acked)).collect();
    compare(findings, &format!("{name}: was acknowledged"), &passed, &said);
    threads
}

/// What a stored message looks like to its contact.
fn entry(row: &Row) -> Entry {
    let sender = match (row.kind, row.sender) {
        (TEXT, CONTACT) => Sender::Contact,
        (TEXT, BOT) => Sender::Bot,
        (TEXT, _) => Sender::Agent,
        (kind, _) => Sender::Activity { handed_off: kind == HANDED_OFF },
    };
    Entry { id: row.id, seq: row.seq, sender, client_id: row.client_id, text: digest(&row.text) }
}

/// Two sequences that must be the same.
fn compare<T: PartialEq + std::fmt::Debug>(
    findings: &Findings,
    what: &str,
    seen: &[T],
    stored: &[T],
) {
    let differs = seen.iter().zip(stored).position(|(seen, stored)| seen != stored);
    match differs {
        Some(at) => findings.add(Fault::Foreign, || {
            format!("{what} {:?}, but stored is {:?}", seen[at], stored[at])
        }),
        None => findings.check(seen.len() == stored.len(), Fault::Lost, || {
            format!("{what} {} entries, but {} are stored", seen.len(), stored.len())
        }),
    }
}

/// A thread counts 1, 2, 3 …, and its conversation knows how far.
fn in_order(findings: &Findings, id: i64, last_seq: i64, thread: &[&Row]) {
    for (row, expected) in thread.iter().zip(1..) {
        findings.check(row.seq == expected, Fault::Gap, || {
            format!("thread {id} has {} at place {expected}", row.seq)
        });
    }
    findings.check(last_seq == thread.len() as i64, Fault::Gap, || {
        format!("thread {id} counts {last_seq} and has {} entries", thread.len())
    });
}

/// While the bot has a thread, every question has an answer right behind it,
/// from the same commit.
fn answered(findings: &Findings, id: i64, thread: &[&Row]) {
    for (at, row) in thread.iter().enumerate() {
        if row.kind == HANDED_OFF {
            return;
        }
        if (row.kind, row.sender) != (TEXT, CONTACT) {
            continue;
        }
        let next = thread.get(at + 1);
        let is_answer =
            next.is_some_and(|next| next.sender != CONTACT && next.created_at == row.created_at);
        findings.check(is_answer, Fault::Unanswered, || {
            format!("thread {id}: {row:?} is followed by {next:?}")
        });
    }
}

/// Compares the log that the agent heard with the log on disk.
pub(crate) fn log(findings: &Findings, agent: &Agent, stored: &Stored) {
    let heard = agent.heard.lock().expect("nobody panics while holding it");
    for (event, expected) in stored.events.iter().zip(1..) {
        findings.check(event.cursor == expected, Fault::Gap, || {
            format!("the log has cursor {} at place {expected}", event.cursor)
        });
    }
    findings.check(stored.cursor == stored.events.len() as i64, Fault::Gap, || {
        format!("the log counts {} and has {} events", stored.cursor, stored.events.len())
    });
    compare(findings, "the agent heard", &heard, &stored.events);
    let mut told: HashMap<(i64, i64), i64> = HashMap::new();
    for event in &stored.events {
        let (Some(conversation), Some((_, seq))) = (event.conversation, event.message) else {
            continue;
        };
        let last = told.entry((conversation, 0)).or_insert(0);
        findings.check(seq == *last + 1, Fault::Disordered, || {
            format!("the log tells place {seq} of thread {conversation} after {last}")
        });
        *last = seq;
    }
    for &(id, last_seq, _) in &stored.conversations {
        let last = told.get(&(id, 0)).copied().unwrap_or(0);
        findings.check(last == last_seq, Fault::Lost, || {
            format!("the log tells {last} of {last_seq} in thread {id}")
        });
    }
}

/// Compares what the agent said with what is stored.
pub(crate) fn answers(findings: &Findings, agent: &Agent, stored: &Stored) {
    let mut by_name: HashMap<Uuid, Vec<&Row>> = HashMap::new();
    for row in stored
        .messages
        .iter()
        .filter(|row| row.kind == TEXT && row.sender != CONTACT && row.sender != BOT)
    {
        by_name.entry(row.client_id.unwrap_or_default()).or_default().push(row);
    }
    for said in agent.said.lock().expect("nobody panics while holding it").iter() {
        let found = by_name.remove(&said.client_id).unwrap_or_default();
        let [row] = found[..] else {
            let fault = if found.is_empty() { Fault::Lost } else { Fault::Doubled };
            findings.add(fault, || format!("the agent's {said:?} is stored {} times", found.len()));
            continue;
        };
        let same = (row.id, row.seq) == said.acked && row.conversation == said.conversation;
        findings.check(same, Fault::Lost, || format!("the agent's {said:?} is stored as {row:?}"));
    }
    for row in by_name.into_values().flatten() {
        findings.add(Fault::Foreign, || format!("the agent never said {row:?}"));
    }
}

/// Compares what the webhook was told with the log.
pub(crate) fn webhook(findings: &Findings, got: &HashMap<String, (Told, usize)>, stored: &Stored) {
    let mut by_cursor: HashMap<i64, &str> = HashMap::new();
    for (id, (told, _)) in got {
        if let Some(other) = by_cursor.insert(told.cursor, id) {
            findings.add(Fault::Undelivered, || {
                format!("event {} is named {id} and {other}", told.cursor)
            });
        }
        let logged = usize::try_from(told.cursor - 1).ok().and_then(|at| stored.events.get(at));
        findings.check(logged == Some(told), Fault::Foreign, || {
            format!("the webhook was told {told:?}, not {logged:?}")
        });
    }
    let begin = stored.events.iter().position(|event| event.kind == "webhook.updated").unwrap_or(0);
    for event in &stored.events[begin..] {
        let wanted = event.kind == "message.created";
        findings.check(
            !wanted || by_cursor.contains_key(&event.cursor),
            Fault::Undelivered,
            || format!("the webhook was never told {event:?}"),
        );
    }
}

/// Reads some threads and the end of the log as agents' programs do, and
/// compares them with what visitors heard.
pub(crate) async fn over_rest(load: &Load, visitors: &[Visitor]) -> Result<()> {
    let caller = Caller::Token(load.token.clone());
    let step = (visitors.len() / REST_THREADS_MAX).max(1);
    for visitor in visitors.iter().step_by(step) {
        let Some(id) = visitor.conversation else { continue };
        let mut seen = HashSet::new();
        let mut entries: Vec<Entry> = Vec::new();
        let mut path = format!("/api/v1/conversations/{id}/messages?limit=100");
        loop {
            let page = http::insist(&load.addresses[0], &caller, "GET", &path, None).await?;
            let items =
                page.body["items"].as_array().with_context(|| format!("no items at {path}"))?;
            for message in items.iter().filter(|message| message["seq"].is_i64()) {
                let entry = Entry::read(message)?;
                load.findings.check(seen.insert(entry.id), Fault::Doubled, || {
                    format!("{path} lists {entry:?} twice")
                });
                entries.push(entry);
            }
            match &page.body["next"] {
                Value::String(next) => {
                    path = format!("/api/v1/conversations/{id}/messages?limit=100&before={next}")
                }
                _ => break,
            }
        }
        entries.sort_by_key(|entry| entry.seq);
        compare(&load.findings, &format!("{} over REST:", visitor.name), &entries, &visitor.heard);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seq: i64, sender: i16, created_at: i64) -> Row {
        Row {
            id: seq,
            conversation: 1,
            seq,
            kind: TEXT,
            sender,
            client_id: None,
            text: String::new(),
            created_at,
        }
    }

    fn seen(rows: &[Row], check: impl Fn(&Findings, i64, &[&Row])) -> Findings {
        let findings = Findings::default();
        check(&findings, 1, &rows.iter().collect::<Vec<_>>());
        findings
    }

    #[test]
    fn an_answer_is_right_behind_its_question_and_of_the_same_commit() {
        let good = [row(1, CONTACT, 5), row(2, BOT, 5)];
        let alone = [row(1, CONTACT, 5)];
        let later = [row(1, CONTACT, 5), row(2, BOT, 6)];
        let apart = [row(1, CONTACT, 5), row(2, CONTACT, 5), row(3, BOT, 5)];

        assert!(!seen(&good, answered).any());
        for bad in [&alone[..], &later, &apart] {
            assert_eq!(seen(bad, answered).count(Fault::Unanswered), 1);
        }
    }

    #[test]
    fn after_the_handoff_the_bot_is_silent() {
        let handoff = Row { kind: HANDED_OFF, ..row(3, 3, 5) };
        let thread = [row(1, CONTACT, 5), row(2, BOT, 5), handoff, row(4, CONTACT, 6)];

        assert!(!seen(&thread, answered).any());
    }

    #[test]
    fn a_thread_without_a_place_has_a_gap() {
        let whole = [row(1, CONTACT, 5), row(2, BOT, 5)];
        let holed = [row(1, CONTACT, 5), row(3, BOT, 5)];

        assert!(!seen(&whole, |findings, id, thread| in_order(findings, id, 2, thread)).any());
        assert_eq!(
            seen(&holed, |findings, id, thread| in_order(findings, id, 2, thread))
                .count(Fault::Gap),
            1
        );
        assert_eq!(
            seen(&whole, |findings, id, thread| in_order(findings, id, 3, thread))
                .count(Fault::Gap),
            1
        );
    }

    #[test]
    fn what_an_app_passed_on_is_there_once_and_in_order() {
        let passed = |text: &str, seq| crate::app::Passed {
            text: text.into(),
            conversation: 1,
            acked: (seq, seq),
        };
        let user = User { name: "user".into(), passed: vec![passed("a", 1), passed("b", 3)] };
        let said = |text: &str, seq| Row { text: text.into(), ..row(seq, CONTACT, 5) };
        let found = |thread: &[Row]| {
            let findings = Findings::default();
            let rows = HashMap::from([(1, thread.iter().collect())]);
            thread_of_user(&findings, &user, &rows);
            findings.any()
        };

        assert!(!found(&[said("a", 1), row(2, BOT, 5), said("b", 3)]));
        for wrong in [
            &[said("a", 1), row(2, BOT, 5)][..],
            &[said("a", 1), said("a", 2), said("b", 3)],
            &[said("b", 1), said("a", 3)],
            &[],
        ] {
            assert!(found(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_message_that_was_acknowledged_and_is_not_stored_is_found() {
        let findings = Findings::default();
        let load =
            Load::new(Vec::new(), String::new(), String::new(), Vec::new(), Default::default(), 1);
        let mut visitor = Visitor::new(&load, "visitor");
        let client_id = Uuid::from_u128(1);
        let text = "question 1".to_owned();
        let (acked, sent_at) = (Some((1, 1)), tokio::time::Instant::now());
        visitor.asked.push(crate::visitor::Asked {
            client_id,
            text,
            quick_reply: None,
            acked,
            sent_at,
        });

        thread_of(&findings, &visitor, &[], &[]);

        assert_eq!(findings.count(Fault::Lost), 1, "{}", findings.report());
    }
}
