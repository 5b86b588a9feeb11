//! What can happen next, and what it does.
//!
//! `steps` lists what the system and its users do of themselves, `faults` what goes wrong. The
//! two are kept apart because the promise "everything arrives" is about a world in which faults
//! stop and steps go on.

use crate::{Bug, Delivery, Entry, Frame, PROCESSES, Process, Row, State, Subscriber};

/// By how much the clock of the first process is ahead; used by a planted bug only.
const CLOCK_AHEAD: u8 = 2;

/// One thing that happens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// A sender connects to a process.
    Connect(u8, u8),
    /// A sender sends one of its messages, for the first time or again.
    Send(u8, u8),
    /// A frame arrives, whichever.
    Arrive(Frame),
    /// A process takes the account's lock and numbers all that waits in its queue.
    Begin(u8),
    /// A process commits, and acknowledges.
    Commit(u8),
    /// A process's feed publishes the next row of the log.
    Publish(u8),
    /// A subscriber says hello to a process.
    Subscribe(u8, u8),
    /// A process sends a subscriber the next row that it has missed.
    CatchUp(u8),
    /// A subscriber reads the next event.
    Read(u8),
    /// A frame is lost.
    Lose(Frame),
    /// A frame is doubled.
    Double(Frame),
    /// The connection of a sender breaks.
    CutSender(u8),
    /// The connection of a subscriber breaks.
    CutSubscriber(u8),
    /// A process crashes and starts again.
    Crash(u8),
}

impl Delivery {
    /// Lists what can happen next without anything going wrong.
    pub fn steps(&self, state: &State, actions: &mut Vec<Action>) {
        self.sender_steps(state, actions);
        actions.extend(kinds(state).filter(|f| self.can_arrive(state, *f)).map(Action::Arrive));
        self.process_steps(state, actions);
        self.subscriber_steps(state, actions);
    }

    /// Lists what can go wrong next.
    pub fn faults(&self, state: &State, actions: &mut Vec<Action>) {
        if state.losses > 0 {
            actions.extend(kinds(state).map(Action::Lose));
        }
        if state.doubles > 0 {
            actions.extend(kinds(state).map(Action::Double));
        }
        if state.cuts > 0 {
            let senders = indices(&state.senders);
            let connected = |s: &u8| state.senders[usize::from(*s)].process.is_some();
            actions.extend(senders.filter(connected).map(Action::CutSender));
            let subscribers = indices(&state.subscribers);
            let connected = |s: &u8| state.subscribers[usize::from(*s)].process.is_some();
            actions.extend(subscribers.filter(connected).map(Action::CutSubscriber));
        }
        if state.crashes > 0 {
            actions.extend(indices(&state.processes).map(Action::Crash));
        }
    }

    /// Lets `action` happen.
    pub fn apply(&self, state: &mut State, action: Action) {
        match action {
            Action::Connect(sender, process) => {
                state.senders[usize::from(sender)].process = Some(process);
            }
            Action::Send(sender, message) => state.put(Frame::Send { sender, message }),
            Action::Arrive(frame) => arrive(state, frame),
            Action::Begin(process) => self.begin(state, process),
            Action::Commit(process) => self.commit(state, process),
            Action::Publish(process) => self.publish(state, process),
            Action::Subscribe(subscriber, process) => self.subscribe(state, subscriber, process),
            Action::CatchUp(subscriber) => self.catch_up(state, subscriber),
            Action::Read(subscriber) => {
                let subscriber = &mut state.subscribers[usize::from(subscriber)];
                let seq = subscriber.buffer.remove(0);
                subscriber.delivered.push(seq);
            }
            Action::Lose(frame) => {
                state.losses -= 1;
                take(state, frame);
            }
            Action::Double(frame) => {
                state.doubles -= 1;
                state.put(frame);
            }
            Action::CutSender(sender) => {
                state.cuts -= 1;
                cut_sender(state, sender);
            }
            Action::CutSubscriber(subscriber) => {
                state.cuts -= 1;
                cut_off(&mut state.subscribers[usize::from(subscriber)]);
            }
            Action::Crash(process) => crash(state, process),
        }
    }

    fn sender_steps(&self, state: &State, actions: &mut Vec<Action>) {
        for sender in indices(&state.senders) {
            let it = &state.senders[usize::from(sender)];
            match it.process {
                // One that has nothing to send need not connect.
                None if it.is_done() => {}
                None => {
                    actions.extend(indices(&state.processes).map(|p| Action::Connect(sender, p)))
                }
                Some(process) => {
                    let open =
                        (0..it.messages).filter(|m| it.acknowledged[usize::from(*m)].is_none());
                    let ahead = if self.bug == Bug::Impatient { usize::MAX } else { 1 };
                    let silent = |message: &u8| {
                        !state.frames.iter().any(|frame| frame.is_about(sender, *message))
                            && !state.is_held(process, sender, *message)
                    };
                    actions
                        .extend(open.take(ahead).filter(silent).map(|m| Action::Send(sender, m)));
                }
            }
        }
    }

