//! A turn of the bot: what was understood goes into the dialogue engine, and
//! what it decides becomes messages and changes of the conversation.

use dialogue::{Action, Hours, Reason, State, Turn};
use domain::{
    Activity, Conversation, EventKind, HandoffReason, Language, Message, News, Opening, QuickReply,
    Result, Status,
};
use jiff::{Timestamp, Zoned};
use store::Tx;

use crate::activity::{self, spoken};
use crate::bot::Bot;
use crate::incoming::Incoming;
use crate::mood;

/// What a turn adds to a thread.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) messages: Vec<Message>,
    pub(crate) news: Vec<News>,
}

/// Lets the bot answer a message, if the conversation is the bot's; where the
/// inbox wants a bot and none works, the conversation goes to the people.
pub(crate) fn take(
    tx: &Tx,
    conversation: &mut Conversation,
    incoming: &Incoming,
    bot: Option<&Bot>,
    now: Timestamp,
) -> Result<Said> {
    if conversation.status != Status::Bot {
        return Ok(Said::default());
    }
    let mut said = Said::default();
    let Some(bot) = bot else {
        hand_off(tx, conversation, None, HandoffReason::BotFailed, String::new(), now, &mut said)?;
        return Ok(said);
    };
    let understood = &incoming.understood;
    let state = read_state(conversation);
    let language =
        understood.language.or(state.language.map(written)).unwrap_or(conversation.language);
    let turn = Turn {
        text: &incoming.text,
        language: understood.language.map(spoken),
        quick_reply: incoming.quick_reply.as_deref(),
        intents: &understood.intents,
        anger: understood.emotions.anger,
        lasting_anger: mood::lasting_anger(conversation.mood),
        details: &incoming.told.details,
        quoted: incoming.told.quoted.as_deref(),
        failed: understood.failed,
        hours: hours(&incoming.inbox.hours.opening(now), language),
    };
    let (state, actions) = dialogue::step(&bot.script, &state, &turn, now);
    conversation.language = state.language.map_or(language, written);
    conversation.bot_state = serde_json::to_string(&state).map_err(domain::Error::internal)?;
    for action in actions {
        match action {
            Action::Say { text, quick_replies, intent } => {
                if intent.is_some() {
                    conversation.intent = intent;
                }
                let quick_replies = quick_replies.into_iter().map(offered).collect();
                let answer = activity::answer(tx, conversation, text, quick_replies, now)?;
                said.messages.push(answer);
            }
            Action::HandOff { reason, summary } => {
                let reason = handoff_reason(reason);
                hand_off(tx, conversation, Some(bot), reason, summary, now, &mut said)?;
            }
        }
    }
    Ok(said)
}

fn hand_off(
    tx: &Tx,
    conversation: &mut Conversation,
    bot: Option<&Bot>,
    reason: HandoffReason,
    summary: String,
    now: Timestamp,
    said: &mut Said,
) -> Result<()> {
    if conversation.hand_off(reason, summary, now).is_none() {
        return Ok(());
    }
    said.messages.push(activity::line(tx, conversation, bot, Activity::HandedOff, "", now)?);
    said.news.push(News::of(EventKind::ConversationHandedOff, conversation.id));
    Ok(())
}

/// What the bot remembers of a conversation. A state that cannot be read, from
/// a release that wrote it otherwise, is forgotten rather than failed on.
fn read_state(conversation: &Conversation) -> State {
    match conversation.bot_state.as_str() {
        "" => State::in_language(spoken(conversation.language)),
        text => serde_json::from_str(text)
            .unwrap_or_else(|_| State::in_language(spoken(conversation.language))),
    }
}

fn hours(opening: &Opening, language: Language) -> Hours {
    match opening {
        Opening::Open => Hours::Open,
        Opening::Closed(opens_at) => {
            Hours::Closed { opens_at: opens_at.as_ref().map(|at| time_in_words(at, language)) }
        }
    }
}

/// A time of the coming days as people say it.
fn time_in_words(at: &Zoned, language: Language) -> String {
    let pattern = match language {
        Language::Zh => "%-m月%-d日 %H:%M",
        Language::En => "%A %-d %B, %H:%M",
    };
    at.strftime(pattern).to_string()
}

fn offered(reply: dialogue::QuickReply) -> QuickReply {
    QuickReply { title: reply.title, value: reply.value }
}

fn written(language: dialogue::Language) -> Language {
    match language {
        dialogue::Language::Zh => Language::Zh,
        dialogue::Language::En => Language::En,
    }
}

fn handoff_reason(reason: Reason) -> HandoffReason {
    match reason {
        Reason::Asked => HandoffReason::Asked,
        Reason::Lost => HandoffReason::Lost,
        Reason::Angry => HandoffReason::Angry,
        Reason::BotFailed => HandoffReason::BotFailed,
    }
}
