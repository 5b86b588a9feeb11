//! What bots understand with: a model that answers at once, or one with an encoder, which answers
//! from threads of its own, several questions at a time.

use std::sync::Arc;

use async_trait::async_trait;
use nlu::{Model, Tier, Understanding};

use crate::batch::Batches;
use crate::language::written;
use crate::understand::Reason;
use crate::understand::{Understand, Understood};

/// Lets a model understand, in the way that suits what it reads.
pub(crate) fn of(model: Model) -> Box<dyn Understand> {
    match model.tier() {
        Tier::Linear => Box::new(Linear(model)),
        Tier::Encoder | Tier::Hybrid => Box::new(Encoding::new(model)),
    }
}

/// A model without an encoder: answers in microseconds, so it needs no threads.
struct Linear(Model);

#[async_trait]
impl Understand for Linear {
    async fn understand(&self, text: &str) -> Understood {
        understood(self.0.understand(text))
    }

    async fn explain(&self, text: &str, reasons_max: usize) -> Vec<Reason> {
        explain(&self.0, text, reasons_max)
    }
}

/// A model with an encoder: takes milliseconds, which no thread that serves has.
struct Encoding {
    model: Arc<Model>,
    batches: Arc<Batches>,
}

impl Encoding {
    fn new(model: Model) -> Self {
        let model = Arc::new(model);
        let own = Arc::clone(&model);
        let batches = Batches::new(move |texts| {
            own.understand_many(texts).into_iter().map(understood).collect()
        });
        Encoding { model, batches: Arc::new(batches) }
    }
}

#[async_trait]
impl Understand for Encoding {
    async fn understand(&self, text: &str) -> Understood {
        let answer = self.batches.ask(text).await;
        answer.unwrap_or_else(|| Understood { failed: true, ..Understood::default() })
    }

    fn is_large(&self) -> bool {
        true
    }

    async fn explain(&self, text: &str, reasons_max: usize) -> Vec<Reason> {
        let (model, text) = (Arc::clone(&self.model), text.to_owned());
        let work = move || explain(&model, &text, reasons_max);
        // A bug leaves the answer unexplained; the log has it.
        tokio::task::spawn_blocking(work).await.unwrap_or_default()
    }
}

fn understood(understanding: Understanding) -> Understood {
    let intents = understanding.intents.into_iter();
    Understood {
        language: understanding.language.map(written),
        intents: intents.map(|found| (found.intent.to_string(), found.probability)).collect(),
        emotions: understanding.emotions,
        ..Understood::default()
    }
}

fn explain(model: &Model, text: &str, reasons_max: usize) -> Vec<Reason> {
    let characters = |bytes: usize| text[..bytes].chars().count();
    let weights = model.explain(text, reasons_max).into_iter();
    let reasons = weights.map(|piece| Reason {
        start: characters(piece.start),
        end: characters(piece.end),
        text: piece.text,
        weight: piece.weight,
    });
    reasons.collect()
}
