//! Past conversations from a table (CSV), and what of them to automate first.
//!
//! The table has a line per message: the conversation, who sent it, the text and, if need be, the time. Columns are known by
//! their header in Chinese and English, or named by the caller. Of each conversation the first message counts in which
//! the customer says more than hello.
//!
//! What an intent would take is estimated as **share × cohesion × brevity**: the share of all conversations that are about it;
//! how alike they are (see [`Cluster::cohesion`]), since what is said in many ways is recognised less often; and how
//! short they were, since a question that a person answered at once is answered by a bot, while one that took long talk is
//! not. The brevity of a conversation in which the customer wrote *n* messages is 4 / (3 + *n*): 1 for one, 0.5 for five.

mod headers;
mod read;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::read::{Columns, ROWS_MAX, read_csv, read_csv_within};
use super::{Cluster, DiscoverOptions, Encoder, discover_with};

/// How many intents are named to be automated first.
pub const FIRST: usize = 2;
/// With so many messages of the customer beyond the first a conversation is half as easy.
const HALF_AS_EASY: f64 = 4.0;
/// How many lines a printed report has at most.
const ROWS_SHOWN_MAX: usize = 30;

/// Holds what counts of a past conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its name in the table.
    pub id: String,
    /// The first message in which the customer says more than hello; `None` if there is none.
    pub question: Option<String>,
    /// How many messages the customer wrote.
    pub customer_messages: usize,
}

impl Conversation {
    /// Takes a conversation by what its customer wrote, in order, and tells which of it is the question.
    #[must_use]
    pub fn of(id: String, messages: &[&str]) -> (Self, Option<usize>) {
        let (place, question) = read::question_of(messages).unzip();
        (Self { id, question, customer_messages: messages.len() }, place)
    }
}

/// Says what past conversations were about and what to automate first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// How many conversations there are.
    pub conversations: usize,
    /// How many of them have no question: the customer never said more than hello.
    pub without_question: usize,
    /// How many have a question that is like no others.
    pub unlike_others: usize,
    /// The proposed intents, those first that would take most.
    pub scenarios: Vec<Scenario>,
    /// The share of all conversations that the first [`FIRST`] are about.
    pub first_share: f64,
    /// The share of all conversations that the first [`FIRST`] are expected to take.
    pub first_expected: f64,
}

/// Estimates what a proposed intent would take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// The proposed intent; its share is of all conversations.
    pub cluster: Cluster,
    /// How short its conversations were, from 0 to 1.
    pub brevity: f64,
    /// How many messages the customer wrote in them, on average.
    pub customer_messages: f64,
    /// The share of all conversations that it would take: share × cohesion × brevity.
    pub expected: f64,
}

/// Groups past conversations by their questions and ranks the groups by what automating them would take.
#[must_use]
pub fn estimate(
    conversations: &[Conversation],
    options: &DiscoverOptions,
    encoder: Option<Encoder<'_>>,
) -> Estimate {
    let asked: Vec<(&Conversation, &str)> =
        conversations.iter().filter_map(|one| Some((one, one.question.as_deref()?))).collect();
    let questions: Vec<&str> = asked.iter().map(|(_, question)| *question).collect();
    let found = discover_with(&questions, options, encoder);
    let all = conversations.len().max(1) as f64;
    let mut sums = vec![(0f64, 0usize); found.clusters.len()];
    for ((conversation, _), group) in asked.iter().zip(&found.assignment) {
        if let Some(group) = group {
            sums[*group].0 += brevity(conversation.customer_messages);
            sums[*group].1 += conversation.customer_messages;
        }
    }
    let mut scenarios: Vec<Scenario> = found
        .clusters
        .into_iter()
        .zip(sums)
        .map(|(cluster, (brevities, messages))| scenario(cluster, brevities, messages, all))
        .collect();
    scenarios.sort_by(|a, b| b.expected.total_cmp(&a.expected));
    let first = |share: fn(&Scenario) -> f64| scenarios.iter().take(FIRST).map(share).sum();
    Estimate {
        conversations: conversations.len(),
        without_question: conversations.len() - asked.len(),
        unlike_others: found.assignment.iter().filter(|group| group.is_none()).count(),
        first_share: first(|one| one.cluster.share),
        first_expected: first(|one| one.expected),
        scenarios,
    }
}

