//! Conversations: one contact, one subject, from first message to resolution.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Agent, Contact, Id, Inbox, Language, Mood, Quota, Result, Rule, SenderKind, Team};

/// A thread of messages between a contact and the desk.
///
/// Invariant: a resolved conversation has no pending work, so it must be
/// reopened before anything else can happen to it. A contact who writes
/// reopens it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Conversation {
    /// Identifies the conversation.
    pub id: Id<Conversation>,
    /// Where it came in.
    pub inbox: Id<Inbox>,
    /// Who is asking.
    pub contact: Id<Contact>,
    /// How far along it is.
    pub status: Status,
    /// How pressing it is.
    pub priority: Priority,
    /// Who is answering, once someone is.
    pub assignee: Option<Id<Agent>>,
    /// Whose work it is, if a team's.
    pub team: Option<Id<Team>>,
    /// The contact's language, as far as it is known.
    pub language: Language,
    /// What the bot remembers, as its engine writes it; empty at first.
    pub bot_state: String,
    /// What the contact last meant, as the bot understood it.
    pub intent: Option<String>,
    /// How the contact feels, by what was said since the conversation last came to
    /// the bot.
    pub mood: Mood,
    /// Why people got it, since the bot last had it.
    pub handoff: Option<Handoff>,
    /// When a snoozed conversation comes back; at the next message if `None`.
    pub snoozed_until: Option<Timestamp>,
    /// The `seq` of its last message.
    pub last_seq: i64,
    /// What a list shows of it.
    pub last_message: Option<LastMessage>,
    /// Since when the contact waits for a person.
    pub waiting_since: Option<Timestamp>,
    /// When the contact may say as much at once again as at the beginning, where
    /// several processes count that together.
    pub messages_full_at: Option<Timestamp>,
    /// The contact's verdict, 1 to 5.
    pub rating: Option<i16>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last rose to the top of the lists: at its opening, and with
    /// whatever happens to it while people have it.
    pub listed_at: Timestamp,
    /// When it was last resolved, while it is.
    pub resolved_at: Option<Timestamp>,
    /// How many times it was saved.
    pub revision: i64,
}

/// How far along a conversation is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The bot has it.
    Bot,
    /// A person is wanted or at work.
    Open,
    /// It rests until a time or the next message.
    Snoozed,
    /// Done, until the contact writes again.
    Resolved,
}

/// How pressing a conversation is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Nobody said.
    #[default]
    None,
    /// Can wait.
    Low,
    /// The ordinary case.
    Medium,
    /// Before the others.
    High,
    /// Now.
    Urgent,
}

macro_rules! numbered {
    ($type:ident { $($variant:ident = $number:literal),+ $(,)? }) => {
        impl $type {
            /// All of them.
            pub const ALL: &[$type] = &[$($type::$variant,)+];

            /// The number that the database keeps.
            pub fn number(self) -> i16 {
                match self { $($type::$variant => $number,)+ }
            }

            /// Reads the number that the database keeps.
            pub fn from_number(number: i16) -> Option<Self> {
                match number { $($number => Some($type::$variant),)+ _ => None }
            }
        }
    };
}

numbered!(Status { Bot = 0, Open = 1, Snoozed = 2, Resolved = 3 });
numbered!(Priority { None = 0, Low = 1, Medium = 2, High = 3, Urgent = 4 });

/// Why people got a conversation from the bot.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Handoff {
    /// The reason.
    pub reason: HandoffReason,
    /// What an agent should know before answering, in at most four lines.
    pub summary: String,
    /// When it happened.
    pub at: Timestamp,
}

/// A reason why people got a conversation from the bot.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffReason {
    /// The contact asked for a person.
    Asked,
    /// The bot did not understand, repeatedly.
    Lost,
    /// The contact is angry.
    Angry,
    /// The bot failed or took too long.
    BotFailed,
    /// An agent took it.
    Agent,
}

/// What a list shows of a conversation's last message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LastMessage {
    /// The beginning of its text, on one line.
    pub text: String,
    /// Who said it.
    pub sender: SenderKind,
    /// When.
    pub at: Timestamp,
}

