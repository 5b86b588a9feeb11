//! Discoveries: what contacts ask about, found in what they said and proposed as intents.
//!
//! A proposal is for a trainer to read; nothing of it becomes an example by itself. It names
//! the messages that it was found in, and holds no text of theirs but keywords: a message that is
//! taken back is gone here too. What was found in a table of past conversations from elsewhere
//! holds its samples itself, for there are no messages to name.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Agent, Conversation, Error, Id, Result};

/// How many days a discovery may look back.
pub const DISCOVERY_DAYS_MAX: i16 = 730;

/// The last discovery of an account, or the one under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Discovery {
    /// Identifies the discovery.
    pub id: Id<Discovery>,
    /// How far it is.
    pub state: DiscoveryState,
    /// How many days it looks back; `None` if it looks at a table of past conversations.
    pub days: Option<i16>,
    /// Why it failed.
    pub error: Option<String>,
    /// Who began it.
    pub started_by: Id<Agent>,
    /// When it was begun.
    pub started_at: Timestamp,
    /// When it ended, well or badly.
    pub ended_at: Option<Timestamp>,
    /// What the last one that ended well found; it stays until another one does.
    pub findings: Option<Findings>,
}

/// How far a discovery is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscoveryState {
    /// Is under way, or waits for its turn.
    Running,
    /// Has ended well.
    Done,
    /// Has ended badly.
    Failed,
}

/// What contacts asked about.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Findings {
    /// How many days were looked at; `None` if it was a table of past conversations.
    pub days: Option<i16>,
    /// When they were found.
    pub found_at: Timestamp,
    /// How many conversations were looked at.
    pub conversations: usize,
    /// In how many of them the contact never said more than hello.
    pub without_question: usize,
    /// In how many the question was like no others.
    pub unlike_others: usize,
    /// Whether there was more than could be looked at; the newest was.
    pub is_cut: bool,
    /// The share of all conversations that the first two intents are about.
    pub first_share: f64,
    /// The share of all conversations that a bot with these two would be expected to take.
    pub first_expected: f64,
    /// The proposed intents; those first that a bot would take most with.
    pub intents: Vec<ProposedIntent>,
}

/// An intent that might be worth having.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ProposedIntent {
    /// A name that an intent can have.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// The most characteristic phrases, the best first.
    pub keywords: Vec<String>,
    /// How many conversations are about it.
    pub conversations: usize,
    /// The share of all conversations, from 0 to 1.
    pub share: f64,
    /// How alike the questions are, from 0 to 1.
    pub cohesion: f64,
    /// How many messages the contact wrote in them, on average.
    pub contact_messages: f64,
    /// The share of all conversations that a bot would be expected to take.
    pub expected: f64,
    /// The intent that the bot took most of the samples for and was sure of, if there is one:
    /// then it knows already what they ask.
    #[serde(default)]
    pub known_as: Option<String>,
    /// Where it is asked, the most typical first.
    pub samples: Vec<Sample>,
}

/// Where somebody asks for a proposed intent.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Sample {
    /// In a message, which can be taken back.
    Said {
        /// The conversation.
        conversation: Id<Conversation>,
        /// Its place in that thread.
        seq: i64,
    },
    /// In a table of past conversations, of which nothing else is kept.
    Past {
        /// What was asked.
        text: String,
    },
}

impl Discovery {
    /// Begins a discovery that looks back so many days, or at a table.
    pub fn begin(
        id: Id<Discovery>,
        days: Option<i16>,
        started_by: Id<Agent>,
        now: Timestamp,
    ) -> Self {
        let (state, error, ended_at, findings) = (DiscoveryState::Running, None, None, None);
        Discovery { id, state, days, error, started_by, started_at: now, ended_at, findings }
    }

    /// Ends it well.
    pub fn finish(&mut self, findings: Findings) {
        self.state = DiscoveryState::Done;
        self.ended_at = Some(findings.found_at);
        self.findings = Some(findings);
    }

    /// Ends it badly; what was found before stays.
    pub fn fail(&mut self, error: String, now: Timestamp) {
        self.state = DiscoveryState::Failed;
        self.ended_at = Some(now);
        self.error = Some(error);
    }
}

/// Checks how many days a discovery shall look back.
///
/// # Errors
///
/// [`Error::Invalid`] if it is none, or too many.
pub fn check_days(days: i16) -> Result<i16> {
    match days {
        1..=DISCOVERY_DAYS_MAX => Ok(days),
        _ => {
            let detail = format!("must be a whole number from 1 to {DISCOVERY_DAYS_MAX}");
            Err(Error::invalid("/days", detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_outlives_a_failure() {
        let now = Timestamp::UNIX_EPOCH;
        let found = Findings {
            days: Some(30),
            found_at: now,
            conversations: 1,
            without_question: 0,
            unlike_others: 1,
            is_cut: false,
            first_share: 0.0,
            first_expected: 0.0,
            intents: Vec::new(),
        };
        let mut discovery = Discovery::begin(Id::new(1), Some(30), Id::new(2), now);
        discovery.finish(found.clone());
        assert_eq!((discovery.state, discovery.ended_at), (DiscoveryState::Done, Some(now)));

        discovery.fail("not today".into(), now);

        assert_eq!(discovery.state, DiscoveryState::Failed);
        assert_eq!(discovery.findings, Some(found));
    }

    #[test]
    fn a_sample_is_a_place_or_a_text_and_is_read_as_it_was_written() {
        let said = Sample::Said { conversation: Id::new(7), seq: 2 };
        let past = Sample::Past { text: "where is it".into() };

        let written = serde_json::to_string(&[&said, &past]).unwrap();

        assert_eq!(written, r#"[{"conversation":7,"seq":2},{"text":"where is it"}]"#);
        assert_eq!(serde_json::from_str::<Vec<Sample>>(&written).unwrap(), [said, past]);
    }

    #[test]
    fn days_have_bounds() {
        assert_eq!(check_days(1).unwrap(), 1);
        assert_eq!(check_days(DISCOVERY_DAYS_MAX).unwrap(), DISCOVERY_DAYS_MAX);
        for days in [-1, 0, DISCOVERY_DAYS_MAX + 1] {
            assert!(matches!(check_days(days), Err(Error::Invalid(_))), "{days}");
        }
    }
}