    /// Tells whether a frame can be taken: a process with a full queue takes none, it tells the
    /// sender to wait or lets the frame wait, which is the same here.
    fn can_arrive(&self, state: &State, frame: Frame) -> bool {
        let Frame::Send { sender, .. } = frame else { return true };
        state.senders[usize::from(sender)].process.is_some_and(|process| {
            let waiting = state.processes[usize::from(process)].queue.len();
            waiting < self.limits.queue_max || self.bug == Bug::NoBackPressure
        })
    }

    fn process_steps(&self, state: &State, actions: &mut Vec<Action>) {
        let is_locked = state.processes.iter().any(|process| !process.transaction.is_empty());
        for process in indices(&state.processes) {
            let it = &state.processes[usize::from(process)];
            let may_begin =
                if self.bug == Bug::NoLock { it.transaction.is_empty() } else { !is_locked };
            if !it.queue.is_empty() && may_begin {
                actions.push(Action::Begin(process));
            }
            if !it.transaction.is_empty() {
                actions.push(Action::Commit(process));
            }
            if self.next_published(state, process).is_some() {
                actions.push(Action::Publish(process));
            }
        }
    }

    /// Finds the row that a process's feed publishes next.
    fn next_published<'a>(&self, state: &'a State, process: u8) -> Option<&'a Row> {
        let feed = state.processes[usize::from(process)].feed;
        let mut ahead = state.rows.iter().filter(|row| row.seq > feed);
        match self.bug {
            Bug::NoPoll => ahead.find(|row| row.by == process),
            _ => ahead.min_by_key(|row| row.seq),
        }
    }

    fn subscriber_steps(&self, state: &State, actions: &mut Vec<Action>) {
        for subscriber in indices(&state.subscribers) {
            let it = &state.subscribers[usize::from(subscriber)];
            match it.process {
                None => {
                    actions.extend(
                        indices(&state.processes).map(|p| Action::Subscribe(subscriber, p)),
                    );
                }
                Some(process) => {
                    let feed = state.processes[usize::from(process)].feed;
                    if it.position < feed && it.buffer.len() < self.limits.buffer_max {
                        actions.push(Action::CatchUp(subscriber));
                    }
                    if !it.buffer.is_empty() {
                        actions.push(Action::Read(subscriber));
                    }
                }
            }
        }
    }

    /// Begins a transaction: what is stored already keeps its `seq`, the rest gets the next ones.
    fn begin(&self, state: &mut State, process: u8) {
        let queue = std::mem::take(&mut state.processes[usize::from(process)].queue);
        let mut last = if self.bug == Bug::NoLock { state.counter } else { state.last_seq() };
        let mut transaction: Vec<Entry> = Vec::with_capacity(queue.len());
        for (sender, message) in queue {
            let stored = state.stored(sender, message).map(|row| row.seq);
            let mut batch =
                transaction.iter().filter(|e| e.sender == sender && e.message == message);
            let known = stored.or_else(|| batch.next().map(|entry| entry.seq));
            let known = known.filter(|_| self.bug != Bug::NoDedupe);
            last += u8::from(known.is_none());
            let (seq, repeated) = (known.unwrap_or(last), known.is_some());
            transaction.push(Entry { sender, message, seq, repeated });
        }
        if self.bug == Bug::NoLock {
            state.counter = last;
        }
        if self.bug == Bug::AckBeforeCommit {
            self.acknowledge(state, process, &transaction);
        }
        state.processes[usize::from(process)].transaction = transaction;
    }

    /// Makes a transaction durable and visible at once, then acknowledges.
    fn commit(&self, state: &mut State, process: u8) {
        let transaction = std::mem::take(&mut state.processes[usize::from(process)].transaction);
        for &Entry { sender, message, seq, repeated } in &transaction {
            // The database's own unique index holds even where the lock is forgotten.
            let unique = self.bug == Bug::NoDedupe || state.stored(sender, message).is_none();
            if !repeated && unique {
                let by = if self.bug.needs_origin() { process } else { 0 };
                state.rows.push(Row { seq, sender, message, by });
                if self.bug == Bug::PublishOwnFirst {
                    self.send_on(state, process, seq);
                }
            }
        }
        if self.bug != Bug::AckBeforeCommit {
            self.acknowledge(state, process, &transaction);
        }
    }

    /// Acknowledges to those senders that are still connected here.
    fn acknowledge(&self, state: &mut State, process: u8, entries: &[Entry]) {
        for &Entry { sender, message, seq, repeated } in entries {
            let connected = state.senders[usize::from(sender)].process == Some(process);
            if connected && !(repeated && self.bug == Bug::NoAckForRepeats) {
                state.put(Frame::Ack { sender, message, seq });
            }
        }
    }

    fn publish(&self, state: &mut State, process: u8) {
        let Some(seq) = self.next_published(state, process).map(|row| row.seq) else { return };
        state.processes[usize::from(process)].feed = seq;
        self.send_on(state, process, seq);
    }

    /// Sends an event to the subscribers of a process that wait for exactly this one. Those that
    /// are behind catch up from the database; those that are ahead have seen it elsewhere.
    fn send_on(&self, state: &mut State, process: u8, seq: u8) {
        for subscriber in &mut state.subscribers {
            let waits = match self.bug {
                Bug::NoSkip => true,
                Bug::PublishOwnFirst => subscriber.position < seq,
                _ => subscriber.position + 1 == seq,
            };
            if subscriber.process != Some(process) || !waits {
                continue;
            }
            if subscriber.buffer.len() < self.limits.buffer_max || self.bug == Bug::NoCutOff {
                subscriber.buffer.push(seq);
                subscriber.position = seq;
            } else {
                cut_off(subscriber);
            }
        }
    }

    fn subscribe(&self, state: &mut State, subscriber: u8, process: u8) {
        let it = &state.subscribers[usize::from(subscriber)];
        let after = it.delivered.last().copied().unwrap_or(0);
        let since = match self.bug {
            Bug::ResumeByClock => state.rows.iter().find(|row| row.seq == after).map_or(0, clock),
            _ => 0,
        };
        let it = &mut state.subscribers[usize::from(subscriber)];
        it.process = Some(process);
        it.since = since;
        it.position = after;
    }

    fn catch_up(&self, state: &mut State, subscriber: u8) {
        let it = &mut state.subscribers[usize::from(subscriber)];
        let missed = state.rows.iter().filter(|row| row.seq > it.position);
        let missed = missed.filter(|row| it.since == 0 || clock(row) > it.since);
        match missed.map(|row| row.seq).min() {
            Some(seq) => {
                it.buffer.push(seq);
                it.position = seq;
            }
            // Nothing is newer by the clock; the rest comes from the feed.
            None => it.position = state.rows.iter().map(|row| row.seq).max().unwrap_or(0),
        }
    }
}