impl LastMessage {
    /// How much of the text is kept, in characters.
    pub const CHARS_MAX: usize = 40;

    /// Cuts a message down to what a list shows.
    pub fn preview(text: &str, sender: SenderKind, at: Timestamp) -> Self {
        let text = text.split_whitespace().flat_map(|word| [word, " "]).flat_map(str::chars);
        let text: String = text.take(Self::CHARS_MAX).collect();
        LastMessage { text: text.trim_end().to_owned(), sender, at }
    }
}

/// Something that happened to a conversation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// An agent or team has it now, or nobody.
    Assigned,
    /// The bot gave it to the people.
    HandedOff,
    /// The work is done.
    Resolved,
    /// It goes on after all.
    Reopened,
    /// It rests.
    Snoozed,
    /// Its priority is another.
    Prioritised,
}

impl Conversation {
    /// Begins a conversation; the bot answers first, if there is one.
    pub fn open(
        id: Id<Conversation>,
        inbox: &Inbox,
        contact: Id<Contact>,
        language: Language,
        now: Timestamp,
    ) -> Self {
        Conversation {
            id,
            inbox: inbox.id,
            contact,
            status: if inbox.bot { Status::Bot } else { Status::Open },
            priority: Priority::None,
            assignee: None,
            team: None,
            language,
            bot_state: String::new(),
            intent: None,
            mood: Mood::default(),
            handoff: None,
            snoozed_until: None,
            last_seq: 0,
            last_message: None,
            waiting_since: (!inbox.bot).then_some(now),
            messages_full_at: None,
            rating: None,
            created_at: now,
            listed_at: now,
            resolved_at: None,
            revision: 0,
        }
    }

    /// Counts a message of the contact against what a contact may say.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Busy`] if the contact said too much just now.
    pub fn count_message(&mut self, quota: Quota, now: Timestamp) -> Result<()> {
        let full_at = self.messages_full_at.unwrap_or(now);
        self.messages_full_at = Some(quota.take(full_at, 1, now)?);
        Ok(())
    }

    /// Gives the next message its place in the thread.
    pub fn next_seq(&mut self) -> i64 {
        self.last_seq += 1;
        self.last_seq
    }

    /// Notes what was last said, for lists.
    pub fn said(&mut self, text: &str, sender: SenderKind, now: Timestamp) {
        self.last_message = Some(LastMessage::preview(text, sender, now));
        if self.status != Status::Bot {
            self.listed_at = now;
        }
    }

    /// Takes note that the contact wrote: what was resolved or snoozed goes on.
    ///
    /// After a resolution the bot has it again, if the inbox has one.
    pub fn hear(&mut self, inbox_has_bot: bool, now: Timestamp) -> Option<Change> {
        let change = match self.status {
            Status::Bot | Status::Open => None,
            Status::Snoozed => {
                self.status = Status::Open;
                self.snoozed_until = None;
                Some(Change::Reopened)
            }
            Status::Resolved => self.reopen(inbox_has_bot, now),
        };
        if self.status == Status::Open && self.waiting_since.is_none() {
            self.waiting_since = Some(now);
        }
        change
    }

    /// Takes note that `agent` answered: the contact waits no more, and a
    /// conversation that nobody had is the agent's.
    ///
    /// # Errors
    ///
    /// [`Rule::ConversationResolved`]
    pub fn answer(&mut self, agent: Id<Agent>, now: Timestamp) -> Result<Option<Change>> {
        let change = match self.assignee {
            Some(_) if self.status == Status::Open => None,
            Some(assignee) => self.assign(Some(assignee), now)?,
            None => self.assign(Some(agent), now)?,
        };
        self.waiting_since = None;
        Ok(change)
    }

