//! Which proposed intents the bot knows already: those whose samples it takes for one intent, and
//! is sure.

use std::collections::BTreeMap;

use domain::{Account, Error, Findings, Id, Result};

use crate::Desk;
use crate::bot::Bot;
use crate::learner::SURE_FROM;

/// How many samples of a proposed intent the bot is asked about.
const ASKED_MAX: usize = 5;

/// Says of each proposed intent as what the bot in use knows it. `questions` are those of
/// each, in the same order.
pub(super) async fn recognise(
    desk: &Desk,
    account: Id<Account>,
    findings: &mut Findings,
    questions: &[Vec<String>],
) -> Result<()> {
    let bot = match desk.bot_in_use(account).await {
        Ok(Some(bot)) => bot,
        // Without a bot that works, nothing is known.
        Ok(None) | Err(Error::Refused(_) | Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    for (intent, questions) in findings.intents.iter_mut().zip(questions) {
        intent.known_as = known_as(desk, &bot, questions).await;
    }
    Ok(())
}

/// The intent that the bot takes more than half of the questions for, if it is sure.
async fn known_as(desk: &Desk, bot: &Bot, questions: &[String]) -> Option<String> {
    let asked = &questions[..questions.len().min(ASKED_MAX)];
    let mut votes: BTreeMap<String, usize> = BTreeMap::new();
    for question in asked {
        let understood = bot.understand(question, desk.bot_time_max()).await;
        let likeliest = understood.intents.into_iter().next();
        if let Some((intent, _)) = likeliest.filter(|(_, probability)| *probability >= SURE_FROM) {
            *votes.entry(intent).or_default() += 1;
        }
    }
    votes.into_iter().find(|(_, votes)| 2 * votes > asked.len()).map(|(intent, _)| intent)
}
