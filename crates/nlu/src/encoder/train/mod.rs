//! Training an encoder: on labelled texts, or on texts alone.
//!
//! It runs on the processor with slopes of its own, which tests hold against differences. Time is the caller's: a
//! [`Progress`] says how many steps are done, and what the clock says makes it a time.

mod backward;
mod engine;
mod examples;
mod finetune;
mod finetune_options;
mod guess;
mod head;
mod loss;
mod optimizer;
mod pretrain;
mod pretrain_options;
mod state;
mod vocabulary;

use std::ops::ControlFlow;
use std::time::Duration;

pub use examples::LabelledWords;
pub use finetune::{FineTuned, finetune, finetune_words};
pub use finetune_options::FineTuneOptions;
pub use head::Head;
pub use pretrain::{continue_pretraining, pretrain};
pub use pretrain_options::PretrainOptions;

/// Tells how far a training is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Steps that are done, those before an interruption included.
    pub step: u64,
    /// Steps of the whole training, if it is not ended early.
    pub steps: u64,
    /// Steps that were done when this run began: 0, or those before an interruption.
    pub first_step: u64,
    /// The pass over the texts that is under way, from 1.
    pub epoch: usize,
    /// The most passes over the texts.
    pub epochs: usize,
    /// What the training makes small, in the last step.
    pub loss: f32,
    /// The share of development texts with the right label, once at the end of each pass.
    pub dev_accuracy: Option<f32>,
}

impl Progress {
    /// Returns how long the rest takes if it goes on as since the beginning of this run.
    #[must_use]
    pub fn time_left(&self, elapsed: Duration) -> Duration {
        let done = self.step.saturating_sub(self.first_step).max(1);
        let left = self.steps.saturating_sub(self.step);
        Duration::try_from_secs_f64(elapsed.as_secs_f64() / done as f64 * left as f64)
            .unwrap_or(Duration::MAX)
    }
}

/// What a training calls after each step; it may stop the training.
pub type OnProgress<'a> = &'a mut dyn FnMut(&Progress) -> ControlFlow<()>;

#[cfg(test)]
mod tests;