    /// Gives the conversation to `agent`, taking it from the bot or from
    /// whoever had it, or to nobody.
    ///
    /// Giving it to whoever has it changes nothing and is not an error, so that
    /// a repeated request is harmless.
    ///
    /// # Errors
    ///
    /// [`Rule::ConversationResolved`]
    pub fn assign(&mut self, agent: Option<Id<Agent>>, now: Timestamp) -> Result<Option<Change>> {
        if self.status == Status::Resolved {
            return Err(Rule::ConversationResolved.into());
        }
        if self.assignee == agent && (agent.is_none() || self.status == Status::Open) {
            return Ok(None);
        }
        if self.status == Status::Bot {
            self.handoff =
                Some(Handoff { reason: HandoffReason::Agent, summary: String::new(), at: now });
            self.waiting_since = Some(now);
        }
        self.assignee = agent;
        self.status = Status::Open;
        self.snoozed_until = None;
        self.listed_at = now;
        Ok(Some(Change::Assigned))
    }

    /// Makes it a team's work, waiting for one of them.
    ///
    /// # Errors
    ///
    /// [`Rule::ConversationResolved`]
    pub fn transfer(&mut self, team: Option<Id<Team>>, now: Timestamp) -> Result<Option<Change>> {
        if self.status == Status::Resolved {
            return Err(Rule::ConversationResolved.into());
        }
        if self.team == team {
            return Ok(None);
        }
        self.team = team;
        self.listed_at = now;
        Ok(Some(Change::Assigned))
    }

    /// Gives the conversation from the bot to the people.
    pub fn hand_off(
        &mut self,
        reason: HandoffReason,
        summary: String,
        now: Timestamp,
    ) -> Option<Change> {
        if self.status != Status::Bot {
            return None;
        }
        self.status = Status::Open;
        self.handoff = Some(Handoff { reason, summary, at: now });
        self.waiting_since = Some(now);
        self.listed_at = now;
        Some(Change::HandedOff)
    }

    /// Lets it rest until a time, or until the next message.
    ///
    /// # Errors
    ///
    /// [`Rule::ConversationResolved`]
    pub fn snooze(&mut self, until: Option<Timestamp>, now: Timestamp) -> Result<Option<Change>> {
        if self.status == Status::Resolved {
            return Err(Rule::ConversationResolved.into());
        }
        if self.status == Status::Snoozed && self.snoozed_until == until {
            return Ok(None);
        }
        self.status = Status::Snoozed;
        self.snoozed_until = until;
        self.waiting_since = None;
        self.listed_at = now;
        Ok(Some(Change::Snoozed))
    }

    /// Brings a snoozed conversation back when its time has come.
    pub fn wake(&mut self, now: Timestamp) -> Option<Change> {
        let due = self.status == Status::Snoozed && self.snoozed_until.is_some_and(|at| at <= now);
        due.then(|| {
            self.status = Status::Open;
            self.snoozed_until = None;
            self.listed_at = now;
            Change::Reopened
        })
    }

    /// Marks the work as done.
    pub fn resolve(&mut self, now: Timestamp) -> Option<Change> {
        if self.status == Status::Resolved {
            return None;
        }
        self.status = Status::Resolved;
        self.snoozed_until = None;
        self.waiting_since = None;
        self.resolved_at = Some(now);
        self.listed_at = now;
        Some(Change::Resolved)
    }

    /// Takes up a resolved conversation again, or gives an open one back to the
    /// bot.
    pub fn reopen(&mut self, to_bot: bool, now: Timestamp) -> Option<Change> {
        let status = if to_bot { Status::Bot } else { Status::Open };
        let changes = self.status == Status::Resolved || (to_bot && self.status != Status::Bot);
        changes.then(|| {
            self.status = status;
            self.snoozed_until = None;
            self.resolved_at = None;
            self.rating = None;
            self.listed_at = now;
            if to_bot {
                self.assignee = None;
                self.team = None;
                self.handoff = None;
                self.waiting_since = None;
                self.bot_state = String::new();
                self.mood = Mood::default();
            }
            Change::Reopened
        })
    }

    /// Says how pressing it is.
    pub fn prioritise(&mut self, priority: Priority) -> Option<Change> {
        (self.priority != priority).then(|| {
            self.priority = priority;
            Change::Prioritised
        })
    }

    /// Takes the contact's verdict.
    ///
    /// # Errors
    ///
    /// [`Rule::RatingTooEarly`] unless it is resolved.
    pub fn rate(&mut self, score: i16) -> Result<()> {
        if self.status != Status::Resolved {
            return Err(Rule::RatingTooEarly.into());
        }
        self.rating = Some(score);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BusinessHours, Emotion, Error};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const ADA: Id<Agent> = Id::new(7);

