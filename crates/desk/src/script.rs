//! Reading a bot's script, `bot.yml`, with its answers from the intents' files.
//!
//! What a script means is the matter of `dialogue`; here is only where it lies, and how a mistake
//! in it is told to whoever wrote it.

use std::path::Path;

use dialogue::{Answer, AnswerAction, Script};

use crate::bot_error::BotError;

/// From this likeness on, one key may have been meant by another.
const LIKE_MIN: f64 = 0.7;

/// Reads the script in a bot's folder, whose intents are read already.
pub(crate) fn read(folder: &Path, data: &nlu::BotData) -> Result<Script, BotError> {
    let path = folder.join("bot.yml");
    let explain =
        |error: &dyn std::fmt::Display| BotError::Files(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|error| explain(&error))?;
    let mut script: Script = serde_norway::from_str(&text)
        .map_err(|error| explain(&with_nearest_key(error.to_string())))?;
    for intent in &data.intents {
        let answer = Answer {
            title: intent.title.clone(),
            answer: intent.answer.trim_end().to_owned(),
            quick_replies: intent.quick_replies.clone(),
            action: intent.action.map(|nlu::Action::Handoff| AnswerAction::Handoff),
        };
        script.add(intent.intent.clone(), spoken(intent.language), answer);
    }
    match script.check().as_slice() {
        [] => Ok(script),
        mistakes => {
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Err(explain(&mistakes.join("; ")))
        }
    }
}

fn spoken(language: nlu::Language) -> dialogue::Language {
    match language {
        nlu::Language::Zh => dialogue::Language::Zh,
        nlu::Language::En => dialogue::Language::En,
    }
}

/// Adds to the reader's complaint about an unknown key, or an unknown word, which of those that it
/// lists is most like it.
pub(crate) fn with_nearest_key(complaint: String) -> String {
    // "unknown field `a`, expected one of `b`, `c` at line 1 column 2"
    let mut quoted = complaint.split('`').skip(1).step_by(2);
    let nearest = match quoted.next() {
        Some(written) if complaint.contains("unknown ") => {
            let like = quoted.map(|known| (strsim::jaro_winkler(written, known), known));
            like.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(like, _)| *like >= LIKE_MIN)
        }
        _ => None,
    };
    match nearest {
        Some((_, known)) => format!("{complaint}; did you mean `{known}`?"),
        None => complaint,
    }
}

#[cfg(test)]
mod tests {
    use dialogue::Understanding;

    use super::*;

    fn complaint(section: &str) -> String {
        let error = serde_norway::from_str::<Understanding>(section).unwrap_err();
        with_nearest_key(error.to_string())
    }

    #[test]
    fn a_slip_of_the_pen_is_answered_by_what_was_meant() {
        assert!(complaint("tier: hybrid\nencodr: x").ends_with("did you mean `encoder`?"));
        assert!(complaint("finetune: true").ends_with("did you mean `fine_tune`?"));
        assert!(complaint("tier: hybird").ends_with("did you mean `hybrid`?"));
        assert!(!complaint("zzz: true").contains("did you mean"));
        assert!(!complaint("fine_tune: perhaps").contains("did you mean"));
    }
}