fn arrive(state: &mut State, frame: Frame) {
    take(state, frame);
    match frame {
        Frame::Send { sender, message } => {
            if let Some(process) = state.senders[usize::from(sender)].process {
                state.processes[usize::from(process)].queue.push((sender, message));
            }
        }
        Frame::Ack { sender, message, seq } => {
            let sender = &mut state.senders[usize::from(sender)];
            let known = sender.acknowledged[usize::from(message)].get_or_insert(seq);
            sender.contradicted |= *known != seq;
        }
    }
}

/// Loses what a process held in memory, and its connections. It starts again with its feed at the
/// end of the log: what subscribers miss they get by catching up.
fn crash(state: &mut State, process: u8) {
    state.crashes -= 1;
    let feed = state.last_seq();
    state.processes[usize::from(process)] = Process { feed, ..Process::default() };
    for sender in indices(&state.senders) {
        if state.senders[usize::from(sender)].process == Some(process) {
            cut_sender(state, sender);
        }
    }
    state.subscribers.iter_mut().filter(|s| s.process == Some(process)).for_each(cut_off);
}

fn cut_sender(state: &mut State, sender: u8) {
    state.senders[usize::from(sender)].process = None;
    state.frames.retain(|frame| frame.sender() != sender);
}

fn cut_off(subscriber: &mut Subscriber) {
    subscriber.process = None;
    subscriber.buffer.clear();
    subscriber.position = 0;
    subscriber.since = 0;
}

fn take(state: &mut State, frame: Frame) {
    if let Some(at) = state.frames.iter().position(|other| *other == frame) {
        state.frames.remove(at);
    }
}

/// Lists the frames in flight, equal ones once.
fn kinds(state: &State) -> impl Iterator<Item = Frame> {
    let frames = &state.frames;
    (0..frames.len()).filter(|&i| i == 0 || frames[i] != frames[i - 1]).map(|i| frames[i])
}

fn indices<T>(items: &[T]) -> impl Iterator<Item = u8> + use<T> {
    (0u8..).take(items.len())
}

/// Reads the time that a row was stamped with: two clocks that do not agree.
fn clock(row: &Row) -> u8 {
    const { assert!(PROCESSES == 2, "one clock is right and one is ahead") };
    if row.by == 0 { row.seq + CLOCK_AHEAD } else { row.seq }
}
