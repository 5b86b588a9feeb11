//! Gathers what the bot should learn from: follows the event logs, asks the release
//! in use (and one that is tried beside it) what it makes of what contacts said, and
//! fills the review queue.
//!
//! Nobody waits for it, and it decides nothing: it looks once a second, does little
//! while the desk has much to do, and what it finds is for a trainer. The path of a
//! message knows nothing of it.

mod trial;

use std::collections::HashMap;
use std::time::Duration;

use domain::{
    Account, Activity, Conversation, Error, Event, EventKind, HandoffReason, Id, Message,
    MessageKind, Result, ReviewItem, ReviewReason, ReviewState, SenderKind, usefulness,
};
use sha2::{Digest as _, Sha256};
use store::{Reader, Tx, conversation, event, follower, message, review};
use tokio_util::sync::CancellationToken;

use crate::Desk;
use crate::bot::Bot;
use crate::clock::every;
use crate::load::Load;

/// The name of this follower of the logs.
const NAME: &str = "learning";
/// How often to look for what is new.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many events are dealt with in one transaction, and how many transactions
/// follow each other before the next account has its turn.
const EVENTS_MAX: u64 = 200;
const BATCHES_MAX: usize = 16;
/// Below this probability the bot was not sure: of a hundred answers given at 0.7,
/// about thirty are wrong.
pub(crate) const SURE_FROM: f32 = 0.7;
/// From this score down, a contact was not content.
const BAD_SCORE_MAX: i16 = 2;
/// How many messages of a badly rated conversation are queued, and how far back they
/// are looked for.
const BAD_MESSAGES_MAX: usize = 3;
const THREAD_MAX: u64 = 50;
/// How many messages the bot adds to a thread in one turn, at most.
const ACTS_MAX: i64 = 4;
/// How many items wait for a decision at most, and how many decided ones are kept.
const OPEN_MAX: u64 = 5_000;
const DECIDED_MAX: u64 = 20_000;

/// Something that a contact said, and why a trainer should look at it.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) reason: ReviewReason,
    pub(crate) suggested: Option<String>,
    pub(crate) message: Message,
}

/// A place in a thread.
type Place = (Id<Conversation>, i64);

/// A turn of the bot: what a contact said, and whether it led to a person.
#[derive(Clone, Debug)]
struct BotTurn {
    message: Message,
    handed_off: bool,
}

/// Runs until `shutdown`.
pub(crate) async fn run(desk: &Desk, shutdown: CancellationToken) {
    let mut look = every(LOOK_EVERY);
    let mut load = Load::default();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = look.tick() => {}
        }
        if let Err(error) = catch_up(desk, &mut load, &shutdown).await {
            tracing::warn!(%error, "the review queue could not be filled; it lags behind");
        }
    }
}

async fn catch_up(desk: &Desk, load: &mut Load, shutdown: &CancellationToken) -> Result<()> {
    let nobody = desk.read(Account::NOBODY);
    let behind = follower::list_behind(&nobody, NAME).await?;
    if behind.is_empty() {
        load.forget();
        return Ok(());
    }
    let batches = if load.look(&nobody).await? { 1 } else { BATCHES_MAX };
    for account in behind {
        for _ in 0..batches {
            if shutdown.is_cancelled() || !batch(desk, account).await? {
                break;
            }
        }
    }
    Ok(())
}

