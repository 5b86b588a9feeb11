//! What the modelled world is made of. Plain data; the steps stand in `step`.

use crate::{Limits, PROCESSES};

/// A frame between a sender and the process that it is connected to.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Frame {
    /// A message on its way to the process. Sender and number together are the `client_id`.
    Send {
        /// Who sends.
        sender: u8,
        /// The number of the message among the sender's.
        message: u8,
    },
    /// An acknowledgement on its way to the sender.
    Ack {
        /// Who sent.
        sender: u8,
        /// The number of the message among the sender's.
        message: u8,
        /// Where it stands in the conversation.
        seq: u8,
    },
}

impl Frame {
    /// Names the sender at one end of the frame's connection.
    pub fn sender(self) -> u8 {
        match self {
            Frame::Send { sender, .. } | Frame::Ack { sender, .. } => sender,
        }
    }

    /// Tells whether the frame is about this message of this sender.
    pub fn is_about(self, of: u8, number: u8) -> bool {
        match self {
            Frame::Send { sender, message } | Frame::Ack { sender, message, .. } => {
                sender == of && message == number
            }
        }
    }
}

/// A committed message.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Row {
    /// Where it stands in the conversation.
    pub seq: u8,
    /// Who sent it.
    pub sender: u8,
    /// Its number among the sender's.
    pub message: u8,
    /// Which process committed it; told apart for planted bugs only, so that the sound model has
    /// fewer states.
    pub by: u8,
}

/// A message in an open transaction.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Entry {
    /// Who sent it.
    pub sender: u8,
    /// Its number among the sender's.
    pub message: u8,
    /// The `seq` that it has, or gets with the commit.
    pub seq: u8,
    /// Whether it is stored already, so that the commit only repeats its acknowledgement.
    pub repeated: bool,
}

/// One who sends.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Sender {
    /// The process that it is connected to.
    pub process: Option<u8>,
    /// How many messages it has.
    pub messages: u8,
    /// The `seq` that the acknowledgement of each message named, where there was one.
    pub acknowledged: Vec<Option<u8>>,
    /// Whether two acknowledgements of one message named different `seq`s.
    pub contradicted: bool,
}

impl Sender {
    /// Tells whether every message is acknowledged.
    pub fn is_done(&self) -> bool {
        self.acknowledged.iter().all(Option::is_some)
    }
}

/// One who reads.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Subscriber {
    /// The process that it is connected to.
    pub process: Option<u8>,
    /// What it got, over all its connections.
    pub delivered: Vec<u8>,
    /// What is on its way to it.
    pub buffer: Vec<u8>,
    /// The last `seq` that was sent to it on this connection, or that it said hello with.
    pub position: u8,
    /// The time that it said hello with; used by a planted bug only.
    pub since: u8,
}

/// A server process: everything here is lost in a crash.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Process {
    /// Sends that wait for the next transaction.
    pub queue: Vec<(u8, u8)>,
    /// The open transaction; while there is one, its process holds the account's lock.
    pub transaction: Vec<Entry>,
    /// The last `seq` that the live feed published.
    pub feed: u8,
}

/// The modelled world at one moment.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct State {
    /// Those who send.
    pub senders: Vec<Sender>,
    /// Those who read.
    pub subscribers: Vec<Subscriber>,
    /// The frames in flight, sorted: which of them arrives next is open.
    pub frames: Vec<Frame>,
    /// The server processes.
    pub processes: [Process; PROCESSES],
    /// The database: the rows in the order in which they became visible.
    pub rows: Vec<Row>,
    /// A counter beside the rows; used by a planted bug only.
    pub counter: u8,
    /// How many frames may still be lost.
    pub losses: u8,
    /// How many frames may still be doubled.
    pub doubles: u8,
    /// How many connections may still break.
    pub cuts: u8,
    /// How many processes may still crash.
    pub crashes: u8,
}

impl State {
    /// Begins: nobody is connected, nothing is stored.
    pub fn new(limits: &Limits) -> Self {
        let sender = |&messages: &u8| Sender {
            messages,
            acknowledged: vec![None; usize::from(messages)],
            ..Sender::default()
        };
        State {
            senders: limits.messages.iter().map(sender).collect(),
            subscribers: vec![Subscriber::default(); limits.subscribers],
            frames: Vec::new(),
            processes: Default::default(),
            rows: Vec::new(),
            counter: 0,
            losses: limits.losses,
            doubles: limits.doubles,
            cuts: limits.cuts,
            crashes: limits.crashes,
        }
    }

    /// Returns the highest `seq` stored.
    pub fn last_seq(&self) -> u8 {
        self.rows.iter().map(|row| row.seq).max().unwrap_or(0)
    }

    /// Finds the row of a `client_id`.
    pub fn stored(&self, sender: u8, message: u8) -> Option<&Row> {
        self.rows.iter().find(|row| row.sender == sender && row.message == message)
    }

    /// Tells whether a process holds a message in its queue or transaction.
    pub fn is_held(&self, process: u8, sender: u8, message: u8) -> bool {
        let process = &self.processes[usize::from(process)];
        process.queue.contains(&(sender, message))
            || process.transaction.iter().any(|e| e.sender == sender && e.message == message)
    }

    /// Returns the one of two states that stands for both when the processes only change places:
    /// in the sound model nothing tells them apart.
    pub fn representative(&self) -> Self {
        let mut swapped = self.clone();
        swapped.processes.reverse();
        let senders = swapped.senders.iter_mut().map(|sender| &mut sender.process);
        let subscribers = swapped.subscribers.iter_mut().map(|subscriber| &mut subscriber.process);
        senders.chain(subscribers).flatten().for_each(|process| *process = 1 - *process);
        swapped.min(self.clone())
    }

    /// Puts a frame in flight.
    pub(crate) fn put(&mut self, frame: Frame) {
        let at = self.frames.partition_point(|other| *other < frame);
        self.frames.insert(at, frame);
    }
}