    fn conversation() -> Conversation {
        let inbox = Inbox {
            id: Id::new(1),
            name: "Web".into(),
            key: "key".into(),
            identity_secret: String::new(),
            identity_public_key: String::new(),
            enforce_identity: false,
            incoming: None,
            allowed_origins: vec![],
            greeting: String::new(),
            language: Language::Zh,
            bot: true,
            hours: BusinessHours::default(),
            created_at: NOW,
        };
        Conversation::open(Id::new(2), &inbox, Id::new(3), Language::Zh, NOW)
    }

    #[test]
    fn assigning_takes_it_from_the_bot() {
        let mut conversation = conversation();

        let change = conversation.assign(Some(ADA), NOW).unwrap();

        assert_eq!(change, Some(Change::Assigned));
        assert_eq!(conversation.status, Status::Open);
        assert_eq!(conversation.handoff.unwrap().reason, HandoffReason::Agent);
    }

    #[test]
    fn assigning_twice_changes_nothing() {
        let mut conversation = conversation();
        conversation.assign(Some(ADA), NOW).unwrap();

        assert_eq!(conversation.assign(Some(ADA), NOW).unwrap(), None);
    }

    #[test]
    fn a_resolved_conversation_cannot_be_assigned() {
        let mut conversation = conversation();
        conversation.resolve(NOW);

        let error = conversation.assign(Some(ADA), NOW).unwrap_err();

        assert!(matches!(error, Error::Refused(Rule::ConversationResolved)));
        assert_eq!(conversation.assignee, None, "a refused change leaves no trace");
    }

    #[test]
    fn a_contact_who_writes_after_the_resolution_talks_to_the_bot_again() {
        let mut conversation = conversation();
        conversation.hand_off(HandoffReason::Asked, String::new(), NOW);
        conversation.answer(ADA, NOW).unwrap();
        conversation.mood.shown = Some((Emotion::Anger, 80));
        conversation.resolve(NOW);
        conversation.rate(5).unwrap();

        let change = conversation.hear(true, NOW);

        assert_eq!(change, Some(Change::Reopened));
        assert_eq!(conversation.status, Status::Bot);
        assert_eq!((conversation.assignee, conversation.rating), (None, None));
        assert!(conversation.mood.is_calm(), "what is new begins calm");
    }

    #[test]
    fn an_answer_ends_the_wait_and_takes_what_nobody_had() {
        let mut conversation = conversation();
        conversation.hand_off(HandoffReason::Lost, String::new(), NOW);
        assert_eq!(conversation.waiting_since, Some(NOW));

        let change = conversation.answer(ADA, NOW).unwrap();

        assert_eq!(change, Some(Change::Assigned));
        assert_eq!(conversation.assignee, Some(ADA));
        assert_eq!(conversation.waiting_since, None);
    }

    #[test]
    fn a_snoozed_conversation_wakes_at_its_time_and_not_before() {
        let mut conversation = conversation();
        let later = NOW + jiff::SignedDuration::from_hours(1);
        conversation.snooze(Some(later), NOW).unwrap();

        assert_eq!(conversation.wake(NOW), None);
        assert_eq!(conversation.wake(later), Some(Change::Reopened));
    }

    #[test]
    fn a_snoozed_conversation_wakes_with_the_next_message() {
        let mut conversation = conversation();
        conversation.snooze(None, NOW).unwrap();

        assert_eq!(conversation.hear(true, NOW), Some(Change::Reopened));
        assert_eq!(conversation.status, Status::Open);
    }

    #[test]
    fn only_a_resolved_conversation_is_rated() {
        let mut conversation = conversation();

        assert!(matches!(conversation.rate(5), Err(Error::Refused(Rule::RatingTooEarly))));
    }

    #[test]
    fn a_preview_is_one_short_line() {
        let preview = LastMessage::preview("a\n b\t c", SenderKind::Contact, NOW);

        assert_eq!(preview.text, "a b c");
    }
}
