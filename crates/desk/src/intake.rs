//! The intake: what contacts send, gathered and written in bulk.
//!
//! Messages that wait for the disk are gathered into batches; each batch is one
//! transaction for each account, which is the matter of [`crate::round`].

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use domain::{Account, Error, Id, Result};
use jiff::Timestamp;
use store::{Store, Tx};
use tokio::sync::{mpsc, oneshot};

use crate::Limits;
use crate::admission::{Admission, Door};
use crate::bot::Bots;
use crate::clock::Clock;
use crate::incoming::{Incoming, Sent};
use crate::round::{self, Phrases};

/// How many messages are written together.
const BATCH_MAX: usize = 512;
/// How many messages may wait, whatever the time they would take.
const QUEUE_MAX: usize = 8_192;

#[derive(Clone)]
pub(crate) struct Intake {
    queue: mpsc::Sender<(Incoming, Sender)>,
    door: Arc<Door>,
}

/// How a sender hears what came of its message.
type Sender = oneshot::Sender<Result<Sent>>;

impl Intake {
    /// Starts the intake; it ends when the last handle is dropped.
    pub(crate) fn start(store: Store, bots: Bots, clock: Clock, limits: Limits) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let door = Arc::new(Door::new(Duration::from_millis(limits.intake_wait_max_ms)));
        tokio::spawn(run(store, bots, clock, door.clone(), waiting));
        Intake { queue, door }
    }

    /// Takes a message and returns when it is durable.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] before anything is accepted, if it would wait too long.
    pub(crate) async fn send(&self, incoming: Incoming) -> Result<Sent> {
        self.door.admit()?;
        let (sender, receiver) = oneshot::channel();
        self.door.enter();
        if self.queue.try_send((incoming, sender)).is_err() {
            self.door.leave(1);
            return Err(self.door.busy());
        }
        receiver.await.unwrap_or_else(|_| Err(Error::Unavailable("the intake has stopped".into())))
    }

    /// Lets somebody new come in.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] while too much waits.
    pub(crate) fn admit_visit(&self) -> Result<()> {
        self.door.admit_visit()
    }

    /// How much waits now.
    pub(crate) fn admission(&self) -> Admission {
        self.door.admission()
    }
}

async fn run(
    store: Store,
    bots: Bots,
    clock: Clock,
    door: Arc<Door>,
    mut waiting: mpsc::Receiver<(Incoming, Sender)>,
) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    let stored = Phrases::default();
    while waiting.recv_many(&mut batch, BATCH_MAX).await > 0 {
        take_all(&store, &bots, &stored, &door, (clock)(), std::mem::take(&mut batch)).await;
    }
}

/// Writes a batch, a transaction for each account, and tells the senders.
async fn take_all(
    store: &Store,
    bots: &Bots,
    stored: &Phrases,
    door: &Door,
    now: Timestamp,
    batch: Vec<(Incoming, Sender)>,
) {
    let (started, count) = (Instant::now(), batch.len());
    let mut by_account: HashMap<Id<Account>, (Vec<Incoming>, Vec<Sender>)> = HashMap::new();
    for (incoming, sender) in batch {
        let (incomings, senders) = by_account.entry(incoming.account).or_default();
        incomings.push(incoming);
        senders.push(sender);
    }
    let unwritten = &AtomicUsize::new(by_account.len());
    let accounts = by_account.into_iter().map(|(account, (incomings, senders))| {
        let (bot, known) = (bots.get(account), stored.clone());
        let write = move |tx: Tx| round::take(tx, incomings, bot, known, now);
        let written = store.write(account, write);
        async move {
            let written = written.await;
            // Before anybody is told: whoever knows that a message is written finds its place free
            // and its cost known.
            if unwritten.fetch_sub(1, Ordering::Relaxed) == 1 {
                door.note(started.elapsed(), count);
            }
            door.leave(senders.len());
            match written {
                Ok((results, phrases)) => {
                    stored.remember(account, phrases);
                    for (sender, result) in senders.into_iter().zip(results) {
                        // Whoever went away finds the message when it comes back.
                        let _ = sender.send(result);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, messages = senders.len(), "messages were not accepted");
                    for sender in senders {
                        let _ = sender.send(Err(Error::Unavailable(error.to_string().into())));
                    }
                }
            }
        }
    });
    futures::future::join_all(accounts).await;
}
