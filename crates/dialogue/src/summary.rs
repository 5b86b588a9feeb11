//! Tells an agent in four lines what happened before the handoff.
//!
//! The words are the desk's own, not the bot's: an agent reads them, not the contact.

use crate::text::excerpt;
use crate::{Detail, Language, Reason, Script, State};

/// How many characters of the contact's last words are quoted.
pub const LAST_WORDS_MAX: usize = 80;
/// How many lines a summary has at most.
pub const SUMMARY_LINES_MAX: usize = 4;

/// How many characters of a title are quoted.
const TITLE_MAX: usize = 30;

/// Why a conversation goes to a person, as far as a summary tells.
#[derive(Clone, Copy)]
pub(crate) struct Why {
    pub(crate) reason: Reason,
    /// Whether the contact is angry for some messages already.
    pub(crate) lasting: bool,
}

/// Sums up the conversation so far for the agent who takes it.
pub(crate) fn summary(
    script: &Script,
    state: &State,
    language: Language,
    last_words: &str,
    why: Why,
) -> String {
    let mut lines = Vec::with_capacity(SUMMARY_LINES_MAX);
    lines.extend(asked(script, state, language));
    lines.extend(named(state, language));
    lines.extend(said(language, last_words));
    lines.push(because(state, language, why));
    lines.join("\n")
}

fn asked(script: &Script, state: &State, language: Language) -> Option<String> {
    let titles: Vec<String> = state
        .recent
        .iter()
        .filter_map(|intent| script.answer(intent, language))
        .map(|answer| excerpt(&answer.title, TITLE_MAX))
        .collect();
    if titles.is_empty() {
        return None;
    }
    Some(match language {
        Language::Zh => format!("咨询过：{}", titles.join("、")),
        Language::En => format!("Asked about: {}", titles.join(", ")),
    })
}

fn named(state: &State, language: Language) -> Option<String> {
    if state.details.is_empty() {
        return None;
    }
    let named = |detail: &Detail| match name(&detail.kind, language) {
        Some(name) => format!("{name} {}", detail.text),
        None => detail.text.clone(),
    };
    let details: Vec<String> = state.details.iter().map(named).collect();
    Some(match language {
        Language::Zh => format!("提到：{}", details.join("、")),
        Language::En => format!("Mentioned: {}", details.join(", ")),
    })
}

/// The word for a kind of detail; what a trainer listed speaks for itself.
fn name(kind: &str, language: Language) -> Option<&'static str> {
    let known = match kind {
        "order_number" => ("订单号", "order"),
        "phone" => ("电话", "telephone"),
        "email" => ("邮箱", "e-mail"),
        "money" => ("金额", "amount"),
        "date" | "date_time" => ("日期", "date"),
        "time" => ("时间", "time"),
        "id_card" => ("身份证", "ID card"),
        "bank_card" => ("银行卡", "bank card"),
        _ => return None,
    };
    Some(match language {
        Language::Zh => known.0,
        Language::En => known.1,
    })
}

fn said(language: Language, last_words: &str) -> Option<String> {
    let words = excerpt(last_words, LAST_WORDS_MAX);
    if words.is_empty() {
        return None;
    }
    Some(match language {
        Language::Zh => format!("最后说：“{words}”"),
        Language::En => format!("Last words: “{words}”"),
    })
}

fn because(state: &State, language: Language, Why { reason, lasting }: Why) -> String {
    let reason = match (language, reason) {
        (Language::Zh, Reason::Asked) => "转人工原因：对方要求人工",
        (Language::Zh, Reason::Lost) => "转人工原因：机器人帮不上",
        (Language::Zh, Reason::Angry) if lasting => "转人工原因：对方接连几条消息都有怒气",
        (Language::Zh, Reason::Angry) => "转人工原因：对方情绪激动",
        (Language::Zh, Reason::BotFailed) => "转人工原因：机器人故障",
        (Language::En, Reason::Asked) => "Handed over because: asked for a person",
        (Language::En, Reason::Lost) => "Handed over because: the bot could not help",
        (Language::En, Reason::Angry) if lasting => {
            "Handed over because: the contact has been angry for several messages"
        }
        (Language::En, Reason::Angry) => "Handed over because: the contact is angry",
        (Language::En, Reason::BotFailed) => "Handed over because: the bot failed",
    };
    let misses = match (language, state.misses) {
        (_, 0) => return reason.to_owned(),
        (Language::Zh, misses) => format!("没有听懂 {misses} 次"),
        (Language::En, 1) => "lost once".to_owned(),
        (Language::En, misses) => format!("lost {misses} times"),
    };
    match language {
        Language::Zh => format!("{reason}（{misses}）"),
        Language::En => format!("{reason} ({misses})"),
    }
}
