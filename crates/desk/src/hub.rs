//! Who listens to what in this process.
//!
//! The hub passes hints on and keeps nothing: a listener that is slow loses
//! them, hears that it did, and reads the log instead. So a listener costs a
//! few hundred bytes however slow it is, and never slows another.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use dashmap::DashMap;
use domain::{Account, Contact, Id, SenderKind};
use store::Committed;
use tokio::sync::Notify;

/// How many hints wait for a listener before it is told to read the log.
const HINTS_MAX: usize = 64;

/// Something that a listener should know.
#[derive(Clone, Debug)]
pub enum Hint {
    /// An event was committed.
    Event(Arc<Committed>),
    /// Somebody is typing. Not an event: it is never stored.
    Typing {
        /// The conversation that they type in.
        conversation: Id<domain::Conversation>,
        /// What kind of participant it is.
        kind: SenderKind,
        /// What the participant is called, if an agent.
        name: Option<Arc<str>>,
    },
    /// A contact has seen a thread up to a place. Not an event either.
    Read {
        /// The conversation.
        conversation: Id<domain::Conversation>,
        /// The `seq` of the last message seen.
        seq: i64,
    },
    /// Hints were lost: read the log.
    Missed,
}

/// The listeners of this process.
#[derive(Default)]
pub(crate) struct Hub {
    mailboxes: DashMap<Topic, Vec<Arc<Mailbox>>>,
    watches: AtomicU64,
}

/// What a listener listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Topic {
    Contact(Id<Contact>),
    Account(Id<Account>),
}

/// A place where hints wait for one listener.
#[derive(Default)]
struct Mailbox {
    hints: Mutex<VecDeque<Hint>>,
    missed: AtomicBool,
    notify: Notify,
}

impl Mailbox {
    fn put(&self, hint: Hint) {
        let mut hints = self.hints.lock().unwrap_or_else(PoisonError::into_inner);
        if hints.len() < HINTS_MAX {
            hints.push_back(hint);
        } else {
            hints.clear();
            hints.shrink_to(0);
            self.missed.store(true, Ordering::Release);
        }
        drop(hints);
        self.notify.notify_one();
    }

    fn take(&self) -> Option<Hint> {
        let mut hints = self.hints.lock().unwrap_or_else(PoisonError::into_inner);
        if self.missed.swap(false, Ordering::AcqRel) {
            hints.clear();
            return Some(Hint::Missed);
        }
        let hint = hints.pop_front();
        if hints.is_empty() {
            hints.shrink_to(0);
        }
        hint
    }
}

/// A listener's end. Dropping it ends the listening.
pub struct Watch {
    desk: crate::Desk,
    topic: Topic,
    mailbox: Arc<Mailbox>,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl Watch {
    /// Waits for the next hint. Cancelling it loses nothing.
    pub async fn next(&mut self) -> Hint {
        loop {
            if let Some(hint) = self.mailbox.take() {
                return hint;
            }
            self.mailbox.notify.notified().await;
        }
    }

    /// Takes a hint that is there already.
    pub fn ready(&mut self) -> Option<Hint> {
        self.mailbox.take()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.desk.parts.hub.remove(self.topic, &self.mailbox);
    }
}

impl crate::Desk {
    /// Listens to what concerns one contact.
    pub fn watch_contact(&self, contact: Id<Contact>) -> Watch {
        self.watch(Topic::Contact(contact))
    }

    /// Listens to everything that happens in one account.
    pub fn watch_account(&self, account: Id<Account>) -> Watch {
        self.watch(Topic::Account(account))
    }

    fn watch(&self, topic: Topic) -> Watch {
        Watch { desk: self.clone(), topic, mailbox: self.parts.hub.add(topic) }
    }
}

impl Hub {
    /// Passes an event on to whoever it concerns.
    pub(crate) fn tell(&self, committed: Committed) {
        if self.watches.load(Ordering::Relaxed) == 0 {
            return;
        }
        let account = committed.event.account;
        let contact = committed.conversation.as_ref().map(|conversation| conversation.contact);
        let told = Arc::new(committed);
        if let Some(contact) = contact {
            self.put(Topic::Contact(contact), &Hint::Event(told.clone()));
        }
        self.put(Topic::Account(account), &Hint::Event(told));
    }

    /// Tells whoever looks at a conversation something that is no event.
    pub(crate) fn pass(&self, account: Id<Account>, contact: Id<Contact>, hint: &Hint) {
        self.put(Topic::Contact(contact), hint);
        self.put(Topic::Account(account), hint);
    }

    /// Tells the account's listeners to read the log.
    pub(crate) fn missed(&self, account: Id<Account>) {
        self.put(Topic::Account(account), &Hint::Missed);
    }

    /// Tells every contact's listeners to read their threads.
    pub(crate) fn missed_by_all_contacts(&self) {
        for entry in &self.mailboxes {
            if matches!(entry.key(), Topic::Contact(_)) {
                entry.iter().for_each(|mailbox| mailbox.put(Hint::Missed));
            }
        }
    }

    fn put(&self, topic: Topic, hint: &Hint) {
        if let Some(mailboxes) = self.mailboxes.get(&topic) {
            mailboxes.iter().for_each(|mailbox| mailbox.put(hint.clone()));
        }
    }

    fn add(&self, topic: Topic) -> Arc<Mailbox> {
        let mailbox = Arc::new(Mailbox::default());
        let mut mailboxes = self.mailboxes.entry(topic).or_insert_with(|| Vec::with_capacity(1));
        mailboxes.push(mailbox.clone());
        self.watches.fetch_add(1, Ordering::Relaxed);
        mailbox
    }

    fn remove(&self, topic: Topic, mailbox: &Arc<Mailbox>) {
        if let Some(mut mailboxes) = self.mailboxes.get_mut(&topic) {
            mailboxes.retain(|other| !Arc::ptr_eq(other, mailbox));
        }
        self.mailboxes.remove_if(&topic, |_, mailboxes| mailboxes.is_empty());
        self.watches.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typing() -> Hint {
        Hint::Typing { conversation: Id::new(1), kind: SenderKind::Agent, name: None }
    }

    #[test]
    fn a_listener_that_does_not_read_hears_that_it_missed_something_and_holds_nothing() {
        let mailbox = Mailbox::default();

        for _ in 0..=HINTS_MAX {
            mailbox.put(typing());
        }

        assert!(matches!(mailbox.take(), Some(Hint::Missed)));
        assert!(mailbox.take().is_none());
        assert_eq!(mailbox.hints.lock().unwrap().capacity(), 0);
    }

    #[test]
    fn hints_after_a_loss_are_passed_on_again() {
        let mailbox = Mailbox::default();
        (0..=HINTS_MAX).for_each(|_| mailbox.put(typing()));
        mailbox.take();

        mailbox.put(typing());

        assert!(matches!(mailbox.take(), Some(Hint::Typing { .. })));
    }
}
