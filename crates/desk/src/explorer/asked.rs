//! What was asked in each conversation, wherever it came from, and the intents that it is about.

use std::collections::HashMap;

use domain::{Findings, ProposedIntent, Sample};
use jiff::Timestamp;
use nlu::discover::DiscoverOptions;
use nlu::discover::conversations::{Conversation, Scenario, estimate};

/// How many samples a proposed intent has: as many as an intent should begin with.
const SAMPLES: usize = 12;

/// What was asked.
#[derive(Debug)]
pub(super) struct Asked {
    /// The conversations.
    pub(super) conversations: Vec<Conversation>,
    /// Where each question stands; `None` if no messages are kept of them.
    pub(super) places: Option<HashMap<String, Sample>>,
    /// Whether there was more.
    pub(super) is_cut: bool,
}

impl Asked {
    /// Takes past conversations from elsewhere.
    pub(super) fn in_past(conversations: Vec<Conversation>) -> Self {
        Asked { conversations, places: None, is_cut: false }
    }

    /// Finds what it was about. With the findings come the questions of each proposed intent.
    pub(super) fn findings(
        &self,
        days: Option<i16>,
        now: Timestamp,
    ) -> (Findings, Vec<Vec<String>>) {
        let options = DiscoverOptions { samples: SAMPLES, ..DiscoverOptions::default() };
        let found = estimate(&self.conversations, &options, None);
        let questions =
            found.scenarios.iter().map(|one| one.cluster.samples.clone()).collect::<Vec<_>>();
        let intents = found.scenarios.into_iter().map(|one| self.proposed(one));
        let findings = Findings {
            days,
            found_at: now,
            conversations: found.conversations,
            without_question: found.without_question,
            unlike_others: found.unlike_others,
            is_cut: self.is_cut,
            first_share: found.first_share,
            first_expected: found.first_expected,
            intents: intents.collect(),
        };
        (findings, questions)
    }

    fn proposed(&self, scenario: Scenario) -> ProposedIntent {
        let Scenario { cluster, customer_messages, expected, .. } = scenario;
        let samples = cluster.samples.into_iter().filter_map(|text| self.sample(text));
        ProposedIntent {
            name: cluster.name,
            title: cluster.title,
            keywords: cluster.keywords,
            conversations: cluster.size,
            share: cluster.share,
            cohesion: cluster.cohesion,
            contact_messages: customer_messages,
            expected,
            known_as: None,
            samples: samples.collect(),
        }
    }

    fn sample(&self, text: String) -> Option<Sample> {
        match &self.places {
            Some(places) => places.get(&text).cloned(),
            None => Some(Sample::Past { text }),
        }
    }
}