fn scenario(mut cluster: Cluster, brevities: f64, messages: usize, conversations: f64) -> Scenario {
    let size = cluster.size.max(1) as f64;
    cluster.share = cluster.size as f64 / conversations;
    let brevity = brevities / size;
    let expected = cluster.share * cluster.cohesion * brevity;
    Scenario { brevity, customer_messages: messages as f64 / size, expected, cluster }
}

fn brevity(customer_messages: usize) -> f64 {
    HALF_AS_EASY / (HALF_AS_EASY + customer_messages.saturating_sub(1) as f64)
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| share * 100.0;
        writeln!(f, "conversations             {:>7}", self.conversations)?;
        writeln!(f, "without a question        {:>7}", self.without_question)?;
        writeln!(f, "unlike all others         {:>7}", self.unlike_others)?;
        writeln!(
            f,
            "the first {FIRST} would take     {:>6.1} %  (they are {:.1} % of all)",
            percent(self.first_expected),
            percent(self.first_share)
        )?;
        writeln!(
            f,
            "\n{:>8} {:>7} {:>8} {:>8}  intent",
            "expected", "share", "cohesion", "messages"
        )?;
        for one in self.scenarios.iter().take(ROWS_SHOWN_MAX) {
            let (expected, share) = (percent(one.expected), percent(one.cluster.share));
            let (cohesion, messages) = (one.cluster.cohesion, one.customer_messages);
            let name = (&one.cluster.name, one.cluster.keywords.join(", "));
            writeln!(
                f,
                "{expected:>6.1} % {share:>5.1} % {cohesion:>8.2} {messages:>8.1}  {}: {}",
                name.0, name.1
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(question: Option<String>, customer_messages: usize) -> Conversation {
        Conversation { id: String::new(), question, customer_messages }
    }

    fn some(kind: &str, count: usize, messages: usize) -> Vec<Conversation> {
        let ends = ["please", "today", "for me", "again", "thanks", "quickly", "now"];
        let text = |n: usize| format!("{kind} {}", ends[n % ends.len()]);
        (0..count).map(|n| conversation(Some(text(n)), messages)).collect()
    }

    #[test]
    fn short_conversations_of_which_there_are_many_come_first() {
        let mut all = some("cancel my order", 30, 1);
        all.extend(some("the lamp flickers and hums", 30, 17));
        all.extend(some("change delivery address", 14, 1));
        all.push(conversation(None, 1));

        let estimate = estimate(&all, &DiscoverOptions::default(), None);

        assert_eq!(estimate.without_question, 1);
        assert!(estimate.scenarios[0].cluster.name.contains("cancel"), "{estimate}");
        let lamp = estimate.scenarios.iter().find(|one| one.cluster.name.contains("lamp")).unwrap();
        assert!((lamp.brevity - 0.2).abs() < 1e-9);
        assert!(lamp.expected < estimate.scenarios[0].expected / 3.0);
        assert!(estimate.first_expected <= estimate.first_share && estimate.first_share <= 1.0);
    }

    #[test]
    fn a_conversation_is_about_the_first_message_that_says_something() {
        let (one, place) = Conversation::of("7".into(), &["hi", " cancel my order\n", "please"]);
        let (none, nowhere) = Conversation::of("8".into(), &["hello", "hi"]);

        assert_eq!((one.question.as_deref(), place), (Some("cancel my order"), Some(1)));
        assert_eq!(one.customer_messages, 3);
        assert_eq!((none.question, nowhere), (None, None));
    }

    #[test]
    fn no_conversations_give_an_empty_estimate() {
        let estimate = estimate(&[], &DiscoverOptions::default(), None);

        assert!(estimate.scenarios.is_empty());
        assert!(estimate.to_string().contains("conversations"));
    }
}