/// Deals with the next few events of an account, and tells whether there are more.
async fn batch(desk: &Desk, account: Id<Account>) -> Result<bool> {
    let reader = desk.read(account);
    let cursor = follower::cursor(&reader, NAME).await?;
    let events = event::list_after(&reader, cursor, EVENTS_MAX).await?;
    let Some(last) = events.last().map(|event| event.cursor) else { return Ok(false) };
    let bot = match desk.bot_in_use(account).await {
        Ok(bot) => bot,
        // Said in the log where it was tried; there is nothing to compare with.
        Err(Error::Refused(_) | Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let mut drafts = Vec::new();
    let mut outcome = None;
    if let Some(bot) = bot {
        let turns = turns(&reader, &events).await?;
        outcome = trial::try_beside(desk, account, &bot, &turns).await?;
        for heard in heard(&reader, &events, turns).await? {
            drafts.extend(draft(desk, Some(&bot), heard).await.filter(is_worth_it));
        }
    }
    let taken_back = taken_back(&events);
    let is_full = events.len() as u64 == EVENTS_MAX;
    let write = move |tx: Tx| async move {
        // Another process may have been here: nothing is counted twice.
        if follower::cursor(&tx, NAME).await? != cursor {
            return Ok(());
        }
        note(&tx, drafts).await?;
        if let Some(outcome) = outcome {
            trial::keep(&tx, outcome).await?;
        }
        for (conversation, seq) in taken_back {
            review::forget_message(&tx, conversation, seq).await?;
            store::trial::forget_message(&tx, conversation, seq).await?;
        }
        follower::advance(&tx, NAME, last).await
    };
    desk.parts.store.write(account, write).await?;
    Ok(is_full)
}

/// The messages that the bot dealt with. What it did stands right behind each, for
/// both were committed together.
async fn turns(reader: &Reader, events: &[Event]) -> Result<Vec<BotTurn>> {
    let said = events.iter().filter(|event| event.kind == EventKind::MessageCreated);
    let said: Vec<Place> =
        said.filter_map(|event| Some((event.conversation?, event.subject))).collect();
    let mut found = find(reader, said.clone()).await?;
    // Of the last commit, what the bot did may stand behind the end.
    let last = events.last().map(|event| event.created_at);
    let cut = found.values().filter(|message| Some(message.created_at) == last && is_said(message));
    let behind: Vec<Place> = cut
        .flat_map(|message| behind_of((message.conversation, message.seq)))
        .filter(|at| !found.contains_key(at))
        .collect();
    found.extend(find(reader, behind).await?);
    let turn = |at: &Place| {
        let message = found.get(at).filter(|message| is_said(message))?;
        let next = behind_of(*at).map_while(|at| found.get(&at));
        let handed_off = handed_off(message, next)?;
        Some(BotTurn { message: message.clone(), handed_off })
    };
    Ok(said.iter().filter_map(turn).collect())
}

async fn find(reader: &Reader, mut places: Vec<Place>) -> Result<HashMap<Place, Message>> {
    places.sort_unstable();
    places.dedup();
    let found = message::find_many(reader, places.into_iter()).await?;
    Ok(found.into_iter().map(|message| ((message.conversation, message.seq), message)).collect())
}

/// The places behind a message in which the bot may have done something about it.
fn behind_of((thread, seq): Place) -> impl Iterator<Item = Place> {
    (seq + 1..=seq + ACTS_MAX).map(move |seq| (thread, seq))
}

/// Whether a contact said something in words.
pub(crate) fn is_said(message: &Message) -> bool {
    message.sender.kind == SenderKind::Contact
        && message.kind == MessageKind::Text
        && !message.retracted
        && !message.text.is_empty()
}

/// Whether the bot handed over (`true`) or answered (`false`) what a contact said;
/// `None` if it did neither. What it does has the time of what was said; what an
/// agent does later has not.
fn handed_off<'a>(said: &Message, next: impl Iterator<Item = &'a Message>) -> Option<bool> {
    let acts = next.take_while(|act| {
        act.created_at == said.created_at && act.sender.kind != SenderKind::Contact
    });
    let mut answered = None;
    for act in acts {
        match act.kind {
            MessageKind::Activity(Activity::HandedOff) => return Some(true),
            MessageKind::Text if act.sender.kind == SenderKind::Bot => answered = Some(false),
            _ => {}
        }
    }
    answered
}

/// What of the events a trainer may learn something from.
async fn heard(reader: &Reader, events: &[Event], turns: Vec<BotTurn>) -> Result<Vec<Heard>> {
    let mut heard = Vec::new();
    let handed_off =
        turns.iter().filter(|turn| turn.handed_off).map(|turn| turn.message.conversation);
    let rated = events.iter().filter(|event| event.kind == EventKind::ConversationRated);
    let rated: Vec<_> = rated.filter_map(|event| event.conversation).collect();
    let mut named: Vec<_> = handed_off.chain(rated.iter().copied()).collect();
    named.sort_unstable();
    named.dedup();
    let threads: HashMap<Id<Conversation>, Conversation> = conversation::find_many(reader, named)
        .await?
        .into_iter()
        .map(|thread| (thread.id, thread))
        .collect();
    for turn in turns {
        match (turn.handed_off, threads.get(&turn.message.conversation)) {
            (true, Some(thread)) => heard.extend(led_to_a_person(reader, thread, turn).await?),
            _ => heard.push(because(ReviewReason::Uncertain, turn.message)),
        }
    }
    for thread in rated.iter().filter_map(|id| threads.get(id)) {
        if thread.rating.is_some_and(|score| score <= BAD_SCORE_MAX) {
            heard.extend(badly_rated(reader, thread).await?);
        }
    }
    Ok(heard)
}

/// What led to a person: where one was asked for, what was said before that.
async fn led_to_a_person(
    reader: &Reader,
    thread: &Conversation,
    turn: BotTurn,
) -> Result<Option<Heard>> {
    let asked =
        thread.handoff.as_ref().is_some_and(|handoff| handoff.reason == HandoffReason::Asked);
    if !asked {
        return Ok(Some(because(ReviewReason::HandedOff, turn.message)));
    }
    let before = message::list_before(reader, thread.id, turn.message.seq, THREAD_MAX).await?;
    Ok(of_the_bot(&before).pop().map(|message| because(ReviewReason::HandedOff, message)))
}

/// The last messages that the bot answered in a conversation that did not please.
async fn badly_rated(reader: &Reader, thread: &Conversation) -> Result<Vec<Heard>> {
    let before = message::list_before(reader, thread.id, thread.last_seq + 1, THREAD_MAX).await?;
    let last = of_the_bot(&before).into_iter().rev().take(BAD_MESSAGES_MAX);
    Ok(last.map(|message| because(ReviewReason::BadlyRated, message)).collect())
}

/// Those messages of a part of a thread that the bot answered, in order.
fn of_the_bot(thread: &[Message]) -> Vec<Message> {
    let answered = (0..thread.len()).filter(|&at| {
        is_said(&thread[at]) && handed_off(&thread[at], thread[at + 1..].iter()) == Some(false)
    });
    answered.map(|at| thread[at].clone()).collect()
}

fn because(reason: ReviewReason, message: Message) -> Heard {
    Heard { reason, suggested: None, message }
}

/// Asks the bot what it makes of a message, for the queue; `None` if there is
/// nothing in it to learn.
pub(crate) async fn draft(desk: &Desk, bot: Option<&Bot>, heard: Heard) -> Option<ReviewItem> {
    let Heard { reason, suggested, message } = heard;
    let text_hash = bare_hash(&message.text)?;
    let understood = match bot {
        Some(bot) => bot.understand(&message.text, desk.bot_time_max()).await,
        None => crate::Understood::default(),
    };
    let (predicted, probability) = understood.intents.into_iter().next().unwrap_or_default();
    Some(ReviewItem {
        // Drawn when it is noted.
        id: Id::new(0),
        text_hash,
        conversation: message.conversation,
        seq: message.seq,
        language: understood.language.unwrap_or(domain::Language::Zh),
        text: message.text,
        reason,
        predicted,
        probability,
        release: bot.and_then(|bot| bot.release),
        suggested,
        seen: 1,
        usefulness: usefulness(reason, probability, 1),
        state: ReviewState::Open,
        decided_intent: None,
        decided_by: None,
        decided_at: None,
        first_seen_at: message.created_at,
        last_seen_at: message.created_at,
    })
}

/// What the bot was sure of, and nobody complained about, teaches nothing.
fn is_worth_it(item: &ReviewItem) -> bool {
    item.reason != ReviewReason::Uncertain || item.probability < SURE_FROM
}

/// A hash of a text without case, width, spaces and punctuation; `None` if nothing is
/// left of it, or if it is too long for an example.
fn bare_hash(text: &str) -> Option<Vec<u8>> {
    let bare: String = nlu::text::normalise(text).chars().filter(|c| c.is_alphanumeric()).collect();
    let is_usable = bare.chars().any(char::is_alphabetic)
        && text.chars().count() <= nlu::data::EXAMPLE_CHARS_MAX;
    is_usable.then(|| Sha256::digest(bare.as_bytes()).to_vec())
}

/// Puts drafts into the queue. The same text is one item, however often it is said, and a
/// message is counted once, for however many reasons it is noted.
pub(crate) async fn note(tx: &Tx, drafts: Vec<ReviewItem>) -> Result<()> {
    if drafts.is_empty() {
        return Ok(());
    }
    let hashes = drafts.iter().map(|draft| draft.text_hash.clone());
    let known = review::find_by_texts(tx, hashes.collect::<Vec<_>>()).await?;
    let mut items: HashMap<Vec<u8>, ReviewItem> =
        known.into_iter().map(|item| (item.text_hash.clone(), item)).collect();
    let places: Vec<_> = drafts.iter().map(|draft| (draft.conversation, draft.seq)).collect();
    let mut counted = review::find_sightings(tx, places.into_iter()).await?;
    let mut sightings = Vec::new();
    for mut draft in drafts {
        let place = (draft.conversation, draft.seq);
        let is_new = counted.insert(place);
        draft.seen = i64::from(is_new);
        let id = match items.get_mut(&draft.text_hash) {
            Some(item) => {
                item.see_again(draft);
                item.id
            }
            None => {
                let item = ReviewItem { id: tx.id()?, seen: 1, ..draft };
                let id = item.id;
                items.insert(item.text_hash.clone(), item);
                id
            }
        };
        if is_new {
            sightings.push((id, place));
        }
    }
    let items: Vec<ReviewItem> = items.into_values().collect();
    review::save_many(tx, &items).await?;
    review::add_sightings(tx, &sightings).await?;
    review::prune(tx, OPEN_MAX, DECIDED_MAX).await
}

/// The places of what was taken back.
fn taken_back(events: &[Event]) -> Vec<(Id<Conversation>, i64)> {
    let retracted = events.iter().filter(|event| event.kind == EventKind::MessageRetracted);
    retracted.filter_map(|event| Some((event.conversation?, event.subject))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_dress_only_are_the_same() {
        let hash = |text: &str| bare_hash(text).unwrap();

        assert_eq!(hash("我要退款"), hash(" 我要 退款！！"));
        assert_eq!(hash("Where is my parcel?"), hash("ＷＨＥＲＥ is my parcel"));
        assert_ne!(hash("我要退款"), hash("我不要退款"));
        for nothing in ["", "？？", "12345", "👍", &"长".repeat(1_001)] {
            assert_eq!(bare_hash(nothing), None, "{nothing}");
        }
    }
}
