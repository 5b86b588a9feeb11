//! What the bot and the product itself say in a thread: answers, and activity
//! lines, which are public facts as sentences in the thread's language.

use dialogue::Sentence;
use domain::{
    Activity, Conversation, Language, Message, MessageKind, Phrase, QuickReply, Result, Sender,
};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use store::Tx;

use crate::Bot;

/// Makes the next line of a thread that says what happened, in the words of the
/// account's bot, or in ours if there is no bot. `value` is the agent's name or
/// the score, where one is said.
pub(crate) fn line(
    tx: &Tx,
    conversation: &mut Conversation,
    bot: Option<&Bot>,
    activity: Activity,
    value: &str,
    now: Timestamp,
) -> Result<Message> {
    let text = sentence(bot, activity, conversation.language, value);
    say(tx, conversation, MessageKind::Activity(activity), text, Vec::new(), now)
}

/// Makes the next message of a thread that the bot says.
pub(crate) fn answer(
    tx: &Tx,
    conversation: &mut Conversation,
    text: String,
    quick_replies: Vec<QuickReply>,
    now: Timestamp,
) -> Result<Message> {
    say(tx, conversation, MessageKind::Text, text, quick_replies, now)
}

fn sentence(bot: Option<&Bot>, activity: Activity, language: Language, value: &str) -> String {
    let sentence = match activity {
        Activity::HandedOff => Sentence::HandedOff,
        Activity::Assigned => Sentence::Assigned,
        Activity::Resolved => Sentence::Resolved,
        Activity::Reopened => Sentence::Reopened,
        Activity::Rated => Sentence::Rated,
        Activity::OutOfHours => Sentence::OutOfHours,
        Activity::Retracted => Sentence::Retracted,
    };
    match bot {
        Some(bot) => bot.script.sentence_with(sentence, spoken(language), value),
        None => plain(activity, language).replace("{}", value),
    }
}

/// The sentences of a desk without a bot.
fn plain(activity: Activity, language: Language) -> &'static str {
    match (activity, language) {
        (Activity::HandedOff, Language::Zh) => "已转接人工客服",
        (Activity::HandedOff, Language::En) => "A person has been asked to take over",
        (Activity::Assigned, Language::Zh) => "{}为您服务",
        (Activity::Assigned, Language::En) => "{} has joined",
        (Activity::Resolved, Language::Zh) => "本次会话已结束",
        (Activity::Resolved, Language::En) => "This conversation was resolved",
        (Activity::Reopened, Language::Zh) => "会话已重新开始",
        (Activity::Reopened, Language::En) => "This conversation goes on",
        (Activity::Rated, Language::Zh) => "已评价：{} 分（满分 5 分）",
        (Activity::Rated, Language::En) => "Rated {} of 5",
        (Activity::OutOfHours, Language::Zh) => {
            "现在是非工作时间，您的留言已保存，上班后会尽快回复"
        }
        (Activity::OutOfHours, Language::En) => {
            "Nobody is here right now. Your message is kept and will be answered"
        }
        (Activity::Retracted, Language::Zh) => "撤回了一条消息",
        (Activity::Retracted, Language::En) => "A message was taken back",
    }
}

/// The dialogue engine's name for a language.
pub(crate) fn spoken(language: Language) -> dialogue::Language {
    match language {
        Language::Zh => dialogue::Language::Zh,
        Language::En => dialogue::Language::En,
    }
}

/// Makes the next message of a thread. Its wording is kept as a phrase, however
/// often it is said.
fn say(
    tx: &Tx,
    conversation: &mut Conversation,
    kind: MessageKind,
    text: String,
    quick_replies: Vec<QuickReply>,
    now: Timestamp,
) -> Result<Message> {
    let id = tx.id()?;
    let sender = match kind {
        MessageKind::Text => Sender::BOT,
        MessageKind::Activity(_) => Sender::SYSTEM,
    };
    let seq = conversation.next_seq();
    conversation.said(&text, sender.kind, now);
    Ok(Message {
        id,
        conversation: conversation.id,
        seq,
        kind,
        sender,
        phrase: Some(phrase_id(&text, &quick_replies)),
        text,
        quick_replies,
        target_seq: None,
        retracted: false,
        client_id: None,
        attachments: Vec::new(),
        created_at: now,
    })
}

/// The phrases that messages name, each once.
pub(crate) fn phrases<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Vec<Phrase> {
    let mut speakers: Vec<(i64, &Message)> =
        messages.into_iter().filter_map(|message| Some((message.phrase?, message))).collect();
    speakers.sort_by_key(|(phrase, _)| *phrase);
    speakers.dedup_by_key(|(phrase, _)| *phrase);
    let phrases = speakers.into_iter().map(|(id, message)| {
        let (text, quick_replies) = (message.text.clone(), message.quick_replies.clone());
        Phrase { id, text, quick_replies }
    });
    phrases.collect()
}

/// Names a wording by its content.
fn phrase_id(text: &str, quick_replies: &[QuickReply]) -> i64 {
    let mut hash = Sha256::new_with_prefix(text.as_bytes());
    for reply in quick_replies {
        hash.update([0]);
        hash.update(&reply.title);
        hash.update([0]);
        hash.update(&reply.value);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    i64::from_le_bytes(bytes[..8].try_into().expect("eight of thirty-two bytes")) & i64::MAX
}
