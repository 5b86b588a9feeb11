//! Asks a release that is tried what it makes of the bot's turns, and counts.

use std::sync::Arc;

use domain::{Account, Id, Language, Result, Trial, TrialDifference};
use store::{Tx, trial};

use super::BotTurn;
use crate::bot::Bot;
use crate::understand::Understood;
use crate::{Desk, Understand};

/// How many differences of an account are kept.
const DIFFERENCES_MAX: u64 = 1_000;

/// What a trial came to in some turns.
pub(super) struct Outcome {
    trial: Id<Trial>,
    turns: i64,
    answered: i64,
    answered_handoffs: i64,
    other_handoffs: i64,
    /// Without identities, which are drawn when they are kept.
    differences: Vec<TrialDifference>,
}

/// Asks the release that is tried, if there is one that can be asked.
pub(super) async fn try_beside(
    desk: &Desk,
    account: Id<Account>,
    released: &Arc<Bot>,
    turns: &[BotTurn],
) -> Result<Option<Outcome>> {
    let Some(trial) = trial::find(&desk.read(account)).await? else { return Ok(None) };
    // What it was before it was damaged is known; the log says that it is.
    let Ok(tried) = desk.bot_of_release(account, trial.release).await else { return Ok(None) };
    let mut outcome = Outcome {
        trial: trial.id,
        turns: 0,
        answered: 0,
        answered_handoffs: 0,
        other_handoffs: 0,
        differences: Vec::new(),
    };
    let since = turns.iter().filter(|turn| turn.message.created_at >= trial.started_at);
    for turn in since {
        let answered = trial.answers(turn.message.conversation);
        outcome.turns += 1;
        outcome.answered += i64::from(answered);
        outcome.answered_handoffs += i64::from(answered && turn.handed_off);
        outcome.other_handoffs += i64::from(!answered && turn.handed_off);
        outcome.differences.extend(differ(&*released.model, &*tried.model, turn).await);
    }
    Ok(Some(outcome))
}

async fn differ(
    released: &dyn Understand,
    tried: &dyn Understand,
    turn: &BotTurn,
) -> Option<TrialDifference> {
    let message = &turn.message;
    let ours = released.understand(&message.text).await;
    let language = ours.language.unwrap_or(Language::Zh);
    let (released_intent, released_probability) = best(ours);
    let (tried_intent, tried_probability) = best(tried.understand(&message.text).await);
    (released_intent != tried_intent).then(|| TrialDifference {
        id: Id::new(0),
        conversation: message.conversation,
        seq: message.seq,
        text: message.text.clone(),
        language,
        released_intent,
        released_probability,
        tried_intent,
        tried_probability,
        created_at: message.created_at,
    })
}

fn best(understood: Understood) -> (String, f32) {
    understood.intents.into_iter().next().unwrap_or_default()
}

/// Adds an outcome to its trial, if that still runs.
pub(super) async fn keep(tx: &Tx, outcome: Outcome) -> Result<()> {
    let Some(mut trial) = trial::find(tx).await? else { return Ok(()) };
    if trial.id != outcome.trial || outcome.turns == 0 {
        return Ok(());
    }
    trial.turns += outcome.turns;
    trial.differed += outcome.differences.len() as i64;
    trial.answered += outcome.answered;
    trial.answered_handoffs += outcome.answered_handoffs;
    trial.other_handoffs += outcome.other_handoffs;
    trial::save(tx, &trial).await?;
    let mut differences = outcome.differences;
    for difference in &mut differences {
        difference.id = tx.id()?;
    }
    trial::add_differences(tx, &differences, DIFFERENCES_MAX).await
}
